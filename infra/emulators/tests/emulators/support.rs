//! A running emulator and a client that knows its credentials.

use emulators::factorial::{self, Options, Running};
use jiff::civil::{Date, date};
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};
use std::collections::BTreeSet;

pub(crate) const EMPLOYEES: &str = "employees/employees";
pub(crate) const TODAY: Date = date(2026, 11, 20);

pub(crate) struct Stand {
    pub(crate) emulator: Running,
    pub(crate) client: Client,
}

pub(crate) fn options(employees: u32) -> Options {
    Options {
        employees,
        today: Some(TODAY),
        ..Options::default()
    }
}

pub(crate) async fn stand(employees: u32) -> Stand {
    stand_with(options(employees)).await
}

#[expect(
    clippy::disallowed_methods,
    reason = "the tests need a client that follows no redirect"
)]
pub(crate) fn client() -> Client {
    // A second test of the same process finds it installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

pub(crate) async fn stand_with(options: Options) -> Stand {
    Stand {
        emulator: factorial::start(options).await.unwrap(),
        client: client(),
    }
}

impl Stand {
    pub(crate) fn resource_url(&self, version: &str, path: &str) -> String {
        format!("{}/api/{version}/resources/{path}", self.emulator.url())
    }

    /// Returns a request for data without any credential.
    pub(crate) fn bare(&self, path: &str) -> RequestBuilder {
        self.client.get(self.resource_url("2026-10-01", path))
    }

    /// Returns a request for data with the API key.
    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.bare(path).header("x-api-key", self.emulator.api_key())
    }

    pub(crate) async fn json(&self, path: &str) -> Value {
        json_of(self.get(path).send().await.unwrap()).await
    }

    pub(crate) async fn json_at(&self, version: &str, path: &str) -> Value {
        let request = self
            .client
            .get(self.resource_url(version, path))
            .header("x-api-key", self.emulator.api_key());
        json_of(request.send().await.unwrap()).await
    }

    pub(crate) async fn status(&self, path: &str) -> u16 {
        self.get(path).send().await.unwrap().status().as_u16()
    }

    /// Returns every row of a list, page by page.
    pub(crate) async fn all(&self, path: &str) -> Vec<Value> {
        let mut rows = Vec::new();
        let mut cursor = String::new();
        let mark = if path.contains('?') { '&' } else { '?' };
        loop {
            let mut page = self.json(&format!("{path}{mark}after_id={cursor}")).await;
            rows.append(page["data"].as_array_mut().unwrap());
            if page["meta"]["has_next_page"] == json!(false) {
                return rows;
            }
            cursor = page["meta"]["end_cursor"].as_str().unwrap().to_owned();
        }
    }

    pub(crate) async fn control(&self, method: Method, path: &str, body: Value) -> Response {
        let url = format!("{}/_emulator/{path}", self.emulator.url());
        with_json(self.client.request(method, url), &body).send().await.unwrap()
    }

    /// Returns the truth, by employee id.
    pub(crate) async fn truth(&self) -> Vec<Value> {
        let answer = self
            .client
            .get(format!("{}/_emulator/people", self.emulator.url()))
            .send()
            .await
            .unwrap();
        json_of(answer).await["data"].as_array().unwrap().clone()
    }

    pub(crate) async fn break_with(&self, body: Value) {
        let answer = self.control(Method::POST, "break", body).await;
        assert_eq!(answer.status(), 204, "{}", answer.text().await.unwrap());
    }

    pub(crate) async fn mend(&self) {
        assert_eq!(self.control(Method::DELETE, "break", json!({})).await.status(), 204);
    }

    pub(crate) async fn requests(&self) -> Vec<Value> {
        let answer = self
            .client
            .get(format!("{}/_emulator/requests", self.emulator.url()))
            .send()
            .await
            .unwrap();
        json_of(answer).await["data"].as_array().unwrap().clone()
    }
}

/// Returns a request with a JSON body.
pub(crate) fn with_json(request: RequestBuilder, body: &Value) -> RequestBuilder {
    request
        .header("content-type", "application/json")
        .body(body.to_string())
}

/// Returns the JSON of an answer, whatever its status.
pub(crate) async fn body_of(answer: Response) -> Value {
    serde_json::from_str(&answer.text().await.unwrap()).unwrap()
}

pub(crate) async fn json_of(answer: Response) -> Value {
    let status = answer.status();
    let text = answer.text().await.unwrap();
    assert!(status.is_success(), "{status}: {text}");
    serde_json::from_str(&text).unwrap()
}

pub(crate) fn ids(rows: &[Value]) -> BTreeSet<String> {
    rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

pub(crate) fn texts<'a>(rows: &'a [Value], member: &str) -> Vec<&'a str> {
    rows.iter().filter_map(|row| row[member].as_str()).collect()
}

/// Returns the truth about one person.
pub(crate) async fn person(stand: &Stand, id: &str) -> Value {
    stand
        .truth()
        .await
        .into_iter()
        .find(|person| person["employee_id"] == id)
        .unwrap()
}
