//! The command line.

use std::{
    error::Error as _,
    io::{self, IsTerminal as _, Write as _},
    path::PathBuf,
};

use clap::{
    Args, Parser, Subcommand,
    builder::{PossibleValuesParser, TypedValueParser},
};
use emulators::{
    Break,
    scim::{self, Habits},
};
use rollcall::{
    api::Allowance,
    run::Ids as _,
    runtime::{RandomIds, telemetry},
    source::Kind,
};
use tracing::Level;

use crate::{
    Error, demo,
    emulator::{self, Emulator},
    serve,
};

/// Keeps an application's users in step with an HR system. Without a command: the demo.
#[derive(Debug, Parser)]
#[command(name = "rollcall", version, args_conflicts_with_subcommands = true)]
pub struct Command {
    #[command(subcommand)]
    action: Option<Action>,
    #[command(flatten)]
    demo: Demo,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Shows five days between an emulated HR system and the built-in directory, and proves what is promised.
    Demo(Demo),
    /// Keeps the whole product up on this machine, with an emulated HR system beside it.
    Serve(Serve),
    /// Runs an emulated HR system or target until it is interrupted.
    #[command(args_conflicts_with_subcommands = true)]
    Emulate {
        #[command(subcommand)]
        target: Option<Emulated>,
        #[command(flatten)]
        hr: Hr,
    },
}

#[derive(Debug, Subcommand)]
enum Emulated {
    /// A SCIM 2.0 server that others write to.
    Scim(Scim),
}

#[derive(Clone, Debug, Args)]
struct Demo {
    /// The HR system.
    #[arg(long, value_name = "P", default_value = "factorial", value_parser = kinds())]
    provider: Kind,
    /// Where people are carried to.
    #[arg(long, value_enum, default_value = "directory")]
    target: demo::Target,
    /// What is carried over.
    #[arg(long, value_enum, default_value = "rich")]
    preset: demo::Preset,
    /// How many people ought to join, from 10 to 10000; leavers of the past and others come on top.
    #[arg(long, value_name = "N", default_value_t = 250, value_parser = clap::value_parser!(u32).range(10..=10_000))]
    employees: u32,
    /// The same number invents the same people.
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Says nothing but one JSON object, on the last line.
    #[arg(long)]
    json: bool,
    /// Keeps the log (JSON lines) in this file; else it is thrown away if all went well.
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// How much is logged: error, warn, info, debug or trace.
    #[arg(long, value_name = "LEVEL", default_value = "debug")]
    log_level: Level,
}

#[derive(Clone, Debug, Args)]
struct Serve {
    /// The port on 127.0.0.1; 0 takes a free one.
    #[arg(long, value_name = "P", default_value_t = 8787)]
    port: u16,
    /// Keeps state in this folder, to go on from there the next time; else it is gone at the end.
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
    /// The HR system.
    #[arg(long, value_name = "P", default_value = "factorial", value_parser = kinds())]
    provider: Kind,
    /// How many people of the emulated HR system ought to join.
    #[arg(long, value_name = "N", default_value_t = 250, value_parser = clap::value_parser!(u32).range(10..=10_000))]
    employees: u32,
    /// The same number invents the same people.
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// How many requests of one API key are answered within ten seconds.
    #[arg(long, value_name = "N", default_value_t = 5_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    requests_per_key: u32,
    /// How many requests without an API key are answered within ten seconds.
    #[arg(long, value_name = "N", default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    requests_per_address: u32,
    /// Writes addresses and keys into this file, as JSON, once everything answers.
    #[arg(long, value_name = "FILE")]
    ready_file: Option<PathBuf>,
    /// Keeps the log (JSON lines) in this file instead of writing it to standard error.
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// How much is logged: error, warn, info, debug or trace.
    #[arg(long, value_name = "LEVEL", default_value = "warn")]
    log_level: Level,
}

#[derive(Clone, Debug, Args)]
struct Hr {
    /// The HR system.
    #[arg(long, value_name = "P", default_value = "factorial", value_parser = kinds())]
    provider: Kind,
    /// The HR system, without `--provider`.
    #[arg(value_name = "PROVIDER", conflicts_with = "provider", value_parser = kinds())]
    named: Option<Kind>,
    /// The port on 127.0.0.1; 0 takes a free one.
    #[arg(long, value_name = "P", default_value_t = 0)]
    port: u16,
    /// How many people ought to join.
    #[arg(long, value_name = "N", default_value_t = 250)]
    employees: u32,
    /// How many companies of as many people, each with a key of its own.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100))]
    companies: u32,
    /// The same number invents the same people.
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Faults from the start, such as `status:status=503,page=2` or `vanish:share=0.3`.
    #[arg(long = "break", value_name = "MODE", num_args = 1.., value_parser = Break::parse)]
    breaks: Vec<Break>,
}

#[derive(Clone, Debug, Args)]
struct Scim {
    /// The port on 127.0.0.1; 0 takes a free one.
    #[arg(long, value_name = "P", default_value_t = 0)]
    port: u16,
    /// Habits of real servers, such as `pages=by_cursor`, `page_cap=7`, `html_errors`, or all those of one as `set=canaille`.
    #[arg(long = "habit", value_name = "NAME=VALUE", num_args = 1.., value_parser = Habits::parse)]
    habits: Vec<(String, serde_json::Value)>,
}

/// Returns what reads the word of an HR system, and lists all of them.
fn kinds() -> impl TypedValueParser<Value = Kind> {
    let words = Kind::ALL.iter().map(|kind| kind.as_str());
    PossibleValuesParser::new(words).try_map(|word| Kind::parse(&word).ok_or("no HR system has this name"))
}

/// Carries a command out. Returns whether all that was to be proven was proven.
///
/// # Errors
/// [`Error`] where it broke off.
pub async fn execute(command: Command) -> Result<bool, Error> {
    match command.action.unwrap_or(Action::Demo(command.demo)) {
        Action::Demo(demo) => show(demo).await,
        Action::Serve(options) => serve(options).await,
        Action::Emulate { target: None, hr } => emulate_hr(hr).await,
        Action::Emulate {
            target: Some(Emulated::Scim(options)),
            ..
        } => emulate_scim(options).await,
    }
}

async fn show(demo: Demo) -> Result<bool, Error> {
    let keeps = demo.log.is_some();
    let log = match demo.log {
        Some(path) => path,
        None => std::env::temp_dir().join(format!("{}.log", RandomIds::new()?.next("rollcall-demo"))),
    };
    telemetry::start(demo.log_level, telemetry::Output::File(&log))?;
    let options = demo::Options {
        provider: demo.provider,
        target: demo.target,
        preset: demo.preset,
        employees: demo.employees,
        seed: demo.seed,
        json: demo.json,
        terminal: io::stdout().is_terminal(),
        log: Some(log.clone()),
    };
    let report = demo::run(&options, &mut io::stdout()).await;
    let is_proven = report.as_ref().is_ok_and(demo::Report::is_proven);
    if is_proven && !keeps {
        // A log that cannot be removed does no harm.
        let _: io::Result<()> = std::fs::remove_file(&log);
    } else if !is_proven {
        say_on_error(&format!("The log is in {}", log.display()));
    }
    if let Ok(report) = &report {
        for proof in report.proofs.iter().filter(|proof| proof.failure.is_some()) {
            let found = proof.failure.as_deref().unwrap_or_default();
            say_on_error(&format!("Not proven: {}: {found}", proof.claim));
        }
    }
    report.map(|_| is_proven)
}

async fn serve(options: Serve) -> Result<bool, Error> {
    let output = options
        .log
        .as_deref()
        .map_or(telemetry::Output::StandardError, telemetry::Output::File);
    telemetry::start(options.log_level, output)?;
    let options = serve::Options {
        port: options.port,
        state: options.state,
        provider: options.provider,
        employees: options.employees,
        seed: options.seed,
        allowance: Allowance {
            per_key: Some(options.requests_per_key),
            per_address: Some(options.requests_per_address),
        },
        ready_file: options.ready_file,
    };
    let announce = |ready: &serve::Ready| say(ready.introduction());
    serve::serve(&options, interrupted(), announce).await?;
    Ok(true)
}

/// Returns what ends when the process is told to end. From this call on a signal to end is waited for, and kills no more.
fn interrupted() -> impl Future<Output = ()> {
    #[cfg(unix)]
    let signals = {
        use tokio::signal::unix::{SignalKind, signal};
        [SignalKind::interrupt(), SignalKind::terminate()].map(signal)
    };
    async move {
        #[cfg(unix)]
        if let [Ok(mut interrupted), Ok(mut terminated)] = signals {
            tokio::select! {
                _ = interrupted.recv() => {}
                _ = terminated.recv() => {}
            }
            return;
        }
        // Without signals there is nothing to wait for except the end of the process.
        let _: io::Result<()> = tokio::signal::ctrl_c().await;
    }
}

/// Says something on standard output, at once.
fn say(text: &str) -> Result<(), Error> {
    let written = io::stdout()
        .write_all(text.as_bytes())
        .and_then(|()| io::stdout().flush());
    written.map_err(|source| Error::Io {
        what: "the terminal",
        source,
    })
}

async fn emulate_hr(options: Hr) -> Result<bool, Error> {
    let kind = options.named.unwrap_or(options.provider);
    let options = emulator::Options {
        port: options.port,
        employees: options.employees,
        companies: options.companies,
        seed: options.seed,
        breaks: options.breaks,
        requests_per_minute: None,
        ..emulator::Options::default()
    };
    let emulator = Emulator::start(kind, options).await?;
    introduce(&emulator.running().introduction()).await?;
    emulator.stop().await;
    Ok(true)
}

async fn emulate_scim(options: Scim) -> Result<bool, Error> {
    let running = scim::start(scim::Options {
        port: options.port,
        habits: Habits::from_members(options.habits.into_iter().collect())?,
    })
    .await?;
    introduce(&running.introduction()).await?;
    running.stop().await;
    Ok(true)
}

/// Says what an emulator has to say, and waits until a person interrupts it.
async fn introduce(introduction: &str) -> Result<(), Error> {
    let end = interrupted();
    say(&format!(
        "{introduction}\nIt answers until it is interrupted (Ctrl-C).\n"
    ))?;
    end.await;
    Ok(())
}

/// Says why a command broke off, with every cause.
pub fn complain(error: &Error) {
    let mut text = format!("error: {error}");
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str("\n  because: ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    say_on_error(&text);
}

fn say_on_error(text: &str) {
    // Where standard error is closed, the text cannot be shown anywhere.
    let _: io::Result<()> = writeln!(io::stderr(), "{text}");
}
