//! The controls under `/_emulator/`: the truth about people, changing it, letting days pass, faults, and the requests
//! seen.
//!
//! They are the same for every HR system and need no credential: an emulator listens on this machine only. Where there
//! are several companies, `?company=<id>` chooses one; else it is the first.

mod people;

use super::fault::Break;
use super::stage::{Seen, Stage};
use crate::Error;
use crate::server::reply::Reply;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery, State};
use axum::http::Response;
use axum::routing::{get, post, put};
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::VecDeque;
use std::sync::Arc;

/// Returns the routes of the controls.
pub(crate) fn routes(stage: Arc<Stage>) -> Router {
    Router::new()
        .route("/_emulator/people", get(list_people).post(create_person))
        .route("/_emulator/people/{id}", put(change_person))
        .route("/_emulator/people/{id}/rehire", post(rehire))
        .route("/_emulator/records", get(list_records))
        .route("/_emulator/day", post(pass_day))
        .route("/_emulator/requests", get(list_requests).delete(clear_requests))
        .route("/_emulator/break", post(arm_break).delete(clear_breaks))
        .with_state(stage)
}

#[derive(Serialize)]
struct Problem {
    title: &'static str,
    status: u16,
    errors: Vec<Fault>,
}

#[derive(Serialize)]
struct Fault {
    pointer: String,
    detail: String,
}

/// Returns a 422 that names the member.
pub(crate) fn unprocessable(member: &str, detail: impl Into<String>) -> Reply {
    let fault = Fault {
        pointer: format!("/{member}"),
        detail: detail.into(),
    };
    Reply::of(
        422,
        &Problem {
            title: "The request cannot be carried out",
            status: 422,
            errors: vec![fault],
        },
    )
}

/// Returns the members of a JSON object; an empty body has none.
pub(crate) fn members(body: &Bytes) -> Result<Map<String, Value>, Reply> {
    if body.trim_ascii().is_empty() {
        return Ok(Map::new());
    }
    serde_json::from_slice(body).map_err(|_| unprocessable("", "expected a JSON object"))
}

fn company_asked(query: Option<String>) -> Option<u64> {
    let query = query?;
    url::form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "company")
        .map(|(_, value)| value.parse().unwrap_or(0))
}

async fn list_people(State(stage): State<Arc<Stage>>, RawQuery(query): RawQuery) -> Response<Body> {
    people::list(&stage, company_asked(query)).into_response()
}

async fn create_person(State(stage): State<Arc<Stage>>, RawQuery(query): RawQuery, body: Bytes) -> Response<Body> {
    let made = members(&body).and_then(|members| people::create(&stage, company_asked(query), &members));
    made.unwrap_or_else(|refused| refused).into_response()
}

async fn change_person(
    State(stage): State<Arc<Stage>>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Response<Body> {
    let changed = members(&body).and_then(|members| people::change(&stage, company_asked(query), &id, &members));
    changed.unwrap_or_else(|refused| refused).into_response()
}

async fn rehire(
    State(stage): State<Arc<Stage>>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Response<Body> {
    let rehired = members(&body).and_then(|members| people::rehire(&stage, company_asked(query), &id, &members));
    rehired.unwrap_or_else(|refused| refused).into_response()
}

async fn list_records(State(stage): State<Arc<Stage>>, RawQuery(query): RawQuery) -> Response<Body> {
    people::list_records(&stage, company_asked(query)).into_response()
}

async fn pass_day(State(stage): State<Arc<Stage>>, RawQuery(query): RawQuery, body: Bytes) -> Response<Body> {
    let passed = members(&body).and_then(|members| people::pass_day(&stage, company_asked(query), &members));
    passed.unwrap_or_else(|refused| refused).into_response()
}

async fn list_requests(State(stage): State<Arc<Stage>>) -> Response<Body> {
    #[derive(Serialize)]
    struct Requests<'a> {
        data: &'a VecDeque<Seen>,
    }
    let reply = Reply::of(
        200,
        &Requests {
            data: stage.requests().entries(),
        },
    );
    reply.into_response()
}

async fn clear_requests(State(stage): State<Arc<Stage>>) -> Response<Body> {
    stage.requests().clear();
    Reply::empty(204).into_response()
}

async fn arm_break(State(stage): State<Arc<Stage>>, body: Bytes) -> Response<Body> {
    let named = |error: Error| unprocessable(error.member(), error.to_string());
    let armed = members(&body)
        .and_then(|members| Break::from_json(members).map_err(named))
        .and_then(|wanted| stage.arm(wanted).map_err(named));
    match armed {
        Ok(()) => Reply::empty(204),
        Err(refused) => refused,
    }
    .into_response()
}

async fn clear_breaks(State(stage): State<Arc<Stage>>) -> Response<Body> {
    stage.breaks().clear();
    Reply::empty(204).into_response()
}
