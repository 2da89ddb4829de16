//! What the table holds after an erasure, item by item.

use std::sync::Arc;

use acceptance::journey::{Ground, Stage};
use local::embedded::{Embedded, TABLE};
use rollcall::{
    connection::Preset,
    employee::Canonical,
    run::{Actor, erase_tenant},
    store::dynamodb::DynamoStore,
};

use super::{CANARY, decide, erase, office};

/// Returns everything in the table as texts, one for each item: keys, members, and what is compressed.
async fn table(embedded: &Embedded) -> Vec<String> {
    let scan = embedded.dynamodb.scan().table_name(TABLE).send().await.unwrap();
    let items = scan.items.unwrap().into_iter();
    items
        .map(|item| {
            let members = item.into_iter().map(|(name, value)| {
                let value = value.as_b().map_or_else(
                    |value| format!("{value:?}"),
                    |bytes| {
                        let bytes = zstd::bulk::decompress(bytes.as_ref(), 1 << 20).unwrap();
                        String::from_utf8(bytes).unwrap()
                    },
                );
                format!("{name}: {value}")
            });
            members.collect::<Vec<_>>().join(", ")
        })
        .collect()
}

#[tokio::test]
async fn r37_no_item_of_the_table_holds_a_value_of_an_erased_person_and_none_but_the_tombstone_is_an_erased_tenants() {
    let embedded = Embedded::start(None).await.unwrap();
    let store = Arc::new(DynamoStore::new(embedded.dynamodb.clone(), TABLE));
    let ground = Ground {
        store: Arc::clone(&store) as _,
        directory: store,
        ..Ground::memory()
    };
    let office = office();
    let mut stage = Stage::new(ground, &office).unwrap();
    stage.connect(Preset::Users.configuration()).await.unwrap();
    stage.night().await.unwrap();
    decide(&stage).await;
    let names_them = |items: Vec<String>| -> Vec<String> {
        let holds = |item: &String| item.contains(CANARY) || item.contains("p10@");
        items.into_iter().filter(holds).collect()
    };
    let before = names_them(table(&embedded).await);
    assert!(before.len() > 3, "roster, plan, account, address: {before:#?}");
    erase(&stage).await.unwrap();
    assert_eq!(names_them(table(&embedded).await), [""; 0]);
    office
        .set(10, Canonical::JobTitle, "Cook")
        .set(1, Canonical::JobTitle, "Cook");
    stage.pass_hours(24).night().await.unwrap();
    assert_eq!(
        stage.account_of(1).await.unwrap().value(Canonical::JobTitle),
        Some("Cook")
    );
    assert_eq!(
        names_them(table(&embedded).await),
        [""; 0],
        "nor does a later night bring one back"
    );

    erase_tenant(&stage.ports, &Actor::named("admin-3"), &stage.tenant)
        .await
        .unwrap();
    // The slots of runs that are under way belong to all tenants, and are empty here. The audit holds ids only, and stays.
    let is_kept = |item: &String| !item.contains("SLOTS#") && !item.contains("#AUDIT");
    let left: Vec<String> = table(&embedded).await.into_iter().filter(is_kept).collect();
    assert!(matches!(&left[..], [only] if only.contains("ERASED#ALL")), "{left:?}");
}
