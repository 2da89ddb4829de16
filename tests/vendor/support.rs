//! An emulated BambooHR, and the programs of others.

use std::{path::Path, process::Command};

use emulators::{Kind, Options, Running};
use jiff::Timestamp;

/// The day on which the company is invented.
const TODAY: &str = "2026-03-02";

/// Returns an instant that falls on that day.
pub(crate) fn now() -> Timestamp {
    format!("{TODAY}T10:00:00Z").parse().unwrap()
}

/// Returns an emulated BambooHR.
pub(crate) async fn bamboohr(employees: u32) -> Running {
    let options = Options {
        employees,
        today: Some(TODAY.parse().unwrap()),
        ..Options::default()
    };
    emulators::start(Kind::BambooHr, options).await.unwrap()
}

/// Returns a client that sends what it is told, and nothing more.
#[expect(
    clippy::disallowed_methods,
    reason = "what passes is neither paced nor tried again, and nothing of it may be changed"
)]
pub(crate) fn bare_client() -> reqwest::Client {
    // Another test of this process may have set a crypto provider already.
    let _: Result<(), _> = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}

/// Runs a script of this folder, and returns what it printed.
pub(crate) async fn run(script: &str, arguments: &[&str]) -> String {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut command = Command::new(tests.join(".tools/vendor/bin/python"));
    command.arg(tests.join("vendor").join(script)).args(arguments);
    let ran = tokio::task::spawn_blocking(move || command.output()).await.unwrap();
    let output = ran.expect("the programs of others are installed in tests/.tools/vendor: tests/run does it");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{script}: {said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    said
}
