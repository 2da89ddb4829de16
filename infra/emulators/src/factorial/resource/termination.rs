//! `employee_updates/terminations`: who left and who is to leave.

use super::{Query, Refusal, Resource, Row, Version, View, legal_entity};
use crate::person::{CANARY, Status};

const FIRST: u64 = 80_000_000;

pub(super) struct Terminations;

impl Resource<Version> for Terminations {
    fn path(&self) -> &'static str {
        "employee_updates/terminations"
    }

    fn select(&self, view: &View, _: &Query) -> Result<Vec<u64>, Refusal> {
        let leavers = view.everybody().filter(|person| person.ends_on.is_some());
        Ok(leavers.map(|person| FIRST + u64::from(person.number)).collect())
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let number = id.checked_sub(FIRST).ok_or(Refusal::NotFound)?;
        let person = view.numbered(number).ok_or(Refusal::NotFound)?;
        let is_gone = person.status(view.company.today) == Status::Terminated;
        row.put("id", view.id(id)).put("employee_id", view.id(person.id));
        row.put("status", if is_gone { "completed" } else { "pending" });
        row.put("terminated_on", person.ends_on)
            .put("contract_end_date", person.ends_on);
        row.put("termination_reason", "other")
            .put("termination_reason_type", "voluntary");
        row.put_nulls(&["termination_type_description"]);
        row.put("termination_observations", format!("{CANARY} note for the file"));
        row.put(
            "legal_entity_id",
            view.id(legal_entity::FIRST + u64::from(person.entity)),
        );
        row.put("remaining_holidays", [(); 0]);
        Ok(())
    }
}
