//! The authorisation request: checked, shown, decided, and answered with a redirect that carries code and state.

use super::super::caller::Means;
use super::super::system::System;
use super::super::token::Grant;
use super::{Challenge, page};
use crate::server::reply::Reply;
use axum::http::header::LOCATION;
use std::collections::BTreeMap;
use url::Url;

/// An authorisation request (RFC 6749, section 4.1.1).
#[derive(Debug)]
pub(super) struct AuthorizationRequest {
    pub(super) redirect_uri: Url,
    /// Every parameter as sent; tokens are given out for exactly the text of `redirect_uri`.
    pub(super) values: BTreeMap<String, String>,
    pub(super) scope: String,
    /// Whether a token of the whole company is asked for.
    pub(super) for_company: bool,
}

impl AuthorizationRequest {
    /// Reads and checks; a client or address that is not known must not be redirected to (RFC 6749, section 4.1.2.1).
    fn read(system: &System, text: &str) -> Result<Self, Reply> {
        let values: BTreeMap<String, String> = url::form_urlencoded::parse(text.as_bytes()).into_owned().collect();
        let value = |name: &str| values.get(name).filter(|text| !text.is_empty());
        let application = system.application();
        if value("client_id") != Some(&application.id) {
            return Err(page::problem("Client authentication failed due to unknown client."));
        }
        let redirect = value("redirect_uri").map(String::as_str).unwrap_or_default();
        let parsed = Url::parse(redirect)
            .ok()
            .filter(|url| ["http", "https"].contains(&url.scheme()) && url.fragment().is_none());
        let Some(redirect_uri) = parsed.filter(|_| system.may_call_back(redirect)) else {
            return Err(page::problem(
                "The requested redirect uri is malformed or doesn't match the client's.",
            ));
        };
        let manners = system.dialect.manners();
        Ok(Self {
            redirect_uri,
            scope: value("scope").map_or(manners.default_scope, String::as_str).to_owned(),
            for_company: manners.whole_company.is_some_and(|(name, _)| value(name).is_some()),
            values,
        })
    }

    fn value(&self, name: &str) -> Option<&str> {
        self.values
            .get(name)
            .map(String::as_str)
            .filter(|text| !text.is_empty())
    }

    /// Back to the application, with the given parameters and the state as it came.
    fn go_back(&self, parameters: &[(&str, &str)]) -> Reply {
        let mut url = self.redirect_uri.clone();
        {
            let mut query = url.query_pairs_mut();
            query.extend_pairs(parameters);
            if let Some(state) = self.value("state") {
                query.append_pair("state", state);
            }
        }
        Reply::empty(302).with(LOCATION, url)
    }

    fn refuse(&self, error: &str, description: &str) -> Reply {
        self.go_back(&[("error", error), ("error_description", description)])
    }

    /// The challenge that binds the code, where this server binds codes.
    fn challenge(&self, system: &System) -> Result<Option<Challenge>, &'static str> {
        if !system.dialect.manners().binds_codes {
            return Ok(None);
        }
        Challenge::read(self.value("code_challenge"), self.value("code_challenge_method"))
    }

    /// What can be told to the application at once.
    fn objection(&self, system: &System) -> Option<Reply> {
        let manners = system.dialect.manners();
        if self.value("response_type") != Some("code") {
            return Some(self.refuse(
                "unsupported_response_type",
                "The authorization server does not support this response type.",
            ));
        }
        if let Some((name, wanted)) = manners.whole_company
            && self.value(name).is_some_and(|kind| kind != wanted)
        {
            return Some(self.refuse("invalid_request", &format!("{name} must be {wanted}")));
        }
        if !manners.knows(&self.scope) {
            return Some(self.refuse(
                "invalid_scope",
                "The requested scope is invalid, unknown, or malformed.",
            ));
        }
        if let Some(why) = system.dialect.object_to(system, &self.values) {
            return Some(self.refuse("invalid_request", why));
        }
        let challenge = self.challenge(system);
        challenge.err().map(|why| self.refuse("invalid_request", why))
    }
}

/// The page, or why there is none.
pub(super) fn show(system: &System, query: &str) -> Reply {
    match AuthorizationRequest::read(system, query) {
        Err(problem) => problem,
        Ok(asked) => asked.objection(system).unwrap_or_else(|| page::consent(system, &asked)),
    }
}

/// What the person before the page chose.
pub(super) fn decide(system: &System, form: &str) -> Reply {
    let asked = match AuthorizationRequest::read(system, form) {
        Ok(asked) => asked,
        Err(problem) => return problem,
    };
    if let Some(objection) = asked.objection(system) {
        return objection;
    }
    if asked.value("decision") != Some("allow") {
        return asked.refuse(
            "access_denied",
            "The resource owner or authorization server denied the request.",
        );
    }
    let groups = system.dialect.groups();
    let chosen = asked.value("sign_in_as").unwrap_or("Administrator");
    let Some(group) = groups.into_iter().find(|group| group.name == chosen) else {
        return asked.refuse("access_denied", "Nobody of this name can sign in.");
    };
    if asked.for_company && !group.is_administrator() {
        return asked.refuse("access_denied", "Only an administrator can connect the company.");
    }
    let company = asked.value("company").and_then(|position| position.parse().ok());
    let caller = if asked.for_company {
        system.nobody(company.unwrap_or(0), Means::CompanyToken)
    } else {
        system.user(company.unwrap_or(0), group)
    };
    let (Some(caller), Ok(challenge)) = (caller, asked.challenge(system)) else {
        return asked.refuse("access_denied", "There is no such company.");
    };
    let grant = Grant {
        caller,
        scope: asked.scope.clone(),
        redirect_uri: asked.value("redirect_uri").unwrap_or_default().to_owned(),
        challenge,
    };
    let code = system.tokens().write_code(grant, system.now());
    asked.go_back(&[("code", &code)])
}
