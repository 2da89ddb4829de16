//! The `api` room (layer 5): inbound HTTP. Keys, routing, idempotency, problem documents, OpenAPI. No rules of the
//! business: a handler reads the request, calls one use case or reader, and writes the answer.
//!
//! The way of a request is in `edge`; `route` says what a route is, `routes/` has them all by subject, `view/` what
//! callers are shown.

mod context;
mod cursor;
mod edge;
mod gateway;
pub mod key;
mod openapi;
mod problem;
mod reader;
mod repeat;
mod request;
mod response;
mod route;
mod routes;
mod sheet;
mod view;

pub use edge::{Edge, METHODS, Settings};
pub use problem::{Code, Fault, Problem};
pub use request::{Method, Request};
pub use response::Response;
pub use route::{Access, Function, Route};
pub use routes::all as all_routes;
