//! What holds for every configuration.

use proptest::prelude::*;

use super::*;

fn any_attributes() -> impl Strategy<Value = BTreeSet<Canonical>> {
    let employee: Vec<Canonical> = Canonical::ALL
        .iter()
        .copied()
        .filter(|name| !matches!(name, Canonical::Email | Canonical::Group | Canonical::BankDetails))
        .collect();
    proptest::collection::btree_set(proptest::sample::select(employee), 0..6)
}

fn any_condition() -> impl Strategy<Value = Condition> {
    let words = || proptest::collection::vec("[A-Za-zé&]{1,6}", 1..3);
    let date = "20[0-2][0-9]-0[1-9]-[12][0-8]".prop_map(|text| text.parse().unwrap());
    let of = |field: Attribute| {
        move |test| Condition {
            field: field.clone(),
            test,
        }
    };
    prop_oneof![
        words().prop_map(Test::AnyOf).prop_map(of(Canonical::Team.into())),
        words()
            .prop_map(Test::NoneOf)
            .prop_map(of(Attribute::Custom(custom("level")))),
        any::<bool>()
            .prop_map(Test::IsSet)
            .prop_map(of(Canonical::Country.into())),
        date.clone()
            .prop_map(Test::Before)
            .prop_map(of(Canonical::StartDate.into())),
        date.prop_map(Test::After)
            .prop_map(of(Attribute::Custom(custom("since")))),
    ]
}

fn any_policy() -> impl Strategy<Value = LeaverPolicy> {
    prop_oneof![
        Just(LeaverPolicy::Deactivate),
        Just(LeaverPolicy::Ignore),
        Just(LeaverPolicy::Wait),
        "[A-Za-z][a-z :]{0,8}[a-z]".prop_map(LeaverPolicy::Group),
    ]
}

prop_compose! {
    fn any_configuration()(
        preset in proptest::sample::select(Preset::ALL),
        identifier in proptest::sample::select(Identifier::ALL),
        attributes in any_attributes(),
        mut require in any_attributes(),
        customs in proptest::collection::btree_map("[a-z0-9]{1,3}", "x[a-z0-9_-]{1,8}", 0..4),
        words in proptest::collection::btree_map("[a-z]{1,4}", "[A-Z]{1,4}", 0..4),
        sync_if in proptest::collection::vec(any_condition(), 0..4),
        policies in (any_policy(), any_policy(), any_policy()),
        flags in any::<[bool; 6]>(),
        numbers in proptest::array::uniform4(0_u32..=100),
        protected in proptest::collection::btree_set("[a-z0-9]{1,9}", 0..3),
        reason in "[a-z]{1,9}",
        zone in proptest::sample::select(&["Europe/London", "Asia/Tokyo", "Pacific/Kiritimati", "UTC"][..]),
    ) -> Configuration {
        let mut configuration = preset.configuration();
        configuration.identifier = identifier;
        configuration.attributes = attributes.into_iter().chain(preset.attributes().iter().copied()).collect();
        if identifier != Identifier::EmployeeId {
            require.insert(identifier.attribute());
        }
        configuration.require = require;
        let by_target: BTreeMap<String, String> = customs.into_iter().map(|(from, to)| (to, from)).collect();
        configuration.custom_attributes = by_target.iter().map(|(to, from)| CustomAttribute {
            from: custom(&format!("q{from}")), to: custom(to),
        }).collect();
        configuration.values = vec![ValueMap { attribute: Canonical::Team.into(), map: words }];
        configuration.sync_if = sync_if;
        if configuration.groups.is_none() && !flags[3] {
            configuration.groups = Some(Canonical::Department.into());
        }
        configuration.leavers.terminated = policies.0;
        configuration.leavers.missing = policies.1;
        configuration.leavers.out_of_scope = policies.2;
        configuration.create_former = flags[0];
        configuration.joiners.invite = flags[1];
        configuration.daily = flags[2];
        if flags[3] {
            configuration.groups = None;
            let leavers = &mut configuration.leavers;
            for policy in [&mut leavers.terminated, &mut leavers.missing, &mut leavers.out_of_scope] {
                if matches!(policy, LeaverPolicy::Group(_)) {
                    *policy = LeaverPolicy::Wait;
                }
            }
            configuration.email = Canonical::PersonalEmail;
            configuration.first_link = vec![FirstLink::ExactName];
        }
        if flags[4] {
            configuration.rehires = RehirePolicy::Wait;
            configuration.apply = ApplyMode::Automatic;
            configuration.leavers.effective = LastDay::StartOfLastDay;
            configuration.first_name = Canonical::KnownAs;
        }
        if flags[5] {
            configuration.exceptions = vec![Exception {
                category: Category::Health, reason, by: "admin-9".to_owned(), at: "2025-12-31T23:59:59Z".parse().unwrap(),
            }];
        }
        configuration.limits.leavers.percent = numbers[0];
        configuration.limits.leavers.most = numbers[1];
        configuration.limits.headcount_drop.count = numbers[2];
        configuration.joiners.days_before_start = u16::try_from(numbers[3]).unwrap();
        configuration.protected = protected;
        configuration.fallback_time_zone = zone.to_owned();
        configuration
    }
}

proptest! {
    #[test]
    fn what_is_shown_can_be_sent_back(configuration in any_configuration()) {
        let json = serde_json::to_vec(&configuration.document()).unwrap();
        let submission = Submission {
            previous: Some(&configuration),
            version: configuration.version,
            ..submission(configuration.preset)
        };
        prop_assert_eq!(parse(&json, &submission).map_err(pairs), Ok(configuration));
    }

    #[test]
    fn what_is_stored_reads_back_the_same(configuration in any_configuration()) {
        let json = serde_json::to_vec(&configuration).unwrap();
        prop_assert_eq!(serde_json::from_slice::<Configuration>(&json).unwrap(), configuration);
    }

    #[test]
    fn no_text_whatsoever_breaks_the_reader(text in "[{}\\[\\]\",:a-z0-9_ ]{0,60}") {
        if let Err(faults) = parse(text.as_bytes(), &submission(Preset::Standard)) {
            prop_assert!(!faults.is_empty());
        }
    }
}
