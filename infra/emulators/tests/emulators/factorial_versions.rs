//! Factorial: the dated versions and what each brought.

use crate::support::{EMPLOYEES, stand};
use serde_json::Value;

#[tokio::test]
async fn ids_are_text_from_july_2026_on_and_integers_before() {
    let stand = stand(20).await;
    for version in ["2026-07-01", "2026-10-01"] {
        let row = stand.json_at(version, EMPLOYEES).await["data"][1].clone();
        for member in ["id", "access_id", "company_id", "legal_entity_id", "manager_id"] {
            assert!(row[member].is_string() || row[member].is_null(), "{version} {member}");
        }
    }
    for version in ["2025-10-01", "2026-01-01", "2026-04-01"] {
        let row = stand.json_at(version, EMPLOYEES).await["data"][1].clone();
        assert!(row["id"].is_u64() && row["company_id"].is_u64(), "{version}");
    }
}

#[tokio::test]
async fn an_unsupported_version_gets_the_oldest_supported_schema() {
    let stand = stand(20).await;
    let oldest = stand.json_at("2025-10-01", EMPLOYEES).await;
    for version in ["2024-10-01", "2019-02-03", "2031-01-01"] {
        assert_eq!(stand.json_at(version, EMPLOYEES).await, oldest, "{version}");
    }
}

#[tokio::test]
async fn a_version_that_is_no_date_is_an_unknown_path() {
    let stand = stand(5).await;
    for version in ["v2", "latest", "2026-13-01", "20261001"] {
        let url = stand.resource_url(version, EMPLOYEES);
        let answer = stand
            .client
            .get(url)
            .header("x-api-key", stand.emulator.api_key())
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 404, "{version}");
    }
}

#[tokio::test]
async fn employees_have_communications_emails_from_july_2026_on() {
    let stand = stand(20).await;
    assert!(
        stand.json_at("2026-04-01", EMPLOYEES).await["data"][0]
            .get("communications_email")
            .is_none()
    );
    let row = stand.json_at("2026-07-01", EMPLOYEES).await["data"][0].clone();
    assert_eq!(row["communications_email"], row["email"]);
    assert_eq!(row.get("unconfirmed_communications_email"), Some(&Value::Null));
}

#[tokio::test]
async fn contract_versions_name_their_currency_and_contract_from_october_2026_on() {
    let stand = stand(20).await;
    let path = "contracts/contract_versions";
    let older = stand.json_at("2026-07-01", path).await["data"][0].clone();
    assert!(older.get("salary_currency").is_none() && older.get("contracts_contract_id").is_none());
    // The vendor's own client takes an object or nothing there.
    assert!(older.get("version_data").is_none());
    let newer = stand.json_at("2026-10-01", path).await["data"][0].clone();
    assert!(newer["salary_currency"].is_string() && newer["contracts_contract_id"].is_string());
}

#[tokio::test]
async fn contracts_came_with_october_2026() {
    let stand = stand(5).await;
    assert_eq!(stand.status("contracts/contracts").await, 200);
    let older = stand
        .client
        .get(stand.resource_url("2026-07-01", "contracts/contracts"));
    assert_eq!(
        older
            .header("x-api-key", stand.emulator.api_key())
            .send()
            .await
            .unwrap()
            .status(),
        404
    );
}
