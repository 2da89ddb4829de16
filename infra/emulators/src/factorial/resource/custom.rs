//! `custom_fields/*`: the fields, their options, and one value per person and filled field, in the column of its type.

use super::{Query, Refusal, Resource, Row, Stamp, Version, View, ids_from, position_of};
use crate::company::custom::{CustomField, FIELDS, Kind, SLOTS};
use crate::company::edit::cents;

/// Ids of fields, in their order.
const FIRST: u64 = 1_500;
const FIRST_OPTION: u64 = 1_600;
const FIRST_RESOURCE_FIELD: u64 = 1_900;
/// Room for options per field.
const OPTIONS: u64 = 16;
/// Ids of values: sixteen per person.
const FIRST_VALUE: u64 = 100_000_000;
/// What values hang on. The vendor's word is not published; this one is a guess.
const VALUABLE: &str = "Employee";

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

pub(super) struct Fields;

impl Resource<Version> for Fields {
    fn path(&self) -> &'static str {
        "custom_fields/fields"
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let (kind, label, slug) = (query.one("field_type"), query.one("label"), query.one("slug"));
        let company = view.company_id().number.to_string();
        let is_own_company = query.one("company_id").is_none_or(|id| id == company);
        let is_asked = |field: &CustomField| {
            is_own_company
                && kind.is_none_or(|kind| kind_name(field.kind) == kind)
                && label.is_none_or(|label| field.label == label)
                && slug.is_none_or(|slug| field.slug == slug)
        };
        let fields = ids_from(FIRST, FIELDS.len()).zip(&FIELDS);
        Ok(fields.filter(|(_, field)| is_asked(field)).map(|(id, _)| id).collect())
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let position = position_of(id, FIRST)?;
        let field = FIELDS.get(position).ok_or(Refusal::NotFound)?;
        let is_rated = field.kind == Kind::Rating;
        row.put("id", view.id(id)).put("field_type", kind_name(field.kind));
        row.put("label_text", field.label).put("slug", field.slug);
        row.put("position", position).put("required", false);
        row.put("min_value", is_rated.then_some(1))
            .put("max_value", is_rated.then_some(5));
        row.put_nulls(&["legal_entity_name", "legal_entity_id"]);
        Ok(())
    }
}

pub(super) struct Options;

impl Resource<Version> for Options {
    fn path(&self) -> &'static str {
        "custom_fields/options"
    }

    fn select(&self, _: &View, _: &Query) -> Result<Vec<u64>, Refusal> {
        let fields = (0u64..).zip(&FIELDS);
        Ok(fields
            .flat_map(|(number, field)| ids_from(FIRST_OPTION + number * OPTIONS, field.options.len()))
            .collect())
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let position = position_of(id, FIRST_OPTION)? as u64;
        let number = usize::try_from(position / OPTIONS).unwrap_or(usize::MAX);
        let option = usize::try_from(position % OPTIONS).unwrap_or(usize::MAX);
        let label = FIELDS.get(number).and_then(|field| field.options.get(option));
        let label = label.ok_or(Refusal::NotFound)?;
        row.put("id", view.id(id))
            .put("field_id", view.id(FIRST + position / OPTIONS));
        row.put("label", label).put("value", label).put("is_active", true);
        Ok(())
    }
}

pub(super) struct ResourceFields;

impl Resource<Version> for ResourceFields {
    fn path(&self) -> &'static str {
        "custom_fields/resource_fields"
    }

    fn select(&self, _: &View, _: &Query) -> Result<Vec<u64>, Refusal> {
        Ok(ids_from(FIRST_RESOURCE_FIELD, FIELDS.len()).collect())
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let position = position_of(id, FIRST_RESOURCE_FIELD)? as u64;
        row.put("id", view.id(id)).put("field_id", view.id(FIRST + position));
        Ok(())
    }
}

pub(super) struct Values;

impl Resource<Version> for Values {
    fn path(&self) -> &'static str {
        "custom_fields/values"
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let since = query.date("updated_at_gteq")?;
        let (slug, field_id, value) = (query.one("slug"), query.one("field_id"), query.one("value"));
        let identifiers = query.many("identifiers[]");
        let instance = query.one("instance_id");
        let is_asked = |field: &CustomField, id: u64| {
            slug.is_none_or(|slug| field.slug == slug)
                && field_id.is_none_or(|asked| id.to_string() == asked)
                && identifiers.as_ref().is_none_or(|asked| asked.contains(&field.slug))
        };
        let fields: Vec<(usize, u64)> = (0..)
            .zip(FIELDS.iter().zip(FIRST..))
            .filter(|(_, (field, id))| is_asked(field, *id))
            .map(|(position, (_, id))| (position, id - FIRST))
            .collect();
        let mut found = Vec::new();
        for person in view.people(query, "employee_ids[]") {
            if since.is_some_and(|since| person.changed_on < since)
                || instance.is_some_and(|id| person.id.to_string() != id)
            {
                continue;
            }
            let first = FIRST_VALUE + u64::from(person.number) * SLOTS;
            let is_filled = |position: usize| {
                let text = view.company.custom_value(person, position);
                text.is_some_and(|text| value.is_none_or(|asked| asked == text))
            };
            let filled = fields.iter().filter(|(position, _)| is_filled(*position));
            found.extend(filled.map(|(_, slot)| first + slot));
        }
        Ok(found)
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let slot = id.checked_sub(FIRST_VALUE).ok_or(Refusal::NotFound)?;
        let person = view.numbered(slot / SLOTS).ok_or(Refusal::NotFound)?;
        let position = usize::try_from(slot % SLOTS).map_err(|_| Refusal::NotFound)?;
        let field = FIELDS.get(position).ok_or(Refusal::NotFound)?;
        let text = view.company.custom_value(person, position).ok_or(Refusal::NotFound)?;
        row.put("id", view.id(id)).put("custom_field_identifier", field.slug);
        row.put("valuable_id", view.id(person.id))
            .put("valuable_type", VALUABLE);
        row.put("field_id", view.id(FIRST + slot % SLOTS));
        write_columns(field.kind, &text, row);
        row.put("label", field.label).put("required", false);
        row.put_nulls(&["usage_group_id", "usage_group_slug"]);
        row.put("updated_at", Stamp(person.changed_on));
        Ok(())
    }
}

/// The value in the column of its type, the others empty.
fn write_columns(kind: Kind, text: &str, row: &mut Row) {
    let own = match kind {
        Kind::LongText => "long_text_value",
        Kind::Date => "date_value",
        Kind::SingleChoice => "single_choice_value",
        Kind::Cents => "cents_value",
        Kind::Text | Kind::Rating | Kind::Checkbox | Kind::MultipleChoice | Kind::Money => "value",
    };
    for column in [
        "value",
        "long_text_value",
        "date_value",
        "single_choice_value",
        "cents_value",
    ] {
        if column != own {
            row.put_nulls(&[column]);
        } else if kind == Kind::Cents {
            row.put(column, cents("value", text).ok());
        } else {
            row.put(column, text);
        }
    }
}
