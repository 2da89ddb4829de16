//! Acts in the table: one transaction each. A record that is changed as it was read is read again where another writer
//! was faster.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{
    DynamoStore,
    call::exhausted,
    connection, door, erasure,
    expression::Expression,
    item::Draft,
    key::{self, Key},
    run, ticket,
    transaction::{Outcome, Step},
};
use crate::store::{ActStore, Acted, Error, Refusal, Write};

/// How often an act is made again because another writer wrote in between. Each time that other write succeeded.
const MOST_TRIES: u32 = 25;

const OPERATION: &str = "act";

/// A record that is to be changed as it was read.
pub(super) enum Change {
    /// The steps that change it.
    May(Vec<Step>),
    /// The record of this key must not be changed so.
    MayNot(Key),
}

/// One write as steps of a transaction.
struct Part {
    steps: Vec<Step>,
    /// What a condition that does not hold means; `None`: that something is not as it was read, and is to be read again.
    refusal: Option<Refusal>,
}

#[async_trait]
impl ActStore for DynamoStore {
    async fn act(&self, writes: &[Write<'_>]) -> Result<Acted, Error> {
        for _ in 0..MOST_TRIES {
            let (mut steps, mut refusals) = (Vec::new(), Vec::new());
            for write in writes {
                let part = self.part(write).await?;
                for step in part.steps {
                    // Two writes may look at one record; a transaction may not.
                    if !steps.iter().any(|seen: &Step| seen.looks_at_same(&step)) {
                        refusals.push(part.refusal);
                        steps.push(step);
                    }
                }
            }
            if steps.is_empty() {
                return Ok(Acted::Done);
            }
            let failed = match self.transact(OPERATION, steps).await? {
                Outcome::Done => return Ok(Acted::Done),
                Outcome::Refused(failed) => failed,
            };
            let reasons = failed.into_iter().filter_map(|step| *refusals.get(step)?);
            if let Some(refusal) = reasons.into_iter().next() {
                return Ok(Acted::Refused(refusal));
            }
        }
        Err(exhausted(OPERATION, "again and again that another writer was faster"))
    }

    async fn find_done(&self, id: &str, now: Timestamp) -> Result<Option<String>, Error> {
        match self.get("look for what was done", key::once(id)).await? {
            Some(row) if !row.has_expired(now)? => Ok(Some(row.text("what")?.to_owned())),
            Some(_) | None => Ok(None),
        }
    }
}

impl DynamoStore {
    /// The steps of writes that are part of a larger transaction.
    pub(super) async fn steps_of(&self, writes: &[Write<'_>]) -> Result<Vec<Step>, Error> {
        let mut steps = Vec::new();
        for write in writes {
            steps.extend(self.part(write).await?.steps);
        }
        Ok(steps)
    }

    async fn part(&self, write: &Write<'_>) -> Result<Part, Error> {
        if let Some(steps) = steps(write)? {
            let refusal = write.refusal();
            return Ok(Part { steps, refusal });
        }
        Ok(match self.change(write).await? {
            Change::May(steps) => Part { steps, refusal: None },
            // A condition that never holds: so the reason of an earlier write is told where there is one.
            Change::MayNot(key) => {
                let never = Expression::new("attribute_exists(#pk) AND attribute_not_exists(#pk)");
                Part {
                    steps: vec![Step::Check(key, never)],
                    refusal: write.refusal(),
                }
            }
        })
    }

    /// The steps of a write that changes a record as it was read.
    async fn change(&self, write: &Write<'_>) -> Result<Change, Error> {
        match *write {
            Write::EnterCompany {
                connection,
                company,
                shared,
            } => self.enter_company(connection, company, shared).await,
            Write::EnterTarget(connection) => self.enter_target(connection).await,
            Write::LeaveCompany { connection, company } => self.leave_company(connection, company).await,
            Write::LeaveTarget(connection) => self.leave_target(connection).await,
            Write::Plan { id, from, to, approval } => self.change_of_plan(id, from, to, approval).await,
            Write::RevokeKey { id, at } => self.revocation(id, at).await,
            Write::Audit(_)
            | Write::ChangeTicket { .. }
            | Write::Configuration { .. }
            | Write::Connection { .. }
            | Write::Decision { .. }
            | Write::DropTicket { .. }
            | Write::Key(_)
            | Write::NotErased(_)
            | Write::Once { .. }
            | Write::PersonNotErased { .. }
            | Write::Readmit(_)
            | Write::Run(_)
            | Write::Stop { .. }
            | Write::TakeTicket(_)
            | Write::Ticket(_)
            | Write::Tombstone { .. } => Ok(Change::May(Vec::new())),
        }
    }
}

/// The steps of a write whose condition says all; `None` where a record is changed as it was read.
fn steps(write: &Write<'_>) -> Result<Option<Vec<Step>>, Error> {
    let step = match *write {
        Write::Connection { connection, revision } => return connection::steps(connection, revision).map(Some),
        Write::Run(run) => return run::steps(run).map(Some),
        Write::Ticket(ticket) => return ticket::steps(ticket, None).map(Some),
        Write::ChangeTicket { was, ticket } => return ticket::steps(ticket, Some(ticket::unchanged(was)?)).map(Some),
        Write::TakeTicket(ticket) => {
            let is_there = Expression::new("attribute_exists(#pk)");
            return Ok(Some(ticket::removal(&ticket.hash, &ticket.connection, is_there)));
        }
        Write::DropTicket { hash, connection } => {
            return Ok(Some(ticket::removal(hash, connection, Expression::always())));
        }
        Write::Audit(entry) => Step::Put(door::entry(entry)?, None),
        Write::Configuration {
            connection,
            configuration,
        } => {
            let draft = connection::configuration(connection, configuration)?;
            Step::Put(draft, Some(Expression::absent()))
        }
        Write::Decision { connection, decision } => Step::Put(connection::decision(connection, decision)?, None),
        Write::Key(key) => Step::Put(door::key(key)?, Some(Expression::absent())),
        Write::NotErased(tenant) => Step::Check(key::tombstone(tenant, None), Expression::absent()),
        Write::PersonNotErased { tenant, person } => {
            Step::Check(key::tombstone(tenant, Some(person)), Expression::absent())
        }
        Write::Once {
            id,
            what,
            now,
            expires_at,
        } => {
            let free = Expression::new("attribute_not_exists(#pk) OR #expires <= :now");
            let draft = Draft::new(key::once(id)).text("what", what).expires(expires_at);
            Step::Put(draft, Some(free.number(":now", now.as_second())))
        }
        Write::Readmit(tenant) => Step::Delete(key::tombstone(tenant, None), Expression::always()),
        Write::Stop { of, set: Some(set) } => Step::Put(connection::stop(of, set)?, None),
        Write::Stop { of, set: None } => Step::Delete(key::stop(of), Expression::always()),
        Write::Tombstone { tenant, tombstone } => Step::Put(erasure::tombstone(tenant, tombstone)?, None),
        Write::EnterCompany { .. }
        | Write::EnterTarget(_)
        | Write::LeaveCompany { .. }
        | Write::LeaveTarget(_)
        | Write::Plan { .. }
        | Write::RevokeKey { .. } => return Ok(None),
    };
    Ok(Some(vec![step]))
}
