//! A lease covers each delivery; no write starts too late; a message that finds the lease taken comes again; slices are bounded
//! (R30).

use std::{sync::Arc, time::Duration};

use acceptance::journey::{Ground, Nobody, Office, Plot, Stage, Watch, picture, play};
use jiff::SignedDuration;
use rollcall::{
    connection::Preset,
    plan::Status,
    queue::QueueName,
    run::{Done, request_diff},
    store::{Lease, RunStatus},
    testing::builder::run_id,
};

use crate::support::{Slow, assert_same_end, errors, last_run, next_letter, prepared, undisturbed};

/// Returns a stage with a watch before a first night for so many people.
async fn before_the_first_night(people: u64, watch: Arc<dyn Watch>) -> Stage {
    let office = Office::new("7");
    office.hire_many(1..=people);
    let ground = Ground {
        watch,
        ..crate::ground().await
    };
    let mut stage = Stage::new(ground, &office).unwrap();
    stage.connect(Preset::Users.configuration()).await.unwrap();
    stage
}

#[tokio::test]
async fn r30_a_slow_target_is_written_to_in_slices_and_never_with_under_thirty_seconds_left() {
    let slow = Slow::new(SignedDuration::from_secs(20), SignedDuration::ZERO, 0);
    let stage = before_the_first_night(40, Arc::clone(&slow) as _).await;
    slow.arm(&stage);
    let diff = stage.night().await.unwrap();
    let run = stage.run(diff.next_run.as_ref().unwrap()).await.unwrap();
    assert_eq!((run.status, errors(&run)), (RunStatus::Succeeded, Vec::new()));
    assert_eq!((run.progress.done, run.progress.total), (40, 40));
    assert_eq!(
        run.slice, 2,
        "forty writes of 20 seconds are three slices of less than 270"
    );
    assert_eq!(slow.late(), 0);
    assert_eq!(stage.accounts().await.unwrap().len(), 40);
}

#[tokio::test]
async fn r30_a_slice_that_has_no_time_from_its_start_passes_everything_on() {
    let slow = Slow::new(SignedDuration::ZERO, SignedDuration::from_secs(280), 4);
    let stage = before_the_first_night(5, Arc::clone(&slow) as _).await;
    request_diff(&stage.ports, &stage.connection).await.unwrap();
    let letter = next_letter(&stage, QueueName::Diff);
    stage.handle(&letter).await.unwrap();
    slow.arm(&stage);
    for _ in 0..4 {
        let letter = next_letter(&stage, QueueName::Apply);
        assert_eq!(stage.handle(&letter).await.unwrap(), Done::Continued);
        stage.clock.advance(SignedDuration::from_secs(1));
    }
    assert!(stage.accounts().await.unwrap().is_empty());
    play(&stage).await.unwrap();
    let run = last_run(&stage).await;
    assert_eq!((run.status, run.progress.done, run.slice), (RunStatus::Succeeded, 5, 4));
}

#[tokio::test]
async fn r30_slices_without_progress_fail_the_run_by_name_and_free_the_connection() {
    let slow = Slow::new(SignedDuration::ZERO, SignedDuration::from_secs(280), u64::MAX);
    let stage = before_the_first_night(5, Arc::clone(&slow) as _).await;
    request_diff(&stage.ports, &stage.connection).await.unwrap();
    stage.handle(&next_letter(&stage, QueueName::Diff)).await.unwrap();
    slow.arm(&stage);
    play(&stage).await.unwrap();
    let run = last_run(&stage).await;
    assert_eq!(
        (run.status, errors(&run)),
        (RunStatus::Failed, vec![("no-progress", None)])
    );
    let most = stage.ports.settings.most_attempts;
    assert_eq!(run.slice + 1, most, "as many slices as deliveries may come to nothing");
    let plan = stage
        .store
        .find_plan(run.plan.as_ref().unwrap(), stage.now())
        .await
        .unwrap();
    assert_eq!(plan.unwrap().status, Status::AppliedWithErrors);
    assert!(stage.open_plan().await.unwrap().is_none());
}

#[tokio::test]
async fn r30_a_run_has_a_most_of_slices_and_the_next_plan_picks_up_the_rest() {
    let mut stage = before_the_first_night(12, Arc::new(Nobody)).await;
    (stage.ports.settings.slice_steps, stage.ports.settings.most_slices) = (2, 3);
    let diff = stage.night().await.unwrap();
    let run = stage.run(diff.next_run.as_ref().unwrap()).await.unwrap();
    assert_eq!(
        (run.status, errors(&run)),
        (RunStatus::Failed, vec![("too-many-slices", None)])
    );
    assert_eq!((run.progress.done, stage.accounts().await.unwrap().len()), (6, 6));
    stage.ports.settings.most_slices = 1_000;
    let rest = stage.pass_hours(24).night().await.unwrap();
    assert_eq!(rest.counts.joiners, 6);
    assert_eq!(stage.accounts().await.unwrap().len(), 12);
}

/// Takes the connection's lease in the name of another run. Returns the lease, if it was free.
async fn take_lease(stage: &Stage, holder: &str, minutes: u64) -> Option<Lease> {
    let until = stage.now() + Duration::from_mins(minutes);
    let holder = run_id(holder);
    let taken = stage
        .store
        .acquire_lease(&stage.connection, &holder, stage.now(), until);
    taken.await.unwrap()
}

#[tokio::test]
async fn r30_a_message_that_finds_the_lease_taken_comes_again_later_as_often_as_it_must() {
    for plot in [Plot::First, Plot::Rich] {
        let expected = undisturbed(plot).await;
        let stage = prepared(plot, Arc::new(Nobody), None).await;
        let other = take_lease(&stage, "other", 60).await.unwrap();
        // The message is received more often than a queue allows before it sets a message aside.
        for _ in 0..20 {
            let letter = next_letter(&stage, QueueName::Diff);
            assert_eq!(stage.handle(&letter).await.unwrap(), Done::Deferred);
            assert_eq!(last_run(&stage).await.status, RunStatus::Deferred);
            assert!(stage.letters.receive().is_none(), "it comes again, and not at once");
            stage.clock.advance(SignedDuration::from_secs(30));
        }
        stage.store.release_lease(&other).await.unwrap();
        let letter = next_letter(&stage, QueueName::Diff);
        stage.handle(&letter).await.unwrap();
        if plot == Plot::Rich {
            stage.approve().await.unwrap();
        }

        let other = take_lease(&stage, "other", 60).await.unwrap();
        for _ in 0..20 {
            let letter = next_letter(&stage, QueueName::Apply);
            assert_eq!(stage.handle(&letter).await.unwrap(), Done::Deferred);
            stage.clock.advance(SignedDuration::from_secs(30));
        }
        stage.store.release_lease(&other).await.unwrap();
        play(&stage).await.unwrap();
        assert_same_end(&picture(&stage).await.unwrap(), &expected, &format!("{plot:?}"));
    }
}

#[tokio::test]
async fn r30_a_lease_that_nobody_gave_back_is_waited_out() {
    let expected = undisturbed(Plot::First).await;
    let stage = prepared(Plot::First, Arc::new(Nobody), None).await;
    take_lease(&stage, "dead", 6).await.unwrap();
    let began_at = stage.now();
    play(&stage).await.unwrap();
    assert_same_end(&picture(&stage).await.unwrap(), &expected, "it");
    assert!(stage.now().duration_since(began_at).as_mins() >= 6);
}

#[tokio::test]
async fn r30_a_lease_outlives_the_function_and_is_free_after_every_delivery() {
    let stage = prepared(Plot::First, Arc::new(Nobody), None).await;
    assert!(stage.ports.settings.lease > SignedDuration::from_mins(5));
    while let Some(letter) = stage.letters.receive() {
        stage.handle(&letter).await.unwrap();
        let lease = take_lease(&stage, "next", 1).await.unwrap();
        stage.store.release_lease(&lease).await.unwrap();
        stage.clock.advance(SignedDuration::from_secs(1));
    }
    assert_eq!(last_run(&stage).await.status, RunStatus::Succeeded);
}

#[tokio::test]
async fn r30_a_diff_that_finds_a_plan_being_applied_waits_for_its_end_and_wakes_a_lost_apply() {
    let stage = prepared(Plot::First, Arc::new(Nobody), None).await;
    stage.handle(&next_letter(&stage, QueueName::Diff)).await.unwrap();
    // The message of the apply is lost.
    let lost = next_letter(&stage, QueueName::Apply);
    stage.letters.delete(&lost);
    let second = request_diff(&stage.ports, &stage.connection).await.unwrap();
    let letter = next_letter(&stage, QueueName::Diff);
    assert_eq!(stage.handle(&letter).await.unwrap(), Done::Deferred);
    play(&stage).await.unwrap();
    let second = stage.run(&second).await.unwrap();
    assert_eq!((second.status, second.counts.changes()), (RunStatus::Succeeded, 0));
    assert_eq!(stage.accounts().await.unwrap().len(), 7);
}
