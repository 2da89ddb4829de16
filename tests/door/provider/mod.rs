//! Any HR system through the door: what it says of itself is what is asked of callers, shown to them and written in README; one
//! that has nothing in common with the others is connected, read, and told apart from another company all the same.

mod bamboohr;
mod broken;
mod every;
mod granting;
mod lucca;
mod payfit;
mod pretend;
mod readme;

use std::sync::Arc;

use acceptance::journey::{Nobody, Office};
use rollcall::{
    run::{Upkeep, upkeep},
    runtime::{ProviderSettings, outbound_client, providers},
    source::{Kind, Method, Provider},
    testing::builder::connection_id,
};
use serde_json::{Value, json};

use self::pretend::Pretend;
use crate::desk::{Desk, Reply};

#[test]
fn every_kind_has_a_provider_and_every_form_has_the_members_that_are_read() {
    let all = providers(&outbound_client().unwrap(), &ProviderSettings::default());
    let kinds: Vec<Kind> = all.iter().map(|provider| provider.kind()).collect();
    assert_eq!(kinds, Kind::ALL);
    let pretend: Arc<dyn Provider> = Arc::new(Pretend::default());
    for provider in all.iter().chain([&pretend]) {
        let description = provider.description();
        assert!(!description.ways.is_empty());
        for way in &description.ways {
            let names: Vec<&str> = way.fields.iter().map(|field| field.name).collect();
            assert_eq!(
                names,
                way.method.members(),
                "{} {}",
                description.name,
                way.method.as_str()
            );
        }
        let has_login = provider.login().is_some();
        assert!(has_login || !description.offers(Method::OAuth), "{}", description.name);
    }
}

/// Returns the door of a stack whose HR system is the pretend one, with so many people.
async fn open(people: u32) -> (Desk, Pretend) {
    let pretend = Pretend::default();
    pretend.opens("s3cret", company(people, "Ana"));
    let mut desk = Desk::open(&Office::new("7"), Arc::new(Nobody)).await;
    let provider: Arc<dyn Provider> = Arc::new(pretend.clone());
    desk.edge.ports.providers = vec![Arc::clone(&provider)];
    desk.stage.ports.providers = vec![provider];
    (desk, pretend)
}

fn company(people: u32, name: &str) -> impl Iterator<Item = (u32, String)> {
    (1..=people).map(move |id| (id, format!("{name}{id}")))
}

fn connecting() -> Value {
    json!({
        "tenant": "acme",
        "provider": "factorial",
        "site": "Acme",
        "credential": { "kind": "basic", "user": "hr", "password": "s3cret" },
    })
}

async fn connect(desk: &Desk) -> String {
    let made = desk.send("POST", "/v1/connections", Some(&connecting())).await;
    assert_eq!(made.status, 201, "{}", made.body);
    desk.stage.deliver().await.unwrap();
    made.at("/id")
}

/// Asks for a run now and returns what became of it.
async fn sync(desk: &Desk, connection: &str) -> Reply {
    let asked = desk
        .send("POST", &format!("/v1/connections/{connection}/sync"), None)
        .await;
    assert_eq!(asked.status, 202, "{}", asked.body);
    desk.stage.deliver().await.unwrap();
    desk.send("GET", &format!("/v1/runs/{}", asked.at("/run")), None).await
}

/// Approves the plan of a run.
async fn apply(desk: &Desk, run: &Reply) {
    let plan = format!("/v1/plans/{}", run.at("/plan"));
    let shown = desk.send("GET", &plan, None).await;
    let holds = shown.body["holds"].as_array().unwrap().iter();
    let holds: Vec<_> = holds.map(|hold| hold["code"].clone()).collect();
    let body = json!({ "hash": shown.at("/hash"), "approve": holds });
    let started = desk.send("POST", &format!("{plan}/apply"), Some(&body)).await;
    assert_eq!(started.status, 202, "{}", started.body);
    desk.stage.deliver().await.unwrap();
}

async fn users(desk: &Desk) -> usize {
    let users = desk.send("GET", "/v1/tenants/acme/users?limit=200", None).await;
    users.body["data"].as_array().unwrap().len()
}

/// Returns a tenant in step with the pretend HR system.
async fn in_step(people: u32) -> (Desk, Pretend, String) {
    let (desk, pretend) = open(people).await;
    let connection = connect(&desk).await;
    let run = sync(&desk, &connection).await;
    assert_eq!(run.at("/status"), "succeeded", "{}", run.body);
    apply(&desk, &run).await;
    assert_eq!(users(&desk).await, people as usize);
    (desk, pretend, connection)
}

#[tokio::test]
async fn what_an_hr_system_says_of_itself_is_what_callers_see() {
    let (desk, _) = open(3).await;
    let listed = desk.send("GET", "/v1/providers", None).await;
    let shown = &listed.body["data"][0];
    assert_eq!(shown["authentication"][0]["method"], "basic", "{shown}");
    assert_eq!(shown["authentication"][0]["fields"][1]["secret"], true, "{shown}");
    assert_eq!(
        shown["authentication"].as_array().unwrap().len(),
        1,
        "there is no login"
    );
    assert_eq!(shown["site"]["label"], "Domain", "{shown}");
}

#[tokio::test]
async fn an_hr_system_with_a_site_and_a_password_is_connected_and_read() {
    let (desk, pretend, connection) = in_step(6).await;
    let shown = desk.send("GET", &format!("/v1/connections/{connection}"), None).await;
    assert_eq!(
        shown.at("/site"),
        "acme.pretend.example",
        "in one spelling: {}",
        shown.body
    );
    assert_eq!(shown.at("/company/id"), "site-acme.pretend.example", "{}", shown.body);
    assert_eq!(pretend.last_host(), "acme.pretend.example");
    let quiet = sync(&desk, &connection).await;
    assert_eq!(quiet.body["counts"]["unchanged"], 6, "{}", quiet.body);
}

#[tokio::test]
async fn a_way_that_an_hr_system_has_not_is_refused_with_those_that_it_has() {
    let (desk, _) = open(3).await;
    let refused = async |change: &dyn Fn(&mut Value)| {
        let mut body = connecting();
        change(&mut body);
        let reply = desk.send("POST", "/v1/connections", Some(&body)).await;
        assert_eq!((reply.status, reply.code()), (422, "invalid"), "{}", reply.body);
        reply.faults().remove(0)
    };
    let (pointer, detail) = refused(&|body| drop(body.as_object_mut().unwrap().remove("credential"))).await;
    assert_eq!(pointer, "/credential");
    assert!(
        detail.contains("no login in the browser") && detail.contains("`basic`"),
        "{detail}"
    );
    for other in [
        json!({ "kind": "api_key", "key": "k" }),
        json!({ "kind": "tokens", "access_token": "t" }),
        json!({ "kind": "client_credentials", "client_id": "c", "client_secret": "s" }),
    ] {
        let (pointer, detail) = refused(&|body| body["credential"] = other.clone()).await;
        assert_eq!(pointer, "/credential/kind");
        assert!(detail.contains("`basic`"), "{detail}");
    }
    let colon = json!({ "kind": "basic", "user": "a:b", "password": "s3cret" });
    assert_eq!(
        refused(&|body| body["credential"] = colon.clone()).await.0,
        "/credential/user"
    );
}

#[tokio::test]
async fn r41_a_site_is_asked_for_where_there_is_one_and_refused_where_it_leads_elsewhere() {
    let (desk, pretend) = open(3).await;
    for site in [
        json!("acme.evil.example"),
        json!("a.b.pretend.example"),
        json!("evil.example/.pretend.example"),
        json!("évil"),
        json!(null),
    ] {
        let mut body = connecting();
        body["site"] = site.clone();
        let refused = desk.send("POST", "/v1/connections", Some(&body)).await;
        assert_eq!(
            (refused.status, refused.code()),
            (422, "invalid"),
            "{site}: {}",
            refused.body
        );
        let (pointer, detail) = refused.faults().remove(0);
        assert_eq!(pointer, "/site");
        assert!(detail.contains("`name.pretend.example`"), "{detail}");
    }
    assert_eq!(pretend.last_host(), "", "nobody was asked");
    let desk = Desk::open(&Office::new("7"), Arc::new(Nobody)).await;
    let body = json!({
        "tenant": "acme", "provider": "factorial", "site": "acme",
        "credential": { "kind": "api_key", "key": "k" },
    });
    let refused = desk.send("POST", "/v1/connections", Some(&body)).await;
    let (pointer, detail) = refused.faults().remove(0);
    assert_eq!((refused.status, pointer.as_str()), (422, "/site"));
    assert!(detail.contains("one address for all customers"), "{detail}");
}

#[tokio::test]
async fn r01_where_nobody_names_the_company_its_people_do_and_another_ones_plan_is_not_made() {
    let (desk, pretend, connection) = in_step(10).await;
    pretend.opens("s3cret", company(10, "Bob"));
    let foreign = sync(&desk, &connection).await;
    assert_eq!(foreign.at("/status"), "failed", "{}", foreign.body);
    assert_eq!(foreign.at("/errors/0/code"), "different-company", "{}", foreign.body);
    assert_eq!(foreign.at("/completeness"), "different-company");
    assert!(
        foreign.at("/errors/0/detail").contains("of 10 people"),
        "{}",
        foreign.body
    );
    // Eight of ten are enough, seven are not.
    for (stay, status) in [(8, "succeeded"), (7, "failed")] {
        pretend.opens(
            "s3cret",
            company(stay, "Ana").chain((20..40).map(|id| (id, format!("New{id}")))),
        );
        let run = sync(&desk, &connection).await;
        assert_eq!(run.at("/status"), status, "{stay}: {}", run.body);
    }
    assert_eq!(users(&desk).await, 10, "nothing was written");
}

#[tokio::test]
async fn r01_a_read_that_breaks_off_is_judged_by_those_whom_it_showed() {
    let (desk, pretend, connection) = in_step(10).await;
    pretend.break_after(4);
    let run = sync(&desk, &connection).await;
    assert_eq!(
        run.at("/status"),
        "succeeded_with_errors",
        "nobody is missed: {}",
        run.body
    );
    pretend.opens("s3cret", company(10, "Bob"));
    let foreign = sync(&desk, &connection).await;
    assert_eq!(foreign.at("/errors/0/code"), "different-company", "{}", foreign.body);
}

#[tokio::test]
async fn r01_a_connection_takes_a_credential_that_shows_its_people_and_no_other() {
    let (desk, pretend, connection) = in_step(10).await;
    pretend.opens("other", company(10, "Bob"));
    pretend.opens("newer", company(12, "Ana"));
    let path = format!("/v1/connections/{connection}/reconnect");
    let with = |password: &str, site: Value| json!({ "credential": { "kind": "basic", "user": "hr", "password": password }, "site": site });
    let refused = desk.send("POST", &path, Some(&with("other", json!(null)))).await;
    assert_eq!(
        (refused.status, refused.code()),
        (409, "different-company"),
        "{}",
        refused.body
    );
    let malformed = desk
        .send("POST", &path, Some(&with("newer", json!("acme.evil.example"))))
        .await;
    assert_eq!(
        (malformed.status, malformed.faults().remove(0).0.as_str()),
        (422, "/site")
    );
    let run = sync(&desk, &connection).await;
    assert_eq!(run.at("/status"), "succeeded", "the old credential stays: {}", run.body);
    let moved = desk
        .send("POST", &path, Some(&with("newer", json!("acme-group"))))
        .await;
    assert_eq!(moved.status, 200, "{}", moved.body);
    let shown = desk.send("GET", &format!("/v1/connections/{connection}"), None).await;
    assert_eq!(shown.at("/site"), "acme-group.pretend.example");
    assert_eq!(
        shown.at("/company/id"),
        "site-acme.pretend.example",
        "whose people these are stays"
    );
    assert_eq!(sync(&desk, &connection).await.at("/status"), "succeeded");
    assert_eq!(pretend.last_host(), "acme-group.pretend.example");
    let login = desk.send("POST", &path, None).await;
    assert_eq!(
        login.faults().remove(0).0,
        "/credential",
        "there is no login: {}",
        login.body
    );
    let site = desk.send("POST", &path, Some(&json!({ "site": "acme" }))).await;
    assert_eq!(site.faults().remove(0).0, "/site", "{}", site.body);
}

#[tokio::test]
async fn r40_where_nothing_can_be_renewed_a_refused_password_needs_a_person_and_the_end_gives_nothing_back() {
    let (desk, pretend, connection) = in_step(3).await;
    pretend.refuse("s3cret");
    let run = sync(&desk, &connection).await;
    assert_eq!(run.at("/errors/0/code"), "needs-reauthorization", "{}", run.body);
    let path = format!("/v1/connections/{connection}");
    let lost = desk.send("GET", &path, None).await;
    assert_eq!(lost.at("/status"), "needs_reauthorization");
    let id = connection_id(&connection);
    assert_eq!(upkeep(&desk.stage.ports, &id).await.unwrap(), Upkeep::Fresh);
    let ended = desk.send("DELETE", &path, None).await;
    assert_eq!((ended.status, ended.at("/status").as_str()), (200, "disconnected"));
}

#[tokio::test]
async fn r01_one_site_is_one_company_of_one_tenant_and_finds_its_people_linked_again() {
    let (desk, _, connection) = in_step(5).await;
    let mut others = connecting();
    others["tenant"] = json!("globex");
    let refused = desk.send("POST", "/v1/connections", Some(&others)).await;
    assert_eq!(
        (refused.status, refused.code()),
        (409, "different-company"),
        "{}",
        refused.body
    );
    desk.send("DELETE", &format!("/v1/connections/{connection}"), None)
        .await;
    let again = connect(&desk).await;
    let run = sync(&desk, &again).await;
    assert_eq!(run.body["counts"]["unchanged"], 5, "{}", run.body);
}
