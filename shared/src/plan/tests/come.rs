//! Who comes, and who is not made.

use crate::{
    connection::{Decision, LeaverPolicy, Preset},
    employee::Canonical,
    plan::{
        Action, Code, LeaverReason, State,
        tests::scene::{Read, Scene, account, employee},
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
fn a_new_employee_gets_an_account_and_nobody_else_is_touched() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana"]);
    scene.hire("2", "Bo");
    let night = scene.plan();
    assert!(matches!(night.action("2"), Some(Action::Create { .. })));
    assert_eq!((night.plan.counts.joiners, night.plan.counts.unchanged), (1, 1));
    scene.apply(&night);
    assert_eq!(scene.account_of("2").text(Canonical::Email), "bo@acme.test");
    assert_eq!(
        scene.account_of("2").external_id.as_ref().unwrap().as_str(),
        "factorial:7:2"
    );
}

#[test]
fn r17_who_left_before_they_were_linked_is_not_created_unless_wanted() {
    let mut scene = Scene::new(Preset::Standard);
    scene.hire("1", "Ana");
    scene.terminate("1");
    assert_eq!(codes(&scene, "1"), [(State::Filtered, Code::Former)]);
    scene.configuration.create_former = true;
    assert_eq!(
        codes(&scene, "1"),
        [(State::Filtered, Code::Former)],
        "not to be switched off at once"
    );
    scene.configuration.leavers.terminated = LeaverPolicy::Ignore;
    assert!(matches!(scene.plan().action("1"), Some(Action::Create { .. })));
    scene.configuration.leavers.terminated = LeaverPolicy::Group("Alumni".to_owned());
    scene.settle();
    assert_eq!(scene.account_of("1").text(Canonical::Group), "Alumni");
}

#[test]
fn r17_where_hr_may_show_neither_a_status_nor_a_last_day_from_the_beginning_nobody_is_made() {
    let mut scene = Scene::new(Preset::Standard);
    scene.hire("1", "Ana");
    scene.hire("2", "Bo");
    scene.terminate("2");
    let hidden = Read::Narrow(vec![Canonical::EmploymentStatus, Canonical::TerminationDate]);
    let night = scene.plan_on(&hidden);
    for id in ["1", "2"] {
        assert_eq!(night.change(id), None);
        assert_eq!(night.findings(id)[0].code, Code::Unjudged);
    }
    let one = Read::Narrow(vec![Canonical::EmploymentStatus]);
    assert!(matches!(scene.plan_on(&one).action("1"), Some(Action::Create { .. })));
}

#[test]
fn r17_joiners_come_so_many_days_before_their_first_day() {
    let mut scene = Scene::new(Preset::Users);
    scene.hire("1", "Ana");
    scene.set("1", Canonical::StartDate, "2026-03-12");
    assert_eq!(codes(&scene, "1"), [(State::Waiting, Code::NotStarted)]);
    scene.configuration.joiners.days_before_start = 9;
    assert_eq!(codes(&scene, "1"), [(State::Waiting, Code::NotStarted)]);
    scene.configuration.joiners.days_before_start = 10;
    assert!(matches!(scene.plan().action("1"), Some(Action::Create { .. })));
}

#[test]
fn r17_joiners_come_on_their_first_day_unless_told_otherwise() {
    let mut scene = Scene::new(Preset::Users);
    scene.hire("1", "Ana");
    scene.set("1", Canonical::StartDate, "2026-03-03");
    assert_eq!(codes(&scene, "1"), [(State::Waiting, Code::NotStarted)]);
    // Where she works the date is the third already.
    scene.set("1", Canonical::TimeZone, "Pacific/Kiritimati");
    scene.now = "2026-03-02T10:00:00Z".parse().unwrap();
    assert!(matches!(scene.plan().action("1"), Some(Action::Create { .. })));
    scene.hide("1", Canonical::TimeZone);
    scene.sleep();
    assert!(matches!(scene.plan().action("1"), Some(Action::Create { .. })));
}

#[test]
fn r12_who_lacks_what_is_required_is_listed_with_what_is_missing() {
    let mut scene = Scene::settled(Preset::ExpenseUsers, &["Ana"]);
    scene.clear("1", Canonical::EmployeeNumber);
    scene.set("1", Canonical::LastName, "Changed");
    scene.hire("2", "Bo");
    scene.clear("2", Canonical::KnownAs);
    let night = scene.plan();
    assert!(night.outcome.changes.is_empty());
    for (id, missing) in [("1", Canonical::EmployeeNumber), ("2", Canonical::KnownAs)] {
        let finding = night.findings(id)[0];
        assert_eq!((finding.state, finding.code), (State::Skipped, Code::Lacks));
        assert_eq!(finding.attributes, [missing.into()]);
    }
}

#[test]
fn r12_a_leaver_needs_only_the_link() {
    let mut scene = Scene::settled(Preset::ExpenseUsers, &["Ana"]);
    scene.clear("1", Canonical::EmployeeNumber);
    scene.clear("1", Canonical::WorkEmail);
    scene.terminate("1");
    assert!(matches!(
        scene.plan().action("1"),
        Some(Action::Leave {
            reason: LeaverReason::Terminated,
            ..
        })
    ));
}

#[test]
fn nobody_is_made_whose_address_or_number_an_account_has() {
    let mut scene = Scene::new(Preset::Standard);
    scene.configuration.first_link.clear();
    scene.add_account("x", &[(Canonical::EmployeeNumber, "N1")]);
    scene.hire("1", "Ana");
    assert_eq!(codes(&scene, "1"), [(State::Conflict, Code::Taken)]);
    scene.decisions.insert(employee("1"), Decision::NewAccount);
    assert!(matches!(scene.plan().action("1"), Some(Action::Create { .. })));
}

#[test]
fn a_linked_account_that_is_gone_is_a_conflict_until_a_decision_wants_another() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana"]);
    let gone = scene.account_of("1").id.clone();
    scene.accounts.clear();
    assert_eq!(codes(&scene, "1"), [(State::Conflict, Code::AccountGone)]);
    scene.decisions.insert(employee("1"), Decision::NewAccount);
    scene.settle();
    assert_ne!(scene.account_of("1").id, gone);
    assert!(scene.plan().outcome.changes.is_empty());
}

#[test]
fn a_decision_for_another_account_than_the_linked_one_is_answered() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana"]);
    scene.add_account("x", &[]);
    let account_id = account("x");
    scene.decisions.insert(employee("1"), Decision::Link { account_id });
    assert_eq!(codes(&scene, "1"), [(State::Conflict, Code::AlreadyLinked)]);
    // Once the linked account is gone, the other one is theirs.
    let linked = scene.account_of("1").id.clone();
    scene.accounts.remove(&linked);
    scene.settle();
    assert_eq!(scene.account_of("1").id.as_str(), "x");
}
