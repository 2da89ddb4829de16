//! Asking for a diff: its run is made, and its message sent.

use jiff::Timestamp;

use crate::{
    connection::{Connection, ConnectionId},
    employee::EmployeeId,
    queue::QueueName,
    run::{
        Error, Message, Ports, Task,
        actor::{Actor, Subject, act},
        delivery,
        record::{create_run, new_run},
    },
    store::{Acted, AskedFor, RunId, RunKind, RunRecord, RunStatus, Write},
};

/// What a diff is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Everybody is brought in step.
    Sync,
    /// Everybody is compared and planned for, but nothing is applied before a person says so.
    Preview,
    /// One person is brought in step.
    OnePerson(EmployeeId),
    /// Everything that HR shows is counted, and nothing is planned.
    Survey,
}

/// Asks for a diff: makes its run and sends its message.
///
/// # Errors
/// [`Error`] of store or queue; then nothing runs.
pub async fn request_diff(ports: &Ports, connection: &ConnectionId) -> Result<RunId, Error> {
    request(ports, connection, Asked::Sync).await
}

/// Asks for any kind of diff: of everybody, a preview, or of one person.
///
/// # Errors
/// [`Error`] of store or queue; then nothing runs.
pub async fn request(ports: &Ports, connection: &ConnectionId, asked: Asked) -> Result<RunId, Error> {
    let found = ports.store.find_connection(connection).await?;
    let tenant = found.ok_or(Error::Gone("connection"))?.record.tenant;
    let run = new_run(ports, connection, RunKind::Diff, None)?;
    create_run(ports, &tenant, &run).await?;
    send(ports, &run, asked).await?;
    Ok(run.id)
}

/// How many runs of one connection wait or work at once before nobody can ask for another (R48).
const MOST_WAITING: usize = 50;

/// Asks for a diff on behalf of an actor, who is named in the audit. Returns the run. A request that comes again gets
/// the same run. So does another request for the same kind of diff while that run has not begun, because the run will
/// read HR after both.
///
/// # Errors
/// [`Error::Waiting`] where very many runs of the connection wait, or [`Error`] of store or queue; then nothing runs.
pub async fn ask(ports: &Ports, actor: &Actor, connection: &Connection, asked: Asked) -> Result<RunId, Error> {
    if let Some(done) = actor.done() {
        return ask_again(ports, done, asked).await;
    }
    let (action, person, asked_for) = match &asked {
        Asked::Preview => ("preview", None, Some(AskedFor::Preview)),
        Asked::Sync => ("sync", None, Some(AskedFor::Sync)),
        Asked::OnePerson(id) => ("sync", Some(("employee_id", id.as_str())), None),
        Asked::Survey => ("survey", None, Some(AskedFor::Survey)),
    };
    let now = ports.clock.now();
    let unended = ports
        .store
        .list_unended_runs(&connection.id, None, Timestamp::MAX)
        .await?;
    let has_begun = |run: &RunRecord| run.attempts > 0 || run.reading.is_some();
    let is_same = |run: &&RunRecord| asked_for.is_some() && run.asked_for == asked_for && !has_begun(run);
    let waiting = unended.iter().find(is_same);
    if waiting.is_none() && unended.len() >= MOST_WAITING {
        return Err(Error::Waiting);
    }
    let due = RunRecord {
        due_at: Some(now),
        ..match waiting {
            Some(waiting) => waiting.clone(),
            None => RunRecord {
                asked_for,
                ..new_run(ports, &connection.id, RunKind::Diff, None)?
            },
        }
    };
    let details: Vec<_> = person.into_iter().chain([("run", due.id.as_str())]).collect();
    let subject = Subject::connection(connection);
    let note = actor.note(ports, subject, action, &details, due.id.as_str());
    let made = waiting.is_none().then_some(Write::Run(&due));
    let writes: Vec<Write<'_>> = [Write::NotErased(&connection.tenant)].into_iter().chain(made).collect();
    if act(ports, &note, &writes).await? != Acted::Done {
        return Err(Error::Missing("a free run id"));
    }
    match waiting {
        None => send_due(ports, &due, asked).await?,
        Some(waiting) if delivery::is_lost(waiting, now) => {
            ports.store.change_run(waiting, &due).await?;
            send_due(ports, &due, asked).await?;
        }
        Some(_) => {}
    }
    Ok(due.id)
}

/// Answers a request that made its run before. The process that made it may have died before it sent the message; a second
/// message does no harm.
async fn ask_again(ports: &Ports, made: &str, asked: Asked) -> Result<RunId, Error> {
    let id = RunId::parse(made).map_err(|_| Error::Missing("the run that was asked for"))?;
    let run = ports.store.find_run(&id).await?;
    if let Some(run) = run.filter(|run| run.status == RunStatus::Queued) {
        send(ports, &run, asked).await?;
    }
    Ok(id)
}

/// Sends the message of a run whose record says that it is due now, so that other requests for the same run send none.
/// Where the queue refuses the message, the record says so, and the next request sends it. Where this process dies
/// before it sends the message, a request that comes a minute later sends it.
async fn send_due(ports: &Ports, due: &RunRecord, asked: Asked) -> Result<(), Error> {
    let sent = send(ports, due, asked).await;
    if sent.is_err() {
        let unsent = RunRecord {
            due_at: None,
            ..due.clone()
        };
        if let Err(error) = ports.store.change_run(due, &unsent).await {
            tracing::warn!(run.id = %due.id, error = %error, "it is not noted that no message was sent");
        }
    }
    sent
}

/// Sends the message of a diff's run.
async fn send(ports: &Ports, run: &RunRecord, asked: Asked) -> Result<(), Error> {
    let diff = |preview, employee_id| Task::Diff {
        preview,
        employee_id,
        slice: 0,
    };
    let task = match asked {
        Asked::OnePerson(id) => diff(false, Some(id)),
        Asked::Preview => diff(true, None),
        Asked::Survey => Task::Survey { slice: 0 },
        Asked::Sync => diff(false, None),
    };
    let message = Message::new(run.id.clone(), run.connection.clone(), task);
    let (queue, at_once) = (QueueName::Diff, std::time::Duration::ZERO);
    Ok(ports.queue.send(queue, &message.to_text(), at_once).await?)
}
