//! What every store does with connections, configurations, decisions and stops.

use futures_util::future::join_all;

use crate::{
    connection::{ConnectionId, Decision, DecisionRecord, Preset},
    store::{Acted, Elsewhere, Erased, Opens, Stop, StopOf, StopSet, Store, SyncState, Ticket, Tombstone, Write},
    testing::builder::{account_id, at, connection, connection_id, employee_id, run_id, tenant},
};

/// A caller that read an older revision does not overwrite a newer one.
pub async fn a_connection_is_written_only_at_the_revision_it_was_read(store: &dyn Store) {
    let mut record = connection("c-1", "acme");
    assert_eq!(store.find_connection(&record.id).await.unwrap(), None);
    assert!(!store.put_connection(&record, Some(1)).await.unwrap());
    assert!(store.put_connection(&record, None).await.unwrap());
    assert!(!store.put_connection(&record, None).await.unwrap());
    record.paused = true;
    assert!(store.put_connection(&record, Some(1)).await.unwrap());
    record.paused = false;
    assert!(!store.put_connection(&record, Some(1)).await.unwrap());
    let stored = store.find_connection(&record.id).await.unwrap().unwrap();
    assert_eq!((stored.revision, stored.record.paused), (2, true));
}

/// Of several callers that write at one revision, one succeeds.
pub async fn of_writers_at_once_one_succeeds(store: &dyn Store) {
    let record = connection("c-1", "acme");
    assert!(store.put_connection(&record, None).await.unwrap());
    let writes = join_all((0..6).map(|_| store.put_connection(&record, Some(1)))).await;
    assert_eq!(writes.into_iter().filter(|write| *write.as_ref().unwrap()).count(), 1);
    assert_eq!(store.find_connection(&record.id).await.unwrap().unwrap().revision, 2);
}

/// Ids of different lengths keep their order, and other tenants' connections stay out.
pub async fn connections_of_a_tenant_are_listed_in_the_order_of_their_ids(store: &dyn Store) {
    for (id, of) in [("c-10", "acme"), ("c-9", "acme"), ("c-1", "other"), ("c-100", "acme")] {
        assert!(store.put_connection(&connection(id, of), None).await.unwrap());
    }
    let found = store.list_connections(&tenant("acme")).await.unwrap();
    let ids: Vec<_> = found.iter().map(|found| found.id.as_str()).collect();
    assert_eq!(ids, ["c-9", "c-10", "c-100"]);
    assert!(store.list_connections(&tenant("nobody")).await.unwrap().is_empty());
}

/// Every tenant's connections are in one list, page by page; one that is written again is in it once.
pub async fn all_connections_are_listed_page_by_page(store: &dyn Store) {
    assert!(store.list_connection_ids(None, 10).await.unwrap().is_empty());
    for (id, of) in [("c-10", "acme"), ("c-9", "acme"), ("c-1", "other"), ("c-100", "acme")] {
        assert!(store.put_connection(&connection(id, of), None).await.unwrap());
    }
    assert!(store.put_connection(&connection("c-9", "acme"), Some(1)).await.unwrap());
    let all = store.list_connection_ids(None, 10).await.unwrap();
    let ids: Vec<_> = all.iter().map(ConnectionId::as_str).collect();
    assert_eq!(ids, ["c-1", "c-9", "c-10", "c-100"]);
    let mut paged = Vec::new();
    loop {
        let page = store.list_connection_ids(paged.last(), 3).await.unwrap();
        if page.is_empty() {
            break;
        }
        assert!(page.len() <= 3);
        paged.extend(page);
    }
    assert_eq!(paged, all);
}

/// A configuration never changes under its version.
pub async fn a_version_of_a_configuration_is_written_once(store: &dyn Store) {
    let id = connection_id("c-1");
    let first = Preset::Users.configuration();
    let mut other = Preset::Users.configuration();
    other.daily = !first.daily;
    assert!(store.put_configuration(&id, &first).await.unwrap());
    assert!(!store.put_configuration(&id, &other).await.unwrap());
    assert_eq!(store.find_configuration(&id, 1).await.unwrap(), Some(first));
    other.version = 2;
    assert!(store.put_configuration(&id, &other).await.unwrap());
    assert_eq!(store.find_configuration(&id, 2).await.unwrap(), Some(other));
    assert_eq!(store.find_configuration(&id, 3).await.unwrap(), None);
    assert_eq!(store.find_configuration(&connection_id("c-2"), 1).await.unwrap(), None);
}

fn decision(employee: &str, decision: Decision) -> DecisionRecord {
    DecisionRecord {
        employee_id: employee_id(employee),
        decision,
        reason: "same person".to_owned(),
        by: "admin-3".to_owned(),
        at: at("2026-03-01T08:00:00Z"),
    }
}

async fn decide(store: &dyn Store, connection: &ConnectionId, decision: &DecisionRecord) {
    let write = Write::Decision { connection, decision };
    assert_eq!(store.act(&[write]).await.unwrap(), Acted::Done);
}

/// There is one decision per person: the last one.
pub async fn a_decision_takes_the_place_of_an_earlier_one(store: &dyn Store) {
    let id = connection_id("c-1");
    let link = Decision::Link {
        account_id: account_id("a-1"),
    };
    for (employee, decided) in [("10", Decision::Keep), ("9", Decision::Left), ("10", link.clone())] {
        decide(store, &id, &decision(employee, decided)).await;
    }
    let found = store.list_decisions(&id).await.unwrap();
    assert_eq!(found, [decision("9", Decision::Left), decision("10", link)]);
    assert!(store.list_decisions(&connection_id("c-10")).await.unwrap().is_empty());
}

/// An operator stops one tenant or all tenants, a tenant stops itself; all stops may stand at once, and each is lifted
/// by itself.
pub async fn r33_stops_stand_side_by_side_and_each_is_lifted_by_itself(store: &dyn Store) {
    let (acme, other) = (tenant("acme"), tenant("other"));
    let (all, own, operators) = (
        StopOf::Everybody,
        StopOf::Tenant(acme.clone()),
        StopOf::TenantByOperator(acme.clone()),
    );
    let set = |by: &str| StopSet {
        by: Some(by.to_owned()),
        key: Some("first".to_owned()),
        at: at("2026-03-01T04:00:00Z"),
    };
    let stands = |of: &StopOf, by: &str| Stop {
        of: of.clone(),
        set: Some(set(by)),
    };
    assert!(!store.is_stopped(&acme).await.unwrap());
    for (of, by) in [(&operators, "operator"), (&own, "acme"), (&all, "all")] {
        let set = set(by);
        let write = Write::Stop { of, set: Some(&set) };
        assert_eq!(store.act(&[write]).await.unwrap(), Acted::Done);
        assert!(store.is_stopped(&acme).await.unwrap());
        assert_eq!(store.is_stopped(&other).await.unwrap(), *of == all);
    }
    let found = store.find_stops(&acme).await.unwrap();
    assert_eq!(
        found,
        [
            stands(&all, "all"),
            stands(&own, "acme"),
            stands(&operators, "operator")
        ]
    );
    assert_eq!(store.find_stops(&other).await.unwrap(), [stands(&all, "all")]);
    let (first, next) = store.list_stops(None, 2).await.unwrap();
    let (rest, end) = store.list_stops(next.as_deref(), 2).await.unwrap();
    assert_eq!(([first, rest].concat(), end), (found, None));
    for (lifted, left) in [(&all, 2), (&operators, 1), (&operators, 1), (&own, 0)] {
        let write = Write::Stop { of: lifted, set: None };
        assert_eq!(store.act(&[write]).await.unwrap(), Acted::Done);
        assert_eq!(store.find_stops(&acme).await.unwrap().len(), left);
        assert_eq!(store.is_stopped(&acme).await.unwrap(), left > 0);
    }
    let (own, set) = (StopOf::Tenant(acme), set("acme"));
    let again = Write::Stop {
        of: &own,
        set: Some(&set),
    };
    assert_eq!(store.act(&[again]).await.unwrap(), Acted::Done);
}

/// A decision is deleted once.
pub async fn r37_a_decision_is_deleted(store: &dyn Store) {
    let id = connection_id("c-1");
    for employee in ["1", "2"] {
        decide(store, &id, &decision(employee, Decision::Keep)).await;
    }
    assert!(store.delete_decision(&id, &employee_id("1")).await.unwrap());
    assert!(!store.delete_decision(&id, &employee_id("1")).await.unwrap());
    let left = store.list_decisions(&id).await.unwrap();
    assert_eq!(left, [decision("2", Decision::Keep)]);
}

/// A connection is erased with its configurations, decisions, state and lease, and is in no list any more.
pub async fn r37_a_connection_is_erased_with_all_that_is_kept_under_it(store: &dyn Store) {
    let now = at("2026-03-01T08:00:00Z");
    for id in ["c-1", "c-2"] {
        let record = connection(id, "acme");
        assert!(store.put_connection(&record, None).await.unwrap());
        let configuration = Preset::Users.configuration();
        assert!(store.put_configuration(&record.id, &configuration).await.unwrap());
        decide(store, &record.id, &decision("1", Decision::Keep)).await;
        let state = SyncState {
            applied_once: true,
            ..SyncState::default()
        };
        assert!(store.put_state(&record.id, &state, 1).await.unwrap());
        let lease = store.acquire_lease(&record.id, &run_id("run-1"), now, now).await;
        assert!(lease.unwrap().is_some());
    }
    let gone = connection("c-1", "acme");
    let ticket = Ticket {
        hash: "0a".to_owned(),
        opens: Opens::Activation,
        connection: gone.id.clone(),
        return_url: None,
        expires_at: at("2026-03-01T08:30:00Z"),
    };
    assert_eq!(store.act(&[Write::Ticket(&ticket)]).await.unwrap(), Acted::Done);
    let kept = store.count_kept(&gone.id).await.unwrap();
    assert_eq!((kept.connections, kept.decisions, kept.runs), (1, 1, 0));
    store.erase_connection(&gone).await.unwrap();
    assert_eq!(store.count_kept(&gone.id).await.unwrap(), Erased::default());
    assert_eq!(store.find_ticket("0a", now).await.unwrap(), None);
    store.erase_connection(&gone).await.unwrap();
    assert_eq!(store.find_connection(&gone.id).await.unwrap(), None);
    assert_eq!(store.find_configuration(&gone.id, 1).await.unwrap(), None);
    assert!(store.list_decisions(&gone.id).await.unwrap().is_empty());
    assert_eq!(store.load_state(&gone.id).await.unwrap(), SyncState::default());
    let left = [connection_id("c-2")];
    assert_eq!(store.list_connection_ids(None, 10).await.unwrap(), left);
    let listed = store.list_connections(&tenant("acme")).await.unwrap();
    assert_eq!(listed, [connection("c-2", "acme")]);
    assert!(store.load_state(&left[0]).await.unwrap().applied_once);
    assert_eq!(store.list_decisions(&left[0]).await.unwrap().len(), 1);
    // A run that does not know of the erasure may write since; that goes too.
    let state = SyncState {
        applied_once: true,
        ..SyncState::default()
    };
    let late = store.acquire_lease(&gone.id, &run_id("run-2"), now, now).await;
    assert!(late.unwrap().is_some());
    assert!(store.put_state(&gone.id, &state, 1).await.unwrap());
    store.erase_leavings(&gone.id).await.unwrap();
    assert_eq!(store.load_state(&gone.id).await.unwrap(), SyncState::default());
    let anew = store.acquire_lease(&gone.id, &run_id("run-3"), now, now).await.unwrap();
    assert_eq!(anew.map(|lease| lease.fence), Some(1), "the lease is gone as well");
}

/// A tenant's own tombstone comes first; each is written again in its place, and taken away by itself.
pub async fn r37_tombstones_are_a_tenants_own_and_its_peoples(store: &dyn Store) {
    let (acme, other) = (tenant("acme"), tenant("other"));
    let mut person = Tombstone::new(Some("b7".repeat(16)), "admin-3", at("2026-03-01T08:00:00Z"));
    store.put_tombstone(&acme, &person).await.unwrap();
    (person.done_at, person.erased.plans) = (Some(person.at), 3);
    for accounts in [2, 1] {
        person.note(Elsewhere {
            connection: connection_id("c-1"),
            base_url: "https://app.example/scim/v2".to_owned(),
            prefix: "factorial:7:".to_owned(),
            accounts,
        });
    }
    assert_eq!((person.elsewhere.len(), person.elsewhere[0].accounts), (1, 2));
    store.put_tombstone(&acme, &person).await.unwrap();
    let whole = Tombstone {
        person: None,
        ..person.clone()
    };
    store.put_tombstone(&acme, &whole).await.unwrap();
    let listed = store.list_tombstones(&acme).await.unwrap();
    assert_eq!(listed, [whole, person.clone()]);
    assert!(store.list_tombstones(&other).await.unwrap().is_empty());
    store.delete_tombstone(&acme, None).await.unwrap();
    store.delete_tombstone(&acme, None).await.unwrap();
    assert_eq!(store.list_tombstones(&acme).await.unwrap(), [person]);
}
