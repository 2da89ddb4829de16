//! Custom fields of the older API: `extendedData` of a user, and the definitions that name the options of lists.

use super::{View, Wanted};
use crate::company::custom::{CustomField, FIELDS, Kind};
use crate::kit::query::Query;
use crate::kit::refusal::Refusal;
use crate::kit::resource::{Resource, ids_from, position_of};
use crate::kit::row::Row;
use crate::person::Person;
use serde_json::{Map, Value, json};

/// Ids of definitions inside the emulator; outside they are `e_<slug>`.
const FIRST: u64 = 1;

/// The id of a definition.
pub(in super::super) fn definition(field: &CustomField) -> String {
    format!("e_{}", field.slug)
}

/// The id of an option of a list.
pub(in super::super) fn option_id(position: usize, option: &str) -> Option<usize> {
    let field = FIELDS.get(position)?;
    let found = field.options.iter().position(|known| *known == option)?;
    Some(1_000 + position * 100 + found)
}

/// Returns everything in a person's custom fields, each as an object with its value.
pub(super) fn values(view: &View, person: &Person) -> Value {
    let mut all = Map::new();
    for (position, field) in FIELDS.iter().enumerate() {
        let text = view.company.custom_value(person, position);
        let value = text.map(|text| match field.kind {
            Kind::SingleChoice => json!(option_id(position, &text)),
            Kind::MultipleChoice => json!(
                text.split(", ")
                    .filter_map(|one| option_id(position, one))
                    .collect::<Vec<_>>()
            ),
            Kind::Checkbox => json!(text == "true"),
            Kind::Rating => json!(text.parse::<i64>().ok()),
            Kind::Date => json!(format!("{text}T00:00:00")),
            Kind::Text | Kind::LongText | Kind::Money | Kind::Cents => json!(text),
        });
        if let Some(value) = value {
            all.insert(definition(field), json!({"value": value}));
        }
    }
    Value::Object(all)
}

/// Definitions.
pub(super) struct Definitions;

impl Resource<Wanted> for Definitions {
    fn path(&self) -> &'static str {
        "extensionuserdefinitions"
    }

    fn id_of(&self, text: &str) -> Option<u64> {
        let position = FIELDS.iter().position(|field| definition(field) == text)?;
        Some(FIRST + position as u64)
    }

    fn select(&self, _: &View, _: &Query) -> Result<Vec<u64>, Refusal> {
        Ok(ids_from(FIRST, FIELDS.len()).collect())
    }

    fn write(&self, _: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let position = position_of(id, FIRST)?;
        let field = FIELDS.get(position).ok_or(Refusal::NotFound)?;
        let options: Vec<Value> = field
            .options
            .iter()
            .map(|option| json!({"id": option_id(position, option), "name": option}))
            .collect();
        row.put("id", definition(field)).put("name", field.label);
        row.put("formatKey", field.label)
            .put("extensionUserPropertyListEntries", options);
        Ok(())
    }
}
