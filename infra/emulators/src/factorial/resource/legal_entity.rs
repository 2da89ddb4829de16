//! `companies/legal_entities`: one employer per country, with the currency it pays in.

use super::{Query, Refusal, Resource, Row, Version, View, ids_from, lower, position_of};

/// Ids from here on, in the order of the company's legal entities.
pub(super) const FIRST: u64 = 100;

pub(super) struct LegalEntities;

impl Resource<Version> for LegalEntities {
    fn path(&self) -> &'static str {
        "companies/legal_entities"
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let mut ids: Vec<u64> = ids_from(FIRST, view.company.entities.len()).collect();
        if query.many("employees_ids[]").is_some() {
            let people = view.people(query, "employees_ids[]");
            let used: Vec<u64> = people.iter().map(|person| FIRST + u64::from(person.entity)).collect();
            ids.retain(|id| used.contains(id));
        }
        let companies = query.ids("companies_ids[]");
        if companies.is_some_and(|companies| !companies.contains(&view.company_id().number)) {
            ids.clear();
        }
        Ok(ids)
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let found = view.company.entities.get(position_of(id, FIRST)?);
        let entity = found.ok_or(Refusal::NotFound)?;
        let place = entity.place;
        row.put("id", view.id(id)).put("company_id", view.company_id());
        row.put("legal_name", &entity.legal_name)
            .put("currency", place.currency);
        row.put("country", lower(place.country)).put("city", place.city);
        row.put("state", Some(place.state).filter(|state| !state.is_empty()));
        row.put("postal_code", place.postal_code(id, 5))
            .put("address_line_1", place.street(id, 1));
        row.put_nulls(&["tin", "siret", "address_line_2"]);
        Ok(())
    }
}
