//! What every store does with the buckets that processes share.

use futures_util::future::join_all;
use jiff::SignedDuration;

use crate::{
    allowance::{Bucket, Limit, Scope, ScopeKey, SharedLimit, Spent},
    store::Store,
    testing::builder::at,
};

const END: &str = "2026-03-01T04:06:00Z";

fn scope(site: &str) -> ScopeKey {
    let shared = SharedLimit {
        limit: LIMIT,
        scope: Scope::Site,
    };
    shared.key("kind", site, "c-1")
}

const LIMIT: Limit = Limit {
    requests: 50,
    window: SignedDuration::from_mins(1),
};

/// A bucket from which this holder has taken a lot.
fn bucket(holder: &str) -> Bucket {
    let now = at("2026-03-01T04:00:00Z");
    let nothing = Spent {
        answered: 0,
        at: now,
        pending: 0,
        left: None,
    };
    let mut bucket = Bucket::default();
    bucket
        .take(now, LIMIT, holder, nothing)
        .unwrap_or_else(|_| unreachable!("it is full"));
    bucket
}

/// A bucket is read as it was written; each scope has its own.
pub async fn a_bucket_comes_back_as_it_was_written(store: &dyn Store) {
    assert_eq!(store.find_bucket(&scope("acme")).await.unwrap(), None);
    let written = store.put_bucket(&scope("acme"), &bucket("one"), at(END), None).await;
    assert!(written.unwrap());
    assert_eq!(store.find_bucket(&scope("other")).await.unwrap(), None);
    let found = store.find_bucket(&scope("acme")).await.unwrap().unwrap();
    assert_eq!((found.record, found.revision), (bucket("one"), 1));
}

/// Of several processes that read the same bucket and write at once, one succeeds: no lot is given twice.
pub async fn a_bucket_is_written_only_as_it_was_read(store: &dyn Store) {
    let scope = scope("acme");
    for revision in [None, Some(1), Some(2)] {
        let buckets: Vec<_> = (0..6).map(|number| bucket(&format!("holder-{number}"))).collect();
        let written = buckets
            .iter()
            .map(|bucket| store.put_bucket(&scope, bucket, at(END), revision));
        let written = join_all(written).await.into_iter().map(Result::unwrap);
        assert_eq!(written.filter(|written| *written).count(), 1);
        let found = store.find_bucket(&scope).await.unwrap().unwrap();
        assert_eq!(found.revision, revision.unwrap_or(0) + 1);
    }
    for late in [None, Some(1)] {
        let written = store.put_bucket(&scope, &bucket("late"), at(END), late).await;
        assert!(!written.unwrap(), "{late:?}");
    }
}

/// A bucket that is deleted is gone, and is made anew by the next process that takes from it.
pub async fn r37_a_bucket_is_deleted(store: &dyn Store) {
    for site in ["acme", "other"] {
        let written = store.put_bucket(&scope(site), &bucket("one"), at(END), None).await;
        assert!(written.unwrap());
    }
    store.delete_bucket(&scope("acme")).await.unwrap();
    store.delete_bucket(&scope("acme")).await.unwrap();
    assert_eq!(store.find_bucket(&scope("acme")).await.unwrap(), None);
    assert!(store.find_bucket(&scope("other")).await.unwrap().is_some());
    let stale = store.put_bucket(&scope("acme"), &bucket("two"), at(END), Some(1)).await;
    assert!(
        !stale.unwrap(),
        "what was read before the deletion is not written over it"
    );
    let anew = store.put_bucket(&scope("acme"), &bucket("two"), at(END), None).await;
    assert!(anew.unwrap());
}
