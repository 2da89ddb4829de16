//! The browser's way through a login: our start page, the provider's, and back. Nothing of what comes in is shown again.

use super::{Route, handler};
use crate::{
    api::{
        context::Context,
        problem::{Code, Problem},
        request::Method,
        response::Response,
        route::{Access, Function},
    },
    connection::hash_token,
    run::{self, Callback, ConnectError, LoginError},
    source,
};

/// How the names of cookies begin that tie a login to its browser; each login has one of its own, so that a browser may be
/// in the middle of several.
const COOKIE: &str = "rollcall_login_";

/// How many logins a browser may be in the middle of.
const MOST_LOGINS: usize = 20;

/// How long the browser keeps it, in seconds: as long as a login may be started.
const COOKIE_SECONDS: u32 = 1800;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            Function::Connect,
            Method::Get,
            "/oauth/start/{token}",
            "start_login",
            "Sends the first browser that comes to the HR system's login.",
            handler!(start),
        )
        .access(Access::Browser)
        .answers_empty(303, "To the HR system.")
        .refuses(&[Code::Gone, Code::ForeignBrowser, Code::Conflict]),
        Route::new(
            Function::Connect,
            Method::Get,
            "/oauth/callback",
            "finish_login",
            "Takes the browser back from the HR system's login, and sends it to the application.",
            handler!(callback),
        )
        .access(Access::Browser)
        .answers_page(200, "It is connected, and no `return_url` was given.")
        .answers_empty(303, "To the application.")
        .refuses(&[Code::Gone, Code::ForeignBrowser]),
    ]
}

fn redirect_uri(context: &Context<'_>) -> String {
    format!("{}/oauth/callback", context.settings.public_url)
}

/// The name of a login's cookie: it tells the login apart and does not tell its token.
fn cookie_name(token: &str) -> String {
    let hash = hash_token(token);
    format!("{COOKIE}{}", hash.get(..16).unwrap_or_default())
}

fn refuse(error: LoginError) -> Problem {
    match error {
        LoginError::Ended | LoginError::Denied => Problem::new(
            Code::Gone,
            "this login was used or has ended; go back to the application and begin again",
        ),
        LoginError::OtherBrowser => Problem::new(
            Code::ForeignBrowser,
            "go on in the browser in which it was begun, or begin again from the application",
        ),
        LoginError::Connect(error) => super::connect::refuse(error),
    }
}

async fn start(context: &Context<'_>) -> Result<Response, Problem> {
    let token = context.place("token");
    let name = cookie_name(token);
    let cookie = context.request.cookie(&name);
    let departure = run::begin_login(context.ports(), token, cookie, &redirect_uri(context)).await;
    let departure = departure.map_err(refuse)?;
    let mut response = Response::see_other(departure.url).with("referrer-policy", "no-referrer");
    if let Some(cookie) = departure.cookie {
        let secure = if context.settings.public_url.starts_with("https://") {
            "; Secure"
        } else {
            ""
        };
        response.cookies.push(format!(
            "{name}={}; Path=/oauth; Max-Age={COOKIE_SECONDS}; HttpOnly; SameSite=Lax{secure}",
            cookie.expose()
        ));
    }
    Ok(response)
}

async fn callback(context: &Context<'_>) -> Result<Response, Problem> {
    let parameters = context.request.parameters();
    let find = |name: &str| {
        let found = parameters.iter().find(|(found, _)| found == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    };
    let mut arrival = Err(LoginError::OtherBrowser);
    // A cookie of another login is as good as none, and uses nothing up.
    let cookies = context.request.cookies_of(COOKIE).take(MOST_LOGINS).map(Some);
    for cookie in cookies.chain([None]) {
        let callback = Callback {
            cookie,
            state: find("state"),
            code: find("code"),
            issuer: find("iss"),
        };
        arrival = run::finish_login(context.ports(), &context.actor(), &callback, &redirect_uri(context)).await;
        if !matches!(arrival, Err(LoginError::OtherBrowser)) {
            break;
        }
    }
    let arrival = arrival.map_err(refuse)?;
    let login = match arrival.outcome {
        Ok(login) => login,
        Err(error) => return failed(context, arrival.return_url.as_deref(), error),
    };
    Ok(match arrival.return_url {
        Some(url) => onward(&url, "activation", login.activation.expose()),
        None => page("Connected. You may close this window."),
    })
}

/// Sends the browser on with a word, or says what happened where there is nowhere to send it.
fn failed(context: &Context<'_>, return_url: Option<&str>, error: LoginError) -> Result<Response, Problem> {
    let word = match &error {
        LoginError::Denied => "access_denied",
        LoginError::Ended | LoginError::OtherBrowser | LoginError::Connect(ConnectError::Gone) => "login_ended",
        LoginError::Connect(ConnectError::DifferentCompany | ConnectError::ForeignCompany) => "different_company",
        LoginError::Connect(ConnectError::Source(error)) => match error.class {
            source::Class::Temporary | source::Class::Malformed | source::Class::Expired => "provider_unavailable",
            source::Class::Misconfigured => "misconfigured",
            source::Class::Forbidden | source::Class::Unauthorized => "credential_refused",
        },
        LoginError::Connect(_) => "failed",
    };
    tracing::warn!(request.id = context.request.id, error = %error, word, "a login came to nothing");
    match return_url {
        Some(url) => Ok(onward(url, "error", word)),
        None => Err(refuse(error)),
    }
}

/// The application's address with one member more in its query.
fn onward(url: &str, name: &str, value: &str) -> Response {
    let response = match url::Url::parse(url) {
        Ok(mut url) => {
            url.query_pairs_mut().append_pair(name, value);
            Response::see_other(url)
        }
        // The text was an address when it was taken.
        Err(_) => page("You may close this window."),
    };
    response.with("referrer-policy", "no-referrer")
}

/// A page of one sentence of ours.
fn page(sentence: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Rollcall</title><main><p>{sentence}</p></main></html>"
    );
    Response::of(200, "text/html; charset=utf-8", html)
        .with("content-security-policy", "default-src 'none'; frame-ancestors 'none'")
        .with("referrer-policy", "no-referrer")
}
