//! What changes of a user's addresses, numbers and names beside the value itself: one entry of a list, and what follows the names;
//! all else stays. Pure: no HTTP.

use serde_json::{Value, json};

use super::{
    assignment::Assignment,
    part::{DISPLAY_NAME, EMAILS, LOGIN, NUMBERS, Part, WHOLE_NAME},
    resource::{Form, entries_of, fold, is_of, member, primary, text, text_of},
};
use crate::{
    account::{Account, Learned},
    employee::{Attribute, Canonical},
    target::Patch,
};

/// How servers make a whole name of a first and a last one.
const ORDERS: [fn(&str, &str) -> String; 3] = [
    |first, last| format!("{first} {last}").trim().to_owned(),
    |first, last| format!("{last} {first}").trim().to_owned(),
    |first, last| format!("{last}, {first}"),
];

impl Form {
    /// The login and the work address. The login changes only where it is the address that the account has: another login is
    /// not the address's, and stays.
    pub(super) fn login(&self, current: &Value, account: &Account, value: &str) -> Vec<Part> {
        let email = Attribute::Canonical(Canonical::Email);
        let before = account.value(Canonical::Email);
        let login = text_of(current, "userName");
        let follows = login
            .as_deref()
            .is_none_or(|login| Some(fold(login).as_str()) == before);
        let list = self.with_address(current, value);
        let emails = Part::of(email.clone(), Some(value), Assignment::set(EMAILS, list));
        let login = Part {
            names: vec![email],
            ..Part::bare(LOGIN, json!(value))
        };
        follows.then_some(login).into_iter().chain([emails]).collect()
    }

    /// The list of addresses with another one in place of the managed one; all others stay as they are.
    fn with_address(&self, current: &Value, value: &str) -> Value {
        let known = entries_of(current, EMAILS);
        let fresh = || json!({ "type": "work", "value": value, "primary": true });
        let at = primary(known);
        let Some(managed) = at.and_then(|at| known.get(at)) else {
            return json!([fresh()]);
        };
        let managed = with_value(managed, value).unwrap_or_else(fresh);
        if self.profile.single_values {
            return json!([managed]);
        }
        let is_same = |entry: &Value| entry_text(entry).is_some_and(|other| fold(&other) == fold(value));
        let list = known.iter().enumerate().filter_map(|(place, entry)| {
            if Some(place) == at {
                return Some(managed.clone());
            }
            (!is_same(entry)).then(|| entry.clone())
        });
        Value::Array(list.collect())
    }

    /// A list is replaced whole: numbers that are not the managed one are sent along, because the plan does not ask to take
    /// them away. Where a list holds one value and it is another number, the list stays.
    pub(super) fn numbers(&self, current: &Value, attribute: Attribute, value: Option<&str>) -> Option<Part> {
        let mut list = entries_of(current, NUMBERS).to_vec();
        let at = list.iter().position(|entry| is_of(entry, "mobile"));
        let is_same = |entry: &Value| is_of(entry, "mobile") && entry_text(entry).as_deref() == value;
        match (at, value) {
            (Some(at), Some(value)) => {
                let managed = list.get(at).and_then(|managed| with_value(managed, value));
                let kept = list.into_iter().enumerate();
                let kept = kept.filter(|(place, entry)| *place == at || !is_same(entry));
                let kept = kept.map(|(place, entry)| managed.clone().filter(|_| place == at).unwrap_or(entry));
                list = kept.collect();
            }
            (Some(at), None) => drop(list.remove(at)),
            (None, Some(_)) if self.profile.single_values && !list.is_empty() => return None,
            (None, Some(value)) => list.insert(0, json!({ "type": "mobile", "value": value })),
            (None, None) => {}
        }
        let assignment = Assignment {
            path: NUMBERS.to_owned(),
            value: (!list.is_empty()).then_some(Value::Array(list)),
        };
        Some(Part::of(attribute, value, assignment))
    }
}

/// The text of an entry, which some servers show bare.
fn entry_text(entry: &Value) -> Option<String> {
    text_of(entry, "value").or_else(|| text(entry))
}

/// An entry with another value, in the form in which it stands; `None` where it is of no form that holds a value.
fn with_value(entry: &Value, value: &str) -> Option<Value> {
    let mut members = match entry {
        Value::Object(members) => members.clone(),
        Value::String(_) => return Some(json!(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => return None,
    };
    members.retain(|name, _| {
        !["value", "display", "$ref"]
            .iter()
            .any(|own| name.eq_ignore_ascii_case(own))
    });
    members.insert("value".to_owned(), json!(value));
    Some(Value::Object(members))
}

/// The whole name, where it was made of the names until now, or where the server has to have one; and the name to show, where it
/// was made of them for a server that has to have one.
pub(super) fn following(
    current: &Value,
    account: &Account,
    name: &Part,
    patch: &Patch,
    learned: &Learned,
) -> Vec<Assignment> {
    let before = |canonical| account.value(canonical).unwrap_or_default();
    let after = |canonical| {
        let attribute = Attribute::Canonical(canonical);
        let changed = name.wanted.iter().find(|(changed, _)| *changed == attribute);
        changed.map_or_else(
            || before(canonical).to_owned(),
            |(_, value)| value.clone().unwrap_or_default(),
        )
    };
    let names = [Canonical::FirstName, Canonical::LastName];
    let [first, last] = names.map(before);
    let [new_first, new_last] = names.map(after);
    let follow = |path: &str, shown: Option<String>| {
        let needed = || learned.needed().any(|needed| needed == path);
        let order = match shown {
            Some(shown) => ORDERS.into_iter().find(|order| order(first, last) == shown),
            None => ORDERS.into_iter().next().filter(|_| needed()),
        };
        let order = order.filter(|_| !learned.is_refused(path))?;
        Some(Assignment::set(path, json!(order(&new_first, &new_last))))
    };
    let whole = member(current, "name").and_then(|name| text_of(name, "formatted"));
    let mut following: Vec<Assignment> = follow(WHOLE_NAME, whole).into_iter().collect();
    let is_made = learned.needed().any(|path| path == DISPLAY_NAME);
    if is_made
        && !patch
            .attributes
            .field(Attribute::Canonical(Canonical::DisplayName))
            .is_seen()
    {
        following.extend(follow(DISPLAY_NAME, text_of(current, DISPLAY_NAME)));
    }
    following
}
