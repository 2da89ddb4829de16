//! People without a contract, between two contracts, and without the scope that shows any.

use jiff::tz::TimeZone;
use rollcall::{
    employee::{Canonical, Employee, EmploymentStatus, Field, LastDay},
    http::Method,
};
use serde_json::{Value, json};

use super::support::PayFit;
use crate::support::{Read, now};

const DAYS: [Canonical; 3] = [
    Canonical::StartDate,
    Canonical::TerminationDate,
    Canonical::EmploymentStatus,
];

fn id_of(person: &Value) -> String {
    person["employee_id"].as_str().unwrap().to_owned()
}

fn found(read: &Read, id: &str) -> Employee {
    let people = read.roster.employees().unwrap();
    people.into_iter().find(|person| person.id.as_str() == id).unwrap()
}

fn status(person: &Employee) -> EmploymentStatus {
    person.status_at(now(), LastDay::EndOfLastDay, &TimeZone::UTC)
}

/// Returns the id of a person who has this status.
async fn somebody(hr: &PayFit, status: &str) -> String {
    let truth = hr.0.truth().await;
    id_of(truth.iter().find(|person| person["status"] == status).unwrap())
}

/// Takes the contract of a person away. Returns the id.
async fn release(hr: &PayFit) -> String {
    let id = somebody(hr, "active").await;
    let path = format!("/_emulator/people/{id}");
    hr.0.control(Method::Put, path.leak(), &json!({"start_date": null}))
        .await;
    id
}

#[tokio::test]
async fn r17_an_administrator_without_a_contract_is_listed_and_has_not_begun() {
    let hr = PayFit::start(60).await;
    let administrator = release(&hr).await;
    for credential in [hr.key(), hr.login()] {
        let read = hr.read(credential).await;
        assert!(read.error.is_none(), "{:?}", read.error);
        let person = found(&read, &administrator);
        assert_eq!(status(&person), EmploymentStatus::Upcoming);
        assert_eq!(
            DAYS.map(|attribute| person.attributes.field(attribute)),
            [Field::Unseen, Field::Empty, Field::Value("upcoming")]
        );
        assert_eq!(person.attributes.field(Canonical::JobTitle), Field::Unseen);
        let others = read.roster.employees().unwrap();
        let active = others
            .iter()
            .filter(|person| status(person) == EmploymentStatus::Active);
        assert!(active.count() > 40);
    }
}

#[tokio::test]
async fn r07_without_the_scope_of_contracts_nobodys_days_are_known_and_nobody_leaves_by_any() {
    let hr = PayFit::start(60).await;
    let administrator = release(&hr).await;
    let read = hr.read(hr.key_as("Without contracts of people")).await;
    assert!(read.error.is_none(), "{:?}", read.error);
    for attribute in DAYS {
        assert_eq!(read.roster.header.hidden[&attribute.into()], "no_permission");
        assert!(!read.roster.header.visible.contains(&attribute.into()));
    }
    let people = read.roster.employees().unwrap();
    assert!(people.iter().any(|person| person.id.as_str() == administrator));
    for person in &people {
        assert_eq!(
            DAYS.map(|attribute| person.attributes.field(attribute)),
            [Field::Unseen; 3]
        );
        assert_ne!(status(person), EmploymentStatus::Terminated);
    }
    assert!(people.iter().any(|person| person.value(Canonical::JobTitle).is_some()));
}

#[tokio::test]
async fn r14_between_two_contracts_a_person_has_left_and_the_next_first_day_is_known() {
    let hr = PayFit::start(60).await;
    let id = somebody(&hr, "active").await;
    let (edit, rehire) = (
        format!("/_emulator/people/{id}"),
        format!("/_emulator/people/{id}/rehire"),
    );
    let ended = json!({"start_date": "2024-01-08", "termination_date": "2026-02-27"});
    hr.0.control(Method::Put, edit.leak(), &ended).await;
    hr.0.control(Method::Post, rehire.leak(), &json!({"start_date": "2026-05-04"}))
        .await;
    let read = hr.read(hr.key()).await;
    assert!(read.error.is_none(), "{:?}", read.error);
    assert_eq!(read.roster.header.duplicates, 0);
    let person = found(&read, &id);
    assert_eq!(
        DAYS.map(|attribute| person.value(attribute)),
        [Some("2026-05-04"), Some("2026-02-27"), Some("upcoming")]
    );
    assert_eq!(status(&person), EmploymentStatus::Terminated);
    let on_the_first_day = "2026-05-04T12:00:00Z".parse().unwrap();
    let back = person.status_at(on_the_first_day, LastDay::EndOfLastDay, &TimeZone::UTC);
    assert_eq!(back, EmploymentStatus::Active);
}
