//! Forbidden categories in a configuration, and the exceptions from them (R34).

use super::*;

#[test]
fn r34_bank_details_need_an_exception_with_a_reason() {
    assert_eq!(pointers(r#"{"attributes": ["bank_details"]}"#), ["/attributes/0"]);
    let with_exception = r#"{"attributes": ["bank_details"],
        "exceptions": [{"category": "bank_details", "reason": "expenses are paid out"}]}"#;
    let configuration = read_text(with_exception).unwrap();
    assert!(configuration.attributes.contains(&Canonical::BankDetails));
    assert_eq!(
        configuration.exceptions,
        [Exception {
            category: Category::BankDetails,
            reason: "expenses are paid out".to_owned(),
            by: "admin-1".to_owned(),
            at: "2026-03-01T08:00:00Z".parse().unwrap(),
        }]
    );
    assert_eq!(
        pointers(&with_exception.replace("expenses are paid out", " ")),
        ["/attributes/0", "/exceptions/0/reason"]
    );
}

#[test]
fn r34_a_custom_field_whose_name_or_label_looks_forbidden_is_off_until_confirmed() {
    let labels = BTreeMap::from([(custom("field_17"), "Grupo sanguíneo".to_owned())]);
    let submission = Submission {
        labels: &labels,
        ..submission(Preset::Standard)
    };
    let read = |json: &str| parse(json.as_bytes(), &submission).map_err(pairs);
    let everywhere = r#"{
        "custom_attributes": [{"from": "custom.field_17", "to": "a"}, {"from": "custom.sindicato", "to": "b"}],
        "sync_if": [{"field": "custom.field_17", "is_set": true}],
        "values": [{"attribute": "custom.field_17", "map": {"0-": "rare"}}],
        "groups": {"from": "custom.field_17"}
    "#;
    let faults = read(&format!("{everywhere}}}")).unwrap_err();
    assert_eq!(
        faults.iter().map(|(pointer, _)| pointer.as_str()).collect::<Vec<_>>(),
        [
            "/custom_attributes/0/from",
            "/custom_attributes/1/from",
            "/groups/from",
            "/sync_if/0/field",
            "/values/0/attribute",
        ]
    );
    assert!(faults[0].1.contains("`health`") && faults[1].1.contains("`trade_union`"));
    let allowed = r#", "exceptions": [{"category": "health", "reason": "first aid"},
                                      {"category": "trade_union", "reason": "dues"}]}"#;
    assert!(read(&format!("{everywhere}{allowed}")).is_ok());
}

#[test]
fn r34_who_allowed_an_exception_and_when_is_not_the_callers_to_say() {
    let json = |by: &str| {
        format!(
            r#"{{"exceptions": [{{"category": "health", "reason": "first aid", "by": "{by}", "at": "2026-03-01T08:00:00Z"}}]}}"#
        )
    };
    assert_eq!(pointers(&json("admin-9")), ["/exceptions/0/by"]);
    let first = read_text(&json("admin-1")).unwrap();
    let later = Submission {
        previous: Some(&first),
        by: "admin-2",
        at: "2026-04-01T08:00:00Z".parse().unwrap(),
        ..submission(Preset::Standard)
    };
    let again = parse(json("admin-1").as_bytes(), &later).unwrap();
    assert_eq!(again.exceptions, first.exceptions);
    let changed = json("admin-2")
        .replace("first aid", "first response")
        .replace(r#", "at": "2026-03-01T08:00:00Z""#, "");
    let changed = parse(changed.as_bytes(), &later).unwrap();
    assert_eq!(changed.exceptions[0].by, "admin-2");
    assert_eq!(changed.exceptions[0].at, later.at);
    let twice = r#"{"exceptions": [{"category": "health", "reason": "a"}, {"category": "health", "reason": "b"}]}"#;
    assert_eq!(pointers(twice), ["/exceptions/1"]);
}
