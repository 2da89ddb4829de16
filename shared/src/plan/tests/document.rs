//! R21–R23: the document, its lines and its hash.

use std::fmt::Write as _;

use proptest::prelude::*;
use serde::Deserialize;

use crate::{
    account::{ExternalId, TargetIdentity},
    connection::Preset,
    employee::{Attribute, AttributesBuilder, Canonical, CustomName, Field},
    plan::{
        Action, Change, Edit, Edits, Evidence, Header, LeaveBy, LeaverReason, Lines, ManagerEdit, Reference,
        ReferenceEdit, VERSION, Writer,
        line::{push_line, read_line},
        tests::scene::{Scene, account, employee},
    },
};

/// See `vectors.json`, which says how it was made.
#[derive(Deserialize)]
struct Vectors {
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    name: String,
    header: HeaderMembers,
    lines: Vec<String>,
    hash: String,
}

#[derive(Deserialize)]
struct HeaderMembers {
    base: String,
    company: String,
    configuration: String,
    target: String,
    version: String,
}

impl HeaderMembers {
    fn header(&self) -> Header {
        Header {
            version: self.version.parse().unwrap(),
            base: self.base.clone(),
            company: self.company.parse().unwrap(),
            configuration: self.configuration.parse().unwrap(),
            target: serde_json::from_value(self.target.clone().into()).unwrap(),
        }
    }
}

fn write(header: &Header, changes: &[Change]) -> Lines {
    let mut writer = Writer::new(header);
    for change in changes {
        writer.push(change).unwrap();
    }
    writer.finish().unwrap()
}

#[test]
fn r21_lines_and_hashes_are_those_of_the_committed_vectors() {
    let vectors: Vectors = serde_json::from_str(include_str!("../vectors.json")).unwrap();
    assert!(vectors.vectors.len() > 2);
    for vector in vectors.vectors {
        let changes: Vec<Change> = vector.lines.iter().map(|line| read_line(line).unwrap()).collect();
        for (change, line) in changes.iter().zip(&vector.lines) {
            let mut written = String::new();
            push_line(&mut written, change);
            assert_eq!(written, *line, "{}", vector.name);
        }
        let header = vector.header.header();
        let lines = write(&header, &changes);
        assert_eq!(lines.hash, vector.hash, "{}", vector.name);
        assert_eq!(lines.read().unwrap(), changes, "{}", vector.name);
        assert_eq!(Lines::rehash(&header, &lines.chunks).unwrap(), vector.hash);
    }
}

fn header() -> Header {
    Header {
        version: VERSION,
        base: "0".repeat(64),
        company: "7".parse().unwrap(),
        configuration: 1,
        target: TargetIdentity::new("directory", "acme"),
    }
}

#[test]
fn r21_the_hash_covers_base_company_configuration_target_and_every_change_in_order() {
    let mut scene = Scene::new(Preset::Standard);
    scene.hire("1", "Ana");
    scene.hire("2", "Bo");
    let changes = scene.plan().outcome.changes;
    let hash = write(&header(), &changes).hash;
    let mut others = vec![
        write(&Header { version: 2, ..header() }, &changes).hash,
        write(
            &Header {
                base: "1".repeat(64),
                ..header()
            },
            &changes,
        )
        .hash,
        write(
            &Header {
                company: "8".parse().unwrap(),
                ..header()
            },
            &changes,
        )
        .hash,
        write(
            &Header {
                configuration: 2,
                ..header()
            },
            &changes,
        )
        .hash,
        write(
            &Header {
                target: TargetIdentity::new("directory", "other"),
                ..header()
            },
            &changes,
        )
        .hash,
        write(&header(), &changes[..1]).hash,
    ];
    let mut turned = changes.clone();
    turned.reverse();
    others.push(write(&header(), &turned).hash);
    assert!(others.iter().all(|other| *other != hash));
    assert_eq!(write(&header(), &changes).hash, hash);
}

#[test]
fn r21_plan_id_and_time_are_outside_the_hash_and_r23_so_is_everything_that_a_quiet_night_changes() {
    let mut scene = Scene::settled(Preset::Standard, &["Ana"]);
    scene.set("1", Canonical::City, "Rome");
    let first = scene.plan();
    scene.sleep();
    let second = scene.plan();
    assert_ne!(first.plan.created_at, second.plan.created_at);
    assert_eq!(first.plan.hash, second.plan.hash);
    scene.set("1", Canonical::City, "Bern");
    assert_ne!(scene.plan().plan.hash, first.plan.hash);
}

#[test]
fn a_large_plan_is_cut_into_chunks_that_fit_an_item_and_reads_back() {
    let changes: Vec<Change> = (0..3_000)
        .map(|number| {
            let mut city = String::new();
            for part in 0..40_u64 {
                let _ = write!(city, "{:x}", (number * 40 + part).wrapping_mul(0x9e37_79b9_7f4a_7c15));
            }
            let mut attributes = AttributesBuilder::new();
            attributes.set_canonical(Canonical::City, Field::Value(&city));
            let action = Action::Create {
                attributes: attributes.build(),
                manager: None,
                invite: false,
                shares_address: false,
            };
            Change {
                employee_id: employee(&number.to_string()),
                action,
                together: None,
            }
        })
        .collect();
    let lines = write(&header(), &changes);
    assert!(lines.chunks.len() > 2);
    assert!(lines.chunks.iter().all(|chunk| chunk.len() < 400 * 1024));
    assert_eq!(lines.read().unwrap(), changes);
    let mut damaged = lines.chunks.clone();
    damaged.swap(0, 1);
    assert_ne!(Lines::rehash(&header(), &damaged).unwrap(), lines.hash);
}

#[test]
fn r44_a_line_with_a_member_that_is_not_known_is_refused() {
    for line in [
        r#"{"account_id":"a","action":"leave","employee_id":"1","reason":"terminated","when":"now"}"#,
        r#"{"account_id":"a","action":"delete","employee_id":"1"}"#,
        r#"{"action":"update","edits":{},"employee_id":"1"}"#,
        r#"{"account_id":"a","action":"leave","employee_id":"1","reason":"tired"}"#,
    ] {
        assert!(read_line(line).is_err(), "{line}");
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![".{1,12}", "[\"\\\\\u{0}-\u{1f}\u{7f}\u{2028}é😀/]{1,6}"]
}

fn attribute() -> impl Strategy<Value = Attribute> {
    prop_oneof![
        (0..Canonical::ALL.len()).prop_map(|index| Attribute::Canonical(Canonical::ALL[index])),
        "[a-z0-9_-]{1,8}".prop_map(|name| Attribute::Custom(CustomName::parse(&name).unwrap())),
    ]
}

fn reference() -> impl Strategy<Value = Reference> {
    prop_oneof![
        "[a-z0-9]{1,6}".prop_map(|id| Reference::Account(account(&id))),
        "[0-9]{1,6}".prop_map(|id| Reference::Employee(employee(&id))),
    ]
}

fn edits() -> impl Strategy<Value = Edits> {
    let values = (
        proptest::option::of(text()),
        proptest::option::of(text()),
        any::<bool>(),
    );
    let attributes = proptest::collection::btree_map(attribute(), values, 0..5);
    let manager = proptest::option::of((proptest::option::of("[a-z0-9]{1,6}"), proptest::option::of(reference())));
    (attributes, manager, any::<bool>()).prop_map(|(attributes, manager, login)| Edits {
        login,
        attributes: attributes
            .into_iter()
            .map(|(attribute, (before, after, manual))| Edit {
                attribute,
                before: before.map(Into::into),
                after: after.map(Into::into),
                manual,
            })
            .collect(),
        manager: manager.map(|(before, after)| ManagerEdit {
            before: before.map(|id| account(&id)),
            after,
        }),
    })
}

fn action() -> impl Strategy<Value = Action> {
    let id = || "[a-zé\"]{1,6}".prop_map(|id| account(&id));
    let evidence = prop_oneof![
        Just(Evidence::Decision),
        Just(Evidence::ExternalId),
        Just(Evidence::Identifier)
    ];
    let reason = prop_oneof![
        Just(LeaverReason::Decision),
        Just(LeaverReason::Missing),
        Just(LeaverReason::OutOfScope),
        Just(LeaverReason::Terminated)
    ];
    let group = (text(), proptest::option::of(text())).prop_map(|(name, before)| LeaveBy::Group {
        name: name.into(),
        before: before.map(Into::into),
    });
    let create = (
        proptest::collection::btree_map(attribute(), proptest::option::of(text()), 0..6),
        proptest::option::of(reference()),
        any::<bool>(),
    );
    prop_oneof![
        create.prop_map(|(attributes, manager, invite)| {
            let mut builder = AttributesBuilder::new();
            for (attribute, value) in attributes {
                builder.set(attribute, value.as_deref().into());
            }
            Action::Create {
                attributes: builder.build(),
                manager,
                invite,
                shares_address: false,
            }
        }),
        (
            id(),
            reason,
            prop_oneof![Just(LeaveBy::Deactivate), group],
            proptest::option::of(evidence.clone())
        )
            .prop_map(|(account_id, reason, by, linked_by)| Action::Leave {
                account_id,
                reason,
                by,
                linked_by
            }),
        (id(), evidence, edits(), any::<bool>()).prop_map(|(account_id, evidence, edits, is_replaced)| {
            Action::Link {
                account_id,
                evidence,
                reference: is_replaced.then(replaced),
                edits,
            }
        }),
        (id(), edits()).prop_map(|(account_id, edits)| Action::Reactivate { account_id, edits }),
        (id(), "[0-9]{1,6}", any::<bool>(), any::<bool>(), edits()).prop_map(
            |(account_id, former, reactivate, is_replaced, edits)| Action::Relink {
                account_id,
                former_id: employee(&former),
                reactivate,
                reference: is_replaced.then(replaced),
                edits,
            }
        ),
        (id(), edits()).prop_map(|(account_id, edits)| Action::Update { account_id, edits }),
    ]
}

fn replaced() -> ReferenceEdit {
    let reference = |text| ExternalId::from_target(text).unwrap();
    ReferenceEdit {
        before: reference("another \"product\""),
        after: reference("factorial:7:1"),
    }
}

proptest! {
    #[test]
    fn r21_a_line_is_canonical_json_and_reads_back_as_the_change(
        id in "[0-9a-zé\"]{1,8}", action in action(), together in proptest::option::of(1_u32..9),
    ) {
        let change = Change { employee_id: employee(&id), action, together };
        let mut line = String::new();
        push_line(&mut line, &change);
        let parsed: serde_json::Value = serde_json::from_str(&line).unwrap();
        prop_assert_eq!(serde_json_canonicalizer::to_string(&parsed).unwrap(), line.clone());
        prop_assert!(!line.contains('\n'));
        prop_assert_eq!(read_line(&line).unwrap(), change);
    }
}
