//! Who comes back: under the same id, or under a new one.

use crate::{
    connection::{Decision, Preset, RehirePolicy},
    employee::Canonical,
    plan::{
        Action, Code, HoldCode, LinkState, State,
        tests::scene::{Read, Scene, employee},
    },
};

fn codes(scene: &Scene, id: &str) -> Vec<(State, Code)> {
    let night = scene.plan();
    assert_eq!(night.change(id), None);
    night
        .findings(id)
        .iter()
        .map(|finding| (finding.state, finding.code))
        .collect()
}

#[test]
fn r15_we_reactivate_whom_we_deactivated_once_hr_says_they_are_back() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana"]);
    scene.terminate("1");
    scene.settle();
    assert!(!scene.account_of("1").active);
    scene.clear("1", Canonical::TerminationDate);
    scene.set("1", Canonical::City, "Rome");
    let night = scene.plan();
    assert!(matches!(night.action("1"), Some(Action::Reactivate { .. })));
    scene.apply(&night);
    assert!(scene.account_of("1").active);
    assert_eq!(scene.account_of("1").text(Canonical::City), "Rome");
    assert!(scene.plan().outcome.changes.is_empty());
}

#[test]
fn r15_the_policy_may_leave_or_park_who_is_back() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana"]);
    scene.terminate("1");
    scene.settle();
    scene.clear("1", Canonical::TerminationDate);
    scene.configuration.rehires = RehirePolicy::Ignore;
    assert_eq!(codes(&scene, "1"), [(State::Skipped, Code::RehireIgnored)]);
    scene.configuration.rehires = RehirePolicy::Wait;
    assert_eq!(codes(&scene, "1"), [(State::Waiting, Code::RehireWaits)]);
    let account_id = scene.account_of("1").id.clone();
    scene.decisions.insert(employee("1"), Decision::Link { account_id });
    assert!(matches!(scene.plan().action("1"), Some(Action::Reactivate { .. })));
}

#[test]
fn r15_a_deactivation_by_hand_is_kept_and_reported() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana"]);
    scene.account_of_mut("1").active = false;
    assert_eq!(codes(&scene, "1"), [(State::Skipped, Code::DeactivatedByHand)]);
    scene.terminate("1");
    scene.settle();
    scene.clear("1", Canonical::TerminationDate);
    assert_eq!(codes(&scene, "1"), [(State::Skipped, Code::DeactivatedByHand)]);
}

#[test]
fn r15_a_reactivation_by_hand_is_kept_until_hr_says_something_new() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana"]);
    scene.terminate("1");
    scene.settle();
    scene.account_of_mut("1").active = true;
    assert_eq!(codes(&scene, "1"), [(State::Todo, Code::ReactivatedByHand)]);
    // HR takes her back: the link follows, and her next leaving is carried out.
    scene.clear("1", Canonical::TerminationDate);
    scene.settle();
    assert_eq!(scene.links[&employee("1")].state, LinkState::Active);
    scene.terminate("1");
    scene.settle();
    assert!(!scene.account_of("1").active);
}

#[test]
fn r15_nobody_comes_back_because_hr_shows_less_of_them() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo"]);
    scene.terminate("1");
    scene.settle();
    let hidden = Read::Narrow(vec![Canonical::TerminationDate]);
    let night = scene.plan_on(&hidden);
    assert!(night.outcome.changes.is_empty());
    assert_eq!(night.findings("1")[0].code, Code::Unjudged);
    // A person whose leaving is hidden does not get an account either.
    scene.hire("3", "Cy");
    assert_eq!(scene.plan_on(&hidden).findings("3")[0].code, Code::Unjudged);
}

#[test]
fn r07_a_last_day_or_a_word_that_cannot_be_read_brings_no_person_back_and_lets_none_go() {
    for (attribute, valid) in [
        (Canonical::TerminationDate, "2026-02-27"),
        (Canonical::EmploymentStatus, "terminated"),
    ] {
        let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo"]);
        scene.set("1", attribute, valid);
        scene.settle();
        assert!(!scene.account_of("1").active);
        scene.set("1", attribute, "2026-\u{0}");
        assert_eq!(codes(&scene, "1"), [(State::Skipped, Code::Unjudged)], "{attribute:?}");
        // Of a person who is there everything else goes on, and the value is named.
        scene.set("2", attribute, "2026-\u{0}");
        scene.set("2", Canonical::City, "Rome");
        let night = scene.plan();
        assert!(
            matches!(night.action("2"), Some(Action::Update { .. })),
            "{attribute:?}"
        );
        let told = night.findings("2")[0];
        assert_eq!((told.code, &told.attributes), (Code::Invalid, &vec![attribute.into()]));
        // A person without an account gets none.
        scene.hire("3", "Cy");
        scene.set("3", attribute, "2026-\u{0}");
        let night = scene.plan();
        let told = night.findings("3")[0];
        assert_eq!(
            (night.action("3"), told.code),
            (None, Code::Unreadable),
            "{attribute:?}"
        );
        assert_eq!(told.attributes, [attribute.into()]);
    }
}

#[test]
fn r07_a_first_day_that_cannot_be_read_lets_no_person_go_whose_last_day_may_be_of_an_earlier_employment() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana"]);
    scene.set("1", Canonical::EmploymentStatus, "active");
    scene.set("1", Canonical::TerminationDate, "2026-02-20");
    scene.set("1", Canonical::StartDate, "2026-02-25");
    scene.settle();
    assert!(scene.account_of("1").active);
    scene.set("1", Canonical::StartDate, "2026-02-\u{0}");
    assert_eq!(codes(&scene, "1"), [(State::Todo, Code::Invalid)]);
    // Where HR says that they are there, and shows no last day that has passed, the first day decides nothing.
    scene.clear("1", Canonical::TerminationDate);
    scene.set("1", Canonical::City, "Rome");
    assert!(matches!(scene.plan().action("1"), Some(Action::Update { .. })));
    // Where HR does not say it, the first day of a new person may be to come.
    scene.hire("2", "Bo");
    scene.set("2", Canonical::StartDate, "2026-02-\u{0}");
    let night = scene.plan();
    assert_eq!(
        (night.action("2"), night.findings("2")[0].code),
        (None, Code::Unreadable)
    );
}

#[test]
fn r15_a_person_whose_new_first_day_is_to_come_waits_for_it() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana"]);
    scene.terminate("1");
    scene.settle();
    scene.clear("1", Canonical::TerminationDate);
    scene.set("1", Canonical::StartDate, "2026-05-01");
    assert_eq!(codes(&scene, "1"), [(State::Waiting, Code::NotStarted)]);
}

#[test]
fn r16_a_new_id_with_the_identifier_and_name_of_a_terminated_person_takes_over_the_link() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo"]);
    scene.terminate("1");
    scene.settle();
    let account_id = scene.account_of("1").id.clone();
    scene.hire("9", "Ana");
    let night = scene.plan();
    let Some(Action::Relink {
        former_id, reactivate, ..
    }) = night.action("9")
    else {
        panic!("the link moves")
    };
    assert_eq!((former_id.as_str(), *reactivate), ("1", true));
    assert_eq!(night.holds(), [HoldCode::Relinks]);
    assert_eq!((night.plan.counts.rehires, night.plan.counts.unchanged), (1, 1));
    scene.apply(&night);
    assert_eq!(scene.links[&employee("9")].account_id, account_id);
    assert_eq!(scene.links[&employee("9")].former_ids, [employee("1")]);
    // The old record stays in HR; it is the same person and never takes the link back.
    assert_eq!(codes(&scene, "1"), [(State::Filtered, Code::SecondEmployment)]);
    assert!(scene.plan().outcome.changes.is_empty());
}

#[test]
fn r16_another_name_or_another_identifier_is_no_rehire() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo"]);
    scene.terminate("1");
    scene.settle();
    scene.hire("9", "Ana");
    scene.set("9", Canonical::WorkEmail, "ana.two@acme.test");
    assert!(
        matches!(scene.plan().action("9"), Some(Action::Create { .. })),
        "another identifier"
    );
    scene.set("9", Canonical::WorkEmail, "ana@acme.test");
    scene.set("9", Canonical::FirstName, "Anna");
    assert_eq!(codes(&scene, "9"), [(State::Conflict, Code::EmailStillTaken)]);
}

#[test]
fn r16_both_ids_of_a_person_who_came_back_twice_are_kept() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo"]);
    for (old, new) in [("1", "11"), ("11", "111")] {
        scene.vanish(old);
        scene.hire(new, "Ana");
        let night = scene.plan();
        scene.apply(&night);
    }
    assert_eq!(
        scene.links[&employee("111")].former_ids,
        [employee("1"), employee("11")]
    );
}

#[test]
fn r16_renumbering_moves_links_instead_of_making_people_leave() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo"]);
    for (old, new, name) in [("1", "101", "Ana"), ("2", "102", "Bo")] {
        scene.vanish(old);
        scene.hire(new, name);
    }
    let night = scene.plan();
    assert_eq!(night.plan.counts.rehires, 2);
    assert_eq!(night.outcome.changes.len(), 2);
    scene.apply(&night);
    assert!(scene.plan().outcome.changes.is_empty());
}

#[test]
fn r16_while_the_old_id_is_active_it_is_a_conflict() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana"]);
    scene.hire("9", "Ana");
    scene.set("9", Canonical::LastName, "Other");
    let night = scene.plan();
    assert!(night.outcome.changes.is_empty());
    assert_eq!(night.findings("9")[0].code, Code::SharedIdentifier);
    assert_eq!(night.findings("1")[0].code, Code::SharedIdentifier);
}

#[test]
fn r16_an_account_that_a_decision_keeps_as_it_is_passes_to_nobody() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana"]);
    scene.decisions.insert(employee("1"), Decision::Keep);
    scene.hire("9", "Ana");
    assert_eq!(codes(&scene, "9"), [(State::Conflict, Code::LinkedElsewhere)]);
}

#[test]
fn r15_an_account_that_was_switched_off_by_hand_stays_off_under_a_new_id_too() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo"]);
    scene.account_of_mut("1").active = false;
    scene.vanish("1");
    scene.hire("9", "Ana");
    assert_eq!(codes(&scene, "9"), [(State::Skipped, Code::DeactivatedByHand)]);
}

#[test]
fn r16_an_absence_that_is_not_certified_moves_no_link() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo"]);
    scene.vanish("1");
    scene.hire("9", "Ana");
    for read in [Read::Broken(5), Read::Miscounted, Read::Narrow(vec![Canonical::City])] {
        let night = scene.plan_on(&read);
        assert_eq!(night.change("9"), None, "{read:?}");
        assert_eq!(night.findings("9").len(), 1, "{read:?}");
    }
}

#[test]
fn r16_nobody_is_let_go_whose_account_may_pass_to_a_new_id() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo"]);
    scene.terminate("1");
    scene.hire("9", "Ana");
    let night = scene.plan_on(&Read::Narrow(vec![Canonical::City]));
    assert!(night.outcome.changes.is_empty());
    assert_eq!(
        (night.findings("1")[0].code, night.findings("9")[0].code),
        (Code::Incomplete, Code::Incomplete)
    );
    assert!(matches!(scene.plan().action("9"), Some(Action::Relink { .. })));
}

#[test]
fn r16_rehire_policies_apply_to_new_ids_too() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana"]);
    scene.terminate("1");
    scene.settle();
    scene.hire("9", "Ana");
    scene.configuration.rehires = RehirePolicy::Ignore;
    assert_eq!(codes(&scene, "9"), [(State::Skipped, Code::RehireIgnored)]);
    scene.configuration.rehires = RehirePolicy::Wait;
    assert_eq!(codes(&scene, "9"), [(State::Waiting, Code::RehireWaits)]);
}

#[test]
fn r20_an_address_passed_on_to_another_person_freezes_until_it_is_freed() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana"]);
    scene.terminate("1");
    scene.settle();
    scene.hire("9", "Bea");
    scene.set("9", Canonical::WorkEmail, "ana@acme.test");
    assert_eq!(codes(&scene, "9"), [(State::Conflict, Code::EmailStillTaken)]);
    let account_id = scene.account_of("1").id.clone();
    let mut freed = scene.clone();
    for address in [Canonical::Email, Canonical::WorkEmail] {
        freed.edit_by_hand(&account_id, address, "former@acme.test");
    }
    assert!(matches!(freed.plan().action("9"), Some(Action::Create { .. })));
    scene.decisions.insert(employee("9"), Decision::Link { account_id });
    assert!(matches!(scene.plan().action("9"), Some(Action::Relink { .. })));
}

#[test]
fn r09_a_number_passed_on_to_another_person_freezes() {
    let mut scene = Scene::settled(Preset::ExpenseUsers, &["Ana"]);
    scene.terminate("1");
    scene.settle();
    scene.hire("9", "Bea");
    scene.set("9", Canonical::EmployeeNumber, "N1");
    assert_eq!(codes(&scene, "9"), [(State::Conflict, Code::IdentityChanged)]);
}

#[test]
fn r20_an_address_of_an_account_that_is_off_for_another_reason_is_still_taken() {
    let off = || {
        let mut scene = Scene::settled(Preset::Standard, &["Ana"]);
        scene.hire("9", "Bea");
        scene.set("9", Canonical::WorkEmail, "ana@acme.test");
        scene.account_of_mut("1").active = false;
        scene
    };
    let kept = || {
        let mut scene = off();
        scene.decisions.insert(employee("1"), Decision::Keep);
        scene
    };
    let left = || {
        let mut scene = off();
        scene.decisions.insert(employee("1"), Decision::Left);
        scene
    };
    let out_of_scope = || {
        let mut scene = off();
        scene.set("1", Canonical::City, "Rome");
        scene.configuration.sync_if = serde_json::from_str(r#"[{"field":"city","any_of":["Oslo"]}]"#).unwrap();
        scene
    };
    let contradicted = || {
        let mut scene = off();
        scene.set("1", Canonical::EmploymentStatus, "active");
        scene.set("1", Canonical::TerminationDate, "2025-01-31");
        scene
    };
    for (reason, mut scene) in [
        ("kept", kept()),
        ("left", left()),
        ("out of scope", out_of_scope()),
        ("contradicted", contradicted()),
    ] {
        assert_eq!(
            codes(&scene, "9"),
            [(State::Conflict, Code::EmailStillTaken)],
            "{reason}"
        );
        // Once the address is free there, and it is decided, the new person gets an account.
        scene.account_of_mut("1").active = true;
        assert_ne!(
            scene.plan().findings("9").first().map(|finding| finding.code),
            Some(Code::EmailStillTaken)
        );
    }
}
