//! A call may take so long that a function's time is nearly over. The product does not wait for it until the function is
//! killed: the run says so, its lease and slot are given back, and it is tried again, so many times (R30).

use std::{
    future::pending,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use acceptance::journey::{Ground, Office, Place, Stage, Verdict, Watch, WatchedDoor};
use async_trait::async_trait;
use jiff::{SignedDuration, civil::time, tz::TimeZone};
use rollcall::{
    api::{Allowance, Edge, Function, Settings, routes},
    connection::{ConnectionSecret, Credential, Preset, TokenSet},
    event::EventKind,
    http::BaseUrls,
    plan::Status,
    queue::QueueName,
    run::{Done, Error, SPREAD, Schedule, daily, request_diff, secret_name},
    store::{RunKind, RunStatus, memory::MemoryStore},
    testing::builder::run_id,
};
use serde_json::json;

use crate::support::{errors, last_run, next_letter};

/// A watch that never answers at one place, so many times.
#[derive(Debug)]
struct Hang {
    place: Place,
    left: AtomicU64,
}

impl Hang {
    fn at(place: Place) -> Arc<Self> {
        let left = AtomicU64::new(0);
        Arc::new(Self { place, left })
    }

    fn so_often(&self, times: u64) {
        self.left.store(times, Ordering::SeqCst);
    }

    async fn answer(&self, place: Place) -> Verdict {
        let is_it = place == self.place;
        let left = |left: u64| left.checked_sub(1);
        if is_it && self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, left).is_ok() {
            pending::<()>().await;
        }
        Verdict::Go
    }
}

#[async_trait]
impl Watch for Hang {
    async fn before(&self, place: Place) -> Verdict {
        self.answer(place).await
    }

    async fn look(&self, place: Place) -> Verdict {
        self.answer(place).await
    }
}

/// Returns a stage with five people at HR, on which the calls at one place hang.
async fn stage(hang: &Arc<Hang>) -> Stage {
    let office = Office::new("7");
    office.hire_many(1..=5);
    let ground = Ground {
        watch: Arc::clone(hang) as _,
        ..Ground::memory()
    };
    let mut stage = Stage::new(ground, &office).unwrap();
    stage.connect(Preset::Users.configuration()).await.unwrap();
    stage.events.take();
    stage
}

/// Asserts that no run holds the connection's lease, nor a slot.
async fn assert_free(stage: &Stage, kind: RunKind) {
    let slots = stage.store.find_slots(kind, 0).await.unwrap().unwrap().record;
    assert!(slots.taken.is_empty(), "{slots:?}");
    let until = stage.now() + SignedDuration::from_secs(1);
    let holder = run_id("whoever");
    let lease = stage
        .store
        .acquire_lease(&stage.connection, &holder, stage.now(), until);
    let lease = lease.await.unwrap().unwrap();
    stage.store.release_lease(&lease).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn r30_a_diff_whose_hr_system_or_target_hangs_says_so_and_is_tried_again() {
    for place in [
        Place::Provider("read"),
        Place::Provider("identify"),
        Place::Target("list_accounts"),
    ] {
        let hang = Hang::at(place);
        let stage = stage(&hang).await;
        hang.so_often(1);
        let asked = request_diff(&stage.ports, &stage.connection).await.unwrap();
        let letter = next_letter(&stage, QueueName::Diff);
        assert_eq!(stage.handle(&letter).await.unwrap(), Done::Deferred);
        let run = stage.run(&asked).await.unwrap();
        assert_eq!(
            (run.status, errors(&run)),
            (RunStatus::Deferred, vec![("deadline", None)]),
            "{place:?}"
        );
        let said = if place == Place::Target("list_accounts") {
            "the target had answered with 0 accounts, and not to the end"
        } else {
            "the HR system had answered with 0 people, and not to the end"
        };
        let detail = &run.errors[0].detail;
        assert!(
            detail.contains(said) && detail.contains("`FunctionTimeout`"),
            "{detail}"
        );
        assert_free(&stage, RunKind::Diff).await;
        assert!(stage.events.take().is_empty(), "nothing has failed yet");
        stage.deliver().await.unwrap();
        let run = stage.run(&asked).await.unwrap();
        assert_eq!(
            (run.status, errors(&run)),
            (RunStatus::Succeeded, Vec::new()),
            "{place:?}"
        );
        assert_eq!(stage.accounts().await.unwrap().len(), 5);
    }
}

#[tokio::test(start_paused = true)]
async fn r30_a_diff_that_meets_its_deadline_every_time_fails_by_name_and_tells_it_once() {
    let hang = Hang::at(Place::Provider("read"));
    let stage = stage(&hang).await;
    hang.so_often(u64::MAX);
    let asked = request_diff(&stage.ports, &stage.connection).await.unwrap();
    stage.deliver().await.unwrap();
    let run = stage.run(&asked).await.unwrap();
    assert_eq!(
        (run.status, errors(&run)),
        (RunStatus::Failed, vec![("deadline", None)])
    );
    assert_eq!(run.attempts, stage.ports.settings.most_attempts);
    assert!(
        run.errors[0].detail.contains("several times"),
        "{}",
        run.errors[0].detail
    );
    let told = stage.events.take();
    let kinds: Vec<_> = told.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [EventKind::RunFailed]);
    assert_free(&stage, RunKind::Diff).await;
    assert!(stage.letters.next_at().is_none());
}

#[tokio::test(start_paused = true)]
async fn r30_a_run_whose_store_hangs_gives_back_what_it_holds_and_is_delivered_again() {
    for (place, queue) in [
        ("load_state", QueueName::Diff),
        ("put_state", QueueName::Diff),
        ("find_lines", QueueName::Apply),
    ] {
        let hang = Hang::at(Place::Store(place));
        let stage = stage(&hang).await;
        request_diff(&stage.ports, &stage.connection).await.unwrap();
        if queue == QueueName::Apply {
            stage.handle(&next_letter(&stage, QueueName::Diff)).await.unwrap();
        }
        hang.so_often(1);
        let letter = next_letter(&stage, queue);
        assert!(
            stage.handle(&letter).await.is_err(),
            "{place}: the message is given back"
        );
        let kind = if queue == QueueName::Apply {
            RunKind::Apply
        } else {
            RunKind::Diff
        };
        assert_free(&stage, kind).await;
        stage.handle(&letter).await.unwrap();
        stage.letters.delete(&letter);
        stage.deliver().await.unwrap();
        let run = last_run(&stage).await;
        assert_eq!(
            (run.kind, run.status, errors(&run)),
            (RunKind::Apply, RunStatus::Succeeded, Vec::new()),
            "{place}"
        );
        assert_eq!(stage.accounts().await.unwrap().len(), 5, "{place}");
    }
}

#[tokio::test(start_paused = true)]
async fn r49_a_morning_that_meets_its_deadline_ends_itself_and_goes_on_when_it_is_begun_again() {
    for place in ["find_connection", "run", "sweep_parts"] {
        let hang = Hang::at(Place::Store(place));
        let stage = stage(&hang).await;
        hang.so_often(1);
        let began = tokio::time::Instant::now();
        let day = stage.now().to_zoned(TimeZone::UTC).date();
        let until = stage.now() + SignedDuration::from_secs(295);
        let late = daily(&stage.ports, day, SPREAD, until).await.unwrap_err();
        assert!(matches!(late, Error::Late), "{place}: {late}");
        assert_eq!(began.elapsed().as_secs(), 295, "{place}");
        let report = stage.morning().await.unwrap();
        assert_eq!(report.due, 1, "{place}");
        stage.deliver().await.unwrap();
        assert_eq!(stage.accounts().await.unwrap().len(), 5, "{place}");
    }
}

#[tokio::test(start_paused = true)]
async fn r29_an_apply_whose_target_leaves_a_request_without_an_answer_goes_on_in_the_next_slice() {
    let hang = Hang::at(Place::Target("create"));
    let stage = stage(&hang).await;
    request_diff(&stage.ports, &stage.connection).await.unwrap();
    stage.handle(&next_letter(&stage, QueueName::Diff)).await.unwrap();
    hang.so_often(1);
    let letter = next_letter(&stage, QueueName::Apply);
    assert_eq!(stage.handle(&letter).await.unwrap(), Done::Continued);
    assert_free(&stage, RunKind::Apply).await;
    stage.deliver().await.unwrap();
    let run = last_run(&stage).await;
    assert_eq!((run.status, errors(&run)), (RunStatus::Succeeded, Vec::new()));
    assert_eq!(stage.accounts().await.unwrap().len(), 5, "nobody twice");
}

#[tokio::test(start_paused = true)]
async fn r31_an_apply_that_meets_its_deadline_every_time_fails_by_name_and_frees_the_connection() {
    let hang = Hang::at(Place::Target("create"));
    let stage = stage(&hang).await;
    hang.so_often(u64::MAX);
    stage.night().await.unwrap();
    let run = last_run(&stage).await;
    assert_eq!(
        (run.kind, run.status, errors(&run)),
        (RunKind::Apply, RunStatus::Failed, vec![("deadline", None)])
    );
    let plan = stage
        .store
        .find_plan(run.plan.as_ref().unwrap(), stage.now())
        .await
        .unwrap();
    assert_eq!(plan.unwrap().status, Status::AppliedWithErrors);
    assert_free(&stage, RunKind::Apply).await;
    hang.so_often(0);
    stage.pass_hours(24).night().await.unwrap();
    assert_eq!(stage.accounts().await.unwrap().len(), 5);
}

#[tokio::test(start_paused = true)]
async fn r40_a_refresh_that_hangs_keeps_neither_the_lease_nor_the_morning() {
    let hang = Hang::at(Place::Provider("renew"));
    let stage = stage(&hang).await;
    let tokens = TokenSet {
        access_token: "token-of-the-office".to_owned().into(),
        refresh_token: Some("refresh-of-the-office".to_owned().into()),
        expires_at: None,
        obtained_at: stage.now(),
        scope: None,
    };
    let secret = ConnectionSecret {
        version: 4,
        source: Some(Credential::Tokens(tokens)),
        ..ConnectionSecret::default()
    };
    let text = secret.to_secret_text().unwrap();
    stage
        .secrets
        .put_secret(&secret_name(&stage.connection), &text)
        .await
        .unwrap();
    stage.pass_hours(24);
    hang.so_often(1);
    let report = stage.morning().await.unwrap();
    assert_eq!((report.started, report.refreshed), (1, 0));
    let until = stage.now() + SignedDuration::from_secs(1);
    let holder = run_id("whoever");
    let lease = stage
        .store
        .acquire_lease(&stage.connection, &holder, stage.now(), until);
    assert!(lease.await.unwrap().is_some());
}

#[tokio::test(start_paused = true)]
async fn a_request_is_answered_before_the_http_api_cuts_it_off_whatever_hangs() {
    let hang = Hang::at(Place::Door("find_key"));
    let stage = stage(&hang).await;
    let door = WatchedDoor {
        inner: Arc::new(MemoryStore::new()),
        watch: Arc::clone(&hang) as _,
    };
    let settings = Settings {
        public_url: "https://hr.example.test".to_owned(),
        base_urls: BaseUrls::Any,
        schedule: Schedule {
            at: time(4, 0, 0, 0),
            zone: TimeZone::UTC,
        },
        allowance: Allowance::default(),
        build: String::new(),
    };
    let edge = Edge::new(
        stage.ports.clone(),
        Arc::clone(&stage.directory),
        Arc::new(door),
        settings,
        routes::all(),
    );
    let event = json!({
        "version": "2.0", "routeKey": "$default", "rawPath": "/v1/providers", "rawQueryString": "",
        "headers": { "authorization": "Bearer rck_a_b" },
        "requestContext": { "http": { "method": "GET" }, "requestId": "req-1" },
        "isBase64Encoded": false,
    });
    hang.so_often(1);
    let began = tokio::time::Instant::now();
    let deadline = stage.now() + SignedDuration::from_mins(5);
    let event = serde_json::from_value(event).unwrap();
    let answer = edge.handle(Function::Console, event, deadline).await;
    assert_eq!(answer.status_code, 503);
    assert_eq!(began.elapsed().as_secs(), 28);
    let body = serde_json::to_value(&answer).unwrap()["body"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        body.contains(r#""code":"unavailable""#) && body.contains("req-1"),
        "{body}"
    );
}
