//! What a person was, is and will be paid for: the versions of their contract.

use super::Company;
use crate::clock::plus_days;
use crate::draw::below;
use crate::person::Person;
use jiff::civil::Date;

/// The most versions one person has.
pub(crate) const SLOTS: u64 = 4;

/// Terms from a day on, until the next version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Version {
    /// Which of the person's versions, from 0; stays the same for the same version.
    pub(crate) slot: u64,
    pub(crate) effective_on: Date,
    /// The employment it belongs to: first and last day.
    pub(crate) spell: (Date, Option<Date>),
    pub(crate) job_title: Option<String>,
    pub(crate) pay_cents: i64,
}

impl Company {
    /// Returns all versions, oldest first: of the employment before, as hired, as of the last change, and a planned
    /// raise.
    pub(crate) fn versions(&self, person: &Person) -> Vec<Version> {
        let title = person.job_title().map(std::borrow::Cow::into_owned);
        let changed_on = plus_days(
            person.starts_on,
            200 + i64::try_from(below(person.key, 60, 400)).unwrap_or_default(),
        );
        let mut versions = Vec::with_capacity(3);
        let spell = (person.starts_on, person.ends_on);
        if let Some(earlier) = person.earlier.last() {
            versions.push(Version {
                slot: 3,
                effective_on: earlier.starts_on,
                spell: (earlier.starts_on, Some(earlier.ends_on)),
                job_title: Some(person.job.earlier().title()),
                pay_cents: person.pay_cents * 3 / 5,
            });
        }
        if changed_on < plus_days(self.founded_on, -3) && person.ends_on.is_none_or(|last_day| changed_on < last_day) {
            versions.push(Version {
                slot: 0,
                effective_on: person.starts_on,
                spell,
                job_title: Some(person.job.earlier().title()),
                pay_cents: person.pay_cents * 4 / 5,
            });
            versions.push(Version {
                slot: 1,
                effective_on: changed_on,
                spell,
                job_title: title.clone(),
                pay_cents: person.pay_cents,
            });
        } else {
            versions.push(Version {
                slot: 0,
                effective_on: person.starts_on,
                spell,
                job_title: title.clone(),
                pay_cents: person.pay_cents,
            });
        }
        if let Some(raise_on) = person.raise_on {
            versions.push(Version {
                slot: 2,
                effective_on: raise_on,
                spell,
                job_title: title,
                pay_cents: person.pay_cents * 103 / 100,
            });
        }
        versions
    }

    /// Returns the version that applies today, else the nearest upcoming one; of a person who left, the latest.
    pub(crate) fn current_version(&self, person: &Person) -> Option<Version> {
        let mut versions = self.versions(person);
        let begun = versions.iter().rposition(|version| version.effective_on <= self.today);
        let is_over = |version: &Version| version.spell.1.is_some_and(|last_day| last_day < self.today);
        let applying = match begun {
            None => 0,
            Some(last) if last + 1 < versions.len() && versions.get(last).is_some_and(is_over) => last + 1,
            Some(last) => last,
        };
        (applying < versions.len()).then(|| versions.swap_remove(applying))
    }
}
