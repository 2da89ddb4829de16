//! How Personio's people are laid out: pure, without a network.
//!
//! * An attribute that the client may not read is not sent, neither of a person nor of an employment: what is missing is unseen, and
//!   `null` is empty.
//! * Of several employments the one counts that applies: the current one, else the next, else the last.
//! * The vendor's examples write words in either case: case does not count. `UNSPECIFIED` says nothing.

#[cfg(test)]
mod tests;

use super::wire::{ATTRIBUTES, COMPENSATIONS, EMPLOYMENTS, HOURLY, LEGAL_ENTITIES, PERSONS, UNITS, WORKPLACES};
use crate::{
    connector::{
        Custom, Given, Layout, Nested, Resource, Shown, Text, Values, custom::Definition, given, plain, reader,
    },
    employee::Wanted,
};

/// The member that holds a person's custom fields, and with them what Personio has of each person beside work.
const FIELDS: &str = "custom_attributes";
/// What the ids of such fields begin with.
const FIELD: &str = "dynamic_";
/// Fields that every customer has, by the names that Personio gives them; other names are not published.
const BIRTH_DATE: &str = "date_of_birth";
const PERSONAL_EMAIL: &str = "personal_email";

/// Words, and what each is called here.
type Words = &'static [(&'static str, &'static str)];

/// Where a person stands.
const STATES: Words = &[
    ("ACTIVE", "active"),
    ("LEAVE", "active"),
    ("ONBOARDING", "upcoming"),
    ("INACTIVE", "terminated"),
];
/// Whether a person is employed.
const KINDS: Words = &[("INTERNAL", "internal"), ("EXTERNAL", "external")];
/// The times for which people are paid; for a quarter and for half a year there is no word here.
const PERIODS: Words = &[("MONTHLY", "month"), ("YEARLY", "year")];

given! {
    /// What Personio gives.
    GIVEN {
        BirthDate = NeedsPermission ["custom_attributes"], |one, _| reader::day(&preset(one, BIRTH_DATE));
        Department = NeedsPermission [; EMPLOYMENTS "org_units", UNITS "name"], |one, given| unit(one, given, "department");
        EmployeeId = Yes ["id"];
        EmploymentStatus = NeedsPermission [; EMPLOYMENTS "status"], |one, given| word(&plain(one, given), STATES);
        EmploymentType = NeedsPermission [; EMPLOYMENTS "type"], |one, given| word(&plain(one, given), KINDS);
        FirstName = Yes ["first_name"];
        Group = NeedsPermission [; EMPLOYMENTS "legal_entity.id", LEGAL_ENTITIES "name" | "legal_name"];
        JobTitle = NeedsPermission [; EMPLOYMENTS "position.title"];
        KnownAs = Yes ["preferred_name"];
        LastName = Yes ["last_name"];
        Manager = NeedsPermission [; EMPLOYMENTS "supervisor.id"];
        PayCurrency = NeedsPermission [; COMPENSATIONS "currency"];
        PayPeriod = NeedsPermission [; COMPENSATIONS "interval"], |one, _| period(one);
        PayRate = NeedsPermission [; COMPENSATIONS "value"], |one, _| one.said_of(&COMPENSATIONS, |pay| pay.member("value").any());
        PersonalEmail = NeedsPermission ["custom_attributes"], |one, _| preset(one, PERSONAL_EMAIL);
        StartDate = NeedsPermission [; EMPLOYMENTS "employment_start_date"];
        Team = NeedsPermission [; EMPLOYMENTS "org_units", UNITS "name"], |one, given| unit(one, given, "team");
        TerminationDate = NeedsPermission [; EMPLOYMENTS "termination.termination_date" | "employment_end_date"];
        WorkEmail = Yes ["email"];
        WorkLocation = NeedsPermission [; EMPLOYMENTS "office.id", WORKPLACES "name"];
    }
}

/// How the value of a custom field is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// A day, perhaps with an hour behind it.
    Day,
    /// Anything else, as it is.
    Plain,
}

/// The layout of Personio.
#[derive(Debug)]
pub(super) struct People;

impl Layout for People {
    const FORM: u32 = 1;
    const PEOPLE: Resource = PERSONS;
    const ONE: &'static [(&'static str, &'static str)] = &[("limit", "1")];
    const GIVEN: &'static [Given] = GIVEN;
    const CUSTOM: Custom = Custom {
        fields: ATTRIBUTES,
        asked: &[],
        values: Values::Own {
            member: FIELDS,
            id: Some("id"),
            value: "value",
        },
    };
    type Kind = Written;

    /// People come with all that the client may read of them.
    fn asked(_: &Wanted) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// A field is called by the name that Personio gives it, where it has one, and else as the customer calls it.
    fn define(row: Nested<'_>) -> Option<Definition<'_, Written>> {
        let (id, preset) = (row.text("key").into_value()?, row.text("universal_id"));
        let is_canonical = [BIRTH_DATE, PERSONAL_EMAIL]
            .iter()
            .any(|own| preset.value() == Some(*own));
        let is_own = id.starts_with(FIELD) && !is_canonical;
        let is_day = row
            .text("type")
            .value()
            .is_some_and(|kind| kind.eq_ignore_ascii_case("date"));
        Some(Definition {
            id: Some(id).filter(|_| is_own)?,
            slug: preset,
            label: row.text("label"),
            kind: if is_day { Written::Day } else { Written::Plain },
        })
    }

    /// A field that is sent without a value has none.
    fn read<'r>(kind: &Written, value: Nested<'r>) -> Text<'r> {
        match (kind, value.any()) {
            (_, Text::Absent) => Text::Null,
            (Written::Day, text) => reader::day(&text),
            (Written::Plain, text) => text,
        }
    }

    /// A field that is not sent of a person may not be read.
    fn without_value(_: &Shown<'_>) -> Text<'static> {
        Text::Absent
    }
}

/// Returns what a person says in the field that Personio calls so.
fn preset<'r>(one: &Shown<'r>, name: &str) -> Text<'r> {
    let fields = one.nested(FIELDS).list().unwrap_or_default().into_iter();
    let is_called = |field: &Nested<'_>| {
        field
            .at("global_id")
            .value()
            .is_some_and(|own| own.eq_ignore_ascii_case(name))
    };
    let mut own = fields.filter(is_called).map(|field| field.member("value").whole());
    match own.next() {
        Some(Text::Absent) => Text::Null,
        own => own.unwrap_or_default(),
    }
}

fn word(text: &Text<'_>, words: Words) -> Text<'static> {
    if text
        .value()
        .is_some_and(|word| word.eq_ignore_ascii_case("UNSPECIFIED"))
    {
        return Text::Absent;
    }
    let upper = text.read(|word| Some(Text::Value(word.to_ascii_uppercase().into())));
    upper.translate(words)
}

/// Returns the name of the unit of a kind that a person works in.
fn unit<'r>(one: &Shown<'r>, given: &Given, kind: &str) -> Text<'r> {
    let id = one.said_of(&EMPLOYMENTS, |employment| unit_id(employment.member("org_units"), kind));
    let names = given.steps.last();
    names.map_or(Text::Absent, |names| one.follow(names, &id))
}

/// Returns the first unit of a kind by its kind and its id; null where there is none, and odd where a unit does not say of which kind it is.
fn unit_id(units: Nested<'_>, kind: &str) -> Text<'static> {
    let Some(all) = units.list() else {
        return units.whole().keep();
    };
    let lower = |kind: &str| Some(Text::Value(kind.to_lowercase().into()));
    let kinds: Vec<Text<'_>> = all.iter().map(|unit| unit.at("type").read(lower)).collect();
    if kinds.iter().any(|own| own.value().is_none()) {
        return Text::Odd;
    }
    let mut own = all.iter().zip(&kinds).filter(|(_, own)| own.value() == Some(kind));
    own.next().map_or(Text::Null, |(unit, _)| {
        unit.at("id")
            .read(|id| Some(Text::Value(format!("{kind}:{id}").into())))
    })
}

/// Returns for how long the pay is. Pay by the hour has an interval too: how often it is paid out.
fn period<'r>(one: &Shown<'r>) -> Text<'r> {
    one.said_of(&COMPENSATIONS, |pay| {
        if pay.at("category").value() == Some(HOURLY) {
            return Text::word("hour");
        }
        word(&pay.at("interval"), PERIODS)
    })
}
