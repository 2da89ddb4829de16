//! Ids and keys from the system's randomness.

use std::{
    fmt,
    sync::atomic::{AtomicU64, Ordering},
};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::{Error, clock::now};
use crate::run::Ids;

/// Crockford's base 32: digits and lower-case letters without `i`, `l`, `o` and `u`, in ascending order of bytes.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Makes ids of the form `<kind>_<time><chance>`: 10 characters of milliseconds since 1970, 16 of chance. They sort by
/// time and cannot be guessed.
///
/// Chance is an HMAC under a secret drawn once at the start, over a counter and bytes drawn anew each time: unique within
/// the process even if the system gave no more bytes, different in a copy of the process as long as it does.
pub struct RandomIds {
    secret: [u8; 64],
    drawn: AtomicU64,
}

impl RandomIds {
    /// Draws the secret.
    ///
    /// # Errors
    /// [`Error::Randomness`] where the system gives none; nothing that needs ids should begin then.
    pub fn new() -> Result<Self, Error> {
        let mut secret = [0; 64];
        getrandom::fill(&mut secret).map_err(Error::Randomness)?;
        Ok(Self {
            secret,
            drawn: AtomicU64::new(0),
        })
    }

    fn draw(&self) -> [u8; 32] {
        let mut fresh = [0; 32];
        // Without fresh bytes the secret and the counter still make it unique and secret.
        let _: Result<(), getrandom::Error> = getrandom::fill(&mut fresh);
        let turn = self.drawn.fetch_add(1, Ordering::Relaxed);
        let mut mac = Hmac::<Sha256>::new(&self.secret.into());
        mac.update(&turn.to_le_bytes());
        mac.update(&fresh);
        mac.finalize().into_bytes().into()
    }
}

impl Ids for RandomIds {
    fn next(&self, kind: &str) -> String {
        let millis = u64::try_from(now().as_millisecond()).unwrap_or_default();
        let chance = self.draw();
        let mut id = String::with_capacity(kind.len() + 27);
        id.push_str(kind);
        id.push('_');
        for place in (0..10).rev() {
            push_digit(&mut id, millis >> (5 * place));
        }
        for byte in chance.iter().take(16) {
            push_digit(&mut id, u64::from(*byte));
        }
        id
    }

    fn key(&self) -> [u8; 32] {
        self.draw()
    }
}

/// Adds the character of the lowest five bits.
fn push_digit(text: &mut String, bits: u64) {
    let digit = usize::try_from(bits & 31).unwrap_or_default();
    text.push(char::from(ALPHABET.get(digit).copied().unwrap_or(b'0')));
}

impl fmt::Debug for RandomIds {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("RandomIds").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_name_their_kind_differ_and_sort_by_time() {
        let ids = RandomIds::new().unwrap();
        let made: Vec<String> = (0..1000).map(|_| ids.next("run")).collect();
        assert_eq!(made.iter().collect::<BTreeSet<_>>().len(), made.len());
        assert!(made.iter().all(|id| id.starts_with("run_") && id.len() == 30));
        let times: Vec<&str> = made.iter().map(|id| &id[4..14]).collect();
        assert!(times.is_sorted(), "{times:?}");
        let mut later = String::new();
        push_digit(&mut later, 10);
        assert_eq!(later, "a");
    }

    #[test]
    fn keys_differ_within_a_process_and_between_two() {
        let (one, other) = (RandomIds::new().unwrap(), RandomIds::new().unwrap());
        let keys = BTreeSet::from([one.key(), one.key(), other.key(), other.key()]);
        assert_eq!(keys.len(), 4);
        assert!(!format!("{one:?}").contains("secret"));
    }
}
