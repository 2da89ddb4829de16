//! What the operator has switched off is hidden, never empty, and what few may read is asked for under an exception alone.

use std::collections::BTreeSet;

use rollcall::{
    employee::{Canonical, Category, Field},
    roster::Completeness,
};
use serde_json::{Value, json};

use super::support::Merge;
use crate::support::Read;

#[tokio::test]
async fn r07_a_field_that_is_switched_off_is_null_for_everybody_and_hidden() {
    let hr = Merge::start(80).await;
    let (whole, read) = (hr.read(hr.token()).await, hr.read(hr.token_as("Without pay")).await);
    assert!(read.error.is_none(), "{:?}", read.error);
    let pay = [Canonical::PayRate, Canonical::PayPeriod, Canonical::PayCurrency];
    for attribute in pay {
        assert!(
            read.roster.header.hidden.contains_key(&attribute.into()),
            "{}",
            attribute.name()
        );
        let is_unseen = |person: &rollcall::employee::Employee| person.attributes.field(attribute) == Field::Unseen;
        assert!(read.roster.employees().unwrap().iter().all(is_unseen));
    }
    let Completeness::Narrowed(hidden) = read.judge(Some(&whole)) else {
        panic!("{:?}", read.judge(Some(&whole)));
    };
    assert_eq!(hidden.len(), pay.len(), "{hidden:?}");
}

#[tokio::test]
async fn r34_bank_details_are_asked_for_under_an_exception_alone() {
    let hr = Merge::start(20).await;
    let asked = async || {
        let requests = hr.0.requests().await;
        requests.iter().filter(|(path, _)| path.ends_with("/bank-info")).count()
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
async fn r34_what_is_sensitive_is_not_asked_for() {
    let hr = Merge::start(20).await;
    hr.read(hr.token()).await;
    let answer =
        hr.0.control(rollcall::http::Method::Get, "/_emulator/requests", &Value::Null)
            .await;
    let queries = answer["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|seen| seen["query"].as_str());
    let all: Vec<&str> = queries.collect();
    assert!(all.iter().any(|query| query.contains("expand=")), "{all:?}");
    assert!(
        all.iter()
            .all(|query| !query.contains("sensitive") && !query.contains("remote_data")),
        "{all:?}"
    );
}

#[tokio::test]
async fn people_are_asked_for_whatever_their_status_and_judged_by_it() {
    let hr = Merge::start(80).await;
    let read = hr.read(hr.token()).await;
    let truth = hr.0.truth().await;
    for status in ["active", "upcoming", "terminated"] {
        let there = truth.iter().filter(|person| person["status"] == status).count();
        let read = read.roster.employees().unwrap();
        let shown = read
            .iter()
            .filter(|person| person.value(Canonical::EmploymentStatus) == Some(status))
            .count();
        assert!(there > 0 && shown == there, "{status}: {shown} of {there}");
    }
}

#[tokio::test]
async fn a_cost_centre_is_a_group_and_a_mapped_field_stands_alone_or_in_an_object() {
    let hr = Merge::start(80).await;
    let read = hr.read(hr.token()).await;
    let coverage = |name: &str| {
        let name = rollcall::employee::Attribute::parse(&format!("custom.{name}")).unwrap();
        read.roster.header.coverage.get(&name).copied().unwrap_or_default()
    };
    for name in [
        "cost_centre",
        "t_shirt_size",
        "english_level",
        "languages",
        "works_remotely",
        "review_on",
    ] {
        assert!(coverage(name) > 5, "{name}: {}", coverage(name));
    }
}

#[tokio::test]
async fn an_empty_list_of_people_is_read_to_its_end_and_nobody_is_announced() {
    let hr = Merge::start(20).await;
    hr.0.arm(json!({"mode": "empty"})).await;
    let read = hr.read(hr.token()).await;
    assert!(read.error.is_none() && read.roster.header.walk_ended);
    assert_eq!((read.roster.header.employees, read.roster.header.announced), (0, None));
}
