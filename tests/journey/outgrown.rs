//! A read of more people than may be in memory keeps them as parts, and goes on in the same slice. What it comes to is what one
//! read comes to, whatever happens on the way.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use acceptance::journey::{Ground, Nobody, Office, Place, Plot, Stage, Verdict, Watch, picture, play};
use async_trait::async_trait;
use jiff::SignedDuration;
use rollcall::{
    account::Account,
    connection::{ConnectionId, Preset},
    employee::{Canonical, EmployeeId},
    roster::Roster,
    run::{Actor, Named, Settings, erase_person},
    source::Class,
    store::{RosterId, RunStatus, Store},
};

use crate::support::{Nth, assert_same_end, errors, last_run, prepared, undisturbed};

/// Returns a connected stage of forty people, five to a page, which may hold so many bytes of them in memory.
async fn stage(watch: Arc<dyn Watch>, room: usize) -> Stage {
    let office = Office::new("7");
    office.hire_many(1..=40);
    let ground = Ground {
        watch,
        ..crate::ground().await
    };
    let mut stage = Stage::new(ground, &office).unwrap();
    let mut configuration = Preset::Users.configuration();
    configuration.apply = rollcall::connection::ApplyMode::Automatic;
    stage.connect(configuration).await.unwrap();
    office.page_by(5, SignedDuration::ZERO, &stage.clock);
    stage.ports.settings.part_bytes = room;
    stage
}

/// Gives everybody such long names that their rows fill more than one chunk.
fn lengthen(stage: &Stage) {
    let long = "x".repeat(4_000);
    for id in 1..=40 {
        for attribute in [Canonical::FirstName, Canonical::LastName, Canonical::JobTitle] {
            stage.office.set(id, attribute, &format!("{id}{long}"));
        }
    }
}

async fn current(stage: &Stage) -> (RosterId, Roster) {
    let remembered = stage.store.load_state(&stage.connection).await.unwrap();
    let id = remembered.roster.unwrap().id;
    let found = stage.store.find_roster(&stage.connection, &id, stage.now()).await;
    (id, found.unwrap().unwrap())
}

#[tokio::test]
async fn r29_a_read_that_outgrows_its_memory_comes_to_what_one_read_comes_to() {
    let room = Settings::default().part_bytes;
    let once = stage(Arc::new(Nobody), room).await;
    once.night().await.unwrap();
    play(&once).await.unwrap();
    for room in [1, 1_500] {
        let watch = Nth::new(u64::MAX, Verdict::Go);
        let stage = stage(Arc::clone(&watch) as _, room).await;
        watch.arm();
        let run = stage.night().await.unwrap();
        assert_eq!((run.status, errors(&run)), (RunStatus::Succeeded, Vec::new()), "{room}");
        assert_eq!((run.slice, run.reading, run.progress.done), (0, None, 40), "{room}");
        let begun = watch.writes_at(Place::Store("begin_roster"));
        assert!(
            if room == 1 { begun == 9 } else { (3..9).contains(&begun) },
            "{begun} at {room}"
        );
        play(&stage).await.unwrap();
        assert_eq!(current(&stage).await.1, current(&once).await.1, "{room}");
        assert_eq!(picture(&stage).await.unwrap(), picture(&once).await.unwrap(), "{room}");
        assert_eq!(
            stage.store.list_rosters(&stage.connection).await.unwrap().len(),
            1,
            "no part is left"
        );
    }
}

#[tokio::test]
async fn r29_people_who_fill_several_chunks_are_stored_as_one_read_stores_them() {
    let mut kept = Vec::new();
    for room in [Settings::default().part_bytes, 1] {
        let stage = stage(Arc::new(Nobody), room).await;
        lengthen(&stage);
        stage.night().await.unwrap();
        play(&stage).await.unwrap();
        stage.office.set(7, Canonical::FirstName, "Renamed");
        let run = stage.pass_hours(24).night().await.unwrap();
        assert_eq!((run.status, run.counts.movers), (RunStatus::Succeeded, 1), "{room}");
        play(&stage).await.unwrap();
        kept.push((current(&stage).await.1, picture(&stage).await.unwrap()));
    }
    assert!(kept[0].0.chunks.len() > 1);
    assert_eq!(kept[0], kept[1]);
}

#[tokio::test]
async fn r23_a_quiet_night_keeps_no_roster_anew_whatever_it_read_in_parts() {
    let stage = stage(Arc::new(Nobody), 1).await;
    stage.night().await.unwrap();
    let first = current(&stage).await;
    stage.pass_hours(24).night().await.unwrap();
    assert_eq!(current(&stage).await, first);
    let kept = stage.store.list_rosters(&stage.connection).await.unwrap();
    assert_eq!(kept, [first.0], "and no part is left");
}

#[tokio::test]
async fn r23_a_read_that_stays_within_its_memory_is_stored_in_no_part() {
    let watch = Nth::new(u64::MAX, Verdict::Go);
    let stage = stage(Arc::clone(&watch) as _, Settings::default().part_bytes).await;
    stage.night().await.unwrap();
    watch.arm();
    stage.pass_hours(24).night().await.unwrap();
    assert_eq!(watch.writes_at(Place::Store("begin_roster")), 0);
}

#[tokio::test]
async fn r29_any_write_of_a_read_that_outgrows_its_memory_may_fail_or_lose_its_answer() {
    let expected = undisturbed(Plot::Wide).await;
    for verdict in [Verdict::Fail, Verdict::LoseReply] {
        let mut number = 1;
        loop {
            let watch = Nth::new(number, verdict);
            let stage = prepared(Plot::Wide, Arc::clone(&watch) as _, None).await;
            watch.arm();
            play(&stage).await.unwrap();
            let context = format!("{verdict:?}, write {number}");
            assert_same_end(&picture(&stage).await.unwrap(), &expected, &context);
            let kept = stage.store.list_rosters(&stage.connection).await.unwrap();
            assert!(
                kept.iter().all(|id| !id.as_str().contains("-part-")),
                "{context}: {kept:?}"
            );
            if watch.writes() < number {
                break;
            }
            number += 1;
        }
        assert!(number > 50, "{number}");
    }
}

#[tokio::test]
async fn r29_what_is_kept_of_a_slice_that_dies_is_not_read_again() {
    // Everybody was read when the plan could not be stored: the next delivery asks for what stands behind the last part.
    let watch = Nth::at(Place::Store("put_plan"), Verdict::Fail);
    let stage = stage(Arc::clone(&watch) as _, 1).await;
    watch.arm();
    let run = stage.night().await.unwrap();
    assert_eq!(
        (run.status, run.attempts, run.progress.done),
        (RunStatus::Succeeded, 2, 40)
    );
    let begun = watch.writes_at(Place::Store("begin_roster"));
    assert_eq!(begun, 10, "eight parts, and the roster twice");
    assert_eq!(stage.store.list_rosters(&stage.connection).await.unwrap().len(), 2);
}

/// A watch that erases all rosters when chunks of one are loaded for the first time.
#[derive(Default)]
struct Eraser {
    stage: OnceLock<(Arc<dyn Store>, ConnectionId)>,
    has_erased: AtomicBool,
}

#[async_trait]
impl Watch for Eraser {
    async fn before(&self, _place: Place) -> Verdict {
        Verdict::Go
    }

    async fn look(&self, place: Place) -> Verdict {
        if place == Place::Store("find_roster_chunks")
            && let Some((store, connection)) = self.stage.get()
            && !self.has_erased.swap(true, Ordering::SeqCst)
        {
            store.erase_rosters(connection).await.unwrap();
        }
        Verdict::Go
    }
}

#[tokio::test]
async fn r37_where_parts_are_erased_while_a_slice_walks_over_them_the_read_begins_anew() {
    let watch = Arc::new(Eraser::default());
    let stage = stage(Arc::clone(&watch) as _, 1).await;
    lengthen(&stage);
    let what = (Arc::clone(&stage.store), stage.connection.clone());
    assert!(watch.stage.set(what).is_ok());
    let run = stage.night().await.unwrap();
    assert!(watch.has_erased.load(Ordering::SeqCst));
    assert_eq!(
        (run.status, run.slice, run.progress.done),
        (RunStatus::Succeeded, 1, 40)
    );
    play(&stage).await.unwrap();
    assert_eq!(stage.accounts().await.unwrap().len(), 40);
    assert_eq!(stage.store.list_rosters(&stage.connection).await.unwrap().len(), 1);
}

#[tokio::test]
async fn r37_of_a_person_who_was_erased_no_value_counts_however_a_read_is_cut() {
    let person = EmployeeId::parse("3").unwrap();
    let mut kept = Vec::new();
    for (room, takes) in [
        (usize::MAX, SignedDuration::ZERO),
        (1, SignedDuration::ZERO),
        (1_500, SignedDuration::ZERO),
        (usize::MAX, SignedDuration::from_secs(90)),
        (1, SignedDuration::from_secs(90)),
    ] {
        let stage = stage(Arc::new(Nobody), room).await;
        stage.night().await.unwrap();
        let (admin, directory) = (Actor::named("an admin"), stage.directory.as_ref());
        erase_person(&stage.ports, directory, &admin, &stage.tenant, &Named::Bare, &person)
            .await
            .unwrap();
        stage.office.page_by(5, takes, &stage.clock);
        let run = stage.pass_hours(24).night().await.unwrap();
        assert_eq!(run.slice > 0, !takes.is_zero());
        assert_eq!(last_run(&stage).await.errors, []);
        let (_, roster) = current(&stage).await;
        let employee = roster.employees().unwrap().remove(2);
        assert_eq!(employee.id, person);
        assert!(employee.attributes.as_packed().is_empty());
        kept.push(roster);
    }
    let (first, others) = kept.split_first().unwrap();
    assert!(others.iter().all(|other| other == first));
}

/// A watch under which a person is erased when the third part of a read is kept. The read has the lease: what the request comes
/// to by then is that the next runs leave the person out.
#[derive(Default)]
struct Erasing {
    stage: OnceLock<Stage>,
    begun: AtomicU64,
}

#[async_trait]
impl Watch for Erasing {
    async fn before(&self, place: Place) -> Verdict {
        if let Some(stage) = self.stage.get()
            && place == Place::Store("begin_roster")
            && self.begun.fetch_add(1, Ordering::SeqCst) == 2
        {
            let person = EmployeeId::parse("3").unwrap();
            let (admin, directory) = (Actor::named("an admin"), stage.directory.as_ref());
            let erased = erase_person(&stage.ports, directory, &admin, &stage.tenant, &Named::Bare, &person).await;
            assert!(erased.is_err(), "the read has the lease");
        }
        Verdict::Go
    }
}

#[tokio::test]
async fn r37_who_is_erased_in_the_middle_of_a_read_is_in_no_plan_of_it() {
    let watch = Arc::new(Erasing::default());
    let stage = stage(Arc::clone(&watch) as _, 1).await;
    stage.night().await.unwrap();
    play(&stage).await.unwrap();
    for id in [3, 40] {
        stage.office.set(id, Canonical::FirstName, "Renamed");
    }
    assert!(watch.stage.set(stage.clone()).is_ok());
    stage.pass_hours(24).night().await.unwrap();
    play(&stage).await.unwrap();
    assert!(watch.begun.load(Ordering::SeqCst) > 2);
    let name = |account: &Account| account.attributes.value(Canonical::FirstName).map(str::to_owned);
    let names = [stage.account_of(3).await.unwrap(), stage.account_of(40).await.unwrap()].map(|account| name(&account));
    assert_ne!(names[0].as_deref(), Some("Renamed"));
    assert_eq!(names[1].as_deref(), Some("Renamed"));
    let employee = current(&stage).await.1.employees().unwrap().remove(2);
    assert_eq!(employee.id.as_str(), "3");
    assert!(employee.attributes.as_packed().is_empty());
}

#[tokio::test]
async fn r05_a_read_that_breaks_off_behind_a_part_is_no_proof_of_an_absence() {
    let stage = stage(Arc::new(Nobody), 1).await;
    stage.night().await.unwrap();
    play(&stage).await.unwrap();
    stage.office.break_after(Some(20));
    let run = stage.pass_hours(48).night().await.unwrap();
    assert_eq!((run.completeness.as_deref(), run.counts.leavers), (Some("partial"), 0));
    stage.office.break_after(None).refuse(Some(Class::Temporary));
    let refused = stage.pass_hours(24).night().await.unwrap();
    assert_eq!(refused.status, RunStatus::Failed);
    assert_eq!(stage.accounts().await.unwrap().len(), 40);
    assert_eq!(
        stage.store.list_rosters(&stage.connection).await.unwrap().len(),
        2,
        "no part is left"
    );
}
