//! Buckets: how much of the allowance of an HR system is used, by all processes together. One small item for each scope.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Error, Versioned};
use crate::allowance::{Bucket, ScopeKey};

/// The buckets that processes share.
#[async_trait]
pub trait BucketStore: Send + Sync {
    /// The bucket of a scope with its revision.
    async fn find_bucket(&self, scope: &ScopeKey) -> Result<Option<Versioned<Bucket>>, Error>;

    /// Writes the bucket of a scope if it is still at `revision` (`None`: not there yet). Returns whether it was. From
    /// `expires_at` on it may be deleted at any time, because nothing in it counts any more.
    async fn put_bucket(
        &self,
        scope: &ScopeKey,
        bucket: &Bucket,
        expires_at: Timestamp,
        revision: Option<u64>,
    ) -> Result<bool, Error>;

    /// Deletes the bucket of a scope; one that is not there is deleted already.
    async fn delete_bucket(&self, scope: &ScopeKey) -> Result<(), Error>;
}
