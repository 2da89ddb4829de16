//! Factorial: logging in with a browser, exchanging codes, refreshing.

use crate::support::{EMPLOYEES, Stand, body_of, json_of, options, stand, stand_with, with_json};
use emulators::factorial::{Options, PermissionGroup};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use url::Url;

const BACK: &str = "https://app.example/callback?from=hr";

fn asked(stand: &Stand) -> BTreeMap<&'static str, String> {
    BTreeMap::from([
        ("client_id", stand.emulator.client_id().to_owned()),
        ("redirect_uri", BACK.to_owned()),
        ("response_type", "code".to_owned()),
        ("scope", "read".to_owned()),
        ("state", "opaque & odd".to_owned()),
    ])
}

async fn page(stand: &Stand, parameters: &BTreeMap<&'static str, String>) -> Response {
    stand
        .client
        .get(format!("{}/oauth/authorize", stand.emulator.url()))
        .query(parameters)
        .send()
        .await
        .unwrap()
}

async fn decide(
    stand: &Stand,
    parameters: &BTreeMap<&'static str, String>,
    choices: &[(&'static str, &str)],
) -> BTreeMap<String, String> {
    let mut form = parameters.clone();
    form.extend(choices.iter().map(|(name, value)| (*name, (*value).to_owned())));
    let answer = stand
        .client
        .post(format!("{}/oauth/authorize", stand.emulator.url()))
        .form(&form)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 302, "{}", answer.text().await.unwrap());
    let target = Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
    assert!(target.as_str().starts_with(BACK));
    target.query_pairs().into_owned().collect()
}

async fn token(stand: &Stand, form: &[(&str, &str)]) -> Response {
    let mut form = form.to_vec();
    form.extend([
        ("client_id", stand.emulator.client_id()),
        ("client_secret", stand.emulator.client_secret()),
    ]);
    stand
        .client
        .post(format!("{}/oauth/token", stand.emulator.url()))
        .form(&form)
        .send()
        .await
        .unwrap()
}

async fn exchange(stand: &Stand, code: &str, redirect_uri: &str) -> Response {
    token(
        stand,
        &[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect_uri),
        ],
    )
    .await
}

async fn refresh(stand: &Stand, refresh_token: &str) -> Response {
    token(
        stand,
        &[("grant_type", "refresh_token"), ("refresh_token", refresh_token)],
    )
    .await
}

async fn opens(stand: &Stand, access_token: &Value) -> u16 {
    stand
        .bare(EMPLOYEES)
        .bearer_auth(access_token.as_str().unwrap())
        .send()
        .await
        .unwrap()
        .status()
        .as_u16()
}

async fn refused(answer: Response, status: u16, error: &str) {
    assert_eq!(answer.status(), status);
    let body = body_of(answer).await;
    assert_eq!(body["error"], error);
    assert!(body["error_description"].is_string());
}

#[tokio::test]
async fn the_page_asks_and_allow_leads_back_with_a_code_and_the_state() {
    let stand = stand(20).await;
    let shown = page(&stand, &asked(&stand)).await;
    assert_eq!(shown.status(), 200);
    let html = shown.text().await.unwrap();
    assert!(html.contains(">Allow<") && html.contains(">Deny<") && html.contains("opaque &amp; odd"));
    let back = decide(&stand, &asked(&stand), &[("decision", "allow")]).await;
    assert_eq!((back["state"].as_str(), back["from"].as_str()), ("opaque & odd", "hr"));
    assert!(!back["code"].is_empty());
}

#[tokio::test]
async fn deny_leads_back_with_access_denied_and_the_state() {
    let stand = stand(20).await;
    let back = decide(&stand, &asked(&stand), &[("decision", "deny")]).await;
    assert_eq!(
        (back["error"].as_str(), back["state"].as_str()),
        ("access_denied", "opaque & odd")
    );
    assert!(!back.contains_key("code"));
}

#[tokio::test]
async fn state_is_optional() {
    let stand = stand(20).await;
    let mut without = asked(&stand);
    without.remove("state");
    assert!(
        !decide(&stand, &without, &[("decision", "allow")])
            .await
            .contains_key("state")
    );
}

#[tokio::test]
async fn scope_is_optional_where_the_application_has_preset_ones() {
    let stand = stand(20).await;
    let mut without = asked(&stand);
    without.remove("scope");
    let back = decide(&stand, &without, &[("decision", "allow")]).await;
    let tokens = json_of(exchange(&stand, &back["code"], BACK).await).await;
    assert_eq!(tokens["scope"], "read write");
}

#[tokio::test]
async fn an_unknown_client_or_a_bad_redirect_is_a_page_and_never_a_redirect() {
    let stand = stand_with(Options {
        redirect_uris: vec![BACK.to_owned()],
        ..options(5)
    })
    .await;
    assert_eq!(page(&stand, &asked(&stand)).await.status(), 200);
    for (name, value) in [
        ("client_id", "somebody"),
        ("redirect_uri", "https://evil.example/"),
        ("redirect_uri", "javascript:alert(1)"),
    ] {
        let mut bad = asked(&stand);
        bad.insert(name, value.to_owned());
        assert_eq!(page(&stand, &bad).await.status(), 400, "{value}");
    }
}

#[tokio::test]
async fn a_response_type_other_than_code_is_told_to_the_application() {
    let stand = stand(5).await;
    let mut implicit = asked(&stand);
    implicit.insert("response_type", "token".to_owned());
    let answer = page(&stand, &implicit).await;
    assert_eq!(answer.status(), 302);
    assert!(
        answer.headers()["location"]
            .to_str()
            .unwrap()
            .contains("error=unsupported_response_type")
    );
}

#[tokio::test]
async fn a_code_becomes_a_bearer_token_of_an_hour_with_a_refresh_token() {
    let stand = stand(20).await;
    let back = decide(&stand, &asked(&stand), &[("decision", "allow")]).await;
    let answer = exchange(&stand, &back["code"], BACK).await;
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let tokens = json_of(answer).await;
    assert_eq!(
        (&tokens["token_type"], &tokens["expires_in"], &tokens["scope"]),
        (&json!("Bearer"), &json!(3600), &json!("read"))
    );
    assert!(tokens["refresh_token"].is_string() && tokens["created_at"].is_i64());
    assert_eq!(opens(&stand, &tokens["access_token"]).await, 200);
}

#[tokio::test]
async fn a_code_can_be_exchanged_once() {
    let stand = stand(20).await;
    let back = decide(&stand, &asked(&stand), &[("decision", "allow")]).await;
    json_of(exchange(&stand, &back["code"], BACK).await).await;
    refused(exchange(&stand, &back["code"], BACK).await, 400, "invalid_grant").await;
}

#[tokio::test]
async fn the_redirect_uri_must_be_exactly_that_of_the_request() {
    let stand = stand(20).await;
    let back = decide(&stand, &asked(&stand), &[("decision", "allow")]).await;
    refused(
        exchange(&stand, &back["code"], "https://app.example/callback").await,
        400,
        "invalid_grant",
    )
    .await;
    json_of(exchange(&stand, &back["code"], BACK).await).await;
}

#[tokio::test]
async fn the_token_endpoint_reads_forms_with_the_credentials_in_the_body() {
    let stand = stand(5).await;
    let url = format!("{}/oauth/token", stand.emulator.url());
    let body = json!({"client_id": stand.emulator.client_id(), "client_secret": stand.emulator.client_secret(), "grant_type": "refresh_token", "refresh_token": "x"});
    refused(
        with_json(stand.client.post(&url), &body).send().await.unwrap(),
        400,
        "invalid_request",
    )
    .await;
    let stranger = [
        ("client_id", stand.emulator.client_id()),
        ("client_secret", "wrong"),
        ("grant_type", "refresh_token"),
        ("refresh_token", "x"),
    ];
    refused(
        stand.client.post(&url).form(&stranger).send().await.unwrap(),
        401,
        "invalid_client",
    )
    .await;
    refused(
        token(&stand, &[("grant_type", "password")]).await,
        400,
        "unsupported_grant_type",
    )
    .await;
    refused(token(&stand, &[]).await, 400, "invalid_request").await;
    refused(refresh(&stand, "invented").await, 400, "invalid_grant").await;
}

#[tokio::test]
async fn every_refresh_brings_a_new_refresh_token_and_the_first_use_ends_the_old_one() {
    let stand = stand(20).await;
    let first = stand.emulator.user_tokens(PermissionGroup::administrator()).unwrap();
    let old = first.refresh_token.unwrap();
    let lost = json_of(refresh(&stand, &old).await).await;
    let second = json_of(refresh(&stand, &old).await).await;
    assert_ne!(lost["refresh_token"], second["refresh_token"]);
    assert_eq!(opens(&stand, &second["access_token"]).await, 200);
    refused(refresh(&stand, &old).await, 400, "invalid_grant").await;
    json_of(refresh(&stand, second["refresh_token"].as_str().unwrap()).await).await;
}

#[tokio::test]
async fn an_access_token_ends_after_its_hour_and_a_refresh_token_after_its_week() {
    let stand = stand(20).await;
    let tokens = stand.emulator.user_tokens(PermissionGroup::administrator()).unwrap();
    let quiet = json!({"churn": false});
    assert_eq!(opens(&stand, &json!(tokens.access_token)).await, 200);
    stand.control(Method::POST, "day", quiet.clone()).await;
    assert_eq!(opens(&stand, &json!(tokens.access_token)).await, 401);
    for _ in 0..5 {
        stand.control(Method::POST, "day", quiet.clone()).await;
    }
    let renewed = json_of(refresh(&stand, tokens.refresh_token.as_ref().unwrap()).await).await;
    for _ in 0..7 {
        stand.control(Method::POST, "day", quiet.clone()).await;
    }
    refused(
        refresh(&stand, renewed["refresh_token"].as_str().unwrap()).await,
        400,
        "invalid_grant",
    )
    .await;
}

#[tokio::test]
async fn access_tokens_can_be_made_to_end_at_once() {
    let stand = stand_with(Options {
        access_token_seconds: 0,
        ..options(5)
    })
    .await;
    let tokens = stand.emulator.user_tokens(PermissionGroup::administrator()).unwrap();
    assert_eq!(tokens.expires_in, Some(0));
    assert_eq!(opens(&stand, &json!(tokens.access_token)).await, 401);
}

#[tokio::test]
async fn a_company_token_does_not_end_and_sees_everything() {
    let stand = stand(30).await;
    let mut company = asked(&stand);
    company.insert("resource_owner_type", "company".to_owned());
    let back = decide(&stand, &company, &[("decision", "allow")]).await;
    let tokens = json_of(exchange(&stand, &back["code"], BACK).await).await;
    assert_eq!(tokens["expires_in"], Value::Null);
    assert!(tokens.get("refresh_token").is_none());
    for _ in 0..9 {
        stand.control(Method::POST, "day", json!({"churn": false})).await;
    }
    let request = stand
        .bare(EMPLOYEES)
        .bearer_auth(tokens["access_token"].as_str().unwrap());
    let people = json_of(request.send().await.unwrap()).await;
    assert_eq!(people["data"], stand.json(EMPLOYEES).await["data"]);
}

#[tokio::test]
async fn only_an_administrator_can_give_a_company_token() {
    let stand = stand(30).await;
    let mut company = asked(&stand);
    company.insert("resource_owner_type", "company".to_owned());
    let back = decide(&stand, &company, &[("decision", "allow"), ("sign_in_as", "Colleague")]).await;
    assert_eq!(back["error"], "access_denied");
}

#[tokio::test]
async fn without_a_resource_owner_type_the_token_is_the_users_and_limited_like_the_user() {
    let stand = stand(30).await;
    let back = decide(
        &stand,
        &asked(&stand),
        &[("decision", "allow"), ("sign_in_as", "Colleague")],
    )
    .await;
    let tokens = json_of(exchange(&stand, &back["code"], BACK).await).await;
    let request = stand
        .bare(EMPLOYEES)
        .bearer_auth(tokens["access_token"].as_str().unwrap());
    assert_eq!(
        json_of(request.send().await.unwrap()).await["data"][0]["birthday_on"],
        Value::Null
    );
}

#[tokio::test]
async fn the_one_who_signs_in_chooses_the_company() {
    let stand = stand_with(Options {
        companies: 2,
        ..options(10)
    })
    .await;
    let back = decide(&stand, &asked(&stand), &[("decision", "allow"), ("company", "1")]).await;
    let tokens = json_of(exchange(&stand, &back["code"], BACK).await).await;
    let request = stand
        .bare("api_public/credentials")
        .bearer_auth(tokens["access_token"].as_str().unwrap());
    let row = json_of(request.send().await.unwrap()).await["data"][0].clone();
    assert_eq!(row["company_id"], stand.emulator.company_id_of(1).unwrap().to_string());
}

#[tokio::test]
async fn the_request_log_keeps_no_codes() {
    let stand = stand(10).await;
    page(&stand, &asked(&stand)).await;
    let log = stand.requests().await;
    assert_eq!(log[0]["path"], "/oauth/authorize");
    assert_eq!(log[0]["query"], Value::Null);
}
