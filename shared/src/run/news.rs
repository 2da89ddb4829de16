//! What a use case has to tell the application: kept until what it speaks of stands in records, and told afterwards.
//!
//! A process that dies in between has told nothing. A delivery that comes again tells what it finds done by itself. So
//! an event is told once or, rarely, not at all, and never before what it speaks of can be read.

use jiff::Timestamp;

use super::Ports;
use crate::{
    connection::{Connection, ConnectionId, ConnectionSecret, Credential},
    event::{Event, EventKind},
    plan::{PlanId, Status},
    store::{RunId, RunRecord, RunStatus},
};

/// How many days before its end a credential that cannot be refreshed is told of.
const EXPIRES_IN_DAYS: [i64; 4] = [14, 7, 3, 1];

/// News of one connection.
#[derive(Debug, Default)]
pub(super) struct News(Vec<Item>);

#[derive(Debug)]
struct Item {
    kind: EventKind,
    plan: Option<PlanId>,
    run: Option<RunId>,
    status: Option<RunStatus>,
    occasion: String,
}

impl News {
    fn add(&mut self, kind: EventKind, plan: Option<&PlanId>, run: Option<&RunId>, occasion: String) {
        self.0.push(Item {
            kind,
            plan: plan.cloned(),
            run: run.cloned(),
            status: None,
            occasion,
        });
    }

    /// The HR system refused the credential for good.
    pub(super) fn authorization_lost(&mut self, run: &RunId) {
        let kind = EventKind::ConnectionNeedsReauthorization;
        self.add(kind, None, Some(run), String::new());
    }

    /// The target refused its credential.
    pub(super) fn target_refused(&mut self, run: &RunId) {
        let kind = EventKind::ConnectionTargetNeedsReauthorization;
        self.add(kind, None, Some(run), String::new());
    }

    /// Tells of a credential that nothing but a person renews, some days before it ends, each of these days once.
    pub(super) fn credential(&mut self, secret: &ConnectionSecret, now: Timestamp) {
        let Some(Credential::Tokens(tokens)) = &secret.source else {
            return;
        };
        let Some(ends_at) = tokens.expires_at.filter(|_| tokens.refresh_token.is_none()) else {
            return;
        };
        let days = ends_at.duration_since(now).as_hours() / 24;
        if EXPIRES_IN_DAYS.contains(&days) {
            let occasion = format!("{ends_at} {days}");
            self.add(EventKind::CredentialExpiring, None, None, occasion);
        }
    }

    /// A plan that a run made: it waits for a person unless it is applied at once. It may have taken another's place.
    pub(super) fn plan(&mut self, plan: &PlanId, status: Status, applies: bool, run: &RunId) {
        match status {
            Status::Held => {
                // What the alarm of held plans counts (infra/template.yaml).
                tracing::warn!(plan.id = %plan, run.id = %run, "plan held");
                self.add(EventKind::PlanHeld, Some(plan), Some(run), String::new());
            }
            Status::Ready if !applies => self.add(EventKind::PlanReady, Some(plan), Some(run), String::new()),
            Status::Applied
            | Status::AppliedWithErrors
            | Status::Applying
            | Status::Cancelled
            | Status::Empty
            | Status::Expired
            | Status::Ready
            | Status::Stale
            | Status::Superseded => {}
        }
    }

    /// A plan whose place another took.
    pub(super) fn superseded(&mut self, plan: &PlanId) {
        self.add(EventKind::PlanSuperseded, Some(plan), None, String::new());
    }

    /// Other people than before wait for a decision; `who` stands for them.
    pub(super) fn waiting(&mut self, plan: &PlanId, run: &RunId, who: &str) {
        self.add(EventKind::PersonWaiting, Some(plan), Some(run), who.to_owned());
    }

    /// A run that has ended. One that was called off is no news: the person who called it off knows.
    pub(super) fn run(&mut self, run: &RunRecord) {
        let kind = match run.status {
            RunStatus::Succeeded | RunStatus::SucceededWithErrors => EventKind::RunCompleted,
            RunStatus::Failed => EventKind::RunFailed,
            RunStatus::Cancelled | RunStatus::Deferred | RunStatus::Queued | RunStatus::Running => return,
        };
        self.add(kind, run.plan.as_ref(), Some(&run.id), String::new());
        if let Some(item) = self.0.last_mut() {
            item.status = Some(run.status);
        }
    }

    /// Tells all news. To be called when what they speak of stands in records and nothing is held any more: telling may
    /// take seconds.
    pub(super) async fn tell(self, ports: &Ports, connection: &ConnectionId) {
        if self.0.is_empty() {
            return;
        }
        match ports.store.find_connection(connection).await {
            Ok(Some(stored)) => {
                let events = self.events(&stored.record, ports.clock.now());
                ports.events.publish(&events).await;
            }
            Ok(None) => {}
            Err(error) => tracing::warn!(connection.id = %connection, error = %error, "nothing was told"),
        }
    }

    fn events(self, connection: &Connection, at: Timestamp) -> Vec<Event> {
        let items = self.0.into_iter().map(|item| Event {
            plan: item.plan,
            run: item.run.map(|run| run.to_string()),
            status: item.status.map(RunStatus::as_str),
            occasion: item.occasion,
            ..Event::new(item.kind, connection.tenant.clone(), connection.id.clone(), at)
        });
        items.collect()
    }
}

/// Tells that a connection was made, connected again, or ended.
pub async fn tell_connection(ports: &Ports, kind: EventKind, connection: &Connection) {
    let now = ports.clock.now();
    let event = Event {
        occasion: now.to_string(),
        ..Event::new(kind, connection.tenant.clone(), connection.id.clone(), now)
    };
    ports.events.publish(&[event]).await;
}
