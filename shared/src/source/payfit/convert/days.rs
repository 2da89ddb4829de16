//! First day, last day and status, by the contracts in a person's own row.

use super::super::wire::{LAST_DAY, SPELL};
use crate::connector::{Nested, Shown, Text, Time, instead_of_list};

/// The words for where a contract stands; all but the first are guesses.
const STATES: &[(&str, &str)] = &[
    ("ACTIVE", "active"),
    ("PENDING", "upcoming"),
    ("IN_PROGRESS", "upcoming"),
    (ARCHIVED, "terminated"),
];
/// The word for a contract that is over.
const ARCHIVED: &str = "ARCHIVED";

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
        let Some(rows) = held.list() else {
            return match instead_of_list(held) {
                Text::Odd | Text::Value(_) => Self::Unclear,
                Text::Absent | Text::Null => Self::Unseen,
            };
        };
        let is_clear = rows.len() < 2 || !rows.iter().any(|row| is_over_without_end(*row));
        match Time::counting(&rows, SPELL, one.today).filter(|_| is_clear) {
            Some(time) => Self::Time(time),
            None if rows.is_empty() => Self::None,
            None => Self::Unclear,
        }
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

/// The last day. Where no contract is shown, PayFit's own word counts: there is none any more of people who left long ago.
pub(super) fn last<'r>(one: &Shown<'r>) -> Text<'r> {
    match Contracts::of(one) {
        Contracts::Unclear => Text::Odd,
        Contracts::Unseen | Contracts::None => one.own("terminationDate"),
        Contracts::Time(time) => time.last.text(LAST_DAY),
    }
}

/// The status. A person who has no contract, and had none that ended, has not begun.
pub(super) fn status<'r>(one: &Shown<'r>) -> Text<'r> {
    let known = |word: &str| STATES.iter().find(|(own, _)| own.eq_ignore_ascii_case(word));
    match Contracts::of(one) {
        Contracts::None if !says(&one.own("terminationDate")) => Text::word("upcoming"),
        Contracts::Unseen | Contracts::None => Text::Absent,
        Contracts::Unclear => Text::Odd,
        Contracts::Time(time) => {
            let status = time.applies.text("status");
            status.read(|word| known(word).map(|(_, own)| Text::word(own)))
        }
    }
}

/// Whether a text says anything, if only what cannot be read.
fn says(text: &Text<'_>) -> bool {
    text.has_text() || *text == Text::Odd
}

/// Whether a contract is said to be over, and not since when.
fn is_over_without_end(contract: Nested<'_>) -> bool {
    let status = contract.text("status");
    let is_over = status.value().is_some_and(|word| word.eq_ignore_ascii_case(ARCHIVED));
    is_over && !says(&contract.text(LAST_DAY))
}
