//! Recorded wire cases: what Lucca sends in either API, and what becomes of it.

mod custom;
mod newer;
mod older;

use std::{collections::BTreeSet, sync::Arc};

use super::{Converter, References};
use crate::{
    connector::{Converter as _, Lists, Resource},
    employee::{Attribute, Canonical, Category, CompanyId, Employee as Person, Field},
    roster::{Builder, Company, Roster},
    source::{Error, lucca::config::Api},
};

/// The day of every read.
const TODAY: &str = "2026-03-02";

/// A page of people, with the lists that belong to them.
struct Page<'a> {
    api: Api,
    people: &'a str,
    lists: Lists,
}

/// Returns lists of one page each; without one, the list may not be read.
fn lists<const N: usize>(pages: [(&Resource, Option<&str>); N]) -> Lists {
    let texts = pages.map(|(of, page)| (of, page.map(|text| vec![text.to_owned()])));
    texts.into_iter().collect()
}

/// Reads one page of people.
fn try_roster(references: &Lists, page: &Page<'_>, allowed: &BTreeSet<Category>) -> Result<Roster, Error> {
    let company = Company {
        id: CompanyId::parse("7").unwrap(),
        name: "Acme".into(),
    };
    let mut roster = Builder::new(company);
    let references = Arc::new(References::read(page.api, references, allowed)?);
    let mut converter = Converter::new(references, page.api, TODAY, &mut roster);
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
