//! The fields of a person under their names: the alias of reports, the number, the dataset's name and the list's name.

use super::look::{Look, Text, country_name, last_first, stamp, teams};
use crate::company::custom::{FIELDS as CUSTOM, Kind};
use crate::draw::below;
use crate::kit::dialect::Place;
use crate::person::{CANARY, Person, place};

/// One field of the API.
pub(super) struct Field {
    /// The number in `meta/fields`; 0 where it is not listed there.
    pub(super) id: i32,
    /// The name in reports and single records.
    pub(super) alias: &'static str,
    pub(super) label: &'static str,
    pub(super) kind: &'static str,
    /// The name in the dataset `employee`; empty where it is not there.
    pub(super) dataset: &'static str,
    /// The name in the list of employees; empty where it is not there.
    pub(super) list: &'static str,
    /// The canonical attribute; empty where it is none.
    canonical: &'static str,
    value: for<'a> fn(&Look<'a>) -> Text<'a>,
}

macro_rules! fields {
    ($($id:literal $alias:literal $label:literal $kind:literal $dataset:literal $list:literal $canonical:literal = $value:expr;)*) => {
        &[$(Field {
            id: $id, alias: $alias, label: $label, kind: $kind, dataset: $dataset, list: $list, canonical: $canonical, value: $value,
        }),*]
    };
}

/// Number, alias, label, type, name in the dataset, name in the list, canonical attribute.
pub(super) const FIELDS: &[Field] = fields! {
    0 "id" "EEID" "int" "eeid" "employeeId" "employee_id" = |look| Some(look.person.id.to_string().into());
    636 "employeeNumber" "Employee #" "employee_number" "employeeNumber" "" "employee_number" = |look| look.person.employee_number();
    1 "firstName" "First Name" "text" "firstName" "firstName" "first_name" = |look| look.person.first_name();
    5 "middleName" "Middle Name" "text" "middleName" "middleName" "" = |_| None;
    2 "lastName" "Last Name" "text" "lastName" "lastName" "last_name" = |look| look.person.last_name();
    1358 "preferredName" "Preferred Name" "text" "preferredName" "preferredName" "known_as" = |look| look.person.known_as();
    0 "displayName" "Display Name" "text" "name" "" "display_name" = |look| look.plain("display_name");
    0 "fullName1" "First name Last name" "text" "firstNameLastName" "" "" = |look| Some(look.person.full_name().into());
    0 "fullName2" "Last name, First name" "text" "lastNameFirstName" "" "" = |look| Some(last_first(look.person).into());
    15 "workEmail" "Work Email" "email" "email" "workEmail" "work_email" = |look| look.plain("work_email");
    1357 "homeEmail" "Home Email" "email" "homeEmail" "homeEmail" "personal_email" = |look| look.person.personal_email();
    0 "bestEmail" "Best Email" "email" "" "bestEmail" "" = |look| look.plain("work_email").or_else(|| look.person.personal_email());
    634 "workPhone" "Work Phone" "phone" "workPhone" "workPhone" "" = |_| None;
    635 "workPhoneExtension" "Work Ext." "text" "workExtension" "workPhoneExtension" "" = |_| None;
    13 "mobilePhone" "Mobile Phone" "phone" "mobilePhone" "mobilePhone" "mobile_phone" = |look| look.person.mobile_phone();
    14 "homePhone" "Home Phone" "phone" "homePhone" "homePhone" "" = |_| None;
    8 "address1" "Address Line 1" "text" "addressLineOne" "" "address_line_1" = |look| look.person.address_line_1();
    9 "address2" "Address Line 2" "text" "addressLineTwo" "" "address_line_2" = |look| look.person.address_line_2();
    10 "city" "City" "text" "city" "" "city" = |look| look.person.city();
    11 "state" "State" "state" "state" "" "" = |look| Some(place::at(look.person.home).state).filter(|state| !state.is_empty()).map(Into::into);
    12 "zipcode" "Zip Code" "text" "zipcode" "" "zip_code" = |look| look.person.zip_code();
    3991 "country" "Country" "country" "country" "" "country" = |look| look.person.country().map(|code| country_name(&code).to_owned().into());
    6 "dateOfBirth" "Birth Date" "date" "dateOfBirth" "birthDate" "birth_date" = |look| look.person.birth_date();
    0 "birthday" "Birthday" "text" "birthday" "" "birth_date" = |look| look.person.birth_date().and_then(|date| Some(date.get(5..)?.to_owned().into()));
    154 "gender" "Gender" "gender" "gender" "" "gender" = |look| look.person.gender().map(|gender| if gender == "male" { "Male" } else { "Female" }.into());
    155 "maritalStatus" "Marital Status" "marital_status" "maritalStatus" "" "identifier" = |look| Some(format!("{CANARY} {}", below(look.person.key, 54, 2)).into());
    1037 "ethnicity" "Ethnicity" "list" "ethnicity" "" "nationality" = |look| Some(format!("{CANARY} {}", below(look.person.key, 49, 9)).into());
    7 "ssn" "SSN" "ssn" "ssn" "" "social_security_number" = |look| Some(look.person.social_security_number().into());
    4337 "customNIN1" "NIN" "text" "nin" "" "identifier" = |look| Some(look.person.national_id().into());
    3 "hireDate" "Hire Date" "date" "hireDate" "hireDate" "start_date" = |look| Some(look.person.starts_on.to_string().into());
    4333 "originalHireDate" "Original Hire Date" "date" "originalHireDate" "" "" = |look| Some(look.person.first_day().to_string().into());
    -38 "terminationDate" "Termination Date" "date" "terminationDate" "" "termination_date" = |look| look.plain("termination_date");
    387 "status" "Status" "status" "status" "status" "employment_status" = |look| Some(look.status().into());
    16 "employmentHistoryStatus" "Employment Status" "list" "employmentStatus" "employmentStatusName" "employment_type" = |look| look.employment().map(Into::into);
    1936 "employeeStatusDate" "Employment Status: Date" "date" "employmentStatusEffectiveDate" "" "" = |look| look.begun(Some(look.person.starts_on.to_string().into()));
    17 "jobTitle" "Job Title" "list" "jobInformationJobTitle" "jobTitleName" "job_title" = |look| look.terms().and_then(|terms| terms.job_title).map(Into::into);
    4 "department" "Department" "list" "jobInformationDepartment" "departmentName" "department" = |look| look.begun(look.plain("department"));
    1355 "division" "Division" "list" "jobInformationDivision" "divisionName" "group" = |look| look.begun(look.plain("group"));
    18 "location" "Location" "list" "jobInformationLocation" "locationName" "work_location" = |look| look.begun(look.plain("work_location"));
    4549 "teams" "Teams" "multilist" "teams" "" "team" = |look| look.begun(Some(teams(look.company, look.person).join(", ").into()).filter(|teams: &std::borrow::Cow<str>| !teams.is_empty()));
    91 "reportsTo" "Reporting to" "employee" "jobInformationReportsTo" "reportsToName" "manager" = |look| look.begun(look.manager().map(|manager| last_first(manager).into()));
    0 "supervisor" "Supervisor name" "employee" "supervisorName" "" "manager" = |look| look.begun(look.manager().map(|manager| last_first(manager).into()));
    0 "supervisorEId" "Supervisor EID" "int" "supervisorEid" "reportsToId" "manager" = |look| look.begun(look.plain("manager"));
    0 "supervisorId" "Supervisor ID" "text" "supervisorId" "" "manager" = |look| look.begun(look.manager().and_then(Person::employee_number));
    0 "supervisorEmail" "Supervisor email" "email" "supervisorEmail" "" "manager" = |look| look.begun(look.manager().and_then(|manager| manager.work_email(&look.company.domain)));
    19 "payRate" "Pay rate" "currency" "compensationPayRate" "" "pay_rate" = |look| Some(look.pay_rate().into());
    0 "payRateCurrency" "Pay rate - Currency code" "text" "compensationPayRateCurrencyCode" "" "pay_currency" = |look| look.terms().and(look.plain("pay_currency"));
    4021 "payRateEffectiveDate" "Compensation: Date" "date" "compensationEffectiveDate" "" "pay_rate" = |look| look.terms().map(|terms| terms.effective_on.to_string().into());
    4330 "payPer" "Paid per" "paid_per" "compensationPaidPer" "" "pay_period" = |look| look.paid_per().map(Into::into);
    156 "payType" "Pay type" "pay_type" "compensationPayType" "" "pay_period" = |look| look.paid_per().map(|per| if per == "Hour" { "Hourly" } else { "Salary" }.into());
    4042 "exempt" "Overtime Status" "exempt" "compensationOvertimeStatus" "" "" = |look| look.paid_per().map(|per| if per == "Hour" { "Non-exempt" } else { "Exempt" }.into());
    0 "timezone" "Employee Timezone" "text" "timezone" "" "time_zone" = |look| look.plain("time_zone");
    0 "lastChanged" "Last changed" "timestamp" "lastChanged" "" "" = |look| Some(stamp(look.person.changed_on).into());
    0 "isPhotoUploaded" "Employee Photo" "bool" "employeePhoto" "" "" = |_| Some("false".into());
};

/// Other names that reports and single records take.
const SYNONYMS: [(&str, &str); 11] = [
    ("employmentStatus", "status"),
    ("nickname", "preferredName"),
    ("paidPer", "payPer"),
    ("payPeriod", "payPer"),
    ("19.1", "payRateCurrency"),
    ("jobTitleName", "jobTitle"),
    ("reportsToId", "supervisorEId"),
    ("eeid", "id"),
    ("nin", "customNIN1"),
    ("nationalId", "customNIN1"),
    ("marital", "maritalStatus"),
];

/// The number of the first custom field.
pub(super) const FIRST_CUSTOM: i32 = 4_600;

/// A field of everybody's, or one of the company's own.
#[derive(Clone, Copy)]
pub(super) enum Which {
    Own(&'static Field),
    Custom(usize),
}

impl Which {
    /// The field of this name or number in reports and single records.
    pub(super) fn find(name: &str) -> Option<Self> {
        let synonym = SYNONYMS.iter().find(|(other, _)| *other == name);
        let alias = synonym.map_or(name, |(_, alias)| *alias);
        let number: i32 = name.parse().unwrap_or(0);
        let mut own = FIELDS.iter();
        let is_it = |field: &&Field| field.alias == alias || field.list == alias || (number != 0 && field.id == number);
        own.find(is_it).map(Self::Own).or_else(|| Self::find_custom(name))
    }

    /// The field of this name in the dataset.
    pub(super) fn find_in_dataset(name: &str) -> Option<Self> {
        let own = FIELDS
            .iter()
            .find(|field| !field.dataset.is_empty() && field.dataset == name);
        let number = name.strip_prefix("customField");
        own.map(Self::Own).or_else(|| Self::find_custom(number?))
    }

    fn find_custom(name: &str) -> Option<Self> {
        let mut positions = 0..CUSTOM.len();
        let found =
            positions.find(|position| custom_id(*position).to_string() == name || custom_alias(*position) == name);
        found.map(Self::Custom)
    }

    /// The alias by which veils know it.
    pub(super) fn alias(self) -> String {
        match self {
            Self::Own(field) => field.alias.to_owned(),
            Self::Custom(position) => custom_alias(position),
        }
    }

    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Own(field) => field.label,
            Self::Custom(position) => CUSTOM.get(position).map_or("", |field| field.label),
        }
    }

    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::Own(field) => field.kind,
            Self::Custom(position) => CUSTOM.get(position).map_or("text", |field| custom_kind(field.kind)),
        }
    }

    /// The value; none where there is none.
    pub(super) fn value<'a>(self, look: &Look<'a>) -> Text<'a> {
        match self {
            Self::Own(field) => (field.value)(look),
            Self::Custom(position) => look.company.custom_value(look.person, position),
        }
    }
}

/// The number of a custom field.
pub(super) fn custom_id(position: usize) -> i32 {
    FIRST_CUSTOM + i32::try_from(position).unwrap_or_default()
}

/// The alias of a custom field: `customTShirtSize`.
pub(super) fn custom_alias(position: usize) -> String {
    let slug = CUSTOM.get(position).map_or("", |field| field.slug);
    slug.split('_').fold("custom".to_owned(), |mut alias, word| {
        let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
        alias.push_str(&first.to_ascii_uppercase());
        alias.push_str(rest);
        alias
    })
}

/// The type of a custom field.
const fn custom_kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::Rating => "text",
        Kind::LongText => "textarea",
        Kind::Date => "date",
        Kind::Checkbox => "checkbox",
        Kind::SingleChoice => "list",
        Kind::MultipleChoice => "multilist",
        Kind::Money | Kind::Cents => "currency",
    }
}

/// For each field, the table columns that have the same value.
const COLUMNS: [(&str, Place); 12] = [
    ("job_title", ("jobInfo", "jobTitle")),
    ("department", ("jobInfo", "department")),
    ("group", ("jobInfo", "division")),
    ("work_location", ("jobInfo", "location")),
    ("team", ("jobInfo", "teams")),
    ("manager", ("jobInfo", "reportsTo")),
    ("pay_rate", ("compensation", "rate")),
    ("pay_currency", ("compensation", "rate")),
    ("pay_period", ("compensation", "paidPer")),
    ("employment_type", ("employmentStatus", "employmentStatus")),
    ("time_zone", ("locations", "address")),
    ("work_city", ("locations", "address")),
];

/// Returns where a canonical attribute or one of the API's names lives.
pub(super) fn places(name: &str) -> Vec<Place> {
    let is_it = |field: &&Field| [field.alias, field.dataset, field.list, field.canonical].contains(&name);
    let mut found = Vec::new();
    for field in FIELDS.iter().filter(is_it).filter(|_| !name.is_empty()) {
        for (resource, member) in [
            ("employee", field.alias),
            ("dataset", field.dataset),
            ("list", field.list),
        ] {
            if !member.is_empty() {
                found.push((resource, member));
            }
        }
        let columns = COLUMNS.iter().filter(|(canonical, _)| *canonical == field.canonical);
        found.extend(columns.map(|(_, place)| *place));
    }
    found.extend(
        COLUMNS
            .iter()
            .filter(|(canonical, _)| *canonical == name)
            .map(|(_, place)| *place),
    );
    found
}
