//! A tenant is erased between any two calls of a use case for it. Afterwards nothing of the tenant exists. The caller of the
//! use case is told that the tenant is gone, and is told of no fault.

use std::{fmt::Debug, sync::Arc};

use acceptance::journey::{Ground, Office, Stage, Watch, WatchedDirectory};
use rollcall::{
    account::Origin,
    connection::{Configuration, Connection, Decision, Preset},
    employee::Canonical,
    plan::PlanId,
    run::{
        Actor, Asked, approve, ask, cancel, configure, decide, edit_account, erase_tenant, pause, request_diff, stop,
        undo,
    },
    store::{AccountWrite, DirectoryStore as _},
};

use super::{assert_tenant_gone, erase, office, person};
use crate::behind::Behind;

/// What is done for the tenant while it is erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doing {
    Approving,
    Asking,
    Cancelling,
    Configuring,
    Deciding,
    Delivering,
    Editing,
    ErasingPerson,
    Morning,
    Pausing,
    Requesting,
    Stopping,
    Undoing,
}

const ALL: [Doing; 13] = [
    Doing::Approving,
    Doing::Asking,
    Doing::Cancelling,
    Doing::Configuring,
    Doing::Deciding,
    Doing::Delivering,
    Doing::Editing,
    Doing::ErasingPerson,
    Doing::Morning,
    Doing::Pausing,
    Doing::Requesting,
    Doing::Stopping,
    Doing::Undoing,
];

/// A tenant as it is before anything is done for it.
struct Scene {
    stage: Stage,
    behind: Arc<Behind>,
    connection: Connection,
    configuration: Configuration,
    /// The plan that was applied.
    applied: PlanId,
}

impl Scene {
    /// Returns a tenant whose people have accounts. Where `doing` needs it, a plan waits for a person, or a message waits.
    async fn new(doing: Doing) -> Self {
        let behind = Arc::new(Behind::default());
        let ground = Ground {
            watch: Arc::clone(&behind) as Arc<dyn Watch>,
            ..Ground::memory()
        };
        let office: Office = office();
        let mut stage = Stage::new(ground, &office).unwrap();
        let configuration = Preset::Users.configuration();
        stage.connect(configuration.clone()).await.unwrap();
        let applied = stage.night().await.unwrap().plan.unwrap();
        office.set(1, Canonical::JobTitle, "Cook");
        stage.pass_hours(24);
        let found = stage.store.find_connection(&stage.connection).await.unwrap();
        let connection = found.unwrap().record;
        let actor = Actor::named("admin-3");
        match doing {
            Doing::Approving | Doing::Cancelling => {
                ask(&stage.ports, &actor, &connection, Asked::Preview).await.unwrap();
                stage.deliver().await.unwrap();
            }
            Doing::Delivering => drop(request_diff(&stage.ports, &stage.connection).await.unwrap()),
            Doing::Asking
            | Doing::Configuring
            | Doing::Deciding
            | Doing::Editing
            | Doing::ErasingPerson
            | Doing::Morning
            | Doing::Pausing
            | Doing::Requesting
            | Doing::Stopping
            | Doing::Undoing => {}
        }
        Self {
            stage,
            behind,
            connection,
            configuration,
            applied,
        }
    }

    /// Does what `doing` names. Returns the error that the caller gets, where there is one.
    async fn act(&self, doing: Doing) -> Option<String> {
        let (stage, ports, actor) = (&self.stage, &self.stage.ports, Actor::named("admin-3"));
        let id = &self.stage.connection;
        match doing {
            Doing::Approving => {
                let open = ports.store.find_open_plan(id, stage.now()).await.unwrap()?;
                told(approve(ports, &actor, &open.plan.id, &open.plan.hash, &[]).await)
            }
            Doing::Asking => told(ask(ports, &actor, &self.connection, Asked::Sync).await),
            Doing::Cancelling => {
                let open = ports.store.find_open_plan(id, stage.now()).await.unwrap()?;
                told(cancel(ports, &actor, &open.plan.id).await)
            }
            Doing::Configuring => {
                let next = self.configuration.clone();
                told(configure(ports, &actor, id, next.version, next).await)
            }
            Doing::Deciding => {
                let reason = "asked for".to_owned();
                told(decide(ports, &actor, &self.connection, person(), Decision::Keep, reason).await)
            }
            Doing::Delivering => {
                stage.deliver().await.unwrap();
                None
            }
            Doing::Editing => self.edit(&actor).await,
            Doing::ErasingPerson => told(erase(stage).await),
            Doing::Morning => told(stage.morning().await),
            Doing::Pausing => told(pause(ports, &actor, id).await),
            Doing::Requesting => told(request_diff(ports, id).await),
            Doing::Stopping => told(stop(ports, &actor, Some(&stage.tenant)).await),
            Doing::Undoing => told(undo(ports, &actor, &self.applied).await),
        }
    }

    async fn edit(&self, actor: &Actor) -> Option<String> {
        let stage = &self.stage;
        let directory = WatchedDirectory {
            inner: Arc::clone(&stage.directory),
            watch: Arc::clone(&self.behind) as Arc<dyn Watch>,
        };
        let (accounts, _) = directory.list_accounts(&stage.tenant, None).await.unwrap();
        let before = accounts.into_iter().next()?;
        let mut account = before.clone();
        account.active = false;
        let write = AccountWrite {
            account,
            before: Some(before),
            origin: Origin::Person {
                by: "admin-3".to_owned(),
            },
            at: stage.now(),
        };
        told(edit_account(&stage.ports, &directory, actor, &stage.tenant, write, &["active"]).await)
    }
}

fn told<T, E: Debug>(result: Result<T, E>) -> Option<String> {
    result.err().map(|error| format!("{error:?}"))
}

/// Returns whether an error says that there is nothing, or nothing any more. Every other error would be a fault.
fn says_so(told: &str) -> bool {
    let words = ["Gone", "NotFound", "Stale", "Impossible", "Busy", "Unknown"];
    words.iter().any(|word| told.contains(word))
}

async fn assert_nothing_left(stage: &Stage, context: &str) {
    assert_tenant_gone(stage, context).await;
    let secrets = stage.secrets.list_secrets("connection/", None).await.unwrap();
    assert!(secrets.names.is_empty(), "{context}: a secret");
    let claims = stage.store.list_claims(None, 10).await.unwrap();
    assert!(claims.is_empty(), "{context}: {claims:?}");
    assert!(stage.open_plan().await.unwrap().is_none(), "{context}: an open plan");
    let stops = stage.store.find_stops(&stage.tenant).await.unwrap();
    assert!(stops.is_empty(), "{context}: {stops:?}");
    assert_no_mark_outlives(stage, context).await;
}

/// Sees that no mark of a person is left once the tenant's own erasure has come to its end.
async fn assert_no_mark_outlives(stage: &Stage, context: &str) {
    let marks = stage.store.list_tombstones(&stage.tenant).await.unwrap();
    let is_done = marks.iter().any(|mark| mark.person.is_none() && mark.done_at.is_some());
    let is_marked = marks.iter().any(|mark| mark.person.is_some());
    assert!(!(is_done && is_marked), "{context}: {marks:?}");
}

#[tokio::test]
async fn r37_of_a_tenant_that_is_erased_at_any_call_of_anything_nothing_is_left_and_nothing_fails() {
    for doing in ALL {
        let mut number = 1;
        loop {
            let scene = Scene::new(doing).await;
            let stage = &scene.stage;
            let erasing = stage.clone();
            let erasing = Box::new(move || {
                let erased: futures_util::future::BoxFuture<'static, ()> = Box::pin(async move {
                    // The erasure is refused while a run is at work, and is then asked for again.
                    drop(erase_tenant(&erasing.ports, &Actor::named("admin-3"), &erasing.tenant).await);
                });
                erased
            });
            scene.behind.plan(number, erasing);
            let told = scene.act(doing).await;
            if scene.behind.left() > 0 {
                assert!(told.is_none(), "{doing:?}, undisturbed: {told:?}");
                assert!(number > 2, "{doing:?} makes {number} calls");
                break;
            }
            let context = format!("{doing:?}, call {number}");
            assert!(told.as_deref().is_none_or(says_so), "{context}: {told:?}");
            assert_no_mark_outlives(stage, &context).await;
            stage.clock.advance(stage.ports.settings.lease);
            let actor = Actor::named("admin-3");
            let receipt = erase_tenant(&stage.ports, &actor, &stage.tenant).await.unwrap();
            assert_eq!(
                (receipt.erased.connections, receipt.erased.secrets),
                (1, 1),
                "{context}"
            );
            assert_nothing_left(stage, &context).await;
            stage.deliver().await.unwrap();
            assert_eq!(stage.letters.receive().map(|letter| letter.body), None, "{context}");
            assert_nothing_left(stage, &format!("{context}, after its messages")).await;
            stage.pass_hours(24).morning().await.unwrap();
            assert_nothing_left(stage, &format!("{context}, the morning after")).await;
            number += 1;
        }
    }
}
