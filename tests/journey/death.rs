//! A process that begins a morning, ends a connection or takes up links may die before or after any write. Once its work is
//! asked for again, everything is as if it had not died (R29, R49). `kill`, `fault` and `undo` let processes die in nights,
//! applies and undos, `login` in connecting.

use std::sync::Arc;

use acceptance::journey::{Ground, Halt, Office, Stage, Watch, picture};
use rollcall::{
    connection::{ConnectionId, Preset},
    run::{Actor, disconnect, pause, request_diff},
};

use crate::support::assert_same_end;

/// A stage, and every connection of it in the order in which they were made.
#[derive(Clone)]
struct Scene {
    stage: Stage,
    connections: Vec<ConnectionId>,
}

/// Returns a stage whose first night has passed.
async fn scene(watch: Arc<dyn Watch>) -> Scene {
    let ground = Ground {
        watch,
        ..Ground::memory()
    };
    let office = Office::new("7");
    office.hire_many(1..=3);
    let mut stage = Stage::new(ground, &office).unwrap();
    stage.connect(Preset::Users.configuration()).await.unwrap();
    stage.night().await.unwrap();
    let connections = vec![stage.connection.clone()];
    Scene { stage, connections }
}

/// Returns a stage with two connections to one company and one directory. Each connection has applied a plan of its own.
async fn two_connections(watch: Arc<dyn Watch>) -> Scene {
    let Scene {
        mut stage,
        mut connections,
    } = scene(watch).await;
    stage.office.hire_many(4..=4);
    stage.connect(Preset::Users.configuration()).await.unwrap();
    stage.night().await.unwrap();
    connections.push(stage.connection.clone());
    Scene { stage, connections }
}

/// Loses the message of a run.
async fn lose_a_run(stage: &Stage) {
    request_diff(&stage.ports, &stage.connection).await.unwrap();
    while let Some(letter) = stage.letters.receive() {
        stage.letters.delete(&letter);
    }
}

async fn end_connection(stage: &Stage, id: &ConnectionId) {
    let connection = stage.store.find_connection(id).await.unwrap().unwrap().record;
    disconnect(&stage.ports, &Actor::named("somebody"), connection)
        .await
        .unwrap();
}

/// Returns everything that exists, in words that do not depend on ids and instants.
async fn end(scene: &Scene) -> Vec<String> {
    let Scene { stage, connections } = scene;
    let mut end = picture(stage).await.unwrap();
    for (number, id) in connections.iter().enumerate() {
        let record = stage.store.find_connection(id).await.unwrap().unwrap().record;
        let begun = record.unfinished.map(|unfinished| unfinished.what);
        let plan = stage.store.find_open_plan(id, stage.now()).await.unwrap();
        let plan = plan.map(|open| open.status);
        let secret = stage
            .secrets
            .find_secret(&rollcall::run::secret_name(id))
            .await
            .unwrap();
        end.push(format!(
            "{number} is {} {begun:?}, with a plan {plan:?}, with a secret {}",
            record.status,
            secret.is_some()
        ));
        for link in stage.store.list_links(id).await.unwrap() {
            end.push(format!("{number} links {} {:?}", link.employee_id, link.state));
        }
        let runs = stage.store.list_runs(id, None, 100).await.unwrap();
        let mut runs: Vec<_> = runs
            .iter()
            .map(|run| format!("{number} ran {:?} {:?} {:?}", run.kind, run.status, run.errors))
            .collect();
        runs.sort();
        end.extend(runs);
    }
    end
}

/// Runs a life once without a death, then with one death before and after each write. After a death the life is run again when
/// the dead process's lease is over.
async fn each_death(least: u64, prepare: impl AsyncFn(Arc<dyn Watch>) -> Scene, life: impl AsyncFn(&Scene)) {
    let undisturbed = {
        let scene = prepare(Halt::at(u64::MAX, false)).await;
        life(&scene).await;
        end(&scene).await
    };
    for after in [false, true] {
        let mut number = 1;
        loop {
            let halt = Halt::at(number, after);
            let scene = prepare(Arc::clone(&halt) as Arc<dyn Watch>).await;
            let is_whole = halt.live(life(&scene)).await.is_some();
            if !is_whole {
                scene.stage.clock.advance(scene.stage.ports.settings.lease);
                life(&scene).await;
            }
            let journey = format!("a death at write {number}, after it: {after},");
            assert_same_end(&end(&scene).await, &undisturbed, &journey);
            if is_whole {
                break;
            }
            number += 1;
        }
        assert!(number > least, "{number}");
    }
}

#[tokio::test]
async fn r49_a_morning_that_dies_at_any_write_is_begun_again_to_the_same_end() {
    let prepare = async |watch| {
        let scene = two_connections(watch).await;
        let stage = &scene.stage;
        lose_a_run(stage).await;
        let actor = Actor::named("somebody");
        pause(&stage.ports, &actor, &stage.connection).await.unwrap();
        stage.pass_hours(25);
        scene
    };
    let life = async |scene: &Scene| {
        scene.stage.morning().await.unwrap();
        scene.stage.deliver().await.unwrap();
    };
    Box::pin(each_death(8, prepare, life)).await;
}

#[tokio::test]
async fn r49_a_connection_whose_end_dies_at_any_write_is_ended_again_to_the_same_end() {
    let prepare = async |watch| {
        let scene = scene(watch).await;
        lose_a_run(&scene.stage).await;
        lose_a_run(&scene.stage).await;
        scene
    };
    let life = async |scene: &Scene| end_connection(&scene.stage, &scene.connections[0]).await;
    each_death(5, prepare, life).await;
}

#[tokio::test]
async fn r49_links_that_are_taken_up_while_a_diff_dies_at_any_write_are_all_taken_up() {
    let prepare = async |watch| {
        let scene = two_connections(watch).await;
        end_connection(&scene.stage, &scene.connections[0]).await;
        request_diff(&scene.stage.ports, &scene.connections[1]).await.unwrap();
        scene
    };
    let life = async |scene: &Scene| scene.stage.deliver().await.unwrap();
    Box::pin(each_death(8, prepare, life)).await;
}
