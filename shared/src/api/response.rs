//! An answer on its way out.

use serde::Serialize;

/// The media type of JSON (RFC 8259).
pub(super) const JSON: &str = "application/json";
/// The media type of sheets (RFC 4180).
pub(super) const CSV: &str = "text/csv; charset=utf-8";

/// The most bytes of a body.
pub(super) const MOST_BYTES: usize = 4 * 1024 * 1024;

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// Whole `Set-Cookie` lines.
    pub cookies: Vec<String>,
    /// The body.
    pub body: Vec<u8>,
    /// Whether the body holds a secret, which is shown this once and kept nowhere.
    pub holds_secret: bool,
}

impl Response {
    /// An answer without a body.
    pub const fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            cookies: Vec::new(),
            body: Vec::new(),
            holds_secret: false,
        }
    }

    /// An answer with a body of a media type.
    pub fn of(status: u16, content_type: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        let mut response = Self::empty(status).with("content-type", content_type);
        response.body = body.into();
        response
    }

    /// A JSON answer. What has no JSON form is a fault of ours, and says so.
    pub fn json<T: Serialize>(status: u16, value: &T) -> Self {
        match serde_json::to_vec(value) {
            Ok(body) => Self::of(status, JSON, body),
            Err(_) => Self::empty(500),
        }
    }

    /// Sends a browser elsewhere with a GET (RFC 9110, section 15.4.4).
    pub fn see_other(location: impl Into<String>) -> Self {
        Self::empty(303).with("location", location)
    }

    /// Returns the same response with a header more.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Returns the same response, marked as holding a secret.
    #[must_use]
    pub const fn secret(mut self) -> Self {
        self.holds_secret = true;
        self
    }

    /// A header of it.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(found, _)| *found == name);
        found.map(|(_, value)| value.as_str())
    }
}
