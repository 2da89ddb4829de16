//! Recording what a person decided about an employee whom the rules leave to people. The next plan heeds the decision.

use super::{
    Error, Ports,
    actor::{Actor, Subject, act},
    erasure::mark_of,
};
use crate::{
    connection::{Connection, Decision, DecisionRecord},
    employee::EmployeeId,
    store::{Acted, Write},
};

/// Why nothing was decided.
#[derive(Debug, thiserror::Error)]
pub enum DecideRefused {
    /// The person was erased: nothing is recorded about them any more (R37).
    #[error("the person was erased; nothing is decided about them")]
    Erased,
    /// Something of ours failed.
    #[error("the decision could not be recorded")]
    Internal(#[from] Error),
}

/// Records a decision, in place of an earlier one about the same person.
///
/// # Errors
/// [`DecideRefused`]; then an earlier decision stays.
pub async fn decide(
    ports: &Ports,
    actor: &Actor,
    connection: &Connection,
    employee_id: EmployeeId,
    decision: Decision,
    reason: String,
) -> Result<DecisionRecord, DecideRefused> {
    let record = DecisionRecord {
        employee_id,
        decision,
        reason,
        by: actor.name(),
        at: ports.clock.now(),
    };
    let employee = record.employee_id.as_str();
    let subject = Subject::connection(connection);
    let note = actor.note(ports, subject, "decision", &[("employee_id", employee)], employee);
    let mark = mark_of(ports, connection, &record.employee_id).await?;
    let mut writes = vec![Write::NotErased(&connection.tenant)];
    writes.extend(mark.as_deref().map(|person| Write::PersonNotErased {
        tenant: &connection.tenant,
        person,
    }));
    writes.push(Write::Decision {
        connection: &connection.id,
        decision: &record,
    });
    match act(ports, &note, &writes).await? {
        Acted::Done => Ok(record),
        Acted::Refused(_) => Err(DecideRefused::Erased),
    }
}
