//! How long a caller that asked too often is told to wait, in every form in which servers say it.

use std::time::Duration;

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{Emulated, read_under};
use crate::source::Class;

/// Reads while one request is refused with a 429 that tells when to come back. The roster is the same, and the request comes
/// again no earlier than after `least`.
async fn assert_waits(hr: &dyn Emulated, told: Value, least: SignedDuration) {
    let fault = json!({"mode": "status", "status": 429, "retry_after": told, "times": 1, "path": hr.people()});
    let (before, read) = read_under(hr, fault).await;
    read.assert_same(&before);
    assert_eq!(read.calls, before.calls + 1);
    let requests = hr.requests().await;
    let refused = requests
        .iter()
        .rposition(|request| request.status == Some(429))
        .unwrap();
    let again = requests[refused + 1..]
        .iter()
        .find(|request| request.path == requests[refused].path);
    let waited = again.unwrap().at.duration_since(requests[refused].at);
    assert!(waited >= least, "{waited} for {told}");
}

/// `Retry-After: 1`.
pub async fn r31_429_with_seconds_is_waited_for(hr: &dyn Emulated) {
    assert_waits(hr, json!(1), SignedDuration::from_secs(1)).await;
}

/// `Retry-After: 0.4`, which RFC 9110 does not know.
pub async fn r31_429_with_a_fraction_is_waited_for(hr: &dyn Emulated) {
    assert_waits(hr, json!(0.4), SignedDuration::from_millis(400)).await;
}

/// `Retry-After` with the second after the next.
pub async fn r31_429_with_a_date_is_waited_for(hr: &dyn Emulated) {
    assert_waits(hr, json!("date"), SignedDuration::from_secs(1)).await;
}

/// No word of when to come back.
pub async fn r31_429_with_nothing_is_asked_again(hr: &dyn Emulated) {
    assert_waits(hr, json!(null), SignedDuration::ZERO).await;
}

/// What the vendor answers to a caller whose allowance is used up for a second.
pub async fn r31_429_in_the_vendors_own_words_is_waited_for(hr: &dyn Emulated) {
    assert_waits(hr, json!("own"), SignedDuration::from_secs(1)).await;
}

/// `Retry-After: 1200`: the read breaks off, and says in how long requests are taken again.
pub async fn r31_429_with_twenty_minutes_is_left_to_the_caller(hr: &dyn Emulated) {
    let fault = json!({"mode": "status", "status": 429, "retry_after": 1_200, "path": hr.people()});
    let (_, read) = read_under(hr, fault).await;
    assert_eq!(read.class(), Some(Class::Temporary));
    let wait = read.error.and_then(|error| error.wait);
    assert_eq!(wait, Some(Duration::from_mins(20)));
}
