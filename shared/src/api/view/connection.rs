//! Connections as callers see them.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::Instant;
use crate::{
    connection::Connection,
    store::{RunRecord, SyncState},
};

/// One tenant's authorised link to one HR system, with one target.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Connection")]
pub(in crate::api) struct ConnectionView {
    /// Its id.
    id: String,
    /// Whose it is.
    tenant: String,
    /// Which HR system it reads.
    provider: String,
    /// `awaiting_authorization`, `choosing_company`, `connected`, `needs_reauthorization` or `disconnected`.
    status: &'static str,
    /// Whether it is paused: nothing runs by itself.
    paused: bool,
    /// The company that the credential opens; null before the first connect.
    company: Option<CompanyView>,
    /// What it writes to.
    target: TargetView,
    /// Where the HR system is reached, where not at its usual address.
    base_url: Option<String>,
    /// The customer's part of the HR system's address; null where all customers have one address.
    site: Option<String>,
    /// The version of the configuration in force.
    config_version: u64,
    /// What the next read is measured by; null before the first plan was applied.
    baseline: Option<BaselineView>,
    /// The newest run.
    last_run: Option<LastRunView>,
    /// When everything was last read to its end.
    #[schemars(with = "Option<Instant>")]
    last_complete_at: Option<Timestamp>,
    /// When the next run is due by itself; null where none is.
    #[schemars(with = "Option<Instant>")]
    next_run_at: Option<Timestamp>,
    /// When the credential ends for good, where that is known.
    #[schemars(with = "Option<Instant>")]
    credential_expires_at: Option<Timestamp>,
    /// When it was made.
    #[schemars(with = "Instant")]
    created_at: Timestamp,
}

/// A company as its HR system names it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Company")]
pub(in crate::api) struct CompanyView {
    /// The HR system's id of it.
    pub(in crate::api) id: String,
    /// Its name.
    pub(in crate::api) name: String,
}

/// What a connection writes to.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Target")]
struct TargetView {
    /// `directory` or `scim`.
    kind: &'static str,
    /// Where a server's endpoints are.
    #[serde(skip_serializing_if = "Option::is_none")]
    base_url: Option<String>,
    /// How the server differs from others.
    #[serde(skip_serializing_if = "Option::is_none")]
    profile: Option<String>,
    /// The URN of the extension that holds what has no other place.
    #[serde(skip_serializing_if = "Option::is_none")]
    extension: Option<String>,
    /// Whether other tenants may write to the server too; left out where not.
    #[serde(skip_serializing_if = "Option::is_none")]
    shared: Option<bool>,
    /// Whether a server does not accept its credential: give it a new one by `POST /v1/connections/{id}/reconnect` with
    /// `target_credential`. Left out where the target has no credential.
    #[serde(skip_serializing_if = "Option::is_none")]
    needs_reauthorization: Option<bool>,
}

/// What the next read is measured by.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Baseline")]
struct BaselineView {
    /// The most people within 30 days.
    headcount: u32,
}

/// The newest run of a connection.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "LastRun")]
struct LastRunView {
    /// Its id.
    id: String,
    /// Which use case.
    kind: String,
    /// Where it stands.
    status: String,
    /// When it was asked for.
    #[schemars(with = "Instant")]
    started_at: Timestamp,
}

impl ConnectionView {
    /// A connection with what is remembered of it.
    pub(in crate::api) fn new(
        connection: &Connection,
        state: &SyncState,
        last_run: Option<&RunRecord>,
        next_run_at: Option<Timestamp>,
    ) -> Self {
        let baseline = (!state.baseline.is_empty()).then(|| BaselineView {
            headcount: state.baseline.headcount(),
        });
        Self {
            id: connection.id.as_str().to_owned(),
            tenant: connection.tenant.as_str().to_owned(),
            provider: connection.provider.as_str().to_owned(),
            status: connection.status.as_str(),
            paused: connection.paused,
            company: connection.company.as_ref().map(|company| CompanyView {
                id: company.id.as_str().to_owned(),
                name: company.name.clone(),
            }),
            target: TargetView {
                kind: connection.target.kind(),
                base_url: connection.target.server().map(|server| server.base_url.clone()),
                profile: connection.target.server().map(|server| server.profile.clone()),
                extension: connection.target.server().and_then(|server| server.extension.clone()),
                shared: connection
                    .target
                    .server()
                    .and_then(|server| server.shared.then_some(true)),
                needs_reauthorization: connection
                    .target
                    .server()
                    .map(|_| connection.target_refused_at.is_some()),
            },
            base_url: connection.base_url.clone(),
            site: connection.site.clone(),
            config_version: connection.configuration_version,
            baseline,
            last_run: last_run.map(|run| LastRunView {
                id: run.id.as_str().to_owned(),
                kind: super::word(&run.kind),
                status: super::word(&run.status),
                started_at: run.started_at,
            }),
            last_complete_at: state.complete_at,
            next_run_at,
            credential_expires_at: connection.credential_expires_at,
            created_at: connection.created_at,
        }
    }
}
