//! Starting an HR system, and the one door that all requests to it come through.

use super::asked::Asked;
use super::fault::armed::{Call, Faults, Sign};
use super::query::Query;
use super::refusal::Refusal;
use super::running::Running;
use super::stage::{Plan, Stage};
use super::system::System;
use super::{Kind, Options, control, gate, oauth};
use crate::Error;
use crate::server::{self, link::Link, reply::Reply};
use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::Response;
use std::sync::Arc;

/// The longest body that is read.
const MOST_BODY: usize = 4 << 20;

/// Starts an emulated HR system. Fails where the port is taken, where a number is out of bounds, or where a break mode names a
/// field that this HR system has not.
pub async fn start(kind: Kind, options: Options) -> Result<Running, Error> {
    start_dialect(kind, kind.dialect(), options).await
}

pub(super) async fn start_dialect(
    kind: Kind,
    dialect: &'static dyn super::dialect::Dialect,
    mut options: Options,
) -> Result<Running, Error> {
    let plan = Plan {
        employees: options.employees,
        companies: options.companies,
        seed: options.seed,
        today: options.today,
        cast: options.cast,
    };
    let listener = server::bind(options.port).await?;
    let breaks = std::mem::take(&mut options.breaks);
    let stage = Arc::new(Stage::build(&plan, dialect, breaks)?);
    let system = Arc::new(System::build(kind, dialect, Arc::clone(&stage), options));
    let routes = Router::new()
        .fallback(answer)
        .with_state(Arc::clone(&system))
        .merge(control::routes(stage));
    Ok(Running {
        server: server::serve(listener, routes)?,
        system,
    })
}

/// Every request that is no control.
async fn answer(
    State(system): State<Arc<System>>,
    ConnectInfo(link): ConnectInfo<Link>,
    request: Request,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, MOST_BODY).await else {
        return Reply::empty(413).into_response();
    };
    let asked = Asked {
        method: &parts.method,
        path: parts.uri.path(),
        raw_query: parts.uri.query(),
        query: Query::parse(parts.uri.query()),
        headers: &parts.headers,
        body: &body,
    };
    if oauth::has(system.dialect.manners(), asked.path) {
        let call = Call {
            path: asked.path,
            data: false,
            list: false,
            page: None,
        };
        let work = |_: &Faults| oauth::answer(&system, &asked).unwrap_or_else(|| Reply::empty(405));
        return gate::pass(&system, &link, &asked, call, work).await;
    }
    let call = system.dialect.call(&asked);
    gate::pass(&system, &link, &asked, call, |faults| {
        system.answer_data(&asked, faults)
    })
    .await
}

impl System {
    fn answer_data(&self, asked: &Asked, faults: &Faults) -> Reply {
        if faults.shows(Sign::TokensDie) {
            self.tokens().kill_accesses();
        }
        let dialect = self.dialect;
        let answered = dialect.answer_anybody(asked).map_or_else(
            || {
                let caller = dialect.identify(self, asked, faults);
                if caller.is_err() && dialect.punishes_failed_logins() {
                    self.count(0)?;
                }
                let caller = caller?;
                self.count(dialect.counts_with(&caller))?;
                dialect.answer(self, &caller, asked, faults)
            },
            Ok,
        );
        let reply = answered.or_else(Refusal::into_own);
        let reply = reply.unwrap_or_else(|refusal| dialect.refuse(&refusal, asked));
        dialect.finish(reply, asked)
    }
}
