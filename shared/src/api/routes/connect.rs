//! Connecting HR systems with a key, or by a login in the browser; reconnecting; ending a connection.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use schemars::JsonSchema;
use secrecy::SecretString;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::{
    Route,
    connection::{changed, view},
    handler,
};
use crate::{
    api::{
        context::Context,
        problem::{Code, Fault, Problem},
        request::Method,
        response::Response,
        route::Function,
        view::{
            Listed,
            connection::{CompanyView, ConnectionView},
        },
    },
    connection::{
        self, Configuration, Credential, Preset, ProviderId, Submission, TargetChoice, TenantId, TokenSet, parse,
    },
    employee::CompanyId,
    run::{self, ConnectError, NewConnection},
    source,
};

/// A credential that a caller sends.
#[derive(Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum CredentialBody {
    /// A key that an administrator made.
    ApiKey {
        /// The key.
        #[schemars(with = "String", length(min = 1, max = 8192))]
        #[serde(deserialize_with = "secret")]
        key: SecretString,
    },
    /// Tokens of an OAuth server.
    Tokens {
        /// Opens the API.
        #[schemars(with = "String", length(min = 1, max = 8192))]
        #[serde(deserialize_with = "secret")]
        access_token: SecretString,
        /// Gets the next access token.
        #[schemars(with = "Option<String>")]
        #[serde(default, deserialize_with = "optional_secret")]
        refresh_token: Option<SecretString>,
        /// In how many seconds the access token ends.
        #[schemars(range(min = 1, max = 315_360_000))]
        expires_in: Option<u32>,
    },
}

fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecretString, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() || text.len() > 8192 || text.chars().any(char::is_control) {
        return Err(serde::de::Error::custom("1 to 8192 characters in one line"));
    }
    Ok(text.into())
}

fn optional_secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SecretString>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.map(SecretString::from))
}

impl CredentialBody {
    fn into_credential(self, context: &Context<'_>) -> Credential {
        match self {
            Self::ApiKey { key } => Credential::ApiKey { key },
            Self::Tokens {
                access_token,
                refresh_token,
                expires_in,
            } => {
                let now = context.now();
                let lives = expires_in.map(|seconds| SignedDuration::from_secs(i64::from(seconds)));
                Credential::Tokens(TokenSet {
                    access_token,
                    refresh_token,
                    expires_at: lives.and_then(|lives| now.checked_add(lives).ok()),
                    obtained_at: now,
                    scope: None,
                })
            }
        }
    }
}

/// What a connection writes to.
#[derive(Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum TargetBody {
    /// The directory that is built in.
    Directory {},
}

/// Where configuration comes from that is left out.
#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum PresetName {
    Standard,
    Stakeholders,
    Users,
    ExpenseUsers,
    Candidates,
}

impl PresetName {
    const fn preset(self) -> Preset {
        match self {
            Self::Standard => Preset::Standard,
            Self::Stakeholders => Preset::Stakeholders,
            Self::Users => Preset::Users,
            Self::ExpenseUsers => Preset::ExpenseUsers,
            Self::Candidates => Preset::Candidates,
        }
    }
}

/// What a caller sends to connect.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ConnectBody {
    /// Whose it is: `[A-Za-z0-9._-]{1,64}`.
    #[schemars(with = "String", regex(pattern = "^[A-Za-z0-9._-]{1,64}$"))]
    tenant: TenantId,
    /// Which HR system.
    #[schemars(with = "String", regex(pattern = "^[a-z0-9-]{1,64}$"))]
    provider: ProviderId,
    /// What it logs in with. It is tried before it is kept; where it is left out, somebody signs in in the browser.
    credential: Option<CredentialBody>,
    /// Where the browser is sent after signing in, with `?activation=…`.
    #[schemars(length(max = 2000))]
    return_url: Option<String>,
    /// Where the HR system is reached, where not at its usual address; only where this stack allows it.
    #[schemars(length(max = 500))]
    base_url: Option<String>,
    /// What it writes to; the built-in directory where it is left out.
    target: Option<TargetBody>,
    /// Where configuration comes from that is left out; `users` where it is left out itself.
    preset: Option<PresetName>,
    /// What it is to do.
    #[schemars(with = "Option<BTreeMap<String, Value>>")]
    config: Option<Value>,
    /// Whoever connects: an account or e-mail address that is never switched off automatically.
    #[schemars(length(min = 1, max = 320))]
    authorised_by: Option<String>,
}

/// A connection that was made.
#[derive(Serialize, JsonSchema)]
struct ConnectedView {
    /// Its id.
    id: String,
    /// `connected`, or `awaiting_authorization` until somebody has signed in.
    status: &'static str,
    /// Where a browser has to go to sign in; for one browser, within 30 minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    authorize_url: Option<String>,
    /// The first run, where it has begun.
    #[serde(skip_serializing_if = "Option::is_none")]
    run: Option<String>,
}

/// What a caller sends to reconnect.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ReconnectBody {
    /// The new credential; where it is left out, somebody signs in in the browser.
    credential: Option<CredentialBody>,
    /// Where the browser is sent after signing in.
    #[schemars(length(max = 2000))]
    return_url: Option<String>,
}

/// Which company.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CompanyBody {
    /// The HR system's id of it.
    #[schemars(length(min = 1, max = 255))]
    id: String,
}

/// What a browser brought back.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ActivateBody {
    /// The text behind `?activation=`.
    #[schemars(length(min = 1, max = 200))]
    activation: String,
}

/// In which ways connecting is refused.
const REFUSALS: [Code; 5] = [
    Code::CredentialRefused,
    Code::DifferentCompany,
    Code::Conflict,
    Code::ProviderUnavailable,
    Code::NotFound,
];

pub(super) fn routes() -> Vec<Route> {
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
        .answers::<ConnectedView>(201, "It is connected, or waits for somebody to sign in.")
        .refuses(&REFUSALS),
        Route::new(
            Function::Connect,
            Method::Post,
            "/v1/connections/{id}/reconnect",
            "reconnect",
            "Gives a connection a new credential of the same company, or lets somebody sign in again.",
            handler!(reconnect),
        )
        .optional_body::<ReconnectBody>()
        .answers::<ConnectedView>(200, "It is connected again, or waits for somebody to sign in.")
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

/// What a failure to connect means for a caller.
pub(super) fn refuse(error: ConnectError) -> Problem {
    match error {
        ConnectError::UnknownProvider => Problem::invalid("/provider", "one of `GET /v1/providers`"),
        ConnectError::Source(error) => {
            let code = match error.class {
                source::Class::Temporary | source::Class::Malformed => Code::ProviderUnavailable,
                source::Class::Misconfigured => Code::Conflict,
                source::Class::Forbidden | source::Class::Unauthorized => Code::CredentialRefused,
            };
            // Our own words: a connector puts nothing else into them (R38).
            Problem::new(code, format!("nothing was kept; {error}"))
        }
        ConnectError::DifferentCompany => Problem::new(
            Code::DifferentCompany,
            "nothing was kept; use a login of the company that was connected first, or make another connection",
        ),
        ConnectError::ForeignCompany => Problem::new(
            Code::DifferentCompany,
            "nothing was kept; the company is connected under another tenant, which has to disconnect first",
        ),
        ConnectError::SeveralCompanies => Problem::new(
            Code::Conflict,
            "nothing was kept; the login sees several companies: connect in the browser and choose one",
        ),
        ConnectError::Erased => Problem::new(Code::Conflict, "nothing was kept; the tenant was erased"),
        ConnectError::State(error) => Problem::new(Code::Conflict, format!("{error}; make another connection")),
        ConnectError::Internal(error) => error.into(),
    }
}

/// An address that a browser may be sent back to.
fn check_return_url(context: &Context<'_>, url: Option<&str>) -> Result<(), Problem> {
    let Some(url) = url else {
        return Ok(());
    };
    let parsed = url::Url::parse(url).ok().filter(|_| url.len() <= 2000);
    let is_local = context.edge.settings.public_url.starts_with("http://");
    let is_good = parsed.is_some_and(|parsed| {
        let is_safe = parsed.scheme() == "https" || (parsed.scheme() == "http" && is_local);
        is_safe && parsed.has_host() && parsed.username().is_empty() && parsed.password().is_none()
    });
    if is_good {
        Ok(())
    } else {
        Err(Problem::invalid(
            "/return_url",
            "an absolute https address of your application",
        ))
    }
}

fn check_base_url(context: &Context<'_>, url: Option<&str>) -> Result<(), Problem> {
    if url.is_some() && !context.edge.settings.allow_base_url {
        return Err(Problem::invalid(
            "/base_url",
            "nothing: this stack does not allow other addresses",
        ));
    }
    if url.is_some_and(|url| url.len() > 500 || url.chars().any(char::is_control)) {
        return Err(Problem::invalid(
            "/base_url",
            "an absolute address of at most 500 characters",
        ));
    }
    Ok(())
}

fn read_configuration(context: &Context<'_>, body: &ConnectBody) -> Result<Configuration, Problem> {
    let empty = Value::Object(serde_json::Map::new());
    let text = body.config.as_ref().unwrap_or(&empty).to_string();
    let by = context.by();
    let submission = Submission {
        preset: body.preset.map_or(Preset::Users, PresetName::preset),
        version: 1,
        previous: None,
        labels: &BTreeMap::new(),
        by: &by,
        at: context.now(),
    };
    parse(text.as_bytes(), &submission).map_err(|faults| {
        let fault = |fault: connection::Invalid| Fault {
            pointer: format!("/config{}", fault.pointer),
            detail: fault.detail,
        };
        Problem::faults(faults.into_iter().map(fault).collect())
    })
}

async fn connect(context: &Context<'_>) -> Result<Response, Problem> {
    let body: ConnectBody = context.json()?;
    check_return_url(context, body.return_url.as_deref())?;
    check_base_url(context, body.base_url.as_deref())?;
    let configuration = read_configuration(context, &body)?;
    let is_good = |by: &String| (1..=320).contains(&by.len()) && !by.chars().any(char::is_control);
    if body.authorised_by.as_ref().is_some_and(|by| !is_good(by)) {
        return Err(Problem::invalid("/authorised_by", "1 to 320 characters in one line"));
    }
    let tenant = context.named_tenant(body.tenant.as_str(), "/tenant")?;
    let new = NewConnection {
        tenant: tenant.clone(),
        provider: body.provider,
        base_url: body.base_url,
        credential: (),
        target: match body.target {
            None | Some(TargetBody::Directory {}) => TargetChoice::Directory,
        },
        configuration,
        authorised_by: body.authorised_by,
    };
    let view = match body.credential {
        Some(credential) => {
            let new = new.with(credential.into_credential(context));
            let connected = run::connect(context.ports(), new).await.map_err(refuse)?;
            ConnectedView {
                id: connected.connection.id.as_str().to_owned(),
                status: connected.connection.status.as_str(),
                authorize_url: None,
                run: connected.run.map(|run| run.as_str().to_owned()),
            }
        }
        None => startable(
            context,
            &run::open_login(context.ports(), new, body.return_url)
                .await
                .map_err(refuse)?,
        ),
    };
    let id = view.id.parse().map_err(|_| Problem::not_found("connection"))?;
    context
        .audit(Some(&tenant), Some(&id), "connection.connect", &[])
        .await?;
    Ok(Response::json(201, &view).with("location", format!("/v1/connections/{id}")))
}

/// A connection that waits for a browser.
fn startable(context: &Context<'_>, startable: &run::Startable) -> ConnectedView {
    let public_url = &context.edge.settings.public_url;
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
    let (tenant, id) = (connection.tenant.clone(), connection.id.clone());
    let ports = context.ports();
    let view = match body.credential {
        Some(credential) => {
            let credential = credential.into_credential(context);
            let connected = run::reconnect(ports, connection, credential).await.map_err(refuse)?;
            ConnectedView {
                id: connected.id.as_str().to_owned(),
                status: connected.status.as_str(),
                authorize_url: None,
                run: None,
            }
        }
        None => startable(
            context,
            &run::reopen_login(ports, connection, body.return_url)
                .await
                .map_err(refuse)?,
        ),
    };
    context
        .audit(Some(&tenant), Some(&id), "connection.reconnect", &[])
        .await?;
    Ok(Response::json(200, &view))
}

async fn disconnect(context: &Context<'_>) -> Result<Response, Problem> {
    let connection = context.connection().await?.record;
    let ended = run::disconnect(context.ports(), connection).await?;
    changed(context, Some(ended), "connection.disconnect").await
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
    let (chosen, _) = run::choose_company(context.ports(), &connection, &company)
        .await
        .map_err(refuse)?;
    changed(context, Some(chosen), "connection.choose_company").await
}

async fn activate(context: &Context<'_>) -> Result<Response, Problem> {
    let body: ActivateBody = context.json()?;
    let may = |connection: &connection::Connection| context.reaches(&connection.tenant);
    let connection = run::activate(context.ports(), &body.activation, may)
        .await
        .map_err(|error| match error {
            run::LoginError::Connect(error) => refuse(error),
            run::LoginError::Ended | run::LoginError::OtherBrowser | run::LoginError::Denied => {
                Problem::new(Code::Gone, "the activation was used, has ended, or never was one")
            }
        })?;
    Ok(Response::json(200, &view(context, &connection).await?))
}
