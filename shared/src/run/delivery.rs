//! How a delivery of a message begins and ends: with a slot of the tenant's share (R48) and under the connection's lease, or
//! not at all (R30).

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{
    Done, Error, Invocation, Message, Ports,
    ended::clear_if_ended,
    record::find_run,
    share::{Asking, Held, give_back, take},
    spread::later,
};
use crate::{
    connection::ConnectionId,
    queue::LONGEST_DELAY,
    store::{Lease, RunId, RunRecord, RunStatus},
};

/// A message that is later than it was sent to come, by this much, is held for lost. Queues deliver late at times; a
/// message that is sent twice does no harm.
const LOST_AFTER: SignedDuration = SignedDuration::from_mins(1);

/// For how long a request holds a connection: it is called off within half a minute, and a lease that it could not give back
/// keeps nobody away for much longer.
pub(super) const OF_A_REQUEST: SignedDuration = SignedDuration::from_mins(1);

/// A delivery that may work.
pub(super) struct Delivery {
    /// The right to work on the connection. Two deliveries of one message are two holders.
    pub(super) lease: Lease,
    /// The right to work at all, beside other tenants' runs; not where the connection is gone.
    pub(super) slot: Option<Held>,
    /// The run, read under the lease: what another delivery did before shows.
    pub(super) run: RunRecord,
}

/// Takes the connection's lease for one delivery of a message. Where there is nothing to do any more, or another run
/// holds the connection, returns what became of the message.
pub(super) async fn begin(
    ports: &Ports,
    message: &Message,
    invocation: &Invocation,
) -> Result<Result<Delivery, Done>, Error> {
    let Some(run) = find_run(ports, message).await?.filter(|run| !is_over(run, message)) else {
        return Ok(Err(Done::Repeated));
    };
    if let Some(left) = left_to_wait(&run, ports.clock.now()) {
        return wait_on(ports, message, left).await.map(Err);
    }
    let holder = RunId::parse(&invocation.id).map_err(|_| Error::Missing("an invocation id"))?;
    let slot = match ports.store.find_connection(&message.connection).await? {
        None => None,
        Some(connection) => {
            let asking = Asking {
                kind: run.kind,
                connection: &message.connection,
                tenant: &connection.record.tenant,
                holder: &holder,
                until: lease_end(ports),
                again_after: wait_of(ports, message),
            };
            match take(ports, asking).await? {
                Some(slot) => Some(slot),
                None => return defer(ports, &run, message).await.map(Err),
            }
        }
    };
    let begun = begin_with(ports, message, &run, &holder, slot.clone()).await;
    if !matches!(begun, Ok(Ok(_))) {
        give_back_slot(ports, slot.as_ref()).await;
    }
    begun
}

/// Returns for how long a run still waits for the allowance of its HR system.
fn left_to_wait(run: &RunRecord, now: Timestamp) -> Option<Duration> {
    let left = run.waits_until?.duration_since(now);
    Duration::try_from(left).ok().filter(|left| !left.is_zero())
}

/// Sends a message on whose run waits for longer than a queue delays. The record says until when, so that a message which is
/// lost on its way is missed then.
async fn wait_on(ports: &Ports, message: &Message, left: Duration) -> Result<Done, Error> {
    let delay = left.min(LONGEST_DELAY);
    ports
        .queue
        .send(message.task.queue(), &message.to_text(), delay)
        .await?;
    Ok(Done::Deferred)
}

/// Begins a delivery that has its slot. The caller gives the slot back where nothing is begun.
async fn begin_with(
    ports: &Ports,
    message: &Message,
    run: &RunRecord,
    holder: &RunId,
    slot: Option<Held>,
) -> Result<Result<Delivery, Done>, Error> {
    let now = ports.clock.now();
    let lease = ports
        .store
        .acquire_lease(&message.connection, holder, now, lease_end(ports))
        .await?;
    let Some(lease) = lease else {
        return defer(ports, run, message).await.map(Err);
    };
    match find_run(ports, message).await {
        Ok(Some(run)) if !is_over(&run, message) => Ok(Ok(Delivery { lease, slot, run })),
        result => {
            // Where the connection was erased at this moment, its lease is left to nobody.
            let ended = clear_if_ended(ports, &message.connection).await;
            end(ports, &lease).await;
            ended?;
            result.map(|_| Err(Done::Repeated))
        }
    }
}

/// Takes a connection's lease for a request, the upkeep or a sweep, which are no deliveries of a run. Returns `None`
/// where a run or another request holds the lease.
pub(super) async fn hold(
    ports: &Ports,
    connection: &ConnectionId,
    how_long: SignedDuration,
) -> Result<Option<Lease>, Error> {
    let holder = RunId::parse(&ports.ids.next("invocation")).map_err(|_| Error::Missing("an invocation id"))?;
    let now = ports.clock.now();
    let until = now.saturating_add(how_long).unwrap_or(Timestamp::MAX);
    Ok(ports.store.acquire_lease(connection, &holder, now, until).await?)
}

/// Returns when a lease ends that is taken now.
fn lease_end(ports: &Ports) -> Timestamp {
    let now = ports.clock.now();
    now.saturating_add(ports.settings.lease).unwrap_or(Timestamp::MAX)
}

/// Whether the run has ended, or the message's slice was accepted before.
const fn is_over(run: &RunRecord, message: &Message) -> bool {
    run.status.is_final() || message.task.slice() < run.slice
}

/// Gives the lease back. Where that fails it ends by itself: the delivery's own result stands.
pub(super) async fn end(ports: &Ports, lease: &Lease) {
    if let Err(error) = ports.store.release_lease(lease).await {
        tracing::warn!(connection.id = %lease.connection, error = %error, "the lease is left to its end");
    }
}

/// Gives back what a delivery holds. The lease goes first, so that the delivery that takes the slot may be the
/// connection's next run.
pub(super) async fn leave(ports: &Ports, lease: &Lease, slot: Option<&Held>) {
    end(ports, lease).await;
    give_back_slot(ports, slot).await;
}

async fn give_back_slot(ports: &Ports, slot: Option<&Held>) {
    if let Some(slot) = slot {
        give_back(ports, slot).await;
    }
}

/// Sends a message again with a delay that grows, because another run holds the connection, or other tenants' runs come
/// first. The message is never dropped, and uses up no receives.
pub(super) async fn defer(ports: &Ports, run: &RunRecord, message: &Message) -> Result<Done, Error> {
    let delay = wait_of(ports, message);
    ports
        .queue
        .send(message.task.queue(), &message.again().to_text(), delay)
        .await?;
    if matches!(run.status, RunStatus::Queued | RunStatus::Deferred) {
        // The lease may be held by another delivery of this run: what that delivery writes must not be written over.
        let deferred = RunRecord {
            status: RunStatus::Deferred,
            due_at: Some(later(ports.clock.now(), delay)),
            ..run.clone()
        };
        ports.store.change_run(run, &deferred).await?;
    }
    Ok(Done::Deferred)
}

/// Returns how long a message is to wait now.
fn wait_of(ports: &Ports, message: &Message) -> Duration {
    step(message.waits).min(ports.settings.retry_after)
}

/// Returns how long a message waits that has waited this many times: a second, then twice as long each time.
fn step(waits: u32) -> Duration {
    Duration::from_secs(1_u64.checked_shl(waits).unwrap_or(u64::MAX))
}

/// Returns whether the message of a run is to be sent again. It is held for lost where no process works on the run, as
/// far as the records tell, and the message is not about to come.
pub(super) fn is_lost(run: &RunRecord, now: Timestamp) -> bool {
    run.due_at.is_none_or(|due_at| now.duration_since(due_at) > LOST_AFTER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wait_is_twice_as_long_as_the_one_before() {
        let steps: Vec<u64> = (0..6).map(|waits| step(waits).as_secs()).collect();
        assert_eq!(steps, [1, 2, 4, 8, 16, 32]);
        assert!(step(u32::MAX) > Duration::from_hours(1));
    }
}
