//! A SCIM server belongs to one tenant for as long as a connection of that tenant is left to it, whichever connections begin
//! and end at one time (R04).

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use acceptance::journey::{Ground, Nobody, Office, Place, Stage, Verdict, Watch};
use async_trait::async_trait;
use emulators::scim::TOKEN;
use rollcall::{
    connection::{ConnectionSecret, ScimServer, TargetChoice},
    run::{Actor, ConnectError, NewConnection, disconnect, open_login, secret_name},
    runtime::RandomIds,
};
use tokio::sync::Notify;

use super::{key, new_connection};
use crate::support::Nth;

/// Returns a stage that writes to a SCIM server.
async fn stage(watch: Arc<dyn Watch>) -> Stage {
    let ground = Ground {
        watch,
        ..Ground::server().await.unwrap()
    };
    let mut stage = Stage::new(ground, &Office::new("7")).unwrap();
    stage.ports.ids = Arc::new(RandomIds::new().unwrap());
    stage
}

/// Returns a request for a connection of a tenant to the stage's server.
fn new(stage: &Stage, tenant: &str) -> NewConnection<()> {
    NewConnection {
        target: TargetChoice::Scim(ScimServer {
            base_url: stage.server().unwrap().base(),
            identity: None,
            profile: "generic".to_owned(),
            extension: None,
            shared: false,
        }),
        target_credential: Some(key(TOKEN)),
        ..new_connection(stage, tenant)
    }
}

/// A connection that waits for a login keeps the credential of its target from the start, or the connection does not exist.
#[tokio::test]
async fn r04_a_connection_that_waits_for_a_login_is_kept_with_its_target_or_not_at_all() {
    for (place, verdict, is_kept) in [
        (Place::Store("connection"), Verdict::Fail, false),
        (Place::Secret("put_secret"), Verdict::Fail, false),
        (Place::Secret("put_secret"), Verdict::LoseReply, false),
        (Place::Store("connection"), Verdict::LoseReply, true),
    ] {
        let watch = Nth::at(place, verdict);
        let stage = stage(Arc::clone(&watch) as Arc<dyn Watch>).await;
        watch.arm();
        let opened = open_login(&stage.ports, &Actor::named("somebody"), new(&stage, "acme"), None).await;
        assert_eq!(opened.is_ok(), is_kept, "{place:?}");
        let listed = stage.store.list_connections(&stage.tenant).await.unwrap();
        assert_eq!(listed.len(), usize::from(is_kept), "{place:?}");
        for connection in &listed {
            let secret = stage.ports.secrets.find_secret(&secret_name(&connection.id)).await;
            let secret = ConnectionSecret::from_secret_text(&secret.unwrap().unwrap()).unwrap();
            assert!(secret.target.is_some_and(|kept| kept.is_same(&key(TOKEN))));
        }
        // A tenant whose attempt failed keeps no other tenant from the server.
        let other = open_login(&stage.ports, &Actor::named("somebody"), new(&stage, "other"), None).await;
        assert_eq!(other.is_err(), is_kept, "{place:?}");
    }
}

/// A watch that stops a process which leaves a target, right before the end is noted, until the test has done something else.
#[derive(Debug, Default)]
struct Meanwhile {
    armed: AtomicBool,
    stopped: Notify,
    done: Notify,
}

#[async_trait]
impl Watch for Meanwhile {
    async fn before(&self, place: Place) -> Verdict {
        if place == Place::Secret("delete_secret") && self.armed.swap(false, Ordering::SeqCst) {
            self.stopped.notify_one();
            self.done.notified().await;
        }
        Verdict::Go
    }
}

#[tokio::test]
async fn r04_a_server_stays_the_tenants_who_connects_anew_while_the_last_connection_ends() {
    let watch = Arc::new(Meanwhile::default());
    let stage = stage(Arc::clone(&watch) as Arc<dyn Watch>).await;
    let first = open_login(&stage.ports, &Actor::named("somebody"), new(&stage, "acme"), None)
        .await
        .unwrap();
    watch.armed.store(true, Ordering::SeqCst);
    let anew = async {
        watch.stopped.notified().await;
        let second = open_login(&stage.ports, &Actor::named("somebody"), new(&stage, "acme"), None).await;
        watch.done.notify_one();
        second.unwrap().connection
    };
    let somebody = Actor::named("somebody");
    let end = disconnect(&stage.ports, &somebody, first.connection);
    let (ended, second) = tokio::join!(end, anew);
    ended.unwrap();
    let other = async || open_login(&stage.ports, &Actor::named("somebody"), new(&stage, "other"), None).await;
    let refused = other().await.unwrap_err();
    assert!(matches!(refused, ConnectError::ForeignTarget), "{refused}");
    disconnect(&stage.ports, &Actor::named("somebody"), second)
        .await
        .unwrap();
    other().await.unwrap();
}

/// A connection that is ended twice takes the server from no connection that was made in between.
#[tokio::test]
async fn r04_who_ends_a_connection_again_takes_the_server_from_nobody() {
    let stage = stage(Arc::new(Nobody)).await;
    let first = open_login(&stage.ports, &Actor::named("somebody"), new(&stage, "acme"), None)
        .await
        .unwrap();
    let ended = disconnect(&stage.ports, &Actor::named("somebody"), first.connection)
        .await
        .unwrap();
    open_login(&stage.ports, &Actor::named("somebody"), new(&stage, "acme"), None)
        .await
        .unwrap();
    disconnect(&stage.ports, &Actor::named("somebody"), ended)
        .await
        .unwrap();
    let refused = open_login(&stage.ports, &Actor::named("somebody"), new(&stage, "other"), None)
        .await
        .unwrap_err();
    assert!(matches!(refused, ConnectError::ForeignTarget), "{refused}");
}
