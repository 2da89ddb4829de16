//! Establishments, the legal units they belong to, and cost centres.

use super::super::{FIRST_ESTABLISHMENT, FIRST_LEGAL_UNIT};
use super::{View, Wanted};
use crate::company::custom::FIELDS;
use crate::company::structure::entity_for;
use crate::kit::query::Query;
use crate::kit::refusal::Refusal;
use crate::kit::resource::{Resource, ids_from, position_of};
use crate::kit::row::Row;
use crate::person::Person;
use crate::server::reply::Reply;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Whether things that are in use are asked for; nothing here is archived.
fn asks_for_used(query: &Query) -> bool {
    let states = query.commas("isArchived");
    states.is_none_or(|states| states.contains(&"false"))
}

fn legal_unit(view: &View, position: usize) -> Option<Value> {
    let entity = view.company.entities.get(position)?;
    let suffix = if view.is_other_company {
        " (another company)"
    } else {
        ""
    };
    let country = json!({"id": entity.place.country, "currencyCode": entity.place.currency});
    Some(json!({
        "id": FIRST_LEGAL_UNIT + position as u64, "name": format!("{}{suffix}", entity.legal_name),
        "code": entity.place.country, "legalIdentificationNumber": null, "activityCode": null,
        "countryId": entity.place.country, "country": country, "headquartersId": null, "isArchived": false,
    }))
}

/// `/organization/structure/api/establishments`.
pub(super) struct Establishments;

impl Resource<Wanted> for Establishments {
    fn path(&self) -> &'static str {
        "establishments"
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let count = if asks_for_used(query) {
            view.company.locations.len()
        } else {
            0
        };
        Ok(ids_from(FIRST_ESTABLISHMENT, count).collect())
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let position = position_of(id, FIRST_ESTABLISHMENT)?;
        let location = view.company.locations.get(position).ok_or(Refusal::NotFound)?;
        let place = location.place;
        let entity = entity_for(&view.company.entities, place.country);
        let users = view
            .company
            .people
            .iter()
            .filter(|person| person.location.map(usize::from) == Some(position));
        row.put("id", id)
            .put("name", &location.name)
            .put("code", format!("E{id}"));
        row.put("legalUnitId", FIRST_LEGAL_UNIT + u64::from(entity));
        row.put("legalUnit", legal_unit(view, usize::from(entity)));
        let address = json!({"street": place.street(id, 1), "zipCode": place.postal_code(id, 5), "city": place.city});
        row.put("address", address).put("timeZoneId", place.time_zone);
        row.put("usersCount", users.count())
            .put("createdAt", "2019-01-01T00:00:00")
            .put("isArchived", false);
        row.put_nulls(&["legalIdentificationNumber", "activityCode", "calendarId"]);
        Ok(())
    }
}

/// `/organization/structure/api/legal-units`.
pub(super) struct LegalUnits;

impl Resource<Wanted> for LegalUnits {
    fn path(&self) -> &'static str {
        "legal-units"
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let count = if asks_for_used(query) {
            view.company.entities.len()
        } else {
            0
        };
        Ok(ids_from(FIRST_LEGAL_UNIT, count).collect())
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let unit = legal_unit(view, position_of(id, FIRST_LEGAL_UNIT)?).ok_or(Refusal::NotFound)?;
        for (name, value) in unit.as_object().into_iter().flatten() {
            row.put(name, value);
        }
        Ok(())
    }
}

/// Returns the cost centre that a person belongs to, with an id that follows from its code.
fn section(view: &View, person: &Person) -> Option<(u64, String)> {
    let position = FIELDS.iter().position(|field| field.slug == "cost_centre")?;
    let code = view.company.custom_value(person, position)?;
    let id = code
        .bytes()
        .fold(7, |id: u64, byte| (id * 131 + u64::from(byte)) % 1_000_003);
    Some((id, code.into_owned()))
}

/// `userAxisValues_4` of a user.
pub(super) fn cost_centre(view: &View, person: &Person) -> Value {
    json!(section(view, person).map(|(id, _)| json!({"id": id})))
}

/// `/api/v3/axes/4`: every cost centre that a person belongs to. Other axes have no sections.
pub(super) fn axis(view: &View, number: &str) -> Result<Reply, Refusal> {
    let number: u64 = number.trim_end_matches('/').parse().map_err(|_| Refusal::NotFound)?;
    let sections: BTreeMap<u64, String> = match number {
        4 => view.everybody().filter_map(|person| section(view, person)).collect(),
        _ => BTreeMap::new(),
    };
    let rows: Vec<Value> = sections
        .iter()
        .map(|(id, code)| json!({"id": id, "name": code, "code": code}))
        .collect();
    Ok(Reply::of(
        200,
        &json!({"data": {"id": number, "name": "Cost centre", "axisSections": rows}}),
    ))
}
