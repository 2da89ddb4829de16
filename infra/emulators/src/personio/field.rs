//! Custom fields: some that every customer has, and those of the company. Their values come with each person, in either version.

use super::View;
use crate::company::custom::{CustomField, FIELDS, Kind};
use crate::person::Person;
use serde_json::{Value, json};
use std::borrow::Cow;

/// Ids of the company's own fields, in the order of the fields.
const FIRST_OWN: usize = 2001;
/// Fields that every customer has: the number in their ids, how Personio calls them, and their labels.
const PRESETS: [(usize, &str, &str); 3] = [
    (1001, "date_of_birth", "Birthday"),
    (1002, "personal_email", "Personal email"),
    (1003, "iban", "IBAN"),
];

/// A custom field.
pub(super) struct Field {
    pub(super) id: String,
    /// The name that Personio gives it.
    pub(super) preset: Option<&'static str>,
    pub(super) label: String,
    own: Option<(usize, &'static CustomField)>,
}

/// Returns the fields there are.
pub(super) fn all() -> impl Iterator<Item = Field> {
    let presets = PRESETS.iter().map(|(number, preset, label)| Field {
        id: format!("dynamic_{number}"),
        preset: Some(preset),
        label: (*label).to_owned(),
        own: None,
    });
    let own = FIELDS.iter().enumerate().map(|(position, field)| Field {
        id: format!("dynamic_{}", FIRST_OWN + position),
        preset: None,
        label: field.slug.replace('_', " "),
        own: Some((position, field)),
    });
    presets.chain(own)
}

impl Field {
    /// The name under which it can be hidden and broken.
    pub(super) fn member(&self) -> &str {
        self.preset.unwrap_or(&self.id)
    }

    /// Its type in version 2, in small letters as the real one sends it.
    pub(super) fn modern(&self) -> &'static str {
        match self.own.map(|(_, field)| field.kind) {
            None if self.preset == Some("date_of_birth") => "date",
            Some(Kind::Date) => "date",
            Some(Kind::Rating) => "int",
            Some(Kind::Money | Kind::Cents) => "double",
            Some(Kind::Checkbox) => "boolean",
            Some(Kind::MultipleChoice) => "string_list",
            None | Some(Kind::Text | Kind::LongText | Kind::SingleChoice) => "string",
        }
    }

    /// Its type in version 1.
    pub(super) fn older(&self) -> &'static str {
        match self.own.map(|(_, field)| field.kind) {
            Some(Kind::SingleChoice) => "list",
            _ => match self.modern() {
                "date" => "date",
                "int" => "integer",
                "double" => "decimal",
                "string_list" => "tags",
                _ => "standard",
            },
        }
    }

    /// The words that it may hold, where it is a choice.
    pub(super) fn options(&self) -> &'static [&'static str] {
        self.own.map_or(&[], |(_, field)| field.options)
    }

    /// Returns what a person has in it: texts, or a list of them.
    pub(super) fn value(&self, view: &View, person: &Person) -> Option<Value> {
        let text = |text: Option<Cow<'_, str>>| text.map(|text| json!(text));
        match (self.own, self.preset) {
            (Some((position, field)), _) => {
                let value = view.company.custom_value(person, position)?;
                Some(match field.kind {
                    Kind::MultipleChoice => json!(value.split(", ").collect::<Vec<_>>()),
                    Kind::Text
                    | Kind::LongText
                    | Kind::Date
                    | Kind::Rating
                    | Kind::Checkbox
                    | Kind::SingleChoice
                    | Kind::Money
                    | Kind::Cents => json!(value),
                })
            }
            (None, Some("date_of_birth")) => text(view.shown(person).birth_date()),
            (None, Some("personal_email")) => text(view.shown(person).personal_email()),
            (None, _) => Some(json!(view.shown(person).bank_number())),
        }
    }
}
