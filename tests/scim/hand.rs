//! What people do on a server by hand, and what they see there: its own JSON, as any client gets it.

use rollcall::http::{BaseUrl, HostRule, Method, Request};
use serde_json::{Value, json};

use crate::{server::session, support::Journey};

impl Journey {
    /// Makes a user on the server by hand. Returns the id.
    pub(crate) async fn add_by_hand(&self, user: &Value) -> String {
        let (status, made) = self.ask(Method::Post, "/Users", Some(user)).await;
        assert_eq!(status, 201, "{made}");
        made["id"].as_str().unwrap().to_owned()
    }

    /// Gives a user another value by hand.
    pub(crate) async fn set_by_hand(&self, id: &str, path: &str, value: &Value) {
        let message = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{ "op": "replace", "path": path, "value": value }],
        });
        let (status, answer) = self.ask(Method::Patch, &format!("/Users/{id}"), Some(&message)).await;
        assert!((200..300).contains(&status), "{answer}");
    }

    /// Deletes a user by hand.
    pub(crate) async fn delete_by_hand(&self, id: &str) {
        let (status, answer) = self.ask(Method::Delete, &format!("/Users/{id}"), None).await;
        assert_eq!(status, 204, "{answer}");
    }

    /// Returns all users that the server keeps.
    pub(crate) async fn users(&self) -> Vec<Value> {
        let mut users = Vec::new();
        loop {
            let path = format!("/Users?startIndex={}&count=50", users.len() + 1);
            let (_, page) = self.ask(Method::Get, &path, None).await;
            match page["Resources"].as_array() {
                Some(more) if !more.is_empty() => users.extend(more.clone()),
                _ => return users,
            }
        }
    }

    /// Returns a user as the server shows them, with version and all.
    pub(crate) async fn user(&self, id: &str) -> Value {
        let (status, user) = self.ask(Method::Get, &format!("/Users/{id}"), None).await;
        assert_eq!(status, 200, "{user}");
        user
    }

    async fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> (u16, Value) {
        let base = BaseUrl::parse(&self.base, HostRule::Any).unwrap();
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let query = query.split('&').filter_map(|pair| pair.split_once('='));
        let request = Request::new(method, &base, path, "/Users").query(query);
        let mut request = request.bearer(&self.token.clone().into());
        if let Some(body) = body {
            request = request.text("application/scim+json", body.to_string());
        }
        let answer = session().send(&request).await.unwrap();
        let shown = serde_json::from_slice(answer.body()).unwrap_or_default();
        (answer.status(), shown)
    }
}
