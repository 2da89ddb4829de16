//! Erasing: what is deleted for good when a tenant or a person asks for it (R37), and what is left so that it stays so.

use std::{collections::BTreeSet, ops::AddAssign};

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Error;
use crate::{
    account::{AccountId, TargetIdentity},
    connection::{Connection, ConnectionId, TenantId},
    employee::EmployeeId,
    plan::PlanId,
};

/// How many of each kind were erased.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Erased {
    /// Connections with their configurations and all that they remember.
    pub connections: u64,
    /// Rosters.
    pub rosters: u64,
    /// Plans, with their lines and findings.
    pub plans: u64,
    /// Runs; of a person, the errors of runs that name them.
    pub runs: u64,
    /// Links, with their claims.
    pub links: u64,
    /// Decisions.
    pub decisions: u64,
    /// Accounts of the built-in directory.
    pub accounts: u64,
    /// Entries of those accounts' history.
    pub history: u64,
    /// Secrets.
    pub secrets: u64,
}

impl AddAssign for Erased {
    fn add_assign(&mut self, more: Self) {
        self.connections += more.connections;
        self.rosters += more.rosters;
        self.plans += more.plans;
        self.runs += more.runs;
        self.links += more.links;
        self.decisions += more.decisions;
        self.accounts += more.accounts;
        self.history += more.history;
        self.secrets += more.secrets;
    }
}

/// Accounts that stay on a server which is not ours to delete from. Says how many and how to find them, never whose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Elsewhere {
    /// The connection that was linked to them.
    pub connection: ConnectionId,
    /// Where the server's endpoints are.
    pub base_url: String,
    /// What the references on them begin with (R02).
    pub prefix: String,
    /// How many were linked.
    pub accounts: u64,
}

/// What is left of a person or a tenant that was erased, so that nothing of theirs is made again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tombstone {
    /// The person who was erased, as a keyed hash of their reference; `None` for the whole tenant.
    pub person: Option<String>,
    /// The person who asked for the erasure, as the application named them.
    pub by: String,
    /// When the erasure was begun.
    pub at: Timestamp,
    /// When nothing was left to erase; `None`: the erasure broke off, and is to be asked for again.
    pub done_at: Option<Timestamp>,
    /// How much there was to erase, counted before the first of it went.
    pub erased: Erased,
    /// The connections that are counted in it; those whose records are still there are to be erased.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub counted: BTreeSet<ConnectionId>,
    /// Whether the directory is counted in it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub directory_counted: bool,
    /// The accounts that were not erased, by connection.
    #[serde(default)]
    pub elsewhere: Vec<Elsewhere>,
}

impl Tombstone {
    /// Returns a tombstone of a person, or of the whole tenant, for whom nothing is counted yet.
    pub fn new(person: Option<String>, by: &str, at: Timestamp) -> Self {
        Self {
            person,
            by: by.to_owned(),
            at,
            done_at: None,
            erased: Erased::default(),
            counted: BTreeSet::new(),
            directory_counted: false,
            elsewhere: Vec::new(),
        }
    }

    /// Notes which accounts stay elsewhere. Where the erasure is asked for again, fewer of them may be seen: the larger
    /// number is kept.
    pub fn note(&mut self, found: Elsewhere) {
        let mut all = self.elsewhere.iter_mut();
        match all.find(|known| known.connection == found.connection) {
            Some(known) => known.accounts = known.accounts.max(found.accounts),
            None => self.elsewhere.push(found),
        }
    }
}

/// Deletes for good. Each deletion that breaks off can be made again and finds what is left.
#[async_trait]
pub trait ErasureStore: Send + Sync {
    /// Writes a tombstone, new or again.
    async fn put_tombstone(&self, tenant: &TenantId, tombstone: &Tombstone) -> Result<(), Error>;

    /// All tombstones of a tenant: its own first, then those of its people.
    async fn list_tombstones(&self, tenant: &TenantId) -> Result<Vec<Tombstone>, Error>;

    /// Takes a tombstone away; one that is not there is gone already.
    async fn delete_tombstone(&self, tenant: &TenantId, person: Option<&str>) -> Result<(), Error>;

    /// The plans of a connection that are kept, whatever became of them.
    async fn list_plans(&self, connection: &ConnectionId) -> Result<Vec<PlanId>, Error>;

    /// How much is kept under a connection, itself included. Its accounts and its secret are kept elsewhere.
    async fn count_kept(&self, connection: &ConnectionId) -> Result<Erased, Error>;

    /// How many accounts and entries of history the directory of a tenant has.
    async fn count_directory(&self, tenant: &TenantId) -> Result<(u64, u64), Error>;

    /// Deletes all rosters of a connection, also what writes that broke off left of them, and what was counted of them. Returns how
    /// many rosters there were.
    async fn erase_rosters(&self, connection: &ConnectionId) -> Result<u64, Error>;

    /// Deletes all plans of a connection, also what writes that broke off left of them. Returns how many.
    async fn erase_plans(&self, connection: &ConnectionId) -> Result<u64, Error>;

    /// Deletes all runs of a connection. Returns how many.
    async fn erase_runs(&self, connection: &ConnectionId) -> Result<u64, Error>;

    /// Deletes all links of a connection with their claims on accounts of a target. Returns how many.
    async fn erase_links(&self, connection: &ConnectionId, target: &TargetIdentity) -> Result<u64, Error>;

    /// Deletes the decision about a person. Returns whether there was one.
    async fn delete_decision(&self, connection: &ConnectionId, employee: &EmployeeId) -> Result<bool, Error>;

    /// Deletes a connection with all that is still kept under it, itself and its lease last.
    async fn erase_connection(&self, connection: &Connection) -> Result<(), Error>;

    /// Deletes what was written under a connection after it was erased: what it remembers, its runs, and its lease last.
    async fn erase_leavings(&self, connection: &ConnectionId) -> Result<(), Error>;

    /// Deletes an account of the built-in directory with its history. Returns how many entries that had; `None`: there
    /// was no account.
    async fn erase_account(&self, tenant: &TenantId, account: &AccountId) -> Result<Option<u64>, Error>;

    /// Deletes the whole directory of a tenant.
    async fn erase_directory(&self, tenant: &TenantId) -> Result<(), Error>;
}
