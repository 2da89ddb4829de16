//! A write that was begun is looked up in the target before it is sent again (R29).

use std::sync::Arc;

use acceptance::journey::{Place, Plot, Verdict, picture, play};

use rollcall::store::{RunKind, RunStatus};

use crate::support::{Nth, assert_same_end, prepared, undisturbed};

const CREATE: Place = Place::Target("create");
const UPDATE: Place = Place::Target("update");

/// Returns how often the target is written to in a plot whose first write at `place` gets this verdict.
async fn target_writes(plot: Plot, place: Place, verdict: Verdict) -> (u64, u64) {
    let expected = undisturbed(plot).await;
    let watch = Nth::at(place, verdict);
    let stage = prepared(plot, Arc::clone(&watch) as _, None).await;
    watch.arm();
    play(&stage).await.unwrap();
    assert_same_end(&picture(&stage).await.unwrap(), &expected, "it");
    (watch.writes_at(CREATE), watch.writes_at(UPDATE))
}

#[tokio::test]
async fn r29_what_was_done_and_not_noted_is_found_and_not_sent_again() {
    for plot in [Plot::First, Plot::Rich] {
        let once = target_writes(plot, CREATE, Verdict::Go).await;
        for place in ["claim_link", "put_links", "put_run", "change_plan"] {
            for verdict in [Verdict::Fail, Verdict::LoseReply] {
                let writes = target_writes(plot, Place::Store(place), verdict).await;
                assert_eq!(writes, once, "{plot:?}: {place} {verdict:?}");
            }
        }
    }
}

#[tokio::test]
async fn r29_a_write_whose_answer_was_lost_is_found_and_not_sent_again() {
    for plot in [Plot::First, Plot::Rich] {
        let once = target_writes(plot, CREATE, Verdict::Go).await;
        for place in [CREATE, UPDATE] {
            let writes = target_writes(plot, place, Verdict::LoseReply).await;
            assert_eq!(writes, once, "{plot:?}: {place:?}");
        }
    }
}

#[tokio::test]
async fn r29_a_write_that_did_not_arrive_is_sent_once_more() {
    for place in [CREATE, UPDATE] {
        let (creates, updates) = target_writes(Plot::First, CREATE, Verdict::Go).await;
        let writes = target_writes(Plot::First, place, Verdict::Fail).await;
        let more = |at: Place| u64::from(at == place);
        assert_eq!(writes, (creates + more(CREATE), updates + more(UPDATE)), "{place:?}");
    }
}

#[tokio::test]
async fn r29_a_diff_that_dies_once_its_apply_is_sent_is_not_made_again_when_the_apply_is_over() {
    let watch = Nth::at(Place::Queue, Verdict::LoseReply);
    let stage = prepared(Plot::First, Arc::clone(&watch) as _, None).await;
    watch.arm();
    play(&stage).await.unwrap();
    let runs = stage.store.list_runs(&stage.connection, None, 9).await.unwrap();
    let [diff] = runs.iter().filter(|run| run.kind == RunKind::Diff).collect::<Vec<_>>()[..] else {
        panic!("{runs:?}");
    };
    let [apply] = runs.iter().filter(|run| run.kind == RunKind::Apply).collect::<Vec<_>>()[..] else {
        panic!("{runs:?}");
    };
    assert!(apply.ended_at < diff.ended_at, "the diff came again when all was over");
    assert_eq!((diff.status, diff.counts.joiners), (RunStatus::Succeeded, 7));
    assert_eq!((&diff.next_run, &diff.plan), (&Some(apply.id.clone()), &apply.plan));
}
