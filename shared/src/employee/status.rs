//! The employment status of a person, as judged on one day.

use jiff::{ToSpan, civil::Date};

use super::LastDay;

/// For so long after a last day HR systems may still say that a person is active.
const LONG_PAST_DAYS: i64 = 30;

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

    /// Returns the status by first and last day, both included.
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
    /// provider's `terminated` without a last day is believed, and so is `upcoming` without a first day; where there is a last day, that
    /// day decides. A last day before the first day of an employment that has begun belongs to an earlier one, and decides nothing.
    pub fn judge(today: Date, said: Option<Self>, first_on: Option<Date>, last_on: Option<Date>, end: LastDay) -> Self {
        let last_on =
            last_on.filter(|last_on| !first_on.is_some_and(|first_on| *last_on < first_on && first_on <= today));
        let last_on = match end {
            LastDay::EndOfLastDay => last_on,
            LastDay::StartOfLastDay => last_on.map(|day| day.yesterday().unwrap_or(day)),
        };
        match (said, last_on, Self::on(today, first_on, last_on)) {
            (Some(Self::Terminated), None, _) => Self::Terminated,
            (Some(Self::Upcoming), _, Self::Active) if first_on.is_none() => Self::Upcoming,
            (_, _, by_days) => by_days,
        }
    }

    /// Returns whether a provider's word and its dates contradict each other for so long that neither can be taken for the
    /// later news: the person is said to be active, and the last day is long past, with no first day behind it.
    pub fn is_contradicted(today: Date, said: Option<Self>, first_on: Option<Date>, last_on: Option<Date>) -> bool {
        let Some(last_on) = last_on.filter(|_| said == Some(Self::Active)) else {
            return false;
        };
        let long_ago = today.checked_sub(LONG_PAST_DAYS.days()).unwrap_or(today);
        last_on < long_ago && first_on.is_none_or(|first_on| first_on <= last_on)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn judged(today: &str, said: Option<EmploymentStatus>, first: &str, last: &str) -> EmploymentStatus {
        let (first_on, last_on) = (Some(day(first)), Some(day(last)));
        EmploymentStatus::judge(day(today), said, first_on, last_on, LastDay::EndOfLastDay)
    }

    #[test]
    fn r14_a_last_day_before_the_first_day_of_the_current_employment_belongs_to_an_earlier_one() {
        use EmploymentStatus::{Active, Terminated};
        for said in [Some(Active), None] {
            assert_eq!(judged("2026-03-02", said, "2025-02-01", "2024-06-30"), Active);
        }
        assert_eq!(judged("2025-02-01", Some(Active), "2025-02-01", "2024-06-30"), Active);
        let said = Some(Terminated);
        assert_eq!(
            judged("2026-03-02", said, "2025-02-01", "2024-06-30"),
            Terminated,
            "HR says so"
        );
        assert_eq!(
            judged("2026-03-02", Some(Active), "2025-02-01", "2025-02-01"),
            Terminated,
            "one day long"
        );
    }

    #[test]
    fn r14_between_two_employments_a_person_has_left() {
        let said = Some(EmploymentStatus::Active);
        assert_eq!(
            judged("2025-01-31", said, "2025-02-01", "2024-06-30"),
            EmploymentStatus::Terminated
        );
        assert_eq!(
            judged("2024-06-30", said, "2025-02-01", "2024-06-30"),
            EmploymentStatus::Upcoming
        );
    }

    #[test]
    fn r17_a_person_who_is_said_to_begin_later_has_not_begun_where_no_first_day_is_shown() {
        use EmploymentStatus::{Active, Terminated, Upcoming};
        let judged = |first: Option<&str>, last: Option<&str>| {
            let end = LastDay::EndOfLastDay;
            EmploymentStatus::judge(day("2026-03-02"), Some(Upcoming), first.map(day), last.map(day), end)
        };
        assert_eq!(judged(None, None), Upcoming);
        assert_eq!(judged(None, Some("2026-12-31")), Upcoming);
        assert_eq!(
            judged(None, Some("2024-06-30")),
            Terminated,
            "the last day counts for more"
        );
        assert_eq!(judged(Some("2026-03-02"), None), Active, "and so does the first day");
        assert_eq!(judged(Some("2026-03-03"), None), Upcoming);
    }

    #[test]
    fn a_word_contradicts_a_last_day_that_is_long_past_and_no_other_one() {
        use EmploymentStatus::{Active, Terminated, Upcoming};
        let is_contradicted = |today: &str, said, first: Option<&str>, last: Option<&str>| {
            EmploymentStatus::is_contradicted(day(today), said, first.map(day), last.map(day))
        };
        let (first, last) = (Some("2020-01-01"), Some("2024-06-30"));
        assert!(is_contradicted("2026-03-02", Some(Active), first, last));
        assert!(is_contradicted("2026-03-02", Some(Active), None, last));
        for said in [Some(Terminated), Some(Upcoming), None] {
            assert!(!is_contradicted("2026-03-02", said, first, last), "{said:?}");
        }
        assert!(
            !is_contradicted("2026-03-02", Some(Active), Some("2025-02-01"), last),
            "back since"
        );
        assert!(!is_contradicted("2026-03-02", Some(Active), first, None));
        assert!(
            !is_contradicted("2024-07-30", Some(Active), first, last),
            "HR is given some time"
        );
        assert!(is_contradicted("2024-07-31", Some(Active), first, last));
    }
}
