//! What an answer says of the allowance: `Retry-After`, and the headers that tell how many requests are left.
//!
//! * `RateLimit-Remaining` and `RateLimit-Reset` (draft-ietf-httpapi-ratelimit-headers, versions 0 to 6): a number, and seconds.
//! * `RateLimit: limit=100, remaining=50, reset=5` (version 7), `RateLimit: "default";r=50;t=30` (from version 8 on).
//! * `X-RateLimit-Remaining` and `X-RateLimit-Reset`: nobody's standard, and the most usual. A reset is in seconds, or an instant in
//!   seconds of the epoch. With `-Second` behind, the number is that of the present second.
//!
//! Servers that say this in another form say nothing.

use std::time::Duration;

use jiff::Timestamp;

use super::{
    Response,
    retry::{asked_wait, clock_of},
};
use crate::allowance::Said;

/// From here on a reset is an instant, in seconds of the epoch: no wait has thirty years.
const INSTANTS: u64 = 1_000_000_000;

/// The header with the number of the present second.
const EVERY_SECOND: &str = "x-ratelimit-remaining-second";

/// What an answer says of the allowance.
pub(super) fn said(response: &Response, now: fn() -> Timestamp) -> Said {
    let wait = (response.status() == 429).then(|| told_wait(response, now)).flatten();
    let number = |name| response.header(name).and_then(leading);
    let (listed, _) = listed(response);
    let every_second = number(EVERY_SECOND);
    let remaining = listed
        .or_else(|| number("ratelimit-remaining"))
        .or_else(|| number("x-ratelimit-remaining"));
    let reset = reset(response, now);
    let (remaining, reset) = match (remaining, every_second) {
        (None, Some(left)) => (Some(left), next_second(response)),
        (remaining, _) => (remaining, reset),
    };
    Said {
        wait,
        remaining: remaining.map(|left| u32::try_from(left).unwrap_or(u32::MAX)),
        reset,
    }
}

/// Returns how long a server asks to wait: as `Retry-After` says, or where a 429 has none, until there is more of the allowance.
pub(super) fn told_wait(response: &Response, now: fn() -> Timestamp) -> Option<Duration> {
    let until_reset = || {
        let reset = reset(response, now).or_else(|| next_second(response));
        reset.filter(|wait| response.status() == 429 && !wait.is_zero())
    };
    asked_wait(response, now).or_else(until_reset)
}

/// In how long the present second is over, where an answer says how many requests are left of it.
fn next_second(response: &Response) -> Option<Duration> {
    let is_counted = response.header(EVERY_SECOND).is_some();
    is_counted.then_some(Duration::from_secs(1))
}

/// What the one header says of the scarcest limit.
fn listed(response: &Response) -> (Option<u64>, Option<u64>) {
    response.header("ratelimit").map_or((None, None), scarcest)
}

/// In how long there is more.
fn reset(response: &Response, now: fn() -> Timestamp) -> Option<Duration> {
    let number = |name| response.header(name).and_then(leading);
    let (_, said) = listed(response);
    said.or_else(|| number("ratelimit-reset"))
        .or_else(|| number("x-ratelimit-reset"))
        .map(|reset| from_now(reset, response, now))
}

/// In how long a reset is.
fn from_now(reset: u64, response: &Response, now: fn() -> Timestamp) -> Duration {
    let begun = if reset < INSTANTS {
        0
    } else {
        u64::try_from(clock_of(response, now).as_second()).unwrap_or_default()
    };
    Duration::from_secs(reset.saturating_sub(begun))
}

/// The number at the beginning of a text: behind it, policies and comments may stand.
fn leading(text: &str) -> Option<u64> {
    let text = text.trim();
    let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let is_number = text.get(end..).is_some_and(|rest| !rest.starts_with('.'));
    text.get(..end).filter(|_| is_number)?.parse().ok()
}

/// How much is left of the scarcest of several limits, and in how long there is more of it. Where limits have parameters, commas
/// stand between limits; else between the members of one.
fn scarcest(text: &str) -> (Option<u64>, Option<u64>) {
    let between = if text.contains(';') { ',' } else { '\n' };
    let limits = text.split(between).map(|limit| {
        let member = |names: [&str; 2]| {
            let pairs = limit.split([',', ';']).filter_map(|part| part.split_once('='));
            let mut named = pairs.filter(|(name, _)| names.contains(&name.trim()));
            named.find_map(|(_, value)| leading(value))
        };
        (member(["r", "remaining"]), member(["t", "reset"]))
    });
    limits.filter(|(left, _)| left.is_some()).min().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::HeaderMap;

    use super::*;

    fn heard(status: u16, headers: &[(&'static str, &str)]) -> (Option<u64>, Option<u32>, Option<u64>) {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        let response = Response {
            status,
            headers: map,
            body: Bytes::new(),
        };
        let said = said(&response, || "2026-11-30T04:00:00Z".parse().unwrap());
        let seconds = |duration: Option<Duration>| duration.map(|duration| duration.as_secs());
        (seconds(said.wait), said.remaining, seconds(said.reset))
    }

    #[test]
    fn each_form_of_header_says_what_is_left_and_until_when() {
        for headers in [
            [("ratelimit-remaining", "7"), ("ratelimit-reset", "30")].as_slice(),
            &[("x-ratelimit-remaining", " 7 "), ("x-ratelimit-reset", "30")],
            &[("x-ratelimit-remaining", "7"), ("x-ratelimit-reset", "1796011230")],
            &[("ratelimit", "limit=100, remaining=7, reset=30")],
            &[("ratelimit", "\"default\";r=7;t=30")],
            &[
                ("ratelimit", "\"burst\";r=50;t=1, \"day\";r=7;t=30"),
                ("ratelimit-remaining", "900"),
            ],
        ] {
            assert_eq!(heard(200, headers), (None, Some(7), Some(30)), "{headers:?}");
        }
        assert_eq!(
            heard(200, &[("x-ratelimit-remaining-second", "4")]),
            (None, Some(4), Some(1))
        );
        assert_eq!(heard(200, &[("x-ratelimit-remaining", "99")]), (None, Some(99), None));
    }

    #[test]
    fn a_header_that_cannot_be_read_says_nothing() {
        for text in ["", "many", "-3", "2.5", "99999999999999999999999"] {
            let headers = [
                ("x-ratelimit-remaining", text),
                ("ratelimit-reset", text),
                ("ratelimit", text),
            ];
            assert_eq!(heard(200, &headers), (None, None, None), "{text}");
        }
        assert_eq!(heard(200, &[]), (None, None, None));
    }

    #[test]
    fn r31_too_many_requests_without_a_word_of_when_to_come_back_wait_until_the_reset() {
        let until = |reset| [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", reset)];
        assert_eq!(heard(429, &until("1796011230")), (Some(30), Some(0), Some(30)));
        assert_eq!(heard(429, &until("0")), (None, Some(0), Some(0)));
        assert_eq!(heard(503, &until("30")), (None, Some(0), Some(30)));
        let of_this_second = [("x-ratelimit-remaining-second", "0")];
        assert_eq!(heard(429, &of_this_second), (Some(1), Some(0), Some(1)));
    }

    #[test]
    fn an_instant_that_has_passed_is_now() {
        let headers = [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1796011199")];
        assert_eq!(heard(200, &headers), (None, Some(0), Some(0)));
    }

    #[test]
    fn retry_after_speaks_of_the_allowance_only_where_there_were_too_many_requests() {
        assert_eq!(heard(429, &[("retry-after", "7")]), (Some(7), None, None));
        assert_eq!(heard(503, &[("retry-after", "7")]), (None, None, None));
    }
}
