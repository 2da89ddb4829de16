//! People outside: the application's backend, which asks until it has an answer, and the people who act through it.

mod configure;
mod login;
mod wish;

use jiff::{SignedDuration, Timestamp};
use rollcall::{
    api::{Function, Request, Response},
    connection::{ConnectionId, TenantId},
    employee::{CompanyId, EmployeeId},
};
use secrecy::ExposeSecret as _;
use serde_json::Value;

pub(crate) use login::Visit;
pub(crate) use wish::{Wish, open_plan};

use crate::world::{World, api_key};

/// A request with everything that is needed to send it again.
#[derive(Clone)]
pub(crate) struct Call {
    /// The person behind it; each call has one of its own, so that the audit tells them apart.
    pub(crate) who: String,
    /// The tenant whose key the call uses; `None` for the operator's key.
    pub(crate) tenant: Option<TenantId>,
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) body: Option<Value>,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) cookies: Vec<String>,
    /// How often the call was sent before.
    pub(crate) tries: u32,
    /// Whether the call is sent again until it has an answer.
    pub(crate) is_stubborn: bool,
    /// What follows after the call's answer.
    pub(crate) then: Then,
}

/// What follows after an answer.
#[derive(Clone)]
pub(crate) enum Then {
    /// Nothing.
    Nothing,
    /// The next step of a login.
    Visit(Box<Visit>),
    /// A company's person was erased from a tenant, in answer to a request of that instant.
    PersonErased(TenantId, CompanyId, EmployeeId, Timestamp),
    /// A tenant was erased.
    TenantErased(TenantId),
    /// A tenant may come again.
    Readmitted(TenantId),
}

impl Call {
    pub(crate) fn new(world: &World, tenant: Option<&TenantId>, method: &'static str, path: impl Into<String>) -> Self {
        let number = world.fate.state().tally.of("calls");
        world.fate.count("calls");
        Self {
            who: format!("p-{number}"),
            tenant: tenant.cloned(),
            method,
            path: path.into(),
            query: String::new(),
            body: None,
            headers: Vec::new(),
            cookies: Vec::new(),
            tries: 0,
            is_stubborn: false,
            then: Then::Nothing,
        }
    }

    /// Returns a call about a connection.
    pub(crate) fn about(world: &World, connection: &ConnectionId, method: &'static str, rest: &str) -> Option<Self> {
        let tenant = world.connection(connection)?.tenant;
        let path = format!("/v1/connections/{connection}{rest}");
        Some(Self::new(world, Some(&tenant), method, path))
    }

    pub(crate) fn body(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn then(mut self, then: Then) -> Self {
        self.then = then;
        self
    }

    pub(crate) const fn stubborn(mut self) -> Self {
        self.is_stubborn = true;
        self
    }

    /// Returns the function that answers the call, and the request that arrives there.
    pub(crate) fn request(&self, world: &World) -> (Function, Request) {
        let function = world.edge.function_of(self.method, &self.path);
        let mut request = Request {
            method: self.method.to_owned(),
            path: self.path.clone(),
            query: self.query.clone(),
            cookies: self.cookies.clone(),
            id: self.who.clone(),
            ..Request::default()
        };
        let mut header = |name: &str, value: String| request.headers.insert(name.to_owned(), value);
        if self.path.starts_with("/v1/") {
            let key = api_key(self.tenant.as_ref());
            header("authorization", format!("Bearer {}", key.expose_secret()));
            header("x-acting-user", self.who.clone());
        }
        if self.method == "POST" {
            header("idempotency-key", self.who.clone());
        }
        for (name, value) in &self.headers {
            header(name, value.clone());
        }
        if let Some(body) = &self.body {
            header("content-type", "application/json".to_owned());
            request.body = serde_json::to_vec(body).unwrap();
        }
        (function, request)
    }
}

/// What an answer says to its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The request is done.
    Done,
    /// The request is not done, and will not be.
    Refused,
    /// The answer does not tell whether the request is done; ask again.
    Unknown,
}

/// Returns what an answer says.
pub(crate) fn verdict(response: &Response) -> Verdict {
    let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    let code = body.get("code").and_then(Value::as_str).unwrap_or_default();
    match response.status {
        200..400 => Verdict::Done,
        429 | 500.. => Verdict::Unknown,
        // Another run or request is at work, which passes.
        _ if matches!(code, "request-running" | "busy") => Verdict::Unknown,
        _ => Verdict::Refused,
    }
}

/// Returns how long a backend waits before it asks again.
pub(crate) fn patience(world: &World, tries: u32) -> SignedDuration {
    let seconds = world.fate.below(60 * u64::from(tries + 1)) + 1;
    SignedDuration::from_secs(i64::try_from(seconds).unwrap())
}
