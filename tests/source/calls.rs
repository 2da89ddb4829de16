//! A read takes as many calls as the connector documents.

use std::collections::BTreeSet;

use rollcall::employee::{Attribute, Canonical, CustomName, Wanted};
use serde_json::Value;

use crate::support::{Hr, Read};

/// Returns how many calls a walk over so many rows takes.
fn walk(rows: usize) -> usize {
    rows.div_ceil(100).max(1)
}

fn custom_values(person: &Value) -> usize {
    let members = person.as_object().unwrap().iter();
    members
        .filter(|(name, value)| name.starts_with("custom.") && !value.is_null())
        .count()
}

#[tokio::test]
async fn a_read_costs_the_documented_number_of_calls() {
    for employees in [20, 150, 300] {
        let hr = Hr::start(employees).await;
        let read = hr.read().await;
        let requests = hr.requests().await;
        let truth = hr.truth().await;
        let pages = truth.chunks(100);
        // Most people are in one team and none in more than two, so a page of people has one or two pages of
        // memberships.
        let memberships = requests
            .iter()
            .filter(|(path, _)| path.ends_with("teams/memberships"))
            .count();
        assert!((pages.len()..=2 * pages.len()).contains(&memberships));
        let credentials_and_shared_lists = 1 + 4;
        let people_contracts_and_values = pages.map(|page| {
            let values: usize = page.iter().map(custom_values).sum();
            1 + walk(page.len()) + walk(values)
        });
        let documented = credentials_and_shared_lists + people_contracts_and_values.sum::<usize>() + memberships;
        assert_eq!(requests.len(), documented, "{employees}");
        assert_eq!(usize::try_from(read.calls).unwrap(), documented, "{employees}");
    }
}

/// The lists that every read asks for.
const ALWAYS: [&str; 2] = ["credentials", "employees"];

#[tokio::test]
async fn r46_a_list_that_serves_nothing_wanted_is_not_asked_for() {
    let custom = |name: &str| Attribute::Custom(CustomName::parse(name).unwrap());
    let hr = Hr::start(150).await;
    let whole = hr.read().await;
    let cases: [(Attribute, &[&str]); 8] = [
        (Canonical::WorkEmail.into(), &[]),
        (Canonical::StartDate.into(), &["reference_contracts"]),
        (Canonical::JobTitle.into(), &["reference_contracts"]),
        (
            Canonical::PayCurrency.into(),
            &["legal_entities", "reference_contracts"],
        ),
        (Canonical::Team.into(), &["memberships", "teams"]),
        (Canonical::TimeZone.into(), &["locations"]),
        (custom("t_shirt_size"), &["fields", "values"]),
        (custom("nothing_at_all"), &["fields"]),
    ];
    for (attribute, lists) in cases {
        let wanted = Wanted::only([Canonical::EmployeeId.into(), attribute.clone()]);
        let before = hr.requests().await.len();
        let read = Read::wanting(wanted.clone(), hr.open(hr.key()).as_ref()).await;
        let requests = hr.requests().await.split_off(before);
        let asked: BTreeSet<&str> = requests
            .iter()
            .filter_map(|(path, _)| path.rsplit('/').next())
            .collect();
        let expected: BTreeSet<&str> = ALWAYS.iter().chain(lists).copied().collect();
        assert_eq!(asked, expected, "{attribute}");
        assert_eq!(usize::try_from(read.calls).unwrap(), requests.len(), "{attribute}");
        let narrowed = whole.roster.clone().narrowed(wanted).unwrap();
        assert_eq!(read.roster, narrowed, "{attribute}");
    }
}
