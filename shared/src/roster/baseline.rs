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

/// A drop that a person agreed to: what was there before is no measure any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreed {
    /// The day it was applied.
    pub on: Date,
    /// The most that was seen on that day from then on: people, or of an attribute its share in parts per 10 000.
    pub high: u32,
}

impl Agreed {
    /// Returns the most that was seen since: on that day, or in an observation of a later one.
    fn high_with<'a>(self, later: impl Iterator<Item = (&'a Observation, u32)>) -> u32 {
        let later = later.filter(|(observation, _)| observation.on > self.on);
        later.map(|(_, seen)| seen).fold(self.high, u32::max)
    }
}

/// What a connection's applied rosters looked like over 30 days. It moves only when a plan is applied.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baseline {
    /// At most one observation a day, oldest first.
    pub observations: Vec<Observation>,
    /// The attributes that the last applied roster showed.
    pub visible: BTreeSet<Attribute>,
    /// The last drop of the headcount that a person agreed to, as long as what was before is remembered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed_headcount: Option<Agreed>,
    /// The last drop of an attribute's coverage that a person agreed to, in the same way.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub agreed_coverage: BTreeMap<Attribute, Agreed>,
}

impl Baseline {
    /// Returns whether no plan was ever applied.
    pub const fn is_empty(&self) -> bool {
        self.observations.is_empty()
    }

    /// Returns the most people that were seen in the window, or since a person agreed to fewer.
    pub fn headcount(&self) -> u32 {
        let seen = self
            .observations
            .iter()
            .map(|observation| (observation, observation.headcount));
        high(self.agreed_headcount, seen)
    }

    /// Returns the largest share of people with a value of this attribute in the window, or since a person agreed to fewer, in parts
    /// per 10 000.
    pub fn coverage(&self, attribute: &Attribute) -> u32 {
        let seen = self
            .observations
            .iter()
            .map(|observation| (observation, observation.share(attribute)));
        high(self.agreed_coverage.get(attribute).copied(), seen)
    }

    /// Returns whether a person agreed that HR shows no people, and HR has shown none since.
    pub fn is_agreed_empty(&self) -> bool {
        self.agreed_headcount.is_some() && self.headcount() == 0
    }

    /// Returns the attributes of which a roster has more than this many percent fewer values than the share of people who had one lets
    /// expect, and more than `floor` fewer.
    pub fn fallen_in(&self, header: &Header, percent: u32, floor: u32) -> Vec<&Attribute> {
        let has_fallen = |attribute: &&Attribute| {
            let expected = u64::from(self.coverage(attribute)) * u64::from(header.employees) / 10_000;
            let values = header.coverage.get(*attribute).copied().unwrap_or(0);
            let lost = expected.saturating_sub(u64::from(values));
            lost > u64::from(floor) && lost * 100 > expected * u64::from(percent)
        };
        let visible = self.visible.iter();
        let measured = visible.filter(|attribute| header.wanted.wants(attribute.as_ref()));
        measured.filter(has_fallen).collect()
    }

    /// Returns the attributes of the baseline that a roster was to show and does not.
    pub fn hidden_in(&self, header: &Header) -> BTreeSet<Attribute> {
        let is_shown =
            |attribute: &Attribute| header.visible.contains(attribute) && !header.hidden.contains_key(attribute);
        let visible = self.visible.iter();
        let hidden = visible.filter(|attribute| header.wanted.wants(attribute.as_ref()) && !is_shown(attribute));
        hidden.cloned().collect()
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
        self.keep_agreements(&today, oldest);
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
        self.agreed_coverage
            .retain(|attribute, _| matches!(attribute, Attribute::Canonical(_)) || self.visible.contains(attribute));
        self
    }

    /// Returns the baseline with an agreement to the headcount of the roster that was applied last. It is the measure from now on.
    #[must_use]
    pub fn with_agreed_headcount(mut self, header: &Header, on: Date) -> Self {
        let high = header.employees;
        self.agreed_headcount = Some(Agreed { on, high });
        self
    }

    /// Returns the baseline with an agreement to the coverage of these attributes in the roster that was applied last.
    #[must_use]
    pub fn with_agreed_coverage(mut self, header: &Header, on: Date, attributes: Vec<Attribute>) -> Self {
        let seen = Observation {
            on,
            headcount: header.employees,
            coverage: header.coverage.clone(),
        };
        let agreed = attributes.into_iter().map(|attribute| {
            let high = seen.share(&attribute);
            (attribute, Agreed { on, high })
        });
        self.agreed_coverage.extend(agreed);
        self
    }

    /// Forgets agreements together with what was before them; one that there is nothing lasts as long as there is nothing.
    /// What is seen later on the day of an agreement counts for it: the observation of that day holds what was seen before, too.
    fn keep_agreements(&mut self, today: &Observation, oldest: Date) {
        let keep = |agreed: &mut Agreed, seen: u32| {
            if agreed.on == today.on {
                agreed.high = agreed.high.max(seen);
            }
            agreed.on > oldest || agreed.high.max(seen) == 0
        };
        self.agreed_headcount = self
            .agreed_headcount
            .and_then(|mut agreed| keep(&mut agreed, today.headcount).then_some(agreed));
        self.agreed_coverage
            .retain(|attribute, agreed| keep(agreed, today.share(attribute)));
    }
}

/// Returns the most that was seen, or the most since an agreement.
fn high<'a>(agreed: Option<Agreed>, seen: impl Iterator<Item = (&'a Observation, u32)>) -> u32 {
    match agreed {
        Some(agreed) => agreed.high_with(seen),
        None => seen.map(|(_, seen)| seen).max().unwrap_or(0),
    }
}

#[cfg(test)]
mod tests;
