//! `teams/memberships`: who is in which team; a person may be in two.

use super::{Query, Refusal, Resource, Row, Version, View, team};
use crate::person::Person;

/// Ids from here on: two per person, the first for the team that counts.
const FIRST: u64 = 60_000_000;

fn memberships(person: &Person) -> impl Iterator<Item = (u64, u32)> {
    [person.team, person.second_team]
        .into_iter()
        .zip(FIRST + u64::from(person.number) * 2..)
        .filter_map(|(team, id)| Some((id, team?)))
}

/// Returns whether a person leads a team. They lead the first of their teams or none.
fn leads(person: &Person, team: u32) -> bool {
    person.leads && person.team == Some(team)
}

pub(super) struct Memberships;

impl Resource<Version> for Memberships {
    fn path(&self) -> &'static str {
        "teams/memberships"
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let lead = query.flag("lead")?;
        let teams = query.ids("team_ids[]");
        let mut found = Vec::new();
        for person in view.people(query, "employee_ids[]") {
            for (id, team) in memberships(person) {
                let asked = |ids: &Vec<u64>| ids.binary_search(&(team::FIRST + u64::from(team))).is_ok();
                if teams.as_ref().is_none_or(asked) && lead.is_none_or(|lead| leads(person, team) == lead) {
                    found.push(id);
                }
            }
        }
        Ok(found)
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let position = id.checked_sub(FIRST).ok_or(Refusal::NotFound)?;
        let person = view.numbered(position / 2).ok_or(Refusal::NotFound)?;
        let found = memberships(person).find(|(own, _)| *own == id);
        let (_, team) = found.ok_or(Refusal::NotFound)?;
        let team_id = |team: u32| view.id(team::FIRST + u64::from(team));
        let above: Vec<_> = view.company.ancestors(team).into_iter().map(team_id).collect();
        row.put("id", view.id(id)).put("employee_id", view.id(person.id));
        row.put("team_id", team_id(team)).put("lead", leads(person, team));
        row.put("company_id", view.company_id()).put("direct", true);
        row.put("source_team_ids", [team_id(team)])
            .put("parent_team_ids", above);
        Ok(())
    }
}
