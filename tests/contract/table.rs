//! What only the table can show: calls that break off, items of other versions, damaged items.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use aws_sdk_dynamodb::{
    Client,
    config::{
        ConfigBag, Intercept, RuntimeComponents, interceptors::BeforeTransmitInterceptorContextMut, retry::RetryConfig,
    },
    error::BoxError,
    types::AttributeValue,
};
use local::embedded::{Embedded, TABLE};
use rollcall::{
    account::{Account, TargetIdentity},
    employee::Canonical,
    store::{
        AccountWrite, ConnectionStore, DirectoryStore, ErasureStore, Error, LinkStore, Meter, PlanStore, RosterId,
        RosterStore, RunStore, Written, dynamodb::DynamoStore,
    },
    testing::builder::{
        account, account_id, at, by_plan, connection, connection_id, employee_id, link, roster, run, tenant,
    },
    testing::contract::plan::stored_plan,
};

/// A line that lets a number of calls through and then breaks.
#[derive(Debug)]
struct Line(Arc<AtomicU32>);

impl Intercept for Line {
    fn name(&self) -> &'static str {
        "a line that breaks"
    }

    fn modify_before_transmit(
        &self,
        _context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _settings: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let left = self
            .0
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        left.map(drop).map_err(|_| "the line broke".into())
    }
}

/// Returns a store whose line breaks after that many calls.
pub(crate) fn breaking_after(client: &Client, calls: u32) -> DynamoStore {
    let config = client
        .config()
        .to_builder()
        .retry_config(RetryConfig::disabled())
        .interceptor(Line(Arc::new(AtomicU32::new(calls))))
        .build();
    DynamoStore::new(Client::from_conf(config), TABLE)
}

#[tokio::test]
async fn r29_a_roster_is_there_wholly_or_not_at_all_wherever_its_write_breaks_off() {
    let embedded = Embedded::start(None).await.unwrap();
    let store = DynamoStore::new(embedded.dynamodb.clone(), TABLE);
    let (connection, whole) = (connection_id("c-1"), roster(6_000));
    let mut breaks = 0;
    loop {
        let id = RosterId::parse(&format!("run-{breaks}-1")).unwrap();
        let put = breaking_after(&embedded.dynamodb, breaks)
            .put_roster(&connection, &id, &whole, at("2026-03-31T12:00:00Z"))
            .await;
        let found = store
            .find_roster(&connection, &id, at("2026-03-01T12:00:00Z"))
            .await
            .unwrap();
        if put.is_ok() {
            assert!(found == Some(whole));
            break;
        }
        assert!(matches!(put, Err(Error::Unavailable { .. })));
        assert_eq!(found, None, "after {breaks} calls");
        breaks += 1;
    }
    assert!(breaks > 1, "the write has chunks and a head");
}

#[tokio::test]
async fn a_broken_line_says_that_the_store_does_not_answer() {
    let embedded = Embedded::start(None).await.unwrap();
    let store = breaking_after(&embedded.dynamodb, 0);
    let error = store
        .find_link(&connection_id("c-1"), &employee_id("1"))
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), "find a link: the store does not answer");
}

/// Changes one member of the only link in the table.
async fn change_link(client: &Client, member: &str, value: AttributeValue) {
    let items = client.scan().table_name(TABLE).send().await.unwrap().items.unwrap();
    let [mut item] = items.try_into().unwrap();
    item.insert(member.to_owned(), value);
    client
        .put_item()
        .table_name(TABLE)
        .set_item(Some(item))
        .send()
        .await
        .unwrap();
}

#[tokio::test]
async fn r44_items_of_this_version_and_the_one_before_are_read_and_no_other() {
    let embedded = Embedded::start(None).await.unwrap();
    let store = DynamoStore::new(embedded.dynamodb.clone(), TABLE);
    let (connection, link) = (connection_id("c-1"), link("7", "a-7"));
    store.put_links(&connection, std::slice::from_ref(&link)).await.unwrap();
    change_link(&embedded.dynamodb, "v", AttributeValue::N("0".to_owned())).await;
    // A member that a later version added is no reason to fail either.
    change_link(&embedded.dynamodb, "later", AttributeValue::Bool(true)).await;
    assert_eq!(store.list_links(&connection).await.unwrap(), [link]);
    change_link(&embedded.dynamodb, "v", AttributeValue::N("2".to_owned())).await;
    let error = store.list_links(&connection).await.unwrap_err();
    let expected = "list links: a stored item is not in a known form: member `v` is not a version that this code reads";
    assert_eq!(error.to_string(), expected);
}

#[tokio::test]
async fn a_damaged_item_is_named_by_its_member_and_shows_no_value() {
    let embedded = Embedded::start(None).await.unwrap();
    let store = DynamoStore::new(embedded.dynamodb.clone(), TABLE);
    let connection = connection_id("c-1");
    store.put_links(&connection, &[link("7", "a-7")]).await.unwrap();
    change_link(
        &embedded.dynamodb,
        "document",
        AttributeValue::S("{\"canary\":1}".to_owned()),
    )
    .await;
    let error = store.find_link(&connection, &employee_id("7")).await.unwrap_err();
    assert!(
        matches!(&error, Error::Corrupt { detail, .. } if detail.contains("`document`")),
        "{error}"
    );
    assert!(!format!("{error:?}").contains("canary"));
}

#[tokio::test]
async fn what_is_written_and_read_is_counted_by_item() {
    let embedded = Embedded::start(None).await.unwrap();
    let store = DynamoStore::new(embedded.dynamodb.clone(), TABLE);
    let connection = connection_id("c-1");
    let links: Vec<_> = (0..60)
        .map(|number| link(&format!("e-{number}"), &format!("a-{number}")))
        .collect();
    store.put_links(&connection, &links).await.unwrap();
    assert_eq!((store.writes(), store.reads()), (60, 0));
    store.list_links(&connection).await.unwrap();
    assert!((60..76).contains(&store.reads()), "{} reads", store.reads());
    assert_eq!(store.writes(), 60);
}

/// Returns how many items are in the table.
pub(crate) async fn items(client: &Client) -> usize {
    let items = client.scan().table_name(TABLE).send().await.unwrap().items.unwrap();
    items.len()
}

#[tokio::test]
async fn r37_erasing_finds_a_roster_wherever_its_write_broke_off() {
    let embedded = Embedded::start(None).await.unwrap();
    let store = DynamoStore::new(embedded.dynamodb.clone(), TABLE);
    let (connection, whole) = (connection_id("c-1"), roster(6_000));
    let mut breaks = 0;
    loop {
        let id = RosterId::parse(&format!("run-{breaks}-1")).unwrap();
        let put = breaking_after(&embedded.dynamodb, breaks)
            .put_roster(&connection, &id, &whole, at("2026-03-31T12:00:00Z"))
            .await;
        store.erase_rosters(&connection).await.unwrap();
        assert_eq!(items(&embedded.dynamodb).await, 0, "after {breaks} calls");
        if put.is_ok() {
            break;
        }
        breaks += 1;
    }
    assert!(breaks > 2, "the write has a note, chunks and a head");
}

#[tokio::test]
async fn r37_an_erasure_that_breaks_off_is_made_again_and_leaves_nothing() {
    let embedded = Embedded::start(None).await.unwrap();
    let store = DynamoStore::new(embedded.dynamodb.clone(), TABLE);
    let (id, acme) = (connection_id("c-1"), tenant("acme"));
    let target = TargetIdentity::new("directory", "acme");
    let record = connection("c-1", "acme");
    let until = at("2026-03-31T12:00:00Z");
    let mut breaks = 0;
    loop {
        assert!(store.put_connection(&record, None).await.unwrap());
        let roster_id = RosterId::parse("run-1-1").unwrap();
        store.put_roster(&id, &roster_id, &roster(20), until).await.unwrap();
        for employee in ["1", "2"] {
            let link = link(employee, &format!("a-{employee}"));
            assert!(store.claim_link(&id, &target, &link, None).await.unwrap());
        }
        assert!(store.create_run(&run("run-1", "c-1", until)).await.unwrap());
        let write = AccountWrite {
            account: account("a-1", &[(Canonical::Email, "ana@acme.example")]),
            before: None,
            origin: by_plan("p-1"),
            at: until,
        };
        store.put_accounts(&acme, &[write], None).await.unwrap();
        let erase = async |store: &DynamoStore| {
            store.erase_rosters(&id).await?;
            store.erase_runs(&id).await?;
            store.erase_links(&id, &target).await?;
            store.erase_directory(&acme).await?;
            store.erase_connection(&record).await
        };
        let first = erase(&breaking_after(&embedded.dynamodb, breaks)).await;
        erase(&store).await.unwrap();
        assert_eq!(items(&embedded.dynamodb).await, 0, "after {breaks} calls");
        if first.is_ok() {
            break;
        }
        breaks += 1;
    }
    assert!(breaks > 20, "{breaks} calls");
}

/// Returns the keys of the table's items whose partition contains this part.
async fn partitions(client: &Client, part: &str) -> Vec<String> {
    let items = client.scan().table_name(TABLE).send().await.unwrap().items.unwrap();
    let partitions = items.iter().map(|item| item["pk"].as_s().unwrap().clone());
    partitions.filter(|partition| partition.contains(part)).collect()
}

#[tokio::test]
async fn r44_an_address_that_was_kept_as_people_read_it_is_the_same_mailbox() {
    let readable = "ana@m\u{fc}nchen.example";
    let kept = "ana@xn--mnchen-3ya.example";
    let embedded = Embedded::start(None).await.unwrap();
    let (client, acme) = (&embedded.dynamodb, tenant("acme"));
    let store = DynamoStore::new(client.clone(), TABLE);
    let write = |id: &str, email: &str, before: Option<&Account>| AccountWrite {
        account: Account {
            version: None,
            ..account(id, &[(Canonical::Email, email)])
        },
        before: before.cloned(),
        origin: by_plan("p-1"),
        at: at("2026-03-01T12:00:00Z"),
    };
    // The items are made as an earlier version wrote them: the account and its unique value hold the readable spelling.
    let made = store
        .put_accounts(&acme, &[write("1", readable, None)], None)
        .await
        .unwrap();
    assert!(matches!(made, Written::Done(_)));
    let key = |email: &str| {
        let text = |text: String| AttributeValue::S(text);
        [
            ("pk", text(format!("T#acme#U#email#{email}"))),
            ("sk", text("UNIQUE".to_owned())),
        ]
    };
    let mut delete = client.delete_item().table_name(TABLE);
    let mut put = client
        .put_item()
        .table_name(TABLE)
        .item("v", AttributeValue::N("1".to_owned()));
    for (name, value) in key(kept) {
        delete = delete.key(name, value);
    }
    for (name, value) in key(readable) {
        put = put.item(name, value);
    }
    delete.send().await.unwrap();
    put.item("account", AttributeValue::S("1".to_owned()))
        .send()
        .await
        .unwrap();

    let ana = store.find_account(&acme, &account_id("1")).await.unwrap().unwrap();
    assert_eq!(
        ana.value(Canonical::Email),
        Some(kept),
        "nothing is to be written for it"
    );
    for spelling in [readable, kept] {
        let found = store.find_by_unique(&acme, Canonical::Email, spelling).await.unwrap();
        assert_eq!(found, Some(ana.clone()), "{spelling}");
        let taken = store
            .put_accounts(&acme, &[write("2", spelling, None)], None)
            .await
            .unwrap();
        assert_eq!(taken, Written::Taken, "{spelling}");
    }
    // The address passes on to another account, and nothing stays under the earlier spelling.
    let circle = [write("1", "ana@acme.example", Some(&ana)), write("2", readable, None)];
    assert!(matches!(
        store.put_accounts(&acme, &circle, None).await.unwrap(),
        Written::Done(_)
    ));
    let found = store
        .find_by_unique(&acme, Canonical::Email, readable)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.id, account_id("2"));
    let left = partitions(client, "#U#email#").await;
    assert_eq!(left.len(), 2, "{left:?}");
    assert!(!left.iter().any(|key| key.contains(readable)), "{left:?}");
    // Erasing finds the address under either spelling.
    let mut put = client
        .put_item()
        .table_name(TABLE)
        .item("v", AttributeValue::N("1".to_owned()));
    for (name, value) in key(readable) {
        put = put.item(name, value);
    }
    put.item("account", AttributeValue::S("2".to_owned()))
        .send()
        .await
        .unwrap();
    store.erase_account(&acme, &account_id("2")).await.unwrap();
    assert_eq!(
        partitions(client, "#U#email#").await,
        ["T#acme#U#email#ana@acme.example"]
    );
}

#[tokio::test]
async fn r37_a_plan_or_a_roster_of_which_an_erasure_left_only_parts_is_gone_and_not_damaged() {
    let embedded = Embedded::start(None).await.unwrap();
    let store = DynamoStore::new(embedded.dynamodb.clone(), TABLE);
    let connection = connection_id("c-1");
    let (id, kept_until) = (RosterId::parse("run-1-1").unwrap(), at("2026-03-31T12:00:00Z"));
    let (now, mut breaks) = (at("2026-03-01T12:00:00Z"), 0);
    loop {
        let record = stored_plan(&store).await;
        store
            .put_roster(&connection, &id, &roster(6_000), kept_until)
            .await
            .unwrap();
        let breaking = breaking_after(&embedded.dynamodb, breaks);
        let plans = breaking.erase_plans(&connection).await;
        let rosters = breaking_after(&embedded.dynamodb, breaks)
            .erase_rosters(&connection)
            .await;
        let roster = store.find_roster(&connection, &id, now).await.unwrap();
        assert!(roster.is_none_or(|roster| roster.header.employees == 6_000));
        for chunk in 0..record.chunks {
            let lines = store.find_lines(&record, chunk).await;
            assert!(
                matches!(lines, Ok(Some(_)) | Err(Error::Gone { .. })),
                "{lines:?} after {breaks} calls"
            );
        }
        store.erase_plans(&connection).await.unwrap();
        store.erase_rosters(&connection).await.unwrap();
        assert_eq!(items(&embedded.dynamodb).await, 0, "after {breaks} calls");
        if plans.is_ok() && rosters.is_ok() {
            break;
        }
        breaks += 1;
    }
    assert!(breaks > 4, "an erasure has a pointer, a note, a head and chunks");
}
