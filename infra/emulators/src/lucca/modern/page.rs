//! A page of a collection, and what its rows refer to.

use super::collection::{COLLECTIONS, Collection};
use super::{Base, includes, start};
use crate::kit::Asked;
use crate::kit::list::Listing;
use crate::kit::paging::Page;
use crate::kit::refusal::Refusal;
use crate::kit::row::{Row, add};
use crate::kit::veil::{Hiding, Veil};
use crate::server::reply::Reply;
use serde_json::{Map, Value, json};

/// The most rows of a page.
const MOST: usize = 100;

/// Answers for a page of a collection.
pub(super) fn list(listing: &Listing<Base>, collection: &Collection, asked: &Asked) -> Result<Reply, Refusal> {
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
pub(super) fn embedded(listing: &Listing<Base>, collection: &Collection, rows: &[Value]) -> Result<Value, Refusal> {
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
