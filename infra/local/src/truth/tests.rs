//! The comparison is tested itself: each kind of difference is found, and nothing else.

use rollcall::{
    account::{Account, AccountId, ExternalId},
    employee::{Attribute, AttributesBuilder, Field},
};
use serde_json::json;

use super::*;

const CARRIED: [Carried; 3] = [
    Carried {
        to: "email",
        from: "work_email",
    },
    Carried {
        to: "mobile_phone",
        from: "mobile_phone",
    },
    Carried {
        to: "custom.size",
        from: "custom.size",
    },
];

fn people(value: Value) -> Vec<Person> {
    serde_json::from_value(value).unwrap()
}

fn two() -> Vec<Person> {
    people(json!([
        {"employee_id": "1", "status": "active", "work_email": "ana@a.example", "mobile_phone": "+34 600-1", "manager": null},
        {"employee_id": "2", "status": "active", "work_email": "bo@a.example", "mobile_phone": "6001", "custom.size": "M\u{200b}",
         "manager": "1"},
        {"employee_id": "3", "status": "active", "work_email": null, "manager": "1"},
        {"employee_id": "4", "status": "upcoming", "work_email": "di@a.example"},
        {"employee_id": "5", "status": "terminated", "work_email": "ed@a.example"}
    ]))
}

fn account(employee: &str, attributes: &[(&str, &str)]) -> Account {
    let mut builder = AttributesBuilder::new();
    for (name, value) in attributes {
        builder.set(Attribute::parse(name).unwrap(), Field::Value(value));
    }
    Account {
        id: AccountId::parse(&format!("acc-{employee}")).unwrap(),
        external_id: ExternalId::from_target(&format!("factorial:7:{employee}")),
        active: true,
        attributes: builder.build(),
        login: None,
        addresses: Box::default(),
        version: None,
    }
}

fn good() -> Vec<Account> {
    vec![
        account("1", &[("email", "ana@a.example"), ("mobile_phone", "+346001")]),
        account(
            "2",
            &[("email", "bo@a.example"), ("custom.size", "M"), ("manager", "acc-1")],
        ),
    ]
}

fn truth() -> Truth {
    let mut truth = Truth::new("factorial", "7", &CARRIED);
    let moves = truth.follow(&two());
    assert_eq!(moves.joined, BTreeSet::from(["1".to_owned(), "2".to_owned()]));
    assert_eq!((moves.moved.len(), moves.left.len()), (0, 0));
    truth
}

fn said(truth: &Truth, accounts: &[Account]) -> Vec<String> {
    let comparison = truth.compare(accounts);
    comparison.differences.iter().map(ToString::to_string).collect()
}

#[test]
fn an_equal_directory_has_no_difference_and_says_how_much_was_compared() {
    let comparison = truth().compare(&good());
    assert_eq!(comparison.differences, []);
    assert_eq!((comparison.people, comparison.values), (2, 8));
}

#[test]
fn every_kind_of_difference_is_found() {
    let truth = truth();
    assert_eq!(said(&truth, &good()[..1]), ["2: has no account"]);
    let mut extra = good();
    extra.push(account("5", &[]));
    assert_eq!(said(&truth, &extra), ["acc-5: an account that nobody should have"]);
    let mut foreign = good();
    foreign[0].external_id = ExternalId::from_target("factorial:8:1");
    let found = said(&truth, &foreign);
    assert!(found.contains(&"1: has no account".to_owned()), "{found:?}");
    let mut inactive = good();
    inactive[1].active = false;
    assert_eq!(said(&truth, &inactive), ["2: should be active"]);
    let mut twice = good();
    twice.push(account("1", &[("email", "ana@a.example"), ("mobile_phone", "+346001")]));
    assert_eq!(said(&truth, &twice), ["1: has two accounts"]);
    let mut changed = good();
    changed[1] = account(
        "2",
        &[
            ("email", "bo@b.example"),
            ("mobile_phone", "6001"),
            ("manager", "acc-9"),
        ],
    );
    assert_eq!(
        said(&truth, &changed),
        [
            "2: custom.size is not what HR says",
            "2: email is not what HR says",
            "2: manager is not who HR says",
            "2: mobile_phone is not what HR says",
        ]
    );
}

#[test]
fn leavers_keep_what_they_had_and_managers_out_of_scope_change_nothing() {
    let mut truth = truth();
    let mut next = two();
    next[0].insert("status".to_owned(), json!("terminated"));
    next[0].insert("work_email".to_owned(), json!("gone@a.example"));
    next[1].insert("work_email".to_owned(), json!("bea@a.example"));
    let moves = truth.follow(&next);
    assert_eq!(moves.left, BTreeSet::from(["1".to_owned()]));
    assert_eq!(moves.moved, BTreeSet::from(["2".to_owned()]));
    assert!(moves.joined.is_empty());
    let mut accounts = good();
    accounts[0].active = false;
    accounts[1] = account(
        "2",
        &[("email", "bea@a.example"), ("custom.size", "M"), ("manager", "acc-1")],
    );
    assert_eq!(truth.compare(&accounts).differences, []);
    assert_eq!(truth.follow(&next), Moves::default());
}
