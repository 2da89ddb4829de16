//! The decision: HR's people against the target's accounts, person by person.
//!
//! Order of judgement (R11): a leaver needs only the link; then the scope filter; then what is required; then the
//! attributes. Every person gets one verdict: a change, a finding, or that nothing is to be done. What needs to know
//! all people comes afterwards, in this order: who shares what must be theirs alone (`shared`), whose account the
//! unlinked take (`place`), which addresses are free (`order`), who manages whom (`manager`).

mod absent;
mod collect;
mod kept;
mod leave;
mod linked;
mod manager;
mod place;
mod shared;
mod standing;
mod take;
mod unlinked;
mod walk;

use std::{collections::BTreeMap, num::NonZeroU32};

use jiff::{SignedDuration, Timestamp};

pub use self::walk::diff;
use self::{
    kept::NotKept,
    shared::{Keys, Sighting},
    standing::Judge,
    unlinked::Candidate,
};
use super::{Action, Basis, Change, Code, Counts, Finding, LinkState, LinkView, Links, State};
use crate::{
    account::{AccountId, AccountView, Accounts},
    connection::{Decision, DecisionRecord},
    employee::{EmployeeId, View},
    mapping::Mapper,
    roster::Completeness,
};

/// How long a person must be missing from certified rosters before the policy for missing people acts (R13).
pub const MISSING_FOR: SignedDuration = SignedDuration::from_hours(20);

/// A note on a link that a run makes whatever becomes of its plan: since when a person is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absence {
    /// The employee whose link it is.
    pub employee_id: EmployeeId,
    /// Since which certified roster; `None`: the person is there again.
    pub absent_since: Option<Timestamp>,
}

/// The result of a diff.
#[must_use = "an unread outcome is not actionable"]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The changes, in the order in which they are to be made.
    pub changes: Vec<Change>,
    /// What is not done, and why.
    pub findings: Vec<Finding>,
    /// How many people are counted under each heading.
    pub counts: Counts,
    /// Notes on links: since when people are missing.
    pub absences: Vec<Absence>,
    /// People of the roster outside the scope, and those who left before they were ever linked, in order: of them no
    /// values are kept (R35).
    pub outside: Vec<EmployeeId>,
}

/// What was decided about one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// Nothing: there is no such person, or the same person is counted under another id.
    Nobody,
    /// Nothing is to be done.
    Unchanged,
    /// The action at this position.
    Change(u32),
    /// The finding at this position.
    Finding(u32),
}

impl Verdict {
    fn change(position: usize) -> Self {
        Self::Change(crate::employee::narrow(position))
    }

    fn finding(position: usize) -> Self {
        Self::Finding(crate::employee::narrow(position))
    }
}

/// One person. People with a link come first, in the order of links; all others follow, in the order of the roster.
#[derive(Clone, Copy, Debug)]
struct Person {
    verdict: Verdict,
    /// Whether HR keeps an account of theirs up to date, so that others may refer to it.
    in_scope: bool,
    /// Whether the person is terminated or missing in this certified roster, so that a new employee id may take their
    /// account.
    gone: bool,
    /// Whether HR shows them under an address that is never switched off automatically (R19).
    protected: bool,
}

const NOBODY: Person = Person {
    verdict: Verdict::Nobody,
    in_scope: false,
    gone: false,
    protected: false,
};

/// A linked account as far as the target shows it.
#[derive(Clone, Copy)]
struct Shown<'a> {
    id: &'a str,
    active: bool,
    attributes: View<'a>,
    /// The login name, where it is not the address.
    login: Option<&'a str>,
}

impl Shown<'_> {
    fn to_id(self) -> AccountId {
        AccountId::known(self.id)
    }
}

impl<'a> From<AccountView<'a>> for Shown<'a> {
    fn from(account: AccountView<'a>) -> Self {
        Self {
            id: account.id,
            active: account.active,
            attributes: account.attributes,
            login: account.login,
        }
    }
}

/// Returns whether a link ties an employee to an account yet.
const fn is_tied(link: LinkView<'_>) -> bool {
    !matches!(link.state, LinkState::Pending)
}

/// Works out what is to be done, while the people of a roster pass in the order of their ids: all of them once ([`Self::walk`]),
/// and once more ([`Self::look`]) where [`Self::end_walk`] asks for it.
pub struct Differ<'a> {
    basis: &'a Basis<'a>,
    /// The place of the link that comes next.
    next: usize,
    links: &'a Links,
    accounts: &'a Accounts,
    mapper: Mapper,
    judge: Judge,
    people: Vec<Person>,
    /// Ids of the people who follow the links.
    unlinked: Vec<EmployeeId>,
    /// For each link, the place of its account.
    account_of: Vec<Option<NonZeroU32>>,
    /// For each account, the place of the link that holds it.
    holders: Vec<Option<NonZeroU32>>,
    actions: Vec<(usize, Action)>,
    findings: Vec<Finding>,
    /// Findings about people who are synchronised nevertheless.
    todos: Vec<(usize, Finding)>,
    keys: Keys,
    /// People who may share what must be theirs alone, and what was seen when they were looked at again.
    suspects: BTreeMap<String, usize>,
    sightings: Vec<Sighting>,
    candidates: Vec<Candidate>,
    /// Managers that are to be looked up: whose, and whom.
    managers: Vec<(usize, EmployeeId)>,
    absences: Vec<Absence>,
    outside: Vec<EmployeeId>,
    /// What was sent of linked people and is not kept by the target.
    not_kept: NotKept,
}

impl<'a> Differ<'a> {
    /// Begins a diff; `None` for another company's roster, and for a connection that reads nothing: nothing is to be done then.
    pub fn new(basis: &'a Basis<'a>) -> Option<Self> {
        if matches!(basis.completeness, Completeness::Foreign) || !basis.configuration.syncs() {
            return None;
        }
        let (links, accounts) = (basis.links, basis.accounts);
        let hidden = basis.baseline.hidden_in(basis.header);
        let mut holders = vec![None; accounts.len()];
        let mut account_of = Vec::with_capacity(links.len());
        let mut finder = accounts.finder();
        for (position, link) in links.iter().enumerate() {
            let account = Some(link).filter(|link| is_tied(*link));
            let account = account.and_then(|link| finder.position(link.account_id));
            if let Some(holder) = account.and_then(|account| holders.get_mut(account)) {
                *holder = narrow(position);
            }
            account_of.push(account.and_then(narrow));
        }
        let mut people = Vec::with_capacity(links.len() + basis.header.employees as usize);
        people.resize(links.len(), NOBODY);
        Some(Self {
            basis,
            next: 0,
            links,
            accounts,
            mapper: basis.mapper.clone().with_hidden(&hidden),
            judge: Judge::new(basis.configuration),
            people,
            unlinked: Vec::new(),
            account_of,
            holders,
            actions: Vec::new(),
            findings: Vec::new(),
            todos: Vec::new(),
            keys: Keys::default(),
            suspects: BTreeMap::new(),
            sightings: Vec::new(),
            candidates: Vec::new(),
            managers: Vec::new(),
            absences: Vec::new(),
            outside: Vec::new(),
            not_kept: NotKept::default(),
        })
    }

    /// Returns the employee id of a person.
    fn id(&self, person: usize) -> Option<EmployeeId> {
        match self.links.get(person) {
            Some(link) => Some(link.to_employee_id()),
            None => self.unlinked.get(person - self.links.len()).cloned(),
        }
    }

    fn decision(&self, id: &EmployeeId) -> Option<&'a Decision> {
        self.basis.decisions.get(id).map(|record| &record.decision)
    }

    /// Returns the decision about a linked person. Few people have one.
    fn decided_on(&self, link: LinkView<'_>) -> Option<&'a DecisionRecord> {
        let decisions = self.basis.decisions;
        let is_any = !decisions.is_empty();
        is_any.then(|| decisions.get(&link.to_employee_id())).flatten()
    }

    fn decision_on(&self, link: LinkView<'_>) -> Option<&'a Decision> {
        self.decided_on(link).map(|record| &record.decision)
    }

    /// Returns whether a linked person was erased. Few people were.
    fn is_erased(&self, link: LinkView<'_>) -> bool {
        let erased = self.basis.erased;
        !erased.is_empty() && erased.contains(&link.to_employee_id())
    }

    /// Returns whether the walk over HR's pages did not end: then linked people are updated and nothing else (R06).
    const fn is_partial(&self) -> bool {
        !self.basis.completeness.is_whole()
    }

    /// Returns the account of a link. Of a target that cannot list, all that is known is what we did (its values are
    /// unseen).
    fn shown(&self, person: usize, link: LinkView<'a>) -> Option<Shown<'a>> {
        if !self.basis.abilities.list {
            return Some(Shown {
                id: link.account_id,
                active: !matches!(link.state, LinkState::Deactivated { .. }),
                attributes: View::default(),
                login: None,
            });
        }
        let position = self.account_of.get(person).copied().flatten()?;
        self.accounts.get(wide(position)).map(Shown::from)
    }

    /// Returns the id of a link's account, where the target shows that.
    fn shown_id(&self, person: usize) -> Option<&'a str> {
        if !self.basis.abilities.list {
            return self.links.get(person).map(|link| link.account_id);
        }
        let position = self.account_of.get(person).copied().flatten()?;
        self.accounts.id_at(wide(position))
    }

    /// Returns whether another link holds the account of this link, which R04 rules out: then neither link touches the
    /// account.
    fn is_doubled(&self, person: usize) -> bool {
        let account = self.account_of.get(person).copied().flatten();
        let holder = account.and_then(|account| self.holders.get(wide(account)).copied().flatten());
        holder.is_some_and(|holder| wide(holder) != person)
    }

    fn set(&mut self, person: usize, verdict: Verdict) {
        if let Some(person) = self.people.get_mut(person) {
            person.verdict = verdict;
        }
    }

    fn unchanged(&mut self, person: usize) {
        self.set(person, Verdict::Unchanged);
    }

    fn change(&mut self, person: usize, action: Action) {
        self.set(person, Verdict::change(self.actions.len()));
        self.actions.push((person, action));
    }

    fn note(&mut self, person: usize, finding: Finding) {
        self.set(person, Verdict::finding(self.findings.len()));
        self.findings.push(finding);
    }

    /// Notes a finding about a person of whom there is nothing more to say.
    fn find(&mut self, person: usize, state: State, code: Code) {
        if let Some(id) = self.id(person) {
            self.note(person, Finding::about(state, code, id));
        }
    }

    /// Puts a person aside, whatever was decided before; nobody refers to them in this plan.
    fn freeze(&mut self, person: usize, finding: Finding) {
        if let Some(person) = self.people.get_mut(person) {
            person.in_scope = false;
        }
        self.note(person, finding);
    }

    /// Notes that no value of a person is to be kept. To be called in the order of the roster.
    fn set_outside(&mut self, person: usize) {
        let id = self.id(person);
        self.outside.extend(id);
    }

    fn is_in_scope(&self, person: usize) -> bool {
        self.people.get(person).is_some_and(|person| person.in_scope)
    }

    fn is_gone(&self, person: usize) -> bool {
        self.people.get(person).is_some_and(|person| person.gone)
    }

    fn set_gone(&mut self, person: usize) {
        if let Some(person) = self.people.get_mut(person) {
            person.gone = true;
        }
    }

    fn verdict(&self, person: usize) -> Verdict {
        self.people.get(person).map_or(Verdict::Nobody, |person| person.verdict)
    }

    /// Returns the action that a person gets.
    fn action(&self, person: usize) -> Option<&Action> {
        match self.verdict(person) {
            Verdict::Change(position) => self.actions.get(position as usize).map(|(_, action)| action),
            Verdict::Nobody | Verdict::Unchanged | Verdict::Finding(_) => None,
        }
    }
}

/// Returns a position as it is kept: in 32 bits and one higher. There are fewer people than that.
fn narrow(position: usize) -> Option<NonZeroU32> {
    u32::try_from(position + 1).ok().and_then(NonZeroU32::new)
}

/// Returns the position that was kept.
const fn wide(position: NonZeroU32) -> usize {
    position.get() as usize - 1
}
