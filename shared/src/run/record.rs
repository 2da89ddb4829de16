//! The record of a run: made when it is asked for, counted at each delivery, ended once.

use jiff::{SignedDuration, Timestamp};

use super::{Error, Ports};
use crate::{
    connection::ConnectionId,
    plan::{Counts, PlanId, Status},
    store::{Progress, RunError, RunId, RunKind, RunRecord, RunStatus},
};

/// A run that has not ended after this time has lost its message: it went to the dead-letter queue.
const ABANDONED_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// How many of a connection's last runs are looked at for ones that were abandoned.
const LOOKED_AT: u32 = 20;

/// A run that was asked for.
pub(super) fn new_run(
    ports: &Ports,
    connection: &ConnectionId,
    kind: RunKind,
    plan: Option<PlanId>,
) -> Result<RunRecord, Error> {
    Ok(RunRecord {
        id: RunId::parse(&ports.ids.next("run")).map_err(|_| Error::Missing("a run id"))?,
        kind,
        status: RunStatus::Queued,
        connection: connection.clone(),
        plan,
        next_run: None,
        slice: 0,
        attempts: 0,
        progress: Progress::default(),
        counts: Counts::default(),
        completeness: None,
        errors: Vec::new(),
        calls: 0,
        started_at: ports.clock.now(),
        ended_at: None,
    })
}

/// The run that a message names.
pub(super) async fn load_run(ports: &Ports, id: &RunId) -> Result<RunRecord, Error> {
    let run = ports.store.find_run(id).await?;
    run.ok_or(Error::Missing("the run of a message"))
}

/// Notes that a delivery works on the run now.
pub(super) async fn begin_run(ports: &Ports, run: &mut RunRecord) -> Result<(), Error> {
    run.status = RunStatus::Running;
    run.attempts += 1;
    Ok(ports.store.put_run(run).await?)
}

/// Why a run came to no result, for people.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    code: &'static str,
    detail: String,
    cancelled: bool,
}

impl Failure {
    pub(super) fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            cancelled: false,
        }
    }

    pub(super) fn cancelled(detail: &str) -> Self {
        Self {
            code: "stopped",
            detail: detail.to_owned(),
            cancelled: true,
        }
    }

    /// How a plan ends whose run ends with this.
    pub(super) const fn ends(&self) -> Status {
        if self.cancelled {
            Status::Cancelled
        } else {
            Status::AppliedWithErrors
        }
    }

    /// What another delivery would not mend, or several did not.
    pub(super) fn internal(error: &Error) -> Self {
        Self::new(
            "internal",
            format!("{error}; the next run tries again, and the log says more"),
        )
    }
}

/// Notes why a run comes to no result. The first reason stays.
pub(super) fn fail(run: &mut RunRecord, failure: Failure) {
    run.status = if failure.cancelled {
        RunStatus::Cancelled
    } else {
        RunStatus::Failed
    };
    if !has_failed(run) {
        run.errors.push(RunError {
            code: failure.code.to_owned(),
            employee_id: None,
            detail: failure.detail,
        });
    }
}

/// Whether something is noted that ended the run, and not one step of it.
pub(super) fn has_failed(run: &RunRecord) -> bool {
    run.errors.iter().any(|error| error.employee_id.is_none())
}

/// Notes the end of a run and says so in the log.
pub(super) async fn end_run(ports: &Ports, run: &mut RunRecord) -> Result<(), Error> {
    if !run.status.is_final() {
        run.status = if run.errors.is_empty() {
            RunStatus::Succeeded
        } else {
            RunStatus::SucceededWithErrors
        };
    }
    let now = ports.clock.now();
    run.ended_at = Some(now);
    ports.store.put_run(run).await?;
    let plan = run.plan.as_ref().map_or("", PlanId::as_str);
    let duration_ms = now.duration_since(run.started_at).as_millis();
    let codes: Vec<&str> = run.errors.iter().map(|error| error.code.as_str()).take(5).collect();
    tracing::info!(
        run.id = %run.id, run.kind = ?run.kind, run.status = ?run.status, connection.id = %run.connection,
        plan.id = plan, duration_ms, calls = run.calls, errors = run.errors.len(), codes = %codes.join(","),
        "run ended"
    );
    Ok(())
}

/// Ends runs of a connection whose messages are lost, so that none stays `running` for ever. Whoever calls this holds
/// the connection's lease, and no plan of it is being applied.
pub(super) async fn end_abandoned(
    ports: &Ports,
    connection: &ConnectionId,
    own: &RunId,
    now: Timestamp,
) -> Result<(), Error> {
    for mut run in ports.store.list_runs(connection, LOOKED_AT).await? {
        let is_old = now.duration_since(run.started_at) > ABANDONED_AFTER;
        if run.status.is_final() || run.id == *own || !is_old {
            continue;
        }
        fail(
            &mut run,
            Failure::new(
                "abandoned",
                "its message was lost or set aside; a later run took its place",
            ),
        );
        end_run(ports, &mut run).await?;
    }
    Ok(())
}
