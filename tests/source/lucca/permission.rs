//! What a role or a client may not see is hidden, never empty.

use rollcall::{
    employee::{Attribute, Canonical, Field, Wanted},
    roster::{Completeness, Reading},
    source::Class,
    testing::contract::source::company_of,
};
use serde_json::json;

use super::support::Lucca;
use crate::support::Read;

/// Every scope with the attributes that are hidden without it. What belongs to employments and positions comes embedded.
const SCOPES: [(&str, &[Canonical]); 5] = [
    (
        "employee-personal-records.readonly",
        &[Canonical::BirthDate, Canonical::PersonalEmail],
    ),
    ("departments.readonly", &[Canonical::Department]),
    ("legal-entities.readonly", &[Canonical::Group]),
    (
        "business-establishments.readonly",
        &[Canonical::WorkLocation, Canonical::WorkCity, Canonical::TimeZone],
    ),
    ("employee-attributes.readonly", &[]),
];

fn hidden(read: &Read, attribute: Canonical) -> Option<&str> {
    read.roster.header.hidden.get(&attribute.into()).map(String::as_str)
}

fn shows(read: &Read, attribute: &Attribute) -> bool {
    read.roster.header.visible.contains(attribute)
}

#[tokio::test]
async fn r07_what_a_role_hides_is_hidden_and_not_empty() {
    let hr = Lucca::start(80).await;
    let administrator = hr.read(&hr.key()).await;
    let colleague = hr.read(&hr.key_as("Colleague")).await;
    assert!(colleague.error.is_none(), "{:?}", colleague.error);
    let people = colleague.roster.employees().unwrap();
    for attribute in [
        Canonical::PayRate,
        Canonical::PayCurrency,
        Canonical::BirthDate,
        Canonical::PersonalEmail,
        Canonical::MobilePhone,
        Canonical::AddressLine1,
    ] {
        assert_eq!(hidden(&administrator, attribute), None);
        assert!(hidden(&colleague, attribute).is_some(), "{}", attribute.name());
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
async fn a_role_that_hides_former_and_future_people_says_nothing_of_it_and_is_left_to_the_guards() {
    let hr = Lucca::start(80).await;
    let read = hr.read(&hr.key_as("Present people")).await;
    assert!(read.error.is_none(), "{:?}", read.error);
    let truth = hr.0.truth().await;
    let at_work = truth.iter().filter(|person| person["status"] == "active").count();
    assert!(at_work < truth.len());
    assert_eq!(read.roster.header.employees as usize, at_work);
    assert!(read.judge(None).certificate().is_some());
}

#[tokio::test]
async fn r06_a_list_whose_scope_a_client_lacks_hides_its_attributes_and_the_read_goes_on() {
    let hr = Lucca::start(150).await;
    let all = "employees.readonly employments.readonly job-positions.readonly";
    let before = hr.read(&hr.granted(None).await).await;
    let code = Attribute::parse("custom.cost_centre").unwrap();
    assert!(shows(&before, &code));
    for (missing, attributes) in SCOPES {
        let others = SCOPES.iter().map(|(scope, _)| *scope).filter(|scope| *scope != missing);
        let scope = [all].into_iter().chain(others).collect::<Vec<_>>().join(" ");
        let read = hr.read(&hr.granted(Some(&scope)).await).await;
        assert!(read.error.is_none(), "{missing}: {:?}", read.error);
        assert_eq!(read.roster.header.employees, before.roster.header.employees);
        for attribute in attributes {
            assert_eq!(hidden(&read, *attribute), Some("no_permission"), "{missing}");
            assert!(!shows(&read, &(*attribute).into()));
        }
        assert_eq!(shows(&read, &code), !attributes.is_empty(), "{missing}");
        let judged = read.judge(Some(&before));
        assert!(matches!(judged, Completeness::Narrowed(_)), "{missing}: {judged:?}");
    }
}

#[tokio::test]
async fn custom_fields_are_read_under_either_of_the_names_that_their_scope_has() {
    let hr = Lucca::start(60).await;
    let code = Attribute::parse("custom.cost_centre").unwrap();
    for (scope, is_shown) in [
        ("employees.readonly employee-attributes.readonly", true),
        ("employees.readonly employee-extensions.readonly", true),
        ("employees.readonly", false),
    ] {
        let read = hr.read(&hr.granted(Some(scope)).await).await;
        assert!(read.error.is_none(), "{scope}: {:?}", read.error);
        assert_eq!(shows(&read, &code), is_shown, "{scope}");
    }
}

#[tokio::test]
async fn r07_a_list_of_custom_fields_that_is_not_there_hides_them_and_the_read_goes_on() {
    let hr = Lucca::start(60).await;
    let code = Attribute::parse("custom.cost_centre").unwrap();
    let wanted = Wanted::only([Canonical::FirstName.into(), code.clone()]);
    for (way, list) in hr
        .ways()
        .await
        .into_iter()
        .zip(["extensionuserdefinitions", "employee-attribute-definitions"])
    {
        let before = hr.read(&way.credential).await;
        assert!(shows(&before, &code), "{list}");
        hr.arm(json!({"mode": "status", "status": 404, "path": list})).await;
        let source = hr.open(way.credential.clone());
        let company = company_of(source.as_ref()).await.unwrap();
        let mut reading = Reading::wanting(wanted.clone(), company, None, &|| false);
        source.read(&mut reading).await.unwrap();
        let roster = reading.roster.finish(None).unwrap();
        assert_eq!(roster.header.hidden[&code], "no_permission", "{list}");
        assert_eq!(roster.header.employees, before.roster.header.employees);
        hr.mend().await;
    }
}

#[tokio::test]
async fn a_client_that_may_not_list_people_is_told_so() {
    let hr = Lucca::start(20).await;
    let credential = hr.granted(Some("departments.readonly")).await;
    let error = hr.open(credential).identify().await.unwrap_err();
    assert_eq!(error.class, Class::Forbidden);
}

#[tokio::test]
async fn r06_a_module_that_a_customer_does_not_have_hides_its_attributes_and_the_read_goes_on() {
    let hr = Lucca::start(60).await;
    let before = hr.read(&hr.key()).await;
    for status in [403, 404] {
        hr.arm(json!({"mode": "status", "status": status, "path": "/remuneration/"}))
            .await;
        let read = hr.read(&hr.key()).await;
        assert!(read.error.is_none(), "{status}: {:?}", read.error);
        for attribute in [Canonical::PayRate, Canonical::PayCurrency] {
            assert_eq!(hidden(&read, attribute), Some("no_permission"), "{status}");
        }
        let Completeness::Narrowed(hidden) = read.judge(Some(&before)) else {
            panic!("{status}: {:?}", read.judge(Some(&before)));
        };
        assert_eq!(hidden.len(), 2, "{status}: {hidden:?}");
        hr.mend().await;
    }
}
