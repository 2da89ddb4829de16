//! What other processes do between two calls of a use case.

use std::sync::{
    Mutex,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use acceptance::journey::{Place, Verdict, Watch};
use async_trait::async_trait;
use futures_util::future::BoxFuture;

/// One thing that another process does.
pub(crate) type Deed = Box<dyn FnOnce() -> BoxFuture<'static, ()> + Send>;

/// A watch that does things without the caller's knowledge: each is done before the call with a number.
#[derive(Default)]
pub(crate) struct Behind {
    calls: AtomicU64,
    deeds: Mutex<Vec<(u64, Deed)>>,
    busy: AtomicBool,
}

impl Behind {
    /// From now on, does this deed before the call with this number.
    pub(crate) fn plan(&self, number: u64, deed: Deed) {
        self.calls.store(0, Ordering::SeqCst);
        self.deeds.lock().unwrap().push((number, deed));
    }

    /// Returns how many deeds were not done.
    pub(crate) fn left(&self) -> usize {
        self.deeds.lock().unwrap().len()
    }

    async fn count(&self) {
        if self.busy.load(Ordering::SeqCst) {
            return;
        }
        let number = self.calls.fetch_add(1, Ordering::SeqCst) + 1;
        let due = {
            let mut deeds = self.deeds.lock().unwrap();
            let place = deeds.iter().position(|(planned, _)| *planned == number);
            place.map(|place| deeds.remove(place).1)
        };
        if let Some(deed) = due {
            self.busy.store(true, Ordering::SeqCst);
            deed().await;
            self.busy.store(false, Ordering::SeqCst);
        }
    }
}

#[async_trait]
impl Watch for Behind {
    async fn before(&self, _place: Place) -> Verdict {
        self.count().await;
        Verdict::Go
    }

    async fn look(&self, _place: Place) -> Verdict {
        self.count().await;
        Verdict::Go
    }
}
