//! The linked account itself: what it is, whether it is in order, and how far its models are synchronised.

use super::{View, midnight, page, uuid};
use crate::kit::caller::Caller;
use crate::kit::refusal::Refusal;
use crate::kit::system::System;
use crate::kit::{Asked, PermissionGroup};
use crate::server::reply::Reply;
use serde_json::{Value, json};

/// What the ids of linked accounts begin with.
const ACCOUNT: u64 = 0xacc;

/// The states of a linked account, each the name of a permission group: the account, or the sync of its people, is in it.
pub(super) const STATES: [&str; 7] = [
    "Relink needed",
    "Linking not finished",
    "Linked twice",
    "First sync",
    "Sync failed",
    "Sync paused",
    "People switched off",
];

/// Every group: in order, without pay, and each state.
pub(super) fn groups() -> Vec<PermissionGroup> {
    let pay = ["pay_rate", "pay_period", "pay_currency"];
    let without_pay = PermissionGroup {
        name: "Without pay".to_owned(),
        hidden_fields: pay.map(str::to_owned).to_vec(),
        ..PermissionGroup::administrator()
    };
    let in_state = |name: &str| PermissionGroup {
        name: name.to_owned(),
        ..PermissionGroup::administrator()
    };
    let states = STATES.into_iter().map(in_state);
    [PermissionGroup::administrator(), without_pay]
        .into_iter()
        .chain(states)
        .collect()
}

fn state(caller: &Caller) -> &str {
    caller.user.as_ref().map_or("", |user| user.group.name.as_str())
}

/// The word for a linked account's state.
fn status(caller: &Caller) -> &'static str {
    match state(caller) {
        "Relink needed" => "RELINK_NEEDED",
        "Linking not finished" => "INCOMPLETE",
        _ => "COMPLETE",
    }
}

/// The id of a company's linked account.
fn id(company: u64, is_other: bool) -> String {
    uuid(ACCOUNT, company + if is_other { 5_000 } else { 0 })
}

/// Answers `account-details`.
pub(super) fn details(view: &View, caller: &Caller) -> Reply {
    let company = view.company;
    Reply::of(
        200,
        &json!({
            "id": id(company.id, view.is_other_company), "integration": "Emulated HR", "integration_slug": "emulated-hr",
            "category": "hris", "end_user_origin_id": company.site(), "end_user_organization_name": view.company_name(),
            "end_user_email_address": format!("admin@{}", company.domain), "status": status(caller), "webhook_listener_url": "",
            "is_duplicate": state(caller) == "Linked twice", "account_type": "PRODUCTION",
            "completed_at": midnight(company.founded_on), "instance_id": null, "instance_display_value": null,
        }),
    )
}

/// Answers `linked-accounts`: all of the organisation, none with its token.
pub(super) fn linked(system: &System, asked: &Asked) -> Result<Reply, Refusal> {
    let own = [
        "category",
        "cursor",
        "page_size",
        "end_user_email_address",
        "end_user_organization_name",
        "end_user_origin_id",
        "end_user_origin_ids",
        "id",
        "ids",
        "include_duplicates",
        "integration_name",
        "is_test_account",
        "status",
    ];
    if asked.query.has_others(&own) {
        return Err(Refusal::parameter("query", "parameters of this list only"));
    }
    let companies = system.stage.companies();
    let limit = asked.query.number("page_size", 1)?.unwrap_or(100);
    let integration = json!({
        "name": "Emulated HR", "categories": ["hris"], "image": null, "square_image": null, "color": "#123456", "slug": "emulated-hr",
        "passthrough_available": true, "available_model_operations": [],
    });
    let row = |company: &crate::company::Company| {
        json!({
            "id": id(company.id, false), "category": "hris", "status": "COMPLETE", "status_detail": null,
            "end_user_origin_id": company.site(), "end_user_organization_name": company.name,
            "end_user_email_address": format!("admin@{}", company.domain), "subdomain": null, "webhook_listener_url": "",
            "is_duplicate": false, "integration": integration, "account_type": "PRODUCTION",
            "completed_at": midnight(company.founded_on), "integration_specific_fields": {},
        })
    };
    let rows: Vec<Value> = companies.iter().take(limit).map(row).collect();
    Ok(Reply::of(
        200,
        &json!({"next": null, "previous": null, "results": rows}),
    ))
}

/// The models that are synchronised.
const MODELS: [&str; 9] = [
    "BankInfo",
    "Company",
    "Dependent",
    "Employee",
    "Employment",
    "Group",
    "Location",
    "PayGroup",
    "Team",
];

/// Answers `sync-status`.
pub(super) fn syncs(view: &View, caller: &Caller, asked: &Asked) -> Result<Reply, Refusal> {
    let finished = midnight(view.company.today);
    let row = |model: &str| {
        let state = Some(state(caller)).filter(|_| model == "Employee").unwrap_or_default();
        let (status, is_first) = match state {
            "First sync" => ("SYNCING", true),
            "Sync failed" => ("FAILED", false),
            "Sync paused" => ("PAUSED", false),
            "People switched off" => ("DISABLED", false),
            _ => ("DONE", false),
        };
        let last = (!is_first).then_some(&finished);
        json!({
            "model_name": model, "model_id": format!("hris.{model}"), "last_sync_start": finished, "next_sync_start": null,
            "last_sync_result": if is_first { None } else { Some(status) }, "last_sync_finished": last, "status": status,
            "is_initial_sync": is_first, "selective_sync_configurations_usage": null, "sync_status_reason": null,
            "data_fresh_as_of": last, "historical_data_since": null,
        })
    };
    let rows: Vec<Value> = MODELS.iter().map(|model| row(model)).collect();
    page::few(&rows, asked)
}
