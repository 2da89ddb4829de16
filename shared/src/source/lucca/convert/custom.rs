//! Values of custom fields: how each API writes them, and which of them may be read.

use std::{borrow::Cow, collections::BTreeMap};

use super::super::wire::{AttributeValue, Definition as Row, Extension, ITEMS};
use crate::{
    connector::{
        Joined, Nested, Text,
        custom::{Definition, Fields},
        read_list,
    },
    employee::id::shortlex,
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
pub(super) fn by_choice<'r>(kind: &Kind, value: Nested<'r>) -> Text<'r> {
    let name = |id: &str| kind.choices.get(id).map(|name| Text::Value(Cow::Owned(name.clone())));
    match value.list() {
        _ if kind.choices.is_empty() => plain(value),
        Some(ids) => joined(ids.into_iter().map(|id| id.whole().read(name))),
        None => value.whole().read(name),
    }
}

/// Reads a value of the newer API: a choice is a reference with its name, several are a list of them.
fn by_name(value: Nested<'_>) -> Text<'_> {
    match value.list() {
        Some(choices) => joined(choices.into_iter().map(named)),
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

/// Several values as one: nothing where there is none, and odd where one is.
fn joined<'t>(texts: impl Iterator<Item = Text<'t>>) -> Text<'t> {
    texts.fold(Text::Null, |earlier, later| match (earlier, later) {
        (Text::Null, later) => later,
        (Text::Value(earlier), Text::Value(later)) => Text::Value(Cow::Owned(format!("{earlier}, {later}"))),
        _ => Text::Odd,
    })
}

/// Any other value as it is written; a day comes as its midnight, without a zone.
fn plain(value: Nested<'_>) -> Text<'_> {
    match value.any() {
        Text::Value(Cow::Borrowed(text)) => Text::Value(text.strip_suffix("T00:00:00").unwrap_or(text).into()),
        other @ (Text::Absent | Text::Null | Text::Odd | Text::Value(_)) => other,
    }
}

/// A value that may be read.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    employee: Text<'a>,
    id: Text<'a>,
    position: usize,
    text: Text<'a>,
}

/// The values that may be read, by employee, field and id. What belongs to any other field stays undecoded.
pub(super) fn join<'a, T: AsRef<str>>(
    fields: &Fields<Kind>,
    pages: Option<&'a [T]>,
) -> Result<Option<Joined<Entry<'a>>>, Error> {
    let rows: Option<Vec<AttributeValue<'a>>> = read_list("list custom values", pages, ITEMS)?;
    let entry = |row: AttributeValue<'a>| {
        let definition = row.definition.text("id");
        let (position, _) = fields.find(definition.value()?)?;
        Some(Entry {
            employee: row.employee.text("id"),
            id: row.id,
            position,
            text: by_name(row.value),
        })
    };
    let by_field = |left: &Entry<'a>, right: &Entry<'a>| {
        let id = |entry: &Entry<'a>| entry.id.value().unwrap_or_default().to_owned();
        let by_id = || shortlex(&id(left), &id(right));
        left.position.cmp(&right.position).then_with(by_id)
    };
    Ok(rows.map(|rows| {
        let entries = rows.into_iter().filter_map(entry).collect();
        Joined::new(entries, |entry: &Entry<'a>| entry.employee.value(), by_field)
    }))
}

/// The values of one person, in the order of the fields: of several the last counts, where they are not all meant.
pub(super) fn values_of<'r>(
    fields: &Fields<Kind>,
    values: Option<&'r Joined<Entry<'_>>>,
    id: Option<&str>,
) -> Vec<Text<'r>> {
    let Some(values) = values else {
        return Vec::new();
    };
    let mut entries = id.map_or(&[][..], |id| values.of(id)).iter().peekable();
    let mut all = Vec::with_capacity(fields.len());
    for (position, field) in fields.iter().enumerate() {
        let mut own = Vec::new();
        while let Some(entry) = entries.next_if(|entry| entry.position == position) {
            own.push(entry.text.lend());
        }
        all.push(if field.kind.has_several {
            joined(own.into_iter())
        } else {
            own.pop().unwrap_or(Text::Null)
        });
    }
    all
}
