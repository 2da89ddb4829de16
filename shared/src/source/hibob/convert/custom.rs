//! Custom fields: which there are, what they are called, and how their values are written.

use std::collections::BTreeSet;

use super::{
    super::wire::{MOST_FIELDS, NAMES},
    Everybody,
};
use crate::{
    connector::{
        Nested, Report as _, Shown, Text,
        answer::not_json,
        custom::{Definition, Fields},
        read_objects,
    },
    employee::{Category, Wanted},
    source::Error,
};

/// How the last part of an id begins that a company's own field has: `work.custom.field_1`, `category_2.field_3`.
const OWN: &str = "field_";
/// The types whose values are ids of a list.
const LISTS: [&str; 3] = ["list", "multi-list", "hierarchy-list"];

/// How values of a field are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Kind {
    /// As ids of a list.
    Listed,
    /// As they are.
    Plain,
}

/// The custom fields that may be read, asked for by their ids.
pub(in super::super) type CustomFields = Fields<Kind>;

/// Reads the custom fields. Those of a forbidden category that is not in `allowed` are left out (R34).
///
/// # Errors
/// [`Error`] of class `Malformed` where the text is not the documented JSON.
pub(in super::super) fn read_fields(
    operation: &'static str,
    text: &str,
    allowed: &BTreeSet<Category>,
) -> Result<CustomFields, Error> {
    // The older form is a list, the newer one an object around it.
    let rows = read_objects(text, &[]).or_else(|_| read_objects(text, &["fields"]));
    let rows = rows.map_err(|error| not_json(operation, &error))?;
    // The id comes unasked, and counts.
    let most = MOST_FIELDS - 1 - Everybody::columns(&Wanted::everything()).len();
    let own = rows.into_iter().filter_map(define).collect();
    Ok(Fields::at_most(most, own, allowed))
}

fn define(row: Nested<'_>) -> Option<Definition<'_, Kind>> {
    let id = row.text("id").into_value()?;
    let (_, last) = id.rsplit_once('.')?;
    let is_own = last.starts_with(OWN);
    let is_listed = row.text("type").value().is_some_and(|kind| LISTS.contains(&kind));
    is_own.then(|| Definition {
        id,
        slug: Text::Absent,
        label: row.text("name"),
        kind: if is_listed { Kind::Listed } else { Kind::Plain },
    })
}

/// Reads what a person has in a field; of an amount with its currency the amount.
pub(super) fn read<'r>(kind: Kind, one: &Shown<'r>, id: &str) -> Text<'r> {
    let value = one.find(id);
    match kind {
        Kind::Listed => name_of(value.any(), one.find(&format!("{NAMES}.{id}")).any()),
        Kind::Plain if value.is_object() => value.member("value").any(),
        Kind::Plain => value.any(),
    }
}

/// Returns what an id of a list is called. Without a name beside it a text stands for itself, and an id says nothing.
pub(super) fn name_of<'r>(said: Text<'r>, name: Text<'r>) -> Text<'r> {
    let is_id = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || b", ".contains(&byte));
    match (&said, &name) {
        (Text::Value(text), Text::Absent | Text::Null) if is_id(text) => Text::Absent,
        (Text::Value(_), Text::Value(_) | Text::Odd) => name,
        _ => said,
    }
}
