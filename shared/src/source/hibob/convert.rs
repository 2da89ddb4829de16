//! From HiBob's searches to employees: pure, without a network, page by page.
//!
//! * A member that is not there is unseen; `null` and an empty text are empty.
//! * What stands in a list is an id, and is called by its name beside it; an id without a name says nothing.

mod custom;
#[cfg(test)]
mod tests;

pub(super) use self::custom::{CustomFields, read_fields};
use super::wire::NAMES;
use crate::connector::{Given, ID, Report, Shown, Text, country, given, plain, reader};

/// Whether a person is there.
const STATUS: &str = "internal.status";
/// The first day.
const FIRST_DAY: &str = "work.startDate";
/// The last day.
const LAST_DAY: &str = "internal.terminationDate";

/// The status of a person who is there, and of one who is not.
const STATES: &[(&str, &str)] = &[("Active", "active"), ("Inactive", "terminated")];
/// The times for which people are paid.
const PERIODS: &[(&str, &str)] = &[
    ("Annual", "year"),
    ("Monthly", "month"),
    ("Weekly", "week"),
    ("Daily", "day"),
    ("Hourly", "hour"),
];

given! {
    /// What HiBob gives, each with where it stands in a row; but for those of `root` that is the id of the field.
    pub(super) GIVEN {
        AddressLine1 = NeedsPermission ["address.line1"];
        AddressLine2 = NeedsPermission ["address.line2"];
        BankDetails = NeedsPermission ["financial.iban"];
        BirthDate = NeedsPermission ["personal.birthDate"];
        City = NeedsPermission ["address.city"];
        Country = NeedsPermission ["address.country"], |one, given| country::code_of(&called(one, given));
        Department = NeedsPermission ["work.department"], called;
        DisplayName = Yes ["displayName"];
        EmployeeId = Yes [], |one, _| one.own(ID);
        EmployeeNumber = NeedsPermission ["work.employeeIdInCompany"];
        EmploymentStatus = NeedsPermission [], |one, _| status(one);
        EmploymentType = NeedsPermission ["payroll.employment.type"],
            |one, given| reader::employment_type(&called(one, given));
        FirstName = Yes ["firstName"];
        JobTitle = NeedsPermission ["work.title"], called;
        LastName = Yes ["surname"];
        Manager = NeedsPermission ["work.manager"];
        MobilePhone = NeedsPermission ["home.mobilePhone", "work.workPhone"];
        PayCurrency = NeedsPermission ["payroll.salary.payment.currency"];
        PayPeriod = NeedsPermission ["payroll.salary.payPeriod"], |one, given| called(one, given).translate(PERIODS);
        PayRate = NeedsPermission ["payroll.salary.payment.value"], amount;
        PersonalEmail = NeedsPermission ["home.privateEmail"];
        StartDate = NeedsPermission [], |one, _| one.own(FIRST_DAY);
        Team = Custom [];
        TerminationDate = NeedsPermission [], |one, _| last_day(one);
        WorkEmail = Yes ["email"];
        WorkLocation = NeedsPermission ["work.site"], called;
        ZipCode = NeedsPermission ["address.postCode"];
    }
}

/// The search for everybody.
#[derive(Debug)]
pub(super) struct Everybody;

impl Report for Everybody {
    const OPERATION: &'static str = "search for employees";
    const GIVEN: &'static [Given] = GIVEN;
    const JUDGING: &'static [&'static str] = &[STATUS, FIRST_DAY, LAST_DAY];
    const BESIDE: &'static [&'static str] = &[NAMES];
    const IS_NESTED: bool = true;
    type Kind = custom::Kind;

    fn custom<'r>(kind: &custom::Kind, one: &Shown<'r>, id: &str) -> Text<'r> {
        custom::read(*kind, one, id)
    }

    /// What lies ahead of a person is not shown.
    fn is_ahead(_: &Shown<'_>) -> bool {
        false
    }
}

/// What the id of a list is called.
fn called<'r>(one: &Shown<'r>, given: &Given) -> Text<'r> {
    let path = given.members.first().copied().unwrap_or_default();
    custom::name_of(plain(one, given), one.own(&format!("{NAMES}.{path}")))
}

/// An amount, which may have a fraction.
fn amount<'r>(one: &Shown<'r>, given: &Given) -> Text<'r> {
    let path = given.members.first().copied().unwrap_or_default();
    match plain(one, given) {
        Text::Odd => one.find(path).any(),
        said @ (Text::Absent | Text::Null | Text::Value(_)) => said,
    }
}

/// The status. One who begins later is not said to have left.
fn status(one: &Shown<'_>) -> Text<'static> {
    let status = one.own(STATUS).translate(STATES);
    let begins_later = one.day(FIRST_DAY).is_some_and(|first_day| first_day > one.today);
    let has_left = status.value() == Some("terminated");
    if begins_later && has_left { Text::Absent } else { status }
}

/// The last day, where it is not that of an employment before this one.
fn last_day<'r>(one: &Shown<'r>) -> Text<'r> {
    let is_active = one.own(STATUS).value() == Some("Active");
    match (one.day(FIRST_DAY), one.day(LAST_DAY)) {
        (Some(first), Some(last)) if last < first && is_active => Text::Null,
        _ => one.own(LAST_DAY),
    }
}
