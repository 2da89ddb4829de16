//! Runs: what was asked for and what came of it.

use super::{Route, handler};
use crate::{
    api::{
        context::Context,
        cursor,
        problem::Problem,
        request::Method,
        response::Response,
        route::{Function, PAGES},
        view::{Listed, run::RunView},
    },
    store::{RunId, RunRecord},
};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            Function::Console,
            Method::Get,
            "/v1/runs/{id}",
            "load_run",
            "A run: how far it is, and what went wrong.",
            handler!(load),
        )
        .answers::<RunView>(200, "The run."),
        Route::new(
            Function::Console,
            Method::Get,
            "/v1/connections/{id}/runs",
            "list_runs",
            "A connection's runs, newest first.",
            handler!(list),
        )
        .query(&PAGES)
        .answers::<Listed<RunView>>(200, "A page of runs."),
    ]
}

async fn load(context: &Context<'_>) -> Result<Response, Problem> {
    let (run, _) = context.run().await?;
    Ok(Response::json(200, &RunView::from(&run)))
}

async fn list(context: &Context<'_>) -> Result<Response, Problem> {
    let connection = context.connection().await?.record;
    let place = match context.cursor()? {
        None => None,
        Some(place) => Some(read_place(&place)?),
    };
    let after = place.as_ref().map(|(at, run)| (*at, run));
    let limit = context.limit();
    let store = &context.ports().store;
    let mut runs = store.list_runs(&connection.id, after, limit + 1).await?;
    let is_more = runs.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    runs.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = runs.last().filter(|_| is_more).map(place_of);
    let listed = Listed {
        data: runs.iter().map(RunView::from).collect(),
        next_cursor: next.as_deref().map(cursor::encode),
    };
    Ok(Response::json(200, &listed))
}

fn place_of(run: &RunRecord) -> String {
    format!("{} {}", run.started_at, run.id)
}

fn read_place(place: &str) -> Result<(jiff::Timestamp, RunId), Problem> {
    let (at, run) = place.split_once(' ').ok_or_else(cursor::invalid)?;
    let at = at.parse().map_err(|_| cursor::invalid())?;
    let run = RunId::parse(run).map_err(|_| cursor::invalid())?;
    Ok((at, run))
}
