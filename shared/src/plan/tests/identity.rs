//! One person, one account: shared identifiers, several employments, ids that now name another person.

use crate::{
    connection::{Decision, Identifier, Preset},
    employee::Canonical,
    plan::{
        Action, Code, State,
        tests::scene::{Scene, employee},
    },
};

#[test]
fn r09_an_id_that_names_another_person_now_freezes() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana"]);
    scene.set("1", Canonical::FirstName, "Bea");
    scene.set("1", Canonical::LastName, "Beason");
    assert!(
        matches!(scene.plan().action("1"), Some(Action::Update { .. })),
        "a new name alone is a marriage"
    );
    scene.set("1", Canonical::WorkEmail, "bea@acme.test");
    let night = scene.plan();
    assert_eq!(night.change("1"), None);
    assert_eq!(night.findings("1")[0].code, Code::IdentityChanged);
    assert_eq!(night.plan.counts.conflicts, 1);
    // The birth date tells that it is the same person after all.
    let mut known = scene.clone();
    known.people = Scene::settled(Preset::Standard, &["Ana"]).people;
    known.set("1", Canonical::BirthDate, "1990-01-01");
    known.settle();
    for (attribute, value) in [
        (Canonical::FirstName, "Bea"),
        (Canonical::LastName, "Beason"),
        (Canonical::WorkEmail, "bea@acme.test"),
    ] {
        known.set("1", attribute, value);
    }
    assert!(matches!(known.plan().action("1"), Some(Action::Update { .. })));
    let account_id = scene.account_of("1").id.clone();
    scene.decisions.insert(employee("1"), Decision::Link { account_id });
    assert!(matches!(scene.plan().action("1"), Some(Action::Update { .. })));
}

#[test]
fn r09_a_person_who_keeps_one_of_first_name_last_name_and_address_is_the_same_person() {
    let others = [
        (Canonical::FirstName, "Bea"),
        (Canonical::LastName, "Beason"),
        (Canonical::WorkEmail, "bea@acme.test"),
    ];
    for kept in others {
        let mut scene = Scene::settled(Preset::Standard, &["Ana"]);
        for (attribute, value) in others.into_iter().filter(|other| *other != kept) {
            scene.set("1", attribute, value);
        }
        assert!(
            matches!(scene.plan().action("1"), Some(Action::Update { .. })),
            "{kept:?}"
        );
    }
}

#[test]
fn r10_two_people_with_one_address_freeze_every_night_the_same() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo"]);
    scene.hire("3", "Cy");
    scene.set("3", Canonical::WorkEmail, "ana@acme.test");
    scene.set("1", Canonical::City, "Rome");
    let first = scene.plan();
    assert!(first.outcome.changes.is_empty());
    for (id, other) in [("1", "3"), ("3", "1")] {
        let finding = first.findings(id)[0];
        assert_eq!((finding.state, finding.code), (State::Conflict, Code::SharedIdentifier));
        assert_eq!(finding.others, [employee(other)]);
    }
    assert_eq!((first.plan.counts.conflicts, first.plan.counts.unchanged), (2, 1));
    scene.apply(&first);
    scene.sleep();
    let second = scene.plan();
    assert_eq!(second.outcome.findings, first.outcome.findings);
    assert_eq!(second.plan.hash, first.plan.hash);
}

#[test]
fn r10_an_address_can_be_shared_though_the_identifier_is_not() {
    let mut scene = Scene::settled(Preset::ExpenseUsers, &["Ana"]);
    scene.hire("2", "Bo");
    scene.set("2", Canonical::WorkEmail, "ana@acme.test");
    assert_eq!(scene.plan().findings("1")[0].code, Code::SharedEmail);
}

#[test]
fn r10_an_identifier_can_be_shared_though_the_address_is_not() {
    let mut scene = Scene::settled(Preset::ExpenseUsers, &["Ana"]);
    scene.hire("2", "Bo");
    scene.set("2", Canonical::EmployeeNumber, "N1");
    scene.set("1", Canonical::LastName, "Changed");
    let night = scene.plan();
    assert!(night.outcome.changes.is_empty());
    for id in ["1", "2"] {
        assert_eq!(night.findings(id)[0].code, Code::SharedIdentifier, "{id}");
    }
}

#[test]
fn r10_several_employments_of_one_person_are_one_person() {
    let mut scene = Scene::new(Preset::Standard);
    for (id, start) in [("1", "2019-01-01"), ("2", "2024-01-01"), ("3", "2022-01-01")] {
        scene.hire(id, "Ana");
        scene.set(id, Canonical::StartDate, start);
    }
    let night = scene.plan();
    assert!(
        matches!(night.action("2"), Some(Action::Create { .. })),
        "the latest start counts"
    );
    assert_eq!((night.plan.counts.joiners, night.plan.counts.filtered), (1, 2));
    assert_eq!(night.findings("1")[0].code, Code::SecondEmployment);
    scene.settle();
    // A later one does not take the place of the one that has the account, while that is active.
    scene.hire("4", "Ana");
    scene.set("4", Canonical::StartDate, "2026-01-01");
    assert!(scene.plan().outcome.changes.is_empty());
    scene.terminate("2");
    let night = scene.plan();
    assert!(matches!(night.action("4"), Some(Action::Relink { .. })));
    scene.apply(&night);
    assert!(scene.plan().outcome.changes.is_empty());
}

#[test]
fn r10_the_active_employment_counts_where_former_people_are_kept() {
    let mut scene = Scene::settled(Preset::Stakeholders, &["Ana"]);
    scene.terminate("1");
    scene.settle();
    scene.hire("2", "Ana");
    scene.settle();
    assert!(!scene.links.contains_key(&employee("1")));
    assert_eq!(scene.account_of("2").text(Canonical::EmploymentStatus), "active");
    assert!(scene.plan().outcome.changes.is_empty());
}

#[test]
fn r10_different_birth_dates_are_different_people() {
    let mut scene = Scene::new(Preset::Standard);
    for (id, birth_date) in [("1", "1990-01-01"), ("2", "1991-01-01")] {
        scene.hire(id, "Ana");
        scene.set(id, Canonical::BirthDate, birth_date);
    }
    let night = scene.plan();
    assert!(night.outcome.changes.is_empty());
    assert_eq!(night.plan.counts.conflicts, 2);
}

#[test]
fn r18_a_new_identifier_matches_nobody_again() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo"]);
    let linked: Vec<_> = ["1", "2"].map(|id| scene.account_of(id).id.clone()).into();
    scene.configuration.identifier = Identifier::EmployeeNumber;
    scene.configuration.version = 2;
    // Each now has the number that the other's account would be found by.
    scene.settle();
    scene.set("1", Canonical::EmployeeNumber, "N2");
    scene.set("2", Canonical::EmployeeNumber, "N1");
    scene.settle();
    assert_eq!(["1", "2"].map(|id| scene.account_of(id).id.clone()).to_vec(), linked);
    assert_eq!(scene.account_of("1").text(Canonical::EmployeeNumber), "N2");
}

#[test]
fn r18_where_references_are_kept_on_both_sides_a_drift_freezes() {
    let mut scene = Scene::settled(Preset::ExpenseUsers, &["Ana"]);
    let id = scene.account_of("1").id.clone();
    scene.edit_by_hand(&id, Canonical::EmployeeNumber, "N9");
    scene.set("1", Canonical::LastName, "Changed");
    let night = scene.plan();
    assert_eq!(night.change("1"), None);
    assert_eq!(night.findings("1")[0].code, Code::IdentifierDrift);
    scene.decisions.insert(employee("1"), Decision::Link { account_id: id });
    scene.settle();
    assert_eq!(scene.account_of("1").text(Canonical::EmployeeNumber), "N1");
}

#[test]
fn each_person_counts_once() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo", "Cy", "Di", "Ed"]);
    scene.set("1", Canonical::City, "Rome");
    scene.set("1", Canonical::MobilePhone, "not a number");
    scene.terminate("2");
    scene.vanish("3");
    scene.account_of_mut("4").active = false;
    scene.hire("6", "Fi");
    scene.hire("7", "Ed");
    scene.set("7", Canonical::LastName, "Other");
    scene.add_account("x", &[]);
    let counts = scene.plan().plan.counts;
    assert_eq!(
        (counts.movers, counts.leavers, counts.waiting, counts.skipped),
        (1, 1, 1, 1)
    );
    assert_eq!(
        (counts.joiners, counts.conflicts, counts.unchanged, counts.unmanaged),
        (1, 2, 0, 1)
    );
}
