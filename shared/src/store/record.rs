//! The records that the store keeps beside the documents of layer 0.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::Write;
use crate::{
    account::{Account, Origin},
    connection::ConnectionId,
    employee::{Attribute, EmployeeId},
    plan::{Counts, Finding, HoldCode, Lines, Plan, PlanId, Status},
    roster::{Baseline, Header, Position},
    text_id,
};

text_id! {
    /// The id of a run, made by us.
    RunId
}

text_id! {
    /// The id of a stored roster, or of a part of one: the run that read it and its fencing token.
    RosterId
}

/// A record with the revision it was read at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Versioned<T> {
    /// The record.
    pub record: T,
    /// Its revision; each write raises it by one.
    pub revision: u64,
}

/// A record with its place in a list, behind which a reader goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed<T> {
    /// The place.
    pub place: String,
    /// The record.
    pub record: T,
}

/// The right to work on a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The connection that is worked on.
    pub connection: ConnectionId,
    /// The run that holds the lease.
    pub holder: RunId,
    /// The fencing token: higher than that of every earlier holder.
    pub fence: u64,
    /// Until when.
    pub until: Timestamp,
}

/// What a connection remembers from run to run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SyncState {
    /// The measure of sudden drops; moves only when a plan is applied (R08).
    pub baseline: Baseline,
    /// Whether a plan was ever applied (R24).
    pub applied_once: bool,
    /// The plan that was applied last, so that its end is counted once.
    pub applied_plan: Option<PlanId>,
    /// The version of the configuration that the last applied plan was made under.
    pub applied_configuration: u64,
    /// How many leavers were applied per day, over 7 days (R25).
    pub leavers: Vec<(Date, u32)>,
    /// The current roster.
    pub roster: Option<CurrentRoster>,
    /// The people who waited for a person's decision after the last run: a SHA-256 over their ids, empty for nobody.
    pub waiting: String,
    /// When the last run ended that read everything.
    pub complete_at: Option<Timestamp>,
}

/// The current roster of a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CurrentRoster {
    /// Under which id it is stored.
    pub id: RosterId,
    /// What is known of the roster as a whole.
    pub header: Header,
    /// The people of whom the roster holds no values: a SHA-256 over their ids, empty for nobody (R35).
    #[serde(default)]
    pub withheld: String,
    /// When the roster expires.
    pub expires_at: Timestamp,
}

/// A plan to be stored.
#[derive(Clone, Copy, Debug)]
pub struct NewPlan<'a> {
    /// The connection that the plan is for.
    pub connection: &'a ConnectionId,
    /// The document.
    pub plan: &'a Plan,
    /// The plan's lines.
    pub lines: &'a Lines,
    /// What it does not do.
    pub findings: &'a [Finding],
    /// The run that made it.
    pub run: &'a RunId,
    /// The fencing token under which the run made it: another attempt writes under other keys.
    pub fence: u64,
    /// The roster it was made from.
    pub roster: &'a RosterId,
    /// Until when the document is kept (R36); afterwards it is absent, and nothing of it can be undone.
    pub kept_until: Timestamp,
    /// What is written together with the plan.
    pub also: &'a [Write<'a>],
}

/// A stored plan with its state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanRecord {
    /// The connection that the plan is for.
    pub connection: ConnectionId,
    /// The document.
    pub plan: Plan,
    /// How many chunks its lines have.
    pub chunks: u32,
    /// How many chunks its findings have.
    pub finding_chunks: u32,
    /// The present status.
    pub status: Status,
    /// The roster it was made from.
    pub roster: RosterId,
    /// The run that made it.
    pub run: RunId,
    /// The fencing token under which the run made it.
    pub fence: u64,
    /// Until when the document is kept (R36).
    pub kept_until: Timestamp,
    /// Who approved what, once the plan was approved.
    pub approval: Option<Approval>,
}

/// Who approved which plan (R43).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// The hash that was named.
    pub hash: String,
    /// The holds that were named.
    pub holds: Vec<HoldCode>,
    /// The person who approved, as the application named them; `automatic` where no approval was needed.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// The run that carries it out.
    pub run: RunId,
}

/// Who holds an account (R04).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The connection.
    pub connection: ConnectionId,
    /// The employee.
    pub employee_id: EmployeeId,
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
    /// Waits for another run of the connection.
    Deferred,
    /// Came to no result.
    Failed,
    /// Asked for.
    Queued,
    /// Under way.
    Running,
    /// Came to its result.
    Succeeded,
    /// Came to its result; some people failed.
    SucceededWithErrors,
}

impl RunStatus {
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
    /// When the run was asked for.
    pub started_at: Timestamp,
    /// When the run ended.
    pub ended_at: Option<Timestamp>,
    /// How far a diff has read HR, where that takes several slices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<ReadSoFar>,
    /// What the run was asked for. A caller who asks for the same before the run begins gets this run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_for: Option<AskedFor>,
}

/// What a diff has read of HR in its slices so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadSoFar {
    /// Whose read it is: under another credential or configuration it begins anew.
    pub basis: ReadBasis,
    /// When it began.
    pub begun_at: Timestamp,
    /// The parts, stored as rosters, in the order in which they were read; a read that has ended has one, which is whole.
    pub parts: Vec<RosterId>,
    /// Where it goes on; `None`: it has ended.
    pub position: Option<Position>,
    /// How often it was begun anew because the provider had forgotten its place, or because parts were erased.
    #[serde(default)]
    pub restarts: u32,
}

/// What a read depends on beside the HR system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadBasis {
    /// How often the connection had been connected.
    pub connects: u32,
    /// The version of the configuration.
    pub configuration: u64,
}

/// What a diff of everybody was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AskedFor {
    /// To bring everybody in step.
    Sync,
    /// To show what that would come to.
    Preview,
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

/// An account of the built-in directory to be written.
#[derive(Clone, Debug)]
pub struct AccountWrite {
    /// The account as it is to be; its `version` is ignored.
    pub account: Account,
    /// The account as it was read, with the version it must still have; `None`: it must not be there yet.
    pub before: Option<Account>,
    /// Why.
    pub origin: Origin,
    /// When.
    pub at: Timestamp,
}

/// What became of a write to the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// Nothing was written: an account changed since it was read, or is there already.
    Changed,
    /// All accounts as they are now, with their versions.
    Done(Vec<Account>),
    /// Nothing was written: an e-mail or reference belongs to another account.
    Taken,
    /// Nothing was written: an account would have more than [`Account::MOST_BYTES`] bytes of attributes.
    TooLarge,
    /// Nothing was written: there are more accounts than can be written together.
    TooMany,
}

/// One entry of an account's history. Sensitive values are never in it (R36).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// When.
    pub at: Timestamp,
    /// Why: `plan:<id>`, or `person:<name>`.
    pub origin: String,
    /// The run, if it was one.
    pub run: Option<String>,
    /// What happened: `created`, `updated`, `deactivated`, `reactivated`.
    pub action: String,
    /// Attributes that changed.
    pub changes: Vec<HistoryChange>,
}

/// One attribute in an entry of history.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryChange {
    /// Which attribute.
    pub attribute: Attribute,
    /// Before; `None` where empty or sensitive.
    pub before: Option<String>,
    /// After; `None` where empty or sensitive.
    pub after: Option<String>,
    /// Whether values are left out because the attribute is sensitive.
    pub sensitive: bool,
}

impl std::fmt::Debug for HistoryChange {
    /// The name only: values are personal (R38).
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}", self.attribute)
    }
}
