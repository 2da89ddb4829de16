//! Stopping everything or one tenant, and lifting a stop: the operator's by the operator only, a tenant's own by both (R33).

use super::{
    Error, Ports,
    actor::{Actor, Subject, act},
};
use crate::{
    connection::TenantId,
    store::{Stop, StopOf, StopSet, Write},
};

/// Whose stop is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The operator's.
    Operators,
    /// The tenant's own.
    Tenants,
}

/// Why no stop was lifted.
#[derive(Debug, thiserror::Error)]
pub enum LiftRefused {
    /// Only stops of the operator stand, and the actor is none.
    #[error("the operator stopped it; only the operator lifts that")]
    Operators,
    /// Something of ours failed.
    #[error("the stop could not be lifted")]
    Internal(#[from] Error),
}

impl From<crate::store::Error> for LiftRefused {
    fn from(error: crate::store::Error) -> Self {
        Self::Internal(error.into())
    }
}

/// Stops a tenant, or everybody. Returns the stops that concern them from now on.
///
/// # Errors
/// [`Error`] of the store.
pub async fn stop(ports: &Ports, actor: &Actor, tenant: Option<&TenantId>) -> Result<Vec<Stop>, Error> {
    let of = match tenant {
        None => StopOf::Everybody,
        Some(tenant) if actor.is_operator => StopOf::TenantByOperator(tenant.clone()),
        Some(tenant) => StopOf::Tenant(tenant.clone()),
    };
    let set = StopSet {
        by: actor.person.clone(),
        key: actor.key.clone(),
        at: ports.clock.now(),
    };
    let note = actor.note(ports, Subject::tenant(tenant), "stop.set", &[("whose", whose(&of))], "");
    let mut writes: Vec<_> = tenant.map(Write::NotErased).into_iter().collect();
    writes.push(Write::Stop {
        of: &of,
        set: Some(&set),
    });
    act(ports, &note, &writes).await?;
    find_stops(ports, tenant).await
}

/// Lifts the stops of a tenant that the actor may lift, or that of everybody; only the operator's or only the tenant's own,
/// where that is said. Returns the stops that concern them from now on.
///
/// # Errors
/// [`LiftRefused::Operators`] where a tenant lifts and only the operator's stops stand.
pub async fn lift_stop(
    ports: &Ports,
    actor: &Actor,
    tenant: Option<&TenantId>,
    only: Option<Whose>,
) -> Result<Vec<Stop>, LiftRefused> {
    let standing = find_stops(ports, tenant).await?;
    let is_meant = |of: &StopOf| {
        of.tenant() == tenant
            && (actor.is_operator || !of.is_operators())
            && only.is_none_or(|only| (only == Whose::Operators) == of.is_operators())
    };
    let lifted: Vec<&StopOf> = standing.iter().map(|stop| &stop.of).filter(|of| is_meant(of)).collect();
    if lifted.is_empty() && !actor.is_operator && !standing.is_empty() {
        return Err(LiftRefused::Operators);
    }
    let names: Vec<_> = lifted.iter().map(|of| whose(of)).collect();
    let details = [("whose", &*names.join(","))];
    let note = actor.note(ports, Subject::tenant(tenant), "stop.lift", &details, "");
    let writes: Vec<_> = lifted.into_iter().map(|of| Write::Stop { of, set: None }).collect();
    act(ports, &note, &writes).await?;
    Ok(find_stops(ports, tenant).await?)
}

/// The stops that concern a tenant, or that of everybody.
///
/// # Errors
/// [`Error`] of the store.
pub async fn find_stops(ports: &Ports, tenant: Option<&TenantId>) -> Result<Vec<Stop>, Error> {
    if let Some(tenant) = tenant {
        return Ok(ports.store.find_stops(tenant).await?);
    }
    // The stop of everybody stands before all others.
    let (first, _) = ports.store.list_stops(None, 1).await?;
    Ok(first.into_iter().filter(|stop| stop.of == StopOf::Everybody).collect())
}

/// Returns as a word whose a stop is.
pub const fn whose(of: &StopOf) -> &'static str {
    if of.is_operators() { "operator" } else { "tenant" }
}
