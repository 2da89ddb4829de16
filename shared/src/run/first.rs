//! The first sync of a connection. Its run is written together with what connects it; its message follows.

use std::time::Duration;

use super::{Error, Message, Ports, Task, record::new_run};
use crate::{
    connection::{Configuration, ConnectionId},
    queue::QueueName,
    store::{RunId, RunKind, RunRecord},
};

/// The first run of a connection, where it reads HR at all.
pub(super) fn first_run(
    ports: &Ports,
    id: &ConnectionId,
    configuration: &Configuration,
) -> Result<Option<RunRecord>, Error> {
    let run = || new_run(ports, id, RunKind::Diff, None);
    configuration.syncs().then(run).transpose()
}

/// Sends the message of a first run. Where that fails the connection is connected all the same: the next morning sends the
/// message again.
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
            tracing::warn!(connection.id = %run.connection, error = %error, "the first sync waits for the morning");
            None
        }
    }
}
