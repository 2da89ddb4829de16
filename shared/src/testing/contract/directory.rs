//! What every store does with the built-in directory's records.

use futures_util::future::join_all;

use crate::{
    account::{Account, ExternalId, Origin},
    employee::{
        Attribute, AttributesBuilder,
        Canonical::{BirthDate, City, Email, PayRate},
        CustomName, Field,
    },
    store::{AccountWrite, DirectoryStore, Placed, Written},
    testing::builder::{account, account_id, at, attributes, by_plan, reference, tenant},
};

const NOW: &str = "2026-03-01T12:00:00Z";

pub(super) fn new(id: &str, email: &str) -> AccountWrite {
    AccountWrite {
        account: account(id, &[(Email, email), (City, "Rome")]),
        before: None,
        origin: by_plan("p-1"),
        at: at(NOW),
    }
}

/// Returns the write that gives an account another e-mail.
pub(super) fn renamed(before: &Account, email: &str) -> AccountWrite {
    AccountWrite {
        account: Account {
            attributes: attributes(&[(Email, email), (City, "Rome")]),
            ..before.clone()
        },
        before: Some(before.clone()),
        origin: by_plan("p-2"),
        at: at("2026-03-02T12:00:00Z"),
    }
}

pub(super) async fn put(store: &dyn DirectoryStore, writes: &[AccountWrite]) -> Written {
    store.put_accounts(&tenant("acme"), writes, None).await.unwrap()
}

pub(super) async fn make(store: &dyn DirectoryStore, id: &str, email: &str) -> Account {
    let Written::Done(mut accounts) = put(store, &[new(id, email)]).await else {
        unreachable!("the directory is empty")
    };
    accounts.pop().unwrap()
}

pub(super) async fn holder(store: &dyn DirectoryStore, email: &str) -> Option<String> {
    let found = store.find_by_unique(&tenant("acme"), Email, email).await.unwrap();
    found.map(|account| account.id.as_str().to_owned())
}

/// An account is found by id, reference and e-mail, in its own tenant only.
pub async fn an_account_is_found_by_id_reference_and_email(store: &dyn DirectoryStore) {
    let made = make(store, "1", "ana@acme.example").await;
    assert!(made.version.is_some());
    let (acme, other) = (tenant("acme"), tenant("other"));
    let id = account_id("1");
    assert_eq!(store.find_account(&acme, &id).await.unwrap(), Some(made.clone()));
    assert_eq!(
        store.find_by_external_id(&acme, &reference("1")).await.unwrap(),
        Some(made.clone())
    );
    let found = store.find_by_unique(&acme, Email, "Ana@Acme.example").await;
    assert_eq!(found.unwrap(), Some(made));
    assert_eq!(store.find_account(&other, &id).await.unwrap(), None);
    assert_eq!(store.find_by_external_id(&other, &reference("1")).await.unwrap(), None);
    assert_eq!(
        store.find_by_unique(&other, Email, "ana@acme.example").await.unwrap(),
        None
    );
    let unknown = ExternalId::from_target("factorial:7:2").unwrap();
    assert_eq!(store.find_by_external_id(&acme, &unknown).await.unwrap(), None);
}

/// All pages together are all accounts, each once, in the order of ids.
pub async fn accounts_are_listed_page_by_page_in_the_order_of_ids(store: &dyn DirectoryStore) {
    let acme = tenant("acme");
    let writes: Vec<_> = (1..=4_500)
        .map(|number| new(&number.to_string(), &format!("person.{number}@acme.example")))
        .collect();
    for batch in writes.chunks(25 * 16) {
        let puts = join_all(batch.chunks(25).map(|batch| store.put_accounts(&acme, batch, None))).await;
        assert!(puts.into_iter().all(|put| matches!(put.unwrap(), Written::Done(_))));
    }
    let (mut ids, mut pages, mut from) = (Vec::new(), 0, None);
    loop {
        let (page, next) = store.list_accounts(&acme, from.as_deref()).await.unwrap();
        ids.extend(page.into_iter().map(|account| account.id));
        pages += 1;
        from = next;
        if from.is_none() {
            break;
        }
    }
    let expected: Vec<_> = writes.iter().map(|write| write.account.id.clone()).collect();
    assert!(ids == expected, "{} ids", ids.len());
    assert!((2..=10).contains(&pages), "{pages} pages");
    let (nobody, next) = store.list_accounts(&tenant("other"), None).await.unwrap();
    assert_eq!((nobody, next), (Vec::new(), None));
}

/// A write holds only against the version that was read.
pub async fn an_account_is_written_only_at_the_version_it_was_read(store: &dyn DirectoryStore) {
    let first = make(store, "1", "ana@acme.example").await;
    assert_eq!(put(store, &[new("1", "else@acme.example")]).await, Written::Changed);
    let writes: Vec<_> = (0..5)
        .map(|number| [renamed(&first, &format!("ana{number}@acme.example"))])
        .collect();
    let written = join_all(writes.iter().map(|writes| put(store, writes))).await;
    let done = written
        .iter()
        .filter(|written| matches!(written, Written::Done(_)))
        .count();
    assert_eq!(done, 1, "{written:?}");
    assert_eq!(
        put(store, &[renamed(&first, "late@acme.example")]).await,
        Written::Changed
    );
    let now = store.find_account(&tenant("acme"), &first.id).await.unwrap().unwrap();
    assert_ne!(now.version, first.version);
    assert_eq!(
        put(store, &[renamed(&account("9", &[]), "nine@acme.example")]).await,
        Written::Changed
    );
}

/// E-mail and reference belong to one account, and are free again when it gives them up.
pub async fn an_email_belongs_to_one_account(store: &dyn DirectoryStore) {
    let ana = make(store, "1", "ana@acme.example").await;
    let same_email = new("2", "ANA@acme.example");
    assert_eq!(put(store, &[same_email]).await, Written::Taken);
    let mut same_reference = new("2", "ben@acme.example");
    same_reference.account.external_id = Some(reference("1"));
    assert_eq!(put(store, &[same_reference]).await, Written::Taken);
    assert_eq!(
        store.find_account(&tenant("acme"), &account_id("2")).await.unwrap(),
        None
    );
    let twice = [new("3", "cai@acme.example"), new("4", "cai@acme.example")];
    assert_eq!(put(store, &twice).await, Written::Taken);
    assert!(matches!(
        put(store, &[renamed(&ana, "anna@acme.example")]).await,
        Written::Done(_)
    ));
    assert_eq!(holder(store, "ana@acme.example").await, None);
    make(store, "2", "ana@acme.example").await;
    assert_eq!(holder(store, "ana@acme.example").await.as_deref(), Some("2"));
    assert_eq!(holder(store, "anna@acme.example").await.as_deref(), Some("1"));
}

/// Addresses that pass around in a circle change hands in one step, or not at all.
pub async fn r20_addresses_pass_around_a_circle_in_one_transaction(store: &dyn DirectoryStore) {
    let emails: Vec<_> = (0..33).map(|number| format!("person.{number}@acme.example")).collect();
    let mut people = Vec::new();
    for (number, email) in emails.iter().enumerate() {
        people.push(make(store, &format!("p-{number}"), email).await);
    }
    let next = |number: usize| emails.get((number + 1) % emails.len()).unwrap();
    let mut circle: Vec<_> = people
        .iter()
        .enumerate()
        .map(|(number, person)| renamed(person, next(number)))
        .collect();
    let last = circle.pop().unwrap();
    assert_eq!(put(store, &circle).await, Written::Taken, "the circle is not closed");
    assert_eq!(holder(store, &emails[1]).await.as_deref(), Some("p-1"));
    circle.push(last);
    let Written::Done(after) = put(store, &circle).await else {
        unreachable!("a closed circle")
    };
    for (number, person) in after.iter().enumerate() {
        assert_eq!(person.value(Email), Some(next(number).as_str()));
        assert_eq!(holder(store, next(number)).await.as_deref(), Some(person.id.as_str()));
    }
}

/// Writes that do not fit a transaction are refused before any of them is done.
pub async fn too_many_accounts_together_are_refused(store: &dyn DirectoryStore) {
    let writes: Vec<_> = (0..26)
        .map(|number| new(&format!("n-{number}"), &format!("n{number}@acme.example")))
        .collect();
    assert_eq!(put(store, &writes).await, Written::TooMany);
    assert_eq!(store.list_accounts(&tenant("acme"), None).await.unwrap().0, []);
    assert!(matches!(put(store, &writes[..25]).await, Written::Done(_)));
}

/// History says who changed what, newest first, and never shows sensitive values.
pub async fn r36_history_leaves_out_sensitive_values(store: &dyn DirectoryStore) {
    let acme = tenant("acme");
    let before = make(store, "1", "ana@acme.example").await;
    let fields = [
        (Email, "ana@acme.example"),
        (City, "Pisa"),
        (PayRate, "51000"),
        (BirthDate, "1990-01-02"),
    ];
    let write = AccountWrite {
        account: Account {
            attributes: attributes(&fields),
            active: false,
            ..before.clone()
        },
        before: Some(before),
        origin: Origin::Person {
            by: "admin-3".to_owned(),
        },
        at: at("2026-03-02T12:00:00Z"),
    };
    assert!(matches!(put(store, &[write]).await, Written::Done(_)));
    let entries = store
        .list_history(&acme, &account_id("1"), at("2026-03-03T12:00:00Z"), None, 10)
        .await
        .unwrap();
    let entries: Vec<_> = entries.into_iter().map(|entry| entry.record).collect();
    let [left, made] = entries.as_slice() else {
        unreachable!("two writes")
    };
    assert_eq!(
        (made.action.as_str(), made.origin.as_str(), made.run.as_deref()),
        ("created", "plan:p-1", Some("run-1"))
    );
    assert_eq!(
        (left.action.as_str(), left.origin.as_str(), left.run.as_deref()),
        ("deactivated", "person:admin-3", None)
    );
    let changed: Vec<_> = left
        .changes
        .iter()
        .map(|change| (change.attribute.to_string(), change.sensitive))
        .collect();
    let expected = [("birth_date", true), ("city", true), ("pay_rate", true)];
    assert_eq!(changed, expected.map(|(name, sensitive)| (name.to_owned(), sensitive)));
    let shown = serde_json::to_string(&entries).unwrap() + &format!("{entries:?}");
    assert!(
        ["51000", "1990-01-02", "Pisa", "Rome"]
            .iter()
            .all(|value| !shown.contains(value)),
        "{shown}"
    );
}

/// Changes that are not sensitive show both values, and history ends after 90 days.
pub async fn r36_history_ends_after_ninety_days(store: &dyn DirectoryStore) {
    let acme = tenant("acme");
    let mut person = make(store, "10", "ana@acme.example").await;
    make(store, "1", "other@acme.example").await;
    for number in 0..3 {
        let Written::Done(accounts) = put(store, &[renamed(&person, &format!("ana{number}@acme.example"))]).await
        else {
            unreachable!("nobody else writes")
        };
        person = accounts.into_iter().next().unwrap();
    }
    let list = async |now, limit| {
        let listed = store
            .list_history(&acme, &person.id, at(now), None, limit)
            .await
            .unwrap();
        listed.into_iter().map(|entry| entry.record).collect::<Vec<_>>()
    };
    let entries = list("2026-03-03T12:00:00Z", 10).await;
    let actions: Vec<_> = entries.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(actions, ["updated", "updated", "updated", "created"]);
    let change = &entries[0].changes[0];
    assert_eq!(
        (change.before.as_deref(), change.after.as_deref()),
        (Some("ana1@acme.example"), Some("ana2@acme.example"))
    );
    assert_eq!(list("2026-03-03T12:00:00Z", 2).await, entries[..2]);
    assert_eq!(
        list("2026-05-30T12:00:00Z", 10).await,
        entries[..3],
        "90 days after the creation"
    );
    assert!(list("2026-05-31T12:00:00Z", 10).await.is_empty());
}

/// An account takes no more than it may hold. One that holds as much can still be switched off.
pub async fn r47_an_account_takes_no_more_than_it_may_hold(store: &dyn DirectoryStore) {
    let fat = |fields: usize| {
        let mut attributes = AttributesBuilder::new();
        for number in 0..fields {
            let name = CustomName::parse(&format!("field-{number}")).unwrap();
            attributes.set(Attribute::Custom(name), Field::Value(&"ñ".repeat(2_000)));
        }
        attributes.build()
    };
    let mut write = new("1", "ana@acme.example");
    write.account.attributes = fat(66);
    assert_eq!(put(store, &[write.clone()]).await, Written::TooLarge);
    assert_eq!(
        store.find_account(&tenant("acme"), &account_id("1")).await.unwrap(),
        None
    );
    write.account.attributes = fat(64);
    let Written::Done(accounts) = put(store, &[write.clone()]).await else {
        unreachable!("there is room for it")
    };
    let before = accounts.into_iter().next().unwrap();
    let left = AccountWrite {
        account: Account {
            active: false,
            ..before.clone()
        },
        before: Some(before),
        ..write
    };
    assert!(matches!(put(store, &[left]).await, Written::Done(_)));
}

/// History is listed from a place on, also where several entries are of one instant. It belongs to one account.
pub async fn history_goes_on_behind_a_place(store: &dyn DirectoryStore) {
    let acme = tenant("acme");
    let mut person = make(store, "10", "ana@acme.example").await;
    make(store, "1", "other@acme.example").await;
    make(store, "2", "another@acme.example").await;
    for number in 0..5 {
        let Written::Done(accounts) = put(store, &[renamed(&person, &format!("ana{number}@acme.example"))]).await
        else {
            unreachable!("nobody else writes")
        };
        person = accounts.into_iter().next().unwrap();
    }
    let list = async |after: Option<&str>, limit| {
        let now = at("2026-03-03T12:00:00Z");
        store.list_history(&acme, &person.id, now, after, limit).await.unwrap()
    };
    let all = list(None, 10).await;
    assert_eq!(all.len(), 6);
    let mut found = Vec::new();
    while let Some(entry) = list(found.last().map(|entry: &Placed<_>| entry.place.as_str()), 1)
        .await
        .pop()
    {
        found.push(entry);
    }
    assert_eq!(found, all);
    assert_eq!(list(Some(&all[1].place), 3).await, all[2..5]);
}

/// Accounts of the largest size come in pages that a function has room for, each account once.
pub async fn r47_a_page_of_the_largest_accounts_has_at_most_sixteen_megabytes(store: &dyn DirectoryStore) {
    const ACCOUNTS: usize = 90;
    for number in 0..ACCOUNTS {
        let mut attributes = AttributesBuilder::new();
        for field in 0..64 {
            let name = CustomName::parse(&format!("field-{field}")).unwrap();
            attributes.set(Attribute::Custom(name), Field::Value(&"ñ".repeat(2_000)));
        }
        let mut write = new(&number.to_string(), &format!("p{number}@acme.example"));
        write.account.attributes = attributes.build();
        assert!(matches!(put(store, &[write]).await, Written::Done(_)));
    }
    let (mut found, mut from) = (Vec::new(), None);
    loop {
        let (page, next) = store.list_accounts(&tenant("acme"), from.as_deref()).await.unwrap();
        let bytes: usize = page.iter().map(|account| account.attributes.as_packed().len()).sum();
        assert!(bytes <= 16 * 1024 * 1024, "{bytes} bytes on a page");
        found.extend(page.into_iter().map(|account| account.id));
        from = next;
        if from.is_none() {
            break;
        }
    }
    assert_eq!(found.len(), ACCOUNTS);
    assert!(found.is_sorted(), "{found:?}");
}
