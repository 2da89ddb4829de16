//! Whose people they are: Factorial says it of every credential, and of every person.

use rollcall::{roster::Completeness, source::Class};
use serde_json::json;

use crate::support::{Hr, named};

#[tokio::test]
async fn r01_identify_names_the_company_of_the_credential() {
    let hr = Hr::start(20).await;
    let company = named(hr.open(hr.key()).as_ref()).await.unwrap();
    assert_eq!(company.id.as_str(), hr.running.company_id_of(0).unwrap().to_string());
    assert!(!company.name.is_empty());
}

#[tokio::test]
async fn r01_another_company_behind_the_same_key_is_foreign() {
    let hr = Hr::start(20).await;
    let before = hr.read().await;
    hr.arm(json!({"mode": "other_company"})).await;
    let read = hr.read().await;
    assert_eq!(read.judge(Some(&before)), Completeness::Foreign);
}

#[tokio::test]
async fn r01_another_company_in_the_middle_of_a_read_breaks_it() {
    let hr = Hr::start(20).await;
    let before = hr.read().await;
    hr.arm(json!({"mode": "other_company", "path": "employees/employees"}))
        .await;
    let read = hr.read().await;
    read.assert_broken(&before, &[Class::Malformed]);
    assert_eq!(read.roster.header.employees, 0);
}
