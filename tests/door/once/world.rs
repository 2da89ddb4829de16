//! Everything that has to be equal after two lives, as lines without instants and without ids that were made.

use rollcall::{
    connection::{Connection, ConnectionSecret, TenantId},
    run::{HASH_KEY_SECRET, find_receiver, secret_name},
    store::{AuditStore as _, KeyStore as _},
};

use crate::desk::Desk;

/// How many versions of a configuration, and how many runs, the test looks at.
const MOST: u32 = 50;

pub(super) fn acme() -> TenantId {
    TenantId::parse("acme").unwrap()
}

/// Returns what stands in the audits of the tenant and of the operator, oldest first.
pub(super) async fn audit(desk: &Desk) -> Vec<String> {
    let (own, _) = desk.store.list_audit(Some(&acme()), None, MOST).await.unwrap();
    let (operators, _) = desk.store.list_audit(None, None, MOST).await.unwrap();
    let entries = operators.into_iter().chain(own).rev();
    entries
        .map(|entry| format!("{} by {:?} on {}", entry.action, entry.by, entry.connection.is_some()))
        .collect()
}

/// Returns how often something was done: the runs of all connections, by how they ended, and renewals of a target's credential.
pub(super) async fn traces(desk: &Desk) -> Vec<String> {
    let mut lines = Vec::new();
    for id in desk.stage.store.list_connection_ids(None, MOST).await.unwrap() {
        let secret = desk.stage.secrets.find_secret(&secret_name(&id)).await.unwrap();
        let secret = secret.map(|text| ConnectionSecret::from_secret_text(&text).unwrap());
        let renewals = secret.map_or(0, |secret| secret.target_renewals);
        lines.push(format!("{renewals} renewals"));
        let runs = desk.stage.store.list_runs(&id, None, MOST).await.unwrap();
        lines.extend(
            runs.iter()
                .map(|run| format!("{:?} {:?} {:?}", run.kind, run.status, run.counts)),
        );
    }
    lines.sort();
    lines
}

/// Returns connections with what belongs to them, secrets, claims, stops, tombstones, keys, the receiver and the directory.
pub(super) async fn world(desk: &Desk) -> Vec<String> {
    let (stage, store) = (&desk.stage, &desk.stage.store);
    let mut lines = Vec::new();
    let ids = store.list_connection_ids(None, MOST).await.unwrap();
    for id in &ids {
        let record = store.find_connection(id).await.unwrap().unwrap().record;
        lines.extend(of_connection(desk, &record).await);
    }
    for secret in stage.secrets.list_secrets("", None).await.unwrap().names {
        let of = ids.iter().find(|id| secret.name.ends_with(id.as_str()));
        match of {
            Some(_) => lines.push("a secret of a connection".to_owned()),
            // This secret is made once, at its first use, by the first function that needs it.
            None if secret.name == HASH_KEY_SECRET => {}
            None => lines.push(format!("the secret {}", secret.name)),
        }
    }
    for place in store.list_claims(None, MOST).await.unwrap() {
        let left = store.sweep_claim(&place).await.unwrap();
        let place = if place.starts_with("COMPANY") {
            &place
        } else {
            "a target"
        };
        lines.push(format!("{place} is claimed, {left} by nobody"));
    }
    for tombstone in store.list_tombstones(&acme()).await.unwrap() {
        let whose = tombstone.person.is_some();
        let is_done = tombstone.done_at.is_some();
        lines.push(format!("erased, a person {whose}: {:?} {is_done}", tombstone.erased));
    }
    let stops = store.find_stops(&acme()).await.unwrap();
    lines.extend(stops.iter().map(|stop| format!("stop {:?}", stop.of)));
    let keys = desk.store.list_keys().await.unwrap();
    lines.extend(
        keys.iter()
            .map(|key| format!("key {} {}", key.name, key.revoked_at.is_some())),
    );
    if let Some(receiver) = find_receiver(&stage.ports).await.unwrap() {
        lines.push(format!("receiver {} {} secrets", receiver.url, receiver.secrets.len()));
    }
    if stage.connection.as_str() != "none" {
        let accounts = stage.accounts().await.unwrap();
        lines.extend(accounts.iter().map(|account| {
            let values = account.attributes.view().iter().filter_map(|entry| entry.field.value());
            format!("account {} {}", account.active, values.collect::<Vec<_>>().join(" "))
        }));
    }
    lines.sort();
    lines
}

async fn of_connection(desk: &Desk, connection: &Connection) -> Vec<String> {
    let (stage, store, id) = (&desk.stage, &desk.stage.store, &connection.id);
    let begun = connection.unfinished.as_ref().map(|unfinished| unfinished.what);
    let company = connection.company.as_ref().map(|company| &company.id);
    let mut lines = vec![format!(
        "connection {} {} {company:?} paused {} version {} begun {begun:?}",
        connection.tenant, connection.status, connection.paused, connection.configuration_version
    )];
    for version in 0..u64::from(MOST) {
        if let Some(configuration) = store.find_configuration(id, version).await.unwrap() {
            let says = (configuration.daily, configuration.apply);
            lines.push(format!("configuration {version} {says:?}"));
        }
    }
    let secret = stage.secrets.find_secret(&secret_name(id)).await.unwrap();
    if let Some(secret) = secret.map(|text| ConnectionSecret::from_secret_text(&text).unwrap()) {
        let sides = (secret.source.is_some(), secret.target.is_some());
        lines.push(format!("secret of {sides:?}"));
    }
    for decision in store.list_decisions(id).await.unwrap() {
        lines.push(format!("decision {} {:?}", decision.employee_id, decision.decision));
    }
    if let Some(open) = store.find_open_plan(id, stage.now()).await.unwrap() {
        lines.push(format!("open plan {} {:?}", open.status.as_str(), open.plan.counts));
    }
    let linked = store.list_links(id).await.unwrap();
    lines.extend(
        linked
            .iter()
            .map(|link| format!("link {} {:?}", link.employee_id, link.state)),
    );
    lines
}
