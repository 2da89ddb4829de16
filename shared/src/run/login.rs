//! Connecting by a login in the browser (R40): a start page of ours, the provider's, and back.
//!
//! The start page is bound to the first browser that opens it, by a cookie. Each start makes a `state` of its own, which
//! comes back once. The code is exchanged, the company checked, and only then the credential kept (R01).

use jiff::{SignedDuration, Timestamp};
use subtle::ConstantTimeEq as _;

use super::{
    ConnectError, Error, NewConnection, Ports, change_connection,
    connect::{claim, create, first_sync, keep_credential, list_companies, new_connection},
    tell_connection,
};
use crate::{
    connection::{
        CodeVerifier, Configuration, Connection, ConnectionId, Credential, OneTimeToken, Status, Transition, hash_token,
    },
    employee::CompanyId,
    event::EventKind,
    roster::Company,
    source::{self, Authorization, Exchange, Provider},
    store::{Opens, RunId, Ticket},
};

/// For how long a login may be started.
const START_FOR: SignedDuration = SignedDuration::from_mins(30);

/// For how long a browser may take to come back.
const CALLBACK_FOR: SignedDuration = SignedDuration::from_mins(10);

/// For how long an application may ask what a login made.
const ACTIVATION_FOR: SignedDuration = SignedDuration::from_mins(10);

/// Why a login goes no further.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// The address was used up, has ended, or never was one.
    #[error("the login has ended")]
    Ended,
    /// Another browser began it.
    #[error("the login was begun in another browser")]
    OtherBrowser,
    /// The person, or the provider, said no.
    #[error("the HR system did not grant access")]
    Denied,
    /// The connection was not made.
    #[error(transparent)]
    Connect(#[from] ConnectError),
}

impl From<Error> for LoginError {
    fn from(error: Error) -> Self {
        Self::Connect(error.into())
    }
}

impl From<crate::store::Error> for LoginError {
    fn from(error: crate::store::Error) -> Self {
        Error::from(error).into()
    }
}

/// A login that somebody may start.
#[derive(Debug)]
pub struct Startable {
    /// The connection, which waits for it.
    pub connection: Connection,
    /// What opens the start page.
    pub token: OneTimeToken,
}

/// Makes a connection that waits for a login.
///
/// # Errors
/// [`ConnectError`]; then there is none.
pub async fn open_login(
    ports: &Ports,
    new: NewConnection<()>,
    return_url: Option<String>,
) -> Result<Startable, ConnectError> {
    let connection = new_connection(ports, &new).await?;
    check_login(ports, &connection)?;
    create(ports, &connection, &new.configuration).await?;
    start(ports, connection, return_url).await
}

/// Lets somebody start a login of a connection that is there.
///
/// # Errors
/// [`ConnectError`].
pub(super) async fn start(
    ports: &Ports,
    connection: Connection,
    return_url: Option<String>,
) -> Result<Startable, ConnectError> {
    let token = OneTimeToken::new(&ports.ids.key());
    let ticket = Ticket {
        hash: token.hash(),
        opens: Opens::Start { browser: None },
        connection: connection.id.clone(),
        return_url,
        expires_at: later(ports, START_FOR),
    };
    ports.store.put_ticket(&ticket).await.map_err(Error::from)?;
    Ok(Startable { connection, token })
}

fn later(ports: &Ports, by: SignedDuration) -> Timestamp {
    ports.clock.now().saturating_add(by).unwrap_or(Timestamp::MAX)
}

/// Whether the provider has a login at all, before somebody is sent to one.
pub(super) fn check_login(ports: &Ports, connection: &Connection) -> Result<(), ConnectError> {
    let provider = ports
        .provider(&connection.provider)
        .ok_or(ConnectError::UnknownProvider)?;
    let probe = Authorization {
        redirect_uri: "https://rollcall.invalid/oauth/callback",
        state: "",
        code_challenge: "",
    };
    let url = provider.authorize_url(connection.base_url.as_deref(), &probe);
    if url.map_err(ConnectError::Source)?.is_some() {
        return Ok(());
    }
    let error = source::Error::new(
        source::Class::Misconfigured,
        "log in",
        "this HR system has no login in the browser",
    );
    Err(ConnectError::Source(error))
}

/// A browser on its way to the provider.
#[derive(Debug)]
pub struct Departure {
    /// Where it is sent.
    pub url: String,
    /// The cookie that it gets, where it has none yet.
    pub cookie: Option<OneTimeToken>,
}

/// Begins a login for the browser that opened the start page. `cookie` is what it brought.
///
/// # Errors
/// [`LoginError`].
pub async fn begin_login(
    ports: &Ports,
    token: &str,
    cookie: Option<&str>,
    redirect_uri: &str,
) -> Result<Departure, LoginError> {
    let now = ports.clock.now();
    let ticket = ports
        .store
        .find_ticket(&hash_token(token), now)
        .await?
        .ok_or(LoginError::Ended)?;
    let Opens::Start { browser } = &ticket.opens else {
        return Err(LoginError::Ended);
    };
    let (browser, fresh) = match (browser, cookie) {
        (Some(bound), Some(cookie)) if is_same(bound, &hash_token(cookie)) => (bound.clone(), None),
        (Some(_), _) => return Err(LoginError::OtherBrowser),
        (None, _) => {
            let fresh = OneTimeToken::new(&ports.ids.key());
            let bound = Ticket {
                opens: Opens::Start {
                    browser: Some(fresh.hash()),
                },
                ..ticket.clone()
            };
            if !ports.store.change_ticket(&ticket, &bound).await? {
                return Err(LoginError::OtherBrowser);
            }
            (fresh.hash(), Some(fresh))
        }
    };
    let connection = ports
        .store
        .find_connection(&ticket.connection)
        .await?
        .ok_or(LoginError::Ended)?
        .record;
    if connection.status == Status::Disconnected {
        return Err(LoginError::Ended);
    }
    let (state, verifier) = (OneTimeToken::new(&ports.ids.key()), CodeVerifier::new(&ports.ids.key()));
    let provider = ports
        .provider(&connection.provider)
        .ok_or(ConnectError::UnknownProvider)?;
    let request = Authorization {
        redirect_uri,
        state: state.expose(),
        code_challenge: &verifier.challenge(),
    };
    let url = provider.authorize_url(connection.base_url.as_deref(), &request);
    let url = url.map_err(ConnectError::Source)?.ok_or(LoginError::Ended)?;
    let callback = Ticket {
        hash: state.hash(),
        opens: Opens::Callback {
            browser,
            verifier: verifier.expose().to_owned(),
            start: ticket.hash,
        },
        connection: ticket.connection,
        return_url: ticket.return_url,
        expires_at: later(ports, CALLBACK_FOR),
    };
    ports.store.put_ticket(&callback).await?;
    Ok(Departure { url, cookie: fresh })
}

fn is_same(left: &str, right: &str) -> bool {
    left.as_bytes().ct_eq(right.as_bytes()).into()
}

/// What a browser came back with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Callback<'a> {
    /// The cookie that it got at the start.
    pub cookie: Option<&'a str>,
    /// The `state` of the start.
    pub state: Option<&'a str>,
    /// The code, where access was granted.
    pub code: Option<&'a str>,
    /// Who says to have issued the code (RFC 9207).
    pub issuer: Option<&'a str>,
}

/// A browser that came back.
#[derive(Debug)]
pub struct Arrival {
    /// Where it is sent on.
    pub return_url: Option<String>,
    /// What became of the login.
    pub outcome: Result<Login, LoginError>,
}

/// A login that came to its end.
#[derive(Debug)]
pub struct Login {
    /// The connection: connected, or choosing a company.
    pub connection: Connection,
    /// What tells the application which connection it was.
    pub activation: OneTimeToken,
    /// Its first run, where one was asked for.
    pub run: Option<RunId>,
}

/// Ends a login.
///
/// # Errors
/// [`LoginError::Ended`] or [`LoginError::OtherBrowser`] where there is no login to end; what goes wrong later is the
/// arrival's outcome.
pub async fn finish_login(ports: &Ports, callback: &Callback<'_>, redirect_uri: &str) -> Result<Arrival, LoginError> {
    let now = ports.clock.now();
    let state = hash_token(callback.state.ok_or(LoginError::Ended)?);
    let ticket = ports.store.find_ticket(&state, now).await?.ok_or(LoginError::Ended)?;
    let Opens::Callback {
        browser,
        verifier,
        start,
    } = &ticket.opens
    else {
        return Err(LoginError::Ended);
    };
    // A foreign browser does not use the ticket up.
    let cookie = callback.cookie.map(hash_token).unwrap_or_default();
    if !is_same(browser, &cookie) {
        return Err(LoginError::OtherBrowser);
    }
    ports.store.take_ticket(&state, now).await?.ok_or(LoginError::Ended)?;
    let outcome = match callback.code {
        None => Err(LoginError::Denied),
        Some(code) => {
            let exchange = Exchange {
                code,
                redirect_uri,
                code_verifier: verifier,
                issuer: callback.issuer,
            };
            take_in(ports, &ticket.connection, &exchange).await
        }
    };
    if outcome.is_ok() {
        // The start has done its work; a person who was refused may try again with it.
        ports.store.take_ticket(start, now).await?;
    }
    Ok(Arrival {
        return_url: ticket.return_url,
        outcome,
    })
}

async fn take_in(ports: &Ports, id: &ConnectionId, exchange: &Exchange<'_>) -> Result<Login, LoginError> {
    let connection = ports.store.find_connection(id).await?.ok_or(LoginError::Ended)?.record;
    if connection.status == Status::Disconnected {
        return Err(LoginError::Ended);
    }
    let configuration = load_configuration(ports, &connection).await?;
    let provider = ports
        .provider(&connection.provider)
        .ok_or(ConnectError::UnknownProvider)?;
    let credential = provider.exchange(connection.base_url.as_deref(), exchange).await;
    let credential = credential.map_err(ConnectError::Source)?;
    let (connection, run) = settle(ports, provider.as_ref(), connection, &configuration, credential).await?;
    let activation = OneTimeToken::new(&ports.ids.key());
    let ticket = Ticket {
        hash: activation.hash(),
        opens: Opens::Activation,
        connection: connection.id.clone(),
        return_url: None,
        expires_at: later(ports, ACTIVATION_FOR),
    };
    ports.store.put_ticket(&ticket).await?;
    Ok(Login {
        connection,
        activation,
        run,
    })
}

pub(super) async fn load_configuration(ports: &Ports, connection: &Connection) -> Result<Configuration, Error> {
    let version = connection.configuration_version;
    let configuration = ports.store.find_configuration(&connection.id, version).await?;
    configuration.ok_or(Error::Missing("the configuration"))
}

/// Takes a new credential for a connection: checks the company, keeps the credential, and lets the connection run. A
/// credential that is not kept is revoked where the provider can.
pub(super) async fn settle(
    ports: &Ports,
    provider: &dyn Provider,
    connection: Connection,
    configuration: &Configuration,
    credential: Credential,
) -> Result<(Connection, Option<RunId>), ConnectError> {
    let base_url = connection.base_url.clone();
    let settled = try_to_settle(ports, connection, configuration, &credential).await;
    if settled.is_err()
        && let Err(error) = provider.revoke(base_url.as_deref(), &credential).await
    {
        tracing::warn!(error = %error, "a credential that was not kept is left to its end");
    }
    settled
}

async fn try_to_settle(
    ports: &Ports,
    connection: Connection,
    configuration: &Configuration,
    credential: &Credential,
) -> Result<(Connection, Option<RunId>), ConnectError> {
    let companies = list_companies(ports, &connection, configuration, credential).await?;
    let known = connection.company.as_ref().map(|company| &company.id);
    let own = match (known, &companies[..]) {
        (Some(known), companies) => Some(companies.iter().find(|company| company.id == *known)),
        (None, [company]) => Some(Some(company)),
        (None, _) => None,
    };
    match own {
        // The company of before is not among them.
        Some(None) => Err(ConnectError::DifferentCompany),
        Some(Some(company)) => {
            claim(ports, &connection, company).await?;
            let was_connected = connection.company.is_some();
            keep_credential(ports, &connection.id, credential.clone()).await?;
            let connected = enter(ports, &connection.id, company, credential).await?;
            let run = if was_connected {
                None
            } else {
                first_sync(ports, &connected, configuration).await?
            };
            tracing::info!(connection.id = %connected.id, provider = %connected.provider, "connected by a login");
            tell_connection(ports, EventKind::ConnectionConnected, &connected).await;
            Ok((connected, run))
        }
        None => {
            keep_credential(ports, &connection.id, credential.clone()).await?;
            let waiting = change(ports, &connection.id, |connection| {
                Ok(connection.clone().change(Transition::AskForCompany)?)
            });
            Ok((waiting.await?, None))
        }
    }
}

/// Notes that a connection is connected to a company.
async fn enter(
    ports: &Ports,
    id: &ConnectionId,
    company: &Company,
    credential: &Credential,
) -> Result<Connection, ConnectError> {
    change(ports, id, |connection| {
        let connected = connection.clone().connect(company)?;
        Ok(Connection {
            credential_expires_at: credential.ends_at(),
            ..connected
        })
    })
    .await
}

/// Changes a connection in a way that its state may refuse.
async fn change(
    ports: &Ports,
    id: &ConnectionId,
    mut to: impl FnMut(&Connection) -> Result<Connection, ConnectError> + Send,
) -> Result<Connection, ConnectError> {
    let mut refused = None;
    let changed = change_connection(ports, id, |connection| match to(connection) {
        Ok(changed) => Some(changed),
        Err(error) => {
            refused = Some(error);
            None
        }
    })
    .await?;
    match refused {
        Some(error) => Err(error),
        None => Ok(changed.ok_or(Error::Missing("the connection"))?),
    }
}

/// The connection that an activation tells; once.
///
/// # Errors
/// [`LoginError::Ended`] where it is none, was used, or has ended. A caller who does not reach the connection must not use
/// it up: `may` is asked first.
pub async fn activate(
    ports: &Ports,
    activation: &str,
    may: impl FnOnce(&Connection) -> bool + Send,
) -> Result<Connection, LoginError> {
    let (hash, now) = (hash_token(activation), ports.clock.now());
    let ticket = ports.store.find_ticket(&hash, now).await?.ok_or(LoginError::Ended)?;
    let connection = ports
        .store
        .find_connection(&ticket.connection)
        .await?
        .ok_or(LoginError::Ended)?
        .record;
    if ticket.opens != Opens::Activation || !may(&connection) {
        return Err(LoginError::Ended);
    }
    ports.store.take_ticket(&hash, now).await?.ok_or(LoginError::Ended)?;
    Ok(connection)
}

/// The companies that a connection's login sees.
///
/// # Errors
/// [`ConnectError`].
pub async fn list_choices(ports: &Ports, connection: &Connection) -> Result<Vec<Company>, ConnectError> {
    let configuration = load_configuration(ports, connection).await?;
    let credential = load_credential(ports, connection).await?;
    list_companies(ports, connection, &configuration, &credential).await
}

/// Chooses the company of a connection, and asks for its first sync.
///
/// # Errors
/// [`ConnectError::DifferentCompany`] where the login does not see it, or another one was chosen before.
pub async fn choose_company(
    ports: &Ports,
    connection: &Connection,
    id: &CompanyId,
) -> Result<(Connection, Option<RunId>), ConnectError> {
    let configuration = load_configuration(ports, connection).await?;
    let credential = load_credential(ports, connection).await?;
    let companies = list_companies(ports, connection, &configuration, &credential).await?;
    let company = companies.iter().find(|company| company.id == *id);
    let company = company.ok_or(ConnectError::DifferentCompany)?;
    let is_first = connection.company.is_none();
    claim(ports, connection, company).await?;
    let connected = enter(ports, &connection.id, company, &credential).await?;
    tell_connection(ports, EventKind::ConnectionConnected, &connected).await;
    let run = if is_first {
        first_sync(ports, &connected, &configuration).await?
    } else {
        None
    };
    Ok((connected, run))
}

async fn load_credential(ports: &Ports, connection: &Connection) -> Result<Credential, ConnectError> {
    let secret = super::load::load_secret(ports, &connection.id).await?;
    let credential = secret.ok().and_then(|secret| secret.source);
    credential.ok_or_else(|| {
        let detail = "there is no credential; connect again";
        ConnectError::Source(source::Error::new(source::Class::Unauthorized, "log in", detail))
    })
}
