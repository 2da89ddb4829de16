//! Finding an account for every person who has none: who gets which account, and who gets a new one.

use std::collections::BTreeMap;

use super::{Differ, unlinked::Candidate};
use crate::{
    account::{AccountId, AccountView, ExternalId},
    connection::Decision,
    employee::{Attribute, Canonical, EmployeeId, EmploymentStatus},
    plan::{
        Action, Code, Evidence, Finding, State,
        first_link::{Asked, Index, Match, Wanted},
    },
};

/// A person who would take an account.
struct Claim {
    /// The account's place among the accounts.
    account: usize,
    evidence: Evidence,
    candidate: Candidate,
}

impl Claim {
    /// Returns how weak the claim is: those who left come after all others, then the evidence counts.
    const fn weakness(&self) -> (bool, u8) {
        let evidence = match self.evidence {
            Evidence::Decision => 0,
            Evidence::Created | Evidence::ExternalId => 1,
            Evidence::Identifier | Evidence::Rehire => 2,
        };
        (self.candidate.desired.is_none(), evidence)
    }
}

impl Differ<'_> {
    /// Finds each unlinked person's account, or makes one.
    pub(super) fn place(&mut self) {
        let candidates = std::mem::take(&mut self.candidates);
        if candidates.is_empty() {
            return;
        }
        let index = Index::new(self.accounts, self.basis.configuration, self.asked_for(&candidates));
        let successors = self.successors();
        let (mut claims, mut joiners) = (Vec::new(), Vec::new());
        for candidate in candidates {
            let is_open = candidate.desired.is_none() || self.is_in_scope(candidate.person);
            let Some(id) = self.id(candidate.person).filter(|_| is_open) else {
                continue;
            };
            if candidate.status == EmploymentStatus::Terminated
                && let Some(successor) = successors.get(&id)
            {
                let finding = Finding::about(State::Filtered, Code::SecondEmployment, id);
                self.freeze(candidate.person, finding.with_other(successor.clone()));
            } else if let Some((account, evidence)) = self.seek(&index, &id, &candidate) {
                if candidate.is_contradicted {
                    self.contradict(candidate.person, id, account);
                    continue;
                }
                claims.push(Claim {
                    account,
                    evidence,
                    candidate,
                });
            } else if !self.is_settled(candidate.person) {
                joiners.push(candidate);
            }
        }
        self.settle_claims(claims, &mut joiners);
        // Last, when it is known which addresses all others give up.
        for joiner in joiners {
            self.join(&index, joiner);
        }
    }

    /// Notes that a person decides what becomes of an account, because HR contradicts itself of whether its owner left.
    fn contradict(&mut self, person: usize, id: EmployeeId, account: usize) {
        let account_id = self.accounts.get(account).map(AccountView::to_id);
        let mut finding = Finding::about(State::Conflict, Code::Contradicted, id);
        finding.account_id = account_id;
        self.freeze(person, finding);
    }

    /// Returns everything that accounts will be searched for.
    fn asked_for(&self, candidates: &[Candidate]) -> Asked {
        let mut asked = Asked::default();
        let identifier = self.basis.configuration.identifier.attribute();
        for candidate in candidates.iter().filter(|_| !self.accounts.is_empty()) {
            if let Some(id) = self.id(candidate.person) {
                asked.add_reference(self.reference_of(&id).as_str());
            }
            if let Some(value) = &candidate.identifier {
                asked.add_value(identifier, value);
            }
            let desired = candidate.desired.as_ref();
            if let Some(address) = desired.and_then(|desired| desired.attributes.value(Canonical::Email)) {
                asked.add_address(address);
            }
            for (canonical, value) in &candidate.unless_taken {
                asked.add_value(*canonical, value);
            }
        }
        asked
    }

    fn reference_of(&self, id: &EmployeeId) -> ExternalId {
        ExternalId::new(self.basis.provider, &self.basis.header.company.id, id)
    }

    /// Returns the new employee ids of people, by the id that they had before (R16).
    fn successors(&self) -> BTreeMap<EmployeeId, EmployeeId> {
        let pairs = self.links.iter().flat_map(|link| {
            let former_ids = link.former_ids.iter();
            former_ids.map(move |former_id| (former_id.clone(), link.to_employee_id()))
        });
        pairs.collect()
    }

    fn is_settled(&self, person: usize) -> bool {
        self.verdict(person) != super::Verdict::Nobody
    }

    /// Returns the account that a person would take. `None`: there is none, or a finding says why not.
    fn seek(&mut self, index: &Index<'_>, id: &EmployeeId, candidate: &Candidate) -> Option<(usize, Evidence)> {
        let person = candidate.person;
        let decision = self.decision(id);
        match decision {
            Some(Decision::Keep) => {
                self.find(person, State::Waiting, Code::Kept);
                return None;
            }
            Some(Decision::Left) => {
                self.find(person, State::Filtered, Code::Former);
                return None;
            }
            Some(Decision::Link { account_id }) => {
                return self.seek_decided(index, id, person, account_id);
            }
            Some(Decision::NewAccount) | None => {}
        }
        let is_new = decision.is_some();
        let reference = self.reference_of(id);
        let wanted = Wanted {
            reference: reference.as_str(),
            identifier: candidate.identifier.as_deref().filter(|_| !is_new),
            name: candidate
                .name
                .as_deref()
                .filter(|_| !is_new && candidate.desired.is_some()),
        };
        let found = index.search(
            &wanted,
            |position| self.holders.get(position) == Some(&None),
            |position, value| !self.gives_up(position, value, self.basis.configuration.identifier.attribute()),
        );
        match found {
            Match::One(position, evidence) => {
                // A person who left long ago has no claim on an address that another person uses now.
                let is_used = |identifier: &str| self.keys.is_used(identifier);
                if candidate.desired.is_none() && candidate.identifier.as_deref().is_some_and(is_used) {
                    self.find(person, State::Filtered, Code::Former);
                    return None;
                }
                return Some((position, evidence));
            }
            Match::Several => self.freeze(
                person,
                Finding::about(State::Conflict, Code::SeveralAccounts, id.clone()),
            ),
            Match::ByName => self.freeze(person, Finding::about(State::Conflict, Code::PossibleMatch, id.clone())),
            Match::None => {}
        }
        None
    }

    /// Returns the account that a decision names, unless it is gone, or another account carries the person's reference: no
    /// two accounts of a target may (R02).
    fn seek_decided(
        &mut self,
        index: &Index<'_>,
        id: &EmployeeId,
        person: usize,
        account_id: &AccountId,
    ) -> Option<(usize, Evidence)> {
        let position = self.accounts.position(account_id.as_str());
        let reference = self.reference_of(id);
        let carriers: Vec<usize> = index.with_reference(reference.as_str()).collect();
        let carrier = carriers.first().and_then(|carrier| self.accounts.get(*carrier));
        let (code, about) = match (position, carrier) {
            (None, _) => (Code::AccountGone, account_id.clone()),
            (Some(position), Some(carrier)) if !carriers.contains(&position) => {
                (Code::ReferenceElsewhere, carrier.to_id())
            }
            (Some(position), _) => return Some((position, Evidence::Decision)),
        };
        let finding = Finding::about(State::Conflict, code, id.clone());
        self.freeze(person, finding.with_account(about));
        None
    }

    /// Returns whether an account gives up, by this same plan, an address by which it was found.
    fn gives_up(&self, position: usize, value: &str, canonical: Canonical) -> bool {
        if canonical != self.basis.configuration.email {
            return false;
        }
        let holder = self.holders.get(position).copied().flatten();
        let edits = holder.and_then(|holder| self.action(super::wide(holder))?.edits());
        let (Some(edits), Some(account)) = (edits, self.accounts.get(position)) else {
            return false;
        };
        // A login stays where the address changes that is not the same.
        if account.login == Some(value) {
            return false;
        }
        let is_edited = |canonical: Canonical| {
            edits
                .attributes
                .iter()
                .any(|edit| edit.attribute == Attribute::Canonical(canonical))
        };
        [canonical, Canonical::Email]
            .into_iter()
            .all(|canonical| account.value(canonical) != Some(value) || is_edited(canonical))
    }

    /// Makes an account for a person who has none.
    fn join(&mut self, index: &Index<'_>, candidate: Candidate) {
        let person = candidate.person;
        let Some(id) = self.id(person) else { return };
        let Some(desired) = candidate.desired else {
            return self.find(person, State::Filtered, Code::Former);
        };
        if self.is_partial() {
            return self.freeze(person, Finding::about(State::Waiting, Code::Incomplete, id));
        }
        let is_decided = matches!(self.decision(&id), Some(Decision::NewAccount));
        // An address beside the primary one may be shared, or another person's: it links nobody, and a person decides.
        let address = desired.attributes.value(Canonical::Email);
        let holder = address.and_then(|address| index.with_address_beside(address).next());
        let holder = holder.and_then(|holder| self.accounts.get(holder));
        if let Some(holder) = holder.filter(|_| !is_decided) {
            let finding = Finding::about(State::Conflict, Code::Taken, id).with_account(holder.to_id());
            return self.freeze(person, finding.with_attributes([Canonical::Email.into()]));
        }
        let taken = index.taken(&candidate.unless_taken, |canonical, position, value| {
            !self.gives_up(position, value, canonical)
        });
        if !taken.is_empty() && !is_decided {
            let finding = Finding::about(State::Conflict, Code::Taken, id);
            return self.freeze(
                person,
                finding.with_attributes(taken.into_iter().map(Attribute::Canonical)),
            );
        }
        self.warn(person, &desired.warnings);
        if let crate::employee::Field::Value(manager) = desired.manager {
            self.managers.push((person, manager));
        }
        let invite = self.basis.configuration.joiners.invite && self.basis.abilities.invite;
        self.change(
            person,
            Action::Create {
                attributes: desired.attributes,
                manager: None,
                invite,
                // Where logins are apart from addresses, two accounts may have one address.
                shares_address: is_decided && self.basis.abilities.logins,
            },
        );
    }

    /// Where several people would take one account, the strongest evidence wins; equals freeze each other.
    fn settle_claims(&mut self, mut claims: Vec<Claim>, joiners: &mut Vec<Candidate>) {
        claims.sort_by_key(|claim| (claim.account, claim.weakness(), claim.candidate.person));
        let mut claims = claims.into_iter().peekable();
        while let Some(first) = claims.next() {
            let (account, weakness) = (first.account, first.weakness());
            let mut others = Vec::new();
            while let Some(other) = claims.next_if(|other| other.account == account) {
                others.push(other);
            }
            let is_undecided =
                first.candidate.desired.is_some() && others.first().is_some_and(|other| other.weakness() == weakness);
            let id = self.id(first.candidate.person);
            let account_id = self.accounts.get(account).map(AccountView::to_id);
            let (Some(id), Some(account_id)) = (id, account_id) else {
                continue;
            };
            let rival = others.first().map(|other| other.candidate.person);
            if is_undecided {
                let finding = Finding::about(State::Conflict, Code::LinkedElsewhere, id.clone());
                let mut finding = finding.with_account(account_id.clone());
                finding.others.extend(rival.and_then(|rival| self.id(rival)));
                self.freeze(first.candidate.person, finding);
            } else {
                self.take(first.candidate, account, first.evidence);
            }
            let identifier = self.basis.configuration.identifier.attribute();
            for other in others {
                let value = other.candidate.identifier.as_deref();
                // Where the account still carries the reference of a loser, that person gets no other account before it
                // carries the winner's reference.
                let is_free = other.evidence != Evidence::ExternalId;
                if is_free && value.is_some_and(|value| self.gives_up(account, value, identifier)) {
                    joiners.push(other.candidate);
                } else {
                    self.lose(&other.candidate, &id, &account_id);
                }
            }
        }
    }

    /// Notes that another person takes the account that this person claimed.
    fn lose(&mut self, candidate: &Candidate, winner: &EmployeeId, account_id: &AccountId) {
        let Some(id) = self.id(candidate.person) else {
            return;
        };
        let finding = if candidate.desired.is_some() {
            Finding::about(State::Conflict, Code::LinkedElsewhere, id).with_account(account_id.clone())
        } else {
            Finding::about(State::Filtered, Code::Former, id)
        };
        self.freeze(candidate.person, finding.with_other(winner.clone()));
    }
}
