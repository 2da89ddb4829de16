//! Values of custom fields: in which column they stand, and how they are written.

use std::{borrow::Cow, collections::BTreeSet};

use super::{
    super::wire::{CustomField, CustomValue},
    person::hundredths,
};
use crate::connector::{
    Joined, Text,
    custom::{Definition, Entry, Field, Fields},
};

/// In which column the values of a field stand. Other types use `value`, as those of several choices do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Kind {
    Cents,
    Date,
    LongText,
    Other,
    SeveralChoices,
    SingleChoice,
}

impl Kind {
    fn of(field_type: &str) -> Self {
        match field_type {
            "cents" | "money" => Self::Cents,
            "date" => Self::Date,
            "long_text" => Self::LongText,
            "multiple_choice" => Self::SeveralChoices,
            "single_choice" => Self::SingleChoice,
            _ => Self::Other,
        }
    }

    /// The typed column first, else `value`.
    fn decode<'a>(self, row: &CustomValue<'a>) -> Text<'a> {
        let typed = match self {
            Self::Cents => row.cents_value.map(|raw| hundredths(&Text::of_any(raw))),
            Self::Date => row.date_value.map(Text::of_any),
            Self::LongText => row.long_text_value.map(Text::of_any),
            Self::SingleChoice => row.single_choice_value.map(Text::of_any),
            Self::Other | Self::SeveralChoices => None,
        };
        typed.or_else(|| row.value.map(Text::of_any)).unwrap_or(Text::Null)
    }
}

/// Joins the rows of one person: choices one after another, of anything else the latest row.
pub(super) fn combine<'t>(field: &Field<Kind>, earlier: Text<'t>, later: Text<'t>) -> Text<'t> {
    match (earlier, later) {
        (Text::Value(earlier), Text::Value(later)) if field.kind == Kind::SeveralChoices && earlier != later => {
            Text::Value(Cow::Owned(format!("{earlier}, {later}")))
        }
        (Text::Odd, _) if field.kind == Kind::SeveralChoices => Text::Odd,
        (_, later) => later,
    }
}

/// A field as the vendor describes it.
pub(super) fn define<'d>(row: &'d CustomField<'_>) -> Option<Definition<'d, Kind>> {
    Some(Definition {
        id: row.id.lend().into_value()?,
        slug: row.slug.lend(),
        label: row.label_text.lend(),
        kind: Kind::of(row.field_type.value().unwrap_or_default()),
    })
}

/// Returns whether a value is an employee's, as far as it says. The vendor does not say which word stands for employees.
fn is_employees(row: &CustomValue<'_>) -> bool {
    let kind = row.valuable_type.value();
    kind.is_none_or(|kind| kind.trim().is_empty() || kind.to_ascii_lowercase().contains("employee"))
}

/// The values that may be read, by employee, field and id. What belongs to any other field stays undecoded.
pub(super) fn join<'a>(fields: &Fields<Kind>, rows: Vec<CustomValue<'a>>) -> Joined<Entry<'a>> {
    let (own, others): (Vec<_>, Vec<_>) = rows.into_iter().partition(is_employees);
    let place = |row: &CustomValue<'a>| (row.valuable_id.clone().into_value(), row.field_id.clone().into_value());
    let known: BTreeSet<_> = own.iter().map(place).collect();
    // What else is called an employee is not known: such a value shows nothing, and empties nothing either.
    let others = others.into_iter().filter(|row| !known.contains(&place(row)));
    let rows = own
        .into_iter()
        .map(|row| (row, true))
        .chain(others.map(|row| (row, false)));
    let entry = |(row, is_employees): (CustomValue<'a>, bool)| {
        let text = |field: &Field<Kind>| {
            if is_employees {
                field.kind.decode(&row)
            } else {
                Text::Absent
            }
        };
        fields.entry(row.valuable_id.clone(), row.id.clone(), &row.field_id, text)
    };
    Joined::new(rows.filter_map(entry).collect(), Entry::owner, Entry::order)
}
