//! A watch that ends a life at one of its calls, as a process dies in the middle of its work.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use async_trait::async_trait;
use tokio::sync::Notify;

use super::{Place, Verdict, Watch};

/// Ends the life that makes the nth call, before the call is done or after it.
#[derive(Debug, Default)]
pub struct Halt {
    armed: AtomicBool,
    calls: AtomicU64,
    number: u64,
    after: bool,
    reached: Notify,
}

impl Halt {
    /// Returns a watch that ends the life at call `number`, before the call is done or after it.
    pub fn at(number: u64, after: bool) -> Arc<Self> {
        Arc::new(Self {
            number,
            after,
            ..Self::default()
        })
    }

    /// Lives a life that this watch may end. Returns what the life comes to; `None` where the watch ended it.
    pub async fn live<T>(&self, life: impl Future<Output = T>) -> Option<T> {
        self.armed.store(true, Ordering::SeqCst);
        let lived = tokio::select! {
            biased;
            lived = life => Some(lived),
            () = self.reached.notified() => None,
        };
        self.armed.store(false, Ordering::SeqCst);
        lived
    }

    async fn count(&self, is_end: bool) {
        let is_counted = self.armed.load(Ordering::SeqCst) && is_end == self.after;
        if is_counted && self.calls.fetch_add(1, Ordering::SeqCst) + 1 == self.number {
            self.reached.notify_one();
            std::future::pending::<()>().await;
        }
    }
}

#[async_trait]
impl Watch for Halt {
    async fn before(&self, _place: Place) -> Verdict {
        self.count(false).await;
        Verdict::Go
    }

    async fn after(&self, _place: Place) {
        self.count(true).await;
    }
}
