//! What a permission group or a scope does not open is hidden, never empty.

use std::collections::BTreeSet;

use rollcall::{
    employee::{Canonical, Category},
    roster::Completeness,
    source::Class,
};
use serde_json::json;

use super::support::{HiBob, SEARCH};
use crate::support::Read;

#[tokio::test]
async fn r05_what_a_permission_group_hides_is_hidden_and_not_empty() {
    let hr = HiBob::start(80).await;
    let whole = hr.read(hr.service_user()).await;
    let read = hr.read(hr.service_user_as("Without payroll")).await;
    assert!(read.error.is_none(), "{:?}", read.error);
    for attribute in [
        Canonical::EmploymentType,
        Canonical::PayCurrency,
        Canonical::PayPeriod,
        Canonical::PayRate,
    ] {
        assert!(
            !whole.roster.header.hidden.contains_key(&attribute.into()),
            "{}",
            attribute.name()
        );
        assert_eq!(
            read.roster.header.hidden[&attribute.into()],
            "not_shown",
            "{}",
            attribute.name()
        );
    }
    let Completeness::Narrowed(hidden) = read.judge(Some(&whole)) else {
        panic!("{:?}", read.judge(Some(&whole)));
    };
    assert_eq!(hidden.len(), 4, "{hidden:?}");
}

#[tokio::test]
async fn a_group_without_access_to_former_people_says_nothing_of_it_and_is_left_to_the_guards() {
    let hr = HiBob::start(80).await;
    let read = hr.read(hr.service_user_as("Present people")).await;
    assert!(read.error.is_none(), "{:?}", read.error);
    let truth = hr.0.truth().await;
    let at_work = truth.iter().filter(|person| person["status"] == "active").count();
    assert!(at_work < truth.len());
    assert_eq!(read.roster.header.employees as usize, at_work);
}

#[tokio::test]
async fn leavers_and_people_to_come_are_asked_for_on_purpose() {
    let hr = HiBob::start(40).await;
    let read = hr.read(hr.service_user()).await;
    assert_eq!(read.roster.header.employees as usize, hr.0.truth().await.len());
}

#[tokio::test]
async fn r34_the_bank_account_is_read_under_an_exception_alone() {
    let hr = HiBob::start(20).await;
    let coverage = |read: &Read| read.roster.header.coverage.get(&Canonical::BankDetails.into()).copied();
    assert_eq!(coverage(&hr.read(hr.service_user()).await), None);
    let allowed = BTreeSet::from([Category::BankDetails]);
    let read = Read::of(hr.open(hr.service_user(), &allowed).as_ref()).await;
    assert_eq!(coverage(&read), Some(read.roster.header.employees));
}

#[tokio::test]
async fn r05_people_who_are_counted_and_not_shown_cost_the_certificate() {
    let hr = HiBob::start(60).await;
    let source = hr.open(hr.service_user(), &BTreeSet::new());
    let company = rollcall::testing::contract::source::company_of(source.as_ref())
        .await
        .unwrap();
    let mut reading = rollcall::roster::Reading::whole(company);
    // The first search of a read, which is the one for ids, lacks people.
    hr.0.arm(json!({"mode": "short_list", "share": 0.4, "path": SEARCH, "times": 1}))
        .await;
    source.read(&mut reading).await.unwrap();
    let roster = reading.roster.finish(None).unwrap();
    assert_ne!(roster.header.announced, Some(u64::from(roster.header.employees)));
}

#[tokio::test]
async fn r06_a_list_of_fields_that_cannot_be_read_breaks_the_read() {
    let hr = HiBob::start(20).await;
    for (mode, class) in [("html", Class::Temporary), ("no_body", Class::Temporary)] {
        hr.0.arm(json!({"mode": mode, "path": "people/fields", "times": 1}))
            .await;
        let read = hr.read(hr.service_user()).await;
        assert_eq!(read.class(), Some(class), "{mode}");
        assert!(!read.roster.header.walk_ended, "{mode}");
    }
}
