//! Ids and other small values as a version of the API writes them.

use super::version::Version;
use crate::company::Company;
use crate::kit::view::View;
use crate::person::Person;
use jiff::civil::Date;
use serde::{Serialize, Serializer};
use std::borrow::Cow;

impl View<'_, Version> {
    /// An id as this version writes it.
    pub(super) fn id(&self, number: u64) -> Id {
        Id {
            number,
            text: self.context.ids_are_text(),
        }
    }

    pub(super) fn company_id(&self) -> Id {
        self.id(if self.is_other_company {
            self.company.id + 5_000
        } else {
            self.company.id
        })
    }
}

/// An id: text or an integer, as the version says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Id {
    pub(super) number: u64,
    text: bool,
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
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub(super) enum Phone<'a> {
    Text(Cow<'a, str>),
    Number(u64),
}

impl<'a> Phone<'a> {
    /// The number of a person, as they gave it.
    pub(super) fn of(person: &'a Person) -> Option<Self> {
        let text = person.mobile_phone()?;
        let edits = person.edits.as_ref();
        let is_edited = edits.is_some_and(|edits| edits.contains_key("mobile_phone"));
        match text.parse() {
            Ok(number) if person.mobile_is_number() && !is_edited => Some(Self::Number(number)),
            Ok(_) | Err(_) => Some(Self::Text(text)),
        }
    }
}

/// ISO 3166-1 alpha-2 in lower case, as contracts, workplaces and legal entities have it.
pub(super) fn lower(country: &str) -> String {
    country.to_ascii_lowercase()
}

/// The currency that a person is paid in.
pub(super) fn currency<'a>(company: &'a Company, person: &'a Person) -> Option<Cow<'a, str>> {
    let entity = company.entity_of(person);
    person.text("pay_currency", || entity.map(|entity| entity.place.currency.into()))
}
