//! `departments`, `business-establishments` and `legal-entities`.

use super::super::{FIRST_DEPARTMENT, FIRST_ESTABLISHMENT, FIRST_LEGAL_UNIT};
use super::employee::alpha3;
use super::{Base, View, names, refer};
use crate::company::structure::entity_for;
use crate::kit::query::Query;
use crate::kit::refusal::Refusal;
use crate::kit::resource::{Resource, ids_from, position_of};
use crate::kit::row::Row;
use serde_json::json;

/// When everything here was created.
const CREATED: &str = "2019-01-01T08:30:00.0000Z";

/// Whether things that are in use are asked for: `isArchived` is a boolean, and without it all are. Nothing here is archived.
///
/// # Errors
/// A refusal where it is neither `true` nor `false`.
fn asks_for_used(query: &Query) -> Result<bool, Refusal> {
    match query.commas("isArchived").as_deref() {
        None | Some(["false"]) => Ok(true),
        Some(["true"]) => Ok(false),
        Some(_) => Err(Refusal::parameter("isArchived", "true or false")),
    }
}

/// Departments.
pub(super) struct Departments;

impl Resource<Base> for Departments {
    fn path(&self) -> &'static str {
        "departments"
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let count = if asks_for_used(query)? {
            view.company.departments.len()
        } else {
            0
        };
        Ok(ids_from(FIRST_DEPARTMENT, count).collect())
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let position = position_of(id, FIRST_DEPARTMENT)?;
        let name = view.company.departments.get(position).ok_or(Refusal::NotFound)?;
        let base = &view.context.0;
        let href = format!("{base}/lucca-api/employees?applicableJobPosition.department.id={id}");
        row.put("id", id.to_string()).put("type", "department");
        row.put("url", format!("{base}/lucca-api/departments/{id}"));
        row.put("remoteId", format!("D{id:03}")).put("isArchived", false);
        row.put("name", name).put("level", 1).put("sortOrder", position);
        row.put_nulls(&["description", "parent", "manager"]);
        row.put("links", json!({"activeEmployees": {"href": href}}));
        Ok(())
    }
}

/// Workplaces.
pub(super) struct Establishments;

impl Resource<Base> for Establishments {
    fn path(&self) -> &'static str {
        "business-establishments"
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let company = view.company;
        let searched = query.one("search").map(str::to_lowercase);
        let is_used = asks_for_used(query)?;
        let locations = company.locations.iter().zip(FIRST_ESTABLISHMENT..);
        let kept = locations.filter(|(location, _)| {
            let entity = FIRST_LEGAL_UNIT + u64::from(entity_for(&company.entities, location.place.country));
            is_used
                && names(query, "legalEntity.id", Some(&entity.to_string()))
                && searched
                    .as_ref()
                    .is_none_or(|part| location.name.to_lowercase().contains(part))
        });
        Ok(kept.map(|(_, id)| id).collect())
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let position = position_of(id, FIRST_ESTABLISHMENT)?;
        let location = view.company.locations.get(position).ok_or(Refusal::NotFound)?;
        let (place, base) = (location.place, &view.context);
        let entity = FIRST_LEGAL_UNIT + u64::from(entity_for(&view.company.entities, place.country));
        let address = json!({
            "addressLines": [place.street(id, 1)], "postalCode": place.postal_code(id, 5), "locality": place.city,
            "administrativeArea": Some(place.state).filter(|state| !state.is_empty()), "countryCode": alpha3(place.country),
        });
        row.put("id", id.to_string()).put("type", "business-establishment");
        row.put("url", format!("{}/lucca-api/business-establishments/{id}", base.0));
        row.put("name", &location.name)
            .put("remoteId", format!("E{id}"))
            .put("isArchived", false);
        row.put("legalEntity", refer(base, "legal-entities", "legal-entity", entity));
        row.put("isHeadquarters", false)
            .put("address", address)
            .put("timezoneId", place.time_zone);
        row.put("createdAt", CREATED)
            .put("lastUpdatedAt", CREATED)
            .put("links", json!({}));
        row.put_nulls(&["taxIdentificationNumber", "industryCode", "lastArchivedAt"]);
        Ok(())
    }
}

/// Employers.
pub(super) struct LegalEntities;

impl Resource<Base> for LegalEntities {
    fn path(&self) -> &'static str {
        "legal-entities"
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let is_used = asks_for_used(query)?;
        let entities = view.company.entities.iter().zip(FIRST_LEGAL_UNIT..);
        let kept = entities.filter(|(entity, _)| is_used && names(query, "countryCode", alpha3(entity.place.country)));
        Ok(kept.map(|(_, id)| id).collect())
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let position = position_of(id, FIRST_LEGAL_UNIT)?;
        let entity = view.company.entities.get(position).ok_or(Refusal::NotFound)?;
        let base = &view.context.0;
        let suffix = if view.is_other_company {
            " (another company)"
        } else {
            ""
        };
        let name = format!("{}{suffix}", entity.legal_name);
        row.put("id", id.to_string()).put("type", "legal-entity");
        row.put("url", format!("{base}/lucca-api/legal-entities/{id}"));
        row.put("legalName", &name)
            .put("countryCode", alpha3(entity.place.country));
        row.put("currencyCode", entity.place.currency).put("isArchived", false);
        row.put("createdAt", CREATED).put("lastUpdatedAt", CREATED);
        let href = format!("{base}/lucca-api/business-establishments?legalEntity.id={id}");
        row.put("links", json!({"businessEstablishments": {"href": href}}));
        row.put_nulls(&["remoteId", "taxIdentificationNumber", "industryCode", "lastArchivedAt"]);
        Ok(())
    }
}
