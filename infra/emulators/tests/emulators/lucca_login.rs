//! Lucca: the two ways to log in, the shared allowance, and refusals.

use crate::any::header;
use crate::lucca_support::{lucca, lucca_with};
use crate::support::{body_of, json_of};
use reqwest::Method;
use serde_json::{Value, json};

const ALL: &str = "/api/v3/users?fields=id";

#[tokio::test]
async fn a_key_is_a_guid_behind_the_words_lucca_application() {
    let stand = lucca(5).await;
    let key = stand.0.running.api_key();
    assert_eq!(key.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
    assert_eq!(stand.old_status(ALL).await, 200);
    for given in [
        key.to_owned(),
        format!("Bearer {key}"),
        format!("lucca {key}"),
        "lucca application=wrong".to_owned(),
    ] {
        let answer = stand
            .0
            .bare(Method::GET, ALL)
            .header("authorization", &given)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 401, "{given}");
        let body = body_of(answer).await;
        assert_eq!(body["Status"], 401);
        assert!(body["Message"].is_string());
    }
}

#[tokio::test]
async fn a_client_gets_tokens_of_half_an_hour_without_a_refresh_token() {
    let stand = lucca(5).await;
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", stand.0.running.client_id()),
        ("client_secret", stand.0.running.client_secret()),
        ("scope", "employees.readonly departments.readonly"),
    ];
    let tokens = json_of(stand.token_request(&form).await).await;
    assert_eq!(
        (&tokens["expires_in"], &tokens["token_type"]),
        (&json!(1800), &json!("Bearer"))
    );
    assert!(tokens.get("refresh_token").is_none());
    assert_eq!(tokens["scope"], "employees.readonly departments.readonly");
}

#[tokio::test]
async fn a_token_request_that_cannot_be_granted_says_why() {
    let stand = lucca(5).await;
    let (id, secret) = (stand.0.running.client_id(), stand.0.running.client_secret());
    for (form, error) in [
        (
            vec![
                ("grant_type", "client_credentials"),
                ("client_id", id),
                ("client_secret", "wrong"),
            ],
            "invalid_client",
        ),
        (
            vec![
                ("grant_type", "client_credentials"),
                ("client_id", id),
                ("client_secret", secret),
                ("scope", "everything"),
            ],
            "invalid_scope",
        ),
        (
            vec![
                ("grant_type", "refresh_token"),
                ("client_id", id),
                ("client_secret", secret),
            ],
            "unsupported_grant_type",
        ),
    ] {
        let answer = stand.token_request(&form).await;
        assert_eq!(answer.status(), 400);
        assert_eq!(body_of(answer).await["error"], error);
    }
}

#[tokio::test]
async fn a_token_ends_after_its_half_hour() {
    let stand = lucca(5).await;
    let token = stand.token("").await;
    assert_eq!(stand.modern_as(&token, "employees").send().await.unwrap().status(), 200);
    stand.0.control(Method::POST, "day", json!({"churn": false})).await;
    assert_eq!(stand.modern_as(&token, "employees").send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn each_company_has_a_client_of_its_own() {
    let stand = lucca_with(|options| options.companies = 2).await;
    let (id, secret) = stand.0.running.client_of(1).unwrap();
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", id),
        ("client_secret", secret),
    ];
    let tokens = json_of(stand.token_request(&form).await).await;
    let token = tokens["access_token"].as_str().unwrap();
    let others = json_of(stand.modern_as(token, "legal-entities").send().await.unwrap()).await;
    assert_ne!(others["items"], stand.modern("legal-entities").await["items"]);
}

#[tokio::test]
async fn neither_api_takes_the_credential_of_the_other() {
    let stand = lucca(5).await;
    let token = stand.token("").await;
    let old = stand.0.bare(Method::GET, ALL).bearer_auth(&token).send().await.unwrap();
    assert_eq!(old.status(), 401);
    for given in [
        format!("lucca application={}", stand.0.running.api_key()),
        format!("Bearer {}", stand.0.running.api_key()),
    ] {
        let request = stand
            .0
            .bare(Method::GET, "/lucca-api/employees")
            .header("authorization", given);
        let answer = request.header("api-version", "2024-11-01").send().await.unwrap();
        assert_eq!(answer.status(), 401);
        assert_eq!(header(&answer, "content-type"), "application/problem+json");
    }
}

#[tokio::test]
async fn the_newer_api_wants_its_version_on_every_call_and_says_it() {
    let stand = lucca(5).await;
    let token = stand.token("").await;
    for version in [None, Some("2023-01-01")] {
        let mut request = stand.0.bare(Method::GET, "/lucca-api/employees").bearer_auth(&token);
        if let Some(version) = version {
            request = request.header("api-version", version);
        }
        assert_eq!(request.send().await.unwrap().status(), 400, "{version:?}");
    }
    let answer = stand.modern_as(&token, "employees").send().await.unwrap();
    assert_eq!(header(&answer, "api-version"), "2024-11-01");
}

#[tokio::test]
async fn each_collection_has_a_scope_and_without_it_a_403() {
    let stand = lucca(5).await;
    let token = stand.token("employees.readonly").await;
    for (path, status) in [
        ("employees", 200),
        ("employments", 403),
        ("job-positions", 403),
        ("employee-personal-records", 403),
        ("departments", 403),
        ("business-establishments", 403),
        ("legal-entities", 403),
        ("employee-attributes", 403),
    ] {
        let answer = stand.modern_as(&token, path).send().await.unwrap();
        assert_eq!(answer.status(), status, "{path}");
    }
    let writer = stand.token("employees.readwrite").await;
    assert_eq!(
        stand.modern_as(&writer, "employees").send().await.unwrap().status(),
        200
    );
}

#[tokio::test]
async fn fifty_requests_a_minute_are_shared_by_everything_of_a_company() {
    let stand = lucca_with(|options| options.requests_per_minute = None).await;
    for number in 0..25 {
        assert_eq!(stand.old_status(ALL).await, 200, "{number}");
        assert_eq!(stand.modern_answer("employees?limit=1").await.status(), 200, "{number}");
    }
    let refused = stand.modern_answer("employees?limit=1").await;
    assert_eq!(refused.status(), 429);
    assert!(header(&refused, "retry-after").parse::<u64>().unwrap() <= 60);
    assert_eq!(body_of(refused).await["status"], 429);
    assert_eq!(stand.old_status(ALL).await, 429);
}

#[tokio::test]
async fn an_allowance_belongs_to_one_company() {
    let stand = lucca_with(|options| (options.companies, options.requests_per_minute) = (2, Some(1))).await;
    assert_eq!([stand.old_status(ALL).await, stand.old_status(ALL).await], [200, 429]);
    let key = stand.0.running.api_key_of(1).unwrap();
    assert_eq!(stand.old_as(key, ALL).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn errors_of_the_newer_api_are_problems_that_name_the_member() {
    let stand = lucca(5).await;
    for (path, member) in [
        ("employees?limit=101", "limit"),
        ("employees?limit=0", "limit"),
        ("employees?page=nowhere", "page"),
        ("employees?page=!nowhere", "page"),
        ("employees?sort=shoeSize", "sort"),
        ("employees?status=perhaps", "status"),
        (
            "employees?applicableEmployment.startsOn.between=2024",
            "applicableEmployment.startsOn.between",
        ),
        ("employees?updatedSince=2024-01-01", "query"),
        ("employee-attributes?applicability.asOf=soon", "applicability.asOf"),
    ] {
        let answer = stand.modern_answer(path).await;
        assert_eq!(answer.status(), 400, "{path}");
        let body = body_of(answer).await;
        assert!(body["errors"][member].is_array(), "{body}");
        assert_eq!((&body["status"], body["title"].is_string()), (&json!(400), true));
    }
    assert_eq!(stand.modern_answer("unicorns").await.status(), 404);
    assert_eq!(stand.modern_answer("employees/1").await.status(), 404);
}

#[tokio::test]
async fn an_answer_that_is_known_is_not_sent_again() {
    let stand = lucca(10).await;
    let token = stand.token("").await;
    let first = stand.modern_as(&token, "employees").send().await.unwrap();
    let tag = header(&first, "etag");
    let request = stand.modern_as(&token, "employees").header("if-none-match", &tag);
    let again = request.send().await.unwrap();
    assert_eq!(again.status(), 304);
    assert_eq!(again.text().await.unwrap(), "");
    stand.0.control(Method::POST, "day", json!({})).await;
    let token = stand.token("").await;
    let request = stand.modern_as(&token, "employees").header("if-none-match", &tag);
    assert_eq!(request.send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn headers_of_more_than_eight_kilobytes_are_a_431() {
    let stand = lucca(5).await;
    let token = stand.token("").await;
    let request = stand.modern_as(&token, "employees").header("x-long", "a".repeat(9_000));
    assert_eq!(request.send().await.unwrap().status(), 431);
}

#[tokio::test]
async fn employees_are_read_only() {
    let stand = lucca(5).await;
    let token = stand.token("").await;
    let request = stand.0.bare(Method::POST, "/lucca-api/employees").bearer_auth(&token);
    let answer = request.header("api-version", "2024-11-01").send().await.unwrap();
    assert_eq!(answer.status(), 405);
}

#[tokio::test]
async fn a_dead_token_is_refused_and_a_new_one_lives() {
    let stand = lucca(5).await;
    let token = stand.token("").await;
    stand.0.break_with(json!({"mode": "token_dies", "after": 0})).await;
    assert_eq!(stand.modern_as(&token, "employees").send().await.unwrap().status(), 401);
    assert_eq!(stand.modern_answer("employees").await.status(), 200);
    assert_eq!(stand.old_status(ALL).await, 401, "keys are refused until mended");
    let log = stand.0.listed("requests").await;
    assert!(
        log.iter()
            .all(|seen| seen["path"] != "/connect/token" || seen["query"] == Value::Null)
    );
}
