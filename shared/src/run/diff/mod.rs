//! The use case `diff`: read HR, judge the read, compare, guard, store the plan. It writes nothing to the target.
//!
//! A read may take as long as it needs: where a function's time ends, what was read is kept as a part, and the next slice
//! goes on from there. Killed anywhere, a slice is delivered again and begins anew: what it stored before shows only once the
//! run's record or the plan's head is written, and a plan of the same content is kept (R22).

mod ask;
mod compare;
mod each;
mod incomplete;
mod joiners;
mod keep;
mod list;
mod part;
mod read;
mod stop;
mod survey;
mod unjudged;

pub use ask::{Asked, ask, request, request_diff};
use compare::Sides;
pub(super) use compare::{past, protected};
use list::Listed;
pub(super) use list::{Shown, list_accounts};
pub(super) use part::forget_parts;
use read::Read;
use stop::{Slow, Stop, failure};
pub(super) use unjudged::Unjudged;

use std::sync::Arc;

use jiff::Timestamp;

use super::{
    Done, Error, Invocation, Message, Ports, Task,
    actor::Actor,
    approve::{Resend, resume, start_apply},
    deadline::{Reached, ends_at, reads_until, within},
    delivery::{self, Delivery},
    ended::clear_if_ended,
    erasure::ErasedPeople,
    learning::{Opened, keep_learned, open_target},
    load::{load_configuration, load_connection, load_secret},
    news::News,
    record::{Failure, begin_run, end_abandoned, end_run, fail, write_run},
    spread::later,
};
use crate::{
    connection::{ApplyMode, ConnectionId},
    employee::EmployeeId,
    plan::Status,
    queue::QueueName,
    roster::{Completeness, judge},
    store::{Lease, PlanRecord, ReadSoFar, RunRecord, RunStatus, SyncState},
};

/// Carries a diff message out.
///
/// # Errors
/// [`Error`]: deliver the message again. A failure that lasts, or comes again too often, ends the run instead.
pub async fn diff(ports: &Ports, message: &Message, invocation: &Invocation) -> Result<Done, Error> {
    let Delivery { lease, slot, mut run } = match delivery::begin(ports, message, invocation).await? {
        Ok(delivery) => delivery,
        Err(done) => {
            if done == Done::Repeated {
                part::forget_left_parts(ports, message).await?;
            }
            return Ok(done);
        }
    };
    let (goal, only) = match &message.task {
        Task::Diff {
            preview, employee_id, ..
        } => (if *preview { Goal::Preview } else { Goal::Plan }, employee_id.as_ref()),
        Task::Survey { .. } => (Goal::Survey, None),
        Task::Apply { .. } => {
            delivery::leave(ports, &lease, slot.as_ref()).await;
            return Err(Error::Missing("the task `diff` or `survey`"));
        }
    };
    run.slice = message.task.slice();
    let mut news = News::default();
    let mut diff = Diff {
        ports,
        lease: &lease,
        run: &mut run,
        news: &mut news,
        began_at: ports.clock.now(),
        until: reads_until(ports, invocation, &lease),
        goal,
        only,
        so_far: None,
        opened: None,
    };
    let ends_at = ends_at(ports, invocation, &lease);
    let work = diff.execute(&message.connection);
    let result = within(ports.clock.as_ref(), ends_at, work).await;
    let result = match result.unwrap_or(Err(Stop::Fault(Error::Late))) {
        Err(Stop::Fault(Error::PartGone)) => Err(diff.part_gone()),
        result => result,
    };
    if let Some(opened) = diff.opened.take() {
        keep_learned(ports, &lease, &opened).await;
    }
    let result = match clear_if_ended(ports, &message.connection).await {
        Ok(false) => result,
        Ok(true) => {
            // Nothing is left of the connection to look at.
            news = News::default();
            let ended = Stop::Failed(Failure::cancelled("the connection was disconnected meanwhile"));
            match result {
                Err(Stop::Failed(failure)) => Err(Stop::Failed(failure)),
                Err(Stop::Fault(error)) => Err(Stop::Fault(error)),
                // Nobody goes on with what is over.
                Ok(()) | Err(Stop::Busy | Stop::Paused | Stop::UsedUp(_) | Stop::Late(_)) => Err(ended),
            }
        }
        Err(error) => result.and(Err(Stop::Fault(error))),
    };
    let end = match result {
        Ok(()) => end_run(ports, &mut run, &lease).await.map(|()| Done::Finished),
        Err(Stop::Busy) => wait(ports, &mut run, message, &lease).await,
        Err(Stop::Paused) => part::pass_on(ports, &mut run, message, &lease, None).await,
        Err(Stop::UsedUp(until)) => part::pass_on(ports, &mut run, message, &lease, Some(until)).await,
        Err(Stop::Late(whom)) if run.attempts < ports.settings.most_attempts => {
            try_later(ports, &mut run, message, &lease, whom).await
        }
        Err(Stop::Fault(error)) if !error.is_lasting() && run.attempts < ports.settings.most_attempts => Err(error),
        Err(stop) => {
            fail(&mut run, failure(stop));
            end_run(ports, &mut run, &lease).await.map(|()| Done::Finished)
        }
    };
    delivery::leave(ports, &lease, slot.as_ref()).await;
    if matches!(end, Ok(Done::Finished)) {
        news.run(&run);
    }
    if matches!(end, Ok(Done::Finished | Done::Continued)) {
        news.tell(ports, &message.connection).await;
    }
    end
}

/// A plan is being applied: the message comes again.
async fn wait(ports: &Ports, run: &mut RunRecord, message: &Message, lease: &Lease) -> Result<Done, Error> {
    if run.status == RunStatus::Running {
        run.status = RunStatus::Deferred;
        write_run(ports, run, lease).await?;
    }
    delivery::defer(ports, run, message).await
}

/// Puts off a read that took too long: it is made once more, later, and the run says why. The message goes first: if it
/// were lost, nobody would go on.
async fn try_later(
    ports: &Ports,
    run: &mut RunRecord,
    message: &Message,
    lease: &Lease,
    whom: Slow,
) -> Result<Done, Error> {
    let delay = ports.settings.retry_after.saturating_mul(run.attempts);
    ports.queue.send(QueueName::Diff, &message.to_text(), delay).await?;
    run.status = RunStatus::Deferred;
    run.due_at = Some(later(ports.clock.now(), delay));
    run.errors = vec![whom.failure("it is read again").to_error()];
    write_run(ports, run, lease).await?;
    tracing::warn!(run.id = %run.id, connection.id = %run.connection, attempts = run.attempts, slow = ?whom, "a diff met its deadline; it is tried again");
    Ok(Done::Deferred)
}

/// What HR is read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Goal {
    /// A plan.
    Plan,
    /// A plan that waits for a person in any case.
    Preview,
    /// Counts of what HR shows.
    Survey,
}

struct Diff<'a> {
    ports: &'a Ports,
    lease: &'a Lease,
    run: &'a mut RunRecord,
    news: &'a mut News,
    /// When this slice began.
    began_at: Timestamp,
    /// Until when the diff reads.
    until: Timestamp,
    /// What the read is for.
    goal: Goal,
    /// The one person whom the diff is about; `None`: everybody.
    only: Option<&'a EmployeeId>,
    /// What the people are gathered from, where parts of a read are.
    so_far: Option<ReadSoFar>,
    /// The target, once it is opened.
    opened: Option<Opened>,
}

impl Diff<'_> {
    /// Works while there is time to read.
    async fn in_time<T>(&self, work: impl Future<Output = T>) -> Result<T, Reached> {
        within(self.ports.clock.as_ref(), self.until, work).await
    }

    async fn execute(&mut self, id: &ConnectionId) -> Result<(), Stop> {
        let ports = self.ports;
        let connection = load_connection(ports, id).await?.map_err(Stop::Failed)?;
        let now = ports.clock.now();
        let open = ports.store.find_open_plan(id, now).await?;
        if let Some(started) = self.find_started(open.as_ref(), now).await? {
            return self.take_credit(&started).await;
        }
        if let Some(open) = open.as_ref().filter(|open| open.status == Status::Applying) {
            // Nobody holds the lease: its run was killed, or is between two slices.
            resume(ports, open, Resend::Lost).await?;
            return Err(Stop::Busy);
        }
        end_abandoned(ports, Some(&self.run.id), self.lease, self.news, now).await?;
        // What an earlier delivery could not do in time is tried anew.
        self.run.errors.clear();
        begin_run(ports, self.run, self.lease).await?;
        let configuration = load_configuration(ports, &connection).await?;
        let secret = load_secret(ports, id).await?.map_err(Stop::Failed)?;
        self.news.credential(&secret, now);
        let opened = open_target(ports, &connection, &secret).await?;
        let opened = opened.map_err(|error| read::target_failure(&error))?;
        let target = Arc::clone(&opened.target);
        self.opened = Some(opened);
        let Read { mut people, is_named } = self.read(&connection, &configuration, secret).await?;
        if self.goal == Goal::Survey {
            return survey::check(&people.header);
        }
        let mut state = ports.store.load_state(id).await?;
        let company = connection.company.clone().ok_or(Error::Missing("the company"))?;
        let completeness = judge(&people.header, &company, &state.baseline, now);
        self.run.completeness = Some(completeness.as_str().to_owned());
        if matches!(completeness, Completeness::Foreign) {
            return Err(Stop::Failed(read::different_company()));
        }
        let applied = state.applied_plan.clone();
        let listed = self.list(&connection, target.as_ref(), applied.clone(), &mut people);
        let Listed { accounts, each } = listed.await?;
        // A person who was erased while HR and target were read is left out, too.
        let erased = ErasedPeople::load(ports, &connection).await?;
        people.withhold(ports, &erased).await?;
        let read_from = self
            .run
            .reading
            .as_ref()
            .map_or(self.began_at, |reading| reading.begun_at);
        let sides = Sides {
            read_from,
            connection: &connection,
            configuration: &configuration,
            state: &state,
            people: &people,
            accounts: &accounts,
            is_named,
            completeness: &completeness,
            target: target.as_ref(),
            unjudged: &Unjudged::unseen(each.iter().flat_map(|each| &each.unseen)),
            now,
        };
        let judged = self.compare_listed(&sides, each.clone()).await?;
        let compared = self
            .take_whole(judged, &connection, applied, &mut people, accounts)
            .await?;
        self.run.counts = compared.plan.counts;
        // Reading takes minutes, and another delivery may hold the lease by now: it must not find its work undone.
        self.check_lease()?;
        self.note_absences(id, &compared).await?;
        self.check_lease()?;
        let roster_id = self
            .keep_roster(&connection, &mut state, &people, &compared, &completeness, now)
            .await?;
        self.check_lease()?;
        if self.only.is_some() && compared.plan.status() == Status::Empty {
            // That nothing is to be done for this person says nothing about the plan of everybody.
            self.run.errors = incomplete::errors(&completeness, &people.header);
            return Ok(self.remember(id, &state).await?);
        }
        let is_automatic = configuration.apply == ApplyMode::Automatic && !connection.paused && self.goal == Goal::Plan;
        let plan = self
            .publish(&connection, open, &compared, &roster_id, is_automatic, now)
            .await?;
        self.run.plan = Some(plan.id.clone());
        let today = ports.settings.date_of(now);
        keep::settle(
            &mut state,
            &plan,
            &people.header,
            &completeness,
            configuration.version,
            now,
            today,
        );
        if self.only.is_none() {
            self.note_waiting(&mut state, &compared, &plan.id);
        }
        self.remember(id, &state).await?;
        // Last, because what a run says first is why it failed, where it fails.
        self.run.errors = incomplete::errors(&completeness, &people.header);
        if plan.status() == Status::Ready && is_automatic {
            // The run is noted first: if this process is killed from here on, the next delivery finds that an apply has
            // the plan.
            write_run(ports, self.run, self.lease).await?;
            self.run.next_run = start_apply(ports, &Actor::automatic(), &connection, &plan, &[]).await?;
        }
        Ok(())
    }

    async fn remember(&self, id: &ConnectionId, state: &SyncState) -> Result<(), Error> {
        if self.ports.store.put_state(id, state, self.lease.fence).await? {
            Ok(())
        } else {
            Err(Error::LeaseLost)
        }
    }

    /// The plan of this very run, where an earlier delivery was killed after its apply had been started.
    async fn find_started(&self, open: Option<&PlanRecord>, now: Timestamp) -> Result<Option<PlanRecord>, Stop> {
        let own = match &self.run.plan {
            Some(noted) => self.ports.store.find_plan(noted, now).await?,
            None => open.filter(|open| open.run == self.run.id).cloned(),
        };
        Ok(own.filter(|own| own.approval.is_some()))
    }

    /// Nothing is left to do for a run whose plan is being applied, or has been.
    async fn take_credit(&mut self, started: &PlanRecord) -> Result<(), Stop> {
        if started.status == Status::Applying {
            resume(self.ports, started, Resend::Unbegun).await?;
        }
        self.run.plan = Some(started.plan.id.clone());
        self.run.counts = started.plan.counts;
        self.run.next_run = started.approval.as_ref().map(|approval| approval.run.clone());
        Ok(())
    }

    fn check_lease(&self) -> Result<(), Error> {
        let now: Timestamp = self.ports.clock.now();
        if now < self.lease.until {
            Ok(())
        } else {
            Err(Error::LeaseLost)
        }
    }
}
