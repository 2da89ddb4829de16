//! Emulated PayFit: a customer's key, or a partner's login whose token does not end, each for one company and some scopes; people and
//! contracts in lists that a token leads through, page by page.
//!
//! Written from stored copies of the vendor's pages, schemas that others took from live answers, and reports of what was tried against
//! the real one, read in November 2026. Guesses, because nobody says: an unknown parameter, a number of rows that is none and a token
//! that was not given are a 400; rows come by ascending id; ids are digits here, 24 hexadecimal digits there; the words for a
//! contract's status but `ACTIVE`; `meta.count` is the number of rows on the page; that contracts of people who never worked there are pending in one
//! half of the cases and in progress in the other, and that those in progress come when they are asked for, with their people; what stands in
//! `addresses[].type`; a key that was revoked introspects as not active, an unknown one is refused; of two different tokens the one in the body is
//! introspected. Everybody has a contract unless their first
//! day is taken away (`{"start_date": null}`): then they are listed without any, as administrators are.
//! Not emulated, and a 404: writing, absences, payslips, accounting, what is particular to France, webhooks.

mod contract;
mod dialect;
mod field;
mod person;
mod scope;

pub(crate) use dialect::PayFit;

use crate::clock::plus_days;
use crate::kit::query::Query;
use crate::kit::refusal::Refusal;
use crate::person::Person;
use jiff::civil::Date;

/// What a caller sees of a company.
type View<'a> = crate::kit::view::View<'a, ()>;

/// The parameter that asks for contracts in progress.
const IN_PROGRESS: &str = "includeInProgressContracts";

/// Room for contracts per person, so that an id tells its person.
const SLOTS: u64 = 16;

/// How many days contracts that ended are listed.
const YEAR: i64 = 365;

/// The company's id, another one where the credential belongs to another company.
fn company_id(view: &View) -> String {
    let shift = if view.is_other_company { 999_999 } else { 0 };
    format!("{:024x}", view.company.id + shift)
}

/// A contract of employment: its number among a person's, first and last day.
#[derive(Debug, Clone, Copy)]
struct Contract {
    number: u64,
    starts_on: Date,
    ends_on: Option<Date>,
}

impl Contract {
    /// Returns a person's contracts, the oldest first: the last ones count.
    fn all(person: &Person) -> Vec<Self> {
        let most = usize::try_from(SLOTS).unwrap_or_default();
        if !person.has_contract() {
            return Vec::new();
        }
        let spells = person.spells().skip((person.earlier.len() + 1).saturating_sub(most));
        let one = |(number, (starts_on, ends_on))| Self {
            number,
            starts_on,
            ends_on,
        };
        (0u64..).zip(spells).map(one).collect()
    }

    fn slot(self, person: &Person) -> u64 {
        u64::from(person.number) * SLOTS + self.number
    }

    fn id(self, person: &Person) -> String {
        format!("{:024x}", (1 << 40) + self.slot(person))
    }

    fn status(self, person: &Person, today: Date) -> &'static str {
        if self.ends_on.is_some_and(|last_day| last_day < today) {
            "ARCHIVED"
        } else if self.starts_on <= today {
            "ACTIVE"
        } else if person.number.is_multiple_of(2) || !person.earlier.is_empty() {
            "PENDING"
        } else {
            "IN_PROGRESS"
        }
    }

    /// Whether it is shown: one in progress where it was asked for.
    fn is_shown(self, person: &Person, today: Date, with_progress: bool) -> bool {
        with_progress || self.status(person, today) != "IN_PROGRESS"
    }

    /// Whether it ended so long ago that it is not listed any more.
    fn is_forgotten(self, today: Date) -> bool {
        self.ends_on.is_some_and(|last_day| last_day < plus_days(today, -YEAR))
    }
}

/// Whether contracts in progress are asked for.
fn with_progress(query: &Query) -> Result<bool, Refusal> {
    Ok(query.flag(IN_PROGRESS)?.unwrap_or(false))
}
