//! What holds a plan (R08, R24, R25).

use crate::{
    connection::{LeaverPolicy, Preset},
    employee::Canonical,
    plan::{
        HoldCode, Status,
        tests::scene::{Read, Scene},
    },
};

const NAMES: [&str; 26] = [
    "Aa", "Ab", "Ac", "Ad", "Ae", "Af", "Ag", "Ah", "Ai", "Aj", "Ak", "Al", "Am", "An", "Ao", "Ap", "Aq", "Ar", "As",
    "At", "Au", "Av", "Aw", "Ax", "Ay", "Az",
];

fn staffed(preset: Preset, people: usize) -> Scene {
    Scene::settled(preset, &NAMES[..people])
}

fn is_held(scene: &Scene, code: HoldCode) -> bool {
    scene.plan().holds().contains(&code)
}

fn ids(range: std::ops::RangeInclusive<usize>) -> impl Iterator<Item = String> {
    range.map(|id| id.to_string())
}

#[test]
fn r24_a_first_plan_of_nothing_but_creates_is_ready() {
    let mut scene = Scene::new(Preset::Users);
    for (position, name) in NAMES.iter().enumerate() {
        scene.hire(&position.to_string(), name);
    }
    let night = scene.plan();
    assert_eq!((night.plan.status(), night.plan.counts.joiners), (Status::Ready, 26));
    scene.configuration.joiners.invite = true;
    assert_eq!(scene.plan().holds(), [HoldCode::Invites]);
}

#[test]
fn r24_a_first_plan_that_does_more_than_create_is_held_and_a_later_one_is_not() {
    let links = |scene: &mut Scene| {
        scene.hire("9", "Zoe");
        scene.add_account("x", &[(Canonical::Email, "zoe@acme.test")]);
    };
    let overwrites = |scene: &mut Scene| scene.set("1", Canonical::City, "Rome");
    let lets_go = |scene: &mut Scene| scene.terminate("1");
    let cases: [fn(&mut Scene); 3] = [links, overwrites, lets_go];
    for (number, happen) in cases.into_iter().enumerate() {
        let mut scene = staffed(Preset::Standard, 4);
        happen(&mut scene);
        assert!(!is_held(&scene, HoldCode::FirstSync), "case {number}");
        scene.applied = None;
        assert!(is_held(&scene, HoldCode::FirstSync), "case {number}");
    }
}

#[test]
fn r25_a_configuration_under_which_nothing_was_applied_yet_holds_no_first_sync() {
    let mut scene = Scene::new(Preset::Standard);
    scene.configuration.version = 5;
    scene.hire("1", "Ana");
    assert!(scene.plan().holds().is_empty());
}

#[test]
fn r25_many_invitations_hold_at_any_time() {
    let mut scene = staffed(Preset::Users, 2);
    scene.configuration.joiners.invite = true;
    scene.hire("90", "Zoe");
    assert!(!is_held(&scene, HoldCode::Invites));
    for name in ["Zia", "Zed", "Zac"] {
        scene.hire(&format!("9{name}"), name);
    }
    assert!(is_held(&scene, HoldCode::Invites));
    assert!(is_held(&scene, HoldCode::TooManyJoiners));
}

#[test]
fn r25_too_many_leavers_hold() {
    let mut scene = staffed(Preset::Standard, 20);
    for id in ids(1..=3) {
        scene.terminate(&id);
    }
    assert!(!is_held(&scene, HoldCode::TooManyLeavers));
    scene.terminate("4");
    assert!(is_held(&scene, HoldCode::TooManyLeavers));
}

#[test]
fn r25_leavers_count_over_seven_days() {
    let mut scene = staffed(Preset::Standard, 20);
    for id in ids(1..=3) {
        scene.terminate(&id);
    }
    scene.settle();
    scene.sleep();
    scene.terminate("4");
    assert!(is_held(&scene, HoldCode::TooManyLeavers));
    for _ in 0..7 {
        scene.sleep();
    }
    assert!(!is_held(&scene, HoldCode::TooManyLeavers));
}

#[test]
fn r25_group_moves_are_leavers() {
    let mut scene = staffed(Preset::Standard, 20);
    scene.configuration.leavers.terminated = "group:Alumni".parse().unwrap();
    for id in ids(1..=4) {
        scene.terminate(&id);
    }
    assert!(is_held(&scene, HoldCode::TooManyLeavers));
}

#[test]
fn r25_in_a_small_company_more_than_half_is_too_many() {
    for (people, leavers, held) in [(1, 1, true), (2, 1, false), (2, 2, true), (5, 2, false), (5, 3, true)] {
        let mut scene = staffed(Preset::Standard, people);
        for id in ids(1..=leavers) {
            scene.terminate(&id);
        }
        assert_eq!(is_held(&scene, HoldCode::TooManyLeavers), held, "{leavers} of {people}");
    }
}

#[test]
fn r25_the_limits_are_the_configurations() {
    let mut scene = staffed(Preset::Standard, 26);
    for id in ids(1..=10) {
        scene.terminate(&id);
    }
    scene.configuration.limits.leavers.percent = 40;
    assert!(!is_held(&scene, HoldCode::TooManyLeavers));
    scene.configuration.limits.leavers.most = 9;
    assert!(is_held(&scene, HoldCode::TooManyLeavers));
}

#[test]
fn r25_too_many_joiners_hold_after_the_first_sync() {
    let mut scene = staffed(Preset::Standard, 10);
    for name in &NAMES[10..16] {
        scene.hire(&format!("9{name}"), name);
    }
    let night = scene.plan();
    assert_eq!(night.holds(), [HoldCode::TooManyJoiners]);
    assert_eq!(night.plan.unapproved(&[HoldCode::TooManyJoiners]), []);
    assert_eq!(night.plan.unapproved(&[HoldCode::Relinks]), [HoldCode::TooManyJoiners]);
}

#[test]
fn r25_many_changed_addresses_hold() {
    let mut scene = staffed(Preset::Standard, 20);
    for id in ids(1..=3) {
        scene.set(&id, Canonical::WorkEmail, &format!("new{id}@acme.test"));
    }
    assert!(!is_held(&scene, HoldCode::IdentifierChanges));
    scene.set("4", Canonical::WorkEmail, "new4@acme.test");
    assert!(is_held(&scene, HoldCode::IdentifierChanges));
}

#[test]
fn r25_cleared_values_hold_per_attribute_and_overall() {
    let mut scene = staffed(Preset::Standard, 20);
    for id in ids(1..=4) {
        scene.clear(&id, Canonical::City);
    }
    assert!(!is_held(&scene, HoldCode::ClearedValues), "20 percent is fine");
    scene.clear("5", Canonical::City);
    let night = scene.plan();
    let hold = night
        .plan
        .holds
        .iter()
        .find(|hold| hold.code == HoldCode::ClearedValues)
        .unwrap();
    assert!(hold.detail.contains("city (5)"), "{}", hold.detail);
}

#[test]
fn r25_cleared_managers_count_as_cleared_values() {
    let mut scene = staffed(Preset::Users, 10);
    for id in ids(2..=10) {
        scene.set(&id, Canonical::Manager, "1");
    }
    scene.settle();
    for id in ids(2..=6) {
        scene.clear(&id, Canonical::Manager);
    }
    assert!(is_held(&scene, HoldCode::ClearedValues));
}

#[test]
fn r25_a_headcount_drop_holds_though_nobody_leaves_yet() {
    let mut scene = staffed(Preset::Standard, 20);
    for id in ids(1..=4) {
        scene.vanish(&id);
    }
    let night = scene.plan();
    assert_eq!(night.holds(), [HoldCode::HeadcountDrop]);
    assert_eq!((night.plan.status(), night.outcome.changes.len()), (Status::Held, 0));
}

#[test]
fn r25_an_empty_roster_holds() {
    let mut scene = staffed(Preset::Standard, 3);
    scene.people.clear();
    assert_eq!(scene.plan().holds(), [HoldCode::EmptyRoster]);
    scene.baseline = crate::roster::Baseline::default();
    assert_eq!(
        scene.plan().holds(),
        [HoldCode::EmptyRoster],
        "linked people are reason enough"
    );
    assert!(Scene::new(Preset::Standard).plan().holds().is_empty());
}

#[test]
fn r25_a_coverage_drop_holds() {
    let mut scene = staffed(Preset::Standard, 20);
    for id in ids(1..=5) {
        scene.hide(&id, Canonical::City);
    }
    assert_eq!(scene.plan().holds(), [HoldCode::CoverageDrop]);
}

/// How a night is held, applied all the same, and how the next one is.
fn approved(scene: &mut Scene) -> (Vec<HoldCode>, Vec<HoldCode>) {
    let night = scene.plan();
    scene.apply(&night);
    scene.sleep();
    (night.holds(), scene.plan().holds())
}

#[test]
fn r08_a_headcount_drop_that_was_approved_holds_no_later_plan_and_the_next_drop_does() {
    let mut scene = staffed(Preset::Standard, 20);
    for id in ids(1..=4) {
        scene.vanish(&id);
    }
    assert_eq!(approved(&mut scene), (vec![HoldCode::HeadcountDrop], vec![]));
    for id in ids(5..=7) {
        scene.vanish(&id);
    }
    assert!(!is_held(&scene, HoldCode::HeadcountDrop), "three are within the limit");
    scene.vanish("8");
    assert!(
        is_held(&scene, HoldCode::HeadcountDrop),
        "four since the agreement are not"
    );
}

#[test]
fn r08_drops_that_nobody_was_asked_about_add_up_after_an_agreement_as_before() {
    let mut scene = staffed(Preset::Standard, 20);
    for id in ids(1..=4) {
        scene.vanish(&id);
    }
    approved(&mut scene);
    for id in ids(5..=7) {
        scene.vanish(&id);
        scene.settle();
        scene.sleep();
    }
    scene.vanish("8");
    assert!(is_held(&scene, HoldCode::HeadcountDrop));
}

#[test]
fn r08_an_empty_roster_that_was_approved_holds_only_what_changes_something() {
    let mut scene = staffed(Preset::Standard, 3);
    scene.configuration.leavers.missing = LeaverPolicy::Deactivate;
    scene.people.clear();
    let night = scene.plan();
    assert_eq!(night.holds(), [HoldCode::EmptyRoster]);
    scene.note_absences(&night);
    scene.apply(&night);
    scene.sleep();
    // Everybody is missing for the second time now.
    assert!(is_held(&scene, HoldCode::EmptyRoster));
    scene.settle();
    for _ in 0..40 {
        scene.sleep();
        let night = scene.plan();
        assert_eq!((night.holds(), night.plan.status()), (vec![], Status::Empty));
        scene.apply(&night);
    }
    scene.hire("9", "Ida");
    scene.settle();
    scene.people.clear();
    assert!(
        is_held(&scene, HoldCode::EmptyRoster),
        "the next emptiness is another one"
    );
}

#[test]
fn r08_a_coverage_drop_that_was_approved_holds_no_later_plan_and_the_next_drop_does() {
    let mut scene = staffed(Preset::Standard, 24);
    for id in ids(1..=8) {
        scene.hide(&id, Canonical::City);
    }
    assert_eq!(approved(&mut scene), (vec![HoldCode::CoverageDrop], vec![]));
    for id in ids(9..=11) {
        scene.hide(&id, Canonical::City);
    }
    assert!(!is_held(&scene, HoldCode::CoverageDrop), "three are within the limit");
    for id in ids(12..=13) {
        scene.hide(&id, Canonical::City);
    }
    assert!(is_held(&scene, HoldCode::CoverageDrop));
}

#[test]
fn r08_who_agrees_to_fewer_values_of_one_attribute_agrees_to_no_other() {
    let mut scene = staffed(Preset::Standard, 24);
    for id in ids(1..=8) {
        scene.hide(&id, Canonical::City);
    }
    for id in ids(1..=4) {
        scene.hide(&id, Canonical::KnownAs);
    }
    assert_eq!(approved(&mut scene), (vec![HoldCode::CoverageDrop], vec![]));
    // Five of twenty-four are more than a fifth; four, which nobody was asked about, were not.
    scene.hide("5", Canonical::KnownAs);
    assert!(is_held(&scene, HoldCode::CoverageDrop));
}

#[test]
fn r05_hidden_attributes_hold() {
    let scene = staffed(Preset::Standard, 3);
    let night = scene.plan_on(&Read::Narrow(vec![Canonical::City]));
    assert_eq!(night.holds(), [HoldCode::AttributesHidden]);
    assert!(night.outcome.changes.is_empty());
}

#[test]
fn r25_the_first_changes_under_a_new_configuration_hold() {
    let mut scene = staffed(Preset::Standard, 3);
    scene.configuration.version += 1;
    assert_eq!(scene.plan().plan.status(), Status::Empty);
    scene.set("1", Canonical::City, "Rome");
    assert_eq!(scene.plan().holds(), [HoldCode::ConfigurationChanged]);
    scene.settle();
    scene.set("1", Canonical::City, "Oslo");
    assert_eq!(scene.plan().plan.status(), Status::Ready);
}

#[test]
fn r01_another_companys_people_come_to_nothing() {
    let mut scene = staffed(Preset::Standard, 3);
    scene.terminate("1");
    let night = scene.plan_on(&Read::Foreign);
    assert_eq!(night.outcome, crate::plan::Outcome::default());
}
