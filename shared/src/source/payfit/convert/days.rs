//! First day, last day and status, by the contracts in a person's own row.

use super::super::wire::{LAST_DAY, SPELL, TERMS};
use crate::connector::{Contracts, Shown, Text, is_word};

/// The words for where a contract stands; all but the first are guesses.
const STATES: &[(&str, &str)] = &[
    ("ACTIVE", "active"),
    ("PENDING", "upcoming"),
    (TERMS.draft, "upcoming"),
    (TERMS.over, "terminated"),
];
/// The last day as PayFit says it beside the contracts.
const TERMINATION: &str = "terminationDate";

fn contracts<'r>(one: &Shown<'r>) -> Contracts<'r> {
    Contracts::of(one.nested("contracts"), TERMS, one.today)
}

/// The first day. A person who has no contract has none.
pub(super) fn first<'r>(one: &Shown<'r>) -> Text<'r> {
    match contracts(one) {
        Contracts::Unseen | Contracts::None => Text::Absent,
        Contracts::Unclear => Text::Odd,
        Contracts::Time(time) => time.first.text(SPELL.from),
    }
}

/// The last day: between two contracts that of the one before. Where there is no contract, PayFit's own word counts: there is none any
/// more of people who left long ago.
pub(super) fn last<'r>(one: &Shown<'r>) -> Text<'r> {
    match contracts(one) {
        Contracts::Unseen => Text::Absent,
        Contracts::Unclear => Text::Odd,
        Contracts::None => one.own(TERMINATION),
        Contracts::Time(time) => time.before.unwrap_or(time.last).text(LAST_DAY),
    }
}

/// The status. A person who has no contract, and had none that ended, has not begun.
pub(super) fn status<'r>(one: &Shown<'r>) -> Text<'r> {
    let known = |word: &str| STATES.iter().find(|(own, _)| is_word(word, own));
    let has_left = || one.day(TERMINATION).is_some_and(|last| last < one.today);
    match contracts(one) {
        Contracts::Unclear => Text::Odd,
        Contracts::None if one.own(TERMINATION) != Text::Odd && !has_left() => Text::word("upcoming"),
        Contracts::Unseen | Contracts::None => Text::Absent,
        Contracts::Time(time) => {
            let status = time.applies.text(TERMS.word);
            status.read(|word| known(word).map(|(_, own)| Text::word(own)))
        }
    }
}
