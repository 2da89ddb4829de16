//! Buckets with a watch.

use async_trait::async_trait;
use jiff::Timestamp;
use rollcall::{
    allowance::{Bucket, ScopeKey},
    store::{BucketStore, Error, Versioned},
};

use super::{super::Place, WatchedStore};

#[async_trait]
impl BucketStore for WatchedStore {
    async fn find_bucket(&self, scope: &ScopeKey) -> Result<Option<Versioned<Bucket>>, Error> {
        self.read("find_bucket", self.inner.find_bucket(scope)).await
    }

    async fn put_bucket(
        &self,
        scope: &ScopeKey,
        bucket: &Bucket,
        expires_at: Timestamp,
        revision: Option<u64>,
    ) -> Result<bool, Error> {
        let put = self.inner.put_bucket(scope, bucket, expires_at, revision);
        self.write(Place::Store("put_bucket"), "put_bucket", put).await
    }

    async fn delete_bucket(&self, scope: &ScopeKey) -> Result<(), Error> {
        let deleted = self.inner.delete_bucket(scope);
        self.write(Place::Store("delete_bucket"), "delete_bucket", deleted)
            .await
    }
}
