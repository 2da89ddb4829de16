//! `custom_fields/values`: one row per person and filled field, the value in the column of its type.

use super::super::query::Query;
use super::super::refusal::Refusal;
use super::super::view::View;
use super::super::wire::{Id, Stamp};
use super::{Out, Resource, custom_field};
use crate::company::custom::{FIELDS, Kind, SLOTS};
use crate::company::edit::cents;
use serde::Serialize;
use std::borrow::Cow;

/// Ids from here on: sixteen per person.
const FIRST: u64 = 100_000_000;
/// What values hang on. The vendor's word is not published; this one is a guess.
const VALUABLE: &str = "Employee";

#[derive(Default, Serialize)]
struct Columns<'a> {
    value: Option<&'a str>,
    long_text_value: Option<&'a str>,
    date_value: Option<&'a str>,
    single_choice_value: Option<&'a str>,
    cents_value: Option<i64>,
}

#[derive(Serialize)]
struct Row<'a> {
    id: Id,
    custom_field_identifier: &'static str,
    valuable_id: Id,
    valuable_type: &'static str,
    field_id: Id,
    #[serde(flatten)]
    columns: Columns<'a>,
    label: &'static str,
    required: bool,
    usage_group_id: Option<Id>,
    usage_group_slug: Option<&'static str>,
    updated_at: Stamp,
}

pub(super) struct Values;

impl Resource for Values {
    fn path(&self) -> &'static str {
        "custom_fields/values"
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let since = query.date("updated_at_gteq")?;
        let (slug, field_id, value) = (query.one("slug"), query.one("field_id"), query.one("value"));
        let identifiers = query.many("identifiers[]");
        let instance = query.one("instance_id");
        let fields: Vec<(usize, u64)> = FIELDS
            .iter()
            .enumerate()
            .zip(custom_field::FIRST..)
            .filter(|((_, field), id)| {
                slug.is_none_or(|slug| field.slug == slug)
                    && field_id.is_none_or(|asked| id.to_string() == asked)
                    && identifiers.as_ref().is_none_or(|asked| asked.contains(&field.slug))
            })
            .map(|((position, _), _)| (position, position as u64))
            .collect();
        let mut found = Vec::new();
        for person in view.people(query, "employee_ids[]") {
            if since.is_some_and(|since| person.changed_on < since)
                || instance.is_some_and(|id| person.id.to_string() != id)
            {
                continue;
            }
            let first = FIRST + u64::from(person.number) * SLOTS;
            let filled = |position: usize| {
                view.company
                    .custom_value(person, position)
                    .is_some_and(|text| value.is_none_or(|asked| asked == text))
            };
            found.extend(
                fields
                    .iter()
                    .filter(|(position, _)| filled(*position))
                    .map(|(_, slot)| first + slot),
            );
        }
        Ok(found)
    }

    fn write(&self, view: &View, id: u64, out: &mut Out) -> Result<(), Refusal> {
        let slot = id.checked_sub(FIRST).ok_or(Refusal::NotFound)?;
        let person = view.numbered(slot / SLOTS).ok_or(Refusal::NotFound)?;
        let position = usize::try_from(slot % SLOTS).map_err(|_| Refusal::NotFound)?;
        let field = FIELDS.get(position).ok_or(Refusal::NotFound)?;
        let text = view.company.custom_value(person, position).ok_or(Refusal::NotFound)?;
        let row = Row {
            id: view.id(id),
            custom_field_identifier: field.slug,
            valuable_id: view.id(person.id),
            valuable_type: VALUABLE,
            field_id: view.id(custom_field::FIRST + slot % SLOTS),
            columns: columns(field.kind, &text),
            label: field.label,
            required: false,
            usage_group_id: None,
            usage_group_slug: None,
            updated_at: Stamp(person.changed_on),
        };
        Ok(serde_json::to_writer(out, &row)?)
    }
}

fn columns<'a>(kind: Kind, text: &'a Cow<'a, str>) -> Columns<'a> {
    let text = Some(text.as_ref());
    let none = Columns::default();
    match kind {
        Kind::LongText => Columns {
            long_text_value: text,
            ..none
        },
        Kind::Date => Columns {
            date_value: text,
            ..none
        },
        Kind::SingleChoice => Columns {
            single_choice_value: text,
            ..none
        },
        Kind::Cents => Columns {
            cents_value: text.and_then(|text| cents("value", text).ok()),
            ..none
        },
        Kind::Text | Kind::Rating | Kind::Checkbox | Kind::MultipleChoice | Kind::Money => {
            Columns { value: text, ..none }
        }
    }
}
