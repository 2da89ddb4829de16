//! `companies`, `locations`, `custom-fields` and their values.

use super::{View, names, owners};
use crate::company::custom::{CustomField, FIELDS, Kind, SLOTS};
use crate::kit::query::Query;
use crate::kit::refusal::Refusal;
use crate::kit::resource::{Resource, ids_from, position_of};
use crate::kit::row::Row;
use crate::person::Person;
use serde_json::{Value, json};

const FIRST_LOCATION: u64 = 300;
const FIRST_FIELD: u64 = 500;

/// The thing at the position that an id stands for.
pub(super) fn position_in<T>(all: &[T], id: u64, first: u64) -> Result<&T, Refusal> {
    all.get(position_of(id, first)?).ok_or(Refusal::NotFound)
}

/// The id of the company, another one where the credential belongs to another company.
pub(super) fn company_id(view: &View) -> String {
    let moved = if view.is_other_company { 5_000 } else { 0 };
    (view.company.id + moved).to_string()
}

/// The id of the place where a person works.
pub(super) fn location_id(person: &Person) -> Option<String> {
    Some((FIRST_LOCATION + u64::from(person.location?)).to_string())
}

/// The one company that a token opens.
pub(super) struct Companies;

impl Resource<()> for Companies {
    fn path(&self) -> &'static str {
        "companies"
    }

    fn select(&self, view: &View, _: &Query) -> Result<Vec<u64>, Refusal> {
        Ok(vec![view.company.id])
    }

    fn write(&self, view: &View, _: u64, row: &mut Row) -> Result<(), Refusal> {
        row.put("id", company_id(view)).put("name", view.company_name());
        row.put("domains", [&view.company.domain]).put("status", "active");
        Ok(())
    }
}

/// Places of work.
pub(super) struct Locations;

impl Resource<()> for Locations {
    fn path(&self) -> &'static str {
        "locations"
    }

    fn select(&self, view: &View, _: &Query) -> Result<Vec<u64>, Refusal> {
        Ok(ids_from(FIRST_LOCATION, view.company.locations.len()).collect())
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let location = position_in(&view.company.locations, id, FIRST_LOCATION)?;
        let place = location.place;
        row.put("id", id.to_string()).put("label", &location.name);
        row.put("address", place.street(id, 1)).put("city", place.city);
        row.put("state", Some(place.state).filter(|state| !state.is_empty()));
        row.put("postcode", place.postal_code(id, 5));
        row.put("countryCode", place.country).put("country", place.country);
        row.put("timezone", place.time_zone);
        Ok(())
    }
}

/// The name of a custom field; there is no other one for programs.
fn name_of(field: &CustomField) -> &'static str {
    match field.slug {
        "review_on" => "Review on",
        "t_shirt_size" => "T shirt size",
        _ => field.label,
    }
}

/// The custom fields there are.
pub(super) struct Fields;

impl Resource<()> for Fields {
    fn path(&self) -> &'static str {
        "custom-fields"
    }

    fn select(&self, _: &View, _: &Query) -> Result<Vec<u64>, Refusal> {
        Ok(ids_from(FIRST_FIELD, FIELDS.len()).collect())
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let field = position_in(&FIELDS, id, FIRST_FIELD)?;
        let kind = match field.kind {
            Kind::SingleChoice => "select",
            Kind::MultipleChoice => "multiSelect",
            Kind::LongText => "longText",
            Kind::Date => "date",
            Kind::Checkbox | Kind::Text | Kind::Money | Kind::Cents | Kind::Rating => "text",
        };
        row.put("id", id.to_string()).put("companyId", company_id(view));
        row.put("name", name_of(field))
            .put("section", "personal")
            .put_nulls(&["resourceId"]);
        row.put("type", kind).put("config", json!({"choices": field.options}));
        Ok(())
    }
}

/// Their values, a row for each.
pub(super) struct Values;

impl Resource<()> for Values {
    fn path(&self) -> &'static str {
        "custom-values"
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let mut ids = Vec::new();
        for person in owners(view, query) {
            let filled = (0usize..FIELDS.len()).filter(|position| {
                let field = FIRST_FIELD + *position as u64;
                names(query, "customFieldId", Some(&field.to_string()))
                    && view.company.custom_value(person, *position).is_some()
            });
            ids.extend(filled.map(|position| u64::from(person.number) * SLOTS + position as u64 + 1));
        }
        ids.sort_unstable();
        Ok(ids)
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let place = id.checked_sub(1).ok_or(Refusal::NotFound)?;
        let person = view.numbered(place / SLOTS).ok_or(Refusal::NotFound)?;
        let position = usize::try_from(place % SLOTS).map_err(|_| Refusal::NotFound)?;
        let field = FIELDS.get(position).ok_or(Refusal::NotFound)?;
        let text = view.company.custom_value(person, position).ok_or(Refusal::NotFound)?;
        row.put("id", id.to_string()).put("personId", person.id.to_string());
        row.put("customFieldId", (FIRST_FIELD + place % SLOTS).to_string());
        row.put_nulls(&["resourceId"]).put("value", value(field, &text));
        Ok(())
    }
}

/// A text, or a list of choices.
fn value(field: &CustomField, text: &str) -> Value {
    match field.kind {
        Kind::MultipleChoice => text.split(", ").collect(),
        Kind::Checkbox
        | Kind::SingleChoice
        | Kind::Text
        | Kind::LongText
        | Kind::Date
        | Kind::Money
        | Kind::Cents
        | Kind::Rating => json!(text),
    }
}
