//! The records that the store keeps beside the documents of layer 0.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Deserializer, Serialize};

use super::{RunId, Write};
use crate::{
    account::{Account, Learned, Origin},
    connection::ConnectionId,
    employee::{Attribute, EmployeeId},
    plan::{Finding, HoldCode, Lines, Plan, PlanId, Status},
    roster::{Baseline, Header},
    text_id,
};

text_id! {
    /// The id of a stored roster, or of a part of one or of a target's list: the run that read it and its fencing token.
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
    /// The plan that was applied last, wholly or in part, so that its end is counted once.
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
    /// What was learnt of the target.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub learned: Option<LearnedSince>,
}

/// What was learnt of a target since it was connected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LearnedSince {
    /// How often the target's credential had been renewed: after another renewal nothing of it counts.
    pub renewals: u64,
    /// What was learnt.
    #[serde(deserialize_with = "read_learned")]
    pub learned: Learned,
}

fn read_learned<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Learned, D::Error> {
    Ok(Learned::read(serde_json::Value::deserialize(deserializer)?))
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

/// A roster to be stored.
#[derive(Clone, Copy, Debug)]
pub struct NewRoster<'a> {
    /// The connection whose people these are.
    pub connection: &'a ConnectionId,
    /// The roster's id.
    pub id: &'a RosterId,
    /// What is known of it as a whole.
    pub header: &'a Header,
    /// Until when it is kept (R36); afterwards it is absent.
    pub kept_until: Timestamp,
}

/// What stands before a stored roster: what is known of it as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RosterHead {
    /// What is known of it as a whole.
    pub header: Header,
    /// How many chunks its rows have.
    pub chunks: usize,
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
