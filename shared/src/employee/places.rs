//! Where ids stand in a list: found with about one comparison, however long the list is.

/// An odd number without a pattern, as `FxHash` uses it.
const FACTOR: u64 = 0x517c_c1b7_2722_0a95;

/// A slot that is free.
const FREE: u32 = u32::MAX;

/// The places of ids in a list, by the hash of each id; what is found is compared by the id itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places {
    /// A power of two of them; at most half are taken.
    slots: Vec<u32>,
}

impl Places {
    /// Returns the places of ids. Of equal ids the first is found.
    pub(crate) fn new<'a>(ids: impl ExactSizeIterator<Item = &'a str>) -> Self {
        let mut slots = vec![FREE; (2 * ids.len()).next_power_of_two()];
        for (place, id) in ids.enumerate() {
            let free = cycle(&slots, id).find(|slot| slots.get(*slot) == Some(&FREE));
            if let (Some(slot), Ok(place)) = (free.and_then(|slot| slots.get_mut(slot)), u32::try_from(place)) {
                *slot = place;
            }
        }
        Self { slots }
    }

    /// Returns the position of an id, in a list that tells its ids by position.
    pub(crate) fn find<'a>(&self, id: &str, id_at: impl Fn(usize) -> Option<&'a str>) -> Option<usize> {
        cycle(&self.slots, id)
            .map_while(|slot| self.slots.get(slot).filter(|place| **place != FREE))
            .map(|place| *place as usize)
            .find(|place| id_at(*place) == Some(id))
    }
}

/// Returns all slots, from the one where an id belongs.
fn cycle(slots: &[u32], id: &str) -> impl Iterator<Item = usize> + use<> {
    let (mask, start) = (slots.len().wrapping_sub(1), hash(id));
    let start = usize::try_from(start & u64::from(u32::MAX)).unwrap_or_default();
    (0..slots.len()).map(move |step| start.wrapping_add(step) & mask)
}

/// Returns a hash for use within one process, eight bytes at a time. What it finds is compared by value.
fn hash(text: &str) -> u64 {
    let (words, rest) = text.as_bytes().as_chunks::<8>();
    let mut last = [0; 8];
    last.iter_mut().zip(rest).for_each(|(last, byte)| *last = *byte);
    let words = words.iter().chain([&last]).map(|word| u64::from_le_bytes(*word));
    let mixed = words.fold(text.len() as u64, |hash, word| {
        let mixed = (hash.rotate_left(5) ^ word).wrapping_mul(FACTOR);
        mixed ^ (mixed >> 32)
    });
    mixed.wrapping_mul(FACTOR) ^ (mixed >> 29)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ids_in_a_row_are_spread() {
        let ids = |prefix: &'static str| (0..100_000).map(move |number| format!("{prefix}{number}"));
        for prefix in ["", "account-0000000000000000000000"] {
            let hashes: BTreeSet<u64> = ids(prefix).map(|id| hash(&id)).collect();
            assert_eq!(hashes.len(), 100_000);
            let places: BTreeSet<u64> = hashes.iter().map(|hash| hash % (1 << 18)).collect();
            assert!(places.len() > 80_000, "{} of 82,900 expected", places.len());
        }
        assert_ne!(hash("a"), hash("a\0"));
    }

    proptest! {
        #[test]
        fn an_id_is_found_where_it_first_stands_or_not_at_all(
            ids in proptest::collection::vec("[ab]{0,3}", 0..40), wanted in "[ab]{0,3}",
        ) {
            let places = Places::new(ids.iter().map(String::as_str));
            let found = places.find(&wanted, |place| ids.get(place).map(String::as_str));
            prop_assert_eq!(found, ids.iter().position(|id| *id == wanted));
        }
    }
}
