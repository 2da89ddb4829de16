//! Runs in the table.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;

use super::{
    DynamoStore,
    call::Range,
    expression::Expression,
    item::{Draft, Row, compress, to_json},
    key,
    transaction::Step,
};
use crate::{
    connection::ConnectionId,
    store::{Error, RunError, RunId, RunRecord, RunStore},
};

fn draft(operation: &'static str, run: &RunRecord) -> Result<Draft, Error> {
    let mut document = run.clone();
    let mut errors = std::mem::take(&mut document.errors);
    errors.truncate(RunRecord::MOST_ERRORS);
    let draft = Draft::new(key::run(&run.id)).document(operation, "document", &document)?;
    if errors.is_empty() {
        return Ok(draft);
    }
    let errors = compress(operation, &to_json(operation, &errors)?)?;
    Ok(draft.bytes("errors", errors))
}

fn record(row: &Row) -> Result<RunRecord, Error> {
    let mut run: RunRecord = row.document("document")?;
    if row.has("errors") {
        let errors: Result<Vec<RunError>, _> = serde_json::from_str(&row.chunk("errors")?);
        run.errors = errors.map_err(|_| row.corrupt("errors", "a list of errors"))?;
    }
    Ok(run)
}

/// A run that is new, with what lists it.
pub(super) fn steps(run: &RunRecord) -> Result<Vec<Step>, Error> {
    let pointer = key::connections_run(&run.connection, run.started_at, &run.id);
    Ok(vec![
        Step::Put(draft("create a run", run)?, Some(Expression::absent())),
        Step::Put(Draft::new(pointer).text("run", run.id.as_str()), None),
    ])
}

#[async_trait]
impl RunStore for DynamoStore {
    async fn create_run(&self, run: &RunRecord) -> Result<bool, Error> {
        Ok(self.transact("create a run", steps(run)?).await?.is_done())
    }

    async fn change_run(&self, was: &RunRecord, run: &RunRecord) -> Result<bool, Error> {
        const OPERATION: &str = "change a run";
        let Some(row) = self.get(OPERATION, key::run(&run.id)).await? else {
            return Ok(false);
        };
        let mut was = was.clone();
        was.errors.truncate(RunRecord::MOST_ERRORS);
        if record(&row)? != was {
            return Ok(false);
        }
        // The text as it is stored: another version may have written the same record in other words (R44).
        let unchanged = Expression::new("#document = :document").text(":document", row.text("document")?);
        let draft = draft(OPERATION, run)?;
        let draft = if row.has("fence") {
            draft.number("fence", row.number("fence")?)
        } else {
            draft
        };
        self.put_if(OPERATION, draft, unchanged).await
    }

    async fn put_run(&self, run: &RunRecord, fence: u64) -> Result<bool, Error> {
        const OPERATION: &str = "write a run";
        let draft = draft(OPERATION, run)?.number("fence", fence);
        let not_later = Expression::new("attribute_not_exists(#fence) OR #fence <= :fence").number(":fence", fence);
        self.put_if(OPERATION, draft, not_later).await
    }

    async fn find_run(&self, id: &RunId) -> Result<Option<RunRecord>, Error> {
        let row = self.get("find a run", key::run(id)).await?;
        row.as_ref().map(record).transpose()
    }

    async fn list_runs(
        &self,
        connection: &ConnectionId,
        after: Option<(Timestamp, &RunId)>,
        limit: u32,
    ) -> Result<Vec<RunRecord>, Error> {
        const OPERATION: &str = "list runs";
        const PREFIX: &str = "RUN#";
        if limit == 0 {
            return Ok(Vec::new());
        }
        let range = Range::of(key::connection_partition(connection)).newest_first();
        let range = match after {
            None => range.prefix(PREFIX).limit(limit),
            Some((started_at, run)) => {
                let place = key::connections_run(connection, started_at, run).sk;
                // The place itself is found too.
                range.between(PREFIX, place).limit(limit.saturating_add(1))
            }
        };
        let pointers = self.query(OPERATION, range).await?.rows;
        let ids = pointers.iter().map(|row| row.parsed("run", "the id of a run"));
        let mut ids = ids.collect::<Result<Vec<RunId>, _>>()?;
        ids.retain(|id| after.is_none_or(|(_, run)| id != run));
        ids.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let rows = self.get_all(OPERATION, ids.iter().map(key::run).collect()).await?;
        let runs = rows.iter().map(|row| record(row).map(|run| (run.id.clone(), run)));
        let mut runs = runs.collect::<Result<BTreeMap<_, _>, _>>()?;
        Ok(ids.iter().filter_map(|id| runs.remove(id)).collect())
    }
}
