//! A queue with a watch.

use std::sync::Arc;

use async_trait::async_trait;
use rollcall::queue::{self, Queue, QueueName};

use super::{
    super::{Place, Verdict, Watch},
    Refused,
};

/// A queue with a watch.
pub struct WatchedQueue {
    /// The queue behind it.
    pub inner: Arc<dyn Queue>,
    /// Who is asked.
    pub watch: Arc<dyn Watch>,
}

#[async_trait]
impl Queue for WatchedQueue {
    async fn send(&self, queue: QueueName, body: &str, delay: std::time::Duration) -> Result<(), queue::Error> {
        let refused = || queue::Error {
            queue: queue.as_str(),
            source: Box::new(Refused),
        };
        let verdict = self.watch.before(Place::Queue).await;
        if verdict == Verdict::Fail {
            return Err(refused());
        }
        let answer = self.inner.send(queue, body, delay).await;
        self.watch.after(Place::Queue).await;
        if verdict == Verdict::LoseReply {
            answer?;
            return Err(refused());
        }
        answer
    }
}
