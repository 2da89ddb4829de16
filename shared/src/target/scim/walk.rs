//! The way through a list (RFC 7644, section 3.4.2.4, and cursors of RFC 9865) as servers really page. Pure: no HTTP.
//!
//! A list ends where a page is empty or brings nobody new, never where the server says that it ends: its count may be
//! that of the page. A list that then holds fewer than any page promised is not whole (R05), nor is one whose only page comes again: its
//! count may be that page's, whatever its length.

use std::{
    borrow::Cow,
    collections::{BTreeSet, hash_map::DefaultHasher},
    hash::{Hash, Hasher},
};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    index::{MOST_ALIKE, MOST_INDEX_BYTES},
    list::{self, Told, as_count},
    profile::Paging,
    resource::{id, member},
};
use crate::account::MOST_ACCOUNTS;

/// Pages of one list at most: past that a server makes entries up.
const MOST_PAGES: usize = 100_000;
/// Entries of one page at most. Every page is asked for with fewer, and some servers answer with all they have.
const MOST_ENTRIES: usize = 50_000;
/// The longest cursor that is sent back.
const MOST_CURSOR_BYTES: usize = 4_096;
/// Pages in a row with a cursor and nobody new.
const MOST_IDLE: usize = 3;

/// What to ask for next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Place {
    /// From this index on, the first entry being 1.
    Index(usize),
    /// What this cursor leads to; the first is empty.
    Cursor(String),
}

/// Why a list is not whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Incomplete {
    /// The answer is not JSON.
    #[error("the list's answer is not JSON")]
    NoJson,
    /// The answer is no list.
    #[error("the list's answer is no list of resources")]
    NoList,
    /// One entry takes more memory than any user.
    #[error("an entry of the list is larger than any user")]
    Large,
    /// A page holds more entries than are read at once.
    #[error("a page of the list has more than {MOST_ENTRIES} entries")]
    Wide,
    /// What is looked for by its value is found again and again.
    #[error("more than {MOST_ALIKE} entries of the list carry one value")]
    Alike,
    /// What is remembered of the list outgrows its room.
    #[error("the ids of the list take more than {} MB", MOST_INDEX_BYTES / (1024 * 1024))]
    Heavy,
    /// Fewer entries came than a page promised.
    #[error("the list ended after {collected} of {total} entries")]
    Short {
        /// How many came.
        collected: usize,
        /// How many were promised.
        total: usize,
    },
    /// The same page comes again.
    #[error("the list does not advance: pages repeat after {collected} entries")]
    Repeating {
        /// How many came.
        collected: usize,
    },
    /// Entries have no id, and may be anybody.
    #[error("{entries} entries of the list have no id")]
    Nameless {
        /// How many.
        entries: usize,
    },
    /// The list has no end.
    #[error("the list has no end: more than {MOST_PAGES} pages, or more than {MOST_ACCOUNTS} entries")]
    Endless,
    /// A cursor is no place in a list any more, so long is it.
    #[error("the list's cursor has more than {MOST_CURSOR_BYTES} bytes")]
    Cursor,
}

/// How far a list is read.
#[derive(Debug)]
pub(super) struct Walk {
    seen: BTreeSet<u64>,
    asked: Option<usize>,
    place: Option<Place>,
    so_far: SoFar,
}

/// What the pages so far came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct SoFar {
    /// Whether the server decides how many entries a page has.
    #[serde(default)]
    is_uncounted: bool,
    nameless: usize,
    promised: usize,
    pages: usize,
    idle: usize,
}

/// A place in a list, with all that a process needs to go on there beside the ids that came before.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Waypoint<'a> {
    place: Cow<'a, Place>,
    so_far: Cow<'a, SoFar>,
}

impl Walk {
    /// The beginning of a list whose pages are asked for in this way, `asked` entries each.
    pub(super) fn begin(paging: Paging, asked: Option<usize>) -> Self {
        let place = match paging {
            Paging::Index => Place::Index(1),
            Paging::Cursor => Place::Cursor(String::new()),
        };
        Self {
            seen: BTreeSet::new(),
            asked,
            place: Some(place),
            so_far: SoFar::default(),
        }
    }

    /// The rest of a list that was read as far as a waypoint, and showed these ids before. `None`: it is no waypoint.
    pub(super) fn resume<'i>(
        waypoint: &str,
        listed: impl Iterator<Item = &'i str>,
        asked: Option<usize>,
    ) -> Option<Self> {
        let Waypoint { place, so_far } = serde_json::from_str(waypoint).ok()?;
        Some(Self {
            seen: listed.map(hash).collect(),
            asked: asked.filter(|_| !so_far.is_uncounted),
            place: Some(place.into_owned()),
            so_far: so_far.into_owned(),
        })
    }

    /// Returns how far the list was read, as a text that [`Self::resume`] takes; `None` at its end.
    pub(super) fn waypoint(&self) -> Option<String> {
        let waypoint = Waypoint {
            place: Cow::Borrowed(self.place.as_ref()?),
            so_far: Cow::Borrowed(&self.so_far),
        };
        serde_json::to_string(&waypoint).ok()
    }

    /// What to ask for; `None` at the end of the list.
    pub(super) const fn place(&self) -> Option<&Place> {
        self.place.as_ref()
    }

    /// How many entries a page is asked for; `None`: the server decides.
    pub(super) const fn asked(&self) -> Option<usize> {
        self.asked
    }

    /// Leaves it to the server how many entries a page has.
    pub(super) const fn ask_for_any(&mut self) {
        self.asked = None;
        self.so_far.is_uncounted = true;
    }

    /// Whether nothing was read yet.
    pub(super) const fn is_at_start(&self) -> bool {
        self.so_far.pages == 0
    }

    fn collected(&self) -> usize {
        self.seen.len() + self.so_far.nameless
    }

    /// Takes a page, and hands on its entries that did not come before.
    ///
    /// # Errors
    /// [`Incomplete`] where the list cannot be taken for whole, or where `hand_on` says so.
    pub(super) fn take(
        &mut self,
        page: &str,
        mut hand_on: impl FnMut(Value) -> Result<(), Incomplete>,
    ) -> Result<(), Incomplete> {
        self.so_far.pages += 1;
        if self.so_far.pages > MOST_PAGES {
            return Err(Incomplete::Endless);
        }
        let before = self.collected();
        let (mut length, mut nameless, mut brought) = (0, 0, false);
        let told = list::read(page, &mut |entry| {
            length += 1;
            if length > MOST_ENTRIES {
                return Err(Incomplete::Wide);
            }
            match id(&entry) {
                Some(id) if self.seen.insert(hash(id.as_str())) => {
                    brought = true;
                    hand_on(entry)
                }
                Some(_) => Ok(()),
                None => {
                    nameless += 1;
                    Ok(())
                }
            }
        })?;
        self.so_far.promised = self.so_far.promised.max(told.total.unwrap_or(0));
        // What has no id cannot be touched, and it counts; on a page that comes again it has counted already.
        if self.so_far.pages == 1 || brought {
            self.so_far.nameless += nameless;
        }
        if self.collected() > MOST_ACCOUNTS {
            return Err(Incomplete::Endless);
        }
        let is_new = self.collected() > before;
        self.so_far.idle = if is_new { 0 } else { self.so_far.idle + 1 };
        self.place = self.next(told, length, brought)?;
        Ok(())
    }

    fn next(&self, told: Told, length: usize, brought: bool) -> Result<Option<Place>, Incomplete> {
        let collected = self.collected();
        if let Some(cursor) = told.cursor {
            if cursor.len() > MOST_CURSOR_BYTES {
                return Err(Incomplete::Cursor);
            }
            let is_same = self.place == Some(Place::Cursor(cursor.clone()));
            if is_same || self.so_far.idle >= MOST_IDLE {
                return Err(Incomplete::Repeating { collected });
            }
            return Ok(Some(Place::Cursor(cursor)));
        }
        match &self.place {
            Some(Place::Index(from)) if brought => Ok(Some(Place::Index(from + length))),
            Some(Place::Index(_)) => self.end(length),
            Some(Place::Cursor(_)) | None => self.end(0),
        }
    }

    /// Whether one page came, and then the same again, or nothing.
    pub(super) const fn is_of_one_page(&self) -> bool {
        self.so_far.pages == 2
    }

    /// Ends the list here: the server has no more users.
    pub(super) fn end_here(&mut self) -> Result<(), Incomplete> {
        self.place = None;
        self.check_names()
    }

    const fn check_names(&self) -> Result<(), Incomplete> {
        match self.so_far.nameless {
            0 => Ok(()),
            entries => Err(Incomplete::Nameless { entries }),
        }
    }

    /// The end of a list whose last page had this many entries, all of them known.
    fn end(&self, repeated: usize) -> Result<Option<Place>, Incomplete> {
        let collected = self.collected();
        if collected < self.so_far.promised {
            return Err(Incomplete::Short {
                collected,
                total: self.so_far.promised,
            });
        }
        // One page that comes again: nothing tells that there is no more behind it.
        if repeated > 0 && self.is_of_one_page() {
            return Err(Incomplete::Repeating { collected });
        }
        self.check_names()?;
        Ok(None)
    }
}

/// The entries of a small list, such as what a server says about itself.
pub(super) fn entries(answer: &Value) -> Result<&[Value], Incomplete> {
    if let Some(list) = answer.as_array() {
        return Ok(list);
    }
    match member(answer, "Resources") {
        Some(Value::Array(list)) => Ok(list),
        Some(Value::Null) | None if member(answer, "totalResults").and_then(as_count).is_some() => Ok(&[]),
        Some(_) | None => Err(Incomplete::NoList),
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
