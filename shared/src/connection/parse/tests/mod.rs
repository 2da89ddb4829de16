//! What callers may send, and which faults they are told.

mod forbidden;
mod preset;
mod property;

use std::collections::BTreeSet;

use super::*;
use crate::{
    connection::{
        ApplyMode, Condition, CustomAttribute, Exception, FirstLink, LeaverPolicy, RehirePolicy, Test, ValueMap,
    },
    employee::{Attribute, Category, LastDay},
};

/// All members that there are, with a value of each kind.
const EVERYTHING: &str = r#"{
  "identifier": "work_email",
  "email": "work_email",
  "first_name": "first_name",
  "attributes": ["manager", "mobile_phone", "pay_rate"],
  "custom_attributes": [{"from": "custom.t_shirt_size", "to": "t_shirt_size"}],
  "values": [{"attribute": "department", "map": {"R&D": "Engineering"}}],
  "must_exist": ["department"],
  "sync_if": [
    {"field": "employment_status", "any_of": ["active"]},
    {"field": "country", "any_of": ["ES", "FR"]}
  ],
  "require": ["work_email"],
  "first_link": ["external_id", "identifier"],
  "create_unless_taken": ["work_email", "employee_number"],
  "create_former": false,
  "groups": {"from": "department"},
  "leavers": {"terminated": "deactivate", "missing": "wait", "out_of_scope": "ignore", "effective": "end_of_last_day"},
  "joiners": {"days_before_start": 0, "invite": false},
  "rehires": "reactivate",
  "exceptions": [],
  "protected": [],
  "apply": "approve",
  "limits": {"leavers": {"count": 3, "percent": 5, "most": 50}, "joiners": {"percent": 50},
             "cleared_values": {"percent": 20}, "headcount_drop": {"count": 3, "percent": 10},
             "coverage_drop": {"percent": 20}},
  "daily": true,
  "fallback_time_zone": "Europe/London"
}"#;

const NO_LABELS: &BTreeMap<CustomName, String> = &BTreeMap::new();

fn submission(preset: Preset) -> Submission<'static> {
    Submission {
        preset,
        version: 1,
        previous: None,
        labels: NO_LABELS,
        by: "admin-1",
        at: "2026-03-01T08:00:00Z".parse().unwrap(),
    }
}

fn read_text(json: &str) -> Result<Configuration, Vec<(String, String)>> {
    parse(json.as_bytes(), &submission(Preset::Standard)).map_err(pairs)
}

fn pairs(faults: Vec<Invalid>) -> Vec<(String, String)> {
    faults.into_iter().map(|fault| (fault.pointer, fault.detail)).collect()
}

fn pointers(json: &str) -> Vec<String> {
    read_text(json)
        .unwrap_err()
        .into_iter()
        .map(|(pointer, _)| pointer)
        .collect()
}

fn custom(name: &str) -> CustomName {
    CustomName::parse(name).unwrap()
}

#[test]
fn every_documented_member_is_taken() {
    let configuration = read_text(EVERYTHING).unwrap();
    let standard = Preset::Standard.configuration();
    assert_eq!(
        configuration,
        Configuration {
            custom_attributes: vec![CustomAttribute {
                from: custom("t_shirt_size"),
                to: custom("t_shirt_size"),
            }],
            values: vec![ValueMap {
                attribute: Canonical::Department.into(),
                map: BTreeMap::from([("R&D".to_owned(), "Engineering".to_owned())]),
            }],
            must_exist: BTreeSet::from([Canonical::Department.into()]),
            sync_if: vec![
                Condition {
                    field: Canonical::EmploymentStatus.into(),
                    test: Test::AnyOf(vec!["active".to_owned()]),
                },
                Condition {
                    field: Canonical::Country.into(),
                    test: Test::AnyOf(vec!["ES".to_owned(), "FR".to_owned()]),
                },
            ],
            ..standard
        }
    );
}

#[test]
fn what_is_left_out_comes_from_the_preset() {
    for preset in Preset::ALL {
        let sent = parse(b"{}", &submission(*preset)).unwrap();
        assert_eq!(sent, preset.configuration(), "{}", preset.name());
    }
    let configuration =
        read_text(r#"{"limits": {"leavers": {"most": 7}}, "leavers": {"missing": "group:Gone"}}"#).unwrap();
    let standard = Preset::Standard.configuration();
    assert_eq!(configuration.limits.leavers.most, 7);
    assert_eq!(configuration.limits.leavers.percent, standard.limits.leavers.percent);
    assert_eq!(configuration.leavers.missing, LeaverPolicy::Group("Gone".to_owned()));
    assert_eq!(configuration.leavers.terminated, LeaverPolicy::Deactivate);
}

#[test]
fn all_faults_are_reported_each_with_its_place() {
    let faults = read_text(
        r#"{
            "identifer": "work_email",
            "email": "job_title",
            "attributes": ["manager", "shoe_size", 7],
            "sync_if": [{"field": "country", "any_of": ["Spain"]}, {"field": "team", "before": "2026-01-01"}],
            "leavers": {"terminated": "delete", "gone": "wait"},
            "limits": {"leavers": {"percent": 101}, "joiners": 5},
            "joiners": {"days_before_start": -1},
            "daily": "yes",
            "apply": "never",
            "fallback_time_zone": "London",
            "a/b~c": 1
        }"#,
    )
    .unwrap_err();
    let expected = [
        ("/apply", "expected one of approve, automatic"),
        ("/attributes/1", "expected a canonical attribute"),
        ("/attributes/2", "expected a text"),
        ("/a~1b~0c", "unknown member; known are"),
        ("/daily", "expected true or false"),
        ("/email", "expected one of work_email, personal_email"),
        ("/fallback_time_zone", "expected an IANA time zone"),
        ("/identifer", "unknown member; known are"),
        ("/joiners/days_before_start", "expected a whole number from 0 to 365"),
        (
            "/leavers/gone",
            "unknown member; known are terminated, missing, out_of_scope, effective",
        ),
        (
            "/leavers/terminated",
            "expected `deactivate`, `ignore`, `wait` or `group:<name>`",
        ),
        ("/limits/joiners", "expected an object"),
        ("/limits/leavers/percent", "expected a whole number from 0 to 100"),
        ("/sync_if/0/any_of/0", "country expects an ISO 3166-1 code"),
        ("/sync_if/1/before", "compares dates; the field holds none"),
    ];
    assert_eq!(faults.len(), expected.len(), "{faults:#?}");
    for ((pointer, detail), (expected_pointer, expected_detail)) in faults.iter().zip(expected) {
        assert_eq!(pointer, expected_pointer);
        assert!(detail.starts_with(expected_detail), "{pointer}: {detail}");
    }
}

#[test]
fn what_is_no_json_object_is_one_fault() {
    assert_eq!(pointers("[]"), [""]);
    assert_eq!(
        read_text("{\"daily\": tru}").unwrap_err(),
        [(String::new(), "not JSON, at line 1 column 14".to_owned())]
    );
}

#[test]
fn r38_a_fault_never_repeats_a_value() {
    let canary = "canary@example.com";
    let json = EVERYTHING
        .replace("\"work_email\"", &format!("\"{canary}\""))
        .replace("\"ES\"", &format!("\"{canary}\""))
        .replace("\"reactivate\"", &format!("\"{canary}\""))
        .replace("\"deactivate\"", &format!("\"{canary}\""))
        .replace("Europe/London", canary);
    let faults = read_text(&json).unwrap_err();
    assert!(faults.len() > 5);
    assert!(!format!("{faults:?}").contains("canary"), "{faults:#?}");
}

#[test]
fn a_custom_field_cannot_be_the_identifier() {
    assert_eq!(
        read_text(r#"{"identifier": "custom.badge"}"#).unwrap_err(),
        [(
            "/identifier".to_owned(),
            "a custom field cannot be the identifier".to_owned()
        )]
    );
}

#[test]
fn the_identifier_is_always_required_unless_everybody_has_it() {
    let require = |json: &str| read_text(json).unwrap().require;
    assert_eq!(
        require(r#"{"identifier": "employee_number", "require": []}"#),
        BTreeSet::from([Canonical::EmployeeNumber])
    );
    assert_eq!(
        require(r#"{"identifier": "employee_id", "require": []}"#),
        BTreeSet::new()
    );
}

#[test]
fn a_custom_attribute_has_a_name_of_its_own() {
    let faults = read_text(
        r#"{"custom_attributes": [
            {"from": "custom.a", "to": "size"}, {"from": "custom.b", "to": "size"},
            {"from": "custom.c", "to": "team"}, {"from": "team", "to": "c"},
            {"from": "custom.D", "to": "custom.d"}, {"from": "custom.e"}, {"from": "custom.f", "to": "f", "label": ""}
        ]}"#,
    )
    .unwrap_err();
    let places: Vec<&str> = faults.iter().map(|(pointer, _)| pointer.as_str()).collect();
    assert_eq!(
        places,
        [
            "/custom_attributes/1/to",
            "/custom_attributes/2/to",
            "/custom_attributes/3/from",
            "/custom_attributes/4/from",
            "/custom_attributes/4/to",
            "/custom_attributes/5/to",
            "/custom_attributes/6/label",
        ]
    );
    assert_eq!(faults[1].1, "is the name of a canonical attribute");
}

#[test]
fn a_condition_has_one_test_that_fits_its_field() {
    let fault = |condition: &str| pointers(&format!(r#"{{"sync_if": [{condition}]}}"#));
    assert_eq!(fault(r#"{"field": "team"}"#), ["/sync_if/0"]);
    assert_eq!(
        fault(r#"{"field": "team", "any_of": ["a"], "is_set": true}"#),
        ["/sync_if/0"]
    );
    assert_eq!(fault(r#"{"field": "team", "any_of": []}"#), ["/sync_if/0/any_of"]);
    assert_eq!(fault(r#"{"field": "team", "any_of": "a"}"#), ["/sync_if/0/any_of"]);
    assert_eq!(fault(r#"{"any_of": ["a"]}"#), ["/sync_if/0/field"]);
    assert_eq!(fault(r#"{"field": "email", "is_set": true}"#), ["/sync_if/0/field"]);
    assert_eq!(
        fault(r#"{"field": "employment_status", "any_of": ["on leave"]}"#),
        ["/sync_if/0/any_of/0"]
    );
    assert_eq!(
        fault(r#"{"field": "start_date", "after": "01/02/2026"}"#),
        ["/sync_if/0/after"]
    );
    let kept = read_text(
        r#"{"sync_if": [{"field": "country", "any_of": ["es"]}, {"field": "custom.level", "none_of": [" A "]},
                        {"field": "start_date", "after": "2020-01-01"}, {"field": "team", "is_set": false}]}"#,
    );
    assert_eq!(
        kept.unwrap()
            .sync_if
            .into_iter()
            .map(|condition| condition.test)
            .collect::<Vec<_>>(),
        [
            Test::AnyOf(vec!["ES".to_owned()]),
            Test::NoneOf(vec!["A".to_owned()]),
            Test::After("2020-01-01".parse().unwrap()),
            Test::IsSet(false),
        ]
    );
}

#[test]
fn words_that_tell_people_apart_are_not_replaced() {
    for attribute in [
        "work_email",
        "personal_email",
        "employee_id",
        "employee_number",
        "manager",
    ] {
        let json = format!(r#"{{"values": [{{"attribute": "{attribute}", "map": {{"1": "2"}}}}]}}"#);
        assert_eq!(pointers(&json), ["/values/0/attribute"], "{attribute}");
    }
    assert_eq!(
        pointers(
            r#"{"values": [{"attribute": "team", "map": {"Ventas": "Sales", "VENTAS": "Sold"}},
                           {"attribute": "team", "map": {}}, {"attribute": "country", "map": {"ES": "Spain", "FR": ""}}]}"#
        ),
        [
            "/values/0/map/Ventas",
            "/values/1/attribute",
            "/values/2/map/ES",
            "/values/2/map/FR"
        ]
    );
}

#[test]
fn a_group_is_something_that_people_share() {
    for from in ["work_email", "manager", "last_name", "pay_rate", "group"] {
        let json = format!(r#"{{"groups": {{"from": "{from}"}}}}"#);
        assert_eq!(pointers(&json), ["/groups/from"], "{from}");
    }
    assert_eq!(read_text(r#"{"groups": null}"#).unwrap().groups, None);
    assert_eq!(
        pointers(r#"{"groups": null, "attributes": ["group"]}"#),
        ["/attributes/0"]
    );
    assert!(read_text(r#"{"attributes": ["group", "email"]}"#).is_ok());
}

#[test]
fn r13_a_leavers_group_needs_to_know_which_group_people_have_who_come_back() {
    let leavers = r#""leavers": {"terminated": "group:Alumni", "missing": "wait", "out_of_scope": "group:Out"}"#;
    assert_eq!(
        pointers(&format!(r#"{{"groups": null, {leavers}}}"#)),
        ["/leavers/out_of_scope", "/leavers/terminated"]
    );
    assert!(read_text(&format!("{{{leavers}}}")).is_ok());
    let users = |json: &str| parse(json.as_bytes(), &submission(Preset::Users));
    assert!(users(&format!("{{{leavers}}}")).is_err());
    assert!(users(&format!(r#"{{"groups": {{"from": "team"}}, {leavers}}}"#)).is_ok());
}

#[test]
fn the_identifier_may_stand_in_first_link_under_its_own_name() {
    let configuration = read_text(r#"{"identifier": "employee_number", "first_link": ["employee_number"]}"#).unwrap();
    assert_eq!(configuration.first_link, [FirstLink::Identifier]);
    assert_eq!(
        pointers(r#"{"first_link": ["work_email", "identifier"]}"#),
        ["/first_link/1"]
    );
    assert_eq!(pointers(r#"{"first_link": ["employee_number"]}"#), ["/first_link/0"]);
}

#[test]
fn r19_a_protected_account_is_named_by_its_id() {
    assert_eq!(
        read_text(r#"{"protected": ["b", "a"]}"#).unwrap().protected,
        BTreeSet::from(["a".to_owned(), "b".to_owned()])
    );
    assert_eq!(pointers(r#"{"protected": ["", 7]}"#), ["/protected/0", "/protected/1"]);
}
