//! `teams/teams`: nested teams with their members.

use super::{Query, Refusal, Resource, Row, Version, View, ids_from, position_of};

/// Ids from here on, in the order of the company's teams.
pub(super) const FIRST: u64 = 700;

pub(super) struct Teams;

impl Resource<Version> for Teams {
    fn path(&self) -> &'static str {
        "teams/teams"
    }

    fn select(&self, view: &View, _: &Query) -> Result<Vec<u64>, Refusal> {
        Ok(ids_from(FIRST, view.company.teams.len()).collect())
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let position = u32::try_from(position_of(id, FIRST)?).map_err(|_| Refusal::NotFound)?;
        let team = view.company.team(position).ok_or(Refusal::NotFound)?;
        let members = view.members_of(position).iter();
        let leads = members.clone().filter(|(_, leads)| *leads);
        let parent = team.parent.map(|parent| view.id(FIRST + u64::from(parent)));
        row.put("id", view.id(id))
            .put("name", &team.name)
            .put("company_id", view.company_id());
        row.put("employee_ids", members.map(|(id, _)| view.id(*id)).collect::<Vec<_>>());
        row.put("lead_ids", leads.map(|(id, _)| view.id(*id)).collect::<Vec<_>>());
        row.put("depth", team.depth).put("parent_team_id", parent);
        row.put_nulls(&["description", "avatar"]);
        Ok(())
    }
}
