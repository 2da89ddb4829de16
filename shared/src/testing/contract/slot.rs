//! What every store does with slots.

use futures_util::future::join_all;

use crate::{
    store::{RunKind, Slot, Slots, Store, Waiting},
    testing::builder::{at, run_id, tenant},
};

fn slots(holder: &str) -> Slots {
    let until = at("2026-03-01T04:06:00Z");
    Slots {
        taken: vec![Slot {
            tenant: tenant("acme"),
            holder: run_id(holder),
            until,
        }],
        waiting: vec![Waiting {
            tenant: tenant("other"),
            until,
        }],
    }
}

/// Slots are read as they were written; each group and each kind has its own.
pub async fn r48_slots_come_back_as_they_were_written(store: &dyn Store) {
    assert_eq!(store.find_slots(RunKind::Diff, 0).await.unwrap(), None);
    assert!(store.put_slots(RunKind::Diff, 0, &slots("one"), None).await.unwrap());
    assert_eq!(store.find_slots(RunKind::Diff, 1).await.unwrap(), None);
    assert_eq!(store.find_slots(RunKind::Apply, 0).await.unwrap(), None);
    let found = store.find_slots(RunKind::Diff, 0).await.unwrap().unwrap();
    assert_eq!(found.record, slots("one"));
}

/// Of several callers that read the same slots and write at once, one succeeds.
pub async fn r48_slots_are_written_only_as_they_were_read(store: &dyn Store) {
    for revision in [None, Some(1), Some(2)] {
        let holders: Vec<_> = (0..6).map(|number| slots(&format!("holder-{number}"))).collect();
        let written = holders
            .iter()
            .map(|slots| store.put_slots(RunKind::Apply, 3, slots, revision));
        let written = join_all(written).await.into_iter().map(Result::unwrap);
        assert_eq!(written.filter(|written| *written).count(), 1);
        let found = store.find_slots(RunKind::Apply, 3).await.unwrap().unwrap();
        assert_eq!(found.revision, revision.unwrap_or(0) + 1);
    }
    assert!(!store.put_slots(RunKind::Apply, 3, &slots("late"), None).await.unwrap());
    assert!(
        !store
            .put_slots(RunKind::Apply, 3, &slots("late"), Some(1))
            .await
            .unwrap()
    );
}
