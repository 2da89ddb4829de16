//! Where people stand in the working life at the instant of the plan (R14, R17).

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};

use crate::{
    connection::Configuration,
    employee::{AttributeRef, Calendar, Canonical, EmploymentStatus, Field, LastDay, View, parse_date},
};

/// Where one person stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    /// `None` where neither a word about it nor a last day was shown: then it cannot be judged, and nobody comes back
    /// because of it.
    pub(super) status: Option<EmploymentStatus>,
    /// Whether the first day is near enough for an account.
    pub(super) starts_soon: bool,
}

impl Standing {
    pub(super) fn is_terminated(self) -> bool {
        self.status == Some(EmploymentStatus::Terminated)
    }

    /// Whether the first day is still too far off.
    pub(super) fn is_early(self) -> bool {
        self.status == Some(EmploymentStatus::Upcoming) && !self.starts_soon
    }
}

/// Judges people at one instant.
pub(super) struct Judge {
    calendar: Calendar,
    end: LastDay,
    days_before_start: i64,
}

impl Judge {
    pub(super) fn new(now: Timestamp, configuration: &Configuration) -> Self {
        let fallback = TimeZone::get(&configuration.fallback_time_zone).unwrap_or(TimeZone::UTC);
        Self {
            calendar: Calendar::new(now, &fallback),
            end: configuration.leavers.effective,
            days_before_start: i64::from(configuration.joiners.days_before_start),
        }
    }

    /// Judges a person in one walk over the attributes.
    pub(super) fn standing(&mut self, attributes: View<'_>) -> Standing {
        let (mut said, mut last_on, mut zone) = (None, Field::Unseen, None);
        let mut first_on: Option<Date> = None;
        for entry in attributes {
            let AttributeRef::Canonical(canonical) = entry.attribute else {
                break;
            };
            if canonical == Canonical::EmploymentStatus {
                said = entry.field.value().and_then(EmploymentStatus::parse);
            } else if canonical == Canonical::StartDate {
                first_on = entry.field.value().and_then(parse_date);
            } else if canonical == Canonical::TerminationDate {
                last_on = entry.field;
            } else if canonical == Canonical::TimeZone {
                zone = entry.field.value();
            }
        }
        let today = self.calendar.today_in(zone);
        let is_judged = said.is_some() || last_on.is_seen();
        let last_on = last_on.value().and_then(parse_date);
        let status = EmploymentStatus::judge(today, said, first_on, last_on, self.end);
        let reached = || today.checked_add(self.days_before_start.days()).unwrap_or(today);
        Standing {
            status: (is_judged || status == EmploymentStatus::Upcoming).then_some(status),
            starts_soon: first_on.is_some_and(|first_on| first_on <= today || first_on <= reached()),
        }
    }
}
