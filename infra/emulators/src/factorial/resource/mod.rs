//! The resources: one file for each group, all of them lists of rows with an id.

mod catalog;
mod compensation;
mod contract;
mod contract_version;
pub(super) mod credential;
mod custom;
mod employee;
mod legal_entity;
mod location;
mod membership;
mod team;
mod termination;

use super::version::Version;
use super::view::{Phone, Stamp, currency, lower};
use crate::kit::query::Query;
use crate::kit::refusal::Refusal;
use crate::kit::resource::{Resource, ids_from, position_of};
use crate::kit::row::Row;

/// What a caller sees of a company through one version of the API.
type View<'a> = crate::kit::view::View<'a, Version>;

/// Every resource, with the version that brought it.
const ALL: [(Version, &dyn Resource<Version>); 23] = [
    (Version::Y2025M10, &employee::Employees),
    (Version::Y2025M10, &contract_version::ReferenceContracts),
    (Version::Y2025M10, &contract_version::ContractVersions),
    (Version::Y2026M10, &contract::Contracts),
    (Version::Y2025M10, &compensation::Compensations),
    (Version::Y2025M10, &compensation::Taxonomies),
    (Version::Y2025M10, &catalog::ContractTypes::Spanish),
    (Version::Y2025M10, &catalog::ContractTypes::French),
    (Version::Y2025M10, &catalog::ContractTypes::German),
    (Version::Y2025M10, &catalog::ContractTypes::Portuguese),
    (Version::Y2025M10, &team::Teams),
    (Version::Y2025M10, &membership::Memberships),
    (Version::Y2025M10, &location::Locations),
    (Version::Y2025M10, &location::WorkAreas),
    (Version::Y2025M10, &legal_entity::LegalEntities),
    (Version::Y2025M10, &catalog::Roles),
    (Version::Y2025M10, &catalog::Levels),
    (Version::Y2025M10, &catalog::TreeNodes),
    (Version::Y2025M10, &custom::Fields),
    (Version::Y2025M10, &custom::Options),
    (Version::Y2025M10, &custom::ResourceFields),
    (Version::Y2025M10, &custom::Values),
    (Version::Y2025M10, &termination::Terminations),
];

/// The resource of a path, where the version has it.
pub(super) fn find(path: &str, version: Version) -> Option<&'static dyn Resource<Version>> {
    let known = ALL
        .iter()
        .find(|(since, resource)| resource.path() == path && version >= *since);
    known.map(|(_, resource)| *resource)
}
