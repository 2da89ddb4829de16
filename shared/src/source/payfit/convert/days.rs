//! First day, last day and status, by the contracts in a person's own row.
//!
//! Contracts that overlap, or of which one begins the day after another one ends, are one employment. Of several the current one counts,
//! else the next, else the last. Where a day of one of several contracts cannot be read, it is not known which counts.

use jiff::civil::Date;

use super::{
    super::wire::{FIRST_DAY, LAST_DAY},
    instead_of_list,
};
use crate::{
    connector::{Nested, Shown, Text},
    employee::parse_date,
};

/// The words for where a contract stands; all but the first are guesses.
const STATES: &[(&str, &str)] = &[
    ("ACTIVE", "active"),
    ("PENDING", "upcoming"),
    ("IN_PROGRESS", "upcoming"),
    (ARCHIVED, "terminated"),
];
/// The word for a contract that is over.
const ARCHIVED: &str = "ARCHIVED";

/// A person's employment that counts.
enum Employment<'r> {
    /// Contracts are not shown.
    Unseen,
    /// There is none.
    None,
    /// Which employment counts cannot be read.
    Unclear,
    /// What the contracts of one employment say.
    Time {
        first: Text<'r>,
        last: Text<'r>,
        status: Text<'r>,
    },
}

/// One of several contracts.
#[derive(Clone, Copy)]
struct Contract<'r> {
    row: Nested<'r>,
    from: Date,
    /// Without a last day it holds until further notice.
    until: Option<Date>,
}

/// The first day. A person who has no contract has none.
pub(super) fn first<'r>(one: &Shown<'r>) -> Text<'r> {
    match employment(one) {
        Employment::Unseen | Employment::None => Text::Absent,
        Employment::Unclear => Text::Odd,
        Employment::Time { first, .. } => first,
    }
}

/// The last day. Where no contract is shown, PayFit's own word counts: there is none any more of people who left long ago.
pub(super) fn last<'r>(one: &Shown<'r>) -> Text<'r> {
    match employment(one) {
        Employment::Unclear => Text::Odd,
        Employment::Unseen | Employment::None => one.own("terminationDate"),
        Employment::Time { last, .. } => last,
    }
}

/// The status. A person who has no contract, and had none that ended, has not begun.
pub(super) fn status<'r>(one: &Shown<'r>) -> Text<'r> {
    match employment(one) {
        Employment::None if !says(&one.own("terminationDate")) => Text::word("upcoming"),
        Employment::Unseen | Employment::None => Text::Absent,
        Employment::Unclear => Text::Odd,
        Employment::Time { status, .. } => status.read(|word| {
            let known = STATES.iter().find(|(own, _)| own.eq_ignore_ascii_case(word));
            known.map(|(_, own)| Text::word(own))
        }),
    }
}

/// Whether a text says anything, if only what cannot be read.
fn says(text: &Text<'_>) -> bool {
    text.has_text() || *text == Text::Odd
}

fn employment<'r>(one: &Shown<'r>) -> Employment<'r> {
    let held = one.nested("contracts");
    let Some(rows) = held.list() else {
        return match instead_of_list(held) {
            Text::Odd | Text::Value(_) => Employment::Unclear,
            Text::Absent | Text::Null => Employment::Unseen,
        };
    };
    match rows.as_slice() {
        [] => Employment::None,
        [only] if only.is_object() => Employment::Time {
            first: only.text(FIRST_DAY),
            last: only.text(LAST_DAY),
            status: only.text("status"),
        },
        [_] => Employment::Unclear,
        several => {
            let read: Option<Vec<Contract<'r>>> = several.iter().map(|row| Contract::read(*row)).collect();
            read.and_then(|contracts| of_several(contracts, one.today))
                .unwrap_or(Employment::Unclear)
        }
    }
}

/// Returns the employment that counts, of several contracts.
fn of_several(mut contracts: Vec<Contract<'_>>, today: Date) -> Option<Employment<'_>> {
    contracts.sort_by_key(|contract| contract.from);
    let mut employments: Vec<Vec<Contract<'_>>> = Vec::new();
    for contract in contracts {
        match employments.last_mut() {
            Some(earlier) if lasts_until(earlier, contract.from.yesterday().unwrap_or(contract.from)) => {
                earlier.push(contract);
            }
            Some(_) | None => employments.push(vec![contract]),
        }
    }
    let begins_later = |time: &Vec<Contract<'_>>| time.first().is_some_and(|first| first.from > today);
    let current = employments
        .iter()
        .rposition(|time| !begins_later(time) && lasts_until(time, today));
    let next = || employments.iter().position(begins_later);
    let counting = current.or_else(next).or_else(|| employments.len().checked_sub(1))?;
    let time = employments.into_iter().nth(counting)?;
    let first = time.first()?;
    let last = time.iter().max_by_key(|one| one.until.unwrap_or(Date::MAX))?;
    let holds = |one: &&Contract<'_>| one.from <= today && one.until.is_none_or(|last_day| last_day >= today);
    let applies = time
        .iter()
        .rfind(holds)
        .or_else(|| time.iter().find(|one| one.from > today));
    Some(Employment::Time {
        first: first.row.text(FIRST_DAY),
        last: last.row.text(LAST_DAY),
        status: applies.unwrap_or(last).row.text("status"),
    })
}

/// Whether one of these contracts holds until a day, or beyond.
fn lasts_until(contracts: &[Contract<'_>], day: Date) -> bool {
    contracts
        .iter()
        .any(|one| one.until.is_none_or(|last_day| last_day >= day))
}

impl<'r> Contract<'r> {
    /// Reads a contract; `None` where it cannot be told when it holds.
    fn read(row: Nested<'r>) -> Option<Self> {
        let until = match row.text(LAST_DAY) {
            Text::Absent | Text::Null => None,
            said => Some(parse_date(said.value()?)?),
        };
        let status = row.text("status");
        let is_over = status.value().is_some_and(|word| word.eq_ignore_ascii_case(ARCHIVED));
        let from = parse_date(row.text(FIRST_DAY).value()?)?;
        (until.is_some() || !is_over).then_some(Self { row, from, until })
    }
}
