//! What holds of every plan, judged by what its process was shown.

use std::collections::BTreeSet;

use rollcall::{
    connection::{Decision, LeaverPolicy},
    employee::EmployeeId,
    plan::{Action, Change, HoldCode, LeaveBy, LeaverReason, LinkState, Purpose},
};

use super::{Memory, judge::Night, rule::has_left};

pub(super) fn check(memory: &Memory, night: &Night<'_>) {
    if night.plan.purpose == Purpose::Sync {
        check_counts(night);
        check_guards(night);
    }
    check_touched(night);
    for change in &night.changes {
        if let Action::Leave { reason, by, .. } = &change.action {
            check_leaver(memory, night, change, *reason, by);
        }
    }
}

/// Every person of roster and links counts once; a person who comes under a new id counts under the new id.
fn check_counts(night: &Night<'_>) {
    let counts = night.plan.counts;
    let mut people: BTreeSet<&EmployeeId> = night.shown.people.iter().map(|person| &person.id).collect();
    people.extend(night.view.links.keys());
    let is_relink = |change: &&Change| matches!(change.action, Action::Relink { .. });
    let relinked = night.changes.iter().filter(is_relink).count();
    let parked = counts.filtered + counts.waiting + counts.skipped + counts.conflicts;
    let counted = counts.changes() + counts.unchanged + parked;
    assert_eq!(
        counted as usize,
        people.len() - relinked,
        "everybody counts once: {counts:?}"
    );
}

/// There is one change per account and person. A change touches only an account that is linked to its person, or that the
/// change links.
fn check_touched(night: &Night<'_>) {
    let mut accounts = BTreeSet::new();
    let mut people = BTreeSet::new();
    for change in &night.changes {
        assert!(people.insert(&change.employee_id), "one change per person");
        let Some(id) = change.account_id() else { continue };
        assert!(accounts.insert(id), "one change per account");
        let owner = night.view.links.values().find(|link| link.account_id == *id);
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

/// A person whom HR shows as active does not leave, and only certified rosters make a person missing.
fn check_leaver(memory: &Memory, night: &Night<'_>, change: &Change, reason: LeaverReason, by: &LeaveBy) {
    let (id, view) = (&change.employee_id, &night.view);
    let leavers = &view.configuration.leavers;
    let decided = matches!(view.decisions.get(id), Some(Decision::Left));
    let account_id = change.account_id().unwrap();
    let is_protected = view.configuration.protected.contains(account_id.as_str());
    assert!(decided || !is_protected, "{id} is protected (R19)");
    let shown = night.shown.people.iter().find(|person| person.id == *id);
    let policy = match reason {
        LeaverReason::Decision => {
            assert!(decided, "somebody decided");
            &leavers.terminated
        }
        LeaverReason::Terminated => {
            assert!(shown.is_some_and(|shown| has_left(view, shown)), "{id} has left");
            &leavers.terminated
        }
        LeaverReason::Missing => {
            assert!(night.may_prove, "only a certificate makes {id} missing (R05)");
            assert!(shown.is_none(), "{id} is missing");
            let is_long = memory.is_long_missing(night.connection, id, view.now);
            assert!(is_long, "{id} is missing for long (R13)");
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

/// The leavers' guard, worked out by a second calculation.
fn check_guards(night: &Night<'_>) {
    let view = &night.view;
    let now = night.changes.iter().filter(|change| change.is_leaver()).count();
    let tied = view.links.values().filter(|link| link.state != LinkState::Pending);
    let is_on = |id| night.account(id).is_some_and(|account| account.active);
    let active = tied.filter(|link| is_on(&link.account_id)).count();
    let limits = view.configuration.limits.leavers;
    let most = (active * limits.percent as usize / 100)
        .max(limits.count as usize)
        .min(limits.most as usize);
    let held = |code| night.plan.holds.iter().any(|hold| hold.code == code);
    assert!(now <= most || held(HoldCode::TooManyLeavers));
    assert!(
        active >= 7 || now * 2 <= active + now || held(HoldCode::TooManyLeavers) || now * 2 <= active,
        "{now} of {active} leave"
    );
    let creates = |change: &Change| matches!(change.action, Action::Create { .. });
    let only_creates = night.changes.iter().all(creates);
    assert!(
        view.state.applied_once || only_creates || held(HoldCode::FirstSync),
        "a first plan that touches what is there is held"
    );
}
