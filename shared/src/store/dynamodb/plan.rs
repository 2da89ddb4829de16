//! Plans in the table.

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{
    Deserialize,
    de::{IntoDeserializer, value},
};

use super::{
    DynamoStore,
    act::Change,
    expression::Expression,
    item::{Draft, Row, compress, to_json},
    key,
    transaction::Step,
};
use crate::{
    connection::ConnectionId,
    plan::{Finding, MAX_CHUNK_BYTES, PlanId, Status},
    store::{ActStore, Acted, Approval, Error, NewPlan, PlanRecord, PlanStore, Write},
};

#[async_trait]
impl PlanStore for DynamoStore {
    async fn put_plan(&self, plan: &NewPlan<'_>, replaces: Option<&PlanId>) -> Result<bool, Error> {
        const OPERATION: &str = "write a plan";
        let head_key = key::plan(&plan.plan.id);
        // A head that is there must not have its chunks written over.
        if self.get(OPERATION, head_key).await?.is_some() {
            return Ok(false);
        }
        let findings = finding_chunks(OPERATION, plan.findings)?;
        let parts = Draft::new(key::connections_plan(plan.connection, &plan.plan.id))
            .text("run", plan.run.as_str())
            .number("fence", plan.fence)
            .number("chunks", plan.lines.chunks.len() as u64)
            .number("finding_chunks", findings.len() as u64)
            .expires(plan.kept_until);
        self.put(OPERATION, parts).await?;
        let mut drafts = Vec::with_capacity(plan.lines.chunks.len() + findings.len());
        for (what, chunks) in [("LINES", &plan.lines.chunks), ("FINDINGS", &findings)] {
            drafts.extend(chunks.iter().enumerate().map(|(number, chunk)| {
                let key = key::plan_chunk(&plan.plan.id, plan.run, plan.fence, number, what);
                Draft::new(key).bytes("lines", chunk.clone()).expires(plan.kept_until)
            }));
        }
        self.put_all(OPERATION, drafts).await?;
        let mut steps = vec![
            Step::Put(head(OPERATION, plan, findings.len())?, Some(Expression::absent())),
            open_step(plan, replaces),
            Step::Check(key::of_connection(plan.connection, "LEASE"), still_leased(plan.fence)),
        ];
        steps.extend(replaces.map(supersede));
        steps.extend(self.steps_of(plan.also).await?);
        Ok(self.transact(OPERATION, steps).await?.is_done())
    }

    async fn find_open_plan(&self, connection: &ConnectionId, now: Timestamp) -> Result<Option<PlanRecord>, Error> {
        let pointer = key::of_connection(connection, "OPEN");
        let Some(row) = self.get("find the open plan", pointer).await? else {
            return Ok(None);
        };
        let id: PlanId = row.parsed("plan", "the id of a plan")?;
        let found = self.find_plan(&id, now).await?;
        Ok(found.filter(|record| is_live(record.status)))
    }

    async fn find_plan(&self, id: &PlanId, now: Timestamp) -> Result<Option<PlanRecord>, Error> {
        let Some(row) = self.get("find a plan", key::plan(id)).await? else {
            return Ok(None);
        };
        if row.has_expired(now)? {
            return Ok(None);
        }
        record(&row).map(Some)
    }

    async fn find_lines(&self, plan: &PlanRecord, chunk: u32) -> Result<Option<Vec<u8>>, Error> {
        if chunk >= plan.chunks {
            return Ok(None);
        }
        let row = self.plan_chunk("find lines of a plan", plan, chunk, "LINES").await?;
        Ok(Some(row.bytes("lines")?.to_vec()))
    }

    async fn find_findings(&self, plan: &PlanRecord, chunk: u32) -> Result<Option<Vec<Finding>>, Error> {
        if chunk >= plan.finding_chunks {
            return Ok(None);
        }
        let row = self
            .plan_chunk("find findings of a plan", plan, chunk, "FINDINGS")
            .await?;
        let text = row.chunk("lines")?;
        let findings = text
            .lines()
            .map(|line| serde_json::from_str(line).map_err(|_| row.corrupt("lines", "findings in lines of JSON")));
        findings.collect::<Result<_, _>>().map(Some)
    }

    async fn change_plan(
        &self,
        id: &PlanId,
        from: &[Status],
        to: Status,
        approval: Option<&Approval>,
    ) -> Result<bool, Error> {
        let change = Write::Plan { id, from, to, approval };
        Ok(self.act(&[change]).await? == Acted::Done)
    }
}

impl DynamoStore {
    /// Changes a plan's state from the one in which it is read, if that is one of `from`.
    pub(super) async fn change_of_plan(
        &self,
        id: &PlanId,
        from: &[Status],
        to: Status,
        approval: Option<&Approval>,
    ) -> Result<Change, Error> {
        const OPERATION: &str = "change a plan";
        let Some(row) = self.get(OPERATION, key::plan(id)).await? else {
            return Ok(Change::MayNot(key::plan(id)));
        };
        let was = status(&row)?;
        if !from.contains(&was) {
            return Ok(Change::MayNot(key::plan(id)));
        }
        let change = match approval {
            None => Expression::new("SET #status = :to"),
            Some(approval) => Expression::new("SET #status = :to, #approval = :approval")
                .text(":approval", to_json(OPERATION, approval)?),
        };
        let change = change.text(":to", to.as_str());
        let unchanged = Expression::new("#status = :was").text(":was", was.as_str());
        let mut steps = vec![Step::Update(key::plan(id), change, unchanged)];
        if is_live(was) && !is_live(to) {
            let connection = row.parsed("connection", "the id of a connection")?;
            let points_here = Expression::new("attribute_not_exists(#pk) OR #plan = :plan").text(":plan", id.as_str());
            steps.push(Step::Delete(key::of_connection(&connection, "OPEN"), points_here));
        }
        Ok(Change::May(steps))
    }

    /// Returns a chunk that the head of a plan says is there. A plan is deleted with its head first: one whose head is gone
    /// as well is not damaged.
    async fn plan_chunk(
        &self,
        operation: &'static str,
        plan: &PlanRecord,
        chunk: u32,
        what: &str,
    ) -> Result<Row, Error> {
        if let Some(row) = self.get(operation, key::chunk_of(plan, chunk as usize, what)).await? {
            return Ok(row);
        }
        if self.get(operation, key::plan(&plan.plan.id)).await?.is_none() {
            return Err(Error::Gone { operation });
        }
        Err(Error::Corrupt {
            operation,
            detail: format!("chunk {chunk} is not there"),
        })
    }
}

/// Whether a plan of this status is its connection's open one.
const fn is_live(status: Status) -> bool {
    status.is_open() || matches!(status, Status::Applying)
}

fn head(operation: &'static str, plan: &NewPlan<'_>, finding_chunks: usize) -> Result<Draft, Error> {
    Ok(Draft::new(key::plan(&plan.plan.id))
        .text("status", plan.plan.status().as_str())
        .text("connection", plan.connection.as_str())
        .text("roster", plan.roster.as_str())
        .text("run", plan.run.as_str())
        .number("fence", plan.fence)
        .number("chunks", plan.lines.chunks.len() as u64)
        .number("finding_chunks", finding_chunks as u64)
        .document(operation, "document", plan.plan)?
        .text("kept_until", plan.kept_until.to_string())
        .expires(plan.kept_until))
}

/// What happens to the pointer at the connection's open plan.
fn open_step(plan: &NewPlan<'_>, replaces: Option<&PlanId>) -> Step {
    let pointer = key::of_connection(plan.connection, "OPEN");
    let now = plan.plan.created_at.as_second();
    let condition = match replaces {
        None => Expression::new("attribute_not_exists(#pk) OR #expires <= :now").number(":now", now),
        Some(replaces) => Expression::new("#plan = :replaces AND #expires > :now")
            .text(":replaces", replaces.as_str())
            .number(":now", now),
    };
    if plan.plan.status() != Status::Empty {
        let draft = Draft::new(pointer)
            .text("plan", plan.plan.id.as_str())
            .expires(plan.kept_until);
        Step::Put(draft, Some(condition))
    } else if replaces.is_some() {
        Step::Delete(pointer, condition)
    } else {
        Step::Check(pointer, condition)
    }
}

/// Whether no later fencing token was given out.
fn still_leased(fence: u64) -> Expression {
    Expression::new("attribute_not_exists(#fence) OR #fence <= :fence").number(":fence", fence)
}

fn supersede(replaces: &PlanId) -> Step {
    Step::Update(
        key::plan(replaces),
        Expression::new("SET #status = :superseded").text(":superseded", Status::Superseded.as_str()),
        Expression::new("#status IN (:ready, :held)")
            .text(":ready", Status::Ready.as_str())
            .text(":held", Status::Held.as_str()),
    )
}

fn status(row: &Row) -> Result<Status, Error> {
    let text: value::StrDeserializer<'_, value::Error> = row.text("status")?.into_deserializer();
    Status::deserialize(text).map_err(|_| row.corrupt("status", "a plan's status"))
}

fn record(row: &Row) -> Result<PlanRecord, Error> {
    let approval = row.has("approval").then(|| row.document("approval"));
    Ok(PlanRecord {
        connection: row.parsed("connection", "the id of a connection")?,
        plan: row.document("document")?,
        chunks: row.count("chunks")?,
        finding_chunks: row.count("finding_chunks")?,
        status: status(row)?,
        roster: row.parsed("roster", "the id of a roster")?,
        run: row.parsed("run", "the id of a run")?,
        fence: row.number("fence")?,
        kept_until: row.parsed("kept_until", "an instant")?,
        approval: approval.transpose()?,
    })
}

/// Findings as lines of JSON, in compressed chunks.
fn finding_chunks(operation: &'static str, findings: &[Finding]) -> Result<Vec<Vec<u8>>, Error> {
    let mut chunks = Vec::new();
    let mut lines = String::new();
    for finding in findings {
        let line = to_json(operation, finding)?;
        if !lines.is_empty() && lines.len() + line.len() >= MAX_CHUNK_BYTES {
            chunks.push(compress(operation, &lines)?);
            lines.clear();
        }
        lines.push_str(&line);
        lines.push('\n');
    }
    if !lines.is_empty() {
        chunks.push(compress(operation, &lines)?);
    }
    Ok(chunks)
}
