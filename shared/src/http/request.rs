//! A request in Rollcall's own words. Its `Debug` shows method, host and path template only (R38).

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use url::Url;

use super::{BaseUrl, Call, network::Reach};

/// The methods that we send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads; may be repeated.
    Get,
    /// Makes something; never repeated unless the caller says that it may be.
    Post,
    /// Replaces; may be repeated where the caller says so.
    Put,
    /// Changes; may be repeated where the caller says so.
    Patch,
    /// Removes; may be repeated where the caller says so.
    Delete,
}

impl Method {
    /// Returns the word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// The value of `Authorization` that shows a token (RFC 6750).
pub fn bearer(token: &SecretString) -> SecretString {
    format!("Bearer {}", token.expose_secret()).into()
}

/// The value of `Authorization` that shows a name and a password (RFC 7617).
pub fn basic(user: &str, password: &SecretString) -> SecretString {
    let text = STANDARD.encode(format!("{user}:{}", password.expose_secret()));
    format!("Basic {text}").into()
}

/// How the body of a success is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrival {
    /// As a whole, before anything is said of the answer.
    Whole,
    /// Piece by piece, by the caller.
    InPieces,
}

/// A request to be sent by a [`Session`](super::Session).
#[derive(Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each says something of its own")]
pub struct Request {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) reach: Reach,
    pub(super) template: &'static str,
    pub(super) headers: Vec<(&'static str, SecretString)>,
    pub(super) body: Option<Bytes>,
    pub(super) is_repeatable: bool,
    pub(super) takes_breakdown: bool,
    pub(super) is_sent_again_when_limited: bool,
    pub(super) takes_redirect: bool,
    pub(super) arrival: Arrival,
}

impl Request {
    /// Returns a request to `path` below `base`. `template` is the path as logs may show it: ids replaced, no query.
    pub fn new(method: Method, base: &BaseUrl, path: &str, template: &'static str) -> Self {
        Self {
            method,
            url: base.join(path),
            reach: base.reach(),
            template,
            headers: Vec::new(),
            body: None,
            is_repeatable: method == Method::Get,
            takes_breakdown: false,
            is_sent_again_when_limited: false,
            takes_redirect: false,
            arrival: Arrival::Whole,
        }
    }

    /// Adds pairs to the query, percent-encoded.
    #[must_use]
    pub fn query<'a>(mut self, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut pairs = pairs.into_iter().peekable();
        if pairs.peek().is_some() {
            self.url.query_pairs_mut().extend_pairs(pairs);
        }
        self
    }

    /// Adds a header. Every value is handled as a secret.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<SecretString>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Adds `Authorization: Bearer …` (RFC 6750).
    #[must_use]
    pub fn bearer(self, token: &SecretString) -> Self {
        self.header("authorization", bearer(token))
    }

    /// Sets a form body, `application/x-www-form-urlencoded`.
    #[must_use]
    pub fn form<'a>(mut self, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let text = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        self.body = Some(text.into());
        self.header("content-type", "application/x-www-form-urlencoded")
    }

    /// Sets a JSON body.
    ///
    /// # Errors
    /// The error of the value's own serialiser.
    pub fn json<T: Serialize + ?Sized>(mut self, value: &T) -> Result<Self, serde_json::Error> {
        self.body = Some(serde_json::to_vec(value)?.into());
        Ok(self.header("content-type", "application/json"))
    }

    /// Sets a body that is sent byte for byte, as a signed body must be.
    #[must_use]
    pub fn text(mut self, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        self.body = Some(body.into());
        self.header("content-type", content_type)
    }

    /// Says that sending the request twice does no harm, so that it may be retried.
    #[must_use]
    pub const fn repeatable(mut self) -> Self {
        self.is_repeatable = true;
        self
    }

    /// Takes a 500 as the answer, also where the request is repeatable: some servers answer what they do not like with it, each
    /// time, and the caller knows what else to try.
    #[must_use]
    pub const fn take_breakdown(mut self) -> Self {
        self.takes_breakdown = true;
        self
    }

    /// Says that the request may be sent again where the server answers 429: then the server has done nothing (RFC
    /// 6585, section 4).
    #[must_use]
    pub const fn again_when_limited(mut self) -> Self {
        self.is_sent_again_when_limited = true;
        self
    }

    /// Takes a redirect as the answer and follows none: the caller reads its target.
    #[must_use]
    pub const fn take_redirect(mut self) -> Self {
        self.takes_redirect = true;
        self
    }

    /// Reads the body of a success piece by piece, for an answer that is too large to be kept whole:
    /// [`Session::open`](super::Session::open) returns it once its head is there.
    #[must_use]
    pub const fn in_pieces(mut self) -> Self {
        self.arrival = Arrival::InPieces;
        self
    }

    /// Returns what logs and errors may show of the request.
    pub(super) fn call(&self) -> Call {
        Call {
            method: self.method,
            host: self.url.host_str().unwrap_or_default().to_owned(),
            template: self.template,
        }
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Request({})", self.call())
    }
}
