//! BambooHR: addresses, keys, OAuth, scopes and refusals.

use crate::any::header;
use crate::bamboohr_support::{Bamboo, bamboo, bamboo_with};
use crate::support::json_of;
use emulators::PermissionGroup;
use reqwest::{Method, Response};
use serde_json::{Value, json};
use url::Url;

const BACK: &str = "https://app.example/callback";

#[tokio::test]
async fn both_forms_of_the_address_answer_alike() {
    let stand = bamboo(10).await;
    let site = stand.0.running.site_of(0).unwrap();
    let own = stand.json("v1/meta/fields").await;
    assert_eq!(stand.json(&format!("gateway.php/{site}/v1/meta/fields")).await, own);
}

#[tokio::test]
async fn a_slash_at_the_end_of_a_path_is_let_pass() {
    assert_eq!(bamboo(5).await.status("v1/meta/fields/").await, 200);
}

#[tokio::test]
async fn the_key_is_the_user_name_of_basic_with_any_password() {
    let stand = bamboo(5).await;
    assert!(stand.key().len() == 40 && stand.key().bytes().all(|byte| byte.is_ascii_hexdigit()));
    for password in ["x", "", "anything: at all"] {
        let request = stand
            .0
            .bare(Method::GET, "/api/v1/meta/fields")
            .basic_auth(stand.key(), Some(password));
        assert_eq!(request.send().await.unwrap().status(), 200, "{password}");
    }
}

#[tokio::test]
async fn a_missing_or_bad_key_is_a_401_with_its_text_in_a_header_and_no_body() {
    let stand = bamboo(5).await;
    let bare = stand.0.bare(Method::GET, "/api/v1/meta/fields").send().await.unwrap();
    let wrong = stand.get_as("0123", "v1/meta/fields").send().await.unwrap();
    for answer in [bare, wrong] {
        assert_eq!(answer.status(), 401);
        assert!(!header(&answer, "x-bamboohr-error-message").is_empty());
        assert_eq!(answer.text().await.unwrap(), "");
    }
}

#[tokio::test]
async fn an_unknown_company_is_a_404_and_without_a_key_a_401() {
    let stand = bamboo(5).await;
    let path = "gateway.php/no-such-company/v1/meta/fields";
    assert_eq!(stand.status(path).await, 404);
    let bare = stand.0.bare(Method::GET, &format!("/api/{path}")).send().await.unwrap();
    assert_eq!(bare.status(), 401);
}

#[tokio::test]
async fn a_key_does_not_open_another_company() {
    let stand = bamboo_with(|options| options.companies = 2).await;
    let other = stand.0.running.site_of(1).unwrap();
    let path = format!("gateway.php/{other}/v1/meta/fields");
    assert_eq!(stand.status(&path).await, 401);
    let key = stand.0.running.api_key_of(1).unwrap();
    assert_eq!(stand.get_as(key, &path).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_key_sees_what_its_owner_sees_and_the_answer_is_still_a_200() {
    let stand = bamboo(60).await;
    let fields = json!({"fields": ["firstName", "payRate", "dateOfBirth"]});
    let lead = stand.0.running.api_key_as("Team lead").unwrap();
    let answer = json_of(stand.report_as(lead, "format=json", &fields).await).await;
    let rows = answer["employees"].as_array().unwrap();
    assert!(!rows.is_empty() && rows.len() < 30);
    assert!(
        rows.iter()
            .all(|row| row.get("payRate").is_none() && row["firstName"].is_string())
    );
    let columns: Vec<&str> = answer["fields"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"].as_str().unwrap())
        .collect();
    assert_eq!(columns, ["firstName"]);
}

#[tokio::test]
async fn the_company_is_named_by_its_information() {
    let stand = bamboo(5).await;
    let own = stand.json("v1/company_information").await;
    assert!(own["legalName"].is_string() && own["displayName"].is_string() && own["phone"].is_string());
    assert!(own["address"]["city"].is_string() && own["address"]["zip"].is_string());
    stand.0.break_with(json!({"mode": "other_company"})).await;
    assert_ne!(
        stand.json("v1/company_information").await["legalName"],
        own["legalName"]
    );
}

#[tokio::test]
async fn every_answer_has_the_id_of_its_request_and_keeps_the_callers() {
    let stand = bamboo(5).await;
    let answer = stand.get("v1/meta/fields").send().await.unwrap();
    assert!(!header(&answer, "x-request-id").is_empty());
    let own = stand
        .get("v1/nowhere")
        .header("x-request-id", "mine-7")
        .send()
        .await
        .unwrap();
    assert_eq!(
        (own.status().as_u16(), header(&own, "x-request-id").as_str()),
        (404, "mine-7")
    );
}

#[tokio::test]
async fn throttling_is_a_429_that_says_when_to_come_back() {
    let stand = bamboo_with(|options| options.requests_per_minute = Some(2)).await;
    assert_eq!(
        [
            stand.status("v1/meta/fields").await,
            stand.status("v1/meta/fields").await
        ],
        [200, 200]
    );
    let answer = stand.get("v1/meta/fields").send().await.unwrap();
    assert_eq!(answer.status(), 429);
    assert!(header(&answer, "retry-after").parse::<u64>().is_ok());
    assert!(!header(&answer, "x-bamboohr-error-message").is_empty());
}

#[tokio::test]
async fn failed_log_ins_use_the_allowance_up_too() {
    let stand = bamboo_with(|options| options.requests_per_minute = Some(2)).await;
    for _ in 0..2 {
        assert_eq!(
            stand.get_as("wrong", "v1/meta/fields").send().await.unwrap().status(),
            401
        );
    }
    assert_eq!(stand.status("v1/meta/fields").await, 429);
}

async fn code(stand: &Bamboo, scope: &str) -> String {
    let form = [
        ("client_id", stand.0.running.client_id()),
        ("redirect_uri", BACK),
        ("response_type", "code"),
        ("scope", scope),
        ("state", "s"),
        ("decision", "allow"),
    ];
    let request = stand
        .0
        .bare(Method::POST, "/authorize.php?request=authorize")
        .form(&form);
    let answer = request.send().await.unwrap();
    let back = Url::parse(&header(&answer, "location")).unwrap();
    let found = back.query_pairs().find(|(name, _)| name == "code" || name == "error");
    found.unwrap().1.into_owned()
}

async fn token(stand: &Bamboo, form: &[(&str, &str)]) -> Response {
    let mut form = form.to_vec();
    form.push(("client_id", stand.0.running.client_id()));
    form.push(("client_secret", stand.0.running.client_secret()));
    stand
        .0
        .bare(Method::POST, "/token.php?request=token")
        .form(&form)
        .send()
        .await
        .unwrap()
}

async fn exchange(stand: &Bamboo, scope: &str) -> Value {
    let code = code(stand, scope).await;
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", BACK),
    ];
    json_of(token(stand, &form).await).await
}

#[tokio::test]
async fn the_page_is_asked_with_a_request_and_its_form_leads_back_there() {
    let stand = bamboo(5).await;
    let path = format!(
        "/authorize.php?request=authorize&response_type=code&client_id={}&redirect_uri={BACK}&scope=report",
        stand.0.running.client_id()
    );
    let html = stand
        .0
        .bare(Method::GET, &path)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(html.contains(">Allow<") && html.contains("action=\"/authorize.php?request=authorize\""));
}

#[tokio::test]
async fn a_code_becomes_a_token_of_an_hour_that_names_the_company() {
    let stand = bamboo(10).await;
    let tokens = exchange(&stand, "openid report offline_access").await;
    assert_eq!(
        (&tokens["expires_in"], &tokens["token_type"]),
        (&json!(3600), &json!("Bearer"))
    );
    assert_eq!(tokens["companyDomain"], stand.0.running.site_of(0).unwrap());
    assert!(tokens["id_token"].is_string() && tokens["refresh_token"].is_string());
    assert_eq!(tokens["scope"], "openid report offline_access");
}

#[tokio::test]
async fn a_refresh_token_comes_only_with_offline_access_and_an_id_token_only_with_openid() {
    let stand = bamboo(10).await;
    let tokens = exchange(&stand, "report").await;
    assert!(tokens.get("refresh_token").is_none() && tokens.get("id_token").is_none());
    assert_eq!(code(&stand, "everything").await, "invalid_scope");
}

#[tokio::test]
async fn a_refresh_may_keep_the_old_refresh_token_or_bring_a_new_one() {
    let stand = bamboo(10).await;
    let first = exchange(&stand, "report offline_access").await;
    let old = first["refresh_token"].as_str().unwrap();
    let refresh = async |refresh_token: &str| {
        token(
            &stand,
            &[("grant_type", "refresh_token"), ("refresh_token", refresh_token)],
        )
        .await
    };
    let kept = json_of(refresh(old).await).await;
    assert!(kept.get("refresh_token").is_none() && kept["access_token"].is_string());
    let replaced = json_of(refresh(old).await).await;
    let new = replaced["refresh_token"].as_str().unwrap();
    let opened = stand
        .with_token(replaced["access_token"].as_str().unwrap(), "v1_2/datasets")
        .await;
    assert_eq!(opened.status(), 200);
    assert_eq!(refresh(old).await.status(), 400);
    assert_eq!(refresh(new).await.status(), 200);
}

#[tokio::test]
async fn a_scope_that_a_token_lacks_is_a_403() {
    let stand = bamboo(10).await;
    let tokens = exchange(&stand, "report").await;
    let token = tokens["access_token"].as_str().unwrap();
    for (path, status) in [
        ("v1_2/datasets", 200),
        ("v1/company_information", 403),
        ("v1/employees/directory", 403),
        ("v1/meta/fields", 403),
        ("v1/meta/users", 403),
        ("v1/employees/changed?since=2020-01-01T00:00:00Z", 403),
    ] {
        assert_eq!(stand.with_token(token, path).await.status(), status, "{path}");
    }
    let all = exchange(&stand, "public.integration").await;
    let token = all["access_token"].as_str().unwrap();
    assert_eq!(stand.with_token(token, "v1/company_information").await.status(), 200);
}

#[tokio::test]
async fn the_list_of_employees_and_the_workplaces_take_tokens_only() {
    let stand = bamboo(10).await;
    let token = stand.token();
    for path in ["v1/employees", "v1/hris/org/locations"] {
        assert_eq!(stand.status(path).await, 403, "{path}");
        assert_eq!(stand.with_token(&token, path).await.status(), 200, "{path}");
    }
}

#[tokio::test]
async fn a_tokens_owner_limits_what_it_shows() {
    let stand = bamboo(30).await;
    let tokens = stand.0.running.user_tokens(PermissionGroup::colleague()).unwrap();
    let answer = stand.with_token(&tokens.access_token, "v1/employees/directory").await;
    let rows = json_of(answer).await["employees"].clone();
    assert!(rows[0].get("mobilePhone").is_none() && rows[0]["firstName"].is_string());
}
