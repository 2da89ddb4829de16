//! The order of changes: an address is freed before it is taken; circles are one transaction (R20).

use std::collections::{BTreeMap, BTreeSet};

use super::{Action, Basis, Change, Code, LinkState};
use crate::employee::{Attribute, Canonical};

/// The longest circle that is changed in one transaction.
const MOST_TOGETHER: usize = 20;

const EMAIL: Attribute = Attribute::Canonical(Canonical::Email);

/// What a change waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    /// The change waits for nothing.
    Nothing,
    /// The change that frees its address.
    Change(usize),
    /// An address that no change frees, held by the account at this position.
    Taken(usize),
}

/// Returns the changes that cannot be done, by position: they want an address that is not freed, or that goes round in
/// a circle which the target cannot change together. `None` where nobody waits for anything.
pub(super) fn refused(changes: &[&Change], basis: &Basis<'_>) -> Option<BTreeMap<usize, Code>> {
    let needs = needs(changes, basis);
    if needs.iter().all(|need| *need == Need::Nothing) {
        return None;
    }
    let former = former_accounts(changes, basis);
    let mut refused: BTreeMap<usize, Code> = BTreeMap::new();
    for circle in circles(&needs) {
        if !basis.abilities.together || circle.len() > MOST_TOGETHER {
            refused.extend(circle.into_iter().map(|position| (position, Code::EmailCycle)));
        }
    }
    let mut settled = vec![false; needs.len()];
    for start in 0..needs.len() {
        let path = path(start, &needs, &settled);
        let end = path.last().copied().unwrap_or(start);
        let mut code = match needs.get(end) {
            Some(Need::Taken(holder)) if former.contains(holder) => Some(Code::EmailStillTaken),
            Some(Need::Taken(_)) => Some(Code::EmailTaken),
            Some(Need::Change(next)) => refused.get(next).map(|_| Code::EmailTaken),
            Some(Need::Nothing) | None => None,
        };
        // A change that waits for a change which is not done cannot be done either.
        for position in path.into_iter().rev() {
            if let Some(mark) = settled.get_mut(position) {
                *mark = true;
            }
            if let Some(code) = code {
                refused.entry(position).or_insert(code);
            }
            code = refused.get(&position).map(|_| Code::EmailTaken);
        }
    }
    Some(refused)
}

/// Returns the changes that wait for each other from here on, as far as they are not settled yet.
fn path(start: usize, needs: &[Need], settled: &[bool]) -> Vec<usize> {
    let mut path = Vec::new();
    let mut on_path = BTreeSet::new();
    let mut at = start;
    while settled.get(at) == Some(&false) && on_path.insert(at) {
        path.push(at);
        match needs.get(at) {
            Some(Need::Change(next)) => at = *next,
            Some(Need::Nothing | Need::Taken(_)) | None => break,
        }
    }
    path
}

/// Returns changes that wait for nothing, in order: people by id, leavers last.
pub(super) fn by_person(mut changes: Vec<Change>) -> Vec<Change> {
    changes.sort_by(|left, right| {
        let by_id = || left.employee_id.cmp(&right.employee_id);
        left.is_leaver().cmp(&right.is_leaver()).then_with(by_id)
    });
    changes
}

/// Returns changes in order: people by id, each after the one that frees its address, circles together under one
/// number, leavers last.
pub(super) fn arrange(changes: Vec<Change>, basis: &Basis<'_>) -> Vec<Change> {
    let mut changes = by_person(changes);
    let needs = needs(&changes.iter().collect::<Vec<_>>(), basis);
    if needs.iter().all(|need| *need == Need::Nothing) {
        return changes;
    }
    let mut circle_of: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (number, mut circle) in circles(&needs).into_iter().enumerate() {
        circle.sort_unstable();
        for position in &circle {
            if let Some(change) = changes.get_mut(*position) {
                change.together = u32::try_from(number + 1).ok();
            }
            circle_of.insert(*position, circle.clone());
        }
    }
    let mut changes: Vec<Option<Change>> = changes.into_iter().map(Some).collect();
    let mut placed = vec![false; needs.len()];
    let mut arranged = Vec::with_capacity(changes.len());
    for start in 0..needs.len() {
        for position in path(start, &needs, &placed).into_iter().rev() {
            let alone = [position];
            let members = circle_of.get(&position).map_or(alone.as_slice(), Vec::as_slice);
            for member in members {
                if let Some(mark) = placed.get_mut(*member) {
                    *mark = true;
                }
                arranged.extend(changes.get_mut(*member).and_then(Option::take));
            }
        }
    }
    arranged
}

/// Returns the address that a change sets, if it sets one.
fn new_email(change: &Change) -> Option<&str> {
    if let Action::Create { attributes, .. } = &change.action {
        return attributes.value(Canonical::Email);
    }
    let edits = change.edits()?.attributes.iter();
    edits
        .filter(|edit| edit.attribute == EMAIL)
        .find_map(|edit| edit.after.as_deref())
}

/// Returns whether a change gives up the address that its account holds.
fn frees_email(change: &Change) -> bool {
    let edits = change.edits().map(|edits| edits.attributes.as_slice());
    edits
        .unwrap_or_default()
        .iter()
        .any(|edit| edit.attribute == EMAIL && edit.before.is_some())
}

/// Returns whether a change makes an account for a person of whom was decided that they get one whatever account has their address.
const fn shares_address(change: &Change) -> bool {
    matches!(
        change.action,
        Action::Create {
            shares_address: true,
            ..
        }
    )
}

/// Returns what each change waits for.
fn needs(changes: &[&Change], basis: &Basis<'_>) -> Vec<Need> {
    let mut needs = vec![Need::Nothing; changes.len()];
    let accounts = basis.accounts;
    let wanted: BTreeSet<&str> = if accounts.is_empty() {
        BTreeSet::new()
    } else {
        changes.iter().filter_map(|change| new_email(change)).collect()
    };
    if wanted.is_empty() {
        return needs;
    }
    let mut holders: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (position, account) in accounts.iter().enumerate() {
        if let Some(email) = account.value(Canonical::Email).filter(|email| wanted.contains(email)) {
            holders.entry(email).or_default().push(position);
        }
        // A change of the address leaves the login as it is, where it is another one, and all other addresses.
        let beside = account.login.into_iter().chain(account.addresses.lines());
        for kept in beside.filter(|kept| wanted.contains(kept)) {
            holders.entry(kept).or_default().push(position);
        }
    }
    if holders.is_empty() {
        return needs;
    }
    let by_account: BTreeMap<&str, usize> = changes
        .iter()
        .enumerate()
        .filter(|(_, change)| frees_email(change))
        .filter_map(|(index, change)| Some((change.account_id()?.as_str(), index)))
        .collect();
    for (need, change) in needs.iter_mut().zip(changes) {
        let Some(email) = new_email(change) else { continue };
        let shares = shares_address(change);
        for position in holders.get(email).into_iter().flatten() {
            let Some(holder) = accounts.get(*position) else {
                continue;
            };
            let is_own = change.account_id().is_some_and(|id| id.as_str() == holder.id);
            if is_own || matches!(need, Need::Taken(_)) || shares && !holder.is_named(email) {
                continue;
            }
            let is_kept = holder.login == Some(email) || holder.has_beside(email);
            let freed_by = by_account.get(holder.id).filter(|_| !is_kept);
            *need = freed_by.map_or(Need::Taken(*position), |index| Need::Change(*index));
        }
    }
    needs
}

/// Returns accounts of people who have left, by position.
fn former_accounts(changes: &[&Change], basis: &Basis<'_>) -> BTreeSet<usize> {
    let accounts = basis.accounts.iter().enumerate();
    let inactive = accounts.filter(|(_, account)| !account.active);
    let gone = basis.links.iter().filter(|link| {
        matches!(link.state, LinkState::Deactivated { .. } | LinkState::Moved { .. }) || link.absent_since.is_some()
    });
    let leaving = changes.iter().filter(|change| change.is_leaver());
    inactive
        .map(|(position, _)| position)
        .chain(gone.filter_map(|link| basis.accounts.position(link.account_id)))
        .chain(leaving.filter_map(|change| basis.accounts.position(change.account_id()?.as_str())))
        .collect()
}

/// Returns the circles among changes that wait for each other. Each waits for at most one.
fn circles(needs: &[Need]) -> Vec<Vec<usize>> {
    let mut circles = Vec::new();
    let mut seen = vec![false; needs.len()];
    for start in 0..needs.len() {
        let mut path = path(start, needs, &seen);
        for position in &path {
            if let Some(mark) = seen.get_mut(*position) {
                *mark = true;
            }
        }
        let last = path.last().and_then(|last| needs.get(*last));
        if let Some(Need::Change(next)) = last
            && let Some(entry) = path.iter().position(|position| position == next)
        {
            circles.push(path.split_off(entry));
        }
    }
    circles
}
