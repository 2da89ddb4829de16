//! Who did what, newest first (R43).

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
        route::{Function, PAGES, Parameter},
        view::{Listed, door::AuditView},
    },
    employee::id,
};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            Function::Console,
            Method::Get,
            "/v1/audit",
            "list_audit",
            "Who did what to a tenant's data, newest first.",
            handler!(list),
        )
        .query(&[Parameter::new(
            "tenant",
            Form::Tenant,
            "Whose trail; the operator's own where it is left out.",
        )])
        .query(&PAGES)
        .answers::<Listed<AuditView>>(200, "A page of the trail.")
        .refuses(&[Code::NotFound, Code::OperatorOnly]),
    ]
}

async fn list(context: &Context<'_>) -> Result<Response, Problem> {
    let tenant = context.text("tenant");
    let tenant = tenant
        .map(|tenant| context.named_tenant(tenant, "?tenant"))
        .transpose()?;
    if tenant.is_none() {
        context.check_operator()?;
    }
    let before = context.cursor()?;
    let before = before.as_deref();
    let before = before
        .map(|place| cursor::timed(place, |id| id::check(id).is_ok()))
        .transpose()?;
    let door = context.door;
    let (entries, next) = door.list_audit(tenant.as_ref(), before, context.limit()).await?;
    let mut page = Page::asked_for(context);
    let mut last = None;
    for entry in entries {
        let place = entry.place();
        if !page.add(AuditView::from(entry)) {
            return Ok(Response::json(200, &page.finish(last.as_deref())));
        }
        last = Some(place);
    }
    Ok(Response::json(200, &page.finish(next.as_deref())))
}
