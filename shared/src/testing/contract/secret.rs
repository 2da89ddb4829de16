//! What every store of secrets does.

use secrecy::{ExposeSecret, SecretString};

use crate::secret::{MOST_BYTES, SecretStore};

async fn find(store: &dyn SecretStore, name: &str) -> Option<String> {
    let found = store.find_secret(name).await.unwrap();
    found.map(|text| text.expose_secret().to_owned())
}

async fn put(store: &dyn SecretStore, name: &str, text: &str) {
    store
        .put_secret(name, &SecretString::from(text.to_owned()))
        .await
        .unwrap();
}

/// A secret is there after it was written, is the last one written, and is gone after it was deleted.
pub async fn a_secret_is_the_last_one_written_until_it_is_deleted(store: &dyn SecretStore) {
    let (one, other) = ("connection/c-1", "hash-key");
    assert_eq!(find(store, one).await, None);
    put(store, one, "first").await;
    put(store, other, "beside").await;
    put(store, one, "second").await;
    assert_eq!(find(store, one).await.as_deref(), Some("second"));
    store.delete_secret(one).await.unwrap();
    store.delete_secret(one).await.unwrap();
    assert_eq!(find(store, one).await, None);
    assert_eq!(find(store, other).await.as_deref(), Some("beside"));
    put(store, one, "third").await;
    assert_eq!(find(store, one).await.as_deref(), Some("third"));
}

/// A secret that is made at several places at once has the text of the first of them, everywhere.
pub async fn r35_a_secret_is_made_once_and_never_written_over_by_making_it(store: &dyn SecretStore) {
    let texts = ["first", "second", "third"].map(|text| SecretString::from(text.to_owned()));
    let [first, second, third] = &texts;
    let made = tokio::join!(
        store.create_secret("hash-key", first),
        store.create_secret("hash-key", second),
        store.create_secret("hash-key", third),
    );
    let made = [made.0.unwrap(), made.1.unwrap(), made.2.unwrap()];
    assert_eq!(made.iter().filter(|made| **made).count(), 1);
    let own = texts.iter().zip(made).find(|(_, made)| *made).unwrap().0;
    assert_eq!(find(store, "hash-key").await.as_deref(), Some(own.expose_secret()));
    assert!(!store.create_secret("hash-key", third).await.unwrap());
    assert_eq!(find(store, "hash-key").await.as_deref(), Some(own.expose_secret()));
}

/// A text of any length and script comes back as it was.
pub async fn a_secret_comes_back_to_the_letter(store: &dyn SecretStore) {
    let text = format!("{{\"token\":\"ñ\u{1F511}\\n\",\"rest\":\"{}\"}}", "x".repeat(20_000));
    put(store, "connection/c-1", &text).await;
    assert_eq!(find(store, "connection/c-1").await, Some(text));
}

/// The names under a prefix are listed, and no others. A caller that asks for page after page sees each of them once.
pub async fn r49_names_are_listed_by_how_they_begin(store: &dyn SecretStore) {
    let own = ["connection/c-1", "connection/c-2"];
    for name in own.into_iter().chain(["connect", "hash-key", "other/connection/c-3"]) {
        put(store, name, "a text").await;
    }
    store.delete_secret("hash-key").await.unwrap();
    let (mut names, mut from) = (Vec::new(), None);
    loop {
        let page = store.list_secrets("connection/", from.as_deref()).await.unwrap();
        names.extend(page.names.into_iter().map(|found| found.name));
        from = page.next;
        if from.is_none() {
            break;
        }
    }
    names.sort();
    assert_eq!(names, own);
}

/// A text of as many bytes as a secret may have is kept; a longer one is refused for good, and the text of before stays.
pub async fn r47_a_secret_is_as_long_as_it_may_be_and_no_longer(store: &dyn SecretStore) {
    let name = "connection/c-1";
    let most = "x".repeat(MOST_BYTES);
    put(store, name, &most).await;
    assert_eq!(find(store, name).await.as_ref(), Some(&most));
    // The second text has as many characters as a secret may have bytes, and one byte more.
    for too_long in [format!("{most}x"), format!("ñ{}", "x".repeat(MOST_BYTES - 1))] {
        let refused = store.put_secret(name, &SecretString::from(too_long)).await.unwrap_err();
        assert!(refused.is_lasting, "{refused:?}");
    }
    assert_eq!(find(store, name).await, Some(most));
}
