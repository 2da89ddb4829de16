//! The pure rooms of SCIM, as properties: what is written reads back the same, and a list is whole or is none.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    assignment::merged,
    profile::{Paging, Profile},
    resource::Form,
    walk::{Place, Walk},
};
use crate::{
    account::ExternalId,
    employee::{Attributes, AttributesBuilder, Canonical, Field},
};

fn form(profile: &'static Profile) -> Form {
    Form {
        profile,
        extension: Some("urn:example:2.0:User".into()),
    }
}

fn attributes() -> impl Strategy<Value = Attributes> {
    let fields = prop::collection::btree_map(0..Canonical::ALL.len(), "[a-z0-9]{1,12}", 0..12);
    ("[a-z]{1,8}@acme\\.example", fields).prop_map(|(email, fields)| {
        let mut attributes = AttributesBuilder::new();
        for (at, value) in &fields {
            attributes.set_canonical(Canonical::ALL[*at], Field::Value(value));
        }
        attributes.set(Canonical::Email.into(), Field::Value(&email));
        attributes.build()
    })
}

fn profiles() -> impl Strategy<Value = &'static Profile> {
    prop::sample::select(Profile::ALL.to_vec()).prop_map(|profile| Profile::find(profile.name).unwrap())
}

/// The list of a server that keeps to the RFC, in pages of at most `cap`.
fn page(people: usize, from: usize, cap: usize, total: Option<usize>) -> String {
    let entries: Vec<_> = (from..=people)
        .take(cap)
        .map(|id| json!({ "id": format!("u{id}") }))
        .collect();
    let page = total.map_or_else(
        || json!({ "Resources": entries }),
        |total| json!({ "totalResults": total, "Resources": entries }),
    );
    page.to_string()
}

proptest! {
    #[test]
    fn what_is_written_reads_back_the_same(attributes in attributes(), profile in profiles()) {
        let form = form(profile);
        let reference = ExternalId::from_target("factorial:7:1").unwrap();
        let mut resource = form.new_user(&reference, &attributes);
        resource["id"] = json!("u1");
        let account = form.account(&resource).unwrap();
        prop_assert!(account.active);
        prop_assert_eq!(account.external_id, Some(reference));
        for canonical in Canonical::ALL {
            let made_up = *canonical == Canonical::DisplayName && attributes.value(*canonical).is_none();
            if !made_up {
                prop_assert_eq!(account.attributes.value(*canonical), attributes.value(*canonical));
            }
        }
    }

    #[test]
    fn a_change_by_place_and_a_merge_come_to_the_same(attributes in attributes(), profile in profiles()) {
        let form = form(profile);
        let (mut by_place, mut by_merge) = (json!({ "id": "u1" }), json!({ "id": "u1" }));
        let assignments = form.assignments(&attributes);
        for assignment in &assignments {
            form.apply(&mut by_place, assignment);
        }
        for (name, value) in merged(&form, &assignments) {
            by_merge[name] = value;
        }
        prop_assert_eq!(form.account(&by_place), form.account(&by_merge));
    }

    #[test]
    fn r05_a_list_brings_everybody_once_whatever_its_pages_totals_and_slices(
        people in 0_usize..300, cap in 1_usize..120, says in 0..3, cuts in prop::collection::btree_set(0_usize..40, 0..10),
    ) {
        let mut walk = Walk::begin(Paging::Index, Some(100));
        let mut seen: Vec<Value> = Vec::new();
        let mut pages = 0;
        while let Some(Place::Index(from)) = walk.place().cloned() {
            let length = people.saturating_sub(from - 1).min(cap);
            let total = match says {
                0 => Some(people),
                1 => Some(length),
                _ => None,
            };
            let page = page(people, from, cap, total);
            walk.take(&page, |entry| {
                seen.push(entry);
                Ok(())
            })
            .unwrap();
            pages += 1;
            if cuts.contains(&pages) && let Some(waypoint) = walk.waypoint() {
                // Another process goes on.
                let listed = seen.iter().filter_map(|entry| entry["id"].as_str());
                walk = Walk::resume(&waypoint, listed, Some(100)).unwrap();
            }
        }
        prop_assert_eq!(seen.len(), people);
    }

    #[test]
    fn r05_a_list_that_ends_before_what_it_promised_is_none(people in 0_usize..300, short in 1_usize..50, cap in 1_usize..120) {
        let mut walk = Walk::begin(Paging::Index, Some(100));
        let mut result = Ok(());
        while let (Some(Place::Index(from)), true) = (walk.place().cloned(), result.is_ok()) {
            result = walk.take(&page(people, from, cap, Some(people + short)), |_| Ok(()));
        }
        prop_assert!(result.is_err());
    }
}
