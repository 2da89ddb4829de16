//! One slice of an apply: what is checked before its first step, and what becomes of a failure of ours.

use jiff::Timestamp;

use super::{
    ending::{Slice, no_progress},
    step::Context,
    walk::UNAUTHORIZED,
};
use crate::{
    connection::Connection,
    plan::{Lines, PlanId, Purpose, Status},
    run::{
        Actor, Asked, Done, Error, Invocation, Message, Ports, Task,
        deadline::{self, waits_until, within},
        delivery::{self, Delivery},
        learning::{Opened, keep_learned, open_target},
        load::{load_connection, load_fingerprints, load_secret},
        news::News,
        pause::pause,
        record::{Failure, begin_run},
        request,
        upkeep::lose_target,
    },
    store::{PlanRecord, RunRecord},
    target::Origin,
};

/// Carries one slice of an apply out.
///
/// # Errors
/// [`Error`]: deliver the message again; what was begun is looked up before it is sent again. A failure that lasts, or
/// comes again too often, ends the run instead.
pub async fn apply(ports: &Ports, message: &Message, invocation: &Invocation) -> Result<Done, Error> {
    let Task::Apply { plan, slice } = &message.task else {
        return Err(Error::Missing("the plan of a message"));
    };
    let Delivery { lease, slot, mut run } = match delivery::begin(ports, message, invocation).await? {
        Ok(delivery) => delivery,
        Err(done) => return Ok(done),
    };
    run.slice = *slice;
    let ends_at = invocation.deadline.min(lease.until);
    let slice = Slice {
        ports,
        plan,
        lease: &lease,
        until: ends_at.checked_sub(ports.settings.margin).unwrap_or(Timestamp::MIN),
        waits_until: waits_until(ports, invocation, &lease),
    };
    let ends_at = deadline::ends_at(ports, invocation, &lease);
    let mut opened = None;
    let work = execute(&slice, &mut run, &mut opened);
    let end = within(ports.clock.as_ref(), ends_at, work).await;
    if let Some(opened) = opened {
        keep_learned(ports, &lease, &opened).await;
    }
    let end = match end.unwrap_or(Err(Error::Late)) {
        Err(error) if error.is_lasting() || run.attempts >= ports.settings.most_attempts => {
            tracing::error!(error = &error as &dyn std::error::Error, "an apply failed for good");
            slice
                .give_up(&mut run, Failure::internal(&error), Status::AppliedWithErrors)
                .await
        }
        end => end,
    };
    let mut news = News::default();
    let is_refused = matches!(end, Ok(Done::Finished)) && run.errors.iter().any(|error| error.code == UNAUTHORIZED);
    if is_refused {
        match lose_target(ports, &run.connection).await {
            Ok(true) => news.target_refused(&run.id),
            Ok(false) => {}
            // The next run finds it.
            Err(error) => tracing::warn!(run.id = %run.id, error = %error, "a refused credential was not noted"),
        }
    }
    delivery::leave(ports, &lease, slot.as_ref()).await;
    if matches!(end, Ok(Done::Finished)) {
        news.run(&run);
        news.tell(ports, &run.connection).await;
        restore_wider_plan(ports, plan, &run).await;
    }
    end
}

/// Asks for a preview where a plan of one person took the place of everybody's plan: the preview brings the rest of
/// that plan back. Without it, the next morning does.
async fn restore_wider_plan(ports: &Ports, plan: &PlanId, run: &RunRecord) {
    let record = match ports.store.find_plan(plan, ports.clock.now()).await {
        Ok(record) => record,
        Err(error) => return tracing::warn!(plan.id = %plan, error = %error, "no preview was asked for"),
    };
    let purpose = record.map(|record| record.plan.purpose);
    if !matches!(purpose, Some(Purpose::OnePerson { instead_of: Some(_) })) {
        return;
    }
    if let Err(error) = request(ports, &run.connection, Asked::Preview).await {
        tracing::warn!(plan.id = %plan, error = %error, "no preview was asked for");
    }
}

/// Carries the slice out, and says by `opened` which target it opened.
async fn execute(slice: &Slice<'_>, run: &mut RunRecord, opened: &mut Option<Opened>) -> Result<Done, Error> {
    let ports = slice.ports;
    let Some(record) = ports.store.find_plan(slice.plan, ports.clock.now()).await? else {
        let failure = Failure::new("plan-gone", "the plan is not kept any more; make a new one");
        return slice.give_up(run, failure, Status::Stale).await;
    };
    let is_ours = record.approval.as_ref().is_some_and(|approval| approval.run == run.id);
    if !is_ours {
        let failure = Failure::new("not-approved", "the plan is not being applied by this run");
        return slice.fail(run, failure).await;
    }
    if record.status != Status::Applying {
        return slice.close(run, &record).await;
    }
    begin_run(ports, run, slice.lease).await?;
    let connection = match load_connection(ports, &record.connection).await? {
        Ok(connection) => connection,
        Err(failure) => {
            let ends = failure.ends();
            return slice.give_up(run, failure, ends).await;
        }
    };
    if matches!(record.plan.purpose, Purpose::Undo { .. }) && !connection.paused {
        // Without this the next morning would do it all again, however far this apply gets (R32).
        let approver = record.approval.as_ref().map(|approval| Actor::named(&approval.by));
        pause(ports, &approver.unwrap_or_default(), &connection.id).await?;
    }
    let target = match open_planned(ports, &connection, &record).await? {
        Ok(found) => opened.insert(found).target.clone(),
        Err(failure) => return slice.give_up(run, failure, Status::Stale).await,
    };
    let noted = Failure::noted(run);
    if let Some(failure) = noted.or_else(|| (run.attempts > ports.settings.most_attempts).then(no_progress)) {
        let ends = failure.ends();
        return slice.give_up(run, failure, ends).await;
    }
    run.counts = record.plan.counts;
    run.progress.total = record.plan.counts.changes() + record.plan.references;
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
        now: ports.clock.now(),
        until: slice.until,
        lease_until: slice.lease.until,
    };
    slice.walk(&context, &record, run).await
}

/// The target that the plan was made for, once the document is proven to be the one that was approved (R21, R26).
async fn open_planned(
    ports: &Ports,
    connection: &Connection,
    record: &PlanRecord,
) -> Result<Result<Opened, Failure>, Error> {
    if !is_approved_document(ports, record).await? {
        let detail = "the stored plan is not the one that was approved; make a new one";
        return Ok(Err(Failure::new("plan-hash-mismatch", detail)));
    }
    let secret = match load_secret(ports, &connection.id).await? {
        Ok(secret) => secret,
        Err(failure) => return Ok(Err(failure)),
    };
    let stale = |detail: String| Ok(Err(Failure::new("plan-stale", detail)));
    let opened = match open_target(ports, connection, &secret).await? {
        Ok(opened) => opened,
        Err(error) => return stale(format!("the target cannot be opened: {error}")),
    };
    if opened.target.identity() != record.plan.header.target {
        return stale("the plan was made for another target; make a new one".to_owned());
    }
    let company = connection.company.as_ref().map(|company| &company.id);
    if company != Some(&record.plan.header.company) {
        return stale("the plan was made for another company; make a new one".to_owned());
    }
    Ok(Ok(opened))
}

/// Whether the stored lines and header have the hash that was approved (R21). What cannot be read has not.
async fn is_approved_document(ports: &Ports, record: &PlanRecord) -> Result<bool, Error> {
    let mut chunks = Vec::new();
    for chunk in 0..record.chunks {
        match ports.store.find_lines(record, chunk).await {
            Ok(Some(bytes)) => chunks.push(bytes),
            Ok(None) | Err(crate::store::Error::Corrupt { .. } | crate::store::Error::Gone { .. }) => return Ok(false),
            Err(error) => return Err(error.into()),
        }
    }
    let approved = record.approval.as_ref().map(|approval| approval.hash.as_str());
    let hash = Lines::rehash(&record.plan.header, &chunks).ok();
    Ok(hash.as_deref() == Some(record.plan.hash.as_str()) && hash.as_deref() == approved)
}
