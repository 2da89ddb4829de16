//! `employee-attributes`: the same values once more, one row for each, and custom fields, which are nowhere else.

use super::super::Employment;
use super::super::legacy::{definition, option_id};
use super::{Base, View, names, refer, stamp};
use crate::company::custom::{CustomField, FIELDS, Kind, SLOTS};
use crate::kit::query::Query;
use crate::kit::refusal::Refusal;
use crate::kit::resource::{Resource, ids_from, position_of};
use crate::kit::row::Row;
use crate::person::Person;
use serde_json::{Value, json};

/// Ids of attributes: sixteen per person.
const FIRST: u64 = 1;
/// Ids of definitions inside the emulator; outside they are `e_<slug>`.
const FIRST_DEFINITION: u64 = 1;

/// Values of custom fields.
pub(super) struct Attributes;

impl Resource<Base> for Attributes {
    fn path(&self) -> &'static str {
        "employee-attributes"
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let as_of = query.date("applicability.asOf")?;
        let mut fields = (0usize..).zip(&FIELDS).collect::<Vec<_>>();
        fields.retain(|(_, field)| names(query, "definition.id", Some(&definition(field))));
        let mut ids = Vec::new();
        for person in view.everybody() {
            let applies = as_of.is_none_or(|day| applicability(view, person).is_some_and(|spell| spell.holds(day)));
            if applies && names(query, "employee.id", Some(&person.id.to_string())) {
                let filled = fields
                    .iter()
                    .filter(|(position, _)| view.company.custom_value(person, *position).is_some());
                ids.extend(filled.map(|(position, _)| FIRST + u64::from(person.number) * SLOTS + *position as u64));
            }
        }
        Ok(ids)
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let slot = id.checked_sub(FIRST).ok_or(Refusal::NotFound)?;
        let person = view.numbered(slot / SLOTS).ok_or(Refusal::NotFound)?;
        let position = usize::try_from(slot % SLOTS).map_err(|_| Refusal::NotFound)?;
        let field = FIELDS.get(position).ok_or(Refusal::NotFound)?;
        let text = view.company.custom_value(person, position).ok_or(Refusal::NotFound)?;
        let base = &view.context;
        row.put("id", id.to_string()).put("type", "employee-attribute");
        row.put("url", format!("{}/lucca-api/employee-attributes/{id}", base.0));
        let own = refer(
            base,
            "employee-attribute-definitions",
            "employee-attribute-definition",
            definition(field),
        );
        row.put("definition", own);
        row.put("employee", refer(base, "employees", "employee", person.id));
        row.put("value", value(base, field, position, &text));
        let spell = applicability(view, person);
        row.put(
            "applicability",
            spell.map(|spell| json!({"start": spell.starts_on, "end": spell.ends_on})),
        );
        row.put("createdAt", stamp(person.changed_on))
            .put("lastUpdatedAt", stamp(person.changed_on));
        row.put("links", json!({}));
        Ok(())
    }
}

/// The time for which a person's values apply: that of the employment that does.
fn applicability(view: &View, person: &Person) -> Option<Employment> {
    Employment::applicable(person, view.company.today)
}

/// A value in the form of its schema. Options are references, without a name, and there is no list of their names: so the vendor's
/// description has it.
fn value(base: &Base, field: &CustomField, position: usize, text: &str) -> Value {
    let label = |option: &str| {
        let id = option_id(position, option)?;
        Some(refer(base, "taxonomy-labels", "taxonomy-label", id))
    };
    match field.kind {
        Kind::SingleChoice => json!(label(text)),
        Kind::MultipleChoice => json!(text.split(", ").filter_map(label).collect::<Vec<_>>()),
        Kind::Checkbox => json!(text == "true"),
        Kind::Rating => json!(text.parse::<i64>().ok()),
        Kind::Text | Kind::LongText | Kind::Date | Kind::Money | Kind::Cents => json!(text),
    }
}

/// The custom fields there are.
pub(super) struct Definitions;

impl Resource<Base> for Definitions {
    fn path(&self) -> &'static str {
        "employee-attribute-definitions"
    }

    fn id_of(&self, text: &str) -> Option<u64> {
        let position = FIELDS.iter().position(|field| definition(field) == text)?;
        Some(FIRST_DEFINITION + position as u64)
    }

    fn select(&self, _: &View, _: &Query) -> Result<Vec<u64>, Refusal> {
        Ok(ids_from(FIRST_DEFINITION, FIELDS.len()).collect())
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let field = FIELDS
            .get(position_of(id, FIRST_DEFINITION)?)
            .ok_or(Refusal::NotFound)?;
        let title = match field.kind {
            Kind::Text | Kind::Money | Kind::Cents => "short-text",
            Kind::LongText => "long-text",
            Kind::Date => "legacy-date",
            Kind::Rating => "int32",
            Kind::Checkbox => "boolean",
            Kind::SingleChoice | Kind::MultipleChoice => "taxonomy-label-reference",
        };
        let (own, base) = (definition(field), &view.context.0);
        row.put("id", &own).put("type", "employee-attribute-definition");
        row.put("url", format!("{base}/lucca-api/employee-attribute-definitions/{own}"));
        row.put("name", field.label).put("schema", json!({"title": title}));
        let several = (field.kind == Kind::MultipleChoice).then(|| json!({"sorting": "ascending"}));
        row.put("multipleValueHandling", several);
        row.put("ofResourceType", "employee").put("targetType", "employee");
        row.put("isArchived", false)
            .put_nulls(&["taxonomy", "lastArchivedAt"])
            .put("links", json!({}));
        Ok(())
    }
}
