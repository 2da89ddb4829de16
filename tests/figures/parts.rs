//! Parts of a read as files, in the place of the store: their rows pass chunk by chunk, and are never in memory all at once.

use std::{
    fs,
    path::{Path, PathBuf},
};

use rollcall::roster::{self, Builder, Chunk, Header, Merge, Packer, Roster, Row, Sieve, Summed, Whole};

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

    /// Returns everybody who was read; `last` is in memory.
    pub(crate) fn sum_up(self, last: Builder) -> Result<People, Failure> {
        let (mut whole, last) = Whole::of(&self.headers, last, None)?;
        let (mut sieve, parts) = (Sieve::default(), self);
        loop {
            let repeats = each(&parts, &last, &sieve, |row| whole.push(row))?;
            if whole.end_pass(repeats)? {
                break;
            }
        }
        let Summed { header, .. } = whole.finish(&mut sieve);
        Ok(People {
            header,
            parts,
            last,
            sieve,
        })
    }
}

/// Everybody who was read.
pub(crate) struct People {
    pub(crate) header: Header,
    parts: Parts,
    last: Roster,
    sieve: Sieve,
}

impl People {
    /// Visits every person in the order of ids.
    pub(crate) fn each(&self, visit: impl FnMut(Row<'_>) -> Result<(), roster::Error>) -> Result<(), Failure> {
        each(&self.parts, &self.last, &self.sieve, visit).map(drop)
    }

    /// Writes everybody into a folder, as one roster. Returns how many bytes that are.
    pub(crate) fn write(&self, folder: &Path) -> Result<usize, Failure> {
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
        let mut failure = None;
        self.each(|row| {
            packer.push(row)?;
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
    let counts = parts.chunks.iter().copied().chain([last.chunks.len()]);
    let mut merge = Merge::new(counts);
    loop {
        merge.each(|row| sieve.pass(row, &mut visit))?;
        let Some((part, number)) = merge.wants() else {
            return Ok(merge.repeats());
        };
        if part < parts.headers.len() {
            merge.give(&Chunk::from_bytes(fs::read(parts.file(part, number))?))?;
        } else {
            merge.give(last.chunks.get(number).ok_or("a chunk is missing")?)?;
        }
    }
}
