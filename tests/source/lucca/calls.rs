//! A read takes as many calls as the connector documents.

use std::collections::BTreeSet;

use rollcall::employee::{Attribute, Canonical, Wanted, classify_label};
use serde_json::Value;

use super::support::{Lucca, USERS};
use crate::support::Read;

/// Returns how many calls a walk over so many rows takes.
fn walk(rows: usize) -> usize {
    rows.div_ceil(100).max(1)
}

/// Returns how many custom fields of a person have a value that may be read.
fn custom_values(person: &Value) -> usize {
    let members = person.as_object().unwrap().iter();
    let custom = members.filter_map(|(name, value)| Some((name.strip_prefix("custom.")?, value)));
    custom
        .filter(|(name, value)| classify_label(name).is_none() && !value.is_null())
        .count()
}

#[tokio::test]
async fn a_read_with_a_key_costs_the_documented_number_of_calls() {
    for employees in [20, 150, 300] {
        let hr = Lucca::start(employees).await;
        let read = hr.read(&hr.key()).await;
        let users = hr.0.truth().await.len().div_ceil(200);
        // A person has one to four amounts of pay.
        let pay = hr.count("fixed-items").await;
        let people = hr.0.truth().await.len();
        assert!((walk(people)..=4 * walk(people) + users).contains(&pay), "{pay}");
        let identify_and_shared_lists = 1 + 2;
        let documented = identify_and_shared_lists + users + pay;
        assert_eq!(hr.0.requests().await.len(), documented, "{employees}");
        assert_eq!(usize::try_from(read.calls).unwrap(), documented, "{employees}");
        assert_eq!(hr.count(USERS).await, 1 + users);
    }
}

#[tokio::test]
async fn a_read_with_a_client_costs_the_documented_number_of_calls() {
    for employees in [20, 150, 300] {
        let hr = Lucca::start(employees).await;
        let credential = hr.granted(None).await;
        let read = hr.read(&credential).await;
        let truth = hr.0.truth().await;
        let pages = truth.chunks(100).map(|page| {
            let values: usize = page.iter().map(custom_values).sum();
            1 + walk(page.len()) + walk(values)
        });
        let identify_and_shared_lists = 1 + 4;
        let documented = identify_and_shared_lists + pages.sum::<usize>();
        let token = hr.count("/connect/token").await;
        assert_eq!((token, hr.0.requests().await.len()), (1, documented + 1), "{employees}");
        assert_eq!(usize::try_from(read.calls).unwrap(), documented, "{employees}");
    }
}

/// The lists that are asked for beside people, by the ends of their addresses, in the older API and in the newer one.
fn lists_for(attribute: &Attribute) -> [&'static [&'static str]; 2] {
    match attribute {
        Attribute::Canonical(Canonical::Department) => [&[], &["departments"]],
        Attribute::Canonical(Canonical::Group) => [&["establishments"], &["legal-entities"]],
        Attribute::Canonical(Canonical::PayRate) => [&["fixed-items"], &[]],
        Attribute::Canonical(Canonical::PersonalEmail) => [&[], &["employee-personal-records"]],
        Attribute::Canonical(Canonical::WorkCity) => [&["establishments"], &["business-establishments"]],
        Attribute::Canonical(_) => [&[], &[]],
        Attribute::Custom(_) => [
            &["extensionuserdefinitions"],
            &["employee-attribute-definitions", "employee-attributes"],
        ],
    }
}

#[tokio::test]
async fn r46_what_is_not_wanted_is_not_asked_for_and_what_is_wanted_comes_as_before() {
    let hr = Lucca::start(60).await;
    for (api, way) in hr.ways().await.into_iter().enumerate() {
        let wide = hr.read(&way.credential).await.roster;
        let custom = wide
            .header
            .visible
            .iter()
            .find(|attribute| matches!(attribute, Attribute::Custom(_)));
        let canonical = [
            Canonical::WorkEmail,
            Canonical::Department,
            Canonical::Group,
            Canonical::PayRate,
            Canonical::PersonalEmail,
            Canonical::WorkCity,
            Canonical::StartDate,
        ];
        for attribute in canonical.map(Attribute::Canonical).into_iter().chain(custom.cloned()) {
            let wanted = Wanted::only([Canonical::EmployeeId.into(), attribute.clone()]);
            let before = hr.0.requests().await.len();
            let read = Read::wanting(wanted.clone(), hr.open(way.credential.clone()).as_ref()).await;
            assert_eq!(
                read.roster,
                wide.clone().narrowed(wanted).unwrap(),
                "{attribute} in {}",
                way.people
            );
            let requests = hr.0.requests().await.split_off(before);
            let asked = requests.iter().filter_map(|(path, _)| path.rsplit('/').next());
            let asked: BTreeSet<&str> = asked.filter(|end| !way.people.ends_with(end)).collect();
            let expected = lists_for(&attribute)[api].iter().copied().collect();
            assert_eq!(asked, expected, "{attribute} in {}", way.people);
        }
    }
}
