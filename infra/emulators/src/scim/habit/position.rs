//! The positions of switches that have more than two.

use serde::{Deserialize, Serialize};

/// How pages follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pages {
    /// By index, as RFC 7644 has it.
    #[default]
    ByIndex,
    /// By cursor only: an index is ignored, and the first page is always the first.
    ByCursor,
    /// The first page comes, whatever page is asked for.
    FirstOnly,
    /// Behind the last page comes the last page again.
    LastAgain,
    /// The first page comes for ever, with a new cursor each time.
    NeverAdvancing,
    /// Every page is as large as a page may be, full of users that were never made, and another page follows.
    Endless,
    /// A page holds a million entries, each the number 1.
    Numbers,
    /// A page holds one user, whose e-mail addresses are a million empty lists.
    Swollen,
}

/// What `totalResults` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Totals {
    /// How many users there are.
    #[default]
    True,
    /// How many users are on the page.
    OfPage,
    /// Nothing: it is left out.
    Absent,
}

/// What a filter does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Filters {
    /// A filter finds the users that it says.
    #[default]
    True,
    /// A filter does nothing: all users are listed.
    Ignored,
    /// A filter is refused, 400 `invalidFilter`.
    Refused,
    /// A filter finds another user.
    Wrong,
    /// Only `userName` may be filtered by.
    UserNameOnly,
    /// A filter by anything but `userName` finds nobody.
    OthersFindNobody,
    /// A filter finds nobody.
    FindNobody,
    /// A filter is not implemented, 501.
    NotImplemented,
    /// A filter is forbidden, 403.
    Forbidden,
}

/// What a successful `POST` answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Created {
    /// The user, with `Location`.
    #[default]
    Whole,
    /// `{}`, with `Location`.
    Empty,
    /// `{}`, and no `Location`. A user who exists already is answered the same, and stays as they are.
    EmptyAlsoForExisting,
}

/// The answer to a `POST` of a user who exists already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Conflicts {
    /// 409 with `scimType`.
    #[default]
    Typed,
    /// 409 without `scimType`.
    Bare,
    /// 500.
    ServerError,
}

/// What a successful change answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Changed {
    /// The user as they are now.
    #[default]
    Whole,
    /// 204.
    NoContent,
    /// The user as they were before.
    Stale,
}

/// How a user may be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Changes {
    /// By `PATCH` and `PUT`.
    #[default]
    Both,
    /// By `PUT`. `PATCH` answers 501, although the server says that it can patch.
    PutNotImplemented,
    /// By `PUT`. `PATCH` answers 405, although the server says that it can patch.
    PutNotAllowed,
    /// By `PUT`, and the server says that it cannot patch. `PATCH` answers 501.
    PutOnly,
    /// By `PATCH`; `PUT` answers 405, and the server says that it cannot patch.
    PatchOnly,
    /// By the members that change, sent to `PATCH`.
    Merge,
}

/// What a server says about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Discovery {
    /// The truth.
    #[default]
    True,
    /// The truth, and an empty list of schemas.
    NoSchemas,
    /// 404.
    Absent,
    /// A page of HTML.
    Html,
}

/// How a 429 says how long to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wait {
    /// The 429 says one second.
    #[default]
    Seconds,
    /// The 429 says a date.
    Date,
    /// The 429 does not say how long.
    Unsaid,
}

/// The credential that opens the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Opener {
    /// The token that a person made.
    Bearer,
    /// The name with its password.
    Basic,
    /// The tokens that a client was given.
    Client,
}

/// How a client has to show who it is where tokens are given (RFC 6749, section 2.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientShown {
    /// By Basic, with id and secret encoded as in a form.
    #[default]
    Encoded,
    /// By Basic, with id and secret as they are.
    Raw,
    /// In the form itself; a request with Basic is refused.
    Body,
}

/// What becomes of `name.formatted`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Formatted {
    /// It is kept as it is sent.
    #[default]
    AsSent,
    /// It is always made of the given name and the family name, and what is sent for it is forgotten.
    Derived,
    /// It is made of the names for a new user who comes without it. It changes only where it is sent.
    Stale,
}

/// Whether a user can get another `userName`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserNames {
    /// It changes as other attributes do.
    #[default]
    Change,
    /// A request that changes it is refused, 400 `mutability`.
    Refused,
    /// It stays as it was, and the rest of the request is carried out.
    Kept,
}
