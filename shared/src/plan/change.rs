//! One step of a plan.

use serde::{Deserialize, Serialize};

use crate::{
    account::{AccountId, ExternalId},
    employee::{Attribute, Attributes, EmployeeId},
};

/// Life-cycle class of a change: what `kind` says outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// An employee gets an account.
    Joiner,
    /// An employee leaves, in the way that the policy says.
    Leaver,
    /// An account that existed before is linked to an employee.
    Link,
    /// Attributes of an account change.
    Mover,
    /// An employee comes back to an account.
    Rehire,
}

/// What tied an account to an employee.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// Rollcall made the account.
    Created,
    /// A person decided it.
    Decision,
    /// The account carries the reference that Rollcall wrote.
    ExternalId,
    /// Employee and account have the same identifier.
    Identifier,
    /// The person's former employee id was linked to it.
    Rehire,
}

/// Why an employee leaves (R11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeaverReason {
    /// A person decided it.
    Decision,
    /// Two certified rosters do not show the employee.
    Missing,
    /// The employee is outside the scope filter now.
    OutOfScope,
    /// HR says that the employee's last day is over.
    Terminated,
}

/// How an employee leaves (R13).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeaveBy {
    /// The account is switched off.
    Deactivate,
    /// The account moves to a group and stays on.
    Group {
        /// The group's name.
        name: Box<str>,
        /// The group that the account was in before.
        before: Option<Box<str>>,
    },
}

/// One attribute of an account that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The attribute.
    pub attribute: Attribute,
    /// The attribute's value before; `None`: it is empty, or the target does not show it.
    pub before: Option<Box<str>>,
    /// The attribute's value afterwards; `None` clears it.
    pub after: Option<Box<str>>,
    /// Whether this overwrites an edit by hand in the target.
    pub manual: bool,
}

/// What a reference points at.
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

/// A reference that takes the place of another product's on an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferenceEdit {
    /// The reference before.
    pub before: ExternalId,
    /// Ours; where such a change is taken back, the one that was there.
    pub after: ExternalId,
}

/// What changes inside an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edits {
    /// Attributes, in the order of their names' codes; never the manager.
    pub attributes: Vec<Edit>,
    /// The manager, if it changes.
    pub manager: Option<ManagerEdit>,
    /// Whether the login name goes with the e-mail address: it was the same as the address before.
    pub login: bool,
}

impl Edits {
    /// Returns whether nothing changes.
    pub const fn is_empty(&self) -> bool {
        self.attributes.is_empty() && self.manager.is_none()
    }
}

/// What is done. Every variant is complete: nothing is left to choose when it is applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Make an account.
    Create {
        /// The account's attributes, without the manager.
        attributes: Attributes,
        /// The manager, set after all people are there.
        manager: Option<Reference>,
        /// Whether the person is invited.
        invite: bool,
        /// Whether another account has the address and keeps it, as a person has decided: only the login has to be free.
        shares_address: bool,
    },
    /// Let an employee go.
    Leave {
        /// The account of the employee who leaves.
        account_id: AccountId,
        /// Why the employee leaves.
        reason: LeaverReason,
        /// How the employee leaves.
        by: LeaveBy,
        /// Set where the account is linked by this same change: the evidence.
        linked_by: Option<Evidence>,
    },
    /// Tie an account that was there to an employee, and bring it up to date.
    Link {
        /// The account.
        account_id: AccountId,
        /// The evidence that ties the account to the employee.
        evidence: Evidence,
        /// Set where the account carries a reference already: ours takes its place.
        reference: Option<ReferenceEdit>,
        /// What changes.
        edits: Edits,
    },
    /// Take an employee back: switch on an account that we switched off, or bring it back from the leavers' group. The
    /// account may be on already: because it was only moved, or because of an edit by hand. Afterwards the link is
    /// active.
    Reactivate {
        /// The account.
        account_id: AccountId,
        /// The attributes that change with it.
        edits: Edits,
    },
    /// Move the link of a person who has come back under a new employee id (R16).
    Relink {
        /// The account.
        account_id: AccountId,
        /// The employee id that was linked until now.
        former_id: EmployeeId,
        /// Whether the account is switched on.
        reactivate: bool,
        /// Set where the account carries another reference than that of the former id: ours takes its place.
        reference: Option<ReferenceEdit>,
        /// The attributes that change with it.
        edits: Edits,
    },
    /// Change attributes.
    Update {
        /// The account.
        account_id: AccountId,
        /// What changes.
        edits: Edits,
    },
}

impl Action {
    /// Returns the edits of an account that is there already.
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
    /// The employee.
    pub employee_id: EmployeeId,
    /// What is done.
    pub action: Action,
    /// Changes with the same number are one transaction (R20): they pass unique values around in a circle.
    pub together: Option<u32>,
}

impl Change {
    /// Returns the life-cycle class.
    pub const fn class(&self) -> Class {
        match self.action {
            Action::Create { .. } => Class::Joiner,
            Action::Leave { .. } => Class::Leaver,
            Action::Link { .. } => Class::Link,
            Action::Reactivate { .. } | Action::Relink { .. } => Class::Rehire,
            Action::Update { .. } => Class::Mover,
        }
    }

    /// Returns the account that it touches; a create has none yet.
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

    /// Returns the edits of an account that is there already.
    pub const fn edits(&self) -> Option<&Edits> {
        self.action.edits()
    }

    /// Returns the edits of an account that is there already, to be changed.
    pub const fn edits_mut(&mut self) -> Option<&mut Edits> {
        match &mut self.action {
            Action::Create { .. } | Action::Leave { .. } => None,
            Action::Link { edits, .. }
            | Action::Reactivate { edits, .. }
            | Action::Relink { edits, .. }
            | Action::Update { edits, .. } => Some(edits),
        }
    }

    /// Returns whether a manager is set or cleared once all people are there.
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

    /// Returns whether the person could sign in before and cannot afterwards, or is moved to a leavers' group.
    pub const fn is_leaver(&self) -> bool {
        matches!(self.action, Action::Leave { .. })
    }
}
