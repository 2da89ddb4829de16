//! Who holds what only one tenant may have: tenants, by their connections. So a claim that one connection gives up stays
//! with the tenant's others, and one without a connection is nobody's (R01, R04).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::connection::{Connection, ConnectionId, TenantId};

/// Tenants by their connections; never a tenant without one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Holders(BTreeMap<TenantId, BTreeSet<ConnectionId>>);

impl Holders {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One of the tenants.
    pub(super) fn first(&self) -> Option<&TenantId> {
        self.0.keys().next()
    }

    /// Adds a connection, unless another tenant holds the same and it is not shared. Answers whether it is in.
    pub(super) fn enter(&mut self, connection: &Connection, shared: bool) -> bool {
        let is_in = shared || self.0.is_empty() || self.0.contains_key(&connection.tenant);
        if is_in {
            let own = self.0.entry(connection.tenant.clone()).or_default();
            own.insert(connection.id.clone());
        }
        is_in
    }

    /// Takes a connection away, and its tenant with the last of them.
    pub(super) fn leave(&mut self, connection: &Connection) {
        if let Some(own) = self.0.get_mut(&connection.tenant) {
            own.remove(&connection.id);
            if own.is_empty() {
                self.0.remove(&connection.tenant);
            }
        }
    }
}

impl FromIterator<(TenantId, ConnectionId)> for Holders {
    fn from_iter<T: IntoIterator<Item = (TenantId, ConnectionId)>>(pairs: T) -> Self {
        let mut holders = BTreeMap::<_, BTreeSet<_>>::new();
        for (tenant, connection) in pairs {
            holders.entry(tenant).or_default().insert(connection);
        }
        Self(holders)
    }
}
