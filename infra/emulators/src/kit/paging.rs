//! Pages of a list of ids: by cursor, by offset, by page number. How a page is asked for and described is each dialect's own.

use super::fault::armed::{Faults, Sign};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Where a page begins or ends: a row's id, and the number of the page it is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cursor {
    pub(crate) id: u64,
    pub(crate) page: u64,
}

impl Cursor {
    /// Returns the cursor as a text that tells nothing.
    pub(crate) fn write(self) -> String {
        URL_SAFE_NO_PAD.encode(format!("{}|{}", self.id, self.page))
    }

    /// Reads what `write` wrote.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let plain = String::from_utf8(URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()?).ok()?;
        let (id, page) = plain.split_once('|')?;
        Some(Self {
            id: id.parse().ok()?,
            page: page.parse().ok()?,
        })
    }
}

/// Where a page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    /// At the first row.
    First,
    /// After the row of a cursor.
    After(Cursor),
    /// The page ends before the row of a cursor.
    Before(Cursor),
    /// After this many rows.
    Offset(usize),
}

impl Start {
    /// The page of this number, from 1.
    pub(crate) const fn page(number: usize, limit: usize) -> Self {
        Self::Offset(number.saturating_sub(1).saturating_mul(limit))
    }

    /// The number of the page that begins here, from 1; going backwards counts down.
    pub(crate) fn number(self, limit: usize) -> u64 {
        match self {
            Self::First => 1,
            Self::After(cursor) => cursor.page + 1,
            Self::Before(cursor) => cursor.page.saturating_sub(1).max(1),
            Self::Offset(skipped) => (skipped / limit.max(1)) as u64 + 1,
        }
    }
}

/// A page of a list.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) rows: Vec<u64>,
    /// How many rows the list has.
    pub(crate) total: usize,
    /// From 1.
    pub(crate) number: u64,
    pub(crate) has_next: bool,
    pub(crate) has_previous: bool,
    start: Start,
    is_stuck: bool,
}

impl Page {
    /// Cuts a page out of a list. With a cursor, the list is looked through from the row the cursor names; where that row is
    /// gone from an ascending list, from the next one.
    pub(crate) fn cut(ids: &[u64], start: Start, limit: usize, faults: &Faults) -> Self {
        let is_stuck = faults.shows(Sign::RepeatCursor);
        let (from, to) = match start {
            Start::First => (0, limit),
            Start::After(after) => {
                let from = position(ids, after.id).map_or_else(|next| next, |found| found + 1);
                (from, from.saturating_add(limit))
            }
            Start::Before(before) => {
                let to = position(ids, before.id).unwrap_or_else(|next| next);
                (to.saturating_sub(limit), to)
            }
            Start::Offset(_) if is_stuck => (0, limit),
            Start::Offset(skipped) => (skipped.min(ids.len()), skipped.saturating_add(limit)),
        };
        let to = to.min(ids.len());
        let mut rows = ids.get(from..to).unwrap_or_default().to_vec();
        if let (true, Some(last)) = (faults.shows(Sign::DuplicateRow), rows.last().copied()) {
            rows.push(last);
        }
        let mut total = ids.len();
        if faults.shows(Sign::WrongTotal) {
            total += total / 10 + 1;
        }
        let claims_more = faults.shows(Sign::EmptyPage) && from < to;
        Self {
            has_next: to < ids.len() || is_stuck || claims_more,
            has_previous: from > 0,
            number: start.number(limit),
            rows,
            total,
            start,
            is_stuck,
        }
    }

    /// The whole list as one page.
    pub(crate) fn whole(ids: &[u64], faults: &Faults) -> Self {
        Self::cut(ids, Start::First, usize::MAX, faults)
    }

    /// Returns where the rows begin.
    pub(crate) fn first(&self) -> Option<Cursor> {
        self.rows.first().map(|id| Cursor {
            id: *id,
            page: self.number,
        })
    }

    /// Returns where the rows end; where the list is stuck, the cursor that led here.
    pub(crate) fn last(&self) -> Option<Cursor> {
        let own = self.rows.last().map(|id| Cursor {
            id: *id,
            page: self.number,
        });
        match self.start {
            Start::After(cursor) if self.is_stuck => Some(cursor),
            Start::First | Start::After(_) | Start::Before(_) | Start::Offset(_) => own,
        }
    }
}

/// Returns where an id stands, or where it would stand, in an ascending list.
fn position(ids: &[u64], id: u64) -> Result<usize, usize> {
    match ids.binary_search(&id) {
        Ok(found) => Ok(found),
        Err(next) => ids.iter().position(|other| *other == id).ok_or(next),
    }
}

/// How many pages of `limit` rows a list has; at least one.
pub(crate) const fn pages(total: usize, limit: usize) -> usize {
    let pages = total.div_ceil(if limit == 0 { 1 } else { limit });
    if pages == 0 { 1 } else { pages }
}
