//! `contracts/contracts`, from 2026-10-01 on: one contract per person.

use super::super::query::Query;
use super::super::refusal::Refusal;
use super::super::version::Version;
use super::super::view::View;
use super::super::wire::{Id, lower};
use super::{Out, Resource, contract_version, legal_entity};
use crate::person::Person;
use jiff::civil::Date;
use serde::Serialize;

const FIRST: u64 = 5_000_000;

/// The id of a person's contract.
pub(super) fn id_of(person: &Person) -> u64 {
    FIRST + u64::from(person.number)
}

#[derive(Serialize)]
struct Row {
    id: Id,
    employee_id: Id,
    company_id: Id,
    legal_entity_id: Id,
    country: Option<String>,
    starts_on: Date,
    ends_on: Option<Date>,
    is_discontinuous: bool,
    schedule: &'static str,
}

pub(super) struct Contracts;

impl Resource for Contracts {
    fn path(&self) -> &'static str {
        "contracts/contracts"
    }

    fn since(&self) -> Version {
        Version::Y2026M10
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let starts_on = query.date("starts_on")?;
        let people = view.people(query, "employee_ids[]").into_iter();
        Ok(people
            .filter(|person| starts_on.is_none_or(|date| person.starts_on == date))
            .map(id_of)
            .collect())
    }

    fn write(&self, view: &View, id: u64, out: &mut Out) -> Result<(), Refusal> {
        let person = id
            .checked_sub(FIRST)
            .and_then(|number| view.numbered(number))
            .ok_or(Refusal::NotFound)?;
        let row = Row {
            id: view.id(id),
            employee_id: view.id(person.id),
            company_id: view.company_id(),
            legal_entity_id: view.id(legal_entity::FIRST + u64::from(person.entity)),
            country: view.company.entity_of(person).map(|entity| lower(entity.place.country)),
            starts_on: person.starts_on,
            ends_on: person.ends_on,
            is_discontinuous: false,
            schedule: contract_version::schedule(person.status(view.company.today)),
        };
        Ok(serde_json::to_writer(out, &row)?)
    }
}
