//! What is known of a roster as a whole, worked out while its rows pass. None of them is kept.

use std::collections::BTreeSet;

use super::{
    Builder, Error, Header, Roster, Row,
    builder::Counted,
    sieve::{Cut, Sieve},
};
use crate::employee::Wanted;

/// Sums a roster up whose rows pass in order. What is hidden is known once all have passed: where rows show it nevertheless, they
/// pass once more.
#[derive(Debug)]
pub struct Whole {
    builder: Builder,
    broken: Option<String>,
    sieve: Sieve,
    is_settled: bool,
    /// What all rows came to, where that was counted as they were read.
    counted: Option<Counted>,
    /// Whether the rows stand in the chunks of parts as they are.
    is_as_read: bool,
}

/// What a roster came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summed {
    /// What is known of it as a whole.
    pub header: Header,
    /// How many chunks its rows fill.
    pub chunks: usize,
    /// Whether the parts' chunks, those left out that do not count, are its chunks as they are.
    pub is_as_read: bool,
}

impl Whole {
    /// Sums up what several slices read; `last` is what the last of them read, which is returned as the last part. `broken` says,
    /// as a code, why the read failed, if it did.
    ///
    /// # Errors
    /// [`Error`] where memory runs out.
    pub fn of<'a>(
        parts: impl IntoIterator<Item = &'a Header>,
        last: Builder,
        broken: Option<&str>,
    ) -> Result<(Self, Roster), Error> {
        let mut builder = Builder::keeping_no_rows(last.wanted().clone(), last.company().clone());
        builder.take_end(&last);
        let mut broken = broken.map(str::to_owned);
        let (last, counted) = last.into_last_part()?;
        let mut count = 0;
        for part in parts {
            count += 1;
            builder.note_part(part);
            broken = broken.or_else(|| part.broken.clone());
        }
        builder.note_part(&last.header);
        let broken = broken.or_else(|| last.header.broken.clone());
        let whole = Self {
            builder,
            broken,
            sieve: Sieve::default(),
            is_settled: false,
            counted: counted.filter(|counted| counted.parts == count),
            is_as_read: false,
        };
        Ok((whole, last))
    }

    /// Sums a roster up as if its read had been asked for these attributes and no others.
    pub fn narrowed(header: &Header, wanted: Wanted) -> Self {
        let mut sieve = Sieve::default();
        sieve.add(Cut {
            wanted: wanted.clone(),
            hidden: BTreeSet::new(),
            custom: None,
        });
        let mut builder = Builder::keeping_no_rows(wanted, header.company.clone());
        builder.take_list(header);
        Self {
            builder,
            broken: header.broken.clone(),
            sieve,
            is_settled: false,
            counted: None,
            is_as_read: false,
        }
    }

    /// Sums up without a pass, where all rows were counted as they were read. Returns whether that was enough; otherwise they have
    /// to pass. It is not to be called where rows pass otherwise than they were read.
    pub fn sum_up_as_read(&mut self) -> bool {
        let Some(counted) = self.counted.take() else {
            return false;
        };
        self.builder.take_count(counted);
        self.is_as_read = self.settle(0);
        self.is_as_read
    }

    /// Counts a row in.
    ///
    /// # Errors
    /// [`Error::TooLarge`] where there are more people than a roster holds, [`Error::Compression`] where memory runs out.
    pub fn push(&mut self, row: Row<'_>) -> Result<(), Error> {
        let builder = &mut self.builder;
        self.sieve.pass(row, |row| builder.push_view(row.id, row.attributes))
    }

    /// Notes that all rows have passed, and how many of them came again. Returns whether that was enough; otherwise they have to
    /// pass once more.
    ///
    /// # Errors
    /// [`Error`] where memory runs out.
    pub fn end_pass(&mut self, repeats: u32) -> Result<bool, Error> {
        self.builder.flush()?;
        Ok(self.is_settled || self.settle(repeats))
    }

    /// Settles what is hidden. Returns whether no row shows any of it.
    fn settle(&mut self, repeats: u32) -> bool {
        self.is_settled = true;
        self.builder.note_repeats(repeats);
        let Some(cut) = self.builder.settle() else {
            return true;
        };
        self.sieve.add(cut);
        self.builder.begin_pass();
        false
    }

    /// Returns what the roster came to. What its rows do not show is added to what is taken out of them from now on.
    pub fn finish(self, sieve: &mut Sieve) -> Summed {
        sieve.add_all(self.sieve);
        let chunks = self.builder.flushed();
        let header = self.builder.into_roster(self.broken.as_deref()).header;
        let is_as_read = self.is_as_read;
        Summed {
            header,
            chunks,
            is_as_read,
        }
    }
}
