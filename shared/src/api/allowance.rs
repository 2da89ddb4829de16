//! How many requests of each caller are answered within ten seconds, so that no caller uses up the answers of the others.
//!
//! An API key has one allowance for the whole stack, counted in the table. A process takes lots of a twentieth of it and
//! counts down for itself, so that a busy key costs some twenty writes in a window, and one that asks once costs one.
//! A request without a key that is in force is counted for its network address, in each process for itself.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, PoisonError},
};

use jiff::{SignedDuration, Timestamp};

use super::problem::{Code, Problem};
use crate::store::{DoorStore, Window};

/// How long a window is, in seconds.
const WINDOW_SECONDS: i64 = 10;

/// For how long a count outlives its window: longer than a request takes that was begun in it.
const KEPT: SignedDuration = SignedDuration::from_mins(1);

/// How many lots make up the allowance of a key.
const LOTS: u32 = 20;

/// How many addresses a process tells apart within a window; all others share one count.
const MOST_ADDRESSES: usize = 10_000;

/// How many requests are answered within ten seconds. `None` counts nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allowance {
    /// For each API key, in the whole stack.
    pub per_key: Option<u32>,
    /// For each address, of requests without a key that is in force, in each process.
    pub per_address: Option<u32>,
}

/// What a process has counted within the window that it is in.
#[derive(Default)]
pub(super) struct Counter(Mutex<Counted>);

#[derive(Default)]
struct Counted {
    /// When the window began.
    start: Timestamp,
    keys: BTreeMap<String, Lot>,
    addresses: BTreeMap<Option<IpAddr>, u32>,
}

/// What a process has taken of a key's allowance.
#[derive(Clone, Copy, Default)]
struct Lot {
    /// Requests that are still paid for.
    left: u32,
    /// Whether there is no other lot in this window.
    is_last: bool,
}

impl Counter {
    /// Counts a request of a key. Where the counts in the store do not answer, the request passes.
    ///
    /// # Errors
    /// [`Code::TooMany`] where the key's allowance is used up.
    pub(super) async fn count_key(
        &self,
        door: &Arc<dyn DoorStore>,
        allowance: Allowance,
        now: Timestamp,
        key: &str,
    ) -> Result<(), Problem> {
        let Some(most) = allowance.per_key else {
            return Ok(());
        };
        let start = start_of(now);
        let taken = self.within(start, |counted| {
            counted.keys.get_mut(key).and_then(|lot| match lot.left.checked_sub(1) {
                Some(left) => {
                    lot.left = left;
                    Some(true)
                }
                None => lot.is_last.then_some(false),
            })
        });
        match taken {
            Some(true) => return Ok(()),
            Some(false) => return Err(too_many("this API key", now, start)),
            None => {}
        }
        let size = most.div_ceil(LOTS);
        let window = Window {
            start,
            expires_at: end_of(start).saturating_add(KEPT).unwrap_or(Timestamp::MAX),
        };
        let granted = match door.use_allowance(key, window, size).await {
            Ok(used) => size - u32::try_from(used.saturating_sub(u64::from(most))).map_or(size, |over| over.min(size)),
            Err(error) => {
                tracing::warn!(error = %error, "the requests of a key cannot be counted, and pass");
                size
            }
        };
        self.within(start, |counted| {
            let lot = counted.keys.entry(key.to_owned()).or_default();
            lot.left = lot.left.saturating_add(granted.saturating_sub(1));
            lot.is_last |= granted < size;
        });
        if granted == 0 {
            return Err(too_many("this API key", now, start));
        }
        Ok(())
    }

    /// Counts a request that came without a key that is in force.
    ///
    /// # Errors
    /// [`Code::TooMany`] where the allowance of its address is used up.
    pub(super) fn count_address(&self, allowance: Allowance, now: Timestamp, address: &str) -> Result<(), Problem> {
        let Some(most) = allowance.per_address else {
            return Ok(());
        };
        let start = start_of(now);
        let network = network_of(address);
        let is_within = self.within(start, |counted| {
            let is_new = !counted.addresses.contains_key(&network);
            let place = network.filter(|_| !is_new || counted.addresses.len() < MOST_ADDRESSES);
            let count = counted.addresses.entry(place).or_default();
            let is_within = *count < most;
            *count = count.saturating_add(1);
            is_within
        });
        if is_within {
            Ok(())
        } else {
            Err(too_many("this address without an API key", now, start))
        }
    }

    /// Works with what was counted in the window that began at `start`. What was counted before is forgotten.
    fn within<T>(&self, start: Timestamp, work: impl FnOnce(&mut Counted) -> T) -> T {
        // A panic elsewhere leaves no count half written.
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counted.start != start {
            *counted = Counted {
                start,
                ..Counted::default()
            };
        }
        work(&mut counted)
    }
}

/// Returns when the window began that an instant is in.
fn start_of(now: Timestamp) -> Timestamp {
    let seconds = now.as_second();
    Timestamp::from_second(seconds - seconds.rem_euclid(WINDOW_SECONDS)).unwrap_or(Timestamp::MIN)
}

/// Returns when a window ends.
fn end_of(start: Timestamp) -> Timestamp {
    let length = SignedDuration::from_secs(WINDOW_SECONDS);
    start.saturating_add(length).unwrap_or(Timestamp::MAX)
}

/// Returns whose requests are counted together: an IPv4 address, or the 64 bits of an IPv6 address that name a network (RFC 4291,
/// section 2.5.4), because a network has all addresses that begin with them. Texts that are no address are counted together.
fn network_of(address: &str) -> Option<IpAddr> {
    let address: IpAddr = address.parse().ok()?;
    Some(match address.to_canonical() {
        IpAddr::V6(address) => {
            let [first, second, third, fourth, ..] = address.segments();
            Ipv6Addr::new(first, second, third, fourth, 0, 0, 0, 0).into()
        }
        address @ IpAddr::V4(_) => address,
    })
}

/// Returns the refusal. It says in how many seconds the next window begins.
fn too_many(whose: &str, now: Timestamp, start: Timestamp) -> Problem {
    let wait = end_of(start).as_second().saturating_sub(now.as_second());
    let wait = u32::try_from(wait.max(1)).unwrap_or(1);
    let detail = format!("nothing was done: {whose} asked for too much; ask again in {wait} seconds");
    Problem {
        retry_after: Some(wait),
        ..Problem::new(Code::TooMany, detail)
    }
}

#[cfg(test)]
mod tests;
