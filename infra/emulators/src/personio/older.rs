//! Version 1: tokens for a client that stands in the body, people with a number, and the attributes there are.

use super::{Base, View, field, stamp};
use crate::company::truth::Truth;
use crate::kit::Asked;
use crate::kit::caller::{Caller, Means};
use crate::kit::fault::armed::Faults;
use crate::kit::list::Listing;
use crate::kit::paging::{Page, Start};
use crate::kit::query::Query;
use crate::kit::refusal::Refusal;
use crate::kit::resource::Resource;
use crate::kit::row::Row;
use crate::kit::system::System;
use crate::kit::token::Grant;
use crate::kit::veil::Hiding;
use crate::person::Status;
use crate::server::reply::Reply;
use axum::http::header::AUTHORIZATION;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Where tokens are given.
pub(super) const AUTH: &str = "/v1/auth";
const EMPLOYEES: &str = "/v1/company/employees";
const ATTRIBUTES: [&str; 2] = [
    "/v1/company/employees/attributes",
    "/v1/company/employees/custom-attributes",
];
/// What tokens of this version are good for.
const SCOPE: &str = "employees:read";
/// The most rows of a page.
const MOST: usize = 100;

/// Attributes that every customer has: key, label, type.
const STANDARD: [(&str, &str, &str); 15] = [
    ("id", "ID", "integer"),
    ("first_name", "First name", "standard"),
    ("last_name", "Last name", "standard"),
    ("preferred_name", "Preferred name", "standard"),
    ("email", "Email", "standard"),
    ("status", "Status", "standard"),
    ("position", "Position", "standard"),
    ("hire_date", "Hire date", "date"),
    ("termination_date", "Termination date", "date"),
    ("department", "Department", "standard"),
    ("team", "Team", "standard"),
    ("office", "Office", "standard"),
    ("supervisor", "Supervisor", "standard"),
    ("fix_salary", "Fix salary", "decimal"),
    ("fix_salary_interval", "Salary interval", "standard"),
];

/// An error of this version.
pub(super) fn error(status: u16, message: &str) -> Reply {
    Reply::of(
        status,
        &json!({"success": false, "error": {"code": status, "message": message}}),
    )
}

/// Whether a path is that of the list of people.
pub(super) fn is_list(path: &str) -> bool {
    path == EMPLOYEES
}

/// The client that stands in the body, as JSON or as a form. One that stands in the address is refused.
pub(super) fn client(system: &System, asked: &Asked) -> Result<Caller, Refusal> {
    let form = || url::form_urlencoded::parse(asked.body).into_owned().collect();
    let given: BTreeMap<String, String> = serde_json::from_slice(asked.body).unwrap_or_else(|_| form());
    let text = |name: &str| given.get(name).map(String::as_str).unwrap_or_default();
    let mut clients = system.clients().iter();
    let known = clients.find(|client| client.id == text("client_id") && client.secret == text("client_secret"));
    let known = known.filter(|_| asked.method == axum::http::Method::POST);
    known
        .and_then(|client| system.nobody(client.company, Means::ClientToken))
        .ok_or(Refusal::NoCredential)
}

/// Gives a token to the client that asks.
fn give_token(system: &System, caller: &Caller) -> Reply {
    let grant = Grant {
        caller: caller.clone(),
        scope: SCOPE.to_owned(),
        redirect_uri: String::new(),
        challenge: None,
    };
    let issued = system.tokens().issue(grant, system.now());
    let shown = format!("Bearer {}", issued.access_token);
    let data = json!({"token": issued.access_token, "expires_in": issued.expires_in, "scope": issued.scope});
    Reply::of(200, &json!({"success": true, "data": data})).with(AUTHORIZATION, shown)
}

/// Answers a request to this version.
pub(super) fn answer(system: &System, caller: &Caller, asked: &Asked, faults: &Faults) -> Result<Reply, Refusal> {
    if asked.path == AUTH {
        return Ok(give_token(system, caller));
    }
    if !caller.has_scope(&[SCOPE]) {
        return Err(Refusal::Scope(SCOPE));
    }
    if !asked.is_get() {
        return Err(Refusal::NotFound);
    }
    if ATTRIBUTES.contains(&asked.path) {
        return Ok(attributes());
    }
    let companies = system.stage.companies();
    let company = companies.get(caller.company).ok_or(Refusal::NotFound)?;
    let view = View::of(company, caller, faults, false, Base(asked.base()));
    let listing = Listing::open(system, caller, &view, &Employees, faults, Hiding::Absence)?;
    match asked
        .path
        .strip_prefix(EMPLOYEES)
        .and_then(|rest| rest.strip_prefix('/'))
    {
        None if asked.path == EMPLOYEES => list(&listing, &asked.query),
        None => Err(Refusal::NotFound),
        Some(id) => {
            let id = Employees.id_of(id).ok_or(Refusal::NotFound)?;
            let row: Value = serde_json::from_slice(&listing.one(id, &Query::default(), false)?)?;
            Ok(Reply::of(200, &json!({"success": true, "data": wrapped(row)})))
        }
    }
}

/// The attributes that a client may read.
fn attributes() -> Reply {
    let standard = STANDARD.iter().map(
        |(key, label, kind)| json!({"key": key, "label": label, "type": kind, "universal_id": key, "options": []}),
    );
    let own = field::all().map(|field| {
        json!({
            "key": field.id, "label": field.label, "type": field.older(), "universal_id": field.preset, "options": field.options(),
        })
    });
    let data: Vec<Value> = standard.chain(own).collect();
    Reply::of(200, &json!({"success": true, "data": data}))
}

/// A row as this version shows it: each value with its label and type.
fn wrapped(row: Value) -> Value {
    let Value::Object(row) = row else {
        return row;
    };
    let known = |key: &str| {
        let standard = STANDARD.iter().find(|(own, _, _)| *own == key);
        let standard = standard.map(|(key, label, kind)| ((*label).to_owned(), *kind, json!(key)));
        let own = || field::all().find(|field| field.id == key);
        standard.or_else(|| own().map(|field| (field.label.clone(), field.older(), json!(field.preset))))
    };
    let wrap = |(key, value): (String, Value)| {
        let (label, kind, universal) = known(&key)?;
        let value = json!({"label": label, "value": value, "type": kind, "universal_id": universal});
        Some((key, value))
    };
    let attributes: Map<String, Value> = row.into_iter().filter_map(wrap).collect();
    json!({"type": "Employee", "attributes": attributes})
}

/// A page of people.
fn list(listing: &Listing<Base>, query: &Query) -> Result<Reply, Refusal> {
    let (limit, offset) = (
        query.number("limit", 1)?.unwrap_or(50),
        query.number("offset", 0)?.unwrap_or(0),
    );
    if limit > MOST {
        return Err(Refusal::parameter("limit", "at most 100"));
    }
    let is_whole = query.without(&["limit", "offset", "attributes[]"]).is_empty();
    let ids = listing.ids(query, is_whole, None)?;
    let page = Page::cut(&ids, Start::Offset(offset), limit, listing.faults);
    let mut rows = Vec::new();
    listing.write_all(&page.rows, &mut rows)?;
    let rows: Vec<Value> = serde_json::from_slice(&rows)?;
    let data: Vec<Value> = rows.into_iter().map(wrapped).collect();
    let metadata = json!({
        "total_elements": page.total, "current_page": offset / limit, "total_pages": page.total.div_ceil(limit),
    });
    Ok(Reply::of(
        200,
        &json!({"success": true, "metadata": metadata, "offset": offset, "limit": limit, "data": data}),
    ))
}

/// People.
struct Employees;

impl Resource<Base> for Employees {
    fn path(&self) -> &'static str {
        "employees"
    }

    fn lists_people(&self) -> bool {
        true
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let email = query.one("email");
        let fits = |person: &&crate::person::Person| {
            let own = view
                .shown(person)
                .work_email(&view.company.domain)
                .map(std::borrow::Cow::into_owned);
            email.is_none_or(|email| own.as_deref() == Some(email))
        };
        Ok(view.everybody().filter(fits).map(|person| person.id).collect())
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let person = view.company.find_person(id).ok_or(Refusal::NotFound)?;
        let (shown, company) = (view.shown(person), view.company);
        let truth = Truth { company, person };
        let named = |kind: &str, name: Option<std::borrow::Cow<'_, str>>| {
            name.map(|name| json!({"type": kind, "attributes": {"id": 1, "name": name}}))
        };
        let status = match person.status(company.today) {
            Status::Active => "active",
            Status::Upcoming => "onboarding",
            Status::Terminated => "inactive",
        };
        let day = |day: Option<jiff::civil::Date>| day.map(|day| stamp(day).replace("08:30:00Z", "00:00:00+01:00"));
        let manager = person.manager.map(|id| {
            json!({"type": "Employee", "attributes": {"id": {"label": "ID", "value": id, "type": "integer", "universal_id": "id"}}})
        });
        row.put("id", id).put("first_name", shown.first_name());
        row.put("last_name", shown.last_name())
            .put("preferred_name", shown.known_as());
        row.put("email", shown.work_email(&company.domain))
            .put("status", status);
        row.put("position", truth.value("job_title"));
        row.put("hire_date", day(Some(person.starts_on)));
        row.put("termination_date", day(person.ends_on));
        row.put("department", named("Department", truth.value("department")));
        row.put("team", named("Team", truth.value("team")));
        row.put("office", named("Office", truth.value("work_location")));
        row.put("supervisor", manager);
        row.put("fix_salary", truth.value("pay_rate"));
        row.put("fix_salary_interval", truth.value("pay_period"));
        for field in field::all() {
            let is_shown = !row.veil().drops(field.member());
            if is_shown {
                row.put(&field.id, field.value(view, person));
            }
        }
        Ok(())
    }
}
