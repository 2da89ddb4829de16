//! How a connection is made: its record goes first, says that it is being made, and is there before anything that it
//! points at. A process that dies in between leaves a record: the same request, made again, goes on from it, or the
//! sweep ends it.

use super::{
    ConnectError, Error, Ports,
    claim::{refused, write},
    ended,
    erasure::{ErasureRefused, erase_connection, is_erased},
    way::read_site,
};
use crate::{
    connection::{
        Configuration, Connection, ConnectionId, Credential, InvalidTransition, ProviderId, Status, TargetChoice,
        TenantId, Undertaking,
    },
    roster::Company,
    source::Address,
    store::{Acted, Refusal, Versioned, Write},
};

/// The most connections of one tenant, ended ones among them: its tombstone names as many (R47). A connection that has
/// ended gives its place to a new one.
const MOST_CONNECTIONS: usize = 250;

/// What is needed to connect.
#[derive(Clone, Debug)]
pub struct NewConnection<C = Credential> {
    /// The tenant whose connection it is.
    pub tenant: TenantId,
    /// The HR system.
    pub provider: ProviderId,
    /// Where the HR system is reached, where that is not its usual address.
    pub base_url: Option<String>,
    /// The customer's part of the address, where the HR system has one.
    pub site: Option<String>,
    /// What the connection logs in with; `()` where a person has to sign in first.
    pub credential: C,
    /// The target that the connection writes to.
    pub target: TargetChoice,
    /// What opens the target, where it is not built in.
    pub target_credential: Option<Credential>,
    /// What the connection is to do.
    pub configuration: Configuration,
    /// The person who authorised the connection. They are never switched off automatically (R19).
    pub authorised_by: Option<String>,
}

impl NewConnection<()> {
    /// Returns the same request to connect, with this credential.
    pub fn with(self, credential: Credential) -> NewConnection {
        NewConnection {
            tenant: self.tenant,
            provider: self.provider,
            base_url: self.base_url,
            site: self.site,
            credential,
            target: self.target,
            target_credential: self.target_credential,
            configuration: self.configuration,
            authorised_by: self.authorised_by,
        }
    }
}

/// A connection as it is to be made, of a tenant that was not erased, at a provider that is known.
pub(super) async fn draft<C: Sync>(ports: &Ports, new: &NewConnection<C>) -> Result<Connection, ConnectError> {
    if is_erased(ports, &new.tenant).await? {
        return Err(ConnectError::Erased);
    }
    let provider = ports.provider(&new.provider).ok_or(ConnectError::UnknownProvider)?;
    let at = Address {
        base_url: new.base_url.as_deref(),
        site: new.site.as_deref(),
    };
    let site = read_site(provider.as_ref(), at)?;
    let id = ConnectionId::parse(&ports.ids.next("con")).map_err(|_| Error::Missing("a connection id"))?;
    let others = list_others(ports, &new.tenant, &id).await?;
    if others.len() >= MOST_CONNECTIONS {
        make_room(ports, others).await?;
    }
    let connection = Connection::new(
        id,
        new.tenant.clone(),
        new.provider.clone(),
        new.target.clone(),
        ports.home.clone(),
        ports.clock.now(),
    );
    Ok(Connection {
        base_url: new.base_url.clone(),
        site,
        authorised_by: new.authorised_by.clone(),
        configuration_version: new.configuration.version,
        ..connection
    })
}

/// Returns the connections of a tenant beside this one, which the same request may have begun before.
async fn list_others(ports: &Ports, tenant: &TenantId, own: &ConnectionId) -> Result<Vec<Connection>, ConnectError> {
    let mut kept = ports.store.list_connections(tenant).await.map_err(Error::from)?;
    kept.retain(|kept| kept.id != *own);
    Ok(kept)
}

/// Erases the ended connection whose links go first, so that another one has its place: one whose links were deleted
/// already, else the one whose links would be deleted first. Its people are found again by the references on their
/// accounts.
async fn make_room(ports: &Ports, kept: Vec<Connection>) -> Result<(), ConnectError> {
    let has_ended =
        |connection: &Connection| connection.status == Status::Disconnected && !connection.is_at(Undertaking::Ending);
    let ended = kept.into_iter().filter(has_ended);
    let first = ended.min_by_key(|connection| (connection.links_until, connection.created_at));
    let first = first.ok_or(ConnectError::TooMany)?;
    let id = first.id.clone();
    // On the heap: it is seldom done, and would be a part of every future that connects.
    let erased = Box::pin(erase_connection(ports, first)).await;
    erased.map_err(|refused| match refused {
        ErasureRefused::Internal(error) => ConnectError::Internal(error),
        ErasureRefused::Busy | ErasureRefused::Unknown | ErasureRefused::Ambiguous(_) => ConnectError::Busy,
    })?;
    tracing::info!(connection.id = %id, "a connection that had ended gave its place to another");
    Ok(())
}

/// What there is of a connection once it was begun.
pub(super) enum Begun {
    /// The connection's record, which says that it is being made.
    Making(Connection),
    /// The whole connection: the same request was made before, and came to its end.
    Made(Connection),
}

/// Writes the record of a connection that is being made, with its configuration and its claims.
pub(super) async fn begin(
    ports: &Ports,
    draft: Connection,
    configuration: &Configuration,
    company: Option<&Company>,
) -> Result<Begun, ConnectError> {
    let now = ports.clock.now();
    let making = draft.begin(Undertaking::Making, company, now);
    let configured = Write::Configuration {
        connection: &making.id,
        configuration,
    };
    match write(ports, None, &making, &[configured]).await? {
        Acted::Done => {
            // Others may have come at the same moment: each of them sees the rest now, or is seen by the rest.
            if list_others(ports, &making.tenant, &making.id).await?.len() >= MOST_CONNECTIONS {
                give_up(ports, &making).await;
                return Err(ConnectError::TooMany);
            }
            return Ok(Begun::Making(making));
        }
        Acted::Refused(Refusal::Connection) => {}
        Acted::Refused(refusal) => return Err(refused(refusal)),
    }
    // The same request was made before, and died or is at work.
    let found = ports.store.find_connection(&making.id).await.map_err(Error::from)?;
    let before = found.filter(|found| is_same(&found.record, &making));
    let before: Versioned<Connection> = before.ok_or(Error::Missing("a free connection id"))?;
    if before.record.status == Status::Disconnected {
        return Err(ConnectError::State(InvalidTransition {
            from: Status::Disconnected,
            to: Status::Connected,
        }));
    }
    if !before.record.is_at(Undertaking::Making) {
        return Ok(Begun::Made(before.record));
    }
    let again = before.record.clone().begin(Undertaking::Making, company, now);
    match write(ports, Some(&before), &again, &[]).await? {
        Acted::Done => Ok(Begun::Making(again)),
        Acted::Refused(Refusal::Connection) => Err(ConnectError::Busy),
        Acted::Refused(refusal) => Err(refused(refusal)),
    }
}

/// Whether two drafts are of one request.
fn is_same(one: &Connection, other: &Connection) -> bool {
    let said = |of: &Connection| {
        (
            of.tenant.clone(),
            of.provider.clone(),
            of.target.clone(),
            of.base_url.clone(),
            of.site.clone(),
        )
    };
    said(one) == said(other)
}

/// Ends what this request made of a connection that does not come to be, and takes its record away. Where that cannot be done
/// now, the sweep does it. A connection that the same request, made again, goes on with stays.
pub(super) async fn give_up(ports: &Ports, making: &Connection) {
    let id = &making.id;
    if let Err(error) = unmake(ports, id, |found| found.unfinished == making.unfinished).await {
        tracing::warn!(connection.id = %id, error = %error, "a connection that was not made is left to the sweep");
    }
}

/// Ends what was made of a connection, and takes its record away, if it is `still` to be given up at the moment of writing.
/// Returns whether it was.
///
/// # Errors
/// [`Error`]; then it can be done again.
pub(super) async fn unmake(
    ports: &Ports,
    id: &ConnectionId,
    still: impl Fn(&Connection) -> bool + Send + Sync,
) -> Result<bool, Error> {
    let found = ports.store.find_connection(id).await?.map(|found| found.record);
    let Some(connection) = found else {
        return ended::clear_gone(ports, id).await.map(|()| true);
    };
    if connection.status == Status::Disconnected {
        // The request that ended it could not delete what was kept since.
        return ended::clear(ports, &connection).await.map(|()| true);
    }
    let is_making = |found: &Connection| found.is_at(Undertaking::Making) && still(found);
    let Some(ended) = ended::end_if(ports, id, &[], is_making).await? else {
        return Ok(false);
    };
    ports.store.erase_connection(&ended).await?;
    Ok(true)
}
