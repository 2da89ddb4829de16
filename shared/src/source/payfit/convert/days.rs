//! First day, last day and status, by the contracts in a person's own row; and which contracts count.

use super::super::wire::{LAST_DAY, SPELL};
use crate::connector::{Nested, Shown, Text, Time, instead_of_list};

/// Where a contract says how it stands.
const STATUS: &str = "status";
/// The last day as PayFit says it beside the contracts.
const TERMINATION: &str = "terminationDate";
/// The words for where a contract stands; all but the first are guesses.
const STATES: &[(&str, &str)] = &[
    ("ACTIVE", "active"),
    ("PENDING", "upcoming"),
    (DRAFT, "upcoming"),
    (ARCHIVED, "terminated"),
];
/// The word for a contract that is over.
const ARCHIVED: &str = "ARCHIVED";
/// The word for a contract that is still being made: nobody has signed it.
const DRAFT: &str = "IN_PROGRESS";

/// A person's contracts.
enum Contracts<'r> {
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
    fn of(one: &Shown<'r>) -> Self {
        let held = one.nested("contracts");
        let Some(mut rows) = held.list() else {
            return match instead_of_list(held) {
                Text::Odd | Text::Value(_) => Self::Unclear,
                Text::Absent | Text::Null => Self::Unseen,
            };
        };
        if rows.is_empty() {
            return Self::None;
        }
        if rows.iter().any(|row| is_signed(*row) == Some(true)) {
            rows.retain(|row| is_signed(*row) != Some(false));
        }
        let all = rows.len();
        rows.retain(|row| !is_over_without_end(*row));
        let is_vague = rows.len() < all;
        // Whatever ended before it and when: a person is there who has a contract today.
        let time = Time::counting(&rows, SPELL, one.today).filter(|time| time.is_current || !is_vague);
        time.map_or(Self::Unclear, Self::Time)
    }
}

/// The first day. A person who has no contract has none.
pub(super) fn first<'r>(one: &Shown<'r>) -> Text<'r> {
    match Contracts::of(one) {
        Contracts::Unseen | Contracts::None => Text::Absent,
        Contracts::Unclear => Text::Odd,
        Contracts::Time(time) => time.first.text(SPELL.from),
    }
}

/// The last day: between two contracts that of the one before. Where there is no contract, PayFit's own word counts: there is none any
/// more of people who left long ago.
pub(super) fn last<'r>(one: &Shown<'r>) -> Text<'r> {
    match Contracts::of(one) {
        Contracts::Unseen => Text::Absent,
        Contracts::Unclear => Text::Odd,
        Contracts::None => one.own(TERMINATION),
        Contracts::Time(time) => time.before.unwrap_or(time.last).text(LAST_DAY),
    }
}

/// The status. A person who has no contract, and had none that ended, has not begun.
pub(super) fn status<'r>(one: &Shown<'r>) -> Text<'r> {
    let known = |word: &str| STATES.iter().find(|(own, _)| is_word(word, own));
    match Contracts::of(one) {
        Contracts::Unseen => Text::Absent,
        Contracts::Unclear => Text::Odd,
        Contracts::None if one.own(TERMINATION) == Text::Odd => Text::Absent,
        Contracts::None if one.day(TERMINATION).is_some_and(|last| last < one.today) => Text::Absent,
        Contracts::None => Text::word("upcoming"),
        Contracts::Time(time) => {
            let status = time.applies.text(STATUS);
            status.read(|word| known(word).map(|(_, own)| Text::word(own)))
        }
    }
}

/// Whether a contract was signed; `None` where that cannot be read.
pub(super) fn is_signed(contract: Nested<'_>) -> Option<bool> {
    match contract.text(STATUS) {
        Text::Odd => None,
        status @ (Text::Absent | Text::Null | Text::Value(_)) => {
            Some(!status.value().is_some_and(|word| is_word(word, DRAFT)))
        }
    }
}

/// Whether a contract is said to be over, and not since when.
fn is_over_without_end(contract: Nested<'_>) -> bool {
    let (status, end) = (contract.text(STATUS), contract.text(LAST_DAY));
    status.value().is_some_and(|word| is_word(word, ARCHIVED)) && end != Text::Odd && !end.has_text()
}

/// Whether a word is this one, in any case and with any blank or stroke between its parts.
fn is_word(said: &str, word: &str) -> bool {
    let letters = |text: &str| -> String {
        let letters = text.chars().filter(|letter| letter.is_alphanumeric());
        letters.flat_map(char::to_uppercase).collect()
    };
    letters(said) == letters(word)
}
