//! A read takes as long as it needs: in slices, each of which goes on where the one before it paused. What it comes to is what
//! one read comes to, whatever happens between two slices.

use std::sync::Arc;

use acceptance::journey::{Nobody, Office, Plot, Stage, Unruly, Verdict, picture, play};
use jiff::SignedDuration;
use rollcall::{
    connection::Credential,
    employee::EmployeeId,
    queue::QueueName,
    roster::Roster,
    run::{Actor, Asked, Done, Message, Named, ask, configure, disconnect, erase_person, reconnect, request_diff},
    source::Class,
    store::{RosterId, RunRecord, RunStatus},
};

use crate::support::{Nth, assert_same_end, automatic, errors, last_run, next_letter, prepared, undisturbed};

/// How long a page takes: three of them are the time of a slice.
pub(crate) const PAGE_TAKES: SignedDuration = SignedDuration::from_secs(90);

/// Returns a connected stage of so many people, whose HR system shows five of them in a page that takes its time.
async fn slow(people: u64) -> Stage {
    let office = Office::new("7");
    office.hire_many(1..=people);
    let stage = automatic(&office).await;
    office.page_by(5, PAGE_TAKES, &stage.clock);
    stage
}

/// Asks for a diff and delivers its first so many slices, each of which is passed on. Returns its run.
pub(crate) async fn slices(stage: &Stage, slices: u32) -> RunRecord {
    let run = request_diff(&stage.ports, &stage.connection).await.unwrap();
    go_on(stage, slices).await;
    stage.run(&run).await.unwrap()
}

/// Delivers the next so many slices of a diff, each of which is passed on.
pub(crate) async fn go_on(stage: &Stage, slices: u32) {
    for _ in 0..slices {
        let letter = next_letter(stage, QueueName::Diff);
        assert_eq!(stage.handle(&letter).await.unwrap(), Done::Continued);
        stage.clock.advance(SignedDuration::from_secs(1));
    }
}

/// Returns the roster that the connection has now.
async fn current(stage: &Stage) -> Roster {
    let remembered = stage.store.load_state(&stage.connection).await.unwrap();
    let id = remembered.roster.unwrap().id;
    let found = stage.store.find_roster(&stage.connection, &id, stage.now()).await;
    found.unwrap().unwrap()
}

async fn rosters(stage: &Stage) -> Vec<RosterId> {
    stage.store.list_rosters(&stage.connection).await.unwrap()
}

/// Returns the parts of reads that are kept.
async fn parts(stage: &Stage) -> Vec<RosterId> {
    let kept = rosters(stage).await.into_iter();
    kept.filter(|id| id.as_str().contains("-part-")).collect()
}

#[tokio::test]
async fn r29_a_read_in_slices_comes_to_what_one_read_comes_to() {
    for people in [1, 14, 15, 16, 47] {
        let office = Office::new("7");
        office.hire_many(1..=people);
        let once = automatic(&office).await;
        once.night().await.unwrap();
        let stage = slow(people).await;
        let run = stage.night().await.unwrap();
        assert_eq!(
            (run.status, errors(&run)),
            (RunStatus::Succeeded, Vec::new()),
            "{people}"
        );
        assert_eq!(u64::from(run.slice), (people / 5) / 3, "three pages to a slice");
        assert_eq!(
            (u64::from(run.progress.done), u64::from(run.progress.total)),
            (people, people)
        );
        assert_eq!(run.reading, None);
        assert_eq!(current(&stage).await, current(&once).await, "{people}");
        assert_eq!(
            picture(&stage).await.unwrap(),
            picture(&once).await.unwrap(),
            "{people}"
        );
        assert_eq!(rosters(&stage).await.len(), 1, "no part is left");
    }
}

#[tokio::test]
async fn r29_a_run_shows_how_many_people_it_has_read_and_of_how_many() {
    let stage = slow(40).await;
    let run = slices(&stage, 2).await;
    assert_eq!(
        (run.status, run.progress.done, run.progress.total),
        (RunStatus::Running, 30, 40)
    );
    assert_eq!(run.calls, 2, "of both slices");
    assert!(run.due_at.is_some());
}

#[tokio::test]
async fn r30_slices_may_be_delivered_twice_and_in_any_order() {
    let expected = undisturbed(Plot::Long).await;
    for seed in 0..100 {
        let stage = prepared(Plot::Long, Arc::new(Nobody), Some(Arc::new(Unruly::new(seed)))).await;
        play(&stage).await.unwrap();
        assert_same_end(&picture(&stage).await.unwrap(), &expected, &format!("seed {seed}"));
        assert_eq!(parts(&stage).await, [], "seed {seed}");
    }
}

#[tokio::test]
async fn r29_any_write_of_a_night_in_slices_may_fail_or_lose_its_answer() {
    let expected = undisturbed(Plot::Long).await;
    for verdict in [Verdict::Fail, Verdict::LoseReply] {
        let mut number = 1;
        loop {
            let watch = Nth::new(number, verdict);
            let stage = prepared(Plot::Long, Arc::clone(&watch) as _, None).await;
            watch.arm();
            play(&stage).await.unwrap();
            let context = format!("{verdict:?}, write {number}");
            assert_same_end(&picture(&stage).await.unwrap(), &expected, &context);
            assert_eq!(parts(&stage).await, [], "{context}");
            if watch.writes() < number {
                break;
            }
            number += 1;
        }
        assert!(number > 50, "{number}");
    }
}

#[tokio::test]
async fn r30_a_slice_that_comes_late_does_nothing() {
    let stage = slow(40).await;
    request_diff(&stage.ports, &stage.connection).await.unwrap();
    let first = next_letter(&stage, QueueName::Diff);
    stage.handle(&first).await.unwrap();
    assert_eq!(stage.handle(&first).await.unwrap(), Done::Repeated);
    stage.deliver().await.unwrap();
    assert_eq!(stage.handle(&first).await.unwrap(), Done::Repeated);
    assert_eq!(stage.accounts().await.unwrap().len(), 40);
}

#[tokio::test]
async fn r33_a_stop_between_two_slices_ends_the_read_and_leaves_no_part() {
    let stage = slow(40).await;
    let run = slices(&stage, 1).await;
    stage.stop(None, true).await.unwrap();
    stage.deliver().await.unwrap();
    let run = stage.run(&run.id).await.unwrap();
    assert_eq!(
        (run.status, errors(&run)),
        (RunStatus::Cancelled, vec![("stopped", None)])
    );
    assert_eq!((run.reading, rosters(&stage).await), (None, Vec::new()));
}

#[tokio::test]
async fn r42_a_connection_that_ends_between_two_slices_leaves_no_part() {
    let stage = slow(40).await;
    let run = slices(&stage, 2).await;
    let connection = stage.store.find_connection(&stage.connection).await.unwrap().unwrap();
    disconnect(&stage.ports, &Actor::named("an admin"), connection.record)
        .await
        .unwrap();
    assert_eq!(rosters(&stage).await, []);
    stage.deliver().await.unwrap();
    let run = stage.run(&run.id).await.unwrap();
    assert_eq!(
        (run.status, errors(&run)),
        (RunStatus::Cancelled, vec![("stopped", None)])
    );
    assert_eq!((run.reading, rosters(&stage).await), (None, Vec::new()));
    assert!(stage.accounts().await.unwrap().is_empty());
}

#[tokio::test]
async fn r37_where_parts_are_erased_between_two_slices_the_read_begins_anew() {
    let stage = slow(40).await;
    let run = slices(&stage, 2).await;
    assert_eq!(rosters(&stage).await.len(), 2);
    stage.store.erase_rosters(&stage.connection).await.unwrap();
    stage.deliver().await.unwrap();
    let run = stage.run(&run.id).await.unwrap();
    assert_eq!((run.status, run.progress.done), (RunStatus::Succeeded, 40));
    assert_eq!(stage.accounts().await.unwrap().len(), 40);
    assert_eq!(rosters(&stage).await.len(), 1);
}

#[tokio::test]
async fn r37_a_part_holds_no_value_of_a_person_who_was_erased() {
    let stage = slow(40).await;
    stage.night().await.unwrap();
    let person = EmployeeId::parse("3").unwrap();
    let (admin, directory) = (Actor::named("an admin"), stage.directory.as_ref());
    erase_person(&stage.ports, directory, &admin, &stage.tenant, &Named::Bare, &person)
        .await
        .unwrap();
    slices(&stage, 1).await;
    let part = parts(&stage).await.pop().unwrap();
    let part = stage.store.find_roster(&stage.connection, &part, stage.now()).await;
    let people = part.unwrap().unwrap().employees().unwrap();
    assert_eq!(people.len(), 15);
    for employee in people {
        let is_erased = employee.id == person;
        assert_eq!(
            employee.attributes.as_packed().is_empty(),
            is_erased,
            "{:?}",
            employee.id
        );
    }
    stage.deliver().await.unwrap();
    assert_eq!(stage.accounts().await.unwrap().len(), 39);
}

#[tokio::test]
async fn a_read_whose_place_the_hr_system_has_forgotten_begins_anew_twice_and_no_more() {
    for expired in 1..=3 {
        let stage = slow(40).await;
        let run = slices(&stage, 1).await;
        for time in 1..=expired {
            stage.office.expire_places();
            let letter = next_letter(&stage, QueueName::Diff);
            let done = stage.handle(&letter).await.unwrap();
            assert_eq!(done, if time <= 2 { Done::Continued } else { Done::Finished });
            stage.clock.advance(SignedDuration::from_secs(1));
            if time <= 2 {
                // The first slice of the read that was begun anew.
                stage.handle(&next_letter(&stage, QueueName::Diff)).await.unwrap();
                stage.clock.advance(SignedDuration::from_secs(1));
            }
        }
        stage.deliver().await.unwrap();
        let run = stage.run(&run.id).await.unwrap();
        if expired <= 2 {
            assert_eq!(run.completeness.as_deref(), Some("complete"), "{expired}");
            assert_eq!(stage.accounts().await.unwrap().len(), 40);
        } else {
            // What was read counts as a read that broke off: nobody joins by it, and nobody is missing (R06).
            assert_eq!(run.completeness.as_deref(), Some("partial"));
            assert_eq!((run.counts.joiners, run.counts.leavers), (0, 0));
        }
        assert_eq!(parts(&stage).await, [], "{expired}");
    }
}

#[tokio::test]
async fn r01_under_another_login_or_configuration_a_read_begins_anew() {
    for is_login in [true, false] {
        let stage = slow(40).await;
        slices(&stage, 2).await;
        // The first ten are not shown any more: a part that was kept would show them.
        for id in 1..=10 {
            stage.office.vanish(id);
        }
        if is_login {
            let credential = Credential::ApiKey {
                key: "another key".to_owned().into(),
            };
            let found = stage.store.find_connection(&stage.connection).await.unwrap().unwrap();
            reconnect(&stage.ports, &Actor::named("an admin"), found.record, credential, None)
                .await
                .unwrap();
        } else {
            let found = stage.store.find_connection(&stage.connection).await.unwrap().unwrap();
            let version = found.record.configuration_version;
            let found = stage
                .store
                .find_configuration(&stage.connection, version)
                .await
                .unwrap();
            let next = found.unwrap();
            configure(
                &stage.ports,
                &Actor::named("an admin"),
                &stage.connection,
                version,
                next,
            )
            .await
            .unwrap();
        }
        stage.deliver().await.unwrap();
        assert_eq!(stage.accounts().await.unwrap().len(), 30, "{is_login}");
        assert_eq!(current(&stage).await.header.employees, 30, "{is_login}");
    }
}

#[tokio::test]
async fn r45_an_older_read_does_not_undo_what_a_newer_one_brought() {
    let stage = slow(40).await;
    stage.night().await.unwrap();
    stage.pass_hours(24);
    let older = slices(&stage, 1).await;
    let rest = next_letter(&stage, QueueName::Diff);
    // The older read has seen the third person at work; before it goes on, another run brings that they have left.
    stage.office.end(3, "2026-03-02");
    let newer = request_diff(&stage.ports, &stage.connection).await.unwrap();
    while let Some(letter) = stage.letters.receive() {
        stage.handle(&letter).await.unwrap();
        stage.clock.advance(SignedDuration::from_secs(1));
    }
    assert_eq!(stage.run(&newer).await.unwrap().status, RunStatus::Succeeded);
    assert!(!stage.account_of(3).await.unwrap().active);
    stage.handle(&rest).await.unwrap();
    stage.deliver().await.unwrap();
    let older = stage.run(&older.id).await.unwrap();
    assert_eq!((older.status, older.counts.rehires), (RunStatus::Succeeded, 0));
    assert!(!stage.account_of(3).await.unwrap().active);
    assert_eq!(parts(&stage).await, []);
}

#[tokio::test]
async fn r45_what_slices_have_read_is_not_given_up_for_an_answer_that_did_not_come() {
    let stage = slow(40).await;
    let run = slices(&stage, 1).await;
    for silent in [true, false] {
        stage.office.break_after(silent.then_some(20));
        stage.office.refuse((!silent).then_some(Class::Temporary));
        let letter = next_letter(&stage, QueueName::Diff);
        let done = stage.handle(&letter).await.unwrap();
        let put_off = stage.run(&run.id).await.unwrap();
        assert_eq!(put_off.reading.unwrap().parts.len(), 2);
        assert_eq!(done, if silent { Done::Continued } else { Done::Deferred });
        assert_eq!(put_off.progress.done, 20);
        stage.clock.advance(SignedDuration::from_mins(3));
    }
    stage.office.break_after(None).refuse(None);
    stage.deliver().await.unwrap();
    let run = stage.run(&run.id).await.unwrap();
    assert_eq!((run.completeness.as_deref(), run.progress.done), (Some("complete"), 40));
    assert_eq!(stage.accounts().await.unwrap().len(), 40);
}

#[tokio::test]
async fn a_read_that_takes_longer_than_half_a_day_ends_by_name() {
    let stage = slow(40).await;
    stage.office.page_by(1, SignedDuration::from_hours(3), &stage.clock);
    let run = stage.night().await.unwrap();
    assert_eq!(
        (run.status, errors(&run)),
        (RunStatus::Failed, vec![("deadline", None)])
    );
    let detail = &run.errors[0].detail;
    assert!(
        detail.contains("people so far") && detail.contains("slices"),
        "{detail}"
    );
    assert_eq!((run.reading, rosters(&stage).await), (None, Vec::new()));
}

#[tokio::test]
async fn r48_a_caller_who_asks_while_a_read_is_under_way_gets_a_run_of_their_own() {
    let stage = slow(40).await;
    let first = slices(&stage, 1).await;
    let connection = stage.store.find_connection(&stage.connection).await.unwrap().unwrap();
    let admin = Actor::named("an admin");
    let asked = ask(&stage.ports, &admin, &connection.record, Asked::Sync).await;
    assert_ne!(asked.unwrap(), first.id);
    stage.deliver().await.unwrap();
    assert_eq!(last_run(&stage).await.status, RunStatus::Succeeded);
    assert_eq!(stage.accounts().await.unwrap().len(), 40);
}

#[tokio::test]
async fn r44_the_message_of_a_first_slice_is_what_it_always_was() {
    let stage = slow(40).await;
    request_diff(&stage.ports, &stage.connection).await.unwrap();
    let first = next_letter(&stage, QueueName::Diff);
    assert!(!first.body.contains("slice"), "{}", first.body);
    stage.handle(&first).await.unwrap();
    stage.clock.advance(SignedDuration::from_secs(1));
    let second = next_letter(&stage, QueueName::Diff);
    assert_eq!(Message::from_text(&second.body).unwrap().task.slice(), 1);
}

#[tokio::test]
async fn the_calls_of_a_read_that_is_refused_at_its_first_question_are_counted() {
    let stage = slow(5).await;
    stage.office.refuse(Some(Class::Temporary));
    let run = stage.night().await.unwrap();
    assert_eq!((run.status, run.calls), (RunStatus::Failed, 1));
}
