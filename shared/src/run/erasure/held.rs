//! Everything held on one person, for a caller who asks on their behalf.

use super::{
    ErasureRefused,
    naming::NamingRuns,
    whose::{self, Named, Whose},
};
use crate::{
    account::{Account, ExternalId},
    connection::{Connection, ConnectionId, DecisionRecord, ProviderId, TenantId},
    employee::{CompanyId, Employee, EmployeeId},
    plan::{Action, Change, Finding, Lines, Link, PlanId},
    run::{Error, Ports},
    store::{DirectoryStore, HistoryEntry, PlanRecord, RosterId, RunError, RunId},
};

/// How many entries of history are shown.
const PAGE: u32 = 1000;

/// Everything held on one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The tenant whose data these are.
    pub tenant: TenantId,
    /// The HR system that shows the person.
    pub provider: ProviderId,
    /// The company of the HR system in which the person is.
    pub company: CompanyId,
    /// The person's id at that company.
    pub employee_id: EmployeeId,
    /// What each connection holds; connections that hold nothing are left out.
    pub connections: Vec<HeldByConnection>,
}

/// What one connection holds on a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldByConnection {
    /// The connection.
    pub connection: ConnectionId,
    /// The link, which holds keyed hashes instead of values.
    pub link: Option<Link>,
    /// What a person decided about them.
    pub decision: Option<DecisionRecord>,
    /// The person as HR showed them, in each roster that is kept.
    pub rosters: Vec<(RosterId, Employee)>,
    /// What plans that are kept do about them, or why not.
    pub plans: Vec<HeldInPlan>,
    /// What went wrong for them in runs.
    pub runs: Vec<(RunId, Vec<RunError>)>,
    /// The person's account in the built-in directory.
    pub account: Option<Account>,
    /// The account's history.
    pub history: Vec<HistoryEntry>,
}

/// What a plan holds on a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldInPlan {
    /// The plan.
    pub plan: PlanId,
    /// What the plan does for the person.
    pub changes: Vec<Change>,
    /// What the plan does not do for the person, and why.
    pub findings: Vec<Finding>,
    /// How many findings about other people name them.
    pub named_in: u32,
}

impl HeldByConnection {
    const fn is_empty(&self) -> bool {
        self.link.is_none()
            && self.decision.is_none()
            && self.rosters.is_empty()
            && self.plans.is_empty()
            && self.runs.is_empty()
            && self.account.is_none()
            && self.history.is_empty()
    }
}

/// Gathers everything held on one person.
///
/// # Errors
/// [`ErasureRefused`] where it is not clear who is meant, or where a stored document cannot be read.
pub async fn load_person(
    ports: &Ports,
    directory: &dyn DirectoryStore,
    tenant: &TenantId,
    named: &Named,
    employee: &EmployeeId,
) -> Result<Held, ErasureRefused> {
    let workplace = match whose::find(ports, directory, tenant, named, employee).await? {
        Whose::One(workplace) => workplace,
        Whose::Several(choices) => return Err(ErasureRefused::Ambiguous(choices)),
        Whose::Nobody(_) => return Err(ErasureRefused::Unknown),
    };
    let mut connections = Vec::new();
    for connection in &workplace.connections {
        let look = Look {
            ports,
            directory,
            connection,
            employee,
        };
        let held = look.gather().await?;
        if !held.is_empty() {
            connections.push(held);
        }
    }
    Ok(Held {
        tenant: tenant.clone(),
        provider: workplace.provider,
        company: workplace.company,
        employee_id: employee.clone(),
        connections,
    })
}

/// A look for one person at what one connection keeps.
pub(super) struct Look<'a> {
    pub(super) ports: &'a Ports,
    pub(super) directory: &'a dyn DirectoryStore,
    pub(super) connection: &'a Connection,
    pub(super) employee: &'a EmployeeId,
}

impl Look<'_> {
    /// Whether there is anything; what is found quickly is looked for first.
    pub(super) async fn finds_anything(&self) -> Result<bool, Error> {
        let link = self.ports.store.find_link(&self.connection.id, self.employee).await?;
        if link.is_some() || self.find_account(None).await?.is_some() {
            return Ok(true);
        }
        Ok(!self.gather().await?.is_empty())
    }

    async fn gather(&self) -> Result<HeldByConnection, Error> {
        let (store, id) = (&self.ports.store, &self.connection.id);
        let link = store.find_link(id, self.employee).await?;
        let decisions = store.list_decisions(id).await?;
        let account = self.find_account(link.as_ref()).await?;
        let history = match &account {
            Some(account) => {
                let now = self.ports.clock.now();
                let tenant = &self.connection.tenant;
                let listed = self
                    .directory
                    .list_history(tenant, &account.id, now, None, PAGE)
                    .await?;
                listed.into_iter().map(|entry| entry.record).collect()
            }
            None => Vec::new(),
        };
        Ok(HeldByConnection {
            connection: id.clone(),
            link,
            decision: decisions
                .into_iter()
                .find(|decision| decision.employee_id == *self.employee),
            rosters: self.rosters().await?,
            plans: self.plans().await?,
            runs: self.runs().await?,
            account,
            history,
        })
    }

    async fn find_account(&self, link: Option<&Link>) -> Result<Option<Account>, Error> {
        let tenant = &self.connection.tenant;
        if let Some(link) = link
            && let Some(account) = self.directory.find_account(tenant, &link.account_id).await?
        {
            return Ok(Some(account));
        }
        let Some(company) = &self.connection.company else {
            return Ok(None);
        };
        let reference = ExternalId::new(self.connection.provider.as_str(), &company.id, self.employee);
        Ok(self.directory.find_by_external_id(tenant, &reference).await?)
    }

    async fn rosters(&self) -> Result<Vec<(RosterId, Employee)>, Error> {
        let (store, id, now) = (&self.ports.store, &self.connection.id, self.ports.clock.now());
        let mut found = Vec::new();
        for roster_id in store.list_rosters(id).await? {
            let Some(roster) = store.find_roster(id, &roster_id, now).await? else {
                continue;
            };
            let mut employee = None;
            roster.each(|row| {
                if row.id == self.employee.as_str() {
                    employee = Some(row.to_employee());
                }
            })?;
            if let Some(employee) = employee {
                found.push((roster_id, employee?));
            }
        }
        Ok(found)
    }

    async fn plans(&self) -> Result<Vec<HeldInPlan>, Error> {
        let (store, now) = (&self.ports.store, self.ports.clock.now());
        let mut found = Vec::new();
        for id in store.list_plans(&self.connection.id).await? {
            let Some(record) = store.find_plan(&id, now).await? else {
                continue;
            };
            let changes = self.changes(&record).await?;
            let (findings, named_in) = self.findings(&record).await?;
            if !changes.is_empty() || !findings.is_empty() || named_in > 0 {
                found.push(HeldInPlan {
                    plan: id,
                    changes,
                    findings,
                    named_in,
                });
            }
        }
        Ok(found)
    }

    /// What is found about the person, and how many findings about others name them.
    async fn findings(&self, record: &PlanRecord) -> Result<(Vec<Finding>, u32), Error> {
        let (mut own, mut named_in, mut chunk) = (Vec::new(), 0, 0);
        while let Some(findings) = self.ports.store.find_findings(record, chunk).await? {
            for finding in findings {
                named_in += u32::from(finding.others.contains(self.employee));
                if finding.employee_id.as_ref() == Some(self.employee) {
                    own.push(finding);
                }
            }
            chunk += 1;
        }
        Ok((own, named_in))
    }

    async fn changes(&self, record: &PlanRecord) -> Result<Vec<Change>, Error> {
        let mut found = Vec::new();
        for chunk in 0..record.chunks {
            let lines = self.ports.store.find_lines(record, chunk).await?;
            let lines = lines.ok_or(Error::Gone("plan"))?;
            let changes = Lines::read_chunk(&lines)?.into_iter();
            found.extend(changes.filter(|change| self.is_about(change)));
        }
        Ok(found)
    }

    fn is_about(&self, change: &Change) -> bool {
        let was_theirs = matches!(&change.action, Action::Relink { former_id, .. } if former_id == self.employee);
        change.employee_id == *self.employee || was_theirs
    }

    async fn runs(&self) -> Result<Vec<(RunId, Vec<RunError>)>, Error> {
        let mut found = Vec::new();
        let mut runs = NamingRuns::of(&self.connection.id);
        while let Some(page) = runs.next(self.ports).await? {
            for run in page {
                let mut errors = run.errors;
                errors.retain(|error| error.employee_id.as_ref() == Some(self.employee));
                if !errors.is_empty() {
                    found.push((run.id, errors));
                }
            }
        }
        Ok(found)
    }
}
