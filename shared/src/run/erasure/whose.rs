//! Finding the person who is meant: an employee id tells only within one company of one HR system (R37). A tenant with
//! several companies has several people of one id.

use std::cmp::Reverse;

use super::{ErasedPerson, held::Look, mark::mark_of};
use crate::{
    connection::{Connection, ConnectionId, ProviderId, Status, TenantId},
    employee::{CompanyId, EmployeeId},
    run::{Error, Ports},
    store::DirectoryStore,
};

/// How a caller says whose employee an id is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// By the id alone.
    Bare,
    /// Of the company that a connection reads.
    ByConnection(ConnectionId),
    /// Of a company of an HR system.
    ByCompany(ProviderId, CompanyId),
}

/// A person who may be meant, by what tells them from the others. Holds no value of theirs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// A connection that names them: one that is in use, where there is one.
    pub connection: ConnectionId,
    /// The HR system.
    pub provider: ProviderId,
    /// The HR system's id of the company.
    pub company: CompanyId,
}

/// One company of a tenant, with all connections to it, also those that have ended: its people are the same people.
#[derive(Clone, Debug)]
pub(super) struct Workplace {
    pub(super) provider: ProviderId,
    pub(super) company: CompanyId,
    /// The company's connections, never empty; those in use come first.
    pub(super) connections: Vec<Connection>,
}

/// The company whose employee is meant, as far as it is clear.
#[derive(Debug)]
pub(super) enum Whose {
    /// An employee of this company.
    One(Workplace),
    /// An employee of one of these companies: the caller has to choose.
    Several(Vec<Choice>),
    /// No employee: there is no such company, or nothing is known of the id in any of these.
    Nobody(Vec<Choice>),
}

impl Workplace {
    fn choice(&self) -> Option<Choice> {
        let connection = self.connections.first()?;
        Some(Choice {
            connection: connection.id.clone(),
            provider: self.provider.clone(),
            company: self.company.clone(),
        })
    }

    /// Returns one of the company's people, as the audit names them.
    pub(super) fn details<'a>(&'a self, employee: &'a EmployeeId) -> [(&'static str, &'a str); 3] {
        [
            ("employee_id", employee.as_str()),
            ("provider", self.provider.as_str()),
            ("company", self.company.as_str()),
        ]
    }

    /// Returns one of the company's people, as a receipt names them.
    pub(super) fn into_erased(self, employee: &EmployeeId) -> ErasedPerson {
        ErasedPerson {
            provider: self.provider,
            company: self.company,
            employee_id: employee.clone(),
            connections: self.connections.into_iter().map(|connection| connection.id).collect(),
        }
    }
}

/// Finds out whose employee is meant. A bare id is enough where the tenant has one company, or where only one of its
/// companies knows the id: something is held on the person there, or they were erased there.
pub(super) async fn find(
    ports: &Ports,
    directory: &dyn DirectoryStore,
    tenant: &TenantId,
    named: &Named,
    employee: &EmployeeId,
) -> Result<Whose, Error> {
    let mut workplaces = workplaces(ports.store.list_connections(tenant).await?);
    match named {
        Named::Bare => {}
        Named::ByConnection(id) => {
            workplaces.retain(|workplace| workplace.connections.iter().any(|connection| connection.id == *id));
        }
        Named::ByCompany(provider, company) => {
            workplaces.retain(|workplace| workplace.provider == *provider && workplace.company == *company);
        }
    }
    if let [_] = &workplaces[..] {
        return Ok(workplaces.pop().map_or_else(|| Whose::Nobody(Vec::new()), Whose::One));
    }
    let mut known = Vec::new();
    for workplace in &workplaces {
        if knows(ports, directory, workplace, employee).await? {
            known.push(workplace.clone());
        }
    }
    let choices = |workplaces: &[Workplace]| workplaces.iter().filter_map(Workplace::choice).collect();
    Ok(match known.len() {
        0 => Whose::Nobody(choices(&workplaces)),
        1 => known.pop().map_or_else(|| Whose::Nobody(Vec::new()), Whose::One),
        _ => Whose::Several(choices(&known)),
    })
}

/// Returns the companies of connections. A connection that has no company yet knows nobody.
fn workplaces(mut connections: Vec<Connection>) -> Vec<Workplace> {
    // Connections in use come first, the newest before the others.
    connections.sort_by_key(|connection| {
        (
            connection.status == Status::Disconnected,
            Reverse(connection.created_at),
        )
    });
    let mut workplaces: Vec<Workplace> = Vec::new();
    for connection in connections {
        let Some(company) = connection.company.as_ref().map(|company| company.id.clone()) else {
            continue;
        };
        let is_same =
            |workplace: &&mut Workplace| workplace.provider == connection.provider && workplace.company == company;
        match workplaces.iter_mut().find(is_same) {
            Some(workplace) => workplace.connections.push(connection),
            None => workplaces.push(Workplace {
                provider: connection.provider.clone(),
                company,
                connections: vec![connection],
            }),
        }
    }
    workplaces
}

/// Whether anything is held on an employee of a company, or was erased.
async fn knows(
    ports: &Ports,
    directory: &dyn DirectoryStore,
    workplace: &Workplace,
    employee: &EmployeeId,
) -> Result<bool, Error> {
    for connection in &workplace.connections {
        if is_marked(ports, connection, employee).await? {
            return Ok(true);
        }
        let look = Look {
            ports,
            directory,
            connection,
            employee,
        };
        if look.finds_anything().await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether an employee was erased.
async fn is_marked(ports: &Ports, connection: &Connection, employee: &EmployeeId) -> Result<bool, Error> {
    let tombstones = ports.store.list_tombstones(&connection.tenant).await?;
    let mut people = tombstones
        .into_iter()
        .filter_map(|tombstone| tombstone.person)
        .peekable();
    if people.peek().is_none() {
        return Ok(false);
    }
    let own = mark_of(ports, connection, employee).await?;
    Ok(people.any(|person| Some(person) == own))
}
