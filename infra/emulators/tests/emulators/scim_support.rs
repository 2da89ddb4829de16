//! A running SCIM service with habits, and a client that its token opens.

use emulators::scim::{self, Habits, Options, Running, TOKEN};
use reqwest::{Client, Method, Response};
use serde_json::{Value, json};

use crate::support::{body_of, client, json_of, with_json};

pub(crate) struct Service {
    pub(crate) running: Running,
    pub(crate) client: Client,
}

pub(crate) async fn service(switches: Value) -> Service {
    let habits = Habits::from_members(switches.as_object().unwrap().clone()).unwrap();
    let running = scim::start(Options { port: 0, habits }).await.unwrap();
    Service {
        running,
        client: client(),
    }
}

impl Service {
    pub(crate) async fn send(&self, method: Method, path: &str, body: &Value) -> Response {
        let request = self
            .client
            .request(method, format!("{}{path}", self.running.base()))
            .bearer_auth(TOKEN);
        with_json(request, body).send().await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.send(Method::GET, path, &Value::Null).await
    }

    pub(crate) async fn control(&self, method: Method, path: &str, body: &Value) -> Response {
        let url = self.running.base().replace("/scim/v2", "/_emulator");
        let request = self.client.request(method, format!("{url}/{path}"));
        with_json(request, body).send().await.unwrap()
    }

    pub(crate) async fn create(&self, name: &str) -> Response {
        let user = json!({ "userName": name, "externalId": format!("ref-{name}"), "title": "Clerk" });
        self.send(Method::POST, "/Users", &user).await
    }

    /// Makes several users.
    pub(crate) async fn fill(&self, names: &[&str]) {
        for name in names {
            assert_eq!(self.create(name).await.status(), 201);
        }
    }

    pub(crate) async fn names(&self, path: &str) -> Vec<String> {
        let list = json_of(self.get(path).await).await;
        let users = list["Resources"].as_array().unwrap();
        users
            .iter()
            .map(|user| user["userName"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Gives the service other habits.
    pub(crate) async fn becomes(&self, switches: Value) {
        let answer = self.control(Method::PUT, "habits", &switches).await;
        assert_eq!(answer.status(), 204, "{switches}");
    }

    /// Makes a user. Returns the path to them.
    pub(crate) async fn make(&self, user: &Value) -> String {
        let made = self.send(Method::POST, "/Users", user).await;
        assert_eq!(made.status(), 201, "{user}");
        format!("/Users/{}", body_of(made).await["id"].as_str().unwrap())
    }

    /// Sends one operation. Returns the status.
    pub(crate) async fn patch(&self, path: &str, operation: Value) -> u16 {
        let message = json!({ "Operations": [operation] });
        self.send(Method::PATCH, path, &message).await.status().as_u16()
    }

    /// Returns what a user shows at a pointer.
    pub(crate) async fn shows(&self, path: &str, pointer: &str) -> Value {
        let user = json_of(self.get(path).await).await;
        user.pointer(pointer).cloned().unwrap_or_default()
    }
}
