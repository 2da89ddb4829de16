//! The demo: five days at an emulated HR system, each explained in a line or two and proven on the spot.
//!
//! `script` is the course of the days, `step` what each day has, `place` where the accounts are, `preview` the tables
//! of a plan, `screen` the terminal, `proof` the claims, `scan` the search for people in the log.

mod place;
mod preview;
mod proof;
mod report;
mod scan;
mod screen;
mod script;
mod step;

use std::{io::Write, path::PathBuf};

pub use proof::Proof;
pub use report::{Day, Report};
use rollcall::source::Kind;

use crate::{Error, truth::Carried};

/// A target that can be shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Target {
    /// The directory that is built in.
    #[default]
    Directory,
    /// A SCIM 2.0 server, emulated.
    Scim,
}

/// A configuration that can be shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Preset {
    /// The preset `standard` with more attributes, one of them the company's own.
    #[default]
    Rich,
    /// The preset `users` as it is.
    Users,
}

impl Preset {
    /// Returns the connection's configuration, with plans that a person approves.
    fn configuration(self, provider: Kind) -> String {
        match self {
            Self::Rich => CONFIGURATION.replace(CUSTOM, custom_field(provider)),
            Self::Users => r#"{ "apply": "approve", "fallback_time_zone": "Europe/Madrid" }"#.to_owned(),
        }
    }

    /// Returns the name of the preset from which comes what the configuration leaves out.
    const fn base(self) -> &'static str {
        match self {
            Self::Rich => "standard",
            Self::Users => "users",
        }
    }

    /// Returns what the configuration carries over.
    fn carried(self) -> &'static [Carried] {
        match self {
            Self::Rich => &CARRIED,
            Self::Users => CARRIED.get(..USUAL).unwrap_or(&CARRIED),
        }
    }
}

/// What is shown, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// The HR system.
    pub provider: Kind,
    /// The target.
    pub target: Target,
    /// The configuration.
    pub preset: Preset,
    /// How many people ought to join.
    pub employees: u32,
    /// The same seed invents the same people.
    pub seed: u64,
    /// Whether nothing is written but the report, as one JSON object on one line.
    pub json: bool,
    /// Whether colours and progress bars may be shown.
    pub terminal: bool,
    /// The log file of this process, which is searched for people at the end.
    pub log: Option<PathBuf>,
}

/// What the demo's connection carries over, and where the truth has it. It is stated here once more, so that it is
/// compared and not copied. The manager is compared by person.
pub const CARRIED: [Carried; 13] = [
    carried("email", "work_email"),
    carried("work_email", "work_email"),
    carried("first_name", "first_name"),
    carried("last_name", "last_name"),
    carried("known_as", "known_as"),
    carried("display_name", "display_name"),
    carried("job_title", "job_title"),
    carried("group", "department"),
    carried("mobile_phone", "mobile_phone"),
    carried("start_date", "start_date"),
    carried("team", "team"),
    carried("work_location", "work_location"),
    carried("custom.t_shirt_size", "custom.t_shirt_size"),
];

/// How many of them the preset `users` carries over as it is.
const USUAL: usize = 7;

const fn carried(to: &'static str, from: &'static str) -> Carried {
    Carried { to, from }
}

/// The company's own attribute that is carried over.
const CUSTOM: &str = "custom.t_shirt_size";

/// Returns what it is called in an HR system.
const fn custom_field(provider: Kind) -> &'static str {
    match provider {
        Kind::Factorial
        | Kind::BambooHr
        | Kind::Lucca
        | Kind::Humaans
        | Kind::HiBob
        | Kind::Personio
        | Kind::PayFit
        | Kind::Merge => CUSTOM,
        // By its place.
        Kind::Staffology => "custom.custom_field1",
    }
}

/// The connection's configuration: the preset `standard`, with more attributes, and with plans that a person approves.
pub const CONFIGURATION: &str = r#"{
  "attributes": ["job_title", "manager", "mobile_phone", "start_date", "team", "work_location"],
  "custom_attributes": [{"from": "custom.t_shirt_size", "to": "t_shirt_size"}],
  "apply": "approve",
  "fallback_time_zone": "Europe/Madrid"
}"#;

/// Shows the five days on `out`. The report says what was proven and what was not.
///
/// # Errors
/// [`Error`] where the show broke off.
pub async fn run(options: &Options, out: &mut (dyn Write + Send)) -> Result<Report, Error> {
    let screen = screen::Screen::new(out, !options.json, options.terminal && !options.json);
    let mut demo = script::Demo::open(options, screen).await?;
    let outcome = demo.play().await;
    let closed = demo.close().await;
    outcome?;
    let report = closed?;
    Ok(report)
}
