//! Custom fields: which there are, and what they are called.

use std::{borrow::Cow, collections::BTreeSet};

use super::{super::wire::MOST_FIELDS, Everybody};
use crate::{
    connector::{
        Nested, Report as _, Text,
        answer::not_json,
        custom::{Definition, Fields, words_of},
        read_objects,
    },
    employee::{Category, Wanted},
    source::Error,
};

/// How an alias begins that a company's own field has.
const CUSTOM: &str = "custom";

/// The custom fields that may be read, asked for by their ids.
pub(in super::super) type CustomFields = Fields<()>;

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
    let rows = text.map(|text| read_objects(text, &[])).transpose();
    let rows = rows.map_err(|error| not_json(operation, &error))?.unwrap_or_default();
    // The id comes unasked, and counts.
    let most = MOST_FIELDS - 1 - Everybody::columns(&Wanted::everything()).len();
    Ok(Fields::at_most(
        most,
        rows.into_iter().filter_map(define).collect(),
        allowed,
    ))
}

fn define(row: Nested<'_>) -> Option<Definition<'_, ()>> {
    let is_kept = row.member("deprecated").flag().0 != Some(true);
    Some(Definition {
        id: row.text("id").into_value().filter(|_| is_kept)?,
        slug: Text::Value(Cow::Owned(slug(row.text("alias").value()?)?)),
        label: row.text("name"),
        kind: (),
    })
}

/// Returns the name of a company's own field, in words: `T Shirt Size` of `customTShirtSize`; `None` for all other fields.
fn slug(alias: &str) -> Option<String> {
    let words = words_of(alias.strip_prefix(CUSTOM)?);
    Some(words).filter(|words| !words.is_empty())
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
