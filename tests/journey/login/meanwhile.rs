//! What other processes do at any call of a process that connects. A tenant that is erased meanwhile keeps nothing (R37). A
//! company that changes hands meanwhile is never two tenants' (R01). A credential in use is never given back (R42).

use std::sync::Arc;

use acceptance::journey::{Nobody, Office, Stage, Verdict, Watch};
use rollcall::run::{Actor, ConnectError, LoginError, connect, disconnect, erase_tenant, open_login, readmit_tenant};

use super::{
    arrive, connect_by_key,
    death::{acme, world},
    kept, key, leave, new_connection, reconnect_by_key, stage,
};
use crate::{
    behind::{Behind, Deed},
    support::Nth,
};

fn erasing(stage: &Stage) -> Deed {
    let ports = stage.ports.clone();
    Box::new(move || {
        Box::pin(async move {
            erase_tenant(&ports, &Actor::named("admin-3"), &acme()).await.unwrap();
        })
    })
}

#[tokio::test]
async fn r37_a_tenant_that_is_erased_at_any_call_of_a_callback_is_gone_and_so_is_what_was_obtained() {
    let mut number = 1;
    loop {
        let behind = Arc::new(Behind::default());
        let office = Office::new("7");
        let stage = stage(&office, Arc::clone(&behind) as Arc<dyn Watch>);
        let start = open_login(
            &stage.ports,
            &Actor::named("somebody"),
            new_connection(&stage, "acme"),
            None,
        )
        .await
        .unwrap();
        let brought = leave(&stage, &start, None).await.unwrap();
        behind.plan(number, erasing(&stage));
        let arrival = arrive(&stage, &brought).await;
        if behind.left() > 0 {
            assert!(number > 10, "{number}");
            return;
        }
        let outcome = arrival.and_then(|arrival| arrival.outcome);
        assert!(
            matches!(
                outcome,
                Ok(_) | Err(LoginError::Ended | LoginError::Connect(ConnectError::Gone | ConnectError::State(_)))
            ),
            "call {number}: {outcome:?}"
        );
        assert_eq!(world(&stage).await, [""; 0], "call {number}");
        stage.deliver().await.ok();
        assert_eq!(world(&stage).await, [""; 0], "call {number}, after its messages");
        let obtained = office.logins() > 0;
        assert_eq!(
            office.revoked().contains(&"login-1".to_owned()),
            obtained,
            "call {number}"
        );
        connect_by_key(&stage, "other").await.unwrap();
        number += 1;
    }
}

#[tokio::test]
async fn r37_a_tenant_that_is_erased_at_any_call_of_connecting_or_reconnecting_keeps_nothing() {
    for again in [false, true] {
        let mut number = 1;
        loop {
            let behind = Arc::new(Behind::default());
            let office = Office::new("7");
            let stage = stage(&office, Arc::clone(&behind) as Arc<dyn Watch>);
            let first = if again {
                Some(connect_by_key(&stage, "acme").await.unwrap().connection)
            } else {
                None
            };
            behind.plan(number, erasing(&stage));
            let outcome = match first {
                Some(first) => reconnect_by_key(&stage, first, "another").await,
                None => connect_by_key(&stage, "acme").await.map(|made| made.connection),
            };
            if behind.left() > 0 {
                assert!(number > 4, "{number}");
                break;
            }
            let is_gone = |error: &ConnectError| {
                matches!(
                    error,
                    ConnectError::Gone | ConnectError::Erased | ConnectError::State(_)
                )
            };
            assert!(outcome.as_ref().err().is_none_or(is_gone), "call {number}: {outcome:?}");
            assert_eq!(world(&stage).await, [""; 0], "call {number}");
            readmit_tenant(&stage.ports, &Actor::named("somebody"), &acme())
                .await
                .unwrap();
            connect_by_key(&stage, "other").await.unwrap();
            number += 1;
        }
    }
}

#[tokio::test]
async fn r01_no_interleaving_of_an_end_and_two_connects_lets_two_tenants_have_one_company() {
    let mut longest = 1;
    let mut ends = 1;
    while ends <= longest {
        let mut comes = ends + 1;
        loop {
            let behind = Arc::new(Behind::default());
            let stage = stage(&Office::new("7"), Arc::clone(&behind) as Arc<dyn Watch>);
            let first = connect_by_key(&stage, "acme").await.unwrap().connection;
            let other = new_connection(&stage, "other").with(key("a-key"));
            let (ending, coming) = (stage.ports.clone(), stage.ports.clone());
            behind.plan(
                ends,
                Box::new(move || {
                    Box::pin(async move {
                        disconnect(&ending, &Actor::named("somebody"), first).await.unwrap();
                    })
                }),
            );
            behind.plan(
                comes,
                Box::new(move || {
                    Box::pin(async move {
                        drop(connect(&coming, &Actor::named("somebody"), other).await);
                    })
                }),
            );
            let anew = connect_by_key(&stage, "acme").await;
            if behind.left() > 0 {
                break;
            }
            longest = longest.max(comes);
            let left = world(&stage).await;
            let has = |tenant: &str| left.iter().any(|line| line.starts_with(&format!("{tenant} connected")));
            assert_eq!(anew.is_ok(), has("acme"), "{ends} {comes}: {left:?}");
            assert!(has("acme") != has("other"), "{ends} {comes}: {left:?}");
            comes += 1;
        }
        ends += 1;
    }
    assert!(longest > 5, "{longest}");
}

#[tokio::test]
async fn r42_who_connects_again_with_the_credential_in_use_never_loses_it() {
    let mut number = 1;
    loop {
        let halted = Nth::new(number, Verdict::Fail);
        let office = Office::new("7");
        let stage = stage(&office, Arc::clone(&halted) as Arc<dyn Watch>);
        let first = connect_by_key(&stage, "acme").await.unwrap().connection;
        halted.arm();
        let again = reconnect_by_key(&stage, first.clone(), "a-key").await;
        assert_eq!(office.revoked(), [""; 0], "write {number}");
        assert_eq!(
            kept(&stage, &first.id).await.as_deref(),
            Some("a-key"),
            "write {number}"
        );
        if again.is_ok() {
            assert!(number > 2, "{number}");
            break;
        }
        number += 1;
    }
    let office = Office::new("7");
    let stage = stage(&office, Arc::new(Nobody));
    let first = connect_by_key(&stage, "acme").await.unwrap().connection;
    office.change_company("8");
    let refused = reconnect_by_key(&stage, first.clone(), "a-key").await;
    assert!(matches!(refused, Err(ConnectError::DifferentCompany)));
    assert_eq!(office.revoked(), [""; 0], "what is in use is not given back");
    assert_eq!(kept(&stage, &first.id).await.as_deref(), Some("a-key"));
}
