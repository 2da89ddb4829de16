//! Changing a user, on and off included. The account is read before, once: only what it does not show is sent, and what
//! a change came to is looked up where its answer does not show it (R28, R29).

use std::sync::atomic::Ordering;

use serde_json::{Value, json};

use super::{
    MEDIA, ScimTarget,
    answer::{json, refusal},
    profile::Update,
    resource::{Assignment, member, merged, strip, version},
};
use crate::{
    account::Account,
    employee::{AttributeRef, Attributes, AttributesBuilder, Canonical, Field},
    http::{Method, Response},
    target::{Class, Error, Patch},
};

const UPDATE: &str = "update an account";
/// The message of a `PATCH` (RFC 7644, section 3.5.2).
const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

impl ScimTarget {
    /// Changes a user as far as it does not show the change already.
    pub(super) async fn change(&self, patch: &Patch) -> Result<Account, Error> {
        let current = self.resource_to_change(&patch.id, patch.version.as_deref()).await?;
        let current = current.ok_or_else(gone)?;
        let account = self.form.account(&current).ok_or_else(gone)?;
        let is_other = |wanted: &str| account.version.as_deref().is_some_and(|version| version != wanted);
        if patch.version.as_deref().is_some_and(is_other) {
            return Err(Error::new(Class::Changed, UPDATE, "the account has another version"));
        }
        let mut wanted = self.wanted(patch, &account);
        keep_other_numbers(&mut wanted, &current, self.form.profile.single_values);
        if wanted.is_empty() {
            return Ok(account);
        }
        let sent = self.sent(&patch.attributes);
        match self.write(&current, &account, &wanted).await {
            Ok(response) if response.is_success() => self.settled(patch, &sent, &account, json(&response)).await,
            Ok(response) if response.status() == 412 => {
                // A reply may have been lost, and the version be the one that we have made.
                let now = self
                    .find_resource(&patch.id)
                    .await?
                    .and_then(|found| self.form.account(&found));
                let is_done =
                    |now: &Account| holds(now, &sent) && patch.active.is_none_or(|active| now.active == active);
                now.filter(is_done).ok_or_else(|| refusal(UPDATE, &response, true))
            }
            Ok(response) => Err(refusal(UPDATE, &response, true)),
            Err(error) => Err(error),
        }
    }

    /// What is to be assigned: only what the account does not show.
    fn wanted(&self, patch: &Patch, account: &Account) -> Vec<Assignment> {
        let mut differing = AttributesBuilder::new();
        for entry in patch.attributes.view() {
            let Some(attribute) = entry.attribute.to_owned() else {
                continue;
            };
            if account.attributes.field(attribute.clone()).value() != entry.field.value() {
                differing.append(&attribute, entry.field);
            }
        }
        let mut wanted = self.form.assignments(&differing.build());
        let reference = patch
            .external_id
            .as_ref()
            .filter(|wanted| account.external_id.as_ref() != Some(wanted));
        wanted.extend(reference.map(|reference| assignment("externalId", json!(reference.as_str()))));
        let active = patch.active.filter(|active| *active != account.active);
        wanted.extend(active.map(|active| assignment("active", Value::Bool(active))));
        wanted
    }

    /// Sends a change in the way that the server takes.
    async fn write(&self, current: &Value, account: &Account, wanted: &[Assignment]) -> Result<Response, Error> {
        let response = self.write_once(current, account, wanted).await?;
        if response.status() != 400 {
            return Ok(response);
        }
        let known = self.known().await;
        let less: Vec<Assignment> = wanted
            .iter()
            .filter(|assignment| known.has(&assignment.path))
            .cloned()
            .collect();
        if less.len() == wanted.len() || less.is_empty() {
            return Ok(response);
        }
        self.write_once(current, account, &less).await
    }

    async fn write_once(&self, current: &Value, account: &Account, wanted: &[Assignment]) -> Result<Response, Error> {
        if self.form.profile.update == Update::Merge {
            let mut members = merged(&self.form, wanted);
            let name = member(current, "userName").cloned();
            name.map(|name| members.entry("userName").or_insert(name));
            return self
                .send_change(Method::Patch, current, account, &Value::Object(members))
                .await;
        }
        let features = self.features().await;
        if features.patch && !self.replaces.load(Ordering::Relaxed) {
            let operations: Vec<Value> = wanted.iter().map(operation).collect();
            let message = json!({ "schemas": [PATCH], "Operations": operations });
            let response = self.send_change(Method::Patch, current, account, &message).await?;
            if !matches!(response.status(), 405 | 501) {
                return Ok(response);
            }
            self.replaces.store(true, Ordering::Relaxed);
        }
        let mut whole = current.clone();
        strip(&mut whole);
        // Some show it as a text, or not at all, and take a boolean only.
        self.form
            .apply(&mut whole, &assignment("active", Value::Bool(account.active)));
        for assignment in wanted {
            self.form.apply(&mut whole, assignment);
        }
        let response = self.send_change(Method::Put, current, account, &whole).await?;
        // The server said that it cannot patch, and it cannot replace either: what it said was wrong.
        if matches!(response.status(), 405 | 501) && !features.patch && !self.replaces.load(Ordering::Relaxed) {
            let operations: Vec<Value> = wanted.iter().map(operation).collect();
            return self
                .send_change(
                    Method::Patch,
                    current,
                    account,
                    &json!({ "schemas": [PATCH], "Operations": operations }),
                )
                .await;
        }
        Ok(response)
    }

    /// Sends one request that says what is to be there afterwards: sent twice, it does nothing twice.
    async fn send_change(
        &self,
        method: Method,
        current: &Value,
        account: &Account,
        body: &Value,
    ) -> Result<Response, Error> {
        let request = self.user_request(method, account.id.as_str()).await.ok_or_else(gone)?;
        let mut request = request.text(MEDIA, body.to_string()).repeatable();
        if self.features().await.etag
            && let Some(version) = version(current)
        {
            request = request.header("if-match", version.into_string());
        }
        self.call(UPDATE, true, request).await
    }

    /// The account after a change. An answer is believed where it shows what was sent; otherwise the account is read.
    async fn settled(
        &self,
        patch: &Patch,
        sent: &[(Canonical, Option<String>)],
        before: &Account,
        body: Option<Value>,
    ) -> Result<Account, Error> {
        let active = patch.active.unwrap_or(before.active);
        let answered = body.and_then(|body| self.form.account(&body));
        let is_whole = |now: &Account| now.id == patch.id && holds(now, sent) && now.active == active;
        if let Some(now) = answered.filter(is_whole)
            && patch
                .attributes
                .view()
                .iter()
                .all(|entry| matches!(entry.attribute, AttributeRef::Canonical(_)))
        {
            return Ok(now);
        }
        match self.find_resource(&patch.id).await? {
            Some(found) => self.form.account(&found).ok_or_else(gone),
            // Products exist that forget a user who is switched off.
            None if !active => Ok(Account {
                active: false,
                ..before.clone()
            }),
            None => Err(gone()),
        }
    }

    /// The attributes that were sent and can be shown.
    pub(super) fn sent(&self, attributes: &Attributes) -> Vec<(Canonical, Option<String>)> {
        let entries = attributes
            .view()
            .iter()
            .filter_map(|entry| match (entry.attribute, entry.field) {
                (AttributeRef::Canonical(canonical), Field::Value(value)) => Some((canonical, Some(value.to_owned()))),
                (AttributeRef::Canonical(canonical), Field::Empty) => Some((canonical, None)),
                (AttributeRef::Custom(_), _) | (_, Field::Unseen) => None,
            });
        entries
            .filter(|(canonical, _)| self.form.profile.place(*canonical).is_some() || self.form.extension.is_some())
            .collect()
    }
}

/// A list is replaced whole: numbers that are not the mobile one are sent along, because the plan does not ask to take
/// them away. Where a list holds one value and it is another number, the list stays.
fn keep_other_numbers(wanted: &mut Vec<Assignment>, current: &Value, single: bool) {
    const NUMBERS: &str = "phoneNumbers";
    let known = member(current, NUMBERS).and_then(Value::as_array);
    let is_mobile = |entry: &&Value| {
        let kind = member(entry, "type").and_then(Value::as_str);
        kind.is_some_and(|kind| kind.eq_ignore_ascii_case("mobile"))
    };
    let others: Vec<Value> = known
        .into_iter()
        .flatten()
        .filter(|entry| !is_mobile(entry))
        .cloned()
        .collect();
    if others.is_empty() {
        return;
    }
    if single {
        wanted.retain(|assignment| assignment.path != NUMBERS);
        return;
    }
    for assignment in wanted.iter_mut().filter(|assignment| assignment.path == NUMBERS) {
        let mobile = assignment
            .value
            .take()
            .and_then(|list| list.as_array().cloned())
            .unwrap_or_default();
        assignment.value = Some(Value::Array(mobile.into_iter().chain(others.clone()).collect()));
    }
}

fn assignment(path: &str, value: Value) -> Assignment {
    Assignment {
        path: path.to_owned(),
        value: Some(value),
    }
}

/// Returns one operation, on one path, in small letters (RFC 7644, section 3.5.2).
fn operation(assignment: &Assignment) -> Value {
    match &assignment.value {
        Some(value) => json!({ "op": "replace", "path": assignment.path, "value": value }),
        None => json!({ "op": "remove", "path": assignment.path }),
    }
}

/// Whether an account shows what was sent.
pub(super) fn holds(account: &Account, sent: &[(Canonical, Option<String>)]) -> bool {
    sent.iter()
        .all(|(attribute, value)| account.value(*attribute) == value.as_deref())
}

pub(super) fn gone() -> Error {
    Error::new(Class::Gone, UPDATE, "the account is not there")
}
