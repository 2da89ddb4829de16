//! Changes of a user: the operations of a `PATCH` (RFC 7644, section 3.5.2), and members that are taken over.

use serde_json::{Map, Value, json};

use super::{
    habit::Habits,
    user::{ENTERPRISE, EXTENSION, Refused, USER},
};

/// Carries operations out. Paths are simple, without a filter; without a path the value holds what changes.
pub(super) fn patch(
    members: &mut Map<String, Value>,
    message: &Map<String, Value>,
    habits: &Habits,
) -> Result<(), Refused> {
    let operations = message.get("Operations").and_then(Value::as_array);
    for operation in operations.ok_or_else(|| Refused::bad("invalidSyntax", "no Operations"))? {
        let value = operation.get("value").cloned();
        let value = match operation.get("op").and_then(Value::as_str) {
            Some("replace" | "add") => Some(value.ok_or_else(|| Refused::bad("invalidValue", "a value is needed"))?),
            Some("remove") => None,
            Some(_) | None => {
                let detail = "op is add, replace or remove, in small letters";
                return Err(Refused::bad("invalidSyntax", detail));
            }
        };
        match (operation.get("path").and_then(Value::as_str), value) {
            (Some(path), value) => assign(members, path, value, habits)?,
            (None, Some(Value::Object(values))) => take_over(members, values, habits)?,
            (None, _) => return Err(Refused::bad("noTarget", "a path is needed, or an object")),
        }
    }
    Ok(())
}

/// Carries an operation without a path out: its value holds attributes, extensions and paths.
fn take_over(members: &mut Map<String, Value>, values: Map<String, Value>, habits: &Habits) -> Result<(), Refused> {
    for (name, value) in values {
        let is_path = name.starts_with("urn:") && ![ENTERPRISE, EXTENSION].contains(&name.as_str());
        if is_path || name.contains('.') && !name.starts_with("urn:") || name == "active" {
            assign(members, &name, Some(value).filter(|value| !value.is_null()), habits)?;
        } else {
            merge(members, [(name, value)].into_iter().collect());
        }
    }
    Ok(())
}

/// Sets or takes away what stands at a path.
fn assign(members: &mut Map<String, Value>, path: &str, value: Option<Value>, habits: &Habits) -> Result<(), Refused> {
    if path.contains('[') {
        return Err(Refused::bad("invalidPath", "no filters in paths"));
    }
    if path == "active" && !value.as_ref().is_some_and(Value::is_boolean) {
        return Err(Refused::bad("invalidValue", "active is a boolean"));
    }
    if habits.refuses_unchanged && path == "emails" && members.get("emails") == value.as_ref() {
        return Err(Refused::bad("invalidValue", "emails did not change"));
    }
    let is_misplaced = habits
        .misplaces
        .iter()
        .any(|name| path.starts_with("urn:") && path.ends_with(&format!(":{name}")));
    match value {
        Some(value @ Value::Object(_)) if is_misplaced => drop(members.insert(path.to_owned(), value)),
        Some(text @ Value::String(_)) if is_misplaced => put(members, path, Some(&json!({ "value": text }))),
        value => put(members, path, value.as_ref()),
    }
    Ok(())
}

/// Sets or takes away what stands at a path (RFC 7644, section 3.10).
fn put(members: &mut Map<String, Value>, path: &str, value: Option<&Value>) {
    let (urn, name) = match path.rsplit_once(':') {
        Some(_) if [ENTERPRISE, EXTENSION].contains(&path) => (None, path),
        Some((USER, name)) => (None, name),
        Some((urn, name)) => (Some(urn), name),
        None => (None, path),
    };
    let (outer, inner) = match name.split_once('.') {
        Some(split) if !name.starts_with("urn:") => (Some(split.0), split.1),
        Some(_) | None => (None, name),
    };
    let change = |home: &mut Map<String, Value>| match outer {
        Some(outer) => within(home, outer, |object| set(object, inner, value.cloned())),
        None => set(home, inner, value.cloned()),
    };
    match urn {
        Some(urn) => within(members, urn, change),
        None => change(members),
    }
}

/// Changes the object at a member, which is made where there is none, and taken away where it is empty afterwards.
fn within(members: &mut Map<String, Value>, name: &str, mut change: impl FnMut(&mut Map<String, Value>)) {
    let entry = members.entry(name.to_owned()).or_insert_with(|| json!({}));
    if let Some(object) = entry.as_object_mut() {
        change(object);
        if object.is_empty() {
            members.remove(name);
        }
    }
}

fn set(members: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    match value {
        Some(value) => drop(members.insert(name.to_owned(), value)),
        None => drop(members.remove(name)),
    }
}

/// Returns whether a `PATCH` names an attribute: in a path, or in the value of an operation without a path.
pub(super) fn names(message: &Map<String, Value>, attribute: &str) -> bool {
    let is_named = |path: &str| {
        let name = path.rsplit(':').next().unwrap_or(path);
        name == attribute || name.split('.').next() == Some(attribute)
    };
    let in_value = |value: &Value| {
        value.as_object().is_some_and(|values| {
            let mut within = values.values().filter_map(Value::as_object).flat_map(Map::keys);
            values.keys().any(|name| is_named(name)) || within.any(|name| is_named(name))
        })
    };
    let mut operations = message
        .get("Operations")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    operations.any(|operation| match operation.get("path").and_then(Value::as_str) {
        Some(path) => is_named(path),
        None => operation.get("value").is_some_and(in_value),
    })
}

/// Takes members over, objects member by member; `null` takes away.
pub(super) fn merge(members: &mut Map<String, Value>, sent: Map<String, Value>) {
    for (name, value) in sent {
        match value {
            Value::Null => drop(members.remove(&name)),
            Value::Object(inner) => {
                let entry = members.entry(name).or_insert_with(|| json!({}));
                match entry.as_object_mut() {
                    Some(object) => merge(object, inner),
                    None => *entry = Value::Object(inner),
                }
            }
            value @ (Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_)) => {
                members.insert(name, value);
            }
        }
    }
}
