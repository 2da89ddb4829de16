//! Events as signed webhooks (Standard Webhooks 1.0.0), to the one receiver that the operator has set.
//!
//! An event is tried a few times within a few seconds; each try is signed anew, under the same id. Redirects are not
//! followed. An event that cannot be delivered is dropped: only the hint to look is lost. An event that is refused
//! stops none of those behind it.

mod body;
mod sign;

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use futures_util::future::join_all;
use tokio::{
    sync::oneshot,
    time::{Instant, sleep, timeout, timeout_at},
};

use self::{body::body, sign::signatures};
use super::{Event, Events, InvalidReceiver, RECEIVER_SECRET, Receiver, Undelivered};
use crate::{
    clock::Clock,
    http::{self, BaseUrl, Client, HostRule, Method, Pace, Request, Session},
    secret::SecretStore,
};

/// How long telling may take, all tries and events of one call together.
const MOST: Duration = Duration::from_secs(5);

/// How long an event waits at most for the one before it. A receiver that keeps up gets events in their order. A
/// receiver that keeps an event waiting gets the next event nevertheless.
const TURN: Duration = Duration::from_millis(1500);

/// The waits before further tries.
const WAITS: [Duration; 2] = [Duration::from_millis(250), Duration::from_secs(1)];

/// How fast the receiver is called.
const PACE: Pace = Pace {
    per_second: 50,
    burst: 50,
    in_flight: 4,
};

/// The type of the event that tries a receiver out.
const TEST: &str = "webhook.test";

/// Where events may go, and what their links lead to.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Whether any host will do, also without TLS: on the local stage only.
    pub allow_any_host: bool,
    /// The address of the pages, without a slash at its end; without one, events carry no link.
    pub pages: Option<String>,
}

/// Sends events to the receiver that is kept among the secrets.
pub struct WebhookEvents {
    client: Client,
    secrets: Arc<dyn SecretStore>,
    clock: Arc<dyn Clock>,
    settings: Settings,
}

/// A receiver that was read and can be used.
struct Open {
    receiver: Receiver,
    url: BaseUrl,
    session: Session,
}

/// A message as it is sent, again and again if need be.
struct Message<'a> {
    id: String,
    kind: &'a str,
    body: String,
}

impl WebhookEvents {
    /// Returns the sender of events through a client, to the receiver that is kept in `secrets`.
    pub fn new(client: Client, secrets: Arc<dyn SecretStore>, clock: Arc<dyn Clock>, settings: Settings) -> Self {
        Self {
            client,
            secrets,
            clock,
            settings,
        }
    }

    fn parse(&self, url: &str) -> Result<BaseUrl, InvalidReceiver> {
        let rule = if self.settings.allow_any_host {
            HostRule::Any
        } else {
            HostRule::Public
        };
        BaseUrl::parse(url, rule).map_err(|_| InvalidReceiver::Url)
    }

    async fn open(&self) -> Result<Open, Undelivered> {
        let text = self.secrets.find_secret(RECEIVER_SECRET).await;
        let text = text
            .map_err(|_| Undelivered::Unusable)?
            .ok_or(Undelivered::NoReceiver)?;
        let receiver = Receiver::from_secret_text(&text).map_err(|_| Undelivered::Unusable)?;
        let url = self.parse(&receiver.url).map_err(|_| Undelivered::Unusable)?;
        let session = self.client.open_session("webhook receiver", PACE);
        Ok(Open { receiver, url, session })
    }

    /// Tries once to deliver a message.
    async fn send(&self, to: &Open, message: &Message<'_>) -> Result<(), Undelivered> {
        let at = self.clock.now().as_second().to_string();
        let signed = signatures(&to.receiver.secrets, &message.id, &at, message.body.as_bytes());
        let signed = signed.map_err(|_| Undelivered::Unusable)?;
        let request = Request::new(Method::Post, &to.url, "", "/(receiver)")
            .header("webhook-id", message.id.clone())
            .header("webhook-timestamp", at)
            .header("webhook-signature", signed)
            .text("application/json", message.body.clone());
        match to.session.send(&request).await {
            Ok(response) if response.is_success() => Ok(()),
            Ok(response) => Err(Undelivered::Refused(response.status())),
            Err(http::Error::Redirected { .. }) => Err(Undelivered::Redirected),
            Err(http::Error::NotPublic { .. }) => Err(Undelivered::NotPublic),
            Err(_) => Err(Undelivered::Unreachable),
        }
    }

    /// Tries a few times to deliver a message, unless the receiver says that another try would be refused too.
    async fn deliver(&self, to: &Open, message: &Message<'_>) -> Result<(), Undelivered> {
        let mut waits = WAITS.iter();
        loop {
            let failure = match self.send(to, message).await {
                Ok(()) => return Ok(()),
                Err(failure) => failure,
            };
            match waits.next().filter(|_| is_passing(&failure)) {
                Some(wait) => sleep(*wait).await,
                None => return Err(failure),
            }
        }
    }

    /// Tells each event by itself until `end`. Returns what became of each, in their order.
    async fn tell_all(&self, to: &Open, events: &[Event], end: Instant) -> Vec<Result<(), Undelivered>> {
        let mut before: Option<oneshot::Receiver<()>> = None;
        let told = events.iter().map(|event| {
            let (done, turn) = oneshot::channel();
            let before = before.replace(turn);
            let in_turn = async move {
                if let Some(before) = before {
                    // The event goes at the end of the wait, or at the end of the event before: whichever comes first.
                    let _ = timeout(TURN, before).await;
                }
                let told = self.tell(to, event).await;
                drop(done);
                told
            };
            timeout_at(end, in_turn)
        });
        let told = join_all(told).await.into_iter();
        told.map(|told| told.unwrap_or(Err(Undelivered::Unreachable))).collect()
    }

    async fn tell(&self, to: &Open, event: &Event) -> Result<(), Undelivered> {
        let message = Message {
            id: event.id(),
            kind: event.kind.as_str(),
            body: body(event, self.settings.pages.as_deref()),
        };
        self.deliver(to, &message).await?;
        tracing::info!(event.id = message.id, event.kind = message.kind, connection.id = %event.connection, "told");
        Ok(())
    }
}

/// Returns whether another try may succeed.
const fn is_passing(failure: &Undelivered) -> bool {
    match failure {
        Undelivered::Refused(status) => matches!(status, 408 | 425 | 429 | 500..=599),
        Undelivered::Unreachable => true,
        Undelivered::NoReceiver | Undelivered::NotPublic | Undelivered::Redirected | Undelivered::Unusable => false,
    }
}

#[async_trait]
impl Events for WebhookEvents {
    async fn publish(&self, events: &[Event]) {
        if events.is_empty() {
            return;
        }
        // A timer says when time is over; no clock is read here.
        let end = sleep(MOST).deadline();
        let told = match timeout_at(end, self.open())
            .await
            .unwrap_or(Err(Undelivered::Unreachable))
        {
            Ok(to) => self.tell_all(&to, events, end).await,
            Err(Undelivered::NoReceiver) => return,
            Err(failure) => vec![Err(failure); events.len()],
        };
        let failures = events
            .iter()
            .zip(told)
            .filter_map(|(event, told)| Some((event, told.err()?)));
        let failures: Vec<_> = failures.collect();
        if let Some((first, failure)) = failures.first() {
            tracing::warn!(
                event.id = first.id(),
                event.kind = first.kind.as_str(),
                connection.id = %first.connection,
                events = events.len(),
                undelivered = failures.len(),
                error = %failure,
                "events were not delivered"
            );
        }
    }

    fn check(&self, url: &str) -> Result<(), InvalidReceiver> {
        self.parse(url).map(drop)
    }

    async fn try_out(&self) -> Result<(), Undelivered> {
        let to = self.open().await?;
        let now = self.clock.now();
        let message = Message {
            id: format!("msg_test{}", now.as_millisecond()),
            kind: TEST,
            body: body::test_body(TEST, now),
        };
        timeout(MOST, self.send(&to, &message))
            .await
            .map_err(|_elapsed| Undelivered::Unreachable)?
    }
}

impl fmt::Debug for WebhookEvents {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("WebhookEvents")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
