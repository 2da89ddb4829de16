//! The emulator's own time: it starts on a chosen day and is moved on by `POST /_emulator/day`.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::sync::atomic::{AtomicI64, Ordering};

/// Returns the machine's time. No other place reads it.
#[expect(
    clippy::disallowed_methods,
    reason = "an emulator is a server of its own: it has no caller who could tell it the time"
)]
pub(crate) fn real_now() -> Timestamp {
    Timestamp::now()
}

/// Returns the real date in UTC.
pub(crate) fn real_today() -> Date {
    real_now().to_zoned(TimeZone::UTC).date()
}

/// Returns a date this many days later, or earlier where negative.
pub(crate) fn plus_days(date: Date, days: i64) -> Date {
    date.saturating_add(SignedDuration::from_hours(days.saturating_mul(24)))
}

/// The time of day is the machine's; the date is the emulator's.
#[derive(Debug)]
pub(crate) struct Clock {
    shifted_days: AtomicI64,
}

impl Clock {
    /// Returns a clock on which it is `today`.
    pub(crate) fn starting_on(today: Date) -> Self {
        let shifted = today.duration_since(real_today()).as_hours() / 24;
        Self {
            shifted_days: AtomicI64::new(shifted),
        }
    }

    /// Moves on by one day.
    pub(crate) fn pass_day(&self) {
        self.shifted_days.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns the seconds since 1970 in the emulator's time.
    pub(crate) fn unix_seconds(&self) -> i64 {
        real_now().as_second() + self.shifted_days.load(Ordering::Relaxed) * 86_400
    }
}
