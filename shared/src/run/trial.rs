//! Credentials are tried before anything is kept: the HR system says whose data they open, the target shows a page (R01).

use std::sync::Arc;

use async_trait::async_trait;

use super::{
    ConnectError, Ports,
    credential::{WAITED_FOR, in_time},
};
use crate::{
    connection::{Configuration, Connection, ConnectionSecret, Credential},
    roster::Company,
    source::{self, Access, Opening},
    target,
};

/// A credential that is being tried and is not stored yet.
struct Tried(Credential);

#[async_trait]
impl Access for Tried {
    async fn credential(&self) -> Result<Credential, source::Error> {
        Ok(self.0.clone())
    }

    async fn renew(&self, _refused: &Credential) -> Result<Credential, source::Error> {
        let detail = "the credential is not accepted; check it and try again";
        Err(source::Error::new(source::Class::Unauthorized, "log in", detail))
    }
}

/// The companies that a credential opens. It is tried for so long, all in all; nothing is kept.
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

/// Tries what a connection will write to: a page of its accounts is read, and nothing kept of it.
pub(super) async fn check_target(
    ports: &Ports,
    connection: &Connection,
    credential: Option<&Credential>,
) -> Result<(), ConnectError> {
    if credential.is_none() {
        return Ok(());
    }
    let secret = ConnectionSecret {
        target: credential.cloned(),
        ..ConnectionSecret::default()
    };
    let target = ports.targets.open(connection, &secret).map_err(ConnectError::Target)?;
    let page = tokio::time::timeout(WAITED_FOR, target.list_accounts(None)).await;
    let late = || target::Error::new(target::Class::Temporary, "list accounts", "no answer within 10 seconds");
    page.unwrap_or_else(|_| Err(late())).map_err(ConnectError::Target)?;
    Ok(())
}
