//! Buckets in the table.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{DynamoStore, expression::Expression, item::Draft, key};
use crate::{
    allowance::{Bucket, ScopeKey},
    store::{BucketStore, Error, Versioned},
};

#[async_trait]
impl BucketStore for DynamoStore {
    async fn find_bucket(&self, scope: &ScopeKey) -> Result<Option<Versioned<Bucket>>, Error> {
        let row = self.get("find a bucket", key::bucket(scope)).await?;
        row.map(|row| {
            Ok(Versioned {
                record: row.document("document")?,
                revision: row.number("revision")?,
            })
        })
        .transpose()
    }

    async fn put_bucket(
        &self,
        scope: &ScopeKey,
        bucket: &Bucket,
        expires_at: Timestamp,
        revision: Option<u64>,
    ) -> Result<bool, Error> {
        const OPERATION: &str = "write a bucket";
        let draft = Draft::new(key::bucket(scope))
            .number("revision", revision.map_or(1, |revision| revision + 1))
            .document(OPERATION, "document", bucket)?
            .expires(expires_at);
        let unchanged = match revision {
            None => Expression::absent(),
            Some(revision) => Expression::new("#revision = :revision").number(":revision", revision),
        };
        self.put_if(OPERATION, draft, unchanged).await
    }

    async fn delete_bucket(&self, scope: &ScopeKey) -> Result<(), Error> {
        self.delete("delete a bucket", key::bucket(scope)).await
    }
}
