//! The sweep of a morning: what belongs to no record is removed and counted, what is in use stays (R49).

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicBool, Ordering},
};

use acceptance::journey::{Nobody, Office, Place, Stage, Verdict, Watch};
use async_trait::async_trait;
use jiff::SignedDuration;
use rollcall::{
    connection::{Connection, ConnectionSecret, Issuer, Status, Undertaking},
    run::{Actor, SPREAD, Swept, daily, disconnect, open_login},
    source::Provider as _,
    testing::builder::{connection, connection_id},
};

use super::{arrive, connect_by_key, find, key, leave, new_connection, stage};
use crate::behind::{Behind, Deed};

/// Returns a deed: a morning with its sweep, at this instant of the stage.
fn sweeping(stage: &Stage) -> Deed {
    let (ports, now) = (stage.ports.clone(), stage.now());
    let until = now.saturating_add(SignedDuration::from_mins(5)).unwrap();
    Box::new(move || {
        Box::pin(async move {
            let day = now.to_zoned(jiff::tz::TimeZone::UTC).date();
            assert_eq!(daily(&ports, day, SPREAD, until).await.unwrap().swept, Swept::default());
        })
    })
}

#[tokio::test]
async fn r49_a_sweep_at_any_call_of_connecting_or_of_a_login_takes_nothing_that_is_in_use() {
    for by_login in [false, true] {
        let mut number = 1;
        loop {
            let behind = Arc::new(Behind::default());
            let office = Office::new("7");
            let stage = stage(&office, Arc::clone(&behind) as Arc<dyn Watch>);
            let (connected, credential) = if by_login {
                let new = new_connection(&stage, "acme");
                let start = open_login(&stage.ports, &Actor::named("admin-3"), new, None)
                    .await
                    .unwrap();
                let brought = leave(&stage, &start, None).await.unwrap();
                behind.plan(number, sweeping(&stage));
                let login = arrive(&stage, &brought).await.unwrap().outcome.unwrap();
                (login.connection, "login-1")
            } else {
                behind.plan(number, sweeping(&stage));
                (connect_by_key(&stage, "acme").await.unwrap().connection, "a-key")
            };
            if behind.left() > 0 {
                assert!(number > 8, "{number}");
                break;
            }
            let context = format!("login {by_login}, call {number}");
            assert_eq!(find(&stage, &connected.id).await.status, Status::Connected, "{context}");
            let kept = super::kept(&stage, &connected.id).await;
            assert_eq!(kept.as_deref(), Some(credential), "{context}");
            assert_eq!(office.revoked(), [""; 0], "{context}");
            assert_eq!(stage.morning().await.unwrap().swept, Swept::default(), "{context}");
            number += 1;
        }
    }
}

#[tokio::test]
async fn r49_a_secret_without_a_connection_is_swept_and_given_back_and_no_other_is() {
    let stage = stage(&Office::new("7"), Arc::new(Nobody));
    let kept = connect_by_key(&stage, "acme").await.unwrap().connection;
    let secret = |key_text: &str| ConnectionSecret {
        version: 1,
        issuer: Some(Issuer {
            provider: stage.office.kind().id(),
            base_url: None,
            site: None,
        }),
        source: Some(key(key_text)),
        ..ConnectionSecret::default()
    };
    let put = async |name: &str, key_text: &str| {
        let text = secret(key_text).to_secret_text().unwrap();
        stage.secrets.put_secret(name, &text).await.unwrap();
    };
    put("connection/con-lost", "of-nobody").await;
    put("hash-key-of-somebody", "beside").await;
    let swept = stage.morning().await.unwrap().swept;
    assert_eq!((swept.secrets, swept.total()), (1, 1));
    assert_eq!(stage.office.revoked(), ["of-nobody"]);
    assert_eq!(super::kept(&stage, &kept.id).await.as_deref(), Some("a-key"));
    assert!(
        stage
            .secrets
            .find_secret("hash-key-of-somebody")
            .await
            .unwrap()
            .is_some()
    );
    assert_eq!(stage.morning().await.unwrap().swept, Swept::default());
    // So many secrets without a connection show that the table is not the one that they belong to. This holds on the smallest
    // stack too.
    for number in 0..150 {
        put(&format!("connection/con-{number}"), "of-another-table").await;
        if number == 3 {
            assert_eq!(stage.morning().await.unwrap().swept.secrets, 0);
        }
    }
    assert_eq!(stage.morning().await.unwrap().swept.secrets, 0);
    assert_eq!(stage.office.revoked(), ["of-nobody"]);
}

/// A watch that fails one connection's first sweep of parts of plans and rosters.
#[derive(Debug, Default)]
struct Damaged(AtomicBool);

#[async_trait]
impl Watch for Damaged {
    async fn before(&self, place: Place) -> Verdict {
        let is_first = place == Place::Store("sweep_parts") && !self.0.swap(true, Ordering::SeqCst);
        if is_first { Verdict::Fail } else { Verdict::Go }
    }
}

#[tokio::test]
async fn r49_a_connection_that_cannot_be_swept_stops_no_other_sweep_and_the_morning_says_so() {
    let stage = stage(&Office::new("7"), Arc::new(Damaged::default()));
    connect_by_key(&stage, "acme").await.unwrap();
    let secret = ConnectionSecret {
        source: Some(key("of-nobody")),
        ..ConnectionSecret::default()
    };
    let text = secret.to_secret_text().unwrap();
    stage.secrets.put_secret("connection/con-lost", &text).await.unwrap();
    assert!(stage.morning().await.is_err(), "the morning is begun again");
    let left = stage.secrets.find_secret("connection/con-lost").await.unwrap();
    assert!(left.is_none(), "the secret was swept beside the connection that failed");
    assert_eq!(stage.morning().await.unwrap().swept, Swept::default());
}

#[tokio::test]
async fn r42_a_credential_that_another_connection_of_the_tenant_uses_is_not_given_back_with_the_first() {
    let stage = stage(&Office::new("7"), Arc::new(Nobody));
    let first = connect_by_key(&stage, "acme").await.unwrap().connection;
    let second = connect_by_key(&stage, "acme").await.unwrap().connection;
    let admin = Actor::named("admin-3");
    disconnect(&stage.ports, &admin, second).await.unwrap();
    assert_eq!(stage.office.revoked(), [""; 0], "the first connection logs in with it");
    assert_eq!(super::kept(&stage, &first.id).await.as_deref(), Some("a-key"));
    disconnect(&stage.ports, &admin, first).await.unwrap();
    assert_eq!(stage.office.revoked(), ["a-key"]);
}

/// A watch that goes on with the making of a connection while the sweep looks at it, as a repeated request does.
#[derive(Default)]
struct MadeAgain(OnceLock<Stage>);

#[async_trait]
impl Watch for MadeAgain {
    async fn before(&self, place: Place) -> Verdict {
        if let Some(stage) = self.0.get().filter(|_| place == Place::Store("sweep_tickets")) {
            let id = connection_id("con-1");
            let found = stage.store.find_connection(&id).await.unwrap().unwrap();
            let again = found.record.begin(Undertaking::Making, None, stage.now());
            assert!(stage.store.put_connection(&again, Some(found.revision)).await.unwrap());
        }
        Verdict::Go
    }
}

#[tokio::test]
async fn r49_the_sweep_leaves_a_connection_with_which_the_same_request_goes_on_at_that_moment() {
    let watch = Arc::new(MadeAgain::default());
    let stage = stage(&Office::new("7"), Arc::clone(&watch) as Arc<dyn Watch>);
    let making = Connection {
        home: stage.ports.home.clone(),
        ..connection("con-1", "acme")
    };
    let making = making.begin(Undertaking::Making, None, stage.now());
    assert!(stage.store.put_connection(&making, None).await.unwrap());
    stage.pass_hours(2);
    assert!(watch.0.set(stage).is_ok());
    let stage = watch.0.get().unwrap();
    assert_eq!(stage.morning().await.unwrap().swept, Swept::default());
    let found = stage.store.find_connection(&making.id).await.unwrap().unwrap().record;
    assert!(found.is_at(Undertaking::Making), "{:?}", found.unfinished);
}
