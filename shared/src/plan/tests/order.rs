//! R20: addresses are freed before they are taken. The scene complains where one is not.

use crate::{
    connection::Preset,
    employee::Canonical,
    plan::{
        Action, Change, Code,
        tests::scene::{Night, Scene},
    },
};

fn rename(scene: &mut Scene, id: &str, mail: &str) {
    scene.set(id, Canonical::WorkEmail, mail);
}

fn ids(night: &Night) -> Vec<&str> {
    night
        .outcome
        .changes
        .iter()
        .map(|change| change.employee_id.as_str())
        .collect()
}

#[test]
fn r20_a_chain_runs_from_its_free_end() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo", "Cy"]);
    rename(&mut scene, "1", "bo@acme.test");
    rename(&mut scene, "2", "cy@acme.test");
    rename(&mut scene, "3", "new@acme.test");
    let night = scene.plan();
    assert_eq!(ids(&night), ["3", "2", "1"]);
    scene.apply(&night);
    assert_eq!(scene.account_of("1").text(Canonical::Email), "bo@acme.test");
    assert!(scene.plan().outcome.changes.is_empty());
}

#[test]
fn r20_a_login_is_taken_and_does_not_become_free_with_the_address_beside_it() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo"]);
    scene.account_of_mut("1").login = Some("wanted@acme.test".into());
    rename(&mut scene, "1", "new@acme.test");
    rename(&mut scene, "2", "wanted@acme.test");
    let night = scene.plan();
    assert_eq!(ids(&night), ["1"]);
    assert_eq!(night.findings("2")[0].code, Code::EmailTaken);
}

/// An address beside the primary one is another account's as well, and no change takes it away.
#[test]
fn r20_an_address_beside_the_primary_one_is_taken_for_all_others() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo", "Cy"]);
    scene.account_of_mut("1").addresses = ["wanted@acme.test".into(), "own@acme.test".into()].into();
    rename(&mut scene, "1", "own@acme.test");
    rename(&mut scene, "2", "wanted@acme.test");
    rename(&mut scene, "3", "ana@acme.test");
    let night = scene.plan();
    assert_eq!(ids(&night), ["1", "3"], "one's own address is free");
    assert_eq!(night.findings("2")[0].code, Code::EmailTaken);
}

#[test]
fn r20_a_joiner_may_take_an_address_that_is_freed_the_same_night() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo"]);
    rename(&mut scene, "1", "new@acme.test");
    scene.hire("0", "Ana");
    scene.set("0", Canonical::LastName, "Other");
    let night = scene.plan();
    assert_eq!(ids(&night), ["1", "0"]);
    scene.apply(&night);
    assert_eq!(scene.account_of("0").text(Canonical::Email), "ana@acme.test");
}

#[test]
fn r20_a_swap_is_one_transaction_where_the_target_has_them() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo", "Cy", "Di"]);
    rename(&mut scene, "1", "bo@acme.test");
    rename(&mut scene, "2", "cy@acme.test");
    rename(&mut scene, "3", "ana@acme.test");
    scene.hire("5", "Eve");
    let night = scene.plan();
    let together: Vec<_> = night.outcome.changes.iter().map(|change| change.together).collect();
    assert_eq!(together, [Some(1), Some(1), Some(1), None]);
    let mut without = scene.clone();
    scene.apply(&night);
    assert!(scene.plan().outcome.changes.is_empty());
    without.abilities.together = false;
    let night = without.plan();
    assert_eq!(ids(&night), ["5"]);
    assert_eq!(night.plan.counts.conflicts, 3);
    assert_eq!(night.findings("1")[0].code, Code::EmailCycle);
}

#[test]
fn r20_a_change_that_waits_for_a_circle_that_cannot_be_done_is_not_done() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo", "Cy", "Di"]);
    scene.abilities.together = false;
    rename(&mut scene, "1", "bo@acme.test");
    rename(&mut scene, "2", "ana@acme.test");
    scene.vanish("4");
    let night = scene.plan();
    scene.note_absences(&night);
    scene.hire("5", "Eve");
    rename(&mut scene, "3", "di@acme.test");
    rename(&mut scene, "5", "cy@acme.test");
    let night = scene.plan();
    assert!(night.outcome.changes.is_empty());
    assert_eq!(
        night.findings("3")[0].code,
        Code::EmailStillTaken,
        "held by a person who is missing"
    );
    assert_eq!(night.findings("5").len(), 1);
}

#[test]
fn r20_an_address_of_a_person_who_leaves_is_still_taken() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo"]);
    scene.terminate("1");
    rename(&mut scene, "2", "ana@acme.test");
    for _ in 0..2 {
        let night = scene.plan();
        assert_eq!(night.findings("2")[0].code, Code::EmailStillTaken);
        scene.apply(&night);
    }
}

#[test]
fn r20_leavers_come_last() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo", "Cy"]);
    scene.terminate("1");
    scene.set("2", Canonical::City, "Rome");
    scene.hire("4", "Di");
    let night = scene.plan();
    assert_eq!(ids(&night), ["2", "4", "1"]);
    assert!(night.outcome.changes.last().is_some_and(Change::is_leaver));
}

#[test]
fn r20_an_address_that_nobody_gives_up_is_a_conflict() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana"]);
    scene.add_account("x", &[(Canonical::Email, "new@acme.test")]);
    rename(&mut scene, "1", "new@acme.test");
    let night = scene.plan();
    assert_eq!(night.change("1"), None);
    assert_eq!(night.findings("1")[0].code, Code::EmailTaken);
}

#[test]
fn r20_a_person_who_comes_back_takes_part_in_the_order() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo"]);
    scene.terminate("2");
    scene.settle();
    scene.clear("2", Canonical::TerminationDate);
    rename(&mut scene, "2", "ana@acme.test");
    rename(&mut scene, "1", "new@acme.test");
    let night = scene.plan();
    assert_eq!(ids(&night), ["1", "2"]);
    assert!(matches!(night.action("2"), Some(Action::Reactivate { .. })));
    scene.apply(&night);
}

#[test]
fn r20_a_circle_too_long_for_one_transaction_is_a_conflict() {
    for (people, conflicts) in [(20, 0), (21, 21)] {
        let mut scene = Scene::new(Preset::Users);
        for id in 1..=people {
            scene.hire(&id.to_string(), &format!("P{id}"));
        }
        scene.settle();
        for id in 1..=people {
            rename(&mut scene, &id.to_string(), &format!("p{}@acme.test", id % people + 1));
        }
        let night = scene.plan();
        assert_eq!(night.plan.counts.conflicts, conflicts, "a circle of {people}");
        scene.apply(&night);
    }
}
