//! Parts: what one slice of a read has collected, cut off behind the last complete page, and taken over into the whole.

use sha2::{Digest as _, Sha256};

use super::{Builder, Company, Error, Expected, Header, Roster, Tally, View, Wanted, each_row, shortlex};

/// What becomes of rows once they are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowsAre {
    /// They stay in memory.
    Kept,
    /// They are let go.
    Counted,
}

/// What has come up to some page.
#[derive(Clone, Copy, Debug)]
pub(in crate::roster) struct Mark {
    rows: u32,
    announced: Option<u64>,
    announced_changed: bool,
    unreadable: u64,
}

impl Builder {
    /// Returns an empty roster that counts rows, and keeps none of them.
    pub(in crate::roster) fn keeping_no_rows(wanted: Wanted, company: Company) -> Self {
        Self {
            rows_are: RowsAre::Counted,
            ..Self::wanting(wanted, company)
        }
    }

    /// Counts from the beginning, because all rows come once more. What is known of their list stays.
    pub(in crate::roster) fn begin_pass(&mut self) {
        self.hash = Sha256::new();
        self.tally = Tally::default();
        (self.employees, self.bytes, self.flushed) = (0, 0, 0);
        self.last_id.clear();
    }

    /// Returns how many chunks there were.
    pub(in crate::roster) const fn flushed(&self) -> usize {
        self.flushed
    }

    /// Returns how many bytes of rows are in memory.
    pub(in crate::roster) const fn held(&self) -> usize {
        self.held + self.rows.len() - self.again_bytes
    }

    /// Returns what has come so far.
    pub(in crate::roster) const fn mark(&self) -> Mark {
        Mark {
            rows: self.employees,
            announced: self.announced,
            announced_changed: self.announced_changed,
            unreadable: self.unreadable,
        }
    }

    /// Returns what had come at a mark, without all that came behind it. What is hidden stays so.
    ///
    /// # Errors
    /// As for [`Self::push`].
    pub(in crate::roster) fn cut_to(mut self, mark: Mark) -> Result<Self, Error> {
        let is_cut = self.employees > mark.rows;
        self.announced = mark.announced;
        self.announced_changed = mark.announced_changed;
        self.unreadable = mark.unreadable;
        self.walk_ended = false;
        if !is_cut {
            return Ok(self);
        }
        self.flush()?;
        let chunks = self.take_chunks();
        let mut kept = Self {
            hidden: self.hidden,
            labels: self.labels,
            expected: self.expected,
            before: self.before,
            counts_parts: None,
            again: self.again,
            ..Self::wanting(self.wanted, self.company)
        };
        let mut failure = None;
        for chunk in chunks {
            each_row(&chunk.decompress()?, |row| {
                if kept.employees < mark.rows && failure.is_none() {
                    failure = kept.push_view(row.id, row.attributes).err();
                }
            })?;
        }
        kept.announced = mark.announced;
        kept.announced_changed = mark.announced_changed;
        kept.unreadable = mark.unreadable;
        failure.map_or(Ok(kept), Err)
    }

    /// Takes over what is known of the list of a part, and what was hidden there.
    pub(in crate::roster) fn note_part(&mut self, part: &Header) {
        if let Some(announced) = part.announced {
            self.announce(announced);
        }
        self.announced_changed |= part.announced_changed;
        self.duplicates += part.duplicates;
        let is_new = |expected: &&Expected| !self.expected.contains(expected);
        let new: Vec<Expected> = part.expected.iter().filter(is_new).cloned().collect();
        self.expected.extend(new);
        for (attribute, reason) in &part.hidden {
            self.hide(attribute.clone(), reason);
        }
    }

    /// Takes over everything that is known of a list whose rows come once more.
    pub(in crate::roster) fn take_list(&mut self, header: &Header) {
        self.walk_ended = header.walk_ended;
        self.announced = header.announced;
        self.announced_changed = header.announced_changed;
        self.duplicates = header.duplicates;
        for (attribute, reason) in &header.hidden {
            self.hide(attribute.clone(), reason);
        }
    }

    /// Takes over how the walk of another builder ended, whose rows come last, and what HR calls its fields.
    pub(in crate::roster) fn take_end(&mut self, last: &Self) {
        self.walk_ended = last.walk_ended;
        self.labels.clone_from(&last.labels);
    }

    /// Notes rows that came again, of people who are there already.
    pub(in crate::roster) const fn note_repeats(&mut self, repeats: u32) {
        self.duplicates += repeats;
    }

    /// Returns the company whose people these are.
    pub(in crate::roster) const fn company(&self) -> &Company {
        &self.company
    }

    /// Returns what was read so far as a part of a roster, for [`merge`](crate::roster::merge): in order, each person once, as last read.
    /// What is hidden is noted, and not taken out yet.
    ///
    /// # Errors
    /// [`Error`] where memory runs out.
    pub(in crate::roster) fn into_part(mut self) -> Result<Roster, Error> {
        self.put_in_order()?;
        self.labels.clear();
        Ok(self.into_roster(None))
    }

    /// Brings the rows into order. Of rows under the same id, only the one that was read last stays.
    pub(super) fn sort(&mut self) -> Result<(), Error> {
        let mut rows: Vec<(String, String)> = Vec::with_capacity(self.employees as usize);
        for chunk in self.take_chunks() {
            let text = chunk.decompress()?;
            each_row(&text, |row| {
                rows.push((row.id.to_owned(), row.attributes.as_packed().to_owned()));
            })?;
        }
        rows.reverse();
        rows.sort_by(|left, right| shortlex(&left.0, &right.0));
        rows.dedup_by(|later, earlier| later.0 == earlier.0);
        let pushed = self.employees;
        self.employees = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        self.duplicates += pushed - self.employees;
        for (id, packed) in rows {
            self.push_row(&id, View::new(&packed))?;
        }
        self.flush()
    }
}
