//! A write may fail, or may be done and its answer lost: the message comes again, and the end is as if nothing had failed (R29,
//! R31).
//!
//! The sweeps of `kill` end processes; these sweeps end single writes in one process, of more nights.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use acceptance::journey::{Failure, Ground, Nobody, Place, Plot, Stage, Unruly, Verdict, Watch, picture, play};
use async_trait::async_trait;
use jiff::SignedDuration;
use rollcall::testing::FixedClock;
use tokio::sync::Notify;

use crate::support::{Draw, Nth, assert_same_end, prepared, prepared_on, undisturbed};

async fn sweep(plot: Plot, verdict: Verdict) {
    let expected = undisturbed(plot).await;
    let mut number = 1;
    loop {
        let watch = Nth::new(number, verdict);
        let stage = prepared(plot, Arc::clone(&watch) as _, None).await;
        watch.arm();
        play(&stage).await.unwrap();
        assert_same_end(&picture(&stage).await.unwrap(), &expected, &format!("write {number}"));
        if watch.writes() < number {
            break;
        }
        number += 1;
    }
    assert!(number > 40, "{number}");
}

#[tokio::test]
async fn r29_any_write_of_a_first_night_may_fail() {
    sweep(Plot::First, Verdict::Fail).await;
}

#[tokio::test]
async fn r29_any_write_of_a_rich_night_may_fail() {
    sweep(Plot::Rich, Verdict::Fail).await;
}

#[tokio::test]
async fn r29_the_answer_to_any_write_of_a_first_night_may_be_lost() {
    sweep(Plot::First, Verdict::LoseReply).await;
}

#[tokio::test]
async fn r29_the_answer_to_any_write_of_a_rich_night_may_be_lost() {
    sweep(Plot::Rich, Verdict::LoseReply).await;
}

/// A watch whose caller never hears of a certain write again, whether the write was done or not.
#[derive(Debug)]
struct Grave {
    armed: AtomicBool,
    writes: AtomicU64,
    number: u64,
    is_done: bool,
    dead: Notify,
}

#[async_trait]
impl Watch for Grave {
    async fn before(&self, _place: Place) -> Verdict {
        let is_counted = self.armed.load(Ordering::SeqCst);
        if is_counted && self.writes.fetch_add(1, Ordering::SeqCst) + 1 == self.number && !self.is_done {
            self.dead.notify_one();
            std::future::pending::<()>().await;
        }
        Verdict::Go
    }

    async fn after(&self, _place: Place) {
        // Where several writes are under way, another write may have begun meanwhile.
        let is_it = self.armed.load(Ordering::SeqCst) && self.writes.load(Ordering::SeqCst) >= self.number;
        if is_it && self.is_done {
            self.dead.notify_one();
            std::future::pending::<()>().await;
        }
    }
}

/// When two journeys are compared, and what has to be equal then.
#[derive(Clone, Copy)]
pub(crate) struct Ending {
    /// How many nights pass after the night that the journey is about.
    pub(crate) nights: u32,
    /// Returns what has to be equal of all that there is.
    pub(crate) equal: fn(Vec<String>) -> Vec<String>,
}

impl Ending {
    /// Everything has to be equal at once.
    const WHOLE: Self = Self {
        nights: 0,
        equal: |picture| picture,
    };

    /// Plays to the end. Returns what has to be equal.
    async fn reach(self, stage: &Stage) -> Vec<String> {
        play(stage).await.unwrap();
        for _ in 0..self.nights {
            stage.pass_hours(24);
            let mut tries = 0..20;
            while next_night(stage).await.is_err() {
                assert!(tries.next().is_some(), "a night that never ends well");
            }
        }
        (self.equal)(picture(stage).await.unwrap())
    }

    /// Returns the end of a plot that nothing disturbs.
    async fn undisturbed(self, ground: Ground, plot: Plot) -> Vec<String> {
        let stage = prepared_on(ground, plot, Arc::new(Nobody), None).await;
        self.reach(&stage).await
    }
}

/// Lives a night whose plan a person approves, if it waits for that.
async fn next_night(stage: &Stage) -> Result<(), Failure> {
    stage.night().await?;
    if stage.open_plan().await?.is_some() {
        stage.approve().await?;
        stage.deliver().await?;
    }
    Ok(())
}

/// Drops a delivery at one write in turn, as the death of its process would, and plays on ten minutes later: from the write
/// `from` on, at each write that is so many `steps` later. Returns the number of the first write that is not there.
pub(crate) async fn bury(
    ground: impl AsyncFn() -> Ground,
    plot: Plot,
    is_done: bool,
    (from, steps): (u64, usize),
    ending: Ending,
) -> u64 {
    let expected = ending.undisturbed(ground().await, plot).await;
    for number in (from..).step_by(steps) {
        let grave = Arc::new(Grave {
            armed: AtomicBool::new(false),
            writes: AtomicU64::new(0),
            number,
            is_done,
            dead: Notify::new(),
        });
        let stage = prepared_on(ground().await, plot, Arc::clone(&grave) as _, None).await;
        grave.armed.store(true, Ordering::SeqCst);
        let is_dead = tokio::select! {
            played = play(&stage) => played.is_err(),
            () = grave.dead.notified() => true,
        };
        if !is_dead {
            return number;
        }
        grave.armed.store(false, Ordering::SeqCst);
        stage.clock.advance(SignedDuration::from_mins(10));
        let end = ending.reach(&stage).await;
        assert_same_end(&end, &expected, &format!("{plot:?}, write {number}"));
    }
    u64::MAX
}

#[tokio::test]
async fn r29_whoever_dies_before_any_write_leaves_nothing_that_another_cannot_finish() {
    for plot in [Plot::First, Plot::Rich] {
        let writes = bury(async || crate::ground().await, plot, false, (1, 1), Ending::WHOLE).await;
        assert!(writes > 40, "{writes}");
    }
}

#[tokio::test]
async fn r29_whoever_dies_after_any_write_leaves_nothing_that_another_cannot_finish() {
    for plot in [Plot::First, Plot::Rich] {
        let writes = bury(async || crate::ground().await, plot, true, (1, 1), Ending::WHOLE).await;
        assert!(writes > 40, "{writes}");
    }
}

/// A watch under which one write in twenty fails or loses its answer, and every write takes a while.
#[derive(Debug)]
struct Storm {
    draw: Draw,
    clock: OnceLock<Arc<FixedClock>>,
    struck: AtomicU64,
}

#[async_trait]
impl Watch for Storm {
    async fn before(&self, place: Place) -> Verdict {
        let Some(clock) = self.clock.get() else {
            return Verdict::Go;
        };
        clock.advance(SignedDuration::from_secs(2));
        let verdict = match self.draw.below(40) {
            // A step that the target fails twice is given up, and the run names it; an answer may be lost any number of times.
            0 if !matches!(place, Place::Target(_)) => Verdict::Fail,
            0 | 1 => Verdict::LoseReply,
            _ => return Verdict::Go,
        };
        self.struck.fetch_add(1, Ordering::SeqCst);
        verdict
    }
}

/// Plays a plot in storms with every message twice, one journey a seed. Returns how many writes were struck.
pub(crate) async fn weather(
    ground: impl AsyncFn() -> Ground,
    plot: Plot,
    seeds: std::ops::Range<u64>,
    ending: Ending,
) -> u64 {
    let expected = ending.undisturbed(ground().await, plot).await;
    let mut struck = 0;
    for seed in seeds {
        let storm = Arc::new(Storm {
            draw: Draw::new(seed),
            clock: OnceLock::new(),
            struck: AtomicU64::new(0),
        });
        let letters = Some(Arc::new(Unruly::new(seed)) as _);
        let mut stage = prepared_on(ground().await, plot, Arc::clone(&storm) as _, letters).await;
        // However often a message fails, no run is given up.
        stage.ports.settings.most_attempts = u32::MAX;
        storm.clock.set(Arc::clone(&stage.clock)).unwrap();
        let end = ending.reach(&stage).await;
        assert_same_end(&end, &expected, &format!("{plot:?}, seed {seed}"));
        struck += storm.struck.load(Ordering::SeqCst);
    }
    struck
}

#[tokio::test]
async fn r29_a_night_of_many_faults_with_every_message_twice_ends_the_same() {
    let mut struck = 0;
    for plot in [Plot::First, Plot::Rich] {
        struck += weather(async || crate::ground().await, plot, 0..100, Ending::WHOLE).await;
    }
    assert!(struck > 500, "{struck}");
}
