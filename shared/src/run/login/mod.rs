//! Connecting by a login in the browser (R40): a start page of ours, the provider's, and back.
//!
//! The start page is bound to the first browser that opens it, by a cookie. Each start makes a `state` of its own, which
//! comes back once. The code is exchanged, the company checked, and only then the credential kept (R01). `arrive` is the
//! way back, `settle` what becomes of a new credential, `company` the choice where a login sees several.

mod arrive;
mod company;
mod settle;

use jiff::{SignedDuration, Timestamp};
use subtle::ConstantTimeEq as _;

pub use arrive::{Arrival, Callback, Login, activate, finish_login};
pub use company::{choose_company, list_choices};
pub(super) use settle::settle;

use super::{
    ConnectError, Error, NewConnection, Ports,
    connect::{check_target, keep, new_connection},
    sharing,
};
use crate::{
    connection::{CodeVerifier, Configuration, Connection, OneTimeToken, Status, hash_token},
    source::{self, Authorization},
    store::{Opens, Ticket},
};

/// For how long a login may be started.
const START_FOR: SignedDuration = SignedDuration::from_mins(30);

/// For how long a browser may take to come back.
const CALLBACK_FOR: SignedDuration = SignedDuration::from_mins(10);

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
    check_target(ports, &connection, new.target_credential.as_ref()).await?;
    sharing::enter(ports, &connection).await?;
    if let Err(error) = keep(ports, &connection, None, &new).await {
        sharing::give_up(ports, &connection).await;
        return Err(error.into());
    }
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

/// The configuration of a connection that is in force.
pub(super) async fn load_configuration(ports: &Ports, connection: &Connection) -> Result<Configuration, Error> {
    let version = connection.configuration_version;
    let configuration = ports.store.find_configuration(&connection.id, version).await?;
    configuration.ok_or(Error::Missing("the configuration"))
}
