//! Whether the stack is alive, and what it can do.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Route, handler};
use crate::api::{
    context::Context,
    problem::Problem,
    request::Method,
    response::{JSON, Response},
    route::{Access, Function},
};

/// The kept document. A test holds that it is what the code says.
const CONTRACT: &str = include_str!("../openapi.json");

/// A sign of life.
#[derive(Debug, Serialize, JsonSchema)]
struct Health {
    /// `ok`.
    status: &'static str,
    /// The version of this code.
    version: &'static str,
    /// Which build of it, such as a commit; left out where nobody said.
    #[serde(skip_serializing_if = "Option::is_none")]
    build: Option<String>,
}

/// The contract, as OpenAPI 3.1.
#[derive(Debug, Serialize, JsonSchema)]
struct Contract {
    /// The version of OpenAPI.
    openapi: String,
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            Function::Console,
            Method::Get,
            "/healthz",
            "health",
            "Says that the service lives.",
            handler!(health),
        )
        .access(Access::Open)
        .answers::<Health>(200, "It lives."),
        Route::new(
            Function::Console,
            Method::Get,
            "/openapi.json",
            "contract",
            "This document.",
            handler!(contract),
        )
        .access(Access::Open)
        .answers::<Contract>(200, "The contract."),
    ]
}

async fn health(context: &Context<'_>) -> Result<Response, Problem> {
    let health = Health {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
        build: Some(context.settings.build.clone()).filter(|build| !build.is_empty()),
    };
    Ok(Response::json(200, &health))
}

async fn contract(_context: &Context<'_>) -> Result<Response, Problem> {
    Ok(Response::of(200, JSON, CONTRACT).with("cache-control", "max-age=300"))
}
