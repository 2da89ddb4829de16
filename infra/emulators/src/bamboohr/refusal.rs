//! Errors: older endpoints say why in a header and send no body, newer ones send a problem.

use crate::kit::refusal::Refusal;
use crate::server::reply::Reply;
use axum::http::HeaderName;
use serde_json::{Value, json};

/// The header in which an error's text stands; bodies are empty.
pub(super) const ERROR: HeaderName = HeaderName::from_static("x-bamboohr-error-message");

fn refuse(status: u16, message: &'static str) -> Refusal {
    Refusal::own(Reply::empty(status).with(ERROR, message))
}

/// 400 with a text.
pub(super) fn bad_request(message: &'static str) -> Refusal {
    refuse(400, message)
}

/// 403 with a text.
pub(super) fn forbidden(message: &'static str) -> Refusal {
    refuse(403, message)
}

/// 404 with a text.
pub(super) fn not_found(message: &'static str) -> Refusal {
    refuse(404, message)
}

/// An error of the newer endpoints (RFC 9457).
pub(super) fn problem(status: u16, title: &str, detail: &str) -> Value {
    json!({"type": "about:blank", "title": title, "status": status, "detail": detail})
}
