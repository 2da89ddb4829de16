//! What canonical attributes are called in this API.

use crate::kit::dialect::Place;

/// The fields of an employee (vendor SDK, API 2026-10-01).
pub(super) const EMPLOYEE: [&str; 53] = [
    "access_id",
    "first_name",
    "last_name",
    "full_name",
    "company_id",
    "location_id",
    "created_at",
    "updated_at",
    "is_terminating",
    "attendable",
    "preferred_name",
    "birth_name",
    "gender",
    "identifier",
    "identifier_type",
    "identifier_expiration_date",
    "email",
    "login_email",
    "personal_email",
    "communications_email",
    "unconfirmed_communications_email",
    "birthday_on",
    "nationality",
    "country_of_birth",
    "birthplace",
    "address_line_1",
    "address_line_2",
    "postal_code",
    "city",
    "state",
    "country",
    "bank_number",
    "swift_bic",
    "bank_number_format",
    "legal_entity_id",
    "default_work_area_id",
    "social_security_number",
    "terminated_on",
    "termination_reason_type",
    "termination_reason",
    "termination_observations",
    "termination_type_description",
    "manager_id",
    "timeoff_manager_id",
    "phone_number",
    "company_identifier",
    "age_number",
    "contact_name",
    "contact_number",
    "seniority_calculation_date",
    "pronouns",
    "active",
    "disability_percentage_cents",
];

const PEOPLE: &str = "employees/employees";
const VERSIONS: &str = "contracts/contract_versions";
const REFERENCE: &str = "contracts/reference_contracts";

/// Returns where a name lives: resource and member. Canonical attributes come first, then an employee's and a
/// contract's own fields.
pub(super) fn find(name: &str) -> Vec<Place> {
    let own = |members: &[&'static str]| members.iter().map(|member| (PEOPLE, *member)).collect();
    let contract = |member| vec![(VERSIONS, member), (REFERENCE, member)];
    match name {
        "employee_id" => own(&["id"]),
        "employee_number" => own(&["company_identifier"]),
        "known_as" => own(&["preferred_name"]),
        "display_name" => own(&["preferred_name", "full_name"]),
        "work_email" => own(&["email", "login_email", "communications_email"]),
        "mobile_phone" => own(&["phone_number"]),
        "zip_code" => own(&["postal_code"]),
        "birth_date" => own(&["birthday_on"]),
        "manager" => own(&["manager_id"]),
        "termination_date" => own(&["terminated_on"]),
        "employment_status" => own(&["active", "is_terminating"]),
        "bank_details" => own(&["bank_number", "swift_bic", "bank_number_format"]),
        "work_location" => own(&["location_id"]),
        "start_date" => vec![
            (VERSIONS, "starts_on"),
            (REFERENCE, "starts_on"),
            (PEOPLE, "seniority_calculation_date"),
        ],
        "pay_rate" | "salary_amount" => contract("salary_amount"),
        "pay_period" | "salary_frequency" => contract("salary_frequency"),
        "pay_currency" => vec![
            (VERSIONS, "salary_currency"),
            (REFERENCE, "salary_currency"),
            ("companies/legal_entities", "currency"),
        ],
        "employment_type" => contract("working_time_percentage_in_cents"),
        "job_title" => contract("job_title"),
        "salary_currency" => contract("salary_currency"),
        "starts_on" => contract("starts_on"),
        "ends_on" => contract("ends_on"),
        "team" => vec![("teams/teams", "name")],
        "work_city" => vec![("locations/locations", "city")],
        // Whose a row is of a list beside the people, since when it holds, and of which custom field a value is.
        "owner" => vec![
            (REFERENCE, "employee_id"),
            ("teams/memberships", "employee_id"),
            ("custom_fields/values", "valuable_id"),
        ],
        "valid_from" => contract("effective_on"),
        "custom_field" => vec![("custom_fields/values", "field_id")],
        "time_zone" => vec![("locations/locations", "timezone")],
        other => EMPLOYEE
            .iter()
            .filter(|member| **member == other)
            .map(|member| (PEOPLE, *member))
            .collect(),
    }
}
