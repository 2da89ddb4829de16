//! What the two APIs show of the same people, and what neither is asked for.

use std::collections::BTreeSet;

use rollcall::{
    employee::{Attribute, Canonical, Employee, Field},
    http::Method,
};
use serde_json::Value;

use super::support::Lucca;
use crate::support::Read;

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
    assert!(both.len() >= 24, "{both:?}");
    let (older, newer) = (older.roster.employees().unwrap(), newer.roster.employees().unwrap());
    assert_eq!(older.len(), newer.len());
    for (older, newer) in older.iter().zip(&newer) {
        assert_eq!(older.id, newer.id);
        for attribute in &both {
            // The newer API shows the custom values that apply today.
            if matches!(attribute, Attribute::Custom(_)) && newer.value(Canonical::EmploymentStatus) != Some("active") {
                continue;
            }
            let of = |person: &Employee| person.attributes.field(Attribute::clone(attribute)).map(str::to_owned);
            if let (Field::Unseen, newer) = (of(older), of(newer)) {
                // `null` of a key may mean that its role does not see the value.
                assert_eq!(newer.value(), None, "{attribute} of {}", older.id);
                continue;
            }
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
async fn r34_values_of_a_forbidden_category_are_not_asked_for() {
    let hr = Lucca::start(120).await;
    for way in hr.ways().await {
        assert!(hr.read(&way.credential).await.error.is_none());
    }
    let asked = hr.0.control(Method::Get, "/_emulator/requests", &Value::Null).await;
    let asked = asked.to_string();
    assert!(asked.contains("e_cost_centre"));
    for never in ["e_religion", "e_sindicato", "iban", "insuranceNumber", "gender"] {
        assert!(!asked.contains(never), "{never}");
    }
}
