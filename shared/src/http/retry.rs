//! When a request is sent again, and how long to wait before.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{Response, Retry, jitter::Jitter};

/// Returns whether a status says "not now" rather than "no".
pub(super) const fn is_passing(status: u16) -> bool {
    matches!(status, 408 | 429 | 500 | 502 | 503 | 504)
}

/// Returns how long a server asks to wait: `Retry-After` in seconds or as a date (RFC 9110, section 10.2.3). Some servers write
/// a fraction of a second; the whole second counts then.
///
/// A date is measured from the answer's own `Date` where there is one, so that neither clock needs to be right.
pub(super) fn asked_wait(response: &Response, now: fn() -> Timestamp) -> Option<Duration> {
    let text = response.header("retry-after")?.trim();
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok().map(Duration::from_secs);
    }
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        let seconds = text.parse::<f64>().ok()?.ceil();
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let until = http_date(text)?;
    let wait = until.duration_since(clock_of(response, now)).max(SignedDuration::ZERO);
    Some(wait.unsigned_abs())
}

/// Returns the instant of an answer by the server's own clock where it tells it, so that neither clock needs to be right.
pub(super) fn clock_of(response: &Response, now: fn() -> Timestamp) -> Timestamp {
    response.header("date").and_then(http_date).unwrap_or_else(now)
}

/// Returns the instant in the date form that servers must send (RFC 9110, section 5.6.7).
fn http_date(text: &str) -> Option<Timestamp> {
    let text = text.trim().strip_suffix("GMT")?;
    jiff::fmt::rfc2822::parse(&format!("{text}+0000"))
        .ok()
        .map(|instant| instant.timestamp())
}

/// Returns the wait before try number `next` (2 is the first retry): full jitter below a bound that doubles; or what
/// the server asked for and a little more, so that not all callers come back at the same instant.
pub(super) fn wait_before(next: u32, asked: Option<Duration>, retry: &Retry, jitter: &Jitter) -> Duration {
    asked.map_or_else(
        || {
            let doublings = next.saturating_sub(2).min(20);
            jitter.up_to(retry.base.saturating_mul(1 << doublings).min(retry.most))
        },
        |asked| asked + jitter.up_to(retry.base),
    )
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::HeaderMap;

    use super::*;

    fn asked(headers: &[(&'static str, &str)]) -> Option<Duration> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        let response = Response {
            status: 429,
            headers: map,
            body: Bytes::new(),
        };
        asked_wait(&response, || "1994-11-06T08:49:00Z".parse().unwrap())
    }

    #[test]
    fn a_server_asks_in_seconds_or_with_a_date() {
        let seconds = |count| Some(Duration::from_secs(count));
        assert_eq!(asked(&[("retry-after", "7")]), seconds(7));
        assert_eq!(asked(&[("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT")]), seconds(37));
        assert_eq!(asked(&[("retry-after", "Sun, 06 Nov 1994 08:00:00 GMT")]), seconds(0));
        assert_eq!(asked(&[("retry-after", "2.5")]), seconds(3));
        assert_eq!(asked(&[("retry-after", "0.0")]), seconds(0));
        for nothing in ["soon", "inf", "nan", "1e3", "-2.5", ".", "1.2.3", ""] {
            assert_eq!(asked(&[("retry-after", nothing)]), None, "{nothing}");
        }
        assert_eq!(asked(&[("retry-after", "-3")]), None);
        assert_eq!(asked(&[]), None);
    }

    #[test]
    fn a_date_counts_from_the_servers_own_clock_where_it_tells_it() {
        let headers = [
            ("retry-after", "Mon, 07 Nov 1994 00:00:05 GMT"),
            ("date", "Mon, 07 Nov 1994 00:00:00 GMT"),
        ];
        assert_eq!(asked(&headers), Some(Duration::from_secs(5)));
    }

    #[test]
    fn own_waits_double_up_to_a_bound_and_asked_ones_are_never_cut_short() {
        let (retry, jitter) = (Retry::default(), Jitter::new(1));
        let longest = |next| {
            (0..500)
                .map(|_| wait_before(next, None, &retry, &jitter))
                .max()
                .unwrap()
        };
        assert!(longest(2) <= retry.base);
        assert!(longest(3) > retry.base && longest(3) <= retry.base * 2);
        assert!(longest(60) > retry.most / 2 && longest(60) <= retry.most);
        let asked = Duration::from_secs(3);
        assert!(wait_before(2, Some(asked), &retry, &jitter) >= asked);
    }
}
