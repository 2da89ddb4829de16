//! Stops: the operator's and tenants' own (R33).

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Route, handler};
use crate::{
    api::{
        context::Context,
        cursor,
        form::{Form, TENANT},
        problem::{Code, Problem},
        request::Method,
        response::Response,
        route::{Function, PAGES, Parameter},
        view::{Instant, Listed},
    },
    connection::TenantId,
    run::{self, LiftRefused, Whose},
    store::Stop,
};

/// Whom a stop concerns.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Stop")]
struct StopBody {
    /// One tenant; everything where it is left out.
    #[schemars(regex(pattern = TENANT))]
    tenant: Option<String>,
}

/// Whether something is stopped now; `GET /v1/stop` tells by whom.
#[derive(Debug, Serialize, JsonSchema)]
struct Stopped {
    /// Whether runs of it are stopped.
    stopped: bool,
    /// One tenant; everything where it is null.
    tenant: Option<String>,
}

/// A stop that stands.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "StopThatStands")]
struct StopView {
    /// Whom it stops: one tenant; everybody where it is null.
    tenant: Option<String>,
    /// Whose it is: `operator`, or `tenant` for a tenant's own. A tenant lifts only its own.
    whose: &'static str,
    /// Who set it, as the application named them. Of the operator's stops only the operator is told that.
    by: Option<String>,
    /// Through which key, as far as that is told.
    key: Option<String>,
    /// When; null where it was set before that was kept.
    #[schemars(with = "Option<Instant>")]
    at: Option<Timestamp>,
}

impl StopView {
    fn new(stop: &Stop, is_operator: bool) -> Self {
        let told = stop.set.as_ref().filter(|_| is_operator || !stop.of.is_operators());
        Self {
            tenant: stop.of.tenant().map(|tenant| tenant.as_str().to_owned()),
            whose: run::whose(&stop.of),
            by: told.and_then(|set| set.by.clone()),
            key: told.and_then(|set| set.key.clone()),
            at: stop.set.as_ref().map(|set| set.at),
        }
    }
}

/// Words for whose stop is meant.
const WHOSE: [&str; 2] = ["operator", "tenant"];

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            Function::Console,
            Method::Get,
            "/v1/stop",
            "list_stops",
            "The stops that concern a tenant; without a tenant all that stand, for the operator.",
            handler!(list),
        )
        .query(&[Parameter::new("tenant", Form::Tenant, "One tenant; everybody where it is left out.")])
        .query(&PAGES)
        .answers::<Listed<StopView>>(200, "A page of stops.")
        .refuses(&[Code::OperatorOnly, Code::NotFound]),
        Route::new(
            Function::Console,
            Method::Put,
            "/v1/stop",
            "stop",
            "Stops all runs of a tenant, or of everybody, at their next step. With a key of all tenants it is the operator's \
             stop, else the tenant's own; both may stand at once.",
            handler!(stop),
        )
        .optional_body::<StopBody>()
        .answers::<Stopped>(200, "No run of it takes another step.")
        .refuses(&[Code::OperatorOnly, Code::NotFound]),
        Route::new(
            Function::Console,
            Method::Delete,
            "/v1/stop",
            "lift_stop",
            "Lifts a stop; runs that it ended stay ended. A key of all tenants lifts the operator's and the tenant's own, any \
             other one the tenant's own only: `operator-only` where no such stop stands and the operator's does.",
            handler!(lift),
        )
        .query(&[
            Parameter::new(
                "tenant",
                Form::Tenant,
                "One tenant; the stop of everything where it is left out.",
            ),
            Parameter::new(
                "whose",
                Form::Word(&WHOSE),
                "Only the operator's stop of the tenant, or only its own.",
            ),
        ])
        .answers::<Stopped>(200, "It is lifted; `stopped` where another stop stands still.")
        .refuses(&[Code::OperatorOnly, Code::NotFound]),
    ]
}

async fn list(context: &Context<'_>) -> Result<Response, Problem> {
    let tenant = concerned(context, context.text("tenant"), "?tenant")?;
    let store = &context.ports().store;
    let (stops, next) = if let Some(tenant) = &tenant {
        (store.find_stops(tenant).await?, None)
    } else {
        let after = context.cursor()?;
        store.list_stops(after.as_deref(), context.limit()).await?
    };
    let is_operator = context.actor().is_operator;
    let listed = Listed {
        data: stops.iter().map(|stop| StopView::new(stop, is_operator)).collect(),
        next_cursor: next.as_deref().map(cursor::encode),
    };
    Ok(Response::json(200, &listed))
}

async fn stop(context: &Context<'_>) -> Result<Response, Problem> {
    let stop: StopBody = context.json_or_default()?;
    let tenant = concerned(context, stop.tenant.as_deref(), "/tenant")?;
    let stops = run::stop(context.ports(), &context.actor(), tenant.as_ref()).await?;
    Ok(answer(tenant, &stops))
}

async fn lift(context: &Context<'_>) -> Result<Response, Problem> {
    let tenant = concerned(context, context.text("tenant"), "?tenant")?;
    let only = context.text("whose").map(|whose| {
        if whose == "tenant" {
            Whose::Tenants
        } else {
            Whose::Operators
        }
    });
    let lifted = run::lift_stop(context.ports(), &context.actor(), tenant.as_ref(), only).await;
    let stops = lifted.map_err(|refused| match refused {
        LiftRefused::Operators => Problem::new(
            Code::OperatorOnly,
            "nothing was lifted; the operator set this stop, and only a key whose `tenants` is `*` lifts it",
        ),
        LiftRefused::Internal(error) => error.into(),
    })?;
    Ok(answer(tenant, &stops))
}

/// A tenant within reach, or everybody for an operator.
fn concerned(context: &Context<'_>, tenant: Option<&str>, pointer: &str) -> Result<Option<TenantId>, Problem> {
    match tenant {
        Some(tenant) => context.named_tenant(tenant, pointer).map(Some),
        None => context.check_operator().map(|()| None),
    }
}

fn answer(tenant: Option<TenantId>, stops: &[Stop]) -> Response {
    let stopped = Stopped {
        stopped: !stops.is_empty(),
        tenant: tenant.map(|tenant| tenant.as_str().to_owned()),
    };
    Response::json(200, &stopped)
}
