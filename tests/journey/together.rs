//! Processes that ask one HR system at once share its allowance: together they send no more than it takes.

use std::process::Stdio;

use emulators::{Kind, Options};
use local::embedded::Embedded;
use rollcall::{
    http::{BaseUrl, Client, HostRule, Method, Pace, Request},
    runtime::outbound_settings,
};
use serde_json::Value;
use tokio::process::Command;

/// How many requests the HR system takes within a window, and how many seconds that has.
const LIMIT: (u32, u32) = (20, 2);

/// Returns the status of each request to the HR system's lists.
async fn statuses(url: &str) -> Vec<u64> {
    let client = Client::new(outbound_settings().unwrap()).unwrap();
    let base = BaseUrl::parse(url, HostRule::Any).unwrap();
    let request = Request::new(Method::Get, &base, "/_emulator/requests", "/_emulator/requests");
    let answer = client
        .open_session("log", Pace::default())
        .send(&request)
        .await
        .unwrap();
    let log: Value = serde_json::from_slice(answer.body()).unwrap();
    let seen = log["data"].as_array().unwrap();
    seen.iter().filter_map(|request| request["status"].as_u64()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_read_through_one_allowance_and_neither_is_refused() {
    let (requests, seconds) = LIMIT;
    let options = Options {
        employees: 1_500,
        requests_per_minute: Some(requests),
        window_seconds: Some(seconds),
        ..Options::default()
    };
    let hr = emulators::start(Kind::Lucca, options).await.unwrap();
    let table = Embedded::start(None).await.unwrap();
    let read = |holder: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_reader"));
        let limit = [requests.to_string(), seconds.to_string()];
        command
            .args([table.address(), &hr.url(), hr.api_key(), holder])
            .args(limit);
        command.stdin(Stdio::null()).kill_on_drop(true);
        command.output()
    };
    let (one, two) = tokio::join!(read("one"), read("two"));
    let mut said = Vec::new();
    for output in [one.unwrap(), two.unwrap()] {
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{error}");
        said.push(String::from_utf8(output.stdout).unwrap());
    }
    assert_eq!(said[0], said[1]);
    assert!(said[0].ends_with("all: true\n"), "{}", said[0]);
    let statuses = statuses(&hr.url()).await;
    assert!(statuses.len() > 2 * LIMIT.0 as usize, "{} requests", statuses.len());
    let refused = statuses.iter().filter(|status| **status == 429).count();
    assert_eq!(refused, 0, "of {}", statuses.len());
    hr.stop().await;
}
