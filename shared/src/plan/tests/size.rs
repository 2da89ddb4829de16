//! R47 in the plan: what exceeds its bounds is a person's finding, and all others are carried over.

use crate::{
    connection::{CustomAttribute, Preset},
    employee::{Attribute, Canonical, CustomName, Field, MOST_PERSON_BYTES},
    plan::{
        Action, Code, MAX_CHUNK_BYTES, State,
        tests::scene::{Night, Scene, employee},
    },
};

/// Returns this many people, every one with the same placeholder for an address.
fn placeholders(people: u32) -> Night {
    let mut scene = Scene::new(Preset::Standard);
    for id in 1..=people {
        let id = id.to_string();
        scene.hire(&id, &format!("P{id}"));
        scene.set(&id, Canonical::WorkEmail, "nobody@acme.test");
    }
    scene.plan()
}

/// Returns the bytes of all findings as they are stored.
fn stored(night: &Night) -> usize {
    let lines = night.outcome.findings.iter().map(serde_json::to_string);
    lines.map(|line| line.unwrap().len()).sum()
}

#[test]
fn r47_who_share_an_address_are_a_group_of_which_a_few_are_named() {
    let night = placeholders(300);
    let finding = night.findings("3")[0];
    assert_eq!((finding.state, finding.code), (State::Conflict, Code::SharedIdentifier));
    assert_eq!(finding.others, ["1", "2", "4", "5", "6"].map(employee));
    assert_eq!(finding.more_others, 299 - 5);
    assert_eq!(night.findings("300")[0].others, ["1", "2", "3", "4", "5"].map(employee));
    assert_eq!(night.plan.counts.conflicts, 300);
    assert!(night.outcome.changes.is_empty());
}

#[test]
fn r47_findings_about_a_group_grow_with_its_people_and_not_with_their_square() {
    let (some, twice) = (stored(&placeholders(500)), stored(&placeholders(1_000)));
    assert!(twice < some * 21 / 10, "{some} bytes for 500 people, {twice} for 1000");
    assert!(twice < 1_000 * 250, "{twice} bytes for 1000 people");
}

#[test]
fn r10_who_is_in_two_groups_is_told_of_both() {
    let mut scene = Scene::new(Preset::Standard);
    scene.configuration.identifier = crate::connection::Identifier::EmployeeNumber;
    // One address for 1 to 8, one number for 6 to 12: 6, 7 and 8 have both.
    for id in 1..=12 {
        let id_text = id.to_string();
        scene.hire(&id_text, &format!("P{id}"));
        scene.set(&id_text, Canonical::EmployeeNumber, &format!("n-{id}"));
        if id <= 8 {
            scene.set(&id_text, Canonical::WorkEmail, "nobody@acme.test");
        }
        if id >= 6 {
            scene.set(&id_text, Canonical::EmployeeNumber, "n-0");
        }
    }
    let night = scene.plan();
    let of = |id: &str| {
        let finding = night.findings(id)[0];
        (finding.code, finding.others.len() + finding.more_others as usize)
    };
    assert_eq!(of("1"), (Code::SharedEmail, 7));
    assert_eq!(of("7"), (Code::SharedIdentifier, 11));
    assert_eq!(of("12"), (Code::SharedIdentifier, 6));
}

fn custom(number: usize) -> CustomName {
    CustomName::parse(&format!("field-{number:03}")).unwrap()
}

/// Carries this many custom fields over.
fn with_fields(scene: &mut Scene, fields: usize) {
    scene.configuration.custom_attributes = (0..fields)
        .map(|number| CustomAttribute {
            from: custom(number),
            to: custom(number),
        })
        .collect();
}

fn fill(scene: &mut Scene, id: &str, fields: usize, value: &str) {
    let person = scene.people.get_mut(&employee(id)).unwrap();
    for number in 0..fields {
        person.insert(Attribute::Custom(custom(number)), Field::Value(value.to_owned()));
    }
}

#[test]
fn r47_one_person_with_a_hundred_long_fields_stops_nobody() {
    let mut scene = Scene::new(Preset::Standard);
    with_fields(&mut scene, 100);
    scene.hire("1", "Ana");
    scene.hire("2", "Bea");
    fill(&mut scene, "1", 100, &"x".repeat(4_000));
    fill(&mut scene, "2", 100, "short");
    let night = scene.plan();
    assert_eq!(night.plan.counts.joiners, 2);
    let finding = night.findings("1")[0];
    assert_eq!((finding.state, finding.code), (State::Todo, Code::Invalid));
    assert_eq!((finding.attributes.len(), finding.more_attributes), (20, 65));
    assert!(night.findings("2").is_empty());
    let Some(Action::Create { attributes, .. }) = night.action("1") else {
        panic!("they get an account");
    };
    assert!(attributes.as_packed().len() <= MOST_PERSON_BYTES);
    assert!(
        attributes.value(Canonical::Email).is_some(),
        "what is short is carried over"
    );
}

#[test]
fn r47_a_field_that_is_written_into_many_attributes_counts_as_often() {
    let mut scene = Scene::new(Preset::Standard);
    scene.configuration.custom_attributes = (0..400)
        .map(|number| CustomAttribute {
            from: custom(0),
            to: custom(number),
        })
        .collect();
    scene.hire("1", "Ana");
    fill(&mut scene, "1", 1, &"x".repeat(4_000));
    let night = scene.plan();
    let Some(Action::Create { attributes, .. }) = night.action("1") else {
        panic!("they get an account");
    };
    assert!(attributes.as_packed().len() <= MOST_PERSON_BYTES);
    assert_eq!(night.findings("1")[0].code, Code::Invalid);
}

#[test]
fn r47_a_change_that_no_line_holds_is_its_persons_finding() {
    let mut scene = Scene::new(Preset::Standard);
    with_fields(&mut scene, 15);
    scene.hire("1", "Ana");
    scene.hire("2", "Bea");
    // One byte of such a value is six in JSON.
    fill(&mut scene, "1", 15, &"\u{1}".repeat(4_000));
    let night = scene.plan();
    assert_eq!(night.change("1"), None);
    assert_eq!(night.findings("1")[0].code, Code::TooLarge);
    assert!(matches!(night.action("2"), Some(Action::Create { .. })));
    assert!(night.lines.chunks.iter().all(|chunk| chunk.len() < MAX_CHUNK_BYTES));
}
