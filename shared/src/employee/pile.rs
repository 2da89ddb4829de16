//! Many texts in few pieces of memory: nothing is moved when more come, and no text has a piece of its own.

/// The size of a block. A text that is longer gets a block of its own.
const BLOCK_BYTES: usize = 256 * 1024;

/// A piece of memory that is filled once and never moved.
pub(crate) trait Block {
    /// What is kept in it.
    type Kept: ?Sized;
    fn with_room(bytes: usize) -> Self;
    fn room(&self) -> usize;
    fn size(kept: &Self::Kept) -> usize;
    fn add(&mut self, kept: &Self::Kept);
    /// Returns what is kept from a place on.
    fn rest(&self, start: usize) -> Option<&Self::Kept>;
    fn all(&self) -> &Self::Kept;
}

impl Block for String {
    type Kept = str;
    fn with_room(bytes: usize) -> Self {
        Self::with_capacity(bytes)
    }
    fn room(&self) -> usize {
        self.capacity() - self.len()
    }
    fn size(kept: &str) -> usize {
        kept.len()
    }
    fn add(&mut self, kept: &str) {
        self.push_str(kept);
    }
    fn rest(&self, start: usize) -> Option<&str> {
        self.get(start..)
    }
    fn all(&self) -> &str {
        self
    }
}

impl Block for Vec<u8> {
    type Kept = [u8];
    fn with_room(bytes: usize) -> Self {
        Self::with_capacity(bytes)
    }
    fn room(&self) -> usize {
        self.capacity() - self.len()
    }
    fn size(kept: &[u8]) -> usize {
        kept.len()
    }
    fn add(&mut self, kept: &[u8]) {
        self.extend_from_slice(kept);
    }
    fn rest(&self, start: usize) -> Option<&[u8]> {
        self.get(start..)
    }
    fn all(&self) -> &[u8] {
        self
    }
}

/// Texts or bytes, one behind the other, in blocks.
#[derive(Clone, Default)]
pub(crate) struct Pile<B = String> {
    blocks: Vec<B>,
}

/// The place where a text begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    block: u32,
    start: u32,
}

impl<B: Block> Pile<B> {
    /// Adds texts that are read together. Returns where the first begins.
    pub(crate) fn push<const N: usize>(&mut self, parts: [&B::Kept; N]) -> Spot {
        let bytes = parts.iter().map(|part| B::size(part)).sum();
        if self.blocks.last().is_none_or(|block| block.room() < bytes) {
            self.blocks.push(B::with_room(bytes.max(BLOCK_BYTES)));
        }
        let mut start = 0;
        if let Some(block) = self.blocks.last_mut() {
            start = B::size(block.all());
            for part in parts {
                block.add(part);
            }
        }
        Spot {
            block: narrow(self.blocks.len().saturating_sub(1)),
            start: narrow(start),
        }
    }

    /// Returns what stands from a spot on.
    pub(crate) fn from(&self, spot: Spot) -> Option<&B::Kept> {
        self.blocks.get(spot.block as usize)?.rest(spot.start as usize)
    }
}

/// Returns a length or position in the 32 bits in which it is kept.
pub(crate) fn narrow(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stand_where_they_were_put_however_long_they_are() {
        let mut pile: Pile = Pile::default();
        let lengths = [0, 1, BLOCK_BYTES, 7, BLOCK_BYTES - 8, 3, 3 * BLOCK_BYTES, 5];
        let texts: Vec<String> = lengths.iter().map(|length| "ñ".repeat(*length)).collect();
        let spots: Vec<Spot> = texts.iter().map(|text| pile.push([text, "end"])).collect();
        for (spot, text) in spots.iter().zip(&texts) {
            assert!(
                pile.from(*spot)
                    .unwrap()
                    .strip_prefix(text.as_str())
                    .unwrap()
                    .starts_with("end")
            );
        }
        assert!(pile.blocks.iter().all(|block| block.len() <= block.capacity()));
    }
}
