//! Ids that follow from a request: a process that carries the same request out again makes the same things, and finds
//! what is there.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use sha2::{Digest, Sha256};

use crate::run::Ids;

/// How many digits of a hash an id has: 104 bits.
const DIGITS: usize = 26;

/// Makes ids of what tells a request from all others, the word that an id begins with, and how many of that word there were.
/// Keys stay chance: what opens something must not follow from what a caller knows.
pub(super) struct DerivedIds {
    request: String,
    counts: Mutex<BTreeMap<String, u32>>,
    chance: Arc<dyn Ids>,
}

impl DerivedIds {
    pub(super) fn new(request: String, chance: Arc<dyn Ids>) -> Self {
        Self {
            request,
            counts: Mutex::default(),
            chance,
        }
    }
}

impl Ids for DerivedIds {
    fn next(&self, kind: &str) -> String {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(kind.to_owned()).or_default();
        *count += 1;
        let hash = hex::encode(Sha256::digest(format!("{} {kind} {count}", self.request)));
        format!("{kind}_{}", hash.get(..DIGITS).unwrap_or(&hash))
    }

    fn key(&self) -> [u8; 32] {
        self.chance.key()
    }
}

impl fmt::Debug for DerivedIds {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("DerivedIds").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::RandomIds;

    #[test]
    fn ids_of_one_request_are_the_same_again_and_its_keys_are_not() {
        let chance: Arc<dyn Ids> = Arc::new(RandomIds::new().unwrap());
        let of = |request: &str| DerivedIds::new(request.to_owned(), Arc::clone(&chance));
        let (first, again, other) = (of("a"), of("a"), of("b"));
        for kind in ["run", "run", "plan"] {
            let (made, same) = (first.next(kind), again.next(kind));
            assert_eq!(made, same);
            assert!(made.starts_with(&format!("{kind}_")) && made.len() == kind.len() + 1 + DIGITS);
            assert_ne!(made, other.next(kind));
        }
        assert_ne!(first.next("run"), first.next("run"));
        assert_ne!(first.key(), again.key());
    }
}
