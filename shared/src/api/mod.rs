//! The `api` room (layer 5): inbound HTTP. Keys, routing, idempotency, problem documents, OpenAPI. No rules of the
//! business: a handler reads the request, calls one use case or reader, and writes the answer.
//!
//! The way of a request is in `edge`; `route` says what a route is, `routes/` has them all by subject, `view/` what
//! callers are shown.

mod access;
mod allowance;
mod check;
mod context;
mod cursor;
mod derived;
mod edge;
mod form;
mod gateway;
mod json;
pub mod key;
mod limit;
#[cfg(feature = "testing")]
mod openapi;
mod page;
mod pasted;
mod problem;
mod reader;
mod repeat;
mod request;
mod response;
mod route;
pub mod routes;
mod setting;
mod sheet;
mod view;

pub use allowance::Allowance;
pub use edge::{Edge, METHODS};
#[cfg(feature = "testing")]
pub use openapi::{make_document, make_requests};
pub use problem::{Code, Fault, Problem};
pub use request::{Method, Request};
pub use response::Response;
pub use route::{Access, Function, Route};
pub use setting::Settings;
