//! A queue with a watch.

use std::sync::Arc;

use async_trait::async_trait;
use rollcall::queue::{self, Queue, QueueName};

use super::{
    super::{Place, Watch},
    Refused, write,
};

/// A queue with a watch.
pub struct WatchedQueue {
    /// The queue behind it.
    pub inner: Arc<dyn Queue>,
    /// The watch that is asked.
    pub watch: Arc<dyn Watch>,
}

#[async_trait]
impl Queue for WatchedQueue {
    async fn send(&self, queue: QueueName, body: &str, delay: std::time::Duration) -> Result<(), queue::Error> {
        let refused = || queue::Error {
            queue: queue.as_str(),
            is_lasting: false,
            source: Box::new(Refused),
        };
        let send = self.inner.send(queue, body, delay);
        write(self.watch.as_ref(), Place::Queue, refused, send).await
    }
}
