//! A connection's target, opened with what earlier runs have learnt of it; what a run learns is kept behind it.

use std::sync::Arc;

use super::{Error, Ports};
use crate::{
    account::Learned,
    connection::{Connection, ConnectionSecret, TargetChoice},
    store::{LearnedSince, Lease, SyncState},
    target::{self, Target},
};

/// An opened target, with what was known of it when it was opened.
#[derive(Clone)]
pub(super) struct Opened {
    pub(super) target: Arc<dyn Target>,
    before: Learned,
    renewals: u64,
}

/// Opens the target of a connection with what was learnt of it.
pub(super) async fn open_target(
    ports: &Ports,
    connection: &Connection,
    secret: &ConnectionSecret,
) -> Result<Result<Opened, target::Error>, Error> {
    let target = match ports.targets.open(connection, secret) {
        Ok(target) => target,
        Err(error) => return Ok(Err(error)),
    };
    let before = match &connection.target {
        TargetChoice::Directory => Learned::default(),
        TargetChoice::Scim(_) => find_learned(&ports.store.load_state(&connection.id).await?, secret),
    };
    target.recall(before.clone());
    Ok(Ok(Opened {
        target,
        before,
        renewals: secret.target_renewals,
    }))
}

/// What was learnt of the target since it was connected with the credential in force.
fn find_learned(state: &SyncState, secret: &ConnectionSecret) -> Learned {
    let learned = state.learned.as_ref();
    let learned = learned.filter(|learned| learned.renewals == secret.target_renewals);
    learned.map(|learned| learned.learned.clone()).unwrap_or_default()
}

/// Keeps what a run has learnt of its target, where it has learnt something. It is a hint: where it cannot be kept, the next
/// run learns it again.
pub(super) async fn keep_learned(ports: &Ports, lease: &Lease, opened: &Opened) {
    let learned = opened.target.learned();
    if learned == opened.before {
        return;
    }
    let since = LearnedSince {
        renewals: opened.renewals,
        learned,
    };
    if let Err(error) = keep(ports, lease, since).await {
        tracing::warn!(connection.id = %lease.connection, error = %error, "what was learnt of the target is not kept");
    }
}

async fn keep(ports: &Ports, lease: &Lease, since: LearnedSince) -> Result<(), Error> {
    let mut state = ports.store.load_state(&lease.connection).await?;
    state.learned = Some(since);
    if ports.store.put_state(&lease.connection, &state, lease.fence).await? {
        Ok(())
    } else {
        Err(Error::LeaseLost)
    }
}
