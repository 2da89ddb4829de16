//! Connections: listed, shown, paused and resumed.

use jiff::Timestamp;

use super::{Route, handler};
use crate::{
    api::{
        context::Context,
        cursor,
        form::Form,
        page::Page,
        problem::{Code, Problem},
        request::Method,
        response::Response,
        route::{DECIDING, Function, PAGES, Parameter},
        view::{Listed, connection::ConnectionView},
    },
    connection::{Connection, ConnectionId},
    run,
};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            Function::Console,
            Method::Get,
            "/v1/connections",
            "list_connections",
            "A tenant's connections.",
            handler!(list),
        )
        .query(&[Parameter::needed("tenant", Form::Tenant, "Whose connections.")])
        .query(&PAGES)
        .answers::<Listed<ConnectionView>>(200, "A page of the tenant's connections, in the order of their ids.")
        .refuses(&[Code::NotFound]),
        Route::new(
            Function::Console,
            Method::Get,
            "/v1/connections/{id}",
            "load_connection",
            "A connection: where it stands, what was read last, when it runs next.",
            handler!(load),
        )
        .answers::<ConnectionView>(200, "The connection."),
        Route::new(
            Function::Console,
            Method::Post,
            "/v1/connections/{id}/pause",
            "pause_connection",
            "Pauses a connection: nothing runs by itself.",
            handler!(pause),
        )
        .roles(DECIDING)
        .by_person()
        .answers::<ConnectionView>(200, "It is paused."),
        Route::new(
            Function::Console,
            Method::Post,
            "/v1/connections/{id}/resume",
            "resume_connection",
            "Lets a paused connection run again.",
            handler!(resume),
        )
        .roles(DECIDING)
        .by_person()
        .answers::<ConnectionView>(200, "It runs again."),
    ]
}

/// A connection as callers see it.
pub(super) async fn view(context: &Context<'_>, connection: &Connection) -> Result<ConnectionView, Problem> {
    let store = &context.ports().store;
    let state = store.load_state(&connection.id).await?;
    let runs = store.list_runs(&connection.id, None, 1).await?;
    let next_run_at = next_run_at(context, connection).await?;
    Ok(ConnectionView::new(connection, &state, runs.first(), next_run_at))
}

/// When the morning's run is due; not where nothing runs by itself.
async fn next_run_at(context: &Context<'_>, connection: &Connection) -> Result<Option<Timestamp>, Problem> {
    if !connection.may_run() {
        return Ok(None);
    }
    let version = connection.configuration_version;
    let configuration = context
        .ports()
        .store
        .find_configuration(&connection.id, version)
        .await?;
    if !configuration.is_some_and(|configuration| configuration.daily && configuration.syncs()) {
        return Ok(None);
    }
    Ok(context.settings.schedule.next_after(context.now()))
}

async fn list(context: &Context<'_>) -> Result<Response, Problem> {
    let tenant = context.named_tenant(context.text("tenant").unwrap_or_default(), "?tenant")?;
    let after = context.cursor()?;
    let after = after
        .map(|place| ConnectionId::parse(&place).map_err(|_| cursor::invalid()))
        .transpose()?;
    let connections = context.ports().store.list_connections(&tenant).await?;
    let mut page = Page::asked_for(context);
    let mut last = None;
    for connection in connections
        .iter()
        .filter(|one| after.as_ref().is_none_or(|after| one.id > *after))
    {
        if page.is_full() || !page.add(view(context, connection).await?) {
            return Ok(Response::json(200, &page.finish(last)));
        }
        last = Some(connection.id.as_str());
    }
    Ok(Response::json(200, &page.finish(None)))
}

async fn load(context: &Context<'_>) -> Result<Response, Problem> {
    let connection = context.connection().await?.record;
    Ok(Response::json(200, &view(context, &connection).await?))
}

async fn pause(context: &Context<'_>) -> Result<Response, Problem> {
    let id = context.connection().await?.record.id;
    let connection = run::pause(context.ports(), &context.actor(), &id).await?;
    shown(context, connection).await
}

async fn resume(context: &Context<'_>) -> Result<Response, Problem> {
    let id = context.connection().await?.record.id;
    let connection = run::resume(context.ports(), &context.actor(), &id).await?;
    shown(context, connection).await
}

/// A connection that was changed, as callers see it.
pub(super) async fn shown(context: &Context<'_>, connection: Option<Connection>) -> Result<Response, Problem> {
    let connection = connection.ok_or_else(|| Problem::not_found("connection"))?;
    Ok(Response::json(200, &view(context, &connection).await?))
}
