//! Requests that failed of late, for vendors that shut out an address from which too many such come: a process waits before there are as many.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::{Instant, sleep};

use crate::http::{Error, Failure, Incoming};

/// What failed of late, by the address that was asked.
#[derive(Debug)]
pub struct Failures {
    most: usize,
    window: Duration,
    seen: Mutex<BTreeMap<String, VecDeque<Instant>>>,
}

impl Failures {
    /// So many within a window are let happen before a process waits.
    pub const fn at_most(most: usize, window: Duration) -> Self {
        Self {
            most,
            window,
            seen: Mutex::new(BTreeMap::new()),
        }
    }

    /// Waits until one more request may fail.
    pub(super) async fn enter(&self, address: &str) {
        if let Some(wait) = self.closed_for(address, Instant::now()) {
            sleep(wait).await;
        }
    }

    /// Counts what came of a request: every try that was refused, but for those that came too fast.
    pub(super) fn note(&self, address: &str, answer: &Result<Incoming, Error>) {
        let (status, tries) = match answer {
            Ok(answer) => (answer.status(), 1),
            Err(Error::Exhausted {
                failure: Failure::Status(status),
                tries,
                ..
            }) => (*status, *tries),
            Err(_) => return,
        };
        if status >= 400 && status != 429 {
            self.count(address, tries, Instant::now());
        }
    }

    fn count(&self, address: &str, tries: u32, now: Instant) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let own = seen.entry(address.to_owned()).or_default();
        own.extend((0..tries).map(|_| now));
    }

    /// Returns for how long nothing more may fail at an address, where as many did.
    fn closed_for(&self, address: &str, now: Instant) -> Option<Duration> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let own = seen.get_mut(address)?;
        while own.front().is_some_and(|at| *at + self.window <= now) {
            own.pop_front();
        }
        if own.is_empty() {
            seen.remove(address);
            return None;
        }
        let over = own.len().checked_sub(self.most)?;
        own.get(over).map(|at| *at + self.window - now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_failures_as_are_let_happen_close_an_address_until_the_first_of_them_is_old_enough() {
        let failures = Failures::at_most(3, Duration::from_secs(10));
        let begin = Instant::now();
        let after = |seconds| begin + Duration::from_secs(seconds);
        failures.count("a", 2, begin);
        assert_eq!(failures.closed_for("a", after(1)), None);
        failures.count("a", 1, after(4));
        assert_eq!(failures.closed_for("a", after(5)), Some(Duration::from_secs(5)));
        assert_eq!(
            failures.closed_for("b", after(5)),
            None,
            "another address is another server"
        );
        assert_eq!(failures.closed_for("a", after(10)), None);
        failures.count("a", 5, after(11));
        assert_eq!(failures.closed_for("a", after(12)), Some(Duration::from_secs(9)));
        assert_eq!(failures.closed_for("a", after(30)), None);
        assert!(
            failures.seen.lock().unwrap().is_empty(),
            "nothing is kept of what is over"
        );
    }
}
