//! A running BambooHR, and requests to it as clients in the field send them.

use crate::any::{Any, any, wanted};
use crate::support::{json_of, with_json};
use emulators::{Kind, Options};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

pub(crate) struct Bamboo(pub(crate) Any);

pub(crate) async fn bamboo(employees: u32) -> Bamboo {
    Bamboo(any(Kind::BambooHr, employees).await)
}

pub(crate) async fn bamboo_with(change: impl FnOnce(&mut Options)) -> Bamboo {
    let mut options = wanted(20);
    change(&mut options);
    Bamboo(crate::any::any_with(Kind::BambooHr, options).await)
}

impl Bamboo {
    pub(crate) fn key(&self) -> &str {
        self.0.running.api_key()
    }

    /// A GET with the administrator's key, for JSON.
    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.get_as(self.key(), path)
    }

    pub(crate) fn get_as(&self, key: &str, path: &str) -> RequestBuilder {
        let request = self.0.bare(Method::GET, &format!("/api/{path}"));
        request.basic_auth(key, Some("x")).header("accept", "application/json")
    }

    pub(crate) async fn json(&self, path: &str) -> Value {
        json_of(self.get(path).send().await.unwrap()).await
    }

    pub(crate) async fn status(&self, path: &str) -> u16 {
        self.get(path).send().await.unwrap().status().as_u16()
    }

    /// A GET with a token.
    pub(crate) async fn with_token(&self, token: &str, path: &str) -> Response {
        let request = self.0.bare(Method::GET, &format!("/api/{path}")).bearer_auth(token);
        request.header("accept", "application/json").send().await.unwrap()
    }

    pub(crate) async fn report_as(&self, key: &str, query: &str, body: &Value) -> Response {
        let request = self.0.bare(Method::POST, &format!("/api/v1/reports/custom?{query}"));
        with_json(request.basic_auth(key, Some("x")), body)
            .send()
            .await
            .unwrap()
    }

    /// Everybody with these fields.
    pub(crate) async fn report(&self, fields: &[&str]) -> Value {
        let answer = self
            .report_as(self.key(), "format=JSON", &json!({"fields": fields}))
            .await;
        json_of(answer).await
    }

    pub(crate) async fn rows(&self, fields: &[&str]) -> Vec<Value> {
        self.report(fields).await["employees"].as_array().unwrap().clone()
    }

    pub(crate) async fn dataset(&self, body: Value) -> Response {
        let request = self.0.bare(Method::POST, "/api/v2/datasets/employee/data");
        with_json(request.basic_auth(self.key(), Some("x")), &body)
            .send()
            .await
            .unwrap()
    }

    /// Tokens of an administrator with every scope.
    pub(crate) fn token(&self) -> String {
        let group = emulators::PermissionGroup::administrator();
        self.0.running.user_tokens(group).unwrap().access_token
    }
}
