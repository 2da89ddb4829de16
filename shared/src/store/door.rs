//! What the HTTP door remembers: keys of callers, the audit, and answers that may be asked for again.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Error;
use crate::connection::{ConnectionId, Role, TenantId};

/// Whose data a caller reaches (R39).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Every tenant's, and what belongs to the operator.
    All,
    /// The named tenants'.
    Tenants(BTreeSet<TenantId>),
}

impl Reach {
    /// Whether a tenant is within reach.
    pub fn includes(&self, tenant: &TenantId) -> bool {
        match self {
            Self::All => true,
            Self::Tenants(tenants) => tenants.contains(tenant),
        }
    }
}

/// An API key as it is kept: its secret part only as a hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyRecord {
    /// Its id, which is part of the key.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// SHA-256 of the whole key, in hex digits.
    pub hash: String,
    /// Which tenants' data the key opens.
    pub reach: Reach,
    /// What the key's holder may do. Keys that were made before there were roles may do everything.
    #[serde(default)]
    pub role: Role,
    /// When the key was made.
    pub created_at: Timestamp,
    /// The person who made the key, as the application named them.
    pub created_by: Option<String>,
    /// When the key was revoked; it opens nothing since.
    pub revoked_at: Option<Timestamp>,
}

/// Keys of callers. There are few.
#[async_trait]
pub trait KeyStore: Send + Sync {
    /// A key by its id, revoked or not.
    async fn find_key(&self, id: &str) -> Result<Option<KeyRecord>, Error>;

    /// Writes a key that is not there yet. Returns false where the id is taken.
    async fn create_key(&self, key: &KeyRecord) -> Result<bool, Error>;

    /// Notes that a key is revoked; the first instant stays. Returns false where there is no such key.
    async fn revoke_key(&self, id: &str, at: Timestamp) -> Result<bool, Error>;

    /// All keys, in the order of their ids.
    async fn list_keys(&self) -> Result<Vec<KeyRecord>, Error>;
}

/// Something that a caller did, written once and never changed (R43). Holds ids, no values of people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Its id.
    pub id: String,
    /// When it was done.
    pub at: Timestamp,
    /// The tenant whose data the act concerns; `None`: the operator's.
    pub tenant: Option<TenantId>,
    /// The person who did it, as the application named them; `None` where it named nobody.
    pub by: Option<String>,
    /// The API key through which it was done; `None`: a person's browser.
    pub key: Option<String>,
    /// What was done, such as `plan.apply`.
    pub action: String,
    /// The connection on which it was done.
    pub connection: Option<ConnectionId>,
    /// Ids and words that say more.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<String, String>,
}

impl AuditEntry {
    /// Returns where the entry stands in its trail: its instant in nanoseconds with 20 digits, then its id.
    pub fn place(&self) -> String {
        format!("{:020}#{}", self.at.as_nanosecond().max(0), self.id)
    }
}

/// The audit, one trail per tenant and one of the operator. An entry is written with its act (`Write::Audit`), and in no other
/// way.
#[async_trait]
pub trait AuditStore: Send + Sync {
    /// A trail, newest first, at most `limit` entries, those before `before` only, with where the next page begins.
    async fn list_audit(
        &self,
        tenant: Option<&TenantId>,
        before: Option<&str>,
        limit: u32,
    ) -> Result<(Vec<AuditEntry>, Option<String>), Error>;
}

/// The answer to a request that may be asked for again (`Idempotency-Key`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The media type of the body.
    pub content_type: String,
    /// Where the answer points, if it does.
    pub location: Option<String>,
    /// The body; empty where it held a secret, which is kept nowhere.
    pub body: String,
    /// Whether the answer held a secret.
    #[serde(default, skip_serializing_if = "is_false")]
    pub held_secret: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

/// What is known of a request that came with an `Idempotency-Key`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// The request has no answer: it is carried out now.
    New {
        /// When the request was first made, within the time that answers are kept.
        begun_at: Timestamp,
    },
    /// Another process is carrying the request out.
    Running,
    /// The key was used for another request.
    Other,
    /// The request was carried out, with this answer.
    Answered(StoredAnswer),
}

/// A request with an `Idempotency-Key`, by hashes.
#[derive(Clone, Copy, Debug)]
pub struct Repeatable<'a> {
    /// Hash of caller, route and key.
    pub id: &'a str,
    /// Hash of the request's body.
    pub request: &'a str,
}

/// How long it takes until a request that was begun is over in one way or another.
#[derive(Clone, Copy, Debug)]
pub struct Lives {
    /// When the process that carries the request out counts as dead.
    pub running: Timestamp,
    /// When it is forgotten that the request was ever made.
    pub kept: Timestamp,
}

/// Answers that may be asked for again, for 24 hours.
#[async_trait]
pub trait AnswerStore: Send + Sync {
    /// Notes that a request is being carried out, unless another process does so, or has done so. Where the process
    /// that began it has died, the caller goes on with it, and learns when the request was first made.
    async fn begin_answer(&self, asked: Repeatable<'_>, now: Timestamp, until: Lives) -> Result<Begun, Error>;

    /// Keeps an answer until `expires_at`.
    async fn keep_answer(
        &self,
        asked: Repeatable<'_>,
        answer: &StoredAnswer,
        expires_at: Timestamp,
    ) -> Result<(), Error>;

    /// Notes that nobody carries a request out any more: it failed in a way that another try may mend.
    async fn leave_answer(&self, asked: Repeatable<'_>) -> Result<(), Error>;
}
