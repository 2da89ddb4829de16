//! Links: the lasting pairs of employee and account, without values (R35).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Evidence, LeaverReason, Prints};
use crate::{account::AccountId, employee::EmployeeId};

/// What we last did about an account's `active`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum LinkState {
    /// We made, linked or reactivated it.
    Active,
    /// We deactivated it.
    Deactivated {
        /// Why the employee left.
        reason: LeaverReason,
        /// When we did it.
        at: Timestamp,
    },
    /// A create was begun and not finished; to a diff this is no link.
    Pending,
    /// We moved it to the leavers' group.
    Moved {
        /// Why the employee left.
        reason: LeaverReason,
        /// When we did it.
        at: Timestamp,
    },
}

/// In which round of an apply a step is taken: people first, references second, deactivations last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Creates, links, updates, reactivations.
    People,
    /// Managers.
    References,
    /// Leavers.
    Leavers,
}

/// The last step that was begun on a link (R29).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Journal {
    /// The plan whose step it is.
    pub plan: String,
    /// The round of the apply in which the step stands.
    pub phase: Phase,
    /// Whether the step was finished. A step that was only started is looked up in the target before it is sent again.
    pub done: bool,
}

/// A lasting pair of employee and account of one connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The employee.
    pub employee_id: EmployeeId,
    /// The account.
    pub account_id: AccountId,
    /// What tied them.
    pub evidence: Evidence,
    /// What we last did about the account.
    pub state: LinkState,
    /// When the first certified roster without the person was read; `None` while the person is there.
    pub absent_since: Option<Timestamp>,
    /// Keyed hashes of what was sent and seen.
    pub prints: Prints,
    /// The last step that was begun.
    pub journal: Option<Journal>,
    /// Employee ids that this account's person had before (R16).
    pub former_ids: Vec<EmployeeId>,
    /// When the pair was made.
    pub linked_at: Timestamp,
}

impl Link {
    /// How many former employee ids a link remembers: the last of them.
    pub const MOST_FORMER_IDS: usize = 50;
}
