//! The newer API: collections with opaque page tokens, references instead of nesting, and `include` for totals, links and the
//! resources that are referred to.

mod attribute;
mod employee;
mod employment;
mod structure;

use crate::kit::Asked;
use crate::kit::caller::Caller;
use crate::kit::fault::armed::Faults;
use crate::kit::list::Listing;
use crate::kit::paging::{Cursor, Page, Start};
use crate::kit::query::{Query, read_date};
use crate::kit::refusal::Refusal;
use crate::kit::resource::Resource;
use crate::kit::row::{Row, add};
use crate::kit::system::System;
use crate::kit::veil::{Hiding, Veil};
use crate::server::reply::Reply;
use axum::http::HeaderName;
use jiff::civil::Date;
use serde_json::{Map, Value, json};

/// The header that says which version is meant, and the version there is.
pub(super) const API_VERSION: HeaderName = HeaderName::from_static("api-version");
pub(super) const VERSION: &str = "2024-11-01";
/// The most rows of a page.
const MOST: usize = 100;

/// What rows depend on: the address the API was reached under.
pub(super) struct Base(String);

/// What a caller sees of a company.
type View<'a> = crate::kit::view::View<'a, Base>;

/// A collection.
struct Collection {
    /// The word in paths, in `type` of the collection, and in scopes.
    plural: &'static str,
    resource: &'static dyn Resource<Base>,
    /// Parameters of its own.
    filters: &'static [&'static str],
    sorts: &'static [&'static str],
    /// What a row refers to and `include=embedded` brings along: the member, and the collection it refers to.
    embeds: &'static [(&'static str, &'static str)],
}

const COLLECTIONS: [Collection; 9] = [
    Collection {
        plural: "employees",
        resource: &employee::Employees,
        filters: employee::FILTERS,
        sorts: &["id", "familyName", "createdAt"],
        embeds: &[
            ("applicableEmployment", "employments"),
            ("applicableJobPosition", "job-positions"),
        ],
    },
    Collection {
        plural: "employee-personal-records",
        resource: &employee::PersonalRecords,
        filters: &["employee.id", "legalGender", "nationalitiesCountryCodes"],
        sorts: &["id"],
        embeds: &[],
    },
    Collection {
        plural: "employments",
        resource: &employment::Employments,
        filters: employment::FILTERS,
        sorts: &["id", "start.date", "end.date"],
        embeds: &[("employee", "employees"), ("legalEntity", "legal-entities")],
    },
    Collection {
        plural: "job-positions",
        resource: &employment::JobPositions,
        filters: employment::POSITION_FILTERS,
        sorts: &["id", "startsOn", "endsOn"],
        embeds: &[
            ("employment", "employments"),
            ("businessEstablishment", "business-establishments"),
            ("department", "departments"),
        ],
    },
    Collection {
        plural: "departments",
        resource: &structure::Departments,
        filters: &["isArchived"],
        sorts: &["id"],
        embeds: &[],
    },
    Collection {
        plural: "business-establishments",
        resource: &structure::Establishments,
        filters: &["isArchived", "legalEntity.id", "search"],
        sorts: &["id"],
        embeds: &[("legalEntity", "legal-entities")],
    },
    Collection {
        plural: "legal-entities",
        resource: &structure::LegalEntities,
        filters: &["isArchived", "countryCode"],
        sorts: &["id"],
        embeds: &[],
    },
    Collection {
        plural: "employee-attributes",
        resource: &attribute::Attributes,
        filters: &["definition.id", "employee.id", "applicability.asOf"],
        sorts: &["id"],
        embeds: &[],
    },
    Collection {
        plural: "employee-attribute-definitions",
        resource: &attribute::Definitions,
        filters: &[],
        sorts: &["id"],
        embeds: &[],
    },
];

fn find(path: &str) -> Option<(&'static Collection, Option<&str>)> {
    let path = path.strip_prefix("/lucca-api/")?.trim_end_matches('/');
    let (plural, id) = path
        .split_once('/')
        .map_or((path, None), |(plural, id)| (plural, Some(id)));
    let found = COLLECTIONS.iter().find(|collection| collection.plural == plural);
    found.map(|collection| (collection, id))
}

impl Collection {
    /// The scopes of which a token needs one: those of the attributes open their definitions too.
    fn scopes(&self) -> [&'static str; 2] {
        match self.plural {
            "employees" => ["employees.readonly", "employees.readwrite"],
            "employee-personal-records" => [
                "employee-personal-records.readonly",
                "employee-personal-records.readwrite",
            ],
            "employments" => ["employments.readonly", "employments.readwrite"],
            "job-positions" => ["job-positions.readonly", "job-positions.readwrite"],
            "departments" => ["departments.readonly", "departments.readwrite"],
            "business-establishments" => ["business-establishments.readonly", "business-establishments.readwrite"],
            "legal-entities" => ["legal-entities.readonly", "legal-entities.readwrite"],
            _ => ["employee-attributes.readonly", "employee-attributes.readwrite"],
        }
    }
}

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

/// Where the page that is asked for begins: page tokens open with an exclamation mark.
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
    if !caller.has_scope(&collection.scopes()) {
        return Err(Refusal::Scope(collection.scopes()[0]));
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

fn list(listing: &Listing<Base>, collection: &Collection, asked: &Asked) -> Result<Reply, Refusal> {
    let query = &asked.query;
    if query.has_others(&[&["include", "limit", "page", "sort"], collection.filters].concat()) {
        return Err(Refusal::parameter("query", "parameters of this collection only"));
    }
    let limit = query.number("limit", 1)?.unwrap_or(25);
    if limit > MOST {
        return Err(Refusal::parameter("limit", "at most 100"));
    }
    let mut ids = listing.ids(query, false, None)?.to_vec();
    if let Some(rule) = query.one("sort") {
        let (name, falls) = rule.strip_prefix('-').map_or((rule, false), |name| (name, true));
        if !collection.sorts.contains(&name) {
            return Err(Refusal::parameter(
                "sort",
                "a property that this collection can be sorted by",
            ));
        }
        sort(listing, name, &mut ids)?;
        if falls {
            ids.reverse();
        }
    }
    let page = Page::cut(&ids, start(query)?, limit, listing.faults);
    let mut rows = Vec::with_capacity(64 + page.rows.len() * 900);
    listing.write_all(&page.rows, &mut rows)?;
    let included = includes(query);
    let mut body = format!("{{\"type\":\"{}\",\"url\":", collection.plural).into_bytes();
    let query_text = asked.raw_query.map(|text| format!("?{text}")).unwrap_or_default();
    serde_json::to_writer(&mut body, &format!("{}{}{query_text}", asked.base(), asked.path))?;
    if included.contains(&"totalCount") {
        body.extend_from_slice(format!(",\"totalCount\":{}", page.total).as_bytes());
    }
    body.extend_from_slice(b",\"items\":");
    body.extend_from_slice(&rows);
    if included.contains(&"links") {
        let links = json!({
            "prev": page.first().filter(|_| page.has_previous).map(|cursor| link(asked, &format!("!-{}", cursor.write()))),
            "next": page.last().filter(|_| page.has_next).map(|cursor| link(asked, &format!("!{}", cursor.write()))),
        });
        body.extend_from_slice(b",\"links\":");
        serde_json::to_writer(&mut body, &links)?;
    }
    if included.contains(&"embedded") {
        let rows: Vec<Value> = serde_json::from_slice(&rows)?;
        body.extend_from_slice(b",\"embedded\":");
        serde_json::to_writer(&mut body, &embedded(listing, collection, &rows)?)?;
    }
    body.push(b'}');
    Ok(Reply::json(200, body))
}

fn link(asked: &Asked, token: &str) -> Value {
    let mut text = url::form_urlencoded::Serializer::new(String::new());
    text.extend_pairs(asked.query.without(&["page"]))
        .append_pair("page", token);
    json!({"href": format!("{}{}?{}", asked.base(), asked.path, text.finish())})
}

/// In the order of a property, read out of the rows.
fn sort(listing: &Listing<Base>, name: &str, ids: &mut [u64]) -> Result<(), Refusal> {
    if name == "id" {
        ids.sort_unstable();
        return Ok(());
    }
    let mut keyed = Vec::with_capacity(ids.len());
    for id in ids.iter() {
        let mut row = Vec::new();
        listing.write(*id, &mut row)?;
        let row: Value = serde_json::from_slice(&row)?;
        let value = name.split('.').try_fold(&row, |value, part| value.get(part));
        let text = value.and_then(Value::as_str).unwrap_or_default();
        keyed.push((text.to_owned(), *id));
    }
    keyed.sort();
    for (place, (_, id)) in ids.iter_mut().zip(keyed) {
        *place = id;
    }
    Ok(())
}

/// What rows refer to, by type and id.
fn embedded(listing: &Listing<Base>, collection: &Collection, rows: &[Value]) -> Result<Value, Refusal> {
    let mut all: Map<String, Value> = Map::new();
    for (member, plural) in collection.embeds {
        let Some(other) = COLLECTIONS.iter().find(|other| other.plural == *plural) else {
            continue;
        };
        let (system, caller) = (listing.system, listing.caller);
        let veil = Veil::over(
            system.dialect,
            other.resource.path(),
            caller,
            listing.faults,
            Hiding::Null,
        );
        for row in rows {
            let text = |name: &str| row.pointer(&format!("/{member}/{name}")).and_then(Value::as_str);
            let (Some(kind), Some(text)) = (text("type"), text("id")) else {
                continue;
            };
            let own = all.entry(kind).or_insert_with(|| json!({}));
            let id = other.resource.id_of(text).filter(|_| own.get(text).is_none());
            if let Some(id) = id {
                let mut written = Vec::new();
                let mut object = Row::open(&mut written, &veil);
                other.resource.write(listing.view, id, &mut object)?;
                object.close()?;
                add(own, text, serde_json::from_slice::<Value>(&written)?);
            }
        }
    }
    Ok(Value::Object(all))
}
