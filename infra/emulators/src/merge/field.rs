//! Where names live, and the fields that the customer or the operator has mapped.

use super::View;
use crate::company::custom::{CustomField, FIELDS, Kind};
use crate::kit::dialect::Place;
use crate::kit::refusal::Refusal;
use crate::kit::row::Row;
use crate::person::Person;
use serde_json::{Map, Value, json};

/// The field that is a group here.
pub(super) const CENTRE: &str = "cost_centre";

/// Canonical attributes, and private ones that have no canonical name, with the members that hold them. What stands inside of a person's
/// row has a place of its own.
const PLACES: [(&str, &[Place]); 32] = [
    ("valid_from", &[("employments", "effective_date")]),
    ("employee_id", &[("employees", "id")]),
    ("employee_number", &[("employees", "employee_number")]),
    ("first_name", &[("employees", "first_name")]),
    ("last_name", &[("employees", "last_name")]),
    ("known_as", &[("employees", "preferred_name")]),
    ("display_name", &[("employees", "display_full_name")]),
    ("work_email", &[("employees", "work_email")]),
    ("personal_email", &[("employees", "personal_email")]),
    ("mobile_phone", &[("employees", "mobile_phone_number")]),
    ("address_line_1", &[("home_location", "street_1")]),
    ("address_line_2", &[("home_location", "street_2")]),
    ("zip_code", &[("home_location", "zip_code")]),
    ("city", &[("home_location", "city")]),
    ("country", &[("home_location", "country")]),
    ("birth_date", &[("employees", "date_of_birth")]),
    ("group", &[("employees", "company")]),
    ("department", &[("employees", "groups")]),
    ("team", &[("employees", "team")]),
    ("job_title", &[("employments", "job_title")]),
    ("manager", &[("employees", "manager")]),
    ("start_date", &[("employees", "start_date"), ("employees", "hire_date")]),
    ("termination_date", &[("employees", "termination_date")]),
    ("employment_status", &[("employees", "employment_status")]),
    ("employment_type", &[("employments", "employment_type")]),
    ("pay_rate", &[("employments", "pay_rate")]),
    ("pay_period", &[("employments", "pay_period")]),
    ("pay_currency", &[("employments", "pay_currency")]),
    ("work_city", &[("work_location", "city")]),
    ("work_location", &[("work_location", "name")]),
    ("bank_details", &[("bank-info", "account_number")]),
    ("gender", &[("employees", "gender")]),
];

/// Returns where a canonical attribute or one of the API's own names lives.
pub(super) fn places(name: &str) -> Vec<Place> {
    if let Some((_, places)) = PLACES.iter().find(|(known, _)| *known == name) {
        return places.to_vec();
    }
    let all = PLACES.iter().flat_map(|(_, places)| places.iter());
    all.filter(|(_, member)| *member == name).copied().collect()
}

/// Mappings of a row that has none.
pub(super) fn nothing() -> Value {
    json!({"organization_defined_targets": {}, "linked_account_defined_targets": {}})
}

/// A value as it was found in the HR system, which may be of any kind.
fn value(field: &CustomField, text: &str) -> Value {
    match field.kind {
        Kind::MultipleChoice => text.split(", ").collect(),
        Kind::Checkbox => json!(text == "true"),
        Kind::Rating => text
            .parse::<u64>()
            .map_or_else(|_| json!(text), |number| json!({ "value": number })),
        Kind::SingleChoice => json!({ "value": text }),
        Kind::Text | Kind::LongText | Kind::Date | Kind::Money | Kind::Cents => json!(text),
    }
}

/// Returns what a person has in mapped fields: every second one was mapped by the operator, all others by the customer.
pub(super) fn mappings(view: &View, person: &Person, row: &Row) -> Result<Value, Refusal> {
    let mut targets = [Map::new(), Map::new()];
    for (position, field) in FIELDS.iter().enumerate().filter(|(_, field)| field.slug != CENTRE) {
        let text = view.company.custom_value(person, position);
        let own = text.map_or(Value::Null, |text| value(field, &text));
        let shown = row.show(field.slug, &own)?;
        if let (Some(shown), Some(target)) = (shown, targets.get_mut(position % 2)) {
            target.insert(field.slug.to_owned(), shown);
        }
    }
    let [organization, account] = targets;
    Ok(json!({"organization_defined_targets": organization, "linked_account_defined_targets": account}))
}
