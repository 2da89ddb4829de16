//! The way through a list, page by page: what to ask for next, and whether what came goes forward. Pure: no HTTP.
//!
//! A list ends by the provider's own sign. Everything else that looks like an end is an error, never a short list: a
//! cursor or a page that comes again, an empty page that claims that more follow, a total that is not reached, an end that
//! never comes. A walk stops after any page and goes on from its [`Waypoint`], which is small.

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::roster::Proof;

/// More pages than any company has: two million rows, a hundred to a page. A list that goes on is broken.
const MOST_PAGES: u32 = 20_000;
/// The longest cursor or address that is sent back.
const MOST_PLACE_BYTES: usize = 4_096;

/// How a list is gone through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paging {
    /// Each page says whether more follow, and then gives a cursor.
    Cursor,
    /// Rows are counted; each page is asked for by how many stand before it.
    Offset,
    /// Pages are counted, from this number on.
    Page {
        /// The number of the first page.
        first: u64,
    },
    /// A page gives a token where more follow, and none where not.
    Token,
    /// A page gives the address of the next one where more follow, and none where not.
    Link,
    /// One answer is the whole list.
    Once,
}

/// What a page says of the pages behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// The page does not say whether more follow.
    Unsaid,
    /// No page follows.
    Last,
    /// Pages follow.
    More,
    /// Pages follow, and this cursor, token or address leads to the next one.
    At(String),
}

/// What a page says of its place in the list.
#[derive(Clone, Debug)]
pub struct Mark {
    /// How many rows it has.
    pub rows: usize,
    /// The ids of those that have one.
    pub ids: Vec<String>,
    /// How many rows the whole list has, where it says so.
    pub total: Option<u64>,
    /// What the page says of the pages behind it.
    pub next: Next,
}

impl Mark {
    /// The one page of a list that has nothing.
    pub const fn empty() -> Self {
        Self {
            rows: 0,
            ids: Vec::new(),
            total: None,
            next: Next::Last,
        }
    }
}

/// What to ask for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The beginning of the list.
    Start,
    /// What this cursor, token or address leads to.
    At(String),
    /// What stands behind this many rows.
    Behind(u64),
    /// The page of this number.
    Page(u64),
}

/// Returns a parameter of an address that a page gives, such as the token of the next page. Nothing else is taken of the
/// address, so that it leads nowhere else (R41).
pub fn parameter(address: &str, name: &str) -> Option<String> {
    let (_, query) = address.split_once('?')?;
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    pairs
        .find(|(found, _)| found == name)
        .map(|(_, value)| value.into_owned())
}

/// Why a list cannot be taken for whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// A page that has to say whether more follow does not.
    #[error("a page does not say whether more follow")]
    Unsaid,
    /// More pages are claimed, and nothing leads there.
    #[error("more pages are claimed without a cursor")]
    NoCursor,
    /// A cursor is no place in a list any more, so long is it.
    #[error("a cursor has more than {MOST_PLACE_BYTES} bytes")]
    LongCursor,
    /// A cursor came that came before.
    #[error("a cursor came again")]
    CursorAgain,
    /// A page came that came before.
    #[error("a page came again")]
    PageAgain,
    /// Nothing stands on a page, and more is said to follow.
    #[error("an empty page claims that more follow")]
    EmptyPage,
    /// The list ends before it has all that it said.
    #[error("{total} rows were announced and {read} given")]
    Short {
        /// How many rows it said that there are.
        total: u64,
        /// How many came.
        read: u64,
    },
    /// More pages came than any list has.
    #[error("the list does not end")]
    Endless,
}

/// Where a walk stands: all that another process needs to go on with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waypoint {
    /// What to ask for next.
    pub place: Place,
    /// How many pages were read.
    pages: u32,
    /// How many rows were read.
    rows: u64,
    /// The page before: neither its place nor its first row comes again.
    before: Milestone,
    /// An earlier page, ever further back: a circle of any length comes upon it (Brent's way of finding one).
    earlier: Milestone,
}

/// A page that was read, by what would show that it comes again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Milestone {
    cursor: Option<String>,
    first: Option<String>,
}

impl Milestone {
    fn has_cursor(&self, cursor: &str) -> bool {
        self.cursor.as_deref() == Some(cursor)
    }

    fn begins_with(&self, first: Option<&str>) -> bool {
        first.is_some() && self.first.as_deref() == first
    }
}

/// What comes after a page.
enum Step {
    /// Another page, at this place.
    To(Place),
    /// The page does not say whether more follow.
    End(Proof),
}

impl Step {
    const END: Self = Self::End(Proof::LastPage);
}

/// A walk through a list.
#[derive(Clone, Debug)]
pub struct Walk {
    paging: Paging,
    waypoint: Waypoint,
}

impl Walk {
    /// A walk from the beginning of a list.
    pub fn begin(paging: Paging) -> Self {
        let place = match paging {
            Paging::Offset => Place::Behind(0),
            Paging::Page { first } => Place::Page(first),
            Paging::Cursor | Paging::Token | Paging::Link | Paging::Once => Place::Start,
        };
        let waypoint = Waypoint {
            place,
            pages: 0,
            rows: 0,
            before: Milestone::default(),
            earlier: Milestone::default(),
        };
        Self::resume(paging, waypoint)
    }

    /// A walk that goes on from where another one stood.
    pub const fn resume(paging: Paging, waypoint: Waypoint) -> Self {
        Self { paging, waypoint }
    }

    /// Returns where the walk stands: what to ask for next.
    pub const fn waypoint(&self) -> &Waypoint {
        &self.waypoint
    }

    /// Returns whether a page was read already.
    pub const fn is_under_way(&self) -> bool {
        self.waypoint.pages > 0
    }

    /// Takes a page. Returns the proof of the end where it is the last one.
    ///
    /// # Errors
    /// [`Broken`] where the list cannot be taken for whole; the walk is over then.
    pub fn take(&mut self, mark: &Mark) -> Result<Option<Proof>, Broken> {
        self.waypoint.pages += 1;
        self.waypoint.rows += mark.rows as u64;
        let next = match self.next(mark)? {
            Step::To(place) => place,
            Step::End(proof) => return Ok(Some(proof)),
        };
        let cursor = match &next {
            Place::At(cursor) => Some(cursor.as_str()),
            Place::Start | Place::Behind(_) | Place::Page(_) => None,
        };
        let first = mark.ids.first().map(String::as_str);
        if mark.rows == 0 {
            return Err(Broken::EmptyPage);
        }
        if cursor.is_some_and(|cursor| cursor.len() > MOST_PLACE_BYTES) {
            return Err(Broken::LongCursor);
        }
        let earlier = [&self.waypoint.before, &self.waypoint.earlier];
        if cursor.is_some_and(|cursor| earlier.iter().any(|page| page.has_cursor(cursor))) {
            return Err(Broken::CursorAgain);
        }
        if earlier.iter().any(|page| page.begins_with(first)) {
            return Err(Broken::PageAgain);
        }
        if self.waypoint.pages >= MOST_PAGES {
            return Err(Broken::Endless);
        }
        let this = Milestone {
            cursor: cursor.map(str::to_owned),
            first: first.map(str::to_owned),
        };
        if self.waypoint.pages.is_power_of_two() {
            self.waypoint.earlier = this.clone();
        }
        self.waypoint.before = this;
        self.waypoint.place = next;
        Ok(None)
    }

    /// What comes after a page.
    fn next(&self, mark: &Mark) -> Result<Step, Broken> {
        match (self.paging, &mark.next) {
            (Paging::Once, _)
            | (Paging::Cursor, Next::Last)
            | (Paging::Token | Paging::Link, Next::Last | Next::Unsaid) => Ok(Step::END),
            (Paging::Cursor, Next::Unsaid) => Err(Broken::Unsaid),
            (Paging::Cursor | Paging::Token | Paging::Link, Next::At(place)) => Ok(Step::To(Place::At(place.clone()))),
            (Paging::Cursor | Paging::Token | Paging::Link, Next::More) => Err(Broken::NoCursor),
            (Paging::Offset | Paging::Page { .. }, Next::Last) => self.counted(mark.total),
            (Paging::Offset | Paging::Page { .. }, Next::More | Next::At(_)) => Ok(Step::To(self.ahead())),
            (Paging::Offset | Paging::Page { .. }, Next::Unsaid) => {
                // A page that is shorter than was asked for says nothing: servers cap what they give. The total does,
                // and so does a page with nothing on it.
                let is_counted = mark.total.is_some_and(|total| self.waypoint.rows >= total);
                if is_counted || mark.rows == 0 {
                    self.counted(mark.total)
                } else {
                    Ok(Step::To(self.ahead()))
                }
            }
        }
    }

    /// The end of a list whose rows are counted.
    const fn counted(&self, total: Option<u64>) -> Result<Step, Broken> {
        let read = self.waypoint.rows;
        match total {
            Some(total) if read < total => Err(Broken::Short { total, read }),
            Some(total) => Ok(Step::End(Proof::Total(total))),
            None => Ok(Step::END),
        }
    }

    /// The page behind the one that was read.
    const fn ahead(&self) -> Place {
        match &self.waypoint.place {
            Place::Page(number) => Place::Page(*number + 1),
            Place::Start | Place::At(_) | Place::Behind(_) => Place::Behind(self.waypoint.rows),
        }
    }
}
