//! A running Personio, and requests to either of its versions.

use crate::any::{Any, any_with, wanted};
use crate::support::json_of;
use emulators::{Kind, Options};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::Value;

pub(crate) struct Personio(pub(crate) Any);

pub(crate) async fn personio(employees: u32) -> Personio {
    personio_with(|options| options.employees = employees).await
}

pub(crate) async fn personio_with(change: impl FnOnce(&mut Options)) -> Personio {
    let mut options = wanted(20);
    change(&mut options);
    Personio(any_with(Kind::Personio, options).await)
}

impl Personio {
    pub(crate) async fn token_request(&self, form: &[(&str, &str)]) -> Response {
        let request = self.0.bare(Method::POST, "/v2/auth/token");
        request.form(form).send().await.unwrap()
    }

    /// The answer to the first company's client, which asks for this scope.
    pub(crate) async fn tokens(&self, scope: &str) -> Value {
        let mut form = vec![
            ("grant_type", "client_credentials"),
            ("client_id", self.0.running.client_id()),
            ("client_secret", self.0.running.client_secret()),
        ];
        if !scope.is_empty() {
            form.push(("scope", scope));
        }
        json_of(self.token_request(&form).await).await
    }

    pub(crate) async fn token(&self) -> String {
        self.tokens("").await["access_token"].as_str().unwrap().to_owned()
    }

    /// A token of version 1.
    pub(crate) async fn older_token(&self) -> String {
        let client = serde_json::json!({
            "client_id": self.0.running.client_id(), "client_secret": self.0.running.client_secret(),
        });
        let request = self.0.bare(Method::POST, "/v1/auth").body(client.to_string());
        let answer = json_of(request.send().await.unwrap()).await;
        answer["data"]["token"].as_str().unwrap().to_owned()
    }

    pub(crate) fn get_as(&self, token: &str, path: &str) -> RequestBuilder {
        self.0.bare(Method::GET, path).bearer_auth(token)
    }

    pub(crate) async fn answer(&self, path: &str) -> Response {
        let token = self.token().await;
        self.get_as(&token, path).send().await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        json_of(self.answer(path).await).await
    }

    pub(crate) async fn older(&self, path: &str) -> Value {
        let token = self.older_token().await;
        json_of(self.get_as(&token, path).send().await.unwrap()).await
    }

    /// Every row of a list, link by link.
    pub(crate) async fn all(&self, path: &str) -> Vec<Value> {
        let token = self.token().await;
        let mut url = format!("{}{path}", self.0.running.url());
        let mut rows = Vec::new();
        loop {
            let page = json_of(self.0.client.get(&url).bearer_auth(&token).send().await.unwrap()).await;
            rows.extend(page["_data"].as_array().unwrap().clone());
            match page["_meta"]["links"]["next"]["href"].as_str() {
                Some(next) => next.clone_into(&mut url),
                None => return rows,
            }
        }
    }
}
