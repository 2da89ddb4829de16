//! What every store does with acts: all of their writes or none.

use std::collections::BTreeMap;

use futures_util::future::join_all;

use crate::{
    connection::{Connection, Decision, DecisionRecord, Preset, Role},
    plan::{PlanId, Status},
    store::{
        Acted, AuditEntry, DoorStore, KeyRecord, Opens, Reach, Refusal, StopOf, StopSet, Store, Ticket, Tombstone,
        Write,
    },
    testing::builder::{at, company, connection, employee_id, run, tenant},
};

const NOW: &str = "2026-03-01T04:00:00Z";

fn entry(id: &str) -> AuditEntry {
    AuditEntry {
        id: id.to_owned(),
        at: at(NOW),
        tenant: Some(tenant("acme")),
        by: Some("admin-3".to_owned()),
        key: None,
        action: "connection.connect".to_owned(),
        connection: None,
        details: BTreeMap::new(),
    }
}

fn tombstone() -> Tombstone {
    Tombstone::new(None, "admin-3", at(NOW))
}

fn ticket(hash: &str) -> Ticket {
    Ticket {
        hash: hash.to_owned(),
        opens: Opens::Activation,
        connection: connection("c-1", "acme").id,
        return_url: None,
        expires_at: at("2026-03-01T04:30:00Z"),
    }
}

fn key(id: &str) -> KeyRecord {
    KeyRecord {
        id: id.to_owned(),
        name: "the backend".to_owned(),
        hash: "5e".repeat(32),
        reach: Reach::All,
        role: Role::Admin,
        created_at: at(NOW),
        created_by: None,
        revoked_at: None,
    }
}

/// Returns how much of an act that makes a connection is there: record, configuration, run, ticket, and entry of the
/// audit.
async fn count(store: &dyn Store, door: &dyn DoorStore, made: &Connection) -> usize {
    let run_id = run("run-1", "c-1", at(NOW)).id;
    let parts = [
        store.find_connection(&made.id).await.unwrap().is_some(),
        store.find_configuration(&made.id, 1).await.unwrap().is_some(),
        store.find_run(&run_id).await.unwrap().is_some(),
        store.find_ticket("0a", at(NOW)).await.unwrap().is_some(),
        !door.list_audit(Some(&made.tenant), None, 9).await.unwrap().0.is_empty(),
    ];
    parts.into_iter().filter(|part| *part).count()
}

/// An act is done whole, or nothing of it is, whichever of its writes is refused.
pub async fn r49_an_act_is_done_whole_or_not_at_all(store: &dyn Store, door: &dyn DoorStore) {
    let made = connection("c-1", "acme").connect(&company("7")).unwrap();
    let other = connection("c-9", "other").connect(&company("7")).unwrap();
    let known = Write::Connection {
        connection: &other,
        revision: None,
    };
    assert_eq!(store.act(&[known]).await.unwrap(), Acted::Done);
    let (configuration, created, first) = (
        Preset::Users.configuration(),
        run("run-1", "c-1", at(NOW)),
        ticket("0a"),
    );
    let (seven, entry, id, end) = (company("7").id, entry("e-1"), "act-1", at("2026-03-02T04:00:00Z"));
    let act = [
        Write::NotErased(&made.tenant),
        Write::Once {
            id,
            what: "c-1",
            now: at(NOW),
            expires_at: end,
        },
        Write::Connection {
            connection: &made,
            revision: None,
        },
        Write::Configuration {
            connection: &made.id,
            configuration: &configuration,
        },
        Write::EnterCompany {
            connection: &made,
            company: &seven,
            shared: false,
        },
        Write::Run(&created),
        Write::Ticket(&first),
        Write::Audit(&entry),
    ];
    // For each refusal: the write that causes it, the write that takes the cause away, and the refusal.
    let foreign = Write::EnterCompany {
        connection: &other,
        company: &seven,
        shared: false,
    };
    let left = Write::LeaveCompany {
        connection: &other,
        company: &seven,
    };
    let grave = tombstone();
    let buried = Write::Tombstone {
        tenant: &made.tenant,
        tombstone: &grave,
    };
    for (in_the_way, away, refusal) in [
        (foreign, left, Refusal::ForeignCompany),
        (buried, Write::Readmit(&made.tenant), Refusal::Erased),
    ] {
        assert_eq!(store.act(&[in_the_way]).await.unwrap(), Acted::Done);
        assert_eq!(store.act(&act).await.unwrap(), Acted::Refused(refusal));
        assert_eq!(count(store, door, &made).await, 0, "{refusal:?}");
        assert_eq!(store.act(&[away]).await.unwrap(), Acted::Done);
    }
    assert_eq!(store.act(&act).await.unwrap(), Acted::Done);
    assert_eq!(count(store, door, &made).await, 5);
    // Where there are several reasons, the refusal names that of the earliest write.
    assert_eq!(store.act(&act).await.unwrap(), Acted::Refused(Refusal::DoneBefore));
    for (skipped, refusal) in [(2, Refusal::Connection), (3, Refusal::Configuration), (5, Refusal::Run)] {
        assert_eq!(store.act(&act[skipped..]).await.unwrap(), Acted::Refused(refusal));
    }
    let lost = entry_of_other();
    let both = [Write::Audit(&lost), foreign];
    assert_eq!(store.act(&both).await.unwrap(), Acted::Refused(Refusal::ForeignCompany));
    assert!(
        door.list_audit(Some(&other.tenant), None, 9)
            .await
            .unwrap()
            .0
            .is_empty()
    );
    assert_eq!(store.act(&[]).await.unwrap(), Acted::Done);
}

/// What is about a person is refused once the person was erased, in the same tenant only.
pub async fn r37_what_is_about_an_erased_person_is_refused(store: &dyn Store, _door: &dyn DoorStore) {
    let (acme, other, mark) = (tenant("acme"), tenant("other"), "b7".repeat(16));
    let about = |tenant| [Write::PersonNotErased { tenant, person: &mark }];
    assert_eq!(store.act(&about(&acme)).await.unwrap(), Acted::Done);
    let person = Tombstone::new(Some(mark.clone()), "admin-3", at(NOW));
    store.put_tombstone(&acme, &person).await.unwrap();
    let refused = Acted::Refused(Refusal::ErasedPerson);
    assert_eq!(store.act(&about(&acme)).await.unwrap(), refused);
    assert_eq!(store.act(&about(&other)).await.unwrap(), Acted::Done);
    assert_eq!(store.act(&[Write::NotErased(&acme)]).await.unwrap(), Acted::Done);
}

fn entry_of_other() -> AuditEntry {
    AuditEntry {
        tenant: Some(tenant("other")),
        ..entry("e-2")
    }
}

/// Of acts that are made at once on one record, exactly one is done.
pub async fn r49_of_acts_at_once_one_is_done(store: &dyn Store, door: &dyn DoorStore) {
    let made = connection("c-1", "acme");
    let new = Write::Connection {
        connection: &made,
        revision: None,
    };
    assert_eq!(store.act(&[new]).await.unwrap(), Acted::Done);
    let again = Write::Connection {
        connection: &made,
        revision: Some(1),
    };
    let entries: Vec<_> = (0..5).map(|number| entry(&format!("e-{number}"))).collect();
    let acts: Vec<_> = entries.iter().map(|entry| [again, Write::Audit(entry)]).collect();
    let acted = join_all(acts.iter().map(|act| store.act(act))).await;
    let done = acted
        .into_iter()
        .filter(|acted| *acted.as_ref().unwrap() == Acted::Done);
    assert_eq!(done.count(), 1);
    assert_eq!(door.list_audit(Some(&made.tenant), None, 9).await.unwrap().0.len(), 1);
    assert_eq!(store.find_connection(&made.id).await.unwrap().unwrap().revision, 2);
}

/// Something that was done is not done again until the note of it ends.
pub async fn r49_what_was_done_is_not_done_again(store: &dyn Store, _door: &dyn DoorStore) {
    let (now, end, later) = (at(NOW), at("2026-03-02T04:00:00Z"), at("2026-03-03T04:00:00Z"));
    let once = |now, expires_at| {
        [Write::Once {
            id: "act-1",
            what: "c-1",
            now,
            expires_at,
        }]
    };
    assert_eq!(store.act(&once(now, end)).await.unwrap(), Acted::Done);
    assert_eq!(
        store.act(&once(now, end)).await.unwrap(),
        Acted::Refused(Refusal::DoneBefore)
    );
    assert_eq!(store.act(&once(end, later)).await.unwrap(), Acted::Done);
}

/// A ticket is taken, or written again as it was read, once.
pub async fn r40_a_ticket_is_taken_within_an_act_once(store: &dyn Store, _door: &dyn DoorStore) {
    let (was, bound) = (
        ticket("0a"),
        Ticket {
            return_url: Some("https://app.example".to_owned()),
            ..ticket("0a")
        },
    );
    let change = [Write::ChangeTicket {
        was: &was,
        ticket: &bound,
    }];
    let (take, gone) = ([Write::TakeTicket(&was)], Acted::Refused(Refusal::Ticket));
    assert_eq!(store.act(&change).await.unwrap(), gone);
    assert_eq!(store.act(&take).await.unwrap(), gone);
    assert_eq!(store.act(&[Write::Ticket(&was)]).await.unwrap(), Acted::Done);
    assert_eq!(store.act(&change).await.unwrap(), Acted::Done);
    assert_eq!(store.act(&change).await.unwrap(), gone);
    assert_eq!(store.find_ticket("0a", at(NOW)).await.unwrap(), Some(bound));
    assert_eq!(store.act(&take).await.unwrap(), Acted::Done);
    assert_eq!(store.act(&take).await.unwrap(), gone);
    let dropped = Write::DropTicket {
        hash: "0a",
        connection: &was.connection,
    };
    for write in [Write::Ticket(&was), dropped, dropped] {
        assert_eq!(store.act(&[write]).await.unwrap(), Acted::Done);
    }
    assert_eq!(store.find_ticket("0a", at(NOW)).await.unwrap(), None);
}

/// A key is made and revoked together with its entry of the audit, or neither.
pub async fn r43_a_key_is_made_and_revoked_together_with_its_entry(store: &dyn Store, door: &dyn DoorStore) {
    let (made, at_first, later) = (key("k-1"), at("2026-03-02T04:00:00Z"), at("2026-03-03T04:00:00Z"));
    let entries = ["e-1", "e-2", "e-3", "e-4"].map(entry);
    let [first, second, third, fourth] = &entries;
    let refused = Acted::Refused(Refusal::Key);
    let revoke = |at| Write::RevokeKey { id: "k-1", at };
    assert_eq!(
        store.act(&[revoke(at_first), Write::Audit(first)]).await.unwrap(),
        refused
    );
    assert_eq!(
        store.act(&[Write::Key(&made), Write::Audit(first)]).await.unwrap(),
        Acted::Done
    );
    assert_eq!(
        store.act(&[Write::Key(&made), Write::Audit(second)]).await.unwrap(),
        refused
    );
    for (at, entry) in [(at_first, third), (later, fourth)] {
        assert_eq!(
            store.act(&[revoke(at), Write::Audit(entry)]).await.unwrap(),
            Acted::Done
        );
    }
    assert_eq!(door.find_key("k-1").await.unwrap().unwrap().revoked_at, Some(at_first));
    let listed = door.list_audit(Some(&tenant("acme")), None, 9).await.unwrap().0;
    let ids: Vec<_> = listed.iter().map(|entry| entry.id.as_str()).collect();
    assert_eq!(ids, ["e-4", "e-3", "e-1"]);
}

/// Decisions and stops are written within an act as by themselves; a plan that is not there is refused.
pub async fn r43_decisions_stops_and_plans_are_part_of_an_act(store: &dyn Store, _door: &dyn DoorStore) {
    let made = connection("c-1", "acme");
    let decision = DecisionRecord {
        employee_id: employee_id("1"),
        decision: Decision::Keep,
        reason: "asked for".to_owned(),
        by: "admin-3".to_owned(),
        at: at(NOW),
    };
    let (nobody, from) = (PlanId::parse("p-9").unwrap(), [Status::Ready]);
    let decide = Write::Decision {
        connection: &made.id,
        decision: &decision,
    };
    let (own, set) = (
        StopOf::Tenant(made.tenant.clone()),
        StopSet {
            by: None,
            key: None,
            at: at(NOW),
        },
    );
    let stop = |stopped: bool| Write::Stop {
        of: &own,
        set: stopped.then_some(&set),
    };
    let approve = Write::Plan {
        id: &nobody,
        from: &from,
        to: Status::Applying,
        approval: None,
    };
    let refused = store.act(&[decide, stop(true), approve]).await.unwrap();
    assert_eq!(refused, Acted::Refused(Refusal::Plan));
    assert!(store.list_decisions(&made.id).await.unwrap().is_empty());
    assert!(!store.is_stopped(&made.tenant).await.unwrap());
    assert_eq!(store.act(&[decide, stop(true)]).await.unwrap(), Acted::Done);
    assert_eq!(
        store.list_decisions(&made.id).await.unwrap(),
        std::slice::from_ref(&decision)
    );
    assert!(store.is_stopped(&made.tenant).await.unwrap());
    assert_eq!(store.act(&[stop(false)]).await.unwrap(), Acted::Done);
    assert!(!store.is_stopped(&made.tenant).await.unwrap());
}

/// Each tenant has a trail of its own, and so has the operator.
pub async fn r43_an_audit_is_listed_newest_first_page_by_page(store: &dyn Store, door: &dyn DoorStore) {
    let entry = |id: &str, of: Option<&str>, minute: u32| AuditEntry {
        id: id.to_owned(),
        at: at(&format!("2026-03-01T04:{minute:02}:00Z")),
        tenant: of.map(tenant),
        by: Some("admin-3".to_owned()),
        key: Some("first".to_owned()),
        action: "plan.apply".to_owned(),
        connection: None,
        details: BTreeMap::from([("plan".to_owned(), "plan-1".to_owned())]),
    };
    let acme = Some("acme");
    let entries = [
        entry("1", acme, 1),
        entry("2", acme, 2),
        entry("3", acme, 2),
        entry("4", acme, 3),
    ];
    let others = [entry("5", Some("other"), 4), entry("6", None, 5)];
    for entry in entries.iter().chain(&others) {
        assert_eq!(store.act(&[Write::Audit(entry)]).await.unwrap(), Acted::Done);
    }
    let (first, next) = door.list_audit(Some(&tenant("acme")), None, 3).await.unwrap();
    assert_eq!(first, [entry("4", acme, 3), entry("3", acme, 2), entry("2", acme, 2)]);
    let (rest, next) = door
        .list_audit(Some(&tenant("acme")), next.as_deref(), 3)
        .await
        .unwrap();
    assert_eq!((rest, next), (vec![entry("1", acme, 1)], None));
    let (operator, next) = door.list_audit(None, None, 3).await.unwrap();
    assert_eq!((operator, next), (vec![entry("6", None, 5)], None));
}

/// An entry is as large as an item of the table may be, to the byte, and one byte more is refused permanently.
pub async fn r47_an_item_ends_where_an_item_of_the_table_does(store: &dyn Store, _door: &dyn DoorStore) {
    let append = async |length: usize| {
        let entry = AuditEntry {
            id: "audit-1".to_owned(),
            at: at("2026-03-01T12:00:00Z"),
            tenant: Some(tenant("acme")),
            by: None,
            key: None,
            action: "x".to_owned(),
            connection: None,
            details: [("y".to_owned(), "z".repeat(length))].into(),
        };
        store.act(&[Write::Audit(&entry)]).await
    };
    let (mut fits, mut refused) = (1, 500_000);
    while fits + 1 < refused {
        let middle = usize::midpoint(fits, refused);
        match append(middle).await {
            Ok(_) => fits = middle,
            Err(error) => {
                assert!(matches!(error, crate::store::Error::Refused { .. }), "{error:?}");
                refused = middle;
            }
        }
    }
    assert_eq!(fits, 409_414);
}
