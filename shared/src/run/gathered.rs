//! People who were read, wherever their rows are: in parts in the store, or in memory. They are walked over as often as they are
//! needed, and never unpacked all at once.

use std::{
    collections::{BTreeSet, VecDeque},
    ops::Range,
};

use jiff::Timestamp;

use super::{Error, Ports, erasure::ErasedPeople};
use crate::{
    connection::{Connection, ConnectionId},
    employee::{EmployeeId, View, Wanted, id::shortlex},
    roster::{self, Chunk, Header, Merge, Packer, Roster, Row, Sieve, Summed, Whole, counting_chunks},
    store::{NewRoster, RosterHead, RosterId},
};

/// How many chunks are loaded or stored together: a request for each would make a night wait for the store's answers.
const TOGETHER: usize = 4;

/// Where the rows of a part are.
pub(super) enum Part {
    /// In the store.
    Kept {
        /// The part's id.
        id: RosterId,
        /// What stands before it.
        head: RosterHead,
    },
    /// In memory.
    Held(Roster),
}

impl Part {
    /// Returns what is known of the part as a whole.
    pub(super) const fn header(&self) -> &Header {
        match self {
            Self::Kept { head, .. } => &head.header,
            Self::Held(roster) => &roster.header,
        }
    }

    const fn chunks(&self) -> (&Header, usize) {
        match self {
            Self::Kept { head, .. } => (&head.header, head.chunks),
            Self::Held(roster) => (&roster.header, roster.chunks.len()),
        }
    }

    /// Returns some of its chunks.
    async fn load(
        &self,
        ports: &Ports,
        connection: &ConnectionId,
        numbers: Range<usize>,
    ) -> Result<impl Iterator<Item = Chunk> + use<>, Error> {
        let chunks = match self {
            Self::Held(roster) => roster.chunks.get(numbers).map(<[Chunk]>::to_vec),
            Self::Kept { id, head } => ports.store.find_roster_chunks(connection, id, head, numbers).await?,
        };
        Ok(chunks.ok_or(Error::PartGone)?.into_iter())
    }
}

/// The rows of parts.
struct Rows {
    connection: ConnectionId,
    parts: Vec<Part>,
    sieve: Sieve,
}

impl Rows {
    fn new(connection: &Connection, parts: Vec<Part>) -> Self {
        Self {
            connection: connection.id.clone(),
            parts,
            sieve: Sieve::default(),
        }
    }

    fn walk<'a>(&'a self, ports: &'a Ports) -> Walk<'a> {
        Walk {
            ports,
            rows: self,
            merge: Merge::new(self.parts.iter().map(Part::chunks)),
            ahead: self.parts.iter().map(|_| VecDeque::new()).collect(),
        }
    }

    /// Visits every person in the order of ids. Returns how many rows came again.
    async fn each(
        &self,
        ports: &Ports,
        mut visit: impl FnMut(Row<'_>) -> Result<(), roster::Error> + Send,
    ) -> Result<u32, Error> {
        let mut walk = self.walk(ports);
        loop {
            walk.each(&mut visit)?;
            if !walk.load().await? {
                return Ok(walk.merge.repeats());
            }
        }
    }
}

/// A walk over the rows of parts.
struct Walk<'a> {
    ports: &'a Ports,
    rows: &'a Rows,
    merge: Merge,
    /// Of each part, chunks that were loaded and not unpacked yet.
    ahead: Vec<VecDeque<Chunk>>,
}

impl Walk<'_> {
    /// Visits rows up to where a chunk has to be loaded.
    fn each(&mut self, mut visit: impl FnMut(Row<'_>) -> Result<(), roster::Error>) -> Result<(), roster::Error> {
        let sieve = &self.rows.sieve;
        self.merge.each(|row| sieve.pass(row, &mut visit))
    }

    /// Loads what has to be loaded. Returns whether anything had to be; otherwise the walk is over.
    async fn load(&mut self) -> Result<bool, Error> {
        let Some((place, number)) = self.merge.wants() else {
            return Ok(false);
        };
        let (Some(part), Some(ahead)) = (self.rows.parts.get(place), self.ahead.get_mut(place)) else {
            return Err(Error::PartGone);
        };
        if ahead.is_empty() {
            let numbers = number..part.chunks().1.min(number + TOGETHER);
            ahead.extend(part.load(self.ports, &self.rows.connection, numbers).await?);
        }
        self.merge.give(&ahead.pop_front().ok_or(Error::PartGone)?)?;
        Ok(true)
    }
}

/// Everybody whom a read has shown, and what is known of them as a whole.
pub(super) struct Gathered {
    /// What is known of them as a whole.
    pub(super) header: Header,
    /// How many chunks their rows fill at most.
    chunks: usize,
    /// Whether the parts' chunks are those of all people together, as long as nothing is taken out of rows.
    is_as_read: bool,
    rows: Rows,
    /// The marks of people who were erased, as they were known when the rows were last looked through for them.
    marks: BTreeSet<String>,
}

impl Gathered {
    /// Returns the people of a whole roster.
    ///
    /// # Errors
    /// [`Error::PartGone`] where it was deleted meanwhile, or [`Error`] of the store.
    pub(super) async fn whole(
        ports: &Ports,
        connection: &Connection,
        part: Part,
        erased: &ErasedPeople<'_>,
    ) -> Result<Self, Error> {
        let mut gathered = Self {
            header: part.header().clone(),
            chunks: part.chunks().1,
            is_as_read: true,
            rows: Rows::new(connection, vec![part]),
            marks: BTreeSet::new(),
        };
        gathered.withhold(ports, erased).await?;
        Ok(gathered)
    }

    /// Takes out all values of people who were erased since the rows were last looked through for them (R37).
    ///
    /// # Errors
    /// As for [`Self::whole`].
    pub(super) async fn withhold(&mut self, ports: &Ports, erased: &ErasedPeople<'_>) -> Result<(), Error> {
        if *erased.marks() == self.marks {
            return Ok(());
        }
        let mut found = BTreeSet::new();
        let note = |row: Row<'_>| {
            found.extend(erased.find(row.id));
            Ok(())
        };
        self.rows.each(ports, note).await?;
        self.rows.sieve.withhold(found);
        self.marks.clone_from(erased.marks());
        Ok(())
    }

    /// Sums up what the slices of a read have shown. Of people who were erased no value counts, in whatever slices they were read
    /// (R37).
    ///
    /// # Errors
    /// As for [`Self::whole`].
    pub(super) async fn sum_up(
        ports: &Ports,
        connection: &Connection,
        gathered: Vec<Part>,
        mut whole: Whole,
        erased: &ErasedPeople<'_>,
    ) -> Result<Self, Error> {
        let mut rows = Rows::new(connection, gathered);
        if !erased.is_empty() || !whole.sum_up_as_read() {
            let mut found = BTreeSet::new();
            let count = |row: Row<'_>| {
                let Some(person) = erased.find(row.id) else {
                    return whole.push(row);
                };
                found.insert(person);
                let attributes = View::default();
                whole.push(Row { id: row.id, attributes })
            };
            let repeats = rows.each(ports, count).await?;
            rows.sieve.withhold(found);
            while !whole.end_pass(repeats)? {
                rows.each(ports, |row| whole.push(row)).await?;
            }
        }
        let Summed {
            header,
            chunks,
            is_as_read,
        } = whole.finish(&mut rows.sieve);
        Ok(Self {
            header,
            chunks,
            is_as_read,
            rows,
            marks: erased.marks().clone(),
        })
    }

    /// Returns the people as a read would have shown them that was to show these attributes and no others.
    ///
    /// # Errors
    /// As for [`Self::whole`].
    pub(super) async fn narrowed(self, ports: &Ports, wanted: Wanted) -> Result<Self, Error> {
        let Self {
            header,
            mut rows,
            marks,
            ..
        } = self;
        let mut whole = Whole::narrowed(&header, wanted);
        loop {
            rows.each(ports, |row| whole.push(row)).await?;
            // Rows that came again are counted already.
            if whole.end_pass(0)? {
                break;
            }
        }
        let Summed {
            header,
            chunks,
            is_as_read,
        } = whole.finish(&mut rows.sieve);
        Ok(Self {
            header,
            chunks,
            is_as_read,
            rows,
            marks,
        })
    }

    /// Returns the people who were erased: they are shown, without any value.
    pub(super) const fn erased(&self) -> &BTreeSet<EmployeeId> {
        self.rows.sieve.withheld()
    }

    /// Visits every person in the order of ids.
    ///
    /// # Errors
    /// As for [`Self::whole`], and what the visit returns.
    pub(super) async fn each(
        &self,
        ports: &Ports,
        visit: impl FnMut(Row<'_>) -> Result<(), roster::Error> + Send,
    ) -> Result<(), Error> {
        self.rows.each(ports, visit).await.map(drop)
    }

    /// Stores the people as one roster, without the values of some of them, who come in the order of ids. The header stays as it
    /// is: hash, counts and coverage tell what was read.
    ///
    /// # Errors
    /// As for [`Self::whole`].
    pub(super) async fn keep(
        &self,
        ports: &Ports,
        id: &RosterId,
        kept_until: Timestamp,
        withheld: &[EmployeeId],
    ) -> Result<(), Error> {
        let new = NewRoster {
            connection: &self.rows.connection,
            id,
            header: &self.header,
            kept_until,
        };
        // Rows without their values fill no more chunks than with them.
        ports.store.begin_roster(&new, self.chunks).await?;
        if self.is_as_read && withheld.is_empty() && self.rows.sieve.is_empty() {
            return self.copy(ports, &new).await;
        }
        let (mut packer, mut stored) = (Packer::default(), 0);
        let mut withheld = withheld.iter().peekable();
        let mut walk = self.rows.walk(ports);
        loop {
            walk.each(|row| {
                while withheld.next_if(|id| shortlex(id.as_str(), row.id).is_lt()).is_some() {}
                let is_withheld = withheld.next_if(|id| id.as_str() == row.id).is_some();
                let attributes = if is_withheld { View::default() } else { row.attributes };
                packer.push(Row { id: row.id, attributes })
            })?;
            if packer.full() >= TOGETHER {
                let chunks = packer.take();
                let count = chunks.len();
                ports.store.put_roster_chunks(&new, stored, chunks).await?;
                stored += count;
            }
            if !walk.load().await? {
                break;
            }
        }
        let rest = packer.finish()?;
        let all = stored + rest.len();
        if !rest.is_empty() {
            ports.store.put_roster_chunks(&new, stored, rest).await?;
        }
        Ok(ports.store.end_roster(&new, all).await?)
    }

    /// Stores the parts' chunks as they are.
    async fn copy(&self, ports: &Ports, new: &NewRoster<'_>) -> Result<(), Error> {
        let mut stored = 0;
        let counts = counting_chunks(self.rows.parts.iter().map(Part::chunks));
        for (part, count) in self.rows.parts.iter().zip(counts) {
            for from in (0..count).step_by(TOGETHER) {
                let numbers = from..count.min(from + TOGETHER);
                let chunks: Vec<Chunk> = part.load(ports, &self.rows.connection, numbers).await?.collect();
                let loaded = chunks.len();
                ports.store.put_roster_chunks(new, stored, chunks).await?;
                stored += loaded;
            }
        }
        Ok(ports.store.end_roster(new, stored).await?)
    }
}
