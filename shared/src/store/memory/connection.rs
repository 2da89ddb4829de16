//! Connections, configurations, decisions and stops in memory.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::{MemoryStore, lock};
use crate::{
    account::TargetIdentity,
    connection::{Configuration, Connection, ConnectionId, DecisionRecord, TenantId},
    employee::EmployeeId,
    store::{
        ConnectionStore, Error, Stop, StopOf, StopSet, Versioned,
        holder::{Claimed, Holders},
        size,
    },
};

#[derive(Default)]
pub(super) struct Connections {
    records: BTreeMap<ConnectionId, Versioned<Connection>>,
    configurations: BTreeMap<ConnectionId, BTreeMap<u64, Configuration>>,
    decisions: BTreeMap<ConnectionId, BTreeMap<EmployeeId, DecisionRecord>>,
    stops: BTreeMap<StopOf, StopSet>,
}

impl Connections {
    /// Returns those of the holders of a claim whose records say that they claim it.
    pub(super) fn left(&self, claimed: &Claimed, holders: &Holders) -> Holders {
        let mut left = holders.clone();
        for id in holders.connections() {
            if !self.records.get(id).is_some_and(|stored| claimed.is_of(&stored.record)) {
                left.leave(id);
            }
        }
        left
    }

    /// Returns at which revision a connection is; `None` where there is none.
    pub(super) fn revision(&self, id: &ConnectionId) -> Option<u64> {
        self.records.get(id).map(|stored| stored.revision)
    }

    /// Writes a connection, whatever its revision was.
    pub(super) fn put(&mut self, connection: &Connection) {
        let stored = Versioned {
            record: connection.clone(),
            revision: self.revision(&connection.id).unwrap_or(0) + 1,
        };
        self.records.insert(connection.id.clone(), stored);
    }

    pub(super) fn has_configuration(&self, id: &ConnectionId, version: u64) -> bool {
        let versions = self.configurations.get(id);
        versions.is_some_and(|versions| versions.contains_key(&version))
    }

    pub(super) fn put_configuration(&mut self, id: &ConnectionId, configuration: &Configuration) {
        let versions = self.configurations.entry(id.clone()).or_default();
        versions.insert(configuration.version, configuration.clone());
    }

    pub(super) fn put_decision(&mut self, id: &ConnectionId, decision: &DecisionRecord) {
        let decisions = self.decisions.entry(id.clone()).or_default();
        decisions.insert(decision.employee_id.clone(), decision.clone());
    }

    pub(super) fn put_stop(&mut self, of: &StopOf, set: Option<&StopSet>) {
        match set {
            Some(set) => drop(self.stops.insert(of.clone(), set.clone())),
            None => drop(self.stops.remove(of)),
        }
    }

    /// Whether a connection is there, and how many decisions of it are.
    pub(super) fn counts(&self, id: &ConnectionId) -> (u64, u64) {
        let decisions = self.decisions.get(id).map_or(0, BTreeMap::len);
        (u64::from(self.records.contains_key(id)), decisions as u64)
    }

    fn stops(&self) -> impl Iterator<Item = Stop> {
        self.stops.iter().map(|(of, set)| Stop {
            of: of.clone(),
            set: Some(set.clone()),
        })
    }

    /// Deletes a decision. Returns whether it was there.
    pub(super) fn erase_decision(&mut self, connection: &ConnectionId, employee: &EmployeeId) -> bool {
        let decisions = self.decisions.get_mut(connection);
        decisions.is_some_and(|decisions| decisions.remove(employee).is_some())
    }

    /// Deletes a connection with its configurations and decisions. Returns whether it was there.
    pub(super) fn erase(&mut self, connection: &ConnectionId) -> bool {
        self.configurations.remove(connection);
        self.decisions.remove(connection);
        self.records.remove(connection).is_some()
    }
}

#[async_trait]
impl ConnectionStore for MemoryStore {
    async fn find_connection(&self, id: &ConnectionId) -> Result<Option<Versioned<Connection>>, Error> {
        self.read(1);
        Ok(lock(&self.connections).records.get(id).cloned())
    }

    async fn put_connection(&self, connection: &Connection, revision: Option<u64>) -> Result<bool, Error> {
        size::fits("write a connection", size::connection(connection, revision))?;
        let mut kept = lock(&self.connections);
        if kept.revision(&connection.id) != revision {
            return Ok(false);
        }
        self.wrote(if revision.is_none() { 3 } else { 1 });
        kept.put(connection);
        Ok(true)
    }

    async fn list_connections(&self, tenant: &TenantId) -> Result<Vec<Connection>, Error> {
        let found: Vec<_> = lock(&self.connections)
            .records
            .values()
            .filter(|stored| stored.record.tenant == *tenant)
            .map(|stored| stored.record.clone())
            .collect();
        self.read(found.len());
        Ok(found)
    }

    async fn list_connection_ids(&self, after: Option<&ConnectionId>, limit: u32) -> Result<Vec<ConnectionId>, Error> {
        let kept = lock(&self.connections);
        let ids = kept.records.keys().filter(|id| after.is_none_or(|after| *id > after));
        let found: Vec<_> = ids
            .take(usize::try_from(limit).unwrap_or(usize::MAX))
            .cloned()
            .collect();
        self.read(found.len());
        Ok(found)
    }

    async fn list_writers(&self, target: &TargetIdentity) -> Result<Vec<ConnectionId>, Error> {
        self.read(1);
        let holders = lock(&self.tickets).holders(&Claimed::target(target));
        Ok(holders.connections().cloned().collect())
    }

    async fn find_configuration(&self, id: &ConnectionId, version: u64) -> Result<Option<Configuration>, Error> {
        self.read(1);
        let kept = lock(&self.connections);
        Ok(kept
            .configurations
            .get(id)
            .and_then(|versions| versions.get(&version))
            .cloned())
    }

    async fn put_configuration(&self, id: &ConnectionId, configuration: &Configuration) -> Result<bool, Error> {
        size::fits("write a configuration", size::configuration(id, configuration))?;
        let mut kept = lock(&self.connections);
        if kept.has_configuration(id, configuration.version) {
            return Ok(false);
        }
        self.wrote(1);
        kept.put_configuration(id, configuration);
        Ok(true)
    }

    async fn list_decisions(&self, id: &ConnectionId) -> Result<Vec<DecisionRecord>, Error> {
        let kept = lock(&self.connections);
        let found: Vec<_> = kept
            .decisions
            .get(id)
            .map(|decisions| decisions.values().cloned().collect())
            .unwrap_or_default();
        self.read(found.len());
        Ok(found)
    }

    async fn is_stopped(&self, tenant: &TenantId) -> Result<bool, Error> {
        Ok(!self.find_stops(tenant).await?.is_empty())
    }

    async fn find_stops(&self, tenant: &TenantId) -> Result<Vec<Stop>, Error> {
        self.read(3);
        let kept = lock(&self.connections);
        Ok(kept.stops().filter(|stop| stop.of.concerns(tenant)).collect())
    }

    async fn list_stops(&self, after: Option<&str>, limit: u32) -> Result<(Vec<Stop>, Option<String>), Error> {
        let skipped = after.and_then(|after| after.parse().ok()).unwrap_or(0);
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let kept = lock(&self.connections);
        let found: Vec<_> = kept.stops().skip(skipped).take(limit).collect();
        self.read(found.len());
        let end = skipped + found.len();
        Ok((found, (end < kept.stops.len()).then(|| end.to_string())))
    }
}
