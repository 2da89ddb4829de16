//! The roster is the emulator's truth, person by person and attribute by attribute.

use std::{borrow::Cow, collections::BTreeSet, sync::Arc};

use jiff::tz::TimeZone;
use rollcall::{
    employee::{Attribute, Canonical, Category, Decimal, Employee, Field, LastDay, canonical_text, classify_label},
    http::Method,
};
use serde_json::{Value, json};

use crate::support::{Held, Hr, Read, now};

/// Returns what a roster must say about an attribute whose true text is this one.
fn expected(attribute: &Attribute, truth: Option<&str>) -> Field<String> {
    let Some(text) = truth else {
        return Field::Empty;
    };
    match attribute {
        Attribute::Canonical(canonical) => {
            let text = match (canonical, text) {
                (Canonical::PayPeriod, "yearly") => "year",
                (Canonical::PayPeriod, "monthly") => "month",
                (Canonical::PayPeriod, "weekly") => "week",
                (Canonical::PayPeriod, "daily") => "day",
                (Canonical::PayPeriod, "hourly") => "hour",
                (_, text) => text,
            };
            canonical_text(*canonical, text).map_or(Field::Unseen, |text| text.map(Cow::into_owned).into())
        }
        Attribute::Custom(name) if classify_label(name.as_str()).is_some() => Field::Unseen,
        Attribute::Custom(name) if name.as_str() == "phone_budget" => {
            Field::Value(Decimal::parse(text).unwrap().into_text())
        }
        Attribute::Custom(_) => Some(text.trim())
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
            .into(),
    }
}

/// Compares one person; returns how many attributes were compared.
pub(crate) fn compare(person: &Employee, truth: &Value) -> usize {
    let mut compared = 0;
    for (name, value) in truth.as_object().unwrap() {
        if name == "status" {
            let zone = TimeZone::get("Europe/London").unwrap();
            let status = person.status_at(now(), LastDay::EndOfLastDay, &zone);
            assert_eq!(Some(status.as_str()), value.as_str(), "status of {}", person.id);
            continue;
        }
        let attribute = Attribute::parse(name).unwrap();
        let forbidden = matches!(&attribute, Attribute::Custom(name) if classify_label(name.as_str()).is_some());
        let wanted = if forbidden {
            Field::Unseen
        } else {
            expected(&attribute, value.as_str())
        };
        let seen = person.attributes.field(attribute).map(str::to_owned);
        assert_eq!(seen, wanted, "{name} of {}", person.id);
        compared += 1;
    }
    compared
}

pub(crate) async fn assert_is_the_truth(hr: &Hr, read: &Read) {
    let truth = hr.truth().await;
    let people = read.roster.employees().unwrap();
    assert_eq!(people.len(), truth.len());
    for truth in &truth {
        let id = truth["employee_id"].as_str().unwrap();
        let person = people.iter().find(|person| person.id.as_str() == id);
        assert!(compare(person.unwrap(), truth) > 30);
    }
}

#[tokio::test]
async fn r05_a_whole_read_is_the_truth_person_by_person_and_gets_a_certificate() {
    let hr = Hr::start(250).await;
    let read = hr.read().await;
    assert!(read.error.is_none(), "{:?}", read.error);
    assert!(read.judge(None).certificate().is_some());
    assert_eq!(
        read.roster.header.announced,
        Some(u64::from(read.roster.header.employees))
    );
    assert_is_the_truth(&hr, &read).await;
}

#[tokio::test]
async fn r23_the_same_people_make_the_same_roster_and_a_day_later_another_one() {
    let hr = Hr::start(60).await;
    let (first, again) = (hr.read().await, hr.read().await);
    assert_eq!(first.roster, again.roster);
    hr.control(Method::Post, "/_emulator/day", &json!({})).await;
    let later = hr.read().await;
    assert_ne!(first.roster.header.content_hash, later.roster.header.content_hash);
    assert!(later.judge(Some(&first)).certificate().is_some());
}

#[tokio::test]
async fn r34_no_canary_of_a_forbidden_category_is_in_the_roster() {
    let hr = Hr::start(120).await;
    let read = hr.read().await;
    for person in read.roster.employees().unwrap() {
        assert!(
            !person.attributes.as_packed().contains(emulators::CANARY),
            "{}",
            person.id
        );
    }
    let hidden = &read.roster.header.hidden;
    for name in ["custom.religion", "custom.blood_type", "custom.sindicato"] {
        assert_eq!(hidden[&Attribute::parse(name).unwrap()], "forbidden_category");
    }
}

#[tokio::test]
async fn r34_an_exception_opens_its_own_category_and_no_other() {
    let hr = Hr::start(120).await;
    let access = Arc::new(Held(hr.key()));
    let source = hr.open_with(access, &BTreeSet::from([Category::Religion]));
    let read = Read::of(source.as_ref()).await;
    let coverage = |name: &str| {
        read.roster
            .header
            .coverage
            .get(&Attribute::parse(name).unwrap())
            .copied()
    };
    assert!(coverage("custom.religion").unwrap() > 0);
    assert_eq!(coverage("custom.sindicato"), None);
}
