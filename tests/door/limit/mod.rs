//! The limits of the contract hold in the code. A request that goes one beyond a limit is refused, and the refusal names the
//! member. A request that just reaches the limit is let through. This is tried for every limit of every route.

mod case;

use std::sync::Arc;

use acceptance::journey::{Nobody, Office};
use rollcall::api::{make_document, routes};
use serde_json::{Value, json};

use self::case::{branches, cases, cases_of_text, example, kind, resolved};
use crate::desk::{Desk, Reply};

/// Returns the address of a route, with values for its parameters.
fn address(path: &str) -> String {
    let parts = path
        .split('/')
        .map(|part| if part.starts_with('{') { "nobody" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// Returns what the query of a route has to hold.
fn needed<'a>(document: &Value, operation: &'a Value) -> Vec<(&'a str, String)> {
    let parameters = operation["parameters"].as_array().unwrap().iter();
    let is_needed = |parameter: &&Value| parameter["in"] == "query" && parameter["required"] == true;
    let good = |parameter: &'a Value| {
        let example = example(document, &parameter["schema"]);
        (
            parameter["name"].as_str().unwrap(),
            example.as_str().unwrap().to_owned(),
        )
    };
    parameters.filter(is_needed).map(good).collect()
}

fn encoded(name: &str, text: &str) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .append_pair(name, text)
        .finish()
}

/// Asserts that the request is refused for one reason only, at this place. Returns what the answer says is wrong there.
fn refused(reply: &Reply, pointer: &str, what: &str) -> String {
    let faults = reply.faults();
    assert_eq!((reply.status, reply.code()), (422, "invalid"), "{what}: {}", reply.body);
    assert_eq!(faults.len(), 1, "{what}: {faults:?}");
    assert_eq!(faults[0].0, pointer, "{what}: {faults:?}");
    faults[0].1.clone()
}

/// Asserts that the request is not refused for that reason, whatever else is wrong with it.
fn let_through(reply: &Reply, pointer: &str, said: &str, what: &str) {
    let fault = (pointer.to_owned(), said.to_owned());
    assert!(!reply.faults().contains(&fault), "{what}: {}", reply.body);
}

#[tokio::test]
async fn every_limit_of_every_body_is_held_and_reached() {
    let desk = Desk::open(&Office::new("7"), Arc::new(Nobody)).await;
    let document: Value = serde_json::from_str(&make_document(&routes::all())).unwrap();
    let mut tried = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (word, operation) in operations.as_object().unwrap() {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let method = word.to_uppercase();
            let query: Vec<_> = needed(&document, operation)
                .iter()
                .map(|(name, text)| encoded(name, text))
                .collect();
            let address = format!("{}?{}", address(path), query.join("&"));
            let send = async |body: &Value| {
                let mut request = desk.request(&method, &address, Some(body));
                request.headers.insert("if-match".to_owned(), "\"1\"".to_owned());
                desk.answer(&request).await
            };
            if schema.is_null() {
                if ["/oauth/callback", "/oauth/start/{token}"].contains(&path.as_str()) {
                    continue;
                }
                let reply = send(&json!({ "colour": 1 })).await;
                refused(&reply, "", &format!("{method} {path}"));
                continue;
            }
            for case in cases(&document, schema) {
                if case.pointer == "/config" && case.beyond.get("config").is_none() {
                    // This value is a whole configuration; other tests look at it.
                    continue;
                }
                let what = format!("{method} {path} {}", case.pointer);
                let said = refused(&send(&case.beyond).await, &case.pointer, &what);
                if let Some(within) = &case.within {
                    let_through(&send(within).await, &case.pointer, &said, &what);
                }
                tried += 1;
            }
        }
    }
    assert!(tried > 200, "{tried}");
}

#[tokio::test]
async fn every_limit_of_queries_and_headers_is_held_and_reached() {
    let desk = Desk::open(&Office::new("7"), Arc::new(Nobody)).await;
    let document: Value = serde_json::from_str(&make_document(&routes::all())).unwrap();
    let mut tried = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (word, operation) in operations.as_object().unwrap() {
            let method = word.to_uppercase();
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let body = (!schema.is_null()).then(|| example(&document, schema));
            let parameters = operation["parameters"].as_array().unwrap();
            let needed = needed(&document, operation);
            for parameter in parameters {
                let name = parameter["name"].as_str().unwrap();
                let send = async |text: &str| {
                    let others = needed.iter().filter(|(other, _)| *other != name);
                    let mut query: Vec<_> = others.map(|(name, text)| encoded(name, text)).collect();
                    let is_query = parameter["in"] == "query";
                    if is_query {
                        query.push(encoded(name, text));
                    }
                    let address = format!("{}?{}", address(path), query.join("&"));
                    let mut request = desk.request(&method, &address, body.as_ref());
                    request.headers.insert("if-match".to_owned(), "\"1\"".to_owned());
                    if !is_query {
                        request.headers.insert(name.to_ascii_lowercase(), text.to_owned());
                    }
                    desk.answer(&request).await
                };
                let pointer = match parameter["in"].as_str().unwrap() {
                    "path" => continue,
                    "query" => format!("?{name}"),
                    _ => name.to_owned(),
                };
                for (beyond, within) in cases_of_text(&parameter["schema"]) {
                    let what = format!("{method} {path} {pointer} {beyond:?}");
                    let said = refused(&send(&beyond).await, &pointer, &what);
                    if let Some(within) = within {
                        let_through(&send(&within).await, &pointer, &said, &what);
                    }
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 100, "{tried}");
}

#[test]
fn everything_that_a_body_can_hold_is_bounded() {
    fn walk(document: &Value, schema: &Value, place: &str) {
        let schema = resolved(document, schema);
        if schema.get("const").is_some() || schema.get("enum").is_some() {
            return;
        }
        if let Some(branches) = branches(schema) {
            return branches.iter().for_each(|branch| walk(document, branch, place));
        }
        match kind(schema) {
            "string" => {
                let is_bounded =
                    schema["maxLength"].is_u64() || schema["pattern"].as_str().is_some_and(|it| it.contains(",64}"));
                assert!(is_bounded, "{place}");
            }
            "array" => {
                assert!(schema["maxItems"].is_u64(), "{place}");
                walk(document, &schema["items"], place);
            }
            "integer" => assert!(schema["maximum"].is_u64(), "{place}"),
            "boolean" | "null" => {}
            _ => {
                let values = &schema["additionalProperties"];
                assert!(*values == json!(false) || schema["maxProperties"].is_u64(), "{place}");
                for (name, member) in schema["properties"].as_object().into_iter().flatten() {
                    if *member != json!(true) {
                        walk(document, member, &format!("{place}/{name}"));
                    }
                }
            }
        }
    }
    let document: Value = serde_json::from_str(&make_document(&routes::all())).unwrap();
    for operations in document["paths"].as_object().unwrap().values() {
        for operation in operations.as_object().unwrap().values() {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            if !schema.is_null() {
                walk(&document, schema, operation["operationId"].as_str().unwrap());
            }
        }
    }
}
