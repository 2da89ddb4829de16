//! What went wrong, as a document (RFC 9457). The texts are fixed; what a caller sent is never quoted (R38).

use schemars::JsonSchema;
use serde::Serialize;

use super::response::Response;
use crate::{run, secret, store};

/// The media type of problems (RFC 9457, section 6.1).
pub(super) const PROBLEM_JSON: &str = "application/problem+json";

/// Where the problem types are described; the code follows.
const TYPE: &str = "urn:rollcall:problem:";

macro_rules! codes {
    ($( $variant:ident = $word:literal, $status:literal, $title:literal; )*) => {
        /// A kind of problem. Its word is stable for programs.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code { $( #[doc = $title] $variant, )* }

        impl Code {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The word for programs.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// The HTTP status.
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status),* }
            }

            /// Returns what went wrong, in a few words that never change.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),* }
            }
        }
    };
}

codes! {
    Malformed = "malformed", 400, "The request cannot be read";
    MissingKey = "missing-api-key", 401, "An API key is needed";
    UnknownKey = "unknown-api-key", 401, "The API key opens nothing";
    OperatorOnly = "operator-only", 403, "The API key does not reach every tenant";
    RoleRefused = "role-not-allowed", 403, "The caller's role does not allow it";
    ForeignBrowser = "foreign-browser", 403, "The login was begun in another browser";
    NotFound = "not-found", 404, "There is nothing under this address";
    WrongMethod = "method-not-allowed", 405, "The address has other methods";
    NotAcceptable = "not-acceptable", 406, "The answer has no such media type";
    Conflict = "conflict", 409, "The state does not allow it";
    Busy = "busy", 409, "Another run is at work on the connection";
    DifferentCompany = "different-company", 409, "The credential opens another company";
    Running = "request-running", 409, "The same request is being carried out";
    Ambiguous = "ambiguous", 409, "The id is that of several";
    HashMismatch = "plan-hash-mismatch", 409, "The hash is not that of the plan";
    Stale = "plan-stale", 409, "The plan cannot be applied any more";
    Held = "plan-held", 409, "The plan is held";
    Taken = "taken", 409, "A value belongs to another account";
    Gone = "gone", 410, "It was there and has ended";
    VersionMismatch = "version-mismatch", 412, "It was changed in the meantime";
    TooLarge = "too-large", 413, "The request is larger than 4 MB";
    WrongMediaType = "unsupported-media-type", 415, "The body has another media type than is read here";
    Invalid = "invalid", 422, "The request does not say what is needed";
    CredentialRefused = "credential-refused", 422, "A credential is not accepted";
    TooMuch = "too-much", 422, "It is more than can be kept";
    KeyReused = "idempotency-key-reused", 422, "The idempotency key was used for another request";
    VersionNeeded = "version-needed", 428, "The version that was read has to be named";
    TooMany = "too-many-requests", 429, "More was asked for than is answered at a time";
    Internal = "internal", 500, "Something of ours failed";
    ProviderUnavailable = "provider-unavailable", 503, "A system that has to be asked does not answer";
    Unavailable = "unavailable", 503, "The service cannot answer now";
}

/// What is wrong with one member.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Fault {
    /// Where: a JSON pointer into the body (RFC 6901), `?name` for a member of the query, or the name of a header.
    pub pointer: String,
    /// What was expected there.
    pub detail: String,
}

/// How many members a problem names.
pub(super) const MOST_FAULTS: usize = 100;

/// A person who may be meant: name them by the connection, or by provider and company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Choice")]
pub struct ChoiceView {
    /// A connection to their company.
    pub connection: String,
    /// The HR system.
    pub provider: String,
    /// The HR system's id of the company.
    pub company: String,
}

/// A problem.
#[derive(Clone, Debug)]
pub struct Problem {
    /// Which kind.
    pub code: Code,
    /// What happened this time and what to do next.
    pub detail: String,
    /// Member by member, where several are wrong.
    pub errors: Vec<Fault>,
    /// Holds that have to be named, for [`Code::Held`].
    pub missing: Vec<String>,
    /// Who may be meant, for [`Code::Ambiguous`].
    pub choices: Box<[ChoiceView]>,
    /// How many seconds to wait before another try.
    pub retry_after: Option<u32>,
    /// Why, for the log only.
    pub cause: Option<Box<str>>,
}

/// The document that a caller gets.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Problem")]
pub(super) struct Document {
    /// The kind as a URI.
    #[serde(rename = "type")]
    kind: String,
    /// The kind in a few words.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// The kind as a stable word.
    code: &'static str,
    /// What happened this time and what to do next.
    detail: String,
    /// The request, as it stands in the log.
    request_id: String,
    /// What is wrong, member by member.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    errors: Vec<Fault>,
    /// Codes of holds that have to be approved by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    missing: Vec<String>,
    /// Who may be meant where an id is that of several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    choices: Vec<ChoiceView>,
}

impl Code {
    /// Returns whether the same request may do better at another time. An answer of such a kind is not kept, and its
    /// text says "try again"; an answer that says so is of such a kind.
    pub const fn passes(self) -> bool {
        matches!(self, Self::Busy | Self::Running) || self.status() >= 500
    }
}

impl Problem {
    /// Returns the problem that another process carries the same request out at this moment.
    pub(super) fn running() -> Self {
        let mut problem = Self::new(Code::Running, "wait, and send the same request again for its answer");
        problem.retry_after = Some(2);
        problem
    }

    /// A problem with what happened this time.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            errors: Vec::new(),
            missing: Vec::new(),
            choices: Box::default(),
            retry_after: None,
            cause: None,
        }
    }

    /// Returns the problem that there is no such thing, or none for this caller.
    pub fn not_found(what: &str) -> Self {
        Self::new(Code::NotFound, format!("there is no such {what}"))
    }

    /// Returns the problem that one member is wrong.
    pub fn invalid(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        let fault = Fault {
            pointer: pointer.into(),
            detail: detail.into(),
        };
        Self::faults(vec![fault])
    }

    /// Members are wrong.
    pub fn faults(mut errors: Vec<Fault>) -> Self {
        let count = errors.len();
        errors.truncate(MOST_FAULTS);
        let detail = match errors.first() {
            Some(only) if count == 1 => format!("{}: {}", only.pointer, only.detail),
            _ if count > MOST_FAULTS => {
                format!("very many members are wrong; see `errors` for the first {MOST_FAULTS}")
            }
            _ => format!("{count} members are wrong; see `errors`"),
        };
        Self {
            errors,
            ..Self::new(Code::Invalid, detail)
        }
    }

    /// Returns the same problem with a fault of one member added.
    #[must_use]
    pub fn about(mut self, pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        self.errors.push(Fault {
            pointer: pointer.into(),
            detail: detail.into(),
        });
        self
    }

    /// Something of ours failed; the caller learns no more than that, the log the rest.
    pub fn internal(cause: &(dyn std::error::Error + 'static)) -> Self {
        Self {
            cause: Some(causes(cause)),
            ..Self::new(Code::Internal, "it was noted under this request id; try again later")
        }
    }

    /// Returns the problem that what was sent would make a record larger than its store takes: another try would end
    /// the same (R47).
    pub fn too_much(cause: &(dyn std::error::Error + 'static)) -> Self {
        Self {
            cause: Some(causes(cause)),
            ..Self::new(Code::TooMuch, "nothing was changed; send fewer or shorter values")
        }
    }

    /// Returns the problem that a service behind us does not answer.
    pub fn unavailable(cause: &(dyn std::error::Error + 'static)) -> Self {
        Self {
            cause: Some(causes(cause)),
            retry_after: Some(5),
            ..Self::new(Code::Unavailable, "nothing is lost; try again in some seconds")
        }
    }

    /// The answer.
    pub fn to_response(&self, request_id: &str) -> Response {
        let document = Document {
            kind: format!("{TYPE}{}", self.code.as_str()),
            title: self.code.title(),
            status: self.code.status(),
            code: self.code.as_str(),
            detail: self.detail.clone(),
            request_id: request_id.to_owned(),
            errors: self.errors.clone(),
            missing: self.missing.clone(),
            choices: self.choices.to_vec(),
        };
        let body = serde_json::to_vec(&document).unwrap_or_default();
        let response = Response::of(self.code.status(), PROBLEM_JSON, body);
        match (self.code.status(), self.retry_after) {
            (401, _) => response.with("www-authenticate", "Bearer"),
            (_, Some(seconds)) => response.with("retry-after", seconds.to_string()),
            _ => response,
        }
    }
}

/// An error with its causes, for the log. The rooms below put no value of a person into theirs.
fn causes(error: &(dyn std::error::Error + 'static)) -> Box<str> {
    let mut text = error.to_string();
    let mut inner = error.source();
    while let Some(cause) = inner {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        inner = cause.source();
    }
    text.into()
}

impl From<store::Error> for Problem {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Corrupt { .. } => Self::internal(&error),
            store::Error::Gone { .. } => Self::not_found("record any more"),
            store::Error::Refused { .. } => Self::too_much(&error),
            store::Error::Unavailable { .. } => Self::unavailable(&error),
        }
    }
}

impl From<secret::Error> for Problem {
    fn from(error: secret::Error) -> Self {
        if error.is_lasting {
            Self::too_much(&error)
        } else {
            Self::unavailable(&error)
        }
    }
}

impl From<run::Error> for Problem {
    fn from(error: run::Error) -> Self {
        match error {
            run::Error::Store(store::Error::Refused { .. }) => Self::too_much(&error),
            run::Error::Secret(error) => error.into(),
            run::Error::Queue(ref refused) if refused.is_lasting => Self::too_much(&error),
            run::Error::Store(store::Error::Unavailable { .. }) | run::Error::Late | run::Error::Queue(_) => {
                Self::unavailable(&error)
            }
            run::Error::Repeated => Self::running(),
            run::Error::Store(store::Error::Gone { .. }) => Self::not_found("record any more"),
            run::Error::Gone(what) => Self::not_found(what),
            run::Error::Waiting => Self::new(
                Code::Busy,
                "as many runs of the connection wait as may wait; try again when some have ended",
            ),
            run::Error::LeaseLost => Self::new(Code::Busy, "another run took the connection over; try again"),
            run::Error::PartGone => Self::new(Code::Busy, "what was read of HR was deleted meanwhile; try again"),
            run::Error::Store(store::Error::Corrupt { .. })
            | run::Error::Plan(_)
            | run::Error::Roster(_)
            | run::Error::Missing(_) => Self::internal(&error),
        }
    }
}

impl From<crate::plan::Error> for Problem {
    fn from(error: crate::plan::Error) -> Self {
        Self::internal(&error)
    }
}

impl From<crate::roster::Error> for Problem {
    fn from(error: crate::roster::Error) -> Self {
        Self::internal(&error)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_problem_is_a_document_with_code_and_request_id() {
        let problem = Problem::invalid("/tenant", "a tenant id");
        let response = problem.to_response("req-1");
        assert_eq!(response.header("content-type"), Some(PROBLEM_JSON));
        let text = String::from_utf8(response.body).unwrap();
        assert_eq!(
            text,
            r#"{"type":"urn:rollcall:problem:invalid","title":"The request does not say what is needed","status":422,"code":"invalid","detail":"/tenant: a tenant id","request_id":"req-1","errors":[{"pointer":"/tenant","detail":"a tenant id"}]}"#
        );
    }

    #[test]
    fn r38_the_cause_of_a_failure_stays_inside() {
        let cause = store::Error::Corrupt {
            operation: "find a run",
            detail: "member `document`".to_owned(),
        };
        let problem = Problem::from(cause);
        let text = String::from_utf8(problem.to_response("req-1").body).unwrap();
        assert!(!text.contains("document"), "{text}");
        assert!(problem.cause.unwrap().contains("member `document`"));
    }

    #[test]
    fn each_word_stands_for_one_kind() {
        let words: BTreeSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(words.len(), Code::ALL.len());
    }
}
