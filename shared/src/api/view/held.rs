//! Erasure as callers see it: the receipt, and everything that is held on one person.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    Instant,
    mask::Mask,
    person::{DecisionView, FindingView, LinkView},
    plan::ChangeView,
    run::ErrorView,
    user::{HistoryView, UserView, texts},
};
use crate::{
    api::{
        cursor,
        page::{Page, weigh},
    },
    employee::EmployeeId,
    run::{ErasedPerson, Held, HeldByConnection, Receipt},
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
    /// In which HR system they are; null for the whole tenant.
    provider: Option<String>,
    /// In which company of it; null for the whole tenant.
    company: Option<String>,
    /// The connections to that company; empty for the whole tenant.
    connections: Vec<String>,
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
    /// Accounts on servers that are written to: nothing was changed there. Their owner deletes them there.
    elsewhere: Vec<ElsewhereView>,
    /// Until when a recovery of the table could bring it back. After a recovery the person has to be erased again.
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
        let person = receipt.person;
        let employee_id = person.as_ref().map(|person| &person.employee_id);
        let elsewhere = elsewhere.map(|elsewhere| ElsewhereView::new(elsewhere, employee_id));
        let elsewhere = elsewhere.collect();
        let text = |of: fn(&ErasedPerson) -> &str| person.as_ref().map(|person| of(person).to_owned());
        let connections = person.iter().flat_map(|person| &person.connections);
        Self {
            tenant: receipt.tenant.as_str().to_owned(),
            employee_id: text(|person| person.employee_id.as_str()),
            provider: text(|person| person.provider.as_str()),
            company: text(|person| person.company.as_str()),
            connections: connections.map(|id| id.as_str().to_owned()).collect(),
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

/// Everything that is held on one person, page by page.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Held")]
pub(in crate::api) struct HeldView {
    /// Whose data.
    tenant: String,
    /// Of whom.
    employee_id: String,
    /// In which HR system they are.
    provider: String,
    /// In which company of it.
    company: String,
    /// By connection.
    connections: Vec<HeldByConnectionView>,
    /// Where the next page begins; null after the last.
    next_cursor: Option<String>,
}

/// What one connection holds on a person.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[schemars(rename = "HeldByConnection")]
struct HeldByConnectionView {
    /// Which connection.
    connection: String,
    /// What ties them to their account; it holds keyed hashes instead of values.
    link: Option<LinkView>,
    /// What was decided about them.
    decision: Option<DecisionView>,
    /// As HR showed them, by the roster that is kept.
    rosters: BTreeMap<String, Texts>,
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
#[derive(Debug, Default, Serialize, JsonSchema)]
#[schemars(rename = "HeldInPlan")]
struct HeldInPlanView {
    /// Which plan.
    plan: String,
    /// What it does.
    changes: Vec<ChangeView>,
    /// What it does not do, and why.
    findings: Vec<FindingView>,
    /// How many findings about other people name them.
    named_in: u32,
}

/// Attributes by name.
type Texts = BTreeMap<String, Option<String>>;

/// One thing that is held: what a page has whole or not at all.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Part {
    Change(String, ChangeView),
    Decision(DecisionView),
    Finding(String, FindingView),
    History(HistoryView),
    Link(LinkView),
    NamedIn(String, u32),
    Roster(String, Texts),
    Run(String, Vec<ErrorView>),
    User(UserView),
}

impl HeldView {
    /// What is held from a place on, as much of it as a page has room for.
    pub(in crate::api) fn page(held: Held, from: usize) -> Self {
        let mut page = Page::of(usize::MAX);
        let mut next = None;
        let connections = held.connections.into_iter();
        let parts = connections.flat_map(|connection| {
            let id = connection.connection.as_str().to_owned();
            parts(connection).into_iter().map(move |part| (id.clone(), part))
        });
        for (place, (connection, part)) in parts.enumerate().skip(from) {
            let bytes = weigh(&part);
            if !page.add_weighing((connection, part), bytes) {
                next = Some(place.to_string());
                break;
            }
        }
        let mut connections: Vec<HeldByConnectionView> = Vec::new();
        for (connection, part) in page.into_entries() {
            if connections.last().is_none_or(|last| last.connection != connection) {
                connections.push(HeldByConnectionView {
                    connection,
                    ..HeldByConnectionView::default()
                });
            }
            if let Some(last) = connections.last_mut() {
                last.take(part);
            }
        }
        Self {
            tenant: held.tenant.as_str().to_owned(),
            employee_id: held.employee_id.as_str().to_owned(),
            provider: held.provider.as_str().to_owned(),
            company: held.company.as_str().to_owned(),
            connections,
            next_cursor: next.as_deref().map(cursor::encode),
        }
    }
}

impl HeldByConnectionView {
    fn take(&mut self, part: Part) {
        match part {
            Part::Change(plan, change) => self.plan(plan, |held| held.changes.push(change)),
            Part::Decision(decision) => self.decision = Some(decision),
            Part::Finding(plan, finding) => self.plan(plan, |held| held.findings.push(finding)),
            Part::History(entry) => self.history.push(entry),
            Part::Link(link) => self.link = Some(link),
            Part::NamedIn(plan, count) => self.plan(plan, |held| held.named_in = count),
            Part::Roster(roster, texts) => {
                self.rosters.insert(roster, texts);
            }
            Part::Run(run, errors) => {
                self.runs.insert(run, errors);
            }
            Part::User(user) => self.user = Some(user),
        }
    }

    fn plan(&mut self, plan: String, take: impl FnOnce(&mut HeldInPlanView)) {
        if self.plans.last().is_none_or(|last| last.plan != plan) {
            self.plans.push(HeldInPlanView {
                plan,
                ..HeldInPlanView::default()
            });
        }
        if let Some(last) = self.plans.last_mut() {
            take(last);
        }
    }
}

/// Everything that one connection holds, part by part.
fn parts(held: HeldByConnection) -> Vec<Part> {
    let mut parts = Vec::new();
    parts.extend(held.link.as_ref().map(|link| Part::Link(LinkView::from(link))));
    parts.extend(
        held.decision
            .as_ref()
            .map(|decision| Part::Decision(DecisionView::from(decision))),
    );
    parts.extend(
        held.account
            .as_ref()
            .map(|account| Part::User(UserView::new(account, None, &Mask::none()))),
    );
    let rosters = held.rosters.iter();
    parts.extend(rosters.map(|(id, employee)| Part::Roster(id.as_str().to_owned(), texts(&employee.attributes))));
    for plan in &held.plans {
        let id = || plan.plan.as_str().to_owned();
        let changes = plan.changes.iter();
        parts.extend(changes.map(|change| Part::Change(id(), ChangeView::new(change, None, Vec::new()))));
        let findings = plan.findings.iter();
        parts.extend(findings.map(|finding| Part::Finding(id(), FindingView::new(finding, None))));
        parts.extend((plan.named_in > 0).then(|| Part::NamedIn(id(), plan.named_in)));
    }
    for (run, errors) in &held.runs {
        let errors = errors.iter().map(ErrorView::from).collect();
        parts.push(Part::Run(run.as_str().to_owned(), errors));
    }
    let history = held.history.into_iter();
    parts.extend(history.map(|entry| Part::History(HistoryView::new(entry, &Mask::none()))));
    parts
}
