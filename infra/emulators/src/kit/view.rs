//! What one caller sees of a company in one request.

use super::caller::{Caller, User};
use super::fault::armed::{Faults, Sign, is_missing};
use super::permission::Sees;
use super::query::Query;
use crate::company::Company;
use crate::draw::draw;
use crate::person::{Person, Status};
use std::borrow::Cow;
use std::cell::OnceCell;

/// Employee ids of a team, and whether they lead it.
type Members = Vec<(u64, bool)>;

/// A company through one caller's eyes.
pub(crate) struct View<'a, C> {
    pub(crate) company: &'a Company,
    /// What the dialect's rows depend on.
    pub(crate) context: C,
    user: Option<&'a User>,
    vanished: Option<f64>,
    reused: Option<u64>,
    pub(crate) is_other_company: bool,
    /// Whether every id shows another person, as in another company's data.
    are_strangers: bool,
    members: OnceCell<Vec<Members>>,
}

impl<'a, C> View<'a, C> {
    /// A company through the eyes of `caller`. Where the API names the company, another company's people need no other faces.
    pub(crate) fn of(
        company: &'a Company,
        caller: &'a Caller,
        faults: &Faults,
        names_company: bool,
        context: C,
    ) -> Self {
        let at_work = |person: &&Person| person.status(company.today) == Status::Active && person.reachable;
        let is_other_company = faults.shows(Sign::OtherCompany);
        Self {
            company,
            context,
            user: caller.user.as_ref(),
            vanished: faults.vanish,
            reused: faults
                .shows(Sign::IdReused)
                .then(|| company.people.iter().find(at_work).map(|person| person.id))
                .flatten(),
            is_other_company,
            are_strangers: is_other_company && !names_company,
            members: OnceCell::new(),
        }
    }

    /// The company's name, another one where the credential belongs to another company.
    pub(crate) fn company_name(&self) -> String {
        if self.is_other_company {
            format!("{} (another company)", self.company.name)
        } else {
            self.company.name.clone()
        }
    }

    /// Whether everybody can be seen.
    pub(crate) fn is_whole(&self) -> bool {
        self.vanished.is_none() && self.user.is_none_or(|user| user.group.sees == Sees::Everybody)
    }

    /// Whether the caller sees this person.
    pub(crate) fn sees(&self, person: &Person) -> bool {
        self.vanished.is_none_or(|share| !is_missing(share, person.id)) && self.may_see(person)
    }

    /// Whether the caller's permission group shows this person, whatever faults do.
    pub(crate) fn may_see(&self, person: &Person) -> bool {
        let today = self.company.today;
        self.user
            .is_none_or(|user| user.group.shows(person, user.employee_id, today))
    }

    /// Everybody to be seen, by ascending id.
    pub(crate) fn everybody(&self) -> impl Iterator<Item = &'a Person> {
        self.company.people.iter().filter(|person| self.sees(person))
    }

    /// The people of these ids, those of them to be seen.
    pub(crate) fn named(&self, ids: &[u64]) -> Vec<&'a Person> {
        let people = ids.iter().filter_map(|id| self.company.find_person(*id));
        people.filter(|person| self.sees(person)).collect()
    }

    /// The people a list is about: those named by the list parameter `name`, else everybody to be seen; by ascending id.
    pub(crate) fn people(&self, query: &Query, name: &str) -> Vec<&'a Person> {
        match query.ids(name) {
            Some(ids) => self.named(&ids),
            None => self.everybody().collect(),
        }
    }

    /// The person a row belongs to, by position.
    pub(crate) fn numbered(&self, number: u64) -> Option<&'a Person> {
        self.company.numbered(number)
    }

    /// Returns who is in the team at this position, by ascending id. All teams are gathered at the first call.
    pub(crate) fn members_of(&self, team: u32) -> &[(u64, bool)] {
        let gathered = self.members.get_or_init(|| {
            let mut teams: Vec<Members> = vec![Vec::new(); self.company.teams.len()];
            for person in self.everybody() {
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

    /// Returns the person as shown: a reused id shows another person, and so does every id in another company.
    pub(crate) fn shown(&self, person: &'a Person) -> Cow<'a, Person> {
        if !self.are_strangers && self.reused != Some(person.id) {
            return Cow::Borrowed(person);
        }
        let mut stranger = person.clone();
        stranger.key = draw(person.key, 999);
        stranger.number = person.number + 7_000_001;
        stranger.face = stranger.number;
        stranger.edits = None;
        Cow::Owned(stranger)
    }
}
