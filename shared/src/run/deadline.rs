//! Deadlines: work that waits too long for another system is called off while there is time left to say so. A function
//! that is stopped by its own end says nothing.

use std::time::Duration;

use jiff::Timestamp;

use super::{Clock, Invocation, Ports};
use crate::store::Lease;

/// A function that has little time keeps one part in this many of it for ending well.
const PART: i32 = 6;

/// Work was called off at its deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reached;

/// Works until an instant at the latest. What is called off is as if the process had died in the middle of it.
///
/// # Errors
/// [`Reached`]: the instant came first.
pub(super) fn within<T>(
    clock: &dyn Clock,
    until: Timestamp,
    work: impl Future<Output = T>,
) -> impl Future<Output = Result<T, Reached>> {
    let left = Duration::try_from(until.duration_since(clock.now())).unwrap_or_default();
    // On the heap: each future that waits would else be as large as all that it waits for.
    let work = tokio::time::timeout(left, Box::pin(work));
    async move { work.await.map_err(|_elapsed| Reached) }
}

/// Until when a delivery may read: what is left then of the function's time, and of the lease's, is for keeping what was
/// read and for the record.
pub(super) fn reads_until(ports: &Ports, invocation: &Invocation, lease: &Lease) -> Timestamp {
    let ends_at = invocation.deadline.min(lease.until);
    let part = ends_at.duration_since(ports.clock.now()) / PART;
    ends_at
        .saturating_sub(part.min(ports.settings.margin))
        .unwrap_or(Timestamp::MIN)
}

/// Until when a delivery waits for an answer to what it began: what is left then is for passing the rest on. Beyond it nothing
/// but the store can take its time.
pub(super) fn waits_until(ports: &Ports, invocation: &Invocation, lease: &Lease) -> Timestamp {
    let ends_at = invocation.deadline.min(lease.until);
    ends_at
        .saturating_sub(ports.settings.margin / PART)
        .unwrap_or(Timestamp::MIN)
}

/// When a delivery ends by itself, whatever it waits for, and gives back what it holds.
pub(super) fn ends_at(ports: &Ports, invocation: &Invocation, lease: &Lease) -> Timestamp {
    let ends_at = invocation.deadline.min(lease.until);
    ends_at
        .saturating_sub(ports.settings.margin / (2 * PART))
        .unwrap_or(Timestamp::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{FixedClock, builder::at};

    #[tokio::test(start_paused = true)]
    async fn work_goes_on_until_its_deadline_and_no_longer() {
        let clock = FixedClock::new(at("2026-03-01T04:00:00Z"));
        let until = at("2026-03-01T04:04:30Z");
        let work = |seconds| async move {
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            seconds
        };
        assert_eq!(within(&clock, until, work(269)).await, Ok(269));
        assert_eq!(within(&clock, until, work(271)).await, Err(Reached));
        clock.set(at("2026-03-01T04:05:00Z"));
        assert_eq!(within(&clock, until, work(1)).await, Err(Reached), "it has passed");
        assert_eq!(
            within(&clock, until, async { 0 }).await,
            Ok(0),
            "what takes no time has some"
        );
    }
}
