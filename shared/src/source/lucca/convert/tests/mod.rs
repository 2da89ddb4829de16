//! Recorded wire cases: what Lucca sends in either API, and what becomes of it.

mod custom;
mod newer;
mod older;

use std::{collections::BTreeSet, sync::Arc};

use super::{Converter, PageTexts, ReferenceTexts, References};
use crate::{
    employee::{Attribute, Canonical, Category, CompanyId, Employee as Person, Field},
    roster::{Builder, Company, Roster},
    source::{Error, lucca::config::Api},
};

/// The day of every read.
const TODAY: &str = "2026-03-02";

/// Reads one page of people.
fn try_roster(
    references: &ReferenceTexts<&str>,
    page: &PageTexts<&str>,
    allowed: &BTreeSet<Category>,
) -> Result<Roster, Error> {
    let company = Company {
        id: CompanyId::parse("7").unwrap(),
        name: "Acme".into(),
    };
    let api = match page {
        PageTexts::Older { .. } => Api::Older,
        PageTexts::Newer { .. } => Api::Newer,
    };
    let mut roster = Builder::new(company);
    let references = Arc::new(References::read(references, allowed)?);
    let mut converter = Converter::new(references, api, TODAY, &mut roster);
    converter.convert_page(page, &mut roster)?;
    converter.finish(&roster)?;
    Ok(roster.finish(None).unwrap())
}

fn roster(references: &ReferenceTexts<&str>, page: &PageTexts<&str>) -> Roster {
    try_roster(references, page, &BTreeSet::new()).unwrap()
}

fn person(references: &ReferenceTexts<&str>, page: &PageTexts<&str>) -> Person {
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
