//! Who comes back under the same id, while HR leaves the last day of before where it is.

use crate::{
    connection::{Decision, LeaverPolicy, Preset},
    employee::Canonical,
    plan::{
        Action, Code, LeaverReason, State,
        tests::scene::{Scene, account, employee},
    },
};

/// Ana, of whom HR says that she is active, with this first and last day.
fn active(first: &str, last: &str) -> Scene {
    let mut scene = Scene::settled(Preset::Standard, &["Ana"]);
    say_active(&mut scene, "1", first, last);
    scene
}

fn say_active(scene: &mut Scene, id: &str, first: &str, last: &str) {
    scene.set(id, Canonical::EmploymentStatus, "active");
    scene.set(id, Canonical::StartDate, first);
    scene.set(id, Canonical::TerminationDate, last);
}

fn codes(scene: &Scene, id: &str) -> Vec<(State, Code)> {
    let night = scene.plan();
    assert_eq!(night.change(id), None);
    let findings = night.findings(id).into_iter();
    findings.map(|finding| (finding.state, finding.code)).collect()
}

fn decided(scene: &Scene, id: &str, decision: Decision) -> Scene {
    let mut scene = scene.clone();
    scene.decisions.insert(employee(id), decision);
    scene
}

#[test]
fn r14_a_last_day_of_an_earlier_employment_switches_nobody_off() {
    let mut scene = active("2025-02-01", "2024-06-30");
    assert!(!matches!(scene.plan().action("1"), Some(Action::Leave { .. })));
    scene.settle();
    assert!(scene.account_of("1").active);
    assert_eq!(codes(&scene, "1"), []);
    scene.hire("2", "Bo");
    say_active(&mut scene, "2", "2025-02-01", "2024-06-30");
    assert!(matches!(scene.plan().action("2"), Some(Action::Create { .. })));
}

#[test]
fn r15_a_later_first_day_brings_back_whom_we_switched_off() {
    let mut scene = active("2020-01-01", "2026-03-01");
    scene.settle();
    assert!(!scene.account_of("1").active);
    let first = scene.today().to_string();
    scene.set("1", Canonical::StartDate, &first);
    let night = scene.plan();
    assert!(matches!(night.action("1"), Some(Action::Reactivate { .. })));
    scene.apply(&night);
    assert!(scene.account_of("1").active && scene.plan().outcome.changes.is_empty());
}

#[test]
fn r14_between_two_employments_a_person_is_off_and_back_as_early_as_joiners_come() {
    let mut scene = active("2026-03-12", "2026-02-28");
    assert!(matches!(scene.plan().action("1"), Some(Action::Leave { .. })));
    scene.settle();
    assert!(!scene.account_of("1").active && scene.plan().outcome.changes.is_empty());
    scene.configuration.joiners.days_before_start = 30;
    assert!(matches!(scene.plan().action("1"), Some(Action::Reactivate { .. })));
}

#[test]
fn r14_where_hr_says_active_long_after_the_last_day_a_person_decides() {
    let scene = active("2020-01-01", "2024-06-30");
    assert_eq!(codes(&scene, "1"), [(State::Conflict, Code::Contradicted)]);
    let left = decided(&scene, "1", Decision::Left);
    assert!(matches!(left.plan().action("1"), Some(Action::Leave { .. })));
    let account_id = scene.account_of("1").id.clone();
    let mut back = decided(&scene, "1", Decision::Link { account_id });
    back.settle();
    assert!(back.account_of("1").active);
    assert_eq!(codes(&back, "1"), []);
    back.set("1", Canonical::City, "Rome");
    assert!(matches!(back.plan().action("1"), Some(Action::Update { .. })));
    // HR corrects itself.
    let mut corrected = scene;
    corrected.set("1", Canonical::EmploymentStatus, "terminated");
    assert!(matches!(corrected.plan().action("1"), Some(Action::Leave { .. })));
}

#[test]
fn r14_a_decision_from_before_the_last_day_brings_nobody_back() {
    let account_id = Scene::settled(Preset::Standard, &["Ana"]).account_of("1").id.clone();
    for decision in [Decision::Link { account_id }, Decision::NewAccount] {
        for decided_at in ["2020-01-01T09:00:00Z", "2026-03-01T09:00:00Z"] {
            let mut scene = decided(&active("2020-01-01", "2026-03-01"), "1", decision.clone());
            scene.decided_at = decided_at.parse().unwrap();
            scene.settle();
            for _ in 0..31 {
                scene.sleep();
                scene.settle();
            }
            assert!(!scene.account_of("1").active, "{decision:?} {decided_at}");
            assert_eq!(codes(&scene, "1"), [(State::Conflict, Code::Contradicted)]);
            scene.decided_at = scene.now;
            assert_ne!(
                scene.plan().findings("1").first().map(|finding| finding.code),
                Some(Code::Contradicted)
            );
        }
    }
}

#[test]
fn r15_whom_we_switched_off_and_hr_says_is_active_comes_back_by_a_decision() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana"]);
    scene.terminate("1");
    scene.settle();
    say_active(&mut scene, "1", "2020-01-01", "2024-06-30");
    assert_eq!(codes(&scene, "1"), [(State::Conflict, Code::Contradicted)]);
    let account_id = scene.account_of("1").id.clone();
    let back = decided(&scene, "1", Decision::Link { account_id });
    assert!(matches!(back.plan().action("1"), Some(Action::Reactivate { .. })));
}

#[test]
fn r17_whom_hr_says_is_active_long_after_their_last_day_gets_an_account_by_a_decision() {
    let mut scene = Scene::new(Preset::Standard);
    scene.hire("1", "Ana");
    say_active(&mut scene, "1", "2020-01-01", "2024-06-30");
    assert_eq!(codes(&scene, "1"), [(State::Filtered, Code::Former)]);
    let back = decided(&scene, "1", Decision::NewAccount);
    assert!(matches!(back.plan().action("1"), Some(Action::Create { .. })));
    let left = decided(&scene, "1", Decision::Left);
    assert_eq!(codes(&left, "1"), [(State::Filtered, Code::Former)]);
}

#[test]
fn r14_who_has_an_account_and_no_link_is_a_conflict_where_hr_contradicts_itself() {
    let mut scene = Scene::new(Preset::Standard);
    scene.hire("1", "Ana");
    say_active(&mut scene, "1", "2020-01-01", "2024-06-30");
    scene.add_account("a-1", &[(Canonical::Email, "ana@acme.test")]);
    assert_eq!(codes(&scene, "1"), [(State::Conflict, Code::Contradicted)]);
    let account_id = account("a-1");
    let mut stale = decided(&scene, "1", Decision::Link { account_id });
    assert!(matches!(stale.plan().action("1"), Some(Action::Link { .. })));
    stale.decided_at = "2024-06-30T09:00:00Z".parse().unwrap();
    assert_eq!(codes(&stale, "1"), [(State::Conflict, Code::Contradicted)]);
}

#[test]
fn r11_who_is_out_of_scope_is_no_conflict_whatever_hr_contradicts() {
    let mut scene = active("2020-01-01", "2024-06-30");
    scene.hire("2", "Bo");
    say_active(&mut scene, "2", "2020-01-01", "2024-06-30");
    scene.add_account("a-2", &[(Canonical::Email, "bo@acme.test")]);
    scene.configuration.sync_if = serde_json::from_str(r#"[{"field":"city","any_of":["Rome"]}]"#).unwrap();
    scene.configuration.leavers.out_of_scope = LeaverPolicy::Ignore;
    for id in ["1", "2"] {
        assert_eq!(codes(&scene, id), [(State::Filtered, Code::OutOfScope)], "{id}");
    }
    scene.configuration.leavers.out_of_scope = LeaverPolicy::Deactivate;
    let night = scene.plan();
    let Some(Action::Leave { reason, .. }) = night.action("1") else {
        panic!("they stay in scope");
    };
    assert_eq!(*reason, LeaverReason::OutOfScope);
    // Of a scope that asks whether they are there, nobody knows.
    scene.configuration.sync_if =
        serde_json::from_str(r#"[{"field":"employment_status","any_of":["active"]}]"#).unwrap();
    for id in ["1", "2"] {
        assert_eq!(codes(&scene, id), [(State::Conflict, Code::Contradicted)], "{id}");
    }
}

#[test]
fn r12_a_required_value_that_cannot_be_read_stops_no_other_change_and_makes_no_account() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana"]);
    scene.set("1", Canonical::WorkEmail, "ana at acme");
    scene.set("1", Canonical::City, "Rome");
    scene.hire("2", "Bo");
    scene.set("2", Canonical::WorkEmail, "bo at acme");
    scene.hire("3", "Cy");
    scene.clear("3", Canonical::WorkEmail);
    let night = scene.plan();
    assert!(matches!(night.action("1"), Some(Action::Update { .. })));
    let told = |id: &str| {
        let finding = night.findings(id)[0];
        (finding.state, finding.code, finding.attributes.clone())
    };
    let address = || vec![Canonical::WorkEmail.into()];
    assert_eq!(told("1"), (State::Todo, Code::Invalid, address()));
    assert_eq!(told("2"), (State::Skipped, Code::Unreadable, address()));
    assert_eq!(told("3"), (State::Skipped, Code::Lacks, address()));
    scene.apply(&night);
    assert_eq!(scene.account_of("1").text(Canonical::Email), "ana@acme.test");
    assert_eq!(scene.account_of("1").text(Canonical::City), "Rome");
    assert!(scene.plan().outcome.changes.is_empty());
}
