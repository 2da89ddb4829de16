//! The built-in directory's users, and edits by hand.

use std::collections::BTreeMap;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use super::{Route, handler};
use crate::{
    account::{Account, AccountId, Origin},
    api::{
        context::Context,
        cursor,
        form::Form,
        page::{Page, weigh},
        problem::{Code, Fault, Problem},
        request::Method,
        response::Response,
        route::{DECIDING, Function, PAGES, Parameter},
        view::{
            Listed,
            mask::Mask,
            user::{HistoryView, UserView},
        },
    },
    connection::TenantId,
    employee::{Attribute, AttributesBuilder, Canonical, Email, Field, canonical_text},
    run,
    store::{AccountWrite, Placed, Written},
};

/// How many pages of the store a list looks through for its entries, so that a filter ends.
const MOST_PAGES: usize = 64;

/// How many users are looked up at once.
const TOGETHER: usize = 16;

/// The longest value of an attribute, in characters.
const MOST_CHARACTERS: usize = 1_000;

/// The longest name of an attribute, in characters.
const MOST_NAME_CHARACTERS: usize = 100;

/// How many attributes an edit may have.
const MOST_ATTRIBUTES: usize = 100;

/// An edit by hand.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct EditUser {
    /// Whether the person may use the application.
    active: Option<bool>,
    /// Attributes to be set; null clears one.
    #[serde(default)]
    #[schemars(schema_with = "attributes")]
    attributes: BTreeMap<String, Option<String>>,
}

/// The names of attributes, each with its new value.
fn attributes(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "object",
        "maxProperties": MOST_ATTRIBUTES,
        "propertyNames": { "maxLength": MOST_NAME_CHARACTERS },
        "additionalProperties": { "type": ["string", "null"], "maxLength": MOST_CHARACTERS },
    })
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            Function::Console,
            Method::Get,
            "/v1/tenants/{tenant}/users",
            "list_users",
            "The users of the built-in directory.",
            handler!(list),
        )
        .query(&[
            Parameter::new(
                "active",
                Form::Flag,
                "Only users who may, or may not, use the application.",
            ),
            Parameter::new("email", Form::Text(320), "Only the user with this primary e-mail."),
        ])
        .query(&PAGES)
        .answers::<Listed<UserView>>(200, "A page of users."),
        Route::new(
            Function::Console,
            Method::Get,
            "/v1/tenants/{tenant}/users/{user}",
            "load_user",
            "A user of the built-in directory.",
            handler!(load),
        )
        .answers::<UserView>(200, "The user."),
        Route::new(
            Function::Console,
            Method::Patch,
            "/v1/tenants/{tenant}/users/{user}",
            "edit_user",
            "Edits a user by hand. HR wins for managed attributes, never for `active`.",
            handler!(edit),
        )
        .roles(DECIDING)
        .by_person()
        .body::<EditUser>()
        .answers::<UserView>(200, "The user as it is now.")
        .refuses(&[Code::Conflict, Code::Taken]),
        Route::new(
            Function::Console,
            Method::Get,
            "/v1/tenants/{tenant}/users/{user}/history",
            "list_history",
            "What happened to a user within 90 days, newest first.",
            handler!(history),
        )
        .query(&PAGES)
        .answers::<Listed<HistoryView>>(200, "A page of entries."),
    ]
}

async fn list(context: &Context<'_>) -> Result<Response, Problem> {
    let tenant = context.tenant()?;
    if let Some(email) = context.text("email") {
        let email = Email::parse(email).ok_or_else(|| Problem::invalid("?email", "an e-mail address"))?;
        let directory = context.directory;
        let found = directory
            .find_by_unique(&tenant, Canonical::Email, email.as_str())
            .await?;
        let mask = context.mask_of(&tenant).await?;
        if mask.hides(&Canonical::Email.into()) {
            let detail = "your role does not see the addresses of these users, and cannot look for one";
            return Err(Problem::new(Code::RoleRefused, detail));
        }
        let mut data = Vec::new();
        for account in found.into_iter().filter(|account| is_wanted(context, account)) {
            data.push(view(context, &tenant, &account, &mask).await?);
        }
        return Ok(Response::json(200, &Listed::whole(data)));
    }
    // A place is a page of the store and how many of its accounts were shown.
    let (mut from, mut skip) = match context.cursor()? {
        None => (None, 0),
        Some(place) => read_place(&place)?,
    };
    let mut page = Page::asked_for(context);
    for _ in 0..MOST_PAGES {
        let (accounts, next) = context.directory.list_accounts(&tenant, from.as_deref()).await?;
        for account in accounts.iter().skip(skip) {
            if is_wanted(context, account) && !page.add_weighing(account.clone(), weight(account)) {
                return answer(context, &tenant, page, Some((from.as_deref(), skip))).await;
            }
            skip += 1;
        }
        match next {
            None => return answer(context, &tenant, page, None).await,
            Some(next) => (from, skip) = (Some(next), 0),
        }
    }
    answer(context, &tenant, page, Some((from.as_deref(), skip))).await
}

/// How many bytes a user takes on a page, but for what comes from their history.
fn weight(account: &Account) -> usize {
    weigh(&UserView::new(account, None, &Mask::none()))
}

/// A page of users, and where the next begins: at which page of the store, after how many of its accounts.
async fn answer(
    context: &Context<'_>,
    tenant: &TenantId,
    page: Page<Account>,
    next: Option<(Option<&str>, usize)>,
) -> Result<Response, Problem> {
    let accounts = page.into_entries();
    let mask = context.mask_of(tenant).await?;
    let views = accounts.iter().map(|account| view(context, tenant, account, &mask));
    let next = next.map(|(from, skip)| format!("{skip} {}", from.unwrap_or_default()));
    let listed = Listed {
        data: stream::iter(views).buffered(TOGETHER).try_collect().await?,
        next_cursor: next.as_deref().map(cursor::encode),
    };
    Ok(Response::json(200, &listed))
}

fn read_place(place: &str) -> Result<(Option<String>, usize), Problem> {
    let (skip, from) = place.split_once(' ').ok_or_else(cursor::invalid)?;
    let skip = skip.parse().map_err(|_| cursor::invalid())?;
    let from = Some(from).filter(|from| !from.is_empty());
    let from = from.map(AccountId::parse).transpose().map_err(|_| cursor::invalid())?;
    Ok((from.map(|from| from.as_str().to_owned()), skip))
}

fn is_wanted(context: &Context<'_>, account: &Account) -> bool {
    context
        .text("active")
        .is_none_or(|active| (active == "true") == account.active)
}

async fn find(context: &Context<'_>, tenant: &TenantId) -> Result<Account, Problem> {
    let id: AccountId = context.id("user", "user")?;
    let found = context.directory.find_account(tenant, &id).await?;
    found.ok_or_else(|| Problem::not_found("user"))
}

/// A user with when it was changed last.
async fn view(context: &Context<'_>, tenant: &TenantId, account: &Account, mask: &Mask) -> Result<UserView, Problem> {
    let directory = context.directory;
    let newest = directory
        .list_history(tenant, &account.id, context.now(), None, 1)
        .await?;
    let changed_at = newest.first().map(|entry| entry.record.at);
    Ok(UserView::new(account, changed_at, mask))
}

async fn load(context: &Context<'_>) -> Result<Response, Problem> {
    let tenant = context.tenant()?;
    let account = find(context, &tenant).await?;
    let mask = context.mask_of(&tenant).await?;
    Ok(Response::json(200, &view(context, &tenant, &account, &mask).await?))
}

async fn history(context: &Context<'_>) -> Result<Response, Problem> {
    let tenant = context.tenant()?;
    let account = find(context, &tenant).await?;
    let after = context.cursor()?;
    let after = after.as_deref();
    let after = after.map(|place| cursor::timed(place, cursor::is_number)).transpose()?;
    let directory = context.directory;
    // One entry more than there is room for tells whether there is another page.
    let entries = directory
        .list_history(
            &tenant,
            &account.id,
            context.now(),
            after,
            context.limit().saturating_add(1),
        )
        .await?;
    let mask = context.mask_of(&tenant).await?;
    let mut page = Page::asked_for(context);
    let mut last = None;
    for Placed { place, record } in entries {
        if !page.add(HistoryView::new(record, &mask)) {
            return Ok(Response::json(200, &page.finish(last.as_deref())));
        }
        last = Some(place);
    }
    Ok(Response::json(200, &page.finish(None)))
}

async fn edit(context: &Context<'_>) -> Result<Response, Problem> {
    let edit: EditUser = context.json()?;
    if edit.active.is_none() && edit.attributes.is_empty() {
        return Err(Problem::invalid("", "`active`, or at least one member of `attributes`"));
    }
    let mut faults = Vec::new();
    let mut changes = Vec::new();
    for (name, value) in &edit.attributes {
        match read(name, value.as_deref()) {
            Ok(change) => changes.push(change),
            Err(detail) => faults.push(Fault {
                pointer: format!("/attributes/{}", name.replace('~', "~0").replace('/', "~1")),
                detail,
            }),
        }
    }
    if !faults.is_empty() {
        return Err(Problem::faults(faults));
    }
    let tenant = context.tenant()?;
    let mask = context.mask_of(&tenant).await?;
    let before = find(context, &tenant).await?;
    for (attribute, value) in &changes {
        if *attribute == Attribute::Canonical(Canonical::Manager) {
            check_manager(context, &tenant, value.as_deref()).await?;
        }
    }
    let mut attributes = AttributesBuilder::new();
    for entry in before.attributes.view() {
        if let Some(attribute) = entry.attribute.to_owned() {
            attributes.set(attribute, entry.field);
        }
    }
    for (attribute, value) in &changes {
        attributes.set(attribute.clone(), value.as_deref().map_or(Field::Empty, Field::Value));
    }
    let after = Account {
        attributes: attributes.build(),
        active: edit.active.unwrap_or(before.active),
        ..before.clone()
    };
    if after == before {
        return Ok(Response::json(200, &view(context, &tenant, &before, &mask).await?));
    }
    let actor = context.actor();
    let write = AccountWrite {
        account: after,
        before: Some(before),
        origin: Origin::Person { by: actor.name() },
        at: context.now(),
    };
    let names: Vec<_> = edit.attributes.keys().map(String::as_str).collect();
    let edited = run::edit_account(
        context.ports(),
        context.directory.as_ref(),
        &actor,
        &tenant,
        write,
        &names,
    );
    match edited.await? {
        Written::Done(accounts) => {
            let account = accounts.first().ok_or_else(|| Problem::not_found("user"))?;
            Ok(Response::json(200, &view(context, &tenant, account, &mask).await?))
        }
        Written::TooLarge => Err(Problem::invalid(
            "/attributes",
            format!(
                "values that, with what the user has already, make at most {} bytes",
                Account::MOST_BYTES
            ),
        )),
        Written::Taken => Err(Problem::new(Code::Taken, "the e-mail address belongs to another user")),
        Written::Changed | Written::TooMany => Err(Problem::new(
            Code::Conflict,
            "the user was changed at the same moment; read it, and send the change to what it is now",
        )),
    }
}

/// Reads one attribute of an edit. Returns it with its value in canonical text.
fn read(name: &str, value: Option<&str>) -> Result<(Attribute, Option<String>), String> {
    let attribute = Attribute::parse(name).ok_or("the name of an attribute, or `custom.<name>`")?;
    let Some(text) = value else {
        return Ok((attribute, None));
    };
    let text = match &attribute {
        Attribute::Canonical(Canonical::Manager) | Attribute::Custom(_) => Some(text.trim().to_owned()),
        Attribute::Canonical(canonical) => canonical_text(*canonical, text)
            .map_err(|error| error.to_string())?
            .map(std::borrow::Cow::into_owned),
    };
    Ok((attribute, text.filter(|text| !text.is_empty())))
}

async fn check_manager(context: &Context<'_>, tenant: &TenantId, value: Option<&str>) -> Result<(), Problem> {
    let Some(value) = value else {
        return Ok(());
    };
    let invalid = || Problem::invalid("/attributes/manager", "the id of a user of this tenant");
    let id = AccountId::parse(value).map_err(|_| invalid())?;
    let found = context.directory.find_account(tenant, &id).await?;
    found.map(drop).ok_or_else(invalid)
}
