//! Guards on the roster: sudden drops against the high of 30 days (R08, R25).

use jiff::civil::Date;

use super::{FLOOR, Holds, listed, share};
use crate::{
    connection::Limits,
    plan::{Basis, HoldCode, Outcome, Plan},
    roster::{Baseline, Completeness, Header},
};

/// Holds the plan for sudden drops. A walk that broke off says nothing about drops.
pub(super) fn roster(basis: &Basis<'_>, outcome: &Outcome, holds: &mut Holds) {
    if let Completeness::Narrowed(hidden) = basis.completeness {
        let names: Vec<String> = hidden.iter().map(ToString::to_string).collect();
        holds.add(
            HoldCode::AttributesHidden,
            "attributes are hidden that used to be shown",
            format!("check the permissions of the credential for: {}", listed(&names)),
        );
    }
    if !basis.completeness.is_whole() {
        return;
    }
    if basis.header.employees > 0 {
        headcount(basis, holds);
        coverage(basis, holds);
        return;
    }
    // A person agreed that HR shows no people. They are asked again where the plan changes something, and not each morning.
    if basis.baseline.is_agreed_empty() && outcome.changes.is_empty() {
        return;
    }
    let known = basis.baseline.headcount();
    let linked = basis.links.len();
    if known > 0 || linked > 0 {
        holds.add(
            HoldCode::EmptyRoster,
            "HR shows nobody",
            format!(
                "the read was complete and held nobody; {known} people were there within 30 days, {linked} are linked"
            ),
        );
    }
}

fn headcount(basis: &Basis<'_>, holds: &mut Holds) {
    let (high, limits) = (basis.baseline.headcount(), basis.configuration.limits.headcount_drop);
    let drop = high.saturating_sub(basis.header.employees);
    let most = limits.count.max(share(limits.percent, high));
    if drop > most {
        holds.add(
            HoldCode::HeadcountDrop,
            "HR shows far fewer people than before",
            format!("{drop} fewer than the {high} within 30 days; the limit is {most}"),
        );
    }
}

/// Returns the baseline after a plan on this roster was applied (R08). A person who approved a drop agreed to it: from then on
/// the next drop is measured against what was left, and not against what was before. `limits` are those of the plan's
/// configuration.
pub fn baseline_after(plan: &Plan, baseline: Baseline, header: &Header, limits: Limits, on: Date) -> Baseline {
    let is_held = |code| plan.holds.iter().any(|hold| hold.code == code);
    let mut fallen = Vec::new();
    if is_held(HoldCode::CoverageDrop) {
        let hidden = baseline.hidden_in(header);
        let found = baseline
            .fallen_in(header, limits.coverage_drop.percent, FLOOR)
            .into_iter();
        fallen.extend(found.filter(|attribute| !hidden.contains(attribute)).cloned());
    }
    let moved = baseline.moved(header, on);
    let moved = if is_held(HoldCode::HeadcountDrop) || is_held(HoldCode::EmptyRoster) {
        moved.with_agreed_headcount(header, on)
    } else {
        moved
    };
    moved.with_agreed_coverage(header, on, fallen)
}

/// Holds the plan for attributes of which a smaller share of people has a value than in the baseline. Hidden attributes
/// have a guard of their own.
fn coverage(basis: &Basis<'_>, holds: &mut Holds) {
    let header = basis.header;
    let percent = basis.configuration.limits.coverage_drop.percent;
    let is_hidden = |attribute| match basis.completeness {
        Completeness::Narrowed(hidden) => hidden.contains(attribute),
        Completeness::Complete(_) | Completeness::Partial(_) | Completeness::Foreign => false,
    };
    let fallen = basis.baseline.fallen_in(header, percent, FLOOR).into_iter();
    let fallen: Vec<String> = fallen
        .filter(|attribute| !is_hidden(attribute))
        .map(ToString::to_string)
        .collect();
    if !fallen.is_empty() {
        holds.add(
            HoldCode::CoverageDrop,
            "fewer people have a value than before",
            format!("more than {percent} % fewer values of: {}", listed(&fallen)),
        );
    }
}
