//! First links: which account is whose.

use crate::{
    account::ExternalId,
    connection::{Decision, LeaverPolicy, Preset},
    employee::Canonical,
    plan::{
        Action, Code, Evidence, HoldCode, State,
        tests::scene::{Scene, account, employee, reference},
    },
};

pub(super) fn finding(scene: &Scene, id: &str) -> (State, Code) {
    let night = scene.plan();
    assert_eq!(night.change(id), None);
    let finding = night.findings(id)[0];
    (finding.state, finding.code)
}

pub(super) fn linked_by(scene: &Scene, id: &str) -> Option<(String, Evidence)> {
    match scene.plan().action(id) {
        Some(Action::Link {
            account_id, evidence, ..
        }) => Some((account_id.as_str().to_owned(), *evidence)),
        Some(_) | None => None,
    }
}

pub(super) fn hired(preset: Preset) -> Scene {
    let mut scene = Scene::new(preset);
    scene.hire("1", "Ana");
    scene
}

#[test]
fn an_account_with_the_same_identifier_is_linked_and_brought_up_to_date() {
    let mut scene = hired(Preset::Standard);
    scene.add_account("x", &[(Canonical::Email, "ana@acme.test"), (Canonical::City, "Rome")]);
    assert_eq!(linked_by(&scene, "1"), Some(("x".to_owned(), Evidence::Identifier)));
    assert_eq!(scene.plan().holds(), [HoldCode::FirstSync]);
    scene.settle();
    assert_eq!(scene.account_of("1").text(Canonical::City), "Oslo");
    assert_eq!(scene.account_of("1").external_id, Some(reference(&employee("1"))));
}

#[test]
fn an_account_whose_login_is_the_identifier_is_linked_whatever_its_primary_e_mail_is() {
    let mut scene = hired(Preset::Standard);
    scene.add_account("x", &[(Canonical::Email, "ana@home.test")]);
    scene.accounts.get_mut(&account("x")).unwrap().login = Some("ana@acme.test".into());
    assert_eq!(linked_by(&scene, "1"), Some(("x".to_owned(), Evidence::Identifier)));
    scene.add_account("y", &[(Canonical::Email, "ana@acme.test")]);
    assert_eq!(finding(&scene, "1"), (State::Conflict, Code::SeveralAccounts));
}

#[test]
fn r02_our_reference_counts_for_more_than_the_identifier_and_a_bare_id_for_nothing() {
    let mut scene = hired(Preset::ExpenseUsers);
    scene.add_account("x", &[(Canonical::EmployeeNumber, "N1")]);
    scene.add_account("y", &[]);
    scene.accounts.get_mut(&account("y")).unwrap().external_id = Some(reference(&employee("1")));
    assert_eq!(linked_by(&scene, "1"), Some(("y".to_owned(), Evidence::ExternalId)));
    scene.accounts.get_mut(&account("y")).unwrap().external_id = ExternalId::from_target("1");
    assert_eq!(linked_by(&scene, "1"), Some(("x".to_owned(), Evidence::Identifier)));
}

#[test]
fn r02_references_of_another_company_are_never_taken_over() {
    let mut scene = hired(Preset::Standard);
    scene.add_account("x", &[(Canonical::Email, "ana@acme.test")]);
    for theirs in ["factorial:8:1", "bamboohr:7:1"] {
        scene.accounts.get_mut(&account("x")).unwrap().external_id = ExternalId::from_target(theirs);
        assert_eq!(
            finding(&scene, "1"),
            (State::Conflict, Code::LinkedElsewhere),
            "{theirs}"
        );
        let account_id = account("x");
        scene.decisions.insert(employee("1"), Decision::Link { account_id });
        assert_eq!(
            finding(&scene, "1"),
            (State::Conflict, Code::LinkedElsewhere),
            "{theirs}"
        );
        scene.decisions.clear();
    }
}

#[test]
fn r02_a_reference_of_another_product_is_replaced_as_one_whatever_its_form() {
    for theirs in [
        "okta-77",
        "urn:okta:00u77",
        "azure:tenant:oid",
        "https://idp.test:8443/users/7",
    ] {
        let mut scene = hired(Preset::Standard);
        scene.add_account("x", &[(Canonical::Email, "ana@acme.test")]);
        scene.accounts.get_mut(&account("x")).unwrap().external_id = ExternalId::from_target(theirs);
        let night = scene.plan();
        let Some(Action::Link {
            reference: Some(edit), ..
        }) = night.action("1")
        else {
            panic!("{theirs}: the account is linked, and the plan names the reference")
        };
        assert_eq!(
            (edit.before.as_str(), edit.after.clone()),
            (theirs, reference(&employee("1")))
        );
        assert!(night.holds().contains(&HoldCode::Relinks), "{theirs}");
    }
}

#[test]
fn r16_a_link_that_moves_shows_the_reference_of_another_product_that_it_replaces() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana", "Bo"]);
    scene.terminate("1");
    scene.settle();
    scene.hire("9", "Ana");
    let account_id = scene.account_of("1").id.clone();
    let carry = |scene: &mut Scene, text: &str| {
        scene.accounts.get_mut(&account_id).unwrap().external_id = ExternalId::from_target(text);
    };
    // The reference of another company's employee is never taken over.
    carry(&mut scene, "factorial:8:1");
    assert_eq!(finding(&scene, "9"), (State::Conflict, Code::LinkedElsewhere));
    carry(&mut scene, "okta-77");
    let night = scene.plan();
    let Some(Action::Relink {
        reference: Some(edit), ..
    }) = night.action("9")
    else {
        panic!("the link moves, and the plan names the reference")
    };
    assert_eq!(
        (edit.before.as_str(), edit.after.clone()),
        ("okta-77", reference(&employee("9")))
    );
    assert_eq!(night.holds(), [HoldCode::Relinks]);
    scene.apply(&night);
    assert!(scene.plan().outcome.changes.is_empty());
}

#[test]
fn r02_a_decision_gives_nobody_a_second_account_with_their_reference() {
    let mut scene = hired(Preset::Standard);
    scene.add_account("x", &[(Canonical::Email, "other@acme.test")]);
    scene.add_account("y", &[(Canonical::Email, "another@acme.test")]);
    scene.accounts.get_mut(&account("y")).unwrap().external_id = Some(reference(&employee("1")));
    let decide = |scene: &mut Scene, id: &str| {
        let account_id = account(id);
        scene.decisions.insert(employee("1"), Decision::Link { account_id });
    };
    decide(&mut scene, "x");
    let night = scene.plan();
    assert_eq!(night.action("1"), None);
    let finding = &night.findings("1")[0];
    assert_eq!(
        (finding.code, &finding.account_id),
        (Code::ReferenceElsewhere, &Some(account("y")))
    );
    // Two ways lead out: decide for the account that the finding names, or take the reference off it.
    decide(&mut scene, "y");
    assert_eq!(linked_by(&scene, "1"), Some(("y".to_owned(), Evidence::Decision)));
    decide(&mut scene, "x");
    scene.accounts.get_mut(&account("y")).unwrap().external_id = None;
    assert_eq!(linked_by(&scene, "1"), Some(("x".to_owned(), Evidence::Decision)));
}

#[test]
fn r04_an_account_that_is_linked_to_an_active_person_is_not_linked_again() {
    let mut scene = Scene::settled(Preset::ExpenseUsers, &["Ana"]);
    scene.hire("2", "Bo");
    scene.decisions.insert(
        employee("2"),
        Decision::Link {
            account_id: scene.account_of("1").id.clone(),
        },
    );
    assert_eq!(finding(&scene, "2"), (State::Conflict, Code::LinkedElsewhere));
}

#[test]
fn r04_an_account_that_another_connection_is_linked_to_is_not_linked_again() {
    let mut scene = hired(Preset::Standard);
    scene.add_account("x", &[(Canonical::Email, "ana@acme.test")]);
    scene.accounts.get_mut(&account("x")).unwrap().external_id = Some(reference(&employee("1")));
    assert!(matches!(scene.plan().action("1"), Some(Action::Link { .. })));
    scene.elsewhere.insert(account("x"));
    assert_eq!(scene.plan().action("1"), None);
    assert_eq!(finding(&scene, "1"), (State::Conflict, Code::LinkedElsewhere));
}

#[test]
fn r04_whose_reference_an_account_carries_gets_no_second_one_while_another_person_takes_it() {
    let mut scene = hired(Preset::Standard);
    scene.hire("2", "Bo");
    scene.add_account("x", &[(Canonical::Email, "ana@acme.test")]);
    scene.accounts.get_mut(&account("x")).unwrap().external_id = Some(reference(&employee("1")));
    scene.decisions.insert(
        employee("2"),
        Decision::Link {
            account_id: account("x"),
        },
    );
    let night = scene.plan();
    assert!(matches!(night.action("2"), Some(Action::Link { .. })));
    assert_eq!(
        night.action("1"),
        None,
        "the account is named 1 until this plan is applied"
    );
    assert_eq!(night.findings("1")[0].code, Code::LinkedElsewhere);
    scene.settle();
    assert_eq!(scene.account_of("2").id, account("x"));
    assert_ne!(scene.account_of("1").id, account("x"));
}

#[test]
fn r04_two_who_would_take_one_account_freeze_each_other_unless_the_evidence_differs() {
    let mut scene = hired(Preset::ExpenseUsers);
    scene.hire("2", "Bo");
    scene.add_account("x", &[(Canonical::EmployeeNumber, "N1")]);
    let account_id = account("x");
    let theirs = Decision::Link { account_id };
    scene.decisions.insert(employee("2"), theirs.clone());
    let night = scene.plan();
    assert!(matches!(night.action("2"), Some(Action::Link { .. })));
    assert_eq!(night.findings("1")[0].code, Code::LinkedElsewhere);
    scene.decisions.insert(employee("1"), theirs);
    let night = scene.plan();
    assert!(night.outcome.changes.is_empty());
    assert_eq!(night.plan.counts.conflicts, 2);
}

#[test]
fn an_account_that_another_takes_and_renames_leaves_its_address_to_whom_it_belongs() {
    let mut scene = hired(Preset::Standard);
    scene.hire("2", "Bo");
    scene.add_account("x", &[(Canonical::Email, "ana@acme.test")]);
    let account_id = account("x");
    scene.decisions.insert(employee("2"), Decision::Link { account_id });
    scene.settle();
    assert_eq!(scene.account_of("2").id.as_str(), "x");
    assert_eq!(scene.account_of("1").text(Canonical::Email), "ana@acme.test");
}

#[test]
fn several_accounts_with_one_identifier_are_a_question() {
    let mut scene = hired(Preset::ExpenseUsers);
    for id in ["x", "y"] {
        scene.add_account(id, &[(Canonical::EmployeeNumber, "N1")]);
    }
    assert_eq!(finding(&scene, "1"), (State::Conflict, Code::SeveralAccounts));
    let account_id = account("y");
    scene.decisions.insert(employee("1"), Decision::Link { account_id });
    assert_eq!(linked_by(&scene, "1"), Some(("y".to_owned(), Evidence::Decision)));
}

#[test]
fn a_name_alone_is_offered_and_never_used() {
    let mut scene = hired(Preset::Stakeholders);
    scene.add_account("x", &[(Canonical::FirstName, "ANA"), (Canonical::LastName, "Anason")]);
    assert_eq!(finding(&scene, "1"), (State::Conflict, Code::PossibleMatch));
    scene.decisions.insert(employee("1"), Decision::NewAccount);
    assert!(matches!(scene.plan().action("1"), Some(Action::Create { .. })));
    let mut other = hired(Preset::Standard);
    other.accounts.clone_from(&scene.accounts);
    assert!(matches!(other.plan().action("1"), Some(Action::Create { .. })));
}

/// A person, and the account of another one who has left, with the same value of an attribute.
fn beside_former(preset: Preset, shared: Canonical, value: &str) -> Scene {
    let mut scene = hired(preset);
    let named = [(Canonical::FirstName, "Old"), (Canonical::LastName, "Hand")];
    scene.add_account("x", &[&[(shared, value)][..], &named].concat());
    scene.accounts.get_mut(&account("x")).unwrap().active = false;
    scene
}

#[test]
fn r09_a_former_account_under_another_name_is_not_taken_over() {
    let scene = beside_former(Preset::ExpenseUsers, Canonical::EmployeeNumber, "N1");
    assert_eq!(finding(&scene, "1"), (State::Conflict, Code::IdentityChanged));
}

#[test]
fn r20_an_address_of_a_former_account_that_another_person_gets_is_told_as_that() {
    let mut scene = beside_former(Preset::Standard, Canonical::Email, "ana@acme.test");
    let taken = (State::Conflict, Code::EmailStillTaken);
    assert_eq!(finding(&scene, "1"), taken);
    let decided = |scene: &Scene, decision| {
        let mut scene = scene.clone();
        scene.decisions.insert(employee("1"), decision);
        scene
    };
    let account_id = account("x");
    let same = decided(&scene, Decision::Link { account_id });
    assert!(
        matches!(same.plan().action("1"), Some(Action::Link { .. })),
        "the same person"
    );
    assert_eq!(
        finding(&decided(&scene, Decision::NewAccount), "1"),
        taken,
        "nobody else's address is touched"
    );
    scene.edit_by_hand(&account("x"), Canonical::Email, "old@acme.test");
    for freed in [decided(&scene, Decision::NewAccount), scene] {
        assert!(matches!(freed.plan().action("1"), Some(Action::Create { .. })));
    }
}

#[test]
fn r15_an_inactive_account_of_the_same_name_is_linked_and_stays_off() {
    let mut scene = hired(Preset::Standard);
    scene.add_account("x", &[(Canonical::Email, "ana@acme.test")]);
    scene.accounts.get_mut(&account("x")).unwrap().active = false;
    let night = scene.plan();
    assert_eq!(night.findings("1")[0].code, Code::DeactivatedByHand);
    scene.apply(&night);
    assert!(!scene.account_of("1").active);
    assert_eq!(finding(&scene, "1"), (State::Skipped, Code::DeactivatedByHand));
}

#[test]
fn r24_leavers_who_are_linked_by_the_same_plan_need_their_own_approval() {
    let mut scene = hired(Preset::Standard);
    scene.add_account("x", &[(Canonical::Email, "ana@acme.test")]);
    scene.terminate("1");
    let night = scene.plan();
    assert!(matches!(
        night.action("1"),
        Some(Action::Leave {
            linked_by: Some(Evidence::Identifier),
            ..
        })
    ));
    assert_eq!(
        night.holds(),
        [
            HoldCode::FirstLinkLeavers,
            HoldCode::FirstSync,
            HoldCode::TooManyLeavers
        ]
    );
    assert_eq!(night.plan.counts.unmanaged, 0);
    scene.apply(&night);
    assert!(!scene.account_of("1").active);
    assert!(scene.plan().outcome.changes.is_empty());
}

#[test]
fn a_person_who_left_long_ago_has_no_claim_on_an_address_that_another_uses_now() {
    let mut scene = hired(Preset::Standard);
    scene.hire("2", "Bo");
    scene.set("2", Canonical::WorkEmail, "ana@acme.test");
    scene.terminate("2");
    scene.add_account("x", &[(Canonical::Email, "ana@acme.test")]);
    let night = scene.plan();
    assert!(matches!(night.action("1"), Some(Action::Link { .. })));
    assert_eq!(night.findings("2")[0].code, Code::Former);
}

#[test]
fn former_people_are_linked_only_to_be_let_go() {
    for (policy, code) in [
        (LeaverPolicy::Ignore, Code::Former),
        (LeaverPolicy::Wait, Code::LeaverWaits),
    ] {
        let mut scene = hired(Preset::Standard);
        scene.terminate("1");
        scene.add_account("x", &[(Canonical::Email, "ana@acme.test")]);
        scene.configuration.leavers.terminated = policy;
        assert_eq!(finding(&scene, "1").1, code);
    }
}
