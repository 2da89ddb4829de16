//! The token endpoint: form-encoded requests, the client's credentials in the body or, where it may, in Basic.

use super::super::Asked;
use super::super::caller::{Caller, Means, basic};
use super::super::system::{Client, System};
use super::super::token::{Grant, Issued};
use super::GrantType;
use crate::server::reply::Reply;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

fn error(status: u16, code: &str, description: &str) -> Reply {
    Reply::of(status, &json!({"error": code, "error_description": description}))
}

fn missing(parameter: &str) -> Reply {
    error(
        400,
        "invalid_request",
        &format!("Missing required parameter: {parameter}."),
    )
}

/// A token request.
struct TokenRequest<'a> {
    system: &'a System,
    values: BTreeMap<String, String>,
}

/// Answers a token request.
pub(super) fn answer(system: &System, asked: &Asked) -> Reply {
    let kind = asked.header(CONTENT_TYPE.as_str()).unwrap_or_default();
    if !kind
        .to_ascii_lowercase()
        .starts_with("application/x-www-form-urlencoded")
    {
        return error(400, "invalid_request", "The request must be form-encoded.");
    }
    let request = TokenRequest {
        system,
        values: url::form_urlencoded::parse(asked.body).into_owned().collect(),
    };
    let issued = request
        .client(asked)
        .ok_or_else(|| {
            error(
                system.dialect.manners().unknown_client,
                "invalid_client",
                "Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method.",
            )
        })
        .and_then(|client| request.issue(client));
    match issued {
        Ok(issued) => show(system, issued),
        Err(refused) => refused,
    }
}

impl TokenRequest<'_> {
    fn value(&self, name: &str) -> Option<&str> {
        self.values
            .get(name)
            .map(String::as_str)
            .filter(|text| !text.is_empty())
    }

    fn required(&self, name: &str) -> Result<&str, Reply> {
        self.value(name).ok_or_else(|| missing(name))
    }

    /// The client that the request comes from.
    fn client(&self, asked: &Asked) -> Option<&Client> {
        let in_header = basic(asked.headers).filter(|_| self.system.dialect.manners().takes_basic);
        let (id, secret) = match in_header {
            Some((id, secret)) => (id, secret),
            None => (
                self.value("client_id")?.to_owned(),
                self.value("client_secret")?.to_owned(),
            ),
        };
        let mut clients = self.system.clients().iter();
        clients.find(|client| client.id == id && client.secret == secret)
    }

    fn issue(&self, client: &Client) -> Result<Issued, Reply> {
        let Some(name) = self.value("grant_type") else {
            return Err(missing("grant_type"));
        };
        let manners = self.system.dialect.manners();
        let grant = GrantType::from_name(name).filter(|grant| manners.grants.contains(grant));
        let now = self.system.now();
        let issued = match grant {
            None => {
                return Err(error(
                    400,
                    "unsupported_grant_type",
                    "The authorization grant type is not supported by the authorization server.",
                ));
            }
            Some(GrantType::Code) => {
                let (code, back) = (self.required("code")?, self.required("redirect_uri")?);
                let verifier = self.value("code_verifier").unwrap_or_default();
                self.system.tokens().exchange(code, back, verifier, now)
            }
            Some(GrantType::RefreshToken) => {
                let token = self.required("refresh_token")?;
                self.system.tokens().refresh(token, now)
            }
            Some(GrantType::ClientCredentials) => {
                let caller = self.system.nobody(client.company, Means::ClientToken);
                self.grant_at_once(caller, now)?
            }
            Some(GrantType::Password) => {
                self.required("username")?;
                let caller = self.system.holder_of(self.required("password")?);
                self.grant_at_once(caller, now)?
            }
        };
        issued.ok_or_else(|| {
            error(
                400,
                "invalid_grant",
                "The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client.",
            )
        })
    }

    /// A token without a page, for the scope that is asked for.
    fn grant_at_once(&self, caller: Option<Caller>, now: i64) -> Result<Option<Issued>, Reply> {
        let manners = self.system.dialect.manners();
        let scope = self.value("scope").unwrap_or(manners.default_scope);
        if !manners.knows(scope) {
            return Err(error(
                400,
                "invalid_scope",
                "The requested scope is invalid, unknown, or malformed.",
            ));
        }
        let grant = caller.map(|caller| Grant {
            caller,
            scope: scope.to_owned(),
            redirect_uri: String::new(),
            challenge: None,
        });
        Ok(grant.map(|grant| self.system.tokens().issue(grant, now)))
    }
}

fn show(system: &System, issued: Issued) -> Reply {
    let mut answer = Map::new();
    answer.insert("access_token".to_owned(), issued.access_token.into());
    answer.insert("token_type".to_owned(), "Bearer".into());
    // Null for company tokens, which do not end.
    answer.insert(
        "expires_in".to_owned(),
        issued.expires_in.map_or(Value::Null, Value::from),
    );
    if let Some(token) = issued.refresh_token {
        answer.insert("refresh_token".to_owned(), token.into());
    }
    if let Some(company) = system.stage.companies().get(issued.company) {
        let extras = system.dialect.token_extras(company, &issued.scope, system.now());
        answer.extend(extras.into_iter().map(|(name, value)| (name.to_owned(), value)));
    }
    answer.insert("scope".to_owned(), issued.scope.into());
    Reply::of(200, &answer).with(CACHE_CONTROL, "no-store")
}
