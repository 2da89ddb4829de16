//! The authorisation request: checked, shown, decided, and answered with a redirect that carries code and state.

use super::super::auth::{Caller, Means};
use super::super::permission::PermissionGroup;
use super::super::token::Grant;
use super::super::{Factorial, PermissionGroup as Group};
use super::page;
use crate::person::Status;
use crate::server::reply::Reply;
use axum::http::header::LOCATION;
use std::collections::BTreeMap;
use url::Url;

/// The parameters of an authorisation request.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) client_id: String,
    pub(super) redirect_uri: Url,
    /// As sent: tokens are given out for exactly this text.
    pub(super) redirect_text: String,
    pub(super) response_type: String,
    pub(super) scope: String,
    pub(super) state: Option<String>,
    pub(super) resource_owner_type: Option<String>,
}

impl Asked {
    /// Reads and checks; a client or address that is not known must not be redirected to (RFC 6749, section 4.1.2.1).
    fn read(factorial: &Factorial, values: &BTreeMap<String, String>) -> Result<Self, Reply> {
        let value = |name: &str| values.get(name).cloned().filter(|text| !text.is_empty());
        let client_id = value("client_id").unwrap_or_default();
        if client_id != factorial.client_id {
            return Err(page::problem("Client authentication failed due to unknown client."));
        }
        let redirect_text = value("redirect_uri").unwrap_or_default();
        let known = factorial.redirect_uris.is_empty() || factorial.redirect_uris.contains(&redirect_text);
        let parsed = Url::parse(&redirect_text)
            .ok()
            .filter(|url| ["http", "https"].contains(&url.scheme()) && url.fragment().is_none());
        let Some(redirect_uri) = parsed.filter(|_| known) else {
            return Err(page::problem(
                "The requested redirect uri is malformed or doesn't match the client's.",
            ));
        };
        Ok(Self {
            client_id,
            redirect_uri,
            redirect_text,
            response_type: value("response_type").unwrap_or_default(),
            scope: value("scope").unwrap_or_else(|| "read write".to_owned()),
            state: value("state"),
            resource_owner_type: value("resource_owner_type"),
        })
    }

    /// Back to the application, with the given parameters and the state as it came.
    fn go_back(&self, parameters: &[(&str, &str)]) -> Reply {
        let mut url = self.redirect_uri.clone();
        {
            let mut query = url.query_pairs_mut();
            query.extend_pairs(parameters);
            if let Some(state) = &self.state {
                query.append_pair("state", state);
            }
        }
        Reply::empty(302).with(LOCATION, url)
    }

    fn refuse(&self, error: &str, description: &str) -> Reply {
        self.go_back(&[("error", error), ("error_description", description)])
    }

    /// What can be told to the application at once.
    fn objection(&self) -> Option<Reply> {
        if self.response_type != "code" {
            return Some(self.refuse(
                "unsupported_response_type",
                "The authorization server does not support this response type.",
            ));
        }
        if self
            .resource_owner_type
            .as_deref()
            .is_some_and(|kind| kind != "company")
        {
            return Some(self.refuse("invalid_request", "resource_owner_type must be company"));
        }
        None
    }
}

fn pairs(text: &str) -> BTreeMap<String, String> {
    url::form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

/// The page, or why there is none.
pub(super) fn show(factorial: &Factorial, query: &str) -> Reply {
    match Asked::read(factorial, &pairs(query)) {
        Err(problem) => problem,
        Ok(asked) => asked.objection().unwrap_or_else(|| {
            let companies = factorial.stage.companies();
            let names: Vec<&str> = companies.iter().map(|company| company.name.as_str()).collect();
            page::consent(&asked, &names)
        }),
    }
}

/// What the person before the page chose.
pub(super) fn decide(factorial: &Factorial, form: &str) -> Reply {
    let values = pairs(form);
    let asked = match Asked::read(factorial, &values) {
        Ok(asked) => asked,
        Err(problem) => return problem,
    };
    if let Some(objection) = asked.objection() {
        return objection;
    }
    if values.get("decision").map(String::as_str) != Some("allow") {
        return asked.refuse(
            "access_denied",
            "The resource owner or authorization server denied the request.",
        );
    }
    let chosen = values.get("sign_in_as").map_or("Administrator", String::as_str);
    let company = values
        .get("company")
        .and_then(|position| position.parse().ok())
        .unwrap_or(0);
    let Some(group) = Group::all().into_iter().find(|group| group.name == chosen) else {
        return asked.refuse("access_denied", "Nobody of this name can sign in.");
    };
    let for_company = asked.resource_owner_type.is_some();
    if for_company && group != PermissionGroup::administrator() {
        return asked.refuse("access_denied", "Only an administrator can connect the company.");
    }
    let Some(caller) = caller(factorial, company, group, for_company) else {
        return asked.refuse("access_denied", "There is no such company.");
    };
    let grant = Grant {
        caller,
        scope: asked.scope.clone(),
        redirect_uri: asked.redirect_text.clone(),
    };
    let code = factorial
        .tokens()
        .write_code(grant, factorial.stage.clock.unix_seconds());
    asked.go_back(&[("code", &code)])
}

/// Returns the user who signs in: the first person at work who has reports of their own.
pub(in super::super) fn caller(
    factorial: &Factorial,
    company: usize,
    group: PermissionGroup,
    for_company: bool,
) -> Option<Caller> {
    if for_company {
        return (company < factorial.keys.len()).then_some(Caller {
            company,
            means: Means::CompanyToken,
        });
    }
    let companies = factorial.stage.companies();
    let home = companies.get(company)?;
    let at_work = home
        .people
        .iter()
        .filter(|person| person.status(home.today) == Status::Active && person.reachable);
    let employee_id = at_work.map(|person| person.id).next()?;
    Some(Caller {
        company,
        means: Means::UserToken { group, employee_id },
    })
}
