//! Pacing: requests go to a host at a steady rate, with a bounded burst and a bounded number of requests under way.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, sleep_until},
};

use super::Pace;

/// Lets requests to one host start, one after another, in the order in which they came.
#[derive(Debug)]
pub(super) struct Pacer {
    in_flight: Arc<Semaphore>,
    /// Time between two starts.
    interval: Duration,
    /// How far starts may run ahead of the steady rate.
    slack: Duration,
    /// When the next start would be due at the steady rate.
    due_at: Mutex<Option<Instant>>,
}

impl Pacer {
    pub(super) fn new(pace: Pace) -> Self {
        let interval = Duration::from_secs(1) / pace.per_second.max(1);
        Self {
            in_flight: Arc::new(Semaphore::new(usize::try_from(pace.in_flight.max(1)).unwrap_or(1))),
            interval,
            slack: interval * pace.burst.saturating_sub(1),
            due_at: Mutex::new(None),
        }
    }

    /// Waits for a turn. The permit is held until the answer is read. `None` cannot happen: no code closes the pacer.
    pub(super) async fn enter(&self) -> Option<OwnedSemaphorePermit> {
        let permit = Arc::clone(&self.in_flight).acquire_owned().await.ok();
        let now = Instant::now();
        let start = self.reserve(now);
        // A timer counts in milliseconds: to sleep until now would cost one.
        if start > now {
            sleep_until(start).await;
        }
        permit
    }

    /// Takes the next start, in the manner of a leaky bucket read as a meter (GCRA), and returns when it is.
    fn reserve(&self, now: Instant) -> Instant {
        let mut due_at = self.due_at.lock().unwrap_or_else(PoisonError::into_inner);
        let due = due_at.map_or(now, |due| due.max(now));
        *due_at = Some(due + self.interval);
        due.checked_sub(self.slack).map_or(now, |start| start.max(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_burst_starts_at_once_and_the_rest_at_the_steady_rate() {
        let pacer = Pacer::new(Pace {
            per_second: 10,
            burst: 3,
            in_flight: 100,
        });
        let begin = Instant::now();
        let mut starts = Vec::new();
        for _ in 0..6 {
            drop(pacer.enter().await);
            starts.push(begin.elapsed().as_millis());
        }
        assert_eq!(starts, [0, 0, 0, 100, 200, 300]);
        tokio::time::advance(Duration::from_mins(1)).await;
        let rested = Instant::now();
        for _ in 0..4 {
            drop(pacer.enter().await);
        }
        assert_eq!(rested.elapsed().as_millis(), 100, "a rest earns one burst, not more");
    }

    #[tokio::test(start_paused = true)]
    async fn whose_turn_it_is_does_not_wait_for_the_grain_of_a_timer() {
        let pacer = Pacer::new(Pace {
            per_second: 10,
            burst: 3,
            in_flight: 100,
        });
        tokio::time::advance(Duration::from_micros(300)).await;
        let begin = Instant::now();
        drop(pacer.enter().await);
        assert_eq!(begin.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_than_the_allowed_number_are_under_way() {
        let pacer = Pacer::new(Pace {
            per_second: 1_000,
            burst: 100,
            in_flight: 2,
        });
        let (first, second) = (pacer.enter().await, pacer.enter().await);
        let third = tokio::time::timeout(Duration::from_secs(5), pacer.enter()).await;
        assert!(third.is_err());
        drop(first);
        assert!(
            tokio::time::timeout(Duration::from_secs(5), pacer.enter())
                .await
                .is_ok()
        );
        drop(second);
    }
}
