//! Factorial: credentials, permissions and refusals.

use crate::support::{EMPLOYEES, body_of, json_of, options, stand, stand_with, texts, with_json};
use emulators::factorial::{Options, PermissionGroup};
use serde_json::{Value, json};

#[tokio::test]
async fn the_api_key_has_the_form_of_a_jwt_and_goes_bare_into_its_header() {
    let stand = stand(5).await;
    assert!(stand.emulator.api_key().starts_with("eyJ"));
    assert_eq!(stand.emulator.api_key().split('.').count(), 3);
    assert_eq!(stand.status(EMPLOYEES).await, 200);
    let prefixed = stand
        .bare(EMPLOYEES)
        .header("x-api-key", format!("Bearer {}", stand.emulator.api_key()));
    assert_eq!(prefixed.send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn a_missing_wrong_or_malformed_credential_is_a_401() {
    let stand = stand(5).await;
    assert_eq!(stand.bare(EMPLOYEES).send().await.unwrap().status(), 401);
    assert_eq!(
        stand
            .bare(EMPLOYEES)
            .header("x-api-key", "eyJ.wrong.key")
            .send()
            .await
            .unwrap()
            .status(),
        401
    );
    let invented = stand.bare(EMPLOYEES).bearer_auth("invented").send().await.unwrap();
    assert_eq!(invented.status(), 401);
    assert!(
        invented.headers()["www-authenticate"]
            .to_str()
            .unwrap()
            .contains("invalid_token")
    );
    let key_as_bearer = stand.bare(EMPLOYEES).bearer_auth(stand.emulator.api_key());
    assert_eq!(key_as_bearer.send().await.unwrap().status(), 401);
    assert_eq!(
        stand
            .bare(EMPLOYEES)
            .basic_auth("user", Some("word"))
            .send()
            .await
            .unwrap()
            .status(),
        401
    );
}

#[tokio::test]
async fn the_api_key_wins_over_a_bearer_token() {
    let stand = stand(30).await;
    let limited = stand
        .emulator
        .user_tokens(PermissionGroup::colleague())
        .unwrap()
        .access_token;
    let both = json_of(stand.get(EMPLOYEES).bearer_auth(&limited).send().await.unwrap()).await;
    assert!(both["data"][0]["birthday_on"].is_string(), "the key sees all");
    let good = stand.emulator.company_token().unwrap().access_token;
    let wrong_key = stand
        .bare(EMPLOYEES)
        .bearer_auth(good)
        .header("x-api-key", "eyJ.wrong.key");
    assert_eq!(wrong_key.send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn each_company_has_its_own_key_and_people() {
    let stand = stand_with(Options {
        companies: 2,
        ..options(20)
    })
    .await;
    let second = stand.emulator.api_key_of(1).unwrap();
    assert_ne!(second, stand.emulator.api_key());
    let others = json_of(stand.bare(EMPLOYEES).header("x-api-key", second).send().await.unwrap()).await;
    let own = stand.json(EMPLOYEES).await;
    assert_ne!(others["data"][0]["company_id"], own["data"][0]["company_id"]);
    assert_ne!(
        texts(others["data"].as_array().unwrap(), "email"),
        texts(own["data"].as_array().unwrap(), "email")
    );
}

#[tokio::test]
async fn credentials_name_the_company_behind_a_key() {
    let stand = stand(5).await;
    let answer = stand.json("api_public/credentials").await;
    let row = &answer["data"][0];
    assert_eq!(answer["data"].as_array().unwrap().len(), 1);
    assert_eq!(row["company_id"], stand.emulator.company_id_of(0).unwrap().to_string());
    assert!(row["id"].as_str().unwrap().starts_with("api_key-"));
    assert!(row["name"].is_string() && row["legal_name"].is_string() && row["onboarded_on"].is_string());
    assert_eq!(row["employee_id"], Value::Null);
}

#[tokio::test]
async fn credentials_of_a_company_token_name_the_company_and_nobody() {
    let stand = stand(5).await;
    let token = stand.emulator.company_token().unwrap().access_token;
    let request = stand.bare("api_public/credentials").bearer_auth(token);
    let row = json_of(request.send().await.unwrap()).await["data"][0].clone();
    let by_key = stand.json("api_public/credentials").await["data"][0].clone();
    assert!(row["id"].as_str().unwrap().starts_with("company-"));
    assert_eq!(
        (&row["company_id"], &row["name"]),
        (&by_key["company_id"], &by_key["name"])
    );
    assert_eq!(row["employee_id"], Value::Null);
    assert!(row.get("role").is_none());
}

#[tokio::test]
async fn credentials_name_the_user_behind_a_user_token() {
    let stand = stand(30).await;
    let token = stand
        .emulator
        .user_tokens(PermissionGroup::administrator())
        .unwrap()
        .access_token;
    let answer = json_of(
        stand
            .bare("api_public/credentials")
            .bearer_auth(token)
            .send()
            .await
            .unwrap(),
    )
    .await;
    let row = &answer["data"][0];
    assert_eq!(row["id"], format!("access-{}", row["employee_id"].as_str().unwrap()));
    assert_eq!(row["role"], "Administrator");
    assert!(row["full_name"].is_string() && row["login_email"].is_string());
}

#[tokio::test]
async fn fields_that_a_user_may_not_see_come_back_null() {
    let stand = stand(30).await;
    let token = stand
        .emulator
        .user_tokens(PermissionGroup::colleague())
        .unwrap()
        .access_token;
    let get = |path: &str| stand.bare(path).bearer_auth(&token).send();
    let people = json_of(get(EMPLOYEES).await.unwrap()).await;
    for row in people["data"].as_array().unwrap() {
        for hidden in [
            "birthday_on",
            "personal_email",
            "bank_number",
            "social_security_number",
            "address_line_1",
            "phone_number",
        ] {
            assert_eq!(row.get(hidden), Some(&Value::Null), "{hidden}");
        }
        assert!(row["first_name"].is_string());
    }
    let contracts = json_of(get("contracts/reference_contracts").await.unwrap()).await;
    assert!(
        contracts["data"]
            .as_array()
            .unwrap()
            .iter()
            .all(|row| row["salary_amount"].is_null() && row["job_title"].is_string())
    );
}

#[tokio::test]
async fn people_whom_a_user_may_not_see_are_missing_with_totals_that_agree() {
    let stand = stand(60).await;
    let token = stand
        .emulator
        .user_tokens(PermissionGroup::team_lead())
        .unwrap()
        .access_token;
    let get = |path: String| stand.bare(&path).bearer_auth(&token).send();
    let people = json_of(get(EMPLOYEES.to_owned()).await.unwrap()).await;
    let rows = people["data"].as_array().unwrap();
    assert!(rows.len() < 60 && people["meta"]["total"] == rows.len());
    let seen = texts(rows, "id");
    let hidden = stand
        .all(EMPLOYEES)
        .await
        .into_iter()
        .find(|row| !seen.contains(&row["id"].as_str().unwrap()))
        .unwrap();
    assert_eq!(
        get(format!("{EMPLOYEES}/{}", hidden["id"].as_str().unwrap()))
            .await
            .unwrap()
            .status(),
        404
    );
    let contracts = json_of(get("contracts/reference_contracts".to_owned()).await.unwrap()).await;
    assert_eq!(contracts["meta"]["total"], rows.len());
}

#[tokio::test]
async fn a_resource_that_a_user_may_not_read_is_a_403() {
    let stand = stand(10).await;
    let token = stand
        .emulator
        .user_tokens(PermissionGroup::colleague())
        .unwrap()
        .access_token;
    let answer = stand
        .bare("contracts/compensations")
        .bearer_auth(token)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 403);
    assert_eq!(stand.status("contracts/compensations").await, 200);
}

#[tokio::test]
async fn one_employee_is_the_bare_object_and_the_same_as_in_the_list() {
    let stand = stand(10).await;
    let row = stand.json(EMPLOYEES).await["data"][3].clone();
    assert_eq!(
        stand
            .json(&format!("{EMPLOYEES}/{}", row["id"].as_str().unwrap()))
            .await,
        row
    );
}

#[tokio::test]
async fn unknown_paths_and_records_are_404() {
    let stand = stand(5).await;
    for path in [
        "employees/employees/1",
        "employees/employees/none",
        "employees/unicorns",
        "unicorns",
        "teams/teams/999999",
    ] {
        assert_eq!(stand.status(path).await, 404, "{path}");
    }
    let outside = stand.client.get(format!("{}/wp-admin", stand.emulator.url()));
    assert_eq!(
        outside
            .header("x-api-key", stand.emulator.api_key())
            .send()
            .await
            .unwrap()
            .status(),
        404
    );
}

#[tokio::test]
async fn there_is_no_plain_post_of_an_employee() {
    let stand = stand(5).await;
    let post = stand
        .client
        .post(stand.resource_url("2026-10-01", EMPLOYEES))
        .header("x-api-key", stand.emulator.api_key());
    assert_eq!(
        with_json(post, &json!({"first_name": "A"}))
            .send()
            .await
            .unwrap()
            .status(),
        404
    );
}

#[tokio::test]
async fn a_parameter_that_cannot_be_read_is_a_400_that_names_it() {
    let stand = stand(5).await;
    for (path, name) in [
        ("employees/employees?updated_at_gteq=yesterday", "updated_at_gteq"),
        ("employees/employees?only_active=perhaps", "only_active"),
        ("employees/employees?limit=many", "limit"),
        ("employees/employees?after_id=%25%25", "after_id"),
        ("contracts/contract_versions?date=2026-02-30", "date"),
        ("contracts/contracts?starts_on=soon", "starts_on"),
    ] {
        let answer = stand.get(path).send().await.unwrap();
        assert_eq!(answer.status(), 400, "{path}");
        let body = body_of(answer).await;
        assert!(body["errors"][name].is_array(), "{body}");
    }
}

#[tokio::test]
async fn employees_carry_no_team_job_salary_or_start_date() {
    let row = stand(5).await.json(EMPLOYEES).await["data"][0].clone();
    for absent in [
        "team",
        "team_ids",
        "job_title",
        "salary_amount",
        "starts_on",
        "start_date",
    ] {
        assert!(row.get(absent).is_none(), "{absent}");
    }
    assert_eq!(row.as_object().unwrap().len(), 54);
}

#[tokio::test]
async fn the_email_is_the_work_address_and_never_the_personal_one() {
    let stand = stand(40).await;
    for row in stand.all(EMPLOYEES).await {
        assert_eq!(row["email"], row["login_email"]);
        assert!(row["email"].is_null() || row["email"] != row["personal_email"]);
    }
}

#[tokio::test]
async fn someone_is_inactive_only_once_the_last_day_has_passed() {
    let stand = stand(60).await;
    for row in stand.all(EMPLOYEES).await {
        let passed = row["terminated_on"]
            .as_str()
            .is_some_and(|last_day| last_day < "2026-11-20");
        assert_eq!(row["active"], json!(!passed));
        assert_eq!(
            row["is_terminating"],
            json!(!passed && row["terminated_on"].is_string())
        );
    }
}

#[tokio::test]
async fn the_introduction_names_address_and_credentials_and_what_to_try() {
    let stand = stand(5).await;
    let text = stand.emulator.introduction();
    let emulator = &stand.emulator;
    for part in [
        emulator.url().as_str(),
        emulator.api_key(),
        emulator.client_id(),
        emulator.client_secret(),
        "resources/employees/employees?limit=2",
        "/_emulator/people",
        "/_emulator/day",
        "/_emulator/requests",
        "/_emulator/break",
        "/oauth/authorize?client_id=",
    ] {
        assert!(text.contains(part), "{part}");
    }
}
