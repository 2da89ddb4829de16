//! How long a message waits, and which process sends it again: a wait grows, and no process shortens a wait that has a purpose
//! (R30).

use std::sync::{Arc, atomic::Ordering};

use acceptance::journey::{Letter, Nobody, Office, Plot, Stage};
use jiff::{SignedDuration, Timestamp};
use rollcall::{
    employee::Canonical,
    queue::QueueName,
    run::{Asked, Done, request, request_diff},
    store::RunStatus,
    testing::builder::run_id,
};

use crate::{
    bad_record::{Down, settled, titles},
    support::{last_run, next_letter, prepared},
};

/// Returns the seconds since an instant.
fn since(stage: &Stage, began_at: Timestamp) -> i64 {
    stage.now().duration_since(began_at).as_secs()
}

/// Delivers messages for so many seconds. `take` decides what becomes of the apply's letters. Returns when each of them came.
async fn deliver_for(stage: &Stage, seconds: i64, take: impl AsyncFn(&Letter)) -> Vec<i64> {
    let (began_at, mut applies) = (stage.now(), Vec::new());
    loop {
        match stage.letters.receive() {
            Some(letter) if letter.queue == QueueName::Apply => {
                applies.push(since(stage, began_at));
                take(&letter).await;
            }
            Some(letter) => {
                stage.handle(&letter).await.unwrap();
            }
            None => {
                let next = stage.letters.next_at().unwrap();
                if next.duration_since(began_at).as_secs() > seconds {
                    return applies;
                }
                stage.clock.set(next);
            }
        }
    }
}

#[tokio::test]
async fn r30_a_preview_that_finds_a_run_at_work_waits_a_second_and_then_twice_as_long_each_time() {
    let stage = prepared(Plot::First, Arc::new(Nobody), None).await;
    stage.deliver().await.unwrap();
    let until = stage.now() + SignedDuration::from_mins(5);
    let holder = run_id("at-work");
    let lease = stage
        .store
        .acquire_lease(&stage.connection, &holder, stage.now(), until);
    let lease = lease.await.unwrap().unwrap();
    let asked = request(&stage.ports, &stage.connection, Asked::Preview).await.unwrap();
    let mut waits = Vec::new();
    for _ in 0..8 {
        let letter = next_letter(&stage, QueueName::Diff);
        assert_eq!(stage.handle(&letter).await.unwrap(), Done::Deferred);
        assert_eq!(stage.run(&asked).await.unwrap().status, RunStatus::Deferred);
        let next = stage.letters.next_at().unwrap();
        waits.push(next.duration_since(stage.now()).as_secs());
        stage.clock.set(next);
    }
    assert_eq!(waits, [1, 2, 4, 8, 16, 30, 30, 30]);
    stage.store.release_lease(&lease).await.unwrap();
    stage.deliver().await.unwrap();
    assert_eq!(stage.run(&asked).await.unwrap().status, RunStatus::Succeeded);
}

#[tokio::test]
async fn r30_a_diff_that_waits_leaves_an_apply_alone_that_waits_for_its_target() {
    let down = Arc::new(Down::default());
    let stage = settled(&Office::new("7"), Arc::clone(&down) as _).await;
    for id in 1..=12 {
        stage.office.set(id, Canonical::JobTitle, "Head");
    }
    request_diff(&stage.ports, &stage.connection).await.unwrap();
    stage.handle(&next_letter(&stage, QueueName::Diff)).await.unwrap();
    down.0.store(u64::MAX, Ordering::SeqCst);
    let waiting = request_diff(&stage.ports, &stage.connection).await.unwrap();
    let applies = deliver_for(&stage, 200, async |letter: &Letter| {
        assert_eq!(stage.handle(letter).await.unwrap(), Done::Deferred);
    });
    assert_eq!(
        applies.await,
        [0, 30, 90, 180],
        "30, 60 and 90 seconds after each other, whoever looks"
    );
    down.0.store(0, Ordering::SeqCst);
    stage.deliver().await.unwrap();
    assert_eq!(titles(&stage, "Head").await, 12);
    let second = stage.run(&waiting).await.unwrap();
    assert_eq!((second.status, second.counts.changes()), (RunStatus::Succeeded, 0));
}

#[tokio::test]
async fn r30_the_lost_message_of_an_apply_is_sent_again_and_not_with_every_look_of_a_diff() {
    let stage = prepared(Plot::First, Arc::new(Nobody), None).await;
    stage.handle(&next_letter(&stage, QueueName::Diff)).await.unwrap();
    request_diff(&stage.ports, &stage.connection).await.unwrap();
    // Every message of the apply is lost.
    let applies = deliver_for(&stage, 600, async |letter: &Letter| stage.letters.delete(letter));
    let applies = applies.await;
    let gaps: Vec<i64> = applies.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(
        gaps.len() > 4 && gaps.iter().all(|gap| (60..=120).contains(gap)),
        "{applies:?}"
    );
    stage.deliver().await.unwrap();
    assert_eq!(last_run(&stage).await.status, RunStatus::Succeeded);
    assert_eq!(stage.accounts().await.unwrap().len(), 7);
}
