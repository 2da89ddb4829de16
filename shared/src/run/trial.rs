//! Credentials are tried before anything is kept: the HR system says whose data they open, the target shows a page (R01).

use std::sync::Arc;

use async_trait::async_trait;
use tokio::time::{Instant, timeout_at};

use super::{
    ConnectError, Error, Ports, access,
    credential::{WAITED_BESIDE, WAITED_FOR, answered_within, in_time},
    spread::later,
    stranger::has_strangers,
    way::{Attempt, check_way},
};
use crate::{
    account::ExternalId,
    connection::{Configuration, Connection, ConnectionSecret, Credential},
    employee::CompanyId,
    roster::Company,
    source::{self, Access, Identity, Method, Opening, Renewal},
    target,
};

/// How many pages of a target's accounts are read when it is connected.
const MOST_PAGES: usize = 10;

/// A credential that is being tried and is not stored yet.
pub(super) struct Tried(pub(super) Credential);

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

/// Checks that a connection's HR system is opened by credentials of this kind.
pub(super) fn check_credential(
    ports: &Ports,
    connection: &Connection,
    credential: &Credential,
) -> Result<(), ConnectError> {
    let provider = ports
        .provider(&connection.provider)
        .ok_or(ConnectError::UnknownProvider)?;
    check_way(provider.as_ref(), Method::of(credential), Attempt::Credential)
}

/// Returns the credential as it is shown to the HR system: a client, or a name with a password, first gets its tokens where
/// the provider wants that. Tokens that a caller sends are tried as they are: a refresh would use up what is not kept yet.
pub(super) async fn made_ready(
    ports: &Ports,
    connection: &Connection,
    credential: Credential,
) -> Result<Credential, ConnectError> {
    let provider = ports
        .provider(&connection.provider)
        .ok_or(ConnectError::UnknownProvider)?;
    let now = ports.clock.now();
    let is_sent_as_it_is = matches!(credential, Credential::ApiKey { .. } | Credential::Tokens(_));
    match provider.login() {
        Some(login) if !is_sent_as_it_is && login.renewal(&credential, now) == Renewal::Due => {
            let renewed = login.renew(connection.into(), &credential);
            let granted = answered_within(WAITED_BESIDE, renewed).await;
            Ok(granted.map_err(ConnectError::Source)?.obtained(now))
        }
        Some(_) | None => Ok(credential),
    }
}

/// Returns the company of a connection whose HR system names none.
fn own_company(connection: &Connection) -> Result<Company, Error> {
    connection.own_company().map_err(|_| Error::Missing("a company's id"))
}

/// What a credential opens.
pub(super) struct Opened {
    /// The companies that the credential opens; the connection's own, where the HR system names none.
    pub(super) companies: Vec<Company>,
    /// Whether the HR system names them.
    pub(super) is_named: bool,
}

/// Returns the companies that a credential opens. The credential is tried within a limited time; nothing is kept.
pub(super) async fn list_companies(
    ports: &Ports,
    connection: &Connection,
    configuration: &Configuration,
    credential: &Credential,
) -> Result<Opened, ConnectError> {
    let provider = ports
        .provider(&connection.provider)
        .ok_or(ConnectError::UnknownProvider)?;
    let allowed = configuration.allowed();
    let opening = Opening {
        at: connection.into(),
        access: Arc::new(Tried(credential.clone())),
        allowance: None,
        allowed: &allowed,
        company: None,
    };
    let until = later(ports.clock.now(), WAITED_FOR);
    let opened = access::Opened::of(ports, provider.as_ref(), (connection, Some(credential)), opening, until);
    let opened = opened.map_err(ConnectError::Source)?;
    let listed = in_time(opened.source.list_companies()).await;
    opened.close(false).await;
    Ok(match listed.map_err(ConnectError::Source)? {
        Identity::Known(companies) => Opened {
            companies,
            is_named: true,
        },
        Identity::Unknown => Opened {
            companies: vec![own_company(connection)?],
            is_named: false,
        },
    })
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
