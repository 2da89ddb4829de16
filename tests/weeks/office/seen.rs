//! An HR system as one connection reads it: page by page, by good reads and bad ones, in one slice or several.

use std::{
    collections::BTreeSet,
    sync::{Arc, atomic::Ordering},
};

use acceptance::journey::{Place as At, Verdict, Watch as _};
use async_trait::async_trait;
use jiff::SignedDuration;
use rollcall::{
    connection::Credential,
    employee::{Attribute, Canonical, CompanyId, Employee, EmployeeBuilder, EmployeeId, Field},
    roster::{Builder, Company, Position, Proof, Reading},
    source::{Class, Error, Identity, Source},
};
use serde::{Deserialize, Serialize};

use super::{
    Office, Opened, Person,
    provider::{Hr, error},
};
use crate::{draw::Draw, fate::State};

/// How many people a page holds.
const PAGE: usize = 4;

/// How a read of HR goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Read {
    /// The read shows everything and ends.
    Whole,
    /// The read breaks off after so many people.
    Broken(usize),
    /// The read ends, and these attributes are not shown.
    Narrow(Vec<Canonical>),
    /// The read ends, these people are not shown, and the totals agree.
    Short(BTreeSet<EmployeeId>),
    /// The read ends, and its total is wrong.
    Miscounted,
}

/// What HR showed to a process.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    pub(crate) read: Read,
    pub(crate) people: Vec<Employee>,
    pub(crate) has_ended: bool,
}

/// Where a read goes on.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Place {
    /// The process that paused.
    process: u64,
    /// Behind whom.
    after: Option<EmployeeId>,
    /// How many people were shown so far.
    number: usize,
}

/// A read that has paused.
#[derive(Clone, Debug)]
pub(super) struct Paused {
    shown: Shown,
    place: Place,
    /// How long each of its pages takes.
    page: SignedDuration,
}

/// The HR systems as one connection sees them.
pub(super) struct Seen {
    pub(super) hr: Arc<Hr>,
    pub(super) access: Arc<dyn rollcall::source::Access>,
    pub(super) chosen: Option<CompanyId>,
}

impl Seen {
    /// Returns the companies that the credential opens; a refused credential is renewed once.
    async fn companies(&self) -> Result<Vec<CompanyId>, Error> {
        let credential = self.access.credential().await?;
        if let Opened::Companies(companies) = self.open(&credential) {
            return Ok(companies);
        }
        let renewed = self.access.renew(&credential).await?;
        match self.open(&renewed) {
            Opened::Companies(companies) => Ok(companies),
            Opened::Nothing => Err(error(Class::Unauthorized, "the credential is refused")),
        }
    }

    fn open(&self, credential: &Credential) -> Opened {
        let now = self.hr.now();
        self.hr.kept().grants.open(credential, now)
    }

    /// Returns the office that is read, as it is now.
    async fn office(&self) -> Result<Office, Error> {
        let companies = self.companies().await?;
        let chosen = companies.iter().find(|company| Some(*company) == self.chosen.as_ref());
        let company = chosen.or(companies.first()).cloned();
        let kept = self.hr.kept();
        let office = company.and_then(|company| kept.offices.get(&company).cloned());
        office.ok_or_else(|| error(Class::Malformed, "no company"))
    }

    async fn page(&self) -> Result<(), Error> {
        match self.hr.fate.look(At::Provider("page")).await {
            Verdict::Go => Ok(()),
            Verdict::Fail | Verdict::LoseReply => Err(error(Class::Temporary, "a page was refused")),
        }
    }

    /// Returns where a read begins, and what it has shown so far.
    async fn begin(&self, place: Option<Place>) -> Result<Paused, Error> {
        if let Some(place) = place {
            let paused = self.hr.kept().paused.get(&(place.process, place.number)).cloned();
            self.hr.fate.count("reads that went on");
            return paused.ok_or_else(|| error(Class::Expired, "nothing has paused there"));
        }
        let office = self.office().await?;
        let shown = Shown {
            read: self.draw(&office),
            people: Vec::new(),
            has_ended: false,
        };
        let mut state = self.hr.fate.state();
        let State { weather, draw, .. } = &mut *state;
        let page = weather.page(draw);
        drop(state);
        Ok(Paused {
            shown,
            place: Place::default(),
            page,
        })
    }

    /// Reads the page behind a place, and moves the place on. Returns whether it is the last one.
    async fn read_page(
        &self,
        read: &Read,
        process: u64,
        place: &mut Place,
        roster: &mut Builder,
    ) -> Result<bool, Error> {
        let office = self.office().await?;
        let shown = office.people.iter().filter(|(id, _)| read.shows(id));
        let total = u64::try_from(shown.clone().count()).unwrap();
        if !self.hr.pretends.load(Ordering::Relaxed) {
            roster.announce(total + u64::from(*read == Read::Miscounted));
        }
        let rest = shown.filter(|(id, _)| place.after.as_ref().is_none_or(|after| *id > after));
        let page: Vec<_> = rest.take(PAGE).collect();
        for (id, person) in &page {
            if *read == Read::Broken(place.number) {
                return self.break_off(roster).map(|()| true);
            }
            place.number += 1;
            let record = employee(id, person, read.hidden());
            let pushed = roster.push(&record);
            pushed.map_err(|_| error(Class::Malformed, "a row"))?;
            self.hr.kept().shown.get_mut(&process).unwrap().people.push(record);
        }
        if let Some((last, _)) = page.last() {
            place.after = Some((*last).clone());
        }
        Ok(page.len() < PAGE)
    }

    /// Ends a read that breaks off, unless it pretends that it has come to its end.
    fn break_off(&self, roster: &mut Builder) -> Result<(), Error> {
        if !self.hr.pretends.load(Ordering::Relaxed) {
            return Err(error(Class::Temporary, "a page was refused"));
        }
        roster.announce(u64::from(roster.len()));
        roster.end_walk(Proof::LastPage);
        Ok(())
    }

    /// Returns how this read goes.
    fn draw(&self, office: &Office) -> Read {
        let mut state = self.hr.fate.state();
        let bad_reads = state.weather.bad_reads;
        if !state.draw.percent(bad_reads) {
            return Read::Whole;
        }
        let read = Read::draw(&mut state.draw, office);
        state.tally.count(match read {
            Read::Whole => "whole reads",
            Read::Broken(_) => "broken reads",
            Read::Narrow(_) => "narrow reads",
            Read::Short(_) => "short reads",
            Read::Miscounted => "miscounted reads",
        });
        drop(state);
        self.hr.fate.say(format!("reads {read:?}"));
        read
    }
}

impl Read {
    fn draw(draw: &mut Draw, office: &Office) -> Self {
        match draw.below(5) {
            0 => Self::Broken(usize::from(draw.byte()) % (office.people.len() + 1)),
            1 => Self::Miscounted,
            2 => Self::Narrow(vec![Canonical::City]),
            3 => Self::Narrow(vec![Canonical::TerminationDate, Canonical::StartDate]),
            _ => Self::Short(office.people.keys().filter(|_| draw.percent(30)).cloned().collect()),
        }
    }

    fn shows(&self, id: &EmployeeId) -> bool {
        !matches!(self, Self::Short(left_out) if left_out.contains(id))
    }

    fn hidden(&self) -> &[Canonical] {
        if let Self::Narrow(hidden) = self { hidden } else { &[] }
    }
}

fn employee(id: &EmployeeId, person: &Person, hidden: &[Canonical]) -> Employee {
    let mut record = EmployeeBuilder::new();
    for (attribute, field) in person {
        let field = match field {
            Field::Value(value) => Field::Value(value.as_str()),
            Field::Empty => Field::Empty,
            Field::Unseen => Field::Unseen,
        };
        match attribute {
            Attribute::Canonical(canonical) if hidden.contains(canonical) => {}
            Attribute::Canonical(canonical) => {
                record.set(*canonical, field);
            }
            Attribute::Custom(name) => {
                record.set_custom(name, field);
            }
        }
    }
    record.build(id.clone())
}

#[async_trait]
impl Source for Seen {
    async fn identify(&self) -> Result<Identity, Error> {
        Ok(Identity::Known(self.office().await?.company))
    }

    async fn list_companies(&self) -> Result<Identity<Vec<Company>>, Error> {
        let companies = self.companies().await?;
        let kept = self.hr.kept();
        let offices = companies.iter().filter_map(|company| kept.offices.get(company));
        Ok(Identity::Known(offices.map(|office| office.company.clone()).collect()))
    }

    async fn read(&self, reading: &mut Reading<'_>) -> Result<(), Error> {
        let process = self.hr.fate.current();
        let place = reading.from().and_then(|from| from.place(1));
        let Paused { shown, mut place, page } = self.begin(place).await?;
        let read = shown.read.clone();
        self.hr.kept().shown.insert(process, shown);
        for attribute in read.hidden() {
            reading.roster.hide((*attribute).into(), "no_permission");
        }
        loop {
            // Each page shows people as they are at that moment.
            self.page().await?;
            if !page.is_zero() {
                self.hr.fate.take(page).await;
            }
            let is_last = self.read_page(&read, process, &mut place, &mut reading.roster).await?;
            if is_last {
                break;
            }
            place.process = process;
            let paused = Paused {
                shown: self.hr.kept().shown[&process].clone(),
                place: place.clone(),
                page,
            };
            if reading.pause(Position::new(1, &place)).is_break() {
                self.hr.fate.count("pauses of reads");
                self.hr.kept().paused.insert((process, place.number), paused);
                return Ok(());
            }
        }
        if read == Read::Broken(place.number) {
            return self.break_off(&mut reading.roster);
        }
        reading.roster.end_walk(Proof::LastPage);
        self.hr.kept().shown.get_mut(&process).unwrap().has_ended = true;
        Ok(())
    }

    fn calls(&self) -> u64 {
        1
    }
}
