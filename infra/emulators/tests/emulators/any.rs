//! Any running HR system, with a client that can show each of its credentials.

use crate::support::{TODAY, client, json_of, with_json};
use emulators::{Kind, Options, Running};
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};

pub(crate) struct Any {
    pub(crate) running: Running,
    pub(crate) client: Client,
}

pub(crate) fn wanted(employees: u32) -> Options {
    Options {
        employees,
        today: Some(TODAY),
        requests_per_minute: Some(0),
        ..Options::default()
    }
}

pub(crate) async fn any(kind: Kind, employees: u32) -> Any {
    any_with(kind, wanted(employees)).await
}

pub(crate) async fn any_with(kind: Kind, options: Options) -> Any {
    Any {
        running: emulators::start(kind, options).await.unwrap(),
        client: client(),
    }
}

impl Any {
    pub(crate) fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.running.url()))
    }

    pub(crate) async fn control(&self, method: Method, path: &str, body: Value) -> Response {
        let request = self.bare(method, &format!("/_emulator/{path}"));
        with_json(request, &body).send().await.unwrap()
    }

    pub(crate) async fn listed(&self, control: &str) -> Vec<Value> {
        let answer = self
            .bare(Method::GET, &format!("/_emulator/{control}"))
            .send()
            .await
            .unwrap();
        json_of(answer).await["data"].as_array().unwrap().clone()
    }

    pub(crate) async fn truth(&self) -> Vec<Value> {
        self.listed("people").await
    }

    pub(crate) async fn break_with(&self, body: Value) {
        let answer = self.control(Method::POST, "break", body).await;
        assert_eq!(answer.status(), 204, "{}", answer.text().await.unwrap());
    }

    pub(crate) async fn mend(&self) {
        assert_eq!(self.control(Method::DELETE, "break", json!({})).await.status(), 204);
    }
}

/// The text of a header; empty where it is missing.
pub(crate) fn header(answer: &Response, name: &str) -> String {
    let value = answer.headers().get(name);
    value.map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
}

/// The text of a member.
pub(crate) fn text(row: &Value, member: &str) -> String {
    row[member]
        .as_str()
        .unwrap_or_else(|| panic!("{member} of {row}"))
        .to_owned()
}
