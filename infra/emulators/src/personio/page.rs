//! A page of a list of version 2: a cursor leads to the next one, and keeps the parameters of the first.

use super::Base;
use crate::kit::Asked;
use crate::kit::list::Listing;
use crate::kit::paging::{Cursor, Page, Start};
use crate::kit::query::Query;
use crate::kit::refusal::Refusal;
use crate::server::reply::Reply;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// What every cursor begins with.
const OPENING: &str = "cur_";

/// Returns where the page that is asked for begins, and the parameters that its cursor keeps.
pub(super) fn start(query: &Query) -> Result<(Start, String), Refusal> {
    let bad = || Refusal::parameter("cursor", "a cursor of an earlier answer");
    let Some(text) = query.one("cursor") else {
        return Ok((Start::First, String::new()));
    };
    let (place, kept) = text
        .strip_prefix(OPENING)
        .and_then(|text| text.split_once('.'))
        .ok_or_else(bad)?;
    let kept = URL_SAFE_NO_PAD
        .decode(kept)
        .ok()
        .and_then(|kept| String::from_utf8(kept).ok());
    let cursor = Cursor::read(place).ok_or_else(bad)?;
    Ok((Start::After(cursor), kept.ok_or_else(bad)?))
}

/// Answers for a page of a list that has at most so many rows.
pub(super) fn list(listing: &Listing<Base>, asked: &Asked, most: usize) -> Result<Reply, Refusal> {
    let (start, kept) = start(&asked.query)?;
    let mut own = url::form_urlencoded::Serializer::new(String::new());
    let own = own.extend_pairs(asked.query.without(&["cursor"])).finish();
    let text = if own.is_empty() { kept } else { own };
    let query = Query::parse(Some(&text));
    let limit = query.number("limit", 1)?.unwrap_or(10);
    if limit > most {
        return Err(Refusal::parameter("limit", "at most 50"));
    }
    let is_whole = query.without(&["limit"]).is_empty() && listing.resource.lists_people();
    let ids = listing.ids(&query, is_whole, None)?;
    let page = Page::cut(&ids, start, limit, listing.faults);
    let mut body = b"{\"_data\":".to_vec();
    listing.write_all(&page.rows, &mut body)?;
    let own = format!("{}{}", asked.base(), asked.path);
    let mut links = json!({"self": {"href": own}});
    if let Some(cursor) = page.last().filter(|_| page.has_next) {
        let cursor = format!("{OPENING}{}.{}", cursor.write(), URL_SAFE_NO_PAD.encode(&text));
        let mut next = url::form_urlencoded::Serializer::new(String::new());
        let next = next.append_pair("cursor", &cursor).finish();
        if let Some(links) = links.as_object_mut() {
            links.insert("next".to_owned(), json!({"href": format!("{own}?{next}")}));
        }
    }
    body.extend_from_slice(b",\"_meta\":");
    serde_json::to_writer(&mut body, &Value::from_iter([("links", links)]))?;
    body.push(b'}');
    Ok(Reply::json(200, body))
}
