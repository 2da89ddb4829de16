//! What is said of bodies that are not as the contract says.

use serde_json::json;

use super::*;

fn found(schema: &Value, value: &Value) -> Vec<(String, String)> {
    let mut faults = Vec::new();
    check_value(schema, value, "", &mut faults);
    faults.into_iter().map(|fault| (fault.pointer, fault.detail)).collect()
}

#[test]
fn r47_of_a_body_that_is_wrong_everywhere_no_more_is_noted_than_shows_that_it_is() {
    let list = json!({ "type": "array", "items": { "type": "string" } });
    let object = json!({ "type": "object", "additionalProperties": false });
    let numbers: Vec<u32> = (0..200_000).collect();
    let members: Map<String, Value> = numbers.iter().map(|number| (number.to_string(), json!(1))).collect();
    for (schema, value) in [(list, json!(numbers)), (object, Value::Object(members))] {
        assert_eq!(found(&schema, &value).len(), MOST_FAULTS + 1);
    }
}

#[test]
fn what_is_wrong_is_named_by_place_and_by_what_was_expected() {
    let schema = json!({
        "type": "object",
        "required": ["name"],
        "additionalProperties": false,
        "properties": {
            "name": { "type": "string", "minLength": 1, "maxLength": 3, "pattern": "^[a-z]*$" },
            "count": { "type": ["integer", "null"], "minimum": 1, "maximum": 5 },
            "list": { "type": "array", "maxItems": 1, "items": { "type": "string", "maxLength": 2 } },
            "map": {
                "type": "object", "maxProperties": 1,
                "propertyNames": { "maxLength": 2 }, "additionalProperties": { "type": ["string", "null"], "maxLength": 1 },
            },
        },
    });
    for good in [
        json!({ "name": "abc", "count": 5, "list": ["ab"], "map": { "ab": "a" } }),
        json!({ "name": "a", "count": null, "list": [], "map": { "a": null } }),
    ] {
        assert_eq!(found(&schema, &good), [], "{good}");
    }
    for (bad, pointer, says) in [
        (json!([]), "", "an object"),
        (json!({}), "/name", "is missing"),
        (
            json!({ "name": "a", "colour": 1 }),
            "/colour",
            "`count`, `list`, `map`, `name`",
        ),
        (json!({ "name": "abcd" }), "/name", "1 to 3 characters"),
        (json!({ "name": "" }), "/name", "1 to 3 characters"),
        (json!({ "name": "A" }), "/name", "^[a-z]*$"),
        (json!({ "name": 5 }), "/name", "a text"),
        (json!({ "name": "a", "count": 6 }), "/count", "from 1 to 5"),
        (json!({ "name": "a", "count": 0 }), "/count", "from 1 to 5"),
        (json!({ "name": "a", "count": 1.5 }), "/count", "a whole number or null"),
        (json!({ "name": "a", "count": u64::MAX }), "/count", "from 1 to 5"),
        (json!({ "name": "a", "list": ["a", "b"] }), "/list", "at most 1"),
        (json!({ "name": "a", "list": ["abc"] }), "/list/0", "at most 2"),
        (json!({ "name": "a", "map": { "a": "", "b": "" } }), "/map", "at most 1"),
        (json!({ "name": "a", "map": { "abc": "" } }), "/map/abc", "at most 2"),
        (json!({ "name": "a", "map": { "a/": "ab" } }), "/map/a~1", "at most 1"),
    ] {
        let found = found(&schema, &bad);
        assert_eq!(found.len(), 1, "{bad}: {found:?}");
        assert_eq!(found[0].0, pointer, "{bad}: {found:?}");
        assert!(found[0].1.contains(says), "{bad}: {found:?}");
    }
    assert_eq!(found(&schema, &json!({ "name": 1, "count": "a", "map": 1 })).len(), 3);
}

#[test]
fn of_several_forms_the_one_that_was_meant_is_explained() {
    let tagged = json!({ "anyOf": [{ "type": "null" }, { "oneOf": [
        { "type": "object", "required": ["kind", "key"],
          "properties": { "kind": { "const": "a" }, "key": { "type": "string", "maxLength": 2 } } },
        { "type": "object", "required": ["kind"], "properties": { "kind": { "const": "b" } } },
    ] }] });
    let keyed = json!({ "oneOf": [
        { "type": "object", "required": ["x"], "properties": { "x": { "type": "string" } }, "additionalProperties": false },
        { "type": "object", "required": ["y"], "properties": { "y": { "type": "integer" } }, "additionalProperties": false },
    ] });
    let words = json!({ "oneOf": [{ "const": "a" }, { "const": "b" }] });
    for (schema, bad, pointer, says) in [
        (&tagged, json!(5), "", "an object"),
        (&tagged, json!({}), "/kind", "one of `a`, `b`"),
        (&tagged, json!({ "kind": "c" }), "/kind", "one of `a`, `b`"),
        (&tagged, json!({ "kind": "a" }), "/key", "is missing"),
        (&tagged, json!({ "kind": "a", "key": "abc" }), "/key", "at most 2"),
        (&keyed, json!({}), "", "one of `x`, `y`"),
        (&keyed, json!({ "y": "a" }), "/y", "a whole number"),
        (&keyed, json!({ "y": 1, "z": 1 }), "/z", "no such member"),
        (&words, json!("c"), "", "one of `a`, `b`"),
    ] {
        let found = found(schema, &bad);
        assert_eq!(found.len(), 1, "{bad}: {found:?}");
        assert_eq!(found[0].0, pointer, "{bad}: {found:?}");
        assert!(found[0].1.contains(says), "{bad}: {found:?}");
    }
    let alone = json!({ "anyOf": [
        { "type": "object", "required": ["a"], "additionalProperties": false,
          "properties": { "a": { "type": "integer" }, "b": { "type": "integer" } } },
        { "type": "object", "properties": { "a": false } },
    ] });
    assert_eq!(found(&alone, &json!({ "b": "x", "c": 1 })), []);
    let both = found(&alone, &json!({ "a": "x", "b": "x" }));
    assert_eq!(
        both.iter().map(|(place, _)| place.as_str()).collect::<Vec<_>>(),
        ["/a", "/b"]
    );
    for (schema, good) in [
        (&tagged, json!(null)),
        (&tagged, json!({ "kind": "b" })),
        (&keyed, json!({ "x": "a" })),
        (&words, json!("b")),
    ] {
        assert_eq!(found(schema, &good), [], "{good}");
    }
}

#[test]
fn every_keyword_of_the_contract_is_heeded() {
    const HEEDED: [&str; 18] = [
        "additionalProperties",
        "anyOf",
        "const",
        "enum",
        "items",
        "maxItems",
        "maxLength",
        "maxProperties",
        "maximum",
        "minItems",
        "minLength",
        "minProperties",
        "minimum",
        "oneOf",
        "pattern",
        "propertyNames",
        "required",
        "type",
    ];
    fn walk(schema: &Value) {
        match schema {
            Value::Object(keywords) => {
                for (keyword, value) in keywords {
                    if keyword == "properties" {
                        value.as_object().unwrap().values().for_each(walk);
                    } else {
                        assert!(HEEDED.contains(&keyword.as_str()), "{keyword}");
                        if let Some(pattern) = value.as_str().filter(|_| keyword == "pattern") {
                            Regex::new(pattern).unwrap();
                        }
                        if !["const", "enum", "required"].contains(&keyword.as_str()) {
                            walk(value);
                        }
                    }
                }
            }
            Value::Array(list) => list.iter().for_each(walk),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    assert!(SCHEMAS.len() > 10, "{}", SCHEMAS.len());
    SCHEMAS.values().for_each(walk);
}
