//! A link as it is stored: what of it is no member of its own.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    employee::EmployeeId,
    plan::{Evidence, Journal, Link, LinkState},
};

/// What of a link is no member of its own.
#[derive(Serialize, Deserialize)]
pub(super) struct StoredLink<'a> {
    pub(super) evidence: Evidence,
    pub(super) state: LinkState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) absent_since: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) journal: Option<Cow<'a, Journal>>,
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    pub(super) former_ids: Cow<'a, [EmployeeId]>,
    pub(super) linked_at: Timestamp,
}

impl<'a> StoredLink<'a> {
    /// A link as it is stored.
    pub(super) fn of(link: &'a Link) -> Self {
        Self {
            evidence: link.evidence,
            state: link.state,
            absent_since: link.absent_since,
            journal: link.journal.as_ref().map(Cow::Borrowed),
            former_ids: Cow::Borrowed(&link.former_ids),
            linked_at: link.linked_at,
        }
    }
}
