//! Counts of requests in memory.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::{MemoryStore, lock};
use crate::store::{AllowanceStore, Error, Window};

/// How many requests each key has used in each window.
pub(super) type Counts = BTreeMap<(Window, String), u64>;

#[async_trait]
impl AllowanceStore for MemoryStore {
    async fn use_allowance(&self, key: &str, window: Window, count: u32) -> Result<u64, Error> {
        self.wrote(1);
        let mut counts = lock(&self.allowances);
        counts.retain(|(counted, _), _| counted.expires_at > window.start);
        let used = counts.entry((window, key.to_owned())).or_default();
        *used += u64::from(count);
        Ok(*used)
    }
}
