//! What a server's answers mean (RFC 7644, section 3.12), in classes that a caller acts on. No value of a person is
//! kept of them (R38).

use serde_json::Value;

use super::{resource::member, value};
use crate::{
    connector::answer::{NOT_PUBLIC, Standing, readable},
    http,
    target::{Class, Error},
};

/// Kinds of errors that the RFC names: the only words of a server that are shown.
const KINDS: [&str; 10] = [
    "invalidFilter",
    "tooMany",
    "uniqueness",
    "mutability",
    "invalidSyntax",
    "invalidPath",
    "noTarget",
    "invalidValue",
    "invalidVers",
    "sensitive",
];

/// The body of an answer as JSON; `None` where it is none, as error pages of proxies are, or more than any user takes.
pub(super) fn json(response: &http::Response) -> Option<Value> {
    value::parse(&readable(response.body()))
}

/// The kind of an error, where the answer names one.
pub(super) fn kind(response: &http::Response) -> Option<&'static str> {
    let body = json(response)?;
    let found = member(&body, "scimType")?.as_str()?;
    KINDS.into_iter().find(|kind| kind.eq_ignore_ascii_case(found))
}

/// What a refusal means. `writes` says whether something may have been done.
pub(super) fn refusal(operation: &'static str, response: &http::Response, writes: bool) -> Error {
    let status = response.status();
    let kind = kind(response);
    let class = if status == 400 && kind == Some("uniqueness") {
        Class::Conflict
    } else {
        class_of(status, writes)
    };
    let detail = kind.map_or_else(|| format!("status {status}"), |kind| format!("status {status}, {kind}"));
    Error::new(class, operation, detail)
}

/// What a refusal means where the server is known to take the credential: a 401 or 403 is then about what was asked alone.
pub(super) fn refusal_of_one(operation: &'static str, response: &http::Response, writes: bool) -> Error {
    match response.status() {
        status @ (401 | 403) => Error::new(Class::Refused, operation, format!("status {status} for this alone")),
        _ => refusal(operation, response, writes),
    }
}

/// What a status that is no success means.
pub(super) const fn class_of(status: u16, writes: bool) -> Class {
    match (status, Standing::of(status)) {
        (405 | 501, _) => Class::Unsupported,
        (409, _) => Class::Conflict,
        (412, _) => Class::Changed,
        // What timed out may have been done; what came too early or too often was not.
        (408 | 500..=599, Standing::Passing) if writes => Class::Unknown,
        (_, Standing::Unauthorized | Standing::Forbidden) => Class::Unauthorized,
        (_, Standing::Missing) => Class::Gone,
        (_, Standing::Passing) => Class::Temporary,
        (_, Standing::Refused) => Class::Refused,
    }
}

/// Whether a request was answered with a server's failure each time that it was sent.
pub(super) fn is_server_error(error: &Error) -> bool {
    let source = error.source.as_ref().and_then(|source| source.downcast_ref());
    matches!(
        source,
        Some(http::Error::Exhausted {
            failure: http::Failure::Status(500..=599),
            ..
        })
    )
}

/// Whether a request that was sent again and again came to no answer that says anything; a server that asks for patience says something.
pub(super) fn is_breakdown(error: &Error) -> bool {
    let Some(source) = &error.source else {
        return true;
    };
    let Some(http::Error::Exhausted { failure, .. } | http::Error::Failed { failure, .. }) =
        source.downcast_ref::<http::Error>()
    else {
        return false;
    };
    !matches!(failure, http::Failure::Status(429) | http::Failure::Connect)
}

/// Returns what it means that the server gave no answer.
pub(super) fn trouble(operation: &'static str, error: http::Error, writes: bool) -> Error {
    if matches!(error, http::Error::NotPublic { .. }) {
        return Error::new(Class::Misconfigured, operation, NOT_PUBLIC).because(error);
    }
    if let http::Error::Redirected { status, to, .. } = &error {
        let to = to.as_deref().unwrap_or("no address");
        let detail = format!(
            "the server redirects to {to} with status {status}, where nothing is sent: connect with the address at which it takes requests itself"
        );
        return Error::new(Class::Refused, operation, detail).because(error);
    }
    let class = match &error {
        http::Error::Exhausted { failure, .. } | http::Error::Failed { failure, .. } => match failure {
            http::Failure::Status(429) | http::Failure::Connect => Class::Temporary,
            failure if writes && failure.may_have_arrived() => Class::Unknown,
            http::Failure::Status(_) | http::Failure::Broken | http::Failure::TimedOut => Class::Temporary,
        },
        http::Error::TooLarge { .. } if writes => Class::Unknown,
        http::Error::UsedUp { .. } => Class::Temporary,
        http::Error::Request { .. }
        | http::Error::Redirected { .. }
        | http::Error::NotPublic { .. }
        | http::Error::TooLarge { .. }
        | http::Error::Setup { .. } => Class::Refused,
    };
    Error::new(class, operation, "no usable answer").because(error)
}
