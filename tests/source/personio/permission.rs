//! What a client may not read is hidden, never empty.

use rollcall::{employee::Canonical, source::Class, testing::contract::source::read_under};
use serde_json::json;

use super::support::Personio;
use crate::suite::{Stand, personio::BY_CLIENT};

#[tokio::test]
async fn r06_a_list_beside_people_hides_what_comes_from_it_where_it_is_refused_or_not_there() {
    for status in [403, 404, 412] {
        for (path, attributes) in [
            ("v2/org-units", vec![Canonical::Department, Canonical::Team]),
            ("v2/workplaces", vec![Canonical::WorkLocation]),
            ("v2/legal-entities", vec![Canonical::Group]),
            (
                "v2/compensations",
                vec![Canonical::PayCurrency, Canonical::PayPeriod, Canonical::PayRate],
            ),
        ] {
            let stand = Stand::of(&BY_CLIENT, 20).await;
            let fault = json!({"mode": "status", "status": status, "path": path});
            let (_, read) = read_under(&stand, fault).await;
            assert!(read.error.is_none(), "{path}: {:?}", read.error);
            for attribute in attributes {
                let why = read.roster.header.hidden.get(&attribute.into()).map(AsRef::as_ref);
                assert_eq!(why, Some("no_permission"), "{path} {status}: {}", attribute.name());
            }
        }
    }
}

#[tokio::test]
async fn r06_employments_that_cannot_be_read_break_the_walk_and_those_that_may_not_be_read_hide_what_they_say() {
    let stand = Stand::of(&BY_CLIENT, 60).await;
    for mode in ["html", "truncate", "no_body"] {
        let (before, read) = read_under(&stand, json!({"mode": mode, "path": "employments", "times": 1})).await;
        read.assert_broken(&before, &[Class::Malformed, Class::Temporary]);
    }
    let fault = json!({"mode": "status", "status": 403, "path": "employments"});
    let (before, read) = read_under(&stand, fault).await;
    let header = &read.roster.header;
    assert_eq!(header.employees, before.roster.header.employees);
    for attribute in [Canonical::StartDate, Canonical::TerminationDate, Canonical::JobTitle] {
        assert_eq!(
            header.hidden[&attribute.into()],
            "no_permission",
            "{}",
            attribute.name()
        );
    }
}

#[tokio::test]
async fn r05_a_reference_that_is_not_sent_any_more_hides_its_attribute() {
    for (field, attribute) in [
        ("manager", Canonical::Manager),
        ("work_location", Canonical::WorkLocation),
        ("group", Canonical::Group),
    ] {
        let stand = Stand::of(&BY_CLIENT, 60).await;
        let (before, read) = read_under(&stand, json!({"mode": "drop_field", "field": field})).await;
        read.assert_narrowed(&before, attribute);
    }
}

#[tokio::test]
async fn r05_a_client_with_fewer_scopes_shows_everybody_and_hides_the_rest() {
    let hr = Personio::start(60).await;
    let read = hr.read(hr.granted(Some("personio:persons:read")).await).await;
    assert!(read.error.is_none(), "{:?}", read.error);
    let hidden = &read.roster.header.hidden;
    for attribute in [Canonical::PayRate, Canonical::Team] {
        assert_eq!(hidden[&attribute.into()], "no_permission", "{}", attribute.name());
    }
    assert!(!hidden.contains_key(&Canonical::WorkLocation.into()));
}
