//! Who is in scope.

use super::*;

fn condition(field: &str, test: Test) -> Condition {
    Condition {
        field: Attribute::parse(field).unwrap(),
        test,
    }
}

fn any_of(field: &str, texts: &[&str]) -> Condition {
    condition(
        field,
        Test::AnyOf(texts.iter().map(|text| (*text).to_owned()).collect()),
    )
}

fn none_of(field: &str, texts: &[&str]) -> Condition {
    condition(
        field,
        Test::NoneOf(texts.iter().map(|text| (*text).to_owned()).collect()),
    )
}

fn filtering(sync_if: Vec<Condition>) -> Configuration {
    Configuration {
        sync_if,
        ..carrying(&[])
    }
}

/// Returns `in`, `out <condition>` or `unknown <field>`.
fn judged(sync_if: Vec<Condition>, person: &Employee) -> String {
    match mapped(&filtering(sync_if), person) {
        Mapped::Desired(_) => "in".to_owned(),
        Mapped::Filtered { condition, .. } => format!("out {condition}"),
        Mapped::Unjudged { field } => format!("unknown {field}"),
        other @ (Mapped::Skipped { .. } | Mapped::Unreadable { .. }) => panic!("{other:?}"),
    }
}

#[test]
fn all_conditions_hold_and_inside_one_any_value() {
    let both = || {
        vec![
            any_of("country", &["ES", "FR"]),
            any_of("team", &["Atención al Cliente"]),
        ]
    };
    assert_eq!(
        judged(both(), &ana(&[("country", "FR"), ("team", "ATENCION al cliente")])),
        "in"
    );
    assert_eq!(
        judged(both(), &ana(&[("country", "DE"), ("team", "Atención al Cliente")])),
        "out 0"
    );
    assert_eq!(judged(both(), &ana(&[("country", "ES"), ("team", "Ventas")])), "out 1");
}

#[test]
fn each_test_has_an_answer_for_a_value_and_for_none() {
    let date = |text: &str| text.parse().unwrap();
    let table = [
        (any_of("team", &["a"]), "in", "out 0", "out 0"),
        (none_of("team", &["a"]), "out 0", "in", "in"),
        (condition("team", Test::IsSet(true)), "in", "in", "out 0"),
        (condition("team", Test::IsSet(false)), "out 0", "out 0", "in"),
    ];
    for (condition, on_a, on_b, on_empty) in table {
        for (text, expected) in [("A", on_a), ("b", on_b), ("-", on_empty)] {
            let found = judged(vec![condition.clone()], &ana(&[("team", text)]));
            assert_eq!(found, expected, "{condition:?} of {text}");
        }
    }
    let dates = [
        (Test::Before(date("2020-01-02")), "in"),
        (Test::Before(date("2020-01-01")), "out 0"),
        (Test::After(date("2019-12-31")), "in"),
        (Test::After(date("2020-01-01")), "out 0"),
    ];
    for (test, expected) in dates {
        assert_eq!(
            judged(vec![condition("start_date", test.clone())], &ana(&[])),
            expected,
            "{test:?}"
        );
        assert_eq!(judged(vec![condition("termination_date", test)], &ana(&[])), "out 0");
    }
}

#[test]
fn custom_fields_can_be_asked_for_too() {
    assert_eq!(
        judged(
            vec![any_of("custom.level", &["Senior"])],
            &ana(&[("custom.level", "senior")])
        ),
        "in"
    );
    let since = condition("custom.since", Test::After("2020-01-01".parse().unwrap()));
    assert_eq!(
        judged(vec![since.clone()], &ana(&[("custom.since", "2021-05-05")])),
        "in"
    );
    assert_eq!(
        judged(vec![since], &ana(&[("custom.since", "soon")])),
        "unknown custom.since"
    );
    assert_eq!(judged(vec![any_of("employee_id", &["42"])], &ana(&[])), "in");
}

#[test]
fn r07_a_field_that_was_not_seen_leaves_a_person_neither_in_nor_out() {
    let tests = [
        any_of("country", &["ES"]),
        none_of("country", &["ES"]),
        condition("country", Test::IsSet(true)),
        condition("country", Test::IsSet(false)),
    ];
    for condition in tests {
        assert_eq!(
            judged(vec![condition.clone()], &ana(&[])),
            "unknown country",
            "{condition:?}"
        );
        assert_eq!(
            judged(vec![condition.clone()], &ana(&[("country", "Spain")])),
            "unknown country",
            "{condition:?}"
        );
    }
}

#[test]
fn a_condition_that_fails_outweighs_one_that_cannot_be_judged() {
    let conditions = || {
        vec![
            any_of("country", &["ES"]),
            any_of("team", &["Sales"]),
            any_of("city", &["Vic"]),
        ]
    };
    assert_eq!(judged(conditions(), &ana(&[("team", "Ops")])), "out 1");
    assert_eq!(judged(conditions(), &ana(&[("team", "Sales")])), "unknown country");
}

#[test]
fn the_status_in_a_condition_is_judged_and_not_the_providers_word() {
    let active = || vec![any_of("employment_status", &["active"])];
    let with = |fields: &[(&str, &str)]| employee(&[&[("work_email", "ana@example.com")], fields].concat());
    let gone = with(&[("employment_status", "active"), ("termination_date", "2026-02-28")]);
    assert_eq!(judged(active(), &gone), "out 0");
    assert_eq!(judged(vec![any_of("employment_status", &["terminated"])], &gone), "in");
    let planned = with(&[
        ("employment_status", "active"),
        ("start_date", "2026-04-01"),
        ("termination_date", "-"),
    ]);
    assert_eq!(judged(active(), &planned), "out 0");
    let still_here = with(&[("employment_status", "terminated"), ("termination_date", "2026-03-31")]);
    assert_eq!(judged(active(), &still_here), "in");
    assert_eq!(judged(active(), &with(&[])), "unknown employment_status");
    assert_eq!(
        judged(active(), &with(&[("start_date", "2020-01-01")])),
        "unknown employment_status"
    );
}

#[test]
fn r17_who_is_about_to_start_counts_as_active_for_as_long_as_joiners_come_early() {
    let mut configuration = filtering(vec![any_of("employment_status", &["active"])]);
    configuration.joiners.days_before_start = 7;
    let person = employee(&[
        ("work_email", "ana@example.com"),
        ("start_date", "2026-03-17"),
        ("termination_date", "-"),
        ("time_zone", "Pacific/Auckland"),
    ]);
    let is_in = |configuration: &Configuration, now: &str| {
        let mapped = Mapper::new(configuration).unwrap().map_employee(&person, at(now));
        matches!(mapped, Mapped::Desired(_))
    };
    assert!(!is_in(&configuration, "2026-03-09T10:59:59Z"));
    assert!(is_in(&configuration, "2026-03-09T11:00:00Z"));
    configuration.sync_if = vec![none_of("employment_status", &["upcoming"])];
    assert!(!is_in(&configuration, "2026-03-09T11:00:00Z"));
    configuration.sync_if = vec![any_of("employment_status", &["upcoming"])];
    assert!(is_in(&configuration, "2026-03-01T00:00:00Z"));
}

#[test]
fn the_scope_is_judged_before_what_is_required() {
    let configuration = filtering(vec![any_of("country", &["ES"])]);
    assert!(matches!(
        mapped(&configuration, &employee(&[("country", "FR")])),
        Mapped::Filtered { .. }
    ));
    assert!(matches!(
        mapped(&configuration, &employee(&[("country", "ES")])),
        Mapped::Skipped { .. }
    ));
}

#[test]
fn r35_of_people_outside_the_scope_only_the_condition_is_kept() {
    let configuration = filtering(vec![any_of("team", &["Sales"]), any_of("country", &["ES"])]);
    let out = mapped(&configuration, &ana(&[("team", "Sales"), ("country", "FR")]));
    assert_eq!(
        out,
        Mapped::Filtered {
            condition: 1,
            field: Canonical::Country.into()
        }
    );
}

#[test]
fn r34_a_forbidden_field_is_not_looked_at_without_an_exception() {
    let religion = || vec![any_of("custom.religion", &["none"])];
    let person = ana(&[("custom.religion", "canary")]);
    assert_eq!(judged(religion(), &person), "unknown custom.religion");
    let mut configuration = filtering(religion());
    configuration.exceptions = vec![Exception {
        category: Category::Religion,
        reason: "a church's own staff".to_owned(),
        by: "admin-1".to_owned(),
        at: at(NOW),
    }];
    assert!(matches!(
        mapped(&configuration, &person),
        Mapped::Filtered { condition: 0, .. }
    ));
}
