//! Allowances: how many requests a company may be asked within a minute, or another window, by all callers together.

use std::collections::{BTreeMap, VecDeque};

/// The usual window in seconds.
const MINUTE: u32 = 60;

/// The requests of the last window, company by company.
#[derive(Debug)]
pub(super) struct Meter {
    limit: usize,
    window: i64,
    seen: BTreeMap<usize, VecDeque<i64>>,
}

impl Meter {
    /// At most this many requests within so many seconds, or a minute; 0 for any number.
    pub(super) fn new(limit: u32, seconds: Option<u32>) -> Self {
        Self {
            limit: usize::try_from(limit).unwrap_or(usize::MAX),
            window: i64::from(seconds.unwrap_or(MINUTE)),
            seen: BTreeMap::new(),
        }
    }

    /// Counts a request. Returns the seconds to wait where the allowance is used up; such a request does not count.
    pub(super) fn count(&mut self, company: usize, now: i64) -> Result<(), u64> {
        if self.limit == 0 {
            return Ok(());
        }
        let seen = self.seen.entry(company).or_default();
        while seen.front().is_some_and(|at| *at <= now - self.window) {
            seen.pop_front();
        }
        match seen.front() {
            Some(oldest) if seen.len() >= self.limit => Err(u64::try_from(oldest + self.window - now).unwrap_or(1)),
            Some(_) | None => {
                seen.push_back(now);
                Ok(())
            }
        }
    }
}
