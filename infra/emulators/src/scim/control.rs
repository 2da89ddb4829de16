//! The service's own controls under `/_emulator/`: the users it keeps, the requests it was sent, its habits. They need
//! no credential, because only this machine reaches them.

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::Response,
    routing::get,
};
use serde_json::json;

use super::{Habits, Shared};
use crate::{
    kit::control::{members, unprocessable},
    server::{lock, reply::Reply},
};

/// Returns the routes of the controls.
pub(super) fn routes(service: Shared) -> Router {
    Router::new()
        .route("/_emulator/users", get(list_users))
        .route("/_emulator/requests", get(list_requests).delete(clear_requests))
        .route("/_emulator/habits", get(show_habits).put(change_habits))
        .with_state(service)
}

async fn list_users(State(service): State<Shared>) -> Response<Body> {
    let users = lock(&service).shown_users();
    Reply::of(200, &json!({ "data": users })).into_response()
}

async fn list_requests(State(service): State<Shared>) -> Response<Body> {
    let asked = lock(&service).asked.clone();
    Reply::of(200, &json!({ "data": asked })).into_response()
}

async fn clear_requests(State(service): State<Shared>) -> Response<Body> {
    lock(&service).asked.clear();
    Reply::empty(204).into_response()
}

async fn show_habits(State(service): State<Shared>) -> Response<Body> {
    let habits = lock(&service).habits.clone();
    Reply::of(200, &habits).into_response()
}

/// Takes the given switches; those that are not given are off.
async fn change_habits(State(service): State<Shared>, body: Bytes) -> Response<Body> {
    let wanted = members(&body).and_then(|members| {
        let habits = Habits::from_members(members);
        habits.map_err(|error| unprocessable(error.member(), error.to_string()))
    });
    match wanted {
        Ok(habits) => {
            lock(&service).habits = habits;
            Reply::empty(204)
        }
        Err(refused) => refused,
    }
    .into_response()
}
