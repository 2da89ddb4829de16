//! `teams/memberships`: who is in which team; a person may be in two.

use super::super::query::Query;
use super::super::refusal::Refusal;
use super::super::view::View;
use super::super::wire::Id;
use super::{Out, Resource, team};
use crate::person::Person;
use serde::Serialize;

/// Ids from here on: two per person, the first for the team that counts.
const FIRST: u64 = 60_000_000;

#[derive(Serialize)]
struct Row {
    id: Id,
    employee_id: Id,
    team_id: Id,
    lead: bool,
    company_id: Id,
    direct: bool,
    source_team_ids: Vec<Id>,
    parent_team_ids: Vec<Id>,
}

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

impl Resource for Memberships {
    fn path(&self) -> &'static str {
        "teams/memberships"
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let lead = query.flag("lead")?;
        let teams = query.ids("team_ids[]");
        let mut found = Vec::new();
        for person in view.people(query, "employee_ids[]") {
            for (id, team) in memberships(person) {
                let in_team = teams
                    .as_ref()
                    .is_none_or(|ids| ids.binary_search(&(team::FIRST + u64::from(team))).is_ok());
                if in_team && lead.is_none_or(|lead| leads(person, team) == lead) {
                    found.push(id);
                }
            }
        }
        Ok(found)
    }

    fn write(&self, view: &View, id: u64, out: &mut Out) -> Result<(), Refusal> {
        let position = id.checked_sub(FIRST).ok_or(Refusal::NotFound)?;
        let person = view.numbered(position / 2).ok_or(Refusal::NotFound)?;
        let (_, team) = memberships(person)
            .find(|(own, _)| *own == id)
            .ok_or(Refusal::NotFound)?;
        let team_id = view.id(team::FIRST + u64::from(team));
        let row = Row {
            id: view.id(id),
            employee_id: view.id(person.id),
            team_id,
            lead: leads(person, team),
            company_id: view.company_id(),
            direct: true,
            source_team_ids: vec![team_id],
            parent_team_ids: view
                .company
                .ancestors(team)
                .into_iter()
                .map(|above| view.id(team::FIRST + u64::from(above)))
                .collect(),
        };
        Ok(serde_json::to_writer(out, &row)?)
    }
}
