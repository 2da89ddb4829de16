//! A company: its people and the structure they work in, without a word about any HR system's API.

pub(crate) mod contract;
pub(crate) mod custom;
pub(crate) mod edit;
mod extent;
pub(crate) mod life;
mod record;
mod rehire;
pub(crate) mod seed;
pub(crate) mod structure;
pub(crate) mod truth;

pub(crate) use extent::{Extent, Move};
pub(crate) use record::Records;
pub use seed::Cast;

use crate::person::Person;
use jiff::civil::Date;
use std::borrow::Cow;
use structure::{LegalEntity, Location, Team};

/// One tenant of an HR system.
#[derive(Debug)]
pub(crate) struct Company {
    pub(crate) id: u64,
    pub(crate) name: String,
    /// Domain of work e-mail addresses, always under `.example`.
    pub(crate) domain: String,
    pub(crate) seed: u64,
    /// The day the company was invented for; past and plans are counted from it.
    pub(crate) founded_on: Date,
    pub(crate) today: Date,
    /// Rises with every change of anything.
    pub(crate) revision: u64,
    /// By ascending id; no person is ever taken out.
    pub(crate) people: Vec<Person>,
    pub(crate) teams: Vec<Team>,
    pub(crate) locations: Vec<Location>,
    pub(crate) entities: Vec<LegalEntity>,
    /// Names of the departments; none is ever taken out.
    pub(crate) departments: Vec<String>,
    /// What its HR system has room for.
    pub(crate) extent: Extent,
    /// Whether it has fields of its own there.
    pub(crate) has_custom_fields: bool,
    pub(crate) cast: Cast,
}

impl Company {
    /// The company's name in addresses: lower-case letters, digits and hyphens.
    pub(crate) fn site(&self) -> String {
        self.domain.trim_end_matches(".example").to_owned()
    }

    /// Returns the person with this employee id.
    pub(crate) fn find_person(&self, id: u64) -> Option<&Person> {
        let position = self.people.binary_search_by_key(&id, |person| person.id).ok()?;
        self.people.get(position)
    }

    /// Returns the person with this employee id, to be changed.
    pub(crate) fn find_person_mut(&mut self, id: u64) -> Option<&mut Person> {
        let position = self.people.binary_search_by_key(&id, |person| person.id).ok()?;
        self.people.get_mut(position)
    }

    /// Returns the person at a position from 0.
    pub(crate) fn numbered(&self, number: u64) -> Option<&Person> {
        self.people.get(usize::try_from(number).ok()?)
    }

    pub(crate) fn team(&self, position: u32) -> Option<&Team> {
        self.teams.get(usize::try_from(position).ok()?)
    }

    pub(crate) fn location_of(&self, person: &Person) -> Option<&Location> {
        self.locations.get(usize::from(person.location?))
    }

    pub(crate) fn entity_of(&self, person: &Person) -> Option<&LegalEntity> {
        self.entities.get(usize::from(person.entity))
    }

    /// Returns the position of the team of this name.
    pub(crate) fn find_team(&self, name: &str) -> Option<u32> {
        self.teams
            .iter()
            .position(|team| team.name == name)
            .and_then(|position| u32::try_from(position).ok())
    }

    /// Returns the team and those above it, nearest first.
    pub(crate) fn ancestors(&self, team: u32) -> Vec<u32> {
        let mut found = Vec::new();
        let mut next = self.team(team).and_then(|team| team.parent);
        while let Some(position) = next {
            found.push(position);
            next = self.team(position).and_then(|team| team.parent);
        }
        found
    }

    /// Returns the department that a person works in: as edited, else the one their team belongs to, else the one their
    /// job belongs to.
    pub(crate) fn department_of<'a>(&'a self, person: &'a Person) -> Option<Cow<'a, str>> {
        person.text("department", || {
            let team = person
                .team
                .map(|team| self.ancestors(team).last().copied().unwrap_or(team));
            let of_team = team.and_then(|team| self.team(team)).map(|team| team.name.as_str());
            let of_job = || self.departments.get(person.job.department()).map(String::as_str);
            of_team.or_else(of_job).map(Cow::Borrowed)
        })
    }

    /// Returns the position that the department of this name has.
    pub(crate) fn find_department(&self, name: &str) -> Option<usize> {
        self.departments.iter().position(|department| department == name)
    }
}
