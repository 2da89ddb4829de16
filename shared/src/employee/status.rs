//! The employment status of a person, as judged on one day.

use jiff::civil::Date;

use super::LastDay;

/// Whether a person works for the company on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EmploymentStatus {
    /// Works for the company.
    Active,
    /// The last day is over.
    Terminated,
    /// The first day is still to come.
    Upcoming,
}

impl EmploymentStatus {
    /// Returns the word in configuration and documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Terminated => "terminated",
            Self::Upcoming => "upcoming",
        }
    }

    /// Returns the status that a word means; `None` for any other word.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "active" => Some(Self::Active),
            "terminated" => Some(Self::Terminated),
            "upcoming" => Some(Self::Upcoming),
            _ => None,
        }
    }

    /// Returns the status by first and last day, both included. A last day before the first day counts too.
    pub fn on(day: Date, first_on: Option<Date>, last_on: Option<Date>) -> Self {
        if last_on.is_some_and(|last_on| day > last_on) {
            Self::Terminated
        } else if first_on.is_some_and(|first_on| day < first_on) {
            Self::Upcoming
        } else {
            Self::Active
        }
    }

    /// Returns the status by a provider's word, first and last day. A last day counts for more than the word (R14). A
    /// provider's `terminated` without a last day is believed; where there is a last day, that day decides.
    pub fn judge(today: Date, said: Option<Self>, first_on: Option<Date>, last_on: Option<Date>, end: LastDay) -> Self {
        let last_on = match end {
            LastDay::EndOfLastDay => last_on,
            LastDay::StartOfLastDay => last_on.map(|day| day.yesterday().unwrap_or(day)),
        };
        match (said, last_on) {
            (Some(Self::Terminated), None) => Self::Terminated,
            (_, last_on) => Self::on(today, first_on, last_on),
        }
    }
}
