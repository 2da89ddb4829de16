//! Keys of the table. Every key is made here; `mod.rs` lists them.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::{
    account::{AccountId, TargetIdentity},
    allowance::ScopeKey,
    connection::{ConnectionId, TenantId},
    employee::EmployeeId,
    plan::PlanId,
    store::{AuditEntry, PlanRecord, RosterId, RunId, RunKind, RunRecord, StopOf, holder::Claimed},
};

/// Over how many partitions links, accounts and history are spread: one takes about 1 000 writes a second.
pub(super) const SHARDS: usize = 16;

/// The key of one item.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) pk: String,
    pub(super) sk: String,
}

impl Key {
    pub(super) fn new(pk: impl Into<String>, sk: impl Into<String>) -> Self {
        Self {
            pk: pk.into(),
            sk: sk.into(),
        }
    }
}

/// An id whose byte order is the order of ids: its length in two hex digits, then itself. Ids have at most 128 bytes.
pub(super) fn ordered(id: &str) -> String {
    format!("{:02x}{id}", id.len())
}

/// The id inside what [`ordered`] made.
pub(super) fn unordered(text: &str) -> &str {
    text.get(2..).unwrap_or_default()
}

/// The shard of an id: the first hex digit of its SHA-256.
pub(super) fn shard(id: &str) -> usize {
    let first = Sha256::digest(id.as_bytes()).first().copied().unwrap_or_default();
    usize::from(first >> 4)
}

/// An instant whose byte order is that of time.
pub(super) fn instant(at: Timestamp) -> String {
    format!("{:020}", at.as_nanosecond().max(0))
}

pub(super) fn connection_partition(connection: &ConnectionId) -> String {
    format!("C#{connection}")
}

pub(super) fn tenant_partition(tenant: &TenantId) -> String {
    format!("T#{tenant}")
}

/// An item of a connection of which there is one: `CONNECTION`, `LEASE`, `OPEN`, `STATE` or `SURVEY`.
pub(super) fn of_connection(connection: &ConnectionId, what: &str) -> Key {
    Key::new(connection_partition(connection), what)
}

pub(super) fn tenants_connection(tenant: &TenantId, connection: &ConnectionId) -> Key {
    let sk = format!("{CONNECTION_PREFIX}{}", ordered(connection.as_str()));
    Key::new(tenant_partition(tenant), sk)
}

/// The partition of the list of all connections.
pub(super) const CONNECTIONS: &str = "CONNECTIONS";

/// How the sort keys of the list of all connections begin, and a tenant's of theirs.
pub(super) const CONNECTION_PREFIX: &str = "CONNECTION#";

/// A connection in the list of all.
pub(super) fn listed_connection(connection: &ConnectionId) -> Key {
    Key::new(
        CONNECTIONS,
        format!("{CONNECTION_PREFIX}{}", ordered(connection.as_str())),
    )
}

pub(super) fn configuration(connection: &ConnectionId, version: u64) -> Key {
    of_connection(connection, &format!("CONFIGURATION#{version:016x}"))
}

pub(super) fn decision(connection: &ConnectionId, employee: &EmployeeId) -> Key {
    of_connection(connection, &format!("DECISION#{}", ordered(employee.as_str())))
}

/// The partition of all stops.
pub(super) const STOPS: &str = "STOP";

/// A stop.
pub(super) fn stop(of: &StopOf) -> Key {
    let place = match of {
        StopOf::Everybody => "ALL".to_owned(),
        StopOf::Tenant(tenant) => format!("OWN#{tenant}"),
        StopOf::TenantByOperator(tenant) => format!("TENANT#{tenant}"),
    };
    Key::new(STOPS, place)
}

/// Returns whom a stop concerns, from the place where it stands.
pub(super) fn stopped(place: &str) -> Option<StopOf> {
    let tenant = |text: &str| TenantId::parse(text).ok();
    if let Some(own) = place.strip_prefix("OWN#") {
        tenant(own).map(StopOf::Tenant)
    } else if let Some(stopped) = place.strip_prefix("TENANT#") {
        tenant(stopped).map(StopOf::TenantByOperator)
    } else {
        (place == "ALL").then_some(StopOf::Everybody)
    }
}

/// The slots of a group of runs of a kind.
pub(super) fn slots(kind: RunKind, group: u32) -> Key {
    Key::new(format!("SLOTS#{}#{group}", kind.as_str()), "SLOTS")
}

/// The bucket of what an HR system counts together.
pub(super) fn bucket(scope: &ScopeKey) -> Key {
    Key::new(format!("BUCKET#{scope}"), "BUCKET")
}

/// How the sort keys of a connection's rosters, of parts of its target's list, of notes of the chunks of both, and of notes of
/// its plans begin.
pub(super) const LISTING_PREFIX: &str = "LISTING#";
pub(super) const ROSTER_PREFIX: &str = "ROSTER#";
pub(super) const PARTS_PREFIX: &str = "PARTS#";
pub(super) const PLAN_PREFIX: &str = "PLAN#";

pub(super) fn roster(connection: &ConnectionId, roster: &RosterId) -> Key {
    of_connection(connection, &format!("{ROSTER_PREFIX}{roster}"))
}

/// A part of a list of the connection's target.
pub(super) fn listing(connection: &ConnectionId, listing: &RosterId) -> Key {
    of_connection(connection, &format!("{LISTING_PREFIX}{listing}"))
}

/// The note of which chunks a roster or a part of a list has, written before any of them.
pub(super) fn roster_parts(connection: &ConnectionId, roster: &RosterId) -> Key {
    of_connection(connection, &format!("{PARTS_PREFIX}{roster}"))
}

/// The note of which parts a plan has, written before any of them.
pub(super) fn connections_plan(connection: &ConnectionId, plan: &PlanId) -> Key {
    of_connection(connection, &format!("{PLAN_PREFIX}{plan}"))
}

/// How the sort keys of tombstones begin.
pub(super) const TOMBSTONE_PREFIX: &str = "ERASED#";

/// A tombstone: the tenant's own, or a person's.
pub(super) fn tombstone(tenant: &TenantId, person: Option<&str>) -> Key {
    let who = person.map_or_else(|| "ALL".to_owned(), |person| format!("PERSON#{person}"));
    Key::new(tenant_partition(tenant), format!("{TOMBSTONE_PREFIX}{who}"))
}

/// A chunk of a roster or of a part of a list. `content` is their content hash: another attempt of the same run never writes over what may be visible.
pub(super) fn roster_chunk(roster: &RosterId, content: &str, chunk: usize) -> Key {
    Key::new(format!("S#{roster}#{content}#{chunk}"), "ROWS")
}

pub(super) fn plan(plan: &PlanId) -> Key {
    Key::new(format!("P#{plan}"), "PLAN")
}

/// `what` is `LINES` or `FINDINGS`.
pub(super) fn plan_chunk(plan: &PlanId, run: &RunId, fence: u64, chunk: usize, what: &str) -> Key {
    Key::new(format!("P#{plan}#{run}#{fence}#{chunk}"), what)
}

/// Returns the key of one chunk of a plan that was read.
pub(super) fn chunk_of(record: &PlanRecord, chunk: usize, what: &str) -> Key {
    plan_chunk(&record.plan.id, &record.run, record.fence, chunk, what)
}

pub(super) fn link_partition(connection: &ConnectionId, shard: usize) -> String {
    format!("C#{connection}#L#{shard:x}")
}

pub(super) fn link(connection: &ConnectionId, employee: &EmployeeId) -> Key {
    let partition = link_partition(connection, shard(employee.as_str()));
    Key::new(partition, ordered(employee.as_str()))
}

pub(super) fn claim(target: &TargetIdentity, account: &AccountId) -> Key {
    Key::new(format!("K#{}#{}", ordered(account.as_str()), target.as_str()), "CLAIM")
}

pub(super) fn run(run: &RunId) -> Key {
    Key::new(format!("R#{run}"), "RUN")
}

/// A list of a connection's runs: how the sort keys of its entries begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RunList(pub(super) &'static str);

/// All runs.
pub(super) const RUNS: RunList = RunList("RUN#");
/// The runs whose errors name people.
pub(super) const NAMING: RunList = RunList("NAMING#");
/// The runs that have not ended.
pub(super) const UNENDED: RunList = RunList("UNENDED#");

/// A run in a list of its connection.
pub(super) fn listed_run(list: RunList, run: &RunRecord) -> Key {
    let place = run_place(list, run.started_at, &run.id);
    of_connection(&run.connection, &place)
}

/// The sort key of a run in a list.
pub(super) fn run_place(list: RunList, started_at: Timestamp, run: &RunId) -> String {
    format!("{}{}#{run}", list.0, instant(started_at))
}

/// The note that every run of a connection is in the lists that it belongs to.
pub(super) fn runs_listed(connection: &ConnectionId) -> Key {
    of_connection(connection, "LISTED")
}

pub(super) fn account_partition(tenant: &TenantId, shard: usize) -> String {
    format!("T#{tenant}#A#{shard:x}")
}

pub(super) fn account(tenant: &TenantId, account: &AccountId) -> Key {
    let partition = account_partition(tenant, shard(account.as_str()));
    Key::new(partition, ordered(account.as_str()))
}

/// `kind` is `email` or `reference`.
pub(super) fn unique(tenant: &TenantId, kind: &str, value: &str) -> Key {
    Key::new(format!("T#{tenant}#U#{kind}#{value}"), "UNIQUE")
}

pub(super) fn history_partition(tenant: &TenantId, shard: usize) -> String {
    format!("T#{tenant}#H#{shard:x}")
}

/// The partition of an account's history, and how its entries' sort keys begin.
pub(super) fn history_of(tenant: &TenantId, account: &AccountId) -> Key {
    Key::new(
        history_partition(tenant, shard(account.as_str())),
        format!("{}#", ordered(account.as_str())),
    )
}

pub(super) fn history(tenant: &TenantId, account: &AccountId, at: Timestamp, version: u64) -> Key {
    let Key { pk, sk } = history_of(tenant, account);
    Key::new(pk, format!("{sk}{}#{version:010}", instant(at)))
}

/// A ticket, by the hash of its token.
pub(super) fn ticket(hash: &str) -> Key {
    Key::new(format!("TICKET#{hash}"), "TICKET")
}

/// How the sort keys of notes of a connection's tickets begin.
pub(super) const TICKET_PREFIX: &str = "TICKET#";

/// The note at a connection that there is a ticket for it.
pub(super) fn connections_ticket(connection: &ConnectionId, hash: &str) -> Key {
    of_connection(connection, &format!("{TICKET_PREFIX}{hash}"))
}

/// Returns the key of the item that says who reads a company, or who writes to a target.
pub(super) fn claimed(claimed: &Claimed) -> Key {
    match claimed {
        Claimed::Company(provider, company) => {
            Key::new(format!("B#{}#{provider}", ordered(company.as_str())), "COMPANY")
        }
        Claimed::Target(identity) => Key::new(format!("G#{identity}"), "TENANTS"),
    }
}

/// The partition of the list of all that is claimed.
pub(super) const CLAIMS: &str = "CLAIMS";

/// A claim in the list of all.
pub(super) fn listed_claim(claimed: &Claimed) -> Key {
    Key::new(CLAIMS, claimed.to_string())
}

/// Returns the key of the note that something was done.
pub(super) fn once(id: &str) -> Key {
    Key::new(format!("ONCE#{id}"), "ONCE")
}

/// The partition of all API keys.
pub(super) const API_KEYS: &str = "KEYS";

/// An API key.
pub(super) fn api_key(id: &str) -> Key {
    Key::new(API_KEYS, format!("KEY#{id}"))
}

/// How many requests an API key has used in the window that began at an instant.
pub(super) fn allowance(key: &str, start: Timestamp) -> Key {
    Key::new(format!("USED#{key}#{}", start.as_second()), "USED")
}

/// The partition of a tenant's audit, or of the operator's.
pub(super) fn audit_partition(tenant: Option<&TenantId>) -> String {
    tenant.map_or_else(|| "AUDIT".to_owned(), |tenant| format!("T#{tenant}#AUDIT"))
}

/// An entry of an audit.
pub(super) fn audit(entry: &AuditEntry) -> Key {
    Key::new(audit_partition(entry.tenant.as_ref()), entry.place())
}

/// The answer to a request, by the hash of caller, route and key.
pub(super) fn answer(id: &str) -> Key {
    Key::new(format!("ANSWER#{id}"), "ANSWER")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::employee::id::shortlex;

    proptest! {
        #[test]
        fn the_byte_order_of_keys_is_the_order_of_ids(left in "[0-9a-z#é]{1,20}", right in "[0-9a-z#é]{1,20}") {
            prop_assert_eq!(ordered(&left).cmp(&ordered(&right)), shortlex(&left, &right));
            let encoded = ordered(&left);
            prop_assert_eq!(unordered(&encoded), left);
        }
    }

    #[test]
    fn ids_are_spread_evenly_over_the_shards() {
        let mut counts = [0_u32; SHARDS];
        for id in 0..16_000 {
            counts[shard(&id.to_string())] += 1;
        }
        assert!(counts.iter().all(|count| (900..1100).contains(count)), "{counts:?}");
    }

    #[test]
    fn no_account_id_can_pose_as_a_claim_on_another_target() {
        let claim = |target: &str, account: &str| {
            claim(
                &TargetIdentity::new("scim", target),
                &AccountId::parse(account).unwrap(),
            )
        };
        assert_ne!(claim("a#b", "c"), claim("a", "b#c"));
        assert_ne!(claim("x", "c#scim:x"), claim("x#scim:x", "c"));
    }
}
