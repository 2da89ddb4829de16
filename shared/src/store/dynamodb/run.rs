//! Runs in the table.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;

use super::{
    DynamoStore,
    call::Range,
    expression::Expression,
    item::{Draft, Row, compress, to_json},
    key::{self, Key, RunList},
    transaction::Step,
};
use crate::{
    connection::ConnectionId,
    store::{Error, MOST_UNENDED, RunError, RunId, RunRecord, RunStore, run::kept},
};

/// How many runs are read at once where all of them are.
const TOGETHER: u32 = 50;

fn draft(operation: &'static str, run: &RunRecord) -> Result<Draft, Error> {
    let mut document = run.clone();
    let mut errors = std::mem::take(&mut document.errors);
    kept(&mut errors);
    let draft = Draft::new(key::run(&run.id)).document(operation, "document", &document)?;
    let draft = if run.status.is_final() {
        draft.flag("ended", true)
    } else {
        draft
    };
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
    let mut steps = vec![
        Step::Put(draft("create a run", run)?, Some(Expression::absent())),
        Step::Put(entry(key::RUNS, run), None),
    ];
    let lists = [
        (key::UNENDED, !run.status.is_final()),
        (key::NAMING, run.names_people()),
    ];
    let lists = lists.into_iter().filter(|(_, is_in)| *is_in);
    steps.extend(lists.map(|(list, _)| Step::Put(entry(list, run), None)));
    Ok(steps)
}

/// The entry of a run in a list of its connection.
fn entry(list: RunList, run: &RunRecord) -> Draft {
    Draft::new(key::listed_run(list, run)).text("run", run.id.as_str())
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
        kept(&mut was.errors);
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
        self.write_run(OPERATION, run, draft, unchanged).await
    }

    async fn put_run(&self, run: &RunRecord, fence: u64) -> Result<bool, Error> {
        const OPERATION: &str = "write a run";
        let draft = draft(OPERATION, run)?.number("fence", fence);
        let text = if run.status.is_final() {
            "attribute_exists(#pk) AND (attribute_not_exists(#fence) OR #fence <= :fence)"
        } else {
            "attribute_exists(#pk) AND attribute_not_exists(#ended) AND (attribute_not_exists(#fence) OR #fence <= :fence)"
        };
        let allowed = Expression::new(text).number(":fence", fence);
        self.write_run(OPERATION, run, draft, allowed).await
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
        self.list("list runs", key::RUNS, connection, after, limit).await
    }

    async fn list_runs_naming_people(
        &self,
        connection: &ConnectionId,
        after: Option<(Timestamp, &RunId)>,
        limit: u32,
    ) -> Result<Vec<RunRecord>, Error> {
        const OPERATION: &str = "list runs that name people";
        self.list_all_runs(OPERATION, connection).await?;
        let mut after = after.map(|(at, run)| (at, run.clone()));
        loop {
            let from = after.as_ref().map(|(at, run)| (*at, run));
            let mut runs = self.list(OPERATION, key::NAMING, connection, from, limit).await?;
            let Some(last) = runs.last() else {
                return Ok(runs);
            };
            after = Some((last.started_at, last.id.clone()));
            // The people may have been erased since.
            let others = runs.extract_if(.., |run| !run.names_people());
            let others: Vec<Key> = others.map(|run| key::listed_run(key::NAMING, &run)).collect();
            self.delete_all(OPERATION, others).await?;
            if !runs.is_empty() {
                return Ok(runs);
            }
        }
    }

    async fn list_unended_runs(
        &self,
        connection: &ConnectionId,
        after: Option<(Timestamp, &RunId)>,
        before: Timestamp,
    ) -> Result<Vec<RunRecord>, Error> {
        const OPERATION: &str = "list runs that have not ended";
        self.list_all_runs(OPERATION, connection).await?;
        let list = key::UNENDED.0;
        let until = format!("{list}{}", key::instant(before));
        let mut from = match after {
            None => list.to_owned(),
            // The least text behind the place itself.
            Some((started_at, run)) => format!("{}\u{0}", key::run_place(key::UNENDED, started_at, run)),
        };
        loop {
            if from >= until {
                return Ok(Vec::new());
            }
            let range = Range::of(key::connection_partition(connection)).between(&from, until.clone());
            let entries = self.query(OPERATION, range.limit(MOST_UNENDED)).await?.rows;
            let Some(latest) = entries.last() else {
                return Ok(Vec::new());
            };
            let next = format!("{}\u{0}", latest.text("sk")?);
            let runs = self.runs_of(OPERATION, &entries).await?;
            let (ended, unended): (Vec<_>, Vec<_>) = runs.into_iter().partition(|run| run.status.is_final());
            let ended: Vec<Key> = ended.iter().map(|run| key::listed_run(key::UNENDED, run)).collect();
            self.delete_all(OPERATION, ended).await?;
            if !unended.is_empty() {
                return Ok(unended);
            }
            from = next;
        }
    }
}

impl DynamoStore {
    /// Writes a run under a condition. With its end it leaves the list of those that have not ended, and enters that of
    /// those that name people, if it does.
    async fn write_run(
        &self,
        operation: &'static str,
        run: &RunRecord,
        draft: Draft,
        condition: Expression,
    ) -> Result<bool, Error> {
        if !run.status.is_final() {
            return self.put_if(operation, draft, condition).await;
        }
        let mut steps = vec![
            Step::Put(draft, Some(condition)),
            Step::Delete(key::listed_run(key::UNENDED, run), Expression::always()),
        ];
        steps.extend(run.names_people().then(|| Step::Put(entry(key::NAMING, run), None)));
        Ok(self.transact(operation, steps).await?.is_done())
    }

    /// The runs of a list, newest first.
    async fn list(
        &self,
        operation: &'static str,
        list: RunList,
        connection: &ConnectionId,
        after: Option<(Timestamp, &RunId)>,
        limit: u32,
    ) -> Result<Vec<RunRecord>, Error> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let range = Range::of(key::connection_partition(connection)).newest_first();
        let range = match after {
            None => range.prefix(list.0).limit(limit),
            Some((started_at, run)) => {
                let place = key::run_place(list, started_at, run);
                // The place itself is found too.
                range.between(list.0, place).limit(limit.saturating_add(1))
            }
        };
        let entries = self.query(operation, range).await?.rows;
        let mut runs = self.runs_of(operation, &entries).await?;
        runs.retain(|found| after.is_none_or(|(_, run)| found.id != *run));
        runs.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(runs)
    }

    /// The runs that entries of a list stand for, in their order.
    async fn runs_of(&self, operation: &'static str, entries: &[Row]) -> Result<Vec<RunRecord>, Error> {
        let ids = entries.iter().map(|row| row.parsed("run", "the id of a run"));
        let ids = ids.collect::<Result<Vec<RunId>, _>>()?;
        let rows = self.get_all(operation, ids.iter().map(key::run).collect()).await?;
        let runs = rows.iter().map(|row| record(row).map(|run| (run.id.clone(), run)));
        let mut runs = runs.collect::<Result<BTreeMap<_, _>, _>>()?;
        Ok(ids.iter().filter_map(|id| runs.remove(id)).collect())
    }

    /// Enters the runs that were kept before there were lists into those that they belong to, once for a connection.
    async fn list_all_runs(&self, operation: &'static str, connection: &ConnectionId) -> Result<(), Error> {
        let note = key::runs_listed(connection);
        if self.get(operation, note.clone()).await?.is_some() {
            return Ok(());
        }
        let mut last: Option<(Timestamp, RunId)> = None;
        loop {
            let after = last.as_ref().map(|(at, run)| (*at, run));
            let runs = self.list(operation, key::RUNS, connection, after, TOGETHER).await?;
            let Some(end) = runs.last() else { break };
            last = Some((end.started_at, end.id.clone()));
            let unended = runs.iter().filter(|run| !run.status.is_final());
            let naming = runs.iter().filter(|run| run.names_people());
            let entries = unended.map(|run| entry(key::UNENDED, run));
            let entries = entries.chain(naming.map(|run| entry(key::NAMING, run)));
            self.put_all(operation, entries.collect()).await?;
        }
        self.put(operation, Draft::new(note)).await
    }
}
