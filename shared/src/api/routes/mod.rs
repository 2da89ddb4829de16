//! All routes, by subject. A handler reads, calls one use case or reader, and writes the answer.

mod audit;
mod connect;
mod connection;
mod erasure;
mod field;
mod health;
mod key;
mod oauth;
mod person;
mod plan;
mod provider;
mod run;
mod setting;
mod stop;
mod user;
mod webhook;

use super::route::Route;

/// Every route of Rollcall, in the order of the OpenAPI document's source.
pub fn all() -> Vec<Route> {
    [console(), connect(), diff(), apply()].concat()
}

/// The routes of `apply`.
pub fn apply() -> Vec<Route> {
    plan::deciding()
}

/// The routes of `connect`.
pub fn connect() -> Vec<Route> {
    [oauth::routes(), connect::connecting()].concat()
}

/// The routes of `console`.
pub fn console() -> Vec<Route> {
    [
        health::routes(),
        provider::routes(),
        connect::activating(),
        connection::routes(),
        setting::routes(),
        field::reading(),
        plan::reading(),
        run::routes(),
        person::routes(),
        user::routes(),
        erasure::routes(),
        key::routes(),
        stop::routes(),
        webhook::routes(),
        audit::routes(),
    ]
    .concat()
}

/// The routes of `diff`.
pub fn diff() -> Vec<Route> {
    [plan::asking(), field::asking()].concat()
}

/// Makes a handler of an `async fn`.
macro_rules! handler {
    ($function:path) => {
        |context| Box::pin($function(context))
    };
}
use handler;
