//! Requests that come again: a refusal that passes is not kept under its key, and a run that waits already is not made twice.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use acceptance::journey::{Office, Place, Verdict, Watch};
use async_trait::async_trait;
use jiff::SignedDuration;
use rollcall::{connection::Preset, testing::builder::run_id};
use serde_json::json;

use crate::desk::{Desk, Reply};

/// A target and a queue that can be down, with the number of messages that were sent.
#[derive(Default)]
struct World {
    is_down: AtomicBool,
    is_queue_down: AtomicBool,
    sent: AtomicU64,
}

#[async_trait]
impl Watch for World {
    async fn before(&self, place: Place) -> Verdict {
        if place == Place::Queue && self.is_queue_down.load(Ordering::SeqCst) {
            return Verdict::Fail;
        }
        if place == Place::Queue {
            self.sent.fetch_add(1, Ordering::SeqCst);
        }
        Verdict::Go
    }

    async fn look(&self, place: Place) -> Verdict {
        let is_down = self.is_down.load(Ordering::SeqCst) && matches!(place, Place::Target(_));
        if is_down { Verdict::Fail } else { Verdict::Go }
    }
}

async fn connected(world: &Arc<World>) -> Desk {
    let office = Office::new("7");
    office.hire(1, "Ana", "Ruiz");
    let mut desk = Desk::open(&office, Arc::clone(world) as _).await;
    desk.stage.connect(Preset::Users.configuration()).await.unwrap();
    desk
}

async fn post(desk: &Desk, address: &str, key: &str) -> Reply {
    let mut request = desk.request("POST", address, None);
    request.headers.insert("idempotency-key".to_owned(), key.to_owned());
    desk.answer(&request).await
}

#[tokio::test]
async fn a_refusal_that_another_try_may_mend_is_not_kept_under_its_key() {
    let world = Arc::new(World::default());
    let desk = connected(&world).await;
    let stage = &desk.stage;
    let plan = stage.night().await.unwrap().plan.unwrap();
    let address = format!("/v1/plans/{plan}/undo");

    world.is_down.store(true, Ordering::SeqCst);
    let down = post(&desk, &address, "k-1").await;
    assert_eq!(
        (down.status, down.code()),
        (503, "provider-unavailable"),
        "{}",
        down.body
    );
    assert!(down.at("/detail").contains("try again"), "{}", down.body);
    world.is_down.store(false, Ordering::SeqCst);

    let (holder, until) = (run_id("at-work"), stage.now() + SignedDuration::from_mins(5));
    let lease = stage
        .store
        .acquire_lease(&stage.connection, &holder, stage.now(), until);
    let lease = lease.await.unwrap().unwrap();
    let busy = post(&desk, &address, "k-1").await;
    assert_eq!((busy.status, busy.code()), (409, "busy"), "{}", busy.body);
    stage.store.release_lease(&lease).await.unwrap();

    let done = post(&desk, &address, "k-1").await;
    assert_eq!(
        (done.status, done.at("/purpose").as_str(), done.replayed),
        (200, "undo", false)
    );
    let again = post(&desk, &address, "k-1").await;
    assert_eq!((again.at("/id"), again.replayed), (done.at("/id"), true));
}

#[tokio::test]
async fn r48_a_sync_or_a_preview_that_waits_already_is_not_made_twice() {
    let world = Arc::new(World::default());
    let desk = connected(&world).await;
    let of = |what: &str| format!("/v1/connections/{}/{what}", desk.stage.connection);
    let sent = world.sent.load(Ordering::SeqCst);
    let mut runs = BTreeSet::new();
    for number in 0..30 {
        runs.insert(desk.send("POST", &of("sync"), None).await.at("/run"));
        runs.insert(post(&desk, &of("preview"), &format!("k-{number}")).await.at("/run"));
    }
    assert_eq!(runs.len(), 2, "{runs:?}");
    assert_eq!(world.sent.load(Ordering::SeqCst) - sent, 2);

    // A message that is long overdue counts as lost.
    desk.stage.clock.advance(SignedDuration::from_mins(5));
    for _ in 0..3 {
        assert!(runs.contains(&desk.send("POST", &of("sync"), None).await.at("/run")));
    }
    assert_eq!(world.sent.load(Ordering::SeqCst) - sent, 3);

    desk.stage.deliver().await.unwrap();
    let next = desk.send("POST", &of("sync"), None).await.at("/run");
    assert!(!runs.contains(&next), "a run that has ended says nothing of today");
}

#[tokio::test]
async fn a_run_whose_message_the_queue_refused_is_sent_for_by_the_next_request_at_once() {
    let world = Arc::new(World::default());
    let desk = connected(&world).await;
    let address = format!("/v1/connections/{}/sync", desk.stage.connection);
    let sent = world.sent.load(Ordering::SeqCst);
    world.is_queue_down.store(true, Ordering::SeqCst);
    assert_eq!(desk.send("POST", &address, None).await.status, 503);
    world.is_queue_down.store(false, Ordering::SeqCst);
    let run = desk.send("POST", &address, None).await.at("/run");
    assert_eq!(desk.send("POST", &address, None).await.at("/run"), run);
    assert_eq!(world.sent.load(Ordering::SeqCst) - sent, 1);
    desk.stage.deliver().await.unwrap();
    assert_ne!(desk.send("POST", &address, None).await.at("/run"), run);
}

#[tokio::test]
async fn r48_a_connection_has_at_most_fifty_runs_that_wait() {
    let world = Arc::new(World::default());
    let desk = connected(&world).await;
    let address = format!("/v1/connections/{}/sync", desk.stage.connection);
    let ask = async |number: usize| {
        let body = json!({ "employee_id": number.to_string() });
        desk.send("POST", &address, Some(&body)).await
    };
    for number in 0..50 {
        assert_eq!(ask(number).await.status, 202);
    }
    let refused = ask(50).await;
    assert_eq!((refused.status, refused.code()), (409, "busy"), "{}", refused.body);
    desk.stage.deliver().await.unwrap();
    assert_eq!(ask(51).await.status, 202);
}
