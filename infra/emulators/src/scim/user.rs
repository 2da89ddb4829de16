//! A user as the server keeps it: what is kept of what was sent, and how it is shown.

use serde_json::{Map, Value, json};

use super::{
    attribute,
    habit::{Formatted, Habits, UserNames},
};

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

/// Why a request cannot be carried out.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) status: u16,
    /// The `scimType`.
    pub(super) kind: Option<&'static str>,
    pub(super) detail: String,
}

impl Refused {
    /// A 400 of a kind (RFC 7644, section 3.12).
    pub(super) fn bad(kind: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status: 400,
            kind: Some(kind),
            detail: detail.into(),
        }
    }
}

impl User {
    pub(super) fn text(&self, name: &str) -> &str {
        self.members.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// Returns the e-mail addresses.
    pub(super) fn addresses(&self) -> impl Iterator<Item = &str> {
        let entries = self.members.get("emails").and_then(Value::as_array);
        let entries = entries.into_iter().flatten();
        entries.filter_map(|entry| entry.get("value").and_then(Value::as_str))
    }

    /// Returns the number in the company.
    pub(super) fn number(&self) -> Option<&str> {
        self.members.get(ENTERPRISE)?.get("employeeNumber")?.as_str()
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

/// Returns what a user's members become, of whom `before` is known: what is refused, forgotten or made by the server.
/// `sent` holds the members that the request names.
pub(super) fn settled(
    before: Option<&User>,
    sent: &Map<String, Value>,
    members: Map<String, Value>,
    habits: &Habits,
) -> Result<Map<String, Value>, Refused> {
    if let Some(refused) = habits.refuses_attributes.iter().find(|name| attribute::has(sent, name)) {
        return Err(Refused {
            status: habits.refuses_attributes_with.unwrap_or(400),
            kind: (!habits.refuses_without_kind).then_some("invalidValue"),
            detail: format!("{refused} is not taken"),
        });
    }
    let mut kept = kept(members, habits)?;
    let old = |name: &str| before.and_then(|before| before.members.get(name));
    if let Some(name) = old("userName").filter(|name| kept.get("userName") != Some(name)) {
        match habits.user_names {
            UserNames::Change => {}
            UserNames::Refused => return Err(Refused::bad("mutability", "userName stays")),
            UserNames::Kept => drop(kept.insert("userName".to_owned(), name.clone())),
        }
    }
    let is_sent = attribute::has(sent, "name.formatted");
    match habits.formatted {
        Formatted::AsSent => {}
        Formatted::Derived => form(&mut kept, None),
        Formatted::Stale if is_sent => {}
        Formatted::Stale => {
            let old = old("name").and_then(|name| name.get("formatted"));
            form(&mut kept, old.cloned());
        }
    }
    match habits.needs.iter().find(|name| !attribute::has(&kept, name)) {
        Some(needed) => Err(Refused::bad("invalidValue", format!("{needed} is needed"))),
        None => Ok(kept),
    }
}

/// Sets `name.formatted`: to what is given, or to what the names make.
fn form(members: &mut Map<String, Value>, given: Option<Value>) {
    let Some(name) = members.get_mut("name").and_then(Value::as_object_mut) else {
        return;
    };
    let part = |part: &str| name.get(part).and_then(Value::as_str);
    let parts: Vec<&str> = ["givenName", "familyName"].into_iter().filter_map(part).collect();
    let whole = given.unwrap_or_else(|| Value::String(parts.join(" ")));
    name.insert("formatted".to_owned(), whole);
}

/// Returns the members that are kept of those that were sent.
fn kept(members: Map<String, Value>, habits: &Habits) -> Result<Map<String, Value>, Refused> {
    let mut kept = Map::new();
    for (name, value) in members {
        if ["id", "meta", "password", "groups"].contains(&name.as_str()) || value.is_null() {
            continue;
        }
        if name.starts_with("urn:") {
            check_extension(&name, &value, habits)?;
        } else if habits.strict && !CORE.contains(&name.as_str()) {
            return Err(Refused::bad("invalidSyntax", "no such attribute"));
        }
        if habits.single_values && value.as_array().is_some_and(|list| name != "schemas" && list.len() > 1) {
            return Err(Refused::bad("invalidValue", "a list holds one value"));
        }
        if name == "active" && !value.is_boolean() {
            return Err(Refused::bad("invalidValue", "active is a boolean"));
        }
        kept.insert(name, value);
    }
    for dropped in &habits.drops {
        attribute::take(&mut kept, dropped);
    }
    if !habits.keeps.is_empty() {
        attribute::keep(&mut kept, &habits.keeps);
    }
    Ok(kept)
}

fn check_extension(urn: &str, value: &Value, habits: &Habits) -> Result<(), Refused> {
    let Some(members) = value.as_object() else {
        return Err(Refused::bad("invalidSyntax", "an extension is an object"));
    };
    let is_known = |name: &String| urn != ENTERPRISE || ENTERPRISE_NAMES.contains(&name.as_str());
    if habits.strict && (urn != ENTERPRISE || !members.keys().all(is_known)) {
        return Err(Refused::bad("invalidSyntax", "no such attribute of an extension"));
    }
    Ok(())
}
