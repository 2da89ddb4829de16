//! What is to be written of a user, in parts that a server takes or refuses by themselves. Pure: no HTTP.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    assignment::{Assignment, merged},
    entry::following,
    new_user::{PARTS_OF_ADDRESSES, entry_with},
    profile::{ENTERPRISE, Place},
    resource::{Form, fold, member},
};
use crate::{
    account::{Account, ExternalId, Learned, WriteForm},
    employee::{Attribute, AttributeRef, AttributesBuilder, Canonical, Field},
    target::{Patch, Refusal},
};

/// The message of a `PATCH` (RFC 7644, section 3.5.2).
const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
/// The whole name, which some servers ask for and none works out again.
pub(super) const WHOLE_NAME: &str = "name.formatted";
/// The name to show, which some servers ask for.
pub(super) const DISPLAY_NAME: &str = "displayName";
/// What follows first and last name where it was made of them.
const FOLLOWING: [&str; 2] = [WHOLE_NAME, DISPLAY_NAME];
pub(super) const REFERENCE: &str = "externalId";
const ACTIVE: &str = "active";
/// The name for the login.
pub(super) const LOGIN: &str = "userName";
pub(super) const EMAILS: &str = "emails";
pub(super) const NUMBERS: &str = "phoneNumbers";

/// Members that are written together, or not at all.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Part {
    /// The attributes that it sets, with the values that the account shows afterwards; `None` clears one.
    pub(super) wanted: Vec<(Attribute, Option<String>)>,
    /// The attributes by which it is named where it is refused.
    pub(super) names: Vec<Attribute>,
    pub(super) assignments: Vec<Assignment>,
}

impl Part {
    pub(super) fn of(attribute: Attribute, value: Option<&str>, assignment: Assignment) -> Self {
        Self {
            wanted: vec![(attribute.clone(), value.map(str::to_owned))],
            names: vec![attribute],
            assignments: vec![assignment],
        }
    }

    /// Returns the part that switches an account on or off.
    pub(super) fn active(active: bool) -> Self {
        Self::bare(ACTIVE, Value::Bool(active))
    }

    pub(super) fn bare(path: &str, value: Value) -> Self {
        Self {
            wanted: Vec::new(),
            names: Vec::new(),
            assignments: vec![Assignment::set(path, value)],
        }
    }

    /// Returns the path under which is remembered what the server makes of it.
    pub(super) fn path(&self) -> &str {
        self.assignments.first().map_or("", |assignment| &assignment.path)
    }

    /// Returns what it makes of `active`, where it is the part that does.
    pub(super) fn switches(&self) -> Option<bool> {
        let assignment = self.assignments.first().filter(|first| first.path == ACTIVE)?;
        assignment.value.as_ref().and_then(Value::as_bool)
    }

    /// Returns whether it is the part that gives the login another name.
    pub(super) fn is_login(&self) -> bool {
        self.path() == LOGIN
    }

    /// Returns the address that it makes the account's, where it is the part that does.
    pub(super) fn address(&self) -> Option<&str> {
        let wanted = self.wanted.first().filter(|_| self.path() == EMAILS);
        wanted.and_then(|(_, value)| value.as_deref())
    }

    /// Returns the reference that it writes, where it is the part that does.
    fn reference(&self) -> Option<&str> {
        let assignment = self.assignments.first().filter(|first| first.path == REFERENCE)?;
        assignment.value.as_ref().and_then(Value::as_str)
    }

    /// Returns the login that it writes, as it is compared, where it is the part that does.
    fn login(&self) -> Option<String> {
        let assignment = self.assignments.first().filter(|first| first.path == LOGIN)?;
        assignment.value.as_ref().and_then(Value::as_str).map(fold)
    }

    /// Returns whether an account can show it at all.
    pub(super) fn can_be_shown(&self) -> bool {
        !self.wanted.is_empty() || self.switches().is_some() || self.reference().is_some() || self.is_login()
    }

    /// Returns whether an account shows it.
    pub(super) fn is_shown(&self, account: &Account) -> bool {
        let shows = |(attribute, value): &(Attribute, Option<String>)| shown(account, attribute) == value.as_deref();
        let reference = account.external_id.as_ref().map(ExternalId::as_str);
        self.wanted.iter().all(shows)
            && self.switches().is_none_or(|active| account.active == active)
            && self.reference().is_none_or(|wanted| reference == Some(wanted))
            && self.login().is_none_or(|wanted| login_of(account) == Some(&*wanted))
    }

    /// Returns what less of it some servers take, each with the paths that it is without: addresses without their kinds, names
    /// without what follows them.
    pub(super) fn with_less(&self) -> Vec<(Self, Vec<String>)> {
        let mut less = Vec::new();
        let stays = |set: &&Assignment| !FOLLOWING.contains(&&*set.path);
        let assignments: Vec<Assignment> = self.assignments.iter().filter(stays).cloned().collect();
        if !assignments.is_empty() && assignments.len() < self.assignments.len() {
            let left_out = self.assignments.iter().filter(|set| !stays(set));
            let left_out = left_out.map(|set| set.path.clone()).collect();
            less.push((
                Self {
                    assignments,
                    ..self.clone()
                },
                left_out,
            ));
        }
        let mut bare = self.clone();
        let mut left_out = BTreeSet::new();
        for list in bare.assignments.iter_mut().filter(|set| set.path == EMAILS) {
            for entry in list.value.iter_mut().filter_map(Value::as_array_mut).flatten() {
                let stays = &mut |path: &str| {
                    let stays = !PARTS_OF_ADDRESSES.contains(&path);
                    if !stays {
                        left_out.insert(path.to_owned());
                    }
                    stays
                };
                *entry = entry_with(EMAILS, entry.take(), stays);
            }
        }
        if !left_out.is_empty() {
            less.push((bare, left_out.into_iter().collect()));
        }
        less
    }

    /// Returns how it is named where it is refused for this reason.
    pub(super) fn refusal(&self, detail: &str) -> Refusal {
        Refusal {
            attributes: self.names.clone(),
            member: self.path().to_owned(),
            detail: detail.to_owned(),
        }
    }

    /// Returns whether an account shows nothing of it: what it showed before, or no value. Another value is what the server
    /// has made of it.
    pub(super) fn is_lost(&self, before: &Account, after: &Account) -> bool {
        let is_lost = |(attribute, value): &(Attribute, Option<String>)| {
            let now = shown(after, attribute);
            now != value.as_deref() && (now.is_none() || now == shown(before, attribute))
        };
        let keeps_login = self.is_login() && !self.is_shown(after) && login_of(after) == login_of(before);
        self.wanted.iter().any(is_lost) || keeps_login || self.switches().is_some_and(|active| after.active != active)
    }

    /// Returns the forms in which it may be written at a server whose usual form is this one.
    pub(super) fn forms(&self, usual: WriteForm) -> Vec<WriteForm> {
        let mut forms = vec![WriteForm::Path, WriteForm::WithoutPath];
        if self.path() == manager_path() && self.assignments.iter().all(|assignment| assignment.value.is_some()) {
            forms.extend([WriteForm::Value, WriteForm::Text]);
        }
        if usual == WriteForm::Put {
            forms.clear();
        }
        forms.push(WriteForm::Put);
        forms
    }
}

/// The login of an account: its address, where it is no other.
fn login_of(account: &Account) -> Option<&str> {
    account.login.as_deref().or_else(|| account.value(Canonical::Email))
}

pub(super) fn manager_path() -> String {
    format!("{ENTERPRISE}:manager")
}

fn shown<'a>(account: &'a Account, attribute: &Attribute) -> Option<&'a str> {
    account.attributes.field(attribute.clone()).value()
}

/// Returns the message of a `PATCH` that writes parts in this form.
pub(super) fn message(form: &Form, parts: &[&Part], how: WriteForm) -> Value {
    let assignments = parts.iter().flat_map(|part| &part.assignments);
    let operations: Vec<Value> = match how {
        WriteForm::WithoutPath => {
            let all: Vec<Assignment> = assignments.cloned().collect();
            vec![json!({ "op": "replace", "value": merged(form, &all) })]
        }
        WriteForm::Value => assignments
            .map(|assignment| operation(&format!("{}.value", assignment.path), plain(assignment)))
            .collect(),
        WriteForm::Text => assignments
            .map(|assignment| operation(&assignment.path, plain(assignment)))
            .collect(),
        WriteForm::Path | WriteForm::Put => assignments
            .map(|assignment| operation(&assignment.path, assignment.value.clone()))
            .collect(),
    };
    json!({ "schemas": [PATCH], "Operations": operations })
}

/// Returns the value of a reference as the text that it is.
pub(super) fn plain(assignment: &Assignment) -> Option<Value> {
    let value = assignment.value.as_ref()?;
    Some(member(value, "value").unwrap_or(value).clone())
}

/// Returns one operation, on one path, in small letters (RFC 7644, section 3.5.2).
fn operation(path: &str, value: Option<Value>) -> Value {
    match value {
        Some(value) => json!({ "op": "replace", "path": path, "value": value }),
        None => json!({ "op": "remove", "path": path }),
    }
}

impl Form {
    /// Returns what has to be written of a change: only what the account does not show, and what follows from it.
    pub(super) fn parts(&self, current: &Value, account: &Account, patch: &Patch, learned: &Learned) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut name: Option<Part> = None;
        for entry in patch.attributes.view() {
            let (Some(attribute), Field::Value(_) | Field::Empty) = (entry.attribute.to_owned(), entry.field) else {
                continue;
            };
            let value = entry.field.value();
            if account.attributes.field(attribute.clone()).value() == value {
                continue;
            }
            let place = match entry.attribute {
                AttributeRef::Canonical(canonical) => self.profile.place(canonical),
                AttributeRef::Custom(_) => None,
            };
            match place {
                Some(Place::Login) => {
                    parts.extend(value.into_iter().flat_map(|value| self.login(current, account, value)));
                }
                Some(Place::Mobile) => parts.extend(self.numbers(current, attribute, value)),
                Some(Place::Name(_)) => {
                    let part = self.plain_parts(&attribute, entry.field).pop();
                    match (&mut name, part) {
                        (Some(name), Some(part)) => name.join(part),
                        (name, part) => *name = name.take().or(part),
                    }
                }
                Some(Place::Core(_) | Place::Enterprise(_) | Place::Manager) | None => {
                    parts.extend(self.plain_parts(&attribute, entry.field));
                }
            }
        }
        if let Some(mut name) = name {
            let following = following(current, account, &name, patch, learned);
            name.assignments.extend(following);
            parts.push(name);
        }
        let reference = patch.external_id.as_ref();
        let reference = reference.filter(|wanted| account.external_id.as_ref() != Some(wanted));
        parts.extend(reference.map(|reference| Part::bare(REFERENCE, json!(reference.as_str()))));
        for list in parts.iter_mut().flat_map(|part| &mut part.assignments) {
            if let Some(Value::Array(entries)) = &mut list.value {
                let stays = &mut |path: &str| !learned.is_refused(path);
                for entry in entries {
                    *entry = entry_with(&list.path, entry.take(), stays);
                }
            }
        }
        match patch.active.filter(|active| *active != account.active) {
            // Some servers take nothing else of an account that is off.
            Some(true) => parts.insert(0, Part::active(true)),
            Some(false) => parts.push(Part::active(false)),
            None => {}
        }
        parts
    }

    fn plain_parts(&self, attribute: &Attribute, field: Field<&str>) -> Vec<Part> {
        let mut one = AttributesBuilder::new();
        one.append(attribute, field);
        let assignments = self.assignments(&one.build()).into_iter();
        assignments
            .map(|assignment| Part::of(attribute.clone(), field.value(), assignment))
            .collect()
    }
}

impl Part {
    /// Adds what belongs together with it.
    fn join(&mut self, other: Self) {
        self.wanted.extend(other.wanted);
        self.names.extend(other.names);
        self.assignments.extend(other.assignments);
    }
}

/// Returns a whole name as most servers make it.
pub(super) fn whole_name(first: Option<&str>, last: Option<&str>) -> String {
    let names = [first, last].into_iter().flatten();
    names.collect::<Vec<_>>().join(" ")
}
