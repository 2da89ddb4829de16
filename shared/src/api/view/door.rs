//! Keys and the audit as callers see them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::Instant;
use crate::store::{AuditEntry, KeyRecord, Reach};

/// An API key without its secret.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Key")]
pub(crate) struct KeyView {
    /// Its id.
    id: String,
    /// What people call it.
    name: String,
    /// `*`, or the tenants that it reaches.
    tenants: TenantsView,
    /// What its holder may do: `admin`, `approver`, `viewer`, `hiring_manager` or `recruiter`.
    role: &'static str,
    /// When it was made.
    #[schemars(with = "Instant")]
    created_at: Timestamp,
    /// Who made it.
    created_by: Option<String>,
    /// When it was revoked.
    #[schemars(with = "Option<Instant>")]
    revoked_at: Option<Timestamp>,
}

/// Whose data a key opens.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Tenants")]
#[serde(untagged)]
enum TenantsView {
    /// `*`.
    All(&'static str),
    /// These tenants.
    Some(Vec<String>),
}

/// A new API key with its text.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "NewKeyText")]
pub(crate) struct NewKeyView {
    /// The key.
    #[serde(flatten)]
    pub key: KeyView,
    /// Its text, shown this once.
    #[serde(rename = "key")]
    pub text: String,
}

impl From<&KeyRecord> for KeyView {
    fn from(record: &KeyRecord) -> Self {
        let tenants = match &record.reach {
            Reach::All => TenantsView::All("*"),
            Reach::Tenants(tenants) => {
                TenantsView::Some(tenants.iter().map(|tenant| tenant.as_str().to_owned()).collect())
            }
        };
        Self {
            id: record.id.clone(),
            name: record.name.clone(),
            tenants,
            role: record.role.as_str(),
            created_at: record.created_at,
            created_by: record.created_by.clone(),
            revoked_at: record.revoked_at,
        }
    }
}

/// One act: who did what, to what, and when.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "AuditEntry")]
pub(crate) struct AuditView {
    /// Its id.
    id: String,
    /// When.
    #[schemars(with = "Instant")]
    at: Timestamp,
    /// Who, as the application named them.
    by: Option<String>,
    /// Through which key.
    key: Option<String>,
    /// What was done, such as `plan.apply`.
    action: String,
    /// On which connection.
    connection: Option<String>,
    /// Ids and words that say more.
    details: BTreeMap<String, String>,
}

impl From<AuditEntry> for AuditView {
    fn from(entry: AuditEntry) -> Self {
        Self {
            id: entry.id,
            at: entry.at,
            by: entry.by,
            key: entry.key,
            action: entry.action,
            connection: entry.connection.map(|id| id.as_str().to_owned()),
            details: entry.details,
        }
    }
}
