//! The order of changes: an address is freed before it is taken; circles are one transaction (R20).

use std::collections::{BTreeMap, BTreeSet};

use super::{Action, Basis, Change, Code, LinkState};
use crate::employee::{Attribute, Canonical, EmployeeId};

/// The longest circle that is changed in one transaction.
const MOST_TOGETHER: usize = 20;

/// Changes in order, and those that cannot be done.
pub(super) struct Ordered {
    pub(super) changes: Vec<Change>,
    pub(super) dropped: Vec<(EmployeeId, Code)>,
}

/// Puts changes in order: people by id, each after the one that frees its address; leavers last.
pub(super) fn order(mut changes: Vec<Change>, basis: &Basis<'_>) -> Ordered {
    changes.sort_by(|left, right| {
        left.is_leaver()
            .cmp(&right.is_leaver())
            .then_with(|| left.employee_id.cmp(&right.employee_id))
    });
    let mut dropped = Vec::new();
    if basis.accounts.as_slice().is_empty() || !changes.iter().any(|change| new_email(change).is_some()) {
        return Ordered { changes, dropped };
    }
    let holders = holders(basis);
    let is_former = former_accounts(basis);
    loop {
        let needs = needs(&changes, &holders, basis);
        let mut refused: BTreeMap<usize, Code> = BTreeMap::new();
        for (index, need) in needs.iter().enumerate() {
            if let Need::Taken(position) = need {
                let former = is_former.contains(position) || leaves(&changes, basis, *position);
                refused.insert(
                    index,
                    if former {
                        Code::EmailStillTaken
                    } else {
                        Code::EmailTaken
                    },
                );
            }
        }
        let circles = circles(&needs);
        for circle in &circles {
            if !basis.abilities.together || circle.len() > MOST_TOGETHER {
                refused.extend(circle.iter().map(|index| (*index, Code::EmailCycle)));
            }
        }
        if refused.is_empty() {
            return Ordered {
                changes: arrange(changes, &needs, &circles),
                dropped,
            };
        }
        let mut index = 0;
        changes.retain(|change| {
            let code = refused.get(&index);
            index += 1;
            dropped.extend(code.map(|code| (change.employee_id.clone(), *code)));
            code.is_none()
        });
    }
}

/// What a change waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    /// Nothing.
    Nothing,
    /// The change that frees its address.
    Change(usize),
    /// An address that nobody frees, held by the account at this position.
    Taken(usize),
}

/// The address that a change sets, if it sets one.
fn new_email(change: &Change) -> Option<&str> {
    match &change.action {
        Action::Create { attributes, .. } => attributes.value(Canonical::Email),
        Action::Leave { .. } => None,
        Action::Link { edits, .. }
        | Action::Reactivate { edits, .. }
        | Action::Relink { edits, .. }
        | Action::Update { edits, .. } => edits
            .attributes
            .iter()
            .find(|edit| edit.attribute == Attribute::Canonical(Canonical::Email))
            .and_then(|edit| edit.after.as_deref()),
    }
}

/// Whether a change gives up the address that its account holds.
fn frees_email(change: &Change) -> bool {
    change.edits().is_some_and(|edits| {
        edits
            .attributes
            .iter()
            .any(|edit| edit.attribute == Attribute::Canonical(Canonical::Email) && edit.before.is_some())
    })
}

fn holders<'a>(basis: &Basis<'a>) -> BTreeMap<&'a str, usize> {
    let accounts = basis.accounts.as_slice().iter().enumerate();
    accounts
        .filter_map(|(position, account)| Some((account.value(Canonical::Email)?, position)))
        .collect()
}

/// Accounts that are switched off, by position.
fn former_accounts(basis: &Basis<'_>) -> BTreeSet<usize> {
    let inactive = basis
        .accounts
        .as_slice()
        .iter()
        .enumerate()
        .filter(|(_, account)| !account.active);
    let gone = basis.links.as_slice().iter().filter(|link| {
        matches!(link.state, LinkState::Deactivated { .. } | LinkState::Moved { .. }) || link.absent_since.is_some()
    });
    inactive
        .map(|(position, _)| position)
        .chain(gone.filter_map(|link| basis.accounts.position(&link.account_id)))
        .collect()
}

fn leaves(changes: &[Change], basis: &Basis<'_>, position: usize) -> bool {
    let account = basis.accounts.as_slice().get(position);
    changes
        .iter()
        .any(|change| change.is_leaver() && change.account_id() == account.map(|account| &account.id))
}

fn needs(changes: &[Change], holders: &BTreeMap<&str, usize>, basis: &Basis<'_>) -> Vec<Need> {
    let by_account: BTreeMap<&str, usize> = changes
        .iter()
        .enumerate()
        .filter_map(|(index, change)| Some((change.account_id()?.as_str(), index)))
        .collect();
    let need = |change: &Change| {
        let position = *holders.get(new_email(change)?)?;
        let holder = &basis.accounts.as_slice().get(position)?.id;
        if change.account_id() == Some(holder) {
            return None;
        }
        let freed_by = by_account
            .get(holder.as_str())
            .filter(|index| changes.get(**index).is_some_and(frees_email));
        Some(freed_by.map_or(Need::Taken(position), |index| Need::Change(*index)))
    };
    changes
        .iter()
        .map(|change| need(change).unwrap_or(Need::Nothing))
        .collect()
}

/// The circles among changes that wait for each other. Each waits for at most one.
fn circles(needs: &[Need]) -> Vec<Vec<usize>> {
    let mut circles = Vec::new();
    let mut seen = vec![false; needs.len()];
    for start in 0..needs.len() {
        let mut path = Vec::new();
        let mut at = start;
        while seen.get(at) == Some(&false) {
            if let Some(mark) = seen.get_mut(at) {
                *mark = true;
            }
            path.push(at);
            match needs.get(at) {
                Some(Need::Change(next)) => at = *next,
                Some(Need::Nothing | Need::Taken(_)) | None => break,
            }
        }
        if let Some(entry) = path.iter().position(|index| *index == at)
            && matches!(needs.get(at), Some(Need::Change(_)))
            && path
                .last()
                .is_some_and(|last| needs.get(*last) == Some(&Need::Change(at)))
        {
            circles.push(path.split_off(entry));
        }
    }
    circles
}

/// Puts each change after the one that it waits for, and circles together under one number.
fn arrange(changes: Vec<Change>, needs: &[Need], circles: &[Vec<usize>]) -> Vec<Change> {
    let mut changes: Vec<Option<Change>> = changes.into_iter().map(Some).collect();
    for (number, circle) in circles.iter().enumerate() {
        for index in circle {
            if let Some(Some(change)) = changes.get_mut(*index) {
                change.together = u32::try_from(number + 1).ok();
            }
        }
    }
    let circle_of: BTreeMap<usize, &Vec<usize>> = circles
        .iter()
        .flat_map(|circle| circle.iter().map(move |index| (*index, circle)))
        .collect();
    let mut arranged = Vec::with_capacity(changes.len());
    for start in 0..changes.len() {
        let mut path = Vec::new();
        let mut at = start;
        loop {
            if changes.get(at).is_none_or(Option::is_none) || path.contains(&at) {
                break;
            }
            path.push(at);
            match needs.get(at) {
                Some(Need::Change(next)) if !circle_of.contains_key(&at) => at = *next,
                Some(_) | None => break,
            }
        }
        for index in path.into_iter().rev() {
            let members = circle_of.get(&index).map_or_else(
                || vec![index],
                |circle| {
                    let mut members = (*circle).clone();
                    members.sort_unstable();
                    members
                },
            );
            for member in members {
                arranged.extend(changes.get_mut(member).and_then(Option::take));
            }
        }
    }
    arranged
}
