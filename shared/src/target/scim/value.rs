//! JSON of a server as values whose memory is counted: a few bytes of text can cost a hundred times as much when read.
//! Pure: no HTTP.

use std::{cell::Cell, fmt};

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// The most memory that one value may take: a user with some thousands of groups fits.
const MOST_BYTES: usize = 16 * 1024 * 1024;
/// What a text takes beside its bytes.
const TEXT_BYTES: usize = 32;
/// What the first member of an object takes: room for eleven is made at once.
const OBJECT_BYTES: usize = 640;

/// The memory that is left for a value.
pub(super) struct Room(Cell<usize>);

impl Room {
    /// Returns the room for one value.
    pub(super) const fn new() -> Self {
        Self(Cell::new(MOST_BYTES))
    }

    /// Returns whether a value found too little room (R47).
    pub(super) fn is_exceeded(&self) -> bool {
        self.0.get() == 0
    }

    fn take<E: Error>(&self, bytes: usize) -> Result<(), E> {
        let left = self.0.get().saturating_sub(bytes);
        self.0.set(left);
        if left == 0 {
            return Err(E::custom("a value is larger than any user"));
        }
        Ok(())
    }
}

/// Reads a text as one value; `None` where it is not JSON, or takes more memory than any user.
pub(super) fn parse(text: &str) -> Option<Value> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Counted(&Room::new()).deserialize(&mut reader).ok()?;
    reader.end().ok()?;
    Some(value)
}

/// Reads a value within the room that is left.
#[derive(Clone, Copy)]
pub(super) struct Counted<'a>(pub(super) &'a Room);

impl<'de> DeserializeSeed<'de> for Counted<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.0.take(size_of::<Value>())?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Counted<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        self.0.take(text.len() + TEXT_BYTES)?;
        Ok(Value::String(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(self)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        self.0.take(OBJECT_BYTES)?;
        let mut members = Map::new();
        while let Some(name) = object.next_key::<String>()? {
            self.0.take(name.len() + TEXT_BYTES + size_of::<String>())?;
            members.insert(name, object.next_value_seed(self)?);
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_is_read_as_it_is_written() {
        let value = json!({ "a": [1, -2, 2.5, true, null, "ñ\n"], "b": { "c": {} }, "d": u64::MAX });
        assert_eq!(parse(&format!("\n{value} ")), Some(value));
        for bad in ["", "{", "[1,]", "1 2", "<html>"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn r47_a_text_that_costs_many_times_its_length_is_no_value() {
        for cheap in ["1", "[]", "{}", "\"\"", "null"] {
            let many = vec![cheap; 2_000_000].join(",");
            assert_eq!(parse(&format!("[{many}]")), None, "{cheap}");
            assert_eq!(parse(&format!("{{\"emails\":[{many}]}}")), None, "{cheap}");
        }
        let names: Vec<String> = (0..300_000).map(|number| format!("\"{number}\":1")).collect();
        assert_eq!(parse(&format!("{{{}}}", names.join(","))), None);
    }
}
