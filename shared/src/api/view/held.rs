//! Erasure as callers see it: the receipt, and everything that is held on one person.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    Instant,
    person::{DecisionView, FindingView, LinkView},
    plan::ChangeView,
    run::ErrorView,
    user::{HistoryView, UserView, texts},
};
use crate::{
    employee::EmployeeId,
    run::{Held, HeldByConnection, Receipt},
    store::Elsewhere,
};

/// What was erased, when, and what is left.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Receipt")]
pub(in crate::api) struct ReceiptView {
    /// Whose data.
    tenant: String,
    /// Of whom; null for the whole tenant.
    employee_id: Option<String>,
    /// Who asked for it.
    by: String,
    /// When it was begun.
    #[schemars(with = "Instant")]
    begun_at: Timestamp,
    /// When nothing was left to erase.
    #[schemars(with = "Instant")]
    done_at: Timestamp,
    /// How much of what.
    erased: BTreeMap<String, u64>,
    /// Accounts on servers that are written to: nothing was changed there. Whoever runs them deletes them there.
    elsewhere: Vec<ElsewhereView>,
    /// Until when a recovery of the table could bring it back. Whoever recovers erases again.
    #[schemars(with = "Instant")]
    recoverable_until: Timestamp,
    /// What is left, and until when.
    remains: Vec<&'static str>,
}

/// Accounts that stay on a server.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Elsewhere")]
struct ElsewhereView {
    /// The connection that was linked to them.
    connection: String,
    /// Where the server's endpoints are.
    base_url: String,
    /// How many were linked.
    accounts: u64,
    /// The external id of the person's; null for a whole tenant.
    external_id: Option<String>,
    /// What the external ids of all people of the connection begin with.
    external_ids_begin_with: String,
}

impl ElsewhereView {
    fn new(elsewhere: Elsewhere, employee_id: Option<&EmployeeId>) -> Self {
        Self {
            connection: elsewhere.connection.as_str().to_owned(),
            base_url: elsewhere.base_url,
            accounts: elsewhere.accounts,
            external_id: employee_id.map(|id| format!("{}{id}", elsewhere.prefix)),
            external_ids_begin_with: elsewhere.prefix,
        }
    }
}

impl From<Receipt> for ReceiptView {
    fn from(receipt: Receipt) -> Self {
        let counts = serde_json::to_value(receipt.erased).unwrap_or_default();
        let elsewhere = receipt.elsewhere.into_iter();
        let elsewhere = elsewhere.map(|elsewhere| ElsewhereView::new(elsewhere, receipt.employee_id.as_ref()));
        let elsewhere = elsewhere.collect();
        Self {
            tenant: receipt.tenant.as_str().to_owned(),
            employee_id: receipt.employee_id.map(|id| id.as_str().to_owned()),
            by: receipt.by,
            begun_at: receipt.begun_at,
            done_at: receipt.done_at,
            erased: serde_json::from_value(counts).unwrap_or_default(),
            elsewhere,
            recoverable_until: receipt.recoverable_until,
            remains: receipt.remains,
        }
    }
}

/// Everything that is held on one person.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Held")]
pub(in crate::api) struct HeldView {
    /// Whose data.
    tenant: String,
    /// Of whom.
    employee_id: String,
    /// By connection.
    connections: Vec<HeldByConnectionView>,
}

/// What one connection holds on a person.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "HeldByConnection")]
struct HeldByConnectionView {
    /// Which connection.
    connection: String,
    /// What ties them to their account; it holds keyed hashes instead of values.
    link: Option<LinkView>,
    /// What somebody decided about them.
    decision: Option<DecisionView>,
    /// As HR showed them, by the roster that is kept.
    rosters: BTreeMap<String, BTreeMap<String, Option<String>>>,
    /// What plans that are kept do about them, or why not.
    plans: Vec<HeldInPlanView>,
    /// What went wrong for them, by run.
    runs: BTreeMap<String, Vec<ErrorView>>,
    /// Their user in the built-in directory.
    user: Option<UserView>,
    /// Its history.
    history: Vec<HistoryView>,
}

/// What a plan holds on a person.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "HeldInPlan")]
struct HeldInPlanView {
    /// Which plan.
    plan: String,
    /// What it does.
    changes: Vec<ChangeView>,
    /// What it does not do, and why.
    findings: Vec<FindingView>,
}

impl From<Held> for HeldView {
    fn from(held: Held) -> Self {
        Self {
            tenant: held.tenant.as_str().to_owned(),
            employee_id: held.employee_id.as_str().to_owned(),
            connections: held.connections.into_iter().map(HeldByConnectionView::from).collect(),
        }
    }
}

impl From<HeldByConnection> for HeldByConnectionView {
    fn from(held: HeldByConnection) -> Self {
        let rosters = held.rosters.iter();
        let plans = held.plans.iter().map(|plan| HeldInPlanView {
            plan: plan.plan.as_str().to_owned(),
            changes: plan
                .changes
                .iter()
                .map(|change| ChangeView::new(change, None, Vec::new()))
                .collect(),
            findings: plan
                .findings
                .iter()
                .map(|finding| FindingView::new(finding, None))
                .collect(),
        });
        let runs = held.runs.iter();
        Self {
            connection: held.connection.as_str().to_owned(),
            link: held.link.as_ref().map(LinkView::from),
            decision: held.decision.as_ref().map(DecisionView::from),
            rosters: rosters
                .map(|(id, employee)| (id.as_str().to_owned(), texts(&employee.attributes)))
                .collect(),
            plans: plans.collect(),
            runs: runs
                .map(|(id, errors)| (id.as_str().to_owned(), errors.iter().map(ErrorView::from).collect()))
                .collect(),
            user: held.account.as_ref().map(|account| UserView::new(account, None)),
            history: held.history.into_iter().map(HistoryView::from).collect(),
        }
    }
}
