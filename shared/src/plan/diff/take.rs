//! Taking an account that is there: a first link, a link that lets go at once, or the link of a former id (R16).

use super::{Differ, Shown, Verdict, leave::leave_by, manager::shown_manager, unlinked::Candidate};
use crate::{
    account::{AccountView, ExternalId},
    connection::{Decision, LeaverPolicy, RehirePolicy},
    employee::{EmployeeId, EmploymentStatus, Field, Kind},
    mapping::Desired,
    plan::{
        Action, Code, Edits, Evidence, Finding, LeaverReason, LinkState, LinkView, ManagerEdit, PrintsView,
        ReferenceEdit, State, edit, first_link::name_in_target,
    },
};

impl Differ<'_> {
    /// Ties a person to an account, if nothing stands against it.
    pub(super) fn take(&mut self, candidate: Candidate, position: usize, evidence: Evidence) {
        let person = candidate.person;
        let (Some(id), Some(account)) = (self.id(person), self.accounts.get(position)) else {
            return;
        };
        let note = |state, code| Finding::about(state, code, id.clone()).with_account(account.to_id());
        if self.is_partial() {
            return self.freeze(person, note(State::Waiting, Code::Incomplete));
        }
        if let Some(holder) = self.holders.get(position).copied().flatten() {
            return self.relink(candidate, &id, position, super::wide(holder));
        }
        if self.is_foreign(account, &id, evidence) || self.basis.elsewhere.contains(&account.to_id()) {
            return self.freeze(person, note(State::Conflict, Code::LinkedElsewhere));
        }
        let names = (candidate.name.as_deref(), name_in_target(account.attributes));
        let is_other_name = matches!(&names, (Some(name), Some(shown)) if name != shown);
        let Some(desired) = candidate.desired else {
            return self.link_former(person, &id, account, position, evidence, is_other_name);
        };
        let is_confirmed = matches!(evidence, Evidence::Decision | Evidence::ExternalId);
        if !account.active && is_other_name && !is_confirmed {
            return self.freeze(person, note(State::Conflict, self.found_by_another()));
        }
        if !account.active && candidate.status != EmploymentStatus::Terminated {
            self.todo(
                person,
                State::Todo,
                Code::DeactivatedByHand,
                id.clone(),
                account.to_id(),
            );
        }
        self.warn(person, &desired.warnings);
        let edits = self.edits_on_link(person, &desired, account, PrintsView::default());
        let account_id = account.to_id();
        let reference = self.reference_edit(account, &id);
        self.hold(position, person);
        self.change(
            person,
            Action::Link {
                account_id,
                evidence,
                reference,
                edits,
            },
        );
    }

    /// Returns what it means that a former person's account is found by a person of another name: an address is passed on, any
    /// other identifier is a person's own (R09, R20).
    fn found_by_another(&self) -> Code {
        if self.basis.configuration.identifier.attribute().kind() == Kind::Email {
            Code::EmailStillTaken
        } else {
            Code::IdentityChanged
        }
    }

    /// Returns whether an account carries the reference of another employee. A decision may choose among references of
    /// this company.
    fn is_foreign(&self, account: AccountView<'_>, id: &EmployeeId, evidence: Evidence) -> bool {
        let ours = self.reference(id);
        let Some(theirs) = account.external_id.filter(|theirs| *theirs != ours.as_str()) else {
            return false;
        };
        let prefix = ours.as_str().strip_suffix(id.as_str()).unwrap_or_default();
        let provider = ExternalId::provider_of(theirs);
        provider.is_some_and(self.basis.is_provider) && !(evidence == Evidence::Decision && theirs.starts_with(prefix))
    }

    /// Returns the reference that an employee's account carries.
    fn reference(&self, id: &EmployeeId) -> ExternalId {
        ExternalId::new(self.basis.provider, &self.basis.header.company.id, id)
    }

    /// Returns the reference that takes the place of another one that an account carries.
    fn reference_edit(&self, account: AccountView<'_>, id: &EmployeeId) -> Option<ReferenceEdit> {
        let after = self.reference(id);
        let before = account.external_id.and_then(ExternalId::from_target)?;
        (before != after).then_some(ReferenceEdit { before, after })
    }

    /// Marks an account as this person's, so that it is not listed as unmanaged.
    fn hold(&mut self, position: usize, person: usize) {
        if let Some(holder) = self.holders.get_mut(position) {
            *holder = super::narrow(person);
        }
    }

    /// Takes an account of a person who has left already and whose account is found only now: one change links it and
    /// lets it go.
    fn link_former(
        &mut self,
        person: usize,
        id: &EmployeeId,
        account: AccountView<'_>,
        position: usize,
        evidence: Evidence,
        is_other_name: bool,
    ) {
        let policy = &self.basis.configuration.leavers.terminated;
        let shown = account.attributes;
        let note = |state, code| Finding::about(state, code, id.clone()).with_account(account.to_id());
        if !account.active || *policy == LeaverPolicy::Ignore {
            self.find(person, State::Filtered, Code::Former);
        } else if is_other_name && evidence != Evidence::Decision {
            self.note(person, note(State::Conflict, Code::IdentityChanged));
        } else if *policy == LeaverPolicy::Wait {
            self.note(person, note(State::Waiting, Code::LeaverWaits));
        } else {
            let by = leave_by(policy, shown);
            let reason = LeaverReason::Terminated;
            if self.let_go(person, id, Shown::from(account), reason, by, Some(evidence)) {
                self.hold(position, person);
            }
        }
    }

    /// Settles an account that another person is linked to already: this is the same person under a new id, or not.
    fn relink(&mut self, candidate: Candidate, id: &EmployeeId, position: usize, former: usize) {
        let person = candidate.person;
        let Some(account) = self.accounts.get(position) else {
            return;
        };
        let Some(desired) = candidate.desired else {
            return self.find(person, State::Filtered, Code::Former);
        };
        let Some(link) = self.links.get(former).filter(|_| former != person) else {
            return self.find(person, State::Conflict, Code::LinkedElsewhere);
        };
        let names = (candidate.name.as_deref(), name_in_target(account.attributes));
        let same_name = matches!(&names, (Some(name), Some(shown)) if name == shown);
        let is_other_name = matches!(&names, (Some(name), Some(shown)) if name != shown);
        let accepted = matches!(self.decision(id), Some(Decision::Link { .. }));
        let former_reference = self.reference(&link.to_employee_id());
        let reference = self.reference_edit(account, id);
        let reference = reference.filter(|edit| edit.before != former_reference);
        let is_gone = self.is_gone(former) && person >= self.links.len();
        let against = if is_gone && same_name && candidate.status == EmploymentStatus::Terminated {
            Some((State::Filtered, Code::SecondEmployment))
        } else if !is_gone && is_other_name && !accepted && self.is_off(former, account, link) {
            let by_address = Some(self.found_by_another()).filter(|code| *code == Code::EmailStillTaken);
            Some((State::Conflict, by_address.unwrap_or(Code::LinkedElsewhere)))
        } else if !is_gone || candidate.status == EmploymentStatus::Terminated {
            Some((State::Conflict, Code::LinkedElsewhere))
        } else if is_other_name && !accepted {
            Some((State::Conflict, self.found_by_another()))
        } else if !same_name && !accepted {
            Some((State::Conflict, Code::IdentityChanged))
        } else if reference.is_some() && self.is_foreign(account, id, Evidence::Decision) {
            Some((State::Conflict, Code::LinkedElsewhere))
        } else if self.basis.certificate().is_none() {
            Some((State::Waiting, Code::Incomplete))
        } else if !account.active && !matches!(link.state, LinkState::Deactivated { .. }) {
            Some((State::Skipped, Code::DeactivatedByHand))
        } else if accepted || account.active && !matches!(link.state, LinkState::Moved { .. }) {
            None
        } else {
            match self.basis.configuration.rehires {
                RehirePolicy::Reactivate => None,
                RehirePolicy::Ignore => Some((State::Skipped, Code::RehireIgnored)),
                RehirePolicy::Wait => Some((State::Waiting, Code::RehireWaits)),
            }
        };
        if let Some((state, code)) = against {
            if code == Code::Incomplete && self.action(former).is_some() {
                // A person is not let go while their account may pass to this person after a complete read.
                let finding = Finding::about(state, code, link.to_employee_id()).with_account(account.to_id());
                self.freeze(former, finding.with_other(id.clone()));
            }
            let finding = Finding::about(state, code, id.clone()).with_account(account.to_id());
            return self.freeze(person, finding.with_other(link.to_employee_id()));
        }
        // The person counts once, under the new id, and the account gets this one change.
        self.set(former, Verdict::Nobody);
        self.hold(position, person);
        if let Some(former) = self.people.get_mut(former) {
            former.in_scope = false;
        }
        self.warn(person, &desired.warnings);
        let edits = self.edits_on_link(person, &desired, account, link.prints());
        self.change(
            person,
            Action::Relink {
                account_id: account.to_id(),
                former_id: link.to_employee_id(),
                reactivate: !account.active,
                reference,
                edits,
            },
        );
    }

    /// Returns whether an account is that of a person who does not use it any more, whatever the reason: their account is off, or was let
    /// go, and nothing that HR says of them counts (a decision, the scope filter, a contradiction).
    fn is_off(&self, former: usize, account: AccountView<'_>, link: LinkView<'_>) -> bool {
        let is_let_go = matches!(link.state, LinkState::Deactivated { .. } | LinkState::Moved { .. });
        (is_let_go || !account.active) && !self.is_in_scope(former)
    }

    /// Returns what changes inside an account that is being linked. The manager is looked up later, unless there is
    /// none.
    fn edits_on_link(
        &mut self,
        person: usize,
        desired: &Desired,
        account: AccountView<'_>,
        prints: PrintsView<'_>,
    ) -> Edits {
        let shown = Shown::from(account);
        let wanted = desired.attributes.view();
        let attributes = edit::edits(wanted, shown.attributes, prints, self.basis.fingerprints, |_| {});
        let before = shown_manager(shown);
        let manager = match &desired.manager {
            Field::Unseen => None,
            Field::Empty => before.is_some().then_some(ManagerEdit { before, after: None }),
            Field::Value(manager) => {
                self.managers.push((person, manager.clone()));
                None
            }
        };
        let login = edit::moves_login(&attributes, shown.login, self.basis.abilities.logins);
        Edits {
            attributes,
            manager,
            login,
        }
    }
}
