//! How Humaans' people are laid out: pure, without a network.
//!
//! * A member that is not there is outside of the token's scopes: unseen. What is empty for everybody is hidden too, because a
//!   token sees what one person sees.
//! * A person without a role, or without a salary, has no statement on what comes from there: unseen. A custom field without a value has
//!   none: empty.

#[cfg(test)]
mod tests;

use super::wire::{
    BANK_ACCOUNTS, COMPANIES, COMPANY, COMPENSATIONS, CUSTOM_FIELDS, CUSTOM_VALUES, JOB_ROLES, LOCATIONS, OWNER,
    PAY_TYPES, PEOPLE,
};
use crate::{
    connector::{
        Custom, Given, ID, Layout, Nested, Resource, Shown, Step, Text, Values, country, custom::Definition, given,
        plain, reader,
    },
    employee::Wanted,
};

/// What a token is given for. The second one opens former and future people, and everything private but pay.
pub(super) const SCOPES: &[&str] = &["public:read", "private:read", "compensations:read"];

/// The words for where a person stands.
const STATES: &[(&str, &str)] = &[
    ("active", "active"),
    ("newHire", "upcoming"),
    ("offboarded", "terminated"),
];
/// The times for which people are paid. The vendor's examples have the first one.
const PERIODS: &[(&str, &str)] = &[
    ("annual", "year"),
    ("monthly", "month"),
    ("weekly", "week"),
    ("daily", "day"),
    ("hourly", "hour"),
];
/// Stands in place of a location's id for a person who works remotely.
const REMOTE: &str = "remote";
/// What kind of pay a compensation is.
const BASE_TYPE: Step = Step {
    through: PAY_TYPES,
    members: &["baseType"],
};

given! {
    /// What Humaans gives.
    GIVEN {
        AddressLine1 = NeedsPermission ["address"];
        BankDetails = NeedsPermission [; BANK_ACCOUNTS "accountNumber"], |one, _| account(one);
        BirthDate = NeedsPermission ["birthday"];
        City = NeedsPermission ["city"];
        Country = NeedsPermission ["countryCode", "country"], |one, given| country::code_of(&plain(one, given));
        Department = Yes [; JOB_ROLES "department"], |one, _| department(one);
        EmployeeId = Yes [], |one, _| one.own(ID);
        EmployeeNumber = Yes ["employeeId"];
        EmploymentStatus = Yes ["status"], |one, given| plain(one, given).translate(STATES);
        EmploymentType = Yes ["contractType"], |one, given| reader::employment_type(&plain(one, given));
        FirstName = Yes ["firstName"];
        Group = Yes ["companyId"; COMPANY "name"];
        JobTitle = Yes [; JOB_ROLES "jobTitle"];
        KnownAs = Yes ["preferredName"];
        LastName = Yes ["lastName"];
        Manager = Yes [; JOB_ROLES "reportingTo"];
        MobilePhone = NeedsPermission ["phoneNumber", "personalPhoneNumber"];
        PayCurrency = NeedsPermission [; COMPENSATIONS "currency", PAY_TYPES "baseType"], |one, _| pay(one, "currency");
        PayPeriod = NeedsPermission [; COMPENSATIONS "period", PAY_TYPES "baseType"],
            |one, _| pay(one, "period").translate(PERIODS);
        PayRate = NeedsPermission [; COMPENSATIONS "amount", PAY_TYPES "baseType"], |one, _| pay(one, "amount");
        PersonalEmail = NeedsPermission ["personalEmail"];
        StartDate = Yes ["employmentStartDate"];
        Team = Yes ["teams"], |one, _| team(one);
        TerminationDate = NeedsPermission ["employmentEndDate"];
        TimeZone = Yes ["locationId"; LOCATIONS "timezone"] behind ["remoteTimezone", "timezone"];
        WorkCity = Yes ["locationId"; LOCATIONS "city"] behind ["remoteCity"];
        WorkEmail = Yes ["email"];
        WorkLocation = Yes ["locationId"; LOCATIONS "label"], workplace;
        ZipCode = NeedsPermission ["postcode"];
    }
}

/// The layout of all people.
#[derive(Debug)]
pub(super) struct Everybody;

impl Layout for Everybody {
    const FORM: u32 = 1;
    const PEOPLE: Resource = PEOPLE;
    const ONE: &'static [(&'static str, &'static str)] = &[("$limit", "1")];
    const COMPANIES: Option<Resource> = Some(COMPANIES);
    const GIVEN: &'static [Given] = GIVEN;
    const CUSTOM: Custom = Custom {
        fields: CUSTOM_FIELDS,
        asked: &[],
        values: Values::Whole {
            of: CUSTOM_VALUES,
            person: OWNER,
            field: "customFieldId",
            value: "value",
        },
    };
    type Kind = ();

    /// Everybody whom the token may see, with all members.
    fn asked(_: &Wanted) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    fn define(row: Nested<'_>) -> Option<Definition<'_, ()>> {
        Some(Definition {
            id: row.text(ID).into_value()?,
            slug: Text::Absent,
            label: row.text("name"),
            kind: (),
        })
    }

    /// A value is a text, or a list of choices.
    fn read<'r>((): &(), value: Nested<'r>) -> Text<'r> {
        value.any()
    }
}

/// What the role that applies says of the department.
fn department<'r>(one: &Shown<'r>) -> Text<'r> {
    one.said_of(&JOB_ROLES, |role| {
        let department = role.member("department");
        if department.is_object() {
            department.text("name")
        } else {
            department.whole()
        }
    })
}

/// A member of the salary that applies.
fn pay<'r>(one: &Shown<'r>, member: &str) -> Text<'r> {
    let is_salary = |row: Nested<'r>| {
        let id = row.at("compensationTypeId");
        let base_type = one.follow(&BASE_TYPE, &id);
        let is_read = id != Text::Odd && base_type != Text::Odd;
        is_read.then(|| base_type.value() == Some("salary"))
    };
    one.said_where(&COMPENSATIONS, is_salary, |row| row.member(member).any())
}

/// The account that a person is paid to: its number, and what tells the bank.
fn account<'r>(one: &Shown<'r>) -> Text<'r> {
    one.said_of(&BANK_ACCOUNTS, |account| {
        let parts = ["accountNumber", "sortCode", "routingNumber", "swiftCode"];
        let said = parts.map(|part| account.at(part)).into_iter();
        Text::joined(said.filter(|part| !matches!(part, Text::Absent | Text::Null)))
    })
}

/// The first team.
fn team<'r>(one: &Shown<'r>) -> Text<'r> {
    let teams = one.nested("teams");
    match teams.list().as_deref() {
        None => teams.whole(),
        Some([]) => Text::Null,
        Some([first, ..]) => first.text("name"),
    }
}

/// The place of work, or that there is none.
fn workplace<'r>(one: &Shown<'r>, given: &Given) -> Text<'r> {
    if one.own("locationId").value() == Some(REMOTE) {
        Text::word("Remote")
    } else {
        plain(one, given)
    }
}
