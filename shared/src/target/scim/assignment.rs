//! What is written of a user as JSON: each value at its place. Pure: no HTTP.

use serde_json::{Map, Value, json};

use super::{
    part::whole_name,
    profile::{ENTERPRISE, ManagerForm, Place, USER},
    resource::{Form, member, text_of},
};
use crate::{
    account::ExternalId,
    employee::{AttributeRef, Attributes, Field},
};

/// A change of one place in a resource: its path (RFC 7644, section 3.10) and what stands there then.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Assignment {
    pub(super) path: String,
    /// `None` clears it.
    pub(super) value: Option<Value>,
}

impl Assignment {
    /// Returns the assignment of a value.
    pub(super) fn set(path: &str, value: Value) -> Self {
        Self {
            path: path.to_owned(),
            value: Some(value),
        }
    }
}

impl Form {
    /// What is assigned where, for attributes that are to be set or cleared. What has no place is left out.
    pub(super) fn assignments(&self, attributes: &Attributes) -> Vec<Assignment> {
        let mut assignments = Vec::new();
        for entry in attributes.view() {
            let value = match entry.field {
                Field::Value(value) => Some(value),
                Field::Empty => None,
                Field::Unseen => continue,
            };
            match entry.attribute {
                AttributeRef::Canonical(canonical) => match self.profile.place(canonical) {
                    Some(place) => self.assign(place, value, &mut assignments),
                    None => self.assign_extended(canonical.name(), value, &mut assignments),
                },
                AttributeRef::Custom(name) => self.assign_extended(name, value, &mut assignments),
            }
        }
        assignments
    }

    fn assign(&self, place: Place, value: Option<&str>, into: &mut Vec<Assignment>) {
        let mut push = |path: String, value: Option<Value>| into.push(Assignment { path, value });
        let text = value.map(|value| Value::String(value.to_owned()));
        match place {
            Place::Core(name) => push(name.to_owned(), text),
            Place::Name(name) => push(format!("name.{name}"), text),
            Place::Enterprise(name) => push(format!("{ENTERPRISE}:{name}"), text),
            Place::Mobile => {
                let list = value.map(|value| json!([{ "type": "mobile", "value": value }]));
                push("phoneNumbers".to_owned(), list);
            }
            Place::Manager => {
                let manager = match self.profile.manager {
                    ManagerForm::Reference => value.map(|value| json!({ "value": value })),
                    ManagerForm::Text => text,
                };
                push(format!("{ENTERPRISE}:manager"), manager);
            }
            Place::Login => {
                // A user name cannot be taken away (RFC 7643, section 4.1.1).
                if let Some(value) = value {
                    push("userName".to_owned(), text);
                    let list = json!([{ "type": "work", "value": value, "primary": true }]);
                    push("emails".to_owned(), Some(list));
                }
            }
        }
    }

    fn assign_extended(&self, name: &str, value: Option<&str>, into: &mut Vec<Assignment>) {
        if let Some(urn) = &self.extension {
            into.push(Assignment {
                path: format!("{urn}:{name}"),
                value: value.map(|value| Value::String(value.to_owned())),
            });
        }
    }

    /// A new user.
    pub(super) fn new_user(&self, external_id: &ExternalId, attributes: &Attributes) -> Value {
        let mut resource = json!({ "schemas": [USER], "externalId": external_id.as_str(), "active": true });
        for assignment in self.assignments(attributes) {
            if assignment.value.is_some() {
                self.apply(&mut resource, &assignment);
            }
        }
        if self.profile.needs_display_name && member(&resource, "displayName").is_none() {
            let name = member(&resource, "name");
            let part = |part: &str| name.and_then(|name| text_of(name, part));
            let whole = whole_name(part("givenName").as_deref(), part("familyName").as_deref());
            let shown = if whole.is_empty() {
                text_of(&resource, "userName").unwrap_or_default()
            } else {
                whole
            };
            put(&mut resource, "displayName", Some(Value::String(shown)));
        }
        resource
    }

    /// Carries an assignment out on a resource, with the schema that its place belongs to.
    pub(super) fn apply(&self, resource: &mut Value, assignment: &Assignment) {
        let Assignment { path, value } = assignment;
        for urn in [Some(ENTERPRISE), self.extension.as_deref()].into_iter().flatten() {
            if let Some(name) = path.strip_prefix(urn).and_then(|rest| rest.strip_prefix(':')) {
                note_schema(resource, urn);
                put(object(resource, urn), name, value.clone());
                return;
            }
        }
        match path.split_once('.') {
            Some((outer, inner)) => put(object(resource, outer), inner, value.clone()),
            None => put(resource, path, value.clone()),
        }
    }
}

/// The object at a member, made where there is none.
fn object<'a>(resource: &'a mut Value, name: &str) -> &'a mut Value {
    if !resource.is_object() {
        *resource = json!({});
    }
    let known = resource
        .as_object()
        .and_then(|members| members.keys().find(|key| key.eq_ignore_ascii_case(name)).cloned());
    let entry = &mut resource[known.as_deref().unwrap_or(name)];
    if !entry.is_object() {
        *entry = json!({});
    }
    entry
}

fn put(object: &mut Value, name: &str, value: Option<Value>) {
    let Some(members) = object.as_object_mut() else {
        return;
    };
    let known = members.keys().find(|key| key.eq_ignore_ascii_case(name)).cloned();
    let name = known.unwrap_or_else(|| name.to_owned());
    match value {
        Some(value) => drop(members.insert(name, value)),
        None => drop(members.remove(&name)),
    }
}

fn note_schema(resource: &mut Value, urn: &str) {
    let Some(members) = resource.as_object_mut() else {
        return;
    };
    let schemas = members.entry("schemas").or_insert_with(|| json!([USER]));
    if let Some(list) = schemas.as_array_mut()
        && !list.iter().any(|known| known.as_str() == Some(urn))
    {
        list.push(Value::String(urn.to_owned()));
    }
}

/// Leaves out of a resource what only the server may write, before it is sent back whole.
pub(super) fn strip(resource: &mut Value) {
    if let Some(members) = resource.as_object_mut() {
        members.retain(|name, _| {
            !["meta", "groups", "password", "id"]
                .iter()
                .any(|own| name.eq_ignore_ascii_case(own))
        });
    }
}

/// The members that a merge sends: the same as [`Form::apply`] on nothing, with what is cleared as `null`.
pub(super) fn merged(form: &Form, assignments: &[Assignment]) -> Map<String, Value> {
    let mut resource = json!({});
    for Assignment { path, value } in assignments {
        let value = Some(value.clone().unwrap_or(Value::Null));
        form.apply(
            &mut resource,
            &Assignment {
                path: path.clone(),
                value,
            },
        );
    }
    let mut members = resource.as_object().cloned().unwrap_or_default();
    members.remove("schemas");
    members
}
