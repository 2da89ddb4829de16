//! Two deliveries work at once, or one of them believes that it still does: the end is as if one had worked, and no person gets
//! two accounts.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use acceptance::journey::{Nobody, Place, Plot, Stage, Verdict, Watch, directory, picture, play, records};
use async_trait::async_trait;
use jiff::SignedDuration;
use rollcall::{
    queue::QueueName,
    run::{Done, request_diff},
};
use tokio::sync::Notify;

use crate::support::{Draw, assert_same_end, next_letter, prepared, undisturbed};

/// A watch that lets other deliveries go first, at every write, as often as chance decides.
#[derive(Debug)]
struct Turns(Draw);

#[async_trait]
impl Watch for Turns {
    async fn before(&self, _place: Place) -> Verdict {
        for _ in 0..self.0.below(4) {
            tokio::task::yield_now().await;
        }
        Verdict::Go
    }

    async fn after(&self, place: Place) {
        let _ = self.before(place).await;
    }
}

/// Plays until the message that starts the apply exists.
async fn until_apply(stage: &Stage) {
    let letter = next_letter(stage, QueueName::Diff);
    stage.handle(&letter).await.unwrap();
    if stage.letters.next_at().is_none() {
        stage.approve().await.unwrap();
    }
}

#[tokio::test]
async fn r30_of_two_applies_at_once_one_works_and_one_waits() {
    for plot in [Plot::First, Plot::Rich] {
        let expected = undisturbed(plot).await;
        for seed in 0..50 {
            let stage = prepared(plot, Arc::new(Turns(Draw::new(seed))), None).await;
            until_apply(&stage).await;
            let letter = next_letter(&stage, QueueName::Apply);
            let (one, other) = tokio::join!(stage.handle(&letter), stage.handle(&letter));
            let mut done = [one.unwrap(), other.unwrap()];
            done.sort_unstable_by_key(|done| *done == Done::Deferred);
            assert_eq!(done, [Done::Continued, Done::Deferred], "{plot:?}, seed {seed}");
            play(&stage).await.unwrap();
            assert_same_end(
                &picture(&stage).await.unwrap(),
                &expected,
                &format!("{plot:?}, seed {seed}"),
            );
        }
    }
}

#[tokio::test]
async fn r30_of_two_deliveries_of_one_diff_one_works_and_one_waits() {
    for plot in [Plot::First, Plot::Rich] {
        let expected = undisturbed(plot).await;
        for seed in 0..50 {
            let stage = prepared(plot, Arc::new(Turns(Draw::new(seed))), None).await;
            let letter = next_letter(&stage, QueueName::Diff);
            let (one, other) = tokio::join!(stage.handle(&letter), stage.handle(&letter));
            let mut done = [one.unwrap(), other.unwrap()];
            done.sort_unstable_by_key(|done| *done == Done::Deferred);
            assert_eq!(done, [Done::Finished, Done::Deferred], "{plot:?}, seed {seed}");
            play(&stage).await.unwrap();
            assert_same_end(
                &picture(&stage).await.unwrap(),
                &expected,
                &format!("{plot:?}, seed {seed}"),
            );
        }
    }
}

#[tokio::test]
async fn r30_of_two_diffs_at_once_the_second_finds_what_the_first_came_to() {
    for plot in [Plot::First, Plot::Rich] {
        let one_by_one = prepared(plot, Arc::new(Nobody), None).await;
        request_diff(&one_by_one.ports, &one_by_one.connection).await.unwrap();
        play(&one_by_one).await.unwrap();
        let expected = picture(&one_by_one).await.unwrap();
        for seed in 0..50 {
            let stage = prepared(plot, Arc::new(Turns(Draw::new(seed))), None).await;
            request_diff(&stage.ports, &stage.connection).await.unwrap();
            let (first, second) = (
                next_letter(&stage, QueueName::Diff),
                next_letter(&stage, QueueName::Diff),
            );
            let (one, other) = tokio::join!(stage.handle(&first), stage.handle(&second));
            one.unwrap();
            other.unwrap();
            play(&stage).await.unwrap();
            assert_same_end(
                &picture(&stage).await.unwrap(),
                &expected,
                &format!("{plot:?}, seed {seed}"),
            );
        }
    }
}

/// The side of a write on which a delivery falls asleep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Before,
    After,
}

/// A watch that puts the delivery which makes a certain write to sleep, until the test wakes it.
#[derive(Debug)]
struct Sleep {
    armed: AtomicBool,
    writes: AtomicU64,
    number: u64,
    side: Side,
    /// Whether the last write was still on its way when its delivery fell asleep.
    under_way: AtomicBool,
    asleep: Notify,
    awake: Notify,
}

impl Sleep {
    async fn fall_asleep(&self, place: Place) {
        let is_under_way = self.side == Side::Before || matches!(place, Place::Batch(_));
        self.under_way.store(is_under_way, Ordering::SeqCst);
        // The delivery that makes the next write is another one, and stays awake.
        self.armed.store(false, Ordering::SeqCst);
        self.asleep.notify_one();
        self.awake.notified().await;
    }
}

#[async_trait]
impl Watch for Sleep {
    async fn before(&self, place: Place) -> Verdict {
        if self.armed.load(Ordering::SeqCst) {
            let number = self.writes.fetch_add(1, Ordering::SeqCst) + 1;
            if number == self.number && self.side == Side::Before {
                self.fall_asleep(place).await;
            }
        }
        Verdict::Go
    }

    async fn after(&self, place: Place) {
        // Where several writes are under way, another write may have begun meanwhile.
        let is_it = self.writes.load(Ordering::SeqCst) >= self.number && self.side == Side::After;
        if is_it && self.armed.load(Ordering::SeqCst) {
            self.fall_asleep(place).await;
        }
    }
}

/// A delivery of the next message of a queue falls asleep at a write. Seven minutes later its lease has passed on, the message
/// comes again, and all is carried out. Then the delivery wakes up. Returns the stage and whether a write was under way; `None`
/// where there was no such write.
async fn overslept(plot: Plot, queue: QueueName, number: u64, side: Side) -> Option<(Stage, bool)> {
    let sleep = Arc::new(Sleep {
        armed: AtomicBool::new(false),
        writes: AtomicU64::new(0),
        number,
        side,
        under_way: AtomicBool::new(false),
        asleep: Notify::new(),
        awake: Notify::new(),
    });
    let mut stage = prepared(plot, Arc::clone(&sleep) as _, None).await;
    // All steps are in one slice, so that the sleeper may have been at any step of the plan.
    stage.ports.settings.slice_steps = u32::MAX;
    if queue == QueueName::Apply {
        until_apply(&stage).await;
    }
    let letter = next_letter(&stage, queue);
    sleep.armed.store(true, Ordering::SeqCst);
    let sleeper = async {
        // Whatever becomes of this delivery, another delivery has its message by now.
        let _ = stage.carry_out(letter.queue, &letter.body).await;
        sleep.asleep.notify_one();
    };
    let others = async {
        sleep.asleep.notified().await;
        let slept = !sleep.armed.swap(false, Ordering::SeqCst);
        if slept {
            stage.clock.advance(SignedDuration::from_mins(7));
            play(&stage).await.unwrap();
        }
        sleep.awake.notify_one();
        slept
    };
    let ((), slept) = tokio::join!(sleeper, others);
    play(&stage).await.unwrap();
    let under_way = sleep.under_way.load(Ordering::SeqCst);
    slept.then_some((stage, under_way))
}

async fn oversleep_everywhere(plot: Plot, queue: QueueName, side: Side) -> u64 {
    let expected = undisturbed(plot).await;
    let mut number = 1;
    while let Some((stage, under_way)) = overslept(plot, queue, number, side).await {
        let what = format!("{plot:?} {queue:?} {side:?} {number}");
        if under_way {
            // A late note on a link arrives after minutes on its way. The accounts stand as they were made, and so do the
            // records on them.
            let accounts = directory(&stage).await.unwrap();
            assert_same_end(&accounts, &expected[..accounts.len()], &what);
            let records = records(&stage).await.unwrap();
            assert_same_end(&records, &expected[expected.len() - records.len()..], &what);
        } else {
            assert_same_end(&picture(&stage).await.unwrap(), &expected, &what);
        }
        number += 1;
    }
    number - 1
}

#[tokio::test]
async fn r30_whoever_lost_the_lease_of_an_apply_after_a_write_changes_nothing_more() {
    for plot in [Plot::First, Plot::Rich] {
        let writes = Box::pin(oversleep_everywhere(plot, QueueName::Apply, Side::After)).await;
        assert!(writes > 40, "{writes}");
    }
}

#[tokio::test]
async fn r30_whoever_lost_the_lease_of_a_diff_after_a_write_changes_nothing_more() {
    for plot in [Plot::First, Plot::Rich] {
        let writes = Box::pin(oversleep_everywhere(plot, QueueName::Diff, Side::After)).await;
        assert!(writes >= 7, "{writes}");
    }
}

#[tokio::test]
async fn r30_a_write_that_was_under_way_when_the_lease_passed_on_changes_neither_accounts_nor_records() {
    for plot in [Plot::First, Plot::Rich] {
        assert!(Box::pin(oversleep_everywhere(plot, QueueName::Apply, Side::Before)).await > 40);
        assert!(Box::pin(oversleep_everywhere(plot, QueueName::Diff, Side::Before)).await >= 7);
    }
}
