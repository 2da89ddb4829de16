//! The first sync of a connection. Its run is written together with what connects it; its message follows.

use std::time::Duration;

use super::{Error, Message, Ports, Task, record::new_run};
use crate::{
    connection::{Configuration, ConnectionId},
    queue::QueueName,
    store::{RunId, RunKind, RunRecord, RunStatus},
};

/// Returns a first run of a connection, where the connection reads HR at all.
pub(super) fn first_run(
    ports: &Ports,
    id: &ConnectionId,
    configuration: &Configuration,
) -> Result<Option<RunRecord>, Error> {
    let run = || new_run(ports, id, RunKind::Diff, None);
    configuration.syncs().then(run).transpose()
}

/// Sends the message of a first run. Where that fails the connection is connected all the same: the run of the next
/// morning reads HR, or the next run that is asked for, and this run ends as abandoned a day later.
pub(super) async fn ask_for(ports: &Ports, run: Option<RunRecord>) -> Option<RunId> {
    let run = run?;
    let message = Message::new(run.id.clone(), run.connection.clone(), Task::everybody());
    match ports
        .queue
        .send(QueueName::Diff, &message.to_text(), Duration::ZERO)
        .await
    {
        Ok(()) => Some(run.id),
        Err(error) => {
            tracing::warn!(connection.id = %run.connection, error = %error, "the first sync lost its message; the morning's run reads HR, or the next that is asked for");
            None
        }
    }
}

/// Sends the message of a connection's first run again, where it is the only run and no delivery has begun it: the
/// process that connected may have died before it sent the message. One message too many does no harm.
pub(super) async fn ask_unbegun(ports: &Ports, id: &ConnectionId, configuration: &Configuration) -> Result<(), Error> {
    let runs = ports.store.list_runs(id, None, 2).await?;
    if let [only] = &runs[..]
        && only.status == RunStatus::Queued
        && configuration.syncs()
    {
        ask_for(ports, Some(only.clone())).await;
    }
    Ok(())
}

/// Returns the first run of a request that is made again. Its id is the same, and its message is sent again where it
/// may be lost.
pub(super) async fn ask_again(ports: &Ports, run: Option<RunRecord>) -> Result<Option<RunId>, Error> {
    let Some(run) = run else {
        return Ok(None);
    };
    match ports.store.find_run(&run.id).await? {
        Some(made) if made.status == RunStatus::Queued => Ok(ask_for(ports, Some(made)).await),
        made => Ok(made.map(|made| made.id)),
    }
}
