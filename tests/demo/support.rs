//! Showing the demo, with a log at the level that writes most.

use std::{
    path::{Path, PathBuf},
    sync::OnceLock,
};

use local::demo::{self, Options, Preset, Report, Target};
use rollcall::{runtime::telemetry, source::Kind};

/// Returns the log of all tests of this process, at the level that writes most.
pub(crate) fn log() -> PathBuf {
    static LOG: OnceLock<PathBuf> = OnceLock::new();
    let start = || {
        let log = Path::new(env!("CARGO_TARGET_TMPDIR")).join("demo.log");
        telemetry::start("trace".parse().unwrap(), telemetry::Output::File(&log)).unwrap();
        log
    };
    LOG.get_or_init(start).clone()
}

/// Shows the demo of Factorial with the directory; every claim of it must hold. Returns the report and the text.
pub(crate) async fn show(employees: u32, json: bool) -> (Report, String) {
    show_with(Kind::Factorial, Target::Directory, employees, json).await
}

/// Shows the demo; every claim of it must hold. Returns the report and the text.
pub(crate) async fn show_with(provider: Kind, target: Target, employees: u32, json: bool) -> (Report, String) {
    show_as(provider, target, Preset::default(), employees, json).await
}

/// Shows the demo with a configuration; every claim of it must hold. Returns the report and the text.
pub(crate) async fn show_as(
    provider: Kind,
    target: Target,
    preset: Preset,
    employees: u32,
    json: bool,
) -> (Report, String) {
    let options = Options {
        provider,
        target,
        preset,
        employees,
        seed: 1,
        json,
        terminal: false,
        log: Some(log()),
    };
    let mut out = Vec::new();
    let report = demo::run(&options, &mut out).await.unwrap();
    let failed: Vec<_> = report.proofs.iter().filter(|proof| proof.failure.is_some()).collect();
    assert!(failed.is_empty(), "{provider}: {failed:#?}, {:#?}", report.days);
    (report, String::from_utf8(out).unwrap())
}
