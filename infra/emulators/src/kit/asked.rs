//! One request, as a dialect reads it.

use super::query::Query;
use axum::http::{HeaderMap, Method, header};

/// A request with its body.
#[derive(Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) method: &'a Method,
    pub(crate) path: &'a str,
    /// The query string as sent.
    pub(crate) raw_query: Option<&'a str>,
    pub(crate) query: Query<'a>,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
}

impl Asked<'_> {
    /// A header's value as text; none where it is missing or no text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Returns whether the request is a GET.
    pub(crate) fn is_get(&self) -> bool {
        self.method == Method::GET
    }

    /// Scheme and host under which the caller reached the emulator, for links in answers.
    pub(crate) fn base(&self) -> String {
        let host = self.header(header::HOST.as_str()).unwrap_or("127.0.0.1");
        format!("http://{host}")
    }
}
