//! Every request that changes something, with everything that has to exist before it.

use acceptance::journey::{Ground, Office, Watch};
use rollcall::{
    connection::{OneTimeToken, Preset},
    store::{ActStore as _, Acted, Opens, Reach, Ticket, Write},
};
use serde_json::{Value, json};
use std::sync::Arc;

use crate::desk::Desk;

/// A request that changes something.
#[derive(Clone, Copy, Debug)]
pub(super) struct Case {
    /// Its `operationId`, and one word more where several cases have that operation.
    pub(super) name: &'static str,
    /// The name of the action in the audit.
    pub(super) action: &'static str,
    /// The statuses that may answer the request when it was carried out before, and comes again without a key.
    pub(super) again: &'static [u16],
}

const fn case(name: &'static str, action: &'static str, again: &'static [u16]) -> Case {
    Case { name, action, again }
}

/// The cases: at least one for every operation that is no `GET`.
pub(super) const CASES: [Case; 29] = [
    case("activate", "connection.activate", &[200, 410]),
    case("connect", "connection.connect", &[201]),
    case("connect by_login", "connection.connect", &[201]),
    case("disconnect", "connection.disconnect", &[200]),
    case("choose_company", "connection.choose_company", &[200]),
    case("put_config", "config.put", &[200, 412]),
    case("decide", "decision", &[200]),
    case("pause_connection", "connection.pause", &[200]),
    case("resume_connection", "connection.resume", &[200]),
    case("preview", "preview", &[202]),
    case("survey", "survey", &[202]),
    case("sync", "sync", &[202]),
    case("reconnect", "connection.reconnect", &[200]),
    case("reconnect by_login", "connection.reconnect", &[200]),
    case("reconnect target", "connection.renew_target", &[200]),
    case("create_key", "key.create", &[201]),
    case("revoke_key", "key.revoke", &[204]),
    case("apply_plan", "plan.apply", &[202, 409]),
    case("cancel_plan", "plan.cancel", &[200, 409]),
    case("undo_plan", "plan.undo", &[200]),
    case("stop", "stop.set", &[200]),
    case("lift_stop", "stop.lift", &[200]),
    case("erase_tenant", "tenant.erase", &[200]),
    case("readmit_tenant", "tenant.readmit", &[204]),
    case("erase_person", "person.erase", &[200]),
    case("edit_user", "user.edit", &[200]),
    case("put_receiver", "webhooks.put", &[200]),
    case("remove_receiver", "webhooks.remove", &[204]),
    case("rotate_receiver", "webhooks.rotate", &[200]),
];

/// The request that a case sends.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) method: &'static str,
    pub(super) address: String,
    pub(super) body: Option<Value>,
}

impl Asked {
    fn new(method: &'static str, address: impl Into<String>) -> Self {
        let address = address.into();
        Self {
            method,
            address,
            body: None,
        }
    }

    fn with(self, body: Value) -> Self {
        Self {
            body: Some(body),
            ..self
        }
    }
}

impl Case {
    /// Returns the `operationId`.
    pub(super) fn operation(self) -> &'static str {
        self.name.split(' ').next().unwrap_or_default()
    }

    /// Returns a door with everything that the request needs, and the request.
    pub(super) async fn open(self, watch: Arc<dyn Watch>) -> (Desk, Asked) {
        let office = Office::new("7");
        office.hire_many(1..=3);
        let ground = match self.name {
            "reconnect target" => Ground::server().await.unwrap(),
            _ => Ground::memory(),
        };
        let mut desk = Desk::open_on(ground, &office, watch).await;
        let asked = self.prepare(&mut desk).await;
        (desk, asked)
    }

    async fn prepare(self, desk: &mut Desk) -> Asked {
        let key = json!({ "kind": "api_key", "key": "a-key" });
        let new = json!({ "tenant": "acme", "provider": "factorial" });
        match self.name {
            "connect" => {
                let body = json!({ "tenant": "acme", "provider": "factorial", "credential": key });
                return Asked::new("POST", "/v1/connections").with(body);
            }
            "connect by_login" => return Asked::new("POST", "/v1/connections").with(new),
            "create_key" => return Asked::new("POST", "/v1/keys").with(json!({ "name": "new", "tenants": "*" })),
            "revoke_key" => {
                desk.new_key("spare", Reach::All).await;
                return Asked::new("DELETE", "/v1/keys/spare");
            }
            "choose_company" => return choose(desk, &new, &key).await,
            _ => {}
        }
        let standard = Preset::default().configuration();
        desk.stage.connect(standard).await.unwrap();
        let connection = format!("/v1/connections/{}", desk.stage.connection);
        let at = |place: &str| format!("{connection}/{place}");
        match self.name {
            "activate" => activation(desk).await,
            "disconnect" => Asked::new("DELETE", connection),
            "put_config" => {
                let body = json!({ "version": 1, "preset": "users", "config": { "daily": false } });
                Asked::new("PUT", at("config")).with(body)
            }
            "decide" => {
                let body = json!({ "decision": "keep", "reason": "they come back" });
                Asked::new("PUT", at("decisions/2")).with(body)
            }
            "pause_connection" => Asked::new("POST", at("pause")),
            "resume_connection" => {
                let paused = desk.send("POST", &at("pause"), None).await;
                assert_eq!(paused.status, 200, "{}", paused.body);
                Asked::new("POST", at("resume"))
            }
            "preview" => Asked::new("POST", at("preview")),
            "survey" => Asked::new("POST", at("survey")),
            "sync" => Asked::new("POST", at("sync")),
            "reconnect" => Asked::new("POST", at("reconnect")).with(json!({ "credential": key })),
            "reconnect by_login" => Asked::new("POST", at("reconnect")),
            "reconnect target" => {
                let body = json!({ "target_credential": { "bearer": "another-token" } });
                Asked::new("POST", at("reconnect")).with(body)
            }
            _ => self.prepare_plan(desk).await,
        }
    }

    /// Prepares a case that needs a plan, its accounts, or settings of the operator. Returns the request.
    async fn prepare_plan(self, desk: &mut Desk) -> Asked {
        match self.name {
            "stop" => return Asked::new("PUT", "/v1/stop").with(json!({ "tenant": "acme" })),
            "lift_stop" => {
                desk.send("PUT", "/v1/stop", Some(&json!({ "tenant": "acme" }))).await;
                return Asked::new("DELETE", "/v1/stop?tenant=acme");
            }
            "put_receiver" | "remove_receiver" | "rotate_receiver" => return self.prepare_receiver(desk).await,
            _ => {}
        }
        desk.stage.night().await.unwrap();
        let plan = desk.stage.open_plan().await.unwrap().unwrap().plan;
        let at = |place: &str| format!("/v1/plans/{}/{place}", plan.id);
        match self.name {
            "apply_plan" => {
                let holds: Vec<_> = plan.holds.iter().map(|hold| json!(hold.code)).collect();
                let body = json!({ "hash": plan.hash, "approve": holds });
                return Asked::new("POST", at("apply")).with(body);
            }
            "cancel_plan" => return Asked::new("POST", at("cancel")),
            _ => {}
        }
        desk.stage.approve().await.unwrap();
        desk.stage.deliver().await.unwrap();
        match self.name {
            "undo_plan" => Asked::new("POST", at("undo")),
            "erase_tenant" => Asked::new("DELETE", "/v1/tenants/acme"),
            "readmit_tenant" => {
                let erased = desk.send("DELETE", "/v1/tenants/acme", None).await;
                assert_eq!(erased.status, 200, "{}", erased.body);
                Asked::new("POST", "/v1/tenants/acme/readmit")
            }
            "erase_person" => Asked::new("DELETE", "/v1/tenants/acme/people/2"),
            "edit_user" => {
                let user = desk.stage.account_of(1).await.unwrap().id;
                let body = json!({ "attributes": { "job_title": "Cook" } });
                Asked::new("PATCH", format!("/v1/tenants/acme/users/{user}")).with(body)
            }
            other => panic!("{other} has nothing that it needs"),
        }
    }

    async fn prepare_receiver(self, desk: &Desk) -> Asked {
        let put = Asked::new("PUT", "/v1/webhooks").with(json!({ "url": "https://app.example/hooks" }));
        if self.name == "put_receiver" {
            return put;
        }
        let set = desk.send(put.method, &put.address, put.body.as_ref()).await;
        assert_eq!(set.status, 200, "{}", set.body);
        match self.name {
            "remove_receiver" => Asked::new("DELETE", "/v1/webhooks"),
            _ => Asked::new("POST", "/v1/webhooks/rotate"),
        }
    }
}

/// A connection whose login sees two companies.
async fn choose(desk: &Desk, new: &Value, key: &Value) -> Asked {
    desk.stage.office.change_company("7 8");
    let made = desk.send("POST", "/v1/connections", Some(new)).await;
    let connection = format!("/v1/connections/{}", made.at("/id"));
    let body = json!({ "credential": key });
    let choosing = desk.send("POST", &format!("{connection}/reconnect"), Some(&body)).await;
    assert_eq!(choosing.at("/status"), "choosing_company", "{}", choosing.body);
    Asked::new("PUT", format!("{connection}/company")).with(json!({ "id": "7" }))
}

/// Returns the request that brings back what a browser got from a login.
async fn activation(desk: &Desk) -> Asked {
    let token = OneTimeToken::new(&[5; 32]);
    let ticket = Ticket {
        hash: token.hash(),
        opens: Opens::Activation,
        connection: desk.stage.connection.clone(),
        return_url: None,
        expires_at: desk.stage.now() + jiff::SignedDuration::from_mins(10),
    };
    let acted = desk.store.act(&[Write::Ticket(&ticket)]).await.unwrap();
    assert_eq!(acted, Acted::Done);
    Asked::new("POST", "/v1/connect-sessions/activate").with(json!({ "activation": token.expose() }))
}
