//! R01 where the HR system names no company: the linked people tell whose data is read.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::{
    account::Accounts,
    employee::{AttributeRef, Canonical},
    plan::{Fingerprints, Link, LinkState, Links, Prints, Recognition, recognise},
    roster::{Builder, Proof, Roster},
    testing::builder::{account, at, company, employee, link},
};

const NOW: &str = "2026-03-02T08:00:00Z";

fn fingerprints() -> Fingerprints {
    Fingerprints::new(&[7; 32])
}

/// People by id, with their first and last names.
type People = BTreeMap<u32, (String, String)>;

fn company_of(people: u32, name: &str) -> People {
    let named = |id| (id, (format!("{name}{id}"), format!("van {name}{id}")));
    (1..=people).map(named).collect()
}

fn read(people: &People, has_ended: bool) -> Roster {
    let mut builder = Builder::new(company("7"));
    for (id, (first, last)) in people {
        let names = [(Canonical::FirstName, first.as_str()), (Canonical::LastName, last)];
        builder.push(&employee(&id.to_string(), &names)).unwrap();
    }
    if has_ended {
        builder.end_walk(Proof::LastPage);
    }
    builder.finish((!has_ended).then_some("temporary")).unwrap()
}

/// The links of people whose accounts we made.
fn linked(people: &People) -> Vec<Link> {
    let sent = |(first, last): &(String, String)| {
        let print = |name: Canonical, value: &str| {
            let print = fingerprints().print(AttributeRef::Canonical(name), Some(value));
            (name.into(), print, print)
        };
        Prints::new([print(Canonical::FirstName, first), print(Canonical::LastName, last)])
    };
    let one = |(id, names): (&u32, &(String, String))| Link {
        prints: sent(names),
        ..link(&id.to_string(), &format!("a{id}"))
    };
    people.iter().map(one).collect()
}

fn recognised(roster: &Roster, links: Vec<Link>) -> Recognition {
    recognise(roster, &Links::new(links), None, &fingerprints(), at(NOW)).unwrap()
}

#[test]
fn r01_four_of_five_have_to_be_found_again() {
    for (found, linked, is_same) in [
        (0, 0, true),
        (4, 5, true),
        (79, 100, false),
        (80, 100, true),
        (2, 3, false),
    ] {
        assert_eq!(
            Recognition { linked, found }.is_same_company(),
            is_same,
            "{found} of {linked}"
        );
    }
}

#[test]
fn r01_the_same_ids_under_other_names_are_another_company() {
    let links = linked(&company_of(10, "Ana"));
    let other = recognised(&read(&company_of(10, "Bob"), true), links.clone());
    assert_eq!(other, Recognition { linked: 10, found: 0 });
    assert!(!other.is_same_company());
    let own = recognised(&read(&company_of(12, "Ana"), true), links);
    assert_eq!(own, Recognition { linked: 10, found: 10 });
}

#[test]
fn r01_who_takes_another_name_is_known_by_the_other_one() {
    let mut people = company_of(3, "Ana");
    let links = linked(&people);
    people.get_mut(&1).unwrap().0 = "Eva".to_owned();
    people.get_mut(&2).unwrap().1 = "Peeters".to_owned();
    assert_eq!(recognised(&read(&people, true), links).found, 3);
}

#[test]
fn r01_who_was_missing_for_long_or_let_go_is_not_looked_for() {
    let people = company_of(6, "Ana");
    let mut links = linked(&people);
    links[0].absent_since = Some(at("2026-03-01T12:00:00Z"));
    links[1].state = LinkState::Pending;
    links[2].absent_since = Some(at("2026-03-01T12:00:01Z"));
    let rest = people.into_iter().filter(|(id, _)| *id > 3).collect();
    let recognition = recognised(&read(&rest, true), links);
    assert_eq!(
        recognition,
        Recognition { linked: 4, found: 3 },
        "the third is missing since yesterday only"
    );
}

#[test]
fn r01_where_nothing_was_sent_the_account_tells_the_name() {
    let people = company_of(4, "Ana");
    let links: Vec<Link> = people
        .keys()
        .map(|id| link(&id.to_string(), &format!("a{id}")))
        .collect();
    assert_eq!(recognised(&read(&people, true), links.clone()), Recognition::default());
    let kept = people
        .iter()
        .map(|(id, (_, last))| account(&format!("a{id}"), &[(Canonical::LastName, last)]));
    let accounts = Accounts::new(&kept.collect::<Vec<_>>());
    let look = |people: &People| {
        let links = Links::new(links.clone());
        recognise(&read(people, true), &links, Some(&accounts), &fingerprints(), at(NOW)).unwrap()
    };
    assert_eq!(look(&people), Recognition { linked: 4, found: 4 });
    assert_eq!(look(&company_of(4, "Bob")), Recognition { linked: 4, found: 0 });
}

proptest! {
    #[test]
    fn r01_each_linked_person_counts_once_and_only_an_ended_read_makes_anybody_absent(
        people in 0_u32..40,
        gone in prop::collection::btree_set(1_u32..40, 0..20),
        renamed in prop::collection::btree_set(1_u32..40, 0..20),
        strangers in 0_u32..20,
        has_ended: bool,
    ) {
        let before = company_of(people, "Ana");
        let mut now = before.clone();
        now.retain(|id, _| !gone.contains(id));
        for (id, names) in &mut now {
            if renamed.contains(id) {
                *names = (format!("Bob{id}"), format!("van Bob{id}"));
            }
        }
        let shown = u32::try_from(now.len()).unwrap();
        let same = u32::try_from(now.iter().filter(|(id, names)| before[*id] == **names).count()).unwrap();
        now.extend((1..=strangers).map(|id| (1_000 + id, ("Eva".to_owned(), "Vos".to_owned()))));
        let recognition = recognised(&read(&now, has_ended), linked(&before));
        let looked_at = if has_ended { people } else { shown };
        prop_assert_eq!(recognition, Recognition { linked: looked_at, found: same });
    }
}
