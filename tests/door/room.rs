//! How many connections a tenant may have, and how it makes room for another one.

use std::sync::Arc;

use acceptance::journey::{Nobody, Office};
use rollcall::{
    connection::{Connection, ConnectionId},
    store::ConnectionStore,
};
use serde_json::json;

use crate::desk::Desk;

/// The most connections of a tenant.
const MOST_CONNECTIONS: usize = 250;

#[tokio::test]
async fn r47_a_tenant_with_all_connections_it_may_have_disconnects_one_and_a_new_one_takes_its_place() {
    let desk = Desk::open(&Office::new("7"), Arc::new(Nobody)).await;
    let body = json!({
        "tenant": "acme",
        "provider": desk.stage.ports.providers[0].kind().as_str(),
        "credential": { "kind": "api_key", "key": "key-of-the-office" },
    });
    let made = desk.send("POST", "/v1/connections", Some(&body)).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let first = made.at("/id");
    let record = desk
        .store
        .find_connection(&ConnectionId::parse(&first).unwrap())
        .await
        .unwrap();
    let record = record.unwrap().record;
    for number in 1..MOST_CONNECTIONS {
        let other = Connection {
            id: ConnectionId::parse(&format!("con_other-{number}")).unwrap(),
            ..record.clone()
        };
        assert!(desk.store.put_connection(&other, None).await.unwrap());
    }
    let refused = desk.send("POST", "/v1/connections", Some(&body)).await;
    assert_eq!((refused.status, refused.code()), (409, "conflict"), "{}", refused.body);
    assert!(
        refused.at("/detail").contains("disconnect one that is not needed"),
        "{}",
        refused.body
    );
    // The caller does what the refusal says.
    let ended = desk.send("DELETE", &format!("/v1/connections/{first}"), None).await;
    assert!((200..300).contains(&ended.status), "{}", ended.body);
    let made = desk.send("POST", "/v1/connections", Some(&body)).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let gone = desk.send("GET", &format!("/v1/connections/{first}"), None).await;
    assert_eq!(gone.status, 404, "{}", gone.body);
    let kept = desk.store.list_connections(&record.tenant).await.unwrap();
    assert_eq!(kept.len(), MOST_CONNECTIONS);
}
