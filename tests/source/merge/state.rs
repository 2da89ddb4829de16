//! What state a linked account is in, and how far it was synchronised.

use std::collections::BTreeSet;

use rollcall::{
    roster::Completeness,
    source::{Class, Identity},
};

use super::support::Merge;

#[tokio::test]
async fn r01_the_linked_account_is_the_company_and_is_called_by_the_organisation() {
    let hr = Merge::start(20).await;
    let source = hr.open(hr.token(), &BTreeSet::new());
    let Identity::Known(company) = source.identify().await.unwrap() else {
        panic!("the company is named");
    };
    assert_eq!(
        (company.id.as_str().len(), source.calls()),
        (36, 1),
        "{}",
        company.id.as_str()
    );
    assert!(!company.name.is_empty());
}

#[tokio::test]
async fn an_account_that_has_to_be_linked_again_is_a_credential_that_has_ended() {
    let hr = Merge::start(20).await;
    for state in ["Relink needed", "Linking not finished"] {
        let source = hr.open(hr.token_as(state), &BTreeSet::new());
        assert_eq!(
            source.identify().await.unwrap_err().class,
            Class::Unauthorized,
            "{state}"
        );
        assert_eq!(source.calls(), 1, "nothing is asked again");
    }
}

#[tokio::test]
async fn r01_an_hr_system_that_is_linked_twice_is_refused() {
    let hr = Merge::start(20).await;
    let error = hr
        .open(hr.token_as("Linked twice"), &BTreeSet::new())
        .identify()
        .await
        .unwrap_err();
    assert_eq!(error.class, Class::Misconfigured);
    assert!(error.to_string().contains("linked twice"), "{error}");
}

#[tokio::test]
async fn r06_a_read_before_the_first_sync_or_after_a_broken_one_is_not_whole_and_says_why() {
    let hr = Merge::start(20).await;
    for (state, class, why) in [
        ("First sync", Class::Temporary, "for the first time"),
        ("Sync failed", Class::Temporary, "could not read"),
        ("Sync paused", Class::Temporary, "paused"),
        ("People switched off", Class::Forbidden, "switched off"),
    ] {
        let read = hr.read(hr.token_as(state)).await;
        let error = read.error.as_ref().unwrap();
        assert_eq!(error.class, class, "{state}");
        assert!(error.to_string().contains(why), "{error}");
        assert!(!read.roster.header.walk_ended && read.roster.header.employees == 0);
        assert!(matches!(read.judge(None), Completeness::Partial(_)), "{state}");
    }
}
