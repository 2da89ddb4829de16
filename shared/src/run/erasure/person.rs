//! Erasing one person: in every connection of the tenant to their company.

use super::{
    ErasureRefused, Receipt, elsewhere, lease,
    mark::mark,
    whose::{self, Named, Whose},
};
use crate::{
    account::{AccountId, ExternalId},
    connection::{Connection, TargetChoice, TenantId},
    employee::EmployeeId,
    plan::Link,
    run::{Error, Ports, delivery, load::load_key},
    store::{DirectoryStore, Erased, Lease, RunId, RunRecord, Tombstone},
};

/// How many runs are looked at at once: each may have a thousand errors.
const TOGETHER: u32 = 20;

/// Erases all that is held on one person of one company: link and account with its history, decisions, errors of runs
/// that name them; and the rosters and plans of the company's connections, whole. The next runs leave the person out.
///
/// # Errors
/// [`ErasureRefused`] where it is not clear who is meant; else ask again, and what was erased stays so.
pub async fn erase_person(
    ports: &Ports,
    directory: &dyn DirectoryStore,
    tenant: &TenantId,
    named: &Named,
    employee: &EmployeeId,
    by: &str,
) -> Result<Receipt, ErasureRefused> {
    let workplace = match whose::find(ports, directory, tenant, named, employee).await? {
        Whose::One(workplace) => workplace,
        Whose::Nobody(choices) if choices.is_empty() => return Err(ErasureRefused::Unknown),
        // A mark against everybody of that id would be one against strangers.
        Whose::Several(choices) | Whose::Nobody(choices) => return Err(ErasureRefused::Ambiguous(choices)),
    };
    let now = ports.clock.now();
    let key = load_key(ports, tenant).await?;
    let person = workplace
        .connections
        .iter()
        .find_map(|connection| mark(&key, connection, employee));
    let known = ports.store.list_tombstones(tenant).await?;
    let known = known.into_iter().find(|known| known.person == person);
    let mut tombstone = known.unwrap_or_else(|| Tombstone::new(person, by, now));
    // Before anything goes that tells of it.
    for connection in &workplace.connections {
        let link = ports.store.find_link(&connection.id, employee).await?;
        if let Some(found) = link.and_then(|_| elsewhere(connection, 1)) {
            tombstone.note(found);
        }
    }
    ports.store.put_tombstone(tenant, &tombstone).await?;
    for connection in &workplace.connections {
        let lease = lease(ports, connection).await?;
        let work = Work {
            ports,
            directory,
            connection,
            lease: &lease,
            key: &key,
            by,
        };
        let done = work.erase(employee, &mut tombstone.erased).await;
        delivery::end(ports, &lease).await;
        ports.store.put_tombstone(tenant, &tombstone).await?;
        done?;
    }
    let done_at = ports.clock.now();
    tombstone.done_at = Some(done_at);
    ports.store.put_tombstone(tenant, &tombstone).await?;
    tracing::info!(
        plans = tombstone.erased.plans,
        links = tombstone.erased.links,
        "a person was erased"
    );
    let erased = workplace.into_erased(employee);
    Ok(Receipt::new(tenant, Some(erased), &tombstone, done_at))
}

/// One person in one connection, under its lease.
struct Work<'a> {
    ports: &'a Ports,
    directory: &'a dyn DirectoryStore,
    connection: &'a Connection,
    lease: &'a Lease,
    key: &'a [u8; 32],
    by: &'a str,
}

impl Work<'_> {
    /// The link goes last: it tells which account it is.
    async fn erase(&self, employee: &EmployeeId, erased: &mut Erased) -> Result<(), ErasureRefused> {
        let (store, id) = (&self.ports.store, &self.connection.id);
        let link = store.find_link(id, employee).await?;
        let mut ids = vec![employee.clone()];
        ids.extend(link.iter().flat_map(|link| link.former_ids.clone()));
        self.mark_former(&ids).await?;
        for own in &ids {
            erased.decisions += u64::from(store.delete_decision(id, own).await?);
        }
        erased.runs += self.clean_runs(&ids).await?;
        erased.plans += store.erase_plans(id).await?;
        self.forget_roster().await?;
        erased.rosters += store.erase_rosters(id).await?;
        for account in self.find_accounts(&ids, link.as_ref()).await? {
            let history = store.erase_account(&self.connection.tenant, &account).await?;
            erased.accounts += u64::from(history.is_some());
            erased.history += history.unwrap_or(0);
        }
        self.clean_former_ids(&ids).await?;
        if let Some(link) = link {
            store.delete_link(id, &self.connection.target_identity(), &link).await?;
            erased.links += 1;
        }
        Ok(())
    }

    /// Ids that the person had before are theirs too.
    async fn mark_former(&self, ids: &[EmployeeId]) -> Result<(), ErasureRefused> {
        let now = self.ports.clock.now();
        for former in ids.iter().skip(1) {
            let person = mark(self.key, self.connection, former);
            let tombstone = Tombstone {
                done_at: Some(now),
                ..Tombstone::new(person, self.by, now)
            };
            if tombstone.person.is_some() {
                self.ports
                    .store
                    .put_tombstone(&self.connection.tenant, &tombstone)
                    .await?;
            }
        }
        Ok(())
    }

    /// Takes what went wrong for the person out of the records of runs. Answers out of how many.
    async fn clean_runs(&self, ids: &[EmployeeId]) -> Result<u64, ErasureRefused> {
        let store = &self.ports.store;
        let mut cleaned = 0;
        let mut last: Option<(jiff::Timestamp, RunId)> = None;
        let mut page = store
            .list_unended_runs(&self.connection.id, jiff::Timestamp::MAX)
            .await?;
        loop {
            for run in page {
                let mut clean = run.clone();
                clean
                    .errors
                    .retain(|error| error.employee_id.as_ref().is_none_or(|about| !ids.contains(about)));
                if clean.errors.len() < run.errors.len() {
                    self.put_run(&clean).await?;
                    cleaned += 1;
                }
            }
            let after = last.as_ref().map(|(at, run)| (*at, run));
            page = store
                .list_runs_naming_people(&self.connection.id, after, TOGETHER)
                .await?;
            let Some(end) = page.last() else {
                return Ok(cleaned);
            };
            last = Some((end.started_at, end.id.clone()));
        }
    }

    async fn put_run(&self, run: &RunRecord) -> Result<(), ErasureRefused> {
        if self.ports.store.put_run(run, self.lease.fence).await? {
            Ok(())
        } else {
            Err(Error::LeaseLost.into())
        }
    }

    /// The connection has no current roster from here on; the next run stores one.
    async fn forget_roster(&self) -> Result<(), ErasureRefused> {
        let store = &self.ports.store;
        let mut state = store.load_state(&self.connection.id).await?;
        if state.roster.take().is_some() && !store.put_state(&self.connection.id, &state, self.lease.fence).await? {
            return Err(Error::LeaseLost.into());
        }
        Ok(())
    }

    /// Accounts of the built-in directory that are the person's: linked, or carrying their reference.
    async fn find_accounts(&self, ids: &[EmployeeId], link: Option<&Link>) -> Result<Vec<AccountId>, ErasureRefused> {
        // Elsewhere nothing is deleted: whoever runs the target does that.
        if self.connection.target != TargetChoice::Directory {
            return Ok(Vec::new());
        }
        let mut accounts: Vec<AccountId> = link.map(|link| link.account_id.clone()).into_iter().collect();
        if let Some(company) = &self.connection.company {
            for id in ids {
                let reference = ExternalId::new(self.connection.provider.as_str(), &company.id, id);
                let found = self.directory.find_by_external_id(&self.connection.tenant, &reference);
                accounts.extend(found.await?.map(|account| account.id));
            }
        }
        accounts.sort();
        accounts.dedup();
        Ok(accounts)
    }

    /// Other people's links forget that they once had one of these ids.
    async fn clean_former_ids(&self, ids: &[EmployeeId]) -> Result<(), ErasureRefused> {
        let store = &self.ports.store;
        let links = store.list_links(&self.connection.id).await?;
        let others = links.into_iter().filter(|link| !ids.contains(&link.employee_id));
        let cleaned = others.filter_map(|mut link| {
            let before = link.former_ids.len();
            link.former_ids.retain(|former| !ids.contains(former));
            (link.former_ids.len() < before).then_some(link)
        });
        let cleaned: Vec<Link> = cleaned.collect();
        if !cleaned.is_empty() {
            store.put_links(&self.connection.id, &cleaned).await?;
        }
        Ok(())
    }
}
