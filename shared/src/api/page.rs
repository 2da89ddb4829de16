//! Pages of lists: as many entries as were asked for, and no more bytes than an answer carries, whatever they weigh (R47).

use serde::Serialize;

use super::{context::Context, cursor, view::Listed};

/// The most bytes of a page's entries. Only an entry that is larger by itself makes a page larger, and what is stored
/// keeps every entry far below the bound of an answer.
const MOST_PAGE_BYTES: usize = 2 * 1024 * 1024;

/// A page that is being filled.
#[derive(Debug)]
pub(super) struct Page<T> {
    entries: Vec<T>,
    bytes: usize,
    limit: usize,
}

impl<T> Page<T> {
    /// An empty page for as many entries as the caller asked for.
    pub(super) fn asked_for(context: &Context<'_>) -> Self {
        Self::of(usize::try_from(context.limit()).unwrap_or(usize::MAX))
    }

    /// An empty page for this many entries.
    pub(super) const fn of(limit: usize) -> Self {
        Self {
            entries: Vec::new(),
            bytes: 0,
            limit,
        }
    }

    /// Whether there is room for no entry more, however small.
    pub(super) const fn is_full(&self) -> bool {
        self.entries.len() >= self.limit
    }

    /// How many entries could still come.
    pub(super) const fn left(&self) -> usize {
        self.limit.saturating_sub(self.entries.len())
    }

    /// Adds an entry of this many bytes. Returns false, and adds nothing, where there is no room for it: the next page
    /// begins with it. There is room for the first one in any case.
    pub(super) fn add_weighing(&mut self, entry: T, bytes: usize) -> bool {
        let is_too_much = self.bytes.saturating_add(bytes) > MOST_PAGE_BYTES;
        if self.is_full() || (is_too_much && !self.entries.is_empty()) {
            return false;
        }
        self.bytes = self.bytes.saturating_add(bytes);
        self.entries.push(entry);
        true
    }

    /// The entries.
    pub(super) fn into_entries(self) -> Vec<T> {
        self.entries
    }

    /// The page, and the place where the next one begins; `None` after the last.
    pub(super) fn finish(self, next: Option<&str>) -> Listed<T> {
        Listed {
            data: self.entries,
            next_cursor: next.map(cursor::encode),
        }
    }
}

impl<T: Serialize> Page<T> {
    /// Adds an entry that is written as JSON. Returns false where there is no room for it.
    pub(super) fn add(&mut self, entry: T) -> bool {
        let bytes = weigh(&entry);
        self.add_weighing(entry, bytes)
    }
}

/// How many bytes something has as JSON, in a list.
pub(super) fn weigh<T: Serialize>(entry: &T) -> usize {
    serde_json::to_vec(entry).map_or(0, |text| text.len() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r47_a_page_ends_with_the_number_or_the_bytes_that_it_may_have() {
        let mut page = Page::of(3);
        assert!(["a", "b", "c"].into_iter().all(|entry| page.add(entry)));
        assert!(!page.add("d"));
        assert_eq!(page.finish(Some("c")).data, ["a", "b", "c"]);
        let fat = "x".repeat(MOST_PAGE_BYTES / 2);
        let mut page = Page::of(100);
        assert!(page.add(&fat));
        assert!(
            !page.add(&fat),
            "two of them and their quotes are more than a page holds"
        );
    }

    #[test]
    fn r47_an_entry_that_is_larger_than_a_page_is_a_page_of_its_own() {
        let fat = "x".repeat(MOST_PAGE_BYTES + 1);
        let mut page = Page::of(100);
        assert!(page.add(&fat) && !page.add(&"small".to_owned()));
    }
}
