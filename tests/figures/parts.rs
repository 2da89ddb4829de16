//! Parts of a read as files, in the place of the store: their rows pass chunk by chunk, and are never in memory all at once.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use rollcall::{
    employee::{EmployeeId, View},
    roster::{self, Builder, Chunk, Header, Merge, Packer, Roster, Row, Sieve, Summed, Whole, counting_chunks},
};

use crate::Failure;

/// Parts that were read, in files.
pub(crate) struct Parts {
    folder: PathBuf,
    headers: Vec<Header>,
    /// How many chunks each has.
    chunks: Vec<usize>,
}

impl Parts {
    /// Parts that will be kept in a folder.
    pub(crate) fn new(folder: &Path) -> Result<Self, Failure> {
        fs::create_dir_all(folder)?;
        Ok(Self {
            folder: folder.to_owned(),
            headers: Vec::new(),
            chunks: Vec::new(),
        })
    }

    fn file(&self, part: usize, chunk: usize) -> PathBuf {
        self.folder.join(format!("part-{part}-{chunk}"))
    }

    /// Keeps a part.
    pub(crate) fn keep(&mut self, part: &Roster) -> Result<(), Failure> {
        for (number, chunk) in part.chunks.iter().enumerate() {
            fs::write(self.file(self.headers.len(), number), chunk.as_bytes())?;
        }
        self.headers.push(part.header.clone());
        self.chunks.push(part.chunks.len());
        Ok(())
    }

    /// All parts with the last one, which is in memory, and how many chunks each has.
    fn all<'a>(&'a self, last: &'a Roster) -> impl Iterator<Item = (&'a Header, usize)> {
        let kept = self.headers.iter().zip(self.chunks.iter().copied());
        kept.chain([(&last.header, last.chunks.len())])
    }

    fn load(&self, last: &Roster, part: usize, number: usize) -> Result<Chunk, Failure> {
        if part < self.headers.len() {
            return Ok(Chunk::from_bytes(fs::read(self.file(part, number))?));
        }
        Ok(last.chunks.get(number).ok_or("a chunk is missing")?.clone())
    }

    /// Returns everybody who was read; `last` is in memory.
    pub(crate) fn sum_up(self, last: Builder) -> Result<People, Failure> {
        let (mut whole, last) = Whole::of(&self.headers, last, None)?;
        let (mut sieve, parts) = (Sieve::default(), self);
        let mut is_summed_up = whole.sum_up_as_read();
        while !is_summed_up {
            let repeats = each(&parts, &last, &sieve, |row| whole.push(row))?;
            is_summed_up = whole.end_pass(repeats)?;
        }
        let Summed { header, is_as_read, .. } = whole.finish(&mut sieve);
        Ok(People {
            header,
            is_as_read,
            parts,
            last,
            sieve,
        })
    }
}

/// Everybody who was read.
pub(crate) struct People {
    pub(crate) header: Header,
    is_as_read: bool,
    parts: Parts,
    last: Roster,
    sieve: Sieve,
}

impl People {
    /// Visits every person in the order of ids.
    pub(crate) fn each(&self, visit: impl FnMut(Row<'_>) -> Result<(), roster::Error>) -> Result<(), Failure> {
        each(&self.parts, &self.last, &self.sieve, visit).map(drop)
    }

    /// Writes everybody into a folder, as one roster, as a run does: of those in `outside` no value. Returns how many bytes that are.
    pub(crate) fn write(&self, folder: &Path, outside: &[EmployeeId]) -> Result<usize, Failure> {
        let (mut bytes, mut written) = (0, 0);
        let mut packer = Packer::default();
        let mut write = |chunks: Vec<Chunk>| {
            for chunk in chunks {
                fs::write(folder.join(format!("roster-{written}")), chunk.as_bytes())?;
                bytes += chunk.as_bytes().len();
                written += 1;
            }
            Ok::<_, Failure>(())
        };
        if self.is_as_read && outside.is_empty() {
            let counts = counting_chunks(self.parts.all(&self.last));
            for (part, count) in counts.into_iter().enumerate() {
                for number in 0..count {
                    write(vec![self.parts.load(&self.last, part, number)?])?;
                }
            }
            return Ok(bytes);
        }
        let (mut failure, outside) = (None, outside.iter().collect::<BTreeSet<_>>());
        self.each(|row| {
            let is_outside = EmployeeId::parse(row.id).is_ok_and(|id| outside.contains(&id));
            let attributes = if is_outside { View::default() } else { row.attributes };
            packer.push(Row { id: row.id, attributes })?;
            if packer.full() > 0 {
                failure = failure.take().or_else(|| write(packer.take()).err());
            }
            Ok(())
        })?;
        failure.map_or(Ok(()), Err)?;
        write(packer.finish()?)?;
        Ok(bytes)
    }
}

/// Visits every person in the order of ids. Returns how many rows came again.
fn each(
    parts: &Parts,
    last: &Roster,
    sieve: &Sieve,
    mut visit: impl FnMut(Row<'_>) -> Result<(), roster::Error>,
) -> Result<u32, Failure> {
    let mut merge = Merge::new(parts.all(last));
    loop {
        merge.each(|row| sieve.pass(row, &mut visit))?;
        let Some((part, number)) = merge.wants() else {
            return Ok(merge.repeats());
        };
        merge.give(&parts.load(last, part, number)?)?;
    }
}
