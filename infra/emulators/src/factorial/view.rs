//! What one caller sees of a company in one request.

use super::permission::PermissionGroup;
use super::query::Query;
use super::version::Version;
use super::wire::Id;
use crate::company::Company;
use crate::draw::draw;
use crate::fault::armed::{Faults, Sign, is_missing};
use crate::person::{Person, Status};
use std::borrow::Cow;
use std::cell::OnceCell;

/// Employee ids of a team, and whether they lead it.
type Members = Vec<(u64, bool)>;

/// A company through one caller's eyes.
pub(super) struct View<'a> {
    pub(super) company: &'a Company,
    pub(super) version: Version,
    /// Group and employee id of the user; none for keys and company tokens, which see all.
    pub(super) user: Option<(&'a PermissionGroup, u64)>,
    vanished: Option<f64>,
    reused: Option<u64>,
    other_company: bool,
    members: OnceCell<Vec<Members>>,
}

impl<'a> View<'a> {
    pub(super) fn of(
        company: &'a Company,
        version: Version,
        user: Option<(&'a PermissionGroup, u64)>,
        faults: &Faults,
    ) -> Self {
        let at_work = |person: &&Person| person.status(company.today) == Status::Active && person.reachable;
        Self {
            company,
            version,
            user,
            vanished: faults.vanish,
            reused: faults
                .shows(Sign::IdReused)
                .then(|| company.people.iter().find(at_work).map(|person| person.id))
                .flatten(),
            other_company: faults.shows(Sign::OtherCompany),
            members: OnceCell::new(),
        }
    }

    /// An id as this version writes it.
    pub(super) fn id(&self, number: u64) -> Id {
        Id {
            number,
            text: self.version.ids_are_text(),
        }
    }

    pub(super) fn company_id(&self) -> Id {
        self.id(if self.other_company {
            self.company.id + 5_000
        } else {
            self.company.id
        })
    }

    pub(super) fn company_name(&self) -> String {
        if self.other_company {
            format!("{} (another company)", self.company.name)
        } else {
            self.company.name.clone()
        }
    }

    /// Whether everybody can be seen.
    pub(super) fn is_whole(&self) -> bool {
        self.user.is_none() && self.vanished.is_none()
    }

    pub(super) fn sees(&self, person: &Person) -> bool {
        self.vanished.is_none_or(|share| !is_missing(share, person.id))
            && self.user.is_none_or(|(group, me)| group.shows(person, me))
    }

    /// The people a list is about: those named by the list parameter `name`, else everybody to be seen; by ascending id.
    pub(super) fn people(&self, query: &Query, name: &str) -> Vec<&'a Person> {
        match query.ids(name) {
            Some(ids) => ids
                .iter()
                .filter_map(|id| self.company.find_person(*id))
                .filter(|person| self.sees(person))
                .collect(),
            None => self.company.people.iter().filter(|person| self.sees(person)).collect(),
        }
    }

    /// The person a row belongs to, by position.
    pub(super) fn numbered(&self, number: u64) -> Option<&'a Person> {
        self.company.numbered(number)
    }

    /// Who is in the team at this position, by ascending id; all teams are gathered at the first call.
    pub(super) fn members_of(&self, team: u32) -> &[(u64, bool)] {
        let gathered = self.members.get_or_init(|| {
            let mut teams: Vec<Members> = vec![Vec::new(); self.company.teams.len()];
            for person in self.company.people.iter().filter(|person| self.sees(person)) {
                for (team, leads) in [(person.team, person.leads), (person.second_team, false)] {
                    let members = team
                        .and_then(|team| usize::try_from(team).ok())
                        .and_then(|team| teams.get_mut(team));
                    if let Some(members) = members {
                        members.push((person.id, leads));
                    }
                }
            }
            teams
        });
        usize::try_from(team)
            .ok()
            .and_then(|team| gathered.get(team))
            .map_or(&[], Vec::as_slice)
    }

    /// Returns the person as shown: a reused id shows another person.
    pub(super) fn shown(&self, person: &'a Person) -> Cow<'a, Person> {
        if self.reused != Some(person.id) {
            return Cow::Borrowed(person);
        }
        let mut stranger = person.clone();
        stranger.key = draw(person.key, 999);
        stranger.number = person.number + 7_000_001;
        stranger.edits = None;
        Cow::Owned(stranger)
    }
}
