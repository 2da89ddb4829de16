//! A login in the browser, step by step; each step may fail, and is then reloaded.

use rollcall::{api::Response, connection::TenantId, employee::CompanyId};
use serde_json::{Value, json};

use super::{Call, Then};
use crate::world::World;

/// The place that a browser has reached in a login.
#[derive(Clone)]
pub(crate) struct Visit {
    tenant: TenantId,
    /// The companies that the person's login sees.
    companies: Vec<CompanyId>,
    cookies: Vec<String>,
    stage: Stage,
}

#[derive(Clone)]
enum Stage {
    /// The application has asked for the start page.
    Asked,
    /// The start page was opened.
    Started,
    /// The browser came back.
    Returned,
    /// The application has asked which connection the login belongs to.
    Activated,
}

impl Visit {
    /// Returns what follows after a request for a login.
    pub(super) fn then(tenant: &TenantId, companies: Vec<CompanyId>) -> Then {
        Then::Visit(Box::new(Self {
            tenant: tenant.clone(),
            companies,
            cookies: Vec::new(),
            stage: Stage::Asked,
        }))
    }

    /// Returns the next step after a good answer.
    pub(crate) fn go_on(mut self, world: &World, response: &Response) -> Option<Call> {
        let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
        match self.stage {
            Stage::Asked => {
                let url = body.get("authorize_url")?.as_str()?;
                let path = url.strip_prefix("https://rollcall.example")?.to_owned();
                self.stage = Stage::Started;
                Some(self.browse(world, &path, String::new()))
            }
            Stage::Started => {
                let pairs = response.cookies.iter().filter_map(|cookie| cookie.split(';').next());
                self.cookies.extend(pairs.map(str::to_owned));
                let (_, state) = response.header("location")?.split_once("state=")?;
                if world.fate.percent(10) {
                    world.fate.count("logins given up");
                    return None;
                }
                let code = world.hr.kept().grants.make_code(self.companies.clone());
                let query = format!("code={code}&state={state}");
                self.stage = Stage::Returned;
                Some(self.browse(world, "/oauth/callback", query))
            }
            Stage::Returned => {
                let (_, activation) = response.header("location")?.split_once("activation=")?;
                world.fate.count("logins");
                self.stage = Stage::Activated;
                let tenant = self.tenant.clone();
                let call = Call::new(world, Some(&tenant), "POST", "/v1/connect-sessions/activate");
                let call = call.body(json!({ "activation": activation }));
                Some(call.then(Then::Visit(Box::new(self))))
            }
            Stage::Activated => {
                if body.get("status")?.as_str()? != "choosing_company" {
                    return None;
                }
                world.fate.count("companies chosen");
                let path = format!("/v1/connections/{}/company", body.get("id")?.as_str()?);
                let company = self.companies.last()?.as_str();
                let call = Call::new(world, Some(&self.tenant), "PUT", path);
                Some(call.body(json!({ "id": company })))
            }
        }
    }

    fn browse(self, world: &World, path: &str, query: String) -> Call {
        let mut call = Call::new(world, None, "GET", path);
        call.query = query;
        call.cookies.clone_from(&self.cookies);
        call.then(Then::Visit(Box::new(self)))
    }
}
