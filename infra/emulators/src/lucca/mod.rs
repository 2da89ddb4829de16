//! Emulated Lucca: two APIs at once. The older one (`/api/v3` and what stands beside it) takes keys and returns what is named
//! in `fields`; the newer one (`/lucca-api`) takes the tokens of a client, links pages, and refers instead of nesting. Both
//! know former, present and future people apart, and leave some of them out unasked.
//!
//! Written from the vendor's pages, its own description of the newer API (2024-11-01) and clients in production, read in
//! November 2026. Guesses, because nobody says: unasked, the older API has present and future people, the newer one only
//! active ones; more than 1000 rows of `paging` are clamped; what a caller may not see is null; an unknown client is a 400, as
//! with the identity server that this one looks like; the older API has the same allowance as the newer one. Not emulated, and
//! a 404: writing, webhooks, portraits, job qualifications, professions, occupation categories and the tree of departments.

mod dialect;
mod legacy;
mod modern;
mod place;

pub(crate) use dialect::Lucca;

use crate::company::contract::Version;
use crate::kit::view::View;
use crate::person::{Person, Status};
use jiff::civil::Date;

/// Ids of establishments, legal units and departments, in the order of the company's workplaces, entities and departments.
const FIRST_ESTABLISHMENT: u64 = 300;
const FIRST_LEGAL_UNIT: u64 = 100;
const FIRST_DEPARTMENT: u64 = 1;
/// Room for employments and for positions per person, so that an id tells its person.
const SLOTS: u64 = 8;

/// Returns the id of the establishment that a person works in.
fn establishment_of(person: &Person) -> Option<u64> {
    Some(FIRST_ESTABLISHMENT + u64::from(person.location?))
}

/// Returns the id of the department that a person works in.
fn department_of<C>(view: &View<C>, person: &Person) -> Option<u64> {
    let name = view.company.department_of(person)?;
    let position = view.company.find_department(&name)? as u64;
    Some(FIRST_DEPARTMENT + position)
}

/// A family name; where there is none, the given name stands for it.
fn family_name(person: &Person) -> String {
    let name = person.last_name().or_else(|| person.first_name());
    name.unwrap_or_default().into_owned()
}

/// An employment: its number among a person's, first and last day.
#[derive(Debug, Clone, Copy)]
struct Employment {
    number: u64,
    starts_on: Date,
    ends_on: Option<Date>,
}

impl Employment {
    /// Returns a person's employments. Everybody has one; a person who came back has more. The last eight count.
    fn all(person: &Person) -> Vec<Self> {
        let spells = person.spells().skip((person.earlier.len() + 1).saturating_sub(8));
        let numbered = (0u64..).zip(spells);
        numbered
            .map(|(number, (starts_on, ends_on))| Self {
                number,
                starts_on,
                ends_on,
            })
            .collect()
    }

    /// The employment of today, else the next one, else the last one.
    fn applicable(person: &Person, today: Date) -> Option<Self> {
        let all = Self::all(person);
        let open = all
            .iter()
            .find(|one| one.ends_on.is_none_or(|last_day| last_day >= today));
        open.or(all.last()).copied()
    }

    fn status(&self, today: Date) -> &'static str {
        if self.ends_on.is_some_and(|last_day| last_day < today) {
            "deactivated"
        } else if self.starts_on > today {
            "upcoming"
        } else {
            "active"
        }
    }

    /// Whether it lasts on a day.
    fn holds(&self, day: Date) -> bool {
        self.starts_on <= day && self.ends_on.is_none_or(|last_day| last_day >= day)
    }

    fn id(&self, person: &Person) -> u64 {
        u64::from(person.number) * SLOTS + self.number + 1
    }

    /// The one that an id names, with its person.
    fn find<'a, C>(view: &View<'a, C>, id: u64) -> Option<(&'a Person, Self)> {
        let slot = id.checked_sub(1)?;
        let person = view.numbered(slot / SLOTS)?;
        let mut all = Self::all(person).into_iter();
        Some((person, all.find(|one| one.number == slot % SLOTS)?))
    }
}

/// Returns the word for a person's status.
const fn status_name(status: Status) -> &'static str {
    match status {
        Status::Active => "active",
        Status::Upcoming => "upcoming",
        Status::Terminated => "deactivated",
    }
}

/// The last day of terms: the day before the next ones begin, or the last one of the employment.
fn terms_end(versions: &[Version], position: usize) -> Option<Date> {
    let own = versions.get(position)?;
    let next = versions.get(position + 1).filter(|next| next.spell == own.spell);
    next.map_or(own.spell.1, |next| Some(crate::clock::plus_days(next.effective_on, -1)))
}
