//! `teams/teams`: nested teams with their members.

use super::super::query::Query;
use super::super::refusal::Refusal;
use super::super::view::View;
use super::super::wire::Id;
use super::{Out, Resource, ids_from, position_of};
use serde::Serialize;

/// Ids from here on, in the order of the company's teams.
pub(super) const FIRST: u64 = 700;

#[derive(Serialize)]
struct Row<'a> {
    id: Id,
    name: &'a str,
    company_id: Id,
    description: Option<&'a str>,
    avatar: Option<&'a str>,
    employee_ids: Vec<Id>,
    lead_ids: Vec<Id>,
    depth: u32,
    parent_team_id: Option<Id>,
}

pub(super) struct Teams;

impl Resource for Teams {
    fn path(&self) -> &'static str {
        "teams/teams"
    }

    fn select(&self, view: &View, _: &Query) -> Result<Vec<u64>, Refusal> {
        Ok(ids_from(FIRST, view.company.teams.len()).collect())
    }

    fn write(&self, view: &View, id: u64, out: &mut Out) -> Result<(), Refusal> {
        let position = u32::try_from(position_of(id, FIRST)?).map_err(|_| Refusal::NotFound)?;
        let team = view.company.team(position).ok_or(Refusal::NotFound)?;
        let members = view.members_of(position);
        let ids = |leads_only: bool| {
            members
                .iter()
                .filter(|(_, leads)| *leads || !leads_only)
                .map(|(id, _)| view.id(*id))
                .collect()
        };
        let row = Row {
            id: view.id(id),
            name: &team.name,
            company_id: view.company_id(),
            description: None,
            avatar: None,
            employee_ids: ids(false),
            lead_ids: ids(true),
            depth: team.depth,
            parent_team_id: team.parent.map(|parent| view.id(FIRST + u64::from(parent))),
        };
        Ok(serde_json::to_writer(out, &row)?)
    }
}
