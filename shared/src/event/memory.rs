//! Events kept in memory, for tests and for operators who want none sent.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;

use super::{Event, Events, InvalidReceiver, Undelivered};

/// Keeps the events that are told.
#[derive(Debug, Default)]
pub struct MemoryEvents(Mutex<Vec<Event>>);

impl MemoryEvents {
    /// Returns an empty memory of events.
    pub const fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    /// Returns the events since the last call, in order.
    pub fn take(&self) -> Vec<Event> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl Events for MemoryEvents {
    async fn publish(&self, events: &[Event]) {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.extend(events.iter().cloned());
    }

    fn check(&self, url: &str) -> Result<(), InvalidReceiver> {
        let is_https = url.strip_prefix("https://").is_some_and(|rest| !rest.is_empty());
        is_https.then_some(()).ok_or(InvalidReceiver::Url)
    }

    async fn try_out(&self) -> Result<(), Undelivered> {
        Ok(())
    }
}
