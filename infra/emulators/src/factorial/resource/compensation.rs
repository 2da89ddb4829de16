//! `contracts/compensations`: extra pay of one person in five; `contracts/taxonomies`: what it is called.

use super::{Query, Refusal, Resource, Row, Version, View, contract_version, ids_from, legal_entity, position_of};
use crate::draw::percent;
use crate::person::Person;

const FIRST: u64 = 30_000_000;
const FIRST_TAXONOMY: u64 = 3_000;
const TAXONOMIES: [&str; 2] = ["Yearly bonus", "Transport allowance"];

fn version_of(view: &View, person: &Person) -> Option<u64> {
    let terms = view.company.current_version(person);
    terms.map(|terms| contract_version::id_of(person, &terms))
}

pub(super) struct Compensations;

impl Resource<Version> for Compensations {
    fn path(&self) -> &'static str {
        "contracts/compensations"
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let versions = query.ids("contract_version_ids[]");
        let is_asked = |person: &&Person| match &versions {
            None => true,
            Some(ids) => version_of(view, person).is_some_and(|id| ids.binary_search(&id).is_ok()),
        };
        let people = view.everybody().filter(|person| percent(person.key, 47, 20));
        Ok(people
            .filter(is_asked)
            .map(|person| FIRST + u64::from(person.number))
            .collect())
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let number = id.checked_sub(FIRST).ok_or(Refusal::NotFound)?;
        let person = view.numbered(number).ok_or(Refusal::NotFound)?;
        row.put("id", view.id(id));
        row.put("contract_version_id", version_of(view, person).map(|id| view.id(id)));
        row.put("contracts_taxonomy_id", view.id(FIRST_TAXONOMY));
        row.put("unit", "money").put("description", "Yearly bonus");
        row.put("compensation_type", "up_to")
            .put("amount", person.pay_cents / 10);
        row.put(
            "currency",
            view.company.entity_of(person).map(|entity| entity.place.currency),
        );
        row.put("recurrence", "yearly").put("recurrence_count", 12);
        row.put("starts_on", person.starts_on)
            .put("first_payment_on", person.starts_on);
        row.put("calculation", "current_period")
            .put("sync_with_supplements", false);
        row.put_nulls(&[
            "time_condition",
            "minimum_amount_of_hours",
            "minimum_amount_of_hours_in_cents",
            "payroll_policy_id",
        ]);
        Ok(())
    }
}

pub(super) struct Taxonomies;

impl Resource<Version> for Taxonomies {
    fn path(&self) -> &'static str {
        "contracts/taxonomies"
    }

    fn select(&self, _: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let asked = query
            .ids("legal_entity_ids[]")
            .or_else(|| query.one("legal_entity_id").map(|id| id.parse().into_iter().collect()));
        if asked.is_some_and(|ids| !ids.contains(&legal_entity::FIRST)) {
            return Ok(Vec::new());
        }
        Ok(ids_from(FIRST_TAXONOMY, TAXONOMIES.len()).collect())
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let position = position_of(id, FIRST_TAXONOMY)?;
        let name = TAXONOMIES.get(position).ok_or(Refusal::NotFound)?;
        row.put("id", view.id(id)).put("name", name).put("archived", false);
        row.put("default", position == 0)
            .put("legal_entity_id", view.id(legal_entity::FIRST));
        Ok(())
    }
}
