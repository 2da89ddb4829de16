//! Slots: who runs on the places that a function has for the messages of its queue, so that no tenant takes them all (R48).
//!
//! One item for all that run at once in one group. What it says ends by itself, so that a death leaves nothing behind.

use std::collections::BTreeSet;

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Error, RunId, RunKind, Versioned};
use crate::connection::TenantId;

/// The right to run until an instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// The tenant whose connection is worked on.
    pub tenant: TenantId,
    /// The delivery that works.
    pub holder: RunId,
    /// When the slot ends, given back or not.
    pub until: Timestamp,
}

/// A tenant who was turned away, and comes again before an instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// The tenant that waits.
    pub tenant: TenantId,
    /// From when on it is not waited for any more.
    pub until: Timestamp,
}

/// The deliveries that run, and the tenants that wait.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Slots {
    /// The slots that are taken.
    pub taken: Vec<Slot>,
    /// Tenants who wait for one, each once.
    pub waiting: Vec<Waiting>,
}

impl Slots {
    /// Drops what has ended.
    pub fn forget_ended(&mut self, now: Timestamp) {
        self.taken.retain(|slot| slot.until > now);
        self.waiting.retain(|waiting| waiting.until > now);
    }

    /// How many slots a tenant has.
    pub fn count(&self, tenant: &TenantId) -> usize {
        self.taken.iter().filter(|slot| slot.tenant == *tenant).count()
    }

    /// Whether a tenant may take one of `most` slots: there is one beside those that are kept for tenants who wait and
    /// have fewer. A tenant who is alone may take them all.
    pub fn may_take(&self, tenant: &TenantId, most: usize) -> bool {
        let own = self.count(tenant);
        let waiting: BTreeSet<&TenantId> = self.waiting.iter().map(|waiting| &waiting.tenant).collect();
        let others = waiting.into_iter().filter(|other| *other != tenant);
        let kept = others.filter(|other| self.count(other) < own).count();
        self.taken.len() + kept < most
    }

    /// Whether some tenant has more slots than this one: then the next that is given back is kept for it.
    pub fn is_poorer_than_another(&self, tenant: &TenantId) -> bool {
        let own = self.count(tenant);
        self.taken.iter().any(|slot| self.count(&slot.tenant) > own)
    }
}

/// Slots by the kind of run, and within it by group: where very many run at once, one item would be written too often.
#[async_trait]
pub trait SlotStore: Send + Sync {
    /// The slots of a group with their revision.
    async fn find_slots(&self, kind: RunKind, group: u32) -> Result<Option<Versioned<Slots>>, Error>;

    /// Writes the slots of a group if they are still at `revision` (`None`: not there yet). Returns whether they were.
    async fn put_slots(&self, kind: RunKind, group: u32, slots: &Slots, revision: Option<u64>) -> Result<bool, Error>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::builder::{at, run_id, tenant};

    fn slots(taken: &[&str], waiting: &[&str]) -> Slots {
        let until = at("2026-03-01T04:06:00Z");
        let slot = |(number, name): (usize, &&str)| Slot {
            tenant: tenant(name),
            holder: run_id(&format!("delivery-{number}")),
            until,
        };
        let waiting = waiting.iter().map(|name| Waiting {
            tenant: tenant(name),
            until,
        });
        Slots {
            taken: taken.iter().enumerate().map(slot).collect(),
            waiting: waiting.collect(),
        }
    }

    #[test]
    fn r48_a_tenant_who_is_alone_takes_every_slot_and_no_more() {
        assert!(slots(&["a", "a"], &[]).may_take(&tenant("a"), 3));
        assert!(slots(&["a", "a"], &["a"]).may_take(&tenant("a"), 3));
        assert!(!slots(&["a", "a", "a"], &[]).may_take(&tenant("a"), 3));
    }

    #[test]
    fn r48_a_slot_is_kept_for_each_tenant_who_waits_and_has_fewer() {
        let one_waits = slots(&["a", "a"], &["b"]);
        assert!(!one_waits.may_take(&tenant("a"), 3));
        assert!(one_waits.may_take(&tenant("b"), 3));
        assert!(
            one_waits.may_take(&tenant("c"), 3),
            "a caller that has none is let in as well"
        );
        assert!(one_waits.may_take(&tenant("a"), 4), "one is kept, not all");
        assert!(!slots(&["a", "a"], &["b", "c"]).may_take(&tenant("a"), 4));
        assert!(
            slots(&["a", "b"], &["b"]).may_take(&tenant("a"), 3),
            "who has as many has no right before others"
        );
    }

    #[test]
    fn r48_who_has_as_many_as_anybody_is_not_waited_for() {
        assert!(slots(&["a", "a", "b"], &[]).is_poorer_than_another(&tenant("b")));
        assert!(slots(&["a"], &[]).is_poorer_than_another(&tenant("b")));
        assert!(!slots(&["a", "b"], &[]).is_poorer_than_another(&tenant("b")));
        assert!(!slots(&[], &[]).is_poorer_than_another(&tenant("b")));
    }

    #[test]
    fn r48_what_has_ended_counts_no_more() {
        let mut slots = slots(&["a", "a"], &["b"]);
        slots.forget_ended(at("2026-03-01T04:05:59Z"));
        assert_eq!((slots.taken.len(), slots.waiting.len()), (2, 1));
        slots.forget_ended(at("2026-03-01T04:06:00Z"));
        assert_eq!(slots, Slots::default());
    }
}
