//! The guards: checks on a finished plan, each with a code and a sentence that a person can decide by (R24, R25).

use std::collections::{BTreeMap, BTreeSet};

use super::{Action, Basis, Change, Hold, HoldCode, LinkState, Outcome};
use crate::{
    employee::{Attribute, Canonical, Field},
    roster::Completeness,
};

/// So many of anything are never held for their share alone: in a small company everything is a large share.
const FLOOR: u32 = 3;

/// Under this many people a company is small: then half of it leaving is what holds.
const SMALL: u32 = 7;

/// What the guards say of a plan.
pub(super) fn holds(basis: &Basis<'_>, outcome: &Outcome) -> Vec<Hold> {
    let mut holds = Vec::new();
    first_sync(basis, outcome, &mut holds);
    leavers(basis, outcome, &mut holds);
    joiners(basis, outcome, &mut holds);
    identifiers(basis, outcome, &mut holds);
    cleared(basis, outcome, &mut holds);
    roster(basis, &mut holds);
    configuration(basis, outcome, &mut holds);
    let relinks = count(outcome, |change| matches!(change.action, Action::Relink { .. }));
    if relinks > 0 {
        hold(
            &mut holds,
            HoldCode::Relinks,
            "people came back under a new id",
            format!("{relinks} links move to another employee id, because identifier and name are the same"),
        );
    }
    holds.sort_by_key(|hold| hold.code);
    holds
}

fn hold(holds: &mut Vec<Hold>, code: HoldCode, title: &str, detail: String) {
    holds.push(Hold {
        code,
        title: title.to_owned(),
        detail,
    });
}

fn count(outcome: &Outcome, which: impl Fn(&Change) -> bool) -> u32 {
    u32::try_from(outcome.changes.iter().filter(|change| which(change)).count()).unwrap_or(u32::MAX)
}

/// Linked accounts that are switched on.
fn linked_active(basis: &Basis<'_>) -> u32 {
    let active = basis.links.as_slice().iter().filter(|link| {
        !matches!(link.state, LinkState::Pending)
            && basis
                .accounts
                .find(&link.account_id)
                .is_some_and(|account| account.active)
    });
    u32::try_from(active.count()).unwrap_or(u32::MAX)
}

fn share(percent: u32, of: u32) -> u32 {
    u32::try_from(u64::from(percent) * u64::from(of) / 100).unwrap_or(u32::MAX)
}

fn first_sync(basis: &Basis<'_>, outcome: &Outcome, holds: &mut Vec<Hold>) {
    if !basis.past.applied_once {
        let more = count(outcome, |change| !matches!(change.action, Action::Create { .. }));
        if more > 0 {
            hold(
                holds,
                HoldCode::FirstSync,
                "the first sync touches accounts that are there",
                format!("{more} of the changes are not new accounts: look at what is linked and overwritten"),
            );
        }
        let invites = count(outcome, |change| {
            matches!(change.action, Action::Create { invite: true, .. })
        });
        if invites > 0 {
            hold(
                holds,
                HoldCode::Invites,
                "the first sync would invite people",
                format!("{invites} people would get an invitation at once"),
            );
        }
    }
    let linked_leavers = count(outcome, |change| {
        matches!(change.action, Action::Leave { linked_by: Some(_), .. })
    });
    if linked_leavers > 0 {
        hold(
            holds,
            HoldCode::FirstLinkLeavers,
            "leavers are linked by this very plan",
            format!("{linked_leavers} accounts are linked to people who have left, and let go at once"),
        );
    }
}

fn leavers(basis: &Basis<'_>, outcome: &Outcome, holds: &mut Vec<Hold>) {
    let now = count(outcome, Change::is_leaver);
    if now == 0 {
        return;
    }
    let limits = basis.configuration.limits.leavers;
    let active = linked_active(basis);
    let leaving = now + basis.past.recent_leavers;
    let people = active + basis.past.recent_leavers;
    let most = limits.most.min(limits.count.max(share(limits.percent, active)));
    let is_small = people < SMALL;
    let over = if is_small { leaving * 2 > people } else { leaving > most };
    if over {
        let limit = if is_small {
            format!("half of {people}")
        } else {
            format!("{most}")
        };
        hold(
            holds,
            HoldCode::TooManyLeavers,
            "more people leave than usual",
            format!(
                "{now} leave now and {} left within 7 days; the limit is {limit}",
                basis.past.recent_leavers
            ),
        );
    }
}

fn joiners(basis: &Basis<'_>, outcome: &Outcome, holds: &mut Vec<Hold>) {
    if !basis.past.applied_once {
        return;
    }
    let now = count(outcome, |change| matches!(change.action, Action::Create { .. }));
    let active = linked_active(basis);
    let most = FLOOR.max(share(basis.configuration.limits.joiners.percent, active));
    if now > most {
        hold(
            holds,
            HoldCode::TooManyJoiners,
            "more people join than usual",
            format!("{now} accounts would be made beside {active}; the limit is {most}"),
        );
    }
}

fn identifiers(basis: &Basis<'_>, outcome: &Outcome, holds: &mut Vec<Hold>) {
    let watched = [
        Attribute::Canonical(Canonical::Email),
        Attribute::Canonical(basis.configuration.identifier.attribute()),
    ];
    let now = count(outcome, |change| {
        matches!(change.action, Action::Update { .. } | Action::Reactivate { .. })
            && change.edits().is_some_and(|edits| {
                edits
                    .attributes
                    .iter()
                    .any(|edit| edit.before.is_some() && watched.contains(&edit.attribute))
            })
    });
    let most = FLOOR.max(share(5, linked_active(basis)));
    if now > most {
        hold(
            holds,
            HoldCode::IdentifierChanges,
            "many identifiers or e-mail addresses change",
            format!("{now} people get another identifier or e-mail address; the limit is {most}"),
        );
    }
}

/// Values that would be cleared, per attribute and overall, of those that are not empty now.
fn cleared(basis: &Basis<'_>, outcome: &Outcome, holds: &mut Vec<Hold>) {
    let mut cleared: BTreeMap<&Attribute, u32> = BTreeMap::new();
    for edits in outcome.changes.iter().filter_map(Change::edits) {
        for edit in edits
            .attributes
            .iter()
            .filter(|edit| edit.before.is_some() && edit.after.is_none())
        {
            *cleared.entry(&edit.attribute).or_default() += 1;
        }
    }
    let overall: u32 = cleared.values().sum();
    if overall <= FLOOR {
        return;
    }
    let managed: BTreeSet<Attribute> = basis.configuration.managed().into_iter().collect();
    let mut filled: BTreeMap<Attribute, u32> = BTreeMap::new();
    for link in basis.links.as_slice() {
        let Some(account) = basis.accounts.find(&link.account_id) else {
            continue;
        };
        for entry in account
            .attributes
            .view()
            .iter()
            .filter(|entry| matches!(entry.field, Field::Value(_)))
        {
            if let Some(attribute) = entry
                .attribute
                .to_owned()
                .filter(|attribute| managed.contains(attribute))
            {
                *filled.entry(attribute).or_default() += 1;
            }
        }
    }
    let percent = basis.configuration.limits.cleared_values.percent;
    let is_over = |cleared: u32, filled: u32| cleared > FLOOR.max(share(percent, filled));
    let attributes: Vec<String> = cleared
        .iter()
        .filter(|(attribute, cleared)| is_over(**cleared, filled.get(**attribute).copied().unwrap_or(0)))
        .map(|(attribute, cleared)| format!("{attribute} ({cleared})"))
        .collect();
    if !attributes.is_empty() || is_over(overall, filled.values().sum()) {
        hold(
            holds,
            HoldCode::ClearedValues,
            "many values would be cleared",
            format!(
                "{overall} values would be cleared, more than {percent} %: {}",
                if attributes.is_empty() {
                    "spread over several attributes".to_owned()
                } else {
                    attributes.join(", ")
                }
            ),
        );
    }
}

/// Sudden drops against the high of 30 days. A walk that broke off says nothing about them.
fn roster(basis: &Basis<'_>, holds: &mut Vec<Hold>) {
    let header = &basis.roster.header;
    if let Completeness::Narrowed(hidden) = basis.completeness {
        let names: Vec<String> = hidden.iter().map(ToString::to_string).collect();
        hold(
            holds,
            HoldCode::AttributesHidden,
            "attributes are hidden that used to be shown",
            format!("check the permissions of the credential for: {}", names.join(", ")),
        );
    }
    if !basis.completeness.is_whole() || basis.baseline.is_empty() {
        return;
    }
    let (high, limits) = (basis.baseline.headcount(), basis.configuration.limits);
    if header.employees == 0 {
        hold(
            holds,
            HoldCode::EmptyRoster,
            "HR shows nobody",
            format!("the read was complete and held nobody; {high} people were there within 30 days"),
        );
        return;
    }
    let drop = high.saturating_sub(header.employees);
    let most = limits
        .headcount_drop
        .count
        .max(share(limits.headcount_drop.percent, high));
    if drop > most {
        hold(
            holds,
            HoldCode::HeadcountDrop,
            "HR shows far fewer people than before",
            format!("{drop} fewer than the {high} within 30 days; the limit is {most}"),
        );
    }
    let empty = BTreeSet::new();
    let hidden = if let Completeness::Narrowed(hidden) = basis.completeness {
        hidden
    } else {
        &empty
    };
    let fallen: Vec<String> = basis
        .baseline
        .visible
        .iter()
        .filter(|attribute| !hidden.contains(attribute))
        .filter(|attribute| {
            let before = u64::from(basis.baseline.coverage(attribute));
            let values = header.coverage.get(attribute).copied().unwrap_or(0);
            let expected = before * u64::from(header.employees) / 10_000;
            let lost = expected.saturating_sub(u64::from(values));
            lost > u64::from(FLOOR) && lost * 100 > expected * u64::from(limits.coverage_drop.percent)
        })
        .map(ToString::to_string)
        .collect();
    if !fallen.is_empty() {
        hold(
            holds,
            HoldCode::CoverageDrop,
            "fewer people have a value than before",
            format!(
                "more than {} % fewer values of: {}",
                limits.coverage_drop.percent,
                fallen.join(", ")
            ),
        );
    }
}

fn configuration(basis: &Basis<'_>, outcome: &Outcome, holds: &mut Vec<Hold>) {
    let changed = basis.past.applied_once && basis.past.applied_configuration != basis.configuration.version;
    if changed && !outcome.changes.is_empty() {
        hold(
            holds,
            HoldCode::ConfigurationChanged,
            "the configuration was changed",
            format!(
                "this is the first plan under version {} of the configuration",
                basis.configuration.version
            ),
        );
    }
}
