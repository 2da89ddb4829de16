//! What the store in memory counts for an item is what the table's item has, to the byte (R47).

use aws_sdk_dynamodb::types::AttributeValue;

use super::super::{connection, door, erasure, item::Draft, link, run, transaction::Step};
use crate::{
    connection::{Decision, DecisionRecord, Preset, Role},
    employee::Canonical,
    store::{
        AccountWrite, AuditEntry, KeyRecord, Reach, RunError, RunRecord, Tombstone,
        size::{self, Size},
    },
    testing::builder::{account, at, attributes, by_plan, connection as made, connection_id, employee_id, tenant},
};

/// The bytes of an item, counted on the item itself.
fn bytes(draft: Draft) -> usize {
    let of = |value: &AttributeValue| match value {
        AttributeValue::S(text) => text.len(),
        AttributeValue::B(bytes) => bytes.as_ref().len(),
        AttributeValue::Bool(_) => 1,
        AttributeValue::N(number) => {
            let digits = number.trim_start_matches('-').trim_end_matches('0').len();
            digits.div_ceil(2) + 1 + usize::from(number.starts_with('-'))
        }
        AttributeValue::Bs(_)
        | AttributeValue::L(_)
        | AttributeValue::M(_)
        | AttributeValue::Ns(_)
        | AttributeValue::Null(_)
        | AttributeValue::Ss(_)
        | _ => unreachable!("no other kind of value is written"),
    };
    let map = draft.into_map();
    map.iter().map(|(name, value)| name.len() + of(value)).sum()
}

/// The bytes of the first item that steps write.
fn first(steps: Vec<Step>) -> usize {
    let Some(Step::Put(draft, _)) = steps.into_iter().next() else {
        unreachable!("a record is written first")
    };
    bytes(draft)
}

fn assert_same(what: &str, counted: Size, written: usize) {
    assert_eq!(counted.bytes(), written, "{what}");
}

#[test]
fn r47_what_is_counted_for_an_item_is_what_it_has() {
    let id = connection_id("con_7");
    let one = made("con_7", "acme");
    for revision in [None, Some(9), Some(99)] {
        let steps = connection::steps(&one, revision).unwrap();
        assert_same("a connection", size::connection(&one, revision), first(steps));
    }
    let configuration = Preset::Users.configuration();
    let draft = connection::configuration(&id, &configuration).unwrap();
    assert_same(
        "a configuration",
        size::configuration(&id, &configuration),
        bytes(draft),
    );
    let decision = DecisionRecord {
        employee_id: employee_id("e-ñ"),
        decision: Decision::Keep,
        reason: "because".to_owned(),
        by: "ana".to_owned(),
        at: at("2026-03-01T12:00:00Z"),
    };
    let draft = connection::decision(&id, &decision).unwrap();
    assert_same("a decision", size::decision(&id, &decision), bytes(draft));
    let key = KeyRecord {
        id: "k1".to_owned(),
        name: "a key".to_owned(),
        hash: "0".repeat(64),
        reach: Reach::All,
        role: Role::Admin,
        created_at: at("2026-03-01T12:00:00Z"),
        created_by: None,
        revoked_at: None,
    };
    assert_same("a key", size::key(&key), bytes(door::key(&key).unwrap()));
    for of in [None, Some(tenant("acme"))] {
        let entry = AuditEntry {
            id: "audit-1".to_owned(),
            at: at("2026-03-01T12:00:00Z"),
            tenant: of,
            by: Some("ana".to_owned()),
            key: None,
            action: "user.edit".to_owned(),
            connection: None,
            details: [("user".to_owned(), "7".to_owned())].into(),
        };
        assert_same(
            "an entry of the audit",
            size::audit(&entry),
            bytes(door::entry(&entry).unwrap()),
        );
    }
    let tombstone = Tombstone::new(Some("0".repeat(32)), "ana", at("2026-03-01T12:00:00Z"));
    let draft = erasure::tombstone(&tenant("acme"), &tombstone).unwrap();
    assert_same(
        "a tombstone",
        size::tombstone(&tenant("acme"), &tombstone),
        bytes(draft),
    );
}

#[test]
fn r47_what_is_counted_for_a_run_a_link_and_an_account_is_what_it_has() {
    let error = |number: usize| RunError {
        code: "refused".to_owned(),
        employee_id: Some(employee_id(&number.to_string())),
        detail: "refused".to_owned(),
    };
    for errors in [0, 1, 300, 2_000] {
        let record = RunRecord {
            errors: (0..errors).map(error).collect(),
            ..crate::testing::builder::run("run-1", "con_7", at("2026-03-01T12:00:00Z"))
        };
        let steps = run::steps(&record).unwrap();
        assert_same("a run", size::run(&record, None), first(steps));
    }
    let mut one = crate::testing::builder::link("e-1", "a-1");
    one.former_ids = vec![employee_id("e-0")];
    let draft = link::draft("write links", &connection_id("con_7"), &one).unwrap();
    assert_same("a link", size::link(&connection_id("con_7"), &one), bytes(draft));
    let before = account("1", &[(Canonical::City, "Rome")]);
    let write = AccountWrite {
        account: crate::account::Account {
            attributes: attributes(&[(Canonical::City, "Pisa"), (Canonical::JobTitle, "\"Clerk\"\n")]),
            ..before.clone()
        },
        before: Some(before),
        origin: by_plan("p-1"),
        at: at("2026-03-01T12:00:00Z"),
    };
    let (_, steps) = super::super::directory::steps("write accounts", &tenant("acme"), &write).unwrap();
    let written = steps.map(|step| match step {
        Step::Put(draft, _) => bytes(draft),
        Step::Check(..) | Step::Delete(..) | Step::Update(..) => unreachable!("both are written"),
    });
    let version = write
        .before
        .as_ref()
        .and_then(|before| before.version.as_deref()?.parse::<u64>().ok());
    let counted = size::account(&tenant("acme"), &write, version.unwrap_or(0) + 1);
    assert_eq!(counted.map(Size::bytes), written);
}
