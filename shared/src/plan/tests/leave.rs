//! Who leaves, and who never does.

use crate::{
    connection::{Decision, LeaverPolicy, Preset, RehirePolicy},
    employee::{Canonical, LastDay},
    plan::{
        Action, Code, LeaveBy, LeaverReason, LinkState, State,
        tests::scene::{Scene, employee},
    },
};

fn reason(scene: &Scene, id: &str) -> Option<LeaverReason> {
    match scene.plan().action(id) {
        Some(Action::Leave { reason, .. }) => Some(*reason),
        Some(_) | None => None,
    }
}

fn code(scene: &Scene, id: &str) -> (State, Code) {
    let night = scene.plan();
    assert_eq!(night.change(id), None);
    let finding = night.findings(id)[0];
    (finding.state, finding.code)
}

#[test]
fn r11_terminated_is_judged_before_the_scope_filter() {
    let mut scene = Scene::settled(Preset::Users, &["Ana"]);
    scene.configuration.leavers.out_of_scope = LeaverPolicy::Deactivate;
    scene.terminate("1");
    assert_eq!(reason(&scene, "1"), Some(LeaverReason::Terminated));
}

#[test]
fn r11_out_of_scope_comes_before_missing() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo"]);
    scene.configuration.leavers.out_of_scope = LeaverPolicy::Deactivate;
    scene.configuration.sync_if = serde_json::from_str(r#"[{"field":"city","any_of":["Rome"]}]"#).unwrap();
    assert_eq!(reason(&scene, "1"), Some(LeaverReason::OutOfScope));
}

#[test]
fn r13_out_of_scope_is_left_alone_unless_configured() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo"]);
    scene.configuration.sync_if = serde_json::from_str(r#"[{"field":"city","any_of":["Rome"]}]"#).unwrap();
    scene.set("1", Canonical::JobTitle, "Cook");
    let night = scene.plan();
    assert!(night.outcome.changes.is_empty());
    assert_eq!(night.plan.counts.filtered, 2);
    assert_eq!(night.findings("1")[0].attributes, [Canonical::City.into()]);
}

#[test]
fn r13_missing_needs_two_certified_rosters_twenty_hours_apart() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo"]);
    scene.configuration.leavers.missing = LeaverPolicy::Deactivate;
    scene.vanish("1");
    let night = scene.plan();
    assert_eq!(night.findings("1")[0].code, Code::Missing);
    scene.note_absences(&night);
    scene.now = scene.now.checked_add(jiff::SignedDuration::from_hours(19)).unwrap();
    assert_eq!(code(&scene, "1"), (State::Waiting, Code::Missing));
    scene.now = scene.now.checked_add(jiff::SignedDuration::from_hours(1)).unwrap();
    assert_eq!(reason(&scene, "1"), Some(LeaverReason::Missing));
    // Seen again in between: the count begins anew.
    scene.hire("1", "Ana");
    let night = scene.plan();
    scene.note_absences(&night);
    scene.vanish("1");
    assert_eq!(code(&scene, "1"), (State::Waiting, Code::Missing));
}

#[test]
fn r13_the_twenty_hours_end_where_the_second_read_begins_and_not_where_it_is_judged() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo"]);
    scene.configuration.leavers.missing = LeaverPolicy::Deactivate;
    scene.vanish("1");
    let night = scene.plan();
    scene.note_absences(&night);
    // The next read begins ten hours later, and its plan waits for eleven hours more for a long list of the target.
    scene.now = scene.now.checked_add(jiff::SignedDuration::from_hours(21)).unwrap();
    scene.read_takes = jiff::SignedDuration::from_hours(11);
    assert_eq!(code(&scene, "1"), (State::Waiting, Code::Missing));
    scene.read_takes = jiff::SignedDuration::from_hours(1);
    assert_eq!(reason(&scene, "1"), Some(LeaverReason::Missing));
}

#[test]
fn r13_wait_parks_the_person_and_a_decision_moves_them() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana"]);
    scene.configuration.leavers.terminated = LeaverPolicy::Wait;
    scene.terminate("1");
    assert_eq!(code(&scene, "1"), (State::Waiting, Code::LeaverWaits));
    assert!(scene.plan().plan.holds.is_empty());
    scene.decisions.insert(employee("1"), Decision::Left);
    scene.settle();
    assert!(!scene.account_of("1").active);
    assert!(scene.plan().outcome.changes.is_empty());
}

#[test]
fn r13_a_group_takes_leavers_in_and_gives_them_back() {
    let mut scene = Scene::new(Preset::Standard);
    scene.hire("1", "Ana");
    scene.set("1", Canonical::Department, "Kitchen");
    scene.settle();
    scene.configuration.leavers.terminated = LeaverPolicy::Group("Alumni".to_owned());
    scene.terminate("1");
    let night = scene.plan();
    let Some(Action::Leave {
        by: LeaveBy::Group { name, before },
        ..
    }) = night.action("1")
    else {
        panic!("she moves to the group")
    };
    assert_eq!((name.as_ref(), before.as_deref()), ("Alumni", Some("Kitchen")));
    scene.settle();
    assert!(scene.account_of("1").active);
    assert_eq!(scene.account_of("1").text(Canonical::Group), "Alumni");
    // She stays there while HR still changes things about her, and comes back when HR takes her back.
    scene.set("1", Canonical::City, "Rome");
    scene.settle();
    assert_eq!(
        (
            scene.account_of("1").text(Canonical::Group),
            scene.account_of("1").text(Canonical::City)
        ),
        ("Alumni", "Rome")
    );
    scene.clear("1", Canonical::TerminationDate);
    scene.configuration.rehires = RehirePolicy::Wait;
    assert_eq!(code(&scene, "1"), (State::Waiting, Code::RehireWaits));
    scene.configuration.rehires = RehirePolicy::Reactivate;
    scene.settle();
    assert_eq!(scene.account_of("1").text(Canonical::Group), "Kitchen");
    assert_eq!(scene.links[&employee("1")].state, LinkState::Active);
    scene.terminate("1");
    assert_eq!(reason(&scene, "1"), Some(LeaverReason::Terminated));
}

#[test]
fn r13_ignored_leavers_stay_and_are_kept_up_to_date() {
    let mut scene = Scene::settled(Preset::Stakeholders, &["Ana"]);
    scene.terminate("1");
    scene.settle();
    assert!(scene.account_of("1").active);
    assert_eq!(scene.account_of("1").text(Canonical::EmploymentStatus), "terminated");
}

#[test]
fn r14_the_last_day_is_over_when_it_is_over_where_the_person_is() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo"]);
    for (id, zone) in [("1", "Pacific/Auckland"), ("2", "Pacific/Honolulu")] {
        scene.set(id, Canonical::TimeZone, zone);
        scene.set(id, Canonical::TerminationDate, "2026-03-02");
    }
    scene.now = "2026-03-02T11:30:00Z".parse().unwrap();
    assert_eq!(
        (reason(&scene, "1"), reason(&scene, "2")),
        (Some(LeaverReason::Terminated), None)
    );
    scene.now = "2026-03-03T09:30:00Z".parse().unwrap();
    assert_eq!(reason(&scene, "2"), None);
    scene.configuration.leavers.effective = LastDay::StartOfLastDay;
    assert_eq!(reason(&scene, "2"), Some(LeaverReason::Terminated));
}

#[test]
fn r19_protected_accounts_and_the_person_who_authorised_the_connection_are_never_switched_off_automatically() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo", "Cy", "Di"]);
    let protected = scene.account_of("1").id.as_str().to_owned();
    scene.configuration.protected.insert(protected);
    scene.protected = ["2".to_owned(), "cy@acme.test".to_owned()].into();
    for id in ["1", "2", "3", "4"] {
        scene.terminate(id);
    }
    for id in ["1", "2", "3"] {
        assert_eq!(code(&scene, id), (State::Waiting, Code::Protected), "{id}");
    }
    assert_eq!(reason(&scene, "4"), Some(LeaverReason::Terminated));
    scene.decisions.insert(employee("1"), Decision::Left);
    assert_eq!(reason(&scene, "1"), Some(LeaverReason::Terminated));
}

#[test]
fn a_decision_keeps_a_person_as_they_are() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana"]);
    scene.decisions.insert(employee("1"), Decision::Keep);
    scene.terminate("1");
    assert_eq!(code(&scene, "1"), (State::Waiting, Code::Kept));
    scene.vanish("1");
    assert_eq!(code(&scene, "1"), (State::Waiting, Code::Kept));
}

#[test]
fn what_the_target_cannot_do_is_listed_and_not_planned() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana"]);
    scene.abilities.deactivate = false;
    scene.terminate("1");
    assert_eq!(code(&scene, "1"), (State::Waiting, Code::Unsupported));
}

#[test]
fn of_a_target_that_cannot_list_only_what_hr_changes_is_written() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo"]);
    scene.abilities.list = false;
    scene.accounts.clear();
    assert!(scene.plan().outcome.changes.is_empty());
    scene.set("1", Canonical::City, "Rome");
    scene.terminate("2");
    let night = scene.plan();
    let edits = night.change("1").unwrap().edits().unwrap();
    assert_eq!(
        (edits.attributes.len(), edits.attributes[0].after.as_deref()),
        (1, Some("Rome"))
    );
    assert!(matches!(night.action("2"), Some(Action::Leave { .. })));
    // What HR clears is cleared where it was sent, and only there.
    scene.clear("1", Canonical::City);
    scene.clear("1", Canonical::ZipCode);
    let night = scene.plan();
    let edits = &night.change("1").unwrap().edits().unwrap().attributes;
    let cleared: Vec<_> = edits
        .iter()
        .map(|edit| (&edit.attribute, edit.after.as_deref()))
        .collect();
    assert_eq!(cleared, [(&Canonical::City.into(), None)]);
}

#[test]
fn r14_a_person_without_a_zone_leaves_by_the_fallback_zone() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana"]);
    scene.set("1", Canonical::TerminationDate, "2026-03-02");
    scene.now = "2026-03-02T11:30:00Z".parse().unwrap();
    assert_eq!(reason(&scene, "1"), None);
    scene.configuration.fallback_time_zone = "Pacific/Auckland".to_owned();
    assert_eq!(reason(&scene, "1"), Some(LeaverReason::Terminated));
}

#[test]
fn r19_an_address_that_only_the_target_shows_protects_too() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo"]);
    scene.configuration.leavers.missing = LeaverPolicy::Deactivate;
    scene.protected = ["ana@acme.test".to_owned()].into();
    for id in ["1", "2"] {
        scene.vanish(id);
    }
    let night = scene.plan();
    scene.note_absences(&night);
    scene.sleep();
    assert_eq!(code(&scene, "1"), (State::Waiting, Code::Protected));
    assert_eq!(reason(&scene, "2"), Some(LeaverReason::Missing));
}

#[test]
fn r19_a_login_that_is_the_protected_address_protects_too() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo"]);
    scene.protected = ["root@acme.test".to_owned()].into();
    let account_id = scene.account_of("1").id.clone();
    scene.accounts.get_mut(&account_id).unwrap().login = Some("root@acme.test".into());
    for id in ["1", "2"] {
        scene.terminate(id);
    }
    assert_eq!(code(&scene, "1"), (State::Waiting, Code::Protected));
    assert_eq!(reason(&scene, "2"), Some(LeaverReason::Terminated));
}

#[test]
fn r19_the_person_who_authorised_the_connection_is_known_by_hrs_address_too() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo"]);
    scene.abilities.list = false;
    scene.accounts.clear();
    scene.protected = ["ana@acme.test".to_owned()].into();
    scene.terminate("1");
    scene.terminate("2");
    assert_eq!(code(&scene, "1"), (State::Waiting, Code::Protected));
    assert_eq!(reason(&scene, "2"), Some(LeaverReason::Terminated));
}

#[test]
fn r37_an_erased_person_is_left_out_linked_or_not_and_keeps_no_value() {
    let mut scene = Scene::settled(Preset::Users, &["Ana", "Bo"]);
    scene.hire("3", "Cy");
    scene.set("2", Canonical::Manager, "3");
    scene.set("1", Canonical::City, "Rome");
    scene.erased = [employee("1"), employee("3")].into();
    let night = scene.plan();
    for id in ["1", "3"] {
        assert_eq!(night.change(id), None);
        assert_eq!(
            (night.findings(id)[0].state, night.findings(id)[0].code),
            (State::Skipped, Code::Erased)
        );
    }
    assert_eq!(night.outcome.outside, [employee("1"), employee("3")]);
    assert_eq!(night.change("2"), None, "nobody refers to them");
    assert_eq!(night.outcome.counts.skipped, 2);
}
