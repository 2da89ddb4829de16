//! The HR systems that this stack can speak with.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::{Route, handler};
use crate::{
    api::{
        context::Context,
        problem::Problem,
        request::Method,
        response::Response,
        route::Function,
        view::{Listed, word},
    },
    connection::ProviderId,
    source::{Class, Description, FormField, Way},
};

/// An HR system.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Provider")]
struct ProviderView {
    /// Its id.
    id: String,
    /// Its name for people.
    name: &'static str,
    /// How it can be connected.
    authentication: Vec<WayView>,
    /// Per canonical attribute: `yes`, `no`, `needs_permission`, or `custom` where it is a custom field.
    attributes: BTreeMap<&'static str, &'static str>,
    /// What tells people apart best, best first.
    identifiers: Vec<String>,
    /// Permissions that the connecting person has to have or to give.
    permissions: Vec<&'static str>,
}

/// A way to authenticate.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Authentication")]
struct WayView {
    /// `oauth` or `api_key`.
    method: &'static str,
    /// The members of `credential` that a person fills in.
    fields: Vec<FieldView>,
}

/// A member of `credential` that a person fills in.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FormField")]
struct FieldView {
    /// Its name.
    name: &'static str,
    /// What people call it.
    label: &'static str,
    /// Where people find it.
    help: &'static str,
    /// Whether it must not be shown.
    secret: bool,
}

impl From<&FormField> for FieldView {
    fn from(field: &FormField) -> Self {
        Self {
            name: field.name,
            label: field.label,
            help: field.help,
            secret: field.secret,
        }
    }
}

impl From<&Way> for WayView {
    fn from(way: &Way) -> Self {
        Self {
            method: way.method.as_str(),
            fields: way.fields.iter().map(FieldView::from).collect(),
        }
    }
}

impl ProviderView {
    fn of(id: &ProviderId, description: &Description) -> Self {
        let attributes = description.attributes.iter();
        Self {
            id: id.as_str().to_owned(),
            name: description.name,
            authentication: description.ways.iter().map(WayView::from).collect(),
            attributes: attributes
                .map(|(name, availability)| (name.name(), availability.as_str()))
                .collect(),
            identifiers: description.identifiers.iter().map(word).collect(),
            permissions: description.permissions.to_vec(),
        }
    }
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            Function::Console,
            Method::Get,
            "/v1/providers",
            "list_providers",
            "The HR systems that can be connected, and what each can give.",
            handler!(list),
        )
        .answers::<Listed<ProviderView>>(200, "All of them."),
    ]
}

async fn list(context: &Context<'_>) -> Result<Response, Problem> {
    let mut data = Vec::new();
    for provider in &context.ports().providers {
        let description = provider.description().await.map_err(|error| match error.class {
            Class::Temporary => Problem::unavailable(&error),
            Class::Malformed | Class::Misconfigured | Class::Forbidden | Class::Unauthorized => {
                Problem::internal(&error)
            }
        })?;
        data.push(ProviderView::of(&provider.id(), &description));
    }
    Ok(Response::json(200, &Listed::whole(data)))
}
