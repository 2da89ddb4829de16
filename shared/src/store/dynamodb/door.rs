//! Keys, audit and answers in the table.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{
    DynamoStore,
    call::Range,
    expression::Expression,
    item::{Draft, Row},
    key,
};
use crate::{
    connection::TenantId,
    store::{AnswerStore, AuditEntry, AuditStore, Begun, Error, KeyRecord, KeyStore, Repeatable, StoredAnswer},
};

#[async_trait]
impl KeyStore for DynamoStore {
    async fn find_key(&self, id: &str) -> Result<Option<KeyRecord>, Error> {
        let row = self.get("find a key", key::api_key(id)).await?;
        row.map(|row| row.document("document")).transpose()
    }

    async fn create_key(&self, record: &KeyRecord) -> Result<bool, Error> {
        const OPERATION: &str = "create a key";
        let draft = Draft::new(key::api_key(&record.id)).document(OPERATION, "document", record)?;
        self.put_if(OPERATION, draft, Expression::absent()).await
    }

    async fn revoke_key(&self, id: &str, at: Timestamp) -> Result<bool, Error> {
        const OPERATION: &str = "revoke a key";
        let Some(mut record) = self.find_key(id).await? else {
            return Ok(false);
        };
        if record.revoked_at.is_none() {
            record.revoked_at = Some(at);
            let draft = Draft::new(key::api_key(id)).document(OPERATION, "document", &record)?;
            self.put(OPERATION, draft).await?;
        }
        Ok(true)
    }

    async fn list_keys(&self) -> Result<Vec<KeyRecord>, Error> {
        let rows = self.query("list keys", Range::of(key::API_KEYS.to_owned())).await?.rows;
        rows.iter().map(|row: &Row| row.document("document")).collect()
    }
}

#[async_trait]
impl AuditStore for DynamoStore {
    async fn append_audit(&self, entry: &AuditEntry) -> Result<(), Error> {
        const OPERATION: &str = "append to the audit";
        let key = key::audit(entry.tenant.as_ref(), entry.at, &entry.id);
        let draft = Draft::new(key).document(OPERATION, "document", entry)?;
        self.put(OPERATION, draft).await
    }

    async fn list_audit(
        &self,
        tenant: Option<&TenantId>,
        before: Option<&str>,
        limit: u32,
    ) -> Result<(Vec<AuditEntry>, Option<String>), Error> {
        let range = Range::of(key::audit_partition(tenant)).newest_first().limit(limit);
        let range = match before {
            Some(before) => range.before(before),
            None => range,
        };
        let found = self.query("list the audit", range).await?;
        let last = found.rows.last().map(|row| row.text("sk").map(str::to_owned));
        let next = last.transpose()?.filter(|_| found.more);
        let entries = found.rows.iter().map(|row| row.document("document"));
        Ok((entries.collect::<Result<_, _>>()?, next))
    }
}

#[async_trait]
impl AnswerStore for DynamoStore {
    async fn begin_answer(&self, asked: Repeatable<'_>, now: Timestamp, until: Timestamp) -> Result<Begun, Error> {
        const OPERATION: &str = "begin an answer";
        let draft = Draft::new(key::answer(asked.id))
            .text("request", asked.request)
            .expires(until);
        let free = Expression::new("attribute_not_exists(#pk) OR #expires <= :now").number(":now", now.as_second());
        if self.put_if(OPERATION, draft, free).await? {
            return Ok(Begun::New);
        }
        let Some(row) = self.get(OPERATION, key::answer(asked.id)).await? else {
            // Whoever was carrying it out has just given it up: the next try finds it free.
            return Ok(Begun::Running);
        };
        if row.text("request")? != asked.request {
            return Ok(Begun::Other);
        }
        if row.has("document") {
            Ok(Begun::Answered(row.document("document")?))
        } else {
            Ok(Begun::Running)
        }
    }

    async fn keep_answer(
        &self,
        asked: Repeatable<'_>,
        answer: &StoredAnswer,
        expires_at: Timestamp,
    ) -> Result<(), Error> {
        const OPERATION: &str = "keep an answer";
        let draft = Draft::new(key::answer(asked.id))
            .text("request", asked.request)
            .document(OPERATION, "document", answer)?
            .expires(expires_at);
        self.put(OPERATION, draft).await
    }

    async fn drop_answer(&self, asked: Repeatable<'_>) -> Result<(), Error> {
        self.delete("drop an answer", key::answer(asked.id)).await
    }
}
