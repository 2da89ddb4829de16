//! Erasing in the table. What points at something is deleted after it, so that a deletion that breaks off finds the rest.

use async_trait::async_trait;
use futures_util::{StreamExt, TryStreamExt, stream};

use super::{
    DynamoStore,
    call::Range,
    expression::Expression,
    item::{Draft, Row},
    key::{self, Key, SHARDS},
    transaction::Step,
};
use crate::{
    account::{Account, AccountId, TargetIdentity},
    connection::{Connection, ConnectionId, TenantId},
    employee::{Canonical, EmployeeId},
    plan::PlanId,
    store::{
        DirectoryStore, Erased, ErasureStore, Error, LinkStore, RosterId, RosterStore, RunId, Tombstone,
        unique::{Unique, compared, once_compared},
    },
};

/// How many deletions are under way at once.
const TOGETHER: usize = 16;

/// The key of an item that was read.
pub(super) fn key_of(row: &Row) -> Result<Key, Error> {
    Ok(Key::new(row.text("pk")?, row.text("sk")?))
}

pub(super) fn tombstone(tenant: &TenantId, tombstone: &Tombstone) -> Result<Draft, Error> {
    let key = key::tombstone(tenant, tombstone.person.as_deref());
    Draft::new(key).document("write a tombstone", "document", tombstone)
}

/// The id at the end of a sort key.
pub(super) fn id_behind<T: std::str::FromStr>(row: &Row, prefix: &str) -> Result<T, Error> {
    let id = row.text("sk")?.trim_start_matches(prefix).parse();
    id.map_err(|_| row.corrupt("sk", "an id"))
}

/// What the note of a roster's parts says is kept of it: its chunks.
pub(super) fn roster_keys(note: &Row) -> Result<Vec<Key>, Error> {
    let roster: RosterId = id_behind(note, key::PARTS_PREFIX)?;
    let (content, chunks) = (note.text("content")?, note.count("chunks")? as usize);
    Ok((0..chunks)
        .map(|chunk| key::roster_chunk(&roster, content, chunk))
        .collect())
}

/// What the note of a plan's parts says is kept of it beside its head: its chunks.
pub(super) fn plan_keys(row: &Row) -> Result<Vec<Key>, Error> {
    let plan: PlanId = id_behind(row, key::PLAN_PREFIX)?;
    let run: RunId = row.parsed("run", "the id of a run")?;
    let fence = row.number("fence")?;
    let mut keys = Vec::new();
    for (what, member) in [("LINES", "chunks"), ("FINDINGS", "finding_chunks")] {
        let chunks = row.count(member)? as usize;
        keys.extend((0..chunks).map(|chunk| key::plan_chunk(&plan, &run, fence, chunk, what)));
    }
    Ok(keys)
}

impl DynamoStore {
    /// Deletes what lies beside a connection's record and its lease, with its tickets.
    async fn erase_partition(&self, operation: &'static str, id: &ConnectionId) -> Result<(), Error> {
        let range = Range::of(key::connection_partition(id)).keys_only();
        let rows = self.query(operation, range).await?.rows;
        let last = ["CONNECTION", "LEASE"];
        let (mut keys, mut tickets) = (Vec::with_capacity(rows.len()), Vec::new());
        for row in &rows {
            let sort = row.text("sk")?;
            tickets.extend(sort.strip_prefix(key::TICKET_PREFIX).map(key::ticket));
            if !last.contains(&sort) {
                keys.push(key_of(row)?);
            }
        }
        self.delete_all(operation, tickets).await?;
        self.delete_all(operation, keys).await
    }

    async fn rows_of(&self, operation: &'static str, partition: String, prefix: &str) -> Result<Vec<Row>, Error> {
        Ok(self.query(operation, Range::of(partition).prefix(prefix)).await?.rows)
    }

    /// An account's items beside itself: what is its alone, and its history; with how long that is.
    async fn account_keys(&self, tenant: &TenantId, account: &Account) -> Result<(Vec<Key>, u64), Error> {
        const OPERATION: &str = "erase an account";
        let Key { pk, sk } = key::history_of(tenant, &account.id);
        let range = Range::of(pk).prefix(&*sk).keys_only();
        let history = self.query(OPERATION, range).await?.rows;
        let mut keys = history.iter().map(key_of).collect::<Result<Vec<_>, _>>()?;
        let entries = keys.len() as u64;
        if let Some(email) = account.value(Canonical::Email) {
            keys.push(key::unique(tenant, "email", &compared(Unique::Email, email)));
            let once = once_compared(Unique::Email, email).map(|once| key::unique(tenant, "email", &once));
            if let Some(once) = once
                && let Some(row) = self.get(OPERATION, once.clone()).await?
                && row.text("account")? == account.id.as_str()
            {
                keys.push(once);
            }
        }
        let reference = account.external_id.as_ref();
        keys.extend(reference.map(|reference| key::unique(tenant, "reference", reference.as_str())));
        Ok((keys, entries))
    }
}

#[async_trait]
impl ErasureStore for DynamoStore {
    async fn put_tombstone(&self, tenant: &TenantId, tombstone: &Tombstone) -> Result<(), Error> {
        self.put("write a tombstone", self::tombstone(tenant, tombstone)?).await
    }

    async fn list_tombstones(&self, tenant: &TenantId) -> Result<Vec<Tombstone>, Error> {
        let partition = key::tenant_partition(tenant);
        let rows = self
            .rows_of("list tombstones", partition, key::TOMBSTONE_PREFIX)
            .await?;
        rows.iter().map(|row| row.document("document")).collect()
    }

    async fn delete_tombstone(&self, tenant: &TenantId, person: Option<&str>) -> Result<(), Error> {
        self.delete("take a tombstone away", key::tombstone(tenant, person))
            .await
    }

    async fn list_plans(&self, connection: &ConnectionId) -> Result<Vec<PlanId>, Error> {
        let partition = key::connection_partition(connection);
        let rows = self.rows_of("list plans", partition, key::PLAN_PREFIX).await?;
        rows.iter().map(|row| id_behind(row, key::PLAN_PREFIX)).collect()
    }

    async fn count_kept(&self, connection: &ConnectionId) -> Result<Erased, Error> {
        const OPERATION: &str = "count what is kept under a connection";
        let range = Range::of(key::connection_partition(connection)).keys_only();
        let mut kept = Erased {
            links: self.list_links(connection).await?.len() as u64,
            ..Erased::default()
        };
        for row in self.query(OPERATION, range).await?.rows {
            let sort = row.text("sk")?;
            let counts = [
                ("CONNECTION", &mut kept.connections),
                ("DECISION#", &mut kept.decisions),
                (key::PLAN_PREFIX, &mut kept.plans),
                (key::ROSTER_PREFIX, &mut kept.rosters),
                ("RUN#", &mut kept.runs),
            ];
            for (prefix, count) in counts {
                *count += u64::from(sort.starts_with(prefix));
            }
        }
        Ok(kept)
    }

    async fn count_directory(&self, tenant: &TenantId) -> Result<(u64, u64), Error> {
        const OPERATION: &str = "count a directory";
        let (mut accounts, mut history) = (0, 0);
        for shard in 0..SHARDS {
            let kept = Range::of(key::account_partition(tenant, shard)).keys_only();
            accounts += self.query(OPERATION, kept).await?.rows.len() as u64;
            let entries = Range::of(key::history_partition(tenant, shard)).keys_only();
            history += self.query(OPERATION, entries).await?.rows.len() as u64;
        }
        Ok((accounts, history))
    }

    async fn erase_rosters(&self, connection: &ConnectionId) -> Result<u64, Error> {
        const OPERATION: &str = "erase rosters";
        self.delete(OPERATION, key::of_connection(connection, "SURVEY")).await?;
        let partition = key::connection_partition(connection);
        let heads = self.rows_of(OPERATION, partition.clone(), key::ROSTER_PREFIX).await?;
        for row in self.rows_of(OPERATION, partition, key::PARTS_PREFIX).await? {
            let roster: RosterId = id_behind(&row, key::PARTS_PREFIX)?;
            // The head first: what has chunks only is gone, and its note still names them.
            let heads = [key::roster(connection, &roster), key::listing(connection, &roster)];
            self.delete_all(OPERATION, heads.into()).await?;
            self.delete_all(OPERATION, roster_keys(&row)?).await?;
            self.delete(OPERATION, key_of(&row)?).await?;
        }
        // The note of a roster's parts may have ended before the roster did: then the roster's head still names the
        // parts.
        for row in &heads {
            let roster: RosterId = id_behind(row, key::ROSTER_PREFIX)?;
            self.delete_roster(connection, &roster).await?;
        }
        for listing in self.list_listings(connection).await? {
            self.delete_listing(connection, &listing).await?;
        }
        Ok(heads.len() as u64)
    }

    async fn erase_plans(&self, connection: &ConnectionId) -> Result<u64, Error> {
        const OPERATION: &str = "erase plans";
        self.delete(OPERATION, key::of_connection(connection, "OPEN")).await?;
        let partition = key::connection_partition(connection);
        let rows = self.rows_of(OPERATION, partition, key::PLAN_PREFIX).await?;
        for row in &rows {
            // The head first: a plan of which only chunks are left is gone, and its note still names them.
            let plan: PlanId = id_behind(row, key::PLAN_PREFIX)?;
            self.delete(OPERATION, key::plan(&plan)).await?;
            self.delete_all(OPERATION, plan_keys(row)?).await?;
            self.delete(OPERATION, key_of(row)?).await?;
        }
        Ok(rows.len() as u64)
    }

    async fn erase_runs(&self, connection: &ConnectionId) -> Result<u64, Error> {
        const OPERATION: &str = "erase runs";
        let partition = key::connection_partition(connection);
        let pointers = self.rows_of(OPERATION, partition, "RUN#").await?;
        let ids = pointers.iter().map(|row| row.parsed("run", "the id of a run"));
        let ids = ids.collect::<Result<Vec<RunId>, _>>()?;
        self.delete_all(OPERATION, ids.iter().map(key::run).collect()).await?;
        for list in [key::NAMING, key::UNENDED] {
            let entries = self
                .rows_of(OPERATION, key::connection_partition(connection), list.0)
                .await?;
            let keys = entries.iter().map(key_of).collect::<Result<Vec<_>, _>>()?;
            self.delete_all(OPERATION, keys).await?;
        }
        let keys = pointers.iter().map(key_of).collect::<Result<Vec<_>, _>>()?;
        self.delete_all(OPERATION, keys).await?;
        Ok(pointers.len() as u64)
    }

    async fn erase_links(&self, connection: &ConnectionId, target: &TargetIdentity) -> Result<u64, Error> {
        let links = self.list_links(connection).await?;
        let erased = links.len() as u64;
        stream::iter(links)
            .map(|link| async move { self.delete_link(connection, target, &link).await })
            .buffer_unordered(TOGETHER)
            .try_collect::<()>()
            .await?;
        Ok(erased)
    }

    async fn delete_decision(&self, connection: &ConnectionId, employee: &EmployeeId) -> Result<bool, Error> {
        const OPERATION: &str = "delete a decision";
        let key = key::decision(connection, employee);
        let is_there = Expression::new("attribute_exists(#pk)");
        let step = Step::Delete(key, is_there);
        Ok(self.transact(OPERATION, vec![step]).await?.is_done())
    }

    async fn erase_connection(&self, connection: &Connection) -> Result<(), Error> {
        const OPERATION: &str = "erase a connection";
        let id = &connection.id;
        self.erase_partition(OPERATION, id).await?;
        let steps = [
            key::of_connection(id, "CONNECTION"),
            key::of_connection(id, "LEASE"),
            key::tenants_connection(&connection.tenant, id),
            key::listed_connection(id),
        ];
        let steps = steps.into_iter().map(|key| Step::Delete(key, Expression::always()));
        self.transact(OPERATION, steps.collect()).await?;
        Ok(())
    }

    async fn erase_leavings(&self, connection: &ConnectionId) -> Result<(), Error> {
        const OPERATION: &str = "erase what was written since";
        self.erase_runs(connection).await?;
        self.erase_partition(OPERATION, connection).await?;
        self.delete(OPERATION, key::of_connection(connection, "LEASE")).await
    }

    async fn erase_account(&self, tenant: &TenantId, account: &AccountId) -> Result<Option<u64>, Error> {
        const OPERATION: &str = "erase an account";
        let Some(account) = self.find_account(tenant, account).await? else {
            return Ok(None);
        };
        let (keys, entries) = self.account_keys(tenant, &account).await?;
        self.delete_all(OPERATION, keys).await?;
        self.delete(OPERATION, key::account(tenant, &account.id)).await?;
        Ok(Some(entries))
    }

    async fn erase_directory(&self, tenant: &TenantId) -> Result<(), Error> {
        const OPERATION: &str = "erase a directory";
        loop {
            let (page, _) = self.list_accounts(tenant, None).await?;
            if page.is_empty() {
                break;
            }
            let keys = page.iter().map(|account| key::account(tenant, &account.id));
            let keys: Vec<Key> = keys.collect();
            stream::iter(page)
                .map(|account| async move {
                    let (keys, _) = self.account_keys(tenant, &account).await?;
                    self.delete_all(OPERATION, keys).await
                })
                .buffer_unordered(TOGETHER)
                .try_collect::<()>()
                .await?;
            self.delete_all(OPERATION, keys).await?;
        }
        // What is left of accounts that went before.
        for shard in 0..SHARDS {
            let range = Range::of(key::history_partition(tenant, shard)).keys_only();
            let rows = self.query(OPERATION, range).await?.rows;
            let keys = rows.iter().map(key_of).collect::<Result<Vec<_>, _>>()?;
            self.delete_all(OPERATION, keys).await?;
        }
        Ok(())
    }
}
