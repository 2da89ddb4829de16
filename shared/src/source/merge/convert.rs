//! How Merge's people are laid out: pure, without a network.
//!
//! * Days are instants of which the date counts, as it is written.
//! * Of several employments the one counts that began last; of a person who begins later, the first one that begins then, where there is any.
//! * A model or a field that is switched off is `null` for everybody: what nobody has is hidden, not empty. A person without an employment
//!   has no statement on job and pay: unseen.
//! * Words that Merge could not map pass through as the HR system has them.

#[cfg(test)]
mod tests;

use super::wire::{ACCOUNTS_OF_PEOPLE, EMPLOYEES, EMPLOYMENTS, EXPANDED, FIELDS, FROM, ONE};
use crate::{
    connector::{
        Custom, Given, Layout, Nested, Resource, Shown, Text, Values, asked_for, country,
        custom::{Definition, words_of},
        given, plain, reader,
    },
    employee::{AttributeRef, Wanted},
};

/// The words for where a person stands.
const STATES: &[(&str, &str)] = &[
    ("ACTIVE", "active"),
    ("PENDING", "upcoming"),
    ("INACTIVE", "terminated"),
];
/// The times for which people are paid; for two weeks, half a month, a quarter and half a year there is no word here.
const PERIODS: &[(&str, &str)] = &[
    ("YEAR", "year"),
    ("MONTH", "month"),
    ("WEEK", "week"),
    ("DAY", "day"),
    ("HOUR", "hour"),
];
/// The member of a person's row that holds the fields that are mapped, by whom they were mapped for: all customers, or this one.
const MAPPINGS: &str = "field_mappings";
/// The member of a person's row that holds groups.
const GROUPS: &str = "groups";
/// Kinds of groups for which there is no attribute but a custom one, with its name and label.
pub(super) const UNITS: [(&str, &str, &str); 2] = [
    ("COST_CENTER", "cost_centre", "Cost centre"),
    ("BUSINESS_UNIT", "business_unit", "Business unit"),
];

given! {
    /// What Merge gives. Fields and models are switched on by the operator, and depend on the HR system behind it.
    GIVEN {
        AddressLine1 = NeedsPermission ["home_location.street_1"];
        AddressLine2 = NeedsPermission ["home_location.street_2"];
        BankDetails = NeedsPermission [; ACCOUNTS_OF_PEOPLE "account_number"], |one, _| account(one);
        BirthDate = NeedsPermission ["date_of_birth"], |one, given| reader::day(&plain(one, given));
        City = NeedsPermission ["home_location.city"];
        Country = NeedsPermission ["home_location.country"], |one, given| country::code_of(&plain(one, given));
        Department = NeedsPermission ["groups", "team.name"], |one, _| department(one);
        DisplayName = NeedsPermission ["display_full_name"];
        EmployeeId = Yes ["id"];
        EmployeeNumber = NeedsPermission ["employee_number"];
        EmploymentStatus = NeedsPermission ["employment_status"], |one, given| plain(one, given).translate(STATES);
        EmploymentType = NeedsPermission ["employments", "start_date"; EMPLOYMENTS "employment_type"],
            |one, _| reader::employment_type(&job(one, "employment_type"));
        FirstName = NeedsPermission ["first_name"];
        Group = NeedsPermission ["company.legal_name", "company.display_name"];
        JobTitle = NeedsPermission ["employments", "start_date"; EMPLOYMENTS "job_title"], |one, _| job(one, "job_title");
        KnownAs = NeedsPermission ["preferred_name"];
        LastName = NeedsPermission ["last_name"];
        Manager = NeedsPermission ["manager"];
        MobilePhone = NeedsPermission ["mobile_phone_number"];
        PayCurrency = NeedsPermission ["employments", "start_date"; EMPLOYMENTS "pay_currency"], |one, _| job(one, "pay_currency");
        PayPeriod = NeedsPermission ["employments", "start_date"; EMPLOYMENTS "pay_period"],
            |one, _| job(one, "pay_period").translate(PERIODS);
        PayRate = NeedsPermission ["employments", "start_date"; EMPLOYMENTS "pay_rate"], |one, _| job(one, "pay_rate");
        PersonalEmail = NeedsPermission ["personal_email"];
        StartDate = NeedsPermission ["start_date", "hire_date"], |one, given| reader::day(&plain(one, given));
        Team = NeedsPermission ["team.name", "groups"], |one, _| team(one);
        TerminationDate = NeedsPermission ["termination_date"], |one, given| reader::day(&plain(one, given));
        WorkCity = NeedsPermission ["work_location.city"];
        WorkEmail = NeedsPermission ["work_email"];
        WorkLocation = NeedsPermission ["work_location.name"];
        ZipCode = NeedsPermission ["home_location.zip_code"];
    }
}

/// Where the value of a custom field stands.
#[derive(Debug)]
pub(super) enum Held {
    /// In a mapping: for whom it was mapped, and the field's name there.
    Mapping(String, String),
    /// As the name of a group of this kind.
    Group(&'static str),
}

/// The layout of all people.
#[derive(Debug)]
pub(super) struct People;

impl Layout for People {
    const FORM: u32 = 1;
    const PEOPLE: Resource = EMPLOYEES;
    const ONE: &'static [(&'static str, &'static str)] = ONE;
    const GIVEN: &'static [Given] = GIVEN;
    const CUSTOM: Custom = Custom {
        fields: FIELDS,
        asked: &[],
        values: Values::Told {
            members: &[MAPPINGS, GROUPS],
        },
    };
    type Kind = Held;

    /// References come as whole objects where anything wanted stands in them.
    fn asked(wanted: &Wanted) -> Vec<(&'static str, String)> {
        let names: Vec<&str> = expanded(wanted).map(|(name, _)| name).collect();
        let asked = (!names.is_empty()).then(|| ("expand", names.join(",")));
        asked.into_iter().collect()
    }

    fn define(row: Nested<'_>) -> Option<Definition<'_, Held>> {
        let (of, key) = (row.text("of").into_value()?, row.text("key").into_value()?);
        let id = format!("{of}.{key}").into();
        if of == GROUPS {
            let (kind, slug, label) = UNITS.into_iter().find(|(kind, ..)| *kind == key)?;
            return Some(Definition {
                id,
                slug: Text::word(slug),
                label: Text::word(label),
                kind: Held::Group(kind),
            });
        }
        Some(Definition {
            id,
            label: Text::Value(words_of(&key).into()),
            kind: Held::Mapping(of.into_owned(), key.clone().into_owned()),
            slug: Text::Value(key),
        })
    }

    /// A value stands alone, or in an object with nothing else that counts.
    fn read<'r>(_: &Held, value: Nested<'r>) -> Text<'r> {
        if value.is_object() {
            value.member("value").any()
        } else {
            value.any()
        }
    }

    fn told<'r>(held: &Held, one: &Shown<'r>) -> Text<'r> {
        match held {
            Held::Group(kind) => group(one, kind),
            Held::Mapping(of, key) => Self::read(held, one.find(MAPPINGS).member(of).member(key)),
        }
    }
}

/// Returns what is asked for as whole objects, with the models that it comes from.
pub(super) fn expanded(wanted: &Wanted) -> impl Iterator<Item = (&'static str, &'static str)> + use<> {
    let members = asked_for(GIVEN, wanted);
    let wants_unit = UNITS
        .iter()
        .any(|(_, name, _)| wanted.wants(AttributeRef::Custom(name)));
    let is_asked = move |name: &str| {
        let mut heads = members.iter().map(|path| path.split('.').next().unwrap_or_default());
        heads.any(|head| head == name) || (name == GROUPS && wants_unit)
    };
    EXPANDED.into_iter().filter(move |(name, _)| is_asked(name))
}

/// Returns what the employment that applies says. One that began before the first day of a person who is still to begin is of an earlier
/// time with the company, where there is another one.
fn job<'r>(one: &Shown<'r>, member: &str) -> Text<'r> {
    let read = |row: Nested<'r>| row.member(member).any();
    let said = one.said_of(&EMPLOYMENTS, read);
    let Some(first) = one.day("start_date").filter(|first| *first > one.today) else {
        return said;
    };
    let first = first.to_string();
    let is_new = |row: Nested<'r>| Some(row.at(FROM).value().is_some_and(|from| *from >= *first));
    let new = one.said_where(&EMPLOYMENTS, is_new, read);
    if new == Text::Absent { said } else { new }
}

/// Returns the name of the first group of a kind; null where there is none, and odd where a group does not say of which kind it is.
fn group<'r>(one: &Shown<'r>, kind: &str) -> Text<'r> {
    let groups = one.nested(GROUPS);
    let Some(all) = groups.list() else {
        return groups.whole();
    };
    for one in all {
        match one.text("type") {
            Text::Odd => return Text::Odd,
            Text::Value(own) if own == kind => return one.text("name"),
            Text::Value(_) | Text::Absent | Text::Null => {}
        }
    }
    Text::Null
}

/// Returns the department. A person without any group has a team of the older model, if anything.
fn department<'r>(one: &Shown<'r>) -> Text<'r> {
    let is_without = one.nested(GROUPS).list().is_none_or(|groups| groups.is_empty());
    let own = group(one, "DEPARTMENT");
    if is_without {
        own.or(&one.own("team.name")).clone()
    } else {
        own
    }
}

/// Returns the team, of the older model or else of the newer one.
fn team<'r>(one: &Shown<'r>) -> Text<'r> {
    one.own("team.name").or(&group(one, "TEAM")).clone()
}

/// The account that a person is paid to: its number, and what tells the bank.
fn account<'r>(one: &Shown<'r>) -> Text<'r> {
    one.said_of(&ACCOUNTS_OF_PEOPLE, |row| {
        let parts = ["account_number", "routing_number"].map(|part| row.at(part));
        Text::joined(
            parts
                .into_iter()
                .filter(|part| !matches!(part, Text::Absent | Text::Null)),
        )
    })
}
