//! A read that may take as long as it needs: in slices, each of which begins where the one before it paused.
//!
//! A source pushes people into [`Reading::roster`] and calls [`Reading::pause`] behind every complete page. What was read
//! behind the last complete page is never kept: the next slice reads that page again.

use std::{fmt, ops::ControlFlow};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{Before, Builder, Company, Error, Roster, builder::Mark};
use crate::employee::{CustomName, Wanted};

/// The most bytes of a position: cursors and addresses of three pages, and numbers.
const MOST_POSITION_BYTES: usize = 16 * 1024;

/// Where a read goes on: the provider's own note, which nobody else looks into. Of people it holds ids at most.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The version of the provider's form (R44).
    version: u32,
    /// The provider's note, as JSON.
    place: String,
}

impl Position {
    /// Returns the position of a place in the provider's form of this version; `None` where the place is larger than any
    /// that is kept.
    pub fn new(version: u32, place: &impl Serialize) -> Option<Self> {
        let place = serde_json::to_string(place).ok();
        let place = place.filter(|place| place.len() <= MOST_POSITION_BYTES)?;
        Some(Self { version, place })
    }

    /// Returns the place; `None` where it is not in the form of this version.
    pub fn place<T: DeserializeOwned>(&self, version: u32) -> Option<T> {
        let is_known = self.version == version;
        is_known.then(|| serde_json::from_str(&self.place).ok()).flatten()
    }
}

/// What a source reads into.
pub struct Reading<'a> {
    /// The people whom this slice has read, and what is known of their list.
    pub roster: Builder,
    /// The tenant's own attributes that are named where everything is to be shown.
    named: Vec<CustomName>,
    from: Option<Position>,
    reached: Option<(Position, Mark)>,
    is_paused: bool,
    /// How many bytes may be in memory, and whether there are as many.
    room: usize,
    is_full: bool,
    is_time_over: &'a (dyn Fn() -> bool + Send + Sync),
}

/// What one slice came to.
#[derive(Debug)]
pub enum Read {
    /// The walk ended, or broke off.
    Over(Box<Builder>),
    /// There was no more time: the next slice begins at the position.
    Paused {
        /// The people up to there.
        part: Box<Roster>,
        /// Where the next slice begins.
        position: Position,
    },
    /// There is no more room in memory, and time is left: the same slice goes on from the position.
    Full {
        /// The people up to there.
        part: Box<Roster>,
        /// Where to go on.
        position: Position,
        /// What has been read by then, for the reading that goes on.
        before: Before,
    },
    /// There was not the time for a single page.
    Nothing,
}

impl<'a> Reading<'a> {
    /// A slice of a read of one company. `from` is where an earlier slice paused, and `is_time_over` tells when this one
    /// has to.
    pub fn new(company: Company, from: Option<Position>, is_time_over: &'a (dyn Fn() -> bool + Send + Sync)) -> Self {
        Self::wanting(Wanted::everything(), company, from, is_time_over)
    }

    /// A slice of a read that is to show these attributes and no others.
    pub fn wanting(
        wanted: Wanted,
        company: Company,
        from: Option<Position>,
        is_time_over: &'a (dyn Fn() -> bool + Send + Sync),
    ) -> Self {
        Self {
            roster: Builder::wanting(wanted, company),
            named: Vec::new(),
            from,
            reached: None,
            is_paused: false,
            room: usize::MAX,
            is_full: false,
            is_time_over,
        }
    }

    /// Returns the same slice, of which these attributes of the tenant's own are named by the configuration, though everything is to be shown.
    #[must_use]
    pub fn naming(mut self, named: Vec<CustomName>) -> Self {
        self.named = named;
        self
    }

    /// Returns the same slice with a bound to the bytes of rows that it holds in memory.
    #[must_use]
    pub const fn within(mut self, room: usize) -> Self {
        self.room = room;
        self
    }

    /// Returns the same slice, which has read something into earlier parts: a roster's bounds count for all of them together.
    #[must_use]
    pub fn after(mut self, before: Before) -> Self {
        self.roster.go_on_from(before);
        self
    }

    /// Returns how many people the slice has read so far.
    pub const fn people_by_now(&self) -> u32 {
        self.roster.read_by_now().0
    }

    /// A read that is never asked to pause.
    pub fn whole(company: Company) -> Self {
        Self::new(company, None, &|| false)
    }

    /// Returns what the read is to show. What serves nothing of it is not asked for (R46).
    pub const fn wanted(&self) -> &Wanted {
        self.roster.wanted()
    }

    /// Returns the tenant's own attributes that the configuration names.
    pub fn named(&self) -> &[CustomName] {
        if self.wanted().is_everything() {
            &self.named
        } else {
            self.wanted().custom()
        }
    }

    /// Returns where to begin; `None` at the beginning.
    pub const fn from(&self) -> Option<&Position> {
        self.from.as_ref()
    }

    /// Notes that everything before a position was pushed. Returns `Break` where there is no more time, or no more room in memory:
    /// then the source ends its read, without an error. A source whose position cannot be kept goes on.
    pub fn pause(&mut self, position: Option<Position>) -> ControlFlow<()> {
        let Some(position) = position else {
            return ControlFlow::Continue(());
        };
        self.reached = Some((position, self.roster.mark()));
        self.is_paused = (self.is_time_over)();
        self.is_full = self.roster.held() >= self.room;
        if self.is_paused || self.is_full {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    /// Returns what the slice came to. `is_cut` says that the source was called off before it ended its read.
    ///
    /// # Errors
    /// [`Error`] where memory runs out.
    pub fn finish(self, is_cut: bool) -> Result<Read, Error> {
        let is_over = is_cut || self.is_paused;
        let Some((position, mark)) = self.reached.filter(|_| is_over || self.is_full) else {
            return Ok(if is_over {
                Read::Nothing
            } else {
                Read::Over(Box::new(self.roster))
            });
        };
        let (part, before) = self.roster.cut_to(mark)?.into_part_and_before()?;
        let part = Box::new(part);
        Ok(if is_over {
            Read::Paused { part, position }
        } else {
            Read::Full { part, position, before }
        })
    }
}

impl fmt::Debug for Reading<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Reading")
            .field("people", &self.roster.len())
            .finish_non_exhaustive()
    }
}
