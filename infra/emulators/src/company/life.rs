//! A day passes: people move, come and go.

use super::{Company, Move};
use crate::clock::plus_days;
use crate::draw::{below, draw, pick, position};
use crate::person::place::{self, PLACES};
use crate::person::{Person, Status, name};
use serde::Serialize;

/// What a day brought, by employee id.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Day {
    /// The date after the day has passed.
    pub(crate) today: String,
    /// People whose attributes changed.
    pub(crate) moved: Vec<String>,
    /// People who are at work and were not the day before.
    pub(crate) joined: Vec<String>,
    /// People whose last day has passed.
    pub(crate) left: Vec<String>,
}

/// Returns `share` of 1000, at least one.
fn portion(of: usize, share: usize) -> usize {
    ((of * share + 500) / 1000).max(1)
}

impl Company {
    /// Moves on by a day. With `churn` 1 % move, 0.3 % join and 0.2 % leave, at least one each; plans come true either
    /// way. A leaver had their last day yesterday; with `notice` it is today, so that they move today and leave
    /// tomorrow.
    pub(crate) fn pass_day(&mut self, churn: bool, notice: bool) -> Day {
        let before: Vec<Status> = self.people.iter().map(|person| person.status(self.today)).collect();
        let yesterday = self.today;
        self.today = plus_days(yesterday, 1);
        self.revision += 1;
        let mut day = Day {
            today: self.today.to_string(),
            ..Day::default()
        };
        let salt = draw(self.seed, self.revision);
        if churn {
            let mut settled = self.settled();
            let (moves, joins, leaves) = (
                portion(settled.len(), 10),
                portion(settled.len(), 3),
                portion(settled.len(), 2),
            );
            let managers = self.managers();
            for _ in 0..leaves {
                let Some(number) = take_leaver(&mut settled, &managers, salt, self) else {
                    break;
                };
                self.dismiss(number, notice, &mut day.moved);
            }
            for turn in 0..moves as u64 {
                if settled.is_empty() {
                    break;
                }
                let number = settled.swap_remove(position(salt, 10_000 + turn, settled.len()));
                self.shift(number, draw(salt, turn), turn);
                day.moved
                    .extend(self.people.get(number).map(|person| person.id.to_string()));
            }
            for _ in 0..joins {
                let newcomer = self.newcomer();
                self.people.push(newcomer);
            }
        }
        for (number, person) in self.people.iter().enumerate() {
            let (was, is) = (before.get(number).copied(), person.status(self.today));
            match is {
                Status::Active if was != Some(Status::Active) => day.joined.push(person.id.to_string()),
                Status::Terminated if was == Some(Status::Active) => day.left.push(person.id.to_string()),
                Status::Active | Status::Upcoming | Status::Terminated => {}
            }
        }
        day.moved.sort_unstable();
        day.moved.dedup();
        day
    }

    /// Returns positions of people at work, with an address and without plans: those a day may touch.
    fn settled(&self) -> Vec<usize> {
        let settled = |person: &Person| {
            person.reachable
                && person.ends_on.is_none()
                && person.starts_on < self.today
                && person.has_contract()
                && person.work_email(&self.domain).is_some()
        };
        self.people
            .iter()
            .enumerate()
            .filter(|(_, person)| settled(person))
            .map(|(number, _)| number)
            .collect()
    }

    fn managers(&self) -> std::collections::BTreeSet<u64> {
        self.people.iter().filter_map(|person| person.manager).collect()
    }

    /// Yesterday was the last day, or with half a day's notice it is today; reports go to the manager above.
    fn dismiss(&mut self, number: usize, notice: bool, moved: &mut Vec<String>) {
        let Some(leaver) = self.people.get_mut(number) else {
            return;
        };
        leaver.ends_on = Some(if notice { self.today } else { plus_days(self.today, -1) });
        leaver.changed_on = self.today;
        if notice {
            moved.push(leaver.id.to_string());
        }
        let (id, above) = (leaver.id, leaver.manager);
        for report in self.people.iter_mut().filter(|person| person.manager == Some(id)) {
            report.manager = above;
            report.changed_on = self.today;
            moved.push(report.id.to_string());
        }
    }

    /// Changes one person's life in one of the ways that the HR system has room for.
    fn shift(&mut self, number: usize, salt: u64, turn: u64) {
        let (teams, offices, today) = (self.teams.len(), self.locations.len(), self.today);
        let moves = self.extent.moves;
        let Some(kind) = usize::try_from(turn)
            .ok()
            .and_then(|turn| moves.get(turn % moves.len().max(1)))
        else {
            return;
        };
        let department = self.people.get(number).and_then(|person| self.department_of(person));
        let known = department.and_then(|name| self.find_department(&name));
        let department = other(known.unwrap_or(self.departments.len()), salt, self.departments.len());
        let department = self.departments.get(department).cloned();
        let heads: Vec<u64> = self
            .people
            .iter()
            .filter(|person| person.status(today) == Status::Active && person.ends_on.is_none())
            .take(32)
            .map(|person| person.id)
            .collect();
        let Some(person) = self.people.get_mut(number) else {
            return;
        };
        person.changed_on = today;
        match kind {
            Move::Team => {
                person.team = Some(
                    u32::try_from(other(person.team.map_or(teams, |team| team as usize), salt, teams))
                        .unwrap_or_default(),
                );
                (person.second_team, person.leads) = (None, false);
                if person.manager.is_some() {
                    person.manager = heads
                        .iter()
                        .copied()
                        .filter(|head| *head < person.id)
                        .nth(position(salt, 2, heads.len()))
                        .or(person.manager);
                }
            }
            Move::Department => person.edit("department", department),
            Move::House => move_house(person, salt),
            Move::Promotion => {
                person.job = person.job.promoted();
                person.pay_cents += person.pay_cents / 12 + 100;
            }
            Move::Marriage => {
                let current = person.last_name().map(std::borrow::Cow::into_owned);
                let married = (3..9)
                    .map(|step| name::other_last(salt, step))
                    .find(|last| current.as_deref() != Some(*last));
                person.edit("last_name", married.map(str::to_owned));
            }
            Move::Mailbox => person.edit(
                "personal_email",
                Some(format!("new{}x{}@post.example", person.number, below(salt, 4, 100_000))),
            ),
            Move::Office => {
                let office = other(person.location.map_or(offices, usize::from), salt, offices);
                person.location = u8::try_from(office).ok();
                person.pay_cents += 1_000;
            }
        }
    }
}

/// Returns another position than `current`.
fn other(current: usize, salt: u64, length: usize) -> usize {
    let drawn = position(salt, 1, length);
    if drawn == current {
        (drawn + 1) % length.max(1)
    } else {
        drawn
    }
}

fn move_house(person: &mut Person, salt: u64) {
    let place = place::at(u8::try_from(position(salt, 5, PLACES.len())).unwrap_or_default());
    person.edit(
        "address_line_1",
        Some(format!(
            "{} {}",
            pick(&place.streets, salt, 6),
            200 + below(salt, 7, 700)
        )),
    );
    person.edit("address_line_2", None);
    person.edit("zip_code", Some(place.postal_code(salt, 20)));
    person.edit("city", Some(place.city.to_owned()));
    person.edit("country", Some(place.country.to_owned()));
}

/// Returns a person, taken out of `settled`; a person without reports where there is one.
fn take_leaver(
    settled: &mut Vec<usize>,
    managers: &std::collections::BTreeSet<u64>,
    salt: u64,
    company: &Company,
) -> Option<usize> {
    let start = position(salt, settled.len() as u64, settled.len());
    let leads = |number: &usize| {
        company
            .people
            .get(*number)
            .is_some_and(|person| managers.contains(&person.id))
    };
    let chosen = (0..settled.len())
        .map(|step| (start + step) % settled.len())
        .find(|turn| settled.get(*turn).is_some_and(|number| !leads(number)))
        .unwrap_or(start);
    (!settled.is_empty()).then(|| settled.swap_remove(chosen))
}
