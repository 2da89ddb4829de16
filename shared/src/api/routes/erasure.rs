//! Erasure with a receipt, and everything that is held on one person (R37).

use super::{Route, handler};
use crate::{
    api::{
        context::Context,
        cursor,
        problem::{Code, Problem},
        request::Method,
        response::Response,
        route::{Access, Function, PAGES},
        view::held::{HeldView, ReceiptView},
    },
    employee::EmployeeId,
    run::{self, ErasureRefused},
};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            Function::Console,
            Method::Delete,
            "/v1/tenants/{tenant}",
            "erase_tenant",
            "Erases a tenant: connections, rosters, plans, links, users, history and secrets.",
            handler!(erase_tenant),
        )
        .by_person()
        .answers::<ReceiptView>(200, "The receipt.")
        .refuses(&[Code::Busy]),
        Route::new(
            Function::Console,
            Method::Post,
            "/v1/tenants/{tenant}/readmit",
            "readmit_tenant",
            "Lets an erased tenant be connected again. For the operator.",
            handler!(readmit),
        )
        .access(Access::Operator)
        .by_person()
        .answers_empty(204, "It may be connected again."),
        Route::new(
            Function::Console,
            Method::Delete,
            "/v1/tenants/{tenant}/people/{employee_id}",
            "erase_person",
            "Erases one person, and leaves a mark against making them anew.",
            handler!(erase_person),
        )
        .by_person()
        .answers::<ReceiptView>(200, "The receipt.")
        .refuses(&[Code::Busy]),
        Route::new(
            Function::Console,
            Method::Get,
            "/v1/tenants/{tenant}/people/{employee_id}",
            "load_person",
            "Everything that is held on one person, page by page.",
            handler!(load),
        )
        .query(&PAGES[1..])
        .answers::<HeldView>(200, "A page of it."),
    ]
}

fn refuse(refused: ErasureRefused) -> Problem {
    match refused {
        ErasureRefused::Busy => Problem::new(Code::Busy, refused.to_string()),
        ErasureRefused::Internal(error) => error.into(),
    }
}

async fn erase_tenant(context: &Context<'_>) -> Result<Response, Problem> {
    let tenant = context.tenant()?;
    let receipt = run::erase_tenant(context.ports(), &tenant, &context.by())
        .await
        .map_err(refuse)?;
    context.audit(Some(&tenant), None, "tenant.erase", &[]).await?;
    Ok(Response::json(200, &ReceiptView::from(receipt)))
}

async fn readmit(context: &Context<'_>) -> Result<Response, Problem> {
    let tenant = context.tenant()?;
    run::readmit_tenant(context.ports(), &tenant).await?;
    context.audit(Some(&tenant), None, "tenant.readmit", &[]).await?;
    Ok(Response::empty(204))
}

async fn erase_person(context: &Context<'_>) -> Result<Response, Problem> {
    let tenant = context.tenant()?;
    let id: EmployeeId = context.id("employee_id", "employee")?;
    let receipt = run::erase_person(
        context.ports(),
        context.edge.directory.as_ref(),
        &tenant,
        &id,
        &context.by(),
    )
    .await
    .map_err(refuse)?;
    context
        .audit(Some(&tenant), None, "person.erase", &[("employee_id", id.as_str())])
        .await?;
    Ok(Response::json(200, &ReceiptView::from(receipt)))
}

async fn load(context: &Context<'_>) -> Result<Response, Problem> {
    let tenant = context.tenant()?;
    let id: EmployeeId = context.id("employee_id", "employee")?;
    let from = match context.cursor()? {
        None => 0,
        Some(place) => place.parse().map_err(|_| cursor::invalid())?,
    };
    let held = run::load_person(context.ports(), context.edge.directory.as_ref(), &tenant, &id).await?;
    if held.connections.is_empty() {
        return Err(Problem::not_found("person; nothing is held on them"));
    }
    Ok(Response::json(200, &HeldView::page(held, from)))
}
