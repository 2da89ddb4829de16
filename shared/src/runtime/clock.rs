//! The real clock.

use jiff::Timestamp;

use crate::clock::Clock;

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        now()
    }
}

/// The machine's time, for those who take a function.
#[expect(clippy::disallowed_methods, reason = "`runtime` is where the clock is read")]
pub(super) fn now() -> Timestamp {
    Timestamp::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_does_not_stand_still_or_run_backwards() {
        let first = SystemClock.now();
        let mut last = first;
        while last == first {
            last = SystemClock.now();
        }
        assert!(last > first);
        assert!(first.as_second() > 1_700_000_000);
    }
}
