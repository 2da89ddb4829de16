//! What a run says of a read that did not show everybody: that it broke off, and what was done nevertheless.

use super::{Failure, read::told};
use crate::{
    roster::{Completeness, Doubt, Header},
    source::Class,
    store::RunError,
};

/// The code of a read of which is known only that it is not whole.
const INCOMPLETE: &str = "incomplete";

/// What becomes of people where not all were read (R06).
const REST: &str = "people who are linked are updated, and all else waits for a complete read";

/// Returns what a run's record says of a read that did not show everybody; nothing of any other one. That the numbers disagree
/// where it broke off need not be said as well.
pub(super) fn errors(completeness: &Completeness, header: &Header) -> Vec<RunError> {
    let doubts = match completeness {
        Completeness::Partial(doubts) => doubts.as_slice(),
        Completeness::Complete(_) | Completeness::Narrowed(_) | Completeness::Foreign => &[],
    };
    let first = doubts.iter().find_map(|doubt| said(doubt, header));
    first.into_iter().collect()
}

fn said(doubt: &Doubt, header: &Header) -> Option<RunError> {
    let failure = match doubt {
        Doubt::WalkBroken { reason } => {
            let class = Class::ALL.into_iter().find(|class| class.as_str() == reason);
            let (code, advice) = class.map_or((INCOMPLETE, "the HR system did not say that this was the end"), told);
            let people = header.employees;
            Failure::new(
                code,
                format!("the read broke off after {people} people: {advice}; {REST}"),
            )
        }
        Doubt::CountsDisagree { read, announced } => {
            let detail =
                format!("HR announced {announced} people and showed {read}, or did not keep to one number; {REST}");
            Failure::new(INCOMPLETE, detail)
        }
        Doubt::DifferentCompany | Doubt::AttributesHidden(_) => return None,
    };
    Some(failure.to_error())
}
