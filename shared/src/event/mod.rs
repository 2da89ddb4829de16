//! The `event` port (layer 1): telling the application what happened. The adapters beside it are layer 4.
//!
//! An event carries ids, and how a run ended, and nothing else: an application that wants to know more asks the HTTP contract, where access
//! is checked (R38). An event is told once where nothing breaks. Told again it has the same id, so that a receiver
//! drops it. An event that could not be delivered is not kept: all that it says stands in records.

pub mod memory;
mod receiver;
pub mod webhook;

use async_trait::async_trait;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::{
    connection::{ConnectionId, TenantId},
    plan::PlanId,
};

pub use receiver::{InvalidReceiver, MOST_SECRETS, RECEIVER_SECRET, Receiver};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EventKind {
    /// A connection was made, or connected again.
    ConnectionConnected,
    /// A connection was ended.
    ConnectionDisconnected,
    /// The HR system refused the credential, and will not accept it again.
    ConnectionNeedsReauthorization,
    /// The target refused its credential.
    ConnectionTargetNeedsReauthorization,
    /// The credential ends soon and cannot be refreshed.
    CredentialExpiring,
    /// The people about whom a person has to decide are others than before.
    PersonWaiting,
    /// A guard holds a new plan.
    PlanHeld,
    /// A new plan waits for a person.
    PlanReady,
    /// A newer plan took the place of one that waited.
    PlanSuperseded,
    /// A run has a result.
    RunCompleted,
    /// A run ended without a result.
    RunFailed,
    /// A connection was not read completely for too long.
    RunOverdue,
}

impl EventKind {
    /// All kinds of events.
    pub const ALL: &[Self] = &[
        Self::ConnectionConnected,
        Self::ConnectionDisconnected,
        Self::ConnectionNeedsReauthorization,
        Self::ConnectionTargetNeedsReauthorization,
        Self::CredentialExpiring,
        Self::PersonWaiting,
        Self::PlanHeld,
        Self::PlanReady,
        Self::PlanSuperseded,
        Self::RunCompleted,
        Self::RunFailed,
        Self::RunOverdue,
    ];

    /// Returns the word in webhooks and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ConnectionConnected => "connection.connected",
            Self::ConnectionDisconnected => "connection.disconnected",
            Self::ConnectionNeedsReauthorization => "connection.needs_reauthorization",
            Self::ConnectionTargetNeedsReauthorization => "connection.target_needs_reauthorization",
            Self::CredentialExpiring => "credential.expiring",
            Self::PersonWaiting => "person.waiting",
            Self::PlanHeld => "plan.held",
            Self::PlanReady => "plan.ready",
            Self::PlanSuperseded => "plan.superseded",
            Self::RunCompleted => "run.completed",
            Self::RunFailed => "run.failed",
            Self::RunOverdue => "run.overdue",
        }
    }
}

/// Something that happened, by ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// When it happened.
    pub at: Timestamp,
    /// The tenant of the connection.
    pub tenant: TenantId,
    /// The connection.
    pub connection: ConnectionId,
    /// The plan, if the event is about one.
    pub plan: Option<PlanId>,
    /// The run, if the event is about one.
    pub run: Option<String>,
    /// How the run ended, in the word of its record, if the event says so.
    pub status: Option<&'static str>,
    /// What tells the event from another event of the same kind about the same things, such as a day.
    pub occasion: String,
}

impl Event {
    /// Returns an event about a connection.
    pub const fn new(kind: EventKind, tenant: TenantId, connection: ConnectionId, at: Timestamp) -> Self {
        Self {
            kind,
            at,
            tenant,
            connection,
            plan: None,
            run: None,
            status: None,
            occasion: String::new(),
        }
    }

    /// Returns the event's id: the same each time that the same thing is told, by whichever run. It reveals nothing.
    pub fn id(&self) -> String {
        let plan = self.plan.as_ref().map_or("", PlanId::as_str);
        let run = self.run.as_deref().unwrap_or_default();
        let mut hash = Sha256::new();
        for part in [self.kind.as_str(), self.connection.as_str(), plan, run, &self.occasion] {
            hash.update(part);
            hash.update([0]);
        }
        let digest = hex::encode(hash.finalize());
        format!("msg_{}", digest.get(..32).unwrap_or(&digest))
    }
}

/// Why an event was not delivered; for an operator who tries a receiver out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Undelivered {
    /// The event was not sent: no receiver is set.
    #[error("no receiver is set")]
    NoReceiver,
    /// The receiver answered with something else than 2xx.
    #[error("the receiver answered {0}; 2xx was expected")]
    Refused(u16),
    /// The receiver redirected the request, which is not followed.
    #[error("the receiver redirects; set the address that it redirects to")]
    Redirected,
    /// The receiver's name leads to a private network.
    #[error("the receiver's address does not lead to the public internet; set another one")]
    NotPublic,
    /// No answer came in time.
    #[error("the receiver did not answer in time, or cannot be reached")]
    Unreachable,
    /// The event was not sent: what is kept about the receiver cannot be read or used.
    #[error("what is kept about the receiver cannot be used; set it again")]
    Unusable,
}

/// Tells the application what happened.
#[async_trait]
pub trait Events: Send + Sync {
    /// Tells events, each by itself, in their order as long as the receiver keeps up. Never fails and takes a few
    /// seconds at most, whatever the receiver does: what happened has happened. The log says once how many events could
    /// not be delivered.
    async fn publish(&self, events: &[Event]);

    /// Whether events may be sent to an address.
    ///
    /// # Errors
    /// [`InvalidReceiver`] says what an address must be.
    fn check(&self, url: &str) -> Result<(), InvalidReceiver>;

    /// Sends an event of type `webhook.test` without any data, once.
    ///
    /// # Errors
    /// [`Undelivered`] says what the receiver did.
    async fn try_out(&self) -> Result<(), Undelivered>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::builder::{at, connection_id, tenant};

    fn event(kind: EventKind) -> Event {
        let now = at("2026-03-02T04:00:00Z");
        Event::new(kind, tenant("acme"), connection_id("con_1"), now)
    }

    #[test]
    fn the_same_happening_has_the_same_id_whenever_it_is_told() {
        let first = event(EventKind::RunOverdue);
        let later = Event {
            at: at("2026-03-02T04:09:00Z"),
            ..first.clone()
        };
        assert_eq!(first.id(), later.id());
        assert!(first.id().starts_with("msg_") && !first.id().contains('.'));
        let others = [
            event(EventKind::RunFailed),
            Event {
                occasion: "2026-03-03".to_owned(),
                ..first.clone()
            },
            Event {
                run: Some("run_1".to_owned()),
                ..first.clone()
            },
            Event {
                plan: Some(PlanId::parse("run_1").unwrap()),
                ..first.clone()
            },
            Event {
                connection: connection_id("con_2"),
                ..first.clone()
            },
        ];
        for other in others {
            assert_ne!(first.id(), other.id(), "{other:?}");
        }
    }

    #[test]
    fn types_are_words_between_full_stops() {
        for kind in EventKind::ALL {
            let word = kind.as_str();
            assert_eq!(word.split('.').count(), 2, "{word}");
            assert!(
                word.bytes()
                    .all(|byte| byte.is_ascii_lowercase() || b"._".contains(&byte))
            );
        }
    }
}
