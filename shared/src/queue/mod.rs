//! The `queue` port (layer 1): messages to the functions. The adapters beside it are layer 4.

pub mod memory;
pub mod sqs;

use std::time::Duration;

use async_trait::async_trait;

/// The most bytes of a message: what every queue of SQS takes.
pub const MOST_BYTES: usize = 262_144;

/// The longest delay that every queue knows (AWS: "Amazon SQS delay queues").
pub const LONGEST_DELAY: Duration = Duration::from_mins(15);

/// Why a message could not be sent.
#[derive(Debug, thiserror::Error)]
#[error("sending a message to {queue} failed")]
pub struct Error {
    /// The queue.
    pub queue: &'static str,
    /// Whether another try would fail in the same way: the message is larger than [`MOST_BYTES`], or cannot be written.
    pub is_lasting: bool,
    /// What the error was caused by.
    #[source]
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

/// Checks that a message is not larger than a queue takes, before it is sent anywhere.
fn check_size(queue: QueueName, body: &str) -> Result<(), Error> {
    if body.len() <= MOST_BYTES {
        return Ok(());
    }
    Err(Error {
        queue: queue.as_str(),
        is_lasting: true,
        source: format!("a message of more than {MOST_BYTES} bytes").into(),
    })
}

/// Which function a message is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum QueueName {
    /// Reads HR and makes plans.
    Diff,
    /// Carries plans out.
    Apply,
}

impl QueueName {
    /// Returns the word in logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Diff => "diff",
            Self::Apply => "apply",
        }
    }
}

/// Sends messages: JSON texts with a version inside. Delivered at least once, in no order.
#[async_trait]
pub trait Queue: Send + Sync {
    /// Sends a message, to be delivered after `delay`, at most [`LONGEST_DELAY`].
    async fn send(&self, queue: QueueName, body: &str, delay: Duration) -> Result<(), Error>;
}
