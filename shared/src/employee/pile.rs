//! Many texts in few pieces of memory: nothing is moved when more come, and none has a piece of its own.

/// The size of a block. A text that is longer gets a block of its own.
const BLOCK_BYTES: usize = 256 * 1024;

/// Texts, one behind the other, in blocks.
#[derive(Clone, Default)]
pub(crate) struct Pile {
    blocks: Vec<String>,
}

/// Where texts begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    block: u32,
    start: u32,
}

impl Pile {
    /// Adds texts that are read together. Answers where the first begins.
    pub(crate) fn push<const N: usize>(&mut self, texts: [&str; N]) -> Spot {
        let bytes = texts.iter().map(|text| text.len()).sum();
        let has_room = |block: &String| block.capacity() - block.len() >= bytes;
        if !self.blocks.last().is_some_and(has_room) {
            self.blocks.push(String::with_capacity(bytes.max(BLOCK_BYTES)));
        }
        let mut start = 0;
        if let Some(block) = self.blocks.last_mut() {
            start = block.len();
            block.extend(texts);
        }
        Spot {
            block: narrow(self.blocks.len().saturating_sub(1)),
            start: narrow(start),
        }
    }

    /// The texts from a spot on.
    pub(crate) fn from(&self, spot: Spot) -> &str {
        let block = self.blocks.get(spot.block as usize);
        block
            .and_then(|block| block.get(spot.start as usize..))
            .unwrap_or_default()
    }
}

/// Lengths and positions are kept in 32 bits.
pub(crate) fn narrow(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stand_where_they_were_put_however_long_they_are() {
        let mut pile = Pile::default();
        let lengths = [0, 1, BLOCK_BYTES, 7, BLOCK_BYTES - 8, 3, 3 * BLOCK_BYTES, 5];
        let texts: Vec<String> = lengths.iter().map(|length| "ñ".repeat(*length)).collect();
        let spots: Vec<Spot> = texts.iter().map(|text| pile.push([text, "end"])).collect();
        for (spot, text) in spots.iter().zip(&texts) {
            assert!(pile.from(*spot).strip_prefix(text.as_str()).unwrap().starts_with("end"));
        }
        assert!(pile.blocks.iter().all(|block| block.len() <= block.capacity()));
    }
}
