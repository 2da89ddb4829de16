//! What a connection's rosters looked like so far: the measure of a sudden drop (R08).

use std::collections::{BTreeMap, BTreeSet};

use jiff::{ToSpan, civil::Date};
use serde::{Deserialize, Serialize};

use super::Header;
use crate::employee::Attribute;

/// For how many days an observation counts.
const WINDOW_DAYS: i32 = 30;

/// What one applied roster looked like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// The day it was applied.
    pub on: Date,
    /// How many people it held.
    pub headcount: u32,
    /// How many people had a value, per attribute.
    pub coverage: BTreeMap<Attribute, u32>,
}

impl Observation {
    /// Returns the share of people with a value of an attribute, in parts per 10 000.
    fn share(&self, attribute: &Attribute) -> u32 {
        let values = u64::from(self.coverage.get(attribute).copied().unwrap_or(0));
        u32::try_from(values * 10_000 / u64::from(self.headcount.max(1))).unwrap_or(10_000)
    }

    /// Returns the higher of two observations of one day: the higher headcount, and of that the higher share per
    /// attribute.
    fn or_higher(&self, other: &Self) -> Self {
        let headcount = self.headcount.max(other.headcount);
        let scaled = |from: &Self, values: u32| {
            let scaled = u64::from(values) * u64::from(headcount);
            u32::try_from(scaled.div_ceil(u64::from(from.headcount.max(1)))).unwrap_or(u32::MAX)
        };
        let mut coverage = BTreeMap::new();
        for from in [self, other] {
            for (attribute, values) in &from.coverage {
                let high: &mut u32 = coverage.entry(attribute.clone()).or_default();
                *high = scaled(from, *values).max(*high);
            }
        }
        Self {
            on: self.on,
            headcount,
            coverage,
        }
    }
}

/// What a connection's applied rosters looked like over 30 days. It moves only when a plan is applied.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baseline {
    /// At most one observation a day, oldest first.
    pub observations: Vec<Observation>,
    /// The attributes that the last applied roster showed.
    pub visible: BTreeSet<Attribute>,
}

impl Baseline {
    /// Returns whether no plan was ever applied.
    pub const fn is_empty(&self) -> bool {
        self.observations.is_empty()
    }

    /// Returns the most people that were seen in the window.
    pub fn headcount(&self) -> u32 {
        self.observations
            .iter()
            .map(|observation| observation.headcount)
            .max()
            .unwrap_or(0)
    }

    /// Returns the largest share of people with a value of this attribute in the window, in parts per 10 000.
    pub fn coverage(&self, attribute: &Attribute) -> u32 {
        let shares = self.observations.iter().map(|observation| observation.share(attribute));
        shares.max().unwrap_or(0)
    }

    /// Returns the attributes of the baseline that a roster does not show.
    pub fn hidden_in(&self, header: &Header) -> BTreeSet<Attribute> {
        let mut hidden: BTreeSet<Attribute> = self.visible.difference(&header.visible).cloned().collect();
        hidden.extend(
            self.visible
                .iter()
                .filter(|attribute| header.hidden.contains_key(attribute))
                .cloned(),
        );
        hidden
    }

    /// Returns the baseline after a plan on this roster was applied. A walk that did not end moves nothing.
    #[must_use]
    pub fn moved(mut self, header: &Header, on: Date) -> Self {
        if !header.walk_ended {
            return self;
        }
        let oldest = on.checked_sub(WINDOW_DAYS.days()).unwrap_or(on);
        let mut today = Observation {
            on,
            headcount: header.employees,
            coverage: header.coverage.clone(),
        };
        // Several plans may be applied in a day; small drops must not add up to a large one unseen.
        for earlier in self.observations.iter().filter(|earlier| earlier.on == on) {
            today = today.or_higher(earlier);
        }
        self.observations
            .retain(|observation| observation.on > oldest && observation.on != on);
        self.observations.push(today);
        self.observations.sort_by_key(|observation| observation.on);
        self.visible = header
            .visible
            .difference(&header.hidden.keys().cloned().collect())
            .cloned()
            .collect();
        // Nothing is measured against custom fields that are not there any more; each night may have others (R47).
        for observation in &mut self.observations {
            let is_measured = |attribute: &Attribute| match attribute {
                Attribute::Canonical(_) => true,
                Attribute::Custom(_) => self.visible.contains(attribute),
            };
            observation.coverage.retain(|attribute, _| is_measured(attribute));
        }
        self
    }
}
