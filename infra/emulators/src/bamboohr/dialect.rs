//! Log-in, errors, and what every answer carries.

use super::answer::{Request, check};
use super::manner::{EXTENT, MANNERS};
use super::refusal::{ERROR, not_found};
use super::route::{Route, Target};
use super::{field, xml};
use crate::company::{Company, Extent};
use crate::kit::caller::{Caller, authorization, basic, hexadecimal};
use crate::kit::dialect::{Dialect, Place, Way};
use crate::kit::fault::armed::{Call, Faults};
use crate::kit::oauth::Manners;
use crate::kit::refusal::Refusal;
use crate::kit::system::System;
use crate::kit::{Asked, PermissionGroup};
use crate::server::reply::Reply;
use axum::http::HeaderName;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// BambooHR's way.
pub(crate) struct BambooHr;

impl Dialect for BambooHr {
    fn extent(&self) -> Extent {
        EXTENT
    }

    fn ways(&self) -> &'static [Way] {
        &[Way::KeyAsUser, Way::Code]
    }

    fn manners(&self) -> &'static Manners {
        &MANNERS
    }

    fn places(&self, name: &str) -> Vec<Place> {
        field::places(name)
    }

    /// Forty hexadecimal digits.
    fn key(&self, seed: u64, company: u64, group: usize) -> String {
        hexadecimal(seed, company * 10 + group as u64, 40)
    }

    /// A key has the permissions of the user who made it.
    fn key_groups(&self) -> Vec<Option<PermissionGroup>> {
        self.groups().into_iter().map(Some).collect()
    }

    fn punishes_failed_logins(&self) -> bool {
        true
    }

    fn token_extras(&self, company: &Company, scope: &str, now: i64) -> Vec<(&'static str, Value)> {
        let site = company.site();
        let mut extras = vec![("companyDomain", Value::from(site.clone()))];
        if scope.split_ascii_whitespace().any(|scope| scope == "openid") {
            let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
            let claims =
                json!({"iss": format!("https://{site}.bamboohr.com"), "sub": company.id.to_string(), "iat": now});
            let token = format!("{}.{}.", part(json!({"alg": "none"})), part(claims));
            extras.push(("id_token", token.into()));
        }
        extras
    }

    fn call<'a>(&self, asked: &Asked<'a>) -> Call<'a> {
        let target = Route::of(asked).target;
        let page = match target {
            Some(Target::DatasetData(_)) => {
                let body: Value = serde_json::from_slice(asked.body).unwrap_or_default();
                Some(body.get("page").and_then(Value::as_u64).unwrap_or(1))
            }
            // Elsewhere there are no pages, or cursors that do not say which one they lead to.
            _ => None,
        };
        Call {
            path: asked.path,
            data: true,
            list: target.is_some_and(Target::is_list),
            page,
        }
    }

    /// A key as the user name of Basic, or a bearer token.
    fn identify(&self, system: &System, asked: &Asked, faults: &Faults) -> Result<Caller, Refusal> {
        let key = basic(asked.headers);
        let token = authorization(asked.headers, "bearer");
        if key.is_none() && token.is_none() {
            return Err(Refusal::NoCredential);
        }
        let site = match Route::of(asked).site {
            None => None,
            Some(site) => {
                let companies = system.stage.companies();
                let found = companies.iter().position(|company| company.site() == site);
                Some(found.ok_or_else(|| not_found("Unknown company domain"))?)
            }
        };
        let caller = match (key, token) {
            (Some((key, _)), _) => system.caller_by_key(&key, faults)?,
            (None, Some(token)) => system.caller_by_token(token)?,
            (None, None) => return Err(Refusal::NoCredential),
        };
        if site.is_some_and(|site| site != caller.company) {
            return Err(Refusal::NoCredential);
        }
        Ok(caller)
    }

    fn answer(&self, system: &System, caller: &Caller, asked: &Asked, faults: &Faults) -> Result<Reply, Refusal> {
        let target = Route::of(asked).target.ok_or(Refusal::NotFound)?;
        check(caller, target)?;
        let companies = system.stage.companies();
        let company = companies.get(caller.company).ok_or(Refusal::NotFound)?;
        let request = Request {
            system,
            caller,
            company,
            asked,
            faults,
        };
        let reply = request.answer(target)?;
        let wants_json = asked
            .header("accept")
            .is_some_and(|accept| accept.contains("application/json"));
        let is_lists_json = target == Target::Lists && asked.query.one("format") == Some("json");
        if let Some(root) = target.xml_root().filter(|_| !wants_json && !is_lists_json) {
            return xml::reply(&reply.body, root);
        }
        Ok(reply)
    }

    fn refuse(&self, refusal: &Refusal, _: &Asked) -> Reply {
        let with = |status: u16, message: String| Reply::empty(status).with(ERROR, message);
        match refusal {
            Refusal::NoCredential => with(401, "Invalid API key or unauthorized".to_owned()),
            Refusal::Token(why) => with(401, (*why).to_owned()),
            Refusal::Forbidden => with(403, "You do not have access to this".to_owned()),
            Refusal::Scope(scope) => with(403, format!("The token lacks the scope {scope}")),
            Refusal::NotFound => with(404, "Not found".to_owned()),
            Refusal::Parameter(name, expected) => with(400, format!("{name} must be {expected}")),
            Refusal::TooMany(seconds) => with(429, "Limit Exceeded".to_owned()).retry_after(*seconds),
            Refusal::Told(status) => with(*status, "the emulator was told to fail".to_owned()),
            Refusal::Broken | Refusal::Own(_) => Reply::empty(500),
        }
    }

    /// The caller's id of the request, or one of ours.
    fn finish(&self, reply: Reply, asked: &Asked) -> Reply {
        let own = || {
            format!(
                "{:016x}",
                crate::draw::draw(asked.path.len() as u64, asked.body.len() as u64)
            )
        };
        let id = asked.header(REQUEST_ID.as_str()).map_or_else(own, str::to_owned);
        reply.with(REQUEST_ID, id)
    }

    fn samples(&self, system: &System, url: &str) -> Vec<String> {
        let key = system.keys().first().map_or("", |key| key.text.as_str());
        vec![
            format!("curl -u {key}:x -H 'accept: application/json' {url}/api/v1/employees/directory"),
            format!(
                "curl -u {key}:x -H 'content-type: application/json' '{url}/api/v1/reports/custom?format=json' -d '{{\"fields\": [\"firstName\", \"workEmail\"]}}'"
            ),
        ]
    }
}
