//! What an HR system allows to all programs together, as one read takes it.

use std::time::Duration;

use async_trait::async_trait;

use crate::allowance::Said;

/// Nothing is left of the allowance for longer than a request waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the allowance is used up")]
pub struct UsedUp {
    /// In how long there is more.
    pub wait: Duration,
}

/// The allowance that one read takes its requests from. The use case keeps it with that of all other processes.
#[async_trait]
pub trait Allowance: Send + Sync {
    /// Waits until one request may be sent, and counts it.
    ///
    /// # Errors
    /// [`UsedUp`] where that would take too long, or where nobody can tell how much is left: nothing is sent then.
    async fn enter(&self) -> Result<(), UsedUp>;

    /// Tells that a request was answered, or came to nothing, and what the answer says of the allowance.
    async fn answered(&self, said: Said);
}
