//! What a person wants of the product, and the request that asks for it at that moment.

use rollcall::{
    account::AccountId,
    connection::{Connection, ConnectionId, Status as Standing, TenantId},
    employee::{Canonical, CompanyId},
    plan::Status,
    store::{DirectoryStore as _, ErasureStore as _, PlanRecord, PlanStore as _},
};
use serde_json::{Value, json};

use super::{Call, Then, Visit, configure::configure};
use crate::{
    draw::Draw,
    office::{PROVIDER, VALUES},
    world::{World, at_once},
};

/// What a person wants. Numbers stand for people, accounts and values; numbers beyond the last one begin again at the first.
#[derive(Clone, Debug)]
pub(crate) enum Wish {
    /// A connection by key: of which tenant, to which company and target, with which configuration.
    Connect(TenantId, CompanyId, u8, u8),
    /// A connection by a login that sees these companies.
    Login(TenantId, Vec<CompanyId>, u8),
    Reconnect(ConnectionId, bool),
    Disconnect(ConnectionId),
    Pause(ConnectionId),
    Resume(ConnectionId),
    Preview(ConnectionId),
    Sync(ConnectionId),
    SyncOne(ConnectionId, u8),
    /// Approve the open plan with all its holds.
    Approve(ConnectionId),
    Cancel(ConnectionId),
    Undo(ConnectionId),
    Configure(ConnectionId, u8),
    Decide(ConnectionId, u8, u8),
    Stop(TenantId),
    Lift(TenantId),
    /// Edit a user of the directory.
    Edit(TenantId, u8, u8),
    ErasePerson(ConnectionId, u8),
    EraseTenant(TenantId),
    Readmit(TenantId),
}

impl Wish {
    /// Returns a wish about a connection; everyday wishes are more frequent than rare ones.
    pub(crate) fn of_connection(draw: &mut Draw, connection: &Connection) -> Self {
        let id = connection.id.clone();
        match draw.below(60) {
            0..12 => Self::Approve(id),
            12..18 => Self::Sync(id),
            18..22 => Self::Preview(id),
            22..25 => Self::SyncOne(id, draw.byte()),
            25..29 => Self::Configure(id, draw.byte()),
            29..33 => Self::Decide(id, draw.byte(), draw.byte()),
            33..40 => Self::Edit(connection.tenant.clone(), draw.byte(), draw.byte()),
            40..43 => Self::Cancel(id),
            43..46 => Self::Undo(id),
            46..48 => Self::Pause(id),
            48..50 => Self::Resume(id),
            50..52 => Self::Stop(connection.tenant.clone()),
            52..54 => Self::Lift(connection.tenant.clone()),
            54..56 => Self::Reconnect(id, draw.percent(50)),
            56..58 => Self::ErasePerson(id, draw.byte()),
            58 => Self::Disconnect(id),
            _ if draw.percent(40) => Self::EraseTenant(connection.tenant.clone()),
            _ => Self::Sync(id),
        }
    }

    /// Returns the request for this wish, if there is anything to ask for.
    pub(crate) fn call(self, world: &World) -> Option<Call> {
        match self {
            Self::Connect(tenant, company, target, how) => {
                Some(connect(world, &tenant, vec![company], target, how, false))
            }
            Self::Login(tenant, companies, target) => Some(connect(world, &tenant, companies, target, target, true)),
            Self::Reconnect(id, by_login) => reconnect(world, &id, by_login),
            Self::Disconnect(id) => Some(Call::about(world, &id, "DELETE", "")?.stubborn()),
            Self::Pause(id) => Call::about(world, &id, "POST", "/pause"),
            Self::Resume(id) => Call::about(world, &id, "POST", "/resume"),
            Self::Preview(id) => Call::about(world, &id, "POST", "/preview"),
            Self::Sync(id) => Call::about(world, &id, "POST", "/sync"),
            Self::SyncOne(id, who) => {
                let company = world.connection(&id)?.company?.id;
                let employee = world.hr.kept().offices.get(&company)?.somebody(who)?;
                let call = Call::about(world, &id, "POST", "/sync")?;
                Some(call.body(json!({ "employee_id": employee.as_str() })))
            }
            Self::Approve(id) => approve(world, &id),
            Self::Cancel(id) => plan_call(world, &id, &open_plan(world, &id)?, "cancel"),
            Self::Undo(id) => plan_call(world, &id, &last_applied(world, &id)?, "undo"),
            Self::Configure(id, what) => {
                let account = some_account(world, &id, what).map(|account| account.as_str().to_owned());
                configure(world, &id, what, account)
            }
            Self::Decide(id, who, what) => decide(world, &id, who, what),
            Self::Stop(tenant) => {
                let call = Call::new(world, Some(&tenant), "PUT", "/v1/stop");
                Some(call.body(json!({ "tenant": tenant.as_str() })))
            }
            Self::Lift(tenant) => {
                let mut call = Call::new(world, Some(&tenant), "DELETE", "/v1/stop");
                call.query = format!("tenant={tenant}");
                Some(call)
            }
            Self::Edit(tenant, which, what) => edit(world, &tenant, which, what),
            Self::ErasePerson(id, who) => {
                let connection = world.connection(&id)?;
                let (tenant, company) = (connection.tenant, connection.company?.id);
                let employee = world.hr.kept().offices.get(&company)?.somebody(who)?;
                let path = format!("/v1/tenants/{tenant}/people/{employee}");
                let mut call = Call::new(world, Some(&tenant), "DELETE", path).stubborn();
                call.query = format!("provider={PROVIDER}&company={company}");
                Some(call.then(Then::PersonErased(tenant, company, employee, world.now())))
            }
            Self::EraseTenant(tenant) => {
                let call = Call::new(world, Some(&tenant), "DELETE", format!("/v1/tenants/{tenant}"));
                Some(call.stubborn().then(Then::TenantErased(tenant)))
            }
            Self::Readmit(tenant) => {
                let call = Call::new(world, None, "POST", format!("/v1/tenants/{tenant}/readmit"));
                Some(call.stubborn().then(Then::Readmitted(tenant)))
            }
        }
    }
}

fn connect(world: &World, tenant: &TenantId, companies: Vec<CompanyId>, target: u8, how: u8, by_login: bool) -> Call {
    let presets = ["standard", "stakeholders", "users", "expense-users"];
    let modes = ["automatic", "approve"];
    let is_shared = (target / 8).is_multiple_of(4);
    let mut body = json!({
        "tenant": tenant.as_str(),
        "provider": PROVIDER,
        "preset": presets[usize::from(how) % presets.len()],
        "config": {
            "apply": modes[usize::from(how / 4) % modes.len()],
            "attributes": ["city", "department", "job_title", "manager", "mobile_phone"],
        },
    });
    if let Some(server) = world.shelves.get(usize::from(target) % 6) {
        body["target"] = json!({
            "kind": "scim",
            "base_url": server.address,
            "shared": is_shared,
            "credential": { "bearer": "a-token" },
        });
    }
    let is_operators = is_shared && body.get("target").is_some();
    let then = if by_login {
        body["return_url"] = json!("https://app.example/back");
        Visit::then(tenant, companies)
    } else {
        let key = world.hr.kept().grants.make_key(companies);
        body["credential"] = json!({ "kind": "api_key", "key": key });
        Then::Nothing
    };
    let key = (!is_operators).then_some(tenant);
    Call::new(world, key, "POST", "/v1/connections").body(body).then(then)
}

fn reconnect(world: &World, id: &ConnectionId, by_login: bool) -> Option<Call> {
    let connection = world.connection(id)?;
    let company = connection.company?.id;
    let call = Call::about(world, id, "POST", "/reconnect")?;
    if by_login {
        let call = call.body(json!({ "return_url": "https://app.example/back" }));
        return Some(call.then(Visit::then(&connection.tenant, vec![company])));
    }
    let key = world.hr.kept().grants.make_key(vec![company]);
    Some(call.body(json!({ "credential": { "kind": "api_key", "key": key } })))
}

/// Returns the plan that waits.
pub(crate) fn open_plan(world: &World, id: &ConnectionId) -> Option<PlanRecord> {
    at_once(world.store.find_open_plan(id, world.now())).unwrap()
}

fn last_applied(world: &World, id: &ConnectionId) -> Option<PlanRecord> {
    let plans = at_once(world.store.list_plans(id)).unwrap();
    let found = plans
        .iter()
        .rev()
        .filter_map(|plan| at_once(world.store.find_plan(plan, world.now())).unwrap());
    let mut applied = found.filter(|record| matches!(record.status, Status::Applied | Status::AppliedWithErrors));
    applied.next()
}

fn plan_call(world: &World, id: &ConnectionId, record: &PlanRecord, verb: &str) -> Option<Call> {
    let tenant = world.connection(id)?.tenant;
    let path = format!("/v1/plans/{}/{verb}", record.plan.id);
    Some(Call::new(world, Some(&tenant), "POST", path))
}

fn approve(world: &World, id: &ConnectionId) -> Option<Call> {
    let record = open_plan(world, id)?;
    let codes = record
        .plan
        .holds
        .iter()
        .map(|hold| serde_json::to_value(hold.code).unwrap());
    let codes: Vec<Value> = codes.collect();
    let call = plan_call(world, id, &record, "apply")?;
    Some(call.body(json!({ "hash": record.plan.hash, "approve": codes })))
}

/// Returns an account of a connection's target.
fn some_account(world: &World, id: &ConnectionId, number: u8) -> Option<AccountId> {
    let connection = world.connection(id)?;
    let accounts = crate::view::accounts(world, &connection);
    let place = usize::from(number).checked_rem(accounts.len())?;
    accounts.keys().nth(place).cloned()
}

fn decide(world: &World, id: &ConnectionId, who: u8, what: u8) -> Option<Call> {
    let connection = world.connection(id)?;
    if connection.status == Standing::Disconnected {
        return None;
    }
    let employee = world.hr.kept().offices.get(&connection.company?.id)?.somebody(who)?;
    let account = some_account(world, id, what / 4);
    let body = match (what % 4, account) {
        (0, Some(account)) => json!({ "decision": "link", "account_id": account.as_str(), "reason": "theirs" }),
        (1, _) => json!({ "decision": "left", "reason": "gone" }),
        (2, _) => json!({ "decision": "keep", "reason": "ours" }),
        _ => json!({ "decision": "new_account", "reason": "new" }),
    };
    let call = Call::about(world, id, "PUT", &format!("/decisions/{employee}"))?;
    Some(call.body(body))
}

fn edit(world: &World, tenant: &TenantId, which: u8, what: u8) -> Option<Call> {
    let (accounts, _) = at_once(world.store.list_accounts(tenant, None)).unwrap();
    let account = accounts.get(usize::from(which).checked_rem(accounts.len())?)?;
    let body = if what.is_multiple_of(4) {
        json!({ "active": !account.active })
    } else {
        let city = VALUES[usize::from(what) % VALUES.len()];
        json!({ "attributes": { Canonical::City.name(): city } })
    };
    let path = format!("/v1/tenants/{tenant}/users/{}", account.id);
    Some(Call::new(world, Some(tenant), "PATCH", path).body(body))
}
