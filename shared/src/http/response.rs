//! An answer in Rollcall's own words. Its `Debug` shows the status and the size only (R38).

use std::fmt;

use bytes::Bytes;
use http::HeaderMap;

/// The error that the body is not UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the answer is not UTF-8 text")]
pub struct NotText;

/// A whole answer.
#[derive(Clone)]
pub struct Response {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Response {
    /// Returns the status code (RFC 9110, section 15).
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// Returns whether the status is 2xx.
    pub const fn is_success(&self) -> bool {
        matches!(self.status, 200..=299)
    }

    /// Returns the first header of this name, where it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Returns the body.
    pub const fn body(&self) -> &Bytes {
        &self.body
    }

    /// Returns the body, without the rest.
    pub fn into_body(self) -> Bytes {
        self.body
    }

    /// Returns the body as text: one UTF-8 check for all that is later borrowed from it. A byte order mark is left out.
    ///
    /// # Errors
    /// [`NotText`] where the body is not UTF-8.
    pub fn text(&self) -> Result<&str, NotText> {
        let text = std::str::from_utf8(&self.body).map_err(|_| NotText)?;
        Ok(text.trim_start_matches('\u{feff}'))
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Response({}, {} bytes)", self.status, self.body.len())
    }
}
