//! Every request to an HR system passes here: faults strike, the work is done, the request is noted.

use super::link::Link;
use super::reply::Reply;
use crate::clock;
use crate::fault::RetryAfter;
use crate::fault::armed::{Call, Faults, Sign};
use crate::stage::{Seen, Stage};
use axum::body::Body;
use axum::http::Response;
use axum::http::header::RETRY_AFTER;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// Answers a request: `work` makes the true answer, given the faults that show inside it.
pub(crate) async fn pass(
    stage: &Stage,
    link: &Link,
    method: &str,
    query: Option<&str>,
    call: Call<'_>,
    work: impl FnOnce(&Faults) -> Reply,
) -> Response<Body> {
    let faults = stage.breaks().strike(call);
    if faults.slow_ms > 0 {
        tokio::time::sleep(Duration::from_millis(faults.slow_ms)).await;
    }
    let reply = match faults.status {
        Some((status, retry_after)) => refuse(status, retry_after),
        None if faults.shows(Sign::Html) => Reply::html(
            200,
            "<!doctype html><title>One moment</title><h1>We will be back shortly</h1>".to_owned(),
        ),
        None => {
            let mut reply = work(&faults);
            if faults.shows(Sign::Truncate) {
                reply.body.truncate(reply.body.len() / 2);
            }
            reply
        }
    };
    if faults.shows(Sign::LostReply) {
        link.cut();
    }
    stage.requests().note(Seen {
        method: method.to_owned(),
        path: call.path.to_owned(),
        query: query.map(str::to_owned),
        status: (!faults.shows(Sign::LostReply)).then_some(reply.status),
        at: clock::real_now(),
        fault: faults.name,
    });
    reply.into_response()
}

fn refuse(status: u16, retry_after: Option<RetryAfter>) -> Reply {
    let reply = Reply::json(status, br#"{"errors":["the emulator was told to fail"]}"#.to_vec());
    match retry_after {
        None => reply,
        Some(RetryAfter::Seconds(seconds)) => reply.with(RETRY_AFTER, seconds.to_string()),
        Some(RetryAfter::Date) => {
            let then = clock::real_now()
                .saturating_add(SignedDuration::from_secs(2))
                .unwrap_or(Timestamp::UNIX_EPOCH);
            reply.with(
                RETRY_AFTER,
                then.to_zoned(TimeZone::UTC)
                    .strftime("%a, %d %b %Y %H:%M:%S GMT")
                    .to_string(),
            )
        }
    }
}
