//! Items: how they are written, and how they are read with suspicion.

use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};

use super::key::Key;
use crate::store::Error;

/// The version of items that this code writes; it reads this one and the one before (R44).
pub(super) const VERSION: u64 = 1;

/// The most bytes of a document's chunk after decompression.
const MOST_BYTES: usize = 1024 * 1024;

#[expect(
    clippy::disallowed_types,
    reason = "the SDK's items are hash maps; nothing is read off one in its order"
)]
pub(super) type Map = std::collections::HashMap<String, AttributeValue>;
#[expect(clippy::disallowed_types, reason = "the SDK takes names as a hash map")]
pub(super) type Names = std::collections::HashMap<String, String>;

/// An item to be written.
#[derive(Clone, Debug)]
pub(super) struct Draft(Map);

impl Draft {
    pub(super) fn new(key: Key) -> Self {
        Self(key_map(key)).number("v", VERSION)
    }

    pub(super) fn text(mut self, member: &str, text: impl Into<String>) -> Self {
        self.0.insert(member.to_owned(), AttributeValue::S(text.into()));
        self
    }

    pub(super) fn number(mut self, member: &str, number: impl Into<i128>) -> Self {
        let number = number.into().to_string();
        self.0.insert(member.to_owned(), AttributeValue::N(number));
        self
    }

    pub(super) fn flag(mut self, member: &str, flag: bool) -> Self {
        self.0.insert(member.to_owned(), AttributeValue::Bool(flag));
        self
    }

    pub(super) fn bytes(mut self, member: &str, bytes: Vec<u8>) -> Self {
        self.0.insert(member.to_owned(), AttributeValue::B(Blob::new(bytes)));
        self
    }

    /// When the item ends, for the table's TTL and for readers.
    pub(super) fn expires(self, at: Timestamp) -> Self {
        self.number("expires", at.as_second())
    }

    /// A record as JSON.
    pub(super) fn document<T: Serialize>(
        self,
        operation: &'static str,
        member: &str,
        document: &T,
    ) -> Result<Self, Error> {
        Ok(self.text(member, to_json(operation, document)?))
    }

    pub(super) fn into_map(self) -> Map {
        self.0
    }
}

/// A record as JSON text.
pub(super) fn to_json<T: Serialize>(operation: &'static str, document: &T) -> Result<String, Error> {
    serde_json::to_string(document).map_err(|_| Error::Corrupt {
        operation,
        detail: "a document has no JSON form".to_owned(),
    })
}

/// Compresses a chunk of a document.
pub(super) fn compress(operation: &'static str, text: &str) -> Result<Vec<u8>, Error> {
    zstd::bulk::compress(text.as_bytes(), 3).map_err(|_| Error::Corrupt {
        operation,
        detail: "a chunk cannot be compressed for want of memory".to_owned(),
    })
}

/// A key as the SDK takes it.
pub(super) fn key_map(key: Key) -> Map {
    [("pk", key.pk), ("sk", key.sk)]
        .into_iter()
        .map(|(name, text)| (name.to_owned(), AttributeValue::S(text)))
        .collect()
}

/// An item that was read, of a version that this code knows.
#[derive(Debug)]
pub(super) struct Row {
    operation: &'static str,
    map: Map,
}

impl Row {
    /// Checks the version.
    pub(super) fn new(operation: &'static str, map: Map) -> Result<Self, Error> {
        let row = Self { operation, map };
        let version = row.number("v")?;
        if (VERSION - 1..=VERSION).contains(&version) {
            Ok(row)
        } else {
            Err(row.corrupt("v", "a version that this code reads"))
        }
    }

    /// What to say about a member that is not as expected. Never says what it is: it may be a value of a person.
    pub(super) fn corrupt(&self, member: &str, expected: &str) -> Error {
        Error::Corrupt {
            operation: self.operation,
            detail: format!("member `{member}` is not {expected}"),
        }
    }

    pub(super) fn has(&self, member: &str) -> bool {
        self.map.contains_key(member)
    }

    pub(super) fn text(&self, member: &str) -> Result<&str, Error> {
        match self.map.get(member) {
            Some(AttributeValue::S(text)) => Ok(text),
            Some(_) | None => Err(self.corrupt(member, "a text")),
        }
    }

    pub(super) fn number(&self, member: &str) -> Result<u64, Error> {
        match self.map.get(member) {
            Some(AttributeValue::N(number)) => number.parse().map_err(|_| self.corrupt(member, "a whole number")),
            Some(_) | None => Err(self.corrupt(member, "a whole number")),
        }
    }

    pub(super) fn count(&self, member: &str) -> Result<u32, Error> {
        u32::try_from(self.number(member)?).map_err(|_| self.corrupt(member, "a count"))
    }

    pub(super) fn flag(&self, member: &str) -> Result<bool, Error> {
        match self.map.get(member) {
            Some(AttributeValue::Bool(flag)) => Ok(*flag),
            Some(_) | None => Err(self.corrupt(member, "true or false")),
        }
    }

    pub(super) fn bytes(&self, member: &str) -> Result<&[u8], Error> {
        match self.map.get(member) {
            Some(AttributeValue::B(bytes)) => Ok(bytes.as_ref()),
            Some(_) | None => Err(self.corrupt(member, "bytes")),
        }
    }

    /// A text of a kind, such as an id or an instant.
    pub(super) fn parsed<T: std::str::FromStr>(&self, member: &str, expected: &str) -> Result<T, Error> {
        self.text(member)?.parse().map_err(|_| self.corrupt(member, expected))
    }

    /// A record of JSON. serde's own words are left out: they may quote a value.
    pub(super) fn document<T: DeserializeOwned>(&self, member: &str) -> Result<T, Error> {
        serde_json::from_str(self.text(member)?).map_err(|_| self.corrupt(member, "the expected document"))
    }

    /// The text of a compressed chunk.
    pub(super) fn chunk(&self, member: &str) -> Result<String, Error> {
        self.unpacked(member, MOST_BYTES)
    }

    /// A compressed text of at most this many bytes.
    pub(super) fn unpacked(&self, member: &str, most: usize) -> Result<String, Error> {
        let bytes = zstd::bulk::decompress(self.bytes(member)?, most);
        let bytes = bytes.map_err(|_| self.corrupt(member, "a compressed chunk"))?;
        String::from_utf8(bytes).map_err(|_| self.corrupt(member, "a chunk of text"))
    }

    /// Returns whether the item has ended. An item that has no end never has.
    pub(super) fn has_expired(&self, now: Timestamp) -> Result<bool, Error> {
        if !self.has("expires") {
            return Ok(false);
        }
        let expires = i64::try_from(self.number("expires")?);
        let expires = expires.map_err(|_| self.corrupt("expires", "an instant"))?;
        Ok(expires <= now.as_second())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(member: &str, value: AttributeValue) -> Result<Row, Error> {
        let mut map = Draft::new(Key::new("P", "S")).text("name", "canary").into_map();
        map.insert(member.to_owned(), value);
        Row::new("read a thing", map)
    }

    #[test]
    fn r44_this_version_and_the_one_before_are_read_and_no_other() {
        for version in ["0", "1"] {
            assert!(row("v", AttributeValue::N(version.to_owned())).is_ok(), "{version}");
        }
        for version in ["2", "-1", "x"] {
            let error = row("v", AttributeValue::N(version.to_owned())).unwrap_err();
            assert!(error.to_string().contains("member `v`"), "{error}");
        }
        assert!(row("v", AttributeValue::Null(true)).is_err());
    }

    #[test]
    fn r38_a_damaged_item_is_named_by_its_member_and_never_by_its_value() {
        let row = row("other", AttributeValue::S("canary".to_owned())).unwrap();
        for error in [
            row.number("other").unwrap_err(),
            row.document::<u32>("other").unwrap_err(),
            row.parsed::<Timestamp>("other", "an instant").unwrap_err(),
            row.chunk("other").unwrap_err(),
            row.flag("missing").unwrap_err(),
        ] {
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("canary") && shown.contains("member `"), "{shown}");
        }
    }

    #[test]
    fn r36_an_item_ends_in_the_second_that_it_names() {
        let row = row("expires", AttributeValue::N("100".to_owned())).unwrap();
        assert!(!row.has_expired(Timestamp::from_second(99).unwrap()).unwrap());
        assert!(row.has_expired(Timestamp::from_second(100).unwrap()).unwrap());
    }
}
