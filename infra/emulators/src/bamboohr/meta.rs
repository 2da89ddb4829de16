//! What the account consists of: the company, fields, lists, tables, users and workplaces.

use super::field::{FIELDS, Which, custom_alias, custom_id};
use super::look::country_name;
use super::report::Wanted;
use super::table::Table;
use crate::company::custom::FIELDS as CUSTOM;
use crate::company::structure::Location;
use crate::kit::Asked;
use crate::kit::list::Listing;
use crate::kit::paging::{Page, Start, pages};
use crate::kit::query::Query;
use crate::kit::refusal::Refusal;
use crate::kit::resource::{Resource, ids_from, position_of};
use crate::kit::row::{Row, add};
use crate::kit::view::View;
use crate::person::Status;
use crate::server::reply::Reply;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Ids of workplaces, in their order.
const FIRST_LOCATION: u64 = 18_200;
/// Added to an employee's id to make the id of their user.
const USER: u64 = 2_000;

/// Names and main address of the company.
pub(super) fn company(view: &View<Wanted>) -> Reply {
    let name = view.company_name();
    let seat = view
        .company
        .entities
        .first()
        .map(|entity| entity.place)
        .unwrap_or_default();
    let address = json!({
        "line1": seat.street(view.company.seed, 1), "line2": "", "city": seat.city, "state": seat.state,
        "zip": seat.postal_code(view.company.seed, 5),
    });
    let phone = seat.mobile(view.company.seed, 9);
    Reply::of(
        200,
        &json!({"legalName": name, "displayName": name, "address": address, "phone": phone}),
    )
}

/// Every field: numbers as integers, parts of a field as dotted texts.
pub(super) fn fields() -> Reply {
    let mut all: Vec<Value> = FIELDS
        .iter()
        .filter(|field| field.id != 0)
        .map(|field| json!({"id": field.id, "name": field.label, "type": field.kind, "alias": field.alias}))
        .collect();
    all.push(json!({"id": "19.1", "name": "Pay rate - Currency code", "type": "text", "alias": "payRate"}));
    all.push(
        json!({"id": 387, "name": "Employment Status", "type": "status", "alias": "employmentStatus", "deprecated": true}),
    );
    for (position, field) in CUSTOM.iter().enumerate() {
        let kind = Which::Custom(position).kind();
        all.push(
            json!({"id": custom_id(position), "name": field.label, "type": kind, "alias": custom_alias(position)}),
        );
    }
    Reply::of(200, &all)
}

fn options<'a>(names: impl Iterator<Item = &'a str>) -> Vec<Value> {
    let numbered = (1..).zip(names);
    numbered
        .map(|(id, name)| json!({"id": id, "name": name, "archived": "no", "createdDate": null, "archivedDate": null}))
        .collect()
}

/// Every field that holds one of a list, with the list.
pub(super) fn lists(view: &View<Wanted>) -> Reply {
    let company = view.company;
    let titles: BTreeSet<String> = view.everybody().map(|person| person.job.title()).collect();
    let mut lists = vec![
        (17, "jobTitle", options(titles.iter().map(String::as_str))),
        (4, "department", options(company.departments.iter().map(String::as_str))),
        (
            1355,
            "division",
            options(company.entities.iter().map(|entity| entity.legal_name.as_str())),
        ),
        (
            18,
            "location",
            options(company.locations.iter().map(|location| location.name.as_str())),
        ),
        (
            4549,
            "teams",
            options(company.teams.iter().map(|team| team.name.as_str())),
        ),
        (
            16,
            "employmentHistoryStatus",
            options(["Full-Time", "Part-Time", "Terminated"].into_iter()),
        ),
    ];
    let custom: Vec<(i32, String, Vec<Value>)> = CUSTOM
        .iter()
        .enumerate()
        .filter(|(_, field)| !field.options.is_empty())
        .map(|(position, field)| {
            (
                custom_id(position),
                custom_alias(position),
                options(field.options.iter().copied()),
            )
        })
        .collect();
    lists.extend(
        custom
            .iter()
            .map(|(id, alias, options)| (*id, alias.as_str(), options.clone())),
    );
    let all: Vec<Value> = lists
        .into_iter()
        .filter_map(|(id, alias, options)| {
            let field = Which::find(alias)?;
            let multiple = if field.kind() == "multilist" { "yes" } else { "no" };
            Some(json!({
                "fieldId": id, "name": field.label(), "alias": alias, "manageable": "yes", "multiple": multiple, "options": options,
            }))
        })
        .collect();
    Reply::of(200, &all)
}

/// Every table with its columns.
pub(super) fn tables() -> Reply {
    let mut ids = 4_700..;
    let all: Vec<Value> = Table::ALL
        .into_iter()
        .map(|table| {
            let columns = table.columns().iter().zip(&mut ids);
            let fields: Vec<Value> = columns
                .map(|((alias, kind), id): (_, i32)| json!({"id": id, "name": alias, "alias": alias, "type": kind}))
                .collect();
            json!({"alias": table.alias(), "fields": fields})
        })
        .collect();
    Reply::of(200, &all)
}

/// Everybody who has an account, by the id of their user.
pub(super) fn users(view: &View<Wanted>, asked: &Asked) -> Reply {
    let known = |status: &&str| ["enabled", "disabled"].contains(status);
    let wanted: Vec<&str> = asked
        .query
        .commas("status")
        .unwrap_or_default()
        .into_iter()
        .filter(known)
        .collect();
    let mut users = Map::new();
    for person in view.everybody() {
        let is_gone = person.status(view.company.today) == Status::Terminated;
        let status = if is_gone { "disabled" } else { "enabled" };
        if !wanted.is_empty() && !wanted.contains(&status) {
            continue;
        }
        let email = person
            .work_email(&view.company.domain)
            .or_else(|| person.personal_email());
        let user = json!({
            "id": person.id + USER, "employeeId": person.id, "firstName": person.first_name(), "lastName": person.last_name(),
            "email": email, "status": status,
        });
        users.insert((person.id + USER).to_string(), user);
    }
    Reply::of(200, &users)
}

/// Workplaces.
pub(super) struct Locations;

impl Resource<Wanted> for Locations {
    fn path(&self) -> &'static str {
        "locations"
    }

    fn select(&self, view: &View<Wanted>, _: &Query) -> Result<Vec<u64>, Refusal> {
        Ok(ids_from(FIRST_LOCATION, view.company.locations.len()).collect())
    }

    fn write(&self, view: &View<Wanted>, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let found = view.company.locations.get(position_of(id, FIRST_LOCATION)?);
        let location = found.ok_or(Refusal::NotFound)?;
        row.put("id", id.to_string()).put("label", &location.name);
        row.put("archived", false).put("manageable", true);
        row.put("address", address(location, id, &view.context.expanded));
        row.put("createdAt", "2019-01-01T00:00:00+00:00")
            .put_nulls(&["archivedAt"]);
        Ok(())
    }
}

fn address(location: &Location, id: u64, expanded: &[String]) -> Value {
    let place = location.place;
    let state_id = Some(place.state).filter(|state| !state.is_empty());
    let mut address = json!({
        "address1": place.street(id, 1), "address2": null, "city": place.city, "stateId": state_id,
        "zipcode": place.postal_code(id, 5), "countryId": place.country, "timezone": place.time_zone, "remoteLocation": false,
    });
    let expands = |name: &str| expanded.iter().any(|known| known == name);
    if expands("state") {
        add(
            &mut address,
            "state",
            json!({"id": state_id, "name": state_id, "abbreviation": state_id}),
        );
    }
    if expands("country") {
        add(
            &mut address,
            "country",
            json!({"id": place.country, "name": country_name(place.country), "isoCode": place.country}),
        );
    }
    address
}

/// Workplaces in pages, which are counted from 0.
pub(super) fn locations(listing: &Listing<Wanted>, asked: &Asked) -> Result<Reply, Refusal> {
    let number = asked.query.number("page", 0)?.unwrap_or(0);
    let size = asked.query.number("pageSize", 1)?.unwrap_or(500);
    let ids = listing.ids(&asked.query, true, None)?;
    let page = Page::cut(&ids, Start::page(number + 1, size), size, listing.faults);
    let link = |page: usize| json!({"href": format!("{}?page={page}&pageSize={size}", asked.path)});
    let mut links = Map::new();
    if page.has_next {
        links.insert("next".to_owned(), link(number + 1));
    }
    if number > 0 {
        links.insert("prev".to_owned(), link(number - 1));
    }
    let meta =
        json!({"page": number, "pageSize": size, "totalPages": pages(page.total, size), "totalItems": page.total});
    let mut body = b"{\"data\":".to_vec();
    listing.write_all(&page.rows, &mut body)?;
    body.extend_from_slice(b",\"meta\":");
    serde_json::to_writer(&mut body, &meta)?;
    body.extend_from_slice(b",\"_links\":");
    serde_json::to_writer(&mut body, &links)?;
    body.push(b'}');
    Ok(Reply::json(200, body))
}
