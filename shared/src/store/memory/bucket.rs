//! Buckets in memory.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;

use super::{MemoryStore, lock};
use crate::{
    allowance::{Bucket, ScopeKey},
    store::{BucketStore, Error, Versioned},
};

/// The bucket of each scope.
pub(super) type Buckets = BTreeMap<ScopeKey, Versioned<Bucket>>;

#[async_trait]
impl BucketStore for MemoryStore {
    async fn find_bucket(&self, scope: &ScopeKey) -> Result<Option<Versioned<Bucket>>, Error> {
        self.read(1);
        Ok(lock(&self.buckets).get(scope).cloned())
    }

    async fn put_bucket(
        &self,
        scope: &ScopeKey,
        bucket: &Bucket,
        _expires_at: Timestamp,
        revision: Option<u64>,
    ) -> Result<bool, Error> {
        let mut buckets = lock(&self.buckets);
        let there = buckets.get(scope).map(|there| there.revision);
        if there != revision {
            return Ok(false);
        }
        self.wrote(1);
        let record = bucket.clone();
        let revision = revision.map_or(1, |revision| revision + 1);
        buckets.insert(scope.clone(), Versioned { record, revision });
        Ok(true)
    }

    async fn delete_bucket(&self, scope: &ScopeKey) -> Result<(), Error> {
        self.wrote(1);
        lock(&self.buckets).remove(scope);
        Ok(())
    }
}
