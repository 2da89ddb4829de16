//! A target's list takes as long as it needs, too: it is read in slices once HR was read, and comes to what one list comes to,
//! whatever happens between two slices.

use acceptance::journey::{Office, Stage, picture};
use jiff::SignedDuration;
use rollcall::{
    queue::QueueName,
    run::{Actor, Done, disconnect},
    store::{RosterId, RunStatus},
};

use crate::{
    slices::{PAGE_TAKES, go_on, slices},
    support::{automatic, errors, next_letter},
};

/// Returns a stage on its second night: so many people have accounts, one has another title, one leaves, and one joins.
async fn second_night(people: u64) -> Stage {
    let office = Office::new("7");
    office.hire_many(1..=people);
    let stage = automatic(&office).await;
    stage.night().await.unwrap();
    office.set(2, rollcall::employee::Canonical::LastName, "Married");
    office.end(3, "2026-03-02").hire_many(people + 1..=people + 1);
    stage.pass_hours(24);
    stage
}

/// As [`second_night`], with a target that lists five accounts in a page that takes its time.
async fn slow(people: u64) -> Stage {
    let stage = second_night(people).await;
    stage.trouble.list_by(5, PAGE_TAKES, &stage.clock);
    stage
}

async fn listings(stage: &Stage) -> Vec<RosterId> {
    stage.store.list_listings(&stage.connection).await.unwrap()
}

#[tokio::test]
async fn r29_a_list_in_slices_comes_to_what_one_list_comes_to() {
    for people in [5, 14, 15, 16, 47] {
        let once = second_night(people).await;
        once.night().await.unwrap();
        let stage = slow(people).await;
        let run = stage.night().await.unwrap();
        assert_eq!(
            (run.status, errors(&run)),
            (RunStatus::Succeeded, Vec::new()),
            "{people}"
        );
        assert_eq!(
            u64::from(run.slice),
            people.div_ceil(5).div_ceil(3) - 1,
            "three pages to a slice"
        );
        assert_eq!(
            (run.counts.joiners, run.counts.movers, run.counts.leavers),
            (1, 1, 1),
            "{people}"
        );
        assert_eq!(
            picture(&stage).await.unwrap(),
            picture(&once).await.unwrap(),
            "{people}"
        );
        assert_eq!(listings(&stage).await, [], "no part is left");
        assert_eq!(stage.store.list_rosters(&stage.connection).await.unwrap().len(), 2);
    }
}

#[tokio::test]
async fn hr_is_read_once_however_long_the_targets_list_takes() {
    let stage = slow(47).await;
    let run = stage.night().await.unwrap();
    assert_eq!((run.slice, run.calls), (3, 1));
}

#[tokio::test]
async fn r33_a_stop_or_an_end_between_two_slices_of_a_list_leaves_no_part() {
    for is_stop in [true, false] {
        let stage = slow(47).await;
        let run = slices(&stage, 2).await;
        assert_eq!(listings(&stage).await.len(), 2);
        if is_stop {
            stage.stop(None, true).await.unwrap();
        } else {
            let found = stage.store.find_connection(&stage.connection).await.unwrap().unwrap();
            let admin = Actor::named("an admin");
            disconnect(&stage.ports, &admin, found.record).await.unwrap();
        }
        stage.deliver().await.unwrap();
        let run = stage.run(&run.id).await.unwrap();
        assert_eq!(
            (run.status, errors(&run)),
            (RunStatus::Cancelled, vec![("stopped", None)])
        );
        assert_eq!((run.reading, listings(&stage).await), (None, Vec::new()));
    }
}

#[tokio::test]
async fn r37_where_parts_are_erased_between_two_slices_of_a_list_both_reads_begin_anew() {
    let stage = slow(47).await;
    let run = slices(&stage, 2).await;
    stage.store.erase_rosters(&stage.connection).await.unwrap();
    assert_eq!(listings(&stage).await, []);
    stage.deliver().await.unwrap();
    let run = stage.run(&run.id).await.unwrap();
    assert_eq!((run.status, run.counts.leavers), (RunStatus::Succeeded, 1));
    assert_eq!(listings(&stage).await, []);
}

#[tokio::test]
async fn where_one_part_of_a_list_is_gone_the_list_begins_anew() {
    let stage = slow(47).await;
    let run = slices(&stage, 2).await;
    let part = listings(&stage).await.remove(0);
    stage.store.delete_listing(&stage.connection, &part).await.unwrap();
    stage.deliver().await.unwrap();
    let run = stage.run(&run.id).await.unwrap();
    assert_eq!((run.status, run.counts.leavers), (RunStatus::Succeeded, 1));
    assert_eq!(run.calls, 1, "HR is not read again");
}

#[tokio::test]
async fn a_list_whose_place_the_target_has_forgotten_begins_anew_twice_and_no_more() {
    for expired in 1..=3 {
        let stage = slow(47).await;
        let run = slices(&stage, 1).await;
        for time in 1..=expired {
            stage.trouble.expire_places();
            let letter = next_letter(&stage, QueueName::Diff);
            let done = stage.handle(&letter).await.unwrap();
            assert_eq!(done, if time <= 2 { Done::Continued } else { Done::Finished });
            stage.clock.advance(SignedDuration::from_secs(1));
            if time <= 2 {
                // The first slice of the list that was begun anew.
                go_on(&stage, 1).await;
            }
        }
        stage.deliver().await.unwrap();
        let run = stage.run(&run.id).await.unwrap();
        if expired <= 2 {
            assert_eq!((run.status, run.counts.leavers), (RunStatus::Succeeded, 1), "{expired}");
        } else {
            assert_eq!(
                (run.status, errors(&run)),
                (RunStatus::Failed, vec![("target-unavailable", None)])
            );
            assert!(stage.account_of(3).await.unwrap().active, "nobody is switched off");
        }
        assert_eq!(listings(&stage).await, [], "{expired}");
    }
}

#[tokio::test]
async fn r45_what_slices_have_listed_is_not_given_up_for_an_answer_that_did_not_come() {
    for pages in [0, 2] {
        let stage = slow(47).await;
        let run = slices(&stage, 1).await;
        stage.trouble.break_list_after(pages);
        let letter = next_letter(&stage, QueueName::Diff);
        assert_eq!(stage.handle(&letter).await.unwrap(), Done::Deferred);
        let put_off = stage.run(&run.id).await.unwrap();
        assert_eq!(errors(&put_off), [("target-unavailable", None)]);
        let listed = put_off.reading.unwrap().list.unwrap().parts.len();
        assert_eq!(listed, 1 + usize::from(pages > 0), "whole pages are kept");
        stage.deliver().await.unwrap();
        let run = stage.run(&run.id).await.unwrap();
        assert_eq!((run.status, errors(&run)), (RunStatus::Succeeded, Vec::new()));
        assert!(!stage.account_of(3).await.unwrap().active);
    }
}

#[tokio::test]
async fn a_list_in_one_slice_that_fails_is_told_at_once() {
    let stage = slow(10).await;
    stage.trouble.break_list_after(1);
    let run = stage.night().await.unwrap();
    assert_eq!(
        (run.status, errors(&run)),
        (RunStatus::Failed, vec![("target-unavailable", None)])
    );
    assert_eq!(listings(&stage).await, []);
}

#[tokio::test]
async fn a_list_that_comes_to_no_end_from_the_place_that_was_kept_begins_anew() {
    let stage = slow(47).await;
    let run = slices(&stage, 1).await;
    stage.trouble.shorten_list();
    stage.deliver().await.unwrap();
    let run = stage.run(&run.id).await.unwrap();
    assert_eq!((run.status, errors(&run)), (RunStatus::Succeeded, Vec::new()));
    assert!(!stage.account_of(3).await.unwrap().active);
    assert_eq!(listings(&stage).await, []);
}

/// Where the list does not show all accounts, people who would join are looked for; a slice that ends among them is none in vain.
#[tokio::test]
async fn r45_people_who_are_looked_for_one_by_one_are_looked_for_once_over_all_slices() {
    let office = Office::new("7");
    office.hire_many(1..=10);
    let stage = automatic(&office).await;
    stage.night().await.unwrap();
    office.hire_many(11..=130);
    stage.pass_hours(24);
    stage
        .trouble
        .list_in_part(4, SignedDuration::from_secs(6), &stage.clock);
    let run = stage.night().await.unwrap();
    assert_eq!((run.status, errors(&run)), (RunStatus::Succeeded, Vec::new()));
    assert!(run.slice > 1, "{}", run.slice);
    assert_eq!((run.counts.joiners, run.counts.unchanged), (120, 10));
    let looked = stage.trouble.looked_for();
    assert!(
        looked < 120 + 16 * (usize::try_from(run.slice).unwrap() + 1),
        "{looked}"
    );
    assert_eq!(listings(&stage).await, [], "no part is left");
}
