//! The way back of a browser: its `state` is taken, the code exchanged, and the application told which connection it was.

use jiff::SignedDuration;

use super::{LoginError, is_same, later, load_configuration, settle};
use crate::{
    connection::{Connection, ConnectionId, OneTimeToken, Status, hash_token},
    run::{
        Actor, ConnectError, Error, Ports,
        actor::{Subject, act},
        credential::in_time,
        erasure::is_erased,
    },
    source::Exchange,
    store::{Acted, Opens, RunId, Ticket, Write},
};

/// For how long an application may ask what a login made.
const ACTIVATION_FOR: SignedDuration = SignedDuration::from_mins(10);

/// What a browser came back with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Callback<'a> {
    /// The cookie that the browser got at the start.
    pub cookie: Option<&'a str>,
    /// The `state` of the start.
    pub state: Option<&'a str>,
    /// The code, where access was granted.
    pub code: Option<&'a str>,
    /// The server that says it issued the code (RFC 9207).
    pub issuer: Option<&'a str>,
}

/// A browser that came back.
#[derive(Debug)]
pub struct Arrival {
    /// Where the browser is sent on to.
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
    /// The connection's first run, where one was asked for.
    pub run: Option<RunId>,
}

/// Ends a login.
///
/// # Errors
/// [`LoginError::Ended`] or [`LoginError::OtherBrowser`] where there is no login to end; what goes wrong later is the
/// arrival's outcome.
pub async fn finish_login(
    ports: &Ports,
    actor: &Actor,
    callback: &Callback<'_>,
    redirect_uri: &str,
) -> Result<Arrival, LoginError> {
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
            take_in(ports, actor, &ticket.connection, &exchange, start).await
        }
    };
    Ok(Arrival {
        return_url: ticket.return_url,
        outcome,
    })
}

/// Exchanges the code and takes the credential. With what connects it, the start ends, which has done its work, and the
/// activation begins; a person who was refused may try again with the start.
async fn take_in(
    ports: &Ports,
    actor: &Actor,
    id: &ConnectionId,
    exchange: &Exchange<'_>,
    start: &str,
) -> Result<Login, LoginError> {
    let connection = ports.store.find_connection(id).await?.ok_or(LoginError::Ended)?.record;
    if connection.status == Status::Disconnected {
        return Err(LoginError::Ended);
    }
    if is_erased(ports, &connection.tenant).await? {
        return Err(ConnectError::Gone.into());
    }
    let configuration = load_configuration(ports, &connection).await?;
    let provider = ports
        .provider(&connection.provider)
        .ok_or(ConnectError::UnknownProvider)?;
    let way = provider.login().ok_or(LoginError::Ended)?;
    let credential = in_time(way.exchange((&connection).into(), exchange)).await;
    let credential = credential.map_err(ConnectError::Source)?.obtained(ports.clock.now());
    let activation = OneTimeToken::new(&ports.ids.key());
    let ticket = Ticket {
        hash: activation.hash(),
        opens: Opens::Activation,
        connection: connection.id.clone(),
        return_url: None,
        expires_at: later(ports, ACTIVATION_FOR),
    };
    let started = Write::DropTicket {
        hash: start,
        connection: id,
    };
    let note = actor.note(
        ports,
        Subject::connection(&connection),
        "connection.login",
        &[],
        id.as_str(),
    );
    let also = [&note.writes()[..], &[Write::Ticket(&ticket), started]].concat();
    let (connection, run) = settle(ports, &connection, &configuration, credential, &also).await?;
    Ok(Login {
        connection,
        activation,
        run,
    })
}

/// The connection that an activation tells; once, but for a request that comes again.
///
/// # Errors
/// [`LoginError::Ended`] where it is none, was used, or has ended. A caller who does not reach the connection must not use
/// it up: `may` is asked first.
pub async fn activate(
    ports: &Ports,
    actor: &Actor,
    activation: &str,
    may: impl FnOnce(&Connection) -> bool + Send,
) -> Result<Connection, LoginError> {
    if let Some(done) = actor.done() {
        let id = ConnectionId::parse(done).map_err(|_| Error::Missing("the connection that was told"))?;
        let found = ports.store.find_connection(&id).await?.map(|found| found.record);
        return found.filter(may).ok_or(LoginError::Ended);
    }
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
    let (subject, id) = (Subject::connection(&connection), connection.id.as_str());
    let note = actor.note(ports, subject, "connection.activate", &[], id);
    match act(ports, &note, &[Write::TakeTicket(&ticket)]).await? {
        Acted::Done => Ok(connection),
        Acted::Refused(_) => Err(LoginError::Ended),
    }
}
