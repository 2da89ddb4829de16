//! Approving and calling off: one atomic change of a plan's state, checked in a fixed order (R22, R26).

use super::{
    Error, Message, Ports, Task,
    actor::{Actor, Subject, act},
    delivery::is_lost,
    load::load_secret,
    record::{create_run, new_run},
};
use crate::{
    connection::{Connection, ConnectionId},
    plan::{HoldCode, Plan, PlanId, Status, VERSION},
    queue::QueueName,
    store::{Acted, Approval, PlanRecord, RunId, RunKind, RunRecord, RunStatus, Write},
};

/// Why a plan is not applied. The order of the variants is the order of the checks.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The store has no such plan.
    #[error("there is no such plan")]
    NotFound,
    /// The hash that was named is not the plan's.
    #[error("the hash is not that of the plan; look at the plan again")]
    HashMismatch,
    /// The plan is stale: what it was made from has changed, it is too old, or it is not open any more.
    #[error("the plan is {0}; make a new one")]
    Stale(&'static str),
    /// Holds were not named.
    #[error("the plan is held; approve the named holds")]
    Held(Vec<HoldCode>),
    /// Something of ours failed; whether the plan is applied shows when it is read again.
    #[error("the approval could not be stored")]
    Internal(#[from] Error),
}

impl From<crate::store::Error> for Refused {
    fn from(error: crate::store::Error) -> Self {
        Self::Internal(error.into())
    }
}

/// Approves a plan by its hash and starts carrying it out. Returns the run; a request that comes again gets the same
/// run.
///
/// # Errors
/// [`Refused`]; then nothing was started.
pub async fn approve(
    ports: &Ports,
    actor: &Actor,
    id: &PlanId,
    hash: &str,
    holds: &[HoldCode],
) -> Result<RunId, Refused> {
    let now = ports.clock.now();
    let record = ports.store.find_plan(id, now).await?.ok_or(Refused::NotFound)?;
    if let Some(done) = actor.done() {
        if record.status == Status::Applying {
            // The process that approved the plan may have died before it sent the message.
            resume(ports, &record, Resend::Unbegun).await?;
        }
        return RunId::parse(done).map_err(|_| Error::Missing("the run of the approval").into());
    }
    if record.plan.hash != hash {
        return Err(Refused::HashMismatch);
    }
    let connection = check_fresh(ports, &record).await?;
    let missing = record.plan.unapproved(holds);
    if !missing.is_empty() {
        return Err(Refused::Held(missing));
    }
    let run = start_apply(ports, actor, &connection, &record.plan, holds).await?;
    run.ok_or(Refused::Stale("no longer open"))
}

/// A plan that is too old, of another version, or made under another configuration or for another target is never
/// approvable (R26). Returns the connection.
async fn check_fresh(ports: &Ports, record: &PlanRecord) -> Result<Connection, Refused> {
    if record.status == Status::Applying {
        // The process that approved the plan may have died before it sent the message.
        resume(ports, record, Resend::Unbegun).await?;
    }
    if !record.status.is_open() {
        return Err(Refused::Stale(record.status.as_str()));
    }
    let connection = ports
        .store
        .find_connection(&record.connection)
        .await?
        .ok_or(Refused::NotFound)?
        .record;
    let header = &record.plan.header;
    let ends = if record.plan.expires_at <= ports.clock.now() {
        Status::Expired
    } else if header.version != VERSION
        || header.configuration != connection.configuration_version
        || connection
            .company
            .as_ref()
            .is_none_or(|company| company.id != header.company)
        || !is_for_target(ports, &connection, &record.plan).await?
    {
        Status::Stale
    } else {
        return Ok(connection);
    };
    ports
        .store
        .change_plan(&record.plan.id, &[Status::Ready, Status::Held], ends, None)
        .await?;
    Err(Refused::Stale(ends.as_str()))
}

/// Whether the connection still writes to the target that the plan was made for. Where that cannot be told without a
/// credential, applying will tell.
async fn is_for_target(ports: &Ports, connection: &Connection, plan: &Plan) -> Result<bool, Error> {
    let Ok(secret) = load_secret(ports, &connection.id).await? else {
        return Ok(true);
    };
    let target = ports.targets.open(connection, &secret);
    Ok(target.is_ok_and(|target| target.identity() == plan.header.target))
}

/// Changes a plan to `applying` together with its run, and sends the first slice. Returns `None` where another request
/// changed the plan first, or the tenant was erased.
pub(super) async fn start_apply(
    ports: &Ports,
    actor: &Actor,
    connection: &Connection,
    plan: &Plan,
    holds: &[HoldCode],
) -> Result<Option<RunId>, Error> {
    let run = RunRecord {
        counts: plan.counts,
        due_at: Some(ports.clock.now()),
        ..new_run(ports, &connection.id, RunKind::Apply, Some(plan.id.clone()))?
    };
    let approval = Approval {
        hash: plan.hash.clone(),
        holds: holds.to_vec(),
        by: actor.name(),
        at: ports.clock.now(),
        run: run.id.clone(),
    };
    let writes = [
        Write::NotErased(&connection.tenant),
        Write::Plan {
            id: &plan.id,
            from: &[Status::Ready, Status::Held],
            to: Status::Applying,
            approval: Some(&approval),
        },
        Write::Run(&run),
    ];
    let details = [
        ("plan", plan.id.as_str()),
        ("hash", &plan.hash),
        ("holds", &words(holds)),
        ("run", run.id.as_str()),
    ];
    let (subject, id) = (Subject::connection(connection), &connection.id);
    let note = actor.note(ports, subject, "plan.apply", &details, run.id.as_str());
    if act(ports, &note, &writes).await? != Acted::Done {
        return Ok(None);
    }
    send(ports, id, &run.id, &plan.id, 0).await?;
    tracing::info!(plan.id = %plan.id, run.id = %run.id, connection.id = %id, "plan approved");
    Ok(Some(run.id))
}

/// Codes of holds as callers name them.
fn words(holds: &[HoldCode]) -> String {
    let word = |hold: &HoldCode| Some(serde_json::to_value(hold).ok()?.as_str()?.to_owned());
    holds.iter().filter_map(word).collect::<Vec<_>>().join(",")
}

/// The messages of an apply that are sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Resend {
    /// A message that seems lost.
    Lost,
    /// A message that seems lost, or that of a run that no delivery has begun. The request that approves once more may
    /// have failed to send the message the first time.
    Unbegun,
}

/// Sends the message of a plan that is being applied again, where the message seems lost; where it is not, that does no
/// harm. A message that waits because its target is down, or for its turn, is left to come when it was sent to. A plan
/// whose run has ended is ended too, so that it blocks nobody.
pub(super) async fn resume(ports: &Ports, record: &PlanRecord, resend: Resend) -> Result<(), Error> {
    let run = match &record.approval {
        Some(approval) => Some(find_or_make_run(ports, record, approval).await?),
        None => None,
    };
    if let Some(run) = run.filter(|run| !run.status.is_final()) {
        let now = ports.clock.now();
        let is_unbegun = resend == Resend::Unbegun && run.status == RunStatus::Queued;
        if is_unbegun || is_lost(&run, now) {
            send(ports, &record.connection, &run.id, &record.plan.id, run.slice).await?;
            let sent = RunRecord {
                due_at: Some(now),
                ..run.clone()
            };
            // Where a delivery works on the run meanwhile, the record that it writes is the one that counts.
            ports.store.change_run(&run, &sent).await?;
        }
        return Ok(());
    }
    let (from, ends) = ([Status::Applying], Status::AppliedWithErrors);
    ports.store.change_plan(&record.plan.id, &from, ends, None).await?;
    Ok(())
}

/// Returns the run of an approval. It is made here where the process that approved died before it made it.
async fn find_or_make_run(ports: &Ports, record: &PlanRecord, approval: &Approval) -> Result<RunRecord, Error> {
    if let Some(run) = ports.store.find_run(&approval.run).await? {
        return Ok(run);
    }
    let plan = record.plan.id.clone();
    let run = RunRecord {
        id: approval.run.clone(),
        counts: record.plan.counts,
        started_at: approval.at,
        ..new_run(ports, &record.connection, RunKind::Apply, Some(plan))?
    };
    let found = ports.store.find_connection(&record.connection).await?;
    create_run(ports, &found.ok_or(Error::Gone("connection"))?.record.tenant, &run).await?;
    Ok(run)
}

async fn send(ports: &Ports, connection: &ConnectionId, run: &RunId, plan: &PlanId, slice: u32) -> Result<(), Error> {
    let task = Task::Apply {
        plan: plan.clone(),
        slice,
    };
    let message = Message::new(run.clone(), connection.clone(), task);
    ports
        .queue
        .send(QueueName::Apply, &message.to_text(), std::time::Duration::ZERO)
        .await?;
    Ok(())
}

/// Calls a plan off: one that is open will not be applied, one that is being applied stops within a second or at its
/// next slice (R33). What was done by then stays done.
///
/// # Errors
/// [`Refused::Stale`] where it has ended already.
pub async fn cancel(ports: &Ports, actor: &Actor, id: &PlanId) -> Result<(), Refused> {
    let now = ports.clock.now();
    let record = ports.store.find_plan(id, now).await?.ok_or(Refused::NotFound)?;
    if actor.done().is_some() {
        return Ok(());
    }
    let found = ports.store.find_connection(&record.connection).await?;
    let connection = found.ok_or(Refused::NotFound)?.record;
    let subject = Subject::connection(&connection);
    let note = actor.note(ports, subject, "plan.cancel", &[("plan", id.as_str())], id.as_str());
    let cancelled = Write::Plan {
        id,
        from: &[Status::Ready, Status::Held, Status::Applying],
        to: Status::Cancelled,
        approval: None,
    };
    if act(ports, &note, &[cancelled]).await? == Acted::Done {
        return Ok(());
    }
    let record = ports.store.find_plan(id, now).await?.ok_or(Refused::NotFound)?;
    Err(Refused::Stale(record.status.as_str()))
}
