//! Slots in the table.

use async_trait::async_trait;

use super::{DynamoStore, expression::Expression, item::Draft, key};
use crate::store::{Error, RunKind, SlotStore, Slots, Versioned};

#[async_trait]
impl SlotStore for DynamoStore {
    async fn find_slots(&self, kind: RunKind, group: u32) -> Result<Option<Versioned<Slots>>, Error> {
        let row = self.get("find slots", key::slots(kind, group)).await?;
        row.map(|row| {
            Ok(Versioned {
                record: row.document("document")?,
                revision: row.number("revision")?,
            })
        })
        .transpose()
    }

    async fn put_slots(&self, kind: RunKind, group: u32, slots: &Slots, revision: Option<u64>) -> Result<bool, Error> {
        const OPERATION: &str = "write slots";
        let draft = Draft::new(key::slots(kind, group))
            .number("revision", revision.map_or(1, |revision| revision + 1))
            .document(OPERATION, "document", slots)?;
        let unchanged = match revision {
            None => Expression::absent(),
            Some(revision) => Expression::new("#revision = :revision").number(":revision", revision),
        };
        self.put_if(OPERATION, draft, unchanged).await
    }
}
