//! What a plan is for, and the plan of one person.

use serde::{Deserialize, Serialize};

use super::{Action, Change, Counts, Links, Outcome, PlanId, Reference};
use crate::employee::EmployeeId;

/// What a plan is for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Purpose {
    /// All people are brought in step with HR. Only such a plan moves what the next one is measured by (R08).
    #[default]
    Sync,
    /// One person is brought in step with HR.
    OnePerson {
        /// The plan of all people whose place it took: after this one is applied, a preview brings the rest of it back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        instead_of: Option<PlanId>,
    },
    /// An applied plan is taken back (R32).
    Undo {
        /// The applied plan.
        plan: PlanId,
    },
}

impl Outcome {
    /// Returns the part of an outcome that is about one person, with those who swap unique values with them. A manager
    /// whose account would only be made by the rest is left to the next plan.
    pub fn only(self, employee_id: &EmployeeId, links: &Links) -> Self {
        let own = self.changes.iter().find(|change| change.employee_id == *employee_id);
        let together = own.and_then(|change| change.together);
        let is_wanted =
            |change: &Change| change.employee_id == *employee_id || (together.is_some() && change.together == together);
        let mut changes: Vec<_> = self
            .changes
            .iter()
            .filter(|change| is_wanted(change))
            .cloned()
            .collect();
        let chosen: Vec<EmployeeId> = changes.iter().map(|change| change.employee_id.clone()).collect();
        let is_there = |reference: &Reference| match reference {
            Reference::Account(_) => true,
            Reference::Employee(id) => chosen.contains(id) || links.find(id.as_str()).is_some(),
        };
        for change in &mut changes {
            match &mut change.action {
                Action::Create { manager, .. } => {
                    manager.take_if(|manager| !is_there(manager));
                }
                Action::Link { edits, .. }
                | Action::Reactivate { edits, .. }
                | Action::Relink { edits, .. }
                | Action::Update { edits, .. } => {
                    edits
                        .manager
                        .take_if(|manager| manager.after.as_ref().is_some_and(|after| !is_there(after)));
                }
                Action::Leave { .. } => {}
            }
        }
        changes.retain(|change| !matches!(&change.action, Action::Update { edits, .. } if edits.is_empty()));
        let about = |id: &Option<EmployeeId>| id.as_ref() == Some(employee_id);
        let findings: Vec<_> = self
            .findings
            .into_iter()
            .filter(|finding| about(&finding.employee_id))
            .collect();
        let mut counts = Counts::default();
        for change in &changes {
            counts.count(change.class());
        }
        for finding in &findings {
            counts.note(finding.state);
        }
        Self {
            changes,
            findings,
            counts,
            absences: Vec::new(),
            outside: self.outside,
        }
    }
}
