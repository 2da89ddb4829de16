//! The queue in the process behaves like a real queue: delays, redelivery, and messages that are set aside.

use std::{sync::Arc, time::Duration};

use jiff::SignedDuration;
use rollcall::{
    queue::{
        MOST_BYTES, Queue,
        QueueName::{Apply, Diff},
        memory::MemoryQueue,
    },
    run::Clock,
    testing::{FixedClock, builder::at},
};

const MINUTE: Duration = Duration::from_mins(1);

fn queue() -> (MemoryQueue, Arc<FixedClock>) {
    let clock = Arc::new(FixedClock::new(at("2026-03-01T12:00:00Z")));
    (MemoryQueue::new(clock.clone()), clock)
}

fn body(queue: &MemoryQueue) -> Option<String> {
    queue.receive(Diff, MINUTE).map(|message| message.body)
}

#[tokio::test]
async fn a_message_becomes_visible_after_its_delay_and_only_in_its_queue() {
    let (queue, clock) = queue();
    queue.send(Diff, "late", MINUTE).await.unwrap();
    queue.send(Diff, "early", Duration::ZERO).await.unwrap();
    queue.send(Apply, "other", Duration::ZERO).await.unwrap();
    assert_eq!(body(&queue).as_deref(), Some("early"));
    assert_eq!(body(&queue), None);
    clock.advance(SignedDuration::from_secs(60));
    assert_eq!(queue.next_visible_at(Diff), Some(clock.now()));
    let mut seen = [body(&queue), body(&queue), body(&queue)].map(Option::unwrap_or_default);
    seen.sort();
    assert_eq!(seen, ["", "early", "late"]);
    assert_eq!(queue.len(Apply), 1);
}

#[tokio::test]
async fn a_message_comes_again_until_it_is_deleted() {
    let (queue, clock) = queue();
    queue.send(Diff, "once", Duration::ZERO).await.unwrap();
    let first = queue.receive(Diff, MINUTE).unwrap();
    assert_eq!((first.receives, queue.receive(Diff, MINUTE)), (1, None));
    clock.advance(SignedDuration::from_secs(60));
    let second = queue.receive(Diff, MINUTE).unwrap();
    assert_eq!((second.id, second.receives), (first.id, 2));
    queue.delete(Diff, second.id);
    clock.advance(SignedDuration::from_secs(60));
    assert_eq!(queue.receive(Diff, MINUTE), None);
    assert!(queue.is_empty(Diff));
}

#[tokio::test]
async fn a_message_that_always_fails_is_set_aside_after_five_receives() {
    let (queue, clock) = queue();
    queue.send(Diff, "poison", Duration::ZERO).await.unwrap();
    for receives in 1..=5 {
        assert_eq!(queue.receive(Diff, MINUTE).unwrap().receives, receives);
        clock.advance(SignedDuration::from_secs(60));
    }
    assert!(queue.dead_letters(Diff).is_empty());
    assert_eq!(queue.receive(Diff, MINUTE), None);
    assert_eq!(queue.dead_letters(Diff), ["poison"]);
    assert!(queue.is_empty(Diff) && queue.dead_letters(Apply).is_empty());
}

#[tokio::test]
async fn r47_a_message_is_as_long_as_it_may_be_and_no_longer() {
    let (queue, _) = queue();
    let most = "x".repeat(MOST_BYTES);
    queue.send(Diff, &most, Duration::ZERO).await.unwrap();
    let refused = queue.send(Diff, &format!("{most}x"), Duration::ZERO).await;
    assert!(refused.unwrap_err().is_lasting);
    assert_eq!((body(&queue), body(&queue)), (Some(most), None));
}

#[tokio::test]
async fn messages_can_be_delivered_twice() {
    let (queue, _) = queue();
    queue.deliver_twice(true);
    queue.send(Diff, "again", Duration::ZERO).await.unwrap();
    queue.deliver_twice(false);
    queue.send(Diff, "once", Duration::ZERO).await.unwrap();
    let seen = [body(&queue), body(&queue), body(&queue), body(&queue)];
    assert_eq!(seen.map(Option::unwrap_or_default), ["again", "again", "once", ""]);
}
