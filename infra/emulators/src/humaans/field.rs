//! Where names live.

use crate::kit::dialect::Place;

/// Canonical attributes, and private ones that have no canonical name, with the members that hold them.
const PLACES: [(&str, &[Place]); 31] = [
    // Whose a row is of a list beside the people, since when it holds, and of which custom field a value is.
    (
        "owner",
        &[
            ("job-roles", "personId"),
            ("compensations", "personId"),
            ("custom-values", "personId"),
        ],
    ),
    (
        "valid_from",
        &[("job-roles", "effectiveDate"), ("compensations", "effectiveDate")],
    ),
    ("custom_field", &[("custom-values", "customFieldId")]),
    ("employee_id", &[("people", "id")]),
    ("employee_number", &[("people", "employeeId")]),
    ("first_name", &[("people", "firstName")]),
    ("last_name", &[("people", "lastName")]),
    ("known_as", &[("people", "preferredName")]),
    ("work_email", &[("people", "email")]),
    ("personal_email", &[("people", "personalEmail")]),
    (
        "mobile_phone",
        &[("people", "phoneNumber"), ("people", "formattedPhoneNumber")],
    ),
    ("address_line_1", &[("people", "address")]),
    ("zip_code", &[("people", "postcode")]),
    ("city", &[("people", "city")]),
    ("country", &[("people", "countryCode"), ("people", "country")]),
    ("birth_date", &[("people", "birthday")]),
    ("group", &[("people", "companyId")]),
    ("department", &[("job-roles", "department")]),
    ("team", &[("people", "teams")]),
    ("job_title", &[("job-roles", "jobTitle")]),
    ("manager", &[("job-roles", "reportingTo")]),
    (
        "start_date",
        &[("people", "employmentStartDate"), ("people", "firstWorkingDay")],
    ),
    ("termination_date", &[("people", "employmentEndDate")]),
    ("employment_status", &[("people", "status")]),
    ("employment_type", &[("people", "contractType")]),
    ("pay_rate", &[("compensations", "amount")]),
    ("pay_period", &[("compensations", "period")]),
    ("pay_currency", &[("compensations", "currency")]),
    ("work_location", &[("people", "locationId")]),
    ("time_zone", &[("people", "timezone"), ("locations", "timezone")]),
    ("bank_details", &[("bank-accounts", "accountNumber")]),
];

/// Members that have no canonical name, and hold what few may see.
const OWN: [Place; 5] = [
    ("people", "personalPhoneNumber"),
    ("people", "gender"),
    ("people", "nationality"),
    ("people", "taxId"),
    ("people", "leavingReason"),
];

/// Returns where a canonical attribute or one of the API's own names lives.
pub(super) fn places(name: &str) -> Vec<Place> {
    let canonical = PLACES.iter().find(|(known, _)| *known == name);
    if let Some((_, places)) = canonical {
        return places.to_vec();
    }
    let all = PLACES.iter().flat_map(|(_, places)| places.iter()).chain(&OWN);
    all.filter(|(_, member)| *member == name).copied().collect()
}
