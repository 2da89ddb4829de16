//! `contracts/compensations`: extra pay of one person in five; `contracts/taxonomies`: what it is called.

use super::super::query::Query;
use super::super::refusal::Refusal;
use super::super::view::View;
use super::super::wire::Id;
use super::{Out, Resource, contract_version, ids_from, legal_entity, position_of};
use crate::draw::percent;
use crate::person::Person;
use jiff::civil::Date;
use serde::Serialize;

const FIRST: u64 = 30_000_000;
const FIRST_TAXONOMY: u64 = 3_000;
const TAXONOMIES: [&str; 2] = ["Yearly bonus", "Transport allowance"];

#[derive(Serialize)]
struct Row {
    id: Id,
    contract_version_id: Option<Id>,
    contracts_taxonomy_id: Id,
    unit: &'static str,
    description: &'static str,
    compensation_type: &'static str,
    amount: i64,
    currency: Option<&'static str>,
    recurrence: Option<&'static str>,
    recurrence_count: i64,
    starts_on: Date,
    first_payment_on: Date,
    calculation: &'static str,
    time_condition: Option<&'static str>,
    minimum_amount_of_hours: Option<i64>,
    minimum_amount_of_hours_in_cents: Option<i64>,
    payroll_policy_id: Option<Id>,
    sync_with_supplements: bool,
}

fn version_of(view: &View, person: &Person) -> Option<u64> {
    view.company
        .current_version(person)
        .map(|terms| contract_version::id_of(person, &terms))
}

pub(super) struct Compensations;

impl Resource for Compensations {
    fn path(&self) -> &'static str {
        "contracts/compensations"
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let versions = query.ids("contract_version_ids[]");
        let asked = |person: &&Person| match &versions {
            None => true,
            Some(ids) => version_of(view, person).is_some_and(|id| ids.binary_search(&id).is_ok()),
        };
        let people = view
            .company
            .people
            .iter()
            .filter(|person| percent(person.key, 47, 20) && view.sees(person));
        Ok(people
            .filter(asked)
            .map(|person| FIRST + u64::from(person.number))
            .collect())
    }

    fn write(&self, view: &View, id: u64, out: &mut Out) -> Result<(), Refusal> {
        let person = id
            .checked_sub(FIRST)
            .and_then(|number| view.numbered(number))
            .ok_or(Refusal::NotFound)?;
        let row = Row {
            id: view.id(id),
            contract_version_id: version_of(view, person).map(|id| view.id(id)),
            contracts_taxonomy_id: view.id(FIRST_TAXONOMY),
            unit: "money",
            description: "Yearly bonus",
            compensation_type: "up_to",
            amount: person.pay_cents / 10,
            currency: view.company.entity_of(person).map(|entity| entity.place.currency),
            recurrence: Some("yearly"),
            recurrence_count: 12,
            starts_on: person.starts_on,
            first_payment_on: person.starts_on,
            calculation: "current_period",
            time_condition: None,
            minimum_amount_of_hours: None,
            minimum_amount_of_hours_in_cents: None,
            payroll_policy_id: None,
            sync_with_supplements: false,
        };
        Ok(serde_json::to_writer(out, &row)?)
    }
}

#[derive(Serialize)]
struct Taxonomy {
    id: Id,
    name: &'static str,
    archived: bool,
    default: bool,
    legal_entity_id: Id,
}

pub(super) struct Taxonomies;

impl Resource for Taxonomies {
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

    fn write(&self, view: &View, id: u64, out: &mut Out) -> Result<(), Refusal> {
        let position = position_of(id, FIRST_TAXONOMY)?;
        let row = Taxonomy {
            id: view.id(id),
            name: TAXONOMIES.get(position).ok_or(Refusal::NotFound)?,
            archived: false,
            default: position == 0,
            legal_entity_id: view.id(legal_entity::FIRST),
        };
        Ok(serde_json::to_writer(out, &row)?)
    }
}
