//! Two spellings of one mailbox count as one mailbox: at HR, in the directory, on a server, and in what callers ask for.

use emulators::scim::{self, Options, Running, TOKEN};
use rollcall::http::Method;
use serde_json::{Value, json};

use crate::support::Served;

/// One mailbox as people and systems write it; the first spelling is the one that is kept.
const SPELLINGS: [&str; 5] = [
    "ana@xn--mnchen-3ya.example",
    "ana@m\u{fc}nchen.example",
    "Ana@M\u{dc}NCHEN.Example",
    "ana@mu\u{308}nchen.example.",
    "ANA@XN--MNCHEN-3YA.example",
];

/// Returns the ids of people who ought to have an account.
async fn joiners(served: &Served) -> Vec<String> {
    let people = served.control(Method::Get, "/_emulator/people", &json!({})).await;
    let active = people["data"].as_array().unwrap().iter();
    let active = active.filter(|person| person["status"] == "active" && person["work_email"].is_string());
    active
        .map(|person| person["employee_id"].as_str().unwrap().to_owned())
        .collect()
}

async fn set_address(served: &Served, person: &str, address: &str) {
    let path: &'static str = format!("/_emulator/people/{person}").leak();
    served
        .control(Method::Put, path, &json!({ "work_email": address }))
        .await;
}

/// Returns the changes of a plan, with their attributes.
async fn changes(served: &Served, plan: &str) -> Value {
    served.get(&format!("/v1/plans/{plan}/changes?limit=200")).await.body["data"].clone()
}

#[tokio::test]
async fn another_spelling_of_a_mailbox_at_hr_changes_nothing() {
    let served = Served::start(10).await;
    let someone = joiners(&served).await.remove(0);
    set_address(&served, &someone, SPELLINGS[1]).await;
    let (connection, _) = served.in_step("acme").await;
    for spelling in SPELLINGS {
        set_address(&served, &someone, spelling).await;
        let plan = served.preview(&connection).await;
        assert_eq!(
            plan.at("/status"),
            "empty",
            "{spelling}: {}",
            changes(&served, &plan.at("/id")).await
        );
        let found = served.get(&format!("/v1/tenants/acme/users?email={spelling}")).await;
        assert_eq!(
            found.body["data"].as_array().map(Vec::len),
            Some(1),
            "{spelling}: {}",
            found.text
        );
        assert_eq!(found.at("/data/0/attributes/email"), SPELLINGS[0]);
    }
    served.stop().await;
}

#[tokio::test]
async fn r10_two_people_with_one_mailbox_in_two_spellings_are_both_frozen() {
    let served = Served::start(10).await;
    let people = joiners(&served).await;
    set_address(&served, &people[0], SPELLINGS[0]).await;
    set_address(&served, &people[1], SPELLINGS[2]).await;
    let (connection, _) = served.connected("acme").await;
    for _ in 0..2 {
        let plan = served.preview(&connection).await;
        assert_eq!(plan.body["counts"]["conflicts"], 2, "{}", plan.text);
        assert_eq!(plan.body["counts"]["joiners"], 8, "{}", plan.text);
    }
    served.stop().await;
}

#[tokio::test]
async fn a_mailbox_of_another_account_is_taken_in_each_spelling() {
    let served = Served::start(10).await;
    let people = joiners(&served).await;
    set_address(&served, &people[0], SPELLINGS[1]).await;
    served.in_step("acme").await;
    let users = served.get("/v1/tenants/acme/users?limit=200").await;
    let other = users.body["data"].as_array().unwrap().iter();
    let other = other.map(|user| (user["id"].as_str().unwrap(), &user["attributes"]["email"]));
    let (other, _) = other.into_iter().find(|(_, email)| **email != SPELLINGS[0]).unwrap();
    let path = format!("/v1/tenants/acme/users/{other}");
    for spelling in SPELLINGS {
        let body = json!({ "attributes": { "email": spelling } });
        let refused = served.send(Method::Patch, &path, Some(&body)).await;
        assert_eq!(
            (refused.status, refused.code()),
            (409, "taken"),
            "{spelling}: {}",
            refused.text
        );
    }
    served.stop().await;
}

async fn to_server(served: &Served, service: &Running, config: Value) -> String {
    let mut body = served.by_key("acme");
    body["target"] = json!({ "kind": "scim", "base_url": service.base(), "credential": { "bearer": TOKEN } });
    for (name, value) in config.as_object().unwrap() {
        body["config"][name] = value.clone();
    }
    let made = served.post("/v1/connections", &body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    made.at("/id")
}

#[tokio::test]
async fn a_user_of_a_server_is_linked_by_its_mailbox_in_each_spelling_and_the_second_night_writes_nothing() {
    for (hr, there) in [
        (SPELLINGS[0], SPELLINGS[1]),
        (SPELLINGS[1], SPELLINGS[4]),
        (SPELLINGS[3], SPELLINGS[2]),
    ] {
        let (served, service) = (Served::start(10).await, scim::start(Options::default()).await.unwrap());
        let someone = joiners(&served).await.remove(0);
        set_address(&served, &someone, hr).await;
        service.add(&json!({ "userName": there, "emails": [{ "value": there, "primary": true }] }));
        let connection = to_server(&served, &service, json!({})).await;
        let plan = served.preview(&connection).await;
        assert_eq!(
            (&plan.body["counts"]["links"], &plan.body["counts"]["joiners"]),
            (&json!(1), &json!(9)),
            "{hr}, {there}: {}",
            plan.text
        );
        served.apply(&plan.at("/id")).await;
        assert_eq!(service.users().len(), 10, "nobody was made twice");
        let own = service.users().into_iter().find(|user| user["userName"] == there);
        assert!(own.is_some(), "the server keeps its own spelling");
        let written = service.writes();
        for _ in 0..2 {
            let plan = served.preview(&connection).await;
            assert_eq!(
                plan.at("/status"),
                "empty",
                "{}",
                changes(&served, &plan.at("/id")).await
            );
        }
        assert_eq!(service.writes(), written);
        served.stop().await;
        service.stop().await;
    }
}

#[tokio::test]
async fn a_server_is_asked_for_a_mailbox_in_both_spellings_before_a_user_is_made() {
    let (served, service) = (Served::start(10).await, scim::start(Options::default()).await.unwrap());
    let someone = joiners(&served).await.remove(0);
    set_address(&served, &someone, SPELLINGS[0]).await;
    let connection = to_server(&served, &service, json!({})).await;
    let plan = served.preview(&connection).await;
    assert_eq!(plan.body["counts"]["joiners"], 10, "{}", plan.text);
    // The target's admin makes that user by hand, after the plan was made.
    service.add(&json!({ "userName": SPELLINGS[1] }));
    let body = json!({ "hash": plan.at("/hash"), "approve": [] });
    let started = served.post(&format!("/v1/plans/{}/apply", plan.at("/id")), &body).await;
    let run = served.ended(&started.at("/run")).await;
    assert_eq!(run.at("/status"), "succeeded_with_errors", "{}", run.text);
    assert_eq!(run.at("/errors/0/employee_id"), someone, "{}", run.text);
    assert_eq!(service.users().len(), 10, "the mailbox has one user");
    served.stop().await;
    service.stop().await;
}
