//! The course of the five days.

use emulators::scim;
use rollcall::{
    api::{Allowance, Edge},
    connection::{ConnectionId, TenantId},
    plan::Status,
    runtime::outbound_client,
};
use serde_json::{Value, json};

use super::{
    Day, Options, Report,
    place::Place,
    preview,
    scan::Canaries,
    screen::Screen,
    step::{HeadLine, Morning},
};
use crate::{
    Error,
    emulator::{self, Controls, Emulator},
    stage::{Backend, Stage, StageOptions, Traffic, text_at},
    truth::{Moves, Truth},
};

/// A quiet night writes at most this many items, however many people there are.
const QUIET_WRITES: u64 = 15;

/// The show while it runs.
pub(super) struct Demo<'a> {
    pub(super) options: &'a Options,
    pub(super) screen: Screen<'a>,
    pub(super) stage: Stage,
    pub(super) place: Place,
    pub(super) edge: Edge,
    /// Whether the first sync, which connecting asked for, still waits to be carried out.
    pub(super) waits: bool,
    pub(super) hr: Emulator,
    pub(super) controls: Controls,
    /// Requests for data that connecting took.
    connecting: u64,
    pub(super) truth: Truth,
    pub(super) tenant: TenantId,
    pub(super) connection: ConnectionId,
    pub(super) canaries: Canaries,
    pub(super) compared: (usize, usize),
    pub(super) differences: Vec<String>,
    pub(super) compared_text: String,
    pub(super) traffic: Traffic,
    pub(super) report: Report,
}

impl<'a> Demo<'a> {
    /// Starts the stack and the HR system, and connects them. Returns the show.
    pub(super) async fn open(options: &'a Options, mut screen: Screen<'a>) -> Result<Self, Error> {
        let place = Place::open(options.target).await?;
        let people = emulator::Options {
            employees: options.employees,
            seed: options.seed,
            ..emulator::Options::default()
        };
        let hr = Emulator::start(options.provider, people).await?;
        let stage = Stage::start(StageOptions {
            applications: hr.applications(),
            ..StageOptions::default()
        })
        .await?;
        let client = outbound_client()?;
        let controls = Controls::new(&client, &hr.url())?;
        let edge = stage.edge("http://127.0.0.1", Allowance::default());
        let config: Value =
            serde_json::from_str(&options.preset.configuration(options.provider)).map_err(Error::Event)?;
        let backend = Backend::new(&stage, &edge).await?;
        let choice = json!({ "preset": options.preset.base(), "config": config, "target": place.choice() });
        let connection = backend.connect(&client, "demo", &hr, &choice).await?;
        let (connecting, _) = controls.count_requests(&hr.login_paths()).await?;
        let (id, name) = (
            text_at(&connection, "/company/id"),
            text_at(&connection, "/company/name"),
        );
        let connection: ConnectionId = text_at(&connection, "/id")
            .parse()
            .map_err(|_| Error::Missing("the connection", "the door named none".to_owned()))?;
        screen.heading("Rollcall: five days between an HR system and an application")?;
        screen.say(&format!(
            "An emulated {} with {} people to join, on the embedded stack, all in this process.",
            hr.label(),
            options.employees
        ))?;
        screen.say(&format!("They are carried to {}.", place.whole_name()))?;
        screen.say(&format!(
            "Connected to {name} as a person does it: {}.",
            if backend.logs_in(&hr) {
                "a one-time start page, the HR system's own page, and back"
            } else {
                "with a credential that is tried before it is kept"
            }
        ))?;
        screen.say(
            "Every request of this show is the event that API Gateway sends, answered by the deployed handlers.",
        )?;
        let mut canaries = Canaries::default();
        canaries.add(hr.running().api_key());
        canaries.add(hr.running().client_secret());
        canaries.add(scim::TOKEN);
        Ok(Self {
            options,
            screen,
            truth: Truth::new(hr.kind().as_str(), &id, options.preset.carried()),
            stage,
            place,
            edge,
            waits: true,
            hr,
            controls,
            connecting,
            tenant: TenantId::parse("demo").map_err(|error| Error::Configuration(error.to_string()))?,
            connection,
            canaries,
            compared: (0, 0),
            differences: Vec::new(),
            compared_text: String::new(),
            traffic: Traffic::default(),
            report: Report::default(),
        })
    }

    /// Lives the five days.
    pub(super) async fn play(&mut self) -> Result<(), Error> {
        self.first().await?;
        self.changes().await?;
        self.quiet().await?;
        self.broken().await?;
        self.vanished().await?;
        self.sum_up().await
    }

    async fn first(&mut self) -> Result<(), Error> {
        self.screen.heading("Day 1, first: nobody has an account yet")?;
        let people = self.look().await?;
        let moves = self.truth.follow(&people);
        let morning = self.read("").await?;
        let HeadLine { calls, people: read } = morning.head_line()?;
        self.screen.say(&format!(
            "Read {read} people in {calls} calls, to the end of the list. This would be done:"
        ))?;
        self.show_standing(&morning)?;
        let names = preview::Names::new(&[], &morning.changes);
        self.screen.say("Some of the new accounts:")?;
        self.screen
            .table(&preview::NEWCOMER, &preview::newcomers(&morning.changes, &names))?;
        self.approve(&morning).await?;
        let day = self.end("first", &morning).await?;
        let expected = usize::try_from(self.options.employees).unwrap_or_default();
        let holds = day.joiners as usize == expected && moves.joined.len() == expected;
        self.prove(
            "everybody who ought to join got an account, and nobody else (R12, R17)",
            holds,
            || format!("{} joined, {expected} ought to", day.joiners),
        );
        self.say_compared()
    }

    async fn changes(&mut self) -> Result<(), Error> {
        self.screen.heading("Day 2, changes: people join, move and leave")?;
        self.pass_day(true).await?;
        let people = self.look().await?;
        let moves = self.truth.follow(&people);
        let morning = self.read("").await?;
        self.screen
            .say("Only what changed is touched; leavers lose access when their last day is over where they are.")?;
        self.show_standing(&morning)?;
        let accounts = self.place.list_accounts(&self.stage, &self.tenant).await?;
        let names = preview::Names::new(&accounts, &morning.changes);
        self.screen
            .table(&preview::EXAMPLE, &preview::examples(&morning.changes, &names))?;
        self.approve(&morning).await?;
        let day = self.end("changes", &morning).await?;
        let Moves { joined, moved, left } = &moves;
        let wanted = (joined.len(), moved.len(), left.len());
        let planned = (day.joiners as usize, day.movers as usize, day.leavers as usize);
        let some = wanted.0 > 0 && wanted.1 > 0 && wanted.2 > 0;
        self.prove(
            "joiners, movers and leavers are exactly those of HR (R11, R14)",
            some && wanted == planned,
            || format!("HR says {wanted:?}, the plan {planned:?}"),
        );
        self.say_compared()
    }

    async fn quiet(&mut self) -> Result<(), Error> {
        self.screen.heading("Day 3, quiet: nothing happened at HR")?;
        self.pass_day(false).await?;
        let morning = self.read("").await?;
        let day = self.end("quiet", &morning).await?;
        self.screen.say(&format!(
            "No plan, no write to {}, and {} items written to the table, however many people there are.",
            self.place.noun(),
            day.store_writes
        ))?;
        self.prove(
            "a quiet day changes no account",
            day.target_writes == 0 && day.is_still(),
            || format!("{day:?}"),
        );
        self.prove(
            format!("a quiet day writes a constant to the table: {} items", day.store_writes),
            day.store_writes <= QUIET_WRITES,
            || format!("more than {QUIET_WRITES}"),
        );
        self.say_compared()
    }

    async fn broken(&mut self) -> Result<(), Error> {
        self.screen
            .heading("Day 4, broken: HR fails in the middle of its list of people")?;
        self.pass_day(false).await?;
        let people = self.look().await?;
        let (fault, page) = self.hr.failing_list(people.len());
        self.controls.break_with(fault).await?;
        let morning = self.read(", which answers 503").await?;
        self.controls.mend().await?;
        let day = self.end("broken", &morning).await?;
        self.screen.say(&format!(
            "{} answered 503 and kept doing so. Who was not read is unknown, not gone: without proof of a",
            page.map_or("It".to_owned(), |page| format!("Page {page}"))
        ))?;
        self.screen
            .say("complete read nobody joins and nobody leaves. The next morning tries again.")?;
        let completeness = morning.run.completeness.clone().unwrap_or_default();
        let holds = day.leavers == 0 && day.joiners == 0 && day.target_writes == 0 && completeness != "whole";
        self.prove("an incomplete read makes nobody a leaver (R05, R06)", holds, || {
            format!("the read counts as {completeness}: {day:?}")
        });
        self.say_compared()
    }

    async fn vanished(&mut self) -> Result<(), Error> {
        self.screen
            .heading("Day 5, vanished: many people are gone, and HR says that this is all")?;
        self.pass_day(false).await?;
        let share = match self.options.employees {
            ..50 => 0.6,
            50..500 => 0.3,
            500.. => 0.15,
        };
        self.controls
            .break_with(json!({"mode": "vanish", "share": share}))
            .await?;
        let morning = self.read("").await?;
        self.controls.mend().await?;
        let day = self.end("vanished", &morning).await?;
        if morning.error() == Some("different-company") {
            self.refused(&morning, &day)?;
        } else {
            self.held(&morning, &day)?;
        }
        self.say_compared()
    }

    /// Shows a plan that the guards hold.
    fn held(&mut self, morning: &Morning, day: &Day) -> Result<(), Error> {
        self.screen.say(
            "The list is complete, its totals agree, every answer is a 200. The guards hold the plan nevertheless:",
        )?;
        let holds = morning.plan()?.holds.iter();
        let holds: Vec<_> = holds
            .map(|hold| vec![hold.title.clone(), hold.detail.clone()])
            .collect();
        self.screen.table(&["held because", "what was found"], &holds)?;
        self.screen.say(
            "Nobody approves it. People who are really gone are let go after a second complete read, 20 hours apart.",
        )?;
        let is_held = morning.plan.as_ref().is_some_and(|plan| plan.status == Status::Held);
        self.prove(
            "a sudden drop is held for a person, and nothing is written (R13, R25)",
            is_held && !day.held.is_empty() && day.target_writes == 0,
            || format!("{day:?}"),
        );
        Ok(())
    }

    /// Shows a read that counts as another company's, at an HR system that names none.
    fn refused(&mut self, morning: &Morning, day: &Day) -> Result<(), Error> {
        self.screen.say(&format!(
            "The list is complete, every answer is a 200. But {} names no company: its people tell whose data it is,",
            self.hr.label()
        ))?;
        self.screen.say(
            "and fewer than four of five who are linked were found again. There is no plan, until a person looks.",
        )?;
        self.prove(
            "a sudden drop where people tell the company makes no plan, and nothing is written (R01)",
            morning.plan.is_none() && day.target_writes == 0,
            || format!("{day:?}"),
        );
        Ok(())
    }

    /// Shows what is true of all days together, the verdicts, and what to try next.
    async fn sum_up(&mut self) -> Result<(), Error> {
        let (people, values) = self.compared;
        let differences = std::mem::take(&mut self.differences);
        let claim = format!(
            "after each day {} equals HR, person by person: {people} accounts, {values} values compared",
            self.place.noun()
        );
        self.prove(claim, differences.is_empty(), || {
            differences.iter().take(8).cloned().collect::<Vec<_>>().join("; ")
        });
        let calls: u64 = self.report.days.iter().map(|day| day.calls).sum();
        let (requests, struck) = self.controls.count_requests(&self.hr.login_paths()).await?;
        let claim = format!("every call to HR is counted: {calls}, {struck} of them touched by a fault");
        self.prove(claim, requests == calls + self.connecting, || {
            format!("HR has seen {requests}")
        });
        let (dead, repeats) = (self.stage.dead_letters(), self.stage.repeats());
        self.prove(
            "every message was carried out at its first delivery",
            dead == 0 && repeats == 0,
            || format!("{repeats} deliveries repeated, {dead} messages set aside"),
        );
        if let Some(log) = &self.options.log {
            let (lines, telling) = self.canaries.search(log)?;
            let claim = format!(
                "no name, address, number or key in {lines} lines of log: {} searched for (R38)",
                self.canaries.len()
            );
            self.prove(claim, telling == 0 && lines > 0, || format!("{telling} lines hold one"));
        }
        self.screen.heading("What was proven")?;
        for proof in &self.report.proofs {
            let found = proof
                .failure
                .as_ref()
                .map(|found| format!(": {found}"))
                .unwrap_or_default();
            self.screen
                .verdict(proof.failure.is_none(), &format!("{}{found}", proof.claim))?;
        }
        self.screen.heading("What to try next")?;
        for (command, does) in [
            (
                "cargo run -- demo --employees 2000 --json",
                "more people, and the numbers as JSON on the last line",
            ),
            ("cargo run -- demo --seed 7", "other people, other changes"),
            (
                "cargo run -- demo --target scim",
                "the same, carried to a SCIM 2.0 server",
            ),
            (
                "cargo run -- demo --provider lucca",
                "the same, out of another HR system",
            ),
            (
                "cargo run -- serve",
                "the whole product over HTTP; README walks through it with curl",
            ),
            (
                "cargo run -- emulate --port 9100",
                "the emulated HR system alone, to test what you like",
            ),
            ("tests/run", "everything that is promised, proven"),
        ] {
            self.screen.say(&format!("{command:<46}{does}"))?;
        }
        if self.options.json {
            let line = self.report.to_json();
            self.screen.write_always(&format!("{line}\n"))?;
        }
        Ok(())
    }

    /// Ends the emulator, and returns what was proven.
    pub(super) async fn close(self) -> Result<Report, Error> {
        self.hr.stop().await;
        self.place.close().await;
        Ok(self.report)
    }
}
