//! The HR systems that this program can speak with.

use crate::connection::ProviderId;

/// An HR system. The compiler names the places that a new one touches; ARCHITECTURE.md has the list of all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Factorial HR.
    Factorial,
    /// BambooHR.
    BambooHr,
    /// Lucca.
    Lucca,
    /// Humaans.
    Humaans,
    /// HiBob.
    HiBob,
    /// Personio.
    Personio,
    /// PayFit.
    PayFit,
    /// Staffology HR.
    Staffology,
    /// Merge.
    Merge,
}

impl Kind {
    /// All HR systems.
    pub const ALL: &[Self] = &[
        Self::Factorial,
        Self::BambooHr,
        Self::Lucca,
        Self::Humaans,
        Self::HiBob,
        Self::Personio,
        Self::PayFit,
        Self::Staffology,
        Self::Merge,
    ];

    /// Returns the word that names the HR system everywhere: on the wire, in stored records, in external ids.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Factorial => "factorial",
            Self::BambooHr => "bamboohr",
            Self::Lucca => "lucca",
            Self::Humaans => "humaans",
            Self::HiBob => "hibob",
            Self::Personio => "personio",
            Self::PayFit => "payfit",
            Self::Staffology => "staffology",
            Self::Merge => "merge",
        }
    }

    /// Returns the same word as the id of a provider.
    pub fn id(self) -> ProviderId {
        ProviderId::known(self.as_str())
    }

    /// Returns whether a word names an HR system.
    pub fn is_word(word: &str) -> bool {
        Self::parse(word).is_some()
    }

    /// Returns the HR system of a word; `None` where no HR system has that name.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == word)
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_a_provider_id_and_names_one_kind() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.as_str()), Some(*kind));
            assert_eq!(ProviderId::parse(kind.as_str()), Ok(kind.id()), "{kind}");
        }
        assert_eq!(Kind::parse("Factorial"), None);
    }
}
