//! Taking an applied plan back (R32): a plan like any other, of what is still as the applied one left it.

use std::collections::BTreeSet;

use super::{
    Action, Basis, Change, Code, Counts, Edit, Edits, Finding, LeaveBy, LeaverReason, LinkState, LinkView, ManagerEdit,
    Outcome, Reference, ReferenceEdit, State, edit, line, order,
};
use crate::{
    account::{AccountId, AccountView, ExternalId},
    employee::{Attribute, Canonical, EmployeeId, Field},
};

/// Returns what takes an applied plan back, on the accounts and links of today.
///
/// Attributes go back where they still hold what the plan wrote; what was made or switched on is switched off, what was
/// let go comes back. An account gets one change: where it is switched off, its values stay. Links stay, but for one
/// that had moved to another employee id. Everything that stays is named in a finding. Of people whose accounts the target does
/// not show today (`unseen`) nothing is touched. The outcome is assembled, guarded and applied as any other.
pub fn inverse(basis: &Basis<'_>, applied: &[Change], unseen: &[EmployeeId]) -> Outcome {
    let mut undo = Undo {
        basis,
        unseen: unseen.iter().collect(),
        changes: Vec::new(),
        findings: Vec::new(),
    };
    for change in applied {
        undo.take_back(change);
    }
    undo.finish()
}

struct Undo<'a> {
    basis: &'a Basis<'a>,
    unseen: BTreeSet<&'a EmployeeId>,
    changes: Vec<Change>,
    findings: Vec<Finding>,
}

impl Undo<'_> {
    fn take_back(&mut self, change: &Change) {
        let id = &change.employee_id;
        if self.unseen.contains(id) {
            return self
                .findings
                .push(Finding::about(State::Skipped, Code::Unseen, id.clone()));
        }
        let link = self.basis.links.find(id.as_str());
        let account_id = change.account_id().map(AccountId::as_str);
        let account_id = account_id.or_else(|| link.map(|link| link.account_id));
        let account = account_id.and_then(|account_id| self.basis.accounts.find(account_id));
        // A person who is linked to another account by now, or whose account is gone, is out of this plan's reach.
        let tied = link.filter(|link| Some(link.account_id) == account_id && link.state != LinkState::Pending);
        let (Some(account), Some(link)) = (account, tied) else {
            return self.note(id, Code::ChangedSince, []);
        };
        match &change.action {
            Action::Create { invite, .. } => {
                if *invite {
                    self.note(id, Code::InviteSent, []);
                }
                self.switch_off(id, account, &Edits::default());
            }
            Action::Leave { by, linked_by, .. } => {
                if linked_by.is_some() {
                    self.note(id, Code::NotUndone, []);
                }
                self.let_in(id, link, account, by);
            }
            Action::Link { edits, .. } => {
                self.note(id, Code::NotUndone, []);
                self.write_back(id, account, edits);
            }
            Action::Reactivate { edits, .. } => self.switch_off(id, account, edits),
            Action::Relink {
                reactivate: true,
                edits,
                reference,
                ..
            } => {
                if reference.is_some() {
                    self.note(id, Code::NotUndone, []);
                }
                self.switch_off(id, account, edits);
            }
            Action::Relink {
                former_id,
                edits,
                reference,
                ..
            } => {
                let edits = self.reverse(id, account, edits);
                let reference = reference.as_ref().and_then(|edit| self.give_back(id, account, edit));
                let action = Action::Relink {
                    account_id: account.to_id(),
                    former_id: id.clone(),
                    reactivate: false,
                    // Without one, the account carries the reference of the id that is now the former one.
                    reference,
                    edits,
                };
                self.push(former_id, action);
            }
            Action::Update { edits, .. } => self.write_back(id, account, edits),
        }
    }

    fn note(&mut self, id: &EmployeeId, code: Code, attributes: impl IntoIterator<Item = Attribute>) {
        let finding = Finding::about(State::Todo, code, id.clone());
        self.findings.push(finding.with_attributes(attributes));
    }

    fn push(&mut self, id: &EmployeeId, action: Action) {
        self.changes.push(Change {
            employee_id: id.clone(),
            action,
            together: None,
        });
    }

    /// Switches an account off; the values that were written with it stay, and are named.
    fn switch_off(&mut self, id: &EmployeeId, account: AccountView<'_>, edits: &Edits) {
        if !edits.is_empty() {
            let manager = edits.manager.as_ref().map(|_| Canonical::Manager.into());
            let attributes = edits.attributes.iter().map(|edit| edit.attribute.clone());
            let attributes: Vec<Attribute> = attributes.chain(manager).collect();
            self.note(id, Code::NotUndone, attributes);
        }
        if account.active {
            let action = Action::Leave {
                account_id: account.to_id(),
                reason: LeaverReason::Decision,
                by: LeaveBy::Deactivate,
                linked_by: None,
            };
            self.push(id, action);
        }
    }

    /// Lets a person in again, if they are still out because of the applied plan.
    fn let_in(&mut self, id: &EmployeeId, link: LinkView<'_>, account: AccountView<'_>, by: &LeaveBy) {
        let mut edits = Edits::default();
        let is_out = match by {
            LeaveBy::Deactivate => !account.active && matches!(link.state, LinkState::Deactivated { .. }),
            LeaveBy::Group { name, before } => {
                edits.attributes.push(Edit {
                    attribute: Canonical::Group.into(),
                    before: Some(name.clone()),
                    after: before.clone(),
                    manual: false,
                });
                account.value(Canonical::Group) == Some(name) && matches!(link.state, LinkState::Moved { .. })
            }
        };
        if is_out {
            let account_id = account.to_id();
            self.push(id, Action::Reactivate { account_id, edits });
        } else {
            self.note(id, Code::ChangedSince, []);
        }
    }

    /// Returns the other way round how a reference changed, where the account still carries what was written.
    fn give_back(&mut self, id: &EmployeeId, account: AccountView<'_>, edit: &ReferenceEdit) -> Option<ReferenceEdit> {
        if account.external_id == Some(edit.after.as_str()) {
            return Some(ReferenceEdit {
                before: edit.after.clone(),
                after: edit.before.clone(),
            });
        }
        self.note(id, Code::ChangedSince, []);
        account
            .external_id
            .and_then(ExternalId::from_target)
            .map(|now| ReferenceEdit {
                before: now.clone(),
                after: now,
            })
    }

    fn write_back(&mut self, id: &EmployeeId, account: AccountView<'_>, edits: &Edits) {
        let edits = self.reverse(id, account, edits);
        if !edits.is_empty() {
            let account_id = account.to_id();
            self.push(id, Action::Update { account_id, edits });
        }
    }

    /// Returns the edits the other way round, of those attributes that still hold what was written.
    fn reverse(&mut self, id: &EmployeeId, account: AccountView<'_>, edits: &Edits) -> Edits {
        let mut reversed = Edits::default();
        let mut changed_since = Vec::new();
        for edit in &edits.attributes {
            let shown = account.attributes.field(edit.attribute.as_ref());
            if self.holds(id, edit, shown) {
                reversed.attributes.push(Edit {
                    attribute: edit.attribute.clone(),
                    before: shown.value().map(Into::into),
                    after: edit.before.clone(),
                    manual: false,
                });
            } else if !shown.is_seen() || shown.value() != edit.before.as_deref() {
                changed_since.push(edit.attribute.clone());
            }
        }
        if let Some(manager) = &edits.manager {
            let shown = account.value(Canonical::Manager);
            let written = manager.after.as_ref().and_then(|after| self.account_of(after));
            if shown == written {
                reversed.manager = Some(ManagerEdit {
                    before: written.map(AccountId::known),
                    after: manager.before.clone().map(Reference::Account),
                });
            } else if shown != manager.before.as_ref().map(AccountId::as_str) {
                changed_since.push(Canonical::Manager.into());
            }
        }
        if !changed_since.is_empty() {
            self.note(id, Code::ChangedSince, changed_since);
        }
        reversed.login = edit::moves_login(&reversed.attributes, account.login, self.basis.abilities.logins);
        reversed
    }

    /// Returns whether an account still shows what an edit left: the value itself, or what the target made of it.
    fn holds(&self, id: &EmployeeId, edit: &Edit, shown: Field<&str>) -> bool {
        if !shown.is_seen() {
            return false;
        }
        let attribute = edit.attribute.as_ref();
        let remembered = self
            .basis
            .links
            .find(id.as_str())
            .and_then(|link| link.prints().find(attribute));
        shown.value() == edit.after.as_deref()
            || remembered.is_some_and(|(sent, seen)| {
                let print = |value| self.basis.fingerprints.print(attribute, value);
                print(edit.after.as_deref()) == sent && print(shown.value()) == seen
            })
    }

    fn account_of<'b>(&'b self, reference: &'b Reference) -> Option<&'b str> {
        match reference {
            Reference::Account(id) => Some(id.as_str()),
            Reference::Employee(id) => self.basis.links.find(id.as_str()).map(|link| link.account_id),
        }
    }

    fn finish(mut self) -> Outcome {
        let mut refused = order::refused(&self.changes.iter().collect::<Vec<_>>(), self.basis).unwrap_or_default();
        let places = self
            .changes
            .iter()
            .enumerate()
            .filter(|(_, change)| line::is_too_long(change));
        refused.extend(places.map(|(place, _)| (place, Code::TooLarge)));
        let mut changes = Vec::with_capacity(self.changes.len());
        for (position, change) in self.changes.into_iter().enumerate() {
            if let Some(code) = refused.get(&position) {
                self.findings
                    .push(Finding::about(State::Conflict, *code, change.employee_id));
            } else {
                changes.push(change);
            }
        }
        self.findings.sort();
        self.findings.dedup();
        let mut counts = Counts::default();
        for change in &changes {
            counts.count(change.class());
        }
        for finding in &self.findings {
            counts.note(finding.state);
        }
        Outcome {
            changes: order::arrange(changes, self.basis),
            findings: self.findings,
            counts,
            absences: Vec::new(),
            outside: Vec::new(),
        }
    }
}
