//! Links and claims in memory.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::{MemoryStore, lock};
use crate::{
    account::{AccountId, TargetIdentity},
    connection::ConnectionId,
    employee::EmployeeId,
    plan::Link,
    store::{Claim, Error, LinkStore, size},
};

#[derive(Default)]
pub(super) struct Shelf {
    links: BTreeMap<ConnectionId, BTreeMap<EmployeeId, Link>>,
    /// Claims by account, per target.
    claims: BTreeMap<String, BTreeMap<AccountId, Claim>>,
}

impl Shelf {
    /// How many links a connection has.
    pub(super) fn count(&self, connection: &ConnectionId) -> u64 {
        self.links.get(connection).map_or(0, BTreeMap::len) as u64
    }

    /// Deletes the links of a connection with their claims.
    pub(super) fn erase(&mut self, connection: &ConnectionId, target: &TargetIdentity) -> u64 {
        let links = self.links.remove(connection).unwrap_or_default();
        if let Some(claims) = self.claims.get_mut(target.as_str()) {
            claims.retain(|_, claim| claim.connection != *connection);
        }
        links.len() as u64
    }
}

#[async_trait]
impl LinkStore for MemoryStore {
    async fn list_links(&self, connection: &ConnectionId) -> Result<Vec<Link>, Error> {
        let kept = lock(&self.links);
        let found: Vec<_> = kept
            .links
            .get(connection)
            .map(|links| links.values().cloned().collect())
            .unwrap_or_default();
        self.read(found.len());
        Ok(found)
    }

    async fn find_link(&self, connection: &ConnectionId, employee: &EmployeeId) -> Result<Option<Link>, Error> {
        self.read(1);
        let kept = lock(&self.links);
        Ok(kept
            .links
            .get(connection)
            .and_then(|links| links.get(employee))
            .cloned())
    }

    async fn put_links(&self, connection: &ConnectionId, links: &[Link]) -> Result<(), Error> {
        for link in links {
            size::fits("write links", size::link(connection, link))?;
        }
        self.wrote(links.len());
        lock(&self.links)
            .links
            .entry(connection.clone())
            .or_default()
            .extend(links.iter().map(|link| (link.employee_id.clone(), link.clone())));
        Ok(())
    }

    async fn claim_link(
        &self,
        connection: &ConnectionId,
        target: &TargetIdentity,
        link: &Link,
        former: Option<&EmployeeId>,
    ) -> Result<bool, Error> {
        size::fit(
            "claim an account",
            &[size::link(connection, link), size::claim(connection, target, link)],
        )?;
        let mut kept = lock(&self.links);
        let Shelf { links, claims } = &mut *kept;
        let claims = claims.entry(target.as_str().to_owned()).or_default();
        let may_claim = claims.get(&link.account_id).is_none_or(|claim| {
            claim.connection == *connection
                && (claim.employee_id == link.employee_id || Some(&claim.employee_id) == former)
        });
        let links = links.entry(connection.clone()).or_default();
        let passes_on = former
            .and_then(|former| links.get(former))
            .is_none_or(|former| former.account_id == link.account_id);
        if !may_claim || !passes_on {
            return Ok(false);
        }
        if let Some(former) = former {
            links.remove(former);
        }
        self.wrote(2 + usize::from(former.is_some()));
        let claim = Claim {
            connection: connection.clone(),
            employee_id: link.employee_id.clone(),
        };
        claims.insert(link.account_id.clone(), claim);
        links.insert(link.employee_id.clone(), link.clone());
        Ok(true)
    }

    async fn move_link(
        &self,
        from: &ConnectionId,
        to: &ConnectionId,
        target: &TargetIdentity,
        link: &Link,
    ) -> Result<bool, Error> {
        let mut kept = lock(&self.links);
        let Shelf { links, claims } = &mut *kept;
        let claims = claims.entry(target.as_str().to_owned()).or_default();
        let is_ours = claims.get(&link.account_id).is_none_or(|claim| {
            (claim.connection == *from || claim.connection == *to) && claim.employee_id == link.employee_id
        });
        let is_same = |at: &ConnectionId| {
            let kept = links.get(at).and_then(|links| links.get(&link.employee_id));
            kept.is_none_or(|kept| kept.account_id == link.account_id)
        };
        if !is_ours || !is_same(from) || !is_same(to) {
            return Ok(false);
        }
        self.wrote(3);
        links.entry(from.clone()).or_default().remove(&link.employee_id);
        let claim = Claim {
            connection: to.clone(),
            employee_id: link.employee_id.clone(),
        };
        claims.insert(link.account_id.clone(), claim);
        let later = links.entry(to.clone()).or_default();
        later.insert(link.employee_id.clone(), link.clone());
        Ok(true)
    }

    async fn delete_link(&self, connection: &ConnectionId, target: &TargetIdentity, link: &Link) -> Result<(), Error> {
        let mut kept = lock(&self.links);
        self.wrote(2);
        let Shelf { links, claims } = &mut *kept;
        if let Some(links) = links.get_mut(connection)
            && links
                .get(&link.employee_id)
                .is_some_and(|stored| stored.account_id == link.account_id)
        {
            links.remove(&link.employee_id);
        }
        if let Some(claims) = claims.get_mut(target.as_str())
            && claims
                .get(&link.account_id)
                .is_some_and(|claim| claim.connection == *connection && claim.employee_id == link.employee_id)
        {
            claims.remove(&link.account_id);
        }
        Ok(())
    }

    async fn find_claim(&self, target: &TargetIdentity, account: &AccountId) -> Result<Option<Claim>, Error> {
        self.read(1);
        let kept = lock(&self.links);
        Ok(kept
            .claims
            .get(target.as_str())
            .and_then(|claims| claims.get(account))
            .cloned())
    }
}
