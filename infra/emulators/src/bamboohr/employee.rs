//! Single records and the directory.

use super::look::Look;
use super::refusal::{bad_request, forbidden, not_found};
use super::report::{Column, MOST_FIELDS, Wanted};
use crate::kit::Asked;
use crate::kit::caller::Caller;
use crate::kit::list::Listing;
use crate::kit::paging::Page;
use crate::kit::query::Query;
use crate::kit::refusal::Refusal;
use crate::server::reply::Reply;
use serde_json::{Value, json};

/// What the directory shows.
const DIRECTORY: [&str; 11] = [
    "displayName",
    "firstName",
    "lastName",
    "preferredName",
    "jobTitle",
    "workPhone",
    "mobilePhone",
    "workEmail",
    "department",
    "location",
    "division",
];

/// What a single record depends on.
pub(super) fn wanted(asked: &Asked) -> Result<Wanted, Refusal> {
    let names = asked
        .query
        .commas("fields")
        .unwrap_or_else(|| vec!["firstName", "lastName"]);
    if names.len() > MOST_FIELDS {
        return Err(bad_request("Too many fields: at most 400 can be asked for"));
    }
    Ok(Wanted {
        columns: Column::find(names.into_iter()),
        only_current: asked.query.one("onlyCurrent") != Some("false"),
        ..Wanted::default()
    })
}

/// Answers one person's record; id 0 is the user to whom the key belongs.
pub(super) fn one(listing: &Listing<Wanted>, caller: &Caller, id: &str) -> Result<Reply, Refusal> {
    let own = caller.user.as_ref().map(|user| user.employee_id);
    let id = match id.parse() {
        Ok(0) => own.ok_or_else(|| not_found("The key belongs to nobody"))?,
        Ok(id) => id,
        Err(_) => return Err(not_found("No such employee")),
    };
    let person = listing.view.company.find_person(id);
    let person = person.ok_or_else(|| not_found("No such employee"))?;
    match listing.one(id, &Query::default(), true) {
        Err(Refusal::NotFound) if listing.view.may_see(person) => Err(not_found("No such employee")),
        Err(Refusal::NotFound) => Err(forbidden("You may not see this employee")),
        found => Ok(Reply::json(200, found?)),
    }
}

/// What the directory depends on.
pub(super) fn directory_wanted(asked: &Asked) -> Wanted {
    Wanted {
        columns: Column::find(DIRECTORY.into_iter()),
        only_current: asked.query.one("onlyCurrent") != Some("false"),
        ..Wanted::default()
    }
}

/// The directory: the people who are active, and with `onlyCurrent=false` also those who begin later.
pub(super) fn directory(listing: &Listing<Wanted>, asked: &Asked) -> Result<Reply, Refusal> {
    let view = listing.view;
    let keeps = |id: u64| {
        view.company.find_person(id).is_some_and(|person| {
            let is_begun = person.starts_on <= view.company.today || !view.context.only_current;
            is_begun && Look::current(view.company, person).status() == "Active"
        })
    };
    let ids = listing.ids(&asked.query, true, Some(&keeps))?;
    if ids.is_empty() {
        return Err(not_found("The directory is empty"));
    }
    let page = Page::whole(&ids, listing.faults);
    let columns = view.context.columns.iter();
    let visible = columns.filter(|column| !listing.veil.drops(&column.field.alias()));
    let fields: Vec<Value> = visible
        .map(|column| json!({"id": column.name, "type": column.field.kind(), "name": column.field.label()}))
        .collect();
    let mut body = b"{\"fields\":".to_vec();
    serde_json::to_writer(&mut body, &fields)?;
    body.extend_from_slice(b",\"employees\":");
    listing.write_all(&page.rows, &mut body)?;
    body.push(b'}');
    Ok(Reply::json(200, body))
}
