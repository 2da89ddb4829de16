//! `groups` and `teams`: departments, teams and cost centres; a team is in both lists.

use super::{Context, View, number_of, uuid, write_common};
use crate::company::custom::FIELDS;
use crate::draw::draw;
use crate::kit::query::Query;
use crate::kit::refusal::Refusal;
use crate::kit::resource::Resource;
use crate::kit::row::Row;
use crate::person::Person;
use std::borrow::Cow;

/// What the ids of groups and teams begin with.
const GROUP: u64 = 0x960;
const TEAM: u64 = 0x7ea;
/// The first rows of the kinds of groups.
const FIRST_TEAM: u64 = 10_000;
const FIRST_CENTRE: u64 = 10_000_000;
/// How many cost centres are listed; one that was named by hand stands behind them.
const CENTRES: u64 = 120;

/// A group that a person is in: its row, kind and name.
pub(super) struct Own<'a> {
    id: u64,
    kind: &'static str,
    name: Cow<'a, str>,
}

impl Own<'_> {
    /// Returns its id as it is shown.
    pub(super) fn id(&self) -> String {
        uuid(GROUP, self.id)
    }

    /// Writes it as an object.
    pub(super) fn write(&self, view: &View, row: &mut Row) {
        row.put("id", self.id()).put_nulls(&["parent_group"]);
        row.put("name", &self.name).put("type", self.kind);
        row.put("is_commonly_used_as_team", self.kind == "TEAM")
            .put_nulls(&["group_url"]);
        row.put("field_mappings", super::field::nothing());
        write_common(row, self.id.to_string(), view.company.founded_on);
    }
}

/// The cost centre that a person belongs to.
fn centre_of<'a>(view: &View<'a>, person: &'a Person) -> Option<Cow<'a, str>> {
    let field = FIELDS.iter().position(|field| field.slug == super::field::CENTRE)?;
    view.company.custom_value(person, field)
}

fn centre_id(name: &str) -> u64 {
    let number = name.strip_prefix("CC-").and_then(|number| number.parse().ok());
    let by_hand = || CENTRES + name.bytes().fold(0, |sum, byte| draw(sum, byte.into())) % 1_000_000;
    FIRST_CENTRE + number.filter(|number| *number < CENTRES).unwrap_or_else(by_hand)
}

/// The groups that a person is in.
pub(super) fn groups_of<'a>(view: &View<'a>, person: &'a Person) -> Vec<Own<'a>> {
    let company = view.company;
    let department = company.department_of(person).map(|name| Own {
        id: company.find_department(&name).map_or(0, |position| position as u64 + 1),
        kind: "DEPARTMENT",
        name,
    });
    let teams = [person.team, person.second_team].into_iter().flatten();
    let teams = teams.filter_map(|position| {
        let name = company.team(position)?.name.as_str();
        Some(Own {
            id: FIRST_TEAM + u64::from(position),
            kind: "TEAM",
            name: name.into(),
        })
    });
    let centre = centre_of(view, person).map(|name| Own {
        id: centre_id(&name),
        kind: "COST_CENTER",
        name,
    });
    department.into_iter().chain(teams).chain(centre).collect()
}

/// Groups of all kinds.
pub(super) struct Groups;

impl Resource<Context> for Groups {
    fn path(&self) -> &'static str {
        "groups"
    }

    fn id_of(&self, text: &str) -> Option<u64> {
        number_of(text)
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let company = view.company;
        let types = query.commas("types");
        let is_asked = |kind: &str| types.as_ref().is_none_or(|types| types.contains(&kind));
        let departments = (1u64..).take(if is_asked("DEPARTMENT") {
            company.departments.len()
        } else {
            0
        });
        let teams = (FIRST_TEAM..).take(if is_asked("TEAM") { company.teams.len() } else { 0 });
        let centres = (FIRST_CENTRE..FIRST_CENTRE + CENTRES).filter(|_| is_asked("COST_CENTER"));
        Ok(departments.chain(teams).chain(centres).collect())
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let company = view.company;
        let (kind, name): (_, Cow<'_, str>) = if id >= FIRST_CENTRE {
            ("COST_CENTER", format!("CC-{:03}", id - FIRST_CENTRE).into())
        } else if id >= FIRST_TEAM {
            let position = u32::try_from(id - FIRST_TEAM).map_err(|_| Refusal::NotFound)?;
            (
                "TEAM",
                company.team(position).ok_or(Refusal::NotFound)?.name.as_str().into(),
            )
        } else {
            let position = id.checked_sub(1).and_then(|position| usize::try_from(position).ok());
            let name = position.and_then(|position| company.departments.get(position));
            ("DEPARTMENT", name.ok_or(Refusal::NotFound)?.as_str().into())
        };
        Own { id, kind, name }.write(view, row);
        Ok(())
    }
}

/// Teams, the older model.
pub(super) struct Teams;

impl Teams {
    /// Returns the id of the team at a position as it is shown.
    pub(super) fn id(position: u32) -> String {
        uuid(TEAM, position.into())
    }
}

impl Resource<Context> for Teams {
    fn path(&self) -> &'static str {
        "teams"
    }

    fn id_of(&self, text: &str) -> Option<u64> {
        number_of(text)
    }

    fn select(&self, view: &View, _: &Query) -> Result<Vec<u64>, Refusal> {
        Ok((0u64..).take(view.company.teams.len()).collect())
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let position = u32::try_from(id).map_err(|_| Refusal::NotFound)?;
        let team = view.company.team(position).ok_or(Refusal::NotFound)?;
        row.put("id", Self::id(position)).put("name", &team.name);
        row.put("parent_team", team.parent.map(Self::id));
        row.put("field_mappings", super::field::nothing());
        write_common(row, id.to_string(), view.company.founded_on);
        Ok(())
    }
}
