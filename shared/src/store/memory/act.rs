//! Acts in memory: all conditions are looked at before anything is written, under the locks of all that acts write.

use std::sync::MutexGuard;

use async_trait::async_trait;
use jiff::Timestamp;

use super::{
    MemoryStore,
    connection::Connections,
    door::Door,
    erasure::Tombstones,
    lock,
    plan::Plans,
    run::{Runs, lists},
    ticket::Tickets,
};
use crate::{
    connection::{Connection, TenantId},
    employee::CompanyId,
    store::{
        ActStore, Acted, Error, Refusal, Write,
        holder::{Claimed, Holders},
        size::{self, Size},
    },
};

/// What acts write, locked.
pub(super) struct Shelves<'a> {
    connections: MutexGuard<'a, Connections>,
    door: MutexGuard<'a, Door>,
    pub(super) plans: MutexGuard<'a, Plans>,
    runs: MutexGuard<'a, Runs>,
    tickets: MutexGuard<'a, Tickets>,
    tombstones: MutexGuard<'a, Tombstones>,
}

#[async_trait]
impl ActStore for MemoryStore {
    async fn act(&self, writes: &[Write<'_>]) -> Result<Acted, Error> {
        let mut shelves = self.shelves();
        if let Some(refusal) = shelves.refusal(writes) {
            return Ok(Acted::Refused(refusal));
        }
        let sizes: Vec<Size> = writes.iter().filter_map(|write| shelves.size(write)).collect();
        size::fit("act", &sizes)?;
        self.wrote(shelves.write_all(writes));
        Ok(Acted::Done)
    }

    async fn find_done(&self, id: &str, now: Timestamp) -> Result<Option<String>, Error> {
        self.read(1);
        Ok(lock(&self.door).done(id, now).map(str::to_owned))
    }
}

impl MemoryStore {
    /// Returns all that acts write, locked.
    pub(super) fn shelves(&self) -> Shelves<'_> {
        Shelves {
            connections: lock(&self.connections),
            door: lock(&self.door),
            plans: lock(&self.plans),
            runs: lock(&self.runs),
            tickets: lock(&self.tickets),
            tombstones: lock(&self.tombstones),
        }
    }
}

impl Shelves<'_> {
    /// Why writes may not be done; `None` where they may.
    pub(super) fn refusal(&self, writes: &[Write<'_>]) -> Option<Refusal> {
        let mut refused = writes.iter().filter(|write| !self.may(write));
        refused.find_map(Write::refusal)
    }

    /// Does writes. Returns how many items of the table they would be.
    pub(super) fn write_all(&mut self, writes: &[Write<'_>]) -> usize {
        writes.iter().map(|write| self.write(write)).sum()
    }

    /// Whether the condition of a write holds.
    fn may(&self, write: &Write<'_>) -> bool {
        match *write {
            Write::ChangeTicket { was, .. } => self.tickets.has(&was.hash, Some(was)),
            Write::Configuration {
                connection,
                configuration,
            } => !self.connections.has_configuration(connection, configuration.version),
            Write::Connection { connection, revision } => self.connections.revision(&connection.id) == revision,
            Write::EnterCompany {
                connection,
                company,
                shared,
            } => self.company_with(connection, company, shared).1.is_some(),
            Write::EnterTarget(connection) => self.target_with(connection).1.is_some(),
            Write::Key(key) => !self.door.has_key(&key.id),
            Write::NotErased(tenant) => !self.tombstones.contains_key(&own(tenant)),
            Write::Once { id, now, .. } => self.door.done(id, now).is_none(),
            Write::PersonNotErased { tenant, person } => {
                let mark = (tenant.clone(), Some(person.to_owned()));
                !self.tombstones.contains_key(&mark)
            }
            Write::Plan { id, from, .. } => self.plans.is_one_of(id, from),
            Write::RevokeKey { id, .. } => self.door.has_key(id),
            Write::Run(run) => !self.runs.has(&run.id),
            Write::TakeTicket(ticket) => self.tickets.has(&ticket.hash, None),
            Write::Audit(_)
            | Write::Decision { .. }
            | Write::DropTicket { .. }
            | Write::LeaveCompany { .. }
            | Write::LeaveTarget(_)
            | Write::Readmit(_)
            | Write::Stop { .. }
            | Write::Ticket(_)
            | Write::Tombstone { .. } => true,
        }
    }

    /// How large the item of a write would be, where that depends on what is written.
    fn size(&self, write: &Write<'_>) -> Option<Size> {
        Some(match *write {
            Write::Audit(entry) => size::audit(entry),
            Write::ChangeTicket { ticket, .. } | Write::Ticket(ticket) => size::ticket(ticket),
            Write::Configuration {
                connection,
                configuration,
            } => size::configuration(connection, configuration),
            Write::Connection { connection, revision } => size::connection(connection, revision),
            Write::Decision { connection, decision } => size::decision(connection, decision),
            Write::EnterCompany {
                connection,
                company,
                shared,
            } => {
                let (claimed, holders) = self.company_with(connection, company, shared);
                size::holders(&claimed, &holders?)
            }
            Write::EnterTarget(connection) => {
                let (claimed, holders) = self.target_with(connection);
                size::holders(&claimed, &holders?)
            }
            Write::Key(key) => size::key(key),
            Write::Run(run) => size::run(run, None),
            Write::Tombstone { tenant, tombstone } => size::tombstone(tenant, tombstone),
            Write::DropTicket { .. }
            | Write::LeaveCompany { .. }
            | Write::LeaveTarget(_)
            | Write::NotErased(_)
            | Write::Once { .. }
            | Write::PersonNotErased { .. }
            | Write::Plan { .. }
            | Write::Readmit(_)
            | Write::RevokeKey { .. }
            | Write::Stop { .. }
            | Write::TakeTicket(_) => return None,
        })
    }

    /// Does a write. Returns how many items of the table it would be.
    fn write(&mut self, write: &Write<'_>) -> usize {
        match *write {
            Write::Audit(entry) => self.door.append(entry),
            Write::ChangeTicket { ticket, .. } | Write::Ticket(ticket) => {
                self.tickets.put(ticket);
                return 2;
            }
            Write::Configuration {
                connection,
                configuration,
            } => self.connections.put_configuration(connection, configuration),
            Write::Connection { connection, revision } => {
                self.connections.put(connection);
                return if revision.is_none() { 3 } else { 1 };
            }
            Write::Decision { connection, decision } => self.connections.put_decision(connection, decision),
            Write::EnterCompany {
                connection,
                company,
                shared,
            } => {
                let (claimed, holders) = self.company_with(connection, company, shared);
                self.tickets.put_holders(&claimed, holders.unwrap_or_default());
                return 2;
            }
            Write::EnterTarget(connection) => {
                let (claimed, holders) = self.target_with(connection);
                self.tickets.put_holders(&claimed, holders.unwrap_or_default());
                return 2;
            }
            Write::Key(key) => self.door.put_key(key),
            Write::LeaveCompany { connection, company } => {
                self.leave(connection, &Claimed::company(connection, company));
            }
            Write::LeaveTarget(connection) => {
                self.leave(connection, &Claimed::target(&connection.target_identity()));
            }
            Write::NotErased(_) | Write::PersonNotErased { .. } => return 0,
            Write::Once {
                id, what, expires_at, ..
            } => self.door.note(id, what, expires_at),
            Write::Plan { id, to, approval, .. } => return self.plans.change(id, to, approval),
            Write::Readmit(tenant) => {
                self.tombstones.remove(&own(tenant));
            }
            Write::RevokeKey { id, at } => self.door.revoke(id, at),
            Write::Run(run) => {
                self.runs.create(run);
                return 1 + lists(run);
            }
            Write::Stop { of, set } => self.connections.put_stop(of, set),
            Write::DropTicket { hash, .. } => {
                self.tickets.take(hash);
                return 2;
            }
            Write::TakeTicket(ticket) => {
                self.tickets.take(&ticket.hash);
                return 2;
            }
            Write::Tombstone { tenant, tombstone } => {
                let key = (tenant.clone(), tombstone.person.clone());
                self.tombstones.insert(key, tombstone.clone());
            }
        }
        1
    }

    fn leave(&mut self, connection: &Connection, claimed: &Claimed) {
        let mut holders = self.tickets.holders(claimed);
        holders.leave(&connection.id);
        self.tickets.put_holders(claimed, holders);
    }

    /// Returns who reads a company once this connection does too; `None` where it must not.
    fn company_with(&self, connection: &Connection, company: &CompanyId, shared: bool) -> (Claimed, Option<Holders>) {
        let claimed = Claimed::company(connection, company);
        let holders = self.holders_with(&claimed, connection, shared);
        (claimed, holders)
    }

    /// Returns who writes to a connection's target once this connection does too; `None` where it must not.
    fn target_with(&self, connection: &Connection) -> (Claimed, Option<Holders>) {
        let claimed = Claimed::target(&connection.target_identity());
        let shared = connection.target.server().is_some_and(|server| server.shared);
        let holders = self.holders_with(&claimed, connection, shared);
        (claimed, holders)
    }

    /// Returns who claims a company or a target once this connection does too; `None` where it must not. Connections
    /// whose records do not say that they claim it are in nobody's way.
    fn holders_with(&self, claimed: &Claimed, connection: &Connection, shared: bool) -> Option<Holders> {
        let mut holders = self.tickets.holders(claimed);
        if holders.enter(connection, shared) {
            return Some(holders);
        }
        let mut left = self.connections.left(claimed, &holders);
        left.enter(connection, shared).then_some(left)
    }
}

/// Returns where a tenant's own tombstone stands.
fn own(tenant: &TenantId) -> (TenantId, Option<String>) {
    (tenant.clone(), None)
}
