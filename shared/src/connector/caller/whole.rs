//! A list that is kept whole until it is read.

use std::collections::BTreeSet;

use crate::connector::walk::Mark;

/// The most bytes of such a list: what many people share, what belongs to a page of people.
pub(super) const MOST_LIST_BYTES: usize = 64 * 1024 * 1024;

/// The pages of a list, and what proves that they are all.
#[derive(Debug, Default)]
pub(super) struct Whole {
    pages: Vec<String>,
    bytes: usize,
    ids: BTreeSet<String>,
    without_id: usize,
    total: Option<u64>,
}

impl Whole {
    pub(super) fn add(&mut self, text: String, mark: Mark) -> Result<(), String> {
        self.bytes += text.len();
        if self.bytes > MOST_LIST_BYTES {
            return Err(format!("the list has more than {} MB", MOST_LIST_BYTES / (1024 * 1024)));
        }
        self.without_id += mark.rows - mark.ids.len().min(mark.rows);
        self.ids.extend(mark.ids);
        self.total = mark.total.or(self.total);
        self.pages.push(text);
        Ok(())
    }

    /// Returns all pages, where they hold as many rows as the list announced; a row that came twice counts once.
    pub(super) fn finish(self) -> Result<Vec<String>, String> {
        let read = (self.ids.len() + self.without_id) as u64;
        match self.total {
            Some(total) if total != read => Err(format!("{total} rows were announced and {read} given")),
            Some(_) | None => Ok(self.pages),
        }
    }
}
