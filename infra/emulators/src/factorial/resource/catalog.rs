//! `job_catalog/*` and the names of contract types.

use super::super::query::Query;
use super::super::refusal::Refusal;
use super::super::view::View;
use super::super::wire::Id;
use super::{Out, Resource, ids_from, position_of};
use crate::draw::position;
use crate::person::Person;
use crate::person::job::{LEVELS, ROLES};
use serde::Serialize;

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
fn parts(id: u64) -> Result<(usize, &'static str, &'static str), Refusal> {
    let position = position_of(id, FIRST_LEVEL)?;
    let (role, level) = (position / LEVELS.len(), position % LEVELS.len());
    match (ROLES.get(role), LEVELS.get(level)) {
        (Some((role_name, _)), Some((level_name, _))) => Ok((role, role_name, level_name)),
        (None, _) | (_, None) => Err(Refusal::NotFound),
    }
}

#[derive(Serialize)]
struct RoleRow {
    id: Id,
    company_id: Id,
    name: &'static str,
    description: Option<&'static str>,
    legal_entities_ids: [Id; 0],
    archived: bool,
    supervisors_ids: [Id; 0],
    competencies_ids: [Id; 0],
}

pub(super) struct Roles;

impl Resource for Roles {
    fn path(&self) -> &'static str {
        "job_catalog/roles"
    }

    fn select(&self, _: &View, _: &Query) -> Result<Vec<u64>, Refusal> {
        Ok(ids_from(FIRST_ROLE, ROLES.len()).collect())
    }

    fn write(&self, view: &View, id: u64, out: &mut Out) -> Result<(), Refusal> {
        let (name, _) = ROLES.get(position_of(id, FIRST_ROLE)?).ok_or(Refusal::NotFound)?;
        let row = RoleRow {
            id: view.id(id),
            company_id: view.company_id(),
            name,
            description: None,
            legal_entities_ids: [],
            archived: false,
            supervisors_ids: [],
            competencies_ids: [],
        };
        Ok(serde_json::to_writer(out, &row)?)
    }
}

#[derive(Serialize)]
struct LevelRow {
    id: Id,
    role_id: Id,
    name: &'static str,
    role_name: &'static str,
    order: u64,
    archived: bool,
    is_default: bool,
}

pub(super) struct Levels;

impl Resource for Levels {
    fn path(&self) -> &'static str {
        "job_catalog/levels"
    }

    fn select(&self, _: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let roles = query.ids("role_ids[]");
        let asked = |id: &u64| {
            roles
                .as_ref()
                .is_none_or(|roles| parts(*id).is_ok_and(|(role, _, _)| roles.contains(&(FIRST_ROLE + role as u64))))
        };
        Ok(ids_from(FIRST_LEVEL, ROLES.len() * LEVELS.len())
            .filter(asked)
            .collect())
    }

    fn write(&self, view: &View, id: u64, out: &mut Out) -> Result<(), Refusal> {
        let (role, role_name, name) = parts(id)?;
        let order = (id - FIRST_LEVEL) % LEVELS.len() as u64;
        let row = LevelRow {
            id: view.id(id),
            role_id: view.id(FIRST_ROLE + role as u64),
            name,
            role_name,
            order,
            archived: false,
            is_default: order == 0,
        };
        Ok(serde_json::to_writer(out, &row)?)
    }
}

#[derive(Serialize)]
struct TreeRow {
    uuid: String,
    node_type: &'static str,
    name: &'static str,
    job_catalog_title: String,
    parent_uuid: Option<String>,
    full_path: String,
}

/// Roles with their levels below them; a node's paging id is that of its role or level.
pub(super) struct TreeNodes;

impl Resource for TreeNodes {
    fn path(&self) -> &'static str {
        "job_catalog/tree_nodes"
    }

    fn select(&self, _: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let mut ids: Vec<u64> = ids_from(FIRST_ROLE, ROLES.len())
            .chain(ids_from(FIRST_LEVEL, ROLES.len() * LEVELS.len()))
            .collect();
        if let Some(kind) = query.one("node_type") {
            ids.retain(|id| (if *id < FIRST_LEVEL { "role" } else { "level" }) == kind);
        }
        if let Some(uuids) = query.many("uuids[]") {
            ids.retain(|id| uuids.contains(&uuid(*id).as_str()));
        }
        if let Some(ancestors) = query.many("ancestor_uuids[]") {
            ids.retain(|id| {
                parts(*id).is_ok_and(|(role, _, _)| ancestors.contains(&uuid(FIRST_ROLE + role as u64).as_str()))
            });
        }
        Ok(ids)
    }

    fn write(&self, _: &View, id: u64, out: &mut Out) -> Result<(), Refusal> {
        let row = if let Ok((role, role_name, name)) = parts(id) {
            TreeRow {
                uuid: uuid(id),
                node_type: "level",
                name,
                job_catalog_title: format!("{name} {role_name}"),
                parent_uuid: Some(uuid(FIRST_ROLE + role as u64)),
                full_path: format!("{role_name} / {name}"),
            }
        } else {
            let (name, _) = ROLES.get(position_of(id, FIRST_ROLE)?).ok_or(Refusal::NotFound)?;
            TreeRow {
                uuid: uuid(id),
                node_type: "role",
                name,
                job_catalog_title: (*name).to_owned(),
                parent_uuid: None,
                full_path: (*name).to_owned(),
            }
        };
        Ok(serde_json::to_writer(out, &row)?)
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

#[derive(Serialize)]
struct TypeRow {
    id: Id,
    name: &'static str,
}

impl Resource for ContractTypes {
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

    fn write(&self, view: &View, id: u64, out: &mut Out) -> Result<(), Refusal> {
        let names = self.names();
        let name = names.get(position_of(id, self.first())?).ok_or(Refusal::NotFound)?;
        Ok(serde_json::to_writer(out, &TypeRow { id: view.id(id), name })?)
    }
}
