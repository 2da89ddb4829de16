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
    actor::{Actor, Subject},
    claim::{change, refused},
    credential::keep_new,
    erasure::is_erased,
    making::{self, Begun},
    trial::check_target,
    way::{Attempt, check_way, no_way},
};
use crate::{
    connection::{CodeVerifier, Configuration, Connection, ConnectionId, OneTimeToken, Status, hash_token},
    source::{Authorization, Method},
    store::{Acted, Opens, Ticket, Write},
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

/// A login that a person may start.
#[derive(Debug)]
pub struct Startable {
    /// The connection, which waits for the login.
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
    actor: &Actor,
    new: NewConnection<()>,
    return_url: Option<String>,
) -> Result<Startable, ConnectError> {
    if actor.done().is_some() {
        return Err(ConnectError::Shown);
    }
    let draft = making::draft(ports, &new).await?;
    check_login(ports, &draft).await?;
    check_target(ports, &draft, new.target_credential.as_ref(), None).await?;
    let connection = match making::begin(ports, draft, &new.configuration, None).await? {
        Begun::Making(connection) => connection,
        Begun::Made(_) => return Err(ConnectError::Shown),
    };
    match keep(ports, actor, &connection, &new, return_url).await {
        Ok(startable) => Ok(startable),
        Err(error) => {
            making::give_up(ports, &connection).await;
            Err(error)
        }
    }
}

/// Keeps what opens the target, where the target needs a credential, and lets a person start the login.
async fn keep(
    ports: &Ports,
    actor: &Actor,
    connection: &Connection,
    new: &NewConnection<()>,
    return_url: Option<String>,
) -> Result<Startable, ConnectError> {
    if new.target_credential.is_some() {
        keep_new(ports, connection, None, new.target_credential.as_ref()).await?;
    }
    let token = OneTimeToken::new(&ports.ids.key());
    let ticket = start_ticket(ports, &connection.id, &token, return_url);
    let (subject, id) = (Subject::connection(connection), connection.id.as_str());
    let note = actor.note(ports, subject, "connection.connect", &[], id);
    let also = [&note.writes()[..], &[Write::Ticket(&ticket)]].concat();
    let made = change(ports, &connection.id, &also, |connection| {
        Ok(connection.clone().finish())
    });
    let connection = made.await?;
    Ok(Startable { connection, token })
}

/// Lets a person start a login of a connection that is there. `also` is written together with it.
///
/// # Errors
/// [`ConnectError`].
pub(super) async fn start(
    ports: &Ports,
    connection: Connection,
    return_url: Option<String>,
    also: &[Write<'_>],
) -> Result<Startable, ConnectError> {
    let token = OneTimeToken::new(&ports.ids.key());
    let ticket = start_ticket(ports, &connection.id, &token, return_url);
    put_ticket(ports, &connection, &[also, &[Write::Ticket(&ticket)]].concat()).await?;
    Ok(Startable { connection, token })
}

fn start_ticket(ports: &Ports, id: &ConnectionId, token: &OneTimeToken, return_url: Option<String>) -> Ticket {
    Ticket {
        hash: token.hash(),
        opens: Opens::Start { browser: None },
        connection: id.clone(),
        return_url,
        expires_at: later(ports, START_FOR),
    }
}

/// Writes tickets of a connection, unless its tenant was erased.
async fn put_ticket(ports: &Ports, connection: &Connection, tickets: &[Write<'_>]) -> Result<(), ConnectError> {
    let act = [&[Write::NotErased(&connection.tenant)], tickets].concat();
    match ports.store.act(&act).await.map_err(Error::from)? {
        Acted::Done => Ok(()),
        Acted::Refused(refusal) => Err(refused(refusal)),
    }
}

fn later(ports: &Ports, by: SignedDuration) -> Timestamp {
    ports.clock.now().saturating_add(by).unwrap_or(Timestamp::MAX)
}

/// Checks that the provider has a login at all, before a person is sent to one.
pub(super) async fn check_login(ports: &Ports, connection: &Connection) -> Result<(), ConnectError> {
    let provider = ports
        .provider(&connection.provider)
        .ok_or(ConnectError::UnknownProvider)?;
    let probe = Authorization {
        connection: connection.id.as_str(),
        tenant: connection.tenant.as_str(),
        redirect_uri: "https://rollcall.invalid/oauth/callback",
        state: "",
        code_challenge: "",
    };
    check_way(provider.as_ref(), Method::OAuth, Attempt::Login)?;
    let login = provider
        .login()
        .ok_or_else(|| no_way(provider.as_ref(), Attempt::Login))?;
    let url = login.authorize_url(connection.into(), &probe).await;
    url.map(drop).map_err(ConnectError::Source)
}

/// A browser on its way to the provider.
#[derive(Debug)]
pub struct Departure {
    /// Where the browser is sent.
    pub url: String,
    /// The cookie that the browser gets, where it has none yet.
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
    let found = ports.store.find_ticket(&hash_token(token), ports.clock.now()).await?;
    let ticket = found.ok_or(LoginError::Ended)?;
    let Opens::Start { browser: bound } = &ticket.opens else {
        return Err(LoginError::Ended);
    };
    let (browser, fresh) = match (bound, cookie) {
        (Some(bound), Some(cookie)) if is_same(bound, &hash_token(cookie)) => (bound.clone(), None),
        (Some(_), _) => return Err(LoginError::OtherBrowser),
        (None, _) => {
            let fresh = OneTimeToken::new(&ports.ids.key());
            (fresh.hash(), Some(fresh))
        }
    };
    let found = ports.store.find_connection(&ticket.connection).await?;
    let connection = found.ok_or(LoginError::Ended)?.record;
    if connection.status == Status::Disconnected {
        return Err(LoginError::Ended);
    }
    let (state, verifier) = (OneTimeToken::new(&ports.ids.key()), CodeVerifier::new(&ports.ids.key()));
    let provider = ports
        .provider(&connection.provider)
        .ok_or(ConnectError::UnknownProvider)?;
    let request = Authorization {
        connection: connection.id.as_str(),
        tenant: connection.tenant.as_str(),
        redirect_uri,
        state: state.expose(),
        code_challenge: &verifier.challenge(),
    };
    let login = provider.login().ok_or(LoginError::Ended)?;
    let url = login.authorize_url((&connection).into(), &request).await;
    let url = url.map_err(ConnectError::Source)?;
    let callback = Ticket {
        hash: state.hash(),
        opens: Opens::Callback {
            browser: browser.clone(),
            verifier: verifier.expose().to_owned(),
            start: ticket.hash.clone(),
        },
        expires_at: later(ports, CALLBACK_FOR),
        ..ticket.clone()
    };
    let start = Ticket {
        opens: Opens::Start { browser: Some(browser) },
        ..ticket.clone()
    };
    // The start is the browser's from now on, together with the way back.
    let binding = fresh.is_some().then_some(Write::ChangeTicket {
        was: &ticket,
        ticket: &start,
    });
    let tickets: Vec<Write<'_>> = binding.into_iter().chain([Write::Ticket(&callback)]).collect();
    match put_ticket(ports, &connection, &tickets).await {
        Ok(()) => Ok(Departure { url, cookie: fresh }),
        Err(ConnectError::Gone) if is_erased(ports, &connection.tenant).await? => Err(ConnectError::Gone.into()),
        // Another browser was faster, or the login was finished in another window.
        Err(ConnectError::Gone) => Err(LoginError::OtherBrowser),
        Err(error) => Err(error.into()),
    }
}

fn is_same(left: &str, right: &str) -> bool {
    left.as_bytes().ct_eq(right.as_bytes()).into()
}

/// Returns the configuration of a connection that is in force. Where a connection is erased, its configurations are
/// deleted before its record.
pub(super) async fn load_configuration(ports: &Ports, connection: &Connection) -> Result<Configuration, ConnectError> {
    let version = connection.configuration_version;
    let found = ports.store.find_configuration(&connection.id, version).await;
    if let Some(configuration) = found.map_err(Error::from)? {
        return Ok(configuration);
    }
    let left = ports.store.find_connection(&connection.id).await.map_err(Error::from)?;
    Err(match left {
        Some(left) if !left.record.is_over() => Error::Missing("the configuration").into(),
        Some(_) | None => ConnectError::Gone,
    })
}
