//! Emulated HR systems, and the programs of others.

use std::{collections::BTreeMap, path::Path, process::Command};

use emulators::{Kind, Options, Running};
use jiff::Timestamp;
use serde_json::Value;

/// The day on which the company is invented.
const TODAY: &str = "2026-03-02";

/// Returns an instant that falls on that day.
pub(crate) fn now() -> Timestamp {
    format!("{TODAY}T10:00:00Z").parse().unwrap()
}

/// Returns an emulated HR system.
pub(crate) async fn emulated(kind: Kind, employees: u32) -> Running {
    let options = Options {
        employees,
        today: Some(TODAY.parse().unwrap()),
        ..Options::default()
    };
    emulators::start(kind, options).await.unwrap()
}

/// Returns all people as they really are, by id.
pub(crate) async fn truth(url: &str) -> BTreeMap<String, Value> {
    let answer = bare_client().get(format!("{url}/_emulator/people")).send().await;
    let text = answer.unwrap().text().await.unwrap();
    let people: Value = serde_json::from_str(&text).unwrap();
    let people = people["data"].as_array().unwrap().clone();
    let by_id = people
        .into_iter()
        .map(|person| (text_of(&person["employee_id"]), person));
    by_id.collect()
}

/// Returns a value as the client has it: nothing is an empty text.
pub(crate) fn text_of(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(_) | Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    }
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
