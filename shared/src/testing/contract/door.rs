//! What every store does with keys, the audit and answers.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use jiff::SignedDuration;

use crate::{
    connection::Role,
    store::{Begun, DoorStore, KeyRecord, Lives, Reach, Repeatable, StoredAnswer},
    testing::builder::{at, tenant},
};

fn key(id: &str) -> KeyRecord {
    KeyRecord {
        id: id.to_owned(),
        name: "the backend".to_owned(),
        hash: "5e".repeat(32),
        reach: Reach::Tenants(BTreeSet::from([tenant("acme")])),
        role: Role::Admin,
        created_at: at("2026-03-01T04:00:00Z"),
        created_by: Some("admin-3".to_owned()),
        revoked_at: None,
    }
}

/// A key is made once, and revoking it again changes nothing.
pub async fn r39_a_key_is_made_once_and_stays_revoked(store: &dyn DoorStore) {
    assert_eq!(store.find_key("b").await.unwrap(), None);
    assert!(store.create_key(&key("b")).await.unwrap());
    assert!(store.create_key(&key("a")).await.unwrap());
    let other = KeyRecord {
        name: "another".to_owned(),
        ..key("b")
    };
    assert!(!store.create_key(&other).await.unwrap());
    assert_eq!(store.list_keys().await.unwrap(), [key("a"), key("b")]);
    let revoked_at = at("2026-03-02T04:00:00Z");
    assert!(store.revoke_key("b", revoked_at).await.unwrap());
    assert!(store.revoke_key("b", at("2026-03-03T04:00:00Z")).await.unwrap());
    assert!(!store.revoke_key("c", revoked_at).await.unwrap());
    let kept = store.find_key("b").await.unwrap().unwrap();
    assert_eq!(
        kept,
        KeyRecord {
            revoked_at: Some(revoked_at),
            ..key("b")
        }
    );
}

const ASKED: Repeatable<'_> = Repeatable {
    id: "0a",
    request: "body-1",
};

fn answer() -> StoredAnswer {
    StoredAnswer {
        status: 202,
        content_type: "application/json".to_owned(),
        location: None,
        body: "{}".to_owned(),
        held_secret: false,
    }
}

/// Returns the lives of a request that is asked for at an instant: the caller that carries it out lives for a minute,
/// and the request is known for a day.
fn lives(now: &str) -> Lives {
    let now = at(now);
    Lives {
        running: now + SignedDuration::from_mins(1),
        kept: now + SignedDuration::from_hours(24),
    }
}

/// A request is carried out once; its answer is given again, to the same request only, until it ends.
pub async fn an_answer_is_given_again_until_it_ends(store: &dyn DoorStore) {
    let (first, end) = ("2026-03-01T04:00:00Z", "2026-03-02T04:00:00Z");
    let begin = async |asked: Repeatable<'_>, now: &str| store.begin_answer(asked, at(now), lives(now)).await.unwrap();
    let other = Repeatable {
        request: "body-2",
        ..ASKED
    };
    assert_eq!(begin(ASKED, first).await, Begun::New { begun_at: at(first) });
    assert_eq!(begin(ASKED, "2026-03-01T04:00:59Z").await, Begun::Running);
    assert_eq!(begin(other, first).await, Begun::Other);
    store.keep_answer(ASKED, &answer(), at(end)).await.unwrap();
    let later = "2026-03-01T04:01:00Z";
    assert_eq!(begin(ASKED, later).await, Begun::Answered(answer()));
    assert_eq!(begin(other, later).await, Begun::Other);
    store.leave_answer(ASKED).await.unwrap();
    assert_eq!(begin(ASKED, later).await, Begun::Answered(answer()));
    assert_eq!(begin(other, end).await, Begun::New { begun_at: at(end) });
}

/// Where the caller that carried a request out has died or given up, another goes on with the same request, and knows
/// since when it was asked for. Another request cannot take its key.
pub async fn who_carries_a_request_on_knows_since_when_it_was_asked_for(store: &dyn DoorStore) {
    let (first, later, end) = ("2026-03-01T04:00:00Z", "2026-03-01T04:01:00Z", "2026-03-02T04:01:00Z");
    let begin = async |asked: Repeatable<'_>, now: &str| store.begin_answer(asked, at(now), lives(now)).await.unwrap();
    let other = Repeatable {
        request: "body-2",
        ..ASKED
    };
    let carried_on = Begun::New { begun_at: at(first) };
    assert_eq!(begin(ASKED, first).await, carried_on);
    assert_eq!(begin(other, later).await, Begun::Other);
    assert_eq!(
        begin(ASKED, later).await,
        carried_on,
        "the caller that began it has died"
    );
    assert_eq!(begin(ASKED, later).await, Begun::Running);
    store.leave_answer(ASKED).await.unwrap();
    assert_eq!(begin(other, later).await, Begun::Other);
    assert_eq!(
        begin(ASKED, later).await,
        carried_on,
        "the caller that carried it on has given up"
    );
    assert_eq!(
        begin(ASKED, end).await,
        Begun::New { begun_at: at(end) },
        "the request is forgotten"
    );
    store
        .keep_answer(ASKED, &answer(), at("2026-03-03T04:00:00Z"))
        .await
        .unwrap();
}

/// Of several requests with one key at once, one is new. That holds too where the caller that began it has died.
pub async fn of_requests_at_once_with_one_key_one_is_carried_out(store: &dyn DoorStore) {
    for now in ["2026-03-01T04:00:00Z", "2026-03-01T04:01:00Z"] {
        let begun = join_all((0..5).map(|_| store.begin_answer(ASKED, at(now), lives(now)))).await;
        let new = begun
            .iter()
            .filter(|begun| matches!(begun, Ok(Begun::New { .. })))
            .count();
        let running = begun.iter().filter(|begun| matches!(begun, Ok(Begun::Running))).count();
        assert_eq!((new, running), (1, 4));
    }
}
