//! The office as one connection reads it: page by page, each of which may take its time.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use jiff::SignedDuration;
use rollcall::{
    allowance::Said,
    employee::{Canonical, CompanyId, Employee, EmployeeBuilder, EmployeeId, Field},
    roster::{Company, Position, Proof, Reading},
    source::{Allowance, Class, Error, Identity, Source, UsedUp},
    testing::FixedClock,
};

use super::{Office, SHOWN, Shown, error};

/// How people are shown.
#[derive(Clone, Debug)]
pub(super) struct Pace {
    /// How many people a page has.
    pub(super) rows: usize,
    /// How long a page takes by the clock.
    pub(super) takes: SignedDuration,
    pub(super) clock: Option<Arc<FixedClock>>,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            rows: usize::MAX,
            takes: SignedDuration::ZERO,
            clock: None,
        }
    }
}

impl Pace {
    fn take_time(&self) {
        if let Some(clock) = &self.clock {
            clock.advance(self.takes);
        }
    }
}

/// The office as one connection sees it.
pub(super) struct Opened {
    pub(super) office: Office,
    /// The company that was chosen, where the login sees several.
    pub(super) chosen: Option<CompanyId>,
    /// What pages are taken from.
    pub(super) allowance: Option<Arc<dyn Allowance>>,
}

impl Opened {
    /// Takes the right to ask for a page.
    async fn enter(&self) -> Result<(), Error> {
        if let Some(allowance) = &self.allowance {
            let entered = allowance.enter().await;
            entered.map_err(|UsedUp { wait }| error(Class::Temporary, "used up").used_up(wait))?;
        }
        self.office.shown().pages += 1;
        Ok(())
    }

    fn companies(&self) -> Result<Vec<Company>, Error> {
        let shown = self.office.shown();
        if let Some(class) = shown.refuses {
            return Err(error(class, "refused"));
        }
        let ids = shown.company.split(' ').map(|id| {
            let id = CompanyId::parse(id).map_err(|_| error(Class::Malformed, "no company"))?;
            let name = format!("Company {id}");
            Ok(Company { id, name })
        });
        ids.collect()
    }
}

impl Shown {
    /// Returns the id from which a read goes on.
    fn begin(&self, from: Option<&Position>) -> Result<u64, Error> {
        let Some(from) = from else { return Ok(0) };
        let expired = || error(Class::Expired, "the cursor is not known");
        from.place(self.edition).ok_or_else(expired)
    }

    /// Returns a person as the office shows them.
    fn employee(&self, id: u64, values: &BTreeMap<Canonical, String>) -> Result<Employee, Error> {
        let mut builder = EmployeeBuilder::new();
        for attribute in SHOWN.iter().filter(|attribute| !self.hidden.contains(attribute)) {
            let value = values.get(attribute).map_or("", String::as_str);
            builder.set(*attribute, Field::Value(value));
        }
        for (name, values) in &self.custom {
            builder.set_custom(name, Field::Value(values.get(&id).map_or("", String::as_str)));
        }
        let id = EmployeeId::parse(&id.to_string()).map_err(|_| error(Class::Malformed, "an id"))?;
        Ok(builder.build(id))
    }
}

#[async_trait]
impl Source for Opened {
    async fn identify(&self) -> Result<Identity, Error> {
        let companies = self.companies()?;
        let chosen = companies
            .iter()
            .find(|company| Some(&company.id) == self.chosen.as_ref());
        let company = chosen.or(companies.first()).cloned();
        let company = company.ok_or_else(|| error(Class::Malformed, "no company"))?;
        Ok(Identity::Known(company))
    }

    async fn list_companies(&self) -> Result<Identity<Vec<Company>>, Error> {
        self.companies().map(Identity::Known)
    }

    async fn read(&self, reading: &mut Reading<'_>) -> Result<(), Error> {
        let shown = self.office.shown().clone();
        for attribute in &shown.hidden {
            reading.roster.hide((*attribute).into(), "no_permission");
        }
        let pace = shown.pace.clone().unwrap_or_default();
        let mut next = shown.begin(reading.from())?;
        loop {
            self.enter().await?;
            // Each page shows people as they are at that moment.
            let shown = self.office.shown().clone();
            pace.take_time();
            if let Some(allowance) = &self.allowance {
                allowance.answered(Said::default()).await;
            }
            reading.roster.announce(shown.people.len() as u64);
            let rest = shown.people.range(next..);
            let people: Vec<_> = rest.take(pace.rows).collect();
            let before = shown.people.range(..next).count();
            for (number, (id, values)) in people.iter().enumerate() {
                if shown.breaks_after == Some(before + number) {
                    return Err(error(Class::Temporary, "a page was refused"));
                }
                let person = shown.employee(**id, values)?;
                let pushed = reading.roster.push(&person);
                pushed.map_err(|_| error(Class::Malformed, "a row"))?;
            }
            let Some((last, _)) = people.last().filter(|_| people.len() == pace.rows) else {
                reading.roster.end_walk(Proof::LastPage);
                return Ok(());
            };
            next = **last + 1;
            if reading.pause(Position::new(shown.edition, &next)).is_break() {
                return Ok(());
            }
        }
    }

    fn calls(&self) -> u64 {
        1
    }
}
