//! Carrying a plan out on a scene: people first, references second, leavers last, as the use case does.

use std::collections::BTreeSet;

use super::{Night, Scene, account, fingerprints, reference};
use crate::{
    account::{Account, AccountId},
    employee::{Attribute, Attributes, AttributesBuilder, Canonical, EmployeeId, Field},
    plan::{
        Action, Change, Edits, Evidence, LeaveBy, Link, LinkState, ManagerEdit, Prints, Reference, Status,
        baseline_after,
    },
};

impl Scene {
    /// Carries a plan out, as if it was approved.
    pub(crate) fn apply(&mut self, night: &Night) {
        let changes = night.lines.read().unwrap();
        let mut rest = changes.as_slice();
        while let Some(first) = rest.first() {
            let is_same = |change: &&Change| first.together.is_some() && change.together == first.together;
            let length = rest.iter().take_while(is_same).count().max(1);
            let (group, after) = rest.split_at(length);
            for change in group {
                self.take_person(change);
            }
            self.check_unique();
            rest = after;
        }
        for change in &changes {
            self.set_reference(change);
        }
        for change in &changes {
            self.let_go(change);
        }
        self.finish(night, &changes);
    }

    /// What a connection remembers after a plan was applied, or was empty.
    fn finish(&mut self, night: &Night, changes: &[Change]) {
        let is_empty = night.plan.status() == Status::Empty;
        if night.completeness.is_whole() {
            let today = self.today();
            let before = std::mem::take(&mut self.baseline);
            let (header, limits) = (&night.roster.header, self.configuration.limits);
            self.baseline = baseline_after(&night.plan, before, header, limits, today);
        }
        if !is_empty || self.applied.is_some() {
            self.applied = Some(self.configuration.version);
        }
        let leavers = changes.iter().filter(|change| change.is_leaver()).count();
        self.leavers.push((self.today(), u32::try_from(leavers).unwrap()));
    }

    fn take_person(&mut self, change: &Change) {
        let id = &change.employee_id;
        match &change.action {
            Action::Leave { .. } => {}
            Action::Create { attributes, .. } => {
                self.made += 1;
                let made = account(&format!("a-{}", self.made));
                let kept = attributes.view().iter().map(|entry| {
                    let attribute = entry.attribute.to_owned().unwrap();
                    (attribute, entry.field.value().map(str::to_owned))
                });
                let kept: Vec<_> = kept.collect();
                let empty = Account {
                    id: made.clone(),
                    external_id: Some(reference(id)),
                    active: true,
                    attributes: Attributes::default(),
                    login: None,
                    addresses: Box::default(),
                    version: None,
                };
                self.accounts.insert(made.clone(), empty);
                self.write(&made, &kept);
                self.tie(id, &made, Evidence::Created, &kept, self.former_ids(id));
            }
            Action::Link {
                account_id,
                evidence,
                edits,
                ..
            } => {
                self.expect_free(account_id, id);
                let sent = self.edit(account_id, edits, None);
                self.accounts.get_mut(account_id).unwrap().external_id = Some(reference(id));
                self.tie(id, account_id, *evidence, &sent, self.former_ids(id));
            }
            Action::Reactivate { account_id, edits } => {
                let sent = self.edit(account_id, edits, None);
                self.accounts.get_mut(account_id).unwrap().active = true;
                self.remember(id, &sent, Some(LinkState::Active));
            }
            Action::Relink {
                account_id,
                former_id,
                reactivate,
                reference: replaced,
                edits,
            } => {
                let sent = self.edit(account_id, edits, Some(!reactivate));
                let account = self.accounts.get_mut(account_id).unwrap();
                let expected = replaced
                    .as_ref()
                    .map_or_else(|| reference(former_id), |edit| edit.before.clone());
                let shown = account.external_id.as_ref();
                assert!(
                    shown.is_none_or(|shown| *shown == expected),
                    "the plan names what is replaced"
                );
                account.active = true;
                account.external_id = Some(reference(id));
                let former = self.links.remove(former_id).unwrap();
                assert_eq!(former.account_id, *account_id, "a link moves with its account");
                let mut former_ids = former.former_ids.clone();
                former_ids.push(former_id.clone());
                self.tie(id, account_id, Evidence::Rehire, &sent, former_ids);
                let link = self.links.get_mut(id).unwrap();
                link.prints = former.prints.with(prints_of(&link.prints));
            }
            Action::Update { account_id, edits } => {
                let sent = self.edit(account_id, edits, Some(true));
                self.remember(id, &sent, None);
            }
        }
    }

    /// Returns the employee ids that a person had before.
    fn former_ids(&self, id: &EmployeeId) -> Vec<EmployeeId> {
        self.links
            .get(id)
            .map(|link| link.former_ids.clone())
            .unwrap_or_default()
    }

    fn expect_free(&self, account_id: &AccountId, id: &EmployeeId) {
        let holder = self.links.values().find(|link| link.account_id == *account_id);
        assert!(
            holder.is_none_or(|holder| holder.employee_id == *id),
            "an account has one link"
        );
    }

    /// Writes edits after checking that the account is as the plan saw it (R28). Returns what was sent.
    fn edit(
        &mut self,
        account_id: &AccountId,
        edits: &Edits,
        was_active: Option<bool>,
    ) -> Vec<(Attribute, Option<String>)> {
        let account = &self.accounts[account_id];
        assert!(
            was_active.is_none_or(|was_active| account.active == was_active),
            "the account is as planned"
        );
        let mut sent = Vec::new();
        for edit in &edits.attributes {
            let shown = account.attributes.field(edit.attribute.clone()).value();
            assert_eq!(shown, edit.before.as_deref(), "{} is as planned", edit.attribute);
            sent.push((edit.attribute.clone(), edit.after.as_deref().map(str::to_owned)));
        }
        self.write(account_id, &sent);
        sent
    }

    fn write(&mut self, account_id: &AccountId, sent: &[(Attribute, Option<String>)]) {
        let keeps = self.keeps;
        let account = self.accounts.get_mut(account_id).unwrap();
        let mut attributes = AttributesBuilder::new();
        for entry in account.attributes.view() {
            attributes.set(entry.attribute.to_owned().unwrap(), entry.field);
        }
        for (attribute, value) in sent {
            let kept = value.as_deref().map(|value| keeps(attribute, value));
            attributes.set(attribute.clone(), kept.as_deref().into());
        }
        account.attributes = attributes.build();
    }

    fn tie(
        &mut self,
        id: &EmployeeId,
        account_id: &AccountId,
        evidence: Evidence,
        sent: &[(Attribute, Option<String>)],
        former_ids: Vec<EmployeeId>,
    ) {
        let link = Link {
            employee_id: id.clone(),
            account_id: account_id.clone(),
            evidence,
            state: LinkState::Active,
            absent_since: None,
            prints: Prints::default(),
            journal: None,
            former_ids,
            linked_at: self.now,
        };
        self.links.insert(id.clone(), link);
        self.remember(id, sent, None);
    }

    /// Notes on a link what was sent and what the target shows of it.
    fn remember(&mut self, id: &EmployeeId, sent: &[(Attribute, Option<String>)], state: Option<LinkState>) {
        let link = self.links.get_mut(id).unwrap();
        let shown = &self.accounts[&link.account_id].attributes;
        let fingerprints = fingerprints();
        let prints = sent.iter().map(|(attribute, value)| {
            let print = |value: Option<&str>| fingerprints.print(attribute.as_ref(), value);
            let seen = shown.field(attribute.clone()).value();
            (attribute.clone(), print(value.as_deref()), print(seen))
        });
        link.prints = link.prints.with(prints.collect::<Vec<_>>());
        link.state = state.unwrap_or(link.state);
    }

    fn set_reference(&mut self, change: &Change) {
        let edit = match &change.action {
            Action::Create { manager, .. } => manager.clone().map(|after| ManagerEdit {
                before: None,
                after: Some(after),
            }),
            Action::Leave { .. } => None,
            Action::Link { edits, .. }
            | Action::Reactivate { edits, .. }
            | Action::Relink { edits, .. }
            | Action::Update { edits, .. } => edits.manager.clone(),
        };
        let Some(edit) = edit else { return };
        let account_id = self.links[&change.employee_id].account_id.clone();
        let shown = self.accounts[&account_id].value(Canonical::Manager);
        assert_eq!(
            shown,
            edit.before.as_ref().map(AccountId::as_str),
            "the manager is as planned"
        );
        let wanted = edit.after.map(|after| match after {
            Reference::Account(id) => id,
            Reference::Employee(employee) => self.links[&employee].account_id.clone(),
        });
        let wanted = wanted.map(|id| {
            assert!(self.accounts.contains_key(&id), "managers have accounts");
            id.as_str().to_owned()
        });
        let sent = [(Canonical::Manager.into(), wanted)];
        self.write(&account_id, &sent);
        self.remember(&change.employee_id, &sent, None);
    }

    fn let_go(&mut self, change: &Change) {
        let Action::Leave {
            account_id,
            reason,
            by,
            linked_by,
        } = &change.action
        else {
            return;
        };
        if let Some(evidence) = linked_by {
            self.expect_free(account_id, &change.employee_id);
            let id = &change.employee_id;
            self.tie(id, account_id, *evidence, &[], self.former_ids(id));
            let account = self.accounts.get_mut(account_id).unwrap();
            account.external_id = Some(reference(&change.employee_id));
        }
        let account = self.accounts.get_mut(account_id).unwrap();
        let (reason, at) = (*reason, self.now);
        let state = match by {
            LeaveBy::Deactivate => {
                assert!(account.active, "only what is on is switched off");
                account.active = false;
                LinkState::Deactivated { reason, at }
            }
            LeaveBy::Group { name, before } => {
                assert_eq!(
                    account.value(Canonical::Group),
                    before.as_deref(),
                    "the group is as planned"
                );
                let sent = [(Canonical::Group.into(), Some(name.to_string()))];
                self.write(account_id, &sent);
                LinkState::Moved { reason, at }
            }
        };
        self.links.get_mut(&change.employee_id).unwrap().state = state;
    }

    /// E-mail addresses and references are unique in the target, after every step.
    fn check_unique(&self) {
        let mut taken = BTreeSet::new();
        for account in self.accounts.values() {
            let email = account.value(Canonical::Email).map(|email| (true, email));
            let external_id = account.external_id.as_ref().map(|id| (false, id.as_str()));
            for unique in email.into_iter().chain(external_id) {
                assert!(taken.insert(unique), "a unique value is free before it is taken");
            }
        }
    }
}

fn prints_of(prints: &Prints) -> Vec<(Attribute, crate::plan::Fingerprint, crate::plan::Fingerprint)> {
    let prints = prints.iter();
    prints
        .filter_map(|(attribute, sent, seen)| Some((attribute.to_owned()?, sent, seen)))
        .collect()
}

/// What an account shows, by name.
impl Account {
    /// Returns the text of an attribute, or of there being none.
    pub(crate) fn text(&self, canonical: Canonical) -> &str {
        match self.attributes.field(canonical) {
            Field::Value(value) => value,
            Field::Empty | Field::Unseen => "",
        }
    }
}
