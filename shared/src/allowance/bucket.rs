//! The bucket of one scope: every token that was used comes back a window later. Processes take tokens in lots, so that one write
//! stands for many requests. No window holds more requests than the limit, of all processes together, because a lot counts in full
//! from the moment at which it is taken until a window after it ends.
//!
//! Instants are those of many clocks. What lies ahead of the clock at hand was written by one that runs ahead: it is taken to
//! begin now, so that a clock that jumped keeps nobody away for longer than what it wrote would have lasted.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Limit;

/// How long a bucket is closed at most, whatever a server says: a date far ahead may be a mistake, and one request tells.
const LONGEST_CLOSED: SignedDuration = SignedDuration::from_hours(1);

/// How many notes of used tokens a bucket keeps apart; beyond, the oldest two become one, which counts as long as the younger.
const MOST_NOTES: usize = 60;

/// The tokens of one scope that do not lie in the bucket.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Bucket {
    /// Lots that processes hold.
    lots: Vec<Held>,
    /// Tokens of lots that were settled, and those that other programs have used.
    used: Vec<Used>,
    /// While nothing is taken, because the server said so.
    closed: Option<Span>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Span {
    since: Timestamp,
    until: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Held {
    holder: String,
    count: u32,
    #[serde(flatten)]
    span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Used {
    count: u32,
    at: Timestamp,
}

/// Tokens that a process may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lot {
    /// How many.
    pub count: u32,
    /// Until when.
    pub until: Timestamp,
}

/// What a process has used of the lot that it gives up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spent {
    /// Requests that were answered.
    pub answered: u32,
    /// When the last of them was.
    pub at: Timestamp,
    /// Requests that are not answered yet: they may reach the server at any time.
    pub pending: u32,
    /// How many requests the server says are left, and in how long it counts anew, where it says so.
    pub left: Option<(u32, Duration)>,
}

impl Span {
    /// Moves a span that lies ahead of `now` to begin there. Returns whether it did.
    fn pull(&mut self, now: Timestamp) -> bool {
        let is_ahead = self.since > now;
        if is_ahead {
            let lasts = self.until.duration_since(self.since);
            *self = Self {
                since: now,
                until: after(now, lasts),
            };
        }
        is_ahead
    }
}

fn after(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.saturating_add(by).unwrap_or(Timestamp::MAX)
}

impl Bucket {
    /// Drops what counts no more, and pulls what lies ahead of `now`. Returns whether something did: then the bucket is to be
    /// written, because it would lie ahead again.
    pub fn forget(&mut self, now: Timestamp, limit: Limit) -> bool {
        let mut is_pulled = false;
        for held in &mut self.lots {
            is_pulled |= held.span.pull(now);
        }
        for used in &mut self.used {
            is_pulled |= used.at > now;
            used.at = used.at.min(now);
        }
        if let Some(closed) = &mut self.closed {
            is_pulled |= closed.pull(now);
        }
        let counts_for = limit.counts_for();
        self.lots.retain(|held| after(held.span.until, counts_for) > now);
        self.used.retain(|used| after(used.at, counts_for) > now);
        self.closed = self.closed.filter(|closed| closed.until > now);
        is_pulled
    }

    /// Takes a lot for a holder, whose earlier one is settled.
    ///
    /// # Errors
    /// The instant at which there are enough tokens again, as far as is known.
    pub fn take(&mut self, now: Timestamp, limit: Limit, holder: &str, spent: Spent) -> Result<Lot, Timestamp> {
        let pending = spent.pending;
        self.settle(holder, Spent { pending: 0, ..spent }, now);
        if let Some((remaining, reset)) = spent.left {
            self.correct(now, limit, remaining, reset);
        }
        let needed = limit.least_of_lot().saturating_add(pending);
        let free = limit.requests.saturating_sub(self.counted());
        let back_at = match self.closed {
            Some(closed) => Some(closed.until),
            None => (free < needed).then(|| self.free_at(now, limit, needed)),
        };
        if let Some(back_at) = back_at {
            self.note(pending, now);
            return Err(back_at);
        }
        let count = free.saturating_sub(pending).min(limit.most_of_lot());
        let until = after(now, limit.lot_lasts());
        self.lots.push(Held {
            holder: holder.to_owned(),
            // What is not answered yet may arrive while this lot is used.
            count: count.saturating_add(pending),
            span: Span { since: now, until },
        });
        Ok(Lot { count, until })
    }

    /// Gives a holder's lot back but for what was used of it.
    pub fn settle(&mut self, holder: &str, spent: Spent, now: Timestamp) {
        self.lots.retain(|held| held.holder != holder);
        self.note(spent.answered, spent.at.min(now));
        self.note(spent.pending, now);
    }

    /// Takes nothing more for so long, because the server said so; for an hour at most.
    pub fn close(&mut self, now: Timestamp, wait: Duration) {
        let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX);
        let until = after(now, wait.min(LONGEST_CLOSED));
        let is_longer = self.closed.is_none_or(|closed| closed.until < until);
        if is_longer {
            self.closed = Some(Span { since: now, until });
        }
    }

    /// Counts what the server says that was used beside, where it says that less is left than the bucket knows of.
    fn correct(&mut self, now: Timestamp, limit: Limit, remaining: u32, reset: Duration) {
        let reset = SignedDuration::try_from(reset).unwrap_or(SignedDuration::MAX);
        if reset > limit.window {
            // The server speaks of another window.
            return;
        }
        let unknown = limit.requests.saturating_sub(remaining).saturating_sub(self.counted());
        let back_at = after(now, reset);
        let at = back_at.saturating_sub(limit.counts_for()).unwrap_or(Timestamp::MIN);
        self.note(unknown, at.min(now));
    }

    /// Returns from when on nothing of the bucket counts any more.
    pub fn ends_at(&self, limit: Limit) -> Timestamp {
        let lots = self.lots.iter().map(|held| held.span.until);
        let used = self.used.iter().map(|used| used.at);
        let last = lots.chain(used).max().unwrap_or(Timestamp::MIN);
        let closed = self.closed.map_or(Timestamp::MIN, |closed| closed.until);
        after(last, limit.counts_for()).max(closed)
    }

    fn note(&mut self, count: u32, at: Timestamp) {
        if count == 0 {
            return;
        }
        self.used.push(Used { count, at });
        self.used.sort_by_key(|used| used.at);
        if self.used.len() > MOST_NOTES {
            let oldest = self.used.remove(0);
            if let Some(next) = self.used.first_mut() {
                next.count = next.count.saturating_add(oldest.count);
            }
        }
    }

    /// How many tokens do not lie in the bucket.
    fn counted(&self) -> u32 {
        let lots = self.lots.iter().map(|held| held.count);
        let used = self.used.iter().map(|used| used.count);
        lots.chain(used).fold(0, u32::saturating_add)
    }

    /// Returns when so many tokens lie in the bucket.
    fn free_at(&self, now: Timestamp, limit: Limit, needed: u32) -> Timestamp {
        let counts_for = limit.counts_for();
        let lots = self
            .lots
            .iter()
            .map(|held| (after(held.span.until, counts_for), held.count));
        let used = self.used.iter().map(|used| (after(used.at, counts_for), used.count));
        let mut coming: Vec<(Timestamp, u32)> = lots.chain(used).collect();
        coming.sort_unstable();
        let mut counted = self.counted();
        for (at, count) in coming {
            counted = counted.saturating_sub(count);
            if limit.requests.saturating_sub(counted) >= needed {
                return at;
            }
        }
        // More is under way than the limit allows at all.
        after(now, limit.window)
    }
}

#[cfg(test)]
mod tests;
