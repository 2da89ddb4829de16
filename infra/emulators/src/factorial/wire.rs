//! Small values as they stand in answers.

use jiff::civil::Date;
use serde::{Serialize, Serializer};

/// An id: text or an integer, as the version says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Id {
    pub(super) number: u64,
    pub(super) text: bool,
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.text {
            serializer.collect_str(&self.number)
        } else {
            serializer.serialize_u64(self.number)
        }
    }
}

/// An instant of which only the date matters.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stamp(pub(super) Date);

impl Serialize for Stamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}T08:30:00.000Z", self.0))
    }
}

/// A telephone number, which some records hold as a JSON number.
#[derive(Debug, Clone)]
pub(super) enum Phone<'a> {
    Text(std::borrow::Cow<'a, str>),
    Number(u64),
}

impl Serialize for Phone<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) => serializer.serialize_u64(*number),
        }
    }
}

/// ISO 3166-1 alpha-2 in lower case, as contracts, workplaces and legal entities have it.
pub(super) fn lower(country: &str) -> String {
    country.to_ascii_lowercase()
}
