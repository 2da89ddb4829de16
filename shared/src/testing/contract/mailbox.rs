//! What every store does with addresses whose domain can be written in several ways.

use super::directory::{holder, make, new, put, renamed};
use crate::store::{DirectoryStore, Written};

/// A mailbox is one however its domain is written.
pub async fn all_spellings_of_a_mailbox_are_one(store: &dyn DirectoryStore) {
    let spellings = [
        "ana@xn--mnchen-3ya.example",
        "ana@m\u{fc}nchen.example",
        "Ana@M\u{dc}NCHEN.Example.",
    ];
    let mut ana = make(store, "1", spellings[0]).await;
    for spelling in spellings {
        assert_eq!(holder(store, spelling).await.as_deref(), Some("1"), "{spelling}");
        assert_eq!(put(store, &[new("2", spelling)]).await, Written::Taken, "{spelling}");
        let Written::Done(mut same) = put(store, &[renamed(&ana, spelling)]).await else {
            unreachable!("it is her own")
        };
        ana = same.pop().unwrap();
    }
    assert!(matches!(
        put(store, &[renamed(&ana, "ana@acme.example")]).await,
        Written::Done(_)
    ));
    for spelling in spellings {
        assert_eq!(holder(store, spelling).await, None, "{spelling}");
    }
    make(store, "2", spellings[1]).await;
    assert_eq!(holder(store, spellings[0]).await.as_deref(), Some("2"));
}
