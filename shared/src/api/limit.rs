//! What a body may be: it is checked against the schema that its route declares in the contract, so that the two cannot say
//! different things. Everything that is wrong is named by its place, and nothing is quoted (R38).
//!
//! `requests.json` holds the schemas of all bodies, made from their types as the contract is; tests make it anew and compare,
//! and hold that it uses no keyword that is not heeded here.

mod branch;

use std::{
    collections::BTreeMap,
    sync::{LazyLock, Mutex, PoisonError},
};

use regex_lite::Regex;
use serde_json::{Map, Value};

use self::branch::check_branches;
use super::{
    form::words_of,
    problem::{Fault, MOST_FAULTS},
};

/// The schemas of bodies, by the name of their route.
static SCHEMAS: LazyLock<Map<String, Value>> = LazyLock::new(|| {
    // Tests compare the file with the code; one that cannot be read would fail them.
    serde_json::from_str(include_str!("requests.json")).unwrap_or_default()
});

/// Checks the body of a route. The faults are in the order of the members.
pub(super) fn check(route: &str, body: &Value) -> Vec<Fault> {
    let mut faults = Vec::new();
    if let Some(schema) = SCHEMAS.get(route) {
        check_value(schema, body, "", &mut faults);
    }
    faults
}

/// Notes what is wrong with a value.
fn check_value(schema: &Value, value: &Value, pointer: &str, faults: &mut Vec<Fault>) {
    // One fault more than a problem names shows that there are more.
    if faults.len() > MOST_FAULTS {
        return;
    }
    for word in ["anyOf", "oneOf"] {
        if let Some(branches) = schema.get(word).and_then(Value::as_array) {
            check_branches(branches, value, pointer, faults);
        }
    }
    let mut refuse = |detail: String| {
        faults.push(Fault {
            pointer: pointer.to_owned(),
            detail,
        });
    };
    if *schema == Value::Bool(false) {
        return refuse("no such member".to_owned());
    }
    if let Some(words) = words(schema) {
        if !words.contains(&value) {
            refuse(one_of(&words));
        }
        return;
    }
    if !has_type(schema, value) {
        return refuse(types(schema).join(" or "));
    }
    match value {
        Value::String(text) => check_text(schema, text, refuse),
        Value::Number(_) => check_number(schema, value, refuse),
        Value::Array(list) => {
            check_size(schema, list.len(), ("minItems", "maxItems"), "a list of", refuse);
            if let Some(items) = schema.get("items") {
                for (place, item) in list.iter().enumerate() {
                    check_value(items, item, &format!("{pointer}/{place}"), faults);
                }
            }
        }
        Value::Object(members) => {
            let bounds = ("minProperties", "maxProperties");
            check_size(schema, members.len(), bounds, "an object of", refuse);
            check_members(schema, members, pointer, faults);
        }
        Value::Null | Value::Bool(_) => {}
    }
}

/// The words of which a value has to be one, where there are such.
fn words(schema: &Value) -> Option<Vec<&Value>> {
    match (schema.get("const"), schema.get("enum").and_then(Value::as_array)) {
        (Some(word), _) => Some(vec![word]),
        (None, Some(words)) => Some(words.iter().collect()),
        (None, None) => None,
    }
}

fn one_of(words: &[&Value]) -> String {
    let words: Vec<_> = words.iter().map(|word| format!("`{}`", shown(word))).collect();
    match &words[..] {
        [word] => word.clone(),
        _ => format!("one of {}", words.join(", ")),
    }
}

/// A word of the contract, without the quotes of JSON.
fn shown(word: &Value) -> String {
    word.as_str().map_or_else(|| word.to_string(), str::to_owned)
}

/// What kinds of value are taken, in words.
fn types(schema: &Value) -> Vec<&'static str> {
    type_names(schema)
        .map(|name| match name {
            "string" => "a text",
            "integer" => "a whole number",
            "number" => "a number",
            "boolean" => "true or false",
            "array" => "a list",
            "object" => "an object",
            _ => "null",
        })
        .collect()
}

fn type_names(schema: &Value) -> impl Iterator<Item = &str> {
    let (one, several) = match schema.get("type") {
        Some(Value::Array(names)) => (None, names.as_slice()),
        Some(name) => (Some(name), [].as_slice()),
        None => (None, [].as_slice()),
    };
    one.into_iter().chain(several).filter_map(Value::as_str)
}

/// Whether a value is of a kind that is taken; where none is named, all are.
fn has_type(schema: &Value, value: &Value) -> bool {
    let is_of = |name: &str| match name {
        "string" => value.is_string(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => value.is_null(),
    };
    let mut names = type_names(schema).peekable();
    names.peek().is_none() || names.any(is_of)
}

/// A bound of a schema.
fn bound(schema: &Value, keyword: &str) -> Option<usize> {
    let bound = schema.get(keyword)?.as_u64()?;
    usize::try_from(bound).ok()
}

/// Bounds in words: `1 to 5`, `at most 5`, `at least 1`; nothing where there are none.
fn between<T: std::fmt::Display + PartialOrd + Default>(least: Option<T>, most: Option<T>) -> Option<String> {
    match (least.filter(|least| *least > T::default()), most) {
        (Some(least), Some(most)) => Some(format!("{least} to {most}")),
        (None, Some(most)) => Some(format!("at most {most}")),
        (Some(least), None) => Some(format!("at least {least}")),
        (None, None) => None,
    }
}

fn is_within(size: usize, least: Option<usize>, most: Option<usize>) -> bool {
    least.is_none_or(|least| size >= least) && most.is_none_or(|most| size <= most)
}

fn check_size(schema: &Value, size: usize, keywords: (&str, &str), what: &str, refuse: impl FnOnce(String)) {
    let (least, most) = (bound(schema, keywords.0), bound(schema, keywords.1));
    if !is_within(size, least, most) {
        refuse(format!("{what} {}", between(least, most).unwrap_or_default()));
    }
}

fn check_text(schema: &Value, text: &str, refuse: impl FnOnce(String)) {
    let (least, most) = (bound(schema, "minLength"), bound(schema, "maxLength"));
    let pattern = schema.get("pattern").and_then(Value::as_str);
    if is_within(text.chars().count(), least, most) && pattern.is_none_or(|pattern| is_match(pattern, text)) {
        return;
    }
    let length = between(least, most).map(|length| format!("{length} characters"));
    let parts: Vec<_> = length.into_iter().chain(pattern.map(words_of)).collect();
    refuse(parts.join(", "));
}

/// The patterns that were read so far: reading one takes longer than to look through most texts.
static PATTERNS: LazyLock<Mutex<BTreeMap<String, Regex>>> = LazyLock::new(Mutex::default);

fn is_match(pattern: &str, text: &str) -> bool {
    let mut patterns = PATTERNS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(read) = patterns.get(pattern) {
        return read.is_match(text);
    }
    let Ok(read) = Regex::new(pattern) else {
        return false;
    };
    patterns.entry(pattern.to_owned()).or_insert(read).is_match(text)
}

fn check_number(schema: &Value, value: &Value, refuse: impl FnOnce(String)) {
    let bound = |keyword: &str| schema.get(keyword).and_then(Value::as_i64);
    let (least, most) = (bound("minimum"), bound("maximum"));
    // Whole numbers only have bounds here; what does not fit into 64 bits is above every bound.
    let number = value.as_i64().unwrap_or(i64::MAX);
    if least.is_some_and(|least| number < least) || most.is_some_and(|most| number > most) {
        let expected = match (least, most) {
            (Some(least), Some(most)) => format!("a whole number from {least} to {most}"),
            (least, most) => format!("a whole number, {}", between(least, most).unwrap_or_default()),
        };
        refuse(expected);
    }
}

/// Members that are missing, unknown, or wrong.
fn check_members(schema: &Value, members: &Map<String, Value>, pointer: &str, faults: &mut Vec<Fault>) {
    let known = schema.get("properties").and_then(Value::as_object);
    let needed = schema.get("required").and_then(Value::as_array);
    for name in needed.into_iter().flatten().filter_map(Value::as_str) {
        if !members.contains_key(name) {
            faults.push(Fault {
                pointer: below(pointer, name),
                detail: "is missing".to_owned(),
            });
        }
    }
    for (name, value) in members {
        if faults.len() > MOST_FAULTS {
            return;
        }
        let pointer = below(pointer, name);
        if let Some(names) = schema.get("propertyNames") {
            check_value(names, &Value::String(name.clone()), &pointer, faults);
        }
        match (
            known.and_then(|known| known.get(name)),
            schema.get("additionalProperties"),
        ) {
            (Some(schema), _) | (None, Some(schema @ Value::Object(_))) => check_value(schema, value, &pointer, faults),
            (None, Some(Value::Bool(false))) => {
                let names: Vec<_> = known
                    .into_iter()
                    .flatten()
                    .map(|(name, _)| format!("`{name}`"))
                    .collect();
                faults.push(Fault {
                    pointer,
                    detail: format!("no such member; known are {}", names.join(", ")),
                });
            }
            (None, _) => {}
        }
    }
}

/// The longest name of a member that an answer repeats.
const MOST_NAME_CHARACTERS: usize = 128;

/// The place of a member, as a JSON pointer (RFC 6901).
fn below(pointer: &str, name: &str) -> String {
    let name: String = name
        .chars()
        .filter(|character| !character.is_control())
        .take(MOST_NAME_CHARACTERS)
        .collect();
    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests;
