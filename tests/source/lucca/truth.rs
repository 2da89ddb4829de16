//! The roster is the emulator's truth in either API, person by person and attribute by attribute.

use std::{collections::BTreeSet, sync::Arc};

use rollcall::{
    connection::Credential,
    employee::{Attribute, Canonical, Category, Employee, Field},
    http::Method,
};
use serde_json::{Value, json};

use super::support::Lucca;
use crate::{
    support::{Held, Read},
    truth::compare,
};

/// What a client does not see: the newer API has no pay.
const NO_PAY: [&str; 2] = ["pay_rate", "pay_currency"];

/// Compares a read with the truth.
async fn assert_is_the_truth(hr: &Lucca, read: &Read, credential: &Credential) {
    let truth = hr.0.truth().await;
    let people = read.roster.employees().unwrap();
    assert_eq!(people.len(), truth.len());
    let is_client = matches!(credential, Credential::Granted { .. });
    for mut truth in truth {
        let id = truth["employee_id"].as_str().unwrap().to_owned();
        let person = people.iter().find(|person| person.id.as_str() == id).unwrap();
        let members = truth.as_object_mut().unwrap();
        // An amount in a custom field is a text in Lucca, and stays as it is written.
        let budget = members.remove("custom.phone_budget").unwrap();
        let attribute = Attribute::parse("custom.phone_budget").unwrap();
        let expected = Field::from(budget.as_str().map(str::to_owned));
        assert_eq!(person.attributes.field(attribute).map(str::to_owned), expected, "{id}");
        for name in NO_PAY.iter().filter(|_| is_client) {
            members.remove(*name);
            let attribute = Attribute::parse(name).unwrap();
            assert_eq!(person.attributes.field(attribute), Field::Unseen, "{name} of {id}");
        }
        assert!(compare(person, &truth) >= 27);
    }
}

#[tokio::test]
async fn r05_a_whole_read_is_the_truth_person_by_person_and_gets_a_certificate_in_either_api() {
    let hr = Lucca::start(250).await;
    for way in hr.ways().await {
        let read = hr.read(&way.credential).await;
        assert!(read.error.is_none(), "{}: {:?}", way.people, read.error);
        assert!(read.judge(None).certificate().is_some(), "{}", way.people);
        let header = &read.roster.header;
        assert_eq!(header.announced, Some(u64::from(header.employees)), "{}", way.people);
        assert_is_the_truth(&hr, &read, &way.credential).await;
    }
}

#[tokio::test]
async fn both_apis_show_the_same_people_and_agree_on_what_both_have() {
    let hr = Lucca::start(120).await;
    let [key, client] = hr.ways().await;
    let (older, newer) = (hr.read(&key.credential).await, hr.read(&client.credential).await);
    let both: BTreeSet<_> = older
        .roster
        .header
        .visible
        .intersection(&newer.roster.header.visible)
        .collect();
    assert!(both.len() >= 26, "{both:?}");
    let (older, newer) = (older.roster.employees().unwrap(), newer.roster.employees().unwrap());
    assert_eq!(older.len(), newer.len());
    for (older, newer) in older.iter().zip(&newer) {
        assert_eq!(older.id, newer.id);
        for attribute in &both {
            let of = |person: &Employee| person.attributes.field(Attribute::clone(attribute)).map(str::to_owned);
            assert_eq!(of(older), of(newer), "{attribute} of {}", older.id);
        }
    }
}

#[tokio::test]
async fn what_one_api_alone_has_is_shown_by_its_own_way_and_hidden_by_neither() {
    let hr = Lucca::start(40).await;
    let [key, client] = hr.ways().await;
    let (older, newer) = (hr.read(&key.credential).await, hr.read(&client.credential).await);
    let shows =
        |read: &Read, attribute: Canonical| read.roster.header.coverage.get(&attribute.into()).copied() > Some(0);
    for attribute in [
        Canonical::DisplayName,
        Canonical::AddressLine1,
        Canonical::PayRate,
        Canonical::PayCurrency,
    ] {
        assert!(
            shows(&older, attribute) && !shows(&newer, attribute),
            "{}",
            attribute.name()
        );
    }
    assert!(shows(&newer, Canonical::EmploymentStatus) && !shows(&older, Canonical::EmploymentStatus));
    for read in [&older, &newer] {
        let canonical = |attribute: &&Attribute| matches!(attribute, Attribute::Canonical(_));
        let hidden: Vec<_> = read.roster.header.hidden.keys().filter(canonical).collect();
        assert_eq!(hidden, Vec::<&Attribute>::new());
    }
}

#[tokio::test]
async fn r14_a_person_who_left_and_comes_back_has_the_days_of_the_employment_to_come() {
    let hr = Lucca::start(60).await;
    let truth = hr.0.truth().await;
    let gone = truth.iter().find(|person| person["status"] == "terminated").unwrap();
    let id = gone["employee_id"].as_str().unwrap();
    let path: &'static str = format!("/_emulator/people/{id}/rehire").leak();
    hr.0.control(Method::Post, path, &json!({"start_date": "2026-05-04"}))
        .await;
    for way in hr.ways().await {
        let read = hr.read(&way.credential).await;
        let people = read.roster.employees().unwrap();
        let person = people.iter().find(|person| person.id.as_str() == id).unwrap();
        let day = |attribute: Canonical| person.attributes.value(attribute);
        let days = (day(Canonical::StartDate), day(Canonical::TerminationDate));
        assert_eq!(days, (Some("2026-05-04"), None), "{}", way.people);
        assert_is_the_truth(&hr, &read, &way.credential).await;
    }
}

#[tokio::test]
async fn r23_the_same_people_make_the_same_roster_and_a_day_later_another_one() {
    let hr = Lucca::start(60).await;
    let key = hr.key();
    let (first, again) = (hr.read(&key).await, hr.read(&key).await);
    assert_eq!(first.roster, again.roster);
    hr.0.control(Method::Post, "/_emulator/day", &json!({})).await;
    let later = hr.read(&key).await;
    assert_ne!(first.roster.header.content_hash, later.roster.header.content_hash);
    assert!(later.judge(Some(&first)).certificate().is_some());
}

#[tokio::test]
async fn r34_no_canary_of_a_forbidden_category_is_in_the_roster_and_its_values_are_not_asked_for() {
    let hr = Lucca::start(120).await;
    for way in hr.ways().await {
        let read = hr.read(&way.credential).await;
        for person in read.roster.employees().unwrap() {
            assert!(
                !person.attributes.as_packed().contains(emulators::CANARY),
                "{} of {}",
                person.id,
                way.people
            );
        }
        for name in ["custom.religion", "custom.blood_type", "custom.sindicato"] {
            let hidden = read.roster.header.hidden.get(&Attribute::parse(name).unwrap());
            assert_eq!(hidden.map(String::as_str), Some("forbidden_category"), "{name}");
        }
    }
    let asked =
        hr.0.control(Method::Get, "/_emulator/requests", &Value::Null)
            .await
            .to_string();
    assert!(asked.contains("e_t_shirt_size"));
    for never in ["e_religion", "e_sindicato", "iban", "insuranceNumber", "gender"] {
        assert!(!asked.contains(never), "{never}");
    }
}

#[tokio::test]
async fn r34_an_exception_opens_its_own_category_and_no_other() {
    let hr = Lucca::start(120).await;
    for way in hr.ways().await {
        let access = Arc::new(Held(way.credential));
        let source = hr.open_with(access, &BTreeSet::from([Category::Religion]));
        let read = Read::of(source.as_ref()).await;
        let coverage = |name: &str| {
            let attribute = Attribute::parse(name).unwrap();
            read.roster.header.coverage.get(&attribute).copied()
        };
        assert!(coverage("custom.religion").unwrap() > 0);
        assert_eq!(coverage("custom.sindicato"), None);
    }
}
