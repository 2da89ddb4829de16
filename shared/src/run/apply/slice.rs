//! One slice of an apply: from where the last one ended, until the deadline is near, then on to the next.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp, ToSpan, tz::TimeZone};

use super::{
    leaver, person,
    reader::{Reader, Window},
    reference,
    step::{Context, Taken},
};
use crate::{
    plan::{Change, Lines, Phase, PlanId, Status},
    queue::QueueName,
    run::{
        Done, Error, Invocation, Message, Ports, Task,
        diff::{Failure, defer, end_run, fail, load_connection, load_fingerprints, load_secret, take_lease},
    },
    store::{Lease, PlanRecord, Progress, RunError, RunRecord, RunStatus},
    target::Origin,
};

/// How many steps are read ahead and begun together.
const WINDOW: usize = 64;

/// Progress is written at most this often (DESIGN: at most once a second).
const PROGRESS_EVERY: SignedDuration = SignedDuration::from_secs(1);

/// Carries one slice of an apply out.
///
/// # Errors
/// [`Error`]: deliver the message again; what was begun is looked up before it is sent again.
pub async fn apply(ports: &Ports, message: &Message, invocation: &Invocation) -> Result<Done, Error> {
    let Task::Apply { plan, slice } = &message.task else {
        return Err(Error::Missing("the plan of a message"));
    };
    let Some(lease) = take_lease(ports, &message.connection, invocation).await? else {
        let mut run = ports
            .store
            .find_run(&message.run)
            .await?
            .ok_or(Error::Missing("the run of a message"))?;
        return if run.status.is_final() {
            Ok(Done::Repeated)
        } else {
            defer(ports, &mut run, message).await
        };
    };
    // Read under the lease: what another delivery did before shows.
    let mut run = ports
        .store
        .find_run(&message.run)
        .await?
        .ok_or(Error::Missing("the run of a message"))?;
    let end = if run.status.is_final() || *slice < run.slice {
        Ok(Done::Repeated)
    } else {
        run.slice = *slice;
        Slice {
            ports,
            lease: &lease,
            invocation,
            message,
        }
        .execute(plan, &mut run)
        .await
    };
    ports.store.release_lease(&lease).await?;
    end
}

struct Slice<'a> {
    ports: &'a Ports,
    lease: &'a Lease,
    invocation: &'a Invocation,
    message: &'a Message,
}

impl Slice<'_> {
    async fn execute(&self, id: &PlanId, run: &mut RunRecord) -> Result<Done, Error> {
        let ports = self.ports;
        let now = ports.clock.now();
        let Some(record) = ports.store.find_plan(id, now).await? else {
            return self
                .give_up(
                    run,
                    None,
                    Failure::new("plan-gone", "the plan is not kept any more; make a new one"),
                )
                .await;
        };
        let is_ours = record.approval.as_ref().is_some_and(|approval| approval.run == run.id);
        if record.status == Status::Cancelled {
            return self
                .give_up(run, None, Failure::cancelled("the plan was cancelled"))
                .await;
        }
        if !is_ours || record.status != Status::Applying {
            return self
                .give_up(
                    run,
                    None,
                    Failure::new("not-approved", "the plan is not being applied by this run"),
                )
                .await;
        }
        let connection = match load_connection(ports, &self.message.connection).await? {
            Ok(connection) => connection,
            Err(failure) => return self.give_up(run, Some(&record), failure).await,
        };
        if let Some(failure) = self.check_document(&record).await? {
            return self.give_up(run, Some(&record), failure).await;
        }
        let secret = load_secret(ports, &connection.id)
            .await?
            .ok_or(Error::Missing("the credential"))?;
        let target = ports.targets.open(&connection, &secret)?;
        if target.identity() != record.plan.header.target {
            return self
                .give_up(
                    run,
                    Some(&record),
                    Failure::new("plan-stale", "the plan was made for another target"),
                )
                .await;
        }
        let counts = record.plan.counts;
        let total = counts.changes() + record.plan.references;
        run.status = RunStatus::Running;
        run.counts = counts;
        run.progress.total = total;
        ports.store.put_run(run).await?;
        let context = Context {
            ports,
            connection: &connection,
            target: target.as_ref(),
            fingerprints: load_fingerprints(ports, &connection).await?,
            plan: &record.plan,
            origin: Origin::Plan {
                plan: record.plan.id.to_string(),
                run: run.id.to_string(),
            },
            now,
        };
        self.walk(&context, &record, run).await
    }

    /// The stored document must be the one whose hash was approved (R21).
    async fn check_document(&self, record: &PlanRecord) -> Result<Option<Failure>, Error> {
        let mut chunks = Vec::new();
        for chunk in 0..record.chunks {
            let bytes = self.ports.store.find_lines(record, chunk).await?;
            chunks.push(bytes.ok_or(Error::Missing("a chunk of the plan"))?);
        }
        let hash = Lines::rehash(&record.plan.header, &chunks)?;
        let approved = record.approval.as_ref().map(|approval| approval.hash.as_str());
        let same = hash == record.plan.hash && approved == Some(hash.as_str());
        Ok((!same).then(|| Failure::new("plan-hash-mismatch", "the stored plan is not the one that was approved")))
    }

    /// Takes steps until there are none, or until no time is left.
    async fn walk(&self, context: &Context<'_>, record: &PlanRecord, run: &mut RunRecord) -> Result<Done, Error> {
        let ports = self.ports;
        let mut reader = Reader::new(ports.store.as_ref(), record);
        reader.skip(run.progress.done).await?;
        let first = run.progress.done;
        let mut written_at = ports.clock.now();
        loop {
            let now = ports.clock.now();
            if self.is_over(now, run.progress.done - first) {
                return self.pass_on(run, first).await;
            }
            if now.duration_since(written_at) >= PROGRESS_EVERY {
                written_at = now;
                ports.store.put_run(run).await?;
                if let Some(failure) = self.stopped(context, record).await? {
                    return self.give_up(run, Some(record), failure).await;
                }
            }
            let left = ports.settings.slice_steps.saturating_sub(run.progress.done - first);
            let most = WINDOW.min(usize::try_from(left).unwrap_or(WINDOW)).max(1);
            let Some(window) = reader.next(most).await? else { break };
            let taken = take(context, &window).await?;
            note(run, &window.changes, &taken);
        }
        self.finish(record, run).await
    }

    /// Whether no further write may start (R30).
    fn is_over(&self, now: Timestamp, steps: u32) -> bool {
        let settings = &self.ports.settings;
        let ends = self.invocation.deadline.min(self.lease.until);
        steps >= settings.slice_steps || ends.duration_since(now) < settings.margin
    }

    /// Whether somebody called the plan off, or an operator stopped the tenant (R33).
    async fn stopped(&self, context: &Context<'_>, record: &PlanRecord) -> Result<Option<Failure>, Error> {
        if self.ports.store.is_stopped(&context.connection.tenant).await? {
            return Ok(Some(Failure::cancelled("an operator has stopped this tenant")));
        }
        let plan = self
            .ports
            .store
            .find_plan(&record.plan.id, self.ports.clock.now())
            .await?;
        let is_cancelled = plan.is_none_or(|plan| plan.status == Status::Cancelled);
        Ok(is_cancelled.then(|| Failure::cancelled("the plan was cancelled")))
    }

    /// Sends the rest on. The message goes first: if it were lost, nobody would go on; sent twice, it does no harm.
    async fn pass_on(&self, run: &mut RunRecord, first: u32) -> Result<Done, Error> {
        let next = run.slice + 1;
        if run.progress.done == first || next >= self.ports.settings.most_slices {
            let plan = run.plan.clone();
            let record = match &plan {
                Some(id) => self.ports.store.find_plan(id, self.ports.clock.now()).await?,
                None => None,
            };
            let failure = Failure::new(
                "no-progress",
                "a slice ended without a step, or there were too many slices",
            );
            return self.give_up(run, record.as_ref(), failure).await;
        }
        let Task::Apply { plan, .. } = &self.message.task else {
            return Err(Error::Missing("the plan of a message"));
        };
        let task = Task::Apply {
            plan: plan.clone(),
            slice: next,
        };
        let message = Message::new(run.id.clone(), run.connection.clone(), task);
        self.ports
            .queue
            .send(QueueName::Apply, &message.to_text(), Duration::ZERO)
            .await?;
        run.slice = next;
        self.ports.store.put_run(run).await?;
        Ok(Done::Continued)
    }

    /// Ends a run that cannot go on. What was done stays done and is in the run's record; the rest is planned anew.
    async fn give_up(&self, run: &mut RunRecord, plan: Option<&PlanRecord>, failure: Failure) -> Result<Done, Error> {
        fail(run, failure);
        if let Some(record) = plan {
            let ends = if run.status == RunStatus::Cancelled {
                Status::Cancelled
            } else {
                Status::AppliedWithErrors
            };
            self.ports
                .store
                .change_plan(&record.plan.id, &[Status::Applying], ends, None)
                .await?;
        }
        end_run(self.ports, run).await?;
        Ok(Done::Finished)
    }

    /// The plan was carried out: its roster becomes the measure of the next (R08).
    async fn finish(&self, record: &PlanRecord, run: &mut RunRecord) -> Result<Done, Error> {
        let ports = self.ports;
        let mut state = ports.store.load_state(&run.connection).await?;
        if state.applied_plan.as_ref() != Some(&record.plan.id) {
            let today = ports.clock.now().to_zoned(TimeZone::UTC).date();
            let oldest = today.checked_sub(7.days()).unwrap_or(today);
            state.leavers.retain(|(on, _)| *on > oldest);
            if record.plan.counts.leavers > 0 {
                state.leavers.push((today, record.plan.counts.leavers));
            }
            if let Some(current) = &state.roster
                && current.header.content_hash == record.plan.header.base
            {
                state.baseline = std::mem::take(&mut state.baseline).moved(&current.header, today);
            }
            state.applied_once = true;
            state.applied_plan = Some(record.plan.id.clone());
            state.applied_configuration = record.plan.header.configuration;
            if !ports.store.put_state(&run.connection, &state, self.lease.fence).await? {
                return Err(Error::LeaseLost);
            }
        }
        let ends = if run.errors.is_empty() {
            Status::Applied
        } else {
            Status::AppliedWithErrors
        };
        ports
            .store
            .change_plan(&record.plan.id, &[Status::Applying], ends, None)
            .await?;
        end_run(ports, run).await?;
        Ok(Done::Finished)
    }
}

async fn take(context: &Context<'_>, window: &Window) -> Result<Vec<Taken>, Error> {
    match window.phase {
        Phase::People => person::take(context, &window.changes, window.together).await,
        Phase::References => reference::take(context, &window.changes).await,
        Phase::Leavers => leaver::take(context, &window.changes).await,
    }
}

/// Notes what became of steps: results are data.
fn note(run: &mut RunRecord, changes: &[Change], taken: &[Taken]) {
    for (change, taken) in changes.iter().zip(taken) {
        run.progress = Progress {
            done: run.progress.done + 1,
            ..run.progress
        };
        if let Taken::Failed(code, detail) = taken {
            let employee_id = Some(change.employee_id.clone());
            run.errors.push(RunError {
                code: (*code).to_owned(),
                employee_id,
                detail: (*detail).to_owned(),
            });
        }
    }
}
