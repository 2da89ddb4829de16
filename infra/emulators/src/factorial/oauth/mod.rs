//! Logging in: the page where an administrator says yes or no, and the exchange of codes and refresh tokens.

mod authorize;
mod exchange;
mod page;

pub(super) use authorize::caller;

use super::Factorial;
use crate::fault::armed::Call;
use crate::server::gate;
use crate::server::link::Link;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, RawQuery, State};
use axum::http::{HeaderMap, Response};
use std::sync::Arc;

const fn call(path: &str) -> Call<'_> {
    Call {
        path,
        data: false,
        list: false,
        page: None,
    }
}

/// `GET /oauth/authorize`: the page.
pub(super) async fn show(
    State(factorial): State<Arc<Factorial>>,
    ConnectInfo(link): ConnectInfo<Link>,
    RawQuery(query): RawQuery,
) -> Response<Body> {
    let query = query.unwrap_or_default();
    gate::pass(&factorial.stage, &link, "GET", None, call("/oauth/authorize"), |_| {
        authorize::show(&factorial, &query)
    })
    .await
}

/// `POST /oauth/authorize`: the answer of the person at the page.
pub(super) async fn decide(
    State(factorial): State<Arc<Factorial>>,
    ConnectInfo(link): ConnectInfo<Link>,
    body: Bytes,
) -> Response<Body> {
    let form = String::from_utf8_lossy(&body);
    gate::pass(&factorial.stage, &link, "POST", None, call("/oauth/authorize"), |_| {
        authorize::decide(&factorial, &form)
    })
    .await
}

/// `POST /oauth/token`: codes and refresh tokens for access tokens.
pub(super) async fn token(
    State(factorial): State<Arc<Factorial>>,
    ConnectInfo(link): ConnectInfo<Link>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    gate::pass(&factorial.stage, &link, "POST", None, call("/oauth/token"), |_| {
        exchange::answer(&factorial, &headers, &body)
    })
    .await
}
