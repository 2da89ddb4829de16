//! Custom fields: which may be read, what they are called, and how their values are written.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use serde_json::value::RawValue;

use super::{
    super::wire::{CustomField, CustomValue, Text},
    person::hundredths,
};
use crate::{
    employee::{CustomName, MOST_CUSTOM, id::shortlex},
    mapping::{Category, classify_label},
};

/// Which column holds a field's values. Other types use `value`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Cents,
    Date,
    LongText,
    SingleChoice,
    Value,
}

/// A custom field that may be read.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: CustomName,
    column: Column,
    is_multiple: bool,
}

impl Field {
    /// Joins the rows of one person: choices one after another, of anything else the latest row.
    pub(super) fn combine<'t>(&self, earlier: Option<Text<'t>>, later: &'t Text<'_>) -> Text<'t> {
        match (earlier, later) {
            (Some(Text::Value(earlier)), Text::Value(later)) if self.is_multiple && earlier != *later => {
                Text::Value(Cow::Owned(format!("{earlier}, {later}")))
            }
            (_, Text::Value(later)) => Text::Value(Cow::Borrowed(later)),
            (_, Text::Null) => Text::Null,
            (_, Text::Absent) => Text::Absent,
            (_, Text::Odd) => Text::Odd,
        }
    }

    /// The typed column first, else `value`.
    fn decode<'a>(&self, row: &CustomValue<'a>) -> Text<'a> {
        let typed = match self.column {
            Column::Cents => row.cents_value.map(|raw| hundredths(&text(raw))),
            Column::Date => row.date_value.map(text),
            Column::LongText => row.long_text_value.map(text),
            Column::SingleChoice => row.single_choice_value.map(text),
            Column::Value => None,
        };
        typed.or_else(|| row.value.map(text)).unwrap_or(Text::Null)
    }
}

/// The custom fields that may be read, in the order of their names, and the names of those that may not.
#[derive(Debug, Default)]
pub(super) struct Fields {
    list: Vec<Field>,
    by_id: BTreeMap<String, usize>,
    forbidden: Vec<CustomName>,
    excess: Vec<CustomName>,
}

/// How many fields are named that are not read because there are too many.
const MOST_NAMED: usize = 50;

/// A value that may be read.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    employee: Cow<'a, str>,
    id: Cow<'a, str>,
    pub(super) position: usize,
    pub(super) text: Text<'a>,
}

impl Fields {
    /// Names the fields, as many as are carried, the oldest first: by slug, else by label, else by id. Where a name comes twice the later id is appended to it.
    pub(super) fn new(rows: &[CustomField<'_>], allowed: &BTreeSet<Category>) -> Self {
        let mut rows: Vec<(&str, &CustomField<'_>)> =
            rows.iter().filter_map(|row| Some((row.id.value()?, row))).collect();
        rows.sort_by(|left, right| shortlex(left.0, right.0));
        rows.dedup_by(|later, earlier| later.0 == earlier.0);
        let mut named: BTreeMap<CustomName, (&str, Field)> = BTreeMap::new();
        let (mut forbidden, mut excess) = (Vec::new(), Vec::new());
        for (id, row) in rows {
            let Some(name) = name(id, row, |name| named.contains_key(name)) else {
                continue;
            };
            if categories(row).any(|category| !allowed.contains(&category)) {
                forbidden.push(name);
                continue;
            }
            if named.len() >= MOST_CUSTOM {
                excess.extend((excess.len() < MOST_NAMED).then_some(name));
                continue;
            }
            let kind = row.field_type.value().unwrap_or_default();
            let field = Field {
                name: name.clone(),
                column: column(kind),
                is_multiple: kind == "multiple_choice",
            };
            named.insert(name, (id, field));
        }
        let by_id = named
            .values()
            .enumerate()
            .map(|(position, (id, _))| ((*id).to_owned(), position))
            .collect();
        Self {
            list: named.into_values().map(|(_, field)| field).collect(),
            by_id,
            forbidden,
            excess,
        }
    }

    pub(super) const fn len(&self) -> usize {
        self.list.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Field> {
        self.list.iter()
    }

    /// The names of some fields that are not read because there are too many.
    pub(super) fn excess(&self) -> impl Iterator<Item = &CustomName> {
        self.excess.iter()
    }

    /// The names of fields that are not read because of their category.
    pub(super) fn forbidden(&self) -> impl Iterator<Item = &CustomName> {
        self.forbidden.iter()
    }
}

/// The values that may be read, sorted by employee, field and id. What belongs to any other field stays undecoded.
pub(super) fn entries<'a>(fields: &Fields, rows: Vec<CustomValue<'a>>) -> Vec<Entry<'a>> {
    let entry = |row: CustomValue<'a>| {
        let position = *fields.by_id.get(row.field_id.value()?)?;
        let text = fields.list.get(position)?.decode(&row);
        let (Text::Value(employee), Text::Value(id)) = (row.valuable_id, row.id) else {
            return None;
        };
        Some(Entry {
            employee,
            id,
            position,
            text,
        })
    };
    let mut entries: Vec<Entry<'a>> = rows.into_iter().filter_map(entry).collect();
    entries.sort_by(|left, right| {
        let place = |entry: &Entry<'_>| entry.position;
        let by_field = || place(left).cmp(&place(right));
        let by_id = || shortlex(&left.id, &right.id);
        left.employee.cmp(&right.employee).then_with(by_field).then_with(by_id)
    });
    entries
}

/// The entries of one employee.
pub(super) fn of_person<'l, 'a>(entries: &'l [Entry<'a>], id: &str) -> &'l [Entry<'a>] {
    let start = entries.partition_point(|entry| entry.employee.as_ref() < id);
    let rest = entries.get(start..).unwrap_or_default();
    let length = rest.partition_point(|entry| entry.employee == id);
    rest.get(..length).unwrap_or_default()
}

fn categories(row: &CustomField<'_>) -> impl Iterator<Item = Category> {
    let words = [row.label_text.value(), row.slug.value()];
    words.into_iter().flatten().filter_map(classify_label)
}

fn name(id: &str, row: &CustomField<'_>, is_taken: impl Fn(&CustomName) -> bool) -> Option<CustomName> {
    let words = [row.slug.value(), row.label_text.value()];
    let spoken = words.into_iter().flatten().find_map(CustomName::from_label);
    let name = spoken.or_else(|| CustomName::from_label(&format!("field {id}")))?;
    if is_taken(&name) {
        return CustomName::from_label(&format!("{} {id}", name.as_str())).filter(|name| !is_taken(name));
    }
    Some(name)
}

fn column(kind: &str) -> Column {
    match kind {
        "cents" | "money" => Column::Cents,
        "date" => Column::Date,
        "long_text" => Column::LongText,
        "single_choice" => Column::SingleChoice,
        _ => Column::Value,
    }
}

/// What a raw value says: text as it is, a number or a truth value as written, a list of texts joined.
fn text(raw: &RawValue) -> Text<'_> {
    let json = raw.get();
    match json.as_bytes().first() {
        Some(b'"') => serde_json::from_str(json).unwrap_or(Text::Odd),
        Some(b'n') => Text::Null,
        Some(b'[') => serde_json::from_str::<Vec<String>>(json)
            .map_or(Text::Odd, |choices| Text::Value(Cow::Owned(choices.join(", ")))),
        Some(b'{') | None => Text::Odd,
        Some(_) => Text::Value(Cow::Borrowed(json)),
    }
}
