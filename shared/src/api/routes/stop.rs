//! The operator's stop (R33).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Route, handler};
use crate::{
    api::{
        context::Context,
        form::{Form, TENANT},
        problem::Problem,
        request::Method,
        response::Response,
        route::{Function, Parameter},
    },
    connection::TenantId,
};

/// Whom a stop concerns.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Stop {
    /// One tenant; everything where it is left out.
    #[schemars(regex(pattern = TENANT))]
    tenant: Option<String>,
}

/// What is stopped now.
#[derive(Debug, Serialize, JsonSchema)]
struct Stopped {
    /// Whether runs of it are stopped.
    stopped: bool,
    /// One tenant; everything where it is null.
    tenant: Option<String>,
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            Function::Console,
            Method::Put,
            "/v1/stop",
            "stop",
            "Stops all runs of a tenant, or of everybody, at their next step.",
            handler!(stop),
        )
        .optional_body::<Stop>()
        .answers::<Stopped>(200, "No run of it takes another step.")
        .refuses(&[crate::api::Code::OperatorOnly, crate::api::Code::NotFound]),
        Route::new(
            Function::Console,
            Method::Delete,
            "/v1/stop",
            "lift_stop",
            "Lifts a stop; runs that it ended stay ended.",
            handler!(lift),
        )
        .query(&[Parameter::new(
            "tenant",
            Form::Tenant,
            "One tenant; the stop of everything where it is left out.",
        )])
        .answers::<Stopped>(200, "It is lifted.")
        .refuses(&[crate::api::Code::OperatorOnly, crate::api::Code::NotFound]),
    ]
}

async fn stop(context: &Context<'_>) -> Result<Response, Problem> {
    let stop: Stop = context.json_or_default()?;
    let tenant = concerned(context, stop.tenant.as_deref(), "/tenant")?;
    set(context, tenant, true).await
}

async fn lift(context: &Context<'_>) -> Result<Response, Problem> {
    let tenant = concerned(context, context.text("tenant"), "?tenant")?;
    set(context, tenant, false).await
}

/// A tenant within reach, or everybody for an operator.
fn concerned(context: &Context<'_>, tenant: Option<&str>, pointer: &str) -> Result<Option<TenantId>, Problem> {
    match tenant {
        Some(tenant) => context.named_tenant(tenant, pointer).map(Some),
        None => context.check_operator().map(|()| None),
    }
}

async fn set(context: &Context<'_>, tenant: Option<TenantId>, stopped: bool) -> Result<Response, Problem> {
    context.ports().store.put_stop(tenant.as_ref(), stopped).await?;
    let action = if stopped { "stop.set" } else { "stop.lift" };
    context.audit(tenant.as_ref(), None, action, &[]).await?;
    let tenant = tenant.map(|tenant| tenant.as_str().to_owned());
    Ok(Response::json(200, &Stopped { stopped, tenant }))
}
