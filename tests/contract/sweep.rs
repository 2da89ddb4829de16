//! What only the table can show of claims and sweeps: items of the form before, and writes that broke off.

use aws_sdk_dynamodb::types::AttributeValue;
use local::embedded::{Embedded, TABLE};
use rollcall::{
    connection::{Connection, Status, Transition},
    store::{
        ActStore, Acted, ConnectionStore, Refusal, RosterId, RosterStore, SweepStore, Write, dynamodb::DynamoStore,
    },
    testing::builder::{at, company, connection, connection_id, roster},
};

use crate::table::{breaking_after, items};

/// Returns a connection that reads company 7, as its stored record says.
async fn reader(store: &DynamoStore, id: &str, of: &str) -> Connection {
    let reader = connection(id, of).connect(&company("7")).unwrap();
    assert!(store.put_connection(&reader, None).await.unwrap());
    reader
}

/// Writes the claim as the form before wrote it: a tenant, and none of its connections.
async fn claim_as_before(embedded: &Embedded, tenant: &str) {
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let item = [
        ("pk", text("B#017#factorial")),
        ("sk", text("COMPANY")),
        ("v", AttributeValue::N("1".to_owned())),
        ("tenant", text(tenant)),
    ];
    let put = embedded.dynamodb.put_item().table_name(TABLE);
    let item = item.into_iter().map(|(name, value)| (name.to_owned(), value));
    put.set_item(Some(item.collect())).send().await.unwrap();
}

async fn enter(store: &DynamoStore, connection: &Connection) -> Acted {
    let enter = Write::EnterCompany {
        connection,
        company: &company("7").id,
        shared: false,
    };
    store.act(&[enter]).await.unwrap()
}

async fn leave(store: &DynamoStore, connection: &Connection) {
    let company = company("7").id;
    let leave = Write::LeaveCompany {
        connection,
        company: &company,
    };
    assert_eq!(store.act(&[leave]).await.unwrap(), Acted::Done);
}

#[tokio::test]
async fn r49_a_claim_of_the_form_before_is_held_by_the_connections_that_say_so() {
    let embedded = Embedded::start(None).await.unwrap();
    let store = DynamoStore::new(embedded.dynamodb.clone(), TABLE);
    let [first, second] = [reader(&store, "c-1", "acme").await, reader(&store, "c-2", "acme").await];
    let other = reader(&store, "c-3", "other").await;
    claim_as_before(&embedded, "acme").await;
    let foreign = Acted::Refused(Refusal::ForeignCompany);
    assert_eq!(enter(&store, &other).await, foreign);
    // The claim stays with the tenant when one of its connections leaves the company.
    leave(&store, &first).await;
    assert_eq!(enter(&store, &other).await, foreign);
    let key = [("pk", "B#017#factorial"), ("sk", "COMPANY")];
    let key = key.map(|(name, text)| (name.to_owned(), AttributeValue::S(text.to_owned())));
    let get = embedded.dynamodb.get_item().table_name(TABLE);
    let item = get.set_key(Some(key.into_iter().collect())).send().await.unwrap();
    let item = item.item.unwrap();
    assert_eq!(
        item["tenant"].as_s().unwrap(),
        "acme",
        "the form before still reads whose it is"
    );
    leave(&store, &second).await;
    assert_eq!(enter(&store, &other).await, Acted::Done);
}

#[tokio::test]
async fn r49_a_claim_of_the_form_before_without_a_connection_is_in_nobodys_way() {
    let embedded = Embedded::start(None).await.unwrap();
    let store = DynamoStore::new(embedded.dynamodb.clone(), TABLE);
    let ended = reader(&store, "c-1", "acme")
        .await
        .change(Transition::Disconnect)
        .unwrap();
    assert_eq!(ended.status, Status::Disconnected);
    assert!(store.put_connection(&ended, Some(1)).await.unwrap());
    claim_as_before(&embedded, "acme").await;
    let other = reader(&store, "c-2", "other").await;
    assert_eq!(enter(&store, &other).await, Acted::Done);
}

#[tokio::test]
async fn r49_parts_of_a_roster_that_nothing_shows_are_swept_wherever_its_write_broke_off() {
    let embedded = Embedded::start(None).await.unwrap();
    let store = DynamoStore::new(embedded.dynamodb.clone(), TABLE);
    let (connection, whole, end) = (connection_id("c-1"), roster(6_000), at("2026-03-31T12:00:00Z"));
    let (young, old) = (
        at("2026-03-20T12:00:00Z")..at("2026-03-31T11:59:59Z"),
        at("2026-03-24T12:00:00Z")..at("2026-03-31T12:00:00Z"),
    );
    let mut breaks = 1;
    loop {
        let id = RosterId::parse(&format!("run-{breaks}-1")).unwrap();
        let put = breaking_after(&embedded.dynamodb, breaks)
            .put_roster(&connection, &id, &whole, end)
            .await;
        let written = items(&embedded.dynamodb).await;
        assert_eq!(
            store.sweep_parts(&connection, young.clone()).await.unwrap(),
            0,
            "it may be at work"
        );
        assert_eq!(items(&embedded.dynamodb).await, written);
        let swept = store.sweep_parts(&connection, old.clone()).await.unwrap();
        if put.is_ok() {
            assert_eq!((swept, items(&embedded.dynamodb).await), (0, written), "it is shown");
            break;
        }
        assert_eq!((swept, items(&embedded.dynamodb).await), (1, 0), "after {breaks} calls");
        breaks += 1;
    }
    assert!(breaks > 2, "the write has a note, chunks and a head");
}
