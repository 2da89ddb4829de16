//! Keys, audit and answers in the table.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{
    DynamoStore,
    act::Change,
    call::Range,
    expression::Expression,
    item::{Draft, Row},
    key,
    transaction::Step,
};
use crate::{
    connection::TenantId,
    store::{
        ActStore, Acted, AnswerStore, AuditEntry, AuditStore, Begun, Error, KeyRecord, KeyStore, Repeatable,
        StoredAnswer, Write,
    },
};

pub(super) fn key(record: &KeyRecord) -> Result<Draft, Error> {
    Draft::new(key::api_key(&record.id)).document("write a key", "document", record)
}

pub(super) fn entry(entry: &AuditEntry) -> Result<Draft, Error> {
    let key = key::audit(entry);
    Draft::new(key).document("append to the audit", "document", entry)
}

impl DynamoStore {
    /// Notes that a key is revoked, where it is not noted yet.
    pub(super) async fn revocation(&self, id: &str, at: Timestamp) -> Result<Change, Error> {
        let Some(row) = self.get("find a key", key::api_key(id)).await? else {
            return Ok(Change::MayNot(key::api_key(id)));
        };
        let mut record: KeyRecord = row.document("document")?;
        if record.revoked_at.is_some() {
            return Ok(Change::May(Vec::new()));
        }
        record.revoked_at = Some(at);
        let unchanged = Expression::new("#document = :document").text(":document", row.text("document")?);
        Ok(Change::May(vec![Step::Put(key(&record)?, Some(unchanged))]))
    }
}

#[async_trait]
impl KeyStore for DynamoStore {
    async fn find_key(&self, id: &str) -> Result<Option<KeyRecord>, Error> {
        let row = self.get("find a key", key::api_key(id)).await?;
        row.map(|row| row.document("document")).transpose()
    }

    async fn create_key(&self, record: &KeyRecord) -> Result<bool, Error> {
        self.put_if("create a key", key(record)?, Expression::absent()).await
    }

    async fn revoke_key(&self, id: &str, at: Timestamp) -> Result<bool, Error> {
        Ok(self.act(&[Write::RevokeKey { id, at }]).await? == Acted::Done)
    }

    async fn list_keys(&self) -> Result<Vec<KeyRecord>, Error> {
        let rows = self.query("list keys", Range::of(key::API_KEYS.to_owned())).await?.rows;
        rows.iter().map(|row: &Row| row.document("document")).collect()
    }
}

#[async_trait]
impl AuditStore for DynamoStore {
    async fn append_audit(&self, entry: &AuditEntry) -> Result<(), Error> {
        self.put("append to the audit", self::entry(entry)?).await
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
