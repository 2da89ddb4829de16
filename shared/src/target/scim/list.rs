//! A list's answer, read entry by entry: what was looked at is let go before the next is read, because a page may have
//! sixteen megabytes. Pure: no HTTP.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Value, error::Category};

use super::{
    value::{Counted, Room},
    walk::Incomplete,
};

/// What a list's answer says beside its entries.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    /// How many entries there are in all.
    pub(super) total: Option<usize>,
    /// What leads to the next page.
    pub(super) cursor: Option<String>,
    /// Whether there was a list.
    has_list: bool,
}

/// Reads a list's answer and hands on each entry; the first error of `take` ends it.
///
/// # Errors
/// [`Incomplete`] where the answer is no list of resources, and what `take` answers.
pub(super) fn read(text: &str, take: &mut dyn FnMut(Value) -> Result<(), Incomplete>) -> Result<Told, Incomplete> {
    let mut ended = None;
    let mut reader = serde_json::Deserializer::from_str(text);
    let reading = Answer(Entries {
        take,
        ended: &mut ended,
    });
    let told = reading
        .deserialize(&mut reader)
        .and_then(|told| reader.end().map(|()| told));
    match told {
        Ok(told) if told.has_list || told.total.is_some() => Ok(told),
        Ok(_) => Err(Incomplete::NoList),
        Err(error) => Err(ended.unwrap_or(match error.classify() {
            Category::Data => Incomplete::NoList,
            Category::Io | Category::Syntax | Category::Eof => Incomplete::NoJson,
        })),
    }
}

/// How many entries a member promises.
pub(super) fn as_count(value: &Value) -> Option<usize> {
    let number = value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())?;
    usize::try_from(number).ok()
}

/// Hands on the entries of a list, and notes why that ended.
struct Entries<'a> {
    take: &'a mut dyn FnMut(Value) -> Result<(), Incomplete>,
    ended: &'a mut Option<Incomplete>,
}

impl Entries<'_> {
    fn read_all<'de, A: SeqAccess<'de>>(&mut self, mut list: A) -> Result<(), A::Error> {
        loop {
            let room = Room::new();
            let entry = list.next_element_seed(Counted(&room));
            let taken = match entry {
                Ok(Some(entry)) => (self.take)(entry),
                Ok(None) => return Ok(()),
                Err(_) if room.is_exceeded() => Err(Incomplete::Large),
                Err(error) => return Err(error),
            };
            if let Err(incomplete) = taken {
                *self.ended = Some(incomplete);
                return Err(serde::de::Error::custom(incomplete));
            }
        }
    }
}

/// Whether there is a list: some servers write `null` where no user is found.
impl<'de> DeserializeSeed<'de> for &mut Entries<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &mut Entries<'_> {
    type Value = bool;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of resources")
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<bool, A::Error> {
        self.read_all(list).map(|()| true)
    }
}

/// The whole answer: an object with a list in it, or the list itself.
struct Answer<'a>(Entries<'a>);

impl<'de> DeserializeSeed<'de> for Answer<'_> {
    type Value = Told;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Told, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Answer<'_> {
    type Value = Told;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of resources")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, list: A) -> Result<Told, A::Error> {
        self.0.read_all(list)?;
        Ok(Told {
            has_list: true,
            ..Told::default()
        })
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut object: A) -> Result<Told, A::Error> {
        let mut told = Told::default();
        while let Some(name) = object.next_key::<String>()? {
            match name.to_ascii_lowercase().as_str() {
                "resources" => told.has_list |= object.next_value_seed(&mut self.0)?,
                "totalresults" => told.total = as_count(&object.next_value_seed(Counted(&Room::new()))?),
                "nextcursor" => {
                    let cursor = object.next_value_seed(Counted(&Room::new()))?;
                    told.cursor = cursor.as_str().filter(|cursor| !cursor.is_empty()).map(str::to_owned);
                }
                _ => drop(object.next_value::<IgnoredAny>()?),
            }
        }
        Ok(told)
    }
}
