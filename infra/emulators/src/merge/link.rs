//! Linking a customer: a link token for the page, a public token from it, and the account token for that.

use crate::draw::draw;
use crate::kit::Asked;
use crate::kit::refusal::Refusal;
use crate::kit::system::System;
use crate::server::reply::Reply;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

/// The page with the vendor's Link on it.
pub(super) const PAGE: &str = "/link";
/// Where a magic link leads; it ends there.
const MAGIC: &str = "/magic-link";

/// Categories of HR and other systems.
const CATEGORIES: [&str; 7] = ["hris", "ats", "accounting", "ticketing", "crm", "mktg", "filestorage"];
/// What a link token may be asked for with.
const MEMBERS: [&str; 14] = [
    "end_user_email_address",
    "end_user_organization_name",
    "end_user_origin_id",
    "categories",
    "integration",
    "link_expiry_mins",
    "should_create_magic_link_url",
    "hide_admin_magic_link",
    "common_models",
    "category_common_model_scopes",
    "language",
    "are_syncs_disabled",
    "integration_specific_config",
    "linked_destination_id",
];
/// For how many minutes a link token is good.
const USUAL_MINUTES: u64 = 30;

/// A refusal that names a member, as Django does.
fn refused(member: &str, why: &str) -> Refusal {
    Refusal::own(Reply::of(400, &json!({ member: [why] })))
}

/// What shows that a link token was made here.
fn seal(system: &System, text: &str) -> String {
    let secret = &system.application().secret;
    let sum = [text, secret]
        .concat()
        .bytes()
        .fold(7, |sum, byte| draw(sum, byte.into()));
    format!("{sum:016x}")
}

/// Whether a text is a link token that is good now.
pub(super) fn is_good(system: &System, token: &str) -> bool {
    let open = || {
        let (text, own_seal) = token.split_once('.')?;
        let plain = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let ends_at: i64 = plain.rsplit_once('|')?.1.parse().ok()?;
        Some(own_seal == seal(system, text) && ends_at > system.now())
    };
    open().unwrap_or(false)
}

fn text<'m>(members: &'m Map<String, Value>, name: &str, most: usize) -> Result<&'m str, Refusal> {
    match members.get(name) {
        None | Some(Value::Null) => Err(refused(name, "This field is required.")),
        Some(Value::String(text)) if text.is_empty() => Err(refused(name, "This field may not be blank.")),
        Some(Value::String(text)) if text.len() > most => Err(refused(name, "This field is too long.")),
        Some(Value::String(text)) => Ok(text),
        Some(_) => Err(refused(name, "Not a valid string.")),
    }
}

/// Answers a request for a link token.
pub(super) fn create(system: &System, asked: &Asked) -> Result<Reply, Refusal> {
    let members: Map<String, Value> =
        serde_json::from_slice(asked.body).map_err(|_| Refusal::parameter("body", "a JSON object"))?;
    if let Some(other) = members.keys().find(|name| !MEMBERS.contains(&name.as_str())) {
        return Err(refused(other, "Unknown field."));
    }
    let origin = text(&members, "end_user_origin_id", 100)?;
    text(&members, "end_user_organization_name", 100)?;
    if !text(&members, "end_user_email_address", 100)?.contains('@') {
        return Err(refused("end_user_email_address", "Enter a valid email address."));
    }
    let categories = members
        .get("categories")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let is_known = |one: &Value| one.as_str().is_some_and(|one| CATEGORIES.contains(&one));
    if categories.is_empty() || !categories.iter().all(is_known) {
        return Err(refused("categories", "Not a valid list of categories."));
    }
    let is_magic = members.get("should_create_magic_link_url").and_then(Value::as_bool) == Some(true);
    let minutes = members
        .get("link_expiry_mins")
        .map_or(Some(USUAL_MINUTES), Value::as_u64);
    let most = if is_magic { 10_080 } else { 720 };
    let minutes = minutes.filter(|minutes| (30..=most).contains(minutes));
    let minutes = minutes.and_then(|minutes| i64::try_from(minutes).ok());
    let minutes = minutes.ok_or_else(|| refused("link_expiry_mins", "Not a valid number of minutes."))?;
    let plain = URL_SAFE_NO_PAD.encode(format!("{origin}|{}", system.now() + 60 * minutes));
    let token = format!("{plain}.{}", seal(system, &plain));
    let magic = is_magic.then(|| format!("{}{MAGIC}?link_token={token}", asked.base()));
    Ok(Reply::of(
        200,
        &json!({"link_token": token, "integration_name": null, "magic_link_url": magic}),
    ))
}

/// Answers with the account token for a public token, which is good once.
pub(super) fn exchange(system: &System, public: &str) -> Result<Reply, Refusal> {
    let grant = system
        .tokens()
        .take_code(public, system.now())
        .ok_or(Refusal::NotFound)?;
    let mut keys = system.keys().iter();
    let key = keys
        .find(|key| key.company == grant.caller.company)
        .ok_or(Refusal::NotFound)?;
    let slug = "emulated-hr";
    Ok(Reply::of(
        200,
        &json!({
            "account_token": key.text, "id": format!("{public}-id"),
            "integration": {
                "name": "Emulated HR", "abbreviated_name": "HR", "categories": ["hris"], "image": null, "square_image": null,
                "color": "#123456", "slug": slug, "api_endpoints_to_documentation_urls": {}, "webhook_setup_guide_url": null,
                "category_beta_status": {},
            },
        }),
    ))
}

/// Answers what needs no credential: where a magic link ends.
pub(super) fn magic(asked: &Asked) -> Option<Reply> {
    let page = "<!doctype html><title>Linked</title><p>You are done, and can close this page.</p>";
    (asked.path == MAGIC && asked.is_get()).then(|| Reply::html(200, page.to_owned()))
}
