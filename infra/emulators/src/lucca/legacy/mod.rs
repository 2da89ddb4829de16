//! The older API: users with the fields that are named, in pages by offset; beside it contracts, structure and pay in pages by
//! number.

mod contract;
mod department;
mod extension;
pub(super) use extension::{definition, option_id};
mod field;
mod pay;
mod structure;
mod user;

use crate::kit::Asked;
use crate::kit::caller::Caller;
use crate::kit::fault::armed::Faults;
use crate::kit::list::Listing;
use crate::kit::paging::{Page, Start, pages};
use crate::kit::query::Query;
use crate::kit::refusal::Refusal;
use crate::kit::resource::Resource;
use crate::kit::system::System;
use crate::kit::veil::Hiding;
use crate::server::reply::Reply;
use field::Fields;
use serde_json::json;

/// The most rows of `paging`, and as many as come unasked.
const MOST: usize = 1_000;

/// What rows depend on: the address the API was reached under, and the fields that are asked for.
pub(super) struct Wanted {
    base: String,
    fields: Fields,
}

/// What a caller sees of a company.
type View<'a> = crate::kit::view::View<'a, Wanted>;

/// How a list is paged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Paging {
    /// `paging=0,1000`, inside `data`.
    Offset,
    /// `page=1&limit=10`, bare.
    Number,
}

/// Every list.
const LISTS: [(&str, Paging, &dyn Resource<Wanted>); 11] = [
    ("/api/v3/users", Paging::Offset, &user::Users),
    ("/api/v3/departments", Paging::Offset, &department::Departments),
    (
        "/api/v3/extensionuserdefinitions",
        Paging::Offset,
        &extension::Definitions,
    ),
    (
        "/organization/structure/api/establishments",
        Paging::Number,
        &structure::Establishments,
    ),
    (
        "/organization/structure/api/legal-units",
        Paging::Number,
        &structure::LegalUnits,
    ),
    (
        "/organization/structure/api/departments",
        Paging::Number,
        &department::Plain,
    ),
    (
        "/directory/api/4.0/work-contracts",
        Paging::Number,
        &contract::Contracts,
    ),
    (
        "/directory/api/work-contract-types",
        Paging::Number,
        &contract::Names::Types,
    ),
    (
        "/directory/api/work-contract-hiring-types",
        Paging::Number,
        &contract::Names::HiringTypes,
    ),
    (
        "/directory/api/work-contract-termination-reasons",
        Paging::Number,
        &contract::Names::Reasons,
    ),
    ("/remuneration/api/fixed-items", Paging::Number, &pay::FixedItems),
];

/// What a path asks for: a list, or one row of it.
fn find(path: &str) -> Option<(Paging, &'static dyn Resource<Wanted>, Option<&str>)> {
    let path = path.trim_end_matches('/');
    if let Some((_, paging, resource)) = LISTS.iter().find(|(known, ..)| *known == path) {
        return Some((*paging, *resource, None));
    }
    let (list, id) = path.rsplit_once('/')?;
    let (_, paging, resource) = LISTS.iter().find(|(known, ..)| *known == list)?;
    Some((*paging, *resource, Some(id)))
}

/// Whether a list is asked for, and which page of it.
pub(super) fn place(asked: &Asked) -> (bool, Option<u64>) {
    match find(asked.path) {
        Some((paging, _, None)) => {
            let window = Window::read(paging, &asked.query).ok();
            (true, window.map(|window| window.start.number(window.limit)))
        }
        Some((_, _, Some(_))) | None => (false, None),
    }
}

/// The rows that are asked for.
struct Window {
    start: Start,
    limit: usize,
    number: usize,
}

impl Window {
    fn read(paging: Paging, query: &Query) -> Result<Self, Refusal> {
        if paging == Paging::Number {
            let number = query.number("page", 1)?.unwrap_or(1);
            let limit = query.number("limit", 1)?.unwrap_or(10).min(MOST);
            return Ok(Self {
                start: Start::page(number, limit),
                limit,
                number,
            });
        }
        let bad = || Refusal::parameter("paging", "two whole numbers with a comma, an offset and a limit");
        let (skipped, limit) = match query.one("paging") {
            None => (0, MOST),
            Some(text) => {
                let (skipped, limit) = text.split_once(',').ok_or_else(bad)?;
                let read = |text: &str| text.trim().parse::<usize>().map_err(|_| bad());
                (read(skipped)?, read(limit)?.min(MOST))
            }
        };
        if limit == 0 {
            return Err(bad());
        }
        Ok(Self {
            start: Start::Offset(skipped),
            limit,
            number: 1,
        })
    }
}

/// Answers a request to the older API.
pub(super) fn answer(system: &System, caller: &Caller, asked: &Asked, faults: &Faults) -> Result<Reply, Refusal> {
    let companies = system.stage.companies();
    let company = companies.get(caller.company).ok_or(Refusal::NotFound)?;
    let view = |fields| {
        let wanted = Wanted {
            base: asked.base(),
            fields,
        };
        View::of(company, caller, faults, false, wanted)
    };
    if let Some(number) = asked.path.strip_prefix("/api/v3/axes/") {
        return structure::axis(&view(Fields::default()), number);
    }
    let (paging, resource, id) = find(asked.path).ok_or(Refusal::NotFound)?;
    let view = view(Fields::read(asked.query.one("fields").unwrap_or_default())?);
    let listing = Listing::open(system, caller, &view, resource, faults, Hiding::Null)?;
    match id {
        Some(id) => one(&listing, paging, id),
        None => list(&listing, paging, asked),
    }
}

fn one(listing: &Listing<Wanted>, paging: Paging, id: &str) -> Result<Reply, Refusal> {
    let id = listing.resource.id_of(id);
    // The vendor's description has a 500 for a user who is not there.
    let unknown = |refusal: Refusal| {
        let is_nobody = refusal.is_not_found() && listing.resource.lists_people();
        if is_nobody { Refusal::Broken } else { refusal }
    };
    let everybody = Query::parse(Some("formerEmployees=true&isArchived=true,false"));
    let row = id
        .ok_or(Refusal::NotFound)
        .and_then(|id| listing.one(id, &everybody, false));
    let row = row.map_err(unknown)?;
    if paging == Paging::Number {
        return Ok(Reply::json(200, row));
    }
    Ok(Reply::json(200, [b"{\"data\":".as_slice(), &row, b"}"].concat()))
}

fn list(listing: &Listing<Wanted>, paging: Paging, asked: &Asked) -> Result<Reply, Refusal> {
    let query = &asked.query;
    let ids = listing.ids(query, false, None)?;
    let window = Window::read(paging, query)?;
    let page = Page::cut(&ids, window.start, window.limit, listing.faults);
    let mut rows = Vec::with_capacity(64 + page.rows.len() * 500);
    listing.write_all(&page.rows, &mut rows)?;
    let mut body = Vec::with_capacity(rows.len() + 200);
    if paging == Paging::Offset {
        body.extend_from_slice(b"{\"header\":{\"generated\":\"emulated\"},\"data\":{\"items\":");
        body.extend_from_slice(&rows);
        if listing.view.context.fields.asks_for_count() {
            body.extend_from_slice(format!(",\"count\":{}", page.total).as_bytes());
        }
        body.extend_from_slice(b"}}");
        return Ok(Reply::json(200, body));
    }
    let asked_for = query.commas("fields.root").unwrap_or_default();
    let is_asked_for = |name: &str| asked_for.contains(&name);
    let link = |number: usize| {
        let mut text = url::form_urlencoded::Serializer::new(String::new());
        text.extend_pairs(query.without(&["page"]))
            .append_pair("page", &number.to_string());
        json!({"href": format!("{}{}?{}", asked.base(), asked.path, text.finish())})
    };
    let number = window.number;
    let last = pages(ids.len(), window.limit).max(if page.has_next { number + 1 } else { 0 });
    body.extend_from_slice(b"{\"items\":");
    body.extend_from_slice(&rows);
    for (name, value) in [
        ("count", json!(page.total)),
        ("prev", json!((number > 1).then(|| link(number - 1)))),
        ("next", json!((number < last).then(|| link(number + 1)))),
    ] {
        if is_asked_for(name) || (asked_for.is_empty() && name != "count") {
            body.extend_from_slice(format!(",\"{name}\":{value}").as_bytes());
        }
    }
    body.push(b'}');
    Ok(Reply::json(200, body))
}
