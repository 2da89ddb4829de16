//! When mornings begin: at a time of day, by the clocks of a zone.

use jiff::{
    SignedDuration, Timestamp, ToSpan as _,
    civil::{Date, Time},
    tz::{AmbiguousOffset, TimeZone},
};

/// How much too early a clock may say that a morning has begun.
const EARLY: SignedDuration = SignedDuration::from_mins(5);

/// The schedule of mornings: one for each date of its zone.
#[derive(Clone, Debug)]
pub struct Schedule {
    /// The time of day.
    pub at: Time,
    /// By the clocks of which zone.
    pub zone: TimeZone,
}

impl Schedule {
    /// Returns the date of the morning that an instant belongs to: of the last morning that has begun. It is the date
    /// in the zone, so that each date has one morning: the date in UTC may come twice, or not at all, where clocks
    /// change.
    pub fn day_of(&self, instant: Timestamp) -> Date {
        let latest = instant.saturating_add(EARLY).unwrap_or(Timestamp::MAX);
        let today = latest.to_zoned(self.zone.clone()).date();
        // A time that the clocks skip is moved on, at most to the next date.
        let days = [today, today.saturating_sub(1.day()), today.saturating_sub(2.days())];
        let has_begun = |day: &Date| self.begins_at(*day).is_some_and(|begins_at| begins_at <= latest);
        days.into_iter().find(has_begun).unwrap_or(today)
    }

    /// When the next morning begins after an instant. A date on which the clocks skip the time has none.
    pub fn next_after(&self, instant: Timestamp) -> Option<Timestamp> {
        let today = instant.to_zoned(self.zone.clone()).date();
        let days = (-1..=2).map(|days| today.saturating_add(days.days()));
        let mut mornings = days
            .filter(|day| !self.is_skipped(*day))
            .filter_map(|day| self.begins_at(day));
        mornings.find(|begins_at| *begins_at > instant)
    }

    fn is_skipped(&self, day: Date) -> bool {
        let begins_at = self.zone.to_ambiguous_timestamp(day.to_datetime(self.at));
        matches!(begins_at.offset(), AmbiguousOffset::Gap { .. })
    }

    /// A time that the clocks skip is as much later as they skip; of one that comes twice, the first counts.
    fn begins_at(&self, day: Date) -> Option<Timestamp> {
        let zoned = day.to_datetime(self.at).to_zoned(self.zone.clone()).ok()?;
        Some(zoned.timestamp())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;
    use crate::testing::builder::at;

    fn schedule(zone: &str, hour: i8, minute: i8) -> Schedule {
        Schedule {
            at: time(hour, minute, 0, 0),
            zone: TimeZone::get(zone).unwrap(),
        }
    }

    #[test]
    fn a_mornings_day_is_the_date_of_its_zone_on_both_sides_of_a_change_of_clocks() {
        let west = schedule("America/Los_Angeles", 16, 30);
        assert_eq!(west.day_of(at("2026-03-08T00:30:00Z")), date(2026, 3, 7));
        assert_eq!(west.day_of(at("2026-03-08T23:30:00Z")), date(2026, 3, 8));
        let east = schedule("Pacific/Kiritimati", 4, 0);
        assert_eq!(east.day_of(at("2026-03-07T14:00:00Z")), date(2026, 3, 8));
    }

    #[test]
    fn an_instant_belongs_to_the_morning_before_it_until_the_next_has_begun() {
        let late = schedule("Europe/London", 23, 55);
        assert_eq!(late.day_of(at("2026-01-11T00:20:00Z")), date(2026, 1, 10));
        assert_eq!(
            late.day_of(at("2026-01-10T23:54:30Z")),
            date(2026, 1, 10),
            "a clock that is late"
        );
        assert_eq!(late.day_of(at("2026-01-10T23:40:00Z")), date(2026, 1, 9));
        let midnight = schedule("UTC", 0, 0);
        assert_eq!(midnight.day_of(at("2026-01-09T23:59:59.9Z")), date(2026, 1, 10));
    }

    #[test]
    fn the_next_morning_is_the_first_after_an_instant_whose_time_the_clocks_do_not_skip() {
        let usual = schedule("UTC", 4, 0);
        assert_eq!(
            usual.next_after(at("2026-03-01T03:59:59Z")),
            Some(at("2026-03-01T04:00:00Z"))
        );
        assert_eq!(
            usual.next_after(at("2026-03-01T04:00:00Z")),
            Some(at("2026-03-02T04:00:00Z"))
        );
        // Clocks go from 23:00 to 24:00 there.
        let skipped = schedule("America/Nuuk", 23, 30);
        let moved = at("2026-03-29T01:30:00Z");
        assert_eq!(
            skipped.next_after(at("2026-03-29T01:10:00Z")),
            Some(at("2026-03-30T00:30:00Z")),
            "as AWS does"
        );
        let madrid = schedule("Europe/Madrid", 2, 30);
        assert_eq!(
            madrid.next_after(at("2026-03-28T02:00:00Z")),
            Some(at("2026-03-30T00:30:00Z"))
        );
        assert_eq!(skipped.day_of(moved), date(2026, 3, 28));
        assert_eq!(skipped.day_of(at("2026-03-30T00:30:00Z")), date(2026, 3, 29));
    }
}
