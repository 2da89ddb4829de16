//! Values of custom fields: in which column they stand, and how they are written.

use std::borrow::Cow;

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

/// The values that may be read, by employee, field and id. What belongs to any other field stays undecoded.
pub(super) fn join<'a>(fields: &Fields<Kind>, rows: Vec<CustomValue<'a>>) -> Joined<Entry<'a>> {
    let entry = |row: CustomValue<'a>| {
        let text = |field: &Field<Kind>| field.kind.decode(&row);
        fields.entry(row.valuable_id.clone(), row.id.clone(), &row.field_id, text)
    };
    Joined::new(rows.into_iter().filter_map(entry).collect(), Entry::owner, Entry::order)
}
