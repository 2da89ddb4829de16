//! The door of the local stage: what API Gateway's HTTP API does in AWS.
//!
//! A request becomes an event in payload format 2.0, written as JSON and read back, as on the way through Lambda; what
//! the function answers becomes the answer.

use std::sync::Arc;

use aws_lambda_events::{
    apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse},
    encodings::Body as EventBody,
};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
};
use rollcall::{api::Edge, run::Ids};
use serde_json::{Map, Value, json};
use tokio::{
    net::TcpListener,
    sync::{mpsc, oneshot},
    task::JoinHandle,
};

use crate::{
    Error,
    stage::{Stage, http_event},
};

/// API Gateway takes payloads of 10 MB at most; what is larger never reaches a function.
const MOST_BYTES: usize = 10 * 1024 * 1024;

/// How many requests may wait.
const MOST_WAITING: usize = 256;

/// A request on its way to a function.
pub(super) struct Call {
    event: Value,
    answer: oneshot::Sender<ApiGatewayV2httpResponse>,
}

impl Call {
    /// Lets the function answer that has the route.
    pub(super) async fn answer(self, stage: &Stage, edge: &Edge) {
        // Written and read back: whatever JSON loses is lost here too.
        let event: Result<ApiGatewayV2httpRequest, _> = serde_json::from_str(&self.event.to_string());
        match event {
            Ok(event) => {
                let answer = stage.answer(edge, event).await;
                // The caller may be gone already.
                let _: Result<(), _> = self.answer.send(answer);
            }
            Err(error) => tracing::error!(error = %error, "a request is no event"),
        }
    }
}

/// The listening door.
pub(super) struct Door {
    url: String,
    calls: mpsc::Receiver<Call>,
    server: JoinHandle<std::io::Result<()>>,
}

impl Door {
    /// Listens on a port of 127.0.0.1.
    pub(super) async fn open(port: u16, ids: Arc<dyn Ids>) -> Result<Self, Error> {
        let failed = |source| Error::Io {
            what: "the port to serve on",
            source,
        };
        let listener = TcpListener::bind(("127.0.0.1", port)).await.map_err(failed)?;
        let url = format!("http://{}", listener.local_addr().map_err(failed)?);
        let (sender, calls) = mpsc::channel(MOST_WAITING);
        let router = Router::new().fallback(pass_on).with_state((sender, ids));
        let server = tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { url, calls, server })
    }

    /// Returns the address where it answers.
    pub(super) fn url(&self) -> String {
        self.url.clone()
    }

    /// Returns the next request.
    pub(super) async fn next(&mut self) -> Option<Call> {
        self.calls.recv().await
    }

    /// Frees the port.
    pub(super) async fn close(self) {
        self.server.abort();
        let _: Result<_, _> = self.server.await;
    }
}

/// Returns the answer of API Gateway where a function does not answer.
fn failed(status: StatusCode, message: &str) -> Response {
    (status, axum::Json(json!({ "message": message }))).into_response()
}

type Outlet = (mpsc::Sender<Call>, Arc<dyn Ids>);

async fn pass_on(State((calls, ids)): State<Outlet>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MOST_BYTES).await else {
        return failed(StatusCode::PAYLOAD_TOO_LARGE, "Request Too Long");
    };
    let (answer, answered) = oneshot::channel();
    let event = event(&parts, &body, &ids.next("req"));
    if calls.send(Call { event, answer }).await.is_err() {
        return failed(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable");
    }
    match answered.await {
        Ok(event) => respond(event),
        Err(_) => failed(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error"),
    }
}

/// Returns the request as an event.
fn event(parts: &axum::http::request::Parts, body: &[u8], request_id: &str) -> Value {
    let mut headers = Map::new();
    let mut cookies: Vec<String> = Vec::new();
    for name in parts.headers.keys() {
        let values = parts.headers.get_all(name).iter();
        let values: Vec<_> = values
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
            .collect();
        if name == "cookie" {
            let pairs = values.iter().flat_map(|line| line.split(';'));
            cookies.extend(pairs.map(|pair| pair.trim().to_owned()));
        } else {
            headers.insert(name.as_str().to_owned(), values.join(",").into());
        }
    }
    let (path, query) = (parts.uri.path(), parts.uri.query().unwrap_or_default());
    http_event(
        parts.method.as_str(),
        path,
        query,
        &headers.into(),
        body,
        request_id,
        cookies,
    )
}

fn respond(event: ApiGatewayV2httpResponse) -> Response {
    let status = u16::try_from(event.status_code)
        .ok()
        .and_then(|status| StatusCode::from_u16(status).ok());
    let body = match event.body {
        Some(EventBody::Text(text)) => Body::from(text),
        Some(EventBody::Binary(bytes)) => Body::from(bytes),
        None | Some(_) => Body::empty(),
    };
    let mut response = Response::new(body);
    *response.status_mut() = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut headers: HeaderMap = event.headers;
    for cookie in event.cookies {
        if let Ok(cookie) = cookie.parse() {
            headers.append("set-cookie", cookie);
        }
    }
    *response.headers_mut() = headers;
    response
}
