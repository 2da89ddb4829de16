//! Founding a company: the people who ought to join, and on top of them people who ought not.

use super::rehire::earlier_spell;
use super::structure;
use super::{Company, Extent};
use crate::clock::plus_days;
use crate::draw::{below, draw, percent, position};
use crate::person::job::{DEPARTMENTS, Job};
use crate::person::place::{self, PLACES};
use crate::person::{Person, Status};
use jiff::civil::Date;

/// Which stories the people of a company tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cast {
    /// Everybody has one employment, and no name holds a joiner.
    Plain,
    /// Beside them: people who came back under the id they had, people who came back under a new one, and names and texts
    /// with joiners, combining marks and letters outside the first plane.
    #[default]
    Full,
}

/// What a company is founded with.
#[derive(Debug)]
pub(crate) struct Wanted {
    /// People who ought to join.
    pub(crate) employees: u32,
    pub(crate) seed: u64,
    pub(crate) today: Date,
    pub(crate) cast: Cast,
    pub(crate) extent: Extent,
    pub(crate) has_custom_fields: bool,
}

/// Ids above this are no longer exact as floating-point numbers.
const LARGE_IDS: u64 = 9_007_199_254_740_993;
const FIRST_ID: u64 = 900;

/// The story of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// At work, with an e-mail address.
    Complete,
    /// Left some time ago.
    Leaver,
    /// Starts in a month or later.
    Upcoming,
    /// At work without any e-mail address.
    Incomplete,
}

/// A company of `employees` complete people; leavers of the past (15 %), people who start later (2 %) and people without any
/// e-mail address (1 %) come on top, at least one of each.
pub(crate) fn found(number: u64, wanted: &Wanted) -> Company {
    let (seed, today) = (draw(wanted.seed, 1_000 + number), wanted.today);
    let name = format!("{} {}", brand(seed), number + 1);
    let parts = assign(wanted.employees, seed);
    let mut company = Company {
        id: 4_200 + number,
        domain: format!("{}.example", name.to_lowercase().replace(' ', "-")),
        seed,
        today,
        revision: 0,
        people: Vec::with_capacity(parts.len()),
        teams: structure::build_teams(parts.len()),
        locations: structure::build_locations(&name),
        entities: structure::build_entities(&name),
        departments: DEPARTMENTS.map(str::to_owned).to_vec(),
        extent: wanted.extent,
        has_custom_fields: wanted.has_custom_fields,
        cast: wanted.cast,
        name,
        founded_on: today,
    };
    let ids = number_ids(parts.len(), seed, wanted.extent.has_large_ids);
    let complete: Vec<u64> = ids
        .iter()
        .zip(&parts)
        .filter(|(_, part)| **part == Part::Complete)
        .map(|(id, _)| *id)
        .collect();
    let mut rank = 0;
    let mut led: Vec<bool> = vec![false; company.teams.len()];
    for ((number, id), part) in (0u32..).zip(ids).zip(parts) {
        let mut person = sketch(&company, id, number);
        match part {
            Part::Complete => {
                place_in_tree(&mut person, &complete, rank);
                let led = person
                    .team
                    .and_then(|team| usize::try_from(team).ok())
                    .and_then(|team| led.get_mut(team));
                person.leads = led.is_some_and(|led| !std::mem::replace(led, true));
                plan_ahead(&mut person, today, rank, complete.len());
                rank += 1;
            }
            Part::Leaver => {
                let ago = 20 + i64::try_from(below(person.key, 70, 1_500)).unwrap_or_default();
                person.ends_on = Some(plus_days(today, -ago));
                person.starts_on = plus_days(
                    today,
                    -ago - 30 - i64::try_from(below(person.key, 71, 2_000)).unwrap_or_default(),
                );
                person.manager = complete.get(position(person.key, 72, complete.len())).copied();
            }
            Part::Upcoming => {
                person.starts_on = plus_days(today, 30 + i64::try_from(below(person.key, 73, 60)).unwrap_or_default());
                person.manager = complete.get(position(person.key, 72, complete.len())).copied();
            }
            Part::Incomplete => {
                person.reachable = false;
                person.manager = complete.get(position(person.key, 72, complete.len())).copied();
            }
        }
        company.people.push(person);
    }
    if wanted.cast == Cast::Full {
        bring_back(&mut company, &complete);
    }
    company
}

/// One person in thirty came back under the id they had; one leaver in ten came back under a new one. Both happened before the
/// company is looked at.
fn bring_back(company: &mut Company, complete: &[u64]) {
    let today = company.today;
    for person in company.people.iter_mut().filter(|person| person.ends_on.is_none()) {
        if below(person.key, 74, 30) == 0 && person.starts_on < today {
            let (away, worked) = (below(person.key, 75, 700), below(person.key, 76, 1_500));
            let days = |number| i64::try_from(number).unwrap_or_default();
            person.earlier = vec![earlier_spell(person, days(away), days(worked))];
        }
    }
    let left = |person: &&Person| person.status(today) == Status::Terminated;
    let leavers: Vec<Person> = company.people.iter().filter(left).step_by(10).cloned().collect();
    let stays = |id: &&u64| company.find_person(**id).is_some_and(|person| person.ends_on.is_none());
    let stayers: Vec<u64> = complete.iter().rev().filter(stays).step_by(3).copied().collect();
    for (leaver, id) in leavers.iter().zip(stayers) {
        if let Some(person) = company.find_person_mut(id) {
            person.take_after(leaver);
            person.earlier.clear();
            // Leavers of the past left twenty days ago or earlier.
            person.starts_on = plus_days(leaver.ends_on.unwrap_or(today), 5);
            set_pay(person);
        }
    }
}

/// Gives a person the pay that their job is worth where they work.
pub(super) fn set_pay(person: &mut Person) {
    let place = place::at(person.location.unwrap_or(person.home));
    let period = person.pay_period().unwrap_or_default();
    person.pay_cents = person.job.pay_cents(person.key, place.pay_factor, &period);
}

fn brand(seed: u64) -> &'static str {
    crate::draw::pick(
        &[
            "Nimbus Kettle",
            "Otter and Sons",
            "Paper Lighthouse",
            "Quiet Turbine",
            "Velvet Ladder",
        ],
        seed,
        1,
    )
}

/// Returns who plays which part, shuffled.
fn assign(employees: u32, seed: u64) -> Vec<Part> {
    let share = |percent: u32| (u64::from(employees) * u64::from(percent)).div_ceil(100).max(1);
    let mut parts = vec![Part::Complete; usize::try_from(employees).unwrap_or_default()];
    for (part, count) in [
        (Part::Leaver, share(15)),
        (Part::Upcoming, share(2)),
        (Part::Incomplete, share(1)),
    ] {
        parts.extend((0..count).map(|_| part));
    }
    for last in (1..parts.len()).rev() {
        parts.swap(last, position(seed, last as u64, last + 1));
    }
    parts
}

/// Ascending ids with gaps; the last twentieth lies beyond 2^53 where the HR system has such ids.
fn number_ids(count: usize, seed: u64, has_large: bool) -> Vec<u64> {
    let large_from = count - count.div_ceil(20);
    let mut id = FIRST_ID;
    (0..count)
        .map(|position| {
            if has_large && position == large_from {
                id = LARGE_IDS;
            }
            id += 1 + below(seed, 50_000 + position as u64, 4);
            id
        })
        .collect()
}

/// Returns a person who is at work for a while, and who reports to no manager yet.
pub(super) fn sketch(company: &Company, id: u64, number: u32) -> Person {
    let key = draw(company.seed, 900_000_000 + u64::from(number));
    let office = u8::try_from(position(key, 80, company.locations.len())).unwrap_or_default();
    let home = if percent(key, 81, 5) {
        u8::try_from(position(key, 82, PLACES.len())).unwrap_or_default()
    } else {
        office
    };
    let place = place::at(office);
    let job = Job::invent(key);
    let hired_ago = 2 + i64::try_from(below(key, 83, 4_000)).unwrap_or_default();
    let starts_on = plus_days(company.today, -hired_ago);
    let mut person = Person {
        id,
        key,
        number,
        face: number,
        cast: company.cast,
        starts_on,
        ends_on: None,
        earlier: Vec::new(),
        return_of: None,
        raise_on: None,
        changed_on: starts_on.max(plus_days(
            company.today,
            -i64::try_from(below(key, 84, 400)).unwrap_or_default() - 1,
        )),
        manager: None,
        team: choose_team(company, key, job),
        second_team: percent(key, 85, 15)
            .then(|| u32::try_from(position(key, 86, company.teams.len())).unwrap_or_default()),
        leads: false,
        location: (below(key, 87, 50) != 0).then_some(office),
        home,
        entity: structure::entity_for(&company.entities, place.country),
        job,
        pay_cents: 0,
        reachable: true,
        edits: None,
    };
    let required = company.extent.required;
    if required.contains(&"work_location") {
        person.location = Some(office);
    }
    if required.contains(&"last_name") && person.last_name().is_none() {
        // Where a system takes no single name, people enter it twice.
        let only = person.first_name().map(std::borrow::Cow::into_owned);
        person.edit("last_name", only);
    }
    // A person who is in one team only is in the first.
    if person.second_team == person.team || person.team.is_none() {
        person.second_team = None;
    }
    person.pay_cents = job.pay_cents(
        key,
        place.pay_factor,
        person.pay_period().as_deref().unwrap_or_default(),
    );
    person
}

/// Returns a team of the department, or none for one in thirty.
fn choose_team(company: &Company, key: u64, job: Job) -> Option<u32> {
    if below(key, 88, 30) == 0 {
        return None;
    }
    let department = u32::try_from(job.department()).unwrap_or_default();
    // Units and squads follow the departments, department by department, in equal numbers.
    let departments = DEPARTMENTS.len();
    let each = company.teams.len().saturating_sub(departments) / departments;
    let below_it = position(key, 89, each + 1);
    if below_it == 0 {
        return Some(department);
    }
    u32::try_from(departments + job.department() * each + below_it - 1).ok()
}

/// Sets the manager of the n-th complete person: each has at most six reports, the first has no manager.
fn place_in_tree(person: &mut Person, complete: &[u64], rank: usize) {
    person.manager = rank.checked_sub(1).and_then(|above| complete.get(above / 6)).copied();
}

/// Plans exits and raises, a month ahead or more, for people without reports; the last one always leaves some day.
fn plan_ahead(person: &mut Person, today: Date, rank: usize, complete: usize) {
    if 6 * rank + 1 < complete {
        return;
    }
    let ahead = i64::try_from(below(person.key, 90, 80)).unwrap_or_default();
    if rank + 1 == complete || percent(person.key, 91, 1) {
        person.ends_on = Some(plus_days(today, 30 + ahead));
    } else if percent(person.key, 92, 5) {
        person.raise_on = Some(plus_days(today, 60 + ahead));
    }
}
