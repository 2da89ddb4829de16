//! An answer before it becomes HTTP.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER};
use axum::http::{Response, StatusCode};
use serde::Serialize;

/// Status, headers and body.
#[derive(Debug, Default)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(HeaderName, String)>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    /// Returns a JSON body that is already written.
    pub(crate) fn json(status: u16, body: Vec<u8>) -> Self {
        Self {
            status,
            headers: vec![(CONTENT_TYPE, "application/json; charset=utf-8".to_owned())],
            body,
        }
    }

    /// Returns a JSON body from a value; a value that cannot be written is a 500.
    pub(crate) fn of<T: Serialize>(status: u16, value: &T) -> Self {
        match serde_json::to_vec(value) {
            Ok(body) => Self::json(status, body),
            Err(_) => Self::json(500, Vec::new()),
        }
    }

    /// A problem (RFC 9457).
    pub(crate) fn problem<T: Serialize>(status: u16, value: &T) -> Self {
        Self {
            headers: vec![(CONTENT_TYPE, "application/problem+json".to_owned())],
            ..Self::of(status, value)
        }
    }

    /// A web page.
    pub(crate) fn html(status: u16, page: String) -> Self {
        Self {
            status,
            headers: vec![(CONTENT_TYPE, "text/html; charset=utf-8".to_owned())],
            body: page.into_bytes(),
        }
    }

    /// A document in XML.
    pub(crate) fn xml(status: u16, document: &str) -> Self {
        Self {
            status,
            headers: vec![(CONTENT_TYPE, "application/xml; charset=utf-8".to_owned())],
            body: document.as_bytes().to_vec(),
        }
    }

    /// Returns a status without a body.
    pub(crate) fn empty(status: u16) -> Self {
        Self {
            status,
            ..Self::default()
        }
    }

    /// Returns the reply with one more header.
    pub(crate) fn with(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// With the seconds to wait.
    pub(crate) fn retry_after(self, seconds: u64) -> Self {
        self.with(RETRY_AFTER, seconds.to_string())
    }

    /// Returns the reply as an HTTP response.
    pub(crate) fn into_response(self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::try_from(value) {
                response.headers_mut().append(name, value);
            }
        }
        response
    }
}
