//! What a token's scopes do not open is hidden, never empty.

use std::collections::BTreeSet;

use rollcall::{
    employee::{Canonical, Category, Field},
    roster::Completeness,
};
use serde_json::json;

use super::support::Humaans;
use crate::support::Read;

fn hidden(read: &Read, attribute: Canonical) -> Option<&str> {
    read.roster.header.hidden.get(&attribute.into()).map(String::as_str)
}

#[tokio::test]
async fn r06_without_the_scope_of_pay_pay_is_hidden_and_the_read_goes_on() {
    let hr = Humaans::start(80).await;
    let (whole, read) = (hr.read(hr.token()).await, hr.read(hr.token_as("Without pay")).await);
    assert!(read.error.is_none(), "{:?}", read.error);
    for attribute in [Canonical::PayRate, Canonical::PayPeriod, Canonical::PayCurrency] {
        assert_eq!(hidden(&whole, attribute), None);
        assert_eq!(hidden(&read, attribute), Some("no_permission"), "{}", attribute.name());
    }
    let Completeness::Narrowed(hidden) = read.judge(Some(&whole)) else {
        panic!("{:?}", read.judge(Some(&whole)));
    };
    assert_eq!(hidden.len(), 3, "{hidden:?}");
}

#[tokio::test]
async fn r07_a_token_without_private_data_shows_nobody_who_left_and_says_what_it_hides() {
    let hr = Humaans::start(80).await;
    let (whole, read) = (hr.read(hr.token()).await, hr.read(hr.token_as("Public")).await);
    assert!(read.error.is_none(), "{:?}", read.error);
    let truth = hr.0.truth().await;
    let at_work = truth.iter().filter(|person| person["status"] == "active").count();
    assert_eq!(read.roster.header.employees as usize, at_work);
    assert!(at_work < whole.roster.header.employees as usize);
    let people = read.roster.employees().unwrap();
    for attribute in [
        Canonical::AddressLine1,
        Canonical::BirthDate,
        Canonical::PersonalEmail,
        Canonical::TerminationDate,
    ] {
        assert_eq!(hidden(&read, attribute), Some("not_shown"), "{}", attribute.name());
        let is_unseen = |person: &rollcall::employee::Employee| person.attributes.field(attribute) == Field::Unseen;
        assert!(people.iter().all(is_unseen));
    }
    assert!(matches!(read.judge(Some(&whole)), Completeness::Narrowed(_)));
}

#[tokio::test]
async fn r34_bank_details_are_asked_for_under_an_exception_alone() {
    let hr = Humaans::start(20).await;
    let asked = async || {
        let requests = hr.0.requests().await;
        requests.iter().filter(|(path, _)| path == "/api/bank-accounts").count()
    };
    hr.read(hr.token()).await;
    assert_eq!(asked().await, 0);
    let allowed = BTreeSet::from([Category::BankDetails]);
    let read = Read::of(hr.open(hr.token(), &allowed).as_ref()).await;
    assert_eq!(asked().await, 1);
    let people = read.roster.employees().unwrap();
    assert!(
        people
            .iter()
            .all(|person| person.value(Canonical::BankDetails).is_some())
    );
}

#[tokio::test]
async fn r06_a_shared_list_that_cannot_be_read_breaks_the_read() {
    let hr = Humaans::start(20).await;
    for list in ["locations", "custom-fields", "custom-values", "compensation-types"] {
        hr.0.arm(json!({"mode": "html", "path": list, "times": 1})).await;
        let read = hr.read(hr.token()).await;
        assert!(read.error.is_some() && !read.roster.header.walk_ended, "{list}");
    }
}
