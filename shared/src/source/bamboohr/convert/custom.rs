//! What is read once per run because many people share it: custom fields and places of work.

use std::collections::BTreeSet;

use super::{
    super::wire::{FieldRow, LOCATIONS, MOST_FIELDS, Place},
    columns_for,
};
use crate::{
    connector::{
        ById, Lists, Workplace,
        answer::not_json,
        custom::{Definition, Fields, words_of},
        read_rows,
    },
    employee::{Category, Wanted},
    source::Error,
};

/// How an alias begins that a company's own field has.
const CUSTOM: &str = "custom";

/// The custom fields that may be read, each with the id by which it is asked for.
pub(in super::super) type CustomFields = Fields<String>;

/// The places of work by their names.
pub(in super::super) type Workplaces = ById<Workplace>;

/// Reads the custom fields. Those of a forbidden category that is not in `allowed` are left out (R34), and so are those that
/// are no longer kept; there are none where they may not be read.
///
/// # Errors
/// [`Error`] of class `Malformed` where the text is not the documented JSON.
pub(in super::super) fn read_fields(
    operation: &'static str,
    text: Option<&str>,
    allowed: &BTreeSet<Category>,
) -> Result<CustomFields, Error> {
    let rows = text.map(|text| read_rows(text, &[])).transpose();
    let rows: Vec<FieldRow<'_>> = rows.map_err(|error| not_json(operation, &error))?.unwrap_or_default();
    let kept = rows.iter().filter(|row| row.deprecated.0 != Some(true));
    let own = kept.filter_map(|row| Some((row, slug(row.alias.value()?)?)));
    let own: Vec<(&FieldRow<'_>, String)> = own.collect();
    let definitions = own.iter().filter_map(|(row, slug)| {
        let id = row.id.value()?;
        Some(Definition {
            id,
            slug: Some(slug),
            label: row.name.value(),
            kind: id.to_owned(),
        })
    });
    // The id comes unasked, and counts.
    let most = MOST_FIELDS - 1 - columns_for(&Wanted::everything()).len();
    Ok(Fields::at_most(most, definitions.collect(), allowed))
}

/// Returns the name of a company's own field, in words: `T Shirt Size` of `customTShirtSize`; `None` for all other fields.
fn slug(alias: &str) -> Option<String> {
    let words = words_of(alias.strip_prefix(CUSTOM)?);
    Some(words).filter(|words| !words.is_empty())
}

/// Reads the places of work; `None` where they may not be read.
///
/// # Errors
/// [`Error`] of class `Malformed` where a text is not the documented JSON.
pub(in super::super) fn read_workplaces(lists: &Lists) -> Result<Option<Workplaces>, Error> {
    lists.by_id(
        &LOCATIONS,
        |row: &Place<'_>| &row.label,
        |row| Workplace {
            city: row.address.text("city").keep(),
            time_zone: row.address.text("timezone").keep(),
            ..Workplace::default()
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alias_becomes_words_and_one_that_is_no_companys_own_becomes_nothing() {
        for (alias, words) in [
            ("customTShirtSize", Some("T Shirt Size")),
            ("customShirtsize", Some("Shirtsize")),
            ("customNIN1", Some("NIN1")),
            ("customIBANNumber", Some("IBAN Number")),
            ("customfield", Some("field")),
            ("custom", None),
            ("firstName", None),
        ] {
            assert_eq!(slug(alias).as_deref(), words, "{alias}");
        }
    }
}
