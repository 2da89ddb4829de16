//! Values of custom fields: how each API writes them, and which of them may be read.

use std::{borrow::Cow, collections::BTreeMap};

use super::super::wire::{AttributeValue, Definition as Row, Extension, VALUES};
use crate::{
    connector::{
        Joined, Lists, Nested, Text,
        custom::{Definition, Entry, Field, Fields},
    },
    source::Error,
};

/// What the ids of a customer's own fields begin with. What begins otherwise is in other lists too.
const OWN: &str = "e_";

/// A custom field that may be read.
#[derive(Debug)]
pub(in super::super) struct Kind {
    /// Its id.
    pub(in super::super) id: String,
    /// Whether a person may have several values.
    has_several: bool,
    /// The names of its choices by their ids, where they do not stand beside the values.
    choices: BTreeMap<String, String>,
}

/// A field of the older API.
pub(super) fn define_extension<'d>(row: &'d Extension<'_>) -> Option<Definition<'d, Kind>> {
    let entries = row.entries.list().unwrap_or_default();
    let choice = |entry: &Nested<'_>| {
        let (id, name) = (entry.text("id"), entry.text("name"));
        Some((id.value()?.to_owned(), name.value()?.to_owned()))
    };
    let kind = Kind {
        id: row.id.value()?.to_owned(),
        has_several: false,
        choices: entries.iter().filter_map(choice).collect(),
    };
    Some(define(row.id.value()?, row.name.value(), kind))
}

/// A field of the newer API, which lists everything else that it has of a person as fields too.
pub(super) fn define_attribute<'d>(row: &'d Row<'_>) -> Option<Definition<'d, Kind>> {
    let id = row.id.value().filter(|id| id.starts_with(OWN))?;
    let kind = Kind {
        id: id.to_owned(),
        has_several: row.several.is_object(),
        choices: BTreeMap::new(),
    };
    Some(define(id, row.name.value(), kind))
}

/// A field is called by its id where that is a word, and else by its name.
fn define<'d>(id: &'d str, label: Option<&'d str>, kind: Kind) -> Definition<'d, Kind> {
    let word = id.strip_prefix(OWN).unwrap_or(id);
    Definition {
        id,
        slug: Some(word).filter(|word| word.chars().any(char::is_alphabetic)),
        label,
        kind,
    }
}

/// Reads a value of the older API: a choice is the id of its option, several are a list of them.
fn by_choice<'r>(kind: &Kind, value: Nested<'r>) -> Text<'r> {
    let name = |id: &str| kind.choices.get(id).map(|name| Text::Value(Cow::Owned(name.clone())));
    match value.list() {
        _ if kind.choices.is_empty() => plain(value),
        Some(ids) => Text::joined(ids.into_iter().map(|id| id.whole().read(name))),
        None => value.whole().read(name),
    }
}

/// Reads a value of the newer API: a choice is a reference with its name, several are a list of them.
fn by_name(value: Nested<'_>) -> Text<'_> {
    match value.list() {
        Some(choices) => Text::joined(choices.into_iter().map(named)),
        None if value.is_object() => named(value),
        None => plain(value),
    }
}

/// Returns the name of a choice; a choice without one cannot be read.
fn named(choice: Nested<'_>) -> Text<'_> {
    if !choice.is_object() {
        return choice.whole();
    }
    match choice.text("name") {
        name @ Text::Value(_) => name,
        Text::Absent | Text::Null | Text::Odd => Text::Odd,
    }
}

/// Any other value as it is written; a day comes as its midnight, without a zone.
fn plain(value: Nested<'_>) -> Text<'_> {
    match value.any() {
        Text::Value(Cow::Borrowed(text)) => Text::Value(text.strip_suffix("T00:00:00").unwrap_or(text).into()),
        other @ (Text::Absent | Text::Null | Text::Odd | Text::Value(_)) => other,
    }
}

/// Returns what a user of the older API has in a field. A field without a value has none.
pub(super) fn of_user<'r>(kind: &Kind, all: Nested<'r>, held: &BTreeMap<String, Nested<'r>>) -> Text<'r> {
    match held.get(&kind.id) {
        Some(value) => by_choice(kind, value.member("value")),
        None if all.is_object() => Text::Null,
        None => Text::Absent,
    }
}

/// The values of the newer API that may be read, by employee. What belongs to any other field stays undecoded.
pub(super) fn join<'a>(fields: &Fields<Kind>, lists: &'a Lists) -> Result<Option<Joined<Entry<'a>>>, Error> {
    let entry = |row: AttributeValue<'a>| {
        let definition = row.definition.text("id");
        let (position, _) = fields.find(definition.value()?)?;
        Some(Entry {
            owner: row.employee.text("id"),
            id: row.id,
            position,
            text: by_name(row.value),
        })
    };
    lists.joined(&VALUES, entry, Entry::owner, Entry::order)
}

/// Several values of one field: of several the last counts, where they are not all meant.
pub(super) fn together<'r>(field: &Field<Kind>, earlier: Option<Text<'r>>, later: &'r Text<'_>) -> Text<'r> {
    match earlier {
        Some(earlier) if field.kind.has_several => Text::joined([earlier, later.lend()]),
        Some(_) | None => later.lend(),
    }
}
