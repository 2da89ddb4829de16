//! The steps that every day has: a day passes, HR is read, a person approves, the accounts are compared.

use jiff::{SignedDuration, Timestamp};
use rollcall::{
    api::Edge,
    plan::{Change, Finding, Lines, Plan},
    run::Clock as _,
    runtime::SystemClock,
    store::{PlanRecord, RunId, RunRecord, RunStatus},
};
use serde_json::json;

use super::{Day, Proof, preview, script::Demo};
use crate::{
    Error,
    emulator::Person,
    stage::{Backend, Stage, Writes, text_at},
};

/// The result of a morning's read.
pub(super) struct Morning {
    pub(super) run: RunRecord,
    /// The plan; `None` where the read led to none.
    pub(super) plan: Option<PlanRecord>,
    pub(super) changes: Vec<Change>,
    pub(super) findings: Vec<Finding>,
    pub(super) since: Writes,
    pub(super) began: Timestamp,
}

/// What a person wants to know of a read first.
pub(super) struct HeadLine {
    pub(super) calls: u64,
    pub(super) people: u32,
}

impl Morning {
    /// Returns the plan.
    ///
    /// # Errors
    /// [`Error::Missing`] where the read led to none.
    pub(super) fn plan(&self) -> Result<&Plan, Error> {
        let plan = self.plan.as_ref().map(|record| &record.plan);
        let said = self.run.errors.iter().map(|error| error.detail.as_str());
        plan.ok_or_else(|| Error::Missing("the plan", said.collect::<Vec<_>>().join("; ")))
    }

    /// Returns the code of the error with which the run ended.
    pub(super) fn error(&self) -> Option<&str> {
        self.run.errors.first().map(|error| error.code.as_str())
    }

    /// Returns how many people were read, in how many calls.
    ///
    /// # Errors
    /// [`Error::Missing`] where the read led to no plan.
    pub(super) fn head_line(&self) -> Result<HeadLine, Error> {
        let counts = self.plan()?.counts;
        let people =
            counts.changes() + counts.unchanged + counts.filtered + counts.waiting + counts.skipped + counts.conflicts;
        Ok(HeadLine {
            calls: self.run.calls,
            people,
        })
    }
}

impl Day {
    /// Returns whether no person came, changed, left or was held.
    pub(super) const fn is_still(&self) -> bool {
        self.joiners + self.movers + self.leavers + self.rehires == 0 && self.held.is_empty()
    }
}

/// Steps that every day has.
impl Demo<'_> {
    /// Returns the truth of the moment. No person in it may show up in a log.
    pub(super) async fn look(&mut self) -> Result<Vec<Person>, Error> {
        let people = self.controls.list_people().await?;
        self.canaries.add_people(&people);
        Ok(people)
    }

    /// Lets a day pass, at HR and on the stage's clock.
    pub(super) async fn pass_day(&mut self, churn: bool) -> Result<(), Error> {
        self.controls.pass_day(churn).await?;
        self.stage.clock.advance(SignedDuration::from_hours(24));
        Ok(())
    }

    /// Returns the run of a preview. On the first day it is the run that connecting asked for.
    async fn ask_for_run(&mut self) -> Result<RunId, Error> {
        let backend = Backend::new(&self.stage, &self.edge).await?;
        let of_connection = format!("/v1/connections/{}", self.connection);
        if std::mem::take(&mut self.waits) {
            let runs = backend
                .call("GET", &format!("{of_connection}/runs?limit=1"), None)
                .await?;
            run_id(&text_at(&runs, "/data/0/id"))
        } else {
            let asked = backend.call("POST", &format!("{of_connection}/preview"), None).await?;
            run_id(&text_at(&asked, "/run"))
        }
    }

    /// Reads HR and makes the plan; a progress bar says so, with `aside` behind it. Returns the result.
    pub(super) async fn read(&mut self, aside: &str) -> Result<Morning, Error> {
        let (since, began) = (self.stage.writes(), SystemClock.now());
        let before = self.stage.traffic();
        let asked = self.ask_for_run().await?;
        let doing = format!("Reading {}{aside}", self.hr.label());
        let run = self.screen.wait(doing, self.stage.finish(&asked)).await?;
        // What the show itself reads from the table is left out.
        self.traffic = self.stage.traffic() - before;
        let store = &self.stage.ports.store;
        let mut plan = None;
        let mut changes = Vec::new();
        let mut findings = Vec::new();
        if let Some(id) = &run.plan {
            let kept = store.find_plan(id, self.stage.clock.now()).await?;
            let kept = kept.ok_or_else(|| Error::Missing("the plan", String::new()))?;
            for chunk in 0..kept.chunks {
                let lines = store.find_lines(&kept, chunk).await?;
                changes.extend(Lines::read_chunk(&lines.unwrap_or_default())?);
            }
            findings = store.list_findings(&kept).await?;
            plan = Some(kept);
        }
        Ok(Morning {
            run,
            plan,
            changes,
            findings,
            since,
            began,
        })
    }

    pub(super) fn show_standing(&mut self, morning: &Morning) -> Result<(), Error> {
        let rows = preview::standing(morning.plan()?, &morning.findings);
        self.screen.table(&["", "people", ""], &rows)
    }

    /// Approves the plan by its hash, as a person does, and carries it out.
    pub(super) async fn approve(&mut self, morning: &Morning) -> Result<(), Error> {
        let plan = morning.plan()?;
        let hash = plan.hash.get(..12).unwrap_or_default();
        self.screen.say(&format!(
            "The plan is stored as {hash}… and does nothing until a person names that hash. Approved:"
        ))?;
        let start = self.stage.writes().target;
        let steps = u64::from(plan.counts.changes() + plan.references);
        let done = || self.stage.writes().target - start;
        let work = apply(&self.stage, &self.edge, plan);
        let before = self.stage.traffic();
        let run = self.screen.follow("Applying", steps, done, work).await?;
        self.traffic += self.stage.traffic() - before;
        let took = run
            .ended_at
            .map_or(SignedDuration::ZERO, |ended_at| ended_at.duration_since(run.started_at));
        self.screen.say(&format!(
            "{} changes and {} managers set in {:.1} s, {}.",
            plan.counts.changes(),
            plan.references,
            took.as_secs_f64(),
            if run.errors.is_empty() {
                "no errors".to_owned()
            } else {
                format!("{} ERRORS", run.errors.len())
            }
        ))?;
        let ended = run.status == RunStatus::Succeeded;
        if !ended {
            let codes: Vec<_> = run.errors.iter().map(|error| error.code.clone()).collect();
            self.prove("the plan is carried out without errors", false, || {
                format!("{:?}: {codes:?}", run.status)
            });
        }
        Ok(())
    }

    /// Compares the accounts with the truth and returns the day's numbers.
    pub(super) async fn end(&mut self, name: &'static str, morning: &Morning) -> Result<Day, Error> {
        let duration_ms = SystemClock.now().duration_since(morning.began).as_millis();
        let writes = self.stage.writes();
        let accounts = self.place.list_accounts(&self.stage, &self.tenant).await?;
        let comparison = self.truth.compare(&accounts);
        self.compared.0 += comparison.people;
        self.compared.1 += comparison.values;
        let found = comparison
            .differences
            .iter()
            .map(|difference| format!("{name}: {difference}"));
        self.differences.extend(found);
        let verdict = match comparison.differences.len() {
            0 => "no difference".to_owned(),
            count => format!("{count} DIFFERENCES"),
        };
        let (people, values) = (comparison.people, comparison.values);
        self.compared_text =
            format!("Compared with HR, person by person: {people} accounts, {values} values, {verdict}.");
        let plan = morning.plan.as_ref().map(|record| &record.plan);
        let counts = plan.map(|plan| plan.counts).unwrap_or_default();
        let holds = plan.map(|plan| plan.holds.as_slice()).unwrap_or_default();
        let day = Day {
            name,
            joiners: counts.joiners,
            movers: counts.movers,
            leavers: counts.leavers,
            rehires: counts.rehires,
            conflicts: counts.conflicts,
            held: holds.iter().map(|hold| hold.code).collect(),
            target_writes: writes.target - morning.since.target,
            store_reads: self.traffic.reads,
            store_read_calls: self.traffic.read_calls,
            store_writes: writes.store - morning.since.store,
            store_write_calls: self.traffic.write_calls,
            calls: morning.run.calls,
            duration_ms: u64::try_from(duration_ms).unwrap_or_default(),
        };
        self.report.days.push(day.clone());
        Ok(day)
    }

    /// Writes the result of the day's comparison.
    pub(super) fn say_compared(&mut self) -> Result<(), Error> {
        let text = std::mem::take(&mut self.compared_text);
        self.screen.say(&text)
    }

    pub(super) fn prove(&mut self, claim: impl Into<String>, holds: bool, found: impl FnOnce() -> String) {
        self.report.proofs.push(Proof::new(claim, holds, found));
    }
}

/// Approves a plan over HTTP, by its hash, and carries it out. Returns the record of the run.
async fn apply(stage: &Stage, edge: &Edge, plan: &Plan) -> Result<RunRecord, Error> {
    let backend = Backend::new(stage, edge).await?;
    let body = json!({ "hash": plan.hash });
    let path = format!("/v1/plans/{}/apply", plan.id);
    let started = backend.call("POST", &path, Some(&body)).await?;
    stage.finish(&run_id(&text_at(&started, "/run"))?).await
}

fn run_id(text: &str) -> Result<RunId, Error> {
    RunId::parse(text).map_err(|_| Error::Missing("a run", "the door named none".to_owned()))
}
