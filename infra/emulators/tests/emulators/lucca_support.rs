//! A running Lucca, and requests to either of its APIs.

use crate::any::{Any, any, any_with, wanted};
use crate::support::json_of;
use emulators::{Kind, Options};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::Value;

pub(crate) struct Lucca(pub(crate) Any);

pub(crate) async fn lucca(employees: u32) -> Lucca {
    Lucca(any(Kind::Lucca, employees).await)
}

pub(crate) async fn lucca_with(change: impl FnOnce(&mut Options)) -> Lucca {
    let mut options = wanted(20);
    change(&mut options);
    Lucca(any_with(Kind::Lucca, options).await)
}

impl Lucca {
    /// A GET of the older API with a key.
    pub(crate) fn old_as(&self, key: &str, path: &str) -> RequestBuilder {
        let request = self.0.bare(Method::GET, path);
        request.header("authorization", format!("lucca application={key}"))
    }

    pub(crate) async fn old(&self, path: &str) -> Value {
        json_of(self.old_as(self.0.running.api_key(), path).send().await.unwrap()).await
    }

    pub(crate) async fn old_status(&self, path: &str) -> u16 {
        let request = self.old_as(self.0.running.api_key(), path);
        request.send().await.unwrap().status().as_u16()
    }

    /// The users that a query brings.
    pub(crate) async fn users(&self, query: &str) -> Vec<Value> {
        let answer = self.old(&format!("/api/v3/users?{query}")).await;
        answer["data"]["items"].as_array().unwrap().clone()
    }

    pub(crate) async fn token_request(&self, form: &[(&str, &str)]) -> Response {
        self.0
            .bare(Method::POST, "/connect/token")
            .form(form)
            .send()
            .await
            .unwrap()
    }

    /// A token of the first company's client for this scope.
    pub(crate) async fn token(&self, scope: &str) -> String {
        let mut form = vec![
            ("grant_type", "client_credentials"),
            ("client_id", self.0.running.client_id()),
            ("client_secret", self.0.running.client_secret()),
        ];
        if !scope.is_empty() {
            form.push(("scope", scope));
        }
        let answer = json_of(self.token_request(&form).await).await;
        answer["access_token"].as_str().unwrap().to_owned()
    }

    /// A GET of the newer API with a token.
    pub(crate) fn modern_as(&self, token: &str, path: &str) -> RequestBuilder {
        let request = self.0.bare(Method::GET, &format!("/lucca-api/{path}"));
        request.bearer_auth(token).header("api-version", "2024-11-01")
    }

    pub(crate) async fn modern_answer(&self, path: &str) -> Response {
        let token = self.token("").await;
        self.modern_as(&token, path).send().await.unwrap()
    }

    pub(crate) async fn modern(&self, path: &str) -> Value {
        json_of(self.modern_answer(path).await).await
    }

    /// Every row of a collection, link by link.
    pub(crate) async fn all(&self, path: &str) -> Vec<Value> {
        let token = self.token("").await;
        let joint = if path.contains('?') { '&' } else { '?' };
        let mut url = format!(
            "{}/lucca-api/{path}{joint}include=links&limit=100",
            self.0.running.url()
        );
        let mut rows = Vec::new();
        loop {
            let request = self
                .0
                .client
                .get(&url)
                .bearer_auth(&token)
                .header("api-version", "2024-11-01");
            let page = json_of(request.send().await.unwrap()).await;
            rows.extend(page["items"].as_array().unwrap().clone());
            match page["links"]["next"]["href"].as_str() {
                Some(next) => next.clone_into(&mut url),
                None => return rows,
            }
        }
    }
}
