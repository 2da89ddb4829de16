//! Where the demo's people are carried to: the directory that is built in, or an emulated SCIM server.

use emulators::scim;
use rollcall::{account::Account, connection::TenantId};
use serde_json::{Value, json};

use super::Target;
use crate::{Error, stage::Stage, truth};

/// The place of the accounts.
pub(super) enum Place {
    Directory,
    Scim(scim::Running),
}

impl Place {
    pub(super) async fn open(target: Target) -> Result<Self, Error> {
        match target {
            Target::Directory => Ok(Self::Directory),
            Target::Scim => Ok(Self::Scim(scim::start(scim::Options::default()).await?)),
        }
    }

    /// Returns the name of the place inside a sentence.
    pub(super) const fn noun(&self) -> &'static str {
        match self {
            Self::Directory => "the directory",
            Self::Scim(_) => "the SCIM server",
        }
    }

    /// Returns the name of the place where it is introduced.
    pub(super) const fn whole_name(&self) -> &'static str {
        match self {
            Self::Directory => "the directory that is built in",
            Self::Scim(_) => "an emulated SCIM 2.0 server, asked and answered over HTTP",
        }
    }

    /// Returns how a caller of the HTTP contract names the place.
    pub(super) fn choice(&self) -> Value {
        match self {
            Self::Directory => json!({ "kind": "directory" }),
            Self::Scim(server) => json!({
                "kind": "scim",
                "base_url": server.base(),
                "extension": scim::EXTENSION,
                "credential": { "bearer": scim::TOKEN },
            }),
        }
    }

    /// Returns all accounts, as the place itself has them.
    pub(super) async fn list_accounts(&self, stage: &Stage, tenant: &TenantId) -> Result<Vec<Account>, Error> {
        match self {
            Self::Directory => stage.list_accounts(tenant).await,
            Self::Scim(server) => Ok(truth::read_users(&server.users(), scim::EXTENSION)),
        }
    }

    pub(super) async fn close(self) {
        if let Self::Scim(server) = self {
            server.stop().await;
        }
    }
}
