//! What was begun with a connection and is not finished. It is noted before the first step and the note is taken away
//! with the last step. So what a death leaves is found by the next request, or by the sweep of the next
//! morning.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::roster::Company;

/// What was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Undertaking {
    /// The connection is made: its credentials are kept next.
    Making,
    /// A person has logged in for the first time: the credential is kept next.
    Connecting,
    /// The traces of a login that failed are cleared away.
    Clearing,
    /// The connection is ended: its credential, its open plan and its rosters go next, and at last its claims.
    Ending,
}

/// What was begun, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unfinished {
    /// What was begun.
    pub what: Undertaking,
    /// The company that is claimed for it, where it is known by then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<Company>,
    /// When it was begun.
    pub since: Timestamp,
}

impl Unfinished {
    /// For how long the function that began it may still be at work: many times as long as a function lives.
    pub const AT_WORK: SignedDuration = SignedDuration::from_hours(1);

    /// Returns whether the function that began it cannot be at work any more.
    pub fn is_left(&self, now: Timestamp) -> bool {
        now.duration_since(self.since) >= Self::AT_WORK
    }
}
