//! Every request to an HR system passes here: faults strike, the work is done, the request is noted.

use super::asked::Asked;
use super::fault::RetryAfter;
use super::fault::armed::{Call, Faults, Sign};
use super::oauth;
use super::refusal::Refusal;
use super::stage::Seen;
use super::system::System;
use super::veil::break_texts;
use crate::clock;
use crate::server::link::Link;
use crate::server::reply::Reply;
use axum::body::Body;
use axum::http::Response;
use axum::http::header::RETRY_AFTER;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::sync::atomic::Ordering;
use std::time::Duration;

/// Answers a request: `work` makes the true answer, given the faults that show inside it.
pub(super) async fn pass(
    system: &System,
    link: &Link,
    asked: &Asked<'_>,
    call: Call<'_>,
    work: impl FnOnce(&Faults) -> Reply,
) -> Response<Body> {
    let under_way = system.stage.count_in();
    let faults = system.stage.breaks().strike(call);
    if faults.slow_ms > 0 {
        tokio::time::sleep(Duration::from_millis(faults.slow_ms)).await;
    }
    let reply = match faults.status {
        Some((status, retry_after)) => refuse(system, asked, status, retry_after),
        None if faults.shows(Sign::Html) => Reply::html(
            200,
            "<!doctype html><title>One moment</title><h1>We will be back shortly</h1>".to_owned(),
        ),
        None if faults.shows(Sign::Xml) => {
            Reply::xml(200, "<?xml version=\"1.0\"?>\n<error>We will be back shortly</error>")
        }
        None if faults.shows(Sign::NoBody) => Reply::empty(200),
        None if faults.shows(Sign::ErrorInside) => Reply {
            status: 200,
            ..system.dialect.refuse(&Refusal::Told(503), asked)
        },
        None => {
            let mut reply = work(&faults);
            if faults.breaks_texts() {
                reply.body = break_texts(&reply.body);
            }
            if faults.shows(Sign::Truncate) {
                reply.body.truncate(reply.body.len() / 2);
            }
            reply
        }
    };
    if faults.shows(Sign::LostReply) {
        link.cut();
    }
    let may_hold_secret = oauth::has(system.dialect.manners(), asked.path);
    system.stage.requests().note(Seen {
        method: asked.method.as_str().to_owned(),
        path: call.path.to_owned(),
        query: asked.raw_query.filter(|_| !may_hold_secret).map(str::to_owned),
        status: (!faults.shows(Sign::LostReply)).then_some(reply.status),
        at: clock::real_now(),
        fault: faults.name,
        odd_values: faults.twisted.load(Ordering::Relaxed),
        under_way: under_way.number,
    });
    reply.into_response()
}

fn refuse(system: &System, asked: &Asked, status: u16, retry_after: Option<RetryAfter>) -> Reply {
    let reply = system.dialect.refuse(&Refusal::Told(status), asked);
    match retry_after {
        None => reply,
        Some(RetryAfter::Seconds(seconds)) => reply.with(RETRY_AFTER, seconds.to_string()),
        Some(RetryAfter::Milliseconds(milliseconds)) => {
            let seconds = Duration::from_millis(milliseconds.into()).as_secs_f64();
            reply.with(RETRY_AFTER, seconds.to_string())
        }
        Some(RetryAfter::Own) => Reply {
            status,
            ..system.dialect.refuse(&Refusal::TooMany(1), asked)
        },
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
