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
    let mut routes = Vec::new();
    routes.extend(health::routes());
    routes.extend(oauth::routes());
    routes.extend(provider::routes());
    routes.extend(connect::routes());
    routes.extend(connection::routes());
    routes.extend(setting::routes());
    routes.extend(field::routes());
    routes.extend(plan::routes());
    routes.extend(run::routes());
    routes.extend(person::routes());
    routes.extend(user::routes());
    routes.extend(erasure::routes());
    routes.extend(key::routes());
    routes.extend(stop::routes());
    routes.extend(webhook::routes());
    routes.extend(audit::routes());
    routes
}

/// Makes a handler of an `async fn`.
macro_rules! handler {
    ($function:path) => {
        |context| Box::pin($function(context))
    };
}
use handler;
