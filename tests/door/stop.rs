//! Stops: who has set each, and who may lift it (R33).

use std::{collections::BTreeSet, sync::Arc};

use acceptance::journey::{Nobody, Office};
use rollcall::{
    connection::TenantId,
    store::{ConnectionStore, Reach},
};
use serde_json::{Value, json};

use crate::desk::{Desk, Reply};

/// Returns a door with a key of all tenants, and a key of `acme` and `other`.
async fn desk() -> (Desk, String) {
    let desk = Desk::open(&Office::new("7"), Arc::new(Nobody)).await;
    let tenants = ["acme", "other"].map(|tenant| TenantId::parse(tenant).unwrap());
    let key = desk.new_key("own", Reach::Tenants(BTreeSet::from(tenants))).await;
    (desk, key)
}

/// Sends a request with this key, in the name of a person. Returns the answer.
async fn send(desk: &Desk, key: &str, person: &str, method: &str, address: &str, body: Option<Value>) -> Reply {
    let mut request = desk.request(method, address, body.as_ref());
    request
        .headers
        .insert("authorization".to_owned(), format!("Bearer {key}"));
    request.headers.insert("x-acting-user".to_owned(), person.to_owned());
    desk.answer(&request).await
}

/// Returns the stops that concern `acme`: who has set each, and which tenant it stops, as far as this key is told.
async fn stops(desk: &Desk, key: &str) -> Vec<(String, Value, Value)> {
    let seen = send(desk, key, "somebody", "GET", "/v1/stop?tenant=acme", None).await;
    assert_eq!(seen.status, 200, "{}", seen.body);
    listed(&seen)
}

fn listed(seen: &Reply) -> Vec<(String, Value, Value)> {
    let stops = seen.body["data"].as_array().unwrap().iter();
    stops
        .map(|stop| {
            assert!(stop["at"].as_str().unwrap().starts_with("2026-"), "{stop}");
            (
                stop["whose"].as_str().unwrap().to_owned(),
                stop["by"].clone(),
                stop["tenant"].clone(),
            )
        })
        .collect()
}

async fn is_stopped(desk: &Desk, tenant: &str) -> bool {
    let tenant = TenantId::parse(tenant).unwrap();
    desk.store.is_stopped(&tenant).await.unwrap()
}

#[tokio::test]
async fn r33_a_tenant_lifts_only_its_own_stop_and_the_operator_both() {
    let (desk, own) = desk().await;
    let all = desk.key.clone();
    let acme = || Some(json!({ "tenant": "acme" }));
    let (operators, hidden, tenants) = (
        ("operator".to_owned(), json!("operator-1"), json!("acme")),
        ("operator".to_owned(), json!(null), json!("acme")),
        ("tenant".to_owned(), json!("admin-3"), json!("acme")),
    );
    let set = send(&desk, &all, "operator-1", "PUT", "/v1/stop", acme()).await;
    assert_eq!(
        (set.status, &set.body),
        (200, &json!({ "stopped": true, "tenant": "acme" }))
    );
    assert_eq!(stops(&desk, &all).await, std::slice::from_ref(&operators));

    // The tenant cannot lift the operator's stop, whatever it tries.
    for address in [
        "/v1/stop?tenant=acme",
        "/v1/stop?tenant=acme&whose=operator",
        "/v1/stop?tenant=acme&whose=tenant",
    ] {
        let refused = send(&desk, &own, "admin-3", "DELETE", address, None).await;
        assert_eq!(
            (refused.status, refused.code()),
            (403, "operator-only"),
            "{address}: {}",
            refused.body
        );
        assert!(is_stopped(&desk, "acme").await);
    }
    // Both stops stand at once; the tenant is not told which of the operator's people has set the operator's stop.
    send(&desk, &own, "admin-3", "PUT", "/v1/stop", acme()).await;
    assert_eq!(stops(&desk, &own).await, [tenants.clone(), hidden.clone()]);
    let lifted = send(&desk, &own, "admin-3", "DELETE", "/v1/stop?tenant=acme", None).await;
    assert_eq!(
        (lifted.status, lifted.body),
        (200, json!({ "stopped": true, "tenant": "acme" }))
    );
    assert_eq!(stops(&desk, &own).await, [hidden]);
    assert!(is_stopped(&desk, "acme").await && !is_stopped(&desk, "other").await);

    // The operator sees both stops, and lifts both or one of them.
    send(&desk, &own, "admin-3", "PUT", "/v1/stop", acme()).await;
    assert_eq!(stops(&desk, &all).await, [tenants.clone(), operators]);
    send(
        &desk,
        &all,
        "operator-1",
        "DELETE",
        "/v1/stop?tenant=acme&whose=operator",
        None,
    )
    .await;
    assert_eq!(stops(&desk, &all).await, [tenants]);
    send(&desk, &all, "operator-1", "PUT", "/v1/stop", acme()).await;
    let none = send(&desk, &all, "operator-1", "DELETE", "/v1/stop?tenant=acme", None).await;
    assert_eq!(
        (none.status, none.body),
        (200, json!({ "stopped": false, "tenant": "acme" }))
    );
    assert!(!is_stopped(&desk, "acme").await);

    // Where no stop stands there is nothing to refuse.
    let nothing = send(&desk, &own, "admin-3", "DELETE", "/v1/stop?tenant=acme", None).await;
    assert_eq!((nothing.status, nothing.body["stopped"].clone()), (200, json!(false)));
}

#[tokio::test]
async fn r33_the_stop_of_everybody_is_the_operators() {
    let (desk, own) = desk().await;
    let all = desk.key.clone();
    let refused = send(&desk, &own, "admin-3", "PUT", "/v1/stop", None).await;
    assert_eq!(refused.code(), "operator-only");
    assert_eq!(
        send(&desk, &all, "operator-1", "PUT", "/v1/stop", None).await.status,
        200
    );
    for address in ["/v1/stop", "/v1/stop?tenant=acme"] {
        let refused = send(&desk, &own, "admin-3", "DELETE", address, None).await;
        assert_eq!(
            (refused.status, refused.code()),
            (403, "operator-only"),
            "{address}: {}",
            refused.body
        );
    }
    assert!(is_stopped(&desk, "acme").await && is_stopped(&desk, "third").await);
    assert_eq!(
        stops(&desk, &own).await,
        [("operator".to_owned(), json!(null), json!(null))]
    );
    send(
        &desk,
        &own,
        "admin-3",
        "PUT",
        "/v1/stop",
        Some(json!({ "tenant": "other" })),
    )
    .await;

    // The operator sees all stops that stand, page by page.
    assert_eq!(
        send(&desk, &own, "admin-3", "GET", "/v1/stop", None).await.code(),
        "operator-only"
    );
    let first = send(&desk, &all, "operator-1", "GET", "/v1/stop?limit=1", None).await;
    let next = format!("/v1/stop?limit=1&cursor={}", first.at("/next_cursor"));
    let second = send(&desk, &all, "operator-1", "GET", &next, None).await;
    assert_eq!(listed(&first)[0].2, json!(null));
    assert_eq!(listed(&second)[0].2, json!("other"));
    assert_eq!(second.body["next_cursor"], json!(null));

    // Lifting the stop of all tenants leaves the stop that a tenant has set itself.
    let lifted = send(&desk, &all, "operator-1", "DELETE", "/v1/stop", None).await;
    assert_eq!(lifted.body["stopped"], json!(false), "{}", lifted.body);
    assert!(!is_stopped(&desk, "acme").await && is_stopped(&desk, "other").await);
}
