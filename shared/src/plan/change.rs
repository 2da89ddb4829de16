//! One step of a plan.

use serde::{Deserialize, Serialize};

use crate::{
    account::AccountId,
    employee::{Attribute, Attributes, EmployeeId},
};

/// Life-cycle class of a change: what `kind` says outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Gets an account.
    Joiner,
    /// Leaves, in the way that the policy says.
    Leaver,
    /// An account that was there is tied to an employee.
    Link,
    /// Attributes change.
    Mover,
    /// Comes back to an account.
    Rehire,
}

/// What tied an account to an employee.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// We made the account.
    Created,
    /// A person said so.
    Decision,
    /// The account carries our reference.
    ExternalId,
    /// The identifier is the same.
    Identifier,
    /// The person's former employee id was linked to it.
    Rehire,
}

/// Why somebody leaves (R11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeaverReason {
    /// A person said so.
    Decision,
    /// No longer in HR, by two certified rosters.
    Missing,
    /// No longer inside the scope filter.
    OutOfScope,
    /// HR says that the last day is over.
    Terminated,
}

/// How somebody leaves (R13).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeaveBy {
    /// The account is switched off.
    Deactivate,
    /// The account moves to a group and stays on.
    Group {
        /// The group's name.
        name: Box<str>,
        /// The group before.
        before: Option<Box<str>>,
    },
}

/// One attribute of an account that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Which attribute.
    pub attribute: Attribute,
    /// Its value before; `None` is empty or not to be seen.
    pub before: Option<Box<str>>,
    /// Its value afterwards; `None` clears it.
    pub after: Option<Box<str>>,
    /// Whether this overwrites what somebody typed in the target by hand.
    pub manual: bool,
}

/// Whom a reference points at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference {
    /// An account, known when the plan was made.
    Account(AccountId),
    /// The account that this employee will be linked to by the time references are set.
    Employee(EmployeeId),
}

/// A change of the manager, set after all people are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManagerEdit {
    /// The manager's account before.
    pub before: Option<AccountId>,
    /// The manager afterwards; `None` clears it.
    pub after: Option<Reference>,
}

/// What changes inside an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edits {
    /// Attributes, in the order of their names' codes; never the manager.
    pub attributes: Vec<Edit>,
    /// The manager, if it changes.
    pub manager: Option<ManagerEdit>,
}

impl Edits {
    /// Whether nothing changes.
    pub const fn is_empty(&self) -> bool {
        self.attributes.is_empty() && self.manager.is_none()
    }
}

/// What is done. Every variant is complete: nothing is left to choose when it is applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Make an account.
    Create {
        /// Its attributes, the manager apart.
        attributes: Attributes,
        /// The manager, set after all people are there.
        manager: Option<Reference>,
        /// Whether the person is invited.
        invite: bool,
    },
    /// Let somebody go.
    Leave {
        /// Whose account.
        account_id: AccountId,
        /// Why.
        reason: LeaverReason,
        /// How.
        by: LeaveBy,
        /// Set where the account was only linked by this very change.
        linked_by: Option<Evidence>,
    },
    /// Tie an account that was there to an employee, and bring it up to date.
    Link {
        /// Which account.
        account_id: AccountId,
        /// By what evidence.
        evidence: Evidence,
        /// What changes.
        edits: Edits,
    },
    /// Take somebody back: switch on an account that we switched off, or bring it back from the leavers' group. It may be
    /// on already where it was only moved, or where somebody switched it on by hand; the link is active afterwards.
    Reactivate {
        /// Which account.
        account_id: AccountId,
        /// What changes with it.
        edits: Edits,
    },
    /// Move the link of a person who has come back under a new employee id (R16).
    Relink {
        /// Which account.
        account_id: AccountId,
        /// The employee id that was linked until now.
        former_id: EmployeeId,
        /// Whether the account is switched on.
        reactivate: bool,
        /// What changes with it.
        edits: Edits,
    },
    /// Change attributes.
    Update {
        /// Which account.
        account_id: AccountId,
        /// What changes.
        edits: Edits,
    },
}

impl Action {
    /// The edits of an account that is there already.
    pub const fn edits(&self) -> Option<&Edits> {
        match self {
            Self::Create { .. } | Self::Leave { .. } => None,
            Self::Link { edits, .. }
            | Self::Reactivate { edits, .. }
            | Self::Relink { edits, .. }
            | Self::Update { edits, .. } => Some(edits),
        }
    }
}

/// One step of a plan: one account, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// About whom.
    pub employee_id: EmployeeId,
    /// What is done.
    pub action: Action,
    /// Changes with the same number are one transaction (R20): they pass unique values around in a circle.
    pub together: Option<u32>,
}

impl Change {
    /// Its life-cycle class.
    pub const fn class(&self) -> Class {
        match self.action {
            Action::Create { .. } => Class::Joiner,
            Action::Leave { .. } => Class::Leaver,
            Action::Link { .. } => Class::Link,
            Action::Reactivate { .. } | Action::Relink { .. } => Class::Rehire,
            Action::Update { .. } => Class::Mover,
        }
    }

    /// The account that it touches; a create has none yet.
    pub const fn account_id(&self) -> Option<&AccountId> {
        match &self.action {
            Action::Create { .. } => None,
            Action::Leave { account_id, .. }
            | Action::Link { account_id, .. }
            | Action::Reactivate { account_id, .. }
            | Action::Relink { account_id, .. }
            | Action::Update { account_id, .. } => Some(account_id),
        }
    }

    /// The edits of an account that is there already.
    pub const fn edits(&self) -> Option<&Edits> {
        self.action.edits()
    }

    /// The same, to be changed.
    pub const fn edits_mut(&mut self) -> Option<&mut Edits> {
        match &mut self.action {
            Action::Create { .. } | Action::Leave { .. } => None,
            Action::Link { edits, .. }
            | Action::Reactivate { edits, .. }
            | Action::Relink { edits, .. }
            | Action::Update { edits, .. } => Some(edits),
        }
    }

    /// Whether a manager is set or cleared once all people are there.
    pub const fn has_reference(&self) -> bool {
        match &self.action {
            Action::Create { manager, .. } => manager.is_some(),
            Action::Leave { .. } => false,
            Action::Link { edits, .. }
            | Action::Reactivate { edits, .. }
            | Action::Relink { edits, .. }
            | Action::Update { edits, .. } => edits.manager.is_some(),
        }
    }

    /// Whether the person could sign in before and cannot afterwards, or is moved to a leavers' group.
    pub const fn is_leaver(&self) -> bool {
        matches!(self.action, Action::Leave { .. })
    }
}
