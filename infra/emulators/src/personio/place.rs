//! Where names live in the two versions.

use crate::kit::dialect::Place;

/// Canonical attributes (and private ones that have no canonical name) with the member of each resource that holds them.
const PLACES: [(&str, &[Place]); 23] = [
    // Whose a row is of a list beside the people, and since when it holds.
    ("owner", &[("employments", "person"), ("compensations", "person")]),
    (
        "valid_from",
        &[
            ("employments", "employment_start_date"),
            ("compensations", "effective_from"),
        ],
    ),
    ("employee_id", &[("persons", "id"), ("employees", "id")]),
    ("first_name", &[("persons", "first_name"), ("employees", "first_name")]),
    ("last_name", &[("persons", "last_name"), ("employees", "last_name")]),
    (
        "known_as",
        &[("persons", "preferred_name"), ("employees", "preferred_name")],
    ),
    ("work_email", &[("persons", "email"), ("employees", "email")]),
    (
        "personal_email",
        &[("persons", "personal_email"), ("employees", "personal_email")],
    ),
    (
        "birth_date",
        &[("persons", "date_of_birth"), ("employees", "date_of_birth")],
    ),
    ("bank_details", &[("persons", "iban"), ("employees", "iban")]),
    ("gender", &[("persons", "gender"), ("employees", "gender")]),
    ("group", &[("employments", "legal_entity"), ("employees", "subcompany")]),
    (
        "department",
        &[("employments", "org_units"), ("employees", "department")],
    ),
    ("team", &[("employments", "org_units"), ("employees", "team")]),
    ("job_title", &[("employments", "position"), ("employees", "position")]),
    ("manager", &[("employments", "supervisor"), ("employees", "supervisor")]),
    (
        "start_date",
        &[("employments", "employment_start_date"), ("employees", "hire_date")],
    ),
    (
        "termination_date",
        &[("employments", "termination"), ("employees", "termination_date")],
    ),
    (
        "employment_status",
        &[("employments", "status"), ("employees", "status")],
    ),
    ("pay_rate", &[("compensations", "value"), ("employees", "fix_salary")]),
    (
        "pay_period",
        &[("compensations", "interval"), ("employees", "fix_salary_interval")],
    ),
    ("pay_currency", &[("compensations", "currency")]),
    ("work_location", &[("employments", "office"), ("employees", "office")]),
];

/// Returns where a canonical attribute or one of the API's own names lives.
pub(super) fn places(name: &str) -> Vec<Place> {
    if let Some((_, places)) = PLACES.iter().find(|(known, _)| *known == name) {
        return places.to_vec();
    }
    let all = PLACES.iter().flat_map(|(_, places)| places.iter());
    all.filter(|(_, member)| *member == name).copied().collect()
}
