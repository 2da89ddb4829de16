//! What holds of every night: of the plan before it is applied, of the target afterwards, of the same input again.

use std::collections::BTreeSet;

use jiff::{SignedDuration, civil::Date, tz::TimeZone};
use rollcall::{
    account::{Account, AccountId},
    connection::{Decision, LeaverPolicy},
    employee::{Canonical, EmployeeId, Field},
    plan::{
        Action, Change, HoldCode, LeaveBy, LeaverReason, LinkState,
        scene::{Night, Read, Scene},
    },
};

use crate::{
    life::{Life, off_by_hand},
    rule,
};

/// Whether HR says that somebody's last day is over where they are.
pub(crate) fn has_left(scene: &Scene, id: &EmployeeId) -> bool {
    let person = &scene.people[id];
    let text = |canonical: Canonical| match person.get(&canonical.into()) {
        Some(Field::Value(text)) => Some(text.as_str()),
        Some(Field::Empty | Field::Unseen) | None => None,
    };
    let last_on: Option<Date> = text(Canonical::TerminationDate).map(|text| text.parse().unwrap());
    let zone = text(Canonical::TimeZone).unwrap_or(&scene.configuration.fallback_time_zone);
    let today = scene.now.to_zoned(TimeZone::get(zone).unwrap()).date();
    last_on.is_some_and(|last_on| last_on < today)
}

pub(crate) fn check_plan(life: &Life, read: &Read, night: &Night) {
    let scene = &life.scene;
    let again = scene.plan_on(read);
    assert_eq!(again.plan.hash, night.plan.hash, "the same input makes the same plan");
    assert_eq!(again.outcome, night.outcome, "the same input makes the same findings");
    assert_eq!(
        night.lines.read().unwrap(),
        night.outcome.changes,
        "lines read back as they were planned"
    );
    if *read == Read::Foreign {
        assert!(night.outcome.changes.is_empty() && night.outcome.absences.is_empty());
        return;
    }
    check_counts(scene, night);
    check_touched(scene, night);
    for change in &night.outcome.changes {
        if let Action::Leave { reason, by, .. } = &change.action {
            check_leaver(life, night, &change.employee_id, *reason, by);
        }
        rule::check(scene, night, change);
    }
    check_guards(scene, night);
}

/// Everybody of roster and links counts once; who comes under a new id counts under that.
fn check_counts(scene: &Scene, night: &Night) {
    let counts = night.plan.counts;
    let read = night.roster.employees().unwrap();
    let mut people: BTreeSet<EmployeeId> = read.into_iter().map(|employee| employee.id).collect();
    people.extend(scene.links.keys().cloned());
    let is_relink = |action: &Action| matches!(action, Action::Relink { .. });
    let relinked = night
        .outcome
        .changes
        .iter()
        .filter(|change| is_relink(&change.action))
        .count();
    let parked = counts.filtered + counts.waiting + counts.skipped + counts.conflicts;
    let counted = counts.changes() + counts.unchanged + parked;
    assert_eq!(
        counted as usize,
        people.len() - relinked,
        "everybody counts once: {counts:?}"
    );
}

/// One change per account and person, and only of accounts that are linked to that person, or become so.
fn check_touched(scene: &Scene, night: &Night) {
    let mut accounts = BTreeSet::new();
    let mut people = BTreeSet::new();
    for change in &night.outcome.changes {
        assert!(people.insert(&change.employee_id), "one change per person");
        let Some(id) = change.account_id() else { continue };
        assert!(accounts.insert(id), "one change per account");
        let owner = scene.links.values().find(|link| link.account_id == *id);
        let owner = owner.map(|link| &link.employee_id);
        match &change.action {
            Action::Link { .. } | Action::Leave { linked_by: Some(_), .. } => assert_eq!(owner, None),
            Action::Relink { former_id, .. } => assert_eq!(owner, Some(former_id)),
            Action::Create { .. } | Action::Leave { .. } | Action::Reactivate { .. } | Action::Update { .. } => {
                assert_eq!(owner, Some(&change.employee_id));
            }
        }
    }
}

/// Nobody leaves whom HR shows as active, and nobody is missing but by certified rosters.
fn check_leaver(life: &Life, night: &Night, id: &EmployeeId, reason: LeaverReason, by: &LeaveBy) {
    let scene = &life.scene;
    let leavers = &scene.configuration.leavers;
    let decided = matches!(scene.decisions.get(id), Some(Decision::Left));
    let account_id = night.change(id.as_str()).and_then(Change::account_id).unwrap();
    let is_protected = scene.configuration.protected.contains(account_id.as_str());
    assert!(decided || !is_protected, "{id} is protected (R19)");
    let policy = match reason {
        LeaverReason::Decision => {
            assert!(decided, "somebody decided");
            &leavers.terminated
        }
        LeaverReason::Terminated => {
            assert!(has_left(scene, id), "{id} has left");
            &leavers.terminated
        }
        LeaverReason::Missing => {
            assert!(
                night.completeness.certificate().is_some(),
                "only a certificate makes anybody missing"
            );
            let employees = night.roster.employees().unwrap();
            assert!(employees.iter().all(|employee| employee.id != *id), "{id} is missing");
            let since = life.missing[id];
            assert!(
                scene.now.duration_since(since) >= SignedDuration::from_hours(20),
                "{id} is missing for long"
            );
            &leavers.missing
        }
        LeaverReason::OutOfScope => &leavers.out_of_scope,
    };
    match (by, policy) {
        (LeaveBy::Deactivate, LeaverPolicy::Deactivate) | (LeaveBy::Group { .. }, LeaverPolicy::Group(_)) => {}
        (LeaveBy::Deactivate, LeaverPolicy::Ignore | LeaverPolicy::Wait) => assert!(decided),
        (LeaveBy::Deactivate, LeaverPolicy::Group(_)) | (LeaveBy::Group { .. }, _) => panic!("{by:?} by {policy:?}"),
    }
}

/// The leavers' guard, worked out anew.
fn check_guards(scene: &Scene, night: &Night) {
    let now = night.outcome.changes.iter().filter(|change| change.is_leaver()).count();
    let tied = scene.links.values().filter(|link| link.state != LinkState::Pending);
    let active = tied
        .filter(|link| {
            scene
                .accounts
                .get(&link.account_id)
                .is_some_and(|account| account.active)
        })
        .count();
    let limits = scene.configuration.limits.leavers;
    let most = (active * limits.percent as usize / 100)
        .max(limits.count as usize)
        .min(limits.most as usize);
    let held = |code| night.holds().contains(&code);
    assert!(now <= most || held(HoldCode::TooManyLeavers));
    assert!(active >= 7 || now * 2 <= active + now || held(HoldCode::TooManyLeavers) || now * 2 <= active);
    let is_first = scene.applied.is_none();
    let creates = |action: &Action| matches!(action, Action::Create { .. });
    let only_creates = night.outcome.changes.iter().all(|change| creates(&change.action));
    assert!(
        !is_first || only_creates || held(HoldCode::FirstSync),
        "a first plan that touches what is there is held"
    );
}

pub(crate) fn check_apply(before: &Scene, after: &Scene, night: &Night) {
    let touched: BTreeSet<&AccountId> = night
        .outcome
        .changes
        .iter()
        .filter_map(|change| change.account_id())
        .collect();
    let is_same = |id: &AccountId, account: &Account| after.accounts.get(id) == Some(account);
    for (id, account) in &before.accounts {
        assert!(
            touched.contains(id) || is_same(id, account),
            "{id} is touched by no change"
        );
    }
    for id in off_by_hand(before) {
        assert!(!after.accounts[&id].active, "{id} was switched off by hand");
    }
    let mut owners = BTreeSet::new();
    for link in after.links.values() {
        assert!(owners.insert(&link.account_id), "an account has one link");
    }
}

/// The same input again, once the plan is applied, leaves nothing to do; but who moved to a group is updated later.
pub(crate) fn check_again(scene: &Scene, night: &Night) {
    let is_move = |action: &Action| {
        matches!(
            action,
            Action::Leave {
                by: LeaveBy::Group { .. },
                ..
            }
        )
    };
    let moves = night.outcome.changes.iter().any(|change| is_move(&change.action));
    let is_new_input = night.completeness.certificate().is_none();
    let again = scene.plan();
    assert!(
        moves || is_new_input || again.outcome.changes.is_empty(),
        "{:?} after {:?}",
        again.outcome,
        night.outcome
    );
}
