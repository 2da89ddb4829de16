//! How many requests an API key has used within a window of time.

use async_trait::async_trait;
use jiff::Timestamp;

use super::Error;

/// A window of time in which requests are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Window {
    /// When it began.
    pub start: Timestamp,
    /// When its count may be forgotten: after its end.
    pub expires_at: Timestamp,
}

/// The counts of requests, one number for each key and window. All processes of a stack share them.
#[async_trait]
pub trait AllowanceStore: Send + Sync {
    /// Adds `count` requests to what a key has used in a window. Returns the sum.
    async fn use_allowance(&self, key: &str, window: Window, count: u32) -> Result<u64, Error>;
}
