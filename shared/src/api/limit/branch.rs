//! Values of which one of several schemas has to hold.

use serde_json::{Map, Value};

use super::{Fault, below, check_value, has_type, one_of, types, words};

/// A value of which one of several schemas has to hold. Where none does, the faults are those of the schema that was meant:
/// the one with the value's kind, its tag or its members.
pub(super) fn check_branches(branches: &[Value], value: &Value, pointer: &str, faults: &mut Vec<Fault>) {
    let mut refuse = |pointer: String, detail: String| faults.push(Fault { pointer, detail });
    let of_kind: Vec<&Value> = branches.iter().filter(|branch| has_type(branch, value)).collect();
    if of_kind.is_empty() {
        let mut kinds: Vec<_> = branches.iter().flat_map(types).collect();
        kinds.dedup();
        return refuse(pointer.to_owned(), kinds.join(" or "));
    }
    let all_words: Option<Vec<_>> = of_kind.iter().map(|branch| words(branch)).collect();
    if let Some(all_words) = all_words.map(|words| words.concat()) {
        if !all_words.contains(&value) {
            refuse(pointer.to_owned(), one_of(&all_words));
        }
        return;
    }
    if let Some((tag, known)) = tag(&of_kind) {
        let said = value.get(tag);
        let meant = known.iter().find(|(word, _)| Some(*word) == said);
        if let Some((_, branch)) = meant {
            return check_value(branch, value, pointer, faults);
        }
        let words: Vec<_> = known.iter().map(|(word, _)| *word).collect();
        return refuse(below(pointer, tag), one_of(&words));
    }
    if let Some(known) = only_members(&of_kind) {
        let meant = known.iter().find(|(name, _)| value.get(name).is_some());
        if let Some((_, branch)) = meant {
            return check_value(branch, value, pointer, faults);
        }
        let names: Vec<_> = known.iter().map(|(name, _)| format!("`{name}`")).collect();
        let detail = format!("an object with one of {}", names.join(", "));
        return refuse(pointer.to_owned(), detail);
    }
    let judged = of_kind.iter().map(|branch| {
        let mut found = Vec::new();
        check_value(branch, value, pointer, &mut found);
        (strange_members(branch, value), found)
    });
    let closest = judged.min_by_key(|(strange, found)| (*strange, found.len()));
    faults.extend(closest.into_iter().flat_map(|(_, found)| found));
}

/// How many members an object has or lacks against a schema.
fn strange_members(schema: &Value, value: &Value) -> usize {
    let needed = schema.get("required").and_then(Value::as_array);
    let lacks = |name: &&Value| name.as_str().is_some_and(|name| value.get(name).is_none());
    let known = schema.get("properties");
    let is_closed = schema.get("additionalProperties") == Some(&Value::Bool(false));
    let is_strange = |name: &&String| match known.and_then(|known| known.get(name.as_str())) {
        Some(member) => *member == Value::Bool(false),
        None => is_closed,
    };
    let members = value.as_object().into_iter().flat_map(Map::keys);
    members.filter(is_strange).count() + needed.into_iter().flatten().filter(lacks).count()
}

/// The member by which objects are told apart, with its word in each: one that all have with a constant.
fn tag<'a>(branches: &[&'a Value]) -> Option<(&'a str, Vec<(&'a Value, &'a Value)>)> {
    let constant = |branch: &'a Value, name: &str| branch.get("properties")?.get(name)?.get("const");
    let names = branches.first()?.get("properties")?.as_object()?.keys();
    for name in names {
        let words = branches.iter().map(|branch| Some((constant(branch, name)?, *branch)));
        if let Some(words) = words.collect::<Option<Vec<_>>>() {
            return Some((name, words));
        }
    }
    None
}

/// The member by which objects are told apart, where each needs one only and has another than the others.
fn only_members<'a>(branches: &[&'a Value]) -> Option<Vec<(&'a str, &'a Value)>> {
    let only = |branch: &'a Value| match branch.get("required")?.as_array()?.as_slice() {
        [name] => name.as_str(),
        _ => None,
    };
    let members = branches.iter().map(|branch| Some((only(branch)?, *branch)));
    let members: Vec<_> = members.collect::<Option<_>>()?;
    (members.len() > 1).then_some(members)
}
