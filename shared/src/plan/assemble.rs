//! From an outcome to the document: guards, lines, hash.

use jiff::{SignedDuration, Timestamp};

use super::{Basis, Error, Header, Lines, Outcome, Plan, PlanId, Purpose, VERSION, Writer, guard};

/// How long a plan may wait for its approval (R26).
pub const VALID_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Returns the document of an outcome. The same outcome on the same content has the same hash: id and time are no part
/// of it.
///
/// # Errors
/// [`Error`] where memory runs out.
pub fn assemble(
    basis: &Basis<'_>,
    outcome: &Outcome,
    id: PlanId,
    created_at: Timestamp,
) -> Result<(Plan, Lines), Error> {
    let header = Header {
        version: VERSION,
        base: basis.header.content_hash.clone(),
        company: basis.header.company.id.clone(),
        configuration: basis.configuration.version,
        target: basis.target.clone(),
    };
    let mut writer = Writer::new(&header);
    let mut references = 0;
    for change in &outcome.changes {
        references += u32::from(change.has_reference());
        writer.push(change)?;
    }
    let lines = writer.finish()?;
    let plan = Plan {
        id,
        hash: lines.hash.clone(),
        header,
        purpose: Purpose::Sync,
        counts: outcome.counts,
        holds: guard::holds(basis, outcome),
        references,
        is_listed: false,
        created_at,
        expires_at: created_at.checked_add(VALID_FOR).unwrap_or(Timestamp::MAX),
    };
    Ok((plan, lines))
}
