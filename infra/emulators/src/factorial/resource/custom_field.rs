//! `custom_fields/fields`, `custom_fields/options` and `custom_fields/resource_fields`.

use super::super::query::Query;
use super::super::refusal::Refusal;
use super::super::view::View;
use super::super::wire::Id;
use super::{Out, Resource, ids_from, position_of};
use crate::company::custom::{CustomField, FIELDS, Kind};
use serde::Serialize;

/// Ids from here on, in the order of the fields.
pub(super) const FIRST: u64 = 1_500;
const FIRST_OPTION: u64 = 1_600;
const FIRST_RESOURCE_FIELD: u64 = 1_900;
/// Room for options per field.
const OPTIONS: u64 = 16;

/// A field by the id of its row.
pub(super) fn field(id: u64, first: u64) -> Result<&'static CustomField, Refusal> {
    FIELDS.get(position_of(id, first)?).ok_or(Refusal::NotFound)
}

/// The name of a field's type.
const fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::LongText => "long_text",
        Kind::Date => "date",
        Kind::Rating => "rating",
        Kind::Checkbox => "checkbox",
        Kind::SingleChoice => "single_choice",
        Kind::MultipleChoice => "multiple_choice",
        Kind::Money => "money",
        Kind::Cents => "cents",
    }
}

#[derive(Serialize)]
struct Row {
    id: Id,
    field_type: &'static str,
    label_text: &'static str,
    slug: &'static str,
    position: usize,
    required: bool,
    min_value: Option<i64>,
    max_value: Option<i64>,
    legal_entity_name: Option<&'static str>,
    legal_entity_id: Option<Id>,
}

pub(super) struct Fields;

impl Resource for Fields {
    fn path(&self) -> &'static str {
        "custom_fields/fields"
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let (kind, label, slug) = (query.one("field_type"), query.one("label"), query.one("slug"));
        let own_company = query
            .one("company_id")
            .is_none_or(|id| id == view.company_id().number.to_string());
        let asked = |field: &CustomField| {
            own_company
                && kind.is_none_or(|kind| kind_name(field.kind) == kind)
                && label.is_none_or(|label| field.label == label)
                && slug.is_none_or(|slug| field.slug == slug)
        };
        Ok(ids_from(FIRST, FIELDS.len())
            .zip(&FIELDS)
            .filter(|(_, field)| asked(field))
            .map(|(id, _)| id)
            .collect())
    }

    fn write(&self, view: &View, id: u64, out: &mut Out) -> Result<(), Refusal> {
        let field = field(id, FIRST)?;
        let rated = field.kind == Kind::Rating;
        let row = Row {
            id: view.id(id),
            field_type: kind_name(field.kind),
            label_text: field.label,
            slug: field.slug,
            position: position_of(id, FIRST)?,
            required: false,
            min_value: rated.then_some(1),
            max_value: rated.then_some(5),
            legal_entity_name: None,
            legal_entity_id: None,
        };
        Ok(serde_json::to_writer(out, &row)?)
    }
}

#[derive(Serialize)]
struct OptionRow {
    id: Id,
    field_id: Id,
    label: &'static str,
    value: &'static str,
    is_active: bool,
}

pub(super) struct Options;

impl Resource for Options {
    fn path(&self) -> &'static str {
        "custom_fields/options"
    }

    fn select(&self, _: &View, _: &Query) -> Result<Vec<u64>, Refusal> {
        let fields = (FIRST_OPTION..)
            .step_by(usize::try_from(OPTIONS).unwrap_or(1))
            .zip(&FIELDS);
        Ok(fields
            .flat_map(|(first, field)| ids_from(first, field.options.len()))
            .collect())
    }

    fn write(&self, view: &View, id: u64, out: &mut Out) -> Result<(), Refusal> {
        let position = position_of(id, FIRST_OPTION)? as u64;
        let field = field(position / OPTIONS, 0)?;
        let option = usize::try_from(position % OPTIONS)
            .ok()
            .and_then(|option| field.options.get(option))
            .ok_or(Refusal::NotFound)?;
        let field_id = view.id(FIRST + position / OPTIONS);
        Ok(serde_json::to_writer(
            out,
            &OptionRow {
                id: view.id(id),
                field_id,
                label: option,
                value: option,
                is_active: true,
            },
        )?)
    }
}

#[derive(Serialize)]
struct ResourceField {
    id: Id,
    field_id: Id,
}

pub(super) struct ResourceFields;

impl Resource for ResourceFields {
    fn path(&self) -> &'static str {
        "custom_fields/resource_fields"
    }

    fn select(&self, _: &View, _: &Query) -> Result<Vec<u64>, Refusal> {
        Ok(ids_from(FIRST_RESOURCE_FIELD, FIELDS.len()).collect())
    }

    fn write(&self, view: &View, id: u64, out: &mut Out) -> Result<(), Refusal> {
        let position = position_of(id, FIRST_RESOURCE_FIELD)? as u64;
        Ok(serde_json::to_writer(
            out,
            &ResourceField {
                id: view.id(id),
                field_id: view.id(FIRST + position),
            },
        )?)
    }
}
