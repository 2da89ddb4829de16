//! The built-in directory's records in the table.

use async_trait::async_trait;
use futures_util::future::try_join_all;
use jiff::Timestamp;

use super::{
    DynamoStore,
    call::Range,
    door,
    erasure::key_of,
    expression::Expression,
    item::{Draft, Row},
    key::{self, Key, SHARDS},
    transaction::{Outcome, Step},
};
use crate::{
    account::{Account, AccountId, ExternalId},
    connection::TenantId,
    employee::{Attributes, Canonical},
    store::{
        AccountWrite, AuditEntry, DirectoryStore, Error, HistoryEntry, Placed, Written,
        unique::{Handover, MOST_ITEMS, Refusal, Unique, compared, handovers, once_compared},
    },
};

/// Accounts of one shard in a page: a page has at most 16 times as many.
const SHARD_PAGE: u32 = 256;

const fn word(unique: Unique) -> &'static str {
    match unique {
        Unique::Email => "email",
        Unique::Reference => "reference",
    }
}

fn account(row: &Row) -> Result<Account, Error> {
    let id = AccountId::parse(key::unordered(row.text("sk")?));
    let attributes = Attributes::from_packed(row.text("attributes")?);
    let external_id = if row.has("reference") {
        ExternalId::from_target(row.text("reference")?)
    } else {
        None
    };
    Ok(Account {
        id: id.map_err(|_| row.corrupt("sk", "the id of an account"))?,
        external_id,
        active: row.flag("active")?,
        attributes: attributes
            .ok_or_else(|| row.corrupt("attributes", "a packed set of attributes"))?
            .respelt(),
        login: None,
        addresses: Box::default(),
        version: Some(row.number("version")?.to_string().into()),
    })
}

fn version(account: &Account) -> u64 {
    let version = account.version.as_deref().and_then(|version| version.parse().ok());
    version.unwrap_or(0)
}

/// The account of a write as it is afterwards, and the steps to its items.
pub(super) fn steps(
    operation: &'static str,
    tenant: &TenantId,
    write: &AccountWrite,
) -> Result<(Account, [Step; 2]), Error> {
    let id = &write.account.id;
    let next = write.before.as_ref().map_or(1, |before| version(before) + 1);
    let draft = Draft::new(key::account(tenant, id))
        .number("version", next)
        .flag("active", write.account.active)
        .text("attributes", write.account.attributes.as_packed());
    let draft = match &write.account.external_id {
        Some(reference) => draft.text("reference", reference.as_str()),
        None => draft,
    };
    let unchanged = match &write.before {
        None => Expression::absent(),
        Some(before) => Expression::new("#version = :version").number(":version", version(before)),
    };
    let entry = HistoryEntry::of(write);
    let history = Draft::new(key::history(tenant, id, write.at, next))
        .document(operation, "document", &entry)?
        .expires(entry.expires_at());
    let account = Account {
        version: Some(next.to_string().into()),
        ..write.account.clone()
    };
    Ok((account, [Step::Put(draft, Some(unchanged)), Step::Put(history, None)]))
}

/// Returns the step by which a value changes hands. The value may be with the account that it is taken from, or already
/// with the account that is to have it, or with none.
fn handover_step(tenant: &TenantId, handover: &Handover<'_>) -> Step {
    let key = key::unique(tenant, word(handover.unique), &handover.value);
    let condition = match (handover.from, handover.to) {
        (Some(from), Some(to)) => Expression::new("attribute_not_exists(#pk) OR #account IN (:from, :to)")
            .text(":from", from.as_str())
            .text(":to", to.as_str()),
        (Some(one), None) | (None, Some(one)) => {
            Expression::new("attribute_not_exists(#pk) OR #account = :one").text(":one", one.as_str())
        }
        (None, None) => Expression::absent(),
    };
    match handover.to {
        Some(to) => Step::Put(Draft::new(key).text("account", to.as_str()), Some(condition)),
        None => Step::Delete(key, condition),
    }
}

impl DynamoStore {
    async fn find_holder(
        &self,
        operation: &'static str,
        tenant: &TenantId,
        unique: Unique,
        value: &str,
    ) -> Result<Option<Account>, Error> {
        let mut holder = self
            .holder_under(operation, tenant, unique, &compared(unique, value))
            .await?;
        if holder.is_none()
            && let Some(once) = once_compared(unique, value)
        {
            holder = self.holder_under(operation, tenant, unique, &once).await?;
        }
        match holder {
            Some(id) => self.find_account(tenant, &id).await,
            None => Ok(None),
        }
    }

    async fn holder_under(
        &self,
        operation: &'static str,
        tenant: &TenantId,
        unique: Unique,
        spelling: &str,
    ) -> Result<Option<AccountId>, Error> {
        let row = self.get(operation, key::unique(tenant, word(unique), spelling)).await?;
        row.map(|row| row.parsed("account", "the id of an account")).transpose()
    }

    /// Returns the step that takes a value away under an earlier spelling, where its holder is kept under that
    /// spelling. No account gets a value that another account holds under an earlier spelling.
    async fn once_step(
        &self,
        operation: &'static str,
        tenant: &TenantId,
        handover: &Handover<'_>,
    ) -> Result<Option<Result<Step, Refusal>>, Error> {
        let Some(once) = once_compared(handover.unique, &handover.value) else {
            return Ok(None);
        };
        let Some(holder) = self.holder_under(operation, tenant, handover.unique, &once).await? else {
            return Ok(None);
        };
        if handover.from == Some(&holder) || handover.to == Some(&holder) {
            let is_still = Expression::new("#account = :holder").text(":holder", holder.as_str());
            let key = key::unique(tenant, word(handover.unique), &once);
            return Ok(Some(Ok(Step::Delete(key, is_still))));
        }
        Ok(handover.to.map(|_| Err(Refusal::Taken)))
    }
}

#[async_trait]
impl DirectoryStore for DynamoStore {
    async fn list_accounts(
        &self,
        tenant: &TenantId,
        from: Option<&str>,
    ) -> Result<(Vec<Account>, Option<String>), Error> {
        let shards = try_join_all((0..SHARDS).map(|shard| {
            let range = Range::of(key::account_partition(tenant, shard))
                .after(from.map(key::ordered))
                .limit(SHARD_PAGE)
                .one_answer();
            self.query("list accounts", range)
        }))
        .await?;
        // Behind the least of the last keys some shard has more; the next page begins there.
        let last_keys = shards.iter().filter(|shard| shard.more).filter_map(|shard| {
            let last = shard.rows.last()?;
            last.text("sk").ok()
        });
        let bound = last_keys.min().map(str::to_owned);
        let mut accounts = Vec::with_capacity(shards.iter().map(|shard| shard.rows.len()).sum());
        for row in shards.iter().flat_map(|shard| &shard.rows) {
            let key = row.text("sk")?;
            if bound.as_deref().is_none_or(|bound| key <= bound) {
                accounts.push(account(row)?);
            }
        }
        // Each shard is in order: the sort finds 16 runs and merges them.
        accounts.sort_by(|left, right| left.id.cmp(&right.id));
        let next = bound.map(|key| key::unordered(&key).to_owned());
        Ok((accounts, next))
    }

    async fn find_account(&self, tenant: &TenantId, id: &AccountId) -> Result<Option<Account>, Error> {
        let row = self.get("find an account", key::account(tenant, id)).await?;
        row.as_ref().map(account).transpose()
    }

    async fn find_by_external_id(&self, tenant: &TenantId, external_id: &ExternalId) -> Result<Option<Account>, Error> {
        let operation = "find an account by reference";
        self.find_holder(operation, tenant, Unique::Reference, external_id.as_str())
            .await
    }

    async fn find_by_unique(
        &self,
        tenant: &TenantId,
        attribute: Canonical,
        value: &str,
    ) -> Result<Option<Account>, Error> {
        if attribute != Canonical::Email {
            return Ok(None);
        }
        self.find_holder("find an account by e-mail", tenant, Unique::Email, value)
            .await
    }

    async fn put_accounts(
        &self,
        tenant: &TenantId,
        writes: &[AccountWrite],
        entry: Option<&AuditEntry>,
    ) -> Result<Written, Error> {
        const OPERATION: &str = "write accounts";
        let handovers = match handovers(writes) {
            Ok(handovers) => handovers,
            Err(Refusal::Taken) => return Ok(Written::Taken),
            Err(Refusal::TooLarge) => return Ok(Written::TooLarge),
            Err(Refusal::TooMany) => return Ok(Written::TooMany),
        };
        let mut accounts = Vec::with_capacity(writes.len());
        let mut all = Vec::with_capacity(2 * writes.len() + handovers.len());
        for write in writes {
            let (account, steps) = steps(OPERATION, tenant, write)?;
            accounts.push(account);
            all.extend(steps);
        }
        if let Some(entry) = entry {
            all.push(Step::Check(key::tombstone(tenant, None), Expression::absent()));
            all.push(Step::Put(door::entry(entry)?, None));
        }
        let first_handover = all.len();
        for handover in &handovers {
            all.push(handover_step(tenant, handover));
            match self.once_step(OPERATION, tenant, handover).await? {
                Some(Ok(step)) => all.push(step),
                Some(Err(_)) => return Ok(Written::Taken),
                None => {}
            }
        }
        if all.len() > MOST_ITEMS {
            return Ok(Written::TooMany);
        }
        Ok(match self.transact(OPERATION, all).await? {
            Outcome::Done => Written::Done(accounts),
            Outcome::Refused(steps) if steps.iter().any(|step| *step < first_handover) => Written::Changed,
            Outcome::Refused(_) => Written::Taken,
        })
    }

    async fn erase_history(&self, tenant: &TenantId, id: &AccountId) -> Result<u64, Error> {
        const OPERATION: &str = "erase a history";
        let Key { pk, sk } = key::history_of(tenant, id);
        let rows = self.query(OPERATION, Range::of(pk).prefix(&sk)).await?.rows;
        let keys = rows.iter().map(key_of).collect::<Result<Vec<_>, _>>()?;
        self.delete_all(OPERATION, keys).await?;
        Ok(rows.len() as u64)
    }

    async fn list_history(
        &self,
        tenant: &TenantId,
        id: &AccountId,
        now: Timestamp,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Placed<HistoryEntry>>, Error> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let Key { pk, sk: prefix } = key::history_of(tenant, id);
        let range = Range::of(pk).newest_first();
        let range = match after {
            None => range.prefix(prefix.clone()).limit(limit),
            // The place itself is found too.
            Some(after) => range
                .between(&prefix, format!("{prefix}{after}"))
                .limit(limit.saturating_add(1)),
        };
        let rows = self.query("list history", range).await?.rows;
        let mut entries = Vec::with_capacity(rows.len());
        for row in rows {
            let record: HistoryEntry = row.document("document")?;
            let place = row.text("sk")?.trim_start_matches(&prefix).to_owned();
            if record.expires_at() > now && after != Some(&place) {
                entries.push(Placed { place, record });
            }
        }
        entries.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(entries)
    }
}
