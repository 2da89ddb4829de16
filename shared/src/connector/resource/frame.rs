//! What stands around the rows of a page: the number of all rows, and what says whether more pages follow.

use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::value::RawValue;

use super::{Path, Sequel};
use crate::connector::{
    value::{Flag, Nested, Text},
    walk::{Next, parameter},
};

impl Sequel {
    /// Returns what a page says of the pages behind it; `None` where the object is missing that would say it.
    pub(super) fn of(self, frame: &Frame) -> Option<Next> {
        match self {
            Self::Total | Self::Alone => Some(Next::Unsaid),
            Self::Flag { more, cursor } => Some(match frame.at(more).flag() {
                Flag(None) => Next::Unsaid,
                Flag(Some(false)) => Next::Last,
                Flag(Some(true)) => frame.text(cursor).map_or(Next::More, Next::At),
            }),
            Self::Link { links, parameter: name } => {
                let links = frame.at(links);
                if !links.is_object() {
                    return None;
                }
                let next = links.once("next");
                if matches!(next.whole(), Text::Absent | Text::Null) {
                    return Some(Next::Last);
                }
                let address = next.once("href").whole();
                let token = address.value().and_then(|address| parameter(address, name));
                Some(token.map_or(Next::More, Next::At))
            }
            Self::Token { around, token } => {
                let around = frame.at(around);
                if !around.is_object() {
                    return None;
                }
                let said = match around.member(token).whole() {
                    Text::Absent | Text::Null => frame.at(&[token]).whole(),
                    said @ (Text::Odd | Text::Value(_)) => said,
                };
                Some(match said {
                    Text::Absent | Text::Null => Next::Last,
                    Text::Value(token) if !token.is_empty() => Next::At(token.into_owned()),
                    Text::Value(_) | Text::Odd => Next::More,
                })
            }
            Self::Cursor { at, parameter: name } => match frame.at(at).whole() {
                Text::Absent => None,
                Text::Null => Some(Next::Last),
                Text::Odd => Some(Next::More),
                Text::Value(text) => {
                    let is_address = text.starts_with("https://") || text.starts_with("http://");
                    let cursor = if is_address {
                        parameter(&text, name)
                    } else {
                        Some(text.into_owned())
                    };
                    let cursor = cursor.filter(|cursor| !cursor.is_empty());
                    Some(cursor.map_or(Next::More, Next::At))
                }
            },
        }
    }
}

/// What stands around the rows of a page.
pub(super) struct Frame(Box<RawValue>);

impl<'de> Deserialize<'de> for Frame {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Box::<RawValue>::deserialize(deserializer)
            .map(Self)
            .map_err(D::Error::custom)
    }
}

impl Frame {
    pub(super) fn at(&self, path: &[&str]) -> Nested<'_> {
        path.iter().fold(Nested::of(&self.0), |around, name| around.once(name))
    }

    /// The text at a place, where there is one that is not empty.
    fn text(&self, path: Path) -> Option<String> {
        let text = self.at(path).whole();
        text.value().filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// The number at a place, where there is one.
    pub(super) fn number(&self, path: Path) -> Result<Option<u64>, &'static str> {
        match self.at(path).whole() {
            _ if path.is_empty() => Ok(None),
            Text::Absent | Text::Null => Ok(None),
            Text::Odd => Err("the number of rows is no number"),
            Text::Value(text) => text.parse().map(Some).map_err(|_| "the number of rows is no number"),
        }
    }
}
