//! What holds for every person and every configuration.

use proptest::prelude::*;

use super::*;
use crate::employee::fold;

/// Attributes whose texts are free, and two custom fields.
const NAMES: &[&str] = &[
    "first_name",
    "last_name",
    "known_as",
    "display_name",
    "team",
    "department",
    "job_title",
    "city",
    "work_location",
    "employment_type",
    "custom.size",
    "custom.level",
];

type Fields = BTreeMap<&'static str, Field<String>>;

fn any_fields() -> impl Strategy<Value = Fields> {
    let field = prop_oneof![
        4 => "[A-Za-zéß&' ]{0,6}".prop_map(Field::Value),
        1 => Just(Field::Empty),
        1 => Just(Field::Unseen),
    ];
    proptest::collection::btree_map(proptest::sample::select(NAMES), field, 0..12)
}

fn build(fields: &Fields, turn: usize) -> Employee {
    let mut builder = EmployeeBuilder::new();
    builder.set(Canonical::WorkEmail, Field::Value("ana@example.com"));
    let mut entries: Vec<_> = fields.iter().collect();
    let middle = if entries.is_empty() { 0 } else { turn % entries.len() };
    entries.rotate_left(middle);
    for (name, field) in entries {
        let field = match field {
            Field::Value(text) => Field::Value(text.as_str()),
            Field::Empty => Field::Empty,
            Field::Unseen => Field::Unseen,
        };
        match Attribute::parse(name).unwrap() {
            Attribute::Canonical(canonical) => builder.set(canonical, field),
            Attribute::Custom(name) => builder.set_custom(&name, field),
        };
    }
    builder.build(EmployeeId::parse("42").unwrap())
}

prop_compose! {
    fn any_configuration()(
        chosen in proptest::collection::btree_set(proptest::sample::select(&NAMES[4..10]), 0..6),
        words in proptest::collection::btree_map("[a-z]{1,2}", "[A-Z]{3}", 0..6),
        excluded in proptest::collection::vec("[a-z]{1,2}", 1..3),
        call_name in any::<bool>(),
        group in any::<bool>(),
        with_filter in any::<bool>(),
    ) -> Configuration {
        let chosen: Vec<Canonical> = chosen.into_iter().filter_map(Canonical::from_name).collect();
        let mut configuration = carrying(&chosen);
        configuration.custom_attributes = vec![
            CustomAttribute { from: custom("size"), to: custom("b") },
            CustomAttribute { from: custom("level"), to: custom("a") },
        ];
        configuration.values = ["team", "first_name", "custom.size"].iter().map(|name| ValueMap {
            attribute: Attribute::parse(name).unwrap(),
            map: words.clone(),
        }).collect();
        if call_name {
            configuration.first_name = Canonical::KnownAs;
        }
        configuration.groups = group.then(|| Canonical::Department.into());
        if with_filter {
            configuration.sync_if = vec![Condition { field: Canonical::Team.into(), test: Test::NoneOf(excluded) }];
        }
        configuration
    }
}

/// Returns whether a value that was written was read, or configured, or put together of names that were read.
fn is_accounted_for(value: &str, employee: &Employee, configuration: &Configuration) -> bool {
    let read: Vec<&str> = employee
        .attributes
        .view()
        .iter()
        .filter_map(|entry| entry.field.value())
        .collect();
    let is_read = |text: &str| read.contains(&text);
    let is_configured = configuration.values.iter().any(|words| {
        let mut pairs = words.map.iter();
        pairs.any(|(from, to)| to == value && read.iter().any(|text| fold(text) == *from))
    });
    let is_full_name = value
        .match_indices(' ')
        .any(|(space, _)| is_read(&value[..space]) && is_read(&value[space + 1..]));
    is_read(value) || is_configured || is_full_name
}

proptest! {
    #[test]
    fn mapping_never_invents_a_value(fields in any_fields(), configuration in any_configuration()) {
        let employee = build(&fields, 0);
        if let Mapped::Desired(desired) = mapped(&configuration, &employee) {
            for entry in desired.attributes.view() {
                if let Field::Value(value) = entry.field {
                    prop_assert!(is_accounted_for(value, &employee, &configuration), "{}", entry.attribute);
                }
            }
        }
    }

    #[test]
    fn r07_nothing_is_cleared_that_was_not_seen_to_be_empty(fields in any_fields(), configuration in any_configuration()) {
        let employee = build(&fields, 0);
        let is_empty = |name: &str| {
            let attribute = Attribute::parse(name).unwrap();
            employee.attributes.view().field(attribute.as_ref()) == Field::Empty
        };
        if let Mapped::Desired(desired) = mapped(&configuration, &employee) {
            for entry in desired.attributes.view() {
                prop_assert!(entry.field.is_seen());
                if entry.field == Field::Empty {
                    let name = entry.attribute.to_string();
                    let was_empty = match name.as_str() {
                        "group" => is_empty("department"),
                        "custom.a" => is_empty("custom.level"),
                        "custom.b" => is_empty("custom.size"),
                        "display_name" => is_empty("first_name") && is_empty("last_name"),
                        "first_name" if configuration.first_name == Canonical::KnownAs => {
                            is_empty("known_as") && is_empty("first_name")
                        }
                        other => is_empty(other),
                    };
                    prop_assert!(was_empty, "{name}");
                }
            }
        }
    }

    #[test]
    fn the_order_of_members_and_of_people_does_not_matter(
        fields in any_fields(),
        other in any_fields(),
        configuration in any_configuration(),
        turn in 0_usize..12,
    ) {
        let mut mapper = Mapper::new(&configuration).unwrap();
        let now = at(NOW);
        let first = mapper.map_employee(&build(&fields, 0), now);
        mapper.map_employee(&build(&other, 0), now);
        prop_assert_eq!(&mapper.map_employee(&build(&fields, turn), now), &first);
        prop_assert_eq!(&mapped(&configuration, &build(&fields, turn)), &first);
    }

    #[test]
    fn what_is_written_is_a_packed_set_in_order(fields in any_fields(), configuration in any_configuration()) {
        if let Mapped::Desired(desired) = mapped(&configuration, &build(&fields, 0)) {
            let packed = desired.attributes.as_packed();
            prop_assert_eq!(Attributes::from_packed(packed), Some(desired.attributes.clone()));
        }
    }
}
