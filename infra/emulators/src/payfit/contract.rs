//! `contracts`: those in force, those to come, and those that ended within a year.

use super::{Contract, SLOTS, View, company_id, with_progress};
use crate::kit::query::Query;
use crate::kit::refusal::Refusal;
use crate::kit::resource::Resource;
use crate::kit::row::Row;

/// Contracts.
pub(super) struct Contracts;

impl Resource<()> for Contracts {
    fn path(&self) -> &'static str {
        "contracts"
    }

    /// What follows the letters by which ids of contracts begin.
    fn id_of(&self, text: &str) -> Option<u64> {
        u64::from_str_radix(text, 16).ok()?.checked_sub(1 << 40)
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let today = view.company.today;
        let with_progress = with_progress(query)?;
        let mut ids: Vec<u64> = Vec::new();
        for person in view.everybody() {
            let contracts = Contract::all(person).into_iter();
            let listed = contracts.filter(|one| one.is_shown(person, today, with_progress) && !one.is_forgotten(today));
            ids.extend(listed.map(|one| one.slot(person)));
        }
        ids.sort_unstable();
        Ok(ids)
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let person = view.numbered(id / SLOTS).ok_or(Refusal::NotFound)?;
        let all = Contract::all(person);
        let own = all
            .iter()
            .find(|one| one.number == id % SLOTS)
            .ok_or(Refusal::NotFound)?;
        let company = view.company;
        let is_last = own.number + 1 == all.len() as u64;
        let current = company.current_version(person).filter(|_| is_last);
        let title = current.map_or_else(|| Some(person.job.earlier().title()), |version| version.job_title);
        let is_full = person.working_time() >= 10_000;
        row.put("contractId", own.id(person)).put("companyId", company_id(view));
        row.put("collaboratorId", person.id.to_string());
        row.put("status", own.status(person, company.today))
            .put("jobName", title);
        row.put("startDate", own.starts_on).put("endDate", own.ends_on);
        row.put_nulls(&["probationEndDate"]);
        row.put("contactEmail", view.shown(person).work_email(&company.domain));
        row.put("standardWeeklyHours", 35);
        row.put("fullTimeEquivalent", if is_full { 1.0 } else { 0.5 });
        row.put("isFullTime", is_full);
        Ok(())
    }
}
