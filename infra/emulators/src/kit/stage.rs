//! The state of every emulator: its companies, its clock, the break modes of the moment and the requests seen.

use super::dialect::Dialect;
use super::fault::Break;
use super::fault::armed::Armed;
use crate::Error;
use crate::clock::{self, Clock};
use crate::company::{Cast, Company, seed};
use crate::server::lock;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// The most people one company can have.
const MOST_EMPLOYEES: u32 = 2_000_000;
/// The most companies one emulator can have.
const MOST_COMPANIES: u32 = 100;
/// The most requests remembered; the oldest are forgotten.
const MOST_REQUESTS: usize = 50_000;

/// What a stage is built from.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) employees: u32,
    pub(crate) companies: u32,
    pub(crate) seed: u64,
    pub(crate) today: Option<Date>,
    pub(crate) cast: Cast,
}

/// One request as remembered.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) path: String,
    /// `None` where it could hold a secret.
    pub(crate) query: Option<String>,
    /// `None` where no answer was given.
    pub(crate) status: Option<u16>,
    pub(crate) at: Timestamp,
    /// The break mode that struck.
    pub(crate) fault: Option<&'static str>,
    /// How many values of the answer the mode made odd.
    pub(crate) odd_values: u64,
    /// How many requests were under way when it came, itself included.
    pub(crate) under_way: usize,
}

/// The requests to the HR system, oldest first.
#[derive(Debug, Default)]
pub(crate) struct RequestLog {
    entries: VecDeque<Seen>,
}

impl RequestLog {
    /// Remembers a request.
    pub(crate) fn note(&mut self, seen: Seen) {
        if self.entries.len() == MOST_REQUESTS {
            self.entries.pop_front();
        }
        self.entries.push_back(seen);
    }

    pub(crate) const fn entries(&self) -> &VecDeque<Seen> {
        &self.entries
    }

    /// Forgets all requests.
    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }
}

/// A request that is under way.
pub(crate) struct UnderWay<'a> {
    stage: &'a Stage,
    /// How many are under way with it.
    pub(crate) number: usize,
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.stage.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The shared state of one emulator.
pub(crate) struct Stage {
    companies: RwLock<Vec<Company>>,
    breaks: Mutex<Armed>,
    requests: Mutex<RequestLog>,
    under_way: AtomicUsize,
    dialect: &'static dyn Dialect,
    pub(crate) clock: Clock,
}

impl Stage {
    /// Founds the companies and arms the break modes.
    pub(crate) fn build(plan: &Plan, dialect: &'static dyn Dialect, breaks: Vec<Break>) -> Result<Self, Error> {
        if plan.employees == 0 || plan.employees > MOST_EMPLOYEES {
            return Err(Error::BadOption {
                member: "employees",
                expected: "a number from 1 to 2000000",
            });
        }
        if plan.companies == 0 || plan.companies > MOST_COMPANIES {
            return Err(Error::BadOption {
                member: "companies",
                expected: "a number from 1 to 100",
            });
        }
        let today = plan.today.unwrap_or_else(clock::real_today);
        let companies = (0..plan.companies).map(|number| {
            let wanted = seed::Wanted {
                employees: plan.employees,
                seed: plan.seed,
                today,
                cast: plan.cast,
                extent: dialect.extent(),
                has_custom_fields: dialect.has_custom_fields(),
            };
            seed::found(u64::from(number), &wanted)
        });
        let stage = Self {
            companies: RwLock::new(companies.collect()),
            breaks: Mutex::default(),
            requests: Mutex::default(),
            under_way: AtomicUsize::new(0),
            dialect,
            clock: Clock::starting_on(today),
        };
        for wanted in breaks {
            stage.arm(wanted)?;
        }
        Ok(stage)
    }

    /// Arms a break mode; fields that mean nothing here are refused.
    pub(crate) fn arm(&self, wanted: Break) -> Result<(), Error> {
        let (member, fields) = wanted.mode.fields();
        if fields.iter().any(|field| self.dialect.places(field).is_empty()) {
            return Err(Error::BadMember {
                mode: wanted.mode.name().to_owned(),
                member: member.to_owned(),
                expected: "canonical attributes that this HR system has, or its own field names".to_owned(),
            });
        }
        self.breaks().arm(wanted);
        Ok(())
    }

    pub(crate) fn companies(&self) -> RwLockReadGuard<'_, Vec<Company>> {
        self.companies.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn companies_mut(&self) -> RwLockWriteGuard<'_, Vec<Company>> {
        self.companies.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn breaks(&self) -> MutexGuard<'_, Armed> {
        lock(&self.breaks)
    }

    /// Counts a request in until what is returned is dropped.
    pub(crate) fn count_in(&self) -> UnderWay<'_> {
        let before = self.under_way.fetch_add(1, Ordering::Relaxed);
        UnderWay {
            stage: self,
            number: before + 1,
        }
    }

    pub(crate) fn requests(&self) -> MutexGuard<'_, RequestLog> {
        lock(&self.requests)
    }
}
