//! The guard on values that would be cleared: per attribute and overall, of those that are not empty now (R25).

use std::collections::BTreeMap;

use super::{FLOOR, Holds, listed, share};
use crate::{
    employee::{Attribute, AttributeRef, Canonical, Field},
    plan::{Basis, Change, HoldCode, Outcome},
};

pub(super) fn cleared(basis: &Basis<'_>, outcome: &Outcome, holds: &mut Holds) {
    let cleared = cleared_values(outcome);
    let overall: u32 = cleared.values().sum();
    if overall <= FLOOR {
        return;
    }
    let filled = filled_values(basis);
    let percent = basis.configuration.limits.cleared_values.percent;
    let is_over = |cleared: u32, filled: u32| cleared > FLOOR.max(share(percent, filled));
    let attributes: Vec<String> = cleared
        .iter()
        .filter(|(attribute, cleared)| is_over(**cleared, filled.get(*attribute).copied().unwrap_or(0)))
        .map(|(attribute, cleared)| format!("{attribute} ({cleared})"))
        .collect();
    let all_filled = filled.values().fold(0, |sum: u32, filled| sum.saturating_add(*filled));
    if attributes.is_empty() && !is_over(overall, all_filled) {
        return;
    }
    let which = if attributes.is_empty() {
        "spread over several attributes".to_owned()
    } else {
        listed(&attributes)
    };
    holds.add(
        HoldCode::ClearedValues,
        "many values would be cleared",
        format!("{overall} values would be cleared, more than {percent} %: {which}"),
    );
}

/// Returns how many values a plan clears, per attribute.
fn cleared_values(outcome: &Outcome) -> BTreeMap<Attribute, u32> {
    let mut cleared: BTreeMap<Attribute, u32> = BTreeMap::new();
    for edits in outcome.changes.iter().filter_map(Change::edits) {
        for edit in edits.attributes.iter().filter(|edit| edit.after.is_none()) {
            *cleared.entry(edit.attribute.clone()).or_default() += 1;
        }
        let manager = edits.manager.as_ref();
        if manager.is_some_and(|manager| manager.after.is_none()) {
            *cleared.entry(Canonical::Manager.into()).or_default() += 1;
        }
    }
    cleared
}

/// Returns how many managed values linked accounts hold, per attribute.
fn filled_values(basis: &Basis<'_>) -> BTreeMap<Attribute, u32> {
    let managed = basis.configuration.managed();
    let mut filled = vec![0_u32; managed.len()];
    let mut by_code = [None; 128];
    for (position, attribute) in managed.iter().enumerate() {
        if let Attribute::Canonical(canonical) = attribute
            && let Some(place) = by_code.get_mut(usize::from(canonical.code()))
        {
            *place = Some(position);
        }
    }
    let position = |attribute: AttributeRef<'_>| match attribute {
        AttributeRef::Canonical(canonical) => by_code.get(usize::from(canonical.code())).copied().flatten(),
        AttributeRef::Custom(_) => managed.binary_search_by(|known| known.as_ref().cmp(&attribute)).ok(),
    };
    let mut finder = basis.accounts.finder();
    for link in basis.links.iter() {
        let found = finder.position(link.account_id);
        let Some(account) = found.and_then(|found| basis.accounts.get(found)) else {
            continue;
        };
        for entry in account.attributes {
            if matches!(entry.field, Field::Value(_))
                && let Some(filled) = position(entry.attribute).and_then(|position| filled.get_mut(position))
            {
                *filled += 1;
            }
        }
    }
    managed.into_iter().zip(filled).collect()
}
