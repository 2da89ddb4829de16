//! The roster is the truth, person by person and attribute by attribute, but for what may never be read.

use std::{borrow::Cow, collections::BTreeSet, sync::Arc};

use jiff::tz::TimeZone;
use serde_json::Value;

use super::{Change, Emulated, Held, Outcome, Renewing, now, open_with, read};
use crate::employee::{Attribute, Canonical, Category, Employee, Field, LastDay, canonical_text, classify_label};

/// Returns what a roster must say about an attribute whose true text is this one.
fn expected(attribute: &Attribute, truth: Option<&str>) -> Field<String> {
    match (attribute, truth) {
        (Attribute::Custom(name), _) if classify_label(name.as_str()).is_some() => Field::Unseen,
        (_, None) => Field::Empty,
        (Attribute::Canonical(canonical), Some(text)) => {
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
        (Attribute::Custom(_), Some(text)) => Some(text.trim())
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
            .into(),
    }
}

/// Compares one person with the truth about them.
fn compare(hr: &dyn Emulated, person: &Employee, truth: &Value) {
    let mut compared = 0;
    for (name, value) in truth.as_object().unwrap() {
        if name == "status" {
            let zone = TimeZone::get("Europe/London").unwrap();
            let status = person.status_at(now(), LastDay::EndOfLastDay, &zone);
            assert_eq!(Some(status.as_str()), value.as_str(), "status of {}", person.id);
            continue;
        }
        let attribute = Attribute::parse(name).unwrap();
        let is_unknown = matches!(attribute, Attribute::Custom(_)) && !hr.has_custom_fields();
        let own = hr.shows(&attribute, truth).or(is_unknown.then_some(Field::Unseen));
        let wanted = own.unwrap_or_else(|| expected(&attribute, value.as_str()));
        let seen = person.attributes.field(attribute).map(str::to_owned);
        assert_eq!(seen, wanted, "{name} of {}", person.id);
        compared += 1;
    }
    assert!(compared > 25, "{compared} attributes of {}", person.id);
}

/// Checks that a read shows everybody as they are, and nobody else.
pub async fn assert_is_the_truth(hr: &dyn Emulated, read: &Outcome) {
    let truth = hr.truth().await;
    let people = read.roster.employees().unwrap();
    assert_eq!(people.len(), truth.len());
    for truth in &truth {
        let person = people.iter().find(|person| truth["employee_id"] == person.id.as_str());
        compare(hr, person.unwrap(), truth);
    }
}

/// Everybody, with everything, and with a certificate.
pub async fn r05_a_whole_read_is_the_truth_person_by_person(hr: &dyn Emulated) {
    let read = read(hr).await;
    read.assert_certified(None);
    let header = &read.roster.header;
    let told = (!hr.number().is_empty()).then_some(u64::from(header.employees));
    assert_eq!(header.announced, told);
    assert_eq!(header.duplicates, 0);
    assert_is_the_truth(hr, &read).await;
}

/// Reading twice makes the same bytes; a day makes others.
pub async fn r23_the_same_people_make_the_same_roster_and_a_day_later_another(hr: &dyn Emulated) {
    let (first, again) = (read(hr).await, read(hr).await);
    assert_eq!(first.roster, again.roster);
    hr.change(Change::Day).await;
    // Tokens of yesterday are over.
    let source = open_with(hr, Arc::new(Renewing::new(hr)), &BTreeSet::new());
    let later = Outcome::of(source.as_ref()).await;
    assert_ne!(first.roster.header.content_hash, later.roster.header.content_hash);
    later.assert_certified(Some(&first));
}

/// What no reader may keep is not in the roster; a custom field that holds it is hidden by name.
pub async fn r34_no_canary_of_a_forbidden_category_is_in_the_roster(hr: &dyn Emulated) {
    let read = read(hr).await;
    for person in read.roster.employees().unwrap() {
        let packed = person.attributes.as_packed();
        assert!(!packed.contains(hr.canary()), "{}", person.id);
    }
    if !hr.has_custom_fields() {
        return;
    }
    let hidden = &read.roster.header.hidden;
    for name in ["custom.religion", "custom.blood_type", "custom.sindicato"] {
        assert_eq!(hidden[&Attribute::parse(name).unwrap()], "forbidden_category");
    }
}

/// What an admin allowed with a reason is read, and nothing beside it.
pub async fn r34_an_exception_opens_its_own_category_and_no_other(hr: &dyn Emulated) {
    let access = Arc::new(Held(hr.credential()));
    let source = open_with(hr, access, &BTreeSet::from([Category::TradeUnion]));
    let read = Outcome::of(source.as_ref()).await;
    let coverage = |name: &str| {
        let coverage = &read.roster.header.coverage;
        coverage.get(&Attribute::parse(name).unwrap()).copied()
    };
    assert!(coverage("custom.sindicato").unwrap() > 0);
    assert_eq!(coverage("custom.religion"), None);
}
