//! A page of a list: a cursor leads to the next one, and goes with the parameters of the first.

use super::{COMMON, Context};
use crate::kit::Asked;
use crate::kit::list::Listing;
use crate::kit::paging::{Cursor, Page, Start};
use crate::kit::query::Query;
use crate::kit::refusal::Refusal;
use crate::server::reply::Reply;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// The most rows of a page, which is also how many come unasked.
const MOST: usize = 100;

/// Returns where the page that is asked for begins, and the parameters with which its list was begun, in order.
pub(super) fn start(query: &Query) -> Result<(Start, String), Refusal> {
    let bad = || Refusal::parameter("cursor", "a cursor of an earlier answer to these parameters");
    let mut own = query.without(&["cursor"]);
    own.sort_unstable();
    let own = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(own)
        .finish();
    let Some(text) = query.one("cursor") else {
        return Ok((Start::First, own));
    };
    let (place, kept) = text.split_once('.').ok_or_else(bad)?;
    let cursor = Cursor::read(place).ok_or_else(bad)?;
    if kept != URL_SAFE_NO_PAD.encode(&own) {
        return Err(bad());
    }
    Ok((Start::After(cursor), own))
}

fn limit(query: &Query) -> Result<usize, Refusal> {
    Ok(query.number("page_size", 1)?.unwrap_or(MOST).min(MOST))
}

/// Refuses parameters that a list has not, and values that they cannot have.
pub(super) fn check(query: &Query, own: &[&str]) -> Result<(), Refusal> {
    if query.has_others(&[&COMMON, own].concat()) {
        return Err(Refusal::parameter("query", "parameters of this list only"));
    }
    for flag in [
        "include_deleted_data",
        "include_remote_data",
        "include_shell_data",
        "include_sensitive_fields",
    ] {
        query.flag(flag)?;
    }
    for day in [
        "created_after",
        "created_before",
        "modified_after",
        "modified_before",
        "started_after",
        "started_before",
        "terminated_after",
        "terminated_before",
    ] {
        query.date(day)?;
    }
    Ok(())
}

/// Answers for a page of a list.
pub(super) fn list(listing: &Listing<Context>, asked: &Asked, own: &[&str]) -> Result<Reply, Refusal> {
    check(&asked.query, own)?;
    let (start, kept) = start(&asked.query)?;
    let is_plain = asked.query.without(&["cursor", "page_size", "expand"]).is_empty();
    let ids = listing.ids(&asked.query, is_plain && listing.resource.lists_people(), None)?;
    let page = Page::cut(&ids, start, limit(&asked.query)?, listing.faults);
    let write = |cursor: Cursor| format!("{}.{}", cursor.write(), URL_SAFE_NO_PAD.encode(&kept));
    let next = page.last().filter(|_| page.has_next).map(write);
    let mut body = b"{\"next\":".to_vec();
    serde_json::to_writer(&mut body, &next)?;
    // A cursor that leads back is opaque, and not followed by anybody here.
    body.extend_from_slice(b",\"previous\":");
    serde_json::to_writer(&mut body, &page.first().filter(|_| page.has_previous).map(write))?;
    body.extend_from_slice(b",\"results\":");
    listing.write_all(&page.rows, &mut body)?;
    body.push(b'}');
    Ok(Reply::json(200, body))
}

/// Answers with a page of a few rows that were made already. An address stands in place of the cursor, as in a sample of the vendor's.
pub(super) fn few(rows: &[Value], asked: &Asked) -> Result<Reply, Refusal> {
    if asked.query.has_others(&["cursor", "page_size"]) {
        return Err(Refusal::parameter("query", "parameters of this list only"));
    }
    let (limit, skipped) = (limit(&asked.query)?, asked.query.number("cursor", 0)?.unwrap_or(0));
    let behind = skipped.saturating_add(limit);
    let address = || format!("{}{}?cursor={behind}&page_size={limit}", asked.base(), asked.path);
    let next = (behind < rows.len()).then(address);
    let rows: Vec<&Value> = rows.iter().skip(skipped).take(limit).collect();
    Ok(Reply::of(
        200,
        &json!({"next": next, "previous": null, "results": rows}),
    ))
}
