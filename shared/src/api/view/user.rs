//! The built-in directory's users as callers see them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::{Instant, mask::Mask};
use crate::{
    account::Account,
    employee::{Attributes, Field},
    store::{HistoryChange, HistoryEntry},
};

/// A user of the built-in directory.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "User")]
pub(in crate::api) struct UserView {
    /// Its id.
    id: String,
    /// The reference that ties it to a person in HR.
    external_id: Option<String>,
    /// Whether the person may use the application.
    active: bool,
    /// Attributes by name; null where cleared, or hidden. `manager` is the id of a user.
    attributes: BTreeMap<String, Option<String>>,
    /// Which attributes have a value that is hidden from the caller's role.
    hidden: Vec<String>,
    /// When it was changed last; null where its history has ended.
    #[schemars(with = "Option<Instant>")]
    updated_at: Option<Timestamp>,
}

impl UserView {
    /// An account, changed last at an instant, without the values that a role hides.
    pub(in crate::api) fn new(account: &Account, updated_at: Option<Timestamp>, mask: &Mask) -> Self {
        let mut attributes = texts(&account.attributes);
        let mut hidden = Vec::new();
        for (name, value) in &mut attributes {
            if value.is_some() && mask.hides_named(name) {
                *value = None;
                hidden.push(name.clone());
            }
        }
        Self {
            id: account.id.as_str().to_owned(),
            external_id: account.external_id.as_ref().map(|id| id.as_str().to_owned()),
            active: account.active,
            attributes,
            hidden,
            updated_at,
        }
    }
}

/// Attributes by name; null where empty, missing where they were never seen.
pub(super) fn texts(attributes: &Attributes) -> BTreeMap<String, Option<String>> {
    let texts = attributes.view().iter().filter_map(|entry| {
        let value = match entry.field {
            Field::Value(value) => Some(value.to_owned()),
            Field::Empty => None,
            Field::Unseen => return None,
        };
        Some((entry.attribute.to_owned()?.name().into_owned(), value))
    });
    texts.collect()
}

/// Something that happened to a user.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "HistoryEntry")]
pub(in crate::api) struct HistoryView {
    /// When.
    #[schemars(with = "Instant")]
    at: Timestamp,
    /// By what: `plan:<id>`, or `person:<name>`.
    origin: String,
    /// The run, if it was one.
    run: Option<String>,
    /// `created`, `updated`, `deactivated` or `reactivated`.
    action: String,
    /// Attributes that changed.
    changes: Vec<HistoryChangeView>,
}

/// One attribute that changed.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "HistoryChange")]
struct HistoryChangeView {
    /// Which.
    name: String,
    /// Before; null where empty or sensitive.
    before: Option<String>,
    /// Afterwards; null where empty or sensitive.
    after: Option<String>,
    /// Whether the values are left out because the attribute is sensitive, for everybody or for the caller's role.
    sensitive: bool,
}

impl HistoryView {
    /// An entry, without the values that a role hides.
    pub(in crate::api) fn new(entry: HistoryEntry, mask: &Mask) -> Self {
        let view = |change: HistoryChange| {
            let is_hidden = mask.hides(&change.attribute);
            HistoryChangeView {
                name: change.attribute.name().into_owned(),
                before: change.before.filter(|_| !is_hidden),
                after: change.after.filter(|_| !is_hidden),
                sensitive: change.sensitive || is_hidden,
            }
        };
        Self {
            at: entry.at,
            origin: entry.origin,
            run: entry.run,
            action: entry.action,
            changes: entry.changes.into_iter().map(view).collect(),
        }
    }
}
