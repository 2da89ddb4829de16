//! Slots in memory.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::{MemoryStore, lock};
use crate::store::{Error, RunKind, SlotStore, Slots, Versioned};

/// The slots of each group.
pub(super) type Groups = BTreeMap<(RunKind, u32), Versioned<Slots>>;

#[async_trait]
impl SlotStore for MemoryStore {
    async fn find_slots(&self, kind: RunKind, group: u32) -> Result<Option<Versioned<Slots>>, Error> {
        self.read(1);
        Ok(lock(&self.slots).get(&(kind, group)).cloned())
    }

    async fn put_slots(&self, kind: RunKind, group: u32, slots: &Slots, revision: Option<u64>) -> Result<bool, Error> {
        let mut groups = lock(&self.slots);
        let there = groups.get(&(kind, group)).map(|there| there.revision);
        if there != revision {
            return Ok(false);
        }
        self.wrote(1);
        let record = slots.clone();
        let revision = revision.map_or(1, |revision| revision + 1);
        groups.insert((kind, group), Versioned { record, revision });
        Ok(true)
    }
}
