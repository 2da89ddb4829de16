//! What the journeys here have in common: stages on the ground of the program, and watches that are armed once the journey
//! begins.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use acceptance::journey::{Ground, Letter, Letters, Office, Place, Plot, Stage, Verdict, Watch, picture, play};
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use rollcall::{
    connection::Preset, employee::EmployeeId, queue::QueueName, run::Clock, store::RunRecord, testing::FixedClock,
};

/// Returns a stage on which a plot is about to be played.
pub(crate) async fn prepared(plot: Plot, watch: Arc<dyn Watch>, letters: Option<Arc<dyn Letters>>) -> Stage {
    prepared_on(crate::ground().await, plot, watch, letters).await
}

/// Returns a stage of its own ground on which a plot is about to be played.
pub(crate) async fn prepared_on(
    ground: Ground,
    plot: Plot,
    watch: Arc<dyn Watch>,
    letters: Option<Arc<dyn Letters>>,
) -> Stage {
    let ground = Ground {
        watch,
        letters,
        ..ground
    };
    let mut stage = Stage::new(ground, &plot.office()).unwrap();
    plot.prepare(&mut stage).await.unwrap();
    stage
}

/// Returns a connected stage, with the preset `users`, whose plans need no approval.
pub(crate) async fn automatic(office: &Office) -> Stage {
    let mut stage = Stage::new(crate::ground().await, office).unwrap();
    stage.connect(Preset::Users.configuration()).await.unwrap();
    stage
}

/// Returns how a plot ends if nothing disturbs it.
pub(crate) async fn undisturbed(plot: Plot) -> Vec<String> {
    undisturbed_on(crate::ground().await, plot).await
}

/// Returns how a plot ends on a ground if nothing disturbs it.
pub(crate) async fn undisturbed_on(ground: Ground, plot: Plot) -> Vec<String> {
    let stage = prepared_on(ground, plot, Arc::new(acceptance::journey::Nobody), None).await;
    play(&stage).await.unwrap();
    picture(&stage).await.unwrap()
}

/// Fails with the lines that differ, where two journeys ended differently.
#[track_caller]
pub(crate) fn assert_same_end(picture: &[String], expected: &[String], journey: &str) {
    let only = |these: &[String], those: &[String]| {
        let only: Vec<String> = these.iter().filter(|line| !those.contains(line)).cloned().collect();
        only.join("\n  ")
    };
    assert!(
        picture == expected,
        "{journey} ends differently. Only here:\n  {}\nonly undisturbed:\n  {}",
        only(picture, expected),
        only(expected, picture),
    );
}

/// Returns the next message, which has to be of this queue.
pub(crate) fn next_letter(stage: &Stage, queue: QueueName) -> Letter {
    let letter = stage.letters.receive().unwrap();
    assert_eq!(letter.queue, queue);
    letter
}

/// Returns the newest run of a stage.
pub(crate) async fn last_run(stage: &Stage) -> RunRecord {
    let runs = stage.store.list_runs(&stage.connection, None, 1).await.unwrap();
    runs.into_iter().next().unwrap()
}

/// Returns the errors of a run: the code of each, with its employee.
pub(crate) fn errors(run: &RunRecord) -> Vec<(&str, Option<&str>)> {
    let errors = run.errors.iter();
    let mut errors: Vec<_> = errors
        .map(|error| (error.code.as_str(), error.employee_id.as_ref().map(EmployeeId::as_str)))
        .collect();
    errors.sort_unstable();
    errors
}

/// Numbers that seem to follow no rule, and follow from a seed (`SplitMix64`).
#[derive(Debug)]
pub(crate) struct Draw(AtomicU64);

impl Draw {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed.wrapping_mul(0x2545_f491_4f6c_dd1d)))
    }

    /// Returns a number below a bound.
    pub(crate) fn below(&self, bound: u64) -> u64 {
        let step = 0x9e37_79b9_7f4a_7c15;
        let mut mixed = self.0.fetch_add(step, Ordering::SeqCst).wrapping_add(step);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}

/// A watch that counts writes once it is armed, by place. It gives its verdict on the write with a number, or on the first
/// write at a place.
#[derive(Debug)]
pub(crate) struct Nth {
    armed: AtomicBool,
    writes: AtomicU64,
    places: Mutex<BTreeMap<Place, u64>>,
    number: u64,
    place: Option<Place>,
    verdict: Verdict,
}

impl Nth {
    pub(crate) fn new(number: u64, verdict: Verdict) -> Arc<Self> {
        Self::one(number, None, verdict)
    }

    pub(crate) fn at(place: Place, verdict: Verdict) -> Arc<Self> {
        Self::one(1, Some(place), verdict)
    }

    fn one(number: u64, place: Option<Place>, verdict: Verdict) -> Arc<Self> {
        Arc::new(Self {
            armed: AtomicBool::new(false),
            writes: AtomicU64::new(0),
            places: Mutex::default(),
            number,
            place,
            verdict,
        })
    }

    pub(crate) fn arm(&self) {
        self.armed.store(true, Ordering::SeqCst);
    }

    pub(crate) fn writes(&self) -> u64 {
        self.writes.load(Ordering::SeqCst)
    }

    pub(crate) fn writes_at(&self, place: Place) -> u64 {
        self.places.lock().unwrap().get(&place).copied().unwrap_or_default()
    }
}

#[async_trait]
impl Watch for Nth {
    async fn before(&self, place: Place) -> Verdict {
        if !self.armed.load(Ordering::SeqCst) {
            return Verdict::Go;
        }
        let here = {
            let mut places = self.places.lock().unwrap();
            let here = places.entry(place).or_default();
            *here += 1;
            *here
        };
        let all = self.writes.fetch_add(1, Ordering::SeqCst) + 1;
        let is_it = match self.place {
            None => all == self.number,
            Some(which) => which == place && here == self.number,
        };
        if is_it { self.verdict } else { Verdict::Go }
    }
}

/// A watch that lets time pass with every write to the target, once it is armed, and tells whether a write began too late.
#[derive(Debug)]
pub(crate) struct Slow {
    clock: OnceLock<Arc<FixedClock>>,
    /// How long a write to the target takes.
    target_takes: SignedDuration,
    /// How long taking the lease takes: so many times, a delivery starts without any time left.
    lease_takes: SignedDuration,
    leases: AtomicU64,
    began_at: Mutex<Option<Timestamp>>,
    late: AtomicU64,
}

impl Slow {
    pub(crate) fn new(target_takes: SignedDuration, lease_takes: SignedDuration, leases: u64) -> Arc<Self> {
        Arc::new(Self {
            clock: OnceLock::new(),
            target_takes,
            lease_takes,
            leases: AtomicU64::new(leases),
            began_at: Mutex::default(),
            late: AtomicU64::new(0),
        })
    }

    pub(crate) fn arm(&self, stage: &Stage) {
        self.clock.set(Arc::clone(&stage.clock)).unwrap();
    }

    /// Returns how many writes to the target began with under 30 seconds left of the five minutes that a delivery has.
    pub(crate) fn late(&self) -> u64 {
        self.late.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Watch for Slow {
    async fn before(&self, place: Place) -> Verdict {
        let Some(clock) = self.clock.get() else {
            return Verdict::Go;
        };
        let now = clock.now();
        match place {
            Place::Store("acquire_lease") => {
                *self.began_at.lock().unwrap() = Some(now);
                let left = self
                    .leases
                    .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
                if left.is_ok() {
                    clock.advance(self.lease_takes);
                }
            }
            Place::Target(_) => {
                let began_at = self.began_at.lock().unwrap().unwrap();
                if now > began_at + SignedDuration::from_secs(270) {
                    self.late.fetch_add(1, Ordering::SeqCst);
                }
                clock.advance(self.target_takes);
            }
            Place::Store(_)
            | Place::Batch(_)
            | Place::Door(_)
            | Place::Directory(_)
            | Place::Secret(_)
            | Place::Provider(_)
            | Place::Queue => {}
        }
        Verdict::Go
    }
}
