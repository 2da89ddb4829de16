//! The guards: checks on a finished plan, each with a code and a sentence that a person can decide by (R24, R25).

mod cleared;
mod people;
mod roster;

use std::cell::OnceCell;

use super::{Basis, Change, Hold, HoldCode, LinkState, Outcome};

pub use roster::baseline_after;

/// Up to this many of anything are never held because of their share alone: in a small company everything is a large
/// share.
const FLOOR: u32 = 3;

/// Returns what the guards say of a plan.
pub(super) fn holds(basis: &Basis<'_>, outcome: &Outcome) -> Vec<Hold> {
    let mut holds = Holds::default();
    people::first_sync(basis, outcome, &mut holds);
    people::leavers(basis, outcome, &mut holds);
    people::joiners(basis, outcome, &mut holds);
    people::identifiers(basis, outcome, &mut holds);
    people::relinks(outcome, &mut holds);
    cleared::cleared(basis, outcome, &mut holds);
    roster::roster(basis, outcome, &mut holds);
    configuration(basis, outcome, &mut holds);
    holds.found.sort_by_key(|hold| hold.code);
    holds.found
}

/// What was found so far.
#[derive(Default)]
struct Holds {
    found: Vec<Hold>,
    /// Counted once, by the first guard that asks.
    linked_active: OnceCell<u32>,
}

impl Holds {
    fn add(&mut self, code: HoldCode, title: &str, detail: String) {
        self.found.push(Hold {
            code,
            title: title.to_owned(),
            detail,
        });
    }

    /// Returns how many linked accounts are switched on.
    fn linked_active(&self, basis: &Basis<'_>) -> u32 {
        *self.linked_active.get_or_init(|| linked_active(basis))
    }
}

/// How many names a sentence lists.
const MOST_LISTED: usize = 20;

/// Returns names in a sentence, the first of them where there are many.
fn listed(names: &[String]) -> String {
    let (first, more) = names.split_at(names.len().min(MOST_LISTED));
    let first = first.join(", ");
    if more.is_empty() {
        first
    } else {
        format!("{first} and {} more", more.len())
    }
}

fn count(outcome: &Outcome, which: impl Fn(&Change) -> bool) -> u32 {
    u32::try_from(outcome.changes.iter().filter(|change| which(change)).count()).unwrap_or(u32::MAX)
}

fn linked_active(basis: &Basis<'_>) -> u32 {
    let lists = basis.abilities.list;
    let mut finder = basis.accounts.finder();
    let active = basis.links.iter().filter(|link| match link.state {
        LinkState::Pending => false,
        LinkState::Deactivated { .. } if !lists => false,
        LinkState::Active | LinkState::Moved { .. } if !lists => true,
        LinkState::Active | LinkState::Moved { .. } | LinkState::Deactivated { .. } => finder
            .position(link.account_id)
            .is_some_and(|position| basis.accounts.is_active(position)),
    });
    u32::try_from(active.count()).unwrap_or(u32::MAX)
}

fn share(percent: u32, of: u32) -> u32 {
    u32::try_from(u64::from(percent) * u64::from(of) / 100).unwrap_or(u32::MAX)
}

fn configuration(basis: &Basis<'_>, outcome: &Outcome, holds: &mut Holds) {
    let version = basis.configuration.version;
    let is_changed = basis.past.applied_once && basis.past.applied_configuration != version;
    if is_changed && !outcome.changes.is_empty() {
        holds.add(
            HoldCode::ConfigurationChanged,
            "the configuration was changed",
            format!("this is the first plan under version {version} of the configuration"),
        );
    }
}
