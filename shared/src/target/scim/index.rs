//! A whole list by what is looked up, where a server's filters do not help. Pure: no HTTP.
//!
//! Texts are kept as hashes, whatever their length: a user who is found is read again and compared before it counts.

use std::{
    collections::BTreeSet,
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use serde_json::Value;

use super::{
    resource::{external_id, id, user_name},
    walk::Incomplete,
};
use crate::account::{AccountId, ExternalId};

/// How many accounts may carry one value. A value that more accounts carry tells nobody apart.
pub(super) const MOST_ALIKE: usize = 100;
/// The most memory that the ids of a list may take.
pub(super) const MOST_INDEX_BYTES: usize = 64 * 1024 * 1024;
/// What an id takes beside its bytes, with its two places.
const ENTRY_BYTES: usize = 96;

/// A whole list by what is looked up.
#[derive(Debug, Default)]
pub(super) struct Index {
    ids: Vec<AccountId>,
    bytes: usize,
    by_reference: Places,
    by_name: Places,
}

/// For the hash of a text, the places of the ids that go with it.
#[derive(Debug, Default)]
struct Places(BTreeSet<(u64, usize)>);

impl Index {
    /// Notes an entry of the list.
    ///
    /// # Errors
    /// [`Incomplete::Heavy`] where there is no more room.
    pub(super) fn note(&mut self, resource: &Value) -> Result<(), Incomplete> {
        if let Some(id) = id(resource) {
            let (reference, name) = (external_id(resource), user_name(resource));
            self.add(&id, reference.as_ref().map(ExternalId::as_str), name.as_deref());
        }
        if self.bytes > MOST_INDEX_BYTES {
            return Err(Incomplete::Heavy);
        }
        Ok(())
    }

    /// Adds an account under what it carries.
    pub(super) fn add(&mut self, id: &AccountId, reference: Option<&str>, name: Option<&str>) {
        let place = self.ids.len();
        let mut is_new = false;
        for (places, text) in [(&mut self.by_reference, reference), (&mut self.by_name, name)] {
            let Some(text) = text else {
                continue;
            };
            let known: Vec<usize> = places.find(text).take(MOST_ALIKE + 1).collect();
            let is_known = known.iter().any(|place| self.ids.get(*place) == Some(id));
            if !is_known && known.len() <= MOST_ALIKE {
                places.0.insert((hash(text), place));
                is_new = true;
            }
        }
        if is_new {
            self.bytes += id.as_str().len() + ENTRY_BYTES;
            self.ids.push(id.clone());
        }
    }

    /// Returns who carries a reference: all of them, or one more than may carry one value.
    pub(super) fn with_reference(&self, reference: &str) -> Vec<AccountId> {
        self.at(&self.by_reference, reference)
    }

    /// Returns whose folded name this is, as [`Self::with_reference`].
    pub(super) fn with_name(&self, name: &str) -> Vec<AccountId> {
        self.at(&self.by_name, name)
    }

    fn at(&self, places: &Places, text: &str) -> Vec<AccountId> {
        let ids = places.find(text).filter_map(|place| self.ids.get(place));
        ids.take(MOST_ALIKE + 1).cloned().collect()
    }
}

impl Places {
    fn find(&self, text: &str) -> impl Iterator<Item = usize> {
        let hash = hash(text);
        self.0.range((hash, 0)..=(hash, usize::MAX)).map(|(_, place)| *place)
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
