//! Rows of a roster in compressed chunks, each small enough for one stored item.
//!
//! Form, version 1: rows one after another, each `<length of id>:<id><length of attributes>:<packed attributes>`, zstd
//! level 1 over up to [`MAX_CHUNK_BYTES`] of them.

use super::press::{Press, Unpack};
use crate::employee::{Attributes, Canonical, Employee, EmployeeId, View};

/// The most bytes of rows in a chunk before compression: even what does not compress fits an item of 400 KB.
pub const MAX_CHUNK_BYTES: usize = 360 * 1024;

/// The most people that a roster holds.
pub const MOST_PEOPLE: u32 = 500_000;

/// The most bytes of rows that a roster holds, before compression.
pub const MOST_ROWS_BYTES: usize = 256 * 1024 * 1024;

/// Why a chunk cannot be read: it was damaged, or is of another version; or why there is no more room.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The bytes are no zstd frame of the expected size.
    #[error("a roster chunk cannot be decompressed")]
    Compression(#[source] std::io::Error),
    /// The source has more people than one roster holds.
    #[error("a roster holds at most {MOST_PEOPLE} people and {MOST_ROWS_BYTES} bytes of them")]
    TooLarge,
    /// The text inside is not in the form of this version.
    #[error("a roster chunk does not hold rows of version 1")]
    Form,
}

/// Compressed rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk(Vec<u8>);

/// One person in a chunk, borrowed.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// The employee's id.
    pub id: &'a str,
    /// What was seen of the person.
    pub attributes: View<'a>,
}

impl<'a> Row<'a> {
    /// Returns the person's value of an attribute that may tell people apart: the id is one, too.
    pub fn identifier(self, attribute: Canonical) -> Option<&'a str> {
        if attribute == Canonical::EmployeeId {
            return Some(self.id);
        }
        self.attributes.value(attribute)
    }

    /// Returns the person, owned.
    ///
    /// # Errors
    /// [`Error::Form`] where the stored text is not what was once written.
    pub fn to_employee(self) -> Result<Employee, Error> {
        let id = EmployeeId::parse(self.id).map_err(|_| Error::Form)?;
        let attributes = Attributes::from_packed(self.attributes.as_packed()).ok_or(Error::Form)?;
        Ok(Employee { id, attributes })
    }
}

impl Chunk {
    /// Returns rows, compressed.
    ///
    /// # Errors
    /// [`Error::Compression`] where zstd fails because memory runs out.
    pub(crate) fn compress(rows: &str) -> Result<Self, Error> {
        Press::default().compress(rows)
    }

    /// Returns the chunk of stored bytes. They are checked when they are read.
    pub const fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// Returns the bytes to store.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Returns the bytes to store, owned.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// Returns the rows as text.
    ///
    /// # Errors
    /// [`Error`] where the bytes are damaged.
    pub(crate) fn decompress(&self) -> Result<String, Error> {
        let mut rows = String::new();
        Unpack::default().decompress(self, &mut rows)?;
        Ok(rows)
    }
}

/// Appends a row.
pub(super) fn push_row(rows: &mut String, id: &str, attributes: View<'_>) {
    for text in [id, attributes.as_packed()] {
        push_text(rows, text);
    }
}

/// Appends a text with its length before it.
pub(crate) fn push_text(rows: &mut String, text: &str) {
    rows.push_str(itoa(text.len(), &mut [0; 20]));
    rows.push(':');
    rows.push_str(text);
}

/// Returns whether a row still fits into a chunk with these rows; the first one does always.
pub(super) const fn fits(rows: &str, id: &str, attributes: View<'_>) -> bool {
    rows.is_empty() || rows.len() + id.len() + attributes.as_packed().len() + 12 <= MAX_CHUNK_BYTES
}

/// Packs rows into chunks, which can be taken off as soon as they are full.
#[derive(Debug, Default)]
pub struct Packer {
    rows: String,
    chunks: Vec<Chunk>,
    press: Press,
}

impl Packer {
    /// Adds a row.
    ///
    /// # Errors
    /// [`Error::Compression`] where memory runs out.
    pub fn push(&mut self, row: Row<'_>) -> Result<(), Error> {
        if !fits(&self.rows, row.id, row.attributes) {
            self.flush()?;
        }
        push_row(&mut self.rows, row.id, row.attributes);
        Ok(())
    }

    /// Returns how many full chunks there are to be taken off.
    pub const fn full(&self) -> usize {
        self.chunks.len()
    }

    /// Takes the full chunks off.
    pub fn take(&mut self) -> Vec<Chunk> {
        std::mem::take(&mut self.chunks)
    }

    /// Returns all chunks that were not taken off, the last of which need not be full.
    ///
    /// # Errors
    /// [`Error::Compression`] where memory runs out.
    pub fn finish(mut self) -> Result<Vec<Chunk>, Error> {
        self.flush()?;
        Ok(self.chunks)
    }

    fn flush(&mut self) -> Result<(), Error> {
        if !self.rows.is_empty() {
            self.chunks.push(self.press.compress(&self.rows)?);
            self.rows.clear();
        }
        Ok(())
    }
}

/// Reads rows off a decompressed chunk.
///
/// # Errors
/// [`Error::Form`] at the first row that is not in the form of this version.
pub(super) fn each_row<'a>(mut rows: &'a str, mut visit: impl FnMut(Row<'a>)) -> Result<(), Error> {
    while let Some((row, rest)) = next_row(rows)? {
        visit(row);
        rows = rest;
    }
    Ok(())
}

/// Returns the first row of decompressed rows, and what stands behind it; `None` where there is none.
///
/// # Errors
/// [`Error::Form`] where it is not in the form of this version.
pub(super) fn next_row(rows: &str) -> Result<Option<(Row<'_>, &str)>, Error> {
    if rows.is_empty() {
        return Ok(None);
    }
    let (id, rest) = take_text(rows).ok_or(Error::Form)?;
    let (packed, rest) = take_text(rest).ok_or(Error::Form)?;
    let attributes = View::new(packed);
    Ok(Some((Row { id, attributes }, rest)))
}

/// Takes a text off that stands with its length before it; returns it and what stands behind. `None`: there is none.
pub(crate) fn take_text(rows: &str) -> Option<(&str, &str)> {
    let mut length = 0_usize;
    for (place, byte) in rows.bytes().enumerate() {
        match byte {
            b'0'..=b'9' => length = length.checked_mul(10)?.checked_add(usize::from(byte - b'0'))?,
            b':' if place > 0 => return rows.get(place + 1..)?.split_at_checked(length),
            _ => return None,
        }
    }
    None
}

/// Returns a number in decimal, without an allocation.
fn itoa(mut number: usize, digits: &mut [u8; 20]) -> &str {
    let mut start = digits.len();
    for (position, digit) in digits.iter_mut().enumerate().rev() {
        *digit = b'0' + u8::try_from(number % 10).unwrap_or_default();
        start = position;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    digits
        .get(start..)
        .and_then(|digits| std::str::from_utf8(digits).ok())
        .unwrap_or_default()
}
