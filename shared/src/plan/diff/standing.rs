//! Where people stand in the working life at the instant of the plan (R14, R17).

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};

use crate::{
    connection::{Configuration, Decision, DecisionRecord},
    employee::{Canonical, EmploymentStatus, LastDay, parse_date},
    mapping::{Person, Seen},
};

/// The standing of one person: their status, and whether they start soon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    /// `None` where neither a status nor a last day was shown, or where one that decides cannot be read: then it cannot be judged, and
    /// it brings no person back.
    pub(super) status: Option<EmploymentStatus>,
    /// Whether the first day is near enough for an account.
    pub(super) starts_soon: bool,
    /// What cannot be read and would decide whether they are there; no person has decided it.
    pub(super) undecided: Option<Canonical>,
    /// HR says that they are active, and shows a last day that is long past; nobody has decided which of the two holds.
    pub(super) is_contradicted: bool,
}

impl Standing {
    pub(super) fn is_terminated(self) -> bool {
        self.status == Some(EmploymentStatus::Terminated)
    }

    /// Returns whether the first day is still too far off.
    pub(super) fn is_early(self) -> bool {
        self.status == Some(EmploymentStatus::Upcoming) && !self.starts_soon
    }
}

/// Judges people by the rules of a configuration.
#[derive(Clone, Copy)]
pub(super) struct Judge {
    end: LastDay,
    days_before_start: i64,
}

impl Judge {
    pub(super) fn new(configuration: &Configuration) -> Self {
        Self {
            end: configuration.leavers.effective,
            days_before_start: i64::from(configuration.joiners.days_before_start),
        }
    }

    /// Returns the standing of a person. Where HR contradicts itself a decision that they have an account means that they are
    /// back, if it was made after the last day that HR shows. Who was away is about to start where a later first day is near.
    pub(super) fn standing(self, person: &Person<'_>, decided: Option<&DecisionRecord>) -> Standing {
        let date = |canonical| person.canonical(canonical).value().and_then(parse_date);
        let said = person.canonical(Canonical::EmploymentStatus).value();
        let said = said.and_then(EmploymentStatus::parse);
        let first_on: Option<Date> = date(Canonical::StartDate);
        let last_on = person.canonical(Canonical::TerminationDate);
        let today = person.today();
        let is_judged = said.is_some() || matches!(last_on, Seen::Value(_) | Seen::Empty);
        let (last_on, undecided) = (last_on.value().and_then(parse_date), person.undecided_by());
        let mut status = EmploymentStatus::judge(today, said, first_on, last_on, self.end);
        let reached = || today.checked_add(self.days_before_start.days()).unwrap_or(today);
        let starts_soon = first_on.is_some_and(|first_on| first_on <= today || first_on <= reached());
        let is_away = first_on > last_on && last_on.is_some() && said != Some(EmploymentStatus::Terminated);
        let is_contradicted = EmploymentStatus::is_contradicted(today, said, first_on, last_on);
        let decision = decided.map(|record| &record.decision);
        let is_later = decided.is_some_and(|record| last_on.is_some_and(|last_on| day_of(record.at) > last_on));
        let is_back = is_later && matches!(decision, Some(Decision::Link { .. } | Decision::NewAccount));
        let other = if is_contradicted && is_back {
            Some(EmploymentStatus::Active)
        } else {
            let is_soon_back = is_away && starts_soon && status == EmploymentStatus::Terminated;
            is_soon_back.then_some(EmploymentStatus::Upcoming)
        };
        if let Some(other) = other {
            status = other;
            person.count_as(other);
        }
        let undecided = undecided.filter(|_| other.is_none());
        let is_judged = undecided.is_none() && (is_judged || status == EmploymentStatus::Upcoming);
        Standing {
            status: is_judged.then_some(status),
            undecided,
            starts_soon,
            is_contradicted: is_contradicted && !is_back && !matches!(decision, Some(Decision::Left)),
        }
    }
}

/// Returns the day of an instant in UTC: days that contradict each other are weeks apart.
fn day_of(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}
