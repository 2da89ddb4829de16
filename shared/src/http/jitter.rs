//! The randomness of waiting times: splitmix64 from a seed that the caller gives. Not for secrets.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// A sequence of numbers that depends on its seed only (Steele, Lea, Flood: splitmix64).
#[derive(Debug)]
pub(super) struct Jitter(AtomicU64);

impl Jitter {
    pub(super) const fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    fn next(&self) -> u64 {
        let state = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Returns a time from zero to `most`, each equally likely.
    pub(super) fn up_to(&self, most: Duration) -> Duration {
        let parts = u32::try_from(self.next() >> 32).unwrap_or(u32::MAX);
        most.mul_f64(f64::from(parts) / f64::from(u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_differ_stay_within_bounds_and_repeat_from_the_same_seed() {
        let most = Duration::from_secs(1);
        let draw = |seed| {
            let jitter = Jitter::new(seed);
            (0..200).map(|_| jitter.up_to(most)).collect::<Vec<_>>()
        };
        let waits = draw(7);
        assert_eq!(waits, draw(7));
        assert_ne!(waits, draw(8));
        assert!(waits.iter().all(|wait| *wait <= most));
        assert!(waits.iter().any(|wait| *wait < most / 4) && waits.iter().any(|wait| *wait > most / 4 * 3));
    }
}
