//! How linked people leave, by the policy for the reason (R11, R13, R19).
//!
//! A leaver's change does nothing else. A person who stays on in the leavers' group is updated again from the next
//! night on.

use super::{Differ, Shown};
use crate::{
    account::AccountId,
    connection::{Decision, LeaverPolicy},
    employee::{Canonical, EmployeeId, View},
    plan::{Action, Code, Evidence, Finding, LeaveBy, LeaverReason, LinkState, LinkView, State},
};

/// By which addresses people are known, in HR or in the target.
const ADDRESSES: [Canonical; 3] = [Canonical::Email, Canonical::WorkEmail, Canonical::PersonalEmail];

impl<'a> Differ<'a> {
    /// Lets a linked person go. Returns false where the policy lets them stay.
    pub(super) fn leave(
        &mut self,
        person: usize,
        link: LinkView<'a>,
        shown: Option<Shown<'a>>,
        reason: LeaverReason,
    ) -> bool {
        let decided = matches!(self.decision_on(link), Some(Decision::Left));
        let leavers = &self.basis.configuration.leavers;
        let policy = match reason {
            LeaverReason::Decision | LeaverReason::Terminated => &leavers.terminated,
            LeaverReason::Missing => &leavers.missing,
            LeaverReason::OutOfScope => &leavers.out_of_scope,
        };
        let group = shown.and_then(|shown| shown.attributes.value(Canonical::Group));
        let is_moved = |name: &str| matches!(link.state, LinkState::Moved { .. }) || group == Some(name);
        let waits = match policy {
            LeaverPolicy::Ignore if !decided => return false,
            LeaverPolicy::Group(name) if is_moved(name) => return false,
            LeaverPolicy::Wait => !decided,
            LeaverPolicy::Deactivate | LeaverPolicy::Group(_) | LeaverPolicy::Ignore => false,
        };
        let Some(shown) = shown.filter(|shown| shown.active) else {
            self.unchanged(person);
            return true;
        };
        let by = leave_by(policy, shown.attributes);
        if is_same_leaving(link, reason) {
            let id = link.to_employee_id();
            self.todo(person, State::Todo, Code::ReactivatedByHand, id, shown.to_id());
            self.unchanged(person);
        } else if waits {
            self.find(person, State::Waiting, Code::LeaverWaits);
        } else {
            let id = link.to_employee_id();
            self.let_go(person, &id, shown, reason, by, None);
        }
        true
    }

    /// Plans that an account is let go, unless a finding stands against it. Returns whether it is planned.
    pub(super) fn let_go(
        &mut self,
        person: usize,
        id: &EmployeeId,
        shown: Shown<'_>,
        reason: LeaverReason,
        by: LeaveBy,
        linked_by: Option<Evidence>,
    ) -> bool {
        let account_id = shown.to_id();
        let decided = matches!(self.decision(id), Some(Decision::Left));
        let able = match by {
            LeaveBy::Deactivate => self.basis.abilities.deactivate,
            LeaveBy::Group { .. } => self.basis.abilities.groups,
        };
        let waits_for = if !decided && self.is_protected(person, shown) {
            Some(Code::Protected)
        } else if self.is_partial() {
            Some(Code::Incomplete)
        } else if !able {
            Some(Code::Unsupported)
        } else {
            None
        };
        if let Some(code) = waits_for {
            let finding = Finding::about(State::Waiting, code, id.clone()).with_account(account_id);
            self.note(person, finding);
            return false;
        }
        self.change(
            person,
            Action::Leave {
                account_id,
                reason,
                by,
                linked_by,
            },
        );
        true
    }

    /// Notes whether HR shows a person under a protected address: not every target shows whose an account is.
    pub(super) fn look_for_protected_address(&mut self, person: usize, attributes: View<'_>) {
        if self.has_protected_address(attributes)
            && let Some(person) = self.people.get_mut(person)
        {
            person.protected = true;
        }
    }

    fn has_protected_address(&self, attributes: View<'_>) -> bool {
        let protected = self.basis.protected;
        let is_protected = |email: &Canonical| attributes.value(*email).is_some_and(|email| protected.contains(email));
        !protected.is_empty() && ADDRESSES.iter().any(is_protected)
    }

    /// Returns whether an account is never switched off automatically (R19).
    fn is_protected(&self, person: usize, shown: Shown<'_>) -> bool {
        let protected = self.basis.protected;
        self.basis.configuration.protected.contains(shown.id)
            || protected.contains(shown.id)
            || shown.login.is_some_and(|login| protected.contains(login))
            || self.id(person).is_some_and(|id| protected.contains(id.as_str()))
            || self.people.get(person).is_some_and(|person| person.protected)
            || self.has_protected_address(shown.attributes)
    }

    pub(super) fn todo(&mut self, person: usize, state: State, code: Code, id: EmployeeId, account_id: AccountId) {
        let finding = Finding::about(state, code, id).with_account(account_id);
        self.todos.push((person, finding));
    }
}

/// Returns whether we switched the account off for this same reason before. If it is on now, an edit by hand did that.
fn is_same_leaving(link: LinkView<'_>, now: LeaverReason) -> bool {
    match link.state {
        LinkState::Deactivated { reason, .. } => reason == now,
        LinkState::Active | LinkState::Pending | LinkState::Moved { .. } => false,
    }
}

/// Returns the way that a policy lets people go; where it would let them be, a person decided otherwise.
pub(super) fn leave_by(policy: &LeaverPolicy, shown: View<'_>) -> LeaveBy {
    match policy {
        LeaverPolicy::Group(name) => LeaveBy::Group {
            name: name.as_str().into(),
            before: shown.value(Canonical::Group).map(Into::into),
        },
        LeaverPolicy::Deactivate | LeaverPolicy::Ignore | LeaverPolicy::Wait => LeaveBy::Deactivate,
    }
}
