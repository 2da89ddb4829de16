//! Guards on how many people come, go and change (R24, R25).

use super::{FLOOR, Holds, count, share};
use crate::{
    employee::{Attribute, Canonical},
    plan::{Action, Basis, Change, Edit, HoldCode, Outcome},
};

/// A company with fewer people is small. There a plan is held too where more than half of the people leave.
const SMALL: u32 = 7;

/// The share of linked people, in percent, who may get another identifier or e-mail address.
const IDENTIFIER_PERCENT: u32 = 5;

const fn invites(change: &Change) -> bool {
    matches!(change.action, Action::Create { invite: true, .. })
}

/// Returns how many joiners are nothing unusual.
fn most_joiners(basis: &Basis<'_>, holds: &Holds) -> u32 {
    let percent = basis.configuration.limits.joiners.percent;
    FLOOR.max(share(percent, holds.linked_active(basis)))
}

pub(super) fn first_sync(basis: &Basis<'_>, outcome: &Outcome, holds: &mut Holds) {
    let is_first = !basis.past.applied_once;
    let more = count(outcome, |change| !matches!(change.action, Action::Create { .. }));
    if is_first && more > 0 {
        holds.add(
            HoldCode::FirstSync,
            "the first sync touches accounts that are there",
            format!("{more} of the changes are not new accounts: look at what is linked and overwritten"),
        );
    }
    let invited = count(outcome, invites);
    if invited > 0 && (is_first || invited > most_joiners(basis, holds)) {
        let title = if is_first {
            "the first sync would invite people"
        } else {
            "many people would be invited"
        };
        holds.add(
            HoldCode::Invites,
            title,
            format!("{invited} people would get an invitation at once"),
        );
    }
    let linked_leavers = count(outcome, |change| {
        matches!(change.action, Action::Leave { linked_by: Some(_), .. })
    });
    if linked_leavers > 0 {
        holds.add(
            HoldCode::FirstLinkLeavers,
            "leavers are linked by this very plan",
            format!("{linked_leavers} accounts are linked to people who have left, and let go at once"),
        );
    }
}

pub(super) fn leavers(basis: &Basis<'_>, outcome: &Outcome, holds: &mut Holds) {
    let now = count(outcome, Change::is_leaver);
    if now == 0 {
        return;
    }
    let recent = basis.past.recent_leavers;
    let limits = basis.configuration.limits.leavers;
    let active = holds.linked_active(basis);
    let (leaving, people) = (now.saturating_add(recent), active.saturating_add(recent));
    let most = limits.most.min(limits.count.max(share(limits.percent, active)));
    let most = if people < SMALL { most.min(people / 2) } else { most };
    if leaving > most {
        holds.add(
            HoldCode::TooManyLeavers,
            "more people leave than usual",
            format!("{now} leave now and {recent} left within 7 days; the limit is {most}"),
        );
    }
}

pub(super) fn joiners(basis: &Basis<'_>, outcome: &Outcome, holds: &mut Holds) {
    if !basis.past.applied_once {
        return;
    }
    let now = count(outcome, |change| matches!(change.action, Action::Create { .. }));
    let most = most_joiners(basis, holds);
    if now > most {
        let active = holds.linked_active(basis);
        holds.add(
            HoldCode::TooManyJoiners,
            "more people join than usual",
            format!("{now} accounts would be made beside {active}; the limit is {most}"),
        );
    }
}

pub(super) fn identifiers(basis: &Basis<'_>, outcome: &Outcome, holds: &mut Holds) {
    let watched = [
        Attribute::Canonical(Canonical::Email),
        Attribute::Canonical(basis.configuration.identifier.attribute()),
    ];
    // What a first sync overwrites is held as such, and so is every link that moves.
    let is_held_otherwise = |action: &Action| match action {
        Action::Create { .. } | Action::Leave { .. } | Action::Relink { .. } => true,
        Action::Link { .. } => !basis.past.applied_once,
        Action::Reactivate { .. } | Action::Update { .. } => false,
    };
    // Where the target cannot list its accounts, the value before is not known.
    let had_value = |edit: &Edit| edit.before.is_some() || !basis.abilities.list;
    let is_watched = |change: &Change| {
        let edits = change.edits().filter(|_| !is_held_otherwise(&change.action));
        edits.is_some_and(|edits| {
            let mut edits = edits.attributes.iter();
            edits.any(|edit| had_value(edit) && watched.contains(&edit.attribute))
        })
    };
    let now = count(outcome, is_watched);
    let most = FLOOR.max(share(IDENTIFIER_PERCENT, holds.linked_active(basis)));
    if now > most {
        holds.add(
            HoldCode::IdentifierChanges,
            "many identifiers or e-mail addresses change",
            format!("{now} people get another identifier or e-mail address; the limit is {most}"),
        );
    }
}

pub(super) fn relinks(outcome: &Outcome, holds: &mut Holds) {
    let relinks = count(outcome, |change| matches!(change.action, Action::Relink { .. }));
    let replaced = count(outcome, |change| {
        matches!(
            change.action,
            Action::Link { reference: Some(_), .. } | Action::Relink { reference: Some(_), .. }
        )
    });
    let moved = format!("{relinks} links move to another employee id, because identifier and name are the same");
    let taken = format!(
        "{replaced} accounts carry the reference of another product, and it is replaced: look who else uses it"
    );
    match (relinks, replaced) {
        (0, 0) => {}
        (_, 0) => holds.add(HoldCode::Relinks, "people came back under a new id", moved),
        (0, _) => holds.add(HoldCode::Relinks, "accounts get another reference", taken),
        _ => holds.add(
            HoldCode::Relinks,
            "links and references change",
            format!("{moved}; {taken}"),
        ),
    }
}
