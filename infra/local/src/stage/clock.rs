//! The stage's clock: real time, moved on by hand. It begins at noon UTC, when it is the same date nearly everywhere.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use rollcall::{run::Clock, runtime::SystemClock};

/// The real clock with a shift that only grows.
#[derive(Debug)]
pub struct StageClock {
    shift_ms: AtomicI64,
}

impl StageClock {
    /// Returns a clock on which it is noon UTC of the machine's date.
    pub fn at_noon() -> Self {
        let clock = Self {
            shift_ms: AtomicI64::new(0),
        };
        let noon = clock.today().at(12, 0, 0, 0).to_zoned(TimeZone::UTC);
        let ahead = noon.map_or(SignedDuration::ZERO, |noon| {
            noon.timestamp().duration_since(SystemClock.now())
        });
        clock.advance(ahead.saturating_add(SignedDuration::from_millis(1)));
        clock
    }

    /// Returns a clock that shows the real time.
    pub fn real() -> Self {
        Self {
            shift_ms: AtomicI64::new(0),
        }
    }

    /// Moves on, or back where negative.
    pub fn advance(&self, by: SignedDuration) {
        let by = i64::try_from(by.as_millis()).unwrap_or_default();
        self.shift_ms.fetch_add(by, Ordering::Relaxed);
    }

    /// Moves on to an instant; one that is past changes nothing.
    pub fn advance_to(&self, instant: Timestamp) {
        let ahead = instant.duration_since(self.now());
        if ahead.is_positive() {
            // A millisecond more, because what is below a millisecond is cut off.
            self.advance(ahead.saturating_add(SignedDuration::from_millis(1)));
        }
    }

    /// Returns the date in UTC.
    pub fn today(&self) -> Date {
        self.now().to_zoned(TimeZone::UTC).date()
    }
}

impl Clock for StageClock {
    fn now(&self) -> Timestamp {
        let shift = SignedDuration::from_millis(self.shift_ms.load(Ordering::Relaxed));
        SystemClock.now().saturating_add(shift).unwrap_or(Timestamp::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stage_begins_at_noon_of_the_real_date_and_lets_days_pass() {
        let clock = StageClock::at_noon();
        assert_eq!(clock.today(), SystemClock.now().to_zoned(TimeZone::UTC).date());
        assert_eq!(clock.now().to_zoned(TimeZone::UTC).hour(), 12);
        clock.advance(SignedDuration::from_hours(24));
        assert_eq!(
            clock.today(),
            SystemClock.now().to_zoned(TimeZone::UTC).date().tomorrow().unwrap()
        );
    }

    #[test]
    fn moving_on_to_an_instant_never_moves_back() {
        let clock = StageClock::at_noon();
        let later = clock.now() + SignedDuration::from_mins(10);
        clock.advance_to(later);
        assert!(clock.now() >= later);
        clock.advance_to(later - SignedDuration::from_mins(5));
        assert!(clock.now() >= later);
    }
}
