//! Members that are rules: exceptions, custom attributes, replaced words, conditions, evidence of a first link.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{
    Submission,
    attribute::{Allowed, employee_attribute},
    reader::{Faults, Node, Object},
};
use crate::{
    connection::{Condition, CustomAttribute, Exception, FirstLink, Identifier, Test, ValueMap},
    employee::{Attribute, Canonical, Category, CustomName, Kind, canonical_text, fold, id},
};

/// The most elements of one list.
const MOST: usize = 500;
/// The longest reason, in bytes.
const REASON_BYTES: usize = 500;
/// The longest text of a condition or a replaced word, in bytes.
const TEXT_BYTES: usize = 500;

/// Returns forbidden categories that are allowed, each once. The caller cannot set who allowed one, and when.
pub(super) fn exceptions(node: &Node<'_>, submission: &Submission<'_>, faults: &mut Faults) -> Option<Vec<Exception>> {
    let mut exceptions: Vec<Exception> = Vec::new();
    for element in node.list(MOST, faults)? {
        let Some(exception) = exception(&element, submission, faults) else {
            continue;
        };
        if exceptions.iter().any(|earlier| earlier.category == exception.category) {
            element.refuse("names a category that was named before", faults);
        } else {
            exceptions.push(exception);
        }
    }
    Some(exceptions)
}

fn exception(node: &Node<'_>, submission: &Submission<'_>, faults: &mut Faults) -> Option<Exception> {
    let mut members = node.object(faults)?;
    let category = members.need("category", faults);
    let reason = members.need("reason", faults);
    let (by, at) = (members.take("by"), members.take("at"));
    members.finish(faults);
    let category = category.and_then(|node| {
        let named = node.text(faults).and_then(Category::from_name);
        let known: Vec<&str> = Category::ALL.iter().map(|category| category.name()).collect();
        node.expect(named, &format!("expected one of {}", known.join(", ")), faults)
    });
    let reason = reason.and_then(|node| node.visible_text(REASON_BYTES, faults));
    let (category, reason) = (category?, reason?);
    let previous = submission.previous.map_or(&[][..], |previous| &previous.exceptions);
    let kept = previous
        .iter()
        .find(|exception| exception.category == category && exception.reason == reason);
    let exception = kept.cloned().unwrap_or_else(|| Exception {
        category,
        reason: reason.to_owned(),
        by: submission.by.to_owned(),
        at: submission.at,
    });
    let stamps = [(by, exception.by.clone()), (at, exception.at.to_string())];
    for (node, recorded) in stamps {
        if let Some(node) = node
            && node.text(faults)? != recorded
        {
            node.refuse("is recorded by the system; leave it out", faults);
        }
    }
    Some(exception)
}

/// Returns custom fields and the names of their attributes in the target, each name once.
pub(super) fn custom_attributes(
    node: &Node<'_>,
    allowed: &Allowed<'_>,
    faults: &mut Faults,
) -> Option<Vec<CustomAttribute>> {
    let mut attributes: Vec<CustomAttribute> = Vec::new();
    for element in node.list(MOST, faults)? {
        let Some(mut members) = element.object(faults) else {
            continue;
        };
        let (from, to) = (members.need("from", faults), members.need("to", faults));
        members.finish(faults);
        let from = from.and_then(|node| custom_source(&node, allowed, faults));
        let to = to.and_then(|node| {
            let name = custom_target(&node, faults)?;
            let is_taken = attributes.iter().any(|earlier| earlier.to == name);
            node.expect((!is_taken).then_some(name), "was named before", faults)
        });
        if let (Some(from), Some(to)) = (from, to) {
            attributes.push(CustomAttribute { from, to });
        }
    }
    Some(attributes)
}

fn custom_source(node: &Node<'_>, allowed: &Allowed<'_>, faults: &mut Faults) -> Option<CustomName> {
    match employee_attribute(node, allowed, faults)? {
        Attribute::Custom(name) => Some(name),
        Attribute::Canonical(_) => {
            node.refuse("is a canonical attribute; name it in `attributes`", faults);
            None
        }
    }
}

fn custom_target(node: &Node<'_>, faults: &mut Faults) -> Option<CustomName> {
    let text = node.text(faults)?;
    let name = node.expect(
        CustomName::parse(text),
        "expected 1 to 64 of `a-z`, `0-9`, `_` and `-`, without the prefix `custom.`",
        faults,
    )?;
    let is_free = Canonical::from_name(text).is_none();
    node.expect(is_free.then_some(name), "is the name of a canonical attribute", faults)
}

/// Returns words to replace, one entry per employee attribute. Words of attributes that tell people apart are never
/// replaced.
pub(super) fn values(
    node: &Node<'_>,
    identifier: Canonical,
    allowed: &Allowed<'_>,
    faults: &mut Faults,
) -> Option<Vec<ValueMap>> {
    let mut maps: Vec<ValueMap> = Vec::new();
    for element in node.list(MOST, faults)? {
        let Some(mut members) = element.object(faults) else {
            continue;
        };
        let (name, map) = (members.need("attribute", faults), members.need("map", faults));
        members.finish(faults);
        let attribute = name.and_then(|name| {
            let attribute = employee_attribute(&name, allowed, faults)?;
            if tells_apart(&attribute, identifier) {
                name.refuse("tells people apart; its values cannot be replaced", faults);
            } else if maps.iter().any(|earlier| earlier.attribute == attribute) {
                name.refuse("was named before", faults);
            } else {
                return Some(attribute);
            }
            None
        });
        let (Some(attribute), Some(map)) = (attribute, map) else {
            continue;
        };
        if let Some(map) = words(&map, &attribute, faults) {
            maps.push(ValueMap { attribute, map });
        }
    }
    Some(maps)
}

fn tells_apart(attribute: &Attribute, identifier: Canonical) -> bool {
    match attribute {
        Attribute::Canonical(canonical) => {
            *canonical == identifier
                || matches!(canonical.kind(), Kind::Email | Kind::Reference)
                || matches!(canonical, Canonical::EmployeeId | Canonical::EmployeeNumber)
        }
        Attribute::Custom(_) => false,
    }
}

fn words(node: &Node<'_>, attribute: &Attribute, faults: &mut Faults) -> Option<BTreeMap<String, String>> {
    let mut map = BTreeMap::new();
    let mut folded = BTreeSet::new();
    for (from, to) in node.entries(MOST, faults)? {
        let from = from.trim();
        if from.is_empty() || from.len() > TEXT_BYTES {
            to.refuse(format!("expected a name of 1 to {TEXT_BYTES} bytes"), faults);
        } else if !folded.insert(fold(from)) {
            to.refuse("is the same word as another one, but for case and accents", faults);
        } else if let Some(to) = written(&to, attribute, faults) {
            map.insert(from.to_owned(), to);
        }
    }
    Some(map)
}

/// Returns a text that an account's attribute may get. A status is written in the target's own words.
fn written(node: &Node<'_>, attribute: &Attribute, faults: &mut Faults) -> Option<String> {
    match attribute {
        Attribute::Canonical(Canonical::EmploymentStatus) | Attribute::Custom(_) => {
            node.visible_text(TEXT_BYTES, faults).map(str::to_owned)
        }
        Attribute::Canonical(canonical) => value_of(node, *canonical, faults),
    }
}

/// Returns a text in the canonical form of its attribute.
fn value_of(node: &Node<'_>, canonical: Canonical, faults: &mut Faults) -> Option<String> {
    let text = node.visible_text(TEXT_BYTES, faults)?;
    match canonical_text(canonical, text) {
        Ok(Some(text)) => Some(text.into_owned()),
        Ok(None) => {
            node.refuse("is blank", faults);
            None
        }
        Err(error) => {
            node.refuse(error.to_string(), faults);
            None
        }
    }
}

/// Returns the scope filter.
pub(super) fn conditions(node: &Node<'_>, allowed: &Allowed<'_>, faults: &mut Faults) -> Option<Vec<Condition>> {
    let mut conditions = Vec::new();
    for element in node.list(MOST, faults)? {
        let Some(mut members) = element.object(faults) else {
            continue;
        };
        let field = members.need("field", faults);
        let field = field.and_then(|node| employee_attribute(&node, allowed, faults));
        let tests = tests(&mut members, field.as_ref(), faults);
        members.finish(faults);
        match <[Option<Test>; 1]>::try_from(tests) {
            Ok([test]) => conditions.extend(field.zip(test).map(|(field, test)| Condition { field, test })),
            Err(_) => element.refuse("expected exactly one of any_of, none_of, is_set, before, after", faults),
        }
    }
    Some(conditions)
}

/// Returns all tests that a condition names; there should be one. `None` stands for a test that cannot be read.
fn tests(members: &mut Object<'_>, field: Option<&Attribute>, faults: &mut Faults) -> Vec<Option<Test>> {
    let mut tests = Vec::new();
    if let Some(node) = members.take("any_of") {
        tests.push(texts(&node, field, faults).map(Test::AnyOf));
    }
    if let Some(node) = members.take("none_of") {
        tests.push(texts(&node, field, faults).map(Test::NoneOf));
    }
    if let Some(node) = members.take("is_set") {
        tests.push(node.boolean(faults).map(Test::IsSet));
    }
    if let Some(node) = members.take("before") {
        tests.push(date(&node, field, faults).map(Test::Before));
    }
    if let Some(node) = members.take("after") {
        tests.push(date(&node, field, faults).map(Test::After));
    }
    tests
}

fn texts(node: &Node<'_>, field: Option<&Attribute>, faults: &mut Faults) -> Option<Vec<String>> {
    let elements = node.list(MOST, faults)?;
    if elements.is_empty() {
        node.refuse("expected at least one value", faults);
    }
    let mut texts = Vec::with_capacity(elements.len());
    for element in elements {
        texts.extend(match field {
            Some(Attribute::Canonical(canonical)) => value_of(&element, *canonical, faults),
            Some(Attribute::Custom(_)) | None => element.visible_text(TEXT_BYTES, faults).map(str::to_owned),
        });
    }
    Some(texts)
}

fn date(node: &Node<'_>, field: Option<&Attribute>, faults: &mut Faults) -> Option<Date> {
    if let Some(Attribute::Canonical(canonical)) = field
        && canonical.kind() != Kind::Date
    {
        node.refuse("compares dates; the field holds none", faults);
        return None;
    }
    let text = node.text(faults)?;
    let date = Some(text)
        .filter(|text| text.len() == 10)
        .and_then(|text| text.parse().ok());
    node.expect(date, "expected a date YYYY-MM-DD", faults)
}

/// Returns evidence for a first link, each once. The identifier may be called by its own name.
pub(super) fn first_link(node: &Node<'_>, identifier: Identifier, faults: &mut Faults) -> Option<Vec<FirstLink>> {
    let mut evidence = Vec::new();
    for element in node.list(MOST, faults)? {
        let Some(text) = element.text(faults) else { continue };
        let piece = if text == identifier.attribute().name() {
            Some(FirstLink::Identifier)
        } else {
            element.word("expected one of external_id, identifier, exact_name", faults)
        };
        let Some(piece) = piece else { continue };
        if evidence.contains(&piece) {
            element.refuse("was named before", faults);
        } else {
            evidence.push(piece);
        }
    }
    Some(evidence)
}

/// Returns ids of accounts.
pub(super) fn protected(node: &Node<'_>, faults: &mut Faults) -> Option<BTreeSet<String>> {
    const MOST_ACCOUNTS: usize = 5_000;
    let mut accounts = BTreeSet::new();
    for element in node.list(MOST_ACCOUNTS, faults)? {
        let Some(text) = element.text(faults) else { continue };
        let id = id::check(text).ok().map(|()| text.to_owned());
        accounts.extend(element.expect(id, "expected the id of an account", faults));
    }
    Some(accounts)
}
