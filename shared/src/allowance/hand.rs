//! What one process holds of a bucket: its lot, and which requests were answered. A request counts until it is answered,
//! because it may reach the server at any time before.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{Lot, Said, Spent};

/// What a process holds of a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hand {
    lot: Lot,
    answered: u32,
    answered_at: Timestamp,
    pending: u32,
    closed_until: Timestamp,
    /// What was said last, and when: the bucket is corrected by it when the next lot is taken.
    said: Option<(Said, Timestamp)>,
}

/// What a hand gives for a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token {
    /// The right to send it.
    Given,
    /// None: another lot is to be taken.
    Lacking,
    /// None before this instant, because the server said so.
    ClosedUntil(Timestamp),
}

impl Default for Hand {
    fn default() -> Self {
        Self {
            lot: Lot {
                count: 0,
                until: Timestamp::MIN,
            },
            answered: 0,
            answered_at: Timestamp::MIN,
            pending: 0,
            closed_until: Timestamp::MIN,
            said: None,
        }
    }
}

impl Hand {
    /// Uses a token for a request that is sent now.
    pub fn spend(&mut self, now: Timestamp) -> Token {
        if self.closed_until > now {
            return Token::ClosedUntil(self.closed_until);
        }
        if self.lot.count == 0 || self.lot.until <= now {
            return Token::Lacking;
        }
        self.lot.count -= 1;
        self.pending = self.pending.saturating_add(1);
        Token::Given
    }

    /// Notes that a request was answered, or came to nothing, and what the answer says. Returns for how long the bucket is to be
    /// closed, where the answer says so and it is news.
    pub fn answer(&mut self, now: Timestamp, said: Said) -> Option<Duration> {
        self.pending = self.pending.saturating_sub(1);
        self.answered = self.answered.saturating_add(1);
        self.answered_at = now;
        if let Some(remaining) = said.remaining {
            self.lot.count = self.lot.count.min(remaining);
            self.said = Some((said, now));
        }
        let wait = said.closes_for()?;
        let lasts = SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX);
        let until = now.saturating_add(lasts).unwrap_or(Timestamp::MAX);
        let is_news = until > self.closed_until;
        self.closed_until = self.closed_until.max(until);
        is_news.then_some(wait)
    }

    /// Returns what was used of the lot, and what the server says of the rest.
    pub fn spent(&self, now: Timestamp) -> Spent {
        Spent {
            answered: self.answered,
            at: self.answered_at,
            pending: self.pending,
            left: self.correction(now),
        }
    }

    /// Returns how many tokens are left that may be used now.
    pub fn left(&self, now: Timestamp) -> u32 {
        if self.lot.until > now { self.lot.count } else { 0 }
    }

    /// Returns how many requests are left by the server's own count and in how long that begins anew, where it said both.
    fn correction(&self, now: Timestamp) -> Option<(u32, Duration)> {
        let (said, at) = self.said?;
        let passed = Duration::try_from(now.duration_since(at)).unwrap_or_default();
        let left = said.reset?.checked_sub(passed)?;
        Some((said.remaining?, left))
    }

    /// Takes a lot in hand, in place of the one of which this was settled. What was answered meanwhile, and what is not answered
    /// yet, counts with the new one.
    pub fn hold(&mut self, lot: Lot, settled: Spent) {
        self.lot = lot;
        self.answered = self.answered.saturating_sub(settled.answered);
        self.said = None;
    }

    /// Holds nothing more: everything was given back but for what was settled.
    pub fn give_up(&mut self, settled: Spent) {
        self.lot.count = 0;
        self.answered = self.answered.saturating_sub(settled.answered);
        self.said = None;
    }
}
