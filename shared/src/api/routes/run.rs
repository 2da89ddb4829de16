//! Runs: what was asked for and what came of it.

use super::{Route, handler};
use crate::{
    api::{
        context::Context,
        cursor,
        page::Page,
        problem::Problem,
        request::Method,
        response::Response,
        route::{Function, PAGES},
        view::{Listed, run::RunView},
    },
    store::RunId,
};

/// How many runs are read at once: each may have a thousand errors.
const TOGETHER: u32 = 20;

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
    let mut page = Page::asked_for(context);
    let mut last = place;
    loop {
        // One run more than there is room for tells whether there is another page.
        let asked = u32::try_from(page.left())
            .unwrap_or(u32::MAX)
            .saturating_add(1)
            .min(TOGETHER);
        let after = last.as_ref().map(|(at, run)| (*at, run));
        let runs = context.ports().store.list_runs(&connection.id, after, asked).await?;
        for run in &runs {
            if !page.add(RunView::from(run)) {
                let next = last.map(|(at, run)| format!("{at} {run}"));
                return Ok(Response::json(200, &page.finish(next.as_deref())));
            }
            last = Some((run.started_at, run.id.clone()));
        }
        if runs.len() < usize::try_from(asked).unwrap_or(usize::MAX) {
            return Ok(Response::json(200, &page.finish(None)));
        }
    }
}

fn read_place(place: &str) -> Result<(jiff::Timestamp, RunId), Problem> {
    let (at, run) = place.split_once(' ').ok_or_else(cursor::invalid)?;
    let at = at.parse().map_err(|_| cursor::invalid())?;
    let run = RunId::parse(run).map_err(|_| cursor::invalid())?;
    Ok((at, run))
}
