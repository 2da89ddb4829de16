//! Paging (vendor documentation, "Pagination"): at most 100 rows, `after_id=<meta.end_cursor>`, and the last page says
//! `has_next_page: false`. Everything else that looks like an end is an error, never a short list.

use std::collections::BTreeSet;

use super::{
    super::{
        error::{malformed, not_json},
        wire::{List, Outline, Text},
    },
    Resource,
};
use crate::{http::Response, source::Error};

/// The most rows of a page, which is also what comes unasked.
const PAGE_ROWS: &str = "100";
/// More pages than any company has: two million rows. A list that goes on is broken.
const MAX_PAGES: u32 = 20_000;

/// The longest cursor that is sent back.
const MAX_CURSOR_BYTES: usize = 1_024;
/// The most bytes of a list that is kept whole until it is read: teams, places of work, what belongs to a page of people.
const MAX_LIST_BYTES: usize = 64 * 1024 * 1024;

/// One walk over the pages of a list, and what proves that it goes forward.
#[derive(Debug)]
pub(super) struct Walk {
    resource: Resource,
    cursor: Option<String>,
    seen_cursors: BTreeSet<String>,
    first_id: Option<String>,
    ids: BTreeSet<String>,
    rows_without_id: u64,
    total: Option<u64>,
    pages: u32,
    bytes: usize,
}

/// What a page says of itself.
#[derive(Debug)]
pub(super) struct Step {
    /// The ids of its rows.
    pub(super) ids: Vec<String>,
    /// How many rows the whole list has, where it says so.
    pub(super) total: Option<u64>,
    /// Whether it is, by its own word, the last one.
    pub(super) is_last: bool,
}

impl Walk {
    pub(super) const fn new(resource: Resource) -> Self {
        Self {
            resource,
            cursor: None,
            seen_cursors: BTreeSet::new(),
            first_id: None,
            ids: BTreeSet::new(),
            rows_without_id: 0,
            total: None,
            pages: 0,
            bytes: 0,
        }
    }

    /// The query of the next page.
    pub(super) fn query<'q>(&'q self, filter: &[(&'q str, &'q str)]) -> Vec<(&'q str, &'q str)> {
        let mut query = filter.to_vec();
        query.push(("limit", PAGE_ROWS));
        query.extend(self.cursor.as_deref().map(|cursor| ("after_id", cursor)));
        query
    }

    /// Takes a page.
    ///
    /// # Errors
    /// [`Error`] of class `Malformed` where it is no documented list, where cursor or rows repeat, or where it is
    /// empty and claims that more follow.
    pub(super) fn step(&mut self, page: &Response) -> Result<Step, Error> {
        let operation = self.resource.operation;
        let text = page
            .text()
            .map_err(|_| malformed(operation, "the answer is not UTF-8"))?;
        let list: List<'_, Outline<'_>> = serde_json::from_str(text).map_err(|error| not_json(operation, &error))?;
        self.pages += 1;
        self.bytes = self.bytes.saturating_add(text.len());
        if self.bytes > MAX_LIST_BYTES && !self.resource.is_employees() {
            let most = MAX_LIST_BYTES / (1024 * 1024);
            return Err(malformed(operation, format!("the list has more than {most} MB")));
        }
        let (Some(rows), Some(meta)) = (list.data, list.meta) else {
            return self.no_list(&list.errors);
        };
        let has_next = meta
            .has_next_page
            .ok_or_else(|| malformed(operation, "meta.has_next_page is missing"))?;
        self.total = meta.total.or(self.total);
        let ids: Vec<String> = rows
            .iter()
            .filter_map(|row| row.id.value().map(str::to_owned))
            .collect();
        self.rows_without_id += u64::try_from(rows.len() - ids.len()).unwrap_or(u64::MAX);
        if has_next {
            self.advance(&ids, rows.is_empty(), &meta.end_cursor)?;
        }
        if !self.resource.is_employees() {
            self.ids.extend(ids.iter().cloned());
        }
        Ok(Step {
            ids,
            total: meta.total,
            is_last: !has_next,
        })
    }

    /// Goes on to the next page.
    fn advance(&mut self, ids: &[String], is_empty: bool, end_cursor: &Text<'_>) -> Result<(), Error> {
        let operation = self.resource.operation;
        if is_empty {
            return Err(malformed(operation, "an empty page claims that more follow"));
        }
        let cursor = end_cursor.value().filter(|cursor| !cursor.is_empty());
        let cursor = cursor.ok_or_else(|| malformed(operation, "more pages are claimed without a cursor"))?;
        if cursor.len() > MAX_CURSOR_BYTES {
            return Err(malformed(
                operation,
                format!("a cursor has more than {MAX_CURSOR_BYTES} bytes"),
            ));
        }
        if !self.seen_cursors.insert(cursor.to_owned()) {
            return Err(malformed(operation, "a cursor came again"));
        }
        if self.first_id.is_some() && self.first_id.as_ref() == ids.first() {
            return Err(malformed(operation, "a page came again"));
        }
        if self.pages >= MAX_PAGES {
            return Err(malformed(operation, "the list does not end"));
        }
        self.first_id = ids.first().cloned();
        self.cursor = Some(cursor.to_owned());
        Ok(())
    }

    /// `{"errors": null}` has been seen in place of an empty list. It is believed of related lists, never of people.
    fn no_list(&self, errors: &Text<'_>) -> Result<Step, Error> {
        if *errors == Text::Null && self.pages == 1 && !self.resource.is_employees() {
            return Ok(Step {
                ids: Vec::new(),
                total: None,
                is_last: true,
            });
        }
        Err(malformed(self.resource.operation, "data or meta is missing"))
    }

    /// Whether a related list gave all the rows that it announced. People are counted by the roster.
    pub(super) fn check_total(&self) -> Result<(), Error> {
        let read = u64::try_from(self.ids.len()).unwrap_or(u64::MAX) + self.rows_without_id;
        match self.total {
            Some(total) if total != read => Err(malformed(
                self.resource.operation,
                format!("{total} rows were announced and {read} given"),
            )),
            Some(_) | None => Ok(()),
        }
    }
}
