//! One run's use of the client: sends, waits, sends again, counts.

use std::{
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::time::{Instant, sleep, sleep_until};

use super::{
    Call, Error, Failure, Incoming, Limit, Method, Pace, Request, Response,
    budget::Budget,
    client::Shared,
    request::Arrival,
    retry::{is_passing, wait_before},
    said::{said, told_wait},
    transport::Trouble,
};
use crate::source::{Allowance, UsedUp};

/// How many redirects on the same host a read follows.
const MAX_REDIRECTS: u32 = 3;

/// One run's use of the client towards one provider.
pub struct Session {
    shared: Arc<Shared>,
    provider: String,
    provider_budget: Arc<Budget>,
    run_budget: Budget,
    pace: Pace,
    calls: AtomicU64,
    /// The instant until which the server asked this caller to wait.
    paused_until: Mutex<Option<Instant>>,
    /// What requests are taken from, where all processes share it.
    allowance: Option<Arc<dyn Allowance>>,
}

/// How a try ended, where another try may succeed.
struct Setback {
    failure: Failure,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
    asked: Option<Duration>,
}

impl Session {
    pub(super) fn new(shared: Arc<Shared>, provider: &str, provider_budget: Arc<Budget>, pace: Pace) -> Self {
        Self {
            run_budget: Budget::fixed(shared.settings.retry.per_run),
            shared,
            provider: provider.to_owned(),
            provider_budget,
            pace,
            calls: AtomicU64::new(0),
            paused_until: Mutex::default(),
            allowance: None,
        }
    }

    /// Returns the same session, which takes each request from this allowance.
    #[must_use]
    pub fn within(self, allowance: Option<Arc<dyn Allowance>>) -> Self {
        Self { allowance, ..self }
    }

    /// Returns how many requests were put on the wire so far, tries and followed redirects included.
    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    /// Sends a request and returns the whole response, whatever its status. A repeatable request is sent again while it
    /// fails in passing: no connection, a broken one, time-out, 408, 429, 500, 502, 503, 504.
    ///
    /// # Errors
    /// [`Error::Exhausted`] when a budget of retries ends; [`Error::UsedUp`] where the allowance is used up for long; [`Error::Failed`] where a request that must not be repeated
    /// brought no answer; [`Error::Redirected`], [`Error::TooLarge`] and [`Error::Request`] at once.
    pub async fn send(&self, request: &Request) -> Result<Response, Error> {
        self.open(request).await.map(Incoming::into_response)
    }

    /// Sends a request as [`Session::send`] does. Where the request asks for pieces, a success is returned as soon as its head
    /// is there, and nothing is sent again once it is.
    ///
    /// # Errors
    /// As from [`Session::send`].
    pub async fn open(&self, request: &Request) -> Result<Incoming, Error> {
        let begun_at = Instant::now();
        let mut tries = 0;
        let result = self.send_repeatedly(request, &mut tries).await;
        let call = request.call();
        let status = result.as_ref().map_or(0, Incoming::status);
        let duration_ms = u64::try_from(begun_at.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::debug!(
            method = call.method.as_str(),
            host = call.host,
            path = call.template,
            status,
            duration_ms,
            tries,
            failure = result.as_ref().err().map(tracing::field::display),
            "called"
        );
        result
    }

    async fn send_repeatedly(&self, request: &Request, tries: &mut u32) -> Result<Incoming, Error> {
        let call = request.call();
        loop {
            *tries += 1;
            let setback = match self.send_once(request, &call).await? {
                Ok(response) => {
                    self.provider_budget.note_success();
                    return Ok(response);
                }
                Err(setback) if request.is_repeatable || setback.failure == Failure::Status(429) => setback,
                Err(Setback { failure, source, .. }) => return Err(Error::Failed { call, failure, source }),
            };
            if let Some(wait) = self.is_used_up(&setback) {
                return Err(Error::UsedUp { call, wait });
            }
            if let Some(limit) = self.used_up(*tries, setback.asked) {
                let Setback { failure, source, asked } = setback;
                return Err(Error::Exhausted {
                    call,
                    limit,
                    failure,
                    tries: *tries,
                    retry_after: asked,
                    source,
                });
            }
            self.wait(*tries + 1, setback.asked).await;
        }
    }

    /// Returns how long the server refuses requests because there were too many, where a call does not wait for so long.
    fn is_used_up(&self, setback: &Setback) -> Option<Duration> {
        let asked = setback.asked.filter(|_| setback.failure == Failure::Status(429));
        asked.filter(|asked| *asked > self.shared.settings.retry.longest_asked)
    }

    /// Returns which budget forbids another try. Where none does, it takes a retry from each.
    fn used_up(&self, tries: u32, asked: Option<Duration>) -> Option<Limit> {
        let retry = &self.shared.settings.retry;
        if tries >= retry.tries || asked.is_some_and(|asked| asked > retry.longest_asked) {
            return Some(Limit::Call);
        }
        if !self.run_budget.has_retry() {
            return Some(Limit::Run);
        }
        if !self.provider_budget.take() {
            return Some(Limit::Provider);
        }
        (!self.run_budget.take()).then_some(Limit::Run)
    }

    /// Waits before try number `next`. A wait that the server asked for holds for the whole session.
    async fn wait(&self, next: u32, asked: Option<Duration>) {
        let wait = wait_before(next, asked, &self.shared.settings.retry, &self.shared.jitter);
        if let Some(asked) = asked {
            let until = Instant::now() + asked;
            let mut paused_until = self.paused_until.lock().unwrap_or_else(PoisonError::into_inner);
            *paused_until = Some(paused_until.map_or(until, |earlier| earlier.max(until)));
        }
        sleep(wait).await;
    }

    /// Tries once to send, and follows the redirects that stay on its host.
    async fn send_once(&self, request: &Request, call: &Call) -> Result<Result<Incoming, Setback>, Error> {
        let mut redirected: Option<Request> = None;
        let (mut status, mut to) = (0, None);
        for _ in 0..=MAX_REDIRECTS {
            let current = redirected.as_ref().unwrap_or(request);
            self.enter(call).await?;
            let answer = self.exchange(current).await;
            let heard = answer
                .as_ref()
                .ok()
                .map(|answer| said(answer.head(), self.shared.settings.now));
            if let Some(allowance) = &self.allowance {
                allowance.answered(heard.unwrap_or_default()).await;
            }
            let response = match answer {
                Ok(response) => response,
                Err(Trouble::Failed(failure, source)) => {
                    return Ok(Err(Setback {
                        failure,
                        source,
                        asked: None,
                    }));
                }
                Err(Trouble::Request) => return Err(Error::Request { call: call.clone() }),
                Err(Trouble::NotPublic) => return Err(Error::NotPublic { call: call.clone() }),
                Err(Trouble::TooLarge) => {
                    let most = self.shared.settings.max_answer_bytes;
                    return Err(Error::TooLarge {
                        call: call.clone(),
                        most,
                    });
                }
            };
            status = response.status();
            if request.takes_redirect || !matches!(status, 301 | 302 | 303 | 307 | 308) {
                return Ok(self.settle(request, response));
            }
            to = elsewhere(current, response.head());
            let Some(next) = follow(current, response.head()) else {
                break;
            };
            redirected = Some(next);
        }
        Err(Error::Redirected {
            call: call.clone(),
            status,
            to,
        })
    }

    /// Waits until the allowance takes a request.
    async fn enter(&self, call: &Call) -> Result<(), Error> {
        let Some(allowance) = &self.allowance else {
            return Ok(());
        };
        let entered = allowance.enter().await;
        entered.map_err(|UsedUp { wait }| Error::UsedUp {
            call: call.clone(),
            wait,
        })
    }

    /// Returns the response as the answer; or as a setback, where the request may be sent again and the refusal passes.
    fn settle(&self, request: &Request, response: Incoming) -> Result<Incoming, Setback> {
        let status = response.status();
        let is_limited = request.is_sent_again_when_limited && status == 429;
        let is_answer = request.takes_breakdown && status == 500;
        if is_limited || (request.is_repeatable && is_passing(status) && !is_answer) {
            let asked = told_wait(response.head(), self.shared.settings.now);
            return Err(Setback {
                failure: Failure::Status(status),
                source: None,
                asked,
            });
        }
        Ok(response)
    }

    async fn exchange(&self, request: &Request) -> Result<Incoming, Trouble> {
        let host = request.url.host_str().unwrap_or_default();
        let pacer = self.shared.pacer(&self.provider, host, self.pace);
        let permit = pacer.enter().await;
        let paused_until = *self.paused_until.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(until) = paused_until.filter(|until| *until > Instant::now()) {
            sleep_until(until).await;
        }
        self.calls.fetch_add(1, Ordering::Relaxed);
        let transport = &self.shared.transport;
        if request.arrival == Arrival::InPieces {
            return transport.open(request).await.map(|response| response.holding(permit));
        }
        let response = transport.exchange(request).await;
        drop(permit);
        response.map(Incoming::whole)
    }
}

/// Returns the server that a redirect leads to.
fn elsewhere(request: &Request, response: &Response) -> Option<String> {
    let url = request.url.join(response.header("location")?).ok()?;
    url.has_host().then(|| url.origin().ascii_serialization())
}

/// Returns the request that a redirect asks for: only a read, and only on the same scheme, host and port (R41).
fn follow(request: &Request, response: &Response) -> Option<Request> {
    let url = request.url.join(response.header("location")?).ok()?;
    let stays = request.method == Method::Get && url.origin() == request.url.origin();
    stays.then(|| Request { url, ..request.clone() })
}

impl fmt::Debug for Session {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Session")
            .field("calls", &self.calls())
            .finish_non_exhaustive()
    }
}
