//! `contracts/contracts`, from 2026-10-01 on: one contract per person and time with the company.

use super::{Query, Refusal, Resource, Row, Version, View, legal_entity, lower};
use crate::person::Person;
use jiff::civil::Date;

/// Ids of the contracts that count.
const FIRST: u64 = 5_000_000;
/// Ids of the contracts before them.
const FIRST_EARLIER: u64 = 7_500_000;

/// The id of the contract that began on this day.
pub(super) fn id_of(person: &Person, starts_on: Date) -> u64 {
    let first = if starts_on == person.starts_on {
        FIRST
    } else {
        FIRST_EARLIER
    };
    first + u64::from(person.number)
}

pub(super) struct Contracts;

impl Resource<Version> for Contracts {
    fn path(&self) -> &'static str {
        "contracts/contracts"
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let starts_on = query.date("starts_on")?;
        let is_asked = |first_day: Date| starts_on.is_none_or(|asked| first_day == asked);
        let people = view.people(query, "employee_ids[]");
        let now = people.iter().filter(|person| is_asked(person.starts_on));
        let mut ids: Vec<u64> = now.map(|person| id_of(person, person.starts_on)).collect();
        for person in people {
            let earlier = person.earlier.last().filter(|spell| is_asked(spell.starts_on));
            ids.extend(earlier.map(|spell| id_of(person, spell.starts_on)));
        }
        Ok(ids)
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let number = id.checked_sub(FIRST_EARLIER).or_else(|| id.checked_sub(FIRST));
        let person = number
            .and_then(|number| view.numbered(number))
            .ok_or(Refusal::NotFound)?;
        let earlier = person.earlier.last().filter(|_| id >= FIRST_EARLIER);
        let (starts_on, ends_on) = earlier.map_or((person.starts_on, person.ends_on), |spell| {
            (spell.starts_on, Some(spell.ends_on))
        });
        let country = view.company.entity_of(person).map(|entity| lower(entity.place.country));
        let today = view.company.today;
        row.put("id", view.id(id)).put("employee_id", view.id(person.id));
        row.put("company_id", view.company_id());
        row.put(
            "legal_entity_id",
            view.id(legal_entity::FIRST + u64::from(person.entity)),
        );
        row.put("country", country)
            .put("starts_on", starts_on)
            .put("ends_on", ends_on);
        row.put("is_discontinuous", false);
        row.put(
            "schedule",
            match ends_on {
                Some(last_day) if last_day < today => "expired",
                Some(_) | None if starts_on > today => "upcoming",
                Some(_) | None => "ongoing",
            },
        );
        Ok(())
    }
}
