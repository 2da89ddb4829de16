//! Where ids stand in a list: found in about one look, however long the list is.

use std::hash::{DefaultHasher, Hash, Hasher as _};

/// A slot that is free.
const FREE: u32 = u32::MAX;

/// The places of ids in a list, by the hash of each id; what is found is compared by the id itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places {
    /// A power of two of them, at most half of them taken.
    slots: Vec<u32>,
}

impl Places {
    /// Notes where each id stands; of equal ones the first is found.
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

    /// Where an id stands, in a list that tells its ids by place.
    pub(crate) fn find<'a>(&self, id: &str, id_at: impl Fn(usize) -> Option<&'a str>) -> Option<usize> {
        cycle(&self.slots, id)
            .map_while(|slot| self.slots.get(slot).filter(|place| **place != FREE))
            .map(|place| *place as usize)
            .find(|place| id_at(*place) == Some(id))
    }
}

/// All slots, from the one where an id belongs.
fn cycle(slots: &[u32], id: &str) -> impl Iterator<Item = usize> + use<> {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    let (mask, start) = (slots.len().wrapping_sub(1), hasher.finish());
    let start = usize::try_from(start & u64::from(u32::MAX)).unwrap_or_default();
    (0..slots.len()).map(move |step| start.wrapping_add(step) & mask)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

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
