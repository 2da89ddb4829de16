//! Another configuration: it is read, changed in one place, and put back.

use rollcall::{
    connection::{ApplyMode, Configuration, ConnectionId, Identifier, LeaverPolicy, RehirePolicy},
    employee::Canonical,
    store::ConnectionStore as _,
};

use super::Call;
use crate::world::{World, at_once};

/// Returns the configuration in force.
pub(crate) fn in_force(world: &World, connection: &ConnectionId) -> Option<Configuration> {
    let version = world.connection(connection)?.configuration_version;
    at_once(world.store.find_configuration(connection, version)).unwrap()
}

/// Returns a request that puts a changed configuration.
pub(super) fn configure(world: &World, connection: &ConnectionId, what: u8, account: Option<String>) -> Option<Call> {
    let mut configuration = in_force(world, connection)?;
    let version = configuration.version;
    change(&mut configuration, what, account);
    let body = serde_json::to_value(configuration.document()).unwrap();
    let call = Call::about(world, connection, "PUT", "/config")?;
    Some(call.header("if-match", format!("\"{version}\"")).body(body))
}

fn change(configuration: &mut Configuration, what: u8, account: Option<String>) {
    let which = usize::from(what / 10);
    let policies = [
        LeaverPolicy::Deactivate,
        LeaverPolicy::Wait,
        LeaverPolicy::Ignore,
        LeaverPolicy::Group("Alumni".to_owned()),
    ];
    let policy = policies[which % policies.len()].clone();
    if matches!(policy, LeaverPolicy::Group(_)) && what % 10 < 3 && configuration.groups.is_none() {
        configuration.groups = Some(Canonical::Department.into());
    }
    match what % 10 {
        0 => configuration.leavers.terminated = policy,
        1 => configuration.leavers.missing = policy,
        2 => configuration.leavers.out_of_scope = policy,
        3 => {
            let rehires = [RehirePolicy::Reactivate, RehirePolicy::Ignore, RehirePolicy::Wait];
            configuration.rehires = rehires[which % rehires.len()];
        }
        4 => {
            let filters = ["[]", r#"[{"field":"city","none_of":["Rome"]}]"#];
            configuration.sync_if = serde_json::from_str(filters[which % 2]).unwrap();
        }
        5 => {
            let identifiers = [Identifier::WorkEmail, Identifier::EmployeeNumber];
            configuration.identifier = identifiers[which % 2];
        }
        6 => configuration.create_former = !configuration.create_former,
        7 => {
            configuration.apply = match configuration.apply {
                ApplyMode::Approve => ApplyMode::Automatic,
                ApplyMode::Automatic => ApplyMode::Approve,
            };
        }
        8 => {
            if let Some(account) = account
                && !configuration.protected.remove(&account)
            {
                configuration.protected.insert(account);
            }
        }
        _ => {
            if !configuration.attributes.remove(&Canonical::JobTitle) {
                configuration.attributes.insert(Canonical::JobTitle);
            }
        }
    }
}
