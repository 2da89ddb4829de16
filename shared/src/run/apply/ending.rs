//! How a slice ends: passed on, tried later, given up, or finished; each in an order in which it may be killed anywhere.

use std::time::Duration;

use jiff::{Timestamp, ToSpan};

use crate::{
    connection::Limits,
    plan::{PlanId, Purpose, Status, baseline_after},
    queue::{LONGEST_DELAY, QueueName},
    run::{
        Done, Error, Message, Ports, Task,
        record::{Failure, end_run, fail, write_run},
        spread::later,
    },
    store::{Lease, PlanRecord, RunRecord, RunStatus},
};

/// The next slice waits until this one has given its lease back.
const PASS_ON_AFTER: Duration = Duration::from_secs(1);

/// One slice of an apply.
pub(super) struct Slice<'a> {
    pub(super) ports: &'a Ports,
    pub(super) plan: &'a PlanId,
    /// The lease under which it works.
    pub(super) lease: &'a Lease,
    /// After this instant no write starts (R30).
    pub(super) until: Timestamp,
    /// After this instant no answer is waited for.
    pub(super) waits_until: Timestamp,
}

impl Slice<'_> {
    /// Sends the rest on. Slices that come to nothing, one after the other, end the run.
    pub(super) async fn pass_on(&self, run: &mut RunRecord, got_on: bool) -> Result<Done, Error> {
        self.pass_on_or(run, got_on, no_progress()).await
    }

    /// Sends the rest on because an answer of the target did not come in time. The next slice looks up what was asked
    /// for before it asks for it again. Slices that come to nothing, one after the other, end the run.
    pub(super) async fn call_off(&self, run: &mut RunRecord, got_on: bool) -> Result<Done, Error> {
        tracing::warn!(run.id = %run.id, connection.id = %run.connection, attempts = run.attempts, "an apply met its deadline");
        let detail = "the target left a request without an answer until the function's time was over, several times; the next plan \
                      picks up the rest";
        self.pass_on_or(run, got_on, Failure::new("deadline", detail)).await
    }

    async fn pass_on_or(&self, run: &mut RunRecord, got_on: bool, failure: Failure) -> Result<Done, Error> {
        if got_on {
            run.attempts = 0;
        } else if run.attempts >= self.ports.settings.most_attempts {
            return self.give_up(run, failure, Status::AppliedWithErrors).await;
        }
        self.send_next(run, PASS_ON_AFTER, Done::Continued).await
    }

    /// The target is down: sends the rest on for later.
    pub(super) async fn try_later(&self, run: &mut RunRecord) -> Result<Done, Error> {
        let delay = self.ports.settings.retry_after.saturating_mul(run.attempts);
        self.send_next(run, delay.min(LONGEST_DELAY), Done::Deferred).await
    }

    /// Sends the next slice's message, and then notes it in the run. The message goes first: if it were lost, nobody
    /// would go on; sent twice, it does no harm.
    async fn send_next(&self, run: &mut RunRecord, delay: Duration, done: Done) -> Result<Done, Error> {
        let slice = run.slice + 1;
        if slice >= self.ports.settings.most_slices {
            let detail = "there were too many slices; the next plan picks up the rest";
            let failure = Failure::new("too-many-slices", detail);
            return self.give_up(run, failure, Status::AppliedWithErrors).await;
        }
        let task = Task::Apply {
            plan: self.plan.clone(),
            slice,
        };
        let message = Message::new(run.id.clone(), run.connection.clone(), task);
        self.ports
            .queue
            .send(QueueName::Apply, &message.to_text(), delay)
            .await?;
        run.slice = slice;
        run.due_at = Some(later(self.ports.clock.now(), delay));
        write_run(self.ports, run, self.lease).await?;
        Ok(done)
    }

    /// Ends a run that cannot go on, and its plan. What was done stays done; the rest is planned anew.
    pub(super) async fn give_up(&self, run: &mut RunRecord, failure: Failure, ends: Status) -> Result<Done, Error> {
        fail(run, failure);
        // The reason for the end is kept first: a delivery that finds it noted ends plan and run with it.
        let unended = RunRecord {
            status: RunStatus::Running,
            ..run.clone()
        };
        write_run(self.ports, &unended, self.lease).await?;
        self.note_given_up(run).await?;
        self.ports
            .store
            .change_plan(self.plan, &[Status::Applying], ends, None)
            .await?;
        end_run(self.ports, run, self.lease).await?;
        Ok(Done::Finished)
    }

    /// Ends a run whose plan it must not touch.
    pub(super) async fn fail(&self, run: &mut RunRecord, failure: Failure) -> Result<Done, Error> {
        fail(run, failure);
        end_run(self.ports, run, self.lease).await?;
        Ok(Done::Finished)
    }

    /// Ends a run whose plan has ended: it was called off, or an earlier delivery died before its last note.
    pub(super) async fn close(&self, run: &mut RunRecord, record: &PlanRecord) -> Result<Done, Error> {
        if record.status == Status::Cancelled && run.progress.done < run.progress.total.max(1) {
            let failure = Failure::cancelled("the plan was cancelled");
            self.note_given_up(run).await?;
            return self.fail(run, failure).await;
        }
        if let Some(failure) = Failure::noted(run) {
            return self.fail(run, failure).await;
        }
        end_run(self.ports, run, self.lease).await?;
        Ok(Done::Finished)
    }

    /// The plan was carried out: its roster becomes the measure of the next (R08).
    pub(super) async fn finish(&self, record: &PlanRecord, run: &mut RunRecord) -> Result<Done, Error> {
        let store = &self.ports.store;
        write_run(self.ports, run, self.lease).await?;
        let mut state = store.load_state(&run.connection).await?;
        let today = self.today();
        let counted = state.applied_plan.as_ref() == Some(self.plan);
        if !counted {
            count(&mut state.leavers, today, record.plan.counts.leavers);
            if record.plan.purpose == Purpose::Sync {
                if let Some(current) = &state.roster
                    && current.header.content_hash == record.plan.header.base
                {
                    let limits = self.load_limits(record).await?;
                    let before = std::mem::take(&mut state.baseline);
                    state.baseline = baseline_after(&record.plan, before, &current.header, limits, today);
                }
                state.applied_once = true;
                state.applied_configuration = record.plan.header.configuration;
            }
            state.applied_plan = Some(self.plan.clone());
            if !store.put_state(&run.connection, &state, self.lease.fence).await? {
                return Err(Error::LeaseLost);
            }
        }
        let ends = if run.errors.is_empty() {
            Status::Applied
        } else {
            Status::AppliedWithErrors
        };
        store.change_plan(self.plan, &[Status::Applying], ends, None).await?;
        end_run(self.ports, run, self.lease).await?;
        Ok(Done::Finished)
    }

    /// Returns the limits of the configuration that a plan was made under.
    async fn load_limits(&self, record: &PlanRecord) -> Result<Limits, Error> {
        let version = record.plan.header.configuration;
        let found = self.ports.store.find_configuration(&record.connection, version).await?;
        let configuration = found.ok_or(Error::Missing("the configuration of the plan"))?;
        Ok(configuration.limits)
    }

    /// A plan that is given up may have changed accounts: a read that began before is of no use any more (R45). Its leavers
    /// count for the guards all the same (R25); they come last, so that the steps taken tell how many they were.
    async fn note_given_up(&self, run: &RunRecord) -> Result<(), Error> {
        let others = run.progress.total.saturating_sub(run.counts.leavers);
        let leavers = run.progress.done.saturating_sub(others);
        let store = &self.ports.store;
        let mut state = store.load_state(&run.connection).await?;
        if state.applied_plan.as_ref() == Some(self.plan) {
            return Ok(());
        }
        count(&mut state.leavers, self.today(), leavers);
        state.applied_plan = Some(self.plan.clone());
        if store.put_state(&run.connection, &state, self.lease.fence).await? {
            Ok(())
        } else {
            Err(Error::LeaseLost)
        }
    }

    fn today(&self) -> jiff::civil::Date {
        self.ports.settings.date_of(self.ports.clock.now())
    }
}

/// Why a run ends that was begun again and again.
pub(super) fn no_progress() -> Failure {
    let detail = "it was begun several times and got no further; the next plan picks up the rest";
    Failure::new("no-progress", detail)
}

/// Adds today's leavers to those of the last 7 days.
fn count(leavers: &mut Vec<(jiff::civil::Date, u32)>, today: jiff::civil::Date, more: u32) {
    let oldest = today.checked_sub(7.days()).unwrap_or(today);
    leavers.retain(|(on, _)| *on > oldest);
    match leavers.iter_mut().find(|(on, _)| *on == today) {
        Some((_, counted)) => *counted = counted.saturating_add(more),
        None if more > 0 => leavers.push((today, more)),
        None => {}
    }
}
