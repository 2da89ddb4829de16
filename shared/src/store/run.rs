//! Runs: what was asked for, how far it has come, and how it ended.

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Error, RosterId};
use crate::{
    connection::ConnectionId,
    employee::EmployeeId,
    plan::{Counts, PlanId},
    roster::Position,
    text_id,
};

text_id! {
    /// The id of a run, made by us.
    RunId
}

/// Which use case a run executes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunKind {
    /// Carries a plan out.
    Apply,
    /// Connects.
    Connect,
    /// Reads HR and makes a plan.
    Diff,
    /// Sends a candidate.
    Export,
}

impl RunKind {
    /// The word in keys.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Apply => "apply",
            Self::Connect => "connect",
            Self::Diff => "diff",
            Self::Export => "export",
        }
    }
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunStatus {
    /// Called off.
    Cancelled,
    /// Waits for another run of the connection, or for an HR system or a target that does not answer now.
    Deferred,
    /// Came to no result.
    Failed,
    /// Asked for.
    Queued,
    /// Under way.
    Running,
    /// Came to its result.
    Succeeded,
    /// Came to its result; some people failed, or not everybody was read.
    SucceededWithErrors,
}

impl RunStatus {
    /// Returns the word in events.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::Deferred => "deferred",
            Self::Failed => "failed",
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::SucceededWithErrors => "succeeded_with_errors",
        }
    }

    /// Returns whether the run has ended.
    pub const fn is_final(self) -> bool {
        matches!(
            self,
            Self::Cancelled | Self::Failed | Self::Succeeded | Self::SucceededWithErrors
        )
    }
}

/// How far a run has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Steps done.
    pub done: u32,
    /// Steps in all, as far as is known.
    pub total: u32,
}

/// Something that went wrong for one person or for the run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunError {
    /// A stable word.
    pub code: String,
    /// About whom, if about one person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employee_id: Option<EmployeeId>,
    /// What happened and what to do next, in fixed words.
    pub detail: String,
}

/// One execution of one use case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunRecord {
    /// Its id.
    pub id: RunId,
    /// The use case that the run executes.
    pub kind: RunKind,
    /// The present status.
    pub status: RunStatus,
    /// The connection that the run is about.
    pub connection: ConnectionId,
    /// The plan that the run made or carries out.
    pub plan: Option<PlanId>,
    /// The run that this run started.
    pub next_run: Option<RunId>,
    /// The slice that was accepted last, from 0.
    pub slice: u32,
    /// How many deliveries have begun since the run last got on: a run that dies or fails at the same step again and
    /// again ends.
    #[serde(default)]
    pub attempts: u32,
    /// How far the run has come: steps of a plan, or people read.
    pub progress: Progress,
    /// How many people were counted under each heading of the plan.
    pub counts: Counts,
    /// How complete the roster was, as a word.
    pub completeness: Option<String>,
    /// What went wrong. Only the first [`RunRecord::MOST_ERRORS`] are stored.
    pub errors: Vec<RunError>,
    /// Calls to the provider or the target.
    pub calls: u64,
    /// When the run's message was last sent to come, while the run waits: a message that is much later is held for
    /// lost.
    #[serde(default)]
    pub due_at: Option<Timestamp>,
    /// Until when the run waits for the allowance of its HR system, while it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits_until: Option<Timestamp>,
    /// When the run was asked for.
    pub started_at: Timestamp,
    /// When the run ended.
    pub ended_at: Option<Timestamp>,
    /// How far a diff has read HR, where that takes several slices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<Box<ReadSoFar>>,
    /// What the run was asked for. A caller who asks for the same before the run begins gets this run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_for: Option<AskedFor>,
}

/// What a diff has read of HR in its slices so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadSoFar {
    /// Whose read it is: under another credential or configuration it begins anew.
    pub basis: ReadBasis,
    /// When the first read of the run began: this bounds all of them.
    pub first_begun_at: Timestamp,
    /// When this read began.
    pub begun_at: Timestamp,
    /// The parts, stored as rosters, in the order in which they were read; a read that has ended has one, which is whole.
    pub parts: Vec<RosterId>,
    /// Where it goes on; `None`: at the beginning where there are no parts, and else it has ended.
    pub position: Option<Position>,
    /// How often it was begun anew because the provider had forgotten its place, or because parts were erased.
    #[serde(default)]
    pub restarts: u32,
    /// How far the target's list was read, once HR was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<ListSoFar>,
}

/// What a diff has read of the target's list in its slices so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListSoFar {
    /// The parts, in the order in which they were read.
    pub parts: Vec<RosterId>,
    /// Where the list goes on: the target's own note; `None`: at its start.
    pub from: Option<String>,
    /// How often it was begun anew because the target had forgotten the place, or because parts were erased.
    #[serde(default)]
    pub restarts: u32,
    /// Where the list does not show all accounts: the person whose linked account was read last, each by its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub each: Option<Each>,
}

/// How far linked accounts were read one by one, in the order of their employees' ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Each {
    /// The person whose account was read last; `None`: none was read yet.
    pub last: Option<EmployeeId>,
    /// People whose accounts the target refuses to show.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unseen: Vec<EmployeeId>,
    /// The person without an account who was looked for last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub looked_for: Option<EmployeeId>,
    /// People of whom the target cannot be asked whether they have an account.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unasked: Vec<EmployeeId>,
    /// Whether these are more than are named, so that it counts as not known of anybody without an account.
    #[serde(default, skip_serializing_if = "is_false")]
    pub all_unasked: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

/// What a read depends on beside the HR system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadBasis {
    /// How often the connection had been connected.
    pub connects: u32,
    /// The version of the configuration.
    pub configuration: u64,
    /// Whether the read is to show everything, for a survey.
    #[serde(default)]
    pub everything: bool,
    /// The plan that was applied last: what an older read has seen must not undo it.
    pub applied: Option<PlanId>,
}

/// What a run that reads everybody was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AskedFor {
    /// To bring everybody in step.
    Sync,
    /// To show what that would come to.
    Preview,
    /// To count what HR shows.
    Survey,
}

impl RunRecord {
    /// How many errors a stored run keeps at most; the counts tell how many there were.
    pub const MOST_ERRORS: usize = 1000;

    /// Whether its errors name people.
    pub fn names_people(&self) -> bool {
        self.errors.iter().any(|error| error.employee_id.is_some())
    }
}

/// How many runs that have not ended a page of them has at most.
pub(super) const MOST_UNENDED: u32 = 100;

/// The most bytes of the errors that a stored run keeps.
const MOST_ERROR_BYTES: usize = 256 * 1024;

/// Leaves as many errors as are stored of a run: the first of them (R47).
pub(super) fn kept(errors: &mut Vec<RunError>) {
    let mut bytes = 0_usize;
    let fits = |error: &RunError| {
        let about = error.employee_id.as_ref().map_or(0, |id| id.as_str().len());
        bytes = bytes.saturating_add(64 + error.code.len() + about + error.detail.len());
        bytes <= MOST_ERROR_BYTES
    };
    let most = errors
        .iter()
        .take(RunRecord::MOST_ERRORS)
        .map(fits)
        .take_while(|fits| *fits)
        .count();
    errors.truncate(most);
}

/// Runs.
#[async_trait]
pub trait RunStore: Send + Sync {
    /// Creates a run. Returns false where the id is taken: the message was delivered before.
    async fn create_run(&self, run: &RunRecord) -> Result<bool, Error>;

    /// Writes a run if it is still as it was read, for a caller without the connection's lease. Returns whether it was.
    async fn change_run(&self, was: &RunRecord, run: &RunRecord) -> Result<bool, Error>;

    /// Writes a run again, for a caller with the connection's lease; not where the run was erased, where a holder of a
    /// later fencing token has written it since, or where it has ended and this write does not end it. Returns whether it did.
    async fn put_run(&self, run: &RunRecord, fence: u64) -> Result<bool, Error>;

    /// A run.
    async fn find_run(&self, id: &RunId) -> Result<Option<RunRecord>, Error>;

    /// The runs of a connection, newest first, at most `limit`; with `after`, those that come after that run only.
    async fn list_runs(
        &self,
        connection: &ConnectionId,
        after: Option<(Timestamp, &RunId)>,
        limit: u32,
    ) -> Result<Vec<RunRecord>, Error>;

    /// As `list_runs`, of the runs alone that have ended and whose errors name people. An empty page is the end.
    async fn list_runs_naming_people(
        &self,
        connection: &ConnectionId,
        after: Option<(Timestamp, &RunId)>,
        limit: u32,
    ) -> Result<Vec<RunRecord>, Error>;

    /// The runs of a connection that have not ended, of those asked for before an instant: some of them, the oldest first.
    /// A page begins behind `after`, the last run of the page before; an empty page is the end.
    async fn list_unended_runs(
        &self,
        connection: &ConnectionId,
        after: Option<(Timestamp, &RunId)>,
        before: Timestamp,
    ) -> Result<Vec<RunRecord>, Error>;
}
