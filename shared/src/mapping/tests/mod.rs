//! What becomes of people, as seen from outside the room.

mod desired;
mod property;
mod scope;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::*;
use crate::{
    connection::{Condition, Configuration, CustomAttribute, Exception, LeaverPolicy, Preset, Test, ValueMap},
    employee::{
        Attribute, Attributes, Canonical, Category, CustomName, Employee, EmployeeBuilder, EmployeeId, Field, LastDay,
    },
};

/// A day on which nothing in particular happens.
const NOW: &str = "2026-03-10T04:00:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn custom(name: &str) -> CustomName {
    CustomName::parse(name).unwrap()
}

/// Returns an employee from names and texts: `-` is empty, what is not named is unseen.
fn employee(fields: &[(&str, &str)]) -> Employee {
    let mut builder = EmployeeBuilder::new();
    for (name, text) in fields {
        let field = if *text == "-" {
            Field::Empty
        } else {
            Field::Value(*text)
        };
        match Attribute::parse(name).unwrap() {
            Attribute::Canonical(canonical) => builder.set(canonical, field),
            Attribute::Custom(name) => builder.set_custom(&name, field),
        };
    }
    builder.build(EmployeeId::parse("42").unwrap())
}

/// A person whose record is complete.
const ANA: &[(&str, &str)] = &[
    ("first_name", "Ana"),
    ("last_name", "Ruiz"),
    ("work_email", "ana@example.com"),
    ("employment_status", "active"),
    ("start_date", "2020-01-01"),
    ("termination_date", "-"),
];

/// Returns Ana, whose record is complete, with more fields.
fn ana(more: &[(&str, &str)]) -> Employee {
    employee(&[ANA, more].concat())
}

/// Returns a configuration that carries over e-mail, names and these.
fn carrying(attributes: &[Canonical]) -> Configuration {
    Configuration {
        attributes: attributes.iter().copied().collect(),
        groups: None,
        ..Preset::Standard.configuration()
    }
}

fn mapped(configuration: &Configuration, employee: &Employee) -> Mapped {
    Mapper::new(configuration).unwrap().map_employee(employee, at(NOW))
}

fn desired(configuration: &Configuration, employee: &Employee) -> Desired {
    match mapped(configuration, employee) {
        Mapped::Desired(desired) => desired,
        other @ (Mapped::Filtered { .. }
        | Mapped::Skipped { .. }
        | Mapped::Unreadable { .. }
        | Mapped::Unjudged { .. }) => {
            panic!("not desired: {other:?}")
        }
    }
}

/// Returns a set of attributes as text, for reading in a test.
fn shown(attributes: &Attributes) -> String {
    let entries = attributes.view().iter().map(|entry| match entry.field {
        Field::Value(value) => format!("{}={value}", entry.attribute),
        Field::Empty => format!("{}=-", entry.attribute),
        Field::Unseen => format!("{}=?", entry.attribute),
    });
    entries.collect::<Vec<_>>().join(" ")
}

fn warnings(desired: &Desired) -> Vec<String> {
    desired.warnings.iter().map(ToString::to_string).collect()
}
