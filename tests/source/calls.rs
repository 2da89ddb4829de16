//! A read takes as many calls as the connector documents.

use serde_json::Value;

use crate::support::Hr;

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
