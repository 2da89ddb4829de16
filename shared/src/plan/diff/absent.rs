//! Linked people whom the roster does not show. Only a certificate makes that an absence (R05, R13).

use super::{Absence, Differ, MISSING_FOR, is_tied};
use crate::{
    connection::{Decision, LeaverPolicy},
    plan::{Code, LeaverReason, LinkView, State},
};

impl<'a> Differ<'a> {
    pub(super) fn absent(&mut self, person: usize, link: LinkView<'a>) {
        if !is_tied(link) {
            return;
        }
        self.unchanged(person);
        let Some(certificate) = self.basis.certificate() else {
            return;
        };
        let since = link.absent_since.unwrap_or_else(|| certificate.certified_at());
        if link.absent_since.is_none() {
            self.absences.push(Absence {
                employee_id: link.to_employee_id(),
                absent_since: Some(since),
            });
        }
        let reason = match self.decision_on(link) {
            Some(Decision::Keep) => return self.find(person, State::Waiting, Code::Kept),
            Some(Decision::Left) => LeaverReason::Decision,
            Some(Decision::Link { .. } | Decision::NewAccount) | None => LeaverReason::Missing,
        };
        self.set_gone(person);
        let shown = self.shown(person, link);
        if shown.is_none_or(|shown| !shown.active) {
            return;
        }
        if self.is_doubled(person) {
            return self.find(person, State::Conflict, Code::LinkedElsewhere);
        }
        let is_ignored = self.basis.configuration.leavers.missing == LeaverPolicy::Ignore;
        // The first of the two reads was judged at `since`; this one has seen nothing of what was before it began.
        let is_new = self.basis.read_from.duration_since(since) < MISSING_FOR;
        if reason == LeaverReason::Missing && is_new && !is_ignored {
            self.find(person, State::Waiting, Code::Missing);
        } else {
            // Where the policy leaves such people as they are, nothing is to be done.
            let _ = self.leave(person, link, shown, reason);
        }
    }
}
