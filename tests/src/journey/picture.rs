//! Everything that is to be the same at the end of two journeys, as lines of text: no instants, no ids of runs.

use std::{collections::BTreeSet, sync::Arc};

use jiff::Timestamp;
use rollcall::{
    account::Account,
    connection::{ConnectionId, TenantId},
    plan::{Link, LinkState},
    run::Clock,
    store::{DirectoryStore, RunRecord, Store},
    target::{Target, directory::DirectoryTarget},
};

use super::{Failure, Stage};

/// The directory with its histories, links with their claims, the open plan, runs, and what the connection remembers.
///
/// # Errors
/// The store failed.
pub async fn picture(stage: &Stage) -> Result<Vec<String>, Failure> {
    let (store, directory) = (stage.store.as_ref(), stage.directory.as_ref());
    let now = stage.now();
    let mut lines = Vec::new();
    for account in stage.accounts().await? {
        lines.push(account_line(&account));
        lines.extend(history(directory, &stage.tenant, &account, now).await?);
    }
    let identity = stage.target().identity();
    for link in store.list_links(&stage.connection).await? {
        let claim = store.find_claim(&identity, &link.account_id).await?;
        let claimed_by = claim.map_or_else(String::new, |claim| claim.employee_id.to_string());
        lines.push(format!("{} claimed by {claimed_by}", link_line(&link)));
    }
    if let Some(open) = store.find_open_plan(&stage.connection, now).await? {
        lines.push(format!("open plan {} {}", open.plan.hash, open.status.as_str()));
    }
    lines.extend(runs(store, &stage.connection, now).await?);
    let kept = store.load_state(&stage.connection).await?;
    let leavers: u32 = kept.leavers.iter().map(|(_, count)| count).sum();
    lines.push(format!(
        "state applied {} configuration {} leavers {leavers} baseline {:?} roster {:?}",
        kept.applied_once,
        kept.applied_configuration,
        kept.baseline,
        kept.roster.map(|roster| roster.header.content_hash),
    ));
    Ok(lines)
}

fn account_line(account: &Account) -> String {
    let reference = account
        .external_id
        .as_ref()
        .map_or("", rollcall::account::ExternalId::as_str);
    format!(
        "account {} {reference} active {} version {:?} {}",
        account.id,
        account.active,
        account.version,
        account.attributes.as_packed(),
    )
}

async fn history(
    directory: &dyn DirectoryStore,
    tenant: &TenantId,
    account: &Account,
    now: Timestamp,
) -> Result<Vec<String>, Failure> {
    let entries = directory.list_history(tenant, &account.id, now, 100).await?;
    let line = |entry: rollcall::store::HistoryEntry| {
        let changes: Vec<String> = entry
            .changes
            .iter()
            .map(|change| format!("{} {:?} {:?}", change.attribute, change.before, change.after))
            .collect();
        format!("  {} by {} {}", entry.action, entry.origin, changes.join(", "))
    };
    Ok(entries.into_iter().map(line).collect())
}

fn link_line(link: &Link) -> String {
    let state = match link.state {
        LinkState::Active => "active".to_owned(),
        LinkState::Deactivated { reason, .. } => format!("deactivated {reason:?}"),
        LinkState::Moved { reason, .. } => format!("moved {reason:?}"),
        LinkState::Pending => "pending".to_owned(),
    };
    format!(
        "link {} {} {:?} {state} absent {} {:?} {:?} {}",
        link.employee_id,
        link.account_id,
        link.evidence,
        link.absent_since.is_some(),
        link.journal,
        link.former_ids,
        link.prints.as_packed(),
    )
}

async fn runs(store: &dyn Store, connection: &ConnectionId, now: Timestamp) -> Result<BTreeSet<String>, Failure> {
    let mut lines = BTreeSet::new();
    for (number, run) in store.list_runs(connection, 100).await?.into_iter().rev().enumerate() {
        let plan = match &run.plan {
            Some(id) => store.find_plan(id, now).await?,
            None => None,
        };
        let plan = plan.map_or_else(String::new, |record| {
            format!("{} {}", record.plan.hash, record.status.as_str())
        });
        lines.insert(format!("run {number:03} {} plan {plan}", run_line(&run)));
    }
    Ok(lines)
}

fn run_line(run: &RunRecord) -> String {
    let errors: Vec<String> = run
        .errors
        .iter()
        .map(|error| format!("{} {:?}", error.code, error.employee_id))
        .collect();
    format!(
        "{:?} {:?} done {} of {} {:?} next {} ended {} errors [{}]",
        run.kind,
        run.status,
        run.progress.done,
        run.progress.total,
        run.counts,
        run.next_run.is_some(),
        run.ended_at.is_some(),
        errors.join(", "),
    )
}

impl Stage {
    /// All accounts of the directory.
    ///
    /// # Errors
    /// The store failed.
    pub async fn accounts(&self) -> Result<Vec<Account>, Failure> {
        let mut accounts = Vec::new();
        let mut from: Option<String> = None;
        loop {
            let (page, next) = self.directory.list_accounts(&self.tenant, from.as_deref()).await?;
            accounts.extend(page);
            match next {
                Some(next) => from = Some(next),
                None => return Ok(accounts),
            }
        }
    }

    /// The directory as a target, without a watch.
    pub fn target(&self) -> DirectoryTarget {
        let clock = Arc::clone(&self.clock) as Arc<dyn Clock>;
        DirectoryTarget::new(self.tenant.clone(), Arc::clone(&self.directory), clock)
    }
}
