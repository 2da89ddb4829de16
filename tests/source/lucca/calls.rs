//! A read takes as many calls as the connector documents.

use rollcall::employee::classify_label;
use serde_json::Value;

use super::support::{Lucca, USERS};

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
