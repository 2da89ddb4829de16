//! A user as JSON (RFC 7643): read into an account, and written from attributes. Pure: no HTTP.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use serde_json::{Map, Value, json};

use super::profile::{ENTERPRISE, ManagerForm, Place, Profile, USER};
use crate::{
    account::{Account, AccountId, ExternalId},
    employee::{
        Attribute, AttributeRef, Attributes, AttributesBuilder, Canonical, CustomName, Email, Excess, Field, Kind,
        MOST_PERSON_BYTES,
    },
};

/// How a server's users are read and written: its profile, and the extension that holds what has no other place.
#[derive(Clone, Debug)]
pub(super) struct Form {
    pub(super) profile: &'static Profile,
    /// The URN of an extension whose members are named as our attributes are.
    pub(super) extension: Option<Box<str>>,
}

/// A change of one place in a resource: its path (RFC 7644, section 3.10) and what stands there then.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Assignment {
    pub(super) path: String,
    /// `None` clears it.
    pub(super) value: Option<Value>,
}

/// The member of an object, whatever the case of its name (RFC 7643, section 2.1).
pub(super) fn member<'a>(object: &'a Value, name: &str) -> Option<&'a Value> {
    let object = object.as_object()?;
    object.get(name).or_else(|| {
        let found = object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value)
    })
}

/// A text, or what some servers send in its place.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

fn text_of(object: &Value, name: &str) -> Option<String> {
    member(object, name).and_then(text)
}

/// Upper and lower case are one in user names, all spellings of one mailbox in addresses, and the blanks around them nothing.
pub(super) fn fold(value: &str) -> String {
    Email::parse(value).map_or_else(|| value.trim().to_lowercase(), Email::into_text)
}

/// The server's id of a resource.
pub(super) fn id(resource: &Value) -> Option<AccountId> {
    AccountId::parse(&text_of(resource, "id")?).ok()
}

/// The user name of a resource, as it is compared.
pub(super) fn user_name(resource: &Value) -> Option<String> {
    text_of(resource, "userName").map(|name| fold(&name))
}

/// The reference that is written on a resource.
pub(super) fn external_id(resource: &Value) -> Option<ExternalId> {
    ExternalId::from_target(&text_of(resource, "externalId")?)
}

/// Returns whether the user is active; a server that does not say means yes.
fn is_active(resource: &Value) -> bool {
    match member(resource, "active") {
        Some(Value::Bool(active)) => *active,
        Some(Value::String(word)) => !word.eq_ignore_ascii_case("false"),
        Some(Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_)) | None => true,
    }
}

/// The version of a resource, where the server has one.
pub(super) fn version(resource: &Value) -> Option<Box<str>> {
    text_of(member(resource, "meta")?, "version").map(Into::into)
}

/// Returns what stands in for a version where the server has none. It differs wherever the account shows something
/// else. It is compared within one run, and never sent.
fn as_shown(account: &Account) -> Box<str> {
    let mut shown = DefaultHasher::new();
    account.active.hash(&mut shown);
    account.external_id.hash(&mut shown);
    account.login.hash(&mut shown);
    account.attributes.as_packed().hash(&mut shown);
    format!("as shown {:016x}", shown.finish()).into()
}

/// The value of the entry that matters in a list: the one of the wanted type; else the primary one, the one for work, or the
/// first.
fn listed(resource: &Value, name: &str, kind: Option<&str>) -> Option<String> {
    let entries = member(resource, name)?.as_array()?;
    let is_of =
        |entry: &Value, kind: &str| text_of(entry, "type").is_some_and(|found| found.eq_ignore_ascii_case(kind));
    let is_primary = |entry: &&Value| member(entry, "primary") == Some(&Value::Bool(true));
    let entry = match kind {
        Some(kind) => entries.iter().find(|entry| is_of(entry, kind)),
        None => {
            let primary = entries.iter().find(is_primary);
            let work = || entries.iter().find(|entry| is_of(entry, "work"));
            primary.or_else(work).or_else(|| entries.first())
        }
    };
    entry.and_then(|entry| text_of(entry, "value").or_else(|| text(entry)))
}

/// What there is room for; of the rest it counts as unseen what the server holds (R47).
fn within_bounds(attributes: Attributes) -> Attributes {
    let shortened = attributes.view().shortened(MOST_PERSON_BYTES, Excess::Marked);
    shortened.map_or(attributes, |shortened| shortened.attributes)
}

impl Form {
    /// A resource as an account; `None` where it has no id.
    pub(super) fn account(&self, resource: &Value) -> Option<Account> {
        let attributes = within_bounds(self.attributes(resource));
        let login = user_name(resource).filter(|name| attributes.value(Canonical::Email) != Some(name));
        let mut account = Account {
            id: id(resource)?,
            external_id: external_id(resource),
            active: is_active(resource),
            attributes,
            login: login.map(Into::into),
            version: version(resource),
        };
        account.version = account.version.take().or_else(|| Some(as_shown(&account)));
        Some(account)
    }

    fn attributes(&self, resource: &Value) -> Attributes {
        let mut attributes = AttributesBuilder::new();
        for (attribute, place) in self.profile.places {
            let found = shown(resource, *place);
            attributes.set_canonical(*attribute, Field::from(found.as_deref()));
        }
        let Some(urn) = &self.extension else {
            return attributes.build();
        };
        let members = member(resource, urn).and_then(Value::as_object);
        for canonical in Canonical::ALL {
            if self.profile.place(*canonical).is_none() {
                let found = members.and_then(|members| text(members.get(canonical.name())?));
                let found = found.map(|found| {
                    if canonical.kind() == Kind::Email {
                        fold(&found)
                    } else {
                        found
                    }
                });
                attributes.set_canonical(*canonical, Field::from(found.as_deref()));
            }
        }
        for (name, value) in members.into_iter().flatten() {
            if Canonical::from_name(name).is_none()
                && let Some(name) = CustomName::parse(name)
            {
                attributes.set(Attribute::Custom(name), Field::from(text(value).as_deref()));
            }
        }
        attributes.build()
    }

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
            let whole = [part("givenName"), part("familyName")]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" ");
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

/// What a resource shows at a place.
fn shown(resource: &Value, place: Place) -> Option<String> {
    let enterprise = || member(resource, ENTERPRISE);
    match place {
        Place::Core(name) => text_of(resource, name),
        Place::Name(name) => text_of(member(resource, "name")?, name),
        Place::Enterprise(name) => text_of(enterprise()?, name),
        Place::Mobile => listed(resource, "phoneNumbers", Some("mobile")),
        Place::Manager => {
            let manager = member(enterprise()?, "manager")?;
            text(manager)
                .or_else(|| text_of(manager, "value"))
                .or_else(|| text_of(manager, "id"))
                .or_else(|| text_of(manager, "managerId"))
        }
        Place::Login => {
            let name = || text_of(resource, "userName").filter(|name| name.contains('@'));
            listed(resource, "emails", None)
                .or_else(name)
                .map(|address| fold(&address))
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
