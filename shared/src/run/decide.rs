//! Recording what a person decided about somebody whom the rules leave to people. The next plan heeds it.

use super::{
    Error, Ports,
    actor::{Actor, Subject, act},
};
use crate::{
    connection::{Connection, Decision, DecisionRecord},
    employee::EmployeeId,
    store::Write,
};

/// Records a decision, in place of an earlier one about the same person.
///
/// # Errors
/// [`Error`] of the store.
pub async fn decide(
    ports: &Ports,
    actor: &Actor,
    connection: &Connection,
    employee_id: EmployeeId,
    decision: Decision,
    reason: String,
) -> Result<DecisionRecord, Error> {
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
    let write = Write::Decision {
        connection: &connection.id,
        decision: &record,
    };
    act(ports, &note, &[write]).await?;
    Ok(record)
}
