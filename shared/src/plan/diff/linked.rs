//! Linked people whom the roster shows: they leave, or what HR wants of them is compared with their account.

use super::{
    Absence, Differ, Shown,
    manager::shown_manager,
    standing::Standing,
    unlinked::{Candidate, with_group},
};
use crate::{
    connection::{Decision, Identifier, LeaverPolicy, Preset, RehirePolicy},
    employee::{Attribute, AttributeRef, Canonical, EmployeeId, EmploymentStatus, Field},
    mapping::{Desired, Mapped, Warning},
    plan::{Action, Code, Edit, Edits, Finding, LeaverReason, LinkState, LinkView, ManagerEdit, State, edit},
    roster::Row,
};

/// One linked person with everything that is known of them.
#[derive(Clone, Copy)]
struct Known<'a> {
    person: usize,
    link: LinkView<'a>,
    standing: Standing,
    /// HR or a person says that they left, and the policy lets them be.
    left: bool,
    decision: Option<&'a Decision>,
}

impl<'a> Differ<'a> {
    pub(super) fn linked(&mut self, person: usize, link: LinkView<'a>, row: Row<'_>) {
        if link.absent_since.is_some() {
            self.absences.push(Absence {
                employee_id: link.to_employee_id(),
                absent_since: None,
            });
        }
        if self.is_erased(link) {
            return self.leave_out(person);
        }
        let decided = self.decided_on(link);
        let decision = decided.map(|record| &record.decision);
        if matches!(decision, Some(Decision::Keep)) {
            return self.find(person, State::Waiting, Code::Kept);
        }
        if self.is_doubled(person) {
            return self.find(person, State::Conflict, Code::LinkedElsewhere);
        }
        let laid_out = self.mapper.lay_out(row.id, row.attributes, self.basis.now);
        let standing = self.judge.standing(&laid_out, decided);
        let shown = self.shown(person, link);
        self.look_for_protected_address(person, row.attributes);
        if standing.is_contradicted && self.outside_either_way(&laid_out).is_none() {
            let finding = Finding::about(State::Conflict, Code::Contradicted, link.to_employee_id());
            return self.freeze(person, finding.with_account(link.to_account_id()));
        }
        let terminated = standing.is_terminated() && !standing.is_contradicted;
        let left = terminated || matches!(decision, Some(Decision::Left));
        if terminated {
            self.set_gone(person);
        }
        let reason = if terminated {
            LeaverReason::Terminated
        } else {
            LeaverReason::Decision
        };
        if left && self.leave(person, link, shown, reason) {
            return;
        }
        let known = Known {
            person,
            link,
            standing,
            left,
            decision,
        };
        let mapped = self.mapper.map_person(&laid_out);
        if matches!(mapped, Mapped::Filtered { .. }) {
            self.set_outside(person);
        }
        match mapped {
            Mapped::Desired(mut desired) => {
                desired.warn_of(standing.undecided);
                self.compare(known, row, shown, desired);
            }
            Mapped::Unreadable { invalid, mut desired } => {
                // What cannot be read stays as it is, and stops nothing else.
                desired.warn_of(invalid);
                desired.warn_of(standing.undecided);
                self.compare(known, row, shown, desired);
            }
            Mapped::Filtered { .. } | Mapped::Skipped { .. } | Mapped::Unjudged { .. } if left => {
                self.unchanged(person);
            }
            Mapped::Filtered { field, .. } => {
                if !self.leave(person, link, shown, LeaverReason::OutOfScope) {
                    let finding = Finding::about(State::Filtered, Code::OutOfScope, link.to_employee_id());
                    self.note(person, finding.with_attributes([field]));
                }
            }
            Mapped::Skipped { missing } => {
                let finding = Finding::about(State::Skipped, Code::Lacks, link.to_employee_id());
                self.note(
                    person,
                    finding.with_attributes(missing.into_iter().map(Attribute::Canonical)),
                );
            }
            Mapped::Unjudged { field } => {
                let finding = Finding::about(State::Skipped, Code::Unjudged, link.to_employee_id());
                self.note(person, finding.with_attributes([field]));
            }
        }
    }

    /// Compares what HR wants of a linked person with the account.
    fn compare(&mut self, known: Known<'a>, row: Row<'_>, shown: Option<Shown<'a>>, desired: Desired) {
        let person = known.person;
        let conflict = |code| Finding::about(State::Conflict, code, known.link.to_employee_id());
        let Some(shown) = shown else {
            return match known.decision {
                Some(Decision::NewAccount) => self.place_anew(known, row, desired),
                Some(Decision::Link { account_id }) if account_id.as_str() != known.link.account_id => {
                    self.place_anew(known, row, desired);
                }
                Some(Decision::Keep | Decision::Left | Decision::Link { .. }) | None => {
                    self.note(
                        person,
                        conflict(Code::AccountGone).with_account(known.link.to_account_id()),
                    );
                }
            };
        };
        let accepted = match known.decision {
            Some(Decision::Link { account_id }) if account_id.as_str() == shown.id => true,
            Some(Decision::Link { .. }) => {
                return self.note(person, conflict(Code::AlreadyLinked).with_account(shown.to_id()));
            }
            Some(Decision::Keep | Decision::Left | Decision::NewAccount) | None => false,
        };
        let comes_back = is_let_go(known.link) && !known.left;
        if let Some((state, code)) = self.rests(known, shown, comes_back, accepted) {
            let finding = Finding::about(state, code, known.link.to_employee_id());
            return self.note(person, finding.with_account(shown.to_id()));
        }
        if known.left && !shown.active {
            return self.unchanged(person);
        }
        self.take_into_scope(person, row, &desired);
        self.edit(known, shown, desired, comes_back, accepted);
    }

    /// Returns why an account that is off, or that we let go, is left as it is (R15).
    fn rests(&self, known: Known<'_>, shown: Shown<'_>, comes_back: bool, accepted: bool) -> Option<(State, Code)> {
        let by_hand = !shown.active && !matches!(known.link.state, LinkState::Deactivated { .. });
        if by_hand {
            return Some((State::Skipped, Code::DeactivatedByHand));
        }
        if !comes_back || shown.active && matches!(known.link.state, LinkState::Deactivated { .. }) {
            return None;
        }
        if known.standing.is_early() {
            return Some((State::Waiting, Code::NotStarted));
        }
        if self.is_partial() {
            return (!shown.active).then_some((State::Waiting, Code::Incomplete));
        }
        if !self.is_back_for_sure(known) {
            return Some((State::Skipped, Code::Unjudged));
        }
        match self.basis.configuration.rehires {
            RehirePolicy::Reactivate => None,
            RehirePolicy::Ignore | RehirePolicy::Wait if accepted => None,
            RehirePolicy::Ignore => Some((State::Skipped, Code::RehireIgnored)),
            RehirePolicy::Wait => Some((State::Waiting, Code::RehireWaits)),
        }
    }

    /// Returns whether HR says that a person is back, and not merely shows less of them than before.
    fn is_back_for_sure(&self, known: Known<'_>) -> bool {
        let (LinkState::Deactivated { reason, .. } | LinkState::Moved { reason, .. }) = known.link.state else {
            return true;
        };
        let is_certain = reason != LeaverReason::Terminated && self.basis.certificate().is_some();
        known.standing.status.is_some() || is_certain && known.standing.undecided.is_none()
    }

    fn edit(&mut self, known: Known<'a>, shown: Shown<'a>, mut desired: Desired, comes_back: bool, accepted: bool) {
        let Known { person, link, .. } = known;
        let partial = self.is_partial();
        let in_group = match link.state {
            LinkState::Moved { .. } => known.left || partial,
            LinkState::Active | LinkState::Deactivated { .. } | LinkState::Pending => {
                known.left && matches!(self.basis.configuration.leavers.terminated, LeaverPolicy::Group(_))
            }
        };
        if in_group {
            desired.attributes = with_group(&desired.attributes, Field::Unseen);
        }
        let (prints, fingerprints) = (link.prints(), self.basis.fingerprints);
        let wanted = desired.attributes.view();
        let not_kept = &mut self.not_kept;
        let not_kept = |attribute: AttributeRef<'_>| not_kept.note(attribute, || link.to_employee_id());
        let mut attributes = edit::edits(wanted, shown.attributes, prints, fingerprints, not_kept);
        if !attributes.is_empty() && !accepted {
            let conflict = if edit::is_another_person(wanted, shown.attributes, prints, fingerprints) {
                Some(Code::IdentityChanged)
            } else {
                self.drifts(&attributes).then_some(Code::IdentifierDrift)
            };
            if let Some(code) = conflict {
                let finding = Finding::about(State::Conflict, code, link.to_employee_id());
                return self.freeze(person, finding.with_account(shown.to_id()));
            }
        }
        if partial {
            let held_back = self.hold_back(&mut attributes);
            if !held_back.is_empty() {
                let finding = Finding::about(State::Todo, Code::Incomplete, link.to_employee_id());
                self.todos.push((person, finding.with_attributes(held_back)));
            }
        }
        self.warn(person, &desired.warnings);
        let manager = self.manager_edit(person, link, shown, &desired.manager);
        let login = edit::moves_login(&attributes, shown.login, self.basis.abilities.logins);
        let edits = Edits {
            attributes,
            manager,
            login,
        };
        let account_id = shown.to_id();
        if comes_back && !partial {
            self.change(person, Action::Reactivate { account_id, edits });
        } else if edits.is_empty() {
            self.unchanged(person);
        } else {
            self.change(person, Action::Update { account_id, edits });
        }
    }

    /// After a walk that did not end, identifier and e-mail addresses stay as they are (R06). Returns what was held
    /// back.
    fn hold_back(&self, edits: &mut Vec<Edit>) -> Vec<Attribute> {
        let held_back = |edit: &Edit| {
            [
                Canonical::Email,
                Canonical::WorkEmail,
                Canonical::PersonalEmail,
                self.basis.configuration.identifier.attribute(),
            ]
            .iter()
            .any(|fixed| edit.attribute == Attribute::Canonical(*fixed))
        };
        let attributes = edits.extract_if(.., |edit| held_back(edit));
        attributes.map(|edit| edit.attribute).collect()
    }

    /// Returns whether an edit of the identifier freezes the person (R18): where accounts are told apart by a reference
    /// that people maintain on both sides.
    fn drifts(&self, edits: &[Edit]) -> bool {
        let configuration = self.basis.configuration;
        let reference = Attribute::Canonical(configuration.identifier.attribute());
        configuration.preset == Preset::ExpenseUsers
            && configuration.identifier == Identifier::EmployeeNumber
            && edits
                .iter()
                .any(|edit| edit.attribute == reference && edit.before.is_some())
    }

    /// Hands a linked person over to those who look for an account, because of a decision.
    fn place_anew(&mut self, known: Known<'_>, row: Row<'_>, desired: Desired) {
        if known.left {
            return self.unchanged(known.person);
        }
        let status = known.standing.status.unwrap_or(EmploymentStatus::Active);
        self.take_into_scope(known.person, row, &desired);
        self.candidates
            .push(Candidate::new(known.person, status, row, Some(desired), self.basis));
    }

    /// Notes what was held back for a person, one finding for each kind of reason.
    pub(super) fn warn(&mut self, person: usize, warnings: &[Warning]) {
        if warnings.is_empty() {
            return;
        }
        let code_of = |warning: &Warning| match warning {
            Warning::Invalid { .. } => Code::Invalid,
            Warning::UnknownValue { .. } => Code::UnknownValue,
        };
        for code in [Code::Invalid, Code::UnknownValue] {
            let these = warnings.iter().filter(|warning| code_of(warning) == code);
            let attributes: Vec<Attribute> = these.map(|warning| warning.attribute().clone()).collect();
            if let Some(id) = self.id(person).filter(|_| !attributes.is_empty()) {
                let finding = Finding::about(State::Todo, code, id);
                self.todos.push((person, finding.with_attributes(attributes)));
            }
        }
    }

    /// Returns the change of a manager where it is clear already. Otherwise it is looked up after every person was
    /// seen.
    fn manager_edit(
        &mut self,
        person: usize,
        link: LinkView<'_>,
        shown: Shown<'_>,
        wanted: &Field<EmployeeId>,
    ) -> Option<ManagerEdit> {
        match wanted {
            Field::Unseen => None,
            Field::Empty => {
                let is_settled = self.settles_manager(link, shown, None);
                (!is_settled).then(|| ManagerEdit {
                    before: shown_manager(shown),
                    after: None,
                })
            }
            Field::Value(manager) => {
                let linked = self.basis.links.position(manager.as_str());
                let account_id = linked.and_then(|position| self.shown_id(position));
                let is_settled =
                    account_id.is_some_and(|account_id| self.settles_manager(link, shown, Some(account_id)));
                if !is_settled {
                    self.managers.push((person, manager.clone()));
                }
                None
            }
        }
    }
}

/// Returns whether we switched the account off, or moved it to the leavers' group.
const fn is_let_go(link: LinkView<'_>) -> bool {
    matches!(link.state, LinkState::Deactivated { .. } | LinkState::Moved { .. })
}
