//! The habits of real servers, each a switch. All are off by default: then the server keeps to the RFCs.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::Error;

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

/// The switches.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Habits {
    /// How pages follow each other.
    pub pages: Pages,
    /// The most entries of a page, whatever is asked for; 100 where no number is given.
    pub page_cap: Option<usize>,
    /// Each page has one entry fewer than the one before, down to one.
    pub shrinking_pages: bool,
    /// What `totalResults` says.
    pub totals: Totals,
    /// What a filter does.
    pub filters: Filters,
    /// What a successful `POST` answers.
    pub created: Created,
    /// The answer to a `POST` of a user who exists already.
    pub conflicts: Conflicts,
    /// What a successful change answers.
    pub changed: Changed,
    /// How a user may be changed.
    pub changes: Changes,
    /// What the server says about itself.
    pub discovery: Discovery,
    /// Errors are HTML under `application/scim+json`.
    pub html_errors: bool,
    /// Out of this many requests for users, one answers 429; none where it is 0.
    pub limit_every: u32,
    /// How a 429 says how long to wait.
    pub limit_wait: Wait,
    /// The credentials that do not open it any more: `bearer`, `basic`, `client`.
    pub refuses: Vec<Opener>,
    /// A credential that does not open it is answered with 403, as Leapsome does, instead of 401.
    pub refuses_with_403: bool,
    /// User names of users that must not be written.
    pub forbids: Vec<String>,
    /// The status of a request that writes such a user; 403 where no status is given.
    pub forbids_with: Option<u16>,
    /// A list holds one value: a list with more is refused, 400.
    pub single_values: bool,
    /// How many changes of users come too late: right before each, an edit by hand gives the user another title.
    pub meddles: u32,
    /// Attributes that are accepted and forgotten.
    pub drops: Vec<String>,
    /// An attribute that is not in the schemas is refused, 400.
    pub strict: bool,
    /// A user who is switched off is forgotten.
    pub forgets_inactive: bool,
    /// User names that differ by case are two names.
    pub case_sensitive: bool,
    /// Users have no versions, and a request with a version is refused.
    pub versionless: bool,
    /// `active` is shown as a text.
    pub active_as_text: bool,
    /// How many replies to `POST` are lost, after the work is done.
    pub lost_creates: u32,
    /// How many replies to `PATCH` and `PUT` are lost, after the work is done.
    pub lost_changes: u32,
    /// An unchanged value of `emails` is refused, 400.
    pub refuses_unchanged: bool,
    /// Milliseconds before each answer.
    pub latency_ms: u64,
}

impl Habits {
    /// Returns one switch as it is written on a command line: `page_cap=7`, `pages=by_cursor`, `strict=true`,
    /// `drops=title+nickName`.
    ///
    /// # Errors
    /// [`Error::BadHabit`], which says what was expected.
    pub fn parse(text: &str) -> Result<(String, Value), Error> {
        let (name, value) = text.split_once('=').unwrap_or((text, "true"));
        let value = match (name, serde_json::from_str(value)) {
            ("drops" | "forbids" | "refuses", _) => value.split('+').map(Value::from).collect(),
            (_, Ok(value @ (Value::Bool(_) | Value::Number(_)))) => value,
            (_, Ok(_) | Err(_)) => Value::from(value),
        };
        Self::from_members([(name.to_owned(), value.clone())].into_iter().collect())?;
        Ok((name.to_owned(), value))
    }

    /// Returns switches by name, as in a request; those that are not named are off.
    ///
    /// # Errors
    /// [`Error::BadHabit`], which names the switch and says what was expected.
    pub fn from_members(members: Map<String, Value>) -> Result<Self, Error> {
        for (name, value) in &members {
            let one: Map<String, Value> = [(name.clone(), value.clone())].into_iter().collect();
            serde_json::from_value::<Self>(one.into()).map_err(|error| Error::BadHabit {
                member: name.clone(),
                expected: error.to_string(),
            })?;
        }
        serde_json::from_value(members.into()).map_err(|error| Error::BadHabit {
            member: String::new(),
            expected: error.to_string(),
        })
    }
}
