//! The lists that Lucca has beside people and which the suite does not look at: where people work, departments, custom fields.

use rollcall::{employee::Canonical, source::Class, testing::contract::source::read_under};
use serde_json::json;

use crate::suite::{
    Stand,
    lucca::{BY_CLIENT, BY_KEY},
};

#[tokio::test]
async fn r06_a_shared_list_that_cannot_be_read_breaks_the_walk() {
    for (own, lists) in [
        (&BY_KEY, ["establishments", "extensionuserdefinitions"]),
        (&BY_CLIENT, ["departments", "lucca-api/employee-attributes"]),
    ] {
        let stand = Stand::of(own, 60).await;
        for (list, mode) in lists.into_iter().zip(["html", "truncate"]) {
            let (before, read) = read_under(&stand, json!({"mode": mode, "path": list})).await;
            read.assert_broken(&before, &[Class::Malformed, Class::Temporary]);
        }
    }
}

#[tokio::test]
async fn r07_a_list_of_workplaces_that_is_suddenly_empty_empties_nothing() {
    for own in [&BY_KEY, &BY_CLIENT] {
        let stand = Stand::of(own, 60).await;
        let fault = json!({"mode": "empty", "path": "establishments"});
        let (before, read) = read_under(&stand, fault).await;
        for attribute in [Canonical::TimeZone, Canonical::WorkCity] {
            read.assert_narrowed(&before, attribute);
        }
    }
}

#[tokio::test]
async fn r05_a_reference_that_is_not_sent_any_more_hides_its_attribute() {
    for own in [&BY_KEY, &BY_CLIENT] {
        let stand = Stand::of(own, 60).await;
        let fault = json!({"mode": "drop_field", "field": "manager"});
        let (before, read) = read_under(&stand, fault).await;
        read.assert_narrowed(&before, Canonical::Manager);
    }
}
