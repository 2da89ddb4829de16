//! R32: what was applied is taken back, as far as it is still as it was left.

use crate::{
    connection::Preset,
    employee::{Attribute, Canonical},
    plan::{
        Action, Code, HoldCode, LinkState,
        tests::scene::{Scene, employee},
    },
};

#[test]
fn r32_what_was_created_is_deactivated_and_an_invitation_is_named() {
    let mut scene = Scene::new(Preset::Users);
    scene.configuration.joiners.invite = true;
    scene.hire("1", "Ana");
    let applied = scene.plan();
    scene.apply(&applied);
    let undo = scene.undo(&applied);
    assert!(matches!(undo.action("1"), Some(Action::Leave { .. })));
    assert_eq!(undo.findings("1")[0].code, Code::InviteSent);
    scene.apply(&undo);
    assert!(!scene.account_of("1").active);
    assert!(scene.undo(&applied).outcome.changes.is_empty());
}

#[test]
fn r32_only_what_still_holds_what_was_written_goes_back() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo"]);
    scene.set("1", Canonical::City, "Rome");
    scene.set("1", Canonical::ZipCode, "00100");
    scene.set("1", Canonical::Manager, "2");
    let applied = scene.plan();
    scene.apply(&applied);
    let id = scene.account_of("1").id.clone();
    scene.edit_by_hand(&id, Canonical::ZipCode, "00200");
    let undo = scene.undo(&applied);
    assert_eq!(undo.findings("1")[0].attributes, [Canonical::ZipCode.into()]);
    assert_eq!(undo.findings("1")[0].code, Code::ChangedSince);
    scene.apply(&undo);
    let account = scene.account_of("1");
    assert_eq!(
        (account.text(Canonical::City), account.text(Canonical::ZipCode)),
        ("Oslo", "00200")
    );
    assert_eq!(account.text(Canonical::Manager), "");
}

#[test]
fn r32_what_the_target_made_of_a_value_goes_back_too() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana"]);
    scene.keeps = |attribute, value| match attribute {
        Attribute::Canonical(Canonical::City) => value.to_uppercase(),
        Attribute::Canonical(_) | Attribute::Custom(_) => value.to_owned(),
    };
    scene.set("1", Canonical::City, "Rome");
    let applied = scene.plan();
    scene.apply(&applied);
    assert_eq!(scene.account_of("1").text(Canonical::City), "ROME");
    scene.keeps = |_, value| value.to_owned();
    let undo = scene.undo(&applied);
    scene.apply(&undo);
    assert_eq!(scene.account_of("1").text(Canonical::City), "Oslo");
}

#[test]
fn r32_who_was_let_go_comes_back_and_who_came_back_is_let_go() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana"]);
    scene.terminate("1");
    let left = scene.plan();
    scene.apply(&left);
    let undo = scene.undo(&left);
    scene.apply(&undo);
    assert!(scene.account_of("1").active);
    assert_eq!(scene.links[&employee("1")].state, LinkState::Active);
    let again = scene.plan();
    scene.apply(&again);
    scene.clear("1", Canonical::TerminationDate);
    let returned = scene.plan();
    scene.apply(&returned);
    let undo = scene.undo(&returned);
    scene.apply(&undo);
    assert!(!scene.account_of("1").active);
}

#[test]
fn r32_a_group_move_goes_back_to_the_group_before() {
    let mut scene = Scene::new(Preset::Standard);
    scene.configuration.leavers.terminated = "group:Alumni".parse().unwrap();
    scene.hire("1", "Ana");
    scene.set("1", Canonical::Department, "Kitchen");
    scene.settle();
    scene.terminate("1");
    let applied = scene.plan();
    scene.apply(&applied);
    let undo = scene.undo(&applied);
    scene.apply(&undo);
    assert_eq!(scene.account_of("1").text(Canonical::Group), "Kitchen");
}

#[test]
fn r32_a_link_that_moved_moves_back() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo"]);
    scene.vanish("1");
    scene.hire("9", "Ana");
    scene.set("9", Canonical::City, "Rome");
    let applied = scene.plan();
    scene.apply(&applied);
    let undo = scene.undo(&applied);
    scene.apply(&undo);
    assert!(!scene.links.contains_key(&employee("9")));
    assert_eq!(scene.account_of("1").text(Canonical::City), "Oslo");
}

#[test]
fn r32_an_undone_swap_is_a_swap() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo"]);
    scene.set("1", Canonical::WorkEmail, "bo@acme.test");
    scene.set("2", Canonical::WorkEmail, "ana@acme.test");
    let applied = scene.plan();
    scene.apply(&applied);
    let undo = scene.undo(&applied);
    assert!(undo.outcome.changes.iter().all(|change| change.together == Some(1)));
    scene.apply(&undo);
    assert_eq!(scene.account_of("1").text(Canonical::Email), "ana@acme.test");
}

#[test]
fn r32_an_undo_is_guarded_like_any_plan() {
    let names = ["Aa", "Ab", "Ac", "Ad", "Ae", "Af", "Ag", "Ah"];
    let mut scene = Scene::new(Preset::Users);
    for (position, name) in names.iter().enumerate() {
        scene.hire(&position.to_string(), name);
    }
    let applied = scene.plan();
    scene.apply(&applied);
    assert!(scene.undo(&applied).holds().contains(&HoldCode::TooManyLeavers));
}

#[test]
fn r32_a_first_link_gives_its_values_back_and_stays() {
    let mut scene = Scene::new(Preset::Standard);
    scene.hire("1", "Ana");
    scene.add_account("x", &[(Canonical::Email, "ana@acme.test"), (Canonical::City, "Rome")]);
    let applied = scene.plan();
    scene.apply(&applied);
    let undo = scene.undo(&applied);
    assert_eq!(undo.findings("1")[0].code, Code::NotUndone);
    scene.apply(&undo);
    assert_eq!(scene.account_of("1").text(Canonical::City), "Rome");
}
