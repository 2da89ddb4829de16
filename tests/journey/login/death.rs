//! A process that connects, logs in, ends a connection or erases a tenant may die before or after any call. Once its work was
//! asked for again or a morning has passed, no secret, claim or half-made connection is left that no record names (R49).

use std::sync::Arc;

use acceptance::journey::{Halt, Nobody, Office, Stage, Watch};
use rollcall::{
    connection::{Connection, Status, TenantId},
    employee::CompanyId,
    run::{Actor, ConnectError, Startable, choose_company, disconnect, erase_tenant, open_login, reopen_login},
};

use super::{arrive, connect_by_key, leave, new_connection, stage};

/// Returns everything that exists and what it points at: connections, secrets, claims.
pub(super) async fn world(stage: &Stage) -> Vec<String> {
    let mut world = Vec::new();
    let connections = stage.store.list_connection_ids(None, 100).await.unwrap();
    for id in &connections {
        let found = stage.store.find_connection(id).await.unwrap().unwrap().record;
        let begun = found.unfinished.map(|unfinished| unfinished.what);
        let company = found.company.map(|company| company.id);
        world.push(format!("{} {} {company:?} {begun:?}", found.tenant, found.status));
    }
    for secret in stage.secrets.list_secrets("connection/", None).await.unwrap().names {
        let of = connections.iter().find(|id| secret.name.ends_with(id.as_str()));
        world.push(format!("a secret of {}", of.map_or("nobody", |_| "a connection")));
    }
    for place in stage.store.list_claims(None, 100).await.unwrap() {
        world.push(format!("a claim on {place}"));
        let swept = stage.store.sweep_claim(&place).await.unwrap();
        assert_eq!(swept, 0, "{place} is claimed by a connection that does not say so");
    }
    world.sort();
    world
}

/// Lets two hours pass, and then the morning's work.
async fn morning(stage: &Stage) {
    stage.pass_hours(2);
    stage.morning().await.unwrap();
}

const CLAIM: &str = "a claim on COMPANY#017#factorial";
const CONNECTED: &str = "acme connected Some(7) None";
const SECRET: &str = "a secret of a connection";

pub(super) fn acme() -> TenantId {
    TenantId::parse("acme").unwrap()
}

/// Erases the tenant. Asserts that nothing of it exists afterwards, and that another tenant may have the company.
async fn assert_erased(stage: &Stage, context: &str) {
    stage.clock.advance(stage.ports.settings.lease);
    erase_tenant(&stage.ports, &Actor::named("admin-3"), &acme())
        .await
        .unwrap();
    assert_eq!(world(stage).await, [""; 0], "{context}");
    connect_by_key(stage, "other").await.unwrap();
}

/// Lets a life die before and after every call that it makes, and gives each stage on which it died to `then`.
async fn each_death<S: Clone>(
    prepare: impl AsyncFn(&Stage) -> S,
    life: impl AsyncFn(&Stage, S),
    then: impl AsyncFn(Stage, S, String),
) {
    for after in [false, true] {
        let mut number = 1;
        loop {
            let halt = Halt::at(number, after);
            let stage = stage(&Office::new("7"), Arc::clone(&halt) as Arc<dyn Watch>);
            let prepared = prepare(&stage).await;
            if halt.live(Box::pin(life(&stage, prepared.clone()))).await.is_some() {
                assert!(number > 2, "{number}");
                break;
            }
            then(stage, prepared, format!("call {number}, after it: {after}")).await;
            number += 1;
        }
    }
}

#[tokio::test]
async fn r49_connecting_that_dies_anywhere_leaves_nothing_that_no_record_tells_of() {
    let connect = async |stage: &Stage, ()| drop(connect_by_key(stage, "acme").await);
    let nothing = async |_: &Stage| ();
    each_death(nothing, connect, async |stage: Stage, (), context: String| {
        morning(&stage).await;
        let left = world(&stage).await;
        let is_made = left.iter().any(|line| line == CONNECTED);
        let expected: &[&str] = if is_made { &[SECRET, CLAIM, CONNECTED] } else { &[] };
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(left, expected, "{context}");
        assert_erased(&stage, &context).await;
    })
    .await;
}

#[tokio::test]
async fn r49_connecting_that_died_is_asked_for_again_and_comes_to_the_same() {
    let connect = async |stage: &Stage, ()| drop(connect_by_key(stage, "acme").await);
    let nothing = async |_: &Stage| ();
    each_death(nothing, connect, async |stage: Stage, (), context: String| {
        connect_by_key(&stage, "acme").await.unwrap();
        let foreign = connect_by_key(&stage, "other").await;
        assert!(matches!(foreign, Err(ConnectError::ForeignCompany)), "{context}");
        morning(&stage).await;
        let mut left = world(&stage).await;
        left.dedup();
        assert_eq!(left, [CLAIM, SECRET, CONNECTED], "{context}");
    })
    .await;
}

#[tokio::test]
async fn r49_a_tenant_is_erased_with_what_a_dead_connect_left() {
    let connect = async |stage: &Stage, ()| drop(connect_by_key(stage, "acme").await);
    let nothing = async |_: &Stage| ();
    each_death(nothing, connect, async |stage: Stage, (), context: String| {
        let secrets = stage.secrets.list_secrets("connection/", None).await.unwrap().names;
        let receipt = erase_tenant(&stage.ports, &Actor::named("admin-3"), &acme())
            .await
            .unwrap();
        assert_eq!(receipt.erased.secrets, secrets.len() as u64, "{context}");
        assert_eq!(world(&stage).await, [""; 0], "{context}");
        connect_by_key(&stage, "other").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn r49_a_login_that_dies_anywhere_is_begun_again_or_cleared_away() {
    let opened = async |stage: &Stage| {
        let new = new_connection(stage, "acme");
        Arc::new(
            open_login(&stage.ports, &Actor::named("somebody"), new, None)
                .await
                .unwrap(),
        )
    };
    let log_in = async |stage: &Stage, start: Arc<Startable>| {
        let brought = leave(stage, &start, None).await.unwrap();
        drop(arrive(stage, &brought).await);
    };
    for begins_again in [true, false] {
        let lives = each_death(opened, log_in, async |stage: Stage, start: Arc<_>, context: String| {
            let start: Arc<Startable> = start;
            if begins_again {
                let connection = find(&stage, &start.connection).await;
                let again = reopen_login(&stage.ports, &Actor::named("somebody"), connection, None)
                    .await
                    .unwrap();
                let brought = leave(&stage, &again, None).await.unwrap();
                arrive(&stage, &brought).await.unwrap().outcome.unwrap();
            }
            morning(&stage).await;
            let left = world(&stage).await;
            if begins_again || left.iter().any(|line| line == CONNECTED) {
                assert_eq!(left, [CLAIM, SECRET, CONNECTED], "{context}");
            } else {
                assert_eq!(left, ["acme awaiting_authorization None None"], "{context}");
            }
            assert_erased(&stage, &context).await;
        });
        Box::pin(lives).await;
    }
}

async fn find(stage: &Stage, connection: &Connection) -> Connection {
    super::find(stage, &connection.id).await
}

#[tokio::test]
async fn r42_an_end_that_dies_anywhere_is_finished_by_the_next_request_or_the_next_morning() {
    let connected = async |stage: &Stage| connect_by_key(stage, "acme").await.unwrap().connection;
    let end = async |stage: &Stage, connection: Connection| {
        drop(disconnect(&stage.ports, &Actor::named("somebody"), connection).await);
    };
    for asks_again in [true, false] {
        each_death(
            connected,
            end,
            async |stage: Stage, connection: Connection, context: String| {
                let begun = find(&stage, &connection).await;
                if asks_again || begun.status != Status::Disconnected {
                    disconnect(&stage.ports, &Actor::named("somebody"), begun)
                        .await
                        .unwrap();
                } else {
                    morning(&stage).await;
                }
                assert_eq!(world(&stage).await, ["acme disconnected Some(7) None"], "{context}");
                assert!(stage.office.revoked().contains(&"a-key".to_owned()), "{context}");
                connect_by_key(&stage, "other").await.unwrap();
            },
        )
        .await;
    }
}

#[tokio::test]
async fn r37_an_erasure_that_dies_anywhere_counts_what_was_there_before_it_began() {
    let connected = async |stage: &Stage| {
        stage.office.hire_many(1..=3);
        connect_by_key(stage, "acme").await.unwrap();
        stage.deliver().await.unwrap();
    };
    let erase = async |stage: &Stage, ()| drop(erase_tenant(&stage.ports, &Actor::named("admin-3"), &acme()).await);
    let undisturbed = {
        let stage = stage(&Office::new("7"), Arc::new(Nobody));
        connected(&stage).await;
        erase_tenant(&stage.ports, &Actor::named("admin-3"), &acme())
            .await
            .unwrap()
            .erased
    };
    assert_eq!((undisturbed.connections, undisturbed.secrets), (1, 1));
    each_death(connected, erase, async |stage: Stage, (), context: String| {
        stage.clock.advance(stage.ports.settings.lease);
        let receipt = erase_tenant(&stage.ports, &Actor::named("admin-3"), &acme())
            .await
            .unwrap();
        assert_eq!(receipt.erased, undisturbed, "{context}");
        assert_eq!(world(&stage).await, [""; 0], "{context}");
    })
    .await;
}

#[tokio::test]
async fn r49_a_choice_that_dies_anywhere_is_made_again() {
    let company = CompanyId::parse("7").unwrap();
    let choosing = async |stage: &Stage| {
        stage.office.change_company("7 8");
        let start = open_login(
            &stage.ports,
            &Actor::named("somebody"),
            new_connection(stage, "acme"),
            None,
        )
        .await
        .unwrap();
        let brought = leave(stage, &start, None).await.unwrap();
        arrive(stage, &brought).await.unwrap().outcome.unwrap().connection
    };
    let choose = async |stage: &Stage, connection: Connection| {
        drop(choose_company(&stage.ports, &Actor::named("somebody"), &connection, &company).await);
    };
    each_death(
        choosing,
        choose,
        async |stage: Stage, connection: Connection, context: String| {
            let connection = find(&stage, &connection).await;
            choose_company(&stage.ports, &Actor::named("somebody"), &connection, &company)
                .await
                .unwrap();
            assert_eq!(world(&stage).await, [CLAIM, SECRET, CONNECTED], "{context}");
        },
    )
    .await;
}
