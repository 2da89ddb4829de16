//! Where names live.

use crate::kit::dialect::Place;

/// People as they are listed, one person, and the custom fields of each.
pub(super) const LIST: &str = "Employees";
pub(super) const ONE: &str = "Employee";
pub(super) const CUSTOM: &str = "customfields";

/// The member that says whose custom fields a row has.
pub(super) const OWNER: &str = "EmployeeID";

/// Canonical attributes, and the members of a person that hold them.
const MEMBERS: [(&str, &str); 22] = [
    ("employee_id", "ID"),
    ("employee_number", "EmployeeNumber"),
    ("first_name", "Forenames"),
    ("last_name", "Surname"),
    ("known_as", "KnownAs"),
    ("work_email", "WorkEmail"),
    ("personal_email", "PersonalEmail"),
    ("mobile_phone", "PersonalMobile"),
    ("address_line_1", "Line1"),
    ("address_line_2", "Line2"),
    ("zip_code", "PostCode"),
    ("city", "Town"),
    ("country", "AddressCountry"),
    ("birth_date", "DateOfBirth"),
    ("group", "Company"),
    ("department", "Department"),
    ("team", "Team"),
    ("job_title", "Job"),
    ("manager", "LineManager"),
    ("start_date", "StartDate"),
    ("termination_date", "TerminationDate"),
    ("employment_type", "EmployeeType"),
];

/// Members that have no canonical name.
const OWN: [&str; 11] = [
    "Personal",
    "Contract",
    "Termination",
    "LocationDivision",
    "Country",
    "Gender",
    "EthnicOrigin",
    "Disability",
    "Nationality",
    "EmergencyContact",
    "LastWorkingDate",
];

/// Returns where a canonical attribute or one of the API's own names lives.
pub(super) fn places(name: &str) -> Vec<Place> {
    let of_people = |member| vec![(LIST, member), (ONE, member)];
    if name == "owner" {
        return vec![(CUSTOM, OWNER)];
    }
    if name == "work_location" {
        return of_people("LocationDivision");
    }
    let member = MEMBERS.iter().find(|(known, member)| *known == name || *member == name);
    if let Some((_, member)) = member {
        return of_people(member);
    }
    let own = OWN.iter().find(|own| **own == name);
    own.map_or_else(Vec::new, |own| of_people(own))
}
