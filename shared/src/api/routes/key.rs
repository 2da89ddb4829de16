//! API keys: listed, made, revoked. For the operator.

use std::collections::BTreeSet;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use secrecy::ExposeSecret as _;
use serde::Deserialize;

use super::{Route, handler};
use crate::{
    api::{
        context::Context,
        form::{ONE_LINE, TENANT},
        key::{compose, hash},
        page::Page,
        problem::{Code, Problem},
        repeat,
        request::Method,
        response::Response,
        route::{Access, Function, PAGES},
        view::{
            Listed,
            door::{KeyView, NewKeyView},
        },
    },
    connection::{Role, TenantId},
    run::{self, KeyRefused},
    store::{KeyRecord, Reach},
};

/// A key to be made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewKey {
    /// What people call it.
    #[schemars(length(min = 1, max = 100), regex(pattern = ONE_LINE))]
    name: String,
    /// `*` for every tenant, or the tenants that it reaches.
    tenants: Tenants,
    /// What its holder may do; everything where it is left out.
    #[serde(default)]
    #[schemars(schema_with = "roles")]
    role: Role,
}

/// The words of all roles.
fn roles(_: &mut SchemaGenerator) -> Schema {
    let words: Vec<_> = Role::ALL.iter().map(|role| role.as_str()).collect();
    json_schema!({ "type": "string", "enum": words })
}

/// Whose data a key opens.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Tenants {
    /// Every tenant's: `*`.
    All(All),
    /// These tenants'.
    Some(
        #[schemars(
            with = "Vec<String>",
            length(min = 1, max = 100),
            inner(regex(pattern = TENANT))
        )]
        BTreeSet<TenantId>,
    ),
}

/// The word for every tenant.
#[derive(Debug, Deserialize, JsonSchema)]
enum All {
    #[serde(rename = "*")]
    Star,
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            Function::Console,
            Method::Get,
            "/v1/keys",
            "list_keys",
            "All API keys, without their secrets.",
            handler!(list),
        )
        .access(Access::Operator)
        .query(&PAGES)
        .answers::<Listed<KeyView>>(200, "A page of keys, revoked ones too."),
        Route::new(
            Function::Console,
            Method::Post,
            "/v1/keys",
            "create_key",
            "Makes an API key. Its text is in this answer and nowhere else.",
            handler!(create),
        )
        .access(Access::Operator)
        .body::<NewKey>()
        .answers::<NewKeyView>(201, "The key with its text.")
        .refuses(&[Code::Gone]),
        Route::new(
            Function::Console,
            Method::Delete,
            "/v1/keys/{id}",
            "revoke_key",
            "Revokes an API key: from now on it opens nothing.",
            handler!(revoke),
        )
        .access(Access::Operator)
        .answers_empty(204, "It is revoked."),
    ]
}

async fn list(context: &Context<'_>) -> Result<Response, Problem> {
    let after = context.cursor()?;
    let mut keys = context.door.list_keys().await?;
    keys.sort_by(|left, right| left.id.cmp(&right.id));
    let mut page = Page::asked_for(context);
    let mut last = None;
    for key in keys
        .iter()
        .filter(|key| after.as_ref().is_none_or(|after| key.id > *after))
    {
        if !page.add(KeyView::from(key)) {
            return Ok(Response::json(200, &page.finish(last)));
        }
        last = Some(key.id.as_str());
    }
    Ok(Response::json(200, &page.finish(None)))
}

async fn create(context: &Context<'_>) -> Result<Response, Problem> {
    let new: NewKey = context.json()?;
    let reach = match new.tenants {
        Tenants::All(All::Star) => Reach::All,
        Tenants::Some(tenants) => Reach::Tenants(tenants),
    };
    let ids = &context.ports().ids;
    let id = ids.next("k").replace('_', "");
    let text = compose(&id, &ids.key());
    let record = KeyRecord {
        id,
        name: new.name,
        hash: hash(&text),
        reach,
        role: new.role,
        created_at: context.now(),
        created_by: context.person.clone(),
        revoked_at: None,
    };
    let created = run::create_key(context.ports(), &context.actor(), &record).await;
    created.map_err(|refused| match refused {
        KeyRefused::Taken => Problem::new(
            Code::Conflict,
            "the id is taken; send it under another `Idempotency-Key`",
        ),
        KeyRefused::Shown => repeat::shown(),
        KeyRefused::Internal(error) => error.into(),
    })?;
    let view = NewKeyView {
        key: KeyView::from(&record),
        text: text.expose_secret().to_owned(),
    };
    Ok(Response::json(201, &view).secret())
}

/// The most bytes of a key's id.
const MOST_ID_BYTES: usize = 128;

async fn revoke(context: &Context<'_>) -> Result<Response, Problem> {
    let id = context.place("id");
    // A longer text is no key's id, and no key of the table.
    if id.len() <= MOST_ID_BYTES && run::revoke_key(context.ports(), &context.actor(), id).await? {
        Ok(Response::empty(204))
    } else {
        Err(Problem::not_found("key"))
    }
}
