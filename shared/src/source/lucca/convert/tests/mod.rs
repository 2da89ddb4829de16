//! Recorded wire cases: what Lucca sends in either API, and what becomes of it.

mod custom;
mod newer;
mod older;

use std::{collections::BTreeSet, sync::Arc};

use super::{Newer, Older};
use crate::{
    connector::{ByLayout, Census as _, Converter as _, Layout, Lists, Related, Resource},
    employee::{Attribute, Canonical, Category, CompanyId, Employee as Person, Field, Wanted},
    roster::{Builder, Company, Roster},
    source::Error,
};

/// The day of every read.
const TODAY: &str = "2026-03-02";

/// One of the two APIs.
#[derive(Clone, Copy)]
enum Api {
    Older,
    Newer,
}

/// A page of people, with the lists that belong to them.
struct Page<'a> {
    api: Api,
    people: &'a str,
    lists: Lists,
}

/// The list of what is related to people.
fn of(related: &Related) -> Resource {
    *related.list().unwrap()
}

/// Returns lists of one page each; without one, the list may not be read.
fn lists<const N: usize>(pages: [(Resource, Option<&str>); N]) -> Lists {
    let texts = pages
        .iter()
        .map(|(of, page)| (of, page.map(|text| vec![text.to_owned()])));
    texts.collect()
}

/// Reads one page of people.
fn try_roster(references: &Lists, page: &Page<'_>, allowed: &BTreeSet<Category>) -> Result<Roster, Error> {
    let wanted = Wanted::everything();
    match page.api {
        Api::Older => read::<Older>(references, page, &wanted, allowed),
        Api::Newer => read::<Newer>(references, page, &wanted, allowed),
    }
}

/// Reads what is wanted of one page of people.
fn read<L: Layout>(
    references: &Lists,
    page: &Page<'_>,
    wanted: &Wanted,
    allowed: &BTreeSet<Category>,
) -> Result<Roster, Error> {
    let company = Company {
        id: CompanyId::parse("7").unwrap(),
        name: "Acme".into(),
    };
    let mut roster = Builder::wanting(wanted.clone(), company);
    let census = ByLayout::<L>::new(allowed, wanted, TODAY.parse().unwrap());
    let references = Arc::new(census.refer(references)?);
    let mut converter = census.begin(references, &mut roster);
    converter.convert(page.people, &page.lists, &mut roster)?;
    converter.finish(&roster)?;
    Ok(roster.finish(None).unwrap())
}

fn roster(references: &Lists, page: &Page<'_>) -> Roster {
    try_roster(references, page, &BTreeSet::new()).unwrap()
}

fn person(references: &Lists, page: &Page<'_>) -> Person {
    let people = roster(references, page).employees().unwrap();
    assert_eq!(people.len(), 1);
    people.into_iter().next().unwrap()
}

fn custom<'p>(person: &'p Person, name: &str) -> Field<&'p str> {
    let attribute = Attribute::parse(&format!("custom.{name}")).unwrap();
    person.attributes.field(attribute)
}

#[track_caller]
fn assert_shows(person: &Person, expected: &[(Canonical, Field<&str>)]) {
    for (attribute, field) in expected {
        assert_eq!(person.attributes.field(*attribute), *field, "{}", attribute.name());
    }
}

fn hidden(roster: &Roster) -> Vec<String> {
    let entry = |(attribute, reason): (&Attribute, &String)| format!("{attribute}: {reason}");
    roster.header.hidden.iter().map(entry).collect()
}
