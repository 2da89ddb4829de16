//! Attributes by name: `title`, `name.formatted`, `emails.type`, which stands in the entries of a list, `manager`, which
//! stands in an extension, or an extension as a whole by its URN.

use serde_json::{Map, Value};

/// Returns the name of an attribute and of its sub-attribute, if there is one.
fn split(name: &str) -> (&str, Option<&str>) {
    if name.starts_with("urn:") {
        return (name, None);
    }
    let split = name.split_once('.');
    split.map_or((name, None), |(name, inner)| (name, Some(inner)))
}

/// Returns whether members have an attribute, their extensions included.
pub(super) fn has(members: &Map<String, Value>, name: &str) -> bool {
    let (name, inner) = split(name);
    let extensions = members.iter().filter(|(urn, _)| urn.starts_with("urn:"));
    let homes = extensions.filter_map(|(_, extension)| extension.as_object());
    let found = std::iter::once(members).chain(homes).find_map(|home| home.get(name));
    match (found, inner) {
        (None | Some(Value::Null), _) => false,
        (Some(_), None) => true,
        (Some(Value::Array(entries)), Some(inner)) => entries.iter().any(|entry| entry.get(inner).is_some()),
        (Some(value), Some(inner)) => value.get(inner).is_some(),
    }
}

/// Returns whether an attribute of members, their extensions included, is another one in other members.
pub(super) fn differs(members: &Map<String, Value>, others: &Map<String, Value>, name: &str) -> bool {
    let (name, inner) = split(name);
    let found = |members: &Map<String, Value>| {
        let extensions = members.values().filter_map(Value::as_object);
        let found = std::iter::once(members)
            .chain(extensions)
            .find_map(|home| home.get(name));
        match inner {
            Some(inner) => found.and_then(|found| found.get(inner)).cloned(),
            None => found.cloned(),
        }
    };
    found(members) != found(others)
}

/// Takes an attribute away from members and from their extensions.
pub(super) fn take(members: &mut Map<String, Value>, name: &str) {
    let (name, inner) = split(name);
    take_here(members, name, inner);
    change_extensions(members, |extension| take_here(extension, name, inner));
}

/// Takes all attributes away but those that are named, and the list of schemas.
pub(super) fn keep(members: &mut Map<String, Value>, names: &[String]) {
    let is_named = |name: &str| name == "schemas" || names.iter().any(|kept| kept == name);
    members.retain(|name, _| name.starts_with("urn:") || is_named(name));
    change_extensions(members, |extension| extension.retain(|name, _| is_named(name)));
}

fn take_here(members: &mut Map<String, Value>, name: &str, inner: Option<&str>) {
    let Some(inner) = inner else {
        members.remove(name);
        return;
    };
    match members.get_mut(name) {
        Some(Value::Array(entries)) => {
            for entry in entries.iter_mut().filter_map(Value::as_object_mut) {
                entry.remove(inner);
            }
        }
        Some(Value::Object(object)) => drop(object.remove(inner)),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) | None => {}
    }
}

/// Changes each extension; an extension without members is none.
fn change_extensions(members: &mut Map<String, Value>, change: impl Fn(&mut Map<String, Value>)) {
    for (_, extension) in members.iter_mut().filter(|(urn, _)| urn.starts_with("urn:")) {
        if let Some(extension) = extension.as_object_mut() {
            change(extension);
        }
    }
    members
        .retain(|urn, extension| !urn.starts_with("urn:") || extension.as_object().is_none_or(|left| !left.is_empty()));
}
