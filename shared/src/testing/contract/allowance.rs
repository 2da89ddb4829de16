//! What every store does with the counts of requests.

use futures_util::future::join_all;

use crate::{
    store::{DoorStore, Window},
    testing::builder::at,
};

fn window(start: &str, expires_at: &str) -> Window {
    Window {
        start: at(start),
        expires_at: at(expires_at),
    }
}

/// Each key has a count of its own in each window.
pub async fn requests_are_counted_by_key_and_window(store: &dyn DoorStore) {
    let first = window("2026-03-01T04:00:00Z", "2026-03-01T04:01:10Z");
    let second = window("2026-03-01T04:00:10Z", "2026-03-01T04:01:20Z");
    let later = window("2026-03-01T04:05:00Z", "2026-03-01T04:06:10Z");
    assert_eq!(store.use_allowance("a", first, 5).await.unwrap(), 5);
    assert_eq!(store.use_allowance("a", first, 2).await.unwrap(), 7);
    assert_eq!(store.use_allowance("b", first, 3).await.unwrap(), 3);
    assert_eq!(store.use_allowance("a", second, 4).await.unwrap(), 4);
    assert_eq!(store.use_allowance("a", first, 1).await.unwrap(), 8);
    assert_eq!(store.use_allowance("a", later, 1).await.unwrap(), 1);
}

/// Of counts that are added at the same moment, none is lost.
pub async fn requests_that_come_at_once_are_all_counted(store: &dyn DoorStore) {
    let window = window("2026-03-01T04:00:00Z", "2026-03-01T04:01:10Z");
    let counts = join_all((0..20).map(|_| store.use_allowance("a", window, 5))).await;
    let mut counts: Vec<u64> = counts.into_iter().map(Result::unwrap).collect();
    counts.sort_unstable();
    let expected: Vec<u64> = (1..=20).map(|number| number * 5).collect();
    assert_eq!(counts, expected);
}
