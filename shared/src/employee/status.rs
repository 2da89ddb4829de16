//! Where a person stands in the working life, as judged on one day.

use jiff::civil::Date;

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
    /// The word in configuration and documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Terminated => "terminated",
            Self::Upcoming => "upcoming",
        }
    }

    /// Reads the word. Returns `None` for any other.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "active" => Some(Self::Active),
            "terminated" => Some(Self::Terminated),
            "upcoming" => Some(Self::Upcoming),
            _ => None,
        }
    }

    /// Judges by first and last day, both included. A last day before the first is a last day all the same.
    pub fn on(day: Date, first_on: Option<Date>, last_on: Option<Date>) -> Self {
        if last_on.is_some_and(|last_on| day > last_on) {
            Self::Terminated
        } else if first_on.is_some_and(|first_on| day < first_on) {
            Self::Upcoming
        } else {
            Self::Active
        }
    }
}
