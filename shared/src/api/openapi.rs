//! The contract as an OpenAPI 3.1 document, made from the routes and the types of their bodies. It is kept as
//! `openapi.json`, which functions serve; tests make it anew and compare.
//!
//! <https://spec.openapis.org/oas/v3.1.1>; schemas are JSON Schema 2020-12.

use std::collections::{BTreeMap, BTreeSet};

use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use super::{
    problem::{self, Code},
    response::JSON,
    route::{Access, Form, Parameter, Route, Shape},
};

/// Where schemas of types stand in the document.
const SCHEMAS: &str = "/components/schemas";

/// Makes the document anew, from the code.
pub fn make_document(routes: &[Route]) -> String {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = SCHEMAS.into();
        settings.meta_schema = None;
    });
    let mut generator = settings.into_generator();
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for route in routes {
        let operation = operation(route, &mut generator);
        let method = route.method.as_str().to_ascii_lowercase();
        paths.entry(route.path).or_default().insert(method, operation);
    }
    generator.subschema_for::<problem::Document>();
    let document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Rollcall",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Keeps an application's users in step with its customers' HR systems",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "tags": tags(routes),
        "paths": paths,
        "components": {
            "securitySchemes": {
                "api_key": { "type": "http", "scheme": "bearer", "description": "An API key: `rck_…`." },
            },
            "schemas": generator.take_definitions(true),
        },
    });
    let text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text + "\n"
}

/// The subject of a route: the first segment after the version.
fn tag(route: &Route) -> &'static str {
    let path = route.path.strip_prefix("/v1").unwrap_or(route.path);
    path.split('/').nth(1).unwrap_or_default()
}

fn tags(routes: &[Route]) -> Vec<Value> {
    let names: BTreeSet<_> = routes.iter().map(tag).collect();
    names.into_iter().map(|name| json!({ "name": name })).collect()
}

fn operation(route: &Route, generator: &mut SchemaGenerator) -> Value {
    let mut parameters: Vec<Value> = route.places().map(place).collect();
    parameters.extend(route.query.iter().map(parameter));
    parameters.extend(headers(route));
    let mut operation = json!({
        "operationId": route.name,
        "summary": route.says,
        "tags": [tag(route)],
        "parameters": parameters,
        "responses": responses(route, generator),
        "security": match route.access {
            Access::Open | Access::Browser => json!([]),
            Access::Key | Access::Operator => json!([{ "api_key": [] }]),
        },
    });
    if let Some((shape, is_optional)) = route.body {
        let body = json!({
            "required": !is_optional,
            "content": { JSON: { "schema": schema(shape, generator) } },
        });
        if let Some(members) = operation.as_object_mut() {
            members.insert("requestBody".to_owned(), body);
        }
    }
    operation
}

fn schema(shape: Shape, generator: &mut SchemaGenerator) -> Value {
    shape.0(generator).to_value()
}

fn place(name: &str) -> Value {
    let schema = if name == "tenant" {
        json!({ "type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$" })
    } else {
        json!({ "type": "string", "minLength": 1 })
    };
    json!({ "name": name, "in": "path", "required": true, "schema": schema })
}

fn parameter(parameter: &Parameter) -> Value {
    let word_list = |words: &[&str]| format!("^({words})(,({words}))*$", words = words.join("|"));
    let schema = match parameter.form {
        Form::Flag => json!({ "type": "boolean" }),
        Form::Count(least, most) => json!({ "type": "integer", "minimum": least, "maximum": most }),
        Form::Text(most) => {
            json!({ "type": "string", "minLength": 1, "maxLength": most, "pattern": "^[^\\u0000-\\u001f\\u007f-\\u009f]*$" })
        }
        Form::Word(words) => json!({ "type": "string", "enum": words }),
        Form::Words(words) => json!({ "type": "string", "pattern": word_list(words) }),
    };
    json!({
        "name": parameter.name, "in": "query", "required": parameter.required,
        "description": parameter.says, "schema": schema,
    })
}

fn headers(route: &Route) -> Vec<Value> {
    let mut headers = Vec::new();
    if route.access == Access::Key || route.access == Access::Operator {
        headers.push(json!({
            "name": "X-Acting-User", "in": "header", "required": route.needs_person,
            "description": "The person behind the call, as the application knows them.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[!-~]([ -~]*[!-~])?$" },
        }));
    }
    if route.is_repeatable() {
        headers.push(json!({
            "name": "Idempotency-Key", "in": "header", "required": false,
            "description": "The same request with the same key is carried out once; its answer is kept for 24 hours.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^(\"[!#-~]+\"|[!#-~]+)$" },
        }));
    }
    if route.takes_version {
        headers.push(json!({
            "name": "If-Match", "in": "header", "required": true,
            "description": "The `ETag` of the version that was read.",
            "schema": { "type": "string", "pattern": "^\"[0-9]{1,19}\"$" },
        }));
    }
    headers
}

fn responses(route: &Route, generator: &mut SchemaGenerator) -> Map<String, Value> {
    let mut responses: Map<String, Value> = Map::new();
    for answer in &route.answers {
        let entry = responses
            .entry(answer.status.to_string())
            .or_insert_with(|| json!({ "description": answer.says }));
        let content = answer.body.map(|(media, shape)| {
            let schema = shape.map_or_else(|| json!({ "type": "string" }), |shape| schema(shape, generator));
            (media, json!({ "schema": schema }))
        });
        if let (Some((media, content)), Some(entry)) = (content, entry.as_object_mut()) {
            let all = entry.entry("content").or_insert_with(|| json!({}));
            if let Some(all) = all.as_object_mut() {
                all.insert(media.to_owned(), content);
            }
        }
    }
    let mut by_status: BTreeMap<u16, Vec<Code>> = BTreeMap::new();
    for code in route.all_refusals() {
        by_status.entry(code.status()).or_default().push(code);
    }
    for (status, codes) in by_status {
        let says: Vec<String> = codes
            .iter()
            .map(|code| format!("`{}`: {}.", code.as_str(), code.title()))
            .collect();
        let answer = json!({
            "description": says.join(" "),
            "content": { problem::PROBLEM_JSON: { "schema": { "$ref": format!("#{SCHEMAS}/Problem") } } },
        });
        responses.insert(status.to_string(), answer);
    }
    responses
}
