//! Emulated Humaans: lists in the manner of Feathers (`$limit`, `$skip`, a total), and people whose role, pay and place of work stand in
//! lists of their own.
//!
//! Written from stored copies of the vendor's page and an Elixir client that copies its examples, read in November 2026. Guesses, because
//! nobody says: an unknown parameter is a 400; a larger `$limit` is clamped to 250; rows come by ascending id; ids are digits here, 24
//! letters and digits there; what a token may see of a person without `private:read`; the words for periods of pay but `annual`; where
//! no scope opens a list it is a 403. Not emulated, and a 404: writing, webhooks, documents, emergency contacts, time away, audit events.

mod dialect;
mod field;
mod job;
mod person;
mod structure;

pub(crate) use dialect::Humaans;

use crate::kit::query::Query;
use crate::kit::resource::Resource;
use jiff::civil::Date;

/// What a caller sees of a company.
type View<'a> = crate::kit::view::View<'a, ()>;

/// Every list, with the parameters that choose among its rows.
const ALL: [(&dyn Resource<()>, &[&str]); 9] = [
    (&person::People, &["id", "email", "status"]),
    (&job::Roles, &["personId"]),
    (&job::Compensations, &["personId", "compensationTypeId"]),
    (&job::Types, &[]),
    (&job::Accounts, &["personId"]),
    (&structure::Companies, &[]),
    (&structure::Locations, &[]),
    (&structure::Fields, &[]),
    (&structure::Values, &["personId", "customFieldId"]),
];

/// Whether a parameter is not given, or names this value.
fn names(query: &Query, name: &str, own: Option<&str>) -> bool {
    query
        .many(name)
        .is_none_or(|wanted| own.is_some_and(|own| wanted.contains(&own)))
}

/// The people whom `personId` names, or all.
fn owners<'a>(view: &View<'a>, query: &Query) -> Vec<&'a crate::person::Person> {
    view.people(query, "personId")
}

/// An instant of which only the date matters.
fn stamp(date: Date) -> String {
    format!("{date}T08:30:00.000Z")
}
