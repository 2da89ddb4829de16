//! The table is as ARCHITECTURE.md documents it, key by key: every item that a case leaves behind is on the list, and every
//! line of the list is written by some case.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use aws_sdk_dynamodb::{Client, types::AttributeValue};
use local::embedded::{Embedded, TABLE};
use rollcall::{
    store::{RosterStore, dynamodb::DynamoStore},
    testing::{builder::connection_id, contract},
};

/// The pages that document the keys; both pages hold one list.
const PAGES: [&str; 2] = ["ARCHITECTURE.md", "shared/src/store/dynamodb/mod.rs"];
/// Lower-case parts of a key that are written as the list has them; every other lower-case part stands for a value.
const WORDS: [&str; 2] = ["email", "reference"];

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    what: String,
    partition: Vec<String>,
    sort: Vec<String>,
    members: BTreeSet<String>,
}

/// Returns the texts between backticks in a cell.
fn quoted(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Returns the list of keys on a page.
fn documented(page: &str) -> Vec<Line> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(page);
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text.lines().map(|line| line.trim_start_matches("//! "));
    let rows = lines.skip_while(|line| !line.starts_with("| what | `pk`")).skip(2);
    rows.take_while(|line| line.starts_with('|'))
        .map(|line| {
            let cells: Vec<_> = line.trim_matches('|').split('|').collect();
            let [what, partition, sort, members] = cells.try_into().unwrap();
            Line {
                what: what.trim().to_owned(),
                partition: quoted(partition),
                sort: quoted(sort),
                members: quoted(members).into_iter().collect(),
            }
        })
        .collect()
}

/// Returns whether a key has a documented form, part by part.
fn has_form(key: &str, form: &str) -> bool {
    let (part, others) = form
        .split_once('#')
        .map_or((form, None), |(part, others)| (part, Some(others)));
    let is_literal = WORDS.contains(&part) || !part.chars().any(|character| character.is_ascii_lowercase());
    let length = if part.ends_with('~') {
        let length = key.get(..2).and_then(|digits| usize::from_str_radix(digits, 16).ok());
        length.map_or(usize::MAX, |length| length + 2)
    } else if others.is_none() {
        key.len()
    } else {
        key.find('#').unwrap_or(key.len())
    };
    let (Some(found), Some(rest)) = (key.get(..length), key.get(length..)) else {
        return false;
    };
    let is_digit = |digit: char| digit.is_ascii_digit() || ('a'..='f').contains(&digit);
    let fits = match part {
        part if is_literal => found == part,
        "shard" => found.len() == 1 && found.chars().all(is_digit),
        "version" => !found.is_empty() && found.chars().all(is_digit),
        "n" | "fence" => found.parse::<u64>().is_ok(),
        _ => !found.is_empty(),
    };
    fits && match (others, rest.strip_prefix('#')) {
        (None, None) => rest.is_empty(),
        (Some(others), Some(rest)) => has_form(rest, others),
        (None, Some(_)) | (Some(_), None) => false,
    }
}

/// The members of an item of the table, its key among them.
type Item = BTreeMap<String, AttributeValue>;

async fn scan(client: &Client) -> Vec<Item> {
    let pages = client.scan().table_name(TABLE).into_paginator().items().send();
    let items = pages.collect::<Result<Vec<_>, _>>().await.unwrap();
    items.into_iter().map(|item| item.into_iter().collect()).collect()
}

/// Returns the line of the list that an item belongs to, and the item's members beside key and version.
fn find_line<'l>(lines: &'l [Line], item: &Item) -> (&'l Line, BTreeSet<String>) {
    let key = |name: &str| item[name].as_s().unwrap();
    let is_one = |forms: &[String], key: &str| forms.iter().any(|form| has_form(key, form));
    let fits = |line: &&Line| is_one(&line.partition, key("pk")) && is_one(&line.sort, key("sk"));
    let found: Vec<_> = lines.iter().filter(fits).collect();
    let [line] = found[..] else {
        panic!("{} / {} is documented {} times", key("pk"), key("sk"), found.len());
    };
    assert!(item.contains_key("v"), "{} has no version", line.what);
    let members = item.keys().filter(|name| !["pk", "sk", "v"].contains(&name.as_str()));
    let members: BTreeSet<_> = members.cloned().collect();
    assert!(members.is_subset(&line.members), "{}: {members:?}", line.what);
    (line, members)
}

/// Asserts that every item in the table is on the list, and has no member that is not on the list.
pub(crate) async fn assert_documented(embedded: &Embedded) {
    let lines = documented(PAGES[0]);
    for item in scan(&embedded.dynamodb).await {
        find_line(&lines, &item);
    }
}

#[test]
fn both_lists_of_keys_are_the_same() {
    let [page, code] = PAGES.map(documented);
    assert!(page.len() > 15);
    for (page, code) in page.iter().zip(&code) {
        assert_eq!(page, code);
    }
    assert_eq!(page.len(), code.len());
}

#[test]
fn a_key_of_another_form_is_noticed() {
    for (key, form) in [
        ("C#c-1", "C#connection"),
        ("C#c-1#L#f", "C#connection#L#shard"),
        ("05a#b-c", "account~"),
        ("K#03a#b#scim:x#y", "K#account~#target"),
        ("T#acme#U#email#a#b@acme.example", "T#tenant#U#email#value"),
        ("CONFIGURATION#000000000000000a", "CONFIGURATION#version"),
    ] {
        assert!(has_form(key, form), "{key}");
    }
    for (key, form) in [
        ("D#c-1", "C#connection"),
        ("C#", "C#connection"),
        ("C#c-1#L#g", "C#connection#L#shard"),
        ("C#c-1#L", "C#connection#L#shard"),
        ("04a#b-c", "account~"),
        ("06a#b-c", "account~"),
        ("T#acme#U#phone#1", "T#tenant#U#email#value"),
        ("CONFIGURATION#v1", "CONFIGURATION#version"),
    ] {
        assert!(!has_form(key, form), "{key}");
    }
}

/// Runs cases, each on a table of its own, and returns the items that they leave behind.
macro_rules! left_by {
    ($($suite:ident::$case:ident)*) => {{
        let mut items = Vec::new();
        $(
            let embedded = Embedded::start(None).await.unwrap();
            let store = DynamoStore::new(embedded.dynamodb.clone(), TABLE);
            contract::$suite::$case(&store).await;
            items.extend(scan(&embedded.dynamodb).await);
        )*
        items
    }};
}

#[tokio::test]
async fn everything_documented_is_written_with_all_its_members() {
    let mut items = left_by! {
        connection::a_connection_is_written_only_at_the_revision_it_was_read
        connection::a_version_of_a_configuration_is_written_once
        connection::a_decision_takes_the_place_of_an_earlier_one
        connection::r37_tombstones_are_a_tenants_own_and_its_peoples
        lease::r30_the_run_that_holds_a_lease_takes_it_again
        lease::r30_an_earlier_fence_does_not_overwrite_a_later_ones_state
        roster::rosters_of_one_connection_stand_side_by_side
        roster::parts_of_a_list_are_deleted_one_by_one
        roster::the_last_survey_of_a_connection_is_kept
        plan::r21_a_plan_comes_back_as_the_document_it_was
        plan::r22_an_approval_is_one_change_of_state
        link::r04_an_account_is_claimed_once_across_all_connections
        run::a_run_comes_back_as_it_was_written_last
        slot::r48_slots_come_back_as_they_were_written
        bucket::a_bucket_comes_back_as_it_was_written
        run::runs_that_have_not_ended_are_found_among_any_number
        run::r37_runs_that_name_people_are_found_without_looking_at_the_others
        ticket::r40_a_ticket_is_taken_once
        holder::r01_a_company_belongs_to_one_tenant
        holder::r04_a_target_is_left_with_the_last_connection
        holder::r04_a_target_is_one_tenants_unless_it_is_shared
        door::r39_a_key_is_made_once_and_stays_revoked
        door::an_answer_is_given_again_until_it_ends
        allowance::requests_are_counted_by_key_and_window
        door::who_carries_a_request_on_knows_since_when_it_was_asked_for
        connection::r33_stops_stand_side_by_side_and_each_is_lifted_by_itself
        directory::r36_history_leaves_out_sensitive_values
    };
    let embedded = Embedded::start(None).await.unwrap();
    let store = DynamoStore::new(embedded.dynamodb.clone(), TABLE);
    let state = crate::size::largest_state();
    store.put_state(&connection_id("c-1"), &state, 1).await.unwrap();
    contract::act::r49_what_was_done_is_not_done_again(&store, &store).await;
    contract::act::r43_an_audit_is_listed_newest_first_page_by_page(&store, &store).await;
    items.extend(scan(&embedded.dynamodb).await);
    let lines = documented(PAGES[0]);
    let mut written: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for item in &items {
        let (line, members) = find_line(&lines, item);
        written.entry(&line.what).or_default().extend(members);
    }
    let promised: BTreeMap<_, _> = lines
        .iter()
        .map(|line| (line.what.as_str(), line.members.clone()))
        .collect();
    for (what, members) in &promised {
        assert_eq!(written.get(what), Some(members), "{what}");
    }
}
