//! A user as the server keeps it: made, changed and compared.

use serde_json::{Map, Value, json};

use super::habit::Habits;

pub(super) const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
pub(super) const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
/// The extension that holds the attributes for which the standard has no place.
pub const EXTENSION: &str = "urn:example:params:scim:schemas:extension:acme:2.0:User";

/// The attributes of the schemas.
pub(super) const CORE: [&str; 12] = [
    "userName",
    "externalId",
    "name",
    "displayName",
    "nickName",
    "title",
    "userType",
    "timezone",
    "active",
    "emails",
    "phoneNumbers",
    "schemas",
];
pub(super) const ENTERPRISE_NAMES: [&str; 5] = ["employeeNumber", "department", "division", "manager", "costCenter"];

/// A user.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct User {
    pub(super) id: String,
    pub(super) version: u64,
    pub(super) members: Map<String, Value>,
}

/// Why a user cannot be kept: a kind of error and a detail.
pub(super) type Refused = (&'static str, &'static str);

impl User {
    pub(super) fn text(&self, name: &str) -> &str {
        self.members.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    pub(super) fn is_active(&self) -> bool {
        self.members.get("active") != Some(&Value::Bool(false))
    }

    /// Returns the user's version, where users have one.
    pub(super) fn version(&self, habits: &Habits) -> Option<String> {
        (!habits.versionless).then(|| format!("W/\"{}\"", self.version))
    }

    /// Returns the user as it is shown at `base`.
    pub(super) fn shown(&self, base: &str, habits: &Habits) -> Value {
        let mut members = self.members.clone();
        if habits.active_as_text {
            let active = if self.is_active() { "true" } else { "false" };
            members.insert("active".to_owned(), json!(active));
        }
        members.insert("id".to_owned(), json!(self.id));
        let location = format!("{base}/Users/{}", self.id);
        let meta = match self.version(habits) {
            Some(version) => json!({ "resourceType": "User", "location": location, "version": version }),
            None => json!({ "resourceType": "User", "location": location }),
        };
        members.insert("meta".to_owned(), meta);
        Value::Object(members)
    }
}

/// Returns the members that are kept of those that were sent.
pub(super) fn kept(members: Map<String, Value>, habits: &Habits) -> Result<Map<String, Value>, Refused> {
    let mut kept = Map::new();
    for (name, value) in members {
        if ["id", "meta", "password", "groups"].contains(&name.as_str()) || value.is_null() {
            continue;
        }
        if name.starts_with("urn:") {
            check_extension(&name, &value, habits)?;
        } else if habits.strict && !CORE.contains(&name.as_str()) {
            return Err(("invalidSyntax", "no such attribute"));
        }
        if habits.single_values && value.as_array().is_some_and(|list| name != "schemas" && list.len() > 1) {
            return Err(("invalidValue", "a list holds one value"));
        }
        if name == "active" && !value.is_boolean() {
            return Err(("invalidValue", "active is a boolean"));
        }
        kept.insert(name, value);
    }
    for dropped in &habits.drops {
        kept.remove(dropped);
    }
    Ok(kept)
}

fn check_extension(urn: &str, value: &Value, habits: &Habits) -> Result<(), Refused> {
    let Some(members) = value.as_object() else {
        return Err(("invalidSyntax", "an extension is an object"));
    };
    let is_known = |name: &String| urn != ENTERPRISE || ENTERPRISE_NAMES.contains(&name.as_str());
    if habits.strict && (urn != ENTERPRISE || !members.keys().all(is_known)) {
        return Err(("invalidSyntax", "no such attribute of an extension"));
    }
    Ok(())
}

/// Carries the operations of a `PATCH` out (RFC 7644, section 3.5.2): simple paths, and none with a filter.
pub(super) fn patch(members: &mut Map<String, Value>, message: &Value, habits: &Habits) -> Result<(), Refused> {
    let operations = message.get("Operations").and_then(Value::as_array);
    for operation in operations.ok_or(("invalidSyntax", "no Operations"))? {
        let path = operation
            .get("path")
            .and_then(Value::as_str)
            .ok_or(("invalidPath", "a path is needed"))?;
        if path.contains('[') {
            return Err(("invalidPath", "no filters in paths"));
        }
        let value = operation.get("value").cloned();
        if path == "active" && !value.as_ref().is_some_and(Value::is_boolean) {
            return Err(("invalidValue", "active is a boolean"));
        }
        if habits.refuses_unchanged && path == "emails" && members.get("emails") == value.as_ref() {
            return Err(("invalidValue", "emails did not change"));
        }
        let value = match operation.get("op").and_then(Value::as_str) {
            Some("replace" | "add") => Some(value.ok_or(("invalidValue", "a value is needed"))?),
            Some("remove") => None,
            Some(_) | None => return Err(("invalidSyntax", "op is add, replace or remove, in small letters")),
        };
        put(members, path, value);
    }
    Ok(())
}

/// Sets or takes away what stands at a path.
fn put(members: &mut Map<String, Value>, path: &str, value: Option<Value>) {
    let (outer, inner) = if path.starts_with("urn:") {
        path.rsplit_once(':').unwrap_or((path, ""))
    } else {
        path.split_once('.').unwrap_or(("", path))
    };
    if outer.is_empty() {
        set(members, inner, value);
        return;
    }
    let entry = members.entry(outer.to_owned()).or_insert_with(|| json!({}));
    if let Some(object) = entry.as_object_mut() {
        set(object, inner, value);
        if object.is_empty() {
            members.remove(outer);
        }
    }
}

fn set(members: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    match value {
        Some(value) => drop(members.insert(name.to_owned(), value)),
        None => drop(members.remove(name)),
    }
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
