//! The resources: one file each, all of them lists of rows with an id.

mod catalog;
mod compensation;
mod contract;
mod contract_version;
pub(super) mod credential;
mod custom_field;
mod custom_value;
mod employee;
mod legal_entity;
mod location;
mod membership;
mod team;
mod termination;

use super::query::Query;
use super::refusal::Refusal;
use super::version::Version;
use super::view::View;

/// Where a row is written to.
pub(super) type Out = Vec<u8>;

/// A list of rows.
pub(super) trait Resource: Sync {
    /// Domain and plural, as in the path.
    fn path(&self) -> &'static str;

    /// The version that brought it.
    fn since(&self) -> Version {
        Version::Y2025M10
    }

    /// Whether its rows are the company's people.
    fn lists_people(&self) -> bool {
        false
    }

    /// The ids of the rows that the parameters ask for, ascending; `ids[]` is looked at elsewhere.
    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal>;

    /// Writes the row with this id as a JSON object.
    fn write(&self, view: &View, id: u64, out: &mut Out) -> Result<(), Refusal>;
}

/// Every resource.
const ALL: [&dyn Resource; 23] = [
    &employee::Employees,
    &contract_version::ReferenceContracts,
    &contract_version::ContractVersions,
    &contract::Contracts,
    &compensation::Compensations,
    &compensation::Taxonomies,
    &catalog::ContractTypes::Spanish,
    &catalog::ContractTypes::French,
    &catalog::ContractTypes::German,
    &catalog::ContractTypes::Portuguese,
    &team::Teams,
    &membership::Memberships,
    &location::Locations,
    &location::WorkAreas,
    &legal_entity::LegalEntities,
    &catalog::Roles,
    &catalog::Levels,
    &catalog::TreeNodes,
    &custom_field::Fields,
    &custom_field::Options,
    &custom_field::ResourceFields,
    &custom_value::Values,
    &termination::Terminations,
];

/// The resource of a path, where the version has it.
pub(super) fn find(path: &str, version: Version) -> Option<&'static dyn Resource> {
    ALL.iter()
        .copied()
        .find(|resource| resource.path() == path && version >= resource.since())
}

/// Row ids from `base` on for so many positions.
fn ids_from(base: u64, count: usize) -> impl Iterator<Item = u64> {
    (base..).take(count)
}

/// The position that a row id stands for.
fn position_of(id: u64, base: u64) -> Result<usize, Refusal> {
    id.checked_sub(base)
        .and_then(|position| usize::try_from(position).ok())
        .ok_or(Refusal::NotFound)
}
