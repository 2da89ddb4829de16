//! Who manages whom, looked up once it is clear who has an account (R07: unresolved or out of scope is unseen).

use super::{Differ, Shown, Verdict};
use crate::{
    account::AccountId,
    employee::{AttributeRef, Canonical, EmployeeId, Field},
    plan::{Action, Change, Edits, Fingerprints, LinkView, ManagerEdit, Reference},
};

const MANAGER: AttributeRef<'_> = AttributeRef::Canonical(Canonical::Manager);

/// Returns the manager's account that a target shows.
pub(super) fn shown_manager(shown: Shown<'_>) -> Option<AccountId> {
    let id = shown.attributes.value(Canonical::Manager)?;
    AccountId::parse(id).ok()
}

/// Returns whether this manager, or having none, needs no writing: the account shows it, or it was sent before and the
/// account still shows what it showed then.
pub(super) fn is_settled(
    link: Option<LinkView<'_>>,
    shown: Shown<'_>,
    wanted: Option<&str>,
    fingerprints: &Fingerprints,
) -> bool {
    let field = shown.attributes.field(MANAGER);
    if field.is_seen() && field.value() == wanted {
        return true;
    }
    match link.and_then(|link| link.prints().find(MANAGER)) {
        None => wanted.is_none() && field == Field::Unseen,
        Some((sent, seen)) => {
            sent == fingerprints.print(MANAGER, wanted)
                && (!field.is_seen() || seen == fingerprints.print(MANAGER, field.value()))
        }
    }
}

impl Differ<'_> {
    /// Returns whether the manager of a linked person needs no writing, and notes where the target does not keep them.
    pub(super) fn settles_manager(&mut self, link: LinkView<'_>, shown: Shown<'_>, wanted: Option<&str>) -> bool {
        let settles = is_settled(Some(link), shown, wanted, self.basis.fingerprints);
        let field = shown.attributes.field(MANAGER);
        if settles && field.is_seen() && field.value() != wanted {
            self.not_kept.note(MANAGER, || link.to_employee_id());
        }
        settles
    }

    /// Sets the managers that were left open, in the changes there are or in new ones.
    pub(super) fn settle_managers(&mut self, changes: &mut Vec<(usize, Change)>) {
        for (person, manager) in std::mem::take(&mut self.managers) {
            let Some((reference, account_id)) = self.refer_to(changes, &manager, person) else {
                continue;
            };
            match self.verdict(person) {
                Verdict::Nobody | Verdict::Finding(_) => {}
                Verdict::Unchanged => self.update_manager(changes, person, reference, account_id.as_ref()),
                Verdict::Change(position) => {
                    let link = self.links.get(person);
                    if let Some((_, change)) = changes.get_mut(position as usize) {
                        self.add_manager(change, link, reference, account_id.as_ref());
                    }
                }
            }
        }
    }

    /// Adds a manager to what changes anyhow, unless the account shows them already.
    fn add_manager(
        &self,
        change: &mut Change,
        link: Option<LinkView<'_>>,
        reference: Reference,
        account_id: Option<&AccountId>,
    ) {
        if let Action::Create { manager, .. } = &mut change.action {
            *manager = Some(reference);
            return;
        }
        let Some(account) = change.account_id().and_then(|id| self.basis.accounts.find(id.as_str())) else {
            return;
        };
        let link = link.filter(|_| matches!(change.action, Action::Reactivate { .. } | Action::Update { .. }));
        let shown = Shown::from(account);
        let is_shown = |wanted: &AccountId| is_settled(link, shown, Some(wanted.as_str()), self.basis.fingerprints);
        if !account_id.is_some_and(is_shown)
            && let Some(edits) = change.edits_mut()
        {
            edits.manager = Some(ManagerEdit {
                before: shown_manager(shown),
                after: Some(reference),
            });
        }
    }

    /// Returns to whom a manager's employee id refers, and the account where there is one already. Nobody manages
    /// themselves.
    fn refer_to(
        &self,
        changes: &[(usize, Change)],
        manager: &EmployeeId,
        of: usize,
    ) -> Option<(Reference, Option<AccountId>)> {
        let linked = self.basis.links.position(manager.as_str());
        let person = match linked.filter(|position| self.links.get(*position).is_some_and(super::is_tied)) {
            Some(position) => position,
            None => self.links.len() + self.unlinked.binary_search(manager).ok()?,
        };
        if person == of || !self.is_in_scope(person) {
            return None;
        }
        let to_come = || Reference::Employee(manager.clone());
        match self.verdict(person) {
            Verdict::Nobody | Verdict::Finding(_) => None,
            Verdict::Unchanged => self.account_of_link(person),
            Verdict::Change(position) => match &changes.get(position as usize)?.1.action {
                Action::Create { .. } => Some((to_come(), None)),
                Action::Link { account_id, .. } | Action::Relink { account_id, .. } => {
                    Some((to_come(), Some(account_id.clone())))
                }
                Action::Leave { .. } => None,
                Action::Reactivate { .. } | Action::Update { .. } => self.account_of_link(person),
            },
        }
    }

    fn account_of_link(&self, person: usize) -> Option<(Reference, Option<AccountId>)> {
        let id = self.links.get(person)?.to_account_id();
        Some((Reference::Account(id.clone()), Some(id)))
    }

    /// Makes a change of a linked person whose manager is all that changes.
    fn update_manager(
        &mut self,
        changes: &mut Vec<(usize, Change)>,
        person: usize,
        after: Reference,
        account_id: Option<&AccountId>,
    ) {
        let Some(link) = self.links.get(person) else { return };
        let Some(shown) = self.shown(person, link) else { return };
        if account_id.is_some_and(|wanted| self.settles_manager(link, shown, Some(wanted.as_str()))) {
            return;
        }
        let manager = Some(ManagerEdit {
            before: shown_manager(shown),
            after: Some(after),
        });
        let edits = Edits {
            manager,
            ..Edits::default()
        };
        let change = Change {
            employee_id: link.to_employee_id(),
            action: Action::Update {
                account_id: shown.to_id(),
                edits,
            },
            together: None,
        };
        self.set(person, Verdict::change(changes.len()));
        changes.push((person, change));
    }
}
