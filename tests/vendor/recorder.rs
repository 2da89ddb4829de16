//! A door before the emulator that writes down every request and its answer.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri},
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::support::bare_client;

/// The headers that are passed on and written down.
const KEPT: [&str; 4] = ["accept", "authorization", "content-type", "x-account-token"];

/// What stands behind the door, and what passed it.
#[derive(Clone)]
pub(crate) struct Recorder {
    client: reqwest::Client,
    behind: String,
    seen: Arc<Mutex<Vec<Value>>>,
}

impl Recorder {
    /// Returns a door before this address, and its own address.
    pub(crate) async fn open(behind: String) -> (Self, String) {
        let recorder = Self {
            client: bare_client(),
            behind,
            seen: Arc::default(),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(pass).with_state(recorder.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        (recorder, url)
    }

    /// Returns what passed so far, and forgets it.
    pub(crate) fn take(&self) -> Vec<Value> {
        std::mem::take(&mut *self.seen.lock().unwrap())
    }
}

/// Passes a request on.
async fn pass(State(recorder): State<Recorder>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let kept = KEPT.map(|name| (name, headers.get(name).and_then(|value| value.to_str().ok())));
    let mut request = recorder
        .client
        .request(method.clone(), format!("{}{uri}", recorder.behind))
        .body(body.clone());
    for (name, value) in kept {
        request = value
            .into_iter()
            .fold(request, |request, value| request.header(name, value));
    }
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    let content_type = answer.headers().get("content-type").cloned();
    let content = answer.bytes().await.unwrap();
    let headers: Value = kept
        .into_iter()
        .map(|(name, value)| (name.to_owned(), json!(value)))
        .collect();
    recorder.seen.lock().unwrap().push(json!({
        "method": method.as_str(),
        "path": uri.path(),
        "query": uri.query().unwrap_or_default(),
        "headers": headers,
        "body": String::from_utf8_lossy(&body),
        "status": status,
        "content_type": content_type.as_ref().and_then(|value| value.to_str().ok()),
        "answer": String::from_utf8_lossy(&content),
    }));
    let mut response = (StatusCode::from_u16(status).unwrap(), content).into_response();
    if let Some(content_type) = content_type {
        response.headers_mut().insert("content-type", content_type);
    }
    response
}
