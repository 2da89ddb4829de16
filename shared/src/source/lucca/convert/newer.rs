//! An employee of the newer API, who is put together from what the row refers to, and where each attribute stands.

use super::{
    super::wire::{
        DEPARTMENTS, Embedded, Employee, Employment, JobPosition, LEGAL_ENTITIES, PersonalRecord, RECORDS, WORKPLACES,
    },
    reference::References,
};
use crate::{
    connector::{Joined, Lists, Text, Workplace, find, given},
    source::Error,
};

/// What few may see of a person.
#[derive(Debug)]
pub(super) struct Record<'a> {
    owner: Text<'a>,
    row: PersonalRecord<'a>,
}

/// The personal records by whom they belong to.
pub(super) fn join_records<'a>(lists: &'a Lists) -> Result<Option<Joined<Record<'a>>>, Error> {
    let record = |row: PersonalRecord<'a>| {
        let owner = row.employee.text("id");
        Some(Record { owner, row })
    };
    let in_order = |_: &Record<'_>, _: &Record<'_>| std::cmp::Ordering::Equal;
    lists.joined(&RECORDS, record, |record| record.owner.value(), in_order)
}

/// What an employee is shown with who lacks something: nothing is said of it.
#[derive(Default)]
pub(super) struct Nothing<'a> {
    employment: Employment<'a>,
    position: JobPosition<'a>,
    record: PersonalRecord<'a>,
}

/// What is shown of an employee.
pub(in super::super) struct Shown<'r> {
    row: &'r Employee<'r>,
    employment: &'r Employment<'r>,
    position: &'r JobPosition<'r>,
    record: &'r PersonalRecord<'r>,
    references: &'r References,
}

impl<'r> Shown<'r> {
    /// Puts together what belongs to an employee.
    pub(super) fn new(
        row: &'r Employee<'_>,
        referred: &'r Embedded<'_>,
        records: Option<&'r Joined<Record<'_>>>,
        references: &'r References,
        nothing: &'r Nothing<'_>,
    ) -> Self {
        let (employment, position) = (row.employment.text("id"), row.position.text("id"));
        let employment = employment.value().and_then(|id| referred.employments.as_ref()?.get(id));
        let position = position.value().and_then(|id| referred.positions.as_ref()?.get(id));
        let records = records.zip(row.id.value()).map(|(records, id)| records.of(id));
        let record = records.and_then(<[_]>::last).map(|record| &record.row);
        Self {
            row,
            employment: employment.unwrap_or(&nothing.employment),
            position: position.unwrap_or(&nothing.position),
            record: record.unwrap_or(&nothing.record),
            references,
        }
    }

    fn at(&self, member: fn(&Workplace) -> &Text<'static>) -> Text<'r> {
        let place = self.position.establishment.text("id");
        find(self.references.workplaces.as_ref(), &place, member)
    }

    fn department(&self) -> Text<'r> {
        let id = self.position.department.text("id");
        find(self.references.departments.as_ref(), &id, |name| name)
    }

    fn employer(&self) -> Text<'r> {
        let id = self.employment.legal_entity.text("id");
        find(self.references.entities.as_ref(), &id, |name| name)
    }
}

/// A rule by which an attribute is read.
type Rule = for<'r> fn(&'r Shown<'r>) -> Text<'r>;

given! {
    /// What the newer API gives, and so a client. It shows all that it has of a row unasked; what else is taken stands
    /// in lists.
    pub(in super::super) NEWER: Rule {
        BirthDate = NeedsPermission [; RECORDS] |one| one.record.birth_date.lend();
        Department = NeedsPermission [; DEPARTMENTS] |one| one.department();
        EmployeeId = Yes [] |one| one.row.id.lend();
        EmployeeNumber = Yes [] |one| one.row.number.lend();
        EmploymentStatus = NeedsPermission [] |one| status(&one.row.status);
        FirstName = Yes [] |one| one.row.given_name.lend();
        Group = NeedsPermission [; LEGAL_ENTITIES] |one| one.employer();
        JobTitle = NeedsPermission [] |one| one.position.job_title.lend();
        LastName = Yes [] |one| one.row.family_name.lend();
        Manager = NeedsPermission [] |one| one.position.manager.text("id");
        MobilePhone = NeedsPermission [] |one| one.row.phone_number.lend();
        PersonalEmail = NeedsPermission [; RECORDS] |one| one.record.email.lend();
        StartDate = NeedsPermission [] |one| one.employment.start.text("date");
        TerminationDate = NeedsPermission [] |one| one.employment.end.text("date");
        TimeZone = NeedsPermission [; WORKPLACES] |one| one.at(|place| &place.time_zone);
        WorkCity = NeedsPermission [; WORKPLACES] |one| one.at(|place| &place.city);
        WorkEmail = Yes [] |one| one.row.email.lend();
        WorkLocation = NeedsPermission [; WORKPLACES] |one| one.at(|place| &place.name);
    }
}

fn status(status: &Text<'_>) -> Text<'static> {
    status.translate(&[
        ("active", "active"),
        ("upcoming", "upcoming"),
        ("deactivated", "terminated"),
    ])
}
