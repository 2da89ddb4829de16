//! `locations/locations`: workplaces, one per city; `locations/work_areas`: one in each.

use super::{Query, Refusal, Resource, Row, Version, View, ids_from, lower, position_of};

/// Ids from here on, in the order of the company's workplaces.
pub(super) const FIRST: u64 = 300;
/// Ids of work areas, in the same order.
pub(super) const FIRST_AREA: u64 = 400;

pub(super) struct Locations;

impl Resource<Version> for Locations {
    fn path(&self) -> &'static str {
        "locations/locations"
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let mut ids: Vec<u64> = ids_from(FIRST, view.company.locations.len()).collect();
        if query.many("employee_ids[]").is_some() {
            let people = view.people(query, "employee_ids[]");
            let places = people.iter().filter_map(|person| person.location);
            let used: Vec<u64> = places.map(|location| FIRST + u64::from(location)).collect();
            ids.retain(|id| used.contains(id));
        }
        if let Some(main) = query.flag("main")? {
            ids.retain(|id| (*id == FIRST) == main);
        }
        Ok(ids)
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let found = view.company.locations.get(position_of(id, FIRST)?);
        let location = found.ok_or(Refusal::NotFound)?;
        let place = location.place;
        row.put("id", view.id(id)).put("company_id", view.company_id());
        row.put("name", &location.name).put("main", id == FIRST);
        row.put("timezone", place.time_zone)
            .put("country", lower(place.country));
        row.put("state", Some(place.state).filter(|state| !state.is_empty()));
        row.put("city", place.city).put("address_line_1", place.street(id, 1));
        row.put("postal_code", place.postal_code(id, 5));
        row.put_nulls(&[
            "address_line_2",
            "phone_number",
            "latitude",
            "longitude",
            "radius",
            "siret",
        ]);
        Ok(())
    }
}

pub(super) struct WorkAreas;

impl Resource<Version> for WorkAreas {
    fn path(&self) -> &'static str {
        "locations/work_areas"
    }

    fn select(&self, view: &View, _: &Query) -> Result<Vec<u64>, Refusal> {
        Ok(ids_from(FIRST_AREA, view.company.locations.len()).collect())
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let location = FIRST + position_of(id, FIRST_AREA)? as u64;
        row.put("id", view.id(id)).put("location_id", view.id(location));
        row.put("name", "Main floor").put_nulls(&["archived_at"]);
        Ok(())
    }
}
