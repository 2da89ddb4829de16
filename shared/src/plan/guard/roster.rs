//! Guards on the roster: sudden drops against the high of 30 days (R08, R25).

use super::{FLOOR, Holds, listed, share};
use crate::{
    plan::{Basis, HoldCode},
    roster::Completeness,
};

/// Holds the plan for sudden drops. A walk that broke off says nothing about drops.
pub(super) fn roster(basis: &Basis<'_>, holds: &mut Holds) {
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
    if basis.roster.header.employees > 0 {
        headcount(basis, holds);
        coverage(basis, holds);
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
    let drop = high.saturating_sub(basis.roster.header.employees);
    let most = limits.count.max(share(limits.percent, high));
    if drop > most {
        holds.add(
            HoldCode::HeadcountDrop,
            "HR shows far fewer people than before",
            format!("{drop} fewer than the {high} within 30 days; the limit is {most}"),
        );
    }
}

/// Holds the plan for attributes of which a smaller share of people has a value than in the baseline. Hidden attributes
/// have a guard of their own.
fn coverage(basis: &Basis<'_>, holds: &mut Holds) {
    let header = &basis.roster.header;
    let percent = basis.configuration.limits.coverage_drop.percent;
    let is_hidden = |attribute| match basis.completeness {
        Completeness::Narrowed(hidden) => hidden.contains(attribute),
        Completeness::Complete(_) | Completeness::Partial(_) | Completeness::Foreign => false,
    };
    let visible = basis.baseline.visible.iter();
    let fallen: Vec<String> = visible
        .filter(|attribute| !is_hidden(attribute))
        .filter(|attribute| {
            let before = u64::from(basis.baseline.coverage(attribute));
            let values = header.coverage.get(attribute).copied().unwrap_or(0);
            let expected = before * u64::from(header.employees) / 10_000;
            let lost = expected.saturating_sub(u64::from(values));
            lost > u64::from(FLOOR) && lost * 100 > expected * u64::from(percent)
        })
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
