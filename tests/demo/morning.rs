//! One morning, lived twice.

use local::{
    demo::{CARRIED, CONFIGURATION},
    emulator::{Controls, Emulator, Options},
    stage::Stage,
    truth::Truth,
};
use rollcall::{plan::Status, run::Clock as _, runtime::outbound_client, source::Kind};

use crate::support::log;

/// One company is read, planned, approved and applied. A second run on that morning writes nothing. The numbers of people lie
/// around the page size of the HR system.
#[tokio::test]
async fn the_same_morning_again_writes_nothing_around_the_edges_of_a_page() {
    log();
    let mut written = Vec::new();
    for employees in [99, 100, 101] {
        let stage = Stage::start(local::stage::StageOptions::default()).await.unwrap();
        let options = Options {
            employees,
            today: Some(stage.clock.today()),
            ..Options::default()
        };
        let emulator = Emulator::start(Kind::Factorial, options).await.unwrap();
        let controls = Controls::new(&outbound_client().unwrap(), &emulator.url()).unwrap();
        let connection = stage.connect("edge", &emulator, CONFIGURATION).await.unwrap();
        let company = emulator.running().company_id_of(0).unwrap().to_string();
        let mut truth = Truth::new("factorial", &company, &CARRIED);
        let moves = truth.follow(&controls.list_people().await.unwrap());
        assert_eq!(moves.joined.len(), employees as usize);

        let run = stage.diff(&connection.id).await.unwrap();
        let store = &stage.ports.store;
        let plan = store
            .find_plan(&run.plan.unwrap(), stage.clock.now())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(plan.plan.counts.joiners, employees);
        assert_eq!(stage.writes().target, 0, "a plan writes nothing to the target");
        stage.apply(&plan, "a person").await.unwrap();
        let comparison = truth.compare(&stage.list_accounts(&connection.tenant).await.unwrap());
        assert_eq!(comparison.differences, []);

        let before = stage.writes();
        let again = stage.diff(&connection.id).await.unwrap();
        let plan = store
            .find_plan(&again.plan.unwrap(), stage.clock.now())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(plan.status, Status::Empty);
        let after = stage.writes();
        assert_eq!(after.target, before.target);
        written.push(after.store - before.store);
        assert_eq!((stage.dead_letters(), stage.repeats()), (0, 0));
        emulator.stop().await;
    }
    assert!(written.iter().all(|items| *items == written[0]), "{written:?}");
}
