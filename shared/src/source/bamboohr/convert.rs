//! From BambooHR's reports to employees: pure, without a network, page by page.
//!
//! * A member that is not there is unseen, and so is one that is `null` or an empty text where it takes a permission. Others are empty
//!   then, and so is the date `0000-00-00`.
//! * Job, department, place, manager and pay have a history. Of a person who has no kind of employment today, theirs
//!   has not begun, or is not told: what they lack of it is unseen, not empty (R07).
//! * A person who begins today or later, and whose history has not begun, is kept back until they are shown with what lies
//!   ahead of them.

mod custom;
#[cfg(test)]
mod tests;

pub(super) use self::custom::{CustomFields, read_fields};
use super::wire::WORKPLACES;
use crate::connector::{Given, ID, Reach, Report, Shown, Text, country, given, plain, reader};

/// The first day.
const HIRE_DATE: &str = "hireDate";
/// The last day.
const TERMINATION_DATE: &str = "terminationDate";
/// Whether a person is there.
const STATUS: &str = "status";
/// The kind of employment, the first of what has a history.
const KIND: &str = "employmentHistoryStatus";

/// The status of a person who is there, and of one who is not.
const STATES: &[(&str, &str)] = &[("Active", "active"), ("Inactive", "terminated")];
/// The kind of employment of a person who left.
const LEFT: &str = "Terminated";
/// The times for which people are paid.
const PERIODS: &[(&str, &str)] = &[
    ("Year", "year"),
    ("Month", "month"),
    ("Week", "week"),
    ("Day", "day"),
    ("Hour", "hour"),
];

given! {
    /// What BambooHR gives, each with the columns of a report that it takes.
    pub(super) ATTRIBUTES {
        AddressLine1 = NeedsPermission ["address1"];
        AddressLine2 = NeedsPermission ["address2"];
        BirthDate = NeedsPermission ["dateOfBirth"], |one, given| reader::date(plain(one, given));
        City = NeedsPermission ["city"];
        Country = NeedsPermission ["country"], |one, given| country::code_of(&plain(one, given));
        Department = Yes ["department"], told;
        DisplayName = Yes ["displayName", "fullName1"];
        EmployeeId = Yes [], |one, _| one.own(ID);
        EmployeeNumber = Yes ["employeeNumber"];
        EmploymentStatus = Yes [], |one, _| status(one);
        EmploymentType = NeedsPermission [], |one, _| if_told(one, kind(&one.own(KIND)));
        FirstName = Yes ["firstName"];
        Group = Yes ["division"], told;
        JobTitle = Yes ["jobTitle"], told;
        KnownAs = Yes ["preferredName"];
        LastName = Yes ["lastName"];
        Manager = Yes ["supervisorEId"], told;
        MobilePhone = NeedsPermission ["mobilePhone"];
        PayCurrency = NeedsPermission ["payRate"], |one, given| if_told(one, reader::currency(&plain(one, given)));
        PayPeriod = NeedsPermission ["payPer"], |one, given| if_told(one, plain(one, given).translate(PERIODS));
        PayRate = NeedsPermission ["payRate"], |one, given| if_told(one, reader::amount(&plain(one, given)));
        PersonalEmail = NeedsPermission ["homeEmail"];
        StartDate = Yes [], |one, _| reader::date(one.own(HIRE_DATE));
        Team = Yes ["teams"], |one, given| if_told(one, reader::first(&plain(one, given)));
        TerminationDate = NeedsPermission [], |one, _| last_day(one);
        TimeZone = NeedsPermission ["location"; WORKPLACES "address.timezone"] behind ["timezone"];
        WorkCity = NeedsPermission ["location"; WORKPLACES "address.city"], told;
        WorkEmail = Yes ["workEmail"];
        WorkLocation = Yes ["location"], told;
        ZipCode = NeedsPermission ["zipcode"];
    }
}

/// The report on everybody.
#[derive(Debug)]
pub(super) struct Everybody;

impl Report for Everybody {
    const OPERATION: &'static str = "list employees";
    const REACH: Reach = Reach::UserByNull;
    const GIVEN: &'static [Given] = ATTRIBUTES;
    const JUDGING: &'static [&'static str] = &[HIRE_DATE, TERMINATION_DATE, STATUS, KIND];
    type Kind = ();

    /// Whether a person begins today or later, and their history has not begun.
    fn is_ahead(one: &Shown<'_>) -> bool {
        !has_history(one) && one.day(HIRE_DATE).is_some_and(|first_day| first_day >= one.today)
    }
}

/// Whether a person has a kind of employment today: their history has begun, and is told.
fn has_history(one: &Shown<'_>) -> bool {
    one.own(KIND).has_text()
}

/// What has a history, where it is told already.
fn if_told<'r>(one: &Shown<'_>, text: Text<'r>) -> Text<'r> {
    let is_told = has_history(one) || text.has_text() || text == Text::Odd;
    if is_told { text } else { Text::Absent }
}

fn told<'r>(one: &Shown<'r>, given: &Given) -> Text<'r> {
    if_told(one, plain(one, given))
}

/// The kind of employment. Of a person who left it is not told any more.
fn kind(text: &Text<'_>) -> Text<'static> {
    if text.value() == Some(LEFT) {
        Text::Absent
    } else {
        reader::employment_type(text)
    }
}

/// Whether the first day lies ahead, or has just come: a status may follow it by hours, and the day is another one by the clock of the
/// company.
fn begins_later(one: &Shown<'_>) -> bool {
    let since = one.today.yesterday().unwrap_or(one.today);
    one.day(HIRE_DATE).is_some_and(|first_day| first_day >= since)
}

/// Whether a first day is told that cannot be read.
fn has_unread_first_day(one: &Shown<'_>) -> bool {
    let first_day = reader::date(one.own(HIRE_DATE));
    first_day == Text::Odd || (first_day.has_text() && one.day(HIRE_DATE).is_none())
}

/// The status. Which one a person has before their first day is not known: one who begins later is not said to have left, with a last
/// day or without one. Where the first day cannot be read, it is not known whether that holds.
fn status(one: &Shown<'_>) -> Text<'static> {
    let status = one.own(STATUS).translate(STATES);
    if status.value() != Some("terminated") {
        status
    } else if begins_later(one) {
        Text::Absent
    } else if has_unread_first_day(one) {
        Text::Odd
    } else {
        status
    }
}

/// The last day, where it is not that of an employment before this one: a day before the first one of a person who is active, or begins
/// later. Where one of these cannot be read it is not known of which employment the day is. A day that has passed stays, also of a person
/// who is active: whether their status lags behind, or their first day is that of an earlier employment, a person has to say
/// (`contradicted`).
fn last_day<'r>(one: &Shown<'r>) -> Text<'r> {
    let is_active = one.own(STATUS).value() == Some("Active");
    let (first, last) = (one.day(HIRE_DATE), one.day(TERMINATION_DATE));
    let is_before_the_first = last.is_some() && last < first && (is_active || begins_later(one));
    let is_unclear = [STATUS, HIRE_DATE].iter().any(|member| one.own(member) == Text::Odd);
    if is_before_the_first {
        Text::Null
    } else if is_unclear && last.is_some() {
        Text::Odd
    } else {
        reader::date(one.own(TERMINATION_DATE))
    }
}
