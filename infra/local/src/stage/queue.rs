//! Queues that survive a restart where the stage keeps state: as in AWS, a message that was sent is delivered, whatever
//! becomes of the process.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use async_trait::async_trait;
use rollcall::{
    queue::{
        Error, Queue, QueueName,
        memory::{MemoryQueue, Message},
    },
    run::Clock,
};

/// All queues of the stage.
pub(super) const QUEUES: [QueueName; 2] = [QueueName::Diff, QueueName::Apply];

/// A queue in memory, and a copy of its messages in a file.
pub(super) struct KeptQueue {
    inner: MemoryQueue,
    file: Option<PathBuf>,
}

impl KeptQueue {
    /// Returns the queues as they were left in the folder for state; empty ones without a folder.
    pub(super) async fn open(state: Option<&Path>, clock: Arc<dyn Clock>) -> io::Result<Self> {
        let queue = Self {
            inner: MemoryQueue::new(clock),
            file: state.map(|folder| folder.join("queues.json")),
        };
        let Some(file) = queue.file.as_ref().filter(|file| file.exists()) else {
            return Ok(queue);
        };
        let kept: Vec<Vec<String>> = serde_json::from_slice(&std::fs::read(file)?)?;
        for (name, bodies) in QUEUES.into_iter().zip(kept) {
            for body in bodies {
                let sent = queue.inner.send(name, &body, Duration::ZERO).await;
                sent.map_err(io::Error::other)?;
            }
        }
        Ok(queue)
    }

    /// Returns the message that has been visible longest.
    pub(super) fn receive(&self, queue: QueueName, invisible_for: Duration) -> Option<Message> {
        self.inner.receive(queue, invisible_for)
    }

    /// Deletes a message from its queue. Where the file cannot be written, the message comes again after a
    /// restart, which does no harm.
    pub(super) fn delete(&self, queue: QueueName, id: u64) {
        self.inner.delete(queue, id);
        if let Err(error) = self.keep() {
            tracing::warn!(error = %error, "the file of the queues cannot be written");
        }
    }

    /// Returns the queues in memory.
    pub(super) const fn memory(&self) -> &MemoryQueue {
        &self.inner
    }

    /// Writes the file in one step.
    fn keep(&self) -> io::Result<()> {
        let Some(file) = &self.file else {
            return Ok(());
        };
        let bodies = QUEUES.map(|queue| self.inner.bodies(queue));
        let draft = file.with_extension("draft");
        std::fs::write(&draft, serde_json::to_vec(&bodies)?)?;
        std::fs::rename(draft, file)
    }
}

#[async_trait]
impl Queue for KeptQueue {
    async fn send(&self, queue: QueueName, body: &str, delay: Duration) -> Result<(), Error> {
        self.inner.send(queue, body, delay).await?;
        self.keep().map_err(|source| Error {
            is_lasting: false,
            queue: queue.as_str(),
            source: Box::new(source),
        })
    }
}

#[cfg(test)]
mod tests {
    use rollcall::runtime::SystemClock;

    use super::*;

    #[tokio::test]
    async fn what_was_sent_and_not_carried_out_is_there_after_a_restart() {
        let folder = std::env::temp_dir().join(format!("rollcall-queue-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let queue = KeptQueue::open(Some(&folder), Arc::new(SystemClock)).await.unwrap();
        for body in ["a", "b"] {
            queue.send(QueueName::Diff, body, Duration::ZERO).await.unwrap();
        }
        let message = queue.receive(QueueName::Diff, Duration::ZERO).unwrap();
        queue.delete(QueueName::Diff, message.id);
        queue.send(QueueName::Apply, "c", Duration::from_mins(5)).await.unwrap();
        let again = KeptQueue::open(Some(&folder), Arc::new(SystemClock)).await.unwrap();
        assert_eq!(again.memory().bodies(QueueName::Diff), ["b"]);
        assert_eq!(again.memory().bodies(QueueName::Apply), ["c"]);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
