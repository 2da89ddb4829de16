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
        route::{EVERYBODY, Function},
        view::{Listed, word},
    },
    source::{Class, Error, FormField, Method as By, Provider, Site, Way},
};

/// An HR system.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Provider")]
struct ProviderView {
    /// Its id.
    id: String,
    /// Its name for people.
    name: &'static str,
    /// How it can be connected, as far as this stack is set up for it.
    authentication: Vec<WayView>,
    /// How a customer chooses its part of the address; null where all customers have one address.
    site: Option<SiteView>,
    /// Per canonical attribute: `yes`, `no`, `needs_permission`, or `custom` where it is a custom field.
    attributes: BTreeMap<&'static str, &'static str>,
    /// What tells people apart best, best first.
    identifiers: Vec<String>,
    /// Permissions that the connecting person has to have or to give.
    permissions: Vec<&'static str>,
    /// How many requests a read of 1,000 people takes, with all canonical attributes and without custom fields.
    requests_for_1000_people: u32,
    /// How many people a second the HR system's allowance lets through in such a read; null where the vendor tells no number.
    people_a_second: Option<u32>,
}

/// The customer's part of an HR system's address: the member `site` of a connection.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Site")]
struct SiteView {
    /// What people call it.
    label: &'static str,
    /// Where people find it.
    help: &'static str,
    /// What it may be.
    expected: String,
}

impl From<Site> for SiteView {
    fn from(site: Site) -> Self {
        Self {
            label: site.label,
            help: site.help,
            expected: site.expected(),
        }
    }
}

/// A way to authenticate.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Authentication")]
struct WayView {
    /// `oauth`, `api_key`, `client_credentials` or `basic`.
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
    /// A provider as its description says, without the login in the browser where the operator registered no application.
    async fn of(provider: &dyn Provider) -> Result<Self, Error> {
        let description = provider.description();
        let is_registered = match provider.login() {
            Some(login) => login.is_registered().await?,
            None => false,
        };
        let ways = description.ways.iter();
        let ways = ways.filter(|way| way.method != By::OAuth || is_registered);
        let attributes = description.attributes.iter();
        Ok(Self {
            id: provider.kind().as_str().to_owned(),
            name: description.name,
            authentication: ways.map(WayView::from).collect(),
            site: provider.site().map(SiteView::from),
            attributes: attributes
                .map(|(name, availability)| (name.name(), availability.as_str()))
                .collect(),
            identifiers: description.identifiers.iter().map(word).collect(),
            permissions: description.permissions.clone(),
            requests_for_1000_people: (description.cost.requests)(1_000),
            people_a_second: description.cost.people_a_second(1_000),
        })
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
        .roles(EVERYBODY)
        .answers::<Listed<ProviderView>>(200, "All of them."),
    ]
}

async fn list(context: &Context<'_>) -> Result<Response, Problem> {
    let mut data = Vec::new();
    for provider in &context.ports().providers {
        let view = ProviderView::of(provider.as_ref()).await;
        data.push(view.map_err(|error| match error.class {
            Class::Temporary => Problem::unavailable(&error),
            Class::Malformed | Class::Expired | Class::Misconfigured | Class::Forbidden | Class::Unauthorized => {
                Problem::internal(&error)
            }
        })?);
    }
    Ok(Response::json(200, &Listed::whole(data)))
}
