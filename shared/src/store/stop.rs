//! Stops (R33): whom they concern, whose they are, and who set them. Several may stand at once, and each is lifted by itself.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::connection::TenantId;

/// Whom a stop concerns, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StopOf {
    /// Everybody; the operator's.
    Everybody,
    /// One tenant. The stop is the tenant's own: the tenant may lift it.
    Tenant(TenantId),
    /// One tenant. The stop is the operator's: the tenant may not lift it.
    TenantByOperator(TenantId),
}

impl StopOf {
    /// Returns the tenant that the stop concerns; `None`: everybody.
    pub const fn tenant(&self) -> Option<&TenantId> {
        match self {
            Self::Everybody => None,
            Self::Tenant(tenant) | Self::TenantByOperator(tenant) => Some(tenant),
        }
    }

    /// Returns whether the stop is the operator's.
    pub const fn is_operators(&self) -> bool {
        matches!(self, Self::Everybody | Self::TenantByOperator(_))
    }

    /// Returns whether the stop concerns a tenant.
    pub fn concerns(&self, tenant: &TenantId) -> bool {
        self.tenant().is_none_or(|own| own == tenant)
    }
}

/// Who set a stop, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopSet {
    /// The person who set the stop, as the application named them; `None` where it named nobody.
    pub by: Option<String>,
    /// Through which key.
    pub key: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// A stop that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// Whom the stop concerns, and whose it is.
    pub of: StopOf,
    /// Who set the stop, and when; `None`: that was not kept yet when it was set.
    pub set: Option<StopSet>,
}
