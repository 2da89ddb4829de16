//! A read takes as many calls as the connector documents, and has no place from which to go on.

use rollcall::{
    employee::{Attribute, Canonical, CustomName, Wanted},
    roster::{Position, Read, Reading},
    source::Class,
};

use super::support::{Bamboo, REPORT, company};

#[tokio::test]
async fn a_read_costs_the_documented_number_of_calls_whatever_the_company_has() {
    for employees in [20, 700] {
        let bamboo = Bamboo::start(employees).await;
        // Fields, number, everybody, and the people who begin later; with a login the places of work.
        for (credential, documented) in [(bamboo.key(), 4), (bamboo.login(), 5)] {
            let before = bamboo.0.requests().await.len();
            let read = bamboo.read_as(credential).await;
            assert!(read.error.is_none(), "{:?}", read.error);
            let requests = bamboo.0.requests().await.split_off(before);
            assert_eq!(requests.len(), documented, "{employees}: {requests:?}");
            assert_eq!(usize::try_from(read.calls).unwrap(), documented, "{employees}");
        }
    }
}

#[tokio::test]
async fn who_asked_for_the_fields_before_a_read_does_not_ask_again() {
    let bamboo = Bamboo::start(20).await;
    let source = bamboo.open(bamboo.key());
    source.identify().await.unwrap();
    source.read(&mut Reading::whole(company())).await.unwrap();
    assert_eq!(source.calls(), 4);
}

#[tokio::test]
async fn r45_an_answer_without_pages_is_read_to_its_end_whatever_the_time() {
    let bamboo = Bamboo::start(60).await;
    let is_time_over = || true;
    let mut reading = Reading::new(company(), None, &is_time_over);
    bamboo.open(bamboo.key()).read(&mut reading).await.unwrap();
    let Read::Over(last) = reading.finish(false).unwrap() else {
        panic!("there is no place at which to pause");
    };
    assert_eq!(last.finish(None).unwrap(), bamboo.read().await.roster);
}

#[tokio::test]
async fn r44_a_place_that_another_version_noted_is_not_guessed_at() {
    let bamboo = Bamboo::start(20).await;
    let is_time_over = || false;
    let mut reading = Reading::new(company(), Position::new(1, &"page 2"), &is_time_over);
    let error = bamboo.open(bamboo.key()).read(&mut reading).await.unwrap_err();
    assert_eq!(error.class, Class::Expired);
    let requests = bamboo.0.requests().await;
    assert!(requests.iter().all(|(path, _)| !path.contains(REPORT)));
}

#[tokio::test]
async fn r46_what_is_not_wanted_is_not_asked_for_and_what_is_wanted_comes_as_before() {
    let bamboo = Bamboo::start(60).await;
    let wide = bamboo.read_as(bamboo.login()).await.roster;
    let custom = |name: &CustomName| Attribute::Custom(name.clone());
    let own = wide.header.visible.iter().find_map(|attribute| match attribute {
        Attribute::Custom(name) => Some(custom(name)),
        Attribute::Canonical(_) => None,
    });
    let canonical = [
        Canonical::WorkEmail,
        Canonical::DisplayName,
        Canonical::PayCurrency,
        Canonical::Team,
        Canonical::WorkCity,
        Canonical::TimeZone,
        Canonical::StartDate,
    ];
    let attributes = canonical.map(Attribute::Canonical).into_iter().chain(own);
    for attribute in attributes {
        let wanted = Wanted::only([Canonical::EmployeeId.into(), attribute.clone()]);
        let before = bamboo.0.requests().await.len();
        let mut reading = Reading::wanting(wanted.clone(), company(), None, &|| false);
        bamboo.open(bamboo.login()).read(&mut reading).await.unwrap();
        let narrow = reading.roster.finish(None).unwrap();
        assert_eq!(narrow, wide.clone().narrowed(wanted).unwrap(), "{attribute}");
        let requests = bamboo.0.requests().await.split_off(before);
        let asks_for_places = requests.iter().any(|(path, _)| path.ends_with("locations"));
        let needs_places = [Canonical::WorkCity, Canonical::TimeZone].map(Attribute::Canonical);
        assert_eq!(asks_for_places, needs_places.contains(&attribute), "{attribute}");
    }
}
