//! The life of one tenant: some weeks, each of busy days and nights and then of quiet ones.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rollcall::{
    account::AccountId,
    employee::{Canonical, EmployeeId},
    plan::{
        LinkState,
        scene::{NAMES, Night, Read, Scene},
    },
};

use crate::{draw::Draw, night, oracle};

/// How many weeks one tenant lives.
pub(crate) const WEEKS_PER_TENANT: u64 = 4;
const BUSY_DAYS: u64 = 5;
/// So many that a person who is missing has been so for long enough, and every second step is taken.
const QUIET_NIGHTS: u64 = 4;

/// What was seen in all these weeks, so that a world in which nothing happens does not pass for a quiet one.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) nights: u64,
    pub(crate) plans_applied: u64,
    pub(crate) changes: u64,
    pub(crate) leavers: u64,
    pub(crate) rehires: u64,
    pub(crate) conflicts: u64,
    pub(crate) holds: u64,
    /// People of HR at the end of quiet weeks.
    pub(crate) people: u64,
    /// Those of them whom no exception concerned, and whose account was found to be what HR says.
    pub(crate) ordinary: u64,
    /// People who had left, and whose account was found to be off.
    pub(crate) off: u64,
}

impl Tally {
    pub(crate) fn add(&mut self, other: Self) {
        self.nights += other.nights;
        self.plans_applied += other.plans_applied;
        self.changes += other.changes;
        self.leavers += other.leavers;
        self.rehires += other.rehires;
        self.conflicts += other.conflicts;
        self.holds += other.holds;
        self.people += other.people;
        self.ordinary += other.ordinary;
        self.off += other.off;
    }

    /// Enough happened, and enough of it could be judged.
    pub(crate) fn check(&self) {
        assert!(self.plans_applied * 2 > self.nights / 2, "{self:?}");
        assert!(self.ordinary * 2 > self.people, "{self:?}");
        assert!(
            self.leavers > 0 && self.rehires > 0 && self.conflicts > 0 && self.holds > 0,
            "{self:?}"
        );
        assert!(self.off > 0, "{self:?}");
    }
}

/// A tenant, and what an onlooker remembers of it.
pub(crate) struct Life {
    seed: u64,
    draw: Draw,
    pub(crate) scene: Scene,
    /// Since which certified night people are missing, as the onlooker saw it.
    pub(crate) missing: BTreeMap<EmployeeId, Timestamp>,
    tally: Tally,
}

/// Says how to live the same weeks again, if they end badly.
struct Replay(u64);

impl Drop for Replay {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!(
                "live these weeks again: WEEKS_SEED={} cargo test -p acceptance --test weeks",
                self.0
            );
        }
    }
}

impl Life {
    pub(crate) fn new(seed: u64) -> Self {
        let mut draw = Draw::new(seed);
        let mut scene = Scene::new(draw.preset());
        scene.abilities.together = draw.percent(80);
        let people = usize::try_from(draw.below(12)).unwrap();
        for (position, name) in NAMES.iter().take(people).enumerate() {
            scene.hire(&(position + 1).to_string(), name);
        }
        Self {
            seed,
            draw,
            scene,
            missing: BTreeMap::new(),
            tally: Tally::default(),
        }
    }

    /// Lives all weeks.
    pub(crate) fn live(mut self) -> Tally {
        let _replay = Replay(self.seed);
        for _ in 0..WEEKS_PER_TENANT {
            if self.draw.percent(40) {
                self.tidy_up();
            }
            for _ in 0..BUSY_DAYS {
                for _ in 0..self.draw.below(5) {
                    let step = self.draw.step();
                    self.scene.happen(step);
                }
                let read = self.draw.read(&self.scene);
                let willing = self.draw.percent(75);
                self.spend_night(&read, willing);
            }
            for _ in 0..QUIET_NIGHTS {
                self.spend_night(&Read::Whole, true);
            }
            self.check_quiet();
        }
        self.tally
    }

    /// Somebody gives everybody an address of their own in HR, and takes back what was decided.
    fn tidy_up(&mut self) {
        self.scene.decisions.clear();
        let people: Vec<EmployeeId> = self.scene.people.keys().cloned().collect();
        for id in people {
            let mail = format!("own.{id}@acme.test");
            self.scene.set(id.as_str(), Canonical::WorkEmail, &mail);
            self.scene
                .set(id.as_str(), Canonical::EmployeeNumber, &format!("N{id}"));
        }
    }

    /// Plans, checks, and applies if the plan is ready or somebody is willing to approve it.
    fn spend_night(&mut self, read: &Read, willing: bool) {
        self.scene.sleep();
        let night = self.scene.plan_on(read);
        night::check_plan(self, read, &night);
        self.remember(&night);
        self.scene.note_absences(&night);
        self.tally.nights += 1;
        self.tally.holds += u64::from(!night.plan.holds.is_empty());
        self.tally.conflicts += u64::from(night.plan.counts.conflicts);
        if willing && *read != Read::Foreign {
            let before = self.scene.clone();
            self.scene.apply(&night);
            night::check_apply(&before, &self.scene, &night);
            self.tally.plans_applied += 1;
            self.tally.changes += u64::from(night.plan.counts.changes());
            self.tally.leavers += u64::from(night.plan.counts.leavers);
            self.tally.rehires += u64::from(night.plan.counts.rehires);
            if *read == Read::Whole {
                night::check_again(&self.scene, &night);
            }
        }
    }

    /// Notes who is missing, from what was read alone.
    fn remember(&mut self, night: &Night) {
        let seen: Vec<EmployeeId> = night
            .roster
            .employees()
            .unwrap()
            .into_iter()
            .map(|one| one.id)
            .collect();
        if night.plan.header.company == Scene::company().id {
            self.missing.retain(|id, _| !seen.contains(id));
        }
        if night.completeness.certificate().is_some() {
            for id in self.scene.links.keys().filter(|id| !seen.contains(id)) {
                self.missing.entry(id.clone()).or_insert(self.scene.now);
            }
        }
    }

    /// After quiet nights there is nothing to do, and the target is what HR says.
    fn check_quiet(&mut self) {
        let (tonight, mut tomorrow) = (self.scene.plan(), self.scene.clone());
        assert!(tonight.outcome.changes.is_empty(), "{:?}", tonight.outcome.changes);
        tomorrow.now = tomorrow.now.checked_add(jiff::SignedDuration::from_mins(1)).unwrap();
        assert_eq!(
            tonight.plan.hash,
            tomorrow.plan().plan.hash,
            "a quiet night makes no plan stale"
        );
        let seen = oracle::compare(&self.scene);
        self.tally.people += u64::try_from(self.scene.people.len()).unwrap();
        self.tally.ordinary += seen.ordinary;
        self.tally.off += seen.off;
    }
}

/// Accounts that are off though we did not switch them off.
pub(crate) fn off_by_hand(scene: &Scene) -> Vec<AccountId> {
    let ours = |id: &AccountId| {
        let mut links = scene.links.values();
        links.any(|link| link.account_id == *id && matches!(link.state, LinkState::Deactivated { .. }))
    };
    let off = scene.accounts.values().filter(|account| !account.active);
    off.map(|account| account.id.clone()).filter(|id| !ours(id)).collect()
}
