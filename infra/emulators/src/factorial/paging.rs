//! Cursor paging: `limit` (100 unless less is asked for, more is clamped), `after_id` or `before_id`, ascending by id
//! (vendor documentation, "Pagination").

use super::query::Query;
use super::refusal::Refusal;
use crate::fault::armed::{Faults, Sign};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

/// The most rows of a page, and as many as come unasked.
pub(super) const MOST: usize = 100;

/// The `meta` member of every list.
#[derive(Debug, Serialize)]
pub(super) struct Meta {
    has_next_page: bool,
    has_previous_page: bool,
    start_cursor: Option<String>,
    end_cursor: Option<String>,
    total: usize,
    limit: Option<usize>,
}

/// Where a page begins or ends: a row's id, and the number of the page it is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cursor {
    id: u64,
    page: u64,
}

impl Cursor {
    fn write(self) -> String {
        URL_SAFE_NO_PAD.encode(format!("{}|{}", self.id, self.page))
    }

    fn read(text: &str) -> Option<Self> {
        let plain = String::from_utf8(URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()?).ok()?;
        let (id, page) = plain.split_once('|')?;
        Some(Self {
            id: id.parse().ok()?,
            page: page.parse().ok()?,
        })
    }
}

/// The page asked for, from 1; going backwards counts down.
pub(super) fn page_number(query: &Query) -> u64 {
    match (
        query.one("after_id").and_then(Cursor::read),
        query.one("before_id").and_then(Cursor::read),
    ) {
        (Some(after), _) => after.page + 1,
        (None, Some(before)) => before.page.saturating_sub(1).max(1),
        (None, None) => 1,
    }
}

/// The rows of the page asked for, and what `meta` says of it.
pub(super) fn cut(ids: &[u64], query: &Query, faults: &Faults) -> Result<(Vec<u64>, Meta), Refusal> {
    let limit = match query.one("limit") {
        None => MOST,
        Some(text) => match text.parse() {
            Ok(limit) if limit > 0 => MOST.min(limit),
            Ok(_) | Err(_) => return Err(Refusal::Parameter("limit", "a whole number from 1")),
        },
    };
    let cursor = |name| match query.one(name) {
        None => Ok(None),
        Some(text) => Cursor::read(text)
            .map(Some)
            .ok_or(Refusal::Parameter(name, "a cursor of an earlier answer")),
    };
    let (start, end) = match (cursor("after_id")?, cursor("before_id")?) {
        (Some(after), _) => {
            let start = ids.partition_point(|id| *id <= after.id);
            (start, ids.len().min(start + limit))
        }
        (None, Some(before)) => {
            let end = ids.partition_point(|id| *id < before.id);
            (end.saturating_sub(limit), end)
        }
        (None, None) => (0, ids.len().min(limit)),
    };
    let mut rows = ids.get(start..end).unwrap_or_default().to_vec();
    let page = page_number(query);
    let mark = |id: Option<&u64>| id.map(|id| Cursor { id: *id, page }.write());
    let mut meta = Meta {
        has_next_page: end < ids.len(),
        has_previous_page: start > 0,
        start_cursor: mark(rows.first()),
        end_cursor: mark(rows.last()),
        total: ids.len(),
        // Seen by others' clients: no limit is stated where ids were named.
        limit: query.many("ids[]").is_none().then_some(limit),
    };
    if faults.shows(Sign::RepeatCursor) {
        meta.has_next_page = true;
        meta.end_cursor = query.one("after_id").map(str::to_owned).or(meta.end_cursor);
    }
    if let (true, Some(last)) = (faults.shows(Sign::DuplicateRow), rows.last().copied()) {
        rows.push(last);
    }
    if faults.shows(Sign::WrongTotal) {
        meta.total += meta.total / 10 + 1;
    }
    Ok((rows, meta))
}
