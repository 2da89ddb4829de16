//! `job_catalog/*` and the names of contract types.

use super::{Query, Refusal, Resource, Row, Version, View, ids_from, position_of};
use crate::draw::position;
use crate::person::Person;
use crate::person::job::{LEVELS, ROLES};

const FIRST_ROLE: u64 = 2_000;
const FIRST_LEVEL: u64 = 2_100;

/// Returns the id of the level that a person's job has.
pub(super) fn level_of(person: &Person) -> u64 {
    FIRST_LEVEL + u64::from(person.job.role) * LEVELS.len() as u64 + u64::from(person.job.level)
}

/// Returns the UUID of the tree node of a role or level.
pub(super) fn uuid(id: u64) -> String {
    format!("0197c0de-0000-7000-8000-{id:012x}")
}

/// Role and level of a level's id.
fn parts(id: u64) -> Result<(u64, &'static str, &'static str), Refusal> {
    let position = position_of(id, FIRST_LEVEL)?;
    let (role, level) = (position / LEVELS.len(), position % LEVELS.len());
    match (ROLES.get(role), LEVELS.get(level)) {
        (Some((role_name, _)), Some((level_name, _))) => Ok((FIRST_ROLE + role as u64, role_name, level_name)),
        (None, _) | (_, None) => Err(Refusal::NotFound),
    }
}

fn role(id: u64) -> Result<&'static str, Refusal> {
    let found = ROLES.get(position_of(id, FIRST_ROLE)?);
    found.map(|(name, _)| *name).ok_or(Refusal::NotFound)
}

fn levels() -> impl Iterator<Item = u64> {
    ids_from(FIRST_LEVEL, ROLES.len() * LEVELS.len())
}

pub(super) struct Roles;

impl Resource<Version> for Roles {
    fn path(&self) -> &'static str {
        "job_catalog/roles"
    }

    fn select(&self, _: &View, _: &Query) -> Result<Vec<u64>, Refusal> {
        Ok(ids_from(FIRST_ROLE, ROLES.len()).collect())
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        row.put("id", view.id(id))
            .put("company_id", view.company_id())
            .put("name", role(id)?);
        row.put_nulls(&["description"]).put("archived", false);
        for list in ["legal_entities_ids", "supervisors_ids", "competencies_ids"] {
            row.put(list, [(); 0]);
        }
        Ok(())
    }
}

pub(super) struct Levels;

impl Resource<Version> for Levels {
    fn path(&self) -> &'static str {
        "job_catalog/levels"
    }

    fn select(&self, _: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let roles = query.ids("role_ids[]");
        let is_of = |id: &u64, roles: &[u64]| parts(*id).is_ok_and(|(role, _, _)| roles.contains(&role));
        Ok(levels()
            .filter(|id| roles.as_ref().is_none_or(|roles| is_of(id, roles)))
            .collect())
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let (role, role_name, name) = parts(id)?;
        let order = (id - FIRST_LEVEL) % LEVELS.len() as u64;
        row.put("id", view.id(id)).put("role_id", view.id(role));
        row.put("name", name).put("role_name", role_name);
        row.put("order", order)
            .put("is_default", order == 0)
            .put("archived", false);
        Ok(())
    }
}

/// Roles with their levels below them; a node's paging id is that of its role or level.
pub(super) struct TreeNodes;

impl Resource<Version> for TreeNodes {
    fn path(&self) -> &'static str {
        "job_catalog/tree_nodes"
    }

    fn select(&self, _: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let mut ids: Vec<u64> = ids_from(FIRST_ROLE, ROLES.len()).chain(levels()).collect();
        if let Some(kind) = query.one("node_type") {
            ids.retain(|id| (if *id < FIRST_LEVEL { "role" } else { "level" }) == kind);
        }
        if let Some(uuids) = query.many("uuids[]") {
            ids.retain(|id| uuids.contains(&uuid(*id).as_str()));
        }
        if let Some(ancestors) = query.many("ancestor_uuids[]") {
            ids.retain(|id| parts(*id).is_ok_and(|(role, _, _)| ancestors.contains(&uuid(role).as_str())));
        }
        Ok(ids)
    }

    fn write(&self, _: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        row.put("uuid", uuid(id));
        if let Ok((role, role_name, name)) = parts(id) {
            row.put("node_type", "level").put("name", name);
            row.put("job_catalog_title", format!("{name} {role_name}"));
            row.put("parent_uuid", uuid(role))
                .put("full_path", format!("{role_name} / {name}"));
        } else {
            let name = role(id)?;
            row.put("node_type", "role")
                .put("name", name)
                .put("job_catalog_title", name);
            row.put_nulls(&["parent_uuid"]).put("full_path", name);
        }
        Ok(())
    }
}

/// The contract types of one country.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ContractTypes {
    Spanish,
    French,
    German,
    Portuguese,
}

impl ContractTypes {
    const fn names(self) -> [&'static str; 3] {
        match self {
            Self::Spanish => ["Indefinido", "Temporal", "Formación en alternancia"],
            Self::French => ["CDI", "CDD", "Contrat d'apprentissage"],
            Self::German => ["Unbefristet", "Befristet", "Ausbildung"],
            Self::Portuguese => ["Sem termo", "A termo certo", "Estágio"],
        }
    }

    const fn first(self) -> u64 {
        match self {
            Self::Spanish => 10,
            Self::French => 20,
            Self::German => 30,
            Self::Portuguese => 40,
        }
    }

    /// Returns the id of a person's contract type.
    pub(super) fn id_of(self, person: &Person) -> u64 {
        self.first() + position(person.key, 48, self.names().len()) as u64
    }
}

impl Resource<Version> for ContractTypes {
    fn path(&self) -> &'static str {
        match self {
            Self::Spanish => "contracts/spanish_contract_types",
            Self::French => "contracts/french_contract_types",
            Self::German => "contracts/german_contract_types",
            Self::Portuguese => "contracts/portuguese_contract_types",
        }
    }

    fn select(&self, _: &View, _: &Query) -> Result<Vec<u64>, Refusal> {
        Ok(ids_from(self.first(), self.names().len()).collect())
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let names = self.names();
        let name = names.get(position_of(id, self.first())?).ok_or(Refusal::NotFound)?;
        row.put("id", view.id(id)).put("name", name);
        Ok(())
    }
}
