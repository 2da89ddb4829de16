//! BambooHR's JSON: only what is read, all of it optional, borrowed from the answer. No logic beyond what a value is on
//! the wire.
//!
//! What may never be read (social security number, ethnicity, marital status …) is not named here, so that it is not asked for
//! and no decoder ever holds it (R34). Custom fields are asked for by their ids, once it is known that they may be read.

use serde::{Deserialize, Serialize};

use crate::{
    connector::{Cells, Text, row},
    employee::{Canonical, Wanted},
};

/// Where the rows of a report stand.
pub(super) const PEOPLE: &[&str] = &["employees"];
/// Where the rows of a list with pages stand.
pub(super) const ROWS: &[&str] = &["data"];
/// The most fields of one report (vendor description).
const MOST_FIELDS: usize = 400;
/// The most custom fields of one report.
pub(super) const MOST_CUSTOM: usize = MOST_FIELDS - COLUMNS.len();

/// Declares the columns of a report by the vendor's names, in the order of their places in a row, and what each is asked for. A
/// column that says nothing of that is needed to judge any row.
macro_rules! columns {
    ($($column:ident = $name:literal: [$($gives:ident),*],)*) => {
        /// A column of a report that every company has.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Column { $($column,)* }

        /// The names of all such columns. The id comes unasked.
        pub(super) const COLUMNS: &[&str] = &[$($name),*];

        /// What each of them is asked for.
        const GIVES: &[&[Canonical]] = &[$(&[$(Canonical::$gives),*]),*];
    };
}

columns! {
    Id = "id": [],
    EmployeeNumber = "employeeNumber": [EmployeeNumber],
    FirstName = "firstName": [FirstName],
    LastName = "lastName": [LastName],
    PreferredName = "preferredName": [KnownAs],
    DisplayName = "displayName": [DisplayName],
    FullName = "fullName1": [DisplayName],
    WorkEmail = "workEmail": [WorkEmail],
    HomeEmail = "homeEmail": [PersonalEmail],
    MobilePhone = "mobilePhone": [MobilePhone],
    Address1 = "address1": [AddressLine1],
    Address2 = "address2": [AddressLine2],
    ZipCode = "zipcode": [ZipCode],
    City = "city": [City],
    Country = "country": [Country],
    DateOfBirth = "dateOfBirth": [BirthDate],
    Division = "division": [Group],
    Teams = "teams": [Team],
    Department = "department": [Department],
    JobTitle = "jobTitle": [JobTitle],
    SupervisorId = "supervisorEId": [Manager],
    HireDate = "hireDate": [],
    TerminationDate = "terminationDate": [],
    Status = "status": [],
    EmploymentHistoryStatus = "employmentHistoryStatus": [],
    PayRate = "payRate": [PayCurrency, PayRate],
    PayPer = "payPer": [PayPeriod],
    Location = "location": [TimeZone, WorkCity, WorkLocation],
    TimeZone = "timezone": [TimeZone],
}

/// Returns the names of the columns that serve what is wanted.
pub(super) fn columns_for(wanted: &Wanted) -> impl Iterator<Item = &'static str> {
    let serves = |gives: &[Canonical]| gives.is_empty() || wanted.wants_any(gives);
    let columns = COLUMNS.iter().zip(GIVES).skip(1);
    columns.filter(move |(_, gives)| serves(gives)).map(|(name, _)| *name)
}

impl Column {
    /// Returns what a row shows of the column.
    pub(super) fn of<'a>(self, row: &Cells<'a>) -> Text<'a> {
        row.text(self as usize)
    }
}

/// A report that is asked for.
#[derive(Serialize)]
pub(super) struct Order<'a> {
    /// What it is called; nobody reads it.
    pub(super) title: &'static str,
    /// Fields by name or id.
    pub(super) fields: Vec<&'a str>,
    /// Whom it is about, where it is not about everybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) filters: Option<Filters>,
}

/// Whom a report is about.
#[derive(Serialize)]
pub(super) struct Filters {
    /// These people.
    #[serde(rename = "employeeIds")]
    pub(super) employee_ids: Vec<u64>,
}

/// The smallest page of the dataset of people: what stands around it says how many there are.
#[derive(Serialize)]
pub(super) struct Counting {
    /// The id alone.
    pub(super) fields: [&'static str; 1],
    /// The first page.
    pub(super) page: u32,
    /// One row.
    #[serde(rename = "pageSize")]
    pub(super) page_size: u32,
}

/// What stands around the rows of a list with pages.
#[derive(Debug, Deserialize)]
pub(super) struct Frame {
    #[serde(default)]
    pub(super) meta: Option<Meta>,
}

/// How long a list with pages is.
#[derive(Debug, Deserialize)]
pub(super) struct Meta {
    #[serde(default, rename = "totalItems")]
    pub(super) total: Option<u64>,
}

row! {
    /// `meta/fields`.
    FieldRow {
        texts: [id, name, alias],
        flags: [deprecated],
    }
}

row! {
    /// `hris/org/locations`.
    Place {
        texts: [label],
        nested: [address],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r46_a_column_that_serves_nothing_wanted_is_not_asked_for() {
        let wanted = Wanted::only([Canonical::WorkEmail.into(), Canonical::PayCurrency.into()]);
        let columns: Vec<&str> = columns_for(&wanted).collect();
        let judging = ["hireDate", "terminationDate", "status", "employmentHistoryStatus"];
        let expected: Vec<&str> = ["workEmail"].into_iter().chain(judging).chain(["payRate"]).collect();
        assert_eq!(columns, expected);
        assert_eq!(columns_for(&Wanted::everything()).count(), COLUMNS.len() - 1);
    }
}
