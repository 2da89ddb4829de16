//! People about whom nothing can be decided, because of what the target does not say of their accounts: each keeps what they have,
//! and the plan says why (R05). All others go on.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::{
    connection::{Decision, DecisionRecord},
    employee::EmployeeId,
    plan::{Code, Outcome, State},
};

/// People about whom nothing is decided in a run, each with the reason.
#[derive(Clone, Debug, Default)]
pub(in crate::run) struct Unjudged(BTreeMap<EmployeeId, (State, Code)>);

impl Unjudged {
    /// Returns people whose linked accounts the target does not show.
    pub(in crate::run) fn unseen<'e>(people: impl IntoIterator<Item = &'e EmployeeId>) -> Self {
        let unseen = |id: &EmployeeId| (id.clone(), (State::Skipped, Code::Unseen));
        Self(people.into_iter().map(unseen).collect())
    }

    /// Returns how many they are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Adds a person of whom it is not known whether they have an account, or who has one that is not recognised.
    pub(super) fn add(&mut self, id: EmployeeId, code: Code) {
        self.0.insert(id, (State::Conflict, code));
    }

    /// Adds a person whose account the target does not show.
    pub(super) fn add_unseen(&mut self, id: EmployeeId) {
        self.0.insert(id, (State::Skipped, Code::Unseen));
    }

    /// Adds to decisions that these people stay as they are, in this run.
    pub(in crate::run) fn keep_all(&self, decisions: &mut BTreeMap<EmployeeId, DecisionRecord>, now: Timestamp) {
        for id in self.0.keys() {
            let stays = DecisionRecord {
                employee_id: id.clone(),
                decision: Decision::Keep,
                reason: String::new(),
                by: String::new(),
                at: now,
            };
            decisions.insert(id.clone(), stays);
        }
    }

    /// Says in an outcome why they stay as they are: no person has decided it.
    pub(in crate::run) fn name_in(&self, outcome: &mut Outcome) {
        if self.0.is_empty() {
            return;
        }
        for finding in outcome.findings.iter_mut().filter(|finding| finding.code == Code::Kept) {
            let reason = finding.employee_id.as_ref().and_then(|id| self.0.get(id));
            if let Some((state, code)) = reason {
                outcome.counts.waiting -= 1;
                outcome.counts.note(*state);
                (finding.state, finding.code) = (*state, *code);
            }
        }
        outcome.findings.sort();
    }
}
