//! Logging in: the page where an administrator says yes or no, and the exchange of codes, refresh tokens, a client's own
//! credentials or a password for access tokens.

mod authorize;
mod challenge;
mod exchange;
mod header;
mod manners;
mod page;

pub(crate) use challenge::Challenge;
pub(crate) use manners::{GrantType, Manners, Refreshing, Rotation};

use super::Asked;
use super::system::System;
use crate::server::reply::Reply;
use axum::http::Method;

/// Answers a request to log in: the page, what a person chose on it, or a token request. None for every other path.
pub(super) fn answer(system: &System, asked: &Asked) -> Option<Reply> {
    let manners = system.dialect.manners();
    let is_page = manners.authorize == Some(asked.path);
    match *asked.method {
        Method::GET if is_page => Some(authorize::show(system, asked.raw_query.unwrap_or_default())),
        Method::POST if is_page => Some(authorize::decide(system, &String::from_utf8_lossy(asked.body))),
        Method::GET if asked.path == manners.token && manners.is_in_headers => Some(header::answer(system, asked)),
        Method::POST if asked.path == manners.token && !manners.is_in_headers => Some(exchange::answer(system, asked)),
        _ => None,
    }
}

/// Whether a path belongs to logging in.
pub(super) fn has(manners: &Manners, path: &str) -> bool {
    manners.authorize == Some(path) || manners.token == path
}
