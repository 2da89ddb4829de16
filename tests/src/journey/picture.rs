//! Everything that has to be equal at the end of two journeys, as lines of text. The lines hold no instants. Instead of the ids
//! that we make they hold the names that those ids stand for.

use std::collections::{BTreeMap, BTreeSet};

use rollcall::{
    account::Account,
    employee::{Attribute, AttributeRef, Canonical},
    plan::{Fingerprints, Link, LinkState},
    store::{HistoryEntry, RunKind, RunRecord},
};

use super::{Failure, Stage, ground::FINGERPRINT_KEY};

/// Returns the directory with its histories, links with their claims, the open plan, runs, and what the connection remembers.
///
/// # Errors
/// The store failed.
pub async fn picture(stage: &Stage) -> Result<Vec<String>, Failure> {
    let accounts = stage.accounts().await?;
    let names = Names::of(&accounts, all_runs(stage).await?);
    let mut lines = directory_lines(stage, &accounts, &names).await?;
    lines.extend(link_lines(stage, &accounts, &names).await?);
    lines.extend(record_lines(stage, &names).await?);
    Ok(lines)
}

/// Returns the accounts with their histories.
///
/// # Errors
/// The store failed.
pub async fn directory(stage: &Stage) -> Result<Vec<String>, Failure> {
    let accounts = stage.accounts().await?;
    let names = Names::of(&accounts, all_runs(stage).await?);
    directory_lines(stage, &accounts, &names).await
}

/// Returns the open plan, the runs, and what the connection remembers.
///
/// # Errors
/// The store failed.
pub async fn records(stage: &Stage) -> Result<Vec<String>, Failure> {
    let names = Names::of(&[], all_runs(stage).await?);
    record_lines(stage, &names).await
}

async fn directory_lines(stage: &Stage, accounts: &[Account], names: &Names) -> Result<Vec<String>, Failure> {
    let mut described = BTreeMap::new();
    for account in accounts {
        let mut lines = vec![account_line(account, names)];
        let entries = stage
            .directory
            .list_history(&stage.tenant, &account.id, stage.now(), None, 100)
            .await?;
        lines.extend(entries.into_iter().map(|entry| entry_line(&entry.record, names)));
        described.insert(names.account(account.id.as_str()), lines);
    }
    Ok(described.into_values().flatten().collect())
}

async fn link_lines(stage: &Stage, accounts: &[Account], names: &Names) -> Result<Vec<String>, Failure> {
    let identity = stage.target()?.identity();
    let mut lines = Vec::new();
    for link in stage.store.list_links(&stage.connection).await? {
        let claim = stage.store.find_claim(&identity, &link.account_id).await?;
        let claimed_by = claim.map_or_else(String::new, |claim| claim.employee_id.to_string());
        let account = accounts.iter().find(|account| account.id == link.account_id);
        lines.push(format!("{} claimed by {claimed_by}", link_line(&link, account, names)));
    }
    Ok(lines)
}

async fn record_lines(stage: &Stage, names: &Names) -> Result<Vec<String>, Failure> {
    let (store, now) = (stage.store.as_ref(), stage.now());
    let mut lines = Vec::new();
    if let Some(open) = store.find_open_plan(&stage.connection, now).await? {
        lines.push(format!("open plan {} {:?}", open.status.as_str(), open.plan.counts));
    }
    let mut runs = Vec::new();
    for run in &names.runs {
        let plan = match &run.plan {
            Some(id) => store.find_plan(id, now).await?,
            None => None,
        };
        let status = plan.as_ref().map_or("", |record| record.status.as_str());
        let name = run.plan.as_ref().map_or_else(String::new, |id| names.plan(id.as_str()));
        runs.push(format!("{} {name} {status}", run_line(run)));
    }
    // Of two runs that were asked for at once, either may come first.
    runs.sort();
    lines.extend(runs);
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

/// The names that stand for our ids: an account's reference or address, and a plan's number. Applied plans have the first
/// numbers.
struct Names {
    accounts: BTreeMap<String, String>,
    plans: BTreeMap<String, String>,
    runs: Vec<RunRecord>,
}

impl Names {
    fn of(accounts: &[Account], runs: Vec<RunRecord>) -> Self {
        let name = |account: &Account| match &account.external_id {
            Some(reference) => reference.as_str().to_owned(),
            None => account.value(Canonical::Email).unwrap_or_default().to_owned(),
        };
        let mut plans = BTreeMap::new();
        let (applies, others): (Vec<_>, Vec<_>) = runs.iter().partition(|run| run.kind == RunKind::Apply);
        for plan in applies.into_iter().chain(others).filter_map(|run| run.plan.as_ref()) {
            let next = format!("plan {}", plans.len());
            plans.entry(plan.to_string()).or_insert(next);
        }
        let accounts = accounts.iter().map(|account| (account.id.to_string(), name(account)));
        Self {
            accounts: accounts.collect(),
            plans,
            runs,
        }
    }

    fn account(&self, id: &str) -> String {
        self.accounts
            .get(id)
            .cloned()
            .unwrap_or_else(|| format!("account {id}"))
    }

    fn plan(&self, id: &str) -> String {
        self.plans
            .get(id)
            .cloned()
            .unwrap_or_else(|| "a plan of no run".to_owned())
    }

    /// Returns a value of an attribute as a text: a manager is named as an account.
    fn value(&self, attribute: AttributeRef<'_>, value: Option<&str>) -> String {
        match (attribute, value) {
            (_, None) => "nothing".to_owned(),
            (AttributeRef::Canonical(Canonical::Manager), Some(id)) => self.account(id),
            (_, Some(value)) => value.to_owned(),
        }
    }
}

/// Returns all runs of the connection, oldest first.
async fn all_runs(stage: &Stage) -> Result<Vec<RunRecord>, Failure> {
    let mut runs = stage.store.list_runs(&stage.connection, None, 100).await?;
    runs.reverse();
    Ok(runs)
}

fn account_line(account: &Account, names: &Names) -> String {
    let values: Vec<String> = account
        .attributes
        .view()
        .iter()
        .map(|entry| {
            format!(
                "{}={}",
                entry.attribute,
                names.value(entry.attribute, entry.field.value())
            )
        })
        .collect();
    // What stands for the version of a server's user is made of all that it shows, ids of accounts among it.
    let version = account
        .version
        .as_deref()
        .filter(|version| !version.starts_with("as shown"));
    format!(
        "account {} active {} version {version:?} {}",
        names.account(account.id.as_str()),
        account.active,
        values.join(" "),
    )
}

fn entry_line(entry: &HistoryEntry, names: &Names) -> String {
    let changes: Vec<String> = entry
        .changes
        .iter()
        .map(|change| {
            let value = |value: &Option<String>| names.value(change.attribute.as_ref(), value.as_deref());
            format!(
                "{} {} to {}",
                change.attribute,
                value(&change.before),
                value(&change.after)
            )
        })
        .collect();
    let origin = entry.origin.strip_prefix("plan:").map(|plan| names.plan(plan));
    let origin = origin.as_deref().unwrap_or(&entry.origin);
    format!("  {} by {origin} {}", entry.action, changes.join(", "))
}

fn link_line(link: &Link, account: Option<&Account>, names: &Names) -> String {
    let state = match link.state {
        LinkState::Active => "active".to_owned(),
        LinkState::Deactivated { reason, .. } => format!("deactivated {reason:?}"),
        LinkState::Moved { reason, .. } => format!("moved {reason:?}"),
        LinkState::Pending => "pending".to_owned(),
    };
    let journal = link.journal.as_ref().map_or_else(String::new, |journal| {
        let done = if journal.done { "done" } else { "started" };
        format!("{} {:?} {done}", names.plan(&journal.plan), journal.phase)
    });
    format!(
        "link {} {} {:?} {state} absent {} journal {journal} former {:?} {}",
        link.employee_id,
        names.account(link.account_id.as_str()),
        link.evidence,
        link.absent_since.is_some(),
        link.former_ids,
        prints(link, account).join(" "),
    )
}

/// Returns what a link remembers, told by what the account shows. A manager's fingerprint is made of an id of ours.
fn prints(link: &Link, account: Option<&Account>) -> Vec<String> {
    let fingerprints = Fingerprints::new(&FINGERPRINT_KEY);
    let describe = |attribute: AttributeRef<'_>, sent, seen| {
        let owned = attribute.to_owned().unwrap_or(Attribute::Canonical(Canonical::Email));
        let value = account.and_then(|account| account.attributes.field(owned).value());
        let shown_now = fingerprints.print(attribute, value);
        format!(
            "{attribute}:{}{}",
            u8::from(sent == shown_now),
            u8::from(seen == shown_now)
        )
    };
    link.prints
        .iter()
        .map(|(attribute, sent, seen)| describe(attribute, sent, seen))
        .collect()
}

fn run_line(run: &RunRecord) -> String {
    let errors: BTreeSet<String> = run
        .errors
        .iter()
        .map(|error| format!("{} {:?}", error.code, error.employee_id))
        .collect();
    format!(
        "run {:?} {:?} done {} of {} {:?} next {} ended {} errors {errors:?}",
        run.kind,
        run.status,
        run.progress.done,
        run.progress.total,
        run.counts,
        run.next_run.is_some(),
        run.ended_at.is_some(),
    )
}
