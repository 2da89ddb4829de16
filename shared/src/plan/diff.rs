//! The decision: HR's people against the target's accounts, person by person.
//!
//! Order of judgement (R11): a leaver needs only the link; then the scope filter; then what is required; then the
//! attributes. One person gets one change or one finding.

use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use super::{
    Action, Basis, Change, Code, Counts, Edits, Evidence, Finding, LeaveBy, LeaverReason, Link, LinkState, ManagerEdit,
    Reference, State, edit,
    first_link::{Index, Match, full_name},
    order::{self, Ordered},
};
use crate::{
    account::{Account, AccountId, ExternalId},
    connection::{Decision, LeaverPolicy, Preset, RehirePolicy},
    employee::{Attribute, Canonical, EmployeeId, EmploymentStatus, Field, View, fold, status_at},
    mapping::{Desired, Mapped, Mapper, Warning},
    roster::{Completeness, Error, Row},
};

/// How long somebody must be missing from certified rosters before the policy for missing people acts (R13).
pub const MISSING_FOR: SignedDuration = SignedDuration::from_hours(20);

/// A note on a link that a run makes whatever becomes of its plan: since when a person is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absence {
    /// Whose link.
    pub employee_id: EmployeeId,
    /// Since which certified roster; `None`: the person is there again.
    pub absent_since: Option<Timestamp>,
}

/// What a diff came to.
#[must_use = "an unread outcome is not actionable"]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// What is to be done, in the order in which it is to be done.
    pub changes: Vec<Change>,
    /// What is not done, and why.
    pub findings: Vec<Finding>,
    /// Who stands where.
    pub counts: Counts,
    /// Since when people are missing.
    pub absences: Vec<Absence>,
}

/// Works out what is to be done, and why not more.
///
/// # Errors
/// [`Error`] where a chunk of the roster is damaged.
pub fn diff(basis: &Basis<'_>) -> Result<Outcome, Error> {
    if matches!(basis.completeness, Completeness::Foreign) {
        return Ok(Outcome::default());
    }
    let mut differ = Differ::new(basis);
    let mut links = basis.links.as_slice().iter().peekable();
    let mut mapper = basis.mapper.clone();
    basis.roster.each(|row| {
        let Ok(id) = EmployeeId::parse(row.id) else { return };
        while let Some(absent) = links.next_if(|link| link.employee_id < id) {
            differ.absent(absent);
        }
        let link = links.next_if(|link| link.employee_id == id);
        differ.person(
            &mut mapper,
            id,
            row,
            link.filter(|link| !matches!(link.state, LinkState::Pending)),
        );
    })?;
    for absent in links {
        differ.absent(absent);
    }
    Ok(differ.finish())
}

/// Somebody without a link, kept until all links were seen.
struct Candidate {
    id: EmployeeId,
    position: usize,
    status: EmploymentStatus,
    identifier: Option<Box<str>>,
    name: Option<String>,
    desired: Option<Desired>,
}

/// What became of one person of the roster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// Has, or gets, an account that HR keeps up to date.
    InScope,
    /// Anything else.
    Other,
}

/// A person in scope, by what must be theirs alone (R10).
struct Key {
    value: Box<str>,
    position: usize,
}

struct Differ<'a> {
    basis: &'a Basis<'a>,
    fallback: TimeZone,
    outcome: Outcome,
    ids: Vec<EmployeeId>,
    fates: Vec<Fate>,
    identifiers: Vec<Key>,
    emails: Vec<Key>,
    candidates: Vec<Candidate>,
    /// Whether an account is linked to somebody, by its position.
    linked: Vec<bool>,
    /// Managers that are still to be looked up: whose, by position, and whom.
    managers: Vec<(usize, EmployeeId)>,
    /// Linked people who are terminated or missing in this roster: whose account may pass to a new employee id.
    gone: Vec<(EmployeeId, AccountId)>,
}

impl<'a> Differ<'a> {
    fn new(basis: &'a Basis<'a>) -> Self {
        let mut linked = vec![false; basis.accounts.as_slice().len()];
        for link in basis
            .links
            .as_slice()
            .iter()
            .filter(|link| !matches!(link.state, LinkState::Pending))
        {
            if let Some(mark) = basis
                .accounts
                .position(&link.account_id)
                .and_then(|position| linked.get_mut(position))
            {
                *mark = true;
            }
        }
        let people = basis.roster.header.employees as usize;
        Self {
            basis,
            fallback: TimeZone::get(&basis.configuration.fallback_time_zone).unwrap_or(TimeZone::UTC),
            outcome: Outcome::default(),
            ids: Vec::with_capacity(people),
            fates: Vec::with_capacity(people),
            identifiers: Vec::with_capacity(people),
            emails: Vec::with_capacity(people),
            candidates: Vec::new(),
            linked,
            managers: Vec::new(),
            gone: Vec::new(),
        }
    }

    fn note(&mut self, state: State, code: Code, employee_id: EmployeeId) -> &mut Finding {
        self.outcome.findings.push(Finding {
            state,
            code,
            employee_id: Some(employee_id),
            account_id: None,
            attributes: Vec::new(),
            others: Vec::new(),
        });
        let last = self.outcome.findings.len() - 1;
        #[expect(clippy::indexing_slicing, reason = "the element was pushed two lines above")]
        &mut self.outcome.findings[last]
    }

    /// Looks at one person of the roster.
    fn person(&mut self, mapper: &mut Mapper, id: EmployeeId, row: Row<'_>, link: Option<&Link>) {
        let position = self.ids.len();
        self.ids.push(id.clone());
        self.fates.push(Fate::Other);
        let effective = self.basis.configuration.leavers.effective;
        let status = status_at(row.attributes, self.basis.now, effective, &self.fallback);
        match link {
            Some(link) => self.linked_person(mapper, id, position, row, status, link),
            None => self.candidate(mapper, id, position, row, status),
        }
    }

    /// A linked person who is in the roster.
    fn linked_person(
        &mut self,
        mapper: &mut Mapper,
        id: EmployeeId,
        position: usize,
        row: Row<'_>,
        status: EmploymentStatus,
        link: &Link,
    ) {
        if link.absent_since.is_some() && self.basis.completeness.is_whole() {
            self.outcome.absences.push(Absence {
                employee_id: id.clone(),
                absent_since: None,
            });
        }
        let decision = self.basis.decisions.get(&id);
        if matches!(decision, Some(Decision::Keep)) {
            self.note(State::Waiting, Code::Kept, id);
            return;
        }
        let account = self.basis.accounts.find(&link.account_id);
        let leaves = status == EmploymentStatus::Terminated;
        if leaves {
            self.gone.push((id.clone(), link.account_id.clone()));
        }
        if leaves || matches!(decision, Some(Decision::Left)) {
            let reason = if leaves {
                LeaverReason::Terminated
            } else {
                LeaverReason::Decision
            };
            if self.leave(&id, link, account, reason) {
                return;
            }
        }
        match mapper.map(row.id, row.attributes, self.basis.now) {
            Mapped::Filtered { field, .. } => {
                if leaves {
                    self.outcome.counts.unchanged += 1;
                } else if !self.leave(&id, link, account, LeaverReason::OutOfScope) {
                    self.note(State::Filtered, Code::OutOfScope, id).attributes.push(field);
                }
            }
            Mapped::Unjudged { field } => self.note(State::Skipped, Code::Unjudged, id).attributes.push(field),
            Mapped::Skipped { missing } => {
                let attributes = missing.into_iter().map(Attribute::Canonical);
                self.note(State::Skipped, Code::Lacks, id).attributes.extend(attributes);
            }
            Mapped::Desired(desired) => self.compare(id, position, row, link, account, desired, leaves),
        }
    }

    /// Compares what HR wants of a linked person with the account.
    #[expect(
        clippy::too_many_arguments,
        reason = "one person with everything that is known of them"
    )]
    fn compare(
        &mut self,
        id: EmployeeId,
        position: usize,
        row: Row<'_>,
        link: &Link,
        account: Option<&Account>,
        mut desired: Desired,
        left: bool,
    ) {
        let decision = self.basis.decisions.get(&id);
        let Some(account) = account else {
            if matches!(decision, Some(Decision::NewAccount)) {
                self.in_scope(position, row, &desired);
                self.warn(&id, &desired.warnings);
                self.create(id, desired);
            } else {
                self.note(State::Conflict, Code::AccountGone, id).account_id = Some(link.account_id.clone());
            }
            return;
        };
        let accepted = matches!(decision, Some(Decision::Link { account_id }) if *account_id == account.id);
        let mut reactivate = false;
        if !account.active {
            match (link.state, self.basis.configuration.rehires) {
                (LinkState::Deactivated { .. }, _) if left => {
                    self.outcome.counts.unchanged += 1;
                    return;
                }
                (LinkState::Deactivated { .. }, policy) if accepted || policy == RehirePolicy::Reactivate => {
                    reactivate = true;
                }
                (LinkState::Deactivated { .. }, RehirePolicy::Ignore | RehirePolicy::Reactivate) => {
                    self.note(State::Skipped, Code::RehireIgnored, id);
                    return;
                }
                (LinkState::Deactivated { .. }, RehirePolicy::Wait) => {
                    self.note(State::Waiting, Code::RehireWaits, id);
                    return;
                }
                (LinkState::Active | LinkState::Moved { .. } | LinkState::Pending, _) => {
                    self.note(State::Skipped, Code::DeactivatedByHand, id).account_id = Some(account.id.clone());
                    return;
                }
            }
        }
        if reactivate && self.is_partial() {
            self.outcome.counts.unchanged += 1;
            return;
        }
        self.in_scope(position, row, &desired);
        if matches!(link.state, LinkState::Moved { .. }) && left {
            desired.attributes = without(&desired.attributes, &[Canonical::Group]);
        }
        let (prints, fingerprints) = (&link.prints, self.basis.fingerprints);
        let (wanted, shown) = (desired.attributes.view(), account.attributes.view());
        let mut attributes = edit::edits(wanted, shown, prints, fingerprints);
        if !attributes.is_empty() && !accepted {
            if edit::is_another_person(&attributes, wanted, shown, prints, fingerprints) {
                self.freeze(position);
                self.note(State::Conflict, Code::IdentityChanged, id).account_id = Some(account.id.clone());
                return;
            }
            if self.drifts(&attributes) {
                self.freeze(position);
                self.note(State::Conflict, Code::IdentifierDrift, id).account_id = Some(account.id.clone());
                return;
            }
        }
        if self.is_partial() {
            let identifier = self.basis.configuration.identifier.attribute();
            attributes.retain(|edit| {
                ![
                    Canonical::Email,
                    Canonical::WorkEmail,
                    Canonical::PersonalEmail,
                    identifier,
                ]
                .iter()
                .any(|fixed| edit.attribute == Attribute::Canonical(*fixed))
            });
        }
        self.warn(&id, &desired.warnings);
        let manager = self.manager_edit(position, account, &desired.manager, link);
        let edits = Edits { attributes, manager };
        let account_id = account.id.clone();
        if reactivate {
            self.change(id, Action::Reactivate { account_id, edits });
        } else if edits.is_empty() {
            self.outcome.counts.unchanged += 1;
        } else {
            self.change(id, Action::Update { account_id, edits });
        }
    }

    /// Whether the walk over HR's pages did not end: then linked people are updated and nothing else (R06).
    const fn is_partial(&self) -> bool {
        !self.basis.completeness.is_whole()
    }

    /// Whether an edit of the identifier freezes the person (R18): where accounts are told apart by a reference that
    /// people maintain on both sides.
    fn drifts(&self, edits: &[super::Edit]) -> bool {
        let identifier = Attribute::Canonical(self.basis.configuration.identifier.attribute());
        self.basis.configuration.preset == Preset::ExpenseUsers
            && edits
                .iter()
                .any(|edit| edit.attribute == identifier && edit.before.is_some())
    }

    /// Takes a person into the scope: their identifier and e-mail must be theirs alone.
    fn in_scope(&mut self, position: usize, row: Row<'_>, desired: &Desired) {
        if let Some(fate) = self.fates.get_mut(position) {
            *fate = Fate::InScope;
        }
        let identifier = self.basis.configuration.identifier.attribute();
        if identifier != Canonical::EmployeeId
            && let Some(value) = row.attributes.value(identifier)
        {
            self.identifiers.push(Key {
                value: value.into(),
                position,
            });
        }
        if let Some(value) = desired.attributes.value(Canonical::Email) {
            self.emails.push(Key {
                value: value.into(),
                position,
            });
        }
    }

    fn freeze(&mut self, position: usize) {
        if let Some(fate) = self.fates.get_mut(position) {
            *fate = Fate::Other;
        }
    }

    fn warn(&mut self, id: &EmployeeId, warnings: &[Warning]) {
        for warning in warnings {
            let code = match warning {
                Warning::Invalid { .. } => Code::Invalid,
                Warning::UnknownValue { .. } => Code::UnknownValue,
            };
            self.note(State::Todo, code, id.clone())
                .attributes
                .push(warning.attribute().clone());
        }
    }

    /// The change of a manager, where it is clear already; else it is looked up once everybody was seen.
    fn manager_edit(
        &mut self,
        position: usize,
        account: &Account,
        wanted: &Field<EmployeeId>,
        link: &Link,
    ) -> Option<ManagerEdit> {
        let shown = account.attributes.field(Canonical::Manager);
        match wanted {
            Field::Unseen => None,
            Field::Empty => match shown {
                Field::Value(before) => Some(ManagerEdit {
                    before: AccountId::parse(before).ok(),
                    after: None,
                }),
                Field::Empty | Field::Unseen => None,
            },
            Field::Value(manager) => {
                let linked = self.basis.links.find(manager);
                let same = linked.is_some_and(|linked| {
                    let wanted = linked.account_id.as_str();
                    let is_shown = shown == Field::Value(wanted);
                    is_shown || self.is_remembered(link, wanted, shown)
                });
                if !same {
                    self.managers.push((position, manager.clone()));
                }
                None
            }
        }
    }

    /// Whether this manager was sent before and the account still shows what it showed then.
    fn is_remembered(&self, link: &Link, wanted: &str, shown: Field<&str>) -> bool {
        let attribute = Attribute::Canonical(Canonical::Manager);
        let print = |value| self.basis.fingerprints.print(attribute.as_ref(), value);
        link.prints.find(attribute.as_ref()).is_some_and(|(sent, seen)| {
            sent == print(Some(wanted)) && (!shown.is_seen() || seen == print(shown.value()))
        })
    }

    /// Lets a linked person go, as the policy for the reason says. Answers false where the policy lets them be.
    fn leave(&mut self, id: &EmployeeId, link: &Link, account: Option<&Account>, reason: LeaverReason) -> bool {
        let leavers = &self.basis.configuration.leavers;
        let decided = matches!(self.basis.decisions.get(id), Some(Decision::Left));
        let policy = match reason {
            LeaverReason::Decision | LeaverReason::Terminated => &leavers.terminated,
            LeaverReason::Missing => &leavers.missing,
            LeaverReason::OutOfScope => &leavers.out_of_scope,
        };
        let by = match policy {
            LeaverPolicy::Group(name) => {
                let before = account
                    .and_then(|account| account.value(Canonical::Group))
                    .map(Into::into);
                LeaveBy::Group {
                    name: name.as_str().into(),
                    before,
                }
            }
            LeaverPolicy::Wait if !decided => {
                let waits = account.is_some_and(|account| account.active)
                    && matches!(link.state, LinkState::Active | LinkState::Moved { .. });
                if waits {
                    self.note(State::Waiting, Code::LeaverWaits, id.clone());
                } else {
                    self.outcome.counts.unchanged += 1;
                }
                return true;
            }
            LeaverPolicy::Ignore if !decided => return false,
            LeaverPolicy::Deactivate | LeaverPolicy::Ignore | LeaverPolicy::Wait => LeaveBy::Deactivate,
        };
        let is_moved = matches!(link.state, LinkState::Moved { .. });
        match account {
            None => self.outcome.counts.unchanged += 1,
            Some(account) if !account.active => self.outcome.counts.unchanged += 1,
            Some(_) if is_moved && matches!(by, LeaveBy::Group { .. }) => return false,
            Some(account) if matches!(link.state, LinkState::Deactivated { .. }) => {
                self.note(State::Todo, Code::ReactivatedByHand, id.clone()).account_id = Some(account.id.clone());
                self.outcome.counts.unchanged += 1;
            }
            Some(account) if self.basis.configuration.protected.contains(account.id.as_str()) => {
                self.note(State::Waiting, Code::Protected, id.clone()).account_id = Some(account.id.clone());
            }
            Some(_) if self.is_partial() => self.outcome.counts.unchanged += 1,
            Some(account) => {
                let account_id = account.id.clone();
                self.change(
                    id.clone(),
                    Action::Leave {
                        account_id,
                        reason,
                        by,
                        linked_by: None,
                    },
                );
            }
        }
        true
    }

    /// A linked person whom the roster does not show. Only a certificate makes that an absence (R05).
    fn absent(&mut self, link: &Link) {
        if matches!(link.state, LinkState::Pending) {
            return;
        }
        let Some(certificate) = self.basis.completeness.certificate() else {
            self.outcome.counts.unchanged += 1;
            return;
        };
        let id = &link.employee_id;
        let account = self.basis.accounts.find(&link.account_id);
        self.gone.push((id.clone(), link.account_id.clone()));
        let since = link.absent_since.unwrap_or_else(|| {
            let absent_since = Some(certificate.certified_at());
            self.outcome.absences.push(Absence {
                employee_id: id.clone(),
                absent_since,
            });
            certificate.certified_at()
        });
        let is_over = account.is_none_or(|account| !account.active);
        let reason = match self.basis.decisions.get(id) {
            Some(Decision::Keep) => {
                self.note(State::Waiting, Code::Kept, id.clone());
                return;
            }
            Some(Decision::Left) => LeaverReason::Decision,
            Some(Decision::Link { .. } | Decision::NewAccount) | None => LeaverReason::Missing,
        };
        if is_over {
            self.outcome.counts.unchanged += 1;
        } else if reason == LeaverReason::Missing && self.basis.now.duration_since(since) < MISSING_FOR {
            self.note(State::Waiting, Code::Missing, id.clone());
        } else if !self.leave(id, link, account, reason) {
            self.outcome.counts.unchanged += 1;
        }
    }

    /// Somebody without a link. Kept for later: whose account it might be shows only when all links were seen.
    fn candidate(
        &mut self,
        mapper: &mut Mapper,
        id: EmployeeId,
        position: usize,
        row: Row<'_>,
        status: EmploymentStatus,
    ) {
        let configuration = self.basis.configuration;
        let former = status == EmploymentStatus::Terminated && !configuration.create_former;
        if !former && status == EmploymentStatus::Upcoming && !self.starts_soon(row.attributes) {
            self.note(State::Waiting, Code::NotStarted, id);
            return;
        }
        let desired = match (former, mapper.map(row.id, row.attributes, self.basis.now)) {
            (true, _) => None,
            (false, Mapped::Desired(desired)) => Some(desired),
            (false, Mapped::Filtered { field, .. }) => {
                self.note(State::Filtered, Code::OutOfScope, id).attributes.push(field);
                return;
            }
            (false, Mapped::Unjudged { field }) => {
                self.note(State::Skipped, Code::Unjudged, id).attributes.push(field);
                return;
            }
            (false, Mapped::Skipped { missing }) => {
                let attributes = missing.into_iter().map(Attribute::Canonical);
                self.note(State::Skipped, Code::Lacks, id).attributes.extend(attributes);
                return;
            }
        };
        if let Some(desired) = &desired {
            self.in_scope(position, row, desired);
        }
        let has_accounts = !self.basis.accounts.as_slice().is_empty();
        let attribute = configuration.identifier.attribute();
        let identifier = if attribute == Canonical::EmployeeId {
            Some(row.id.into())
        } else {
            row.attributes.value(attribute).filter(|_| has_accounts).map(Into::into)
        };
        let name = if has_accounts { full_name(row.attributes) } else { None };
        self.candidates.push(Candidate {
            id,
            position,
            status,
            identifier,
            name,
            desired,
        });
    }

    /// Whether a first day is near enough for an account to be made.
    fn starts_soon(&self, attributes: View<'_>) -> bool {
        let days = i64::from(self.basis.configuration.joiners.days_before_start);
        let ahead = SignedDuration::from_hours(24 * days);
        self.basis.now.checked_add(ahead).is_ok_and(|later| {
            status_at(
                attributes,
                later,
                self.basis.configuration.leavers.effective,
                &self.fallback,
            ) != EmploymentStatus::Upcoming
        })
    }

    fn change(&mut self, employee_id: EmployeeId, action: Action) {
        self.outcome.changes.push(Change {
            employee_id,
            action,
            together: None,
        });
    }

    fn create(&mut self, id: EmployeeId, desired: Desired) {
        let manager = desired.manager.value().map(Reference::Employee);
        let invite = self.basis.configuration.joiners.invite && self.basis.abilities.invite;
        self.change(
            id,
            Action::Create {
                attributes: desired.attributes,
                manager,
                invite,
            },
        );
    }

    /// Everybody was seen: ambiguity is found, the unlinked are placed, managers are looked up, changes are put in order.
    fn finish(mut self) -> Outcome {
        let shared = Shared::find(&mut self.identifiers, &mut self.emails, &self.ids, self.basis);
        self.place(&shared);
        self.drop_shared(&shared);
        self.look_up_managers();
        let Ordered { changes, dropped } = order::order(std::mem::take(&mut self.outcome.changes), self.basis);
        self.outcome.changes = changes;
        for (id, code) in dropped {
            self.note(State::Conflict, code, id);
        }
        self.unmanaged();
        self.outcome.findings.sort();
        self.outcome.findings.dedup();
        for change in &self.outcome.changes {
            self.outcome.counts.count(change.class());
        }
        for finding in &self.outcome.findings {
            self.outcome.counts.note(finding.state);
        }
        self.outcome
    }

    /// Finds each unlinked person's account, or makes one.
    fn place(&mut self, shared: &Shared) {
        let candidates = std::mem::take(&mut self.candidates);
        if candidates.is_empty() {
            return;
        }
        let index = Index::new(self.basis.accounts, self.basis.configuration);
        let mut claims: std::collections::BTreeMap<usize, Vec<EmployeeId>> = std::collections::BTreeMap::new();
        for candidate in candidates {
            if candidate.desired.is_some() && shared.is_shared(candidate.position) {
                continue;
            }
            if let Some(position) = self.place_one(&index, shared, candidate) {
                claims.entry(position).or_default();
            }
        }
        for position in claims.into_keys() {
            if let Some(mark) = self.linked.get_mut(position) {
                *mark = true;
            }
        }
    }

    /// Places one person; answers the position of the account that they take.
    fn place_one(&mut self, index: &Index<'_>, shared: &Shared, candidate: Candidate) -> Option<usize> {
        let Candidate {
            id,
            status,
            identifier,
            name,
            desired,
            ..
        } = candidate;
        let decision = self.basis.decisions.get(&id);
        match decision {
            Some(Decision::Keep | Decision::Left) => {
                self.note(State::Waiting, Code::Kept, id);
                return None;
            }
            Some(Decision::Link { account_id }) => {
                let Some(position) = self.basis.accounts.position(account_id) else {
                    self.note(State::Conflict, Code::AccountGone, id).account_id = Some(account_id.clone());
                    return None;
                };
                return self.link(
                    index,
                    id,
                    status,
                    position,
                    Evidence::Decision,
                    name.as_deref(),
                    desired,
                );
            }
            Some(Decision::NewAccount) | None => {}
        }
        let reference = ExternalId::new(self.basis.provider, &self.basis.roster.header.company.id, &id);
        let is_new = matches!(decision, Some(Decision::NewAccount));
        let names = desired
            .as_ref()
            .map(|desired| desired.attributes.view())
            .unwrap_or_default();
        let is_free = |position: usize| self.linked.get(position).is_some_and(|linked| !linked);
        let found = index.search(&reference, identifier.as_deref().filter(|_| !is_new), names, is_free);
        match found {
            Match::One(position, evidence) => {
                // Somebody who left long ago has no claim on an address that another person uses now.
                if desired.is_none() && identifier.as_deref().is_some_and(|value| shared.is_used(value)) {
                    self.note(State::Filtered, Code::Former, id);
                    return None;
                }
                self.link(index, id, status, position, evidence, name.as_deref(), desired)
            }
            Match::Several => {
                self.note(State::Conflict, Code::SeveralAccounts, id);
                None
            }
            Match::ByName if !is_new && desired.is_some() => {
                self.note(State::Conflict, Code::PossibleMatch, id);
                None
            }
            Match::None | Match::ByName => {
                self.join(index, id, desired, is_new);
                None
            }
        }
    }

    /// Makes an account for somebody who has none.
    fn join(&mut self, index: &Index<'_>, id: EmployeeId, desired: Option<Desired>, is_new: bool) {
        let Some(desired) = desired else {
            self.note(State::Filtered, Code::Former, id);
            return;
        };
        if self.is_partial() {
            return;
        }
        let email = self.basis.configuration.email;
        let taken = index.taken(|canonical| {
            let attribute = if canonical == email {
                Canonical::Email
            } else {
                canonical
            };
            desired.attributes.value(attribute).map(str::to_owned)
        });
        if !taken.is_empty() && !is_new {
            let attributes = taken.into_iter().map(Attribute::Canonical);
            self.note(State::Conflict, Code::Taken, id)
                .attributes
                .extend(attributes);
            return;
        }
        self.warn(&id, &desired.warnings);
        self.create(id, desired);
    }

    /// Ties somebody to an account that is there, if it is free, or moves the link of their former employee id.
    #[expect(
        clippy::too_many_arguments,
        reason = "one person and one account with everything that is known of them"
    )]
    fn link(
        &mut self,
        index: &Index<'_>,
        id: EmployeeId,
        status: EmploymentStatus,
        position: usize,
        evidence: Evidence,
        name: Option<&str>,
        desired: Option<Desired>,
    ) -> Option<usize> {
        let account = index.account(position)?;
        let same_name = full_name(account.attributes.view()).is_none_or(|shown| name.is_some_and(|name| name == shown));
        if self.is_partial() {
            return None;
        }
        if self.linked.get(position).is_some_and(|linked| *linked) {
            self.relink(id, account, same_name, desired);
            return None;
        }
        let foreign = account.external_id.as_ref().is_some_and(|external_id| {
            let ours = ExternalId::new(self.basis.provider, &self.basis.roster.header.company.id, &id);
            *external_id != ours && external_id.as_str().split(':').count() >= 3
        });
        if foreign {
            self.note(State::Conflict, Code::LinkedElsewhere, id).account_id = Some(account.id.clone());
            return None;
        }
        let Some(desired) = desired else {
            return self.link_former(id, account, position, evidence, same_name);
        };
        let confirmed = matches!(evidence, Evidence::Decision | Evidence::ExternalId);
        if !account.active && !same_name && !confirmed {
            self.note(State::Conflict, Code::IdentityChanged, id).account_id = Some(account.id.clone());
            return None;
        }
        if !account.active && status != EmploymentStatus::Terminated {
            self.note(State::Todo, Code::DeactivatedByHand, id.clone()).account_id = Some(account.id.clone());
        }
        self.warn(&id, &desired.warnings);
        let edits = self.link_edits(&desired, account);
        self.change(
            id,
            Action::Link {
                account_id: account.id.clone(),
                evidence,
                edits,
            },
        );
        Some(position)
    }

    /// Somebody who has left already and whose account is found only now: linked and let go in one change.
    fn link_former(
        &mut self,
        id: EmployeeId,
        account: &Account,
        position: usize,
        evidence: Evidence,
        same_name: bool,
    ) -> Option<usize> {
        let by = match &self.basis.configuration.leavers.terminated {
            LeaverPolicy::Deactivate => LeaveBy::Deactivate,
            LeaverPolicy::Group(name) => {
                let before = account.value(Canonical::Group).map(Into::into);
                LeaveBy::Group {
                    name: name.as_str().into(),
                    before,
                }
            }
            LeaverPolicy::Wait => {
                self.note(State::Waiting, Code::LeaverWaits, id).account_id = Some(account.id.clone());
                return None;
            }
            LeaverPolicy::Ignore => {
                self.note(State::Filtered, Code::Former, id);
                return None;
            }
        };
        if !account.active {
            self.note(State::Filtered, Code::Former, id);
        } else if !same_name {
            self.note(State::Conflict, Code::IdentityChanged, id).account_id = Some(account.id.clone());
        } else if self.basis.configuration.protected.contains(account.id.as_str()) {
            self.note(State::Waiting, Code::Protected, id).account_id = Some(account.id.clone());
        } else {
            let (account_id, reason) = (account.id.clone(), LeaverReason::Terminated);
            self.change(
                id,
                Action::Leave {
                    account_id,
                    reason,
                    by,
                    linked_by: Some(evidence),
                },
            );
            return Some(position);
        }
        None
    }

    /// The identifier of somebody unlinked is that of a linked account: the same person under a new id, or not (R16).
    fn relink(&mut self, id: EmployeeId, account: &Account, same_name: bool, desired: Option<Desired>) {
        let former = self
            .gone
            .iter()
            .find(|(_, gone)| *gone == account.id)
            .map(|(former, _)| former.clone());
        let Some(desired) = desired else {
            self.note(State::Filtered, Code::Former, id);
            return;
        };
        let conflict = match &former {
            None => Some(Code::LinkedElsewhere),
            Some(_) if !same_name => Some(Code::IdentityChanged),
            Some(_) if self.basis.completeness.certificate().is_none() => Some(Code::LinkedElsewhere),
            Some(_) => None,
        };
        let (Some(former_id), None) = (former, conflict) else {
            let code = conflict.unwrap_or(Code::LinkedElsewhere);
            self.note(State::Conflict, code, id).account_id = Some(account.id.clone());
            return;
        };
        let ours = self
            .basis
            .links
            .find(&former_id)
            .is_some_and(|link| matches!(link.state, LinkState::Deactivated { .. }));
        let accepted = matches!(self.basis.decisions.get(&id), Some(Decision::Link { .. }));
        if !account.active && !accepted {
            let finding = match (ours, self.basis.configuration.rehires) {
                (false, _) => Some((State::Skipped, Code::DeactivatedByHand)),
                (true, RehirePolicy::Ignore) => Some((State::Skipped, Code::RehireIgnored)),
                (true, RehirePolicy::Wait) => Some((State::Waiting, Code::RehireWaits)),
                (true, RehirePolicy::Reactivate) => None,
            };
            if let Some((state, code)) = finding {
                self.note(state, code, id).account_id = Some(account.id.clone());
                return;
            }
        }
        // The former id's own line is dropped: the account gets this one change.
        self.outcome.changes.retain(|change| change.employee_id != former_id);
        let kept = self.outcome.findings.len();
        self.outcome
            .findings
            .retain(|finding| finding.employee_id.as_ref() != Some(&former_id));
        if kept == self.outcome.findings.len() {
            self.outcome.counts.unchanged = self.outcome.counts.unchanged.saturating_sub(1);
        }
        self.warn(&id, &desired.warnings);
        let edits = self.link_edits(&desired, account);
        let (account_id, reactivate) = (account.id.clone(), !account.active);
        self.change(
            id,
            Action::Relink {
                account_id,
                former_id,
                reactivate,
                edits,
            },
        );
    }

    /// What changes inside an account that is being linked.
    fn link_edits(&self, desired: &Desired, account: &Account) -> Edits {
        let nothing = super::Prints::default();
        let wanted = desired.attributes.view();
        let attributes = edit::edits(wanted, account.attributes.view(), &nothing, self.basis.fingerprints);
        let shown = account
            .value(Canonical::Manager)
            .and_then(|id| AccountId::parse(id).ok());
        let after = match &desired.manager {
            Field::Unseen => {
                return Edits {
                    attributes,
                    manager: None,
                };
            }
            Field::Empty => None,
            Field::Value(manager) => Some(Reference::Employee(manager.clone())),
        };
        let manager = (after.is_some() || shown.is_some()).then_some(ManagerEdit { before: shown, after });
        Edits { attributes, manager }
    }

    /// Freezes everybody who shares an identifier or an e-mail with somebody else (R10).
    fn drop_shared(&mut self, shared: &Shared) {
        if shared.people.is_empty() {
            return;
        }
        for (position, (code, others)) in &shared.people {
            let Some(id) = self.ids.get(*position).cloned() else {
                continue;
            };
            self.freeze(*position);
            let before = self.outcome.changes.len() + self.outcome.findings.len();
            self.outcome.changes.retain(|change| change.employee_id != id);
            self.outcome
                .findings
                .retain(|finding| finding.employee_id.as_ref() != Some(&id));
            self.managers.retain(|(whose, _)| whose != position);
            let was_unchanged = before == self.outcome.changes.len() + self.outcome.findings.len()
                && self
                    .basis
                    .links
                    .find(&id)
                    .is_some_and(|link| !matches!(link.state, LinkState::Pending));
            if was_unchanged {
                self.outcome.counts.unchanged = self.outcome.counts.unchanged.saturating_sub(1);
            }
            let others = others
                .iter()
                .filter_map(|other| self.ids.get(*other).cloned())
                .collect();
            let state = if *code == Code::SecondEmployment {
                State::Filtered
            } else {
                State::Conflict
            };
            self.note(state, *code, id).others = others;
        }
    }

    /// Looks up managers who were not linked when their people were compared (R07: unresolved or out of scope is unseen).
    fn look_up_managers(&mut self) {
        let created: std::collections::BTreeSet<&EmployeeId> = self
            .outcome
            .changes
            .iter()
            .filter(|change| {
                !matches!(
                    change.action,
                    Action::Leave { .. } | Action::Update { .. } | Action::Reactivate { .. }
                )
            })
            .map(|change| &change.employee_id)
            .collect();
        let resolve = |manager: &EmployeeId| {
            let position = self.ids.binary_search(manager).ok()?;
            let in_scope = self.fates.get(position) == Some(&Fate::InScope);
            let has_account = created.contains(manager)
                || self.basis.links.find(manager).is_some_and(|link| {
                    !matches!(link.state, LinkState::Pending) && self.basis.accounts.find(&link.account_id).is_some()
                });
            (in_scope && has_account).then(|| match self.basis.links.find(manager) {
                Some(link) if !created.contains(manager) => Reference::Account(link.account_id.clone()),
                Some(_) | None => Reference::Employee(manager.clone()),
            })
        };
        let resolved: Vec<(EmployeeId, Reference)> = self
            .managers
            .iter()
            .filter_map(|(position, manager)| Some((self.ids.get(*position)?.clone(), resolve(manager)?)))
            .collect();
        let mut dangling = Vec::new();
        for (index, change) in self.outcome.changes.iter().enumerate() {
            let manager = match &change.action {
                Action::Create { manager, .. } => manager.as_ref(),
                Action::Leave { .. } => None,
                Action::Link { edits, .. }
                | Action::Reactivate { edits, .. }
                | Action::Relink { edits, .. }
                | Action::Update { edits, .. } => edits.manager.as_ref().and_then(|edit| edit.after.as_ref()),
            };
            if let Some(Reference::Employee(manager)) = manager {
                dangling.push((index, resolve(manager)));
            }
        }
        for (index, reference) in dangling {
            if let Some(change) = self.outcome.changes.get_mut(index) {
                set_manager(change, reference);
            }
        }
        for (id, after) in resolved {
            self.set_manager(id, after);
        }
    }

    /// Adds a manager to the change of a linked person, or makes one.
    fn set_manager(&mut self, id: EmployeeId, after: Reference) {
        let Some(link) = self.basis.links.find(&id) else { return };
        let Some(account) = self.basis.accounts.find(&link.account_id) else {
            return;
        };
        let before = account
            .value(Canonical::Manager)
            .and_then(|before| AccountId::parse(before).ok());
        if matches!(&after, Reference::Account(wanted) if Some(wanted) == before.as_ref()) {
            return;
        }
        let manager = Some(ManagerEdit {
            before,
            after: Some(after),
        });
        let change = self.outcome.changes.iter_mut().find(|change| change.employee_id == id);
        match change.map(Change::edits_mut) {
            Some(Some(edits)) => edits.manager = manager,
            Some(None) => {}
            None => {
                self.outcome.counts.unchanged = self.outcome.counts.unchanged.saturating_sub(1);
                let edits = Edits {
                    attributes: Vec::new(),
                    manager,
                };
                self.change(
                    id,
                    Action::Update {
                        account_id: account.id.clone(),
                        edits,
                    },
                );
            }
        }
    }

    /// Lists the accounts of nobody we know (R27).
    fn unmanaged(&mut self) {
        for (account, linked) in self.basis.accounts.as_slice().iter().zip(&self.linked) {
            if !linked {
                self.outcome.findings.push(Finding {
                    state: State::Unmanaged,
                    code: Code::Unmanaged,
                    employee_id: None,
                    account_id: Some(account.id.clone()),
                    attributes: Vec::new(),
                    others: Vec::new(),
                });
            }
        }
    }
}

/// Puts the looked-up manager in the place of an employee id that may have no account; where none was found, the manager
/// is left as it is.
fn set_manager(change: &mut Change, reference: Option<Reference>) {
    if let Action::Create { manager, .. } = &mut change.action {
        *manager = reference;
    } else if let Some(edits) = change.edits_mut() {
        edits.manager = match (edits.manager.take(), reference) {
            (Some(ManagerEdit { before, .. }), Some(Reference::Account(after))) if before.as_ref() == Some(&after) => {
                None
            }
            (Some(ManagerEdit { before, .. }), Some(after)) => Some(ManagerEdit {
                before,
                after: Some(after),
            }),
            (Some(_) | None, None) | (None, Some(_)) => None,
        };
    }
}

/// The same set without some attributes.
fn without(attributes: &crate::employee::Attributes, left_out: &[Canonical]) -> crate::employee::Attributes {
    let mut builder = crate::employee::AttributesBuilder::new();
    for entry in attributes.view() {
        let is_left_out = left_out
            .iter()
            .any(|canonical| Attribute::Canonical(*canonical).as_ref() == entry.attribute);
        if !is_left_out && let Some(attribute) = entry.attribute.to_owned() {
            builder.set(attribute, entry.field);
        }
    }
    builder.build()
}

/// Who shares an identifier or an e-mail with whom (R10).
struct Shared {
    /// By position: why, and with whom.
    people: std::collections::BTreeMap<usize, (Code, Vec<usize>)>,
    /// The identifiers of everybody in scope, in order.
    used: Vec<Box<str>>,
}

impl Shared {
    fn find(identifiers: &mut Vec<Key>, emails: &mut Vec<Key>, ids: &[EmployeeId], basis: &Basis<'_>) -> Self {
        let mut people = std::collections::BTreeMap::new();
        for (keys, code) in [
            (&mut *emails, Code::SharedEmail),
            (&mut *identifiers, Code::SharedIdentifier),
        ] {
            keys.sort_by(|left, right| left.value.cmp(&right.value).then(left.position.cmp(&right.position)));
            for group in keys.chunk_by(|left, right| left.value == right.value) {
                if group.len() > 1 {
                    Self::freeze(&mut people, group, code, ids, basis);
                }
            }
        }
        let used = std::mem::take(identifiers).into_iter().map(|key| key.value).collect();
        Self { people, used }
    }

    /// Several employments of one person are one person: the linked one, else the latest start. Others freeze each other.
    fn freeze(
        people: &mut std::collections::BTreeMap<usize, (Code, Vec<usize>)>,
        group: &[Key],
        code: Code,
        ids: &[EmployeeId],
        basis: &Basis<'_>,
    ) {
        let positions: Vec<usize> = group.iter().map(|key| key.position).collect();
        let chosen = one_person(&positions, ids, basis);
        for position in &positions {
            if chosen == Some(*position) {
                continue;
            }
            let code = if chosen.is_some() { Code::SecondEmployment } else { code };
            let others = positions.iter().copied().filter(|other| other != position).collect();
            people.insert(*position, (code, others));
        }
    }

    fn is_shared(&self, position: usize) -> bool {
        self.people.contains_key(&position)
    }

    /// Whether somebody in scope has this identifier.
    fn is_used(&self, identifier: &str) -> bool {
        self.used.binary_search_by(|used| used.as_ref().cmp(identifier)).is_ok()
    }
}

/// Whether all these are one person with several employments: the same names, and no two birth dates. Answers which one
/// counts: the one that is linked, else the one that started last, else the lowest id.
fn one_person(positions: &[usize], ids: &[EmployeeId], basis: &Basis<'_>) -> Option<usize> {
    let wanted: Vec<(&str, usize)> = positions
        .iter()
        .filter_map(|position| Some((ids.get(*position)?.as_str(), *position)))
        .collect();
    let mut found: Vec<(usize, String, Option<String>, Option<String>)> = Vec::new();
    let visit = |row: Row<'_>| {
        if let Some((_, position)) = wanted.iter().find(|(id, _)| *id == row.id) {
            let text = |canonical| row.attributes.value(canonical).map(str::to_owned);
            let names = [Canonical::FirstName, Canonical::LastName].map(|name| row.attributes.value(name));
            let name = fold(&names.map(Option::unwrap_or_default).join(" "));
            found.push((*position, name, text(Canonical::BirthDate), text(Canonical::StartDate)));
        }
    };
    basis.roster.each(visit).ok()?;
    let (_, name, ..) = found.first()?;
    let same_names = !name.trim().is_empty() && found.iter().all(|(_, other, ..)| other == name);
    let birth_dates: std::collections::BTreeSet<_> = found.iter().filter_map(|(_, _, date, _)| date.clone()).collect();
    if !same_names || birth_dates.len() > 1 || found.len() != positions.len() {
        return None;
    }
    let is_linked = |position: usize| {
        ids.get(position)
            .and_then(|id| basis.links.find(id))
            .is_some_and(|link| !matches!(link.state, LinkState::Pending))
    };
    let linked: Vec<usize> = positions
        .iter()
        .copied()
        .filter(|position| is_linked(*position))
        .collect();
    match linked.as_slice() {
        [] => found
            .into_iter()
            .max_by(|left, right| left.3.cmp(&right.3).then(right.0.cmp(&left.0)))
            .map(|(position, ..)| position),
        [one] => Some(*one),
        _ => None,
    }
}
