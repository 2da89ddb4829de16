//! Who changed since an instant, and their rows.

use super::look::stamp;
use super::refusal::bad_request;
use super::report::Wanted;
use super::table::SLOTS;
use crate::kit::Asked;
use crate::kit::list::Listing;
use crate::kit::paging::Page;
use crate::kit::refusal::Refusal;
use crate::kit::view::View;
use crate::person::Person;
use crate::server::reply::Reply;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// The instant that `since` names.
fn since(asked: &Asked) -> Result<Timestamp, Refusal> {
    let text = asked
        .query
        .one("since")
        .ok_or_else(|| bad_request("since is required"))?;
    // A plus sign that was not encoded has become a space.
    let read = text.parse().or_else(|_| text.replace(' ', "+").parse());
    read.map_err(|_| bad_request("since must be an ISO 8601 time"))
}

fn changed_after(person: &Person, since: Timestamp) -> bool {
    let changed: Option<Timestamp> = stamp(person.changed_on).parse().ok();
    changed.is_some_and(|changed| changed > since)
}

/// Answers who changed after an instant. Nobody is ever deleted here: leaving is no deletion.
pub(super) fn people(view: &View<Wanted>, asked: &Asked) -> Result<Reply, Refusal> {
    let since = since(asked)?;
    let wanted = match asked.query.one("type") {
        None | Some("all") => None,
        Some("inserted") => Some("Inserted"),
        Some("updated") => Some("Updated"),
        Some("deleted") => Some("Deleted"),
        Some(_) => return Err(bad_request("type must be inserted, updated, deleted or all")),
    };
    let mut employees = Map::new();
    let mut latest = stamp(view.company.founded_on);
    for person in view.everybody().filter(|person| changed_after(person, since)) {
        let action = if person.changed_on == person.starts_on {
            "Inserted"
        } else {
            "Updated"
        };
        if wanted.is_none_or(|wanted| wanted == action) {
            let (id, changed) = (person.id.to_string(), stamp(person.changed_on));
            latest = latest.max(changed.clone());
            employees.insert(id.clone(), json!({"id": id, "action": action, "lastChanged": changed}));
        }
    }
    Ok(Reply::of(200, &json!({"latest": latest, "employees": employees})))
}

/// Answers all rows of the people of whom anything changed after an instant, person by person.
pub(super) fn rows(listing: &Listing<Wanted>, asked: &Asked) -> Result<Reply, Refusal> {
    let since = since(asked)?;
    let view = listing.view;
    let mut employees: Map<String, Value> = Map::new();
    let ids = listing.ids(&asked.query, true, None)?;
    for id in &Page::whole(&ids, listing.faults).rows {
        let person = view.numbered(id / SLOTS).ok_or(Refusal::NotFound)?;
        if changed_after(person, since) {
            let mut row = Vec::new();
            listing.write(*id, &mut row)?;
            let row: Value = serde_json::from_slice(&row)?;
            let own = employees
                .entry(person.id.to_string())
                .or_insert_with(|| json!({"lastChanged": stamp(person.changed_on), "rows": []}));
            if let Some(rows) = own.get_mut("rows").and_then(Value::as_array_mut) {
                rows.push(row);
            }
        }
    }
    Ok(Reply::of(
        200,
        &json!({"table": listing.resource.path(), "employees": employees}),
    ))
}
