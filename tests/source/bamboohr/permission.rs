//! Values that a credential may not see are hidden, never empty; what may not be asked for at all stops only what needs it.

use emulators::{PermissionGroup, Sees};
use rollcall::{
    employee::{Attribute, Canonical, Field},
    roster::Completeness,
};

use super::support::Bamboo;
use crate::support::Read;

fn hidden(read: &Read, attribute: Canonical) -> Option<&str> {
    let hidden = &read.roster.header.hidden;
    hidden.get(&Attribute::Canonical(attribute)).map(String::as_str)
}

/// Returns an administrator who is forbidden one resource.
fn without(resource: &str) -> PermissionGroup {
    PermissionGroup {
        name: "Without".to_owned(),
        sees: Sees::Everybody,
        hidden_fields: Vec::new(),
        forbidden_resources: vec![resource.to_owned()],
    }
}

#[tokio::test]
async fn r07_what_a_keys_owner_may_not_see_is_hidden_and_not_empty() {
    let bamboo = Bamboo::start(80).await;
    let administrator = bamboo.read().await;
    let by_key = bamboo.read_as(bamboo.key_as("Colleague")).await;
    let by_login = bamboo.read_as(bamboo.login_as(PermissionGroup::colleague())).await;
    for colleague in [by_key, by_login] {
        assert!(colleague.error.is_none(), "{:?}", colleague.error);
        let people = colleague.roster.employees().unwrap();
        assert_eq!(people.len(), administrator.roster.employees().unwrap().len());
        for attribute in [
            Canonical::PayRate,
            Canonical::BirthDate,
            Canonical::PersonalEmail,
            Canonical::MobilePhone,
        ] {
            assert_eq!(hidden(&administrator, attribute), None);
            assert_eq!(hidden(&colleague, attribute), Some("not_shown"), "{attribute:?}");
            let is_unseen = |person: &rollcall::employee::Employee| person.attributes.field(attribute) == Field::Unseen;
            assert!(people.iter().all(is_unseen));
        }
        assert_eq!(hidden(&colleague, Canonical::WorkEmail), None);
        let verdict = colleague.judge(Some(&administrator));
        assert!(matches!(verdict, Completeness::Narrowed(_)), "{verdict:?}");
    }
}

#[tokio::test]
async fn a_key_shows_the_people_whom_its_owner_sees() {
    let bamboo = Bamboo::start(80).await;
    let everybody = bamboo.read().await.roster.header.employees;
    let lead = bamboo.read_as(bamboo.key_as("Team lead")).await;
    assert!(lead.error.is_none(), "{:?}", lead.error);
    assert!((1..everybody).contains(&lead.roster.header.employees));
}

#[tokio::test]
async fn r06_what_may_not_be_asked_for_hides_what_comes_from_it_and_the_read_goes_on() {
    let bamboo = Bamboo::start(80).await;
    let before = bamboo.read_as(bamboo.login()).await;
    let people = before.roster.header.employees;

    let read = bamboo.read_as(bamboo.login_as(without("locations"))).await;
    assert!(read.error.is_none(), "{:?}", read.error);
    assert_eq!(hidden(&read, Canonical::WorkCity), Some("no_permission"));
    assert_eq!(hidden(&read, Canonical::WorkLocation), None);
    assert!(matches!(read.judge(Some(&before)), Completeness::Narrowed(_)));

    let read = bamboo.read_as(bamboo.login_as(without("meta"))).await;
    assert!(read.error.is_none(), "{:?}", read.error);
    let size = Attribute::parse("custom.t_shirt_size").unwrap();
    assert!(before.roster.header.visible.contains(&size) && !read.roster.header.visible.contains(&size));
    let Completeness::Narrowed(hidden) = read.judge(Some(&before)) else {
        panic!("{:?}", read.judge(Some(&before)));
    };
    assert!(hidden.contains(&size));
    assert_eq!(read.roster.header.employees, people);
}

#[tokio::test]
async fn r05_without_the_number_of_people_the_two_signs_of_the_end_stand_alone() {
    let bamboo = Bamboo::start(80).await;
    let before = bamboo.read_as(bamboo.login()).await;
    let read = bamboo.read_as(bamboo.login_as(without("datasets"))).await;
    assert!(read.error.is_none(), "{:?}", read.error);
    assert_eq!(read.roster.header.announced, None);
    assert!(read.roster.header.walk_ended);
    assert!(read.judge(Some(&before)).certificate().is_some());
}
