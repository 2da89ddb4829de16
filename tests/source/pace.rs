//! Requests wait side by side, inside the pace of their host.

use std::time::{Duration, Instant};

use rollcall::http::{Method, Pace};
use serde_json::{Value, json};

use crate::support::{Hr, Read};

/// Returns what a read at a pace comes to, and how many requests were under way at once at most, at an HR system that takes `ms` for
/// every answer.
async fn read_at(pace: Pace, ms: u64) -> (u64, Read) {
    let hr = Hr::start_at(150, pace).await;
    hr.arm(json!({"mode": "slow", "ms": ms})).await;
    let read = hr.read().await;
    assert!(read.error.is_none(), "{:?}", read.error);
    let seen = hr.control(Method::Get, "/_emulator/requests", &Value::Null).await;
    let under_way = seen["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|seen| seen["under_way"].as_u64().unwrap());
    (under_way.max().unwrap(), read)
}

#[expect(clippy::disallowed_methods, reason = "the time that passes is what is tested")]
fn stopwatch() -> Instant {
    Instant::now()
}

const ONE_BY_ONE: Pace = Pace {
    per_second: 10_000,
    burst: 10_000,
    in_flight: 1,
};

#[tokio::test]
async fn answers_are_waited_for_side_by_side_and_one_by_one_where_the_pace_says_so() {
    let (serial_at_once, serial) = read_at(ONE_BY_ONE, 1).await;
    let side_by_side = Pace {
        in_flight: 6,
        ..ONE_BY_ONE
    };
    // Long enough for the other requests of a step to come while the first waits, also on a busy machine.
    let (at_once, parallel) = read_at(side_by_side, 400).await;
    assert_eq!((parallel.roster, parallel.calls), (serial.roster, serial.calls));
    assert_eq!(serial_at_once, 1);
    assert!((2..=6).contains(&at_once), "{at_once} requests at once");
}

/// However slow the machine is: what the pace holds back takes this long at least.
#[tokio::test]
async fn a_read_starts_no_more_requests_in_a_second_than_the_pace_allows() {
    let steady = Pace {
        per_second: 40,
        burst: 5,
        in_flight: 6,
    };
    let began = stopwatch();
    let (_, read) = read_at(steady, 0).await;
    let took = began.elapsed();
    let behind_the_burst = u32::try_from(read.calls).unwrap() - steady.burst;
    assert!(behind_the_burst > 5);
    let least = Duration::from_secs(1) / steady.per_second * behind_the_burst;
    assert!(took >= least, "{} calls in {took:?}", read.calls);
}
