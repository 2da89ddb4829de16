//! Credentials are tried before anything is kept: the HR system says whose data they open, the target shows a page (R01).

use std::sync::Arc;

use async_trait::async_trait;
use tokio::time::{Instant, timeout_at};

use super::{
    ConnectError, Ports,
    credential::{WAITED_FOR, in_time},
    stranger::has_strangers,
};
use crate::{
    account::ExternalId,
    connection::{Configuration, Connection, ConnectionSecret, Credential},
    employee::CompanyId,
    roster::Company,
    source::{self, Access, Opening},
    target,
};

/// How many pages of a target's accounts are read when it is connected.
const MOST_PAGES: usize = 10;

/// A credential that is being tried and is not stored yet.
struct Tried(Credential);

#[async_trait]
impl Access for Tried {
    async fn credential(&self) -> Result<Credential, source::Error> {
        Ok(self.0.clone())
    }

    async fn renew(&self, _refused: &Credential) -> Result<Credential, source::Error> {
        let detail = "the credential is not accepted; check it, and send one that is";
        Err(source::Error::new(source::Class::Unauthorized, "log in", detail))
    }
}

/// Returns the companies that a credential opens. The credential is tried within a limited time; nothing is kept.
pub(super) async fn list_companies(
    ports: &Ports,
    connection: &Connection,
    configuration: &Configuration,
    credential: &Credential,
) -> Result<Vec<Company>, ConnectError> {
    let provider = ports
        .provider(&connection.provider)
        .ok_or(ConnectError::UnknownProvider)?;
    let allowed = configuration.allowed();
    let source = provider
        .open(Opening {
            base_url: connection.base_url.as_deref(),
            access: Arc::new(Tried(credential.clone())),
            allowed: &allowed,
            company: None,
        })
        .map_err(ConnectError::Source)?;
    in_time(source.list_companies()).await.map_err(ConnectError::Source)
}

/// Tries what a connection will write to: the first pages of its accounts are read, and nothing kept of them. Where
/// `company` is the one that is being connected, users of another company are looked for among them (R04). The first
/// diff looks at all accounts.
pub(super) async fn check_target(
    ports: &Ports,
    connection: &Connection,
    credential: Option<&Credential>,
    company: Option<&CompanyId>,
) -> Result<(), ConnectError> {
    if credential.is_none() {
        return Ok(());
    }
    let secret = ConnectionSecret {
        target: credential.cloned(),
        ..ConnectionSecret::default()
    };
    let target = ports.targets.open(connection, &secret).map_err(ConnectError::Target)?;
    let end = Instant::now() + WAITED_FOR;
    let late = || target::Error::new(target::Class::Temporary, "list accounts", "no answer within 10 seconds");
    let first = timeout_at(end, target.list_accounts(None)).await;
    let mut page = first.unwrap_or_else(|_| Err(late())).map_err(ConnectError::Target)?;
    for _ in 0..MOST_PAGES {
        let references = page.accounts.iter().filter_map(|account| account.external_id.as_ref());
        let references = references.map(ExternalId::as_str);
        if company.is_some() && has_strangers(ports, connection, company, references).await? {
            return Err(ConnectError::ForeignTarget);
        }
        let Some(from) = page.next.take().filter(|_| company.is_some()) else {
            break;
        };
        match timeout_at(end, target.list_accounts(Some(&from))).await {
            Ok(Ok(next)) => page = next,
            // The target opens, and the first diff sees what it holds further on.
            Ok(Err(_)) | Err(_) => break,
        }
    }
    Ok(())
}
