//! The sweep: what a death left is found each morning, once all runs were asked for, and ended (R49). What may still be at
//! work is left alone; whatever goes is looked at again at that moment.

use futures_util::{StreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::{
    ConnectError, Error, Ports,
    approve::{Resend, resume},
    claim::change,
    credential::drop_credential,
    delivery,
    ended::{delete_credential, end},
    making::unmake,
    news::News,
    port::SECRET_PREFIX,
    record::{abandoned_before, end_abandoned},
};
use crate::{
    connection::{Connection, ConnectionId, Status, Undertaking, Unfinished},
    plan,
    secret::SecretName,
    store::Lease,
};

/// How many connections or claims are listed at once.
const PAGE: u32 = 100;

/// How many records are looked at side by side.
const TOGETHER: usize = 8;

/// How many pages of each kind are looked at in one morning: of connections, claims and secrets, with at most a hundred
/// in a page.
const MOST_PAGES: u32 = 500;

/// How many secrets go in one morning.
const MOST_SECRETS: usize = 100;

/// How many secrets without a connection are a few, which deaths can have left on the smallest stack.
const FEW_SECRETS: usize = 3;

/// Parts of rosters and plans are looked at for a week, from a day after they were written: by then the process that
/// wrote them is long gone.
const PARTS_FROM: SignedDuration = SignedDuration::from_hours(24);
const PARTS_UNTIL: SignedDuration = SignedDuration::from_hours(8 * 24);

/// What a sweep ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Swept {
    /// Connections that were half made, half connected or half ended.
    pub connections: u64,
    /// Secrets without a connection.
    pub secrets: u64,
    /// Claims on companies and targets without a connection.
    pub claims: u64,
    /// Rosters and plans of which only parts were written.
    pub parts: u64,
    /// Tickets that had ended.
    pub tickets: u64,
    /// Runs whose messages were lost.
    pub runs: u64,
}

impl Swept {
    /// How much it was in all.
    pub const fn total(&self) -> u64 {
        self.connections + self.secrets + self.claims + self.parts + self.tickets + self.runs
    }
}

/// Sweeps, and counts what it ended. Connections go first: a half-made one still points at what is its own. What cannot be
/// swept is in nobody's way.
///
/// # Errors
/// The first [`Error`], after all else was swept.
pub(super) async fn sweep(ports: &Ports, now: Timestamp, swept: &mut Swept) -> Result<(), Error> {
    let connections = sweep_connections(ports, now, swept).await;
    let claims = sweep_claims(ports, swept).await;
    let secrets = sweep_secrets(ports, now, swept).await;
    connections.and(claims).and(secrets)
}

/// The first failure of several things that are done side by side, each of which goes into the log.
#[derive(Default)]
struct FirstFailure(Option<Error>);

impl FirstFailure {
    /// Returns what was done, unless it failed.
    fn note<T>(&mut self, done: Result<T, Error>) -> Option<T> {
        done.map_err(|error| {
            tracing::error!(error = &error as &dyn std::error::Error, "something was not swept");
            self.0.get_or_insert(error);
        })
        .ok()
    }

    fn into_result(self) -> Result<(), Error> {
        self.0.map_or(Ok(()), Err)
    }
}

async fn sweep_connections(ports: &Ports, now: Timestamp, swept: &mut Swept) -> Result<(), Error> {
    let mut failure = FirstFailure::default();
    let mut last: Option<ConnectionId> = None;
    for _ in 0..MOST_PAGES {
        let ids = ports.store.list_connection_ids(last.as_ref(), PAGE).await?;
        last = ids.last().cloned();
        if last.is_none() {
            break;
        }
        let mut looks = stream::iter(ids)
            .map(|id| async move { sweep_connection(ports, &id, now).await })
            .buffer_unordered(TOGETHER);
        while let Some(look) = looks.next().await {
            let Some(found) = failure.note(look) else {
                continue;
            };
            swept.connections += found.connections;
            swept.parts += found.parts;
            swept.tickets += found.tickets;
            swept.runs += found.runs;
        }
    }
    failure.into_result()
}

/// What is left at one connection of this copy of the system (R03).
async fn sweep_connection(ports: &Ports, id: &ConnectionId, now: Timestamp) -> Result<Swept, Error> {
    let found = ports.store.find_connection(id).await?.map(|found| found.record);
    let Some(connection) = found.filter(|connection| connection.belongs_to(&ports.home).is_ok()) else {
        return Ok(Swept::default());
    };
    let ends_at = |age| {
        now.saturating_add(ports.settings.keep)
            .and_then(|end| end.saturating_sub(age))
    };
    let ends = ends_at(PARTS_UNTIL).unwrap_or(now)..ends_at(PARTS_FROM).unwrap_or(now);
    let mut swept = Swept {
        parts: ports.store.sweep_parts(id, ends).await?,
        tickets: ports.store.sweep_tickets(id, now).await?,
        runs: sweep_runs(ports, id, now).await?,
        ..Swept::default()
    };
    if let Some(unfinished) = connection.unfinished.as_ref().filter(|_| is_left(&connection, now)) {
        let is_swept = finish(ports, &connection, unfinished, now).await?;
        if is_swept {
            tracing::warn!(connection.id = %id, what = ?unfinished.what, since = %unfinished.since, "swept what was left unfinished");
        }
        swept.connections = u64::from(is_swept);
    }
    Ok(swept)
}

/// Ends the runs of a connection that were asked for more than a day ago and have lost their messages. The connection's
/// next diff would do that too. But a connection that is paused, stopped, needs a new login or has ended has no next
/// diff, nor has one that is read only on request. A run that is at work ends by itself.
async fn sweep_runs(ports: &Ports, id: &ConnectionId, now: Timestamp) -> Result<u64, Error> {
    let left = ports.store.list_unended_runs(id, None, abandoned_before(now)).await?;
    if left.is_empty() {
        return Ok(0);
    }
    let Some(lease) = delivery::hold(ports, id, ports.settings.lease).await? else {
        return Ok(0);
    };
    let mut news = News::default();
    let ended = end_lost(ports, &lease, &mut news, now).await;
    delivery::end(ports, &lease).await;
    news.tell(ports, id).await;
    ended
}

/// Ends the lost runs of a connection under its lease. Where a plan is being applied its message is sent again instead,
/// and by that it comes to its end. Returns how many runs were ended.
async fn end_lost(ports: &Ports, lease: &Lease, news: &mut News, now: Timestamp) -> Result<u64, Error> {
    let open = ports.store.find_open_plan(&lease.connection, now).await?;
    if let Some(open) = open.filter(|open| open.status == plan::Status::Applying) {
        resume(ports, &open, Resend::Lost).await?;
        return Ok(0);
    }
    end_abandoned(ports, None, lease, news, now).await
}

/// Returns whether something was begun with a connection by a function that cannot be at work any more.
fn is_left(connection: &Connection, now: Timestamp) -> bool {
    connection.unfinished.as_ref().is_some_and(|begun| begun.is_left(now))
}

/// Brings to an end what was begun with a connection and not finished. Returns false where another request goes on with it at
/// this moment.
async fn finish(
    ports: &Ports,
    connection: &Connection,
    unfinished: &Unfinished,
    now: Timestamp,
) -> Result<bool, Error> {
    match unfinished.what {
        Undertaking::Making => unmake(ports, &connection.id, |found| is_left(found, now)).await,
        Undertaking::Ending => end(ports, &connection.id, &[]).await.map(|ended| ended.is_some()),
        Undertaking::Connecting | Undertaking::Clearing => match clear_login(ports, connection, now).await {
            Err(ConnectError::Internal(error)) => Err(error),
            // A person has logged in anew, or the connection is gone.
            cleared => Ok(cleared.is_ok()),
        },
    }
}

/// Clears away what a first login left that came to nothing. A person who logs in anew meanwhile is asked to come
/// again. A connection that knows its company keeps the credential that it has.
async fn clear_login(ports: &Ports, connection: &Connection, now: Timestamp) -> Result<(), ConnectError> {
    let id = &connection.id;
    let cleared = change(ports, id, &[], |connection| {
        let begun = connection.unfinished.as_ref().filter(|begun| begun.is_left(now));
        let begun = begun.ok_or(ConnectError::Busy)?;
        let company = begun.company.clone();
        Ok(connection.clone().begin(Undertaking::Clearing, company.as_ref(), now))
    })
    .await?;
    if cleared.status == Status::AwaitingAuthorization {
        drop_credential(ports, &cleared).await?;
    }
    change(ports, id, &[], |connection| {
        if connection.is_at(Undertaking::Clearing) {
            Ok(connection.clone().finish())
        } else {
            Err(ConnectError::Busy)
        }
    })
    .await?;
    Ok(())
}

async fn sweep_claims(ports: &Ports, swept: &mut Swept) -> Result<(), Error> {
    let (mut failure, mut last) = (FirstFailure::default(), None::<String>);
    for _ in 0..MOST_PAGES {
        let places = ports.store.list_claims(last.as_deref(), PAGE).await?;
        last = places.last().cloned();
        if last.is_none() {
            break;
        }
        let mut ends = stream::iter(places)
            .map(|place| async move { Ok(ports.store.sweep_claim(&place).await?) })
            .buffer_unordered(TOGETHER);
        while let Some(ended) = ends.next().await {
            swept.claims += failure.note(ended).unwrap_or_default();
        }
    }
    failure.into_result()
}

/// Deletes secrets whose connection is not there, or has ended. Where that is so of all secrets, or of more than a few
/// and of more than half as many as have a connection, the table is the wrong one, and all secrets stay.
async fn sweep_secrets(ports: &Ports, now: Timestamp, swept: &mut Swept) -> Result<(), Error> {
    let (mut left, mut kept, mut from) = (Vec::new(), 0_usize, None::<String>);
    let mut failure = FirstFailure::default();
    for _ in 0..MOST_PAGES {
        let page = ports.secrets.list_secrets(SECRET_PREFIX, from.as_deref()).await?;
        let mut looks = stream::iter(page.names)
            .map(|name| async move { without_connection(ports, &name, now).await })
            .buffer_unordered(TOGETHER);
        while let Some(look) = looks.next().await {
            match failure.note(look) {
                Some(Some(id)) => left.push(id),
                // A secret whose connection cannot be looked at stays.
                Some(None) | None => kept += 1,
            }
        }
        from = page.next;
        if from.is_none() {
            break;
        }
    }
    let is_wrong_table = kept == 0 || left.len() > (kept / 2).max(FEW_SECRETS);
    if is_wrong_table && !left.is_empty() {
        tracing::error!(
            secrets = left.len(),
            kept,
            "too many secrets have no connection in the table; none is swept"
        );
        return failure.into_result();
    }
    for id in left.iter().take(MOST_SECRETS) {
        let is_swept = failure.note(sweep_secret(ports, id).await);
        swept.secrets += u64::from(is_swept.unwrap_or_default());
    }
    failure.into_result()
}

/// The connection that a secret names, if there is none, or none any more, and nobody can be just making it.
async fn without_connection(ports: &Ports, secret: &SecretName, now: Timestamp) -> Result<Option<ConnectionId>, Error> {
    let is_young = |at: Timestamp| now.duration_since(at) < Unfinished::AT_WORK;
    let id = secret.name.strip_prefix(SECRET_PREFIX).map(ConnectionId::parse);
    let Some(Ok(id)) = id.filter(|_| !secret.written_at.is_some_and(is_young)) else {
        return Ok(None);
    };
    let found = ports.store.find_connection(&id).await?;
    Ok(Some(id).filter(|_| found.is_none_or(|found| found.record.is_over())))
}

/// Deletes a secret, and gives back what opens the HR system, if it still has no connection.
async fn sweep_secret(ports: &Ports, id: &ConnectionId) -> Result<bool, Error> {
    let found = ports.store.find_connection(id).await?.map(|found| found.record);
    if found.as_ref().is_some_and(|connection| !connection.is_over()) {
        return Ok(false);
    }
    delete_credential(ports, id, found.as_ref()).await?;
    tracing::warn!(connection.id = %id, "swept a secret without a connection");
    Ok(true)
}
