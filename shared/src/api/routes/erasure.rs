//! Erasure with a receipt, and everything that is held on one person (R37).

use super::{Route, handler};
use crate::{
    api::{
        context::Context,
        cursor,
        form::Form,
        problem::{ChoiceView, Code, Problem},
        request::Method,
        response::Response,
        route::{ADMIN, Access, Function, PAGES, Parameter},
        view::held::{HeldView, ReceiptView},
    },
    connection::{ProviderId, TenantId},
    employee::{CompanyId, EmployeeId},
    run::{self, ErasureRefused, Named},
};

/// What says whose employee an id is of, where the tenant has several companies.
const WHOSE: [Parameter; 3] = [
    Parameter::new("connection", Form::Text(128), "A connection to the person's company."),
    Parameter::new("provider", Form::Text(64), "The person's HR system, with `company`."),
    Parameter::new(
        "company",
        Form::Text(128),
        "The HR system's id of the person's company, with `provider`.",
    ),
];

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
        .query(&WHOSE)
        .by_person()
        .answers::<ReceiptView>(200, "The receipt.")
        .refuses(&[Code::Busy, Code::Ambiguous]),
        Route::new(
            Function::Console,
            Method::Get,
            "/v1/tenants/{tenant}/people/{employee_id}",
            "load_person",
            "Everything that is held on one person, page by page.",
            handler!(load),
        )
        .roles(ADMIN)
        .query(&WHOSE)
        .query(&PAGES[1..])
        .answers::<HeldView>(200, "A page of it.")
        .refuses(&[Code::Ambiguous]),
    ]
}

/// Returns whose employee a caller means: of which connection, or of which company, or without saying so.
async fn named(context: &Context<'_>, tenant: &TenantId) -> Result<Named, Problem> {
    match (
        context.text("connection"),
        context.text("provider"),
        context.text("company"),
    ) {
        (None, None, None) => Ok(Named::Bare),
        (Some(id), None, None) => {
            let id = id.parse().map_err(|_| Problem::not_found("connection"))?;
            let found = context.find_connection(&id).await?;
            if found.record.tenant == *tenant {
                Ok(Named::ByConnection(id))
            } else {
                Err(Problem::not_found("connection"))
            }
        }
        (None, Some(provider), Some(company)) => {
            let unknown = || Problem::not_found("company");
            let provider = ProviderId::parse(provider).map_err(|_| unknown())?;
            let company = CompanyId::parse(company).map_err(|_| unknown())?;
            Ok(Named::ByCompany(provider, company))
        }
        (Some(_), _, _) => Err(Problem::invalid(
            "?connection",
            "alone, or left out where `provider` and `company` are given",
        )),
        (None, Some(_), None) => Err(Problem::invalid("?company", "needed beside `provider`")),
        (None, None, Some(_)) => Err(Problem::invalid("?provider", "needed beside `company`")),
    }
}

fn refuse(refused: ErasureRefused) -> Problem {
    match refused {
        ErasureRefused::Ambiguous(choices) => {
            let choices = choices.into_iter().map(|choice| ChoiceView {
                connection: choice.connection.as_str().to_owned(),
                provider: choice.provider.as_str().to_owned(),
                company: choice.company.as_str().to_owned(),
            });
            Problem {
                choices: choices.collect(),
                ..Problem::new(
                    Code::Ambiguous,
                    "nothing was done; the tenant has several companies: say with `?connection=`, or with `?provider=` and `?company=`, which of `choices` is meant",
                )
            }
        }
        ErasureRefused::Unknown => Problem::not_found("person; nothing is held on them"),
        ErasureRefused::Busy => Problem::new(Code::Busy, refused.to_string()),
        ErasureRefused::Internal(error) => error.into(),
    }
}

async fn erase_tenant(context: &Context<'_>) -> Result<Response, Problem> {
    let tenant = context.tenant()?;
    let receipt = run::erase_tenant(context.ports(), &context.actor(), &tenant)
        .await
        .map_err(refuse)?;
    Ok(Response::json(200, &ReceiptView::from(receipt)))
}

async fn readmit(context: &Context<'_>) -> Result<Response, Problem> {
    let tenant = context.tenant()?;
    run::readmit_tenant(context.ports(), &context.actor(), &tenant).await?;
    Ok(Response::empty(204))
}

async fn erase_person(context: &Context<'_>) -> Result<Response, Problem> {
    let tenant = context.tenant()?;
    let id: EmployeeId = context.id("employee_id", "employee")?;
    let named = named(context, &tenant).await?;
    let receipt = run::erase_person(
        context.ports(),
        context.directory.as_ref(),
        &context.actor(),
        &tenant,
        &named,
        &id,
    )
    .await
    .map_err(refuse)?;
    Ok(Response::json(200, &ReceiptView::from(receipt)))
}

async fn load(context: &Context<'_>) -> Result<Response, Problem> {
    let tenant = context.tenant()?;
    let id: EmployeeId = context.id("employee_id", "employee")?;
    let named = named(context, &tenant).await?;
    let from = match context.cursor()? {
        None => 0,
        Some(place) => place.parse().map_err(|_| cursor::invalid())?,
    };
    let held = run::load_person(context.ports(), context.directory.as_ref(), &tenant, &named, &id);
    let held = held.await.map_err(refuse)?;
    if held.connections.is_empty() {
        return Err(refuse(ErasureRefused::Unknown));
    }
    Ok(Response::json(200, &HeldView::page(held, from)))
}
