//! What the onlooker remembers of a life: the simulator's own notes, which the checks use.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use rollcall::{
    connection::{Connection, ConnectionId, Decision, TenantId},
    employee::{Attribute, Canonical, CompanyId, EmployeeId},
    plan::{LinkState, PlanId},
    roster::Baseline,
    store::LinkStore as _,
};

use crate::{
    office::{Read, Shown},
    people::Call,
    world::{World, at_once},
};

/// How long a person has to be missing until the person counts as a leaver.
const MISSING_FOR: SignedDuration = SignedDuration::from_hours(20);

/// How far clocks may differ.
const APART: SignedDuration = SignedDuration::from_secs(4);

/// Everything that the onlooker has seen so far.
#[derive(Default)]
pub(crate) struct Memory {
    reads: BTreeMap<ConnectionId, Vec<ReadNote>>,
    pub(crate) judged: BTreeSet<PlanId>,
    /// For each process at work: the decisions about people that it read.
    pub(crate) decided: BTreeMap<u64, BTreeMap<EmployeeId, Decision>>,
    /// The erased people, by tenant and company, and when each erasure was asked for.
    pub(crate) erased_people: BTreeMap<(TenantId, CompanyId, EmployeeId), Timestamp>,
    /// Ids for which no account is made any more, because a person was erased by them. A person who has another id by now is
    /// among them.
    erased_ids: BTreeSet<(TenantId, CompanyId, EmployeeId)>,
    /// The former ids of people who came back under other ids, as plans said: they are erased with the person.
    formers: BTreeMap<(ConnectionId, EmployeeId), BTreeSet<EmployeeId>>,
    /// Tenants that were erased and are not admitted again, with the connections that they had.
    pub(crate) erased_tenants: BTreeMap<TenantId, Vec<ConnectionId>>,
    /// Every connection that was ever seen.
    pub(crate) known: BTreeMap<ConnectionId, TenantId>,
    /// When the last quiet morning was.
    pub(crate) morning: Timestamp,
    /// How many writes to targets were seen.
    pub(crate) writes: u64,
    /// The callers that were told that their request is done.
    pub(crate) done: BTreeSet<String>,
    /// The callers that sent a request under an `Idempotency-Key`, and the path of each request.
    pub(crate) keyed: BTreeMap<String, String>,
    refused: BTreeSet<String>,
    /// The requests of stubborn callers that have no answer yet.
    pub(crate) unfinished: Vec<Call>,
}

/// A read of HR, with the people that it showed.
struct ReadNote {
    process: u64,
    at: Timestamp,
    may_prove: bool,
    people: BTreeSet<EmployeeId>,
    /// Whether the product has surely noted it.
    is_kept: bool,
}

impl Shown {
    /// Returns whether this read may prove that a person is missing (R05): it ended, the totals agree, and it hides nothing
    /// that used to be shown.
    pub(crate) fn may_prove(&self, baseline: &Baseline) -> bool {
        let is_hidden = |canonical: &Canonical| baseline.visible.contains(&Attribute::Canonical(*canonical));
        self.has_ended
            && match &self.read {
                Read::Whole | Read::Short(_) => true,
                // A read that shows nobody hides nothing: that HR is empty is asked about by a guard.
                Read::Narrow(hidden) => self.people.is_empty() || !hidden.iter().any(is_hidden),
                Read::Broken(_) | Read::Miscounted => false,
            }
    }
}

impl Memory {
    /// Notes what a process was shown.
    pub(crate) fn note_read(
        &mut self,
        connection: &ConnectionId,
        process: u64,
        at: Timestamp,
        shown: &Shown,
        may_prove: bool,
        is_kept: bool,
    ) {
        let notes = self.reads.entry(connection.clone()).or_default();
        notes.retain(|note| note.process != process);
        notes.push(ReadNote {
            process,
            at,
            may_prove,
            people: shown.people.iter().map(|person| person.id.clone()).collect(),
            is_kept,
        });
    }

    /// Returns whether the read of a process was noted.
    pub(crate) fn has_read(&self, connection: &ConnectionId, process: u64) -> bool {
        let notes = self.reads.get(connection);
        notes.is_some_and(|notes| notes.iter().any(|note| note.process == process))
    }

    /// Returns whether a person was missing for long enough, by reads that may prove it (R13).
    pub(crate) fn is_long_missing(&self, connection: &ConnectionId, id: &EmployeeId, now: Timestamp) -> bool {
        let notes = self.reads.get(connection).map(Vec::as_slice).unwrap_or_default();
        let is_first =
            |note: &&ReadNote| note.may_prove && !note.people.contains(id) && note.at - APART <= now - MISSING_FOR;
        let firsts = notes.iter().filter(is_first);
        firsts.into_iter().any(|first| {
            let since = notes
                .iter()
                .filter(|note| note.at > first.at && note.at < now && note.is_kept);
            since.into_iter().all(|note| !note.people.contains(id))
        })
    }

    /// Notes that a caller sends a request. A stubborn caller is not noted: it comes again long after its key has ended.
    pub(crate) fn asked(&mut self, call: &Call) {
        if call.method == "POST" && !call.is_stubborn {
            self.keyed.insert(call.who.clone(), call.path.clone());
        }
    }

    pub(crate) fn done(&mut self, call: &Call) {
        self.done.insert(call.who.clone());
    }

    pub(crate) fn refused(&mut self, call: &Call) {
        self.refused.insert(call.who.clone());
    }

    /// Notes that a company's person was erased from a tenant.
    pub(crate) fn erase_person(&mut self, world: &World, person: (TenantId, CompanyId, EmployeeId), at: Timestamp) {
        world.fate.count("people erased");
        let (tenant, company, employee) = &person;
        let connections = world.connections().into_iter();
        let own: Vec<Connection> = connections
            .filter(|connection| {
                let reads = connection.company.as_ref();
                connection.tenant == *tenant && reads.is_some_and(|reads| reads.id == *company)
            })
            .collect();
        // Where a link has this id as a former id, the account belongs to a person with another id by now.
        let is_former = own.iter().any(|connection| {
            let links = at_once(world.store.list_links(&connection.id)).unwrap();
            links
                .iter()
                .any(|link| link.state != LinkState::Pending && link.former_ids.contains(employee))
        });
        self.erased_ids.insert(person.clone());
        for connection in &own {
            let formers = self.formers.get(&(connection.id.clone(), employee.clone()));
            for former in formers.into_iter().flatten() {
                self.erased_ids
                    .insert((tenant.clone(), company.clone(), former.clone()));
            }
        }
        if !is_former {
            self.erased_people.insert(person, at);
        }
    }

    /// Notes that a plan gives the account of a person to an id that they have by now.
    pub(crate) fn renumber(&mut self, connection: &ConnectionId, former: &EmployeeId, id: &EmployeeId) {
        let earlier = self.formers.get(&(connection.clone(), former.clone())).cloned();
        let formers = self.formers.entry((connection.clone(), id.clone())).or_default();
        formers.extend(earlier.unwrap_or_default());
        formers.insert(former.clone());
    }

    pub(crate) fn erase_tenant(&mut self, world: &World, tenant: &TenantId) {
        world.fate.count("tenants erased");
        let own = self.known.iter().filter(|(_, owner)| *owner == tenant);
        let own = own.map(|(id, _)| id.clone()).collect();
        self.erased_tenants.insert(tenant.clone(), own);
        self.erased_people.retain(|(owner, _, _), _| owner != tenant);
        self.erased_ids.retain(|(owner, _, _)| owner != tenant);
    }

    pub(crate) fn is_erased(&self, connection: &Connection, id: &EmployeeId) -> bool {
        let company = connection.company.as_ref();
        company.is_some_and(|company| {
            let person = (connection.tenant.clone(), company.id.clone(), id.clone());
            self.erased_ids.contains(&person)
        })
    }

    pub(crate) fn readmit(&mut self, tenant: &TenantId) {
        self.erased_tenants.remove(tenant);
    }
}
