//! R25, number by number: what each guard lets pass at its default limit, and holds one above it.

use crate::{
    connection::Preset,
    employee::Canonical,
    plan::{HoldCode, tests::scene::Scene},
};

/// Returns this many people, linked and settled, under ids from 1 and with every attribute that the tests below take
/// away.
fn staffed(people: u32) -> Scene {
    let mut scene = Scene::new(Preset::Standard);
    for id in 1..=people {
        let id = id.to_string();
        scene.hire(&id, &format!("P{id}"));
        for attribute in [Canonical::ZipCode, Canonical::Team] {
            scene.set(&id, attribute, "some");
        }
    }
    scene.settle();
    scene
}

/// Returns whether a guard holds once something happened to the first this many people.
fn holds(scene: &Scene, code: HoldCode, some: u32, happen: impl Fn(&mut Scene, &str)) -> bool {
    let mut scene = scene.clone();
    for id in 1..=some {
        happen(&mut scene, &id.to_string());
    }
    scene.plan().holds().contains(&code)
}

/// Expects that `most` changes pass, and that one more does not.
fn expect_limit(scene: &Scene, code: HoldCode, most: u32, happen: impl Fn(&mut Scene, &str)) {
    assert!(!holds(scene, code, most, &happen), "{code:?}: {most} pass");
    assert!(holds(scene, code, most + 1, &happen), "{code:?}: {} do not", most + 1);
}

fn leave(scene: &mut Scene, id: &str) {
    scene.terminate(id);
}

#[test]
fn r25_leavers_pass_up_to_three_or_five_percent_and_never_more_than_fifty() {
    for (people, most) in [(7, 3), (79, 3), (80, 4), (100, 5), (1_100, 50)] {
        expect_limit(&staffed(people), HoldCode::TooManyLeavers, most, leave);
    }
}

#[test]
fn r25_of_fewer_than_seven_at_most_half_pass() {
    for (people, most) in [(1, 0), (2, 1), (3, 1), (4, 2), (5, 2), (6, 3)] {
        expect_limit(&staffed(people), HoldCode::TooManyLeavers, most, leave);
    }
}

#[test]
fn r25_leavers_of_the_last_seven_days_count() {
    let mut scene = staffed(20);
    let today = scene.today();
    for (days, is_held) in [(0, true), (6, true), (7, false)] {
        scene.leavers = vec![(today.checked_sub(jiff::Span::new().days(days)).unwrap(), 3)];
        assert_eq!(
            holds(&scene, HoldCode::TooManyLeavers, 1, leave),
            is_held,
            "{days} days ago"
        );
    }
}

#[test]
fn r25_joiners_pass_up_to_three_or_half_of_those_who_are_there() {
    for (people, most) in [(1, 3), (6, 3), (8, 4), (20, 10)] {
        expect_limit(&staffed(people), HoldCode::TooManyJoiners, most, |scene, id| {
            scene.hire(&format!("9000{id}"), &format!("New{id}"));
        });
    }
}

#[test]
fn r25_changed_addresses_pass_up_to_three_or_five_percent() {
    for (people, most) in [(20, 3), (80, 4)] {
        expect_limit(&staffed(people), HoldCode::IdentifierChanges, most, |scene, id| {
            scene.set(id, Canonical::WorkEmail, &format!("new{id}@acme.test"));
        });
    }
}

#[test]
fn r25_addresses_that_a_late_link_overwrites_count_as_changed() {
    let mut scene = Scene::settled(Preset::ExpenseUsers, &["Ana"]);
    for number in 2..=5 {
        let (id, account) = (number.to_string(), format!("x{number}"));
        scene.hire(&id, &format!("P{id}"));
        let reference = format!("N{id}");
        let known = [
            (Canonical::EmployeeNumber, reference.as_str()),
            (Canonical::Email, "old@acme.test"),
        ];
        scene.add_account(&account, &known[..]);
    }
    let night = scene.plan();
    assert_eq!(night.plan.counts.links, 4);
    assert!(night.holds().contains(&HoldCode::IdentifierChanges));
}

#[test]
fn r25_cleared_values_pass_up_to_three_or_a_fifth_per_attribute() {
    for (people, most) in [(10, 3), (20, 4)] {
        expect_limit(&staffed(people), HoldCode::ClearedValues, most, |scene, id| {
            scene.clear(id, Canonical::City);
        });
    }
}

#[test]
fn r25_cleared_values_that_are_few_per_attribute_hold_where_they_are_many_in_all() {
    let mut scene = staffed(3);
    let managed = scene.configuration.managed();
    let is_filled = |entry: &crate::employee::Entry<'_>| {
        let attribute = entry.attribute.to_owned();
        entry.field.value().is_some() && attribute.is_some_and(|attribute| managed.contains(&attribute))
    };
    let accounts = scene.accounts.values();
    let filled: usize = accounts
        .map(|account| account.attributes.view().iter().filter(is_filled).count())
        .sum();
    // Three of each attribute are always fine, so that only the sum can hold.
    let values = ["1", "2", "3"].into_iter().flat_map(|id| {
        let attributes = [Canonical::City, Canonical::ZipCode, Canonical::Team];
        attributes.map(|attribute| (id, attribute))
    });
    let values: Vec<(&str, Canonical)> = values.collect();
    let (pass, over) = values.split_at(filled / 5);
    for (id, attribute) in pass {
        scene.clear(id, *attribute);
    }
    assert!(!scene.plan().holds().contains(&HoldCode::ClearedValues));
    let (id, attribute) = over[0];
    scene.clear(id, attribute);
    let night = scene.plan();
    let hold = night
        .plan
        .holds
        .iter()
        .find(|hold| hold.code == HoldCode::ClearedValues)
        .unwrap();
    assert!(
        hold.detail.contains("spread over several attributes"),
        "{}",
        hold.detail
    );
}

#[test]
fn r25_the_headcount_may_fall_by_three_or_a_tenth() {
    for (people, most) in [(20, 3), (40, 4)] {
        expect_limit(&staffed(people), HoldCode::HeadcountDrop, most, Scene::vanish);
    }
}

#[test]
fn r25_the_coverage_of_an_attribute_may_fall_by_three_or_a_fifth() {
    for (people, most) in [(10, 3), (20, 4)] {
        expect_limit(&staffed(people), HoldCode::CoverageDrop, most, |scene, id| {
            scene.hide(id, Canonical::City);
        });
    }
}

#[test]
fn r25_every_hold_says_what_was_found_and_names_nobody() {
    let mut scene = staffed(20);
    for id in 1..=5_u32 {
        let id = id.to_string();
        scene.terminate(&id);
        scene.hire(&format!("9000{id}"), &format!("New{id}"));
        let other = (10 + id.parse::<u32>().unwrap()).to_string();
        scene.set(&other, Canonical::WorkEmail, &format!("other{id}@acme.test"));
        scene.clear(&other, Canonical::City);
    }
    scene.configuration.version += 1;
    let night = scene.plan();
    assert!(night.plan.holds.len() >= 4, "{:?}", night.holds());
    for hold in &night.plan.holds {
        assert!(
            !hold.title.is_empty() && hold.detail.contains(|c: char| c.is_ascii_digit()),
            "{hold:?}"
        );
        assert!(!hold.detail.contains('@') && !hold.detail.contains("New"), "{hold:?}");
    }
}

#[test]
fn r26_no_hold_stands_for_age_or_target_so_that_nobody_can_approve_them() {
    let mut scene = staffed(2);
    scene.set("1", Canonical::City, "Rome");
    let night = scene.plan();
    let plan = &night.plan;
    assert_eq!(plan.expires_at.duration_since(plan.created_at), crate::plan::VALID_FOR);
    assert_eq!(plan.header.target.as_str(), "directory:acme");
    let words = serde_json::to_string(&[
        HoldCode::AttributesHidden,
        HoldCode::ClearedValues,
        HoldCode::ConfigurationChanged,
        HoldCode::CoverageDrop,
        HoldCode::EmptyRoster,
        HoldCode::FirstLinkLeavers,
        HoldCode::FirstSync,
        HoldCode::HeadcountDrop,
        HoldCode::IdentifierChanges,
        HoldCode::Invites,
        HoldCode::Relinks,
        HoldCode::TooManyJoiners,
        HoldCode::TooManyLeavers,
    ]);
    let words = words.unwrap();
    assert!(["expired", "stale", "target"].iter().all(|word| !words.contains(word)));
}
