//! Rows on their way into chunks and out of them, in memory that is used again: a walk over many chunks would otherwise spend a
//! good part of its time on getting memory and giving it back.

use std::fmt;

use super::chunk::{Chunk, Error, MAX_CHUNK_BYTES};

/// The level that chunks are compressed with.
const LEVEL: i32 = 1;

/// Compresses rows, chunk after chunk.
#[derive(Default)]
pub(super) struct Press {
    compressor: Option<zstd::bulk::Compressor<'static>>,
    buffer: Vec<u8>,
}

impl Press {
    /// Returns rows, compressed.
    ///
    /// # Errors
    /// [`Error::Compression`] where zstd fails because memory runs out.
    pub(super) fn compress(&mut self, rows: &str) -> Result<Chunk, Error> {
        let compressor = match self.compressor.take() {
            Some(compressor) => compressor,
            None => zstd::bulk::Compressor::new(LEVEL).map_err(Error::Compression)?,
        };
        self.buffer.clear();
        self.buffer.reserve(zstd::zstd_safe::compress_bound(rows.len()));
        let compressor = self.compressor.insert(compressor);
        let compressed = compressor.compress_to_buffer(rows.as_bytes(), &mut self.buffer);
        compressed.map_err(Error::Compression)?;
        Ok(Chunk::from_bytes(self.buffer.clone()))
    }
}

impl fmt::Debug for Press {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Press").finish_non_exhaustive()
    }
}

/// Decompresses chunks, one after another.
#[derive(Default)]
pub(super) struct Unpack(zstd::bulk::Decompressor<'static>);

impl Unpack {
    /// Puts the rows of a chunk in the place of other rows.
    ///
    /// # Errors
    /// [`Error`] where the bytes are damaged.
    pub(super) fn decompress(&mut self, chunk: &Chunk, rows: &mut String) -> Result<(), Error> {
        let mut bytes = std::mem::take(rows).into_bytes();
        bytes.clear();
        bytes.reserve(MAX_CHUNK_BYTES + 1);
        let decompressed = self.0.decompress_to_buffer(chunk.as_bytes(), &mut bytes);
        decompressed.map_err(Error::Compression)?;
        *rows = String::from_utf8(bytes).map_err(|_| Error::Form)?;
        Ok(())
    }
}

impl fmt::Debug for Unpack {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Unpack").finish_non_exhaustive()
    }
}
