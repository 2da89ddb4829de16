//! What a credential's scopes do not open is hidden, never empty.

use std::collections::BTreeSet;

use rollcall::{
    employee::{Canonical, Category, Employee, Field},
    roster::Completeness,
};
use serde_json::json;

use super::support::PayFit;
use crate::support::Read;

fn hidden(read: &Read, attribute: Canonical) -> Option<&str> {
    read.roster.header.hidden.get(&attribute.into()).map(String::as_str)
}

/// Checks that nothing is known of these attributes of any person, and of all others as much as a whole read knows.
#[track_caller]
fn assert_hidden(whole: &Read, read: &Read, attributes: &[Canonical]) {
    assert!(read.error.is_none(), "{:?}", read.error);
    let people = read.roster.employees().unwrap();
    assert_eq!(people.len(), whole.roster.employees().unwrap().len());
    for attribute in attributes {
        assert_eq!(hidden(whole, *attribute), None, "{}", attribute.name());
        assert_eq!(hidden(read, *attribute), Some("no_permission"), "{}", attribute.name());
        let is_unseen = |person: &Employee| person.attributes.field(*attribute) == Field::Unseen;
        assert!(people.iter().all(is_unseen), "{}", attribute.name());
    }
    let Completeness::Narrowed(narrowed) = read.judge(Some(whole)) else {
        panic!("{:?}", read.judge(Some(whole)));
    };
    assert_eq!(narrowed.len(), attributes.len(), "{narrowed:?}");
}

#[tokio::test]
async fn r07_what_no_scope_of_a_key_opens_is_hidden_by_name() {
    let hr = PayFit::start(60).await;
    let whole = hr.read(hr.key()).await;
    let team = [Canonical::Manager, Canonical::Team];
    assert_hidden(&whole, &hr.read(hr.key_as("Without management")).await, &team);
    let contracts = [Canonical::EmploymentType, Canonical::JobTitle];
    let read = hr.read(hr.key_as("Without the list of contracts")).await;
    assert_hidden(&whole, &read, &contracts);
    let days = [
        Canonical::EmploymentStatus,
        Canonical::StartDate,
        Canonical::TerminationDate,
    ];
    assert_hidden(&whole, &hr.read(hr.key_as("Without contracts of people")).await, &days);
}

#[tokio::test]
async fn r07_a_key_for_people_alone_shows_who_they_are_and_nothing_else() {
    let hr = PayFit::start(60).await;
    let read = hr.read(hr.key_as("People alone")).await;
    assert!(read.error.is_none(), "{:?}", read.error);
    let visible: Vec<Canonical> = [
        Canonical::EmployeeNumber,
        Canonical::FirstName,
        Canonical::LastName,
        Canonical::WorkEmail,
    ]
    .into();
    for attribute in &visible {
        assert_eq!(hidden(&read, *attribute), None, "{}", attribute.name());
    }
    for attribute in [
        Canonical::BirthDate,
        Canonical::EmploymentStatus,
        Canonical::MobilePhone,
        Canonical::PersonalEmail,
        Canonical::StartDate,
        Canonical::TerminationDate,
        Canonical::ZipCode,
    ] {
        assert_eq!(hidden(&read, attribute), Some("no_permission"), "{}", attribute.name());
    }
}

#[tokio::test]
async fn r34_bank_details_are_kept_under_an_exception_alone() {
    let hr = PayFit::start(20).await;
    let read = hr.read(hr.key()).await;
    let has_account = |person: &Employee| person.value(Canonical::BankDetails).is_some();
    assert!(!read.roster.employees().unwrap().iter().any(has_account));
    let allowed = BTreeSet::from([Category::BankDetails]);
    for credential in [hr.key(), hr.login()] {
        let read = Read::of(hr.open(credential, &allowed).as_ref()).await;
        assert!(read.roster.employees().unwrap().iter().all(has_account));
    }
}

#[tokio::test]
async fn r17_people_whose_contract_is_still_being_made_are_asked_for() {
    let hr = PayFit::start(200).await;
    let read = hr.read(hr.key()).await;
    let truth = hr.0.truth().await;
    assert_eq!(read.roster.header.employees as usize, truth.len());
    let upcoming = truth.iter().filter(|person| person["status"] == "upcoming");
    assert!(upcoming.clone().count() > 2);
    let people = read.roster.employees().unwrap();
    for person in upcoming {
        let read = people
            .iter()
            .find(|one| person["employee_id"] == one.id.as_str())
            .unwrap();
        assert_eq!(read.value(Canonical::EmploymentStatus), Some("upcoming"));
        assert_eq!(read.value(Canonical::StartDate), person["start_date"].as_str());
    }
}

#[tokio::test]
async fn r06_the_list_of_contracts_that_cannot_be_read_breaks_the_read() {
    let hr = PayFit::start(20).await;
    for mode in ["html", "xml", "no_body", "error_inside"] {
        hr.0.arm(json!({"mode": mode, "path": "/contracts", "times": 1})).await;
        let read = hr.read(hr.key()).await;
        assert!(read.error.is_some() && !read.roster.header.walk_ended, "{mode}");
    }
}
