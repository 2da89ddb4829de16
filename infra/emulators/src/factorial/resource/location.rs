//! `locations/locations`: workplaces, one per city; `locations/work_areas`: one in each.

use super::super::query::Query;
use super::super::refusal::Refusal;
use super::super::view::View;
use super::super::wire::{Id, lower};
use super::{Out, Resource, ids_from, position_of};
use serde::Serialize;

/// Ids from here on, in the order of the company's workplaces.
pub(super) const FIRST: u64 = 300;
/// Ids of work areas, in the same order.
pub(super) const FIRST_AREA: u64 = 400;

#[derive(Serialize)]
struct Row<'a> {
    id: Id,
    company_id: Id,
    name: &'a str,
    main: bool,
    timezone: &'static str,
    country: String,
    state: Option<&'static str>,
    city: &'static str,
    address_line_1: String,
    address_line_2: Option<&'a str>,
    postal_code: String,
    phone_number: Option<&'a str>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    radius: Option<f64>,
    siret: Option<&'a str>,
}

pub(super) struct Locations;

impl Resource for Locations {
    fn path(&self) -> &'static str {
        "locations/locations"
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let mut ids: Vec<u64> = ids_from(FIRST, view.company.locations.len()).collect();
        if query.many("employee_ids[]").is_some() {
            let used: Vec<u64> = view
                .people(query, "employee_ids[]")
                .iter()
                .filter_map(|person| person.location)
                .map(|location| FIRST + u64::from(location))
                .collect();
            ids.retain(|id| used.contains(id));
        }
        if let Some(main) = query.flag("main")? {
            ids.retain(|id| (*id == FIRST) == main);
        }
        Ok(ids)
    }

    fn write(&self, view: &View, id: u64, out: &mut Out) -> Result<(), Refusal> {
        let location = view
            .company
            .locations
            .get(position_of(id, FIRST)?)
            .ok_or(Refusal::NotFound)?;
        let place = location.place;
        let row = Row {
            id: view.id(id),
            company_id: view.company_id(),
            name: &location.name,
            main: id == FIRST,
            timezone: place.time_zone,
            country: lower(place.country),
            state: Some(place.state).filter(|state| !state.is_empty()),
            city: place.city,
            address_line_1: place.street(id, 1),
            address_line_2: None,
            postal_code: place.postal_code(id, 5),
            phone_number: None,
            latitude: None,
            longitude: None,
            radius: None,
            siret: None,
        };
        Ok(serde_json::to_writer(out, &row)?)
    }
}

#[derive(Serialize)]
struct Area<'a> {
    id: Id,
    location_id: Id,
    name: &'a str,
    archived_at: Option<&'a str>,
}

pub(super) struct WorkAreas;

impl Resource for WorkAreas {
    fn path(&self) -> &'static str {
        "locations/work_areas"
    }

    fn select(&self, view: &View, _: &Query) -> Result<Vec<u64>, Refusal> {
        Ok(ids_from(FIRST_AREA, view.company.locations.len()).collect())
    }

    fn write(&self, view: &View, id: u64, out: &mut Out) -> Result<(), Refusal> {
        let position = position_of(id, FIRST_AREA)?;
        let location_id = view.id(FIRST + position as u64);
        Ok(serde_json::to_writer(
            out,
            &Area {
                id: view.id(id),
                location_id,
                name: "Main floor",
                archived_at: None,
            },
        )?)
    }
}
