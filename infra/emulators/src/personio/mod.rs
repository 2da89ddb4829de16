//! Emulated Personio: version 2 of its API (`/v2`), which refers instead of nesting and lists employments for one person at a time, and
//! what version 1 (`/v1`) has beside it: tokens of its own, people with a number, and the list of attributes. One client opens
//! both, each with tokens of its own.
//!
//! Written from the vendor's descriptions of persons, employments, credentials and employees, its pages, and what others saw on a real
//! account in September 2026, read in November 2026. Guesses, because nobody says: a custom field without a value comes without the
//! member `value`; the members of units, workplaces and legal entities; more rows than a page may have are refused; 429 says in
//! `Retry-After` how long to wait; a token of one version opens nothing of the other. Not emulated, and a 404: writing, webhooks,
//! absences, attendances, documents, projects, custom reports, revoking a token, `updated_since` of version 1.

mod dialect;
mod employment;
mod field;
mod older;
mod page;
mod pay;
mod person;
mod place;
mod structure;

pub(crate) use dialect::Personio;

use crate::clock;
use crate::kit::refusal::Refusal;
use crate::server::reply::Reply;
use jiff::civil::Date;
use serde_json::json;

/// What rows depend on: the address the API was reached under.
pub(super) struct Base(String);

/// What a caller sees of a company.
type View<'a> = crate::kit::view::View<'a, Base>;

/// Room for employments, and for amounts of pay, per person, so that an id tells its person.
const SLOTS: u64 = 16;

/// A UUID that tells a number.
fn uuid(kind: u64, number: u64) -> String {
    format!("{kind:08x}-0000-4000-8000-{number:012x}")
}

/// The number of a UUID.
fn number_of(uuid: &str) -> Option<u64> {
    u64::from_str_radix(uuid.rsplit('-').next()?, 16).ok()
}

/// An instant of which only the date matters.
fn stamp(date: Date) -> String {
    format!("{date}T08:30:00Z")
}

/// A problem of version 2.
fn problem(status: u16, title: &str, detail: &str) -> Reply {
    let now = clock::real_now().to_string();
    let kind = "https://developer.personio.de/reference/errors#common";
    let errors = json!([{"title": title, "detail": detail, "type": kind, "_meta": {}}]);
    Reply::problem(
        status,
        &json!({"personio_trace_id": uuid(9, u64::from(status)), "timestamp": now, "errors": errors}),
    )
}

/// Words for a refusal.
fn words(refusal: &Refusal) -> (u16, String) {
    match refusal {
        Refusal::NoCredential => (401, "Unauthorized".to_owned()),
        Refusal::Token(why) => (401, (*why).to_owned()),
        Refusal::Forbidden => (403, "Forbidden".to_owned()),
        Refusal::Scope(scope) => (403, format!("The credential lacks {scope}")),
        Refusal::NotFound => (404, "The requested resource was not found.".to_owned()),
        Refusal::Parameter(name, expected) => (400, format!("{name} must be {expected}")),
        Refusal::TooMany(_) => (429, "Too many requests".to_owned()),
        Refusal::Told(status) => (*status, "The emulator was told to fail.".to_owned()),
        Refusal::Broken | Refusal::Own(_) => (500, "Something went wrong.".to_owned()),
    }
}
