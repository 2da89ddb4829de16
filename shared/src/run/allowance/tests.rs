//! Reads that share one allowance, by a clock that passes without waiting.

use std::collections::VecDeque;

use futures_util::{StreamExt as _, future::join_all, stream};
use tokio::time::{Instant, advance};

use super::*;
use crate::{
    allowance::Scope,
    store::{BucketStore as _, Meter as _, memory::MemoryStore},
    testing::builder::at,
};

const FIFTY: Limit = Limit {
    requests: 50,
    window: SignedDuration::from_mins(1),
};

/// A clock that passes as the timers of a test do.
struct Timed(Instant);

impl Clock for Timed {
    fn now(&self) -> Timestamp {
        at("2026-03-01T04:00:00Z") + self.0.elapsed()
    }
}

/// An HR system that takes so many requests within any minute.
#[derive(Default)]
struct Server {
    seen: Mutex<VecDeque<Instant>>,
    refused: Mutex<u32>,
}

impl Server {
    /// Answers a request after its way to the server and back.
    async fn ask(&self) -> Said {
        sleep(Duration::from_millis(70)).await;
        let wait = self.count();
        sleep(Duration::from_millis(80)).await;
        Said {
            wait,
            ..Said::default()
        }
    }

    fn count(&self) -> Option<Duration> {
        let (now, minute) = (Instant::now(), Duration::from_mins(1));
        let mut seen = self.seen.lock().unwrap();
        seen.retain(|at| now.duration_since(*at) < minute);
        if seen.len() < 50 {
            seen.push_back(now);
            return None;
        }
        *self.refused.lock().unwrap() += 1;
        Some(minute.saturating_sub(now.duration_since(seen[0])))
    }
}

struct Scene {
    store: Arc<MemoryStore>,
    clock: Arc<Timed>,
    server: Server,
}

impl Scene {
    fn new() -> Self {
        Self {
            store: Arc::default(),
            clock: Arc::new(Timed(Instant::now())),
            server: Server::default(),
        }
    }

    fn scope() -> ScopeKey {
        let shared = SharedLimit {
            limit: FIFTY,
            scope: Scope::Site,
        };
        shared.key("kind", "acme", "c-1")
    }

    /// A read that waits until it has read for so long.
    fn read(&self, holder: &str, for_minutes: i64) -> SharedAllowance {
        let until = self.clock.now() + SignedDuration::from_mins(for_minutes);
        let (store, clock) = (Arc::clone(&self.store) as _, Arc::clone(&self.clock) as _);
        SharedAllowance::new(store, clock, (FIFTY, Self::scope()), holder.to_owned(), until)
    }

    /// Sends so many requests, three at a time, whenever the allowance takes them. Returns how many were answered.
    async fn send(&self, allowance: &SharedAllowance, requests: usize) -> usize {
        let sent = stream::iter(0..requests).map(|_| async {
            // A read that would wait for too long pauses, and goes on then.
            while let Err(UsedUp { wait }) = allowance.enter().await {
                allowance.give_back(true).await;
                sleep(wait).await;
            }
            let said = self.server.ask().await;
            allowance.answered(said).await;
            said.wait.is_none()
        });
        let answered = sent
            .buffer_unordered(3)
            .filter(|answered| std::future::ready(*answered));
        answered.count().await
    }

    fn refused(&self) -> u32 {
        *self.server.refused.lock().unwrap()
    }
}

#[tokio::test(start_paused = true)]
async fn a_thousand_requests_take_few_writes_and_are_never_refused() {
    let scene = Scene::new();
    let read = scene.read("one", 60);
    assert_eq!(scene.send(&read, 1_000).await, 1_000);
    read.give_back(false).await;
    let took = scene.clock.0.elapsed().as_secs();
    assert_eq!(scene.refused(), 0);
    assert!(scene.store.writes() <= 44, "{} writes", scene.store.writes());
    assert!(
        (19 * 60..23 * 60).contains(&took),
        "{took} seconds, twenty minutes at least"
    );
}

#[tokio::test(start_paused = true)]
async fn reads_that_share_an_allowance_all_come_to_their_end_and_none_is_refused() {
    let scene = Scene::new();
    let reads: Vec<_> = (0..4)
        .map(|number| scene.read(&format!("read-{number}"), 120))
        .collect();
    let answered = join_all(reads.iter().map(|read| scene.send(read, 150))).await;
    assert_eq!((answered, scene.refused()), (vec![150; 4], 0));
    let took = scene.clock.0.elapsed().as_secs();
    assert!(took < 17 * 60, "{took} seconds, twelve minutes at least");
}

#[tokio::test(start_paused = true)]
async fn a_read_that_needs_little_takes_one_lot_and_gives_back_what_is_left() {
    let scene = Scene::new();
    let read = scene.read("one", 5);
    scene.send(&read, 3).await;
    read.give_back(false).await;
    assert_eq!(scene.store.writes(), 2);
    let other = scene.read("two", 5);
    assert_eq!(
        scene.send(&other, 47).await,
        47,
        "what was given back is there for others at once"
    );
    assert!(scene.clock.0.elapsed() < Duration::from_secs(10));
    let idle = scene.read("idle", 5);
    idle.give_back(false).await;
    assert_eq!(scene.store.writes(), 4, "nothing is written for what was not asked");
}

#[tokio::test(start_paused = true)]
async fn a_read_that_would_wait_beyond_its_time_learns_for_how_long() {
    let scene = Scene::new();
    let others = [scene.read("one", 5), scene.read("two", 5)];
    for other in &others {
        scene.send(other, 25).await;
    }
    let short = scene.read("short", 0);
    let UsedUp { wait } = short.enter().await.unwrap_err();
    assert!((70..=77).contains(&wait.as_secs()), "{wait:?}: the lots may be in use");
    for other in &others {
        other.give_back(true).await;
    }
    let UsedUp { wait } = short.enter().await.unwrap_err();
    assert!(
        (55..=62).contains(&wait.as_secs()),
        "{wait:?}: what was used is known now"
    );
    advance(wait).await;
    assert!(scene.read("next", 5).enter().await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn what_the_server_refuses_for_long_is_asked_by_no_other_process() {
    let scene = Scene::new();
    let (one, two) = (scene.read("one", 60), scene.read("two", 60));
    one.enter().await.unwrap();
    let twenty_minutes = Duration::from_mins(20);
    let refused = Said {
        wait: Some(twenty_minutes),
        ..Said::default()
    };
    one.answered(refused).await;
    assert_eq!(one.enter().await, Err(UsedUp { wait: twenty_minutes }));
    assert_eq!(two.enter().await, Err(UsedUp { wait: twenty_minutes }));
    advance(twenty_minutes).await;
    assert!(two.enter().await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_process_that_dies_between_taking_and_using_costs_its_lot_for_a_while_and_nothing_more() {
    let scene = Scene::new();
    for number in 0..2 {
        scene.read(&format!("dead-{number}"), 5).enter().await.unwrap();
    }
    let begun = Instant::now();
    let mut next = scene.read("next", 60);
    while let Err(UsedUp { wait }) = next.enter().await {
        advance(wait).await;
        next = scene.read("next", 60);
    }
    assert!(begun.elapsed() <= Duration::from_secs(78), "{:?}", begun.elapsed());
    assert_eq!(scene.send(&next, 100).await, 100);
    assert_eq!(scene.refused(), 0);
}

#[tokio::test(start_paused = true)]
async fn what_is_kept_of_a_bucket_ends_by_itself() {
    let scene = Scene::new();
    scene.send(&scene.read("one", 5), 60).await;
    let kept = scene.store.find_bucket(&Scene::scope()).await.unwrap().unwrap().record;
    let end = kept.ends_at(FIFTY).duration_since(scene.clock.now());
    assert!(end.as_secs() <= 15 + 62, "{end:?}");
}
