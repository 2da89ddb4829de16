//! How a read goes on behind a part in the same process: what was counted stays counted, and the chunk that has room left goes on.
//! So the rows of the whole stand in the chunks of parts as they would in its own, and none of them has to pass once more.

use sha2::Sha256;

use super::{Builder, Error, Roster, Tally};

/// What a slice has read into earlier parts.
#[derive(Debug, Default)]
pub struct Before {
    people: u32,
    bytes: usize,
    carried: Option<Box<Carried>>,
}

impl Before {
    /// Returns what earlier slices have read: so many people. Nothing is counted on.
    pub const fn slices(people: u32) -> Self {
        Self {
            people,
            bytes: 0,
            carried: None,
        }
    }
}

/// What comes over from a part into the next one.
#[derive(Debug)]
struct Carried {
    parts: usize,
    chunks: usize,
    hash: Sha256,
    tally: Tally,
    last_id: String,
    /// The rows of the last chunk, and people and bytes of them.
    rows: String,
    people: u32,
    bytes: usize,
}

/// What all rows of several parts came to, each of which begins behind the one before.
#[derive(Debug)]
pub(in crate::roster) struct Counted {
    /// How many parts stand before the last one.
    pub(in crate::roster) parts: usize,
    people: u32,
    chunks: usize,
    hash: Sha256,
    tally: Tally,
}

impl Builder {
    /// Goes on behind what was read before in the same slice: it is part of the same roster.
    pub(in crate::roster) fn go_on_from(&mut self, before: Before) {
        self.before = (before.people, before.bytes);
        let Some(carried) = before.carried else {
            return;
        };
        self.before.0 -= carried.people;
        self.before.1 -= carried.bytes;
        (self.employees, self.bytes) = (carried.people, carried.bytes);
        (self.again, self.again_bytes) = (carried.people, carried.rows.len());
        self.counts_parts = Some(carried.parts);
        self.flushed = carried.chunks;
        self.hash = carried.hash;
        self.tally = carried.tally;
        self.last_id = carried.last_id;
        self.rows.push_str(&carried.rows);
    }

    /// Returns how many people, and bytes of them, the slice has read with what is here.
    pub(in crate::roster) const fn read_by_now(&self) -> (u32, usize) {
        let (people, bytes) = self.before;
        (people.saturating_add(self.employees), bytes.saturating_add(self.bytes))
    }

    /// Returns what was read so far as a part, and from what the next part goes on.
    ///
    /// # Errors
    /// As for [`Self::into_part`].
    pub(in crate::roster) fn into_part_and_before(self) -> Result<(Roster, Before), Error> {
        let (people, bytes) = self.read_by_now();
        let parts = self.counts_parts.filter(|_| self.in_order);
        let carried = parts.map(|parts| {
            Box::new(Carried {
                parts: parts + 1,
                chunks: self.flushed,
                hash: self.hash.clone(),
                tally: self.tally.clone(),
                last_id: self.last_id.clone(),
                rows: self.rows.clone(),
                people: self.employees - self.in_chunks.0,
                bytes: self.bytes - self.in_chunks.1,
            })
        });
        let before = Before { people, bytes, carried };
        Ok((self.into_part()?, before))
    }

    /// Returns what was read so far as the last part, and what all rows came to, where it is known.
    ///
    /// # Errors
    /// As for [`Self::into_part`].
    pub(in crate::roster) fn into_last_part(mut self) -> Result<(Roster, Option<Counted>), Error> {
        self.flush()?;
        let parts = self.counts_parts.filter(|_| self.in_order);
        let counted = parts.map(|parts| Counted {
            parts,
            people: self.read_by_now().0,
            chunks: self.flushed,
            hash: self.hash.clone(),
            tally: self.tally.clone(),
        });
        Ok((self.into_part()?, counted))
    }

    /// Takes over what all rows came to, as if they had passed here.
    pub(in crate::roster) fn take_count(&mut self, counted: Counted) {
        self.employees = counted.people;
        self.flushed = counted.chunks;
        self.hash = counted.hash;
        self.tally = counted.tally;
    }
}
