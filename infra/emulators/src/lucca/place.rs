//! Where names live in the two APIs.

use crate::kit::dialect::Place;

/// Canonical attributes (and private ones that have no canonical name) with the member of each resource that holds them.
const PLACES: [(&str, &[Place]); 31] = [
    ("employee_id", &[("users", "id"), ("employees", "id")]),
    (
        "employee_number",
        &[("users", "employeeNumber"), ("employees", "employeeNumber")],
    ),
    ("first_name", &[("users", "firstName"), ("employees", "givenName")]),
    ("last_name", &[("users", "lastName"), ("employees", "familyName")]),
    ("display_name", &[("users", "displayName"), ("users", "name")]),
    (
        "work_email",
        &[("users", "mail"), ("users", "login"), ("employees", "email")],
    ),
    (
        "personal_email",
        &[("users", "personalEmail"), ("employee-personal-records", "email")],
    ),
    (
        "mobile_phone",
        &[("users", "professionalMobile"), ("employees", "phoneNumber")],
    ),
    ("address_line_1", &[("users", "address")]),
    (
        "birth_date",
        &[
            ("users", "birthDate"),
            ("employees", "birthDay"),
            ("employee-personal-records", "birthDate"),
        ],
    ),
    (
        "gender",
        &[("users", "gender"), ("employee-personal-records", "legalGender")],
    ),
    (
        "nationality",
        &[
            ("users", "nationalityId"),
            ("employee-personal-records", "nationalitiesCountryCodes"),
        ],
    ),
    (
        "social_security_number",
        &[
            ("users", "insuranceNumber"),
            ("employee-personal-records", "insuranceNumber"),
        ],
    ),
    (
        "bank_details",
        &[
            ("users", "iban"),
            ("users", "bic"),
            ("users", "rib"),
            ("users", "bankName"),
            ("employee-personal-records", "bankAccount"),
        ],
    ),
    (
        "group",
        &[("employments", "legalEntity"), ("establishments", "legalUnit")],
    ),
    (
        "department",
        &[
            ("users", "department"),
            ("users", "departmentID"),
            ("job-positions", "department"),
        ],
    ),
    ("job_title", &[("users", "jobTitle"), ("job-positions", "jobTitle")]),
    (
        "manager",
        &[
            ("users", "manager"),
            ("users", "managerID"),
            ("job-positions", "manager"),
        ],
    ),
    (
        "start_date",
        &[
            ("users", "dtContractStart"),
            ("employments", "start"),
            ("work-contracts", "startsOn"),
        ],
    ),
    (
        "termination_date",
        &[
            ("users", "dtContractEnd"),
            ("employments", "end"),
            ("work-contracts", "endsOn"),
        ],
    ),
    ("employment_status", &[("employees", "status")]),
    (
        "employment_type",
        &[("employments", "template"), ("work-contracts", "typeId")],
    ),
    ("pay_rate", &[("fixed-items", "amount")]),
    ("pay_currency", &[("fixed-items", "nature")]),
    (
        "work_location",
        &[
            ("users", "legalEntity"),
            ("users", "legalEntityID"),
            ("job-positions", "businessEstablishment"),
        ],
    ),
    (
        "work_city",
        &[("establishments", "address"), ("business-establishments", "address")],
    ),
    (
        "time_zone",
        &[
            ("establishments", "timeZoneId"),
            ("business-establishments", "timezoneId"),
        ],
    ),
    // Whose a row is of a list beside the people, since when it holds, and of which custom field a value is.
    (
        "owner",
        &[
            ("fixed-items", "workContract"),
            ("employee-personal-records", "employee"),
            ("employee-attributes", "employee"),
        ],
    ),
    ("valid_from", &[("fixed-items", "startsOn")]),
    ("custom_field", &[("employee-attributes", "definition")]),
    (
        "extended_data",
        &[("users", "extendedData"), ("employee-attributes", "value")],
    ),
];

/// Returns where a canonical attribute or one of the APIs' own names lives.
pub(super) fn places(name: &str) -> Vec<Place> {
    let canonical = PLACES.iter().find(|(known, _)| *known == name);
    if let Some((_, places)) = canonical {
        return places.to_vec();
    }
    let all = PLACES.iter().flat_map(|(_, places)| places.iter());
    all.filter(|(_, member)| member.eq_ignore_ascii_case(name))
        .copied()
        .collect()
}
