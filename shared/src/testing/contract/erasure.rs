//! What every store does where an account, its history or a whole directory is erased.

use super::directory::{holder, make, new, put, renamed};
use crate::{
    employee::{Attribute, Canonical::Email},
    store::{DirectoryStore, ErasureStore, Written},
    testing::builder::{account_id, at, reference, tenant},
};

const NOW: &str = "2026-03-01T12:00:00Z";

/// An account is erased with its history, and its address and reference are free for another.
pub async fn r37_an_account_is_erased_with_its_history(store: &(impl DirectoryStore + ErasureStore)) {
    let (acme, id) = (tenant("acme"), account_id("1"));
    let made = make(store, "1", "Ana@acme.example").await;
    put(store, &[renamed(&made, "ana.b@acme.example")]).await;
    make(store, "2", "bo@acme.example").await;
    assert_eq!(store.erase_account(&acme, &id).await.unwrap(), Some(2));
    assert_eq!(store.erase_account(&acme, &id).await.unwrap(), None);
    assert_eq!(store.find_account(&acme, &id).await.unwrap(), None);
    assert_eq!(holder(store, "ana.b@acme.example").await, None);
    assert_eq!(store.find_by_external_id(&acme, &reference("1")).await.unwrap(), None);
    let history = store.list_history(&acme, &id, at(NOW), None, 10).await.unwrap();
    assert!(history.is_empty());
    assert_eq!(holder(store, "bo@acme.example").await.as_deref(), Some("2"));
    let (accounts, _) = store.list_accounts(&acme, None).await.unwrap();
    assert_eq!(accounts.len(), 1);
    make(store, "1", "ana.b@acme.example").await;
}

/// The history of an account is erased by itself. The account stays, and so does what its history shows from then on.
pub async fn r37_a_history_is_erased_and_its_account_stays(store: &dyn DirectoryStore) {
    let (acme, later) = (tenant("acme"), at("2026-03-03T12:00:00Z"));
    let made = make(store, "1", "ana@acme.example").await;
    make(store, "10", "bo@acme.example").await;
    assert_eq!(store.erase_history(&acme, &made.id).await.unwrap(), 1);
    assert_eq!(store.erase_history(&acme, &made.id).await.unwrap(), 0);
    let history = async |id: &str| {
        let listed = store.list_history(&acme, &account_id(id), later, None, 10).await;
        listed.unwrap().len()
    };
    assert_eq!((history("1").await, history("10").await), (0, 1));
    let mut given = renamed(&made, "cleo@acme.example");
    given.account.external_id = Some(reference("2"));
    put(store, &[given]).await;
    let listed = store.list_history(&acme, &made.id, later, None, 10).await.unwrap();
    let changes: Vec<_> = listed.iter().flat_map(|entry| &entry.record.changes).collect();
    let email = changes
        .iter()
        .find(|change| change.attribute == Attribute::Canonical(Email));
    let email = email.map(|change| (change.before.as_deref(), change.after.as_deref()));
    assert_eq!(email, Some((None, Some("cleo@acme.example"))), "{listed:?}");
}

/// A tenant's directory is erased whole, however many accounts it has, and another tenant's stays.
pub async fn r37_a_directory_is_erased_whole_and_no_other(store: &(impl DirectoryStore + ErasureStore)) {
    let (acme, other) = (tenant("acme"), tenant("other"));
    for number in 0..40 {
        make(store, &number.to_string(), &format!("p{number}@acme.example")).await;
    }
    let theirs = store.put_accounts(&other, &[new("1", "p1@acme.example")], None).await;
    assert!(matches!(theirs.unwrap(), Written::Done(_)));
    assert_eq!(store.count_directory(&acme).await.unwrap(), (40, 40));
    store.erase_directory(&acme).await.unwrap();
    store.erase_directory(&acme).await.unwrap();
    assert_eq!(store.count_directory(&acme).await.unwrap(), (0, 0));
    assert!(store.list_accounts(&acme, None).await.unwrap().0.is_empty());
    assert_eq!(holder(store, "p1@acme.example").await, None);
    let left = store.find_account(&other, &account_id("1")).await.unwrap();
    assert!(left.is_some());
    make(store, "1", "p1@acme.example").await;
}
