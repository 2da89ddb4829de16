//! Budgets of retries: what keeps many small failures from becoming a storm (R31).

use std::sync::{Mutex, PoisonError};

/// How many successes earn one retry back, where a budget refills at all.
const SUCCESSES_PER_RETRY: u32 = 10;

/// A number of retries that may still be made, in tenths.
#[derive(Debug)]
pub(super) struct Budget {
    most: u32,
    refill: u32,
    left: Mutex<u32>,
}

impl Budget {
    /// Returns a budget that only shrinks: one run's.
    pub(super) const fn fixed(retries: u32) -> Self {
        Self::new(retries, 0)
    }

    /// Returns a budget that successes refill, one retry for ten of them: a provider's, over all runs of this process.
    pub(super) const fn refilling(retries: u32) -> Self {
        Self::new(retries, 1)
    }

    const fn new(retries: u32, refill: u32) -> Self {
        let most = retries.saturating_mul(SUCCESSES_PER_RETRY);
        Self {
            most,
            refill,
            left: Mutex::new(most),
        }
    }

    /// Returns whether a retry is left.
    pub(super) fn has_retry(&self) -> bool {
        *self.left.lock().unwrap_or_else(PoisonError::into_inner) >= SUCCESSES_PER_RETRY
    }

    /// Takes a retry; returns whether there was one.
    pub(super) fn take(&self) -> bool {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let remaining = left.checked_sub(SUCCESSES_PER_RETRY);
        *left = remaining.unwrap_or(*left);
        remaining.is_some()
    }

    /// Notes a success.
    pub(super) fn note_success(&self) {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        *left = left.saturating_add(self.refill).min(self.most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r31_ten_successes_earn_a_provider_one_retry_and_a_run_none() {
        let (run, provider) = (Budget::fixed(1), Budget::refilling(1));
        assert!(run.take() && provider.take());
        for _ in 0..10 {
            assert!(!provider.take());
            run.note_success();
            provider.note_success();
        }
        assert!(provider.take());
        assert!(!provider.take());
        assert!(!run.take());
    }
}
