//! `org-units`, `workplaces` and `legal-entities`.

use super::{Base, View};
use crate::kit::query::Query;
use crate::kit::refusal::Refusal;
use crate::kit::resource::{Resource, ids_from, position_of};
use crate::kit::row::Row;
use crate::person::Person;
use serde_json::{Value, json};

/// Ids of departments and of teams begin alike: they are counted apart.
const FIRST_UNIT: u64 = 1;
/// Teams inside the emulator; outside they have the ids from [`FIRST_UNIT`] on.
const FIRST_TEAM: u64 = 1_000_001;
const FIRST_WORKPLACE: u64 = 300;
const FIRST_ENTITY: u64 = 100;

fn unit(kind: &str, position: u64) -> Value {
    json!({"type": kind, "id": (FIRST_UNIT + position).to_string()})
}

/// The department and the team of a person, as far as there are.
pub(super) fn units_of(view: &View, person: &Person) -> Vec<Value> {
    let company = view.company;
    let department = company.department_of(person);
    let department = department.and_then(|name| company.find_department(&name));
    let department = department.map(|position| unit("department", position as u64));
    let team = person.team.map(|position| unit("team", u64::from(position)));
    team.into_iter().chain(department).collect()
}

/// The id of the workplace of a person.
pub(super) fn workplace_of(person: &Person) -> Option<String> {
    Some((FIRST_WORKPLACE + u64::from(person.location?)).to_string())
}

/// The id of the legal entity that employs a person.
pub(super) fn entity_of(person: &Person) -> String {
    (FIRST_ENTITY + u64::from(person.entity)).to_string()
}

/// Whether the parameters ask for an id; where they ask for none, they do.
fn asks_for(query: &Query, id: u64) -> bool {
    query.comma_ids("id").is_none_or(|ids| ids.contains(&id))
}

/// Departments and teams.
pub(super) struct Units;

impl Resource<Base> for Units {
    fn path(&self) -> &'static str {
        "org-units"
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let departments = ids_from(FIRST_UNIT, view.company.departments.len());
        let teams = ids_from(FIRST_TEAM, view.company.teams.len());
        Ok(match query.one("type") {
            Some("department") => departments.collect(),
            Some("team") => teams.collect(),
            _ => departments.chain(teams).collect(),
        })
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let (kind, position, name) = if id < FIRST_TEAM {
            let position = position_of(id, FIRST_UNIT)?;
            ("department", position, view.company.departments.get(position))
        } else {
            let position = position_of(id, FIRST_TEAM)?;
            (
                "team",
                position,
                view.company.teams.get(position).map(|team| &team.name),
            )
        };
        row.put("id", (FIRST_UNIT + position as u64).to_string())
            .put("type", kind);
        row.put("name", name.ok_or(Refusal::NotFound)?).put("description", "");
        row.put_nulls(&["abbreviation", "parent"]);
        Ok(())
    }
}

/// Places of work.
pub(super) struct Workplaces;

impl Resource<Base> for Workplaces {
    fn path(&self) -> &'static str {
        "workplaces"
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let all = ids_from(FIRST_WORKPLACE, view.company.locations.len());
        Ok(all.filter(|id| asks_for(query, *id)).collect())
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let position = position_of(id, FIRST_WORKPLACE)?;
        let location = view.company.locations.get(position).ok_or(Refusal::NotFound)?;
        row.put("id", id.to_string()).put("name", &location.name);
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
        let all = ids_from(FIRST_ENTITY, view.company.entities.len());
        Ok(all.filter(|id| asks_for(query, *id)).collect())
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let position = position_of(id, FIRST_ENTITY)?;
        let entity = view.company.entities.get(position).ok_or(Refusal::NotFound)?;
        row.put("id", id.to_string()).put("country", entity.place.country);
        row.put("name", &entity.legal_name).put("is_main", position == 0);
        Ok(())
    }
}
