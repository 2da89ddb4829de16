//! The use case `daily`: asks for one diff per connection that is due, and names those that were not read for too long.
//!
//! A day's run of a connection has an id of its own: however often the morning is begun, and by however many callers,
//! there is one run. A run that could not be asked for is asked for when the morning is begun again.

use std::time::Duration;

use futures_util::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp, civil::Date};
use sha2::{Digest, Sha256};

use super::{
    Error, Message, Ports, Swept, Task, Upkeep,
    deadline::{Reached, within},
    delivery::is_lost,
    ended::forget_links,
    load::load_configuration,
    record::{create_run, new_run},
    spread::{SPREAD, draw},
    sweep::sweep,
    upkeep,
    upkeep::REFRESHED_WITHIN,
};
use crate::{
    connection::{Connection, ConnectionId, Status, TenantId},
    event::{Event, EventKind},
    queue::QueueName,
    store::{RunId, RunKind, RunRecord, RunStatus},
};

/// A connection that was not read completely for longer than this is overdue: a day, and two hours of grace.
pub const OVERDUE_AFTER: SignedDuration = SignedDuration::from_hours(26);

/// How many connections are listed at once.
const PAGE: u32 = 100;

/// How many events are told at once; each time takes a few seconds at most.
const EVENTS: usize = 50;

/// How many connections are looked at side by side.
const TOGETHER: usize = 16;

/// What a morning came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DailyReport {
    /// How many connections there are.
    pub connections: u32,
    /// How many of them are due today.
    pub due: u32,
    /// How many runs were made; the others that are due had theirs already.
    pub started: u32,
    /// How many credentials were refreshed (R40).
    pub refreshed: u32,
    /// What a death had left, and the sweep ended (R49).
    pub swept: Swept,
    /// The connections that ought to run every morning and were not read completely within [`OVERDUE_AFTER`], in order.
    pub overdue: Vec<ConnectionId>,
}

/// A morning as it is begun.
#[derive(Clone, Copy)]
struct Begun {
    day: Date,
    now: Timestamp,
    until: Timestamp,
    spread: Duration,
}

/// What there is to say of one connection.
#[derive(Default)]
struct Morning {
    is_due: bool,
    is_started: bool,
    /// The connection's tenant, if the connection is overdue.
    overdue_of: Option<TenantId>,
    /// Whether its credential is to be kept fresh, paused or not.
    has_login: bool,
}

/// Asks for a diff of every connection that is due: connected, neither paused nor stopped, and configured to run daily;
/// then keeps the credentials of all that are connected fresh, paused or not, and sweeps what a death left. The starts are spread over `spread`, each
/// connection at its own place in it. Links of connections that ended long ago are deleted (R42). `day` is the date of
/// the morning in the zone of its schedule ([`super::Schedule::day_of`]), whenever it is begun. At `until` it ends by itself; the
/// log says what it has come to.
///
/// # Errors
/// [`Error`] of one connection, after all others were asked for, or [`Error::Late`]: begin the morning again.
pub async fn daily(ports: &Ports, day: Date, spread: Duration, until: Timestamp) -> Result<DailyReport, Error> {
    let begun = Begun {
        day,
        now: ports.clock.now(),
        until,
        spread: spread.min(SPREAD),
    };
    let mut report = DailyReport::default();
    let result = within(ports.clock.as_ref(), until, begin(ports, begun, &mut report)).await;
    let result = result.unwrap_or_else(|Reached| {
        tracing::warn!("the morning met its deadline; begun again, it goes on with what is left");
        Err(Error::Late)
    });
    tracing::info!(
        connections = report.connections,
        due = report.due,
        started = report.started,
        refreshed = report.refreshed,
        swept = report.swept.total(),
        swept.connections = report.swept.connections,
        swept.secrets = report.swept.secrets,
        swept.claims = report.swept.claims,
        swept.parts = report.swept.parts,
        swept.tickets = report.swept.tickets,
        swept.runs = report.swept.runs,
        overdue = report.overdue.len(),
        "morning begun"
    );
    result.map(|()| report)
}

async fn begin(ports: &Ports, begun: Begun, report: &mut DailyReport) -> Result<(), Error> {
    let (mut failure, mut overdue, mut logins) = (None, Vec::new(), Vec::new());
    let mut last: Option<ConnectionId> = None;
    loop {
        let ids = ports.store.list_connection_ids(last.as_ref(), PAGE).await?;
        let Some(end) = ids.last().cloned() else {
            break;
        };
        let mut mornings = stream::iter(ids)
            .map(|id| async move {
                let morning = look_at(ports, &id, begun).await;
                (id, morning)
            })
            .buffer_unordered(TOGETHER);
        while let Some((id, morning)) = mornings.next().await {
            report.connections += 1;
            match morning {
                Ok(morning) => {
                    overdue.extend(overdue_event(&id, &morning, begun));
                    logins.extend(morning.has_login.then(|| id.clone()));
                    note(report, id, &morning);
                }
                // The connection was erased at this moment.
                Err(Error::Gone(_)) => {}
                Err(error) => {
                    tracing::error!(connection.id = %id, error = &error as &dyn std::error::Error, "no run was asked for");
                    failure.get_or_insert(error);
                }
            }
        }
        last = Some(end);
    }
    report.overdue.sort();
    if let Err(error) = refresh(ports, logins, begun.until, report).await {
        failure.get_or_insert(error);
    }
    if let Err(error) = sweep(ports, begun.now, &mut report.swept).await {
        failure.get_or_insert(error);
    }
    // These events are sent last of all: a receiver that does not answer takes a few seconds each time, and no
    // connection's morning must wait for it.
    for events in overdue.chunks(EVENTS) {
        ports.events.publish(events).await;
    }
    failure.map_or(Ok(()), Err)
}

/// Keeps credentials fresh, once every run was asked for: it may take its time.
async fn refresh(
    ports: &Ports,
    logins: Vec<ConnectionId>,
    until: Timestamp,
    report: &mut DailyReport,
) -> Result<(), Error> {
    // A refresh that has begun comes to its end by itself, and gives its lease back.
    let begun_until = until.saturating_sub(REFRESHED_WITHIN).unwrap_or(Timestamp::MIN);
    let mut failure = None;
    let mut kept = stream::iter(logins)
        .map(|id| async move {
            if ports.clock.now() < begun_until {
                upkeep(ports, &id).await
            } else {
                Err(Error::Late)
            }
        })
        .buffer_unordered(TOGETHER);
    while let Some(kept) = kept.next().await {
        match kept {
            Ok(kept) => report.refreshed += u32::from(kept == Upkeep::Refreshed),
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "a credential was not kept fresh"
                );
                failure.get_or_insert(error);
            }
        }
    }
    failure.map_or(Ok(()), Err)
}

/// An overdue connection is told of once a day.
fn overdue_event(id: &ConnectionId, morning: &Morning, begun: Begun) -> Option<Event> {
    let tenant = morning.overdue_of.clone()?;
    Some(Event {
        occasion: begun.day.to_string(),
        ..Event::new(EventKind::RunOverdue, tenant, id.clone(), begun.now)
    })
}

fn note(report: &mut DailyReport, id: ConnectionId, morning: &Morning) {
    report.due += u32::from(morning.is_due);
    report.started += u32::from(morning.is_started);
    if morning.overdue_of.is_some() {
        tracing::warn!(connection.id = %id, "no complete run within 26 hours");
        report.overdue.push(id);
    }
}

async fn look_at(ports: &Ports, id: &ConnectionId, begun: Begun) -> Result<Morning, Error> {
    let Some(stored) = ports.store.find_connection(id).await? else {
        return Ok(Morning::default());
    };
    let connection = stored.record;
    let has_login = connection.status == Status::Connected;
    if connection.status == Status::Disconnected {
        forget_links(ports, &connection, begun.now).await?;
    }
    if !wants_mornings(ports, &connection).await? {
        return Ok(Morning {
            has_login,
            ..Morning::default()
        });
    }
    let is_overdue = is_overdue(ports, &connection, begun.now).await?;
    let overdue_of = is_overdue.then(|| connection.tenant.clone());
    if !connection.may_run() {
        return Ok(Morning {
            overdue_of,
            has_login,
            ..Morning::default()
        });
    }
    let is_started = start(ports, &connection, begun).await?;
    Ok(Morning {
        is_due: true,
        is_started,
        overdue_of,
        has_login,
    })
}

/// Returns whether the tenant expects the connection to run this morning: it is at home here, connected or in need of a
/// new login, not paused, configured to run daily, and not stopped.
async fn wants_mornings(ports: &Ports, connection: &Connection) -> Result<bool, Error> {
    let is_in_use = matches!(connection.status, Status::Connected | Status::NeedsReauthorization);
    if !is_in_use || connection.paused || connection.belongs_to(&ports.home).is_err() {
        return Ok(false);
    }
    let configuration = load_configuration(ports, connection).await?;
    if !configuration.daily || !configuration.syncs() {
        return Ok(false);
    }
    Ok(!ports.store.is_stopped(&connection.tenant).await?)
}

async fn is_overdue(ports: &Ports, connection: &Connection, now: Timestamp) -> Result<bool, Error> {
    let state = ports.store.load_state(&connection.id).await?;
    let since = state.complete_at.unwrap_or(connection.created_at);
    Ok(now.duration_since(since) > OVERDUE_AFTER)
}

/// Makes the day's run and sends its message. A run that is there already and still waits may have lost its message.
/// Then the message is sent again; two messages do no harm. Returns whether the run was made here.
async fn start(ports: &Ports, connection: &Connection, begun: Begun) -> Result<bool, Error> {
    let run = RunRecord {
        id: run_of_day(&connection.id, begun.day)?,
        started_at: begun.now,
        ..new_run(ports, &connection.id, RunKind::Diff, None)?
    };
    let is_made = create_run(ports, &connection.tenant, &run).await?;
    if !is_made {
        let stored = ports.store.find_run(&run.id).await?;
        let is_waiting = |stored: RunRecord| match stored.status {
            RunStatus::Queued => true,
            RunStatus::Deferred => is_lost(&stored, begun.now),
            RunStatus::Cancelled
            | RunStatus::Failed
            | RunStatus::Running
            | RunStatus::Succeeded
            | RunStatus::SucceededWithErrors => false,
        };
        if !stored.is_some_and(is_waiting) {
            return Ok(false);
        }
    }
    let message = Message::new(run.id.clone(), connection.id.clone(), Task::everybody());
    let delay = place_in(&connection.id, begun.spread);
    ports.queue.send(QueueName::Diff, &message.to_text(), delay).await?;
    Ok(is_made)
}

/// The id of a connection's run of a day.
fn run_of_day(connection: &ConnectionId, day: Date) -> Result<RunId, Error> {
    let named = RunId::parse(&format!("run_{day}_{connection}"));
    let hashed = || {
        let digest = hex::encode(Sha256::digest(connection.as_str()));
        RunId::parse(&format!("run_{day}_{digest}"))
    };
    named.or_else(|_| hashed()).map_err(|_| Error::Missing("a run id"))
}

/// Returns where in the spread a connection starts: always at the same place, and all connections evenly.
fn place_in(connection: &ConnectionId, spread: Duration) -> Duration {
    let seconds = (u64::from(draw(connection)) * spread.as_secs()) >> 32;
    Duration::from_secs(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::builder::connection_id;

    #[test]
    fn starts_are_spread_evenly_and_each_keeps_its_place() {
        let places: Vec<u64> = (0..900)
            .map(|number| place_in(&connection_id(&format!("con_{number}")), SPREAD).as_secs())
            .collect();
        assert!(places.iter().all(|place| *place < SPREAD.as_secs()));
        for quarter in 0..4 {
            let here = places.iter().filter(|place| **place / 225 == quarter).count();
            assert!((160..290).contains(&here), "{here} of 900 in quarter {quarter}");
        }
        let again = place_in(&connection_id("con_7"), SPREAD);
        assert_eq!(again, place_in(&connection_id("con_7"), SPREAD));
        assert_eq!(place_in(&connection_id("con_7"), Duration::ZERO), Duration::ZERO);
    }

    #[test]
    fn a_days_run_has_one_id_however_long_its_connections() {
        let day = jiff::civil::date(2026, 3, 2);
        let usual = run_of_day(&connection_id("con_1"), day).unwrap();
        assert_eq!(usual.as_str(), "run_2026-03-02_con_1");
        let long = connection_id(&"c".repeat(128));
        assert_eq!(run_of_day(&long, day).unwrap(), run_of_day(&long, day).unwrap());
    }
}
