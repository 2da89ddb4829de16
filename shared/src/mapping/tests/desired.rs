//! The account that HR wants.

use super::*;

#[test]
fn an_account_has_email_identifier_names_and_what_was_chosen() {
    let configuration = carrying(&[Canonical::Team, Canonical::Manager]);
    let person = ana(&[
        ("team", "Sales"),
        ("manager", "7"),
        ("pay_rate", "30000"),
        ("custom.size", "M"),
    ]);
    let desired = desired(&configuration, &person);
    assert_eq!(
        shown(&desired.attributes),
        "display_name=Ana Ruiz email=ana@example.com first_name=Ana last_name=Ruiz team=Sales work_email=ana@example.com"
    );
    assert_eq!(desired.manager, Field::Value(EmployeeId::parse("7").unwrap()));
    assert!(desired.warnings.is_empty());
}

#[test]
fn everything_written_is_managed() {
    for preset in Preset::ALL {
        let mut configuration = preset.configuration();
        configuration.custom_attributes = vec![CustomAttribute {
            from: custom("a"),
            to: custom("b"),
        }];
        configuration.sync_if.clear();
        let all: Vec<(&str, &str)> = Canonical::ALL
            .iter()
            .filter(|name| !matches!(name, Canonical::Email | Canonical::Group))
            .map(|name| (name.name(), "-"))
            .chain([("custom.a", "-")])
            .collect();
        configuration.require.clear();
        let desired = desired(&configuration, &employee(&all));
        let written: BTreeSet<Attribute> = desired
            .attributes
            .view()
            .iter()
            .filter_map(|entry| entry.attribute.to_owned())
            .collect();
        let mut managed: BTreeSet<Attribute> = configuration.managed().into_iter().collect();
        let has_manager = managed.remove(&Canonical::Manager.into());
        assert_eq!(written, managed, "{}", preset.name());
        assert_eq!(desired.manager == Field::Empty, has_manager, "{}", preset.name());
    }
}

#[test]
fn r07_only_what_was_seen_to_be_empty_is_cleared() {
    let configuration = carrying(&[
        Canonical::Team,
        Canonical::City,
        Canonical::MobilePhone,
        Canonical::Manager,
    ]);
    let desired = desired(&configuration, &ana(&[("team", "-"), ("mobile_phone", "600 123 456")]));
    let team = desired.attributes.field(Canonical::Team);
    assert_eq!(team, Field::Empty);
    assert!(!shown(&desired.attributes).contains("city"));
    assert!(!shown(&desired.attributes).contains("mobile_phone"));
    assert_eq!(desired.manager, Field::Unseen);
    assert_eq!(warnings(&desired), ["mobile_phone cannot be read and is left as it is"]);
}

#[test]
fn r07_a_name_that_is_not_seen_any_more_does_not_shorten_the_name_to_show() {
    let configuration = carrying(&[]);
    let without_family = employee(&[("first_name", "Ana"), ("work_email", "ana@example.com")]);
    assert_eq!(
        shown(&desired(&configuration, &without_family).attributes),
        "email=ana@example.com first_name=Ana work_email=ana@example.com"
    );
    let mononym = employee(&[
        ("first_name", "Ana"),
        ("last_name", "-"),
        ("work_email", "ana@example.com"),
    ]);
    let name = |person: &Employee| {
        let desired = desired(&configuration, person);
        desired.attributes.value(Canonical::DisplayName).map(str::to_owned)
    };
    assert_eq!(name(&mononym).as_deref(), Some("Ana"));
    assert_eq!(name(&ana(&[("known_as", "Anita")])).as_deref(), Some("Anita Ruiz"));
    assert_eq!(name(&ana(&[("display_name", "A. Ruiz")])).as_deref(), Some("A. Ruiz"));
}

#[test]
fn an_invalid_email_is_warned_of_once_and_holds_nothing_else_back() {
    let configuration = Configuration {
        require: BTreeSet::new(),
        ..carrying(&[])
    };
    let person = employee(&[("first_name", "Ana"), ("last_name", "Ruiz"), ("work_email", "ana@")]);
    let desired = desired(&configuration, &person);
    assert_eq!(
        shown(&desired.attributes),
        "display_name=Ana Ruiz first_name=Ana last_name=Ruiz"
    );
    assert_eq!(warnings(&desired), ["work_email cannot be read and is left as it is"]);
}

#[test]
fn the_email_comes_from_where_the_configuration_says() {
    let configuration = Configuration {
        email: Canonical::PersonalEmail,
        ..carrying(&[])
    };
    let desired = desired(&configuration, &ana(&[("personal_email", "Ana@Home.example")]));
    assert_eq!(desired.attributes.value(Canonical::Email), Some("ana@home.example"));
    assert_eq!(desired.attributes.value(Canonical::WorkEmail), Some("ana@example.com"));
    assert_eq!(desired.attributes.field(Canonical::PersonalEmail), Field::Unseen);
}

#[test]
fn the_first_name_of_expense_users_is_what_they_are_known_as() {
    let configuration = Preset::ExpenseUsers.configuration();
    let person = ana(&[("known_as", "Anita"), ("employee_number", "007"), ("department", "R&D")]);
    assert_eq!(
        shown(&desired(&configuration, &person).attributes),
        "department=R&D display_name=Anita Ruiz email=ana@example.com employee_number=007 first_name=Anita \
         known_as=Anita last_name=Ruiz"
    );
    let not_required = Configuration {
        require: BTreeSet::new(),
        ..configuration
    };
    let first_name = |person: &Employee| {
        let desired = desired(&not_required, person);
        desired.attributes.value(Canonical::FirstName).map(str::to_owned)
    };
    assert_eq!(first_name(&ana(&[("known_as", "-")])).as_deref(), Some("Ana"));
    assert_eq!(first_name(&ana(&[])), None);
}

#[test]
fn words_are_replaced_wherever_they_are_written_but_not_in_conditions() {
    let configuration = Configuration {
        groups: Some(Canonical::Department.into()),
        values: vec![ValueMap {
            attribute: Canonical::Department.into(),
            map: BTreeMap::from([("I+D".to_owned(), "Engineering".to_owned())]),
        }],
        sync_if: vec![Condition {
            field: Canonical::Department.into(),
            test: Test::AnyOf(vec!["I+D".to_owned(), "Ventas".to_owned()]),
        }],
        ..carrying(&[Canonical::Department])
    };
    let department = |text: &str| {
        let desired = desired(&configuration, &ana(&[("department", text)]));
        let value = |name| desired.attributes.value(name).map(str::to_owned);
        (value(Canonical::Department), value(Canonical::Group))
    };
    let both = |text: &str| (Some(text.to_owned()), Some(text.to_owned()));
    assert_eq!(department("i+d"), both("Engineering"));
    assert_eq!(department("Ventas"), both("Ventas"));
    assert!(matches!(
        mapped(&configuration, &ana(&[("department", "Engineering")])),
        Mapped::Filtered { condition: 0, .. }
    ));
}

#[test]
fn a_custom_field_becomes_the_custom_attribute_it_was_given_to() {
    let configuration = Configuration {
        custom_attributes: vec![
            CustomAttribute {
                from: custom("talla"),
                to: custom("t_shirt_size"),
            },
            CustomAttribute {
                from: custom("zeta"),
                to: custom("a"),
            },
        ],
        ..carrying(&[])
    };
    let person = ana(&[("custom.talla", "M"), ("custom.zeta", "-"), ("custom.other", "x")]);
    assert!(shown(&desired(&configuration, &person).attributes).ends_with("custom.a=- custom.t_shirt_size=M"));
}

#[test]
fn a_value_that_the_target_does_not_have_is_named_and_holds_nothing_else_back() {
    let configuration = Preset::ExpenseUsers.configuration();
    let departments = ["Sales".to_owned(), "Finance".to_owned()];
    let mut mapper = Mapper::new(&configuration)
        .unwrap()
        .with_existing(&Canonical::Department.into(), departments);
    let mut of = |department: &str| {
        let more = [
            ("known_as", "Anita"),
            ("employee_number", "007"),
            ("department", department),
        ];
        let Mapped::Desired(desired) = mapper.map_employee(&ana(&more), at(NOW)) else {
            panic!("not desired");
        };
        desired
    };
    assert_eq!(of("Sales").attributes.value(Canonical::Department), Some("Sales"));
    assert_eq!(of("-").attributes.field(Canonical::Department), Field::Empty);
    let unknown = of("sales");
    assert_eq!(unknown.attributes.field(Canonical::Department), Field::Unseen);
    assert_eq!(unknown.attributes.value(Canonical::LastName), Some("Ruiz"));
    assert_eq!(warnings(&unknown), ["department “sales” does not exist in the target"]);
    assert_eq!(format!("{:?}", unknown.warnings), "[unknown_value(department)]");
}

#[test]
fn r12_who_lacks_something_required_is_skipped_with_what_is_missing() {
    let configuration = Preset::ExpenseUsers.configuration();
    let person = employee(&[("known_as", "-"), ("last_name", "Ruiz"), ("work_email", "ana@")]);
    assert_eq!(
        mapped(&configuration, &person),
        Mapped::Skipped {
            missing: vec![Canonical::EmployeeNumber, Canonical::KnownAs]
        }
    );
    let known = [("employee_number", "7"), ("known_as", "Ana"), ("last_name", "Ruiz")];
    let person = employee(&[&known[..], &[("work_email", "ana@")]].concat());
    let Mapped::Unreadable { invalid, desired } = mapped(&configuration, &person) else {
        panic!("what cannot be read is not missing");
    };
    assert_eq!(invalid, [Canonical::WorkEmail]);
    assert_eq!(desired.attributes.value(Canonical::LastName), Some("Ruiz"));
    assert_eq!(desired.attributes.field(Canonical::Email), Field::Unseen);
}

#[test]
fn r12_replaced_words_do_not_decide_who_leaves() {
    let mut configuration = Preset::Users.configuration();
    configuration.leavers.terminated = LeaverPolicy::Deactivate;
    configuration.values = vec![ValueMap {
        attribute: Canonical::EmploymentStatus.into(),
        map: BTreeMap::from([("active".to_owned(), "Working".to_owned())]),
    }];
    configuration.attributes.insert(Canonical::EmploymentStatus);
    let desired = desired(&configuration, &ana(&[]));
    assert_eq!(desired.attributes.value(Canonical::EmploymentStatus), Some("Working"));
}

#[test]
fn r14_the_status_that_is_written_is_judged_in_the_persons_own_zone() {
    let configuration = carrying(&[Canonical::EmploymentStatus]);
    let person = employee(&[
        ("work_email", "ana@example.com"),
        ("employment_status", "active"),
        ("termination_date", "2026-03-31"),
        ("time_zone", "Pacific/Kiritimati"),
    ]);
    let status = |configuration: &Configuration, now: &str| {
        let mapped = Mapper::new(configuration).unwrap().map_employee(&person, at(now));
        let Mapped::Desired(desired) = mapped else {
            panic!("{mapped:?}");
        };
        desired.attributes.value(Canonical::EmploymentStatus).map(str::to_owned)
    };
    assert_eq!(
        status(&configuration, "2026-03-31T09:59:59Z").as_deref(),
        Some("active")
    );
    assert_eq!(
        status(&configuration, "2026-03-31T10:00:00Z").as_deref(),
        Some("terminated")
    );
    let mut at_start = configuration;
    at_start.leavers.effective = LastDay::StartOfLastDay;
    assert_eq!(status(&at_start, "2026-03-31T09:59:59Z").as_deref(), Some("terminated"));
}

#[test]
fn r07_a_status_of_which_nothing_was_seen_is_not_made_up() {
    let configuration = carrying(&[Canonical::EmploymentStatus]);
    let person = employee(&[("work_email", "ana@example.com"), ("start_date", "2020-01-01")]);
    assert_eq!(
        desired(&configuration, &person)
            .attributes
            .field(Canonical::EmploymentStatus),
        Field::Unseen
    );
}

#[test]
fn r18_changing_the_identifier_changes_no_value_but_adds_the_new_one() {
    let by_email = carrying(&[]);
    let by_number = Configuration {
        identifier: crate::connection::Identifier::EmployeeNumber,
        ..by_email.clone()
    };
    let person = ana(&[("employee_number", "007")]);
    let before = desired(&by_email, &person).attributes;
    let after = desired(&by_number, &person).attributes;
    assert_eq!(after.value(Canonical::EmployeeNumber), Some("007"));
    for entry in before.view() {
        let kept = after.view().field(entry.attribute);
        let expected = if entry.attribute == Attribute::from(Canonical::WorkEmail).as_ref() {
            Field::Unseen
        } else {
            entry.field
        };
        assert_eq!(kept, expected, "{}", entry.attribute);
    }
}

#[test]
fn r34_what_is_forbidden_is_written_only_under_an_exception() {
    let mut configuration = Configuration {
        custom_attributes: vec![
            CustomAttribute {
                from: custom("religion"),
                to: custom("field_1"),
            },
            CustomAttribute {
                from: custom("field_17"),
                to: custom("field_2"),
            },
        ],
        sync_if: Vec::new(),
        ..carrying(&[Canonical::BankDetails])
    };
    let labels = BTreeMap::from([(custom("field_17"), "Blood type".to_owned())]);
    let person = ana(&[
        ("custom.religion", "canary-1"),
        ("custom.field_17", "canary-2"),
        ("bank_details", "canary-3"),
    ]);
    let map = |configuration: &Configuration| {
        let mut mapper = Mapper::with_labels(configuration, &labels).unwrap();
        let forbidden: Vec<String> = mapper
            .forbidden()
            .iter()
            .map(|(name, category)| format!("{name}: {category}"))
            .collect();
        let Mapped::Desired(desired) = mapper.map_employee(&person, at(NOW)) else {
            panic!("not desired");
        };
        (shown(&desired.attributes), forbidden)
    };
    let (written, forbidden) = map(&configuration);
    assert!(!written.contains("canary"), "{written}");
    assert_eq!(
        forbidden,
        [
            "bank_details: bank_details",
            "custom.field_1: religion",
            "custom.field_2: health"
        ]
    );
    configuration.exceptions = vec![Exception {
        category: Category::Health,
        reason: "first aid".to_owned(),
        by: "admin-1".to_owned(),
        at: at(NOW),
    }];
    let (written, forbidden) = map(&configuration);
    assert!(
        written.ends_with("work_email=ana@example.com custom.field_2=canary-2"),
        "{written}"
    );
    assert_eq!(forbidden.len(), 2);
}

#[test]
fn r38_what_was_mapped_shows_names_of_attributes_only() {
    let configuration = carrying(&[Canonical::Team]);
    let shown = format!("{:?}", mapped(&configuration, &ana(&[("team", "Sales")])));
    assert!(shown.contains("team") && shown.contains("email"));
    assert!(
        !shown.contains("ana@") && !shown.contains("Ruiz") && !shown.contains("Sales"),
        "{shown}"
    );
}

#[test]
fn a_fallback_zone_that_is_none_is_refused() {
    let configuration = Configuration {
        fallback_time_zone: "Europe/Nowhere".to_owned(),
        ..carrying(&[])
    };
    assert_eq!(Mapper::new(&configuration).unwrap_err(), Error::TimeZone);
}
