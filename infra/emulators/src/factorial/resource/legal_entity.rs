//! `companies/legal_entities`: one employer per country, with the currency it pays in.

use super::super::query::Query;
use super::super::refusal::Refusal;
use super::super::view::View;
use super::super::wire::{Id, lower};
use super::{Out, Resource, ids_from, position_of};
use serde::Serialize;

/// Ids from here on, in the order of the company's legal entities.
pub(super) const FIRST: u64 = 100;

#[derive(Serialize)]
struct Row<'a> {
    id: Id,
    company_id: Id,
    country: String,
    legal_name: &'a str,
    currency: &'static str,
    tin: Option<&'a str>,
    siret: Option<&'a str>,
    city: &'static str,
    state: Option<&'static str>,
    postal_code: String,
    address_line_1: String,
    address_line_2: Option<&'a str>,
}

pub(super) struct LegalEntities;

impl Resource for LegalEntities {
    fn path(&self) -> &'static str {
        "companies/legal_entities"
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let mut ids: Vec<u64> = ids_from(FIRST, view.company.entities.len()).collect();
        if query.many("employees_ids[]").is_some() {
            let used: Vec<u64> = view
                .people(query, "employees_ids[]")
                .iter()
                .map(|person| FIRST + u64::from(person.entity))
                .collect();
            ids.retain(|id| used.contains(id));
        }
        if query
            .ids("companies_ids[]")
            .is_some_and(|companies| !companies.contains(&view.company_id().number))
        {
            ids.clear();
        }
        Ok(ids)
    }

    fn write(&self, view: &View, id: u64, out: &mut Out) -> Result<(), Refusal> {
        let entity = view
            .company
            .entities
            .get(position_of(id, FIRST)?)
            .ok_or(Refusal::NotFound)?;
        let place = entity.place;
        let row = Row {
            id: view.id(id),
            company_id: view.company_id(),
            country: lower(place.country),
            legal_name: &entity.legal_name,
            currency: place.currency,
            tin: None,
            siret: None,
            city: place.city,
            state: Some(place.state).filter(|state| !state.is_empty()),
            postal_code: place.postal_code(id, 5),
            address_line_1: place.street(id, 1),
            address_line_2: None,
        };
        Ok(serde_json::to_writer(out, &row)?)
    }
}
