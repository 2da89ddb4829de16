//! What every store does with leases, and with the state that a lease protects.

use futures_util::future::join_all;
use jiff::Timestamp;

use crate::{
    connection::ConnectionId,
    store::{Lease, Store, SyncState},
    testing::builder::{at, connection_id, run_id},
};

const NOON: &str = "2026-03-01T12:00:00Z";
const LATER: &str = "2026-03-01T12:06:00Z";
const MUCH_LATER: &str = "2026-03-01T12:12:00Z";

async fn acquire(store: &dyn Store, run: &str, now: Timestamp, until: &str) -> Option<Lease> {
    store
        .acquire_lease(&connection_id("c-1"), &run_id(run), now, at(until))
        .await
        .unwrap()
}

/// Of several runs that ask at once, one holds the lease.
pub async fn r30_runs_that_ask_at_once_never_hold_a_lease_together(store: &dyn Store) {
    for (now, until) in [(NOON, LATER), (LATER, MUCH_LATER)] {
        let runs: Vec<_> = (0..6).map(|number| format!("run-{now}-{number}")).collect();
        let asked = runs.iter().map(|run| acquire(store, run, at(now), until));
        let held: Vec<_> = join_all(asked).await.into_iter().flatten().collect();
        assert_eq!(held.len(), 1, "{held:?}");
    }
}

/// A lease is free again at its end, and every new holder has a higher fence.
pub async fn r30_a_lease_passes_on_at_its_end_under_a_higher_fence(store: &dyn Store) {
    let first = acquire(store, "run-1", at(NOON), LATER).await.unwrap();
    assert_eq!(
        acquire(store, "run-2", at("2026-03-01T12:05:59Z"), MUCH_LATER).await,
        None
    );
    let second = acquire(store, "run-2", at(LATER), MUCH_LATER).await.unwrap();
    assert!(second.fence > first.fence);
    store.release_lease(&second).await.unwrap();
    let third = acquire(store, "run-3", at(LATER), MUCH_LATER).await.unwrap();
    assert!(third.fence > second.fence);
    let elsewhere = ConnectionId::parse("c-2").unwrap();
    let other = store
        .acquire_lease(&elsewhere, &run_id("run-4"), at(NOON), at(LATER))
        .await;
    assert!(other.unwrap().is_some());
}

/// A slice of the run that holds the lease takes it again, under the same fence.
pub async fn r30_the_run_that_holds_a_lease_takes_it_again(store: &dyn Store) {
    let first = acquire(store, "run-1", at(NOON), LATER).await.unwrap();
    let again = acquire(store, "run-1", at("2026-03-01T12:01:00Z"), MUCH_LATER)
        .await
        .unwrap();
    assert_eq!((again.fence, again.until), (first.fence, at(MUCH_LATER)));
    assert_eq!(acquire(store, "run-2", at(LATER), MUCH_LATER).await, None);
}

/// A run that lost a lease neither renews it nor gives away what another holds.
pub async fn r30_a_lost_lease_is_neither_renewed_nor_given_back(store: &dyn Store) {
    let lost = acquire(store, "run-1", at(NOON), LATER).await.unwrap();
    let renewed = store
        .renew_lease(&lost, at("2026-03-01T12:07:00Z"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!((renewed.fence, renewed.until), (lost.fence, at("2026-03-01T12:07:00Z")));
    assert_eq!(acquire(store, "run-2", at(LATER), MUCH_LATER).await, None);
    let held = acquire(store, "run-2", at("2026-03-01T12:07:00Z"), MUCH_LATER)
        .await
        .unwrap();
    assert_eq!(store.renew_lease(&renewed, at(MUCH_LATER)).await.unwrap(), None);
    store.release_lease(&renewed).await.unwrap();
    assert_eq!(
        acquire(store, "run-3", at("2026-03-01T12:08:00Z"), MUCH_LATER).await,
        None
    );
    store.release_lease(&held).await.unwrap();
    assert_eq!(store.renew_lease(&held, at(MUCH_LATER)).await.unwrap(), None);
}

/// A holder that was overtaken cannot write what the connection remembers.
pub async fn r30_an_earlier_fence_does_not_overwrite_a_later_ones_state(store: &dyn Store) {
    let id = connection_id("c-1");
    assert_eq!(store.load_state(&id).await.unwrap(), SyncState::default());
    let mut state = SyncState {
        applied_configuration: 3,
        ..SyncState::default()
    };
    assert!(store.put_state(&id, &state, 2).await.unwrap());
    state.applied_once = true;
    assert!(store.put_state(&id, &state, 2).await.unwrap());
    assert!(!store.put_state(&id, &SyncState::default(), 1).await.unwrap());
    assert_eq!(store.load_state(&id).await.unwrap(), state);
    assert!(store.put_state(&id, &SyncState::default(), 3).await.unwrap());
    assert_eq!(store.load_state(&id).await.unwrap(), SyncState::default());
}
