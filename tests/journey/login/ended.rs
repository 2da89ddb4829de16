//! A connection that ends while a login or a run is under way keeps nothing that the login or run brings (R42).

use std::sync::{Arc, OnceLock};

use acceptance::journey::{Nobody, Office, Place, Stage, Verdict, Watch};
use async_trait::async_trait;
use jiff::SignedDuration;
use rollcall::{
    connection::{ConnectionId, Preset, Status},
    plan,
    queue::QueueName,
    run::{Actor, ConnectError, Done, LoginError, Ports, disconnect, open_login, reopen_login, request_diff},
    store::RunStatus,
};

use super::{connect_by_key, find, kept, log_in, new_connection, stage};
use crate::support::{errors, next_letter};

/// A watch that ends a connection without the caller's knowledge, when a call first reaches a place.
struct Behind {
    place: Place,
    ports: OnceLock<(Ports, ConnectionId)>,
    done: OnceLock<()>,
}

impl Behind {
    fn at(place: &'static str) -> Arc<Self> {
        Arc::new(Self {
            place: Place::Store(place),
            ports: OnceLock::new(),
            done: OnceLock::new(),
        })
    }

    /// From now on, the connection is ended when a call reaches the place.
    fn end(&self, stage: &Stage, id: &ConnectionId) {
        assert!(self.ports.set((stage.ports.clone(), id.clone())).is_ok());
    }
}

#[async_trait]
impl Watch for Behind {
    async fn before(&self, place: Place) -> Verdict {
        if place == self.place
            && let Some((ports, id)) = self.ports.get()
            && self.done.set(()).is_ok()
        {
            let connection = ports.store.find_connection(id).await.unwrap().unwrap().record;
            disconnect(ports, &Actor::named("somebody"), connection).await.unwrap();
        }
        Verdict::Go
    }
}

#[tokio::test]
async fn r42_a_login_that_comes_back_after_the_end_keeps_nothing() {
    for is_first in [true, false] {
        let behind = Behind::at("connection");
        let office = Office::new("7");
        let stage = stage(&office, Arc::clone(&behind) as Arc<dyn Watch>);
        let start = if is_first {
            let new = new_connection(&stage, "acme");
            open_login(&stage.ports, &Actor::named("somebody"), new, None)
                .await
                .unwrap()
        } else {
            let first = connect_by_key(&stage, "acme").await.unwrap().connection;
            reopen_login(&stage.ports, &Actor::named("somebody"), first, None)
                .await
                .unwrap()
        };
        let id = start.connection.id.clone();
        behind.end(&stage, &id);
        let outcome = log_in(&stage, &start).await.outcome;
        assert!(
            matches!(outcome, Err(LoginError::Connect(ConnectError::State(_)))),
            "{outcome:?}"
        );
        assert_eq!(find(&stage, &id).await.status, Status::Disconnected);
        assert_eq!(kept(&stage, &id).await, None);
        assert!(
            office.revoked().contains(&"login-1".to_owned()),
            "{:?}",
            office.revoked()
        );
        connect_by_key(&stage, "other").await.unwrap();
    }
}

#[tokio::test]
async fn r42_what_a_run_writes_after_the_end_is_cleared_away() {
    for place in [
        "begin_roster",
        "put_roster_chunks",
        "end_roster",
        "put_plan",
        "put_state",
    ] {
        let behind = Behind::at(place);
        let office = Office::new("7");
        office.hire_many(1..=5);
        let mut stage = stage(&office, Arc::clone(&behind) as Arc<dyn Watch>);
        stage.connect(Preset::Users.configuration()).await.unwrap();
        behind.end(&stage, &stage.connection);
        let run = stage.night().await.unwrap();
        assert!(behind.done.get().is_some(), "{place} was reached");
        assert_eq!(
            (run.status, errors(&run)),
            (RunStatus::Cancelled, vec![("stopped", None)]),
            "at {place}"
        );
        assert_eq!(
            stage.store.list_rosters(&stage.connection).await.unwrap(),
            [],
            "at {place}"
        );
        for id in stage.store.list_plans(&stage.connection).await.unwrap() {
            let plan = stage.store.find_plan(&id, stage.now()).await.unwrap();
            assert!(
                plan.is_none_or(|plan| plan.status == plan::Status::Cancelled),
                "at {place}"
            );
        }
        assert!(stage.accounts().await.unwrap().is_empty(), "at {place}");
        assert_eq!(kept(&stage, &stage.connection).await, None);
    }
}

#[tokio::test]
async fn r42_a_slice_at_whose_end_the_connection_is_over_is_the_last_one() {
    let behind = Behind::at("end_roster");
    let office = Office::new("7");
    office.hire_many(1..=40);
    let mut stage = stage(&office, Arc::clone(&behind) as Arc<dyn Watch>);
    stage.connect(Preset::Users.configuration()).await.unwrap();
    office.page_by(5, SignedDuration::from_secs(90), &stage.clock);
    behind.end(&stage, &stage.connection);
    let run = request_diff(&stage.ports, &stage.connection).await.unwrap();
    let first = next_letter(&stage, QueueName::Diff);
    assert_eq!(stage.handle(&first).await.unwrap(), Done::Finished);
    let run = stage.run(&run).await.unwrap();
    assert_eq!(
        (run.status, errors(&run)),
        (RunStatus::Cancelled, vec![("stopped", None)])
    );
    assert_eq!(run.reading, None);
    assert_eq!(stage.store.list_rosters(&stage.connection).await.unwrap(), []);
}

#[tokio::test]
async fn r42_an_apply_that_is_under_way_stops_at_its_next_slice() {
    let behind = Behind::at("claim_link");
    let office = Office::new("7");
    office.hire_many(1..=60);
    let mut stage = stage(&office, Arc::clone(&behind) as Arc<dyn Watch>);
    stage.ports.settings.slice_steps = 10;
    stage.connect(Preset::Users.configuration()).await.unwrap();
    behind.end(&stage, &stage.connection);
    let diff = stage.night().await.unwrap();
    let apply = stage.run(&diff.next_run.unwrap()).await.unwrap();
    assert_eq!(
        (apply.status, errors(&apply)),
        (RunStatus::Cancelled, vec![("stopped", None)])
    );
    let accounts = stage.accounts().await.unwrap().len();
    assert!(accounts <= 10, "{accounts} accounts were made");
    assert!(stage.open_plan().await.unwrap().is_none());
    assert_eq!(stage.store.list_rosters(&stage.connection).await.unwrap(), []);
}

#[tokio::test]
async fn r42_once_the_links_are_gone_people_are_found_again_by_their_reference() {
    let office = Office::new("7");
    office.hire_many(1..=5);
    let mut stage = stage(&office, Arc::new(Nobody));
    stage.connect(Preset::Users.configuration()).await.unwrap();
    stage.night().await.unwrap();
    let first = find(&stage, &stage.connection).await;
    disconnect(&stage.ports, &Actor::named("somebody"), first.clone())
        .await
        .unwrap();
    stage.pass_hours(90 * 24);
    stage.morning().await.unwrap();
    assert_eq!(stage.store.list_links(&first.id).await.unwrap(), []);
    assert_eq!(stage.accounts().await.unwrap().len(), 5, "accounts stay as they are");
    stage.connect(Preset::Users.configuration()).await.unwrap();
    let plan = stage.night().await.unwrap();
    assert_eq!((plan.counts.links, plan.counts.joiners), (5, 0), "{:?}", plan.counts);
}
