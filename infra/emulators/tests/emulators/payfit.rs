//! PayFit: keys with scopes, logins for a company, introspection, lists that a token leads through, and contracts.

use crate::any::{Any, any, any_with, header, text, wanted};
use crate::support::{body_of, json_of, with_json};
use emulators::{CANARY, Kind};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use std::collections::BTreeSet;

async fn payfit(employees: u32) -> Any {
    any(Kind::PayFit, employees).await
}

fn company(stand: &Any, position: usize) -> String {
    format!("{:024x}", stand.running.company_id_of(position).unwrap())
}

async fn ask_as(stand: &Any, token: &str, path: &str) -> Response {
    let request = stand.bare(Method::GET, path).bearer_auth(token);
    request.send().await.unwrap()
}

/// What stands below the company, asked with the usual key.
async fn ask(stand: &Any, path: &str) -> Value {
    let path = format!("/companies/{}/{path}", company(stand, 0));
    json_of(ask_as(stand, stand.running.api_key(), &path).await).await
}

async fn introspect(stand: &Any, bearer: Option<&str>, body: &Value) -> Response {
    let request = stand.bare(Method::POST, "/introspect");
    let request = match bearer {
        Some(token) => request.bearer_auth(token),
        None => request,
    };
    with_json(request, body).send().await.unwrap()
}

/// Every row of a list, token by token.
async fn all(stand: &Any, list: &str, more: &str) -> Vec<Value> {
    let mut rows: Vec<Value> = Vec::new();
    let mut token = String::new();
    loop {
        let page = ask(stand, &format!("{list}?maxResults=50{more}{token}")).await;
        rows.extend(page[list].as_array().unwrap().iter().cloned());
        match page["meta"]["nextPageToken"].as_str() {
            Some(next) => token = format!("&nextPageToken={next}"),
            None => return rows,
        }
    }
}

const IN_PROGRESS: &str = "&includeInProgressContracts=true";

#[tokio::test]
async fn introspection_wants_the_token_in_the_header_and_in_the_body() {
    let stand = payfit(5).await;
    let key = stand.running.api_key();
    let named = json!({ "token": key });
    let said = json_of(introspect(&stand, Some(key), &named).await).await;
    assert_eq!(said["active"], true);
    assert_eq!(said["company_id"], company(&stand, 0));
    assert_eq!(said["token_type"], "bearer");
    assert_eq!(said["customer_token_name"], "Everything");
    assert!(text(&said, "scope").starts_with("collaborators:read collaborators:contracts:read "));
    assert_eq!(introspect(&stand, None, &named).await.status(), 401);
    assert_eq!(introspect(&stand, Some(key), &json!({})).await.status(), 400);
    assert_eq!(introspect(&stand, Some("wrong"), &named).await.status(), 401);
    let form = stand
        .bare(Method::POST, "/introspect")
        .bearer_auth(key)
        .form(&[("token", key)]);
    assert_eq!(form.send().await.unwrap().status(), 200);
    assert_eq!(ask_as(&stand, key, "/introspect").await.status(), 404);
}

#[tokio::test]
async fn a_token_that_was_revoked_is_not_active_and_opens_nothing() {
    let stand = payfit(5).await;
    let token = stand.running.company_token().unwrap().access_token;
    let path = format!("/companies/{}", company(&stand, 0));
    assert_eq!(ask_as(&stand, &token, &path).await.status(), 200);
    stand.break_with(json!({"mode": "token_dies", "after": 0})).await;
    let refused = ask_as(&stand, &token, &path).await;
    assert_eq!(refused.status(), 401);
    assert!(body_of(refused).await["message"].is_string());
    let said = introspect(&stand, Some(&token), &json!({ "token": token })).await;
    assert_eq!(json_of(said).await, json!({"active": false}));
}

#[tokio::test]
async fn a_login_is_an_administrators_and_its_token_has_no_end_and_nothing_to_refresh() {
    let stand = payfit(5).await;
    let ready = stand.running.company_token().unwrap();
    assert_eq!((ready.expires_in, ready.refresh_token), (None, None));
    let form = [
        ("client_id", stand.running.client_id()),
        ("redirect_uri", "http://app.example/back"),
        ("response_type", "code"),
        ("scope", "collaborators:read contracts:read"),
        ("state", "s"),
        ("decision", "allow"),
    ];
    let answer = stand.bare(Method::POST, "/authorize").form(&form).send().await.unwrap();
    let back = url::Url::parse(&header(&answer, "location")).unwrap();
    let code = back
        .query_pairs()
        .find(|(name, _)| name == "code")
        .unwrap()
        .1
        .into_owned();
    let asked = [
        ("grant_type", "authorization_code"),
        ("client_id", stand.running.client_id()),
        ("client_secret", stand.running.client_secret()),
        ("redirect_uri", "http://app.example/back"),
        ("code", &code),
    ];
    let answer = stand.bare(Method::POST, "/token").form(&asked).send().await.unwrap();
    let tokens = json_of(answer).await;
    assert_eq!(tokens["company_id"], company(&stand, 0));
    assert_eq!(tokens["scope"], "collaborators:read contracts:read");
    assert!(tokens["expires_in"].is_null() && tokens["refresh_token"].is_null());
    let path = format!("/companies/{}/collaborators", company(&stand, 0));
    let page = json_of(ask_as(&stand, &text(&tokens, "access_token"), &path).await).await;
    let person = &page["collaborators"][0];
    assert!(person["firstName"].is_string());
    assert!(
        person.get("contracts").is_none() && person.get("managerId").is_none(),
        "{person}"
    );
}

#[tokio::test]
async fn a_company_is_one_of_its_own_credentials_alone() {
    let mut options = wanted(5);
    options.companies = 2;
    let stand = any_with(Kind::PayFit, options).await;
    let path = |position| format!("/companies/{}", company(&stand, position));
    let own = json_of(ask_as(&stand, stand.running.api_key(), &path(0)).await).await;
    assert_eq!(own["id"], company(&stand, 0));
    assert_eq!((&own["country"], own["name"].is_string()), (&json!("FR"), true));
    let other = ask_as(&stand, stand.running.api_key(), &path(1)).await;
    assert_eq!(other.status(), 404);
    let key = stand.running.api_key_of(1).unwrap();
    assert_eq!(ask_as(&stand, key, &path(1)).await.status(), 200);
    assert_eq!(ask_as(&stand, key, &format!("{}/company", path(1))).await.status(), 404);
}

#[tokio::test]
async fn ten_rows_come_unasked_and_fifty_at_most_and_a_token_leads_on() {
    let stand = payfit(120).await;
    for (query, rows) in [
        ("", 10),
        ("?maxResults=50", 50),
        ("?maxResults=1000", 50),
        ("?maxResults=1", 1),
    ] {
        let page = ask(&stand, &format!("collaborators{query}")).await;
        assert_eq!(page["collaborators"].as_array().unwrap().len(), rows, "{query}");
        assert_eq!(page["meta"]["count"], rows, "{query}");
        assert!(page["meta"]["nextPageToken"].is_string(), "{query}");
    }
    let path = format!("/companies/{}/collaborators", company(&stand, 0));
    for bad in [
        "?maxResults=0",
        "?maxResults=many",
        "?nextPageToken=wrong",
        "?updatedSince=2026-01-01",
    ] {
        let refused = ask_as(&stand, stand.running.api_key(), &format!("{path}{bad}")).await;
        assert_eq!(refused.status(), 400, "{bad}");
    }
    let people = all(&stand, "collaborators", IN_PROGRESS).await;
    let ids: BTreeSet<String> = people.iter().map(|one| text(one, "id")).collect();
    assert_eq!((people.len(), ids.len()), (stand.truth().await.len(), people.len()));
}

#[tokio::test]
async fn people_whose_contract_is_being_made_come_where_they_are_asked_for() {
    let stand = payfit(200).await;
    let upcoming = |people: &[Value]| {
        let is_ahead = |one: &&Value| text(&one["contracts"][0], "startDate").as_str() > "2026-11-20";
        people.iter().filter(is_ahead).count()
    };
    let (usual, everybody) = (
        all(&stand, "collaborators", "").await,
        all(&stand, "collaborators", IN_PROGRESS).await,
    );
    assert!(upcoming(&usual) < upcoming(&everybody), "{}", upcoming(&everybody));
    let contracts = all(&stand, "contracts", IN_PROGRESS).await;
    let states: BTreeSet<String> = contracts.iter().map(|one| text(one, "status")).collect();
    assert_eq!(
        states,
        ["ACTIVE", "ARCHIVED", "IN_PROGRESS", "PENDING"]
            .map(str::to_owned)
            .into()
    );
}

#[tokio::test]
async fn people_without_a_contract_are_listed_as_administrators_are() {
    let stand = payfit(20).await;
    let truth = stand.truth().await;
    let settled = truth.iter().find(|one| one["status"] == "active").unwrap();
    let id = text(settled, "employee_id");
    let none = json!({ "start_date": null });
    let person = json_of(stand.control(Method::PUT, &format!("people/{id}"), none.clone()).await).await;
    assert_eq!(
        (&person["status"], &person["start_date"]),
        (&json!("upcoming"), &Value::Null)
    );
    let listed = all(&stand, "collaborators", "").await;
    let listed = listed.iter().find(|one| one["id"] == id.as_str()).unwrap();
    assert_eq!(
        (&listed["contracts"], &listed["terminationDate"]),
        (&json!([]), &Value::Null)
    );
    let contracts = all(&stand, "contracts", IN_PROGRESS).await;
    assert!(contracts.iter().all(|one| one["collaboratorId"] != id.as_str()));
    let begins = json!({"start_date": "2026-11-02"});
    let person = json_of(stand.control(Method::PUT, &format!("people/{id}"), begins).await).await;
    assert_eq!(person["status"], "active");
    let other = any(Kind::Personio, 5).await;
    let id = text(&other.truth().await[0], "employee_id");
    let refused = other.control(Method::PUT, &format!("people/{id}"), none).await;
    assert_eq!(refused.status(), 422, "everybody has a first day there");
}

#[tokio::test]
async fn contracts_that_ended_more_than_a_year_ago_are_not_listed_and_their_people_are() {
    let stand = payfit(10).await;
    let truth = stand.truth().await;
    let id = text(
        truth.iter().find(|one| one["status"] == "active").unwrap(),
        "employee_id",
    );
    let contracts_of = async || {
        let contracts = all(&stand, "contracts", IN_PROGRESS).await;
        contracts
            .iter()
            .filter(|one| one["collaboratorId"] == id.as_str())
            .count()
    };
    assert!(contracts_of().await > 0);
    let left = json!({"start_date": "2020-01-06", "termination_date": "2024-12-31"});
    stand.control(Method::PUT, &format!("people/{id}"), left).await;
    assert_eq!(contracts_of().await, 0);
    let person = ask(&stand, &format!("collaborators/{id}")).await;
    assert_eq!(person["terminationDate"], "2024-12-31");
}

#[tokio::test]
async fn a_person_is_the_truth_and_what_no_reader_may_keep_comes_unasked() {
    let stand = payfit(60).await;
    let (truth, people) = (stand.truth().await, all(&stand, "collaborators", IN_PROGRESS).await);
    for (truth, person) in truth.iter().zip(&people) {
        assert_eq!(truth["employee_id"], person["id"]);
        assert_eq!(truth["first_name"], person["firstName"]);
        assert_eq!(truth["team"], person["teamName"]);
        assert_eq!(truth["termination_date"], person["terminationDate"]);
        let emails = person["emails"].as_array().unwrap();
        let work = emails.iter().find(|one| one["type"] == "professional");
        assert_eq!(work.map_or(&Value::Null, |one| &one["email"]), &truth["work_email"]);
        assert_eq!(person["addresses"][0]["city"], truth["city"]);
        for name in ["socialSecurityNumber", "iban", "nationality", "countryOfBirth"] {
            assert!(text(person, name).contains(CANARY), "{name}");
        }
    }
    // The members that others saw in live answers, and no others.
    let members: BTreeSet<&str> = people[0].as_object().unwrap().keys().map(String::as_str).collect();
    let seen = "id matricule firstName lastName secondLastName birthName birthDate countryOfBirth nationality gender socialSecurityNumber \
                iban bic managerId teamName terminationDate emails phoneNumbers addresses contracts";
    assert_eq!(members, seen.split_ascii_whitespace().collect());
    let contract = &all(&stand, "contracts", "").await[0];
    let members: BTreeSet<&str> = contract.as_object().unwrap().keys().map(String::as_str).collect();
    let seen = "contractId companyId collaboratorId startDate endDate probationEndDate jobName status contactEmail standardWeeklyHours \
                fullTimeEquivalent isFullTime";
    assert_eq!(members, seen.split_ascii_whitespace().collect());
    let id = text(contract, "contractId");
    assert_eq!(&ask(&stand, &format!("contracts/{id}")).await, contract);
    assert!(contract.get("id").is_none() && contract["isFullTime"].is_boolean());
    let email = text(&truth[0], "work_email");
    let found = ask(&stand, &format!("collaborators?email={email}")).await;
    assert_eq!(found["collaborators"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn there_is_no_room_for_custom_fields() {
    let stand = payfit(5).await;
    let truth = stand.truth().await;
    assert!(truth.iter().all(|person| person["custom.t_shirt_size"].is_null()));
    let path = format!("people/{}", text(&truth[0], "employee_id"));
    let refused = stand
        .control(Method::PUT, &path, json!({"custom.t_shirt_size": "M"}))
        .await;
    assert_eq!(refused.status(), 422);
    assert_eq!(body_of(refused).await["errors"][0]["pointer"], "/custom.t_shirt_size");
}

#[tokio::test]
async fn a_list_that_no_scope_opens_is_a_403_and_a_member_is_left_out() {
    let stand = payfit(20).await;
    let path = format!("/companies/{}", company(&stand, 0));
    let key = stand.running.api_key_as("People alone").unwrap();
    let refused = ask_as(&stand, key, &format!("{path}/contracts")).await;
    assert_eq!(refused.status(), 403);
    assert_eq!(body_of(refused).await["message"], "Missing scope contracts:read");
    let page = json_of(ask_as(&stand, key, &format!("{path}/collaborators")).await).await;
    let person = &page["collaborators"][0];
    for hidden in ["contracts", "managerId", "teamName", "birthDate", "iban", "addresses"] {
        assert!(person.get(hidden).is_none(), "{hidden}");
    }
    let is_work = |one: &Value| one["type"] == "professional";
    assert!(person["emails"].as_array().unwrap().iter().all(is_work));
}

#[tokio::test]
async fn fifty_requests_a_second_are_an_applications_for_all_companies_and_a_keys_for_its_own() {
    let mut options = wanted(5);
    (options.companies, options.requests_per_minute, options.window_seconds) = (2, Some(3), Some(60));
    let stand = any_with(Kind::PayFit, options).await;
    let status = async |token: &str, position| {
        let path = format!("/companies/{}", company(&stand, position));
        ask_as(&stand, token, &path).await.status().as_u16()
    };
    let token = stand.running.company_token().unwrap().access_token;
    let (key, other) = (stand.running.api_key(), stand.running.api_key_of(1).unwrap());
    for _ in 0..3 {
        assert_eq!([status(key, 0).await, status(&token, 0).await], [200, 200]);
    }
    assert_eq!([status(key, 0).await, status(&token, 0).await], [429, 429]);
    assert_eq!(status(other, 1).await, 200);
    let refused = ask_as(&stand, key, &format!("/companies/{}", company(&stand, 0))).await;
    assert_eq!(header(&refused, "retry-after"), "");
    assert_eq!(header(&refused, "x-ratelimit-remaining-second"), "0");
    assert_eq!(body_of(refused).await["message"], "API rate limit exceeded");
}
