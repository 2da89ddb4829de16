//! The roster is the emulator's truth, person by person and attribute by attribute.

use std::{borrow::Cow, collections::BTreeSet, sync::Arc};

use jiff::tz::TimeZone;
use rollcall::{
    employee::{Attribute, Canonical, Category, Employee, Field, LastDay, canonical_text, classify_label},
    http::Method,
};
use serde_json::{Value, json};

use super::support::{Bamboo, read};
use crate::support::{Held, Read, now};

/// Returns what a roster must say about an attribute of a person whose true text is this one.
fn expected(attribute: &Attribute, truth: Option<&str>, person: &Value) -> Field<String> {
    match (attribute, truth) {
        (Attribute::Custom(name), _) if classify_label(name.as_str()).is_some() => Field::Unseen,
        // What kind of employment a person had who left is not told any more.
        (Attribute::Canonical(Canonical::EmploymentType), _) if is_over(person) => Field::Unseen,
        (_, None) => Field::Empty,
        (Attribute::Canonical(canonical), Some(text)) => {
            let text = match (canonical, text) {
                (Canonical::PayPeriod, "yearly") => "year",
                (Canonical::PayPeriod, "monthly") => "month",
                (Canonical::PayPeriod, "hourly") => "hour",
                (_, text) => text,
            };
            canonical_text(*canonical, text).map_or(Field::Unseen, |text| text.map(Cow::into_owned).into())
        }
        (Attribute::Custom(_), Some(text)) => Some(text.trim())
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
            .into(),
    }
}

/// Whether a person's last day has come.
fn is_over(person: &Value) -> bool {
    let last_day = person["termination_date"].as_str();
    last_day.is_some_and(|last_day| last_day <= crate::support::TODAY)
}

/// Compares one person; returns how many attributes were compared.
fn compare(person: &Employee, truth: &Value, unseen: &[Canonical]) -> usize {
    let mut compared = 0;
    for (name, value) in truth.as_object().unwrap() {
        if name == "status" {
            let zone = TimeZone::get("Europe/London").unwrap();
            let status = person.status_at(now(), LastDay::EndOfLastDay, &zone);
            assert_eq!(Some(status.as_str()), value.as_str(), "status of {}", person.id);
            continue;
        }
        let attribute = Attribute::parse(name).unwrap();
        let is_unseen = matches!(&attribute, Attribute::Canonical(canonical) if unseen.contains(canonical));
        let wanted = if is_unseen {
            Field::Unseen
        } else {
            expected(&attribute, value.as_str(), truth)
        };
        let seen = person.attributes.field(attribute).map(str::to_owned);
        assert_eq!(seen, wanted, "{name} of {}", person.id);
        compared += 1;
    }
    compared
}

async fn assert_is_the_truth(bamboo: &Bamboo, read: &Read, unseen: &[Canonical]) {
    let truth = bamboo.0.truth().await;
    let people = read.roster.employees().unwrap();
    assert_eq!(people.len(), truth.len());
    for truth in &truth {
        let id = truth["employee_id"].as_str().unwrap();
        let person = people.iter().find(|person| person.id.as_str() == id);
        assert!(compare(person.unwrap(), truth, unseen) > 35);
    }
}

#[tokio::test]
async fn r05_everybody_is_the_truth_with_every_attribute_and_the_read_gets_a_certificate() {
    let bamboo = Bamboo::start(250).await;
    for (credential, unseen) in [(bamboo.login(), &[][..]), (bamboo.key(), &[Canonical::WorkCity])] {
        let read = bamboo.read_as(credential).await;
        assert!(read.error.is_none(), "{:?}", read.error);
        assert!(read.judge(None).certificate().is_some());
        let header = &read.roster.header;
        assert_eq!(header.announced, Some(u64::from(header.employees)));
        assert_eq!(header.duplicates, 0);
        assert_is_the_truth(&bamboo, &read, unseen).await;
    }
}

#[tokio::test]
async fn a_company_whose_people_come_in_many_pages_is_the_truth_too() {
    let bamboo = Bamboo::start(1_500).await;
    let read = bamboo.read_as(bamboo.login()).await;
    assert!(read.judge(None).certificate().is_some(), "{:?}", read.error);
    assert_is_the_truth(&bamboo, &read, &[]).await;
}

#[tokio::test]
async fn people_who_begin_later_come_with_what_lies_ahead_of_them() {
    let bamboo = Bamboo::start(150).await;
    let read = bamboo.read_as(bamboo.login()).await;
    let people = read.roster.employees().unwrap();
    let upcoming: Vec<Value> = bamboo.0.truth().await;
    let upcoming: Vec<&Value> = upcoming
        .iter()
        .filter(|person| person["status"] == "upcoming")
        .collect();
    assert!(upcoming.len() > 1);
    for truth in upcoming {
        let person = people.iter().find(|person| truth["employee_id"] == person.id.as_str());
        let title = person.unwrap().value(Canonical::JobTitle);
        assert!(title.is_some() && title == truth["job_title"].as_str());
    }
}

#[tokio::test]
async fn r23_the_same_people_make_the_same_roster_and_a_day_later_another_one() {
    let bamboo = Bamboo::start(60).await;
    let (first, again) = (bamboo.read().await, bamboo.read().await);
    assert_eq!(first.roster, again.roster);
    bamboo.0.control(Method::Post, "/_emulator/day", &json!({})).await;
    let later = bamboo.read().await;
    assert_ne!(first.roster.header.content_hash, later.roster.header.content_hash);
    assert!(later.judge(Some(&first)).certificate().is_some());
}

#[tokio::test]
async fn r34_no_canary_of_a_forbidden_category_is_in_the_roster() {
    let bamboo = Bamboo::start(120).await;
    let read = bamboo.read().await;
    for person in read.roster.employees().unwrap() {
        let packed = person.attributes.as_packed();
        assert!(!packed.contains(emulators::CANARY), "{}", person.id);
    }
    let hidden = &read.roster.header.hidden;
    for name in [
        "custom.religion",
        "custom.blood_type",
        "custom.sindicato",
        "custom.nin1",
    ] {
        assert_eq!(hidden[&Attribute::parse(name).unwrap()], "forbidden_category");
    }
}

#[tokio::test]
async fn r34_an_exception_opens_its_own_category_and_no_other() {
    let bamboo = Bamboo::start(120).await;
    let access = Arc::new(Held(bamboo.key()));
    let source = bamboo.open_with(access, &BTreeSet::from([Category::Religion]));
    let read = read(source.as_ref()).await;
    let coverage = |name: &str| {
        let coverage = &read.roster.header.coverage;
        coverage.get(&Attribute::parse(name).unwrap()).copied()
    };
    assert!(coverage("custom.religion").unwrap() > 0);
    assert_eq!(coverage("custom.sindicato"), None);
}
