//! Small values of the core, made in as few words as a test needs.

use jiff::Timestamp;

use crate::{
    account::{Account, AccountId, ExternalId, Origin},
    connection::{Connection, ConnectionId, Home, ProviderId, TargetChoice, TenantId},
    employee::{Attributes, AttributesBuilder, Canonical, CompanyId, Employee, EmployeeBuilder, EmployeeId, Field},
    plan::{Evidence, Link, LinkState, Prints},
    roster::{self, Company, Roster},
    store::{RunId, RunKind, RunRecord, RunStatus},
    target::NewAccount,
};

/// Returns an instant of RFC 3339.
pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Returns the id of a connection.
pub fn connection_id(id: &str) -> ConnectionId {
    ConnectionId::parse(id).unwrap()
}

/// Returns the id of a tenant.
pub fn tenant(id: &str) -> TenantId {
    TenantId::parse(id).unwrap()
}

/// Returns the id of an employee.
pub fn employee_id(id: &str) -> EmployeeId {
    EmployeeId::parse(id).unwrap()
}

/// Returns the id of an account.
pub fn account_id(id: &str) -> AccountId {
    AccountId::parse(id).unwrap()
}

/// Returns the id of a run.
pub fn run_id(id: &str) -> RunId {
    RunId::parse(id).unwrap()
}

/// Returns a company.
pub fn company(id: &str) -> Company {
    Company {
        id: CompanyId::parse(id).unwrap(),
        name: format!("Company {id}"),
    }
}

/// Returns a connection to the built-in directory that waits for a person to sign in.
pub fn connection(id: &str, of: &str) -> Connection {
    Connection::new(
        connection_id(id),
        tenant(of),
        ProviderId::parse("factorial").unwrap(),
        TargetChoice::Directory,
        Home {
            stage: "test".to_owned(),
            account: "000000000000".to_owned(),
            table: "rollcall".to_owned(),
        },
        at("2026-03-01T08:00:00Z"),
    )
}

/// Returns a set of attributes; an empty text is the empty field.
pub fn attributes(fields: &[(Canonical, &str)]) -> Attributes {
    let mut builder = AttributesBuilder::new();
    for (attribute, text) in fields {
        let field = if text.is_empty() {
            Field::Empty
        } else {
            Field::Value(*text)
        };
        builder.set_canonical(*attribute, field);
    }
    builder.build()
}

/// Returns an employee.
pub fn employee(id: &str, fields: &[(Canonical, &str)]) -> Employee {
    let mut builder = EmployeeBuilder::new();
    for (attribute, text) in fields {
        builder.set(*attribute, Field::Value(text));
    }
    builder.build(employee_id(id))
}

/// Returns a complete roster of that many people, with ids from 1 on and a place to live that does not compress well.
pub fn roster(people: u32) -> Roster {
    let mut builder = roster::Builder::new(company("7"));
    builder.announce(u64::from(people));
    for number in 1..=people {
        let id = number.to_string();
        let email = format!("person.{number}@acme.example");
        let noise = u64::from(number).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let city = format!("{noise:016x}{:016x}", noise.rotate_left(29) ^ 0x5DEE_CE66);
        let person = employee(
            &id,
            &[
                (Canonical::FirstName, "Person"),
                (Canonical::LastName, &format!("Number {number}")),
                (Canonical::WorkEmail, &email),
                (Canonical::City, &city),
            ],
        );
        builder.push(&person).unwrap();
    }
    builder.end_walk(roster::Proof::LastPage);
    builder.finish(None).unwrap()
}

/// Returns an active link that was made together with its account.
pub fn link(employee: &str, account: &str) -> Link {
    Link {
        employee_id: employee_id(employee),
        account_id: account_id(account),
        evidence: Evidence::Created,
        state: LinkState::Active,
        absent_since: None,
        prints: Prints::default(),
        journal: None,
        former_ids: Vec::new(),
        linked_at: at("2026-03-01T08:00:00Z"),
    }
}

/// Returns a run that was asked for.
pub fn run(id: &str, of: &str, started_at: Timestamp) -> RunRecord {
    RunRecord {
        id: run_id(id),
        kind: RunKind::Diff,
        status: RunStatus::Queued,
        connection: connection_id(of),
        plan: None,
        next_run: None,
        slice: 0,
        attempts: 0,
        progress: crate::store::Progress::default(),
        counts: crate::plan::Counts::default(),
        completeness: None,
        errors: Vec::new(),
        calls: 0,
        started_at,
        due_at: None,
        waits_until: None,
        ended_at: None,
        reading: None,
        asked_for: None,
    }
}

/// Returns the reference of an employee of company 7 at Factorial.
pub fn reference(employee: &str) -> ExternalId {
    ExternalId::new("factorial", &company("7").id, &employee_id(employee))
}

/// Returns a step of a plan, as the reason of a write.
pub fn by_plan(plan: &str) -> Origin {
    Origin::Plan {
        plan: plan.to_owned(),
        run: "run-1".to_owned(),
    }
}

/// Returns an active account that is not stored yet.
pub fn account(id: &str, fields: &[(Canonical, &str)]) -> Account {
    Account {
        id: account_id(id),
        external_id: Some(reference(id)),
        active: true,
        attributes: attributes(fields),
        login: None,
        addresses: Box::default(),
        version: None,
    }
}

/// Returns an account to be made for an employee.
pub fn new_account(employee: &str, fields: &[(Canonical, &str)]) -> NewAccount {
    NewAccount {
        external_id: reference(employee),
        attributes: attributes(fields),
        invite: false,
        shares_address: false,
        is_listed: false,
        origin: by_plan("plan-1"),
    }
}
