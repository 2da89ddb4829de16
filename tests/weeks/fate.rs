//! Fate: one seed decides which process has the next turn, how long each call takes, and what becomes of it.
//!
//! Each call of a port is a turn. A call that begins is put off until its answer is due; the process whose call is due first
//! goes on. So processes run side by side without threads, and one seed always plays one life.

use std::{
    collections::{BTreeMap, BTreeSet},
    pin::Pin,
    sync::{Mutex, MutexGuard, OnceLock, PoisonError},
    task::{Context, Poll, Waker},
};

use acceptance::journey::{Place, Verdict, Watch};
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use rollcall::run::{Clock, Ids};

use crate::{
    draw::Draw,
    sabotage::Saboteur,
    tally::Tally,
    trace::Trace,
    weather::{Fault, Side, Weather},
};

/// Decides everything that is left to chance.
pub(crate) struct Fate {
    state: Mutex<State>,
    /// The saboteur that plants a bug behind the ports, if there is one.
    saboteur: OnceLock<Saboteur>,
}

/// The state of fate.
pub(crate) struct State {
    pub(crate) draw: Draw,
    pub(crate) now: Timestamp,
    pub(crate) weather: Weather,
    pub(crate) trace: Trace,
    pub(crate) tally: Tally,
    keys: Draw,
    outages: BTreeMap<Side, Timestamp>,
    processes: BTreeMap<u64, Alive>,
    /// The process at work; 0 where none is.
    current: u64,
    calls: BTreeMap<(Timestamp, u64), Call>,
    answered: BTreeSet<u64>,
    numbers: u64,
    is_dead: bool,
    /// Processes that have just stored a plan.
    stored: Vec<u64>,
    /// Processes that are just reading decisions.
    deciding: Vec<u64>,
}

/// A process as fate knows it.
struct Alive {
    /// When it is stopped from outside.
    deadline: Timestamp,
    /// How far its clock is ahead.
    skew: SignedDuration,
}

/// A call that waits for its answer.
struct Call {
    process: u64,
    waker: Waker,
}

/// A process whose turn it is.
pub(crate) struct Turn {
    pub(crate) process: u64,
    /// Whether its time was over before its call was answered.
    pub(crate) is_late: bool,
}

impl Fate {
    pub(crate) fn new(seed: u64, begins_at: Timestamp) -> Self {
        let state = State {
            draw: Draw::new(seed),
            now: begins_at,
            weather: Weather::CALM,
            trace: Trace::default(),
            tally: Tally::default(),
            keys: Draw::new(seed ^ 0x006b_6579),
            outages: BTreeMap::new(),
            processes: BTreeMap::new(),
            current: 0,
            calls: BTreeMap::new(),
            answered: BTreeSet::new(),
            numbers: 0,
            is_dead: false,
            stored: Vec::new(),
            deciding: Vec::new(),
        };
        Self {
            state: Mutex::new(state),
            saboteur: OnceLock::new(),
        }
    }

    /// From now on the saboteur's bug is at work.
    pub(crate) fn plant(&self, saboteur: Saboteur) {
        assert!(self.saboteur.set(saboteur).is_ok(), "one bug at a time");
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns a number below `limit`.
    pub(crate) fn below(&self, limit: u64) -> u64 {
        self.state().draw.below(limit)
    }

    pub(crate) fn percent(&self, chance: u64) -> bool {
        self.state().draw.percent(chance)
    }

    pub(crate) fn count(&self, what: &'static str) {
        self.state().tally.count(what);
    }

    pub(crate) fn say(&self, words: String) {
        let mut state = self.state();
        let (now, process) = (state.now, state.current);
        state.trace.say(now, process, words);
    }

    /// Begins a process that is stopped after so long. Returns its number.
    pub(crate) fn begin(&self, lives: SignedDuration) -> u64 {
        let mut state = self.state();
        state.numbers += 1;
        let number = state.numbers;
        let skew = state.skew();
        let deadline = state.now + lives;
        state.processes.insert(number, Alive { deadline, skew });
        state.current = number;
        number
    }

    /// Forgets a process that has ended.
    pub(crate) fn end(&self, process: u64) {
        let mut state = self.state();
        state.processes.remove(&process);
        state.calls.retain(|_, call| call.process != process);
        state.current = 0;
    }

    /// Notes that no process is at work.
    pub(crate) fn rest(&self) {
        self.state().current = 0;
    }

    /// Returns the process at work.
    pub(crate) fn current(&self) -> u64 {
        self.state().current
    }

    /// Returns whether the process at work has just died.
    pub(crate) fn take_death(&self) -> bool {
        std::mem::take(&mut self.state().is_dead)
    }

    /// Returns the processes that have stored a plan since the last look.
    pub(crate) fn take_stored(&self) -> Vec<u64> {
        std::mem::take(&mut self.state().stored)
    }

    /// Returns the processes that have read decisions since the last look.
    pub(crate) fn take_deciding(&self) -> Vec<u64> {
        std::mem::take(&mut self.state().deciding)
    }

    /// Returns when the next call is answered.
    pub(crate) fn next_at(&self) -> Option<Timestamp> {
        self.state().calls.first_key_value().map(|((at, _), _)| *at)
    }

    /// Lets the call that is due first be answered. Time moves on to that instant. Returns the process whose turn it is.
    pub(crate) fn answer_next(&self) -> Option<Turn> {
        let mut state = self.state();
        let ((at, number), call) = state.calls.pop_first()?;
        state.now = state.now.max(at);
        state.current = call.process;
        let is_late = state
            .processes
            .get(&call.process)
            .is_some_and(|alive| at >= alive.deadline);
        state.answered.insert(number);
        drop(state);
        call.waker.wake();
        Some(Turn {
            process: call.process,
            is_late,
        })
    }

    /// Waits until it is this call's turn.
    const fn turn(&self) -> Waiting<'_> {
        Waiting {
            fate: self,
            number: None,
            takes: None,
        }
    }

    /// Lets time pass for the process at work.
    pub(crate) async fn take(&self, takes: SignedDuration) {
        let takes = Some(takes);
        Waiting { takes, ..self.turn() }.await;
    }

    /// Ends the process at this call.
    async fn die(&self) {
        self.state().is_dead = true;
        std::future::pending::<()>().await;
    }
}

impl State {
    /// Returns how far a new process's clock is ahead: a second or two at most, and mostly not at all.
    fn skew(&mut self) -> SignedDuration {
        if !self.weather.is_skewed() || self.draw.percent(70) {
            return SignedDuration::ZERO;
        }
        self.tally.count("clocks apart");
        SignedDuration::from_millis(i64::try_from(self.draw.below(3_000)).unwrap() - 1_500)
    }

    /// Returns whether a call to this side is refused just now, because the whole side is down.
    fn is_down(&self, side: Side) -> bool {
        self.outages.get(&side).is_some_and(|until| *until > self.now)
    }

    /// Ends all outages.
    pub(crate) fn clear_up(&mut self) {
        self.weather = Weather::CALM;
        self.outages.clear();
    }

    fn judge(&mut self, place: Place, is_write: bool) -> Fault {
        let side = Side::of(place);
        if self.is_down(side) {
            return Fault::Fail;
        }
        let fault = self.weather.draw(&mut self.draw, side, is_write);
        if fault == Fault::Outage {
            let minutes = i64::try_from(self.draw.below(8) + 1).unwrap();
            self.outages.insert(side, self.now + SignedDuration::from_mins(minutes));
        }
        fault
    }
}

/// A call that waits for its turn.
struct Waiting<'a> {
    fate: &'a Fate,
    number: Option<u64>,
    /// How long it takes; left to chance where it is not said.
    takes: Option<SignedDuration>,
}

impl Future for Waiting<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut state = self.fate.state();
        if let Some(number) = self.number {
            return if state.answered.remove(&number) {
                Poll::Ready(())
            } else {
                Poll::Pending
            };
        }
        state.numbers += 1;
        let (number, process) = (state.numbers, state.current);
        let State { weather, draw, .. } = &mut *state;
        let takes = self.takes.unwrap_or_else(|| weather.latency(draw));
        if takes > SignedDuration::from_secs(5) {
            state.tally.count("slow calls");
        }
        let mut at = state.now + takes;
        if let Some(alive) = state.processes.get(&process) {
            at = at.min(alive.deadline.max(state.now));
        }
        let waker = context.waker().clone();
        state.calls.insert((at, number), Call { process, waker });
        drop(state);
        self.number = Some(number);
        Poll::Pending
    }
}

#[async_trait]
impl Watch for Fate {
    async fn before(&self, place: Place) -> Verdict {
        self.turn().await;
        let fault = {
            let mut state = self.state();
            let fault = state.judge(place, true);
            state.note(place, fault);
            fault
        };
        if let Some(saboteur) = self.saboteur.get() {
            saboteur.before(place);
        }
        match fault {
            Fault::None => Verdict::Go,
            Fault::Fail | Fault::Outage => Verdict::Fail,
            Fault::LoseReply => Verdict::LoseReply,
            Fault::Die => {
                self.die().await;
                Verdict::Fail
            }
        }
    }

    async fn after(&self, place: Place) {
        if let Some(saboteur) = self.saboteur.get() {
            saboteur.after(place);
        }
        let dies = {
            let mut state = self.state();
            if place == Place::Store("put_plan") {
                let process = state.current;
                state.stored.push(process);
            }
            let State { weather, draw, .. } = &mut *state;
            let dies = weather.dies(draw);
            if dies {
                state.tally.count("deaths after a write");
                let (now, process) = (state.now, state.current);
                state.trace.call(now, process, place, "dies after");
            }
            dies
        };
        if dies {
            self.die().await;
        }
    }

    async fn look(&self, place: Place) -> Verdict {
        self.turn().await;
        let fault = {
            let mut state = self.state();
            let fault = state.judge(place, false);
            state.note(place, fault);
            if place == Place::Store("list_decisions") {
                let process = state.current;
                state.deciding.push(process);
            }
            fault
        };
        match fault {
            Fault::None => Verdict::Go,
            Fault::Fail | Fault::Outage | Fault::LoseReply => Verdict::Fail,
            Fault::Die => {
                self.die().await;
                Verdict::Fail
            }
        }
    }
}

impl State {
    fn note(&mut self, place: Place, fault: Fault) {
        if let Some(what) = fault.tallied() {
            self.tally.count(what);
        }
        let (now, process) = (self.now, self.current);
        self.trace.call(now, process, place, fault.word());
    }
}

impl Clock for Fate {
    fn now(&self) -> Timestamp {
        let state = self.state();
        let skew = state.processes.get(&state.current).map(|alive| alive.skew);
        state.now + skew.unwrap_or_default()
    }
}

impl Ids for Fate {
    fn next(&self, kind: &str) -> String {
        let mut state = self.state();
        state.numbers += 1;
        format!("{kind}-{:07}", state.numbers)
    }

    fn key(&self) -> [u8; 32] {
        let mut state = self.state();
        let mut key = [0; 32];
        for eight in key.chunks_exact_mut(8) {
            eight.copy_from_slice(&state.keys.next().to_le_bytes());
        }
        key
    }
}
