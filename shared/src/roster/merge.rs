//! Several slices of one read, as one roster.

use std::{cmp::Ordering, vec};

use super::{Builder, Chunk, Error, Roster, Row, chunk::next_row};
use crate::employee::id::shortlex;

/// Returns what several slices read, in their order, as if it had been read at one time; `last` is what the last of them
/// read. Of a person whom several slices show, the row that was read last counts. `broken` says, as a code, why the read
/// failed, if it did.
///
/// One chunk of each part is in memory at a time.
///
/// # Errors
/// [`Error`] where a part is damaged, where there are more people than a roster holds, or where memory runs out.
pub fn merge(parts: Vec<Roster>, mut last: Builder, broken: Option<&str>) -> Result<Roster, Error> {
    if parts.is_empty() {
        return last.finish(broken);
    }
    let mut whole = Builder::new(last.company().clone());
    whole.take_over(&mut last);
    let mut broken = broken.map(str::to_owned);
    let mut piles = Vec::with_capacity(parts.len() + 1);
    for part in parts.into_iter().chain([last.into_part()?]) {
        whole.note_part(&part.header);
        broken = broken.or(part.header.broken);
        piles.push(Pile::new(part.chunks)?);
    }
    while let Some(next) = least(&piles)? {
        // Behind the least row of the last part stand rows of the same person in earlier parts.
        let Some(row) = piles.get(next).map(Pile::row).transpose()?.flatten() else {
            break;
        };
        whole.push_view(row.id, row.attributes)?;
        let id = row.id.to_owned();
        for (place, pile) in piles.iter_mut().enumerate() {
            let is_same = pile.row()?.is_some_and(|row| row.id == id);
            if is_same {
                pile.step()?;
                if place != next {
                    whole.note_duplicate();
                }
            }
        }
    }
    whole.finish(broken.as_deref())
}

/// Returns the pile whose first row comes next: the least id, and of equal ones the one of the last part.
fn least(piles: &[Pile]) -> Result<Option<usize>, Error> {
    let mut best: Option<(usize, Row<'_>)> = None;
    for (place, pile) in piles.iter().enumerate() {
        let Some(row) = pile.row()? else { continue };
        let comes_later = |(_, best): &(usize, Row<'_>)| shortlex(best.id, row.id) == Ordering::Less;
        if !best.as_ref().is_some_and(comes_later) {
            best = Some((place, row));
        }
    }
    Ok(best.map(|(place, _)| place))
}

/// The rows of a part that are still to come.
struct Pile {
    chunks: vec::IntoIter<Chunk>,
    rows: String,
    at: usize,
}

impl Pile {
    fn new(chunks: Vec<Chunk>) -> Result<Self, Error> {
        let mut pile = Self {
            chunks: chunks.into_iter(),
            rows: String::new(),
            at: 0,
        };
        pile.fill()?;
        Ok(pile)
    }

    /// The rest of the chunk that is being read.
    fn rest(&self) -> &str {
        self.rows.get(self.at..).unwrap_or_default()
    }

    fn row(&self) -> Result<Option<Row<'_>>, Error> {
        Ok(next_row(self.rest())?.map(|(row, _)| row))
    }

    /// Goes on behind the first row.
    fn step(&mut self) -> Result<(), Error> {
        let behind = next_row(self.rest())?.map_or(0, |(_, rest)| rest.len());
        self.at = self.rows.len() - behind;
        self.fill()
    }

    fn fill(&mut self) -> Result<(), Error> {
        while self.rest().is_empty()
            && let Some(chunk) = self.chunks.next()
        {
            self.rows = chunk.decompress()?;
            self.at = 0;
        }
        Ok(())
    }
}
