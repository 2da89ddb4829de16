//! Values that a credential may not see are hidden, never empty.

use emulators::factorial::{PermissionGroup, Sees};
use rollcall::{
    employee::{Attribute, Canonical, Field},
    roster::Completeness,
};

use crate::support::{Hr, Read, tokens};

fn hidden(read: &Read, attribute: Canonical) -> Option<&str> {
    read.roster
        .header
        .hidden
        .get(&Attribute::Canonical(attribute))
        .map(String::as_str)
}

async fn read_as(hr: &Hr, group: PermissionGroup) -> Read {
    let credential = tokens(&hr.running.user_tokens(group).unwrap());
    Read::of(hr.open(credential).as_ref()).await
}

#[tokio::test]
async fn r07_what_a_permission_group_hides_is_hidden_and_not_empty() {
    let hr = Hr::start(80).await;
    let administrator = read_as(&hr, PermissionGroup::administrator()).await;
    assert!(administrator.judge(None).certificate().is_some());
    let colleague = read_as(&hr, PermissionGroup::colleague()).await;
    assert!(colleague.error.is_none());
    let people = colleague.roster.employees().unwrap();
    for attribute in [
        Canonical::PayRate,
        Canonical::BirthDate,
        Canonical::PersonalEmail,
        Canonical::MobilePhone,
    ] {
        assert_eq!(hidden(&administrator, attribute), None);
        assert_eq!(hidden(&colleague, attribute), Some("not_shown"), "{}", attribute.name());
        assert!(
            people
                .iter()
                .all(|person| person.attributes.field(attribute) == Field::Unseen)
        );
    }
    assert_eq!(hidden(&colleague, Canonical::WorkEmail), None);
    assert!(matches!(
        colleague.judge(Some(&administrator)),
        Completeness::Narrowed(_)
    ));
}

#[tokio::test]
async fn r06_a_related_list_that_may_not_be_read_hides_its_attributes_and_the_read_goes_on() {
    let hr = Hr::start(150).await;
    let before = read_as(&hr, PermissionGroup::administrator()).await;
    for (path, attributes) in [
        (
            "contracts/reference_contracts",
            &[Canonical::JobTitle, Canonical::StartDate][..],
        ),
        ("teams/memberships", &[Canonical::Team]),
        ("teams/teams", &[Canonical::Team]),
        ("locations/locations", &[Canonical::WorkLocation, Canonical::TimeZone]),
    ] {
        let group = PermissionGroup {
            name: "Without".to_owned(),
            sees: Sees::Everybody,
            hidden_fields: Vec::new(),
            forbidden_resources: vec![path.to_owned()],
        };
        let read = read_as(&hr, group).await;
        assert!(read.error.is_none(), "{path}: {:?}", read.error);
        assert_eq!(read.roster.header.employees, before.roster.header.employees);
        for attribute in attributes {
            assert_eq!(hidden(&read, *attribute), Some("no_permission"), "{path}");
            assert!(!read.roster.header.visible.contains(&Attribute::Canonical(*attribute)));
        }
        assert!(matches!(read.judge(Some(&before)), Completeness::Narrowed(_)), "{path}");
    }
}

#[tokio::test]
async fn r06_custom_values_that_may_not_be_read_are_hidden_one_by_one() {
    let hr = Hr::start(60).await;
    let group = PermissionGroup {
        name: "Without".to_owned(),
        sees: Sees::Everybody,
        hidden_fields: Vec::new(),
        forbidden_resources: vec!["custom_fields/values".to_owned()],
    };
    let read = read_as(&hr, group).await;
    let hidden = &read.roster.header.hidden;
    assert_eq!(
        hidden[&Attribute::parse("custom.t_shirt_size").unwrap()],
        "no_permission"
    );
    assert!(read.error.is_none());
}
