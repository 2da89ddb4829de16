//! What the HTTP door remembers, with a watch.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use rollcall::{
    connection::TenantId,
    store::{
        AllowanceStore, AnswerStore, AuditEntry, AuditStore, Begun, DoorStore, Error, KeyRecord, KeyStore, Lives,
        Repeatable, StoredAnswer, Window,
    },
};

use super::{
    super::{Place, Watch},
    read,
    store::unavailable,
    write,
};

/// What the HTTP door remembers, with a watch.
pub struct WatchedDoor {
    /// The store behind it.
    pub inner: Arc<dyn DoorStore>,
    /// The watch that is asked.
    pub watch: Arc<dyn Watch>,
}

macro_rules! write {
    ($self:ident, $name:literal, $call:expr) => {
        write($self.watch.as_ref(), Place::Door($name), unavailable($name), $call).await
    };
}

macro_rules! read {
    ($self:ident, $name:literal, $call:expr) => {
        read($self.watch.as_ref(), Place::Door($name), unavailable($name), $call).await
    };
}

#[async_trait]
impl KeyStore for WatchedDoor {
    async fn find_key(&self, id: &str) -> Result<Option<KeyRecord>, Error> {
        read!(self, "find_key", self.inner.find_key(id))
    }

    async fn create_key(&self, key: &KeyRecord) -> Result<bool, Error> {
        write!(self, "create_key", self.inner.create_key(key))
    }

    async fn revoke_key(&self, id: &str, at: Timestamp) -> Result<bool, Error> {
        write!(self, "revoke_key", self.inner.revoke_key(id, at))
    }

    async fn list_keys(&self) -> Result<Vec<KeyRecord>, Error> {
        read!(self, "list_keys", self.inner.list_keys())
    }
}

#[async_trait]
impl AuditStore for WatchedDoor {
    async fn list_audit(
        &self,
        tenant: Option<&TenantId>,
        before: Option<&str>,
        limit: u32,
    ) -> Result<(Vec<AuditEntry>, Option<String>), Error> {
        read!(self, "list_audit", self.inner.list_audit(tenant, before, limit))
    }
}

#[async_trait]
impl AllowanceStore for WatchedDoor {
    async fn use_allowance(&self, key: &str, window: Window, count: u32) -> Result<u64, Error> {
        write!(self, "use_allowance", self.inner.use_allowance(key, window, count))
    }
}

#[async_trait]
impl AnswerStore for WatchedDoor {
    async fn begin_answer(&self, asked: Repeatable<'_>, now: Timestamp, until: Lives) -> Result<Begun, Error> {
        write!(self, "begin_answer", self.inner.begin_answer(asked, now, until))
    }

    async fn keep_answer(
        &self,
        asked: Repeatable<'_>,
        answer: &StoredAnswer,
        expires_at: Timestamp,
    ) -> Result<(), Error> {
        write!(self, "keep_answer", self.inner.keep_answer(asked, answer, expires_at))
    }

    async fn leave_answer(&self, asked: Repeatable<'_>) -> Result<(), Error> {
        write!(self, "leave_answer", self.inner.leave_answer(asked))
    }
}
