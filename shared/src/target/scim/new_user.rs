//! A user to be made, and what less of it a server may take. Pure: no HTTP.

use serde_json::{Map, Value, json};

use super::{
    assignment::Assignment,
    part::{LOGIN, REFERENCE, WHOLE_NAME, whole_name},
    profile::USER,
    resource::{Form, member, text_of},
    schema::Known,
};
use crate::{account::Learned, employee::Attributes, target::NewAccount};

/// What makes a user one; all else can be set afterwards.
const CORE: [&str; 7] = [
    "schemas",
    "userName",
    "name",
    "emails",
    "externalId",
    "active",
    "displayName",
];
/// What some servers do not take of an address.
pub(super) const PARTS_OF_ADDRESSES: [&str; 2] = ["emails.type", "emails.primary"];

/// The body of a request that makes a user.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Draft(Value);

/// A draft with less in it, and what it teaches where the server takes it.
pub(super) struct Lesson {
    pub(super) draft: Draft,
    /// Paths that the server does not have.
    pub(super) absent: Vec<String>,
    /// Paths that a user has to have.
    pub(super) needed: Vec<&'static str>,
}

impl Draft {
    /// Returns a new user, without what the server is known not to have and with what it has to have.
    pub(super) fn new(form: &Form, account: &NewAccount, attributes: &Attributes, learned: &Learned) -> Self {
        let mut draft = Self(form.new_user(&account.external_id, attributes));
        if learned.needed().any(|path| path == WHOLE_NAME) {
            draft = draft.with_whole_name(form);
        }
        // A login that cannot be changed is one that a new user has to have.
        draft.filtered(&mut |path| path == LOGIN || !learned.is_refused(path))
    }

    pub(super) const fn body(&self) -> &Value {
        &self.0
    }

    /// Returns what may be tried where the server refuses it: without what the schemas do not have; then only what makes a user;
    /// and, at a server that has made nobody yet, without what some servers do not take.
    pub(super) fn lessons(&self, form: &Form, known: &Known, has_made_users: bool) -> Vec<Lesson> {
        let mut absent = Vec::new();
        let mut less = self.filtered(&mut |path| {
            let has = path == REFERENCE || known.has(path);
            // All else is set by itself afterwards, which shows whether the server keeps it: schemas do not tell all.
            if !has && path.starts_with("emails.") {
                absent.push(path.to_owned());
            }
            has
        });
        let mut needed = Vec::new();
        if known.needs(WHOLE_NAME) {
            less = less.with_whole_name(form);
            needed.push(WHOLE_NAME);
        }
        let core = less.only_core();
        let named = core.with_whole_name(form);
        let lesson = |draft, absent, needed: &[&'static str]| Lesson {
            draft,
            absent,
            needed: needed.to_vec(),
        };
        let without = |paths: &[&str]| {
            let less = named.filtered(&mut |path| !paths.contains(&path));
            let absent = paths.iter().map(|path| (*path).to_owned()).collect();
            lesson(less, absent, &[WHOLE_NAME])
        };
        let [kind, primary] = PARTS_OF_ADDRESSES;
        let others = [
            without(&[]),
            without(&[kind, primary]),
            without(&[REFERENCE]),
            without(&[kind, primary, REFERENCE]),
        ];
        // What makes a user alone teaches nothing of what was left out: a value of it may have been refused.
        let first = [
            lesson(self.clone(), Vec::new(), &[]),
            lesson(less, absent, &needed),
            lesson(core, Vec::new(), &needed),
        ];
        let others = others.into_iter().filter(|_| !has_made_users);
        first.into_iter().chain(others).collect()
    }

    fn only_core(&self) -> Self {
        let mut body = self.0.clone();
        if let Some(members) = body.as_object_mut() {
            members.retain(|name, _| CORE.contains(&&**name));
            members.insert("schemas".to_owned(), json!([USER]));
        }
        Self(body)
    }

    /// Returns it with a whole name made of its names, or of its login.
    fn with_whole_name(&self, form: &Form) -> Self {
        let mut body = self.0.clone();
        let name = member(&body, "name");
        let part = |part: &str| name.and_then(|name| text_of(name, part));
        if part("formatted").is_none() {
            let whole = whole_name(part("givenName").as_deref(), part("familyName").as_deref());
            let whole = if whole.is_empty() {
                text_of(&body, "userName").unwrap_or_default()
            } else {
                whole
            };
            let name = Assignment::set(WHOLE_NAME, json!(whole));
            form.apply(&mut body, &name);
        }
        Self(body)
    }

    /// Returns it with those paths that are to stay.
    fn filtered(&self, stays: &mut dyn FnMut(&str) -> bool) -> Self {
        let Value::Object(members) = self.0.clone() else {
            return self.clone();
        };
        let mut kept = Map::new();
        for (name, value) in members {
            let value = match value {
                Value::Object(inner) => {
                    let between = if name.starts_with("urn:") { ':' } else { '.' };
                    let inner = inner.into_iter();
                    let inner = inner.filter(|(part, _)| stays(&format!("{name}{between}{part}")));
                    let inner: Map<String, Value> = inner.collect();
                    (!inner.is_empty()).then_some(Value::Object(inner))
                }
                schemas @ Value::Array(_) if name == "schemas" => Some(schemas),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_)
                    if !stays(&name) =>
                {
                    None
                }
                Value::Array(entries) => {
                    let entries = entries.into_iter().map(|entry| entry_with(&name, entry, stays));
                    Some(entries.collect())
                }
                plain @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => Some(plain),
            };
            kept.extend(value.map(|value| (name, value)));
        }
        let names: Vec<String> = kept.keys().cloned().collect();
        if let Some(schemas) = kept.get_mut("schemas").and_then(Value::as_array_mut) {
            schemas.retain(|urn| {
                urn.as_str()
                    .is_some_and(|urn| urn == USER || names.iter().any(|name| name == urn))
            });
        }
        Self(Value::Object(kept))
    }
}

/// Returns an entry of a list with those parts that are to stay.
pub(super) fn entry_with(list: &str, entry: Value, stays: &mut dyn FnMut(&str) -> bool) -> Value {
    let Value::Object(parts) = entry else {
        return entry;
    };
    let parts = parts.into_iter();
    Value::Object(parts.filter(|(part, _)| stays(&format!("{list}.{part}"))).collect())
}
