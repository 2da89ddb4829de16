//! `employee_updates/terminations`: who left and who is to leave.

use super::super::query::Query;
use super::super::refusal::Refusal;
use super::super::view::View;
use super::super::wire::Id;
use super::{Out, Resource, legal_entity};
use crate::person::{CANARY, Status};
use jiff::civil::Date;
use serde::Serialize;

const FIRST: u64 = 80_000_000;

#[derive(Serialize)]
struct Row {
    id: Id,
    status: &'static str,
    employee_id: Id,
    terminated_on: Option<Date>,
    contract_end_date: Option<Date>,
    termination_reason: &'static str,
    termination_reason_type: &'static str,
    termination_type_description: Option<&'static str>,
    termination_observations: String,
    legal_entity_id: Id,
    remaining_holidays: [Id; 0],
}

pub(super) struct Terminations;

impl Resource for Terminations {
    fn path(&self) -> &'static str {
        "employee_updates/terminations"
    }

    fn select(&self, view: &View, _: &Query) -> Result<Vec<u64>, Refusal> {
        let leavers = view
            .company
            .people
            .iter()
            .filter(|person| person.ends_on.is_some() && view.sees(person));
        Ok(leavers.map(|person| FIRST + u64::from(person.number)).collect())
    }

    fn write(&self, view: &View, id: u64, out: &mut Out) -> Result<(), Refusal> {
        let person = id
            .checked_sub(FIRST)
            .and_then(|number| view.numbered(number))
            .ok_or(Refusal::NotFound)?;
        let gone = person.status(view.company.today) == Status::Terminated;
        let row = Row {
            id: view.id(id),
            status: if gone { "completed" } else { "pending" },
            employee_id: view.id(person.id),
            terminated_on: person.ends_on,
            contract_end_date: person.ends_on,
            termination_reason: "other",
            termination_reason_type: "voluntary",
            termination_type_description: None,
            termination_observations: format!("{CANARY} note for the file"),
            legal_entity_id: view.id(legal_entity::FIRST + u64::from(person.entity)),
            remaining_holidays: [],
        };
        Ok(serde_json::to_writer(out, &row)?)
    }
}
