//! Retries, budgets and pacing, on a scripted wire in virtual time.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use http::HeaderMap;
use tokio::time::Instant;

use super::{FAST, settings};
use crate::{
    allowance::Said,
    http::{
        BaseUrl, Client, Error, Failure, HostRule, Limit, Method, Pace, Request, Response, Retry, Settings,
        transport::{Transport, Trouble},
    },
    source::{Allowance, UsedUp},
};

/// What the scripted wire does at each exchange.
enum Step {
    Answer(u16, &'static [(&'static str, &'static str)]),
    Fail(Failure),
}

/// Plays its steps, then answers 200. Notes when each exchange began.
#[derive(Clone, Default)]
struct Script {
    steps: Arc<Mutex<VecDeque<Step>>>,
    begun_at: Arc<Mutex<Vec<Instant>>>,
}

impl Script {
    fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        Self {
            steps: Arc::new(Mutex::new(steps.into_iter().collect())),
            begun_at: Arc::default(),
        }
    }

    fn client(&self, retry: Retry) -> Client {
        Client::with_transport(Settings { retry, ..settings() }, Box::new(self.clone()))
    }

    fn exchanges(&self) -> usize {
        self.begun_at.lock().unwrap().len()
    }
}

#[async_trait]
impl Transport for Script {
    async fn exchange(&self, _request: &Request) -> Result<Response, Trouble> {
        self.begun_at.lock().unwrap().push(Instant::now());
        let step = self.steps.lock().unwrap().pop_front();
        let (status, pairs) = match step {
            Some(Step::Fail(failure)) => return Err(Trouble::Failed(failure, None)),
            Some(Step::Answer(status, pairs)) => (status, pairs),
            None => (200, [].as_slice()),
        };
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, value.parse().unwrap());
        }
        Ok(Response {
            status,
            headers,
            body: Bytes::new(),
        })
    }
}

fn request(method: Method) -> Request {
    let base = BaseUrl::parse("https://hr.example", HostRule::Any).unwrap();
    Request::new(method, &base, "/people/77", "/people/{id}").query([("name", "Ana Ruiz")])
}

fn statuses(statuses: &[u16]) -> Vec<Step> {
    statuses.iter().map(|status| Step::Answer(*status, &[])).collect()
}

#[tokio::test(start_paused = true)]
async fn r31_a_read_is_sent_again_while_it_fails_in_passing() {
    for step in [
        Step::Answer(408, &[]),
        Step::Answer(429, &[]),
        Step::Answer(500, &[]),
        Step::Answer(502, &[]),
        Step::Answer(503, &[]),
        Step::Answer(504, &[]),
        Step::Fail(Failure::Broken),
        Step::Fail(Failure::TimedOut),
        Step::Fail(Failure::Connect),
    ] {
        let script = Script::new([step]);
        let session = script.client(Retry::default()).open_session("a", FAST);
        assert_eq!(session.send(&request(Method::Get)).await.unwrap().status(), 200);
        assert_eq!(session.calls(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn r31_what_is_refused_for_good_is_not_sent_again() {
    for status in [200, 201, 400, 401, 403, 404, 409, 422, 501] {
        let script = Script::new(statuses(&[status, 200]));
        let session = script.client(Retry::default()).open_session("a", FAST);
        assert_eq!(session.send(&request(Method::Get)).await.unwrap().status(), status);
        assert_eq!(session.calls(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn r31_a_post_is_never_blindly_repeated() {
    let script = Script::new([
        Step::Answer(503, &[]),
        Step::Fail(Failure::TimedOut),
        Step::Fail(Failure::Connect),
    ]);
    let session = script.client(Retry::default()).open_session("a", FAST);
    assert_eq!(session.send(&request(Method::Post)).await.unwrap().status(), 503);
    for may_have_arrived in [true, false] {
        let error = session.send(&request(Method::Post)).await.unwrap_err();
        assert!(matches!(error, Error::Failed { failure, .. } if failure.may_have_arrived() == may_have_arrived));
    }
    assert_eq!(session.calls(), 3);
}

#[tokio::test(start_paused = true)]
async fn r31_a_post_is_repeated_where_the_caller_says_that_it_may_be() {
    let script = Script::new(statuses(&[503]));
    let session = script.client(Retry::default()).open_session("a", FAST);
    let request = request(Method::Post).repeatable();
    assert_eq!(session.send(&request).await.unwrap().status(), 200);
    assert_eq!(session.calls(), 2);
}

#[tokio::test(start_paused = true)]
async fn r31_a_call_has_a_number_of_tries() {
    let script = Script::new(statuses(&[503; 20]));
    let session = script
        .client(Retry {
            tries: 3,
            ..Retry::default()
        })
        .open_session("a", FAST);
    let error = session.send(&request(Method::Get)).await.unwrap_err();
    assert!(matches!(
        error,
        Error::Exhausted {
            limit: Limit::Call,
            failure: Failure::Status(503),
            tries: 3,
            ..
        }
    ));
    assert_eq!(script.exchanges(), 3);
}

#[tokio::test(start_paused = true)]
async fn r31_a_run_has_a_budget_of_retries_over_all_its_calls() {
    let script = Script::new(statuses(&[503, 200, 503, 200, 503, 200]));
    let client = script.client(Retry {
        per_run: 2,
        ..Retry::default()
    });
    let session = client.open_session("a", FAST);
    for _ in 0..2 {
        assert!(session.send(&request(Method::Get)).await.is_ok());
    }
    let error = session.send(&request(Method::Get)).await.unwrap_err();
    assert!(matches!(error, Error::Exhausted { limit: Limit::Run, .. }));
    script.steps.lock().unwrap().push_front(Step::Answer(503, &[]));
    let other = client.open_session("a", FAST);
    assert!(
        other.send(&request(Method::Get)).await.is_ok(),
        "another run has its own budget"
    );
}

#[tokio::test(start_paused = true)]
async fn r31_a_provider_has_a_budget_of_retries_over_all_runs() {
    let script = Script::new(statuses(&[503, 503, 503, 503]));
    let client = script.client(Retry {
        per_provider: 2,
        tries: 3,
        ..Retry::default()
    });
    let first = client.open_session("a", FAST).send(&request(Method::Get)).await;
    assert!(matches!(first, Err(Error::Exhausted { limit: Limit::Call, .. })));
    let second = client.open_session("a", FAST).send(&request(Method::Get)).await;
    assert!(matches!(
        second,
        Err(Error::Exhausted {
            limit: Limit::Provider,
            ..
        })
    ));
    script.steps.lock().unwrap().push_front(Step::Answer(503, &[]));
    let neighbour = client.open_session("b", FAST).send(&request(Method::Get)).await;
    assert!(neighbour.is_ok(), "another provider has its own budget");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_asks_for_time_gets_it_and_so_does_every_other_call_of_the_session() {
    let script = Script::new([Step::Answer(429, &[("retry-after", "30")])]);
    let session = script.client(Retry::default()).open_session("a", FAST);
    let (slow, quick) = (request(Method::Get), request(Method::Get));
    let other = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        session.send(&quick).await
    };
    let (first, second) = tokio::join!(session.send(&slow), other);
    assert!(first.is_ok() && second.is_ok());
    let begun_at = script.begun_at.lock().unwrap().clone();
    assert_eq!(begun_at.len(), 3);
    for later in &begun_at[1..] {
        assert!(later.duration_since(begun_at[0]) >= Duration::from_secs(30));
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_asks_for_too_much_time_ends_the_call_at_once_and_the_caller_learns_the_wait() {
    let script = Script::new([Step::Answer(503, &[("retry-after", "Thu, 01 Jan 2026 01:00:00 GMT")])]);
    let session = script.client(Retry::default()).open_session("a", FAST);
    let begun_at = Instant::now();
    let error = session.send(&request(Method::Get)).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_hours(1)));
    assert_eq!((session.calls(), begun_at.elapsed()), (1, Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_refuses_for_long_because_there_were_too_many_says_when_to_come_again() {
    let script = Script::new([Step::Answer(429, &[("retry-after", "1200")])]);
    let session = script.client(Retry::default()).open_session("a", FAST);
    let error = session.send(&request(Method::Get)).await.unwrap_err();
    assert!(
        matches!(error, Error::UsedUp { wait, .. } if wait == Duration::from_mins(20)),
        "{error}"
    );
    assert_eq!(script.exchanges(), 1);
}

/// An allowance of so many requests. Notes what the answers say.
struct Counted {
    left: Mutex<u32>,
    heard: Mutex<Vec<Said>>,
}

#[async_trait]
impl Allowance for Counted {
    async fn enter(&self) -> Result<(), UsedUp> {
        let mut left = self.left.lock().unwrap();
        let wait = Duration::from_secs(40);
        *left = left.checked_sub(1).ok_or(UsedUp { wait })?;
        Ok(())
    }

    async fn answered(&self, said: Said) {
        self.heard.lock().unwrap().push(said);
    }
}

#[tokio::test(start_paused = true)]
async fn each_try_is_taken_from_the_allowance_and_nothing_is_sent_where_none_is_left() {
    let steps = [
        Step::Answer(429, &[("retry-after", "2")]),
        Step::Fail(Failure::Broken),
        Step::Answer(200, &[("x-ratelimit-remaining", "9")]),
    ];
    let script = Script::new(steps);
    let counted = Arc::new(Counted {
        left: Mutex::new(3),
        heard: Mutex::default(),
    });
    let session = script.client(Retry::default()).open_session("a", FAST);
    let session = session.within(Some(Arc::clone(&counted) as Arc<dyn Allowance>));
    assert!(session.send(&request(Method::Get)).await.is_ok());
    let heard = counted.heard.lock().unwrap().clone();
    let refused = Said {
        wait: Some(Duration::from_secs(2)),
        ..Said::default()
    };
    let answered = Said {
        remaining: Some(9),
        ..Said::default()
    };
    assert_eq!(heard, [refused, Said::default(), answered]);
    let error = session.send(&request(Method::Get)).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(40)));
    assert_eq!((script.exchanges(), session.calls()), (3, 3));
}

#[tokio::test(start_paused = true)]
async fn requests_keep_the_pace_of_their_host() {
    let script = Script::new([]);
    let pace = Pace {
        per_second: 5,
        burst: 1,
        in_flight: 10,
    };
    let client = script.client(Retry::default());
    let (one, two) = (client.open_session("a", pace), client.open_session("a", pace));
    let begun_at = Instant::now();
    let asked = request(Method::Get);
    let calls = (0..10).map(|index| {
        if index % 2 == 0 {
            one.send(&asked)
        } else {
            two.send(&asked)
        }
    });
    futures_util::future::join_all(calls).await;
    assert_eq!(begun_at.elapsed(), Duration::from_millis(1_800));
    assert_eq!((one.calls(), two.calls()), (5, 5));
}
