//! Fair shares (R48): how many diffs, and how many applies, each tenant may run at once.
//!
//! A function takes a limited number of messages at once. All but a few of these places are slots, which deliveries
//! take before they work; the few that are left turn other messages away, quickly, so that a message is looked at
//! however long the runs take. A tenant who is alone may take all slots; one that is given back is kept for a tenant
//! who waits and has fewer. A slot that is not given back ends with the lease.

use std::time::Duration;

use jiff::Timestamp;

use super::{
    Error, Ports,
    spread::{draw, later},
};
use crate::{
    connection::{ConnectionId, TenantId},
    store::{RunId, RunKind, Slot, Slots, Versioned, Waiting},
};

/// Out of this many places, one is left for deliveries that only turn messages away.
const TURNING_AWAY: u32 = 10;

/// How many slots one item holds at most: beyond, it would be large, and written too often.
const MOST_IN_GROUP: u32 = 50;

/// How often slots are read again because another process wrote them meanwhile.
const MOST_TRIES: u32 = 20;

/// How much longer a tenant who waits is waited for than until it is to come again.
const GRACE: Duration = Duration::from_secs(30);

/// A slot that a delivery holds.
#[derive(Clone, Debug)]
pub(super) struct Held {
    group: Group,
    holder: RunId,
}

/// Runs that share slots: the runs of a kind, spread over several groups where the slots are very many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Group {
    kind: RunKind,
    number: u32,
    /// How many slots the group has.
    most: usize,
}

/// A delivery that asks for a slot, and for how long.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asking<'a> {
    pub(super) kind: RunKind,
    pub(super) connection: &'a ConnectionId,
    pub(super) tenant: &'a TenantId,
    /// The delivery that asks.
    pub(super) holder: &'a RunId,
    pub(super) until: Timestamp,
    /// After how long the delivery comes again if it is turned away.
    pub(super) again_after: Duration,
}

/// Takes a slot. Returns `None` where it is not this tenant's turn. Where another tenant has more slots, the next slot
/// is kept for this tenant.
pub(super) async fn take(ports: &Ports, asking: Asking<'_>) -> Result<Option<Held>, Error> {
    let group = group_of(asking.kind, asking.connection, ports.settings.places);
    for _ in 0..MOST_TRIES {
        let now = ports.clock.now();
        let (mut slots, revision) = read(ports, group, now).await?;
        let is_turn = slots.may_take(asking.tenant, group.most);
        if is_turn {
            slots.waiting.retain(|waiting| waiting.tenant != *asking.tenant);
            slots.taken.push(Slot {
                tenant: asking.tenant.clone(),
                holder: asking.holder.clone(),
                until: asking.until,
            });
        } else if !wait(&mut slots, asking.tenant, later(now, asking.again_after), group.most) {
            return Ok(None);
        }
        if ports
            .store
            .put_slots(group.kind, group.number, &slots, revision)
            .await?
        {
            return Ok(is_turn.then(|| Held {
                group,
                holder: asking.holder.clone(),
            }));
        }
    }
    // Too many other deliveries take and give back at this moment: this one comes again.
    Ok(None)
}

/// Gives a slot back. Where that fails it ends by itself: the delivery's own result stands.
pub(super) async fn give_back(ports: &Ports, held: &Held) {
    match try_to_give_back(ports, held).await {
        Ok(true) => {}
        Ok(false) => tracing::warn!("a slot is left to its end: too many others take and give back"),
        Err(error) => tracing::warn!(error = %error, "a slot is left to its end"),
    }
}

async fn try_to_give_back(ports: &Ports, held: &Held) -> Result<bool, Error> {
    let Group { kind, number, .. } = held.group;
    for _ in 0..MOST_TRIES {
        let (mut slots, revision) = read(ports, held.group, ports.clock.now()).await?;
        let taken = slots.taken.len();
        slots.taken.retain(|slot| slot.holder != held.holder);
        let is_gone = slots.taken.len() == taken;
        if is_gone || ports.store.put_slots(kind, number, &slots, revision).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The slots as they stand, without those that have ended.
async fn read(ports: &Ports, group: Group, now: Timestamp) -> Result<(Slots, Option<u64>), Error> {
    let found = ports.store.find_slots(group.kind, group.number).await?;
    let (mut slots, revision) = match found {
        Some(Versioned { record, revision }) => (record, Some(revision)),
        None => (Slots::default(), None),
    };
    slots.forget_ended(now);
    Ok((slots, revision))
}

/// Notes that a tenant waits that has fewer slots than another. Returns whether the note is new. It is not new where
/// the tenant is noted for long enough, nor where as many tenants wait as there are slots, since no more can be kept.
fn wait(slots: &mut Slots, tenant: &TenantId, comes_at: Timestamp, most: usize) -> bool {
    if !slots.is_poorer_than_another(tenant) {
        return false;
    }
    let is_noted = |waiting: &Waiting| waiting.tenant == *tenant && waiting.until >= comes_at;
    if slots.waiting.iter().any(is_noted) {
        return false;
    }
    slots.waiting.retain(|waiting| waiting.tenant != *tenant);
    if slots.waiting.len() >= most {
        return false;
    }
    slots.waiting.push(Waiting {
        tenant: tenant.clone(),
        until: later(comes_at, GRACE),
    });
    true
}

/// Returns the group of a connection, where a function has this many places.
fn group_of(kind: RunKind, connection: &ConnectionId, places: u32) -> Group {
    let slots = places.saturating_sub(places.div_ceil(TURNING_AWAY)).max(1);
    let groups = slots.div_ceil(MOST_IN_GROUP);
    let number = draw(connection) % groups;
    // The first groups take what is left over.
    let most = slots / groups + u32::from(number < slots % groups);
    Group {
        kind,
        number,
        most: usize::try_from(most).unwrap_or(usize::MAX),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::testing::builder::connection_id;

    #[test]
    fn r48_one_place_in_ten_is_no_slot_and_very_many_are_spread_over_groups() {
        for (places, slots, groups) in [
            (1, 1, 1),
            (2, 1, 1),
            (4, 3, 1),
            (10, 9, 1),
            (11, 9, 1),
            (1_000, 900, 18),
            (60, 54, 2),
        ] {
            let found: BTreeMap<u32, usize> = (0..2_000)
                .map(|number| group_of(RunKind::Diff, &connection_id(&format!("con_{number}")), places))
                .map(|group| (group.number, group.most))
                .collect();
            assert_eq!((found.len(), found.values().sum()), (groups, slots), "{places}");
            assert!(found.values().all(|most| *most <= 50));
        }
    }
}
