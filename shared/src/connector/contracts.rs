//! A person's contracts as their own row lists them, each with its days and a word for how it stands: which of them count.
//!
//! * One that nobody has signed counts for nothing beside one that was signed.
//! * One that is over and does not say since when leaves open which counts, unless another one holds on the day.

use jiff::civil::Date;

use super::{
    related::Spell,
    spells::Time,
    typed::instead_of_list,
    value::{Nested, Text},
};

/// How the contracts of an HR system say how they stand, and for what time they hold.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// The member that has the word.
    pub word: &'static str,
    /// The word for one that is still being made.
    pub draft: &'static str,
    /// The word for one that is over.
    pub over: &'static str,
    /// For what time one holds.
    pub spell: Spell,
}

/// A person's contracts on a day.
#[derive(Clone, Copy, Debug)]
pub enum Contracts<'r> {
    /// They are not shown.
    Unseen,
    /// There are none.
    None,
    /// Which of them count cannot be read.
    Unclear,
    /// Those that count.
    Time(Time<'r>),
}

impl<'r> Contracts<'r> {
    /// Returns the contracts that stand as a list in a member.
    pub fn of(held: Nested<'r>, terms: Terms, today: Date) -> Self {
        let Some(mut rows) = held.list() else {
            return match instead_of_list(held) {
                Text::Odd | Text::Value(_) => Self::Unclear,
                Text::Absent | Text::Null => Self::Unseen,
            };
        };
        if rows.is_empty() {
            return Self::None;
        }
        if rows.iter().any(|row| terms.is_signed(*row) == Some(true)) {
            rows.retain(|row| terms.is_signed(*row) != Some(false));
        }
        let all = rows.len();
        rows.retain(|row| !terms.is_over_without_end(*row));
        let is_vague = rows.len() < all;
        // Whatever ended before it and when: a person is there who has a contract today.
        let time = Time::counting(&rows, terms.spell, today).filter(|time| time.is_current || !is_vague);
        time.map_or(Self::Unclear, Self::Time)
    }
}

impl Terms {
    /// Returns whether a contract was signed; `None` where that cannot be read.
    pub fn is_signed(&self, contract: Nested<'_>) -> Option<bool> {
        match contract.text(self.word) {
            Text::Odd => None,
            said @ (Text::Absent | Text::Null | Text::Value(_)) => {
                Some(!said.value().is_some_and(|said| is_word(said, self.draft)))
            }
        }
    }

    /// Whether a contract is said to be over, and not since when.
    fn is_over_without_end(&self, contract: Nested<'_>) -> bool {
        let (said, end) = (contract.text(self.word), contract.either(self.spell.until));
        said.value().is_some_and(|said| is_word(said, self.over)) && end != Text::Odd && !end.has_text()
    }
}

/// Returns whether something that is said is this word, in any case, and whatever stands between its parts.
pub fn is_word(said: &str, word: &str) -> bool {
    let letters = |text: &str| -> String {
        let letters = text.chars().filter(|letter| letter.is_alphanumeric());
        letters.flat_map(char::to_uppercase).collect()
    };
    letters(said) == letters(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERMS: Terms = Terms {
        word: "is",
        draft: "IN_WORK",
        over: "OVER",
        spell: Spell {
            from: "from",
            until: &["until"],
        },
    };

    /// First and last day of what counts on the second of March, or what is known instead.
    fn counting(contracts: &str) -> String {
        let held: Nested<'_> = serde_json::from_str(contracts).unwrap();
        let said = |row: Nested<'_>, member| row.text(member).value().unwrap_or("-").to_owned();
        match Contracts::of(held, TERMS, "2026-03-02".parse().unwrap()) {
            Contracts::Unseen => "unseen".to_owned(),
            Contracts::None => "none".to_owned(),
            Contracts::Unclear => "unclear".to_owned(),
            Contracts::Time(time) => format!("{} {}", said(time.first, "from"), said(time.last, "until")),
        }
    }

    #[test]
    fn what_is_no_list_says_nothing_or_is_unclear() {
        for (contracts, expected) in [
            ("null", "unseen"),
            ("[]", "none"),
            ("7", "unclear"),
            ("{}", "unclear"),
            ("[null]", "unclear"),
        ] {
            assert_eq!(counting(contracts), expected, "{contracts}");
        }
    }

    #[test]
    fn r17_a_draft_counts_where_there_is_nothing_else() {
        let draft = r#"{"is":"in work","from":"2026-01-01"}"#;
        let ended = r#"{"is":"OVER","from":"2024-01-01","until":"2024-12-31"}"#;
        assert_eq!(counting(&format!("[{draft}]")), "2026-01-01 -");
        assert_eq!(counting(&format!("[{draft},{ended}]")), "2024-01-01 2024-12-31");
        let unread = r#"{"is":"\ud83d","from":"2026-01-01"}"#;
        assert_eq!(
            counting(&format!("[{unread},{ended}]")),
            "2026-01-01 -",
            "it may be signed"
        );
    }

    #[test]
    fn r14_what_is_over_and_not_since_when_leaves_it_open_unless_another_one_holds() {
        let vague = r#"{"is":"over","from":"2024-01-01","until":null}"#;
        assert_eq!(counting(&format!("[{vague}]")), "unclear");
        let ended = r#"{"is":"OVER","from":"2023-01-01","until":"2023-12-31"}"#;
        assert_eq!(counting(&format!("[{vague},{ended}]")), "unclear");
        let open = r#"{"is":"HOLDS","from":"2025-01-01","until":null}"#;
        assert_eq!(counting(&format!("[{vague},{open}]")), "2025-01-01 -");
    }
}
