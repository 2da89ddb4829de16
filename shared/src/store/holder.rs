//! Who holds what only one tenant may have: tenants, by their connections. So a claim that one connection gives up stays
//! with the tenant's others, and one without a connection is nobody's (R01, R04).

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde::{Deserialize, Serialize};

use crate::{
    account::TargetIdentity,
    connection::{Connection, ConnectionId, ProviderId, TenantId},
    employee::CompanyId,
};

/// What connections claim for their tenants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Claimed {
    /// A company of a provider, to be read.
    Company(ProviderId, CompanyId),
    /// A target, to be written to, by its identity.
    Target(String),
}

impl Claimed {
    pub(super) fn company(connection: &Connection, company: &CompanyId) -> Self {
        Self::Company(connection.provider.clone(), company.clone())
    }

    pub(super) fn target(identity: &TargetIdentity) -> Self {
        Self::Target(identity.as_str().to_owned())
    }

    /// Returns whether a connection claims this, as the connection's record says.
    pub(super) fn is_of(&self, connection: &Connection) -> bool {
        match self {
            Self::Company(provider, company) => {
                connection.provider == *provider && connection.companies().any(|own| own == company)
            }
            Self::Target(identity) => connection.claims_target() && connection.target_identity().as_str() == identity,
        }
    }

    /// Reads a claim from its text.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if let Some(identity) = text.strip_prefix("TARGET#") {
            return Some(Self::Target(identity.to_owned()));
        }
        let rest = text.strip_prefix("COMPANY#")?;
        let length = usize::from_str_radix(rest.get(..2)?, 16).ok()?;
        let company = CompanyId::parse(rest.get(2..2 + length)?).ok()?;
        let provider = rest.get(2 + length..)?.strip_prefix('#')?;
        Some(Self::Company(ProviderId::parse(provider).ok()?, company))
    }
}

impl fmt::Display for Claimed {
    /// Writes a company with its length before it, so that no other company can pose as it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Company(provider, company) => {
                write!(formatter, "COMPANY#{:02x}{company}#{provider}", company.as_str().len())
            }
            Self::Target(identity) => write!(formatter, "TARGET#{identity}"),
        }
    }
}

/// Tenants by their connections; never a tenant without one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Holders(BTreeMap<TenantId, BTreeSet<ConnectionId>>);

impl Holders {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns one of the tenants.
    pub(super) fn first(&self) -> Option<&TenantId> {
        self.0.keys().next()
    }

    /// Adds a connection, unless another tenant holds the same and it is not shared. Returns whether it is in.
    pub(super) fn enter(&mut self, connection: &Connection, shared: bool) -> bool {
        let is_in = shared || self.0.is_empty() || self.0.contains_key(&connection.tenant);
        if is_in {
            let own = self.0.entry(connection.tenant.clone()).or_default();
            own.insert(connection.id.clone());
        }
        is_in
    }

    /// Returns all connections.
    pub(super) fn connections(&self) -> impl Iterator<Item = &ConnectionId> {
        self.0.values().flatten()
    }

    /// Takes a connection away, and its tenant with the last of them.
    pub(super) fn leave(&mut self, connection: &ConnectionId) {
        for own in self.0.values_mut() {
            own.remove(connection);
        }
        self.0.retain(|_, own| !own.is_empty());
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_claimed_is_read_back_and_poses_as_nothing_else() {
        let company = |provider: &str, id: &str| {
            Claimed::Company(ProviderId::parse(provider).unwrap(), CompanyId::parse(id).unwrap())
        };
        let claimed = [
            company("factorial", "7"),
            company("a", "b#c"),
            company("c-a", "b"),
            Claimed::Target("scim:https://app.example/scim#x".to_owned()),
        ];
        for claimed in &claimed {
            assert_eq!(Claimed::parse(&claimed.to_string()).as_ref(), Some(claimed));
        }
        for text in [
            "",
            "COMPANY#",
            "COMPANY#017",
            "COMPANY#ff7#factorial",
            "COMPANY#017#",
            "OTHER#x",
        ] {
            assert_eq!(Claimed::parse(text), None, "{text}");
        }
    }
}
