//! The newer list of employees, with cursors, which tokens alone may ask for.

use super::field::Which;
use super::filter::Key;
use super::look::Look;
use super::report::{Column, People, Wanted};
use crate::kit::Asked;
use crate::kit::list::Listing;
use crate::kit::paging::{Cursor, Page, Start};
use crate::kit::query::Query;
use crate::kit::refusal::Refusal;
use crate::kit::resource::Resource;
use crate::kit::row::{Row, add};
use crate::kit::view::View;
use crate::server::reply::Reply;
use serde_json::json;
use std::borrow::Cow;

/// What the list always has, by its own names.
const ALWAYS: [&str; 5] = ["firstName", "lastName", "preferredName", "jobTitleName", "status"];
/// What the list can be sorted by.
const SORTS: [&str; 6] = [
    "employeeId",
    "firstName",
    "lastName",
    "preferredName",
    "jobTitleName",
    "status",
];
/// The people of the list.
pub(super) struct Listed;

impl Resource<Wanted> for Listed {
    fn path(&self) -> &'static str {
        "list"
    }

    fn lists_people(&self) -> bool {
        true
    }

    fn select(&self, view: &View<Wanted>, query: &Query) -> Result<Vec<u64>, Refusal> {
        People.select(view, query)
    }

    fn write(&self, view: &View<Wanted>, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let person = view.company.find_person(id).ok_or(Refusal::NotFound)?;
        let shown = view.shown(person);
        let look = Look::current(view.company, &shown);
        let columns = view.context.columns.iter();
        let restricted: Vec<&str> = columns
            .clone()
            .map(|column| column.name.as_str())
            .filter(|name| row.veil().hides(name))
            .collect();
        row.put("employeeId", id.to_string()).put("photoUrl", photo(view, id));
        for column in columns {
            row.put(&column.name, column.field.value(&look));
        }
        row.put("_restrictedFields", restricted);
        Ok(())
    }
}

/// A signed address, another one every day.
fn photo(view: &View<Wanted>, id: u64) -> String {
    let signature = crate::draw::draw(id, view.company.revision);
    format!("https://photos.example/{id}.jpg?Signature={signature:016x}")
}

fn refuse(code: &str, message: &str) -> Refusal {
    Refusal::own(Reply::of(400, &json!({"error": {"code": code, "message": message}})))
}

/// What the list depends on; names that are unknown are left out silently.
pub(super) fn wanted(asked: &Asked) -> Wanted {
    let more = asked.query.commas("fields").unwrap_or_default();
    let names = ALWAYS.into_iter().chain(more);
    let columns = Column::find(names).into_iter();
    let is_listed = |column: &Column| match column.field {
        Which::Own(field) => field.list == column.name && column.name != "employeeId",
        Which::Custom(_) => false,
    };
    Wanted {
        columns: columns.filter(is_listed).collect(),
        only_current: true,
        ..Wanted::default()
    }
}

/// Returns whether the parameters keep a person. A filter on a field that may not be seen keeps nobody.
fn keeps(listing: &Listing<Wanted>, asked: &Asked, id: u64) -> bool {
    let view = listing.view;
    let Some(person) = view.company.find_person(id) else {
        return false;
    };
    let look = Look::current(view.company, person);
    let contains = |name: &'static str| {
        let Some(part) = asked.query.one(&format!("filter[{name}]")) else {
            return true;
        };
        let own = Which::find(name)
            .and_then(|field| field.value(&look))
            .unwrap_or_default();
        !listing.veil.hides(name) && own.to_lowercase().contains(&part.to_lowercase())
    };
    let ids = asked
        .query
        .ids("filter[ids][]")
        .or_else(|| asked.query.comma_ids("filter[ids]"));
    let status = asked.query.one("filter[status]");
    ids.is_none_or(|ids| ids.contains(&id))
        && status.is_none_or(|status| look.status().eq_ignore_ascii_case(status))
        && ["firstName", "lastName", "jobTitleName"].into_iter().all(contains)
}

/// A page of the list.
pub(super) fn answer(listing: &Listing<Wanted>, asked: &Asked) -> Result<Reply, Refusal> {
    let query = &asked.query;
    if query
        .one("filter[status]")
        .is_some_and(|status| !["active", "inactive"].contains(&status))
    {
        return Err(refuse("BadRequest", "filter[status] must be active or inactive"));
    }
    let limit = match query.one("page[limit]").map(str::parse) {
        None => 250,
        Some(Ok(limit)) if (1..=2_500).contains(&limit) => limit,
        Some(_) => return Err(refuse("BadRequest", "page[limit] must be from 1 to 2500")),
    };
    let kept = |id: u64| keeps(listing, asked, id);
    let is_filtered = query.has_others(&["fields", "sort", "page[limit]", "page[after]", "page[before]"]);
    let ids = listing.ids(query, true, is_filtered.then_some(&kept as &dyn Fn(u64) -> bool))?;
    let ids = sorted(listing, asked, ids.to_vec())?;
    let cursor = |name: &str| {
        let read = |text| Cursor::read(text).filter(|cursor| ids.contains(&cursor.id));
        let bad = || refuse("BadPage", "The cursor leads nowhere");
        query.one(name).map(|text| read(text).ok_or_else(bad)).transpose()
    };
    let start = match (cursor("page[after]")?, cursor("page[before]")?) {
        (Some(_), Some(_)) => return Err(refuse("BadPage", "page[after] and page[before] exclude each other")),
        (Some(after), None) => Start::After(after),
        (None, Some(before)) => Start::Before(before),
        (None, None) => Start::First,
    };
    let page = Page::cut(&ids, start, limit, listing.faults);
    let next = page.last().filter(|_| page.has_next).map(Cursor::write);
    let previous = page.first().filter(|_| page.has_previous).map(Cursor::write);
    let own = query.without(&["page[after]", "page[before]"]);
    let link = |more: &[(&str, &str)]| {
        let mut text = url::form_urlencoded::Serializer::new(String::new());
        text.extend_pairs(own.iter().chain(more));
        json!({"href": format!("{}{}?{}", asked.base(), asked.path, text.finish())})
    };
    let mut links =
        json!({"self": {"href": format!("{}{}?{}", asked.base(), asked.path, asked.raw_query.unwrap_or_default())}});
    if let Some(next) = &next {
        add(&mut links, "next", link(&[("page[after]", next)]));
    }
    if let Some(previous) = &previous {
        add(&mut links, "prev", link(&[("page[before]", previous)]));
    }
    let meta = json!({"total": page.total, "page": {"limit": limit, "nextCursor": next, "prevCursor": previous}});
    let mut body = b"{\"data\":".to_vec();
    listing.write_all(&page.rows, &mut body)?;
    body.extend_from_slice(b",\"meta\":");
    serde_json::to_writer(&mut body, &meta)?;
    body.extend_from_slice(b",\"_links\":");
    serde_json::to_writer(&mut body, &links)?;
    body.push(b'}');
    Ok(Reply::json(200, body))
}

/// In the order that is asked for; by a field that may not be seen there is nobody.
fn sorted(listing: &Listing<Wanted>, asked: &Asked, mut ids: Vec<u64>) -> Result<Vec<u64>, Refusal> {
    for rule in asked.query.commas("sort").unwrap_or_default().into_iter().rev() {
        let (name, falls) = rule.strip_prefix('-').map_or((rule, false), |name| (name, true));
        if !SORTS.contains(&name) {
            return Err(refuse("BadRequest", "sort names a field that cannot be sorted by"));
        }
        if listing.veil.hides(name) {
            ids.clear();
        }
        if let Some(field) = Which::find(name) {
            ids.sort_by_cached_key(|id| {
                let person = listing.view.company.find_person(*id);
                let value = person.and_then(|person| field.value(&Look::current(listing.view.company, person)));
                Key::of(value.map(Cow::into_owned), falls)
            });
        }
    }
    Ok(ids)
}
