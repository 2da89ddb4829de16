//! What changes inside an account, and what does not.

use crate::{
    connection::{Decision, LeaverPolicy, Preset},
    employee::{Attribute, Canonical},
    plan::{
        Action, Change, Code, Edit, Reference, State,
        tests::scene::{Read, Scene, account, employee},
    },
};

fn edits(scene: &Scene, id: &str) -> Vec<Edit> {
    let night = scene.plan();
    let edits = night.change(id).and_then(Change::edits);
    edits.map(|edits| edits.attributes.clone()).unwrap_or_default()
}

#[test]
fn only_what_changed_is_written() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana"]);
    scene.set("1", Canonical::City, "Rome");
    let edits = edits(&scene, "1");
    assert_eq!(edits.len(), 1);
    assert_eq!(
        (edits[0].before.as_deref(), edits[0].after.as_deref(), edits[0].manual),
        (Some("Oslo"), Some("Rome"), false)
    );
}

#[test]
fn r07_only_what_was_seen_to_be_empty_clears() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana"]);
    let id = scene.account_of("1").id.clone();
    scene.edit_by_hand(&id, Canonical::MobilePhone, "+34600123456");
    assert_eq!(edits(&scene, "1"), [], "unseen leaves what was typed in by hand");
    scene.set("1", Canonical::MobilePhone, "600 123 456");
    let night = scene.plan();
    assert_eq!(night.change("1"), None, "an invalid number leaves it too");
    let finding = night.findings("1")[0];
    assert_eq!((finding.state, finding.code), (State::Todo, Code::Invalid));
    assert_eq!(finding.attributes, [Canonical::MobilePhone.into()]);
    scene.clear("1", Canonical::MobilePhone);
    assert_eq!(edits(&scene, "1")[0].after, None);
}

#[test]
fn r07_a_call_name_that_is_hidden_from_one_day_to_the_next_changes_no_name_to_show() {
    let mut scene = Scene::new(Preset::Standard);
    scene.hire("1", "Roberta");
    scene.set("1", Canonical::KnownAs, "Bob");
    scene.settle();
    assert_eq!(scene.account_of("1").text(Canonical::DisplayName), "Bob Robertason");
    let night = scene.plan_on(&Read::Narrow(vec![Canonical::KnownAs]));
    assert!(night.outcome.changes.is_empty(), "{:?}", night.outcome.changes);
    // The walk that breaks off shows the same, and holds no plan.
    for record in scene.people.values_mut() {
        record.remove(&Canonical::KnownAs.into());
    }
    let night = scene.plan_on(&Read::Miscounted);
    assert!(night.outcome.changes.is_empty(), "{:?}", night.outcome.changes);
    // Of people who never had one, first and last name are the name.
    let mut scene = Scene::new(Preset::Standard);
    scene.hire("1", "Roberta");
    scene.hide("1", Canonical::KnownAs);
    scene.settle();
    assert_eq!(scene.account_of("1").text(Canonical::DisplayName), "Roberta Robertason");
}

#[test]
fn hr_overwrites_what_was_edited_by_hand_and_says_so() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana"]);
    let id = scene.account_of("1").id.clone();
    scene.edit_by_hand(&id, Canonical::City, "Paris");
    let edits = edits(&scene, "1");
    assert!(edits[0].manual);
    assert_eq!(
        (edits[0].before.as_deref(), edits[0].after.as_deref()),
        (Some("Paris"), Some("Oslo"))
    );
}

#[test]
fn what_the_target_cannot_hold_is_not_written_every_night() {
    let mut scene = Scene::new(Preset::Standard);
    scene.keeps = |attribute, value| match attribute {
        Attribute::Canonical(Canonical::City) => value.to_uppercase(),
        Attribute::Canonical(_) | Attribute::Custom(_) => value.to_owned(),
    };
    scene.hire("1", "Ana");
    scene.settle();
    assert_eq!(scene.account_of("1").text(Canonical::City), "OSLO");
    let outcome = scene.plan().outcome;
    assert!(outcome.changes.is_empty());
    let [finding] = outcome.findings.as_slice() else {
        panic!("{:?}", outcome.findings);
    };
    assert_eq!((finding.state, finding.code), (State::Todo, Code::NotKept));
    assert_eq!(
        (&*finding.attributes, &*finding.others),
        (&[Attribute::Canonical(Canonical::City)][..], &[employee("1")][..])
    );
    scene.set("1", Canonical::City, "Rome");
    assert_eq!(edits(&scene, "1").len(), 1);
}

#[test]
fn r07_a_manager_who_is_unresolved_or_out_of_scope_leaves_the_manager_alone() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo", "Cy"]);
    scene.set("2", Canonical::Manager, "1");
    scene.settle();
    let manager = scene.account_of("1").id.clone();
    assert_eq!(scene.account_of("2").text(Canonical::Manager), manager.as_str());
    for unresolved in ["77", "2"] {
        scene.set("2", Canonical::Manager, unresolved);
        assert_eq!(scene.plan().change("2"), None, "{unresolved}");
    }
    scene.set("2", Canonical::Manager, "3");
    scene.terminate("3");
    assert_eq!(scene.plan().change("2"), None, "a person who leaves manages nobody new");
    scene.settle();
    assert_eq!(scene.plan().change("2"), None, "nor does a person who was let go");
    scene.clear("2", Canonical::Manager);
    let night = scene.plan();
    let edit = night.change("2").unwrap().edits().unwrap().manager.clone().unwrap();
    assert_eq!((edit.before, edit.after), (Some(manager), None));
}

#[test]
fn managers_are_found_in_whatever_order_people_arrive() {
    let mut scene = Scene::new(Preset::Users);
    for (id, name, manager) in [("1", "Ana", "3"), ("2", "Bo", "1"), ("3", "Cy", "2")] {
        scene.hire(id, name);
        scene.set(id, Canonical::Manager, manager);
    }
    let night = scene.plan();
    let Some(Action::Create { manager, .. }) = night.action("1") else {
        panic!("she joins")
    };
    assert_eq!(*manager, Some(Reference::Employee(employee("3"))));
    scene.apply(&night);
    assert_eq!(
        scene.account_of("1").text(Canonical::Manager),
        scene.account_of("3").id.as_str()
    );
    assert!(scene.plan().outcome.changes.is_empty());
}

#[test]
fn a_manager_who_comes_later_is_filled_in() {
    let mut scene = Scene::settled(Preset::Users, &["Ana"]);
    scene.set("1", Canonical::Manager, "2");
    assert_eq!(scene.plan().change("1"), None);
    scene.hire("2", "Bo");
    let night = scene.plan();
    assert_eq!((night.plan.counts.joiners, night.plan.counts.movers), (1, 1));
    scene.apply(&night);
    assert_eq!(
        scene.account_of("1").text(Canonical::Manager),
        scene.account_of("2").id.as_str()
    );
}

#[test]
fn a_manager_who_comes_back_under_a_new_id_stays_the_manager() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo"]);
    scene.set("2", Canonical::Manager, "1");
    scene.settle();
    scene.vanish("1");
    scene.hire("9", "Ana");
    scene.set("2", Canonical::Manager, "9");
    let night = scene.plan();
    assert_eq!(night.outcome.changes.len(), 1, "the account is the same");
    scene.apply(&night);
    assert!(scene.plan().outcome.changes.is_empty());
}

#[test]
fn a_manager_whose_account_is_made_anew_is_referred_to_by_the_new_one() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo"]);
    scene.set("2", Canonical::Manager, "1");
    scene.settle();
    let gone = scene.account_of("1").id.clone();
    scene.accounts.remove(&gone);
    assert!(scene.plan().outcome.changes.is_empty());
    scene.decisions.insert(employee("1"), Decision::NewAccount);
    let night = scene.plan();
    scene.apply(&night);
    assert_eq!(
        scene.account_of("2").text(Canonical::Manager),
        scene.account_of("1").id.as_str()
    );
}

#[test]
fn a_manager_whose_account_cannot_be_made_is_not_referred_to() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana"]);
    scene.configuration.create_unless_taken.clear();
    scene.configuration.first_link.clear();
    scene.add_account("x", &[(Canonical::Email, "bo@acme.test")]);
    scene.hire("2", "Bo");
    scene.set("1", Canonical::Manager, "2");
    let night = scene.plan();
    assert!(night.outcome.changes.is_empty());
    assert_eq!(night.findings("2")[0].code, Code::EmailTaken);
}

#[test]
fn r27_only_linked_accounts_are_touched_and_the_others_are_listed() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana"]);
    scene.add_account("x", &[(Canonical::City, "Rome")]);
    scene.set("1", Canonical::City, "Rome");
    let night = scene.plan();
    assert_eq!(night.plan.counts.unmanaged, 1);
    let unmanaged: Vec<_> = night
        .outcome
        .findings
        .iter()
        .filter(|finding| finding.state == State::Unmanaged)
        .collect();
    assert_eq!(unmanaged[0].account_id, Some(account("x")));
    scene.apply(&night);
    assert_eq!(scene.accounts[&account("x")].text(Canonical::City), "Rome");
}

#[test]
fn r35_findings_hold_ids_and_names_of_attributes_and_no_values() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo"]);
    scene.set("1", Canonical::MobilePhone, "600 SECRET");
    scene.hire("3", "Secret");
    scene.set("3", Canonical::WorkEmail, "bo@acme.test");
    let text = serde_json::to_string(&scene.plan().outcome.findings).unwrap();
    for value in ["SECRET", "Secret", "bo@", "Ana", "Oslo"] {
        assert!(!text.contains(value), "{value}");
    }
    assert!(text.contains("mobile_phone"));
}

#[test]
fn r35_of_people_outside_the_scope_nothing_is_kept_and_of_everybody_else_all() {
    let mut scene = Scene::settled(Preset::Users, &["Ana", "Bo"]);
    for (id, name) in [("3", "Cy"), ("4", "Di"), ("5", "Ed"), ("6", "Fi")] {
        scene.hire(id, name);
    }
    scene.configuration.sync_if = serde_json::from_str(r#"[{"field":"city","none_of":["Rome"]}]"#).unwrap();
    for id in ["2", "3", "4"] {
        scene.set(id, Canonical::City, "Rome");
    }
    scene.set("4", Canonical::StartDate, "2026-05-01");
    scene.terminate("5");
    let outside = || ["2", "3", "4", "5"].map(employee).to_vec();
    assert_eq!(
        scene.plan().outcome.outside,
        outside(),
        "linked, new, still to come, gone before"
    );
    scene.configuration.leavers.out_of_scope = LeaverPolicy::Deactivate;
    scene.settle();
    assert!(!scene.account_of("2").active);
    assert_eq!(
        scene.plan().outcome.outside,
        outside(),
        "once let go they are outside all the same"
    );
}
