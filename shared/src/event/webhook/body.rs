//! What an event says: its type, when it happened, ids, and how a run ended.

use jiff::Timestamp;
use serde::Serialize;

use crate::event::{Event, EventKind};

#[derive(Serialize)]
struct Body<'a, D> {
    #[serde(rename = "type")]
    kind: &'a str,
    timestamp: Timestamp,
    data: D,
}

#[derive(Serialize)]
struct Data<'a> {
    tenant: &'a str,
    connection: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    run: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

#[derive(Serialize)]
struct Nothing {}

/// Returns the body of an event, with a link to the page where more is to be seen.
pub(super) fn body(event: &Event, pages: Option<&str>) -> String {
    let plan = event.plan.as_ref().map(crate::plan::PlanId::as_str);
    let data = Data {
        tenant: event.tenant.as_str(),
        connection: event.connection.as_str(),
        plan,
        run: event.run.as_deref(),
        status: event.status,
        url: pages.map(|pages| format!("{pages}/{}", page(event))),
    };
    text(event.kind.as_str(), event.at, data)
}

/// Returns the body of an event that tries a receiver out.
pub(super) fn test_body(kind: &str, at: Timestamp) -> String {
    text(kind, at, Nothing {})
}

fn text<D: Serialize>(kind: &str, timestamp: Timestamp, data: D) -> String {
    let body = Body { kind, timestamp, data };
    serde_json::to_string(&body).unwrap_or_default()
}

/// Returns the page about an event, below the address of the pages.
fn page(event: &Event) -> String {
    let connection = &event.connection;
    match (event.kind, &event.plan, &event.run) {
        (EventKind::PlanHeld | EventKind::PlanReady | EventKind::PlanSuperseded, Some(plan), _) => {
            format!("plans/{plan}")
        }
        (EventKind::RunCompleted | EventKind::RunFailed, _, Some(run)) => format!("runs/{run}"),
        (EventKind::PersonWaiting, ..) => format!("connections/{connection}/people"),
        _ => format!("connections/{connection}"),
    }
}
