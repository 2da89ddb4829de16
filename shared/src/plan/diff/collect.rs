//! After every person was seen: verdicts become changes in order, findings and counts.

use super::{Differ, Outcome, Verdict};
use crate::plan::{Action, Change, Code, Counts, Finding, State, line, order};

impl Differ<'_> {
    /// Returns what is to be done, and why not more.
    pub fn finish(mut self) -> Outcome {
        self.settle_shared();
        self.place();
        let mut changes = self.changes();
        let someone_waits = self.refuse(&mut changes);
        self.settle_managers(&mut changes);
        let changes = changes.into_iter().map(|(_, change)| change).collect();
        let changes = if someone_waits {
            order::arrange(changes, self.basis)
        } else {
            order::by_person(changes)
        };
        let mut counts = Counts::default();
        for change in &changes {
            counts.count(change.class());
        }
        let findings = self.findings(&mut counts);
        Outcome {
            changes,
            findings,
            counts,
            absences: self.absences,
            outside: self.outside,
        }
    }

    /// Returns the changes of all people whose verdict is one, each under its new position.
    fn changes(&mut self) -> Vec<(usize, Change)> {
        let actions = std::mem::take(&mut self.actions);
        let mut changes = Vec::with_capacity(actions.len());
        for (position, (person, action)) in actions.into_iter().enumerate() {
            if self.verdict(person) == Verdict::change(position)
                && let Some(employee_id) = self.id(person)
            {
                self.set(person, Verdict::change(changes.len()));
                let change = Change {
                    employee_id,
                    action,
                    together: None,
                };
                changes.push((person, change));
            }
        }
        changes
    }

    /// Takes out changes that want an address which no change frees (R20), and changes that are larger than a line of a
    /// plan may be (R47); their people are frozen. Returns whether a person waits for another person's address.
    /// Managers are settled later and bring no addresses.
    fn refuse(&mut self, changes: &mut Vec<(usize, Change)>) -> bool {
        let (refused, someone_waits) = {
            let all: Vec<&Change> = changes.iter().map(|(_, change)| change).collect();
            let refused = order::refused(&all, self.basis);
            let someone_waits = refused.is_some();
            let mut refused = refused.unwrap_or_default();
            let places = all.iter().enumerate().filter(|(_, change)| line::is_too_long(change));
            refused.extend(places.map(|(place, _)| (place, Code::TooLarge)));
            (refused, someone_waits)
        };
        if refused.is_empty() {
            return someone_waits;
        }
        let all = std::mem::take(changes);
        for (position, (person, change)) in all.into_iter().enumerate() {
            if let Some(code) = refused.get(&position) {
                self.refuse_one(person, change, *code);
            } else {
                self.set(person, Verdict::change(changes.len()));
                changes.push((person, change));
            }
        }
        someone_waits
    }

    fn refuse_one(&mut self, person: usize, change: Change, code: Code) {
        if let Action::Relink { former_id, .. } = change.action
            && let Some(former) = self.basis.links.position(former_id.as_str())
        {
            let finding = Finding::about(State::Conflict, code, former_id);
            self.freeze(former, finding.with_other(change.employee_id.clone()));
        }
        self.freeze(person, Finding::about(State::Conflict, code, change.employee_id));
    }

    /// Returns all findings in order, and what they count.
    fn findings(&mut self, counts: &mut Counts) -> Vec<Finding> {
        let mut noted: Vec<Option<Finding>> = std::mem::take(&mut self.findings).into_iter().map(Some).collect();
        let mut findings = Vec::with_capacity(noted.len());
        for person in &self.people {
            match person.verdict {
                Verdict::Nobody | Verdict::Change(_) => {}
                Verdict::Unchanged => counts.unchanged += 1,
                Verdict::Finding(position) => findings.extend(noted.get_mut(position as usize).and_then(Option::take)),
            }
        }
        for (person, todo) in std::mem::take(&mut self.todos) {
            let is_synchronised = matches!(self.verdict(person), Verdict::Unchanged | Verdict::Change(_));
            findings.extend(Some(todo).filter(|_| is_synchronised));
        }
        findings.extend(std::mem::take(&mut self.not_kept).into_findings());
        for finding in &findings {
            counts.note(finding.state);
        }
        findings.sort();
        let accounts = self.accounts.iter().zip(&self.holders);
        let unmanaged = accounts.filter(|(_, holder)| holder.is_none());
        let position = findings.partition_point(|finding| finding.state < State::Unmanaged);
        let unmanaged: Vec<Finding> = unmanaged
            .map(|(account, _)| Finding::unmanaged(account.to_id()))
            .collect();
        counts.unmanaged = u32::try_from(unmanaged.len()).unwrap_or(u32::MAX);
        debug_assert!(unmanaged.iter().all(|finding| finding.code == Code::Unmanaged));
        findings.splice(position..position, unmanaged);
        findings
    }
}
