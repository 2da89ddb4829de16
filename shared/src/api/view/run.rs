//! Runs as callers see them.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::{Instant, plan::CountsView};
use crate::store::{RunError, RunRecord};

/// One execution of one use case.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Run")]
pub(in crate::api) struct RunView {
    /// Its id.
    id: String,
    /// `connect`, `diff`, `apply` or `export`.
    kind: String,
    /// `queued`, `running`, `deferred`, `succeeded`, `succeeded_with_errors`, `failed` or `cancelled`.
    status: String,
    /// The connection.
    connection: String,
    /// The plan that it made or carries out.
    plan: Option<String>,
    /// The run that it started.
    next_run: Option<String>,
    /// How far it has come.
    progress: ProgressView,
    /// Who stood where in its plan.
    counts: CountsView,
    /// How complete HR was read: `complete`, `partial` or another word; null where it was not read.
    completeness: Option<String>,
    /// What went wrong: for people, or when HR was read. Warnings and people who were left out on purpose are not among them.
    errors: Vec<ErrorView>,
    /// Calls to the HR system or the target.
    calls: u64,
    /// How long it took, in milliseconds; null while it lasts.
    duration_ms: Option<u64>,
    /// Until when it waits because the HR system takes no more requests for now; null while it does not wait for that.
    #[schemars(with = "Option<Instant>")]
    waits_until: Option<Timestamp>,
    /// When it was asked for.
    #[schemars(with = "Instant")]
    started_at: Timestamp,
    /// When it ended.
    #[schemars(with = "Option<Instant>")]
    ended_at: Option<Timestamp>,
}

/// How far a run has come: in steps of a plan, or in people read of the HR system.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Progress")]
struct ProgressView {
    /// How many are done.
    done: u32,
    /// How many there are in all; 0 where that is not known.
    total: u32,
}

/// Something that went wrong.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "RunError")]
pub(in crate::api) struct ErrorView {
    /// What, as a stable word.
    code: String,
    /// About whom.
    employee_id: Option<String>,
    /// What happened and what to do next.
    detail: String,
}

impl From<&RunError> for ErrorView {
    fn from(error: &RunError) -> Self {
        Self {
            code: error.code.clone(),
            employee_id: error.employee_id.as_ref().map(|id| id.as_str().to_owned()),
            detail: error.detail.clone(),
        }
    }
}

impl From<&RunRecord> for RunView {
    fn from(run: &RunRecord) -> Self {
        let took = run
            .ended_at
            .map(|ended_at| ended_at.duration_since(run.started_at).as_millis());
        Self {
            id: run.id.as_str().to_owned(),
            kind: super::word(&run.kind),
            status: super::word(&run.status),
            connection: run.connection.as_str().to_owned(),
            plan: run.plan.as_ref().map(|id| id.as_str().to_owned()),
            next_run: run.next_run.as_ref().map(|id| id.as_str().to_owned()),
            progress: ProgressView {
                done: run.progress.done,
                total: run.progress.total,
            },
            counts: CountsView::from(&run.counts),
            completeness: run.completeness.clone(),
            errors: run.errors.iter().map(ErrorView::from).collect(),
            calls: run.calls,
            duration_ms: took.and_then(|took| u64::try_from(took).ok()),
            waits_until: run.waits_until,
            started_at: run.started_at,
            ended_at: run.ended_at,
        }
    }
}
