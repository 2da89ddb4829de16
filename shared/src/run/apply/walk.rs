//! Walking through the steps of a plan, window by window, until there are none or no time is left.

use jiff::SignedDuration;

use super::{
    ending::Slice,
    leaver, person,
    reader::{Reader, Window},
    reference,
    step::{Context, Taken},
};
use crate::{
    plan::{Change, Phase, Status},
    run::{
        Done, Error,
        deadline::within,
        load::find_stop,
        record::{Failure, write_run},
    },
    store::{PlanRecord, RunError, RunRecord},
    target::Class,
};

/// How many steps are read ahead and begun together.
const WINDOW: usize = 64;

/// Progress is written, and a stop is looked for, at most this often.
const LOOK_EVERY: SignedDuration = SignedDuration::from_secs(1);

impl Slice<'_> {
    /// Takes steps until there are none, or until no time is left.
    pub(super) async fn walk(
        &self,
        context: &Context<'_>,
        record: &PlanRecord,
        run: &mut RunRecord,
    ) -> Result<Done, Error> {
        let ports = self.ports;
        let mut reader = Reader::new(ports.store.as_ref(), record);
        reader.skip(run.progress.done).await?;
        let first = run.progress.done;
        let (mut got_on, mut gave_one_up) = (false, false);
        let mut looked_at = ports.clock.now();
        loop {
            let now = ports.clock.now();
            let steps = run.progress.done - first;
            if now > self.until || steps >= ports.settings.slice_steps {
                return self.pass_on(run, got_on || steps > 0).await;
            }
            if now.duration_since(looked_at) >= LOOK_EVERY {
                looked_at = now;
                write_run(ports, run, self.lease).await?;
                if let Some(failure) = self.stopped(context).await? {
                    return self.give_up(run, failure, Status::Cancelled).await;
                }
            }
            let left = usize::try_from(ports.settings.slice_steps - steps).unwrap_or(WINDOW);
            let Some(window) = reader.next(WINDOW.min(left).max(1)).await? else {
                break;
            };
            let taking = within(ports.clock.as_ref(), self.waits_until, take_twice(context, &window));
            let Ok(taken) = taking.await else {
                return self.call_off(run, got_on || steps > 0).await;
            };
            let taken = taken?;
            match silence(&taken) {
                None if !taken.iter().any(is_answer) => {}
                None => {
                    run.attempts = 0;
                    (got_on, gave_one_up) = (true, false);
                }
                Some(Class::Unauthorized) => return self.give_up(run, unauthorized(), Status::AppliedWithErrors).await,
                Some(Class::Misconfigured) => {
                    return self.give_up(run, misconfigured(), Status::AppliedWithErrors).await;
                }
                Some(_) if run.attempts < ports.settings.most_attempts => return self.try_later(run).await,
                // It may be these steps that the target cannot answer: with the next ones it gets one more chance.
                Some(_) if !gave_one_up => gave_one_up = true,
                Some(_) => return self.give_up(run, unavailable(), Status::AppliedWithErrors).await,
            }
            note(run, &window.changes, &taken);
            if taken.contains(&Taken::Later) {
                return self.pass_on(run, got_on || run.progress.done > first).await;
            }
        }
        if gave_one_up && nobody_was_answered(run) {
            return self.give_up(run, unavailable(), Status::AppliedWithErrors).await;
        }
        self.finish(record, run).await
    }

    /// Returns why the apply has to stop: the plan was called off, or the tenant is stopped (R33).
    async fn stopped(&self, context: &Context<'_>) -> Result<Option<Failure>, Error> {
        let store = &self.ports.store;
        if let Some(stopped) = find_stop(self.ports, &context.connection.tenant).await? {
            return Ok(Some(stopped));
        }
        let plan = store.find_plan(self.plan, self.ports.clock.now()).await?;
        let is_cancelled = plan.is_none_or(|plan| plan.status == Status::Cancelled);
        Ok(is_cancelled.then(|| Failure::cancelled("the plan was cancelled")))
    }
}

/// The code of a run that ended because the target does not accept the credential.
pub(super) const UNAUTHORIZED: &str = "target-unauthorized";

fn unauthorized() -> Failure {
    Failure::new(
        UNAUTHORIZED,
        "the target does not accept the credential; reconnect with a new `target_credential`, and the next plan picks up the rest",
    )
}

fn misconfigured() -> Failure {
    Failure::new(
        "target-misconfigured",
        "the target cannot be reached with its settings; check them, and the next plan picks up the rest",
    )
}

fn unavailable() -> Failure {
    Failure::new(
        "target-unavailable",
        "the target did not answer in several tries; the next plan picks up the rest",
    )
}

/// Takes the steps of a window. Where the target answered some of them and not others, it takes the others once more:
/// an answer may have been lost, and what was begun is looked up.
async fn take_twice(context: &Context<'_>, window: &Window) -> Result<Vec<Taken>, Error> {
    let mut taken = take(context, window, &window.changes).await?;
    let is_silent = |taken: &Taken| matches!(taken, Taken::Unanswered(_));
    if !taken.iter().any(is_silent) || silence(&taken).is_some() {
        return Ok(taken);
    }
    // A circle is one step. In any other window a step that was answered is not taken again: its result stands.
    let is_again = |taken: &Taken| window.together || is_silent(taken);
    let steps = window.changes.iter().zip(&taken);
    let changes: Vec<Change> = steps
        .filter(|(_, taken)| is_again(taken))
        .map(|(change, _)| change.clone())
        .collect();
    let again = take(context, window, &changes).await?;
    for (taken, again) in taken.iter_mut().filter(|taken| is_again(taken)).zip(again) {
        if is_silent(taken) {
            *taken = again;
        }
    }
    Ok(taken)
}

async fn take(context: &Context<'_>, window: &Window, changes: &[Change]) -> Result<Vec<Taken>, Error> {
    match window.phase {
        Phase::People => person::take(context, changes, window.together).await,
        Phase::References => reference::take(context, changes).await,
        Phase::Leavers => leaver::take(context, changes).await,
    }
}

/// Whether something came of a step now.
const fn is_answer(taken: &Taken) -> bool {
    matches!(taken, Taken::Done | Taken::Failed(..) | Taken::Without(_))
}

/// How the target fails, where it answered nobody of a window: then it is down, and nobody is to blame.
fn silence(taken: &[Taken]) -> Option<Class> {
    let mut silence = None;
    for taken in taken {
        match taken {
            Taken::Before | Taken::Later => {}
            Taken::Done | Taken::Failed(..) | Taken::Without(_) => return None,
            Taken::Unanswered(class) => silence = Some(*class),
        }
    }
    silence
}

/// Notes what became of steps, up to the first for which no time was left: results are data. What was done beyond it
/// stands in the journal.
fn note(run: &mut RunRecord, changes: &[Change], taken: &[Taken]) {
    for (change, taken) in changes.iter().zip(taken) {
        let (code, detail) = match taken {
            Taken::Later => break,
            Taken::Done | Taken::Before => {
                run.progress.done += 1;
                continue;
            }
            Taken::Failed(code, detail) => (*code, &**detail),
            Taken::Without(detail) => ("not_accepted", detail.as_str()),
            Taken::Unanswered(_) => UNANSWERED,
        };
        run.progress.done += 1;
        run.errors.push(RunError {
            code: code.to_owned(),
            employee_id: Some(change.employee_id.clone()),
            detail: detail.to_owned(),
        });
    }
}

/// Whether the whole run was silence: then it was not the steps.
fn nobody_was_answered(run: &RunRecord) -> bool {
    let (unanswered, _) = UNANSWERED;
    let silent = run.errors.iter().filter(|error| error.code == unanswered).count();
    u32::try_from(silent) == Ok(run.progress.done)
}

/// What is noted of a step that the target alone never answered.
const UNANSWERED: (&str, &str) = (
    "unanswered",
    "the target gave no answer; the next plan sees whether it was done",
);
