//! What can be wrong with a value of a schema, one thing at a time, beside a value that is just still good.

use serde_json::{Map, Value, json};

/// A value that is wrong at one place, beside a value that is just still good.
pub(crate) struct Case {
    pub(crate) pointer: String,
    pub(crate) beyond: Value,
    pub(crate) within: Option<Value>,
}

impl Case {
    fn new(pointer: &str, beyond: Value) -> Self {
        Self {
            pointer: pointer.to_owned(),
            beyond,
            within: None,
        }
    }

    fn beside(self, within: Value) -> Self {
        Self {
            within: Some(within),
            ..self
        }
    }

    /// Returns this case for a value that holds the case's values as the member `name`.
    fn inside(self, name: &str, put: impl Fn(Value) -> Value) -> Self {
        let name = name.replace('~', "~0").replace('/', "~1");
        Self {
            pointer: format!("/{name}{}", self.pointer),
            beyond: put(self.beyond),
            within: self.within.map(put),
        }
    }
}

/// A pattern of the contract: how texts of it begin and go on, and texts that it does not take.
struct Pattern {
    text: &'static str,
    begins: &'static str,
    wrong: &'static [&'static str],
}

const PATTERNS: [Pattern; 9] = [
    Pattern {
        text: "^[A-Za-z0-9._-]{1,64}$",
        begins: "a",
        wrong: &[
            "",
            "a/b",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ],
    },
    Pattern {
        text: "^[a-z0-9-]{1,64}$",
        begins: "a",
        wrong: &[
            "",
            "A",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ],
    },
    Pattern {
        text: r"^[^\u0000-\u001f\u007f-\u009f]*$",
        begins: "a",
        wrong: &["a\u{1}", "a\u{7f}", "\u{85}a"],
    },
    Pattern {
        text: r"^[\t\n\r ]*[^\u0000-\u001f\u007f-\u009f]*[\t\n\r ]*$",
        begins: "a",
        wrong: &["a\u{1}b", "a\nb\n"],
    },
    Pattern {
        text: "^urn:[!-~]+$",
        begins: "urn:",
        wrong: &["urx:aaaa", "urn:a a"],
    },
    Pattern {
        text: "^[!-~]([ -~]*[!-~])?$",
        begins: "a",
        wrong: &["aé", "a\u{1}"],
    },
    Pattern {
        text: "^(\"[!#-~]{1,255}\"|[!#-~]{1,255})$",
        begins: "a",
        wrong: &["a b", "\"a", "\"\""],
    },
    Pattern {
        text: "^\"[0-9]{1,19}\"$",
        begins: "\"1\"",
        wrong: &["1", "\"a\"", "\"12345678901234567890\"", "*"],
    },
    Pattern {
        text: "^(joiner|",
        begins: "joiner",
        wrong: &["other", "joiner,", ""],
    },
];

fn pattern(schema: &Value) -> Option<&'static Pattern> {
    let text = schema["pattern"].as_str()?;
    let known = PATTERNS.iter().find(|known| known.text == text);
    // Lists of words are patterns of their own.
    let words = || PATTERNS.last().filter(|_| text.ends_with("*$"));
    Some(
        known
            .or_else(words)
            .unwrap_or_else(|| panic!("a pattern that this test does not know: {text}")),
    )
}

/// Returns a text that fits a schema and has so many characters.
fn text(schema: &Value, characters: u64) -> String {
    let begins = pattern(schema).map_or("a", |pattern| pattern.begins);
    let mut text = begins.to_owned();
    while (text.chars().count() as u64) < characters {
        text.push('a');
    }
    text
}

/// Returns a schema with what it points to.
pub(crate) fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(pointer) => document.pointer(pointer.trim_start_matches('#')).unwrap(),
        None => schema,
    }
}

/// Returns the schemas of which one has to hold, if the schema offers several.
pub(crate) fn branches(schema: &Value) -> Option<&Vec<Value>> {
    schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array())
}

pub(crate) fn kind(schema: &Value) -> &str {
    let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str());
    kind.unwrap_or_default()
}

/// Returns a value that a schema takes, with no more in it than is needed.
pub(crate) fn example(document: &Value, schema: &Value) -> Value {
    let schema = resolved(document, schema);
    if let Some(branches) = branches(schema) {
        return example(document, &branches[0]);
    }
    if let Some(word) = schema.get("const").or_else(|| schema["enum"].get(0)) {
        return word.clone();
    }
    match kind(schema) {
        "string" => text(schema, schema["minLength"].as_u64().unwrap_or(1)).into(),
        "integer" => schema["minimum"].as_u64().unwrap_or(1).into(),
        "boolean" => true.into(),
        "array" => {
            let least = schema["minItems"].as_u64().unwrap_or(0);
            (0..least).map(|_| example(document, &schema["items"])).collect()
        }
        _ => {
            let needed = schema["required"].as_array().cloned().unwrap_or_default();
            let member = |name: &Value| {
                let name = name.as_str().unwrap();
                (name.to_owned(), example(document, &schema["properties"][name]))
            };
            needed.iter().map(member).collect::<Map<_, _>>().into()
        }
    }
}

/// Returns everything that can be wrong with a value, one at a time.
pub(crate) fn cases(document: &Value, schema: &Value) -> Vec<Case> {
    if schema["$ref"] == json!("#/components/schemas/Configuration") {
        // A configuration names its own faults; other tests look at them.
        return Vec::new();
    }
    let schema = resolved(document, schema);
    if let Some(branches) = branches(schema) {
        let mut cases: Vec<_> = branches.iter().flat_map(|branch| cases(document, branch)).collect();
        // Where one of several members has to be there, no single member counts as missing.
        cases.retain(|case| case.beyond != json!({}) || case.pointer.matches('/').count() != 1);
        // A value that one of several schemas does not take may be good for another.
        cases.retain(|case| !case.pointer.is_empty() || case.beyond == json!("no such word"));
        return cases;
    }
    if schema.get("const").is_some() || schema.get("enum").is_some() {
        return vec![Case::new("", json!("no such word"))];
    }
    let bound = |keyword: &str| schema[keyword].as_u64();
    let mut found = Vec::new();
    match kind(schema) {
        "string" => {
            found.push(Case::new("", json!(5)));
            if let Some(most) = bound("maxLength") {
                let within = text(schema, most);
                found.push(Case::new("", text(schema, most + 1).into()).beside(within.into()));
            }
            if bound("minLength").is_some_and(|least| least > 0) {
                found.push(Case::new("", json!("")));
            }
            if let Some(pattern) = pattern(schema) {
                found.extend(pattern.wrong.iter().map(|wrong| Case::new("", json!(wrong))));
            }
        }
        "integer" => {
            found.push(Case::new("", json!("a")));
            found.push(Case::new("", json!(1.5)));
            if let Some(most) = bound("maximum") {
                found.push(Case::new("", json!(most + 1)).beside(json!(most)));
            }
            if let Some(least) = schema["minimum"].as_i64() {
                found.push(Case::new("", json!(least - 1)).beside(json!(least)));
            }
        }
        "boolean" => found.push(Case::new("", json!("yes"))),
        "array" => found.extend(cases_of_list(document, schema)),
        "object" => found.extend(cases_of_object(document, schema)),
        _ => {}
    }
    found
}

fn cases_of_list(document: &Value, schema: &Value) -> Vec<Case> {
    let list = |count: u64| -> Value { (0..count).map(|_| example(document, &schema["items"])).collect() };
    let mut found = vec![Case::new("", json!({}))];
    if let Some(most) = schema["maxItems"].as_u64() {
        found.push(Case::new("", list(most + 1)).beside(list(most)));
    }
    if let Some(least) = schema["minItems"].as_u64().filter(|least| *least > 0) {
        found.push(Case::new("", list(least - 1)).beside(list(least)));
    }
    let items = cases(document, &schema["items"]);
    found.extend(items.into_iter().map(|case| case.inside("0", |item| json!([item]))));
    found
}

fn cases_of_object(document: &Value, schema: &Value) -> Vec<Case> {
    let plain = example(document, schema);
    let with = |name: &str, value: Value| {
        let mut whole = plain.clone();
        whole[name] = value;
        whole
    };
    let mut found = vec![Case::new("", json!([]))];
    for name in schema["required"].as_array().into_iter().flatten() {
        let name = name.as_str().unwrap();
        let mut without = plain.clone();
        without.as_object_mut().unwrap().remove(name);
        found.push(Case::new(&format!("/{name}"), without));
    }
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        found.extend(
            cases(document, member)
                .into_iter()
                .map(|case| case.inside(name, |value| with(name, value))),
        );
    }
    if schema["additionalProperties"] == json!(false) {
        found.push(Case::new("/colour", with("colour", json!(1))));
    }
    let values = &schema["additionalProperties"];
    if values.is_object() {
        let member = |case: Case| case.inside("job_title", |value| with("job_title", value));
        found.extend(cases(document, values).into_iter().map(member));
        let most = schema["maxProperties"]
            .as_u64()
            .expect("names of the caller's own are bounded");
        let many = |count: u64| -> Value { (0..count).map(|place| (format!("m{place}"), json!(null))).collect() };
        found.push(Case::new("", many(most + 1)).beside(many(most)));
        let most = schema["propertyNames"]["maxLength"]
            .as_u64()
            .expect("names are bounded");
        let named = |characters: u64| (text(&json!({}), characters), json!(null));
        let (long, short) = (named(most + 1), named(most));
        let case = Case::new(&format!("/{}", long.0), [long].into_iter().collect());
        found.push(case.beside([short].into_iter().collect()));
    }
    found
}

/// Returns what a text in a query or a header may be, with one thing wrong at a time.
pub(crate) fn cases_of_text(schema: &Value) -> Vec<(String, Option<String>)> {
    let words = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    let found = cases(&Value::Null, schema).into_iter();
    found
        .filter(|case| kind(schema) != "string" || case.beyond.is_string())
        .filter_map(|case| Some((words(&case.beyond)?, case.within.as_ref().and_then(words))))
        .collect()
}
