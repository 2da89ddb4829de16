//! Connecting HR systems with a key, or by a login in the browser; reconnecting; ending a connection.

mod body;
mod refusal;
mod target_body;

use self::body::{
    ActivateBody, CompanyBody, ConnectBody, ConnectedView, ReconnectBody, check_base_url, check_return_url,
    read_configuration,
};
pub(super) use self::refusal::refuse;
use self::refusal::{TargetMembers, refuse_at};
use self::target_body::read_target;
use super::{Route, connection::view, handler};
use crate::{
    api::{
        context::Context,
        problem::{Code, Problem},
        request::Method,
        response::Response,
        route::Function,
        view::{
            Listed,
            connection::{CompanyView, ConnectionView},
        },
    },
    connection,
    employee::CompanyId,
    run::{self, NewConnection},
};

/// In which ways connecting is refused.
const REFUSALS: [Code; 7] = [
    Code::CredentialRefused,
    Code::DifferentCompany,
    Code::Conflict,
    Code::Busy,
    Code::ProviderUnavailable,
    Code::NotFound,
    Code::Gone,
];

/// What begins and ends connections: connect's.
pub(super) fn connecting() -> Vec<Route> {
    vec![
        Route::new(
            Function::Connect,
            Method::Post,
            "/v1/connections",
            "connect",
            "Connects a tenant to an HR system, with a credential or by a login in the browser.",
            handler!(connect),
        )
        .body::<ConnectBody>()
        .answers::<ConnectedView>(201, "It is connected, or waits for the admin to sign in.")
        .refuses(&REFUSALS)
        .refuses(&[Code::OperatorOnly]),
        Route::new(
            Function::Connect,
            Method::Post,
            "/v1/connections/{id}/reconnect",
            "reconnect",
            "Gives a connection a new credential of the same company or of its target, or lets the admin sign in again.",
            handler!(reconnect),
        )
        .optional_body::<ReconnectBody>()
        .answers::<ConnectedView>(200, "It is connected again, or waits for the admin to sign in.")
        .refuses(&REFUSALS),
        Route::new(
            Function::Connect,
            Method::Delete,
            "/v1/connections/{id}",
            "disconnect",
            "Ends a connection: its credential is deleted at once, its open plan called off, its rosters deleted.",
            handler!(disconnect),
        )
        .by_person()
        .answers::<ConnectionView>(200, "It is disconnected."),
        Route::new(
            Function::Connect,
            Method::Get,
            "/v1/connections/{id}/companies",
            "list_companies",
            "The companies that the connection's login sees.",
            handler!(companies),
        )
        .answers::<Listed<CompanyView>>(200, "All of them.")
        .refuses(&REFUSALS),
        Route::new(
            Function::Connect,
            Method::Put,
            "/v1/connections/{id}/company",
            "choose_company",
            "Chooses the company of a connection whose login sees several.",
            handler!(choose),
        )
        .body::<CompanyBody>()
        .answers::<ConnectionView>(200, "It is connected.")
        .refuses(&REFUSALS),
    ]
}

/// What the application asks after a login: the console's.
pub(super) fn activating() -> Vec<Route> {
    vec![
        Route::new(
            Function::Console,
            Method::Post,
            "/v1/connect-sessions/activate",
            "activate",
            "The connection that a login made, by what the browser brought back; once.",
            handler!(activate),
        )
        .body::<ActivateBody>()
        .answers::<ConnectionView>(200, "The connection.")
        .refuses(&[Code::Gone]),
    ]
}

async fn connect(context: &Context<'_>) -> Result<Response, Problem> {
    let body: ConnectBody = context.json()?;
    check_return_url(context, body.return_url.as_deref())?;
    check_base_url(context, body.base_url.as_deref())?;
    let configuration = read_configuration(context, &body)?;
    let tenant = context.named_tenant(body.tenant.as_str(), "/tenant")?;
    let target = read_target(context, body.target)?;
    let refuse = |error| refuse_at(error, &target.members);
    let new = NewConnection {
        tenant,
        provider: body.provider,
        base_url: body.base_url,
        site: body.site,
        credential: (),
        target: target.choice,
        target_credential: target.credential,
        configuration,
        authorised_by: body.authorised_by,
    };
    let (ports, actor) = (context.ports(), context.actor());
    let view = match body.credential {
        Some(credential) => {
            let new = new.with(credential.read(context)?);
            let connected = run::connect(ports, &actor, new).await.map_err(refuse)?;
            ConnectedView {
                id: connected.connection.id.as_str().to_owned(),
                status: connected.connection.status.as_str(),
                authorize_url: None,
                run: connected.run.map(|run| run.as_str().to_owned()),
            }
        }
        None => startable(
            context,
            &run::open_login(ports, &actor, new, body.return_url)
                .await
                .map_err(refuse)?,
        ),
    };
    Ok(answer(201, &view).with("location", format!("/v1/connections/{}", view.id)))
}

/// The start of a login opens it, and is kept by its hash only.
fn answer(status: u16, view: &ConnectedView) -> Response {
    let response = Response::json(status, view);
    if view.authorize_url.is_some() {
        response.secret()
    } else {
        response
    }
}

/// A connection that waits for a browser.
fn startable(context: &Context<'_>, startable: &run::Startable) -> ConnectedView {
    let public_url = &context.settings.public_url;
    ConnectedView {
        id: startable.connection.id.as_str().to_owned(),
        status: startable.connection.status.as_str(),
        authorize_url: Some(format!("{public_url}/oauth/start/{}", startable.token.expose())),
        run: None,
    }
}

async fn reconnect(context: &Context<'_>) -> Result<Response, Problem> {
    let body: ReconnectBody = context.json_or_default()?;
    check_return_url(context, body.return_url.as_deref())?;
    let connection = context.connection().await?.record;
    let (ports, actor) = (context.ports(), context.actor());
    if body.site.is_some() && body.credential.is_none() {
        let expected = "left out without `credential`: a login in the browser stays at the site of the connection";
        return Err(Problem::invalid("/site", expected));
    }
    if let Some(credential) = body.target_credential {
        if body.credential.is_some() {
            let expected = "left out where `credential` is given: one after the other";
            return Err(Problem::invalid("/target_credential", expected));
        }
        let members = TargetMembers {
            base_url: None,
            credential: credential.member("/target_credential"),
        };
        let credential = credential.read(context, &members)?;
        run::renew_target(ports, &actor, &connection, &credential)
            .await
            .map_err(|error| refuse_at(error, &members))?;
        return Ok(Response::json(200, &standing(&connection)));
    }
    let view = match body.credential {
        Some(credential) => {
            let credential = credential.read(context)?;
            let connected = run::reconnect(ports, &actor, connection, credential, body.site.as_deref()).await;
            standing(&connected.map_err(refuse)?)
        }
        None => startable(
            context,
            &run::reopen_login(ports, &actor, connection, body.return_url)
                .await
                .map_err(refuse)?,
        ),
    };
    Ok(answer(200, &view))
}

/// A connection as it stands.
fn standing(connection: &connection::Connection) -> ConnectedView {
    ConnectedView {
        id: connection.id.as_str().to_owned(),
        status: connection.status.as_str(),
        authorize_url: None,
        run: None,
    }
}

async fn disconnect(context: &Context<'_>) -> Result<Response, Problem> {
    let connection = context.connection().await?.record;
    let ended = run::disconnect(context.ports(), &context.actor(), connection).await?;
    Ok(Response::json(200, &view(context, &ended).await?))
}

async fn companies(context: &Context<'_>) -> Result<Response, Problem> {
    let connection = context.connection().await?.record;
    let companies = run::list_choices(context.ports(), &connection).await.map_err(refuse)?;
    let data = companies.into_iter().map(|company| CompanyView {
        id: company.id.as_str().to_owned(),
        name: company.name,
    });
    Ok(Response::json(200, &Listed::whole(data.collect())))
}

async fn choose(context: &Context<'_>) -> Result<Response, Problem> {
    let body: CompanyBody = context.json()?;
    let company = CompanyId::parse(&body.id);
    let company = company.map_err(|_| Problem::invalid("/id", "the HR system's id of a company"))?;
    let connection = context.connection().await?.record;
    let (chosen, _) = run::choose_company(context.ports(), &context.actor(), &connection, &company)
        .await
        .map_err(refuse)?;
    Ok(Response::json(200, &view(context, &chosen).await?))
}

async fn activate(context: &Context<'_>) -> Result<Response, Problem> {
    let body: ActivateBody = context.json()?;
    let may = |connection: &connection::Connection| context.reaches(&connection.tenant);
    let connection = run::activate(context.ports(), &context.actor(), &body.activation, may)
        .await
        .map_err(|error| match error {
            run::LoginError::Connect(error) => refuse(error),
            run::LoginError::Ended | run::LoginError::OtherBrowser | run::LoginError::Denied => {
                Problem::new(Code::Gone, "the activation was used, has ended, or never was one")
            }
        })?;
    Ok(Response::json(200, &view(context, &connection).await?))
}
