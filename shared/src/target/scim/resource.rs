//! A user as JSON (RFC 7643), read into an account. Pure: no HTTP.

use serde_json::Value;

use super::profile::{ENTERPRISE, Place, Profile};
use crate::{
    account::{Account, AccountId, ExternalId},
    employee::{
        Attribute, Attributes, AttributesBuilder, Canonical, CustomName, Email, Excess, Field, Kind, MOST_PERSON_BYTES,
    },
};

/// How a server's users are read and written: its profile, and the extension that holds what has no other place.
#[derive(Clone, Debug)]
pub(super) struct Form {
    pub(super) profile: &'static Profile,
    /// The URN of an extension whose members are named as our attributes are.
    pub(super) extension: Option<Box<str>>,
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
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

pub(super) fn text_of(object: &Value, name: &str) -> Option<String> {
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

/// The entries of a list.
pub(super) fn entries_of<'a>(resource: &'a Value, name: &str) -> &'a [Value] {
    let entries = member(resource, name).and_then(Value::as_array);
    entries.map_or(&[], Vec::as_slice)
}

/// The texts of all addresses of a resource.
pub(super) fn addresses(resource: &Value) -> impl Iterator<Item = String> {
    let entries = entries_of(resource, "emails").iter();
    entries.filter_map(|entry| text_of(entry, "value").or_else(|| text(entry)))
}

/// Whether an entry of a list is of this kind.
pub(super) fn is_of(entry: &Value, kind: &str) -> bool {
    text_of(entry, "type").is_some_and(|found| found.eq_ignore_ascii_case(kind))
}

/// The place of the entry that matters where none of a kind is wanted: the primary one, the one for work, or the first.
pub(super) fn primary(entries: &[Value]) -> Option<usize> {
    let is_primary = |entry: &Value| member(entry, "primary") == Some(&Value::Bool(true));
    let primary = entries.iter().position(is_primary);
    let work = || entries.iter().position(|entry| is_of(entry, "work"));
    primary.or_else(work).or_else(|| (!entries.is_empty()).then_some(0))
}

/// The value of the entry that matters in a list: the one of the wanted kind, or the primary one.
fn listed(resource: &Value, name: &str, kind: Option<&str>) -> Option<String> {
    let entries = entries_of(resource, name);
    let entry = match kind {
        Some(kind) => entries.iter().find(|entry| is_of(entry, kind)),
        None => primary(entries).and_then(|place| entries.get(place)),
    };
    entry.and_then(|entry| text_of(entry, "value").or_else(|| text(entry)))
}

/// What there is room for; of the rest it counts as unseen what the server holds (R47).
fn within_bounds(attributes: Attributes) -> Attributes {
    let shortened = attributes.view().shortened(MOST_PERSON_BYTES, Excess::Marked);
    shortened.map_or(attributes, |shortened| shortened.attributes)
}

impl Form {
    /// The path by which users are filtered by an attribute; `None` where they have no place for it.
    pub(super) fn path(&self, attribute: Canonical) -> Option<String> {
        let in_extension = || Some(format!("{}:{}", self.extension.as_deref()?, attribute.name()));
        match self.profile.place(attribute) {
            Some(Place::Core(name)) => Some(name.to_owned()),
            Some(Place::Name(name)) => Some(format!("name.{name}")),
            Some(Place::Enterprise(name)) => Some(format!("{ENTERPRISE}:{name}")),
            Some(Place::Mobile) => Some("phoneNumbers.value".to_owned()),
            Some(Place::Login) => Some("emails.value".to_owned()),
            Some(Place::Manager) => Some(format!("{ENTERPRISE}:manager.value")),
            None => in_extension(),
        }
    }

    /// A resource as an account; `None` where it has no id.
    pub(super) fn account(&self, resource: &Value) -> Option<Account> {
        let attributes = within_bounds(self.attributes(resource));
        let email = attributes.value(Canonical::Email);
        let login = user_name(resource).filter(|name| email != Some(name));
        let mut others: Vec<Box<str>> = addresses(resource).map(|address| fold(&address).into()).collect();
        others.retain(|address| email != Some(address) && login.as_deref() != Some(address));
        others.sort_unstable();
        others.dedup();
        let mut account = Account {
            id: id(resource)?,
            external_id: external_id(resource),
            active: is_active(resource),
            attributes,
            login: login.map(Into::into),
            addresses: others.into(),
            version: None,
        };
        account.version = Some(self.as_shown(&account));
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
