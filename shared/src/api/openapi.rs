//! The contract as an OpenAPI 3.1 document, made from the routes and the types of their bodies. It is kept as
//! `openapi.json`, which functions serve; tests make it anew and compare.
//!
//! <https://spec.openapis.org/oas/v3.1.1>; schemas are JSON Schema 2020-12.

use std::collections::{BTreeMap, BTreeSet};

use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use super::{
    form::Form,
    problem::{self, Code},
    response::JSON,
    route::{Access, Parameter, Route, Shape},
};

/// Where schemas of types stand in the document.
const SCHEMAS: &str = "/components/schemas";

fn generator() -> SchemaGenerator {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = SCHEMAS.into();
        settings.meta_schema = None;
    });
    settings.into_generator()
}

/// Makes the schemas of all bodies anew, from the code: by the name of their route, each whole in itself, without what is there
/// for readers only. Each function holds them, to check what it is sent (`limit`).
pub fn make_requests(routes: &[Route]) -> String {
    let mut generator = generator();
    let bodies = routes.iter().filter_map(|route| Some((route.name, route.body?.0)));
    let schemas: Vec<_> = bodies
        .map(|(name, shape)| (name, schema(shape, &mut generator)))
        .collect();
    let mut types = generator.take_definitions(true);
    // A configuration's own reader names every fault, because what it expects depends on more than the form. A body
    // that has a member `config` is no configuration but holds one.
    let configuration = json!({ "type": "object", "properties": { "config": false } });
    types.insert("Configuration".to_owned(), configuration);
    let requests: Map<String, Value> = schemas
        .into_iter()
        .map(|(name, schema)| (name.to_owned(), whole(schema, &types)))
        .collect();
    let text = serde_json::to_string_pretty(&requests).unwrap_or_default();
    text + "\n"
}

/// A schema with the schemas that it points to, without words for readers.
fn whole(schema: Value, types: &Map<String, Value>) -> Value {
    match schema {
        Value::Object(mut keywords) => {
            if let Some(pointed) = keywords.remove("$ref") {
                let name = pointed.as_str().and_then(|pointer| pointer.rsplit('/').next());
                return whole(
                    name.and_then(|name| types.get(name)).cloned().unwrap_or_default(),
                    types,
                );
            }
            let is_for_readers = |keyword: &str| ["default", "description", "format"].contains(&keyword);
            let mut kept = Map::new();
            for (keyword, value) in keywords {
                let value = match (keyword.as_str(), value) {
                    // The keys of `properties` are names of members, and no keywords.
                    ("properties", Value::Object(members)) => members
                        .into_iter()
                        .map(|(name, schema)| (name, whole(schema, types)))
                        .collect::<Map<_, _>>()
                        .into(),
                    (word, _) if is_for_readers(word) => continue,
                    (_, value) => whole(value, types),
                };
                kept.insert(keyword, value);
            }
            kept.into()
        }
        Value::Array(list) => list.into_iter().map(|schema| whole(schema, types)).collect(),
        plain @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => plain,
    }
}

/// Makes the document anew, from the code.
pub fn make_document(routes: &[Route]) -> String {
    let mut generator = generator();
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
    parameters.extend(route.query.iter().map(|query| parameter("query", query)));
    parameters.extend(route.headers().iter().map(|header| parameter("header", header)));
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
    if let (Access::Key | Access::Operator, Some(members)) = (route.access, operation.as_object_mut()) {
        let roles: Vec<_> = route.roles.iter().map(|role| role.as_str()).collect();
        members.insert("x-roles".to_owned(), json!(roles));
    }
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
        Form::Tenant.schema()
    } else {
        json!({ "type": "string", "minLength": 1 })
    };
    json!({ "name": name, "in": "path", "required": true, "schema": schema })
}

fn parameter(place: &str, parameter: &Parameter) -> Value {
    json!({
        "name": parameter.name, "in": place, "required": parameter.required,
        "description": parameter.says, "schema": parameter.form.schema(),
    })
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
