//! The record of a run: made when it is asked for, counted at each delivery, ended once.

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp};

use super::{Error, Message, Ports, diff::forget_parts, news::News};
use crate::{
    connection::{ConnectionId, TenantId},
    plan::{Counts, PlanId, Status},
    store::{Acted, Lease, Progress, Refusal, RunError, RunId, RunKind, RunRecord, RunStatus, Write},
};

/// A run that has not ended after this time has lost its message: it went to the dead-letter queue.
const ABANDONED_AFTER: SignedDuration = SignedDuration::from_hours(24);

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
        due_at: None,
        waits_until: None,
        ended_at: None,
        reading: None,
        asked_for: None,
    })
}

/// Makes a run, unless its tenant was erased (R37). Returns false where the id is taken.
pub(super) async fn create_run(ports: &Ports, tenant: &TenantId, run: &RunRecord) -> Result<bool, Error> {
    match ports.store.act(&[Write::NotErased(tenant), Write::Run(run)]).await? {
        Acted::Done => Ok(true),
        Acted::Refused(Refusal::Erased) => Err(Error::Gone("tenant")),
        Acted::Refused(_) => Ok(false),
    }
}

/// Returns the run that a message names; `None`: the run was erased with its connection.
pub(super) async fn find_run(ports: &Ports, message: &Message) -> Result<Option<RunRecord>, Error> {
    let run = ports.store.find_run(&message.run).await?;
    if run.is_none() && ports.store.find_connection(&message.connection).await?.is_some() {
        return Err(Error::Missing("the run of a message"));
    }
    Ok(run)
}

/// Writes a run under a lease. A delivery that lost its lease to another one writes nothing (R30).
pub(super) async fn write_run(ports: &Ports, run: &RunRecord, lease: &Lease) -> Result<(), Error> {
    if ports.store.put_run(run, lease.fence).await? {
        Ok(())
    } else {
        Err(Error::LeaseLost)
    }
}

/// Notes that a delivery works on the run now.
pub(super) async fn begin_run(ports: &Ports, run: &mut RunRecord, lease: &Lease) -> Result<(), Error> {
    run.status = RunStatus::Running;
    run.due_at = None;
    run.waits_until = None;
    run.attempts += 1;
    write_run(ports, run, lease).await
}

/// The longest reason, in characters: one sentence, and what the other side's address is.
const MOST_CHARACTERS: usize = 2_000;

/// Why a run came to no result, for people.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    code: Cow<'static, str>,
    detail: String,
}

/// The code of a run that a person called off.
const STOPPED: &str = "stopped";

impl Failure {
    pub(super) fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            code: Cow::Borrowed(code),
            detail: detail.into().chars().take(MOST_CHARACTERS).collect(),
        }
    }

    pub(super) fn cancelled(detail: &str) -> Self {
        Self::new(STOPPED, detail)
    }

    /// Why a run was given up by a delivery that died before it could end it.
    pub(super) fn noted(run: &RunRecord) -> Option<Self> {
        let error = run.errors.iter().find(|error| error.employee_id.is_none())?;
        Some(Self {
            code: Cow::Owned(error.code.clone()),
            detail: error.detail.clone(),
        })
    }

    /// Returns the failure as it stands in a run's record.
    pub(super) fn to_error(&self) -> RunError {
        RunError {
            code: self.code.clone().into_owned(),
            employee_id: None,
            detail: self.detail.clone(),
        }
    }

    /// How a plan ends whose run ends with this.
    pub(super) fn ends(&self) -> Status {
        if self.code == STOPPED {
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

/// Notes why a run comes to no result. The first reason stays, before what went wrong for single people, of which only so
/// many are kept.
pub(super) fn fail(run: &mut RunRecord, failure: Failure) {
    let failure = Failure::noted(run).unwrap_or(failure);
    run.status = if failure.ends() == Status::Cancelled {
        RunStatus::Cancelled
    } else {
        RunStatus::Failed
    };
    run.errors.retain(|error| error.employee_id.is_some());
    run.errors.insert(0, failure.to_error());
}

/// Notes the end of a run and says so in the log.
pub(super) async fn end_run(ports: &Ports, run: &mut RunRecord, lease: &Lease) -> Result<(), Error> {
    if !run.status.is_final() {
        run.status = if run.errors.is_empty() {
            RunStatus::Succeeded
        } else {
            RunStatus::SucceededWithErrors
        };
    }
    let now = ports.clock.now();
    run.ended_at = Some(now);
    run.due_at = None;
    run.waits_until = None;
    let had_parts = run.reading.take().is_some();
    write_run(ports, run, lease).await?;
    forget_parts(ports, run, had_parts).await?;
    let plan = run.plan.as_ref().map_or("", PlanId::as_str);
    let duration_ms = now.duration_since(run.started_at).as_millis();
    let codes: Vec<&str> = run.errors.iter().map(|error| error.code.as_str()).take(5).collect();
    // What the alarm of missing runs counts (infra/template.yaml).
    let completed =
        u8::from(run.kind == RunKind::Diff && run.status != RunStatus::Failed && run.status != RunStatus::Cancelled);
    tracing::info!(
        completed,
        run.id = %run.id, run.kind = ?run.kind, run.status = ?run.status, connection.id = %run.connection,
        plan.id = plan, duration_ms, calls = run.calls, errors = run.errors.len(), codes = %codes.join(","),
        "run ended"
    );
    Ok(())
}

/// Before which instant a run was asked for whose message is lost, if it has not ended.
pub(super) fn abandoned_before(now: Timestamp) -> Timestamp {
    now.checked_sub(ABANDONED_AFTER).unwrap_or(Timestamp::MIN)
}

/// Ends runs of a connection whose messages are lost, so that none stays `running` for ever; the caller's own run is
/// left. The caller holds the connection's lease, and no plan of the connection is being applied. Returns how many
/// there were.
pub(super) async fn end_abandoned(
    ports: &Ports,
    own: Option<&RunId>,
    lease: &Lease,
    news: &mut News,
    now: Timestamp,
) -> Result<u64, Error> {
    let mut ended = 0;
    loop {
        let before = abandoned_before(now);
        let mut runs = ports.store.list_unended_runs(&lease.connection, None, before).await?;
        runs.retain(|run| Some(&run.id) != own);
        if runs.is_empty() {
            return Ok(ended);
        }
        for mut run in runs {
            let detail = "its message was lost or set aside; the next run does its work";
            fail(&mut run, Failure::new("abandoned", detail));
            end_run(ports, &mut run, lease).await?;
            news.run(&run);
            ended += 1;
        }
    }
}

/// Ends the runs of a disconnected connection that no delivery works on: where their messages are lost, nothing else would
/// end them. The parts of what they read go with the connection's rosters. A run that is at work is ended by the delivery that works on it.
pub(super) async fn call_off(ports: &Ports, connection: &ConnectionId) -> Result<(), Error> {
    loop {
        let runs = ports.store.list_unended_runs(connection, None, Timestamp::MAX).await?;
        let mut is_any_ended = false;
        for was in runs {
            let is_between_slices = was.kind == RunKind::Diff && was.due_at.is_some();
            if !is_between_slices && !matches!(was.status, RunStatus::Queued | RunStatus::Deferred) {
                continue;
            }
            let mut run = RunRecord {
                due_at: None,
                waits_until: None,
                reading: None,
                ended_at: Some(ports.clock.now()),
                ..was.clone()
            };
            fail(&mut run, Failure::cancelled("the connection was disconnected"));
            is_any_ended |= ports.store.change_run(&was, &run).await?;
        }
        if !is_any_ended {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::builder::{at, employee_id, run};

    fn unfinished(step_errors: usize) -> RunRecord {
        let error = |number: usize| RunError {
            code: "refused".to_owned(),
            employee_id: Some(employee_id(&number.to_string())),
            detail: "refused".to_owned(),
        };
        RunRecord {
            errors: (0..step_errors).map(error).collect(),
            ..run("run-1", "c-1", at("2026-03-01T04:00:00Z"))
        }
    }

    #[test]
    fn the_reason_of_a_failed_run_is_kept_however_many_steps_failed_before() {
        let mut run = unfinished(RunRecord::MOST_ERRORS + 1);
        fail(&mut run, Failure::new("too-many-slices", "too many"));
        run.errors.truncate(RunRecord::MOST_ERRORS);
        assert_eq!(
            run.errors.first().map(|error| error.code.as_str()),
            Some("too-many-slices")
        );
    }

    #[test]
    fn the_first_reason_of_a_failed_run_stays_with_how_it_ends() {
        let mut run = unfinished(1);
        fail(&mut run, Failure::cancelled("the plan was cancelled"));
        fail(&mut run, Failure::new("internal", "the store failed"));
        let codes: Vec<_> = run.errors.iter().map(|error| error.code.as_str()).collect();
        assert_eq!((run.status, codes), (RunStatus::Cancelled, vec!["stopped", "refused"]));
        let noted = Failure::noted(&run).unwrap();
        assert_eq!(
            (noted.ends(), noted.detail.as_str()),
            (Status::Cancelled, "the plan was cancelled")
        );
        assert!(Failure::noted(&unfinished(3)).is_none());
    }
}
