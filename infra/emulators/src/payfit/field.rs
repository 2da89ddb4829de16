//! Where names live. A member with a full stop stands inside of another one.

use crate::kit::dialect::Place;

/// Canonical attributes with the members that hold them.
const PLACES: [(&str, &[Place]); 20] = [
    // Whose a row is of the list beside the people, and since when it holds.
    ("owner", &[("contracts", "collaboratorId")]),
    ("valid_from", &[("contracts", "startDate")]),
    ("employee_id", &[("collaborators", "id")]),
    ("employee_number", &[("collaborators", "matricule")]),
    ("first_name", &[("collaborators", "firstName")]),
    ("last_name", &[("collaborators", "lastName")]),
    ("work_email", &[("collaborators", "emails.professional")]),
    ("personal_email", &[("collaborators", "emails.personal")]),
    (
        "mobile_phone",
        &[
            ("collaborators", "phoneNumbers.professional"),
            ("collaborators", "phoneNumbers.personal"),
        ],
    ),
    ("address_line_1", &[("collaborators", "addresses.address")]),
    ("zip_code", &[("collaborators", "addresses.postcode")]),
    ("city", &[("collaborators", "addresses.city")]),
    ("country", &[("collaborators", "addresses.country")]),
    ("birth_date", &[("collaborators", "birthDate")]),
    ("team", &[("collaborators", "teamName")]),
    ("job_title", &[("contracts", "jobName")]),
    ("manager", &[("collaborators", "managerId")]),
    ("start_date", &[("collaborators", "contracts.startDate")]),
    (
        "termination_date",
        &[
            ("collaborators", "contracts.endDate"),
            ("collaborators", "terminationDate"),
        ],
    ),
    ("employment_status", &[("collaborators", "contracts.status")]),
];

/// Members that have other names, or none, among canonical attributes.
const OWN: [Place; 14] = [
    ("collaborators", "contracts"),
    ("collaborators", "emails"),
    ("collaborators", "phoneNumbers"),
    ("collaborators", "addresses"),
    ("collaborators", "gender"),
    ("collaborators", "nationality"),
    ("collaborators", "countryOfBirth"),
    ("collaborators", "socialSecurityNumber"),
    ("collaborators", "iban"),
    ("collaborators", "bic"),
    ("contracts", "status"),
    ("contracts", "isFullTime"),
    ("contracts", "standardWeeklyHours"),
    ("contracts", "fullTimeEquivalent"),
];

/// Returns where a canonical attribute or one of the API's own names lives.
pub(super) fn places(name: &str) -> Vec<Place> {
    match name {
        "employment_type" => return vec![("contracts", "isFullTime"), ("contracts", "fullTimeEquivalent")],
        "bank_details" => return vec![("collaborators", "iban"), ("collaborators", "bic")],
        _ => {}
    }
    let canonical = PLACES.iter().find(|(known, _)| *known == name);
    if let Some((_, places)) = canonical {
        return places.to_vec();
    }
    let all = PLACES.iter().flat_map(|(_, places)| places.iter()).chain(&OWN);
    all.filter(|(_, member)| *member == name).copied().collect()
}
