//! Erasing one person: in every connection of the tenant to their company.

use super::{
    ErasureRefused, Receipt, elsewhere, lease,
    mark::mark,
    naming::NamingRuns,
    whose::{self, Named, Whose},
};
use crate::{
    account::{AccountId, ExternalId},
    connection::{Connection, TargetChoice, TenantId},
    employee::EmployeeId,
    plan::Link,
    run::{
        Actor, Error, Ports,
        actor::{Subject, act},
        delivery,
        hash_key::load_key,
    },
    store::{Acted, DirectoryStore, Erased, Lease, RunRecord, Tombstone, Write},
};

/// How many entries of an account's history are counted.
const MOST_ENTRIES: u32 = 10_000;

/// Erases all that is held on one person of one company: link and account with its history, decisions, errors of runs
/// that name them; and the rosters and plans of the company's connections, whole. The next runs leave the person out.
///
/// # Errors
/// [`ErasureRefused`] where it is not clear who is meant; else ask again, and what was erased stays so.
pub async fn erase_person(
    ports: &Ports,
    directory: &dyn DirectoryStore,
    actor: &Actor,
    tenant: &TenantId,
    named: &Named,
    employee: &EmployeeId,
) -> Result<Receipt, ErasureRefused> {
    let by = &actor.name();
    let workplace = match whose::find(ports, directory, tenant, named, employee).await? {
        Whose::One(workplace) => workplace,
        Whose::Nobody(choices) if choices.is_empty() => return Err(ErasureRefused::Unknown),
        // A mark on everybody who has that id would also mark strangers.
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
    if tombstone.done_at.take().is_some() {
        // What was made since is counted beside what went before.
        tombstone.counted.clear();
    }
    // The accounts that stay elsewhere are noted before any link that tells of them is deleted.
    for connection in &workplace.connections {
        let link = ports.store.find_link(&connection.id, employee).await?;
        if let Some(found) = link.and_then(|_| elsewhere(connection, 1)) {
            tombstone.note(found);
        }
    }
    let details = workplace.details(employee);
    let subject = workplace.connections.first().map(Subject::connection);
    let subject = subject.unwrap_or(Subject::tenant(Some(tenant)));
    let note = actor.note(ports, subject, "person.erase", &details, employee.as_str());
    let begun = Write::Tombstone {
        tenant,
        tombstone: &tombstone,
    };
    act(ports, &note, &[Write::NotErased(tenant), begun]).await?;
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
        let done = work.count_and_erase(employee, &mut tombstone).await;
        delivery::end(ports, &lease).await;
        done?;
    }
    let done_at = ports.clock.now();
    tombstone.done_at = Some(done_at);
    keep(ports, tenant, &tombstone).await?;
    tracing::info!(
        plans = tombstone.erased.plans,
        links = tombstone.erased.links,
        "a person was erased"
    );
    let erased = workplace.into_erased(employee);
    Ok(Receipt::new(tenant, Some(erased), &tombstone, done_at))
}

/// Keeps a person's tombstone, unless the tenant was erased meanwhile: then nothing of the person is left to tell of.
async fn keep(ports: &Ports, tenant: &TenantId, tombstone: &Tombstone) -> Result<(), ErasureRefused> {
    let writes = [Write::NotErased(tenant), Write::Tombstone { tenant, tombstone }];
    match ports.store.act(&writes).await? {
        Acted::Done => Ok(()),
        Acted::Refused(_) => Err(ErasureRefused::Unknown),
    }
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

/// What one connection holds on a person.
struct Found {
    /// The person's id, and those that they had before.
    ids: Vec<EmployeeId>,
    link: Option<Link>,
    /// Runs whose errors name them, without those errors.
    runs: Vec<RunRecord>,
    accounts: Vec<AccountId>,
}

impl Work<'_> {
    /// Counts what there is, keeps the count, and erases it then: so the receipt tells of all of it, wherever this breaks off.
    async fn count_and_erase(&self, employee: &EmployeeId, tombstone: &mut Tombstone) -> Result<(), ErasureRefused> {
        let found = self.find(employee).await?;
        if tombstone.counted.insert(self.connection.id.clone()) {
            tombstone.erased += self.count(&found).await?;
            keep(self.ports, &self.connection.tenant, tombstone).await?;
        }
        self.erase(found).await
    }

    async fn find(&self, employee: &EmployeeId) -> Result<Found, ErasureRefused> {
        let link = self.ports.store.find_link(&self.connection.id, employee).await?;
        let mut ids = vec![employee.clone()];
        ids.extend(link.iter().flat_map(|link| link.former_ids.clone()));
        Ok(Found {
            runs: self.find_runs(&ids).await?,
            accounts: self.find_accounts(&ids, link.as_ref()).await?,
            ids,
            link,
        })
    }

    async fn count(&self, found: &Found) -> Result<Erased, ErasureRefused> {
        let (store, id, now) = (&self.ports.store, &self.connection.id, self.ports.clock.now());
        let (mut accounts, mut history) = (0, 0);
        for account in &found.accounts {
            let tenant = &self.connection.tenant;
            accounts += u64::from(self.directory.find_account(tenant, account).await?.is_some());
            let entries = self.directory.list_history(tenant, account, now, None, MOST_ENTRIES);
            history += entries.await?.len() as u64;
        }
        let decisions = store.list_decisions(id).await?.into_iter();
        let decisions = decisions.filter(|decision| found.ids.contains(&decision.employee_id));
        Ok(Erased {
            decisions: decisions.count() as u64,
            runs: found.runs.len() as u64,
            plans: store.list_plans(id).await?.len() as u64,
            rosters: store.list_rosters(id).await?.len() as u64,
            links: u64::from(found.link.is_some()),
            accounts,
            history,
            ..Erased::default()
        })
    }

    /// The link goes last: it tells which account it is.
    async fn erase(&self, found: Found) -> Result<(), ErasureRefused> {
        let (store, id, ids) = (&self.ports.store, &self.connection.id, &found.ids);
        self.mark_former(ids).await?;
        for own in ids {
            store.delete_decision(id, own).await?;
        }
        for run in &found.runs {
            self.put_run(run).await?;
        }
        store.erase_plans(id).await?;
        self.forget_roster().await?;
        store.erase_rosters(id).await?;
        for account in &found.accounts {
            store.erase_account(&self.connection.tenant, account).await?;
        }
        self.clean_former_ids(ids).await?;
        if let Some(link) = &found.link {
            store.delete_link(id, &self.connection.target_identity(), link).await?;
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
                keep(self.ports, &self.connection.tenant, &tombstone).await?;
            }
        }
        Ok(())
    }

    /// The runs whose errors name the person, without those errors.
    async fn find_runs(&self, ids: &[EmployeeId]) -> Result<Vec<RunRecord>, ErasureRefused> {
        let mut found = Vec::new();
        let mut runs = NamingRuns::of(&self.connection.id);
        while let Some(page) = runs.next(self.ports).await? {
            for mut run in page {
                let before = run.errors.len();
                run.errors
                    .retain(|error| error.employee_id.as_ref().is_none_or(|about| !ids.contains(about)));
                if run.errors.len() < before {
                    found.push(run);
                }
            }
        }
        Ok(found)
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
        // On other targets nothing is deleted here: the people who run the target do that.
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
