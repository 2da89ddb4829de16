//! Plans: made for a preview, read, approved by their hash, called off, taken back.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Route, handler};
use crate::{
    api::{
        context::Context,
        form::Form,
        page::{Page, weigh},
        problem::{Code, Problem},
        reader::{Wanted, list_changes},
        request::Method,
        response::Response,
        route::{DECIDING, Function, PAGES, Parameter},
        sheet,
        view::{
            Listed, RunStarted,
            plan::{ChangeView, KINDS, PlanView},
            word,
        },
    },
    connection::{Connection, Status},
    employee::EmployeeId,
    plan::HoldCode,
    run::{self, Asked, Refused, UndoRefused},
    store::{PlanRecord, RunId, RunRecord},
};

/// How often a waiting preview looks at its run.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// A waiting preview answers so long before the function is stopped.
const MARGIN: SignedDuration = SignedDuration::from_secs(3);

/// Approving a plan.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Approve {
    /// The hash of the plan that was looked at.
    #[schemars(length(max = 64))]
    hash: String,
    /// Codes of the holds that are approved with it.
    #[serde(default)]
    #[schemars(length(max = 50), inner(length(max = 64)))]
    approve: Vec<String>,
}

/// Whom a sync is about.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Sync {
    /// One person; everybody where it is left out.
    #[schemars(length(min = 1, max = 128))]
    employee_id: Option<String>,
}

/// A preview that made no plan in time.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PreviewStatus")]
struct PreviewStatus {
    /// The run that makes the plan.
    run: String,
    /// Where it stands.
    status: String,
}

/// What shows plans: the console's.
pub(super) fn reading() -> Vec<Route> {
    vec![
        Route::new(
            Function::Console,
            Method::Get,
            "/v1/plans/{id}",
            "load_plan",
            "A plan: what would change, why it is held, what became of it.",
            handler!(load),
        )
        .answers::<PlanView>(200, "The plan."),
        Route::new(
            Function::Console,
            Method::Get,
            "/v1/plans/{id}/changes",
            "list_changes",
            "What a plan changes, person by person; with `Accept: text/csv` as a sheet, in parts.",
            handler!(changes),
        )
        .query(&[
            Parameter::new("kind", Form::Words(&KINDS), "Only changes of these kinds."),
            Parameter::new(
                "q",
                Form::Text(200),
                "Only changes with this text in a name, an id or a value.",
            ),
        ])
        .query(&PAGES)
        .answers::<Listed<ChangeView>>(200, "A page of changes.")
        .answers_sheet("A page of changes as a sheet; `Link: <…>; rel=\"next\"` leads to the next part."),
    ]
}

/// What decides about plans: apply's.
pub(super) fn deciding() -> Vec<Route> {
    vec![
        Route::new(
            Function::Apply,
            Method::Post,
            "/v1/plans/{id}/apply",
            "apply_plan",
            "Approves a plan by its hash and starts carrying it out.",
            handler!(apply),
        )
        .roles(DECIDING)
        .by_person()
        .body::<Approve>()
        .answers::<RunStarted>(202, "It is being carried out.")
        .refuses(&[Code::HashMismatch, Code::Stale, Code::Held, Code::Busy]),
        Route::new(
            Function::Apply,
            Method::Post,
            "/v1/plans/{id}/cancel",
            "cancel_plan",
            "Calls a plan off. One that is being applied stops at its next step; what was done stays done.",
            handler!(cancel),
        )
        .roles(DECIDING)
        .by_person()
        .answers::<PlanView>(200, "It is called off.")
        .refuses(&[Code::Stale, Code::Busy]),
        Route::new(
            Function::Apply,
            Method::Post,
            "/v1/plans/{id}/undo",
            "undo_plan",
            "Makes the plan that takes an applied one back. Applying it pauses the connection.",
            handler!(undo),
        )
        .roles(DECIDING)
        .by_person()
        .answers::<PlanView>(200, "The inverse plan, to be approved by its hash.")
        .refuses(&[Code::Conflict, Code::Busy, Code::ProviderUnavailable]),
    ]
}

/// What asks for plans: diff's.
pub(super) fn asking() -> Vec<Route> {
    vec![
        Route::new(
            Function::Diff,
            Method::Post,
            "/v1/connections/{id}/preview",
            "preview",
            "Reads HR and makes a plan that nobody applies by itself.",
            handler!(preview),
        )
        .roles(DECIDING)
        .query(&[Parameter::new(
            "wait",
            Form::Count(0, 20),
            "How many seconds to wait for the plan; 0 where it is left out.",
        )])
        .answers::<PlanView>(200, "The plan, ready in time.")
        .answers::<PreviewStatus>(202, "The run that makes it, or that came to none.")
        .refuses(&[Code::Conflict, Code::Busy]),
        Route::new(
            Function::Diff,
            Method::Post,
            "/v1/connections/{id}/sync",
            "sync",
            "Reads HR now, for everybody or for one person. Its `next_run` is the apply, if plans apply by themselves.",
            handler!(sync),
        )
        .roles(DECIDING)
        .optional_body::<Sync>()
        .answers::<RunStarted>(202, "The run that reads HR.")
        .refuses(&[Code::Conflict, Code::Busy]),
    ]
}

/// A plan as callers see it, with the calls of the run that made it.
pub(super) async fn view(context: &Context<'_>, record: &PlanRecord) -> Result<PlanView, Problem> {
    let run = context.ports().store.find_run(&record.run).await?;
    Ok(PlanView::new(record, run.map_or(0, |run| run.calls), context.now()))
}

async fn load(context: &Context<'_>) -> Result<Response, Problem> {
    let (record, _) = context.plan().await?;
    Ok(Response::json(200, &view(context, &record).await?))
}

async fn changes(context: &Context<'_>) -> Result<Response, Problem> {
    let (record, connection) = context.plan().await?;
    let wants_sheet = context.wants_sheet();
    let weight = |change: &ChangeView| {
        if wants_sheet {
            sheet::weigh(change)
        } else {
            weigh(change)
        }
    };
    let page = Page::asked_for(context);
    let listed = list_changes(context, &record, &connection, &Wanted::of(context), page, weight).await?;
    if !wants_sheet {
        return Ok(Response::json(200, &listed));
    }
    let Listed { data, next_cursor } = listed;
    let sheet = sheet::of_changes(&data, context.text("cursor").is_none())?;
    Ok(match next_cursor {
        None => sheet,
        Some(next) => {
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            let others = context.query.iter().filter(|(name, _)| **name != "cursor");
            query.extend_pairs(others).append_pair("cursor", &next);
            let link = format!("<{}?{}>; rel=\"next\"", context.request.path, query.finish());
            sheet.with("link", link)
        }
    })
}

fn refuse(refused: Refused) -> Problem {
    match refused {
        Refused::NotFound => Problem::not_found("plan"),
        Refused::HashMismatch => Problem::new(
            Code::HashMismatch,
            "nothing was applied; read the plan again and name the hash of what you saw",
        ),
        Refused::Stale(state) => Problem::new(
            Code::Stale,
            format!("nothing was applied; the plan is {state}: make a new preview"),
        ),
        Refused::Held(missing) => {
            let missing: Vec<String> = missing.iter().map(word).collect();
            let mut problem = Problem::new(
                Code::Held,
                format!(
                    "nothing was applied; look at the holds and name them in `approve`: {}",
                    missing.join(", ")
                ),
            );
            problem.missing = missing;
            problem
        }
        Refused::Internal(error) => error.into(),
    }
}

async fn apply(context: &Context<'_>) -> Result<Response, Problem> {
    let approve: Approve = context.json()?;
    let read = |(place, text): (usize, &String)| {
        let code = serde_json::from_value::<HoldCode>(text.as_str().into());
        code.map_err(|_| Problem::invalid(format!("/approve/{place}"), "the `code` of a hold of this plan"))
    };
    let holds = approve
        .approve
        .iter()
        .enumerate()
        .map(read)
        .collect::<Result<Vec<_>, _>>()?;
    let (record, _) = context.plan().await?;
    let actor = context.actor();
    let run = run::approve(context.ports(), &actor, &record.plan.id, &approve.hash, &holds).await;
    let run = run.map_err(refuse)?;
    Ok(started(&run))
}

fn started(run: &RunId) -> Response {
    let view = RunStarted::new(run);
    Response::json(202, &view).with("location", format!("/v1/runs/{run}"))
}

async fn cancel(context: &Context<'_>) -> Result<Response, Problem> {
    let (record, _) = context.plan().await?;
    let id = &record.plan.id;
    run::cancel(context.ports(), &context.actor(), id)
        .await
        .map_err(|refused| match refused {
            Refused::Stale(state) => Problem::new(Code::Stale, format!("the plan is {state} already")),
            other @ (Refused::NotFound | Refused::HashMismatch | Refused::Held(_) | Refused::Internal(_)) => {
                refuse(other)
            }
        })?;
    load(context).await
}

async fn undo(context: &Context<'_>) -> Result<Response, Problem> {
    let (record, _) = context.plan().await?;
    let made = run::undo(context.ports(), &context.actor(), &record.plan.id)
        .await
        .map_err(|refused| match refused {
            UndoRefused::NotFound => Problem::not_found("plan"),
            UndoRefused::NotApplied(_) | UndoRefused::Impossible(_) | UndoRefused::Nothing => {
                Problem::new(Code::Conflict, refused.to_string())
            }
            UndoRefused::Busy => Problem::new(Code::Busy, refused.to_string()),
            UndoRefused::Target => Problem::new(Code::ProviderUnavailable, refused.to_string()),
            UndoRefused::Internal(error) => error.into(),
        })?;
    Ok(Response::json(200, &view(context, &made).await?))
}

/// A connection that can be read.
pub(super) fn check_connected(connection: &Connection) -> Result<(), Problem> {
    if connection.status == Status::Connected {
        Ok(())
    } else {
        let detail = format!("the connection is {}; connect it first", connection.status);
        Err(Problem::new(Code::Conflict, detail))
    }
}

async fn preview(context: &Context<'_>) -> Result<Response, Problem> {
    let connection = context.connection().await?.record;
    check_connected(&connection)?;
    let run = run::ask(context.ports(), &context.actor(), &connection, Asked::Preview).await?;
    let wait = SignedDuration::from_secs(i64::from(context.count("wait").unwrap_or(0)));
    let record = wait_for(context, &run, wait).await?;
    let plan = match &record.plan {
        Some(plan) if record.status.is_final() => context.ports().store.find_plan(plan, context.now()).await?,
        Some(_) | None => None,
    };
    if let Some(plan) = plan {
        return Ok(Response::json(200, &view(context, &plan).await?));
    }
    let status = PreviewStatus {
        run: run.as_str().to_owned(),
        status: word(&record.status),
    };
    Ok(Response::json(202, &status).with("location", format!("/v1/runs/{run}")))
}

/// Looks at a run until it has ended or time is up.
async fn wait_for(context: &Context<'_>, run: &RunId, wait: SignedDuration) -> Result<RunRecord, Problem> {
    let deadline = context.request.deadline.checked_sub(MARGIN).unwrap_or(Timestamp::MIN);
    let mut left = i64::try_from(wait.as_millis()).unwrap_or(0);
    loop {
        let record = context.ports().store.find_run(run).await?;
        let record = record.ok_or_else(|| Problem::not_found("run"))?;
        if record.status.is_final() || left <= 0 || context.now() >= deadline {
            return Ok(record);
        }
        tokio::time::sleep(LOOK_EVERY).await;
        left -= i64::try_from(LOOK_EVERY.as_millis()).unwrap_or(i64::MAX);
    }
}

async fn sync(context: &Context<'_>) -> Result<Response, Problem> {
    let sync: Sync = context.json_or_default()?;
    let asked = match &sync.employee_id {
        None => Asked::Sync,
        Some(id) => Asked::OnePerson(
            EmployeeId::parse(id).map_err(|_| Problem::invalid("/employee_id", "the HR system's id of an employee"))?,
        ),
    };
    let connection = context.connection().await?.record;
    check_connected(&connection)?;
    let run = run::ask(context.ports(), &context.actor(), &connection, asked).await?;
    Ok(started(&run))
}
