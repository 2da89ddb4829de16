//! What a roster that is not complete may do, and what not (R05, R06).

use crate::{
    connection::{Identifier, LeaverPolicy, Preset},
    employee::Canonical,
    plan::{
        Action, Code, LeaverReason,
        tests::scene::{Read, Scene},
    },
};

#[test]
fn r13_a_broken_or_narrowed_roster_in_between_is_no_second_proof() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo"]);
    scene.configuration.leavers.missing = LeaverPolicy::Deactivate;
    scene.vanish("1");
    let night = scene.plan();
    scene.note_absences(&night);
    scene.sleep();
    for read in [Read::Broken(0), Read::Miscounted, Read::Narrow(vec![Canonical::City])] {
        assert_eq!(scene.plan_on(&read).change("1"), None, "{read:?}");
    }
    assert!(matches!(
        scene.plan().action("1"),
        Some(Action::Leave {
            reason: LeaverReason::Missing,
            ..
        })
    ));
}

#[test]
fn r13_a_sighting_in_a_broken_roster_ends_an_absence() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo"]);
    scene.configuration.leavers.missing = LeaverPolicy::Deactivate;
    let people = scene.people.clone();
    scene.vanish("1");
    let night = scene.plan();
    scene.note_absences(&night);
    scene.sleep();
    let mut seen = scene.clone();
    seen.people = people;
    let night = seen.plan_on(&Read::Broken(1));
    scene.note_absences(&night);
    assert_eq!(scene.plan().change("1"), None);
    assert_eq!(scene.plan().findings("1")[0].code, Code::Missing);
}

#[test]
fn r05_nobody_leaves_by_absence_without_a_certificate() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo", "Cy"]);
    scene.configuration.leavers.missing = LeaverPolicy::Deactivate;
    for read in [Read::Broken(1), Read::Miscounted, Read::Narrow(vec![Canonical::City])] {
        scene.vanish("1");
        for _ in 0..3 {
            let night = scene.plan_on(&read);
            assert!(night.outcome.absences.is_empty(), "{read:?}");
            assert_eq!(night.plan.counts.leavers, 0, "{read:?}");
            scene.sleep();
        }
        scene.hire("1", "Ana");
    }
}

#[test]
fn r05_the_certificate_of_another_roster_proves_nothing() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo"]);
    let yesterday = scene.plan().completeness;
    assert!(yesterday.certificate().is_some());
    scene.configuration.leavers.missing = LeaverPolicy::Deactivate;
    scene.vanish("1");
    scene.hire("9", "Ana");
    let night = scene.plan_as(&Read::Whole, yesterday);
    assert!(night.outcome.absences.is_empty());
    assert!(
        night.outcome.changes.is_empty(),
        "nobody is missing whose account may pass on"
    );
    assert_eq!(scene.plan().outcome.absences.len(), 1);
}

#[test]
fn r06_a_walk_that_did_not_end_only_updates_linked_people() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo", "Cy"]);
    scene.set("1", Canonical::City, "Rome");
    scene.set("1", Canonical::WorkEmail, "ana.new@acme.test");
    scene.terminate("2");
    scene.hire("4", "Di");
    let night = scene.plan_on(&Read::Miscounted);
    assert_eq!(night.outcome.changes.len(), 1);
    let edits = night.change("1").unwrap().edits().unwrap();
    assert_eq!(edits.attributes.len(), 1);
    assert_eq!(edits.attributes[0].attribute, Canonical::City.into());
    for id in ["1", "2", "4"] {
        assert_eq!(night.findings(id)[0].code, Code::Incomplete, "{id}");
    }
    assert_eq!((night.plan.counts.waiting, night.plan.counts.unchanged), (2, 1));
}

#[test]
fn r06_after_a_broken_walk_no_address_and_no_identifier_changes_whichever_they_are() {
    for identifier in [Identifier::EmployeeNumber, Identifier::PersonalEmail] {
        let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo"]);
        scene.configuration.identifier = identifier;
        for id in ["1", "2"] {
            scene.set(id, Canonical::PersonalEmail, &format!("p{id}@home.test"));
        }
        scene.settle();
        scene.set("1", Canonical::EmployeeNumber, "N77");
        scene.set("1", Canonical::PersonalEmail, "p77@home.test");
        scene.set("1", Canonical::WorkEmail, "ana.new@acme.test");
        scene.set("1", Canonical::City, "Rome");
        for read in [Read::Broken(2), Read::Miscounted] {
            let night = scene.plan_on(&read);
            let edits = night.change("1").unwrap().edits().unwrap();
            let edited: Vec<_> = edits.attributes.iter().map(|edit| edit.attribute.clone()).collect();
            assert_eq!(edited, [Canonical::City.into()], "{identifier:?} {read:?}");
        }
    }
}

#[test]
fn r06_after_a_broken_walk_nobody_comes_back_is_linked_or_takes_over_a_link() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo", "Cy"]);
    scene.terminate("1");
    scene.settle();
    scene.clear("1", Canonical::TerminationDate);
    scene.terminate("2");
    scene.hire("8", "Bo");
    scene.hire("9", "Di");
    scene.add_account("x", &[(Canonical::Email, "di@acme.test")]);
    for read in [Read::Broken(5), Read::Miscounted] {
        let night = scene.plan_on(&read);
        assert!(
            night.outcome.changes.is_empty(),
            "{read:?}: {:?}",
            night.outcome.changes
        );
        for id in ["1", "8", "9"] {
            assert_eq!(night.findings(id)[0].code, Code::Incomplete, "{id} {read:?}");
        }
    }
}

#[test]
fn r06_after_a_broken_walk_nobody_leaves_the_leavers_group() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo"]);
    scene.configuration.leavers.terminated = LeaverPolicy::Group("Alumni".to_owned());
    for id in ["1", "2"] {
        scene.set(id, Canonical::Department, "Kitchen");
    }
    scene.terminate("1");
    scene.settle();
    scene.clear("1", Canonical::TerminationDate);
    scene.set("1", Canonical::City, "Rome");
    let night = scene.plan_on(&Read::Miscounted);
    let Some(Action::Update { edits, .. }) = night.action("1") else {
        panic!("{:?}", night.outcome.changes)
    };
    assert!(
        edits
            .attributes
            .iter()
            .all(|edit| edit.attribute != Canonical::Group.into())
    );
}

#[test]
fn r06_where_attributes_are_hidden_people_are_still_made() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo"]);
    scene.hire("3", "Cy");
    scene.terminate("2");
    let night = scene.plan_on(&Read::Narrow(vec![Canonical::City]));
    assert!(matches!(night.action("3"), Some(Action::Create { .. })));
    assert!(matches!(night.action("2"), Some(Action::Leave { .. })));
}
