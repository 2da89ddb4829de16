//! Keys, audit and answers in memory.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;

use super::{MemoryStore, lock};
use crate::{
    connection::TenantId,
    store::{
        AnswerStore, AuditEntry, AuditStore, Begun, Error, KeyRecord, KeyStore, Lives, Repeatable, StoredAnswer, size,
    },
};

#[derive(Default)]
pub(super) struct Door {
    keys: BTreeMap<String, KeyRecord>,
    trails: BTreeMap<Option<TenantId>, BTreeMap<String, AuditEntry>>,
    answers: BTreeMap<String, Kept>,
    /// What was done, with what came of it and when that is forgotten.
    done: BTreeMap<String, (String, Timestamp)>,
}

impl Door {
    pub(super) fn has_key(&self, id: &str) -> bool {
        self.keys.contains_key(id)
    }

    pub(super) fn put_key(&mut self, key: &KeyRecord) {
        self.keys.insert(key.id.clone(), key.clone());
    }

    pub(super) fn revoke(&mut self, id: &str, at: Timestamp) {
        if let Some(key) = self.keys.get_mut(id) {
            key.revoked_at.get_or_insert(at);
        }
    }

    pub(super) fn append(&mut self, entry: &AuditEntry) {
        let trail = self.trails.entry(entry.tenant.clone()).or_default();
        trail.insert(entry.place(), entry.clone());
    }

    /// What came of something that was done.
    pub(super) fn done(&self, id: &str, now: Timestamp) -> Option<&str> {
        let (what, until) = self.done.get(id)?;
        (*until > now).then_some(what)
    }

    pub(super) fn note(&mut self, id: &str, what: &str, until: Timestamp) {
        self.done.insert(id.to_owned(), (what.to_owned(), until));
    }
}

struct Kept {
    request: String,
    /// When the request was first made.
    begun_at: Timestamp,
    /// Until when the process that carries the request out counts as alive.
    running_until: Timestamp,
    expires_at: Timestamp,
    answer: Option<StoredAnswer>,
}

#[async_trait]
impl KeyStore for MemoryStore {
    async fn find_key(&self, id: &str) -> Result<Option<KeyRecord>, Error> {
        self.read(1);
        Ok(lock(&self.door).keys.get(id).cloned())
    }

    async fn create_key(&self, key: &KeyRecord) -> Result<bool, Error> {
        size::fits("write a key", size::key(key))?;
        let mut door = lock(&self.door);
        if door.has_key(&key.id) {
            return Ok(false);
        }
        self.wrote(1);
        door.put_key(key);
        Ok(true)
    }

    async fn revoke_key(&self, id: &str, at: Timestamp) -> Result<bool, Error> {
        let mut door = lock(&self.door);
        if !door.has_key(id) {
            return Ok(false);
        }
        self.wrote(1);
        door.revoke(id, at);
        Ok(true)
    }

    async fn list_keys(&self) -> Result<Vec<KeyRecord>, Error> {
        let keys: Vec<_> = lock(&self.door).keys.values().cloned().collect();
        self.read(keys.len());
        Ok(keys)
    }
}

#[async_trait]
impl AuditStore for MemoryStore {
    async fn list_audit(
        &self,
        tenant: Option<&TenantId>,
        before: Option<&str>,
        limit: u32,
    ) -> Result<(Vec<AuditEntry>, Option<String>), Error> {
        let door = lock(&self.door);
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut found: Vec<_> = door
            .trails
            .get(&tenant.cloned())
            .into_iter()
            .flatten()
            .rev()
            .filter(|(place, _)| before.is_none_or(|before| place.as_str() < before))
            .take(limit.saturating_add(1))
            .collect();
        let is_more = found.len() > limit;
        found.truncate(limit);
        self.read(found.len());
        let next = found.last().map(|(place, _)| (*place).clone()).filter(|_| is_more);
        Ok((found.into_iter().map(|(_, entry)| entry.clone()).collect(), next))
    }
}

#[async_trait]
impl AnswerStore for MemoryStore {
    async fn begin_answer(&self, asked: Repeatable<'_>, now: Timestamp, until: Lives) -> Result<Begun, Error> {
        self.read(1);
        let mut door = lock(&self.door);
        let before = door.answers.get(asked.id).filter(|kept| kept.expires_at > now);
        let begun_at = match before {
            Some(kept) if kept.request != asked.request => return Ok(Begun::Other),
            Some(Kept {
                answer: Some(answer), ..
            }) => return Ok(Begun::Answered(answer.clone())),
            Some(kept) if kept.running_until > now => return Ok(Begun::Running),
            Some(kept) => kept.begun_at,
            None => now,
        };
        self.wrote(1);
        let kept = Kept {
            request: asked.request.to_owned(),
            begun_at,
            running_until: until.running,
            expires_at: until.kept,
            answer: None,
        };
        door.answers.insert(asked.id.to_owned(), kept);
        Ok(Begun::New { begun_at })
    }

    async fn keep_answer(
        &self,
        asked: Repeatable<'_>,
        answer: &StoredAnswer,
        expires_at: Timestamp,
    ) -> Result<(), Error> {
        size::fits(
            "keep an answer",
            size::answer(asked.id, asked.request, answer, expires_at),
        )?;
        self.wrote(1);
        let kept = Kept {
            request: asked.request.to_owned(),
            begun_at: expires_at,
            running_until: expires_at,
            expires_at,
            answer: Some(answer.clone()),
        };
        lock(&self.door).answers.insert(asked.id.to_owned(), kept);
        Ok(())
    }

    async fn leave_answer(&self, asked: Repeatable<'_>) -> Result<(), Error> {
        self.wrote(1);
        if let Some(kept) = lock(&self.door).answers.get_mut(asked.id) {
            kept.running_until = Timestamp::MIN;
        }
        Ok(())
    }
}
