//! Merge: two headers, linked accounts and their states, references that are expanded, and a customer who is linked.

use crate::any::{Any, any, any_with, text, wanted};
use crate::support::{body_of, json_of};
use emulators::{CANARY, Kind, Options};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use std::collections::BTreeSet;

async fn merge(employees: u32) -> Any {
    any(Kind::Merge, employees).await
}

/// Asks with the organisation's key, and this token beside it.
async fn ask_as(stand: &Any, token: Option<&str>, path: &str) -> Response {
    let request = stand.bare(Method::GET, &format!("/api/hris/v1/{path}"));
    let request = request.bearer_auth(stand.running.client_secret());
    let request = token
        .iter()
        .fold(request, |request, token| request.header("x-account-token", *token));
    request.send().await.unwrap()
}

async fn ask(stand: &Any, path: &str) -> Value {
    let answer = ask_as(stand, Some(stand.running.api_key()), path).await;
    assert_eq!(answer.status(), 200, "{path}");
    json_of(answer).await
}

/// Every row of a list, page by page.
async fn all(stand: &Any, list: &str) -> Vec<Value> {
    let mut rows = Vec::new();
    let mut page = ask(stand, list).await;
    loop {
        rows.extend(page["results"].as_array().unwrap().iter().cloned());
        let Some(cursor) = page["next"].as_str() else {
            return rows;
        };
        let joint = if list.contains('?') { '&' } else { '?' };
        page = ask(stand, &format!("{list}{joint}cursor={cursor}")).await;
    }
}

#[tokio::test]
async fn the_organisations_key_opens_what_is_the_organisations_and_an_account_takes_its_token_too() {
    let stand = merge(5).await;
    let token = stand.running.api_key();
    for (given, path, status) in [
        (Some(token), "account-details", 200),
        (None, "account-details", 401),
        (Some("wrong"), "employees", 401),
        (None, "linked-accounts", 200),
        (Some(token), "nothing", 404),
        (Some(token), "employees/", 404),
    ] {
        assert_eq!(ask_as(&stand, given, path).await.status(), status, "{path}");
    }
    let bare = stand.bare(Method::GET, "/api/hris/v1/linked-accounts");
    let wrong = bare.bearer_auth("wrong").send().await.unwrap();
    assert_eq!(wrong.status(), 401);
    assert!(text(&body_of(wrong).await, "detail").contains("API key"));
    let listed = ask(&stand, "linked-accounts?page_size=1").await.to_string();
    assert!(!listed.contains(token), "no list shows a token");
}

#[tokio::test]
async fn a_page_has_a_hundred_rows_at_most_and_its_cursor_goes_with_its_parameters() {
    let stand = merge(300).await;
    let people = stand.truth().await;
    for query in ["employees", "employees?page_size=100", "employees?page_size=1000"] {
        let page = ask(&stand, query).await;
        assert_eq!(page["results"].as_array().unwrap().len(), 100, "{query}");
        assert!(page["next"].is_string() && page["previous"].is_null());
    }
    let listed = all(&stand, "employees?page_size=70").await;
    let ids: BTreeSet<String> = listed.iter().map(|one| text(one, "id")).collect();
    let truth: BTreeSet<String> = people.iter().map(|one| text(one, "employee_id")).collect();
    assert_eq!((listed.len(), &ids), (people.len(), &truth));
    let first = ask(&stand, "employees?page_size=70").await;
    let cursor = text(&first, "next");
    for wrong in [
        format!("cursor={cursor}"),
        format!("cursor={cursor}&page_size=70&expand=team"),
        "cursor=x&page_size=70".to_owned(),
    ] {
        let answer = ask_as(&stand, Some(stand.running.api_key()), &format!("employees?{wrong}")).await;
        assert_eq!(answer.status(), 400, "{wrong}");
    }
    for wrong in [
        "employees?nothing=1",
        "employees?expand=salary",
        "employees?employment_status=GONE",
        "groups?page_size=0",
    ] {
        assert_eq!(
            ask_as(&stand, Some(stand.running.api_key()), wrong).await.status(),
            400,
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn references_are_ids_unless_the_whole_is_asked_for() {
    let stand = merge(60).await;
    let (plain, whole) = (
        all(&stand, "employees").await,
        all(
            &stand,
            "employees?expand=employments,groups,home_location,work_location,team,company",
        )
        .await,
    );
    let truth = stand.truth().await;
    for ((plain, whole), truth) in plain.iter().zip(&whole).zip(&truth) {
        assert!(plain["company"].is_string() && plain["home_location"].is_string());
        assert!(plain["groups"].as_array().unwrap().iter().all(Value::is_string));
        assert_eq!(plain["company"], whole["company"]["id"]);
        assert_eq!(whole["company"]["legal_name"], truth["group"]);
        assert_eq!(whole["home_location"]["city"], truth["city"]);
        assert_eq!(
            whole["work_location"].get("name").unwrap_or(&Value::Null),
            &truth["work_location"]
        );
        assert_eq!(whole["team"].get("name").unwrap_or(&Value::Null), &truth["team"]);
        let groups = whole["groups"].as_array().unwrap();
        let department = groups.iter().find(|group| group["type"] == "DEPARTMENT");
        assert_eq!(
            department.map_or(&Value::Null, |group| &group["name"]),
            &truth["department"]
        );
        let centre = groups.iter().find(|group| group["type"] == "COST_CENTER");
        assert_eq!(
            centre.map_or(&Value::Null, |group| &group["name"]),
            &truth["custom.cost_centre"]
        );
        assert!(!whole["employments"].as_array().unwrap().is_empty());
        assert!(plain["ssn"].is_null() && text(plain, "ethnicity").contains(CANARY));
        let status = match truth["status"].as_str().unwrap() {
            "active" => "ACTIVE",
            "upcoming" => "PENDING",
            _ => "INACTIVE",
        };
        assert_eq!(plain["employment_status"], status);
    }
    let id = text(&plain[3], "id");
    assert_eq!(ask(&stand, &format!("employees/{id}")).await, plain[3]);
    let gone = all(&stand, "employees?employment_status=INACTIVE").await;
    assert!(!gone.is_empty() && gone.len() < plain.len());
    let open = ask(&stand, "employees?include_sensitive_fields=true").await;
    assert!(text(&open["results"][0], "ssn").contains(CANARY));
}

#[tokio::test]
async fn lists_of_their_own_have_what_people_refer_to() {
    let stand = merge(40).await;
    for (list, kind) in [
        ("locations?location_type=WORK", "WORK"),
        ("locations?location_type=HOME", "HOME"),
    ] {
        let rows = all(&stand, list).await;
        assert!(
            !rows.is_empty() && rows.iter().all(|row| row["location_type"] == kind),
            "{list}"
        );
    }
    let groups = all(&stand, "groups?types=DEPARTMENT,TEAM").await;
    assert!(groups.iter().all(|group| group["type"] != "COST_CENTER"));
    let teams = all(&stand, "teams").await;
    assert!(teams.iter().any(|team| team["parent_team"].is_string()));
    let person = &all(&stand, "employees").await[0];
    let own = all(&stand, &format!("employments?employee_id={}", text(person, "id"))).await;
    assert_eq!(own.len(), person["employments"].as_array().unwrap().len());
    assert!(own.iter().all(|row| row["employee"] == person["id"]));
    assert!(all(&stand, "companies").await.len() > 1);
    let accounts = all(&stand, "bank-info").await;
    assert!(accounts.iter().all(|row| text(row, "account_number").contains(CANARY)));
}

#[tokio::test]
async fn a_token_is_of_a_linked_account_in_its_state() {
    let stand = merge(10).await;
    let of = async |state: &str, path: &str| {
        let token = stand.running.api_key_as(state).unwrap();
        json_of(ask_as(&stand, Some(token), path).await).await
    };
    for (state, status, duplicate) in [
        ("Administrator", "COMPLETE", false),
        ("Relink needed", "RELINK_NEEDED", false),
        ("Linking not finished", "INCOMPLETE", false),
        ("Linked twice", "COMPLETE", true),
    ] {
        let details = of(state, "account-details").await;
        assert_eq!(
            (details["status"].as_str(), details["is_duplicate"].as_bool()),
            (Some(status), Some(duplicate))
        );
        assert!(details["integration"].is_string());
    }
    for (state, status, is_first) in [
        ("Administrator", "DONE", false),
        ("First sync", "SYNCING", true),
        ("Sync failed", "FAILED", false),
        ("Sync paused", "PAUSED", false),
        ("People switched off", "DISABLED", false),
    ] {
        let syncs = of(state, "sync-status").await;
        let people = syncs["results"]
            .as_array()
            .unwrap()
            .iter()
            .find(|sync| sync["model_id"] == "hris.Employee");
        let people = people.unwrap();
        assert_eq!(
            (people["status"].as_str(), people["is_initial_sync"].as_bool()),
            (Some(status), Some(is_first))
        );
    }
    let page = of("Administrator", "sync-status?page_size=4").await;
    let next = text(&page, "next");
    assert!(
        next.starts_with("http://127.0.0.1") && next.contains("cursor=4"),
        "an address in place of a cursor: {next}"
    );
    let rest = of("Administrator", "sync-status?page_size=100&cursor=4").await;
    assert_eq!(rest["results"].as_array().unwrap().len(), 5);
    let pay = of("Without pay", "employees?expand=employments").await;
    assert!(pay["results"][0]["employments"][0]["pay_rate"].is_null());
}

#[tokio::test]
async fn a_link_token_is_asked_for_as_the_vendor_wants_it() {
    let stand = merge(5).await;
    let create = async |change: Value| {
        let mut body = json!({
            "end_user_email_address": "hr@acme.example", "end_user_organization_name": "Acme", "end_user_origin_id": "c-1",
            "categories": ["hris"],
        });
        body.as_object_mut()
            .unwrap()
            .extend(change.as_object().unwrap().clone());
        let request = stand
            .bare(Method::POST, "/api/hris/v1/link-token")
            .bearer_auth(stand.running.client_secret());
        request
            .header("content-type", "application/json")
            .body(body.to_string())
            .send()
            .await
            .unwrap()
    };
    let made = json_of(create(json!({})).await).await;
    assert!(text(&made, "link_token").len() > 20 && made["magic_link_url"].is_null());
    let magic = json_of(create(json!({"should_create_magic_link_url": true, "link_expiry_mins": 10080})).await).await;
    let page = stand.client.get(text(&magic, "magic_link_url")).send().await.unwrap();
    assert_eq!(
        (page.status().as_u16(), page.url().path()),
        (200, "/magic-link"),
        "it ends at the vendor"
    );
    for wrong in [
        json!({"end_user_origin_id": ""}),
        json!({"end_user_origin_id": null}),
        json!({"end_user_email_address": "nobody"}),
        json!({"categories": []}),
        json!({"categories": ["knowledge"]}),
        json!({"link_expiry_mins": 10}),
        json!({"link_expiry_mins": 10080}),
        json!({"favourite_colour": "blue"}),
    ] {
        assert_eq!(create(wrong.clone()).await.status(), 400, "{wrong}");
    }
}

#[tokio::test]
async fn a_public_token_is_good_for_one_account_token() {
    let stand = any_with(
        Kind::Merge,
        Options {
            companies: 2,
            ..wanted(5)
        },
    )
    .await;
    let request = stand
        .bare(Method::POST, "/api/hris/v1/link-token")
        .bearer_auth(stand.running.client_secret());
    let body = json!({
        "end_user_email_address": "hr@acme.example", "end_user_organization_name": "Acme", "end_user_origin_id": "c-1",
        "categories": ["hris"],
    });
    let made = request
        .header("content-type", "application/json")
        .body(body.to_string())
        .send()
        .await
        .unwrap();
    let token = text(&json_of(made).await, "link_token");
    let back = "http://127.0.0.1:9/back";
    let form = [
        ("client_id", stand.running.client_id()),
        ("response_type", "code"),
        ("redirect_uri", back),
        ("state", "s"),
        ("link_token", &token),
        ("decision", "allow"),
        ("company", "1"),
    ];
    let form: String = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish();
    let sent = stand
        .bare(Method::POST, "/link")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form);
    let answer = sent.send().await.unwrap();
    let to = answer.headers()["location"].to_str().unwrap().to_owned();
    let (_, query) = to.split_once('?').unwrap();
    let code = url::form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "code")
        .unwrap()
        .1
        .into_owned();
    let exchanged = ask_as(&stand, None, &format!("account-token/{code}")).await;
    let exchanged = json_of(exchanged).await;
    assert_eq!(text(&exchanged, "account_token"), stand.running.api_key_of(1).unwrap());
    assert!(exchanged["integration"]["slug"].is_string());
    assert_eq!(
        ask_as(&stand, None, &format!("account-token/{code}")).await.status(),
        404
    );
}

#[tokio::test]
async fn one_linked_account_has_an_allowance_of_a_hundred_a_minute() {
    let options = Options {
        requests_per_minute: None,
        ..wanted(5)
    };
    let stand = any_with(Kind::Merge, options).await;
    let token = stand.running.api_key();
    for _ in 0..100 {
        assert_eq!(ask_as(&stand, Some(token), "account-details").await.status(), 200);
    }
    let refused = ask_as(&stand, Some(token), "account-details").await;
    assert_eq!(refused.status(), 429);
    assert!(refused.headers().contains_key("retry-after"));
}
