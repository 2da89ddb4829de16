//! An employee of the newer API, who is put together from what the row refers to.

use super::{
    super::wire::{Embedded, Employee, ITEMS, PersonalRecord},
    custom,
    person::Person,
    reference::{References, Workplace, find},
};
use crate::{
    connector::{Joined, Text, read_list},
    source::Error,
};

/// What belongs to the people of one page; `None` where the credential may not read it.
pub(super) struct Belongings<'a> {
    pub(super) referred: Embedded<'a>,
    pub(super) records: Option<Joined<Record<'a>>>,
    pub(super) values: Option<Joined<custom::Entry<'a>>>,
}

/// What few may see of a person.
#[derive(Debug)]
pub(super) struct Record<'a> {
    owner: Text<'a>,
    row: PersonalRecord<'a>,
}

/// The personal records by whom they belong to.
pub(super) fn join_records<'a, T: AsRef<str>>(pages: Option<&'a [T]>) -> Result<Option<Joined<Record<'a>>>, Error> {
    let rows: Option<Vec<PersonalRecord<'a>>> = read_list("list personal records", pages, ITEMS)?;
    let record = |row: PersonalRecord<'a>| Record {
        owner: row.employee.text("id"),
        row,
    };
    Ok(rows.map(|rows| {
        let records = rows.into_iter().map(record).collect();
        Joined::new(
            records,
            |record: &Record<'a>| record.owner.value(),
            |_, _| std::cmp::Ordering::Equal,
        )
    }))
}

/// Puts one person together.
pub(super) fn person<'r>(
    row: &'r Employee<'_>,
    belongings: &'r Belongings<'_>,
    references: &'r References,
) -> Person<'r> {
    let id = row.id.value();
    let referred = &belongings.referred;
    let employment = row
        .employment
        .text("id")
        .value()
        .and_then(|id| referred.employments.get(id));
    let position = row
        .position
        .text("id")
        .value()
        .and_then(|id| referred.positions.get(id));
    let record = belongings.records.as_ref().zip(id);
    let record = record.and_then(|(records, id)| records.of(id).last());
    let place = position.map_or(Text::Absent, |position| position.establishment.text("id"));
    let at = |member: fn(&Workplace) -> &Text<'static>| find(references.workplaces.as_ref(), &place, member);
    let department = position.map_or(Text::Absent, |position| position.department.text("id"));
    let employer = employment.map_or(Text::Absent, |employment| employment.legal_entity.text("id"));
    Person {
        birth_date: record.map_or(Text::Absent, |record| record.row.birth_date.lend()),
        custom: custom::values_of(&references.fields, belongings.values.as_ref(), id),
        department: find(references.departments.as_ref(), &department, |name| name),
        employer: find(references.entities.as_ref(), &employer, |name| name),
        ends_on: employment.map_or(Text::Absent, |employment| employment.end.text("date")),
        first_name: row.given_name.lend(),
        job_title: position.map_or(Text::Absent, |position| position.job_title.lend()),
        last_name: row.family_name.lend(),
        manager: position.map_or(Text::Absent, |position| position.manager.text("id")),
        mobile_phone: row.phone_number.lend(),
        number: row.number.lend(),
        personal_email: record.map_or(Text::Absent, |record| record.row.email.lend()),
        starts_on: employment.map_or(Text::Absent, |employment| employment.start.text("date")),
        status: status(&row.status),
        time_zone: at(|place| &place.time_zone),
        work_city: at(|place| &place.city),
        work_email: row.email.lend(),
        work_location: at(|place| &place.name),
        ..Person::default()
    }
}

fn status(status: &Text<'_>) -> Text<'static> {
    status.read(|word| match word {
        "active" => Some(Text::word("active")),
        "upcoming" => Some(Text::word("upcoming")),
        "deactivated" => Some(Text::word("terminated")),
        _ => None,
    })
}
