//! Requests wait side by side, inside the pace of their host.

use std::time::{Duration, Instant};

use rollcall::http::Pace;
use serde_json::json;

use crate::support::{Hr, Read};

/// Returns how long a read takes at a pace, from an HR system that takes `ms` for every answer.
async fn time_read(pace: Pace, ms: u64) -> (Duration, Read) {
    let hr = Hr::start_at(150, pace).await;
    hr.arm(json!({"mode": "slow", "ms": ms})).await;
    let began = stopwatch();
    let read = hr.read().await;
    assert!(read.error.is_none(), "{:?}", read.error);
    (began.elapsed(), read)
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
    let (slow, serial) = time_read(ONE_BY_ONE, 50).await;
    let (quick, parallel) = time_read(
        Pace {
            in_flight: 6,
            ..ONE_BY_ONE
        },
        50,
    )
    .await;
    assert_eq!((parallel.roster, parallel.calls), (serial.roster, serial.calls));
    let calls = u32::try_from(serial.calls).unwrap();
    assert!(slow >= Duration::from_millis(50) * calls, "{calls} calls in {slow:?}");
    assert!(quick < slow * 2 / 3, "{quick:?} beside {slow:?}");
}

#[tokio::test]
async fn a_read_starts_no_more_requests_in_a_second_than_the_pace_allows() {
    let steady = Pace {
        per_second: 40,
        burst: 5,
        in_flight: 6,
    };
    let (took, read) = time_read(steady, 0).await;
    let behind_the_burst = u32::try_from(read.calls).unwrap() - steady.burst;
    assert!(behind_the_burst > 5);
    let least = Duration::from_secs(1) / steady.per_second * behind_the_burst;
    assert!(took >= least, "{} calls in {took:?}", read.calls);
}
