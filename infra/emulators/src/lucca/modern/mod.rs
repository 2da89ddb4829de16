//! The newer API: collections with opaque page tokens, references instead of nesting, and `include` for totals, links and the
//! resources that are referred to.

mod attribute;
mod collection;
mod employee;
mod employment;
mod page;
mod structure;

use crate::kit::Asked;
use crate::kit::caller::Caller;
use crate::kit::fault::armed::Faults;
use crate::kit::list::Listing;
use crate::kit::paging::{Cursor, Start};
use crate::kit::query::{Query, read_date};
use crate::kit::refusal::Refusal;
use crate::kit::row::add;
use crate::kit::system::System;
use crate::kit::veil::Hiding;
use crate::server::reply::Reply;
use axum::http::HeaderName;
use collection::find;
use jiff::civil::Date;
use page::{embedded, list};
use serde_json::{Value, json};

/// The header that says which version is meant, and the version there is.
pub(super) const API_VERSION: HeaderName = HeaderName::from_static("api-version");
pub(super) const VERSION: &str = "2024-11-01";

/// What rows depend on: the address the API was reached under.
pub(super) struct Base(String);

/// What a caller sees of a company.
type View<'a> = crate::kit::view::View<'a, Base>;

/// A problem (RFC 9457).
pub(super) fn problem(status: u16, title: &str) -> Reply {
    let kind = format!("https://httpstatuses.com/{status}");
    Reply::problem(status, &json!({"type": kind, "title": title, "status": status}))
}

/// A problem that names the member.
pub(super) fn invalid(member: &str, expected: &str) -> Reply {
    let kind = "https://httpstatuses.com/400";
    let errors = json!({member: [format!("must be {expected}")]});
    Reply::problem(
        400,
        &json!({"type": kind, "title": "Bad Request", "status": 400, "errors": errors}),
    )
}

/// A reference to a row of another collection.
fn refer(base: &Base, collection: &str, kind: &str, id: impl std::fmt::Display) -> Value {
    let url = format!("{}/lucca-api/{collection}/{id}", base.0);
    json!({"id": id.to_string(), "type": kind, "url": url})
}

/// An instant of which only the date matters.
fn stamp(date: Date) -> String {
    format!("{date}T08:30:00.0000Z")
}

/// Whether a list parameter names a text; `null` names what is missing.
fn names(query: &Query, name: &str, own: Option<&str>) -> bool {
    query
        .commas(name)
        .is_none_or(|wanted| wanted.contains(&own.unwrap_or("null")))
}

/// Whether a date is the one asked for, or in the range asked for.
fn dated(query: &Query, name: &'static str, between: &'static str, own: Option<Date>) -> Result<bool, Refusal> {
    let exact = query.one(name);
    let text = own.map_or_else(|| "null".to_owned(), |date| date.to_string());
    let Some(range) = query.one(between) else {
        return Ok(exact.is_none_or(|exact| exact == text));
    };
    let bad = || Refusal::parameter(between, "two dates with -- between them, an open end as ..");
    let (from, to) = range.split_once("--").ok_or_else(bad)?;
    let bound = |text: &str| match text {
        ".." => Ok(None),
        text => read_date(text).map(Some).ok_or_else(bad),
    };
    let (from, to) = (bound(from)?, bound(to)?);
    let is_in = |own: Date| from.is_none_or(|from| own >= from) && to.is_none_or(|to| own <= to);
    Ok(own.is_some_and(is_in) && exact.is_none_or(|exact| exact == text))
}

/// Whether a list is asked for, and which page of it.
pub(super) fn place(asked: &Asked) -> (bool, Option<u64>) {
    let is_list = matches!(find(asked.path), Some((_, None)));
    let number = start(&asked.query).map_or(1, |start| start.number(1));
    (is_list, Some(number))
}

/// Returns where the page that is asked for begins. Page tokens open with an exclamation mark.
fn start(query: &Query) -> Result<Start, Refusal> {
    let bad = || Refusal::parameter("page", "a token of an earlier answer");
    let Some(token) = query.one("page") else {
        return Ok(Start::First);
    };
    let token = token.strip_prefix('!').ok_or_else(bad)?;
    Ok(match token.strip_prefix('-') {
        Some(token) => Start::Before(Cursor::read(token).ok_or_else(bad)?),
        None => Start::After(Cursor::read(token).ok_or_else(bad)?),
    })
}

/// Answers a request to the newer API.
pub(super) fn answer(system: &System, caller: &Caller, asked: &Asked, faults: &Faults) -> Result<Reply, Refusal> {
    match asked.header(API_VERSION.as_str()) {
        Some(VERSION) => {}
        Some(_) | None => return Err(Refusal::parameter("Api-Version", VERSION)),
    }
    let (collection, id) = find(asked.path).ok_or(Refusal::NotFound)?;
    if !caller.has_scope(collection.scopes()) {
        let scope = collection.scopes().first().copied().unwrap_or_default();
        return Err(Refusal::Scope(scope));
    }
    let companies = system.stage.companies();
    let company = companies.get(caller.company).ok_or(Refusal::NotFound)?;
    let view = View::of(company, caller, faults, false, Base(asked.base()));
    let listing = Listing::open(system, caller, &view, collection.resource, faults, Hiding::Null)?;
    match id {
        None => list(&listing, collection, asked),
        Some(id) => {
            let id = collection.resource.id_of(id).ok_or(Refusal::NotFound)?;
            let everybody = Query::parse(Some("status=active,upcoming,deactivated"));
            let mut row: Value = serde_json::from_slice(&listing.one(id, &everybody, false)?)?;
            if includes(&asked.query).contains(&"embedded") {
                let embedded = embedded(&listing, collection, std::slice::from_ref(&row))?;
                add(&mut row, "embedded", embedded);
            }
            Ok(Reply::of(200, &row))
        }
    }
}

fn includes<'a>(query: &'a Query) -> Vec<&'a str> {
    query.commas("include").unwrap_or_default()
}
