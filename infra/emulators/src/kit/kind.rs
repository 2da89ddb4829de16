//! The HR systems there are.

use super::dialect::Dialect;
use crate::bamboohr::BambooHr;
use crate::factorial::Factorial;
use crate::hibob::HiBob;
use crate::humaans::Humaans;
use crate::lucca::Lucca;
use crate::merge::Merge;
use crate::payfit::PayFit;
use crate::personio::Personio;
use crate::staffology::Staffology;

/// An HR system that can be emulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// BambooHR.
    BambooHr,
    /// Factorial.
    Factorial,
    /// HiBob.
    HiBob,
    /// Humaans.
    Humaans,
    /// Lucca.
    Lucca,
    /// Merge.
    Merge,
    /// PayFit.
    PayFit,
    /// Personio.
    Personio,
    /// Staffology HR.
    Staffology,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::BambooHr,
        Self::Factorial,
        Self::HiBob,
        Self::Humaans,
        Self::Lucca,
        Self::Merge,
        Self::PayFit,
        Self::Personio,
        Self::Staffology,
    ];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BambooHr => "bamboohr",
            Self::Factorial => "factorial",
            Self::HiBob => "hibob",
            Self::Humaans => "humaans",
            Self::Lucca => "lucca",
            Self::Merge => "merge",
            Self::PayFit => "payfit",
            Self::Personio => "personio",
            Self::Staffology => "staffology",
        }
    }

    /// The name as the vendor writes it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::BambooHr => "BambooHR",
            Self::Factorial => "Factorial",
            Self::HiBob => "HiBob",
            Self::Humaans => "Humaans",
            Self::Lucca => "Lucca",
            Self::Merge => "Merge",
            Self::PayFit => "PayFit",
            Self::Personio => "Personio",
            Self::Staffology => "Staffology HR",
        }
    }

    /// The kind of this name; none where there is no such kind.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    pub(super) const fn dialect(self) -> &'static dyn Dialect {
        match self {
            Self::BambooHr => &BambooHr,
            Self::Factorial => &Factorial,
            Self::HiBob => &HiBob,
            Self::Humaans => &Humaans,
            Self::Lucca => &Lucca,
            Self::Merge => &Merge,
            Self::PayFit => &PayFit,
            Self::Personio => &Personio,
            Self::Staffology => &Staffology,
        }
    }
}
