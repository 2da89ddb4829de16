//! What holds of any tenant, whatever happened to it.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use crate::{
    connection::{LeaverPolicy, Preset},
    employee::{Canonical, EmployeeId},
    plan::{
        Action, Code, Finding, LeaveBy, LeaverReason,
        tests::scene::{NAMES, Night, Read, Scene, Step},
    },
};

fn step() -> impl Strategy<Value = Step> {
    let n = any::<u8>;
    let days = || -4_i8..4;
    prop_oneof![
        3 => (n(), days()).prop_map(|(a, b)| Step::Hire(a, b)),
        3 => (n(), n()).prop_map(|(a, b)| Step::Move(a, b)),
        1 => (n(), n()).prop_map(|(a, b)| Step::Empty(a, b)),
        1 => (n(), n()).prop_map(|(a, b)| Step::Hide(a, b)),
        1 => n().prop_map(Step::Phone),
        2 => (n(), n()).prop_map(|(a, b)| Step::Rename(a, b)),
        1 => (n(), n()).prop_map(|(a, b)| Step::Marry(a, b)),
        2 => (n(), n()).prop_map(|(a, b)| Step::Swap(a, b)),
        2 => (n(), n()).prop_map(|(a, b)| Step::Chain(a, b)),
        1 => (n(), n()).prop_map(|(a, b)| Step::Share(a, b)),
        3 => (n(), days()).prop_map(|(a, b)| Step::Leave(a, b)),
        2 => n().prop_map(Step::Return),
        2 => n().prop_map(Step::Vanish),
        2 => (n(), any::<bool>()).prop_map(|(a, b)| Step::Renumber(a, b)),
        1 => n().prop_map(Step::Double),
        1 => (n(), n()).prop_map(|(a, b)| Step::Replace(a, b)),
        2 => (n(), n()).prop_map(|(a, b)| Step::Manage(a, b)),
        1 => (n(), n()).prop_map(|(a, b)| Step::Zone(a, b)),
        1 => (n(), n()).prop_map(|(a, b)| Step::Edit(a, b)),
        1 => n().prop_map(Step::Switch),
        1 => n().prop_map(Step::Account),
        1 => n().prop_map(Step::Delete),
        1 => (n(), n()).prop_map(|(a, b)| Step::Decide(a, b)),
        1 => n().prop_map(Step::Forget),
        1 => n().prop_map(Step::Configure),
    ]
}

fn preset() -> impl Strategy<Value = Preset> {
    proptest::sample::select(vec![
        Preset::Standard,
        Preset::Stakeholders,
        Preset::Users,
        Preset::ExpenseUsers,
    ])
}

/// Returns some days in the life of a tenant, each with its night, and what happened since the last one.
fn tenant() -> impl Strategy<Value = Scene> {
    let days = proptest::collection::vec(proptest::collection::vec(step(), 0..6), 0..4);
    (preset(), 0_usize..9, days, proptest::collection::vec(step(), 0..8)).prop_map(|(preset, people, days, today)| {
        let mut scene = Scene::new(preset);
        for (position, name) in NAMES.iter().take(people).enumerate() {
            scene.hire(&(position + 1).to_string(), name);
        }
        for steps in days {
            let night = scene.plan();
            scene.note_absences(&night);
            scene.apply(&night);
            scene.sleep();
            for step in steps {
                scene.happen(step);
            }
        }
        for step in today {
            scene.happen(step);
        }
        scene
    })
}

fn read() -> impl Strategy<Value = Read> {
    prop_oneof![
        Just(Read::Whole),
        (0_usize..6).prop_map(Read::Broken),
        Just(Read::Miscounted),
        Just(Read::Narrow(vec![Canonical::City])),
        Just(Read::Narrow(vec![Canonical::TerminationDate])),
    ]
}

/// Every person of roster and links is counted once; a person who came under a new id counts under that.
fn counted_once(scene: &Scene, night: &Night) {
    let counts = night.plan.counts;
    let read: BTreeSet<EmployeeId> = night
        .roster
        .employees()
        .unwrap()
        .into_iter()
        .map(|one| one.id)
        .collect();
    let mut people = read;
    people.extend(scene.links.keys().cloned());
    let moved = night
        .outcome
        .changes
        .iter()
        .filter(|change| matches!(change.action, Action::Relink { .. }))
        .count();
    let counted =
        counts.changes() + counts.unchanged + counts.filtered + counts.waiting + counts.skipped + counts.conflicts;
    assert_eq!(counted as usize, people.len() - moved, "{counts:?}");
    let unmanaged = night
        .outcome
        .findings
        .iter()
        .filter(|finding| finding.employee_id.is_none())
        .count();
    assert_eq!(counts.unmanaged as usize, unmanaged);
}

/// Returns whether a person waits for an address, a number, a reference or an account that another person holds.
const fn waits_for_another(finding: &Finding) -> bool {
    matches!(
        finding.code,
        Code::EmailTaken
            | Code::LinkedElsewhere
            | Code::PossibleMatch
            | Code::ReferenceElsewhere
            | Code::SeveralAccounts
            | Code::SharedEmail
            | Code::SharedIdentifier
            | Code::Taken
    )
}

proptest! {
    #[test]
    fn r29_a_diff_of_people_in_any_parts_equals_a_diff_of_one_roster(
        scene in tenant(),
        read in read(),
        parts in proptest::collection::vec(0_usize..9, 1..9),
    ) {
        let (whole, streamed) = (scene.plan_on(&read), scene.plan_in_parts(&read, &parts));
        prop_assert_eq!(&streamed.outcome, &whole.outcome);
        prop_assert_eq!(streamed.plan.hash, whole.plan.hash);
    }

    #[test]
    fn one_change_per_account_and_one_count_per_person(scene in tenant(), read in read()) {
        let night = scene.plan_on(&read);
        let mut touched = BTreeMap::new();
        let mut people = BTreeSet::new();
        for change in &night.outcome.changes {
            prop_assert!(people.insert(&change.employee_id));
            if let Some(account_id) = change.account_id() {
                prop_assert_eq!(touched.insert(account_id, &change.employee_id), None);
            }
        }
        counted_once(&scene, &night);
    }

    #[test]
    fn after_apply_nothing_is_left_to_do(mut scene in tenant()) {
        let night = scene.plan();
        // What is approved on a narrowed roster becomes the measure of the next one: that is new input.
        prop_assume!(night.completeness.certificate().is_some());
        scene.note_absences(&night);
        scene.apply(&night);
        // A person who moves to the leavers' group only moves; other changes of HR's follow the night after. So does
        // a person who waits for what another person holds that night, and gives up by that same plan.
        let moves = night.outcome.findings.iter().any(waits_for_another) || night.outcome.changes.iter().any(|change| matches!(
            change.action,
            Action::Leave { by: LeaveBy::Group { .. }, .. }
        ));
        let mut again = scene.plan();
        prop_assert!(moves || again.outcome.changes.is_empty(), "{:?} after {:?}", again.outcome, night.outcome);
        // People wait for one another, and never in a circle: each night ends the waiting of one of them at least.
        for _ in 0..=scene.people.len() {
            if again.outcome.changes.is_empty() {
                break;
            }
            scene.apply(&again);
            again = scene.plan();
        }
        prop_assert!(again.outcome.changes.is_empty(), "{:?} and never quiet after {:?}", again.outcome, night.outcome);
    }

    #[test]
    fn no_plan_alternates_between_two_runs_on_the_same_input(scene in tenant(), read in read()) {
        let (first, second) = (scene.plan_on(&read), scene.plan_on(&read));
        prop_assert_eq!(first.plan.hash, second.plan.hash);
        prop_assert_eq!(first.outcome, second.outcome);
    }

    #[test]
    fn the_order_in_which_people_accounts_and_links_come_does_not_matter(
        scene in tenant(), read in read(), order in 1..u64::MAX,
    ) {
        let turned = Scene { order, ..scene.clone() };
        let (straight, turned) = (scene.plan_on(&read), turned.plan_on(&read));
        prop_assert_eq!(straight.plan.hash, turned.plan.hash);
        prop_assert_eq!(straight.plan.holds, turned.plan.holds);
        prop_assert_eq!(straight.outcome, turned.outcome);
    }

    #[test]
    fn r46_a_plan_on_what_is_wanted_is_the_plan_on_everything(scene in tenant(), read in read()) {
        let wide = scene.plan_on(&read);
        let narrow = Scene { reads_what_is_wanted: true, ..scene }.plan_on(&read);
        // What is of no use may be hidden: it puts nobody's absence in doubt.
        let has_proof = |night: &Night| night.completeness.certificate().is_some();
        prop_assert!(has_proof(&narrow) || !has_proof(&wide));
        if has_proof(&narrow) == has_proof(&wide) {
            prop_assert_eq!(&narrow.outcome, &wide.outcome);
            // Nothing is held for the sake of an attribute that is of no use.
            let codes = |night: &Night| night.plan.holds.iter().map(|hold| hold.code).collect::<BTreeSet<_>>();
            prop_assert!(codes(&narrow).is_subset(&codes(&wide)), "{:?}", narrow.plan.holds);
        }
    }

    #[test]
    fn what_is_read_back_is_what_was_planned(scene in tenant()) {
        let night = scene.plan();
        prop_assert_eq!(night.lines.read().unwrap(), night.outcome.changes);
    }

    #[test]
    fn a_partial_roster_yields_no_leaver_no_joiner_and_no_link(scene in tenant(), most in 0_usize..9) {
        for read in [Read::Broken(most), Read::Miscounted] {
            let counts = scene.plan_on(&read).plan.counts;
            prop_assert_eq!((counts.leavers, counts.joiners, counts.links, counts.rehires), (0, 0, 0, 0));
        }
    }

    #[test]
    fn without_a_certificate_nobody_is_missing(scene in tenant(), gone in proptest::collection::vec(any::<u8>(), 0..4)) {
        let mut scene = scene;
        scene.configuration.leavers.missing = LeaverPolicy::Deactivate;
        for who in gone {
            scene.happen(Step::Vanish(who));
        }
        for read in [Read::Broken(3), Read::Miscounted, Read::Narrow(vec![Canonical::City])] {
            let night = scene.plan_on(&read);
            let certified = night.completeness.certificate().is_some();
            let missing = night.outcome.changes.iter().any(|change| matches!(
                change.action,
                Action::Leave { reason: LeaverReason::Missing, .. }
            ));
            prop_assert!(certified || !missing);
            prop_assert!(certified || night.outcome.absences.iter().all(|absence| absence.absent_since.is_none()));
        }
    }

    #[test]
    fn removing_some_people_yields_at_most_as_many_leavers(
        scene in tenant(), gone in proptest::collection::vec(any::<u8>(), 0..4),
    ) {
        let (mut kept, mut scene) = (scene.clone(), scene);
        let people = scene.people.len();
        for who in gone {
            scene.happen(Step::Vanish(who));
        }
        let removed = u32::try_from(people - scene.people.len()).unwrap();
        for _ in 0..3 {
            let (with, without) = (kept.plan(), scene.plan());
            kept.note_absences(&with);
            scene.note_absences(&without);
            prop_assert!(without.plan.counts.leavers <= with.plan.counts.leavers + removed, "{:?}", without.outcome);
            for scene in [&mut kept, &mut scene] {
                scene.now = scene.now.checked_add(jiff::SignedDuration::from_hours(11)).unwrap();
            }
        }
    }
}
