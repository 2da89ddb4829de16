//! People as callers see them: who needs a person's decision, and how one person is explained.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::{Instant, plan::ChangeView};
use crate::{
    connection::DecisionRecord,
    plan::{Finding, Link, LinkState, State},
};

/// A person whom the last plan leaves out, and why.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "PersonOfInterest")]
pub(in crate::api) struct FindingView {
    /// Who; null for an account of nobody we know.
    pub(in crate::api) employee_id: Option<String>,
    /// What people call them; null where no values of them are kept.
    pub(in crate::api) label: Option<String>,
    /// Their account.
    pub(in crate::api) account_id: Option<String>,
    /// `conflict`, `waiting`, `skipped`, `filtered`, `todo` or `unmanaged`.
    pub(in crate::api) state: &'static str,
    /// Why, as a stable word.
    pub(in crate::api) code: String,
    /// What it means and what to do about it.
    pub(in crate::api) detail: &'static str,
    /// Which attributes it is about.
    pub(in crate::api) attributes: Vec<String>,
    /// The other employees it is about, the first few of them.
    pub(in crate::api) others: Vec<String>,
    /// How many more attributes it is about than are named.
    pub(in crate::api) more_attributes: u32,
    /// How many more employees it is about than are named.
    pub(in crate::api) more_others: u32,
}

/// The states that a finding can have.
pub(in crate::api) const STATES: [&str; 6] = ["conflict", "waiting", "skipped", "filtered", "todo", "unmanaged"];

/// The word of a state.
pub(in crate::api) const fn state(state: State) -> &'static str {
    match state {
        State::Conflict => "conflict",
        State::Filtered => "filtered",
        State::Skipped => "skipped",
        State::Todo => "todo",
        State::Unmanaged => "unmanaged",
        State::Waiting => "waiting",
    }
}

impl FindingView {
    /// Returns a finding about the person who is called `label`.
    pub(in crate::api) fn new(finding: &Finding, label: Option<String>) -> Self {
        Self {
            employee_id: finding.employee_id.as_ref().map(|id| id.as_str().to_owned()),
            label,
            account_id: finding.account_id.as_ref().map(|id| id.as_str().to_owned()),
            state: state(finding.state),
            code: super::word(&finding.code),
            detail: finding.code.sentence(),
            attributes: finding.attributes.iter().map(|name| name.name().into_owned()).collect(),
            others: finding.others.iter().map(|id| id.as_str().to_owned()).collect(),
            more_attributes: finding.more_attributes,
            more_others: finding.more_others,
        }
    }
}

/// Everything that is known about how one person is kept in step.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Explanation")]
pub(in crate::api) struct ExplanationView {
    /// Who.
    pub(in crate::api) employee_id: String,
    /// Whether the last complete read of HR showed them.
    pub(in crate::api) in_hr: bool,
    /// When HR was last read completely.
    #[schemars(with = "Option<Instant>")]
    pub(in crate::api) seen_at: Option<Timestamp>,
    /// Whether they meet the scope filter, and what is missing.
    pub(in crate::api) scope: Option<ScopeView>,
    /// Their account.
    pub(in crate::api) link: Option<LinkView>,
    /// What is carried over for them.
    pub(in crate::api) attributes: Vec<AttributeView>,
    /// What was decided about them.
    pub(in crate::api) decision: Option<DecisionView>,
    /// What the last plan does for them; null where it does nothing.
    pub(in crate::api) next: Option<ChangeView>,
    /// Why it does not do more.
    pub(in crate::api) findings: Vec<FindingView>,
}

/// Whether a person meets the scope filter.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Scope")]
pub(in crate::api) struct ScopeView {
    /// `in_scope`, `filtered`, `skipped`, `unreadable` or `unjudged`.
    pub(in crate::api) state: &'static str,
    /// Which condition of `sync_if` fails, counted from 0.
    pub(in crate::api) condition: Option<usize>,
    /// The field that it looks at, or the required attributes that are missing.
    pub(in crate::api) fields: Vec<String>,
}

/// What ties a person to their account.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Link")]
pub(in crate::api) struct LinkView {
    /// The account.
    account_id: String,
    /// By what evidence they were linked.
    evidence: &'static str,
    /// `active`, `deactivated`, `moved` or `pending`.
    state: &'static str,
    /// When they were linked.
    #[schemars(with = "Instant")]
    linked_at: Timestamp,
    /// Since when HR does not show them.
    #[schemars(with = "Option<Instant>")]
    absent_since: Option<Timestamp>,
    /// Employee ids that they had before.
    former_ids: Vec<String>,
}

impl From<&Link> for LinkView {
    fn from(link: &Link) -> Self {
        Self {
            account_id: link.account_id.as_str().to_owned(),
            evidence: super::plan::of_evidence(link.evidence),
            state: match link.state {
                LinkState::Active => "active",
                LinkState::Deactivated { .. } => "deactivated",
                LinkState::Pending => "pending",
                LinkState::Moved { .. } => "moved",
            },
            linked_at: link.linked_at,
            absent_since: link.absent_since,
            former_ids: link.former_ids.iter().map(|id| id.as_str().to_owned()).collect(),
        }
    }
}

/// One attribute of an account, and where it comes from.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "AttributeOfPerson")]
pub(in crate::api) struct AttributeView {
    /// The account attribute.
    pub(in crate::api) name: String,
    /// What HR wants there; null where it is cleared, not managed, or hidden.
    pub(in crate::api) value: Option<String>,
    /// Whether the value is hidden from the caller's role.
    pub(in crate::api) hidden: bool,
    /// `managed`, `cleared`, `invalid`, `unknown_value` or `not_managed`.
    pub(in crate::api) rule: &'static str,
    /// When it was changed last, as far as the history goes.
    #[schemars(with = "Option<Instant>")]
    pub(in crate::api) changed_at: Option<Timestamp>,
    /// By what it was changed last.
    pub(in crate::api) changed_by: Option<String>,
}

/// What was decided about one person.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "DecisionMade")]
pub(in crate::api) struct DecisionView {
    /// Whom it concerns.
    employee_id: String,
    /// `link`, `left`, `keep` or `new_account`.
    decision: String,
    /// The account, for `link`.
    account_id: Option<String>,
    /// Why.
    reason: String,
    /// Who decided.
    by: String,
    /// When.
    #[schemars(with = "Instant")]
    at: Timestamp,
}

impl From<&DecisionRecord> for DecisionView {
    fn from(record: &DecisionRecord) -> Self {
        use crate::connection::Decision;
        let (decision, account_id) = match &record.decision {
            Decision::Link { account_id } => ("link", Some(account_id.as_str().to_owned())),
            Decision::Left => ("left", None),
            Decision::Keep => ("keep", None),
            Decision::NewAccount => ("new_account", None),
        };
        Self {
            employee_id: record.employee_id.as_str().to_owned(),
            decision: decision.to_owned(),
            account_id,
            reason: record.reason.clone(),
            by: record.by.clone(),
            at: record.at,
        }
    }
}
