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
        ActStore, Acted, AnswerStore, AuditEntry, AuditStore, Begun, Error, KeyRecord, KeyStore, Lives, Repeatable,
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
    async fn begin_answer(&self, asked: Repeatable<'_>, now: Timestamp, until: Lives) -> Result<Begun, Error> {
        const OPERATION: &str = "begin an answer";
        let note = |begun_at: Timestamp| {
            Draft::new(key::answer(asked.id))
                .text("request", asked.request)
                .text("begun_at", begun_at.to_string())
                .number("running_until", until.running.as_second())
                .expires(until.kept)
        };
        let free = Expression::new("attribute_not_exists(#pk) OR #expires <= :now").number(":now", now.as_second());
        if self.put_if(OPERATION, note(now), free).await? {
            return Ok(Begun::New { begun_at: now });
        }
        let Some(row) = self.get(OPERATION, key::answer(asked.id)).await? else {
            // The other request has just ended: the next try finds the key free.
            return Ok(Begun::Running);
        };
        if row.text("request")? != asked.request {
            return Ok(Begun::Other);
        }
        if row.has("document") {
            return Ok(Begun::Answered(row.document("document")?));
        }
        // At first a note told nothing but its end, and was free from then on.
        if !row.has("begun_at") || i128::from(row.number("running_until")?) > i128::from(now.as_second()) {
            return Ok(Begun::Running);
        }
        let begun_at = row.parsed("begun_at", "an instant")?;
        let left = Expression::new("#running_until = :seen AND attribute_not_exists(#document)")
            .number(":seen", row.number("running_until")?);
        if self.put_if(OPERATION, note(begun_at), left).await? {
            Ok(Begun::New { begun_at })
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

    async fn leave_answer(&self, asked: Repeatable<'_>) -> Result<(), Error> {
        let (change, own) = (
            Expression::new("SET #running_until = :left").number(":left", 0),
            Expression::new("attribute_exists(#begun_at) AND #request = :request").text(":request", asked.request),
        );
        let answer = key::answer(asked.id);
        self.update_if("leave an answer", answer, change, own).await.map(drop)
    }
}
