//! The way of a request: find the route, authenticate, check the form, answer, and say once in the log what failed.

use std::{borrow::Cow, fmt, sync::Arc, time::Duration};

use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use jiff::{SignedDuration, Timestamp};

use super::{
    allowance::Counter,
    check::{check_body, check_headers, check_query},
    context::{Context, check_operator},
    gateway,
    key::{Caller, authenticate},
    problem::{Code, Problem},
    repeat,
    request::{Method, Request},
    response::{MOST_BYTES, Response},
    route::{Access, Function, Route},
    setting::Settings,
};
use crate::{
    run::Ports,
    store::{DirectoryStore, DoorStore},
};

/// How much earlier than it is due an answer is given up.
const MARGIN: SignedDuration = SignedDuration::from_secs(1);

/// The HTTP door of a stack: everything that its functions share.
pub struct Edge {
    /// What use cases are given.
    pub ports: Ports,
    /// The built-in directory.
    pub directory: Arc<dyn DirectoryStore>,
    /// Keys, audit, answers.
    pub door: Arc<dyn DoorStore>,
    /// What the stack decided.
    pub settings: Settings,
    routes: Vec<Route>,
    counter: Counter,
}

impl fmt::Debug for Edge {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Edge")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl Edge {
    /// Puts a door together that answers these routes.
    pub fn new(
        ports: Ports,
        directory: Arc<dyn DirectoryStore>,
        door: Arc<dyn DoorStore>,
        settings: Settings,
        routes: Vec<Route>,
    ) -> Self {
        Self {
            ports,
            directory,
            door,
            settings,
            routes,
            counter: Counter::default(),
        }
    }

    /// Returns the function that answers a path, whatever the method; the console answers what no other function does.
    pub fn function_of(&self, method: &str, path: &str) -> Function {
        let request = Request {
            path: path.to_owned(),
            ..Request::default()
        };
        let segments = request.segments().unwrap_or_default();
        let fits = |route: &&Route| route.matches(&segments).is_some();
        let same_method = self
            .routes
            .iter()
            .filter(fits)
            .find(|route| route.method.as_str() == method);
        let found = same_method.or_else(|| self.routes.iter().find(fits));
        found.map_or(Function::Console, |route| route.function)
    }

    /// Answers an event of API Gateway with the routes of one function.
    pub async fn handle(
        &self,
        function: Function,
        event: ApiGatewayV2httpRequest,
        deadline: Timestamp,
    ) -> ApiGatewayV2httpResponse {
        let due = gateway::due(self.ports.clock.now(), deadline);
        let response = match gateway::to_request(event, due) {
            Some(request) => self.answer_in_time(function, &request).await,
            None => Problem::new(Code::Malformed, "the body is not what its encoding says").to_response(""),
        };
        gateway::to_event(response)
    }

    /// Answers before the HTTP API cuts the request off, whatever takes its time: who called is told, and by us.
    async fn answer_in_time(&self, function: Function, request: &Request) -> Response {
        let left = request.deadline.duration_since(self.ports.clock.now());
        let left = Duration::try_from(left.saturating_sub(MARGIN)).unwrap_or_default();
        let answer = tokio::time::timeout(left, self.answer(function, request)).await;
        answer.unwrap_or_else(|_elapsed| {
            tracing::error!(request.id, "a request met its deadline");
            let detail = "it took too long and was called off; look at what came of it before you send it again";
            finish(
                Problem::new(Code::Unavailable, detail).to_response(&request.id),
                &request.id,
            )
        })
    }

    /// Answers a request with the routes of one function.
    pub async fn answer(&self, function: Function, request: &Request) -> Response {
        let result = self.carry_out(function, request).await;
        let response = match result {
            Ok(response) if response.body.len() > MOST_BYTES => {
                let problem = Problem::new(Code::Internal, "the answer is too large; ask for fewer entries");
                problem.to_response(&request.id)
            }
            Ok(response) => response,
            Err(problem) => {
                if problem.code.status() >= 500 {
                    tracing::error!(
                        request.id,
                        code = problem.code.as_str(),
                        cause = problem.cause.as_deref().unwrap_or_default(),
                        "a request failed"
                    );
                } else if let Some(cause) = &problem.cause {
                    tracing::warn!(
                        request.id,
                        code = problem.code.as_str(),
                        cause = &**cause,
                        "a request was refused"
                    );
                }
                problem.to_response(&request.id)
            }
        };
        finish(response, &request.id)
    }

    async fn carry_out(&self, function: Function, request: &Request) -> Result<Response, Problem> {
        let Admitted { route, places, caller } = self.admit(function, request).await?;
        if let Some(caller) = &caller {
            check_role(route, caller)?;
        }
        if route.access == Access::Operator {
            check_operator(caller.as_ref())?;
        }
        let query = check_query(route, request)?;
        check_headers(route, request)?;
        let heard = check_body(route, request)?;
        let context = Context {
            directory: &self.directory,
            door: &self.door,
            settings: &self.settings,
            request: &heard,
            places,
            query,
            caller,
            person: request.header("x-acting-user").map(str::to_owned),
            ports: Cow::Borrowed(&self.ports),
            repeatable: None,
        };
        repeat::answer(route, context).await
    }

    /// Finds the route and the caller of a request, and counts it: for the caller's key, or else for its network address.
    async fn admit(&self, function: Function, request: &Request) -> Result<Admitted<'_>, Problem> {
        let recognized = self.recognize(function, request).await;
        let (allowance, now) = (self.settings.allowance, self.ports.clock.now());
        match &recognized {
            Ok(Admitted {
                caller: Some(caller), ..
            }) => self.counter.count_key(&self.door, allowance, now, &caller.key).await?,
            // A fault of ours is not counted.
            Err(problem) if problem.code.status() >= 500 => {}
            Ok(_) | Err(_) => self.counter.count_address(allowance, now, &request.address)?,
        }
        recognized
    }

    async fn recognize(&self, function: Function, request: &Request) -> Result<Admitted<'_>, Problem> {
        let (route, places) = self.find_route(function, request)?;
        let caller = match route.access {
            Access::Open | Access::Browser => None,
            Access::Key | Access::Operator => {
                Some(authenticate(&self.ports, &self.door, request.header("authorization")).await?)
            }
        };
        Ok(Admitted { route, places, caller })
    }

    #[expect(clippy::type_complexity, reason = "a route and what stands at its places")]
    fn find_route(
        &self,
        function: Function,
        request: &Request,
    ) -> Result<(&Route, Vec<(&'static str, String)>), Problem> {
        let not_found = || Problem::new(Code::NotFound, "see `GET /openapi.json` for all addresses");
        let segments = request.segments().ok_or_else(not_found)?;
        let mut other_methods = Vec::new();
        for route in self.routes.iter().filter(|route| route.function == function) {
            if let Some(places) = route.matches(&segments) {
                if route.method.as_str() == request.method {
                    return Ok((route, places));
                }
                other_methods.push(route.method.as_str());
            }
        }
        if other_methods.is_empty() {
            Err(not_found())
        } else {
            let methods = other_methods.join(", ");
            Err(Problem::new(Code::WrongMethod, format!("this address has {methods}")))
        }
    }
}

/// Checks that the caller's role is one of those that a route is for (R39).
fn check_role(route: &Route, caller: &Caller) -> Result<(), Problem> {
    if route.roles.contains(&caller.role) {
        return Ok(());
    }
    let roles: Vec<_> = route.roles.iter().map(|role| role.as_str()).collect();
    let detail = format!(
        "nothing was done; it takes a key with one of these roles: {}",
        roles.join(", ")
    );
    Err(Problem::new(Code::RoleRefused, detail))
}

/// An answer with what every answer has.
fn finish(response: Response, request_id: &str) -> Response {
    let response = response
        .with("x-request-id", request_id)
        .with("x-content-type-options", "nosniff");
    if response.header("cache-control").is_some() {
        response
    } else {
        response.with("cache-control", "no-store")
    }
}

/// A request's route and caller.
struct Admitted<'a> {
    route: &'a Route,
    /// What stands at the route's places.
    places: Vec<(&'static str, String)>,
    /// The caller; `None` where the route asks for no key.
    caller: Option<Caller>,
}

/// The methods that an address can have, for the local stage and the template.
pub const METHODS: [Method; 5] = [Method::Delete, Method::Get, Method::Patch, Method::Post, Method::Put];
