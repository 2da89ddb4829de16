//! How Staffology HR's people are laid out: pure, without a network.
//!
//! * A member that is not there may not be seen: unseen. `null` and an empty text are empty. What is empty for everybody is hidden, too, because
//!   a user of the API sees what its rights let it see.
//! * What a member is that many people share is an object with its name in `Value`.

#[cfg(test)]
mod tests;

use super::wire::{CUSTOM_FIELDS, OWNER, PEOPLE, PERSON, TERMINATION};
use crate::{
    connector::{
        Custom, Given, Layout, Nested, Resource, Shown, Text, Values, country,
        custom::{Definition, words_of},
        given, plain, reader,
    },
    employee::{CustomName, Wanted},
};

/// Where the parts of an address may stand in it.
const LINE_1: &[&str] = &["Line1", "AddressLine1", "Address1", "Street"];
const LINE_2: &[&str] = &["Line2", "AddressLine2", "Address2"];
const TOWN: &[&str] = &["Town", "City", "TownCity"];
const POST_CODE: &[&str] = &["PostCode", "Postcode", "PostalCode"];
const COUNTRY: &[&str] = &["Country"];
/// Where the id of a manager may stand in a lookup.
const MANAGER_ID: &[&str] = &["ID", "Id", "Key"];
/// Words in names of custom fields that say nothing of what one holds.
const PLAIN_WORDS: &[&str] = &[
    "additional",
    "box",
    "check",
    "custom",
    "customfield",
    "data",
    "date",
    "defined",
    "drop",
    "down",
    "extra",
    "field",
    "free",
    "list",
    "lookup",
    "misc",
    "notes",
    "number",
    "other",
    "spare",
    "text",
    "user",
    "userdefined",
    "value",
];
/// The last day, in the section that the list may lack.
const LAST_DAY: &str = "Termination.TerminationDate";

given! {
    /// What Staffology HR gives.
    GIVEN {
        AddressLine1 = NeedsPermission ["Personal.Address"], |one, _| first_line(one);
        AddressLine2 = NeedsPermission ["Personal.Address"], |one, _| part(one, LINE_2);
        BirthDate = NeedsPermission ["Personal.DateOfBirth"], |one, given| day(&plain(one, given));
        City = NeedsPermission ["Personal.Address"], |one, _| part(one, TOWN);
        Country = NeedsPermission ["Personal.Address"], |one, _| country::code_of(&part(one, COUNTRY));
        Department = Yes ["Contract.Department"], named;
        EmployeeId = Yes ["ID"];
        EmployeeNumber = Yes ["Personal.EmployeeNumber"];
        EmploymentType = Yes ["Contract.EmployeeType"], |one, given| reader::employment_type(&named(one, given));
        FirstName = Yes ["Personal.Forenames"];
        Group = Yes ["Contract.Company"], named;
        JobTitle = Yes ["Contract.Job"], named;
        KnownAs = Yes ["Personal.KnownAs"];
        LastName = Yes ["Personal.Surname"];
        Manager = Yes ["Contract.LineManager"], |one, _| manager(one);
        MobilePhone = NeedsPermission ["Personal.PersonalMobile"];
        PersonalEmail = NeedsPermission ["Personal.PersonalEmail"];
        StartDate = Yes ["Contract.StartDate"], |one, given| day(&plain(one, given));
        Team = Yes ["Contract.Team"], named;
        TerminationDate = NeedsPermission ["Termination"; PERSON "Termination.TerminationDate"], |one, _| day(&last_day(one));
        WorkEmail = Yes ["Personal.WorkEmail"];
        WorkLocation = Yes ["Contract.LocationDivision"], named;
        ZipCode = NeedsPermission ["Personal.Address"], |one, _| part(one, POST_CODE);
    }
}

/// The layout of Staffology HR.
#[derive(Debug)]
pub(super) struct People;

impl Layout for People {
    const FORM: u32 = 1;
    const PAGES_UNDER_WAY: usize = 1;
    const PEOPLE: Resource = PEOPLE;
    const ONE: &'static [(&'static str, &'static str)] = &[];
    const GIVEN: &'static [Given] = GIVEN;
    const CUSTOM: Custom = Custom {
        fields: CUSTOM_FIELDS,
        asked: &[],
        values: Values::Members {
            of: CUSTOM_FIELDS,
            person: OWNER,
        },
    };
    type Kind = ();

    /// Everybody comes with everything that the user of the API may see.
    fn asked(_: &Wanted) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// No row says which fields there are.
    fn define(_: Nested<'_>) -> Option<Definition<'_, ()>> {
        None
    }

    /// A name with a number in it, or with nothing but words that any field has, is a place, and does not say what the field holds: it is read
    /// where the configuration names it.
    fn define_member(name: &str, named: &[CustomName]) -> Option<Definition<'static, ()>> {
        if OWNER.contains(&name) || name.contains(char::REPLACEMENT_CHARACTER) {
            return None;
        }
        let words = words_of(name);
        let is_place = name.contains(char::is_numeric) || words.split([' ', '_', '-']).all(is_plain_word);
        let own = CustomName::from_label(&words);
        let is_named = own.is_some_and(|own| named.contains(&own));
        let words = Text::Value(words.into());
        // A label that cannot be read is that of a field of which nothing is known (R34).
        let (slug, label) = if is_place && !is_named {
            (words, Text::Odd)
        } else {
            (Text::Absent, words)
        };
        Some(Definition {
            id: name.to_owned().into(),
            slug,
            label,
            kind: (),
        })
    }

    fn read<'r>((): &(), value: Nested<'r>) -> Text<'r> {
        if value.is_object() {
            value.text("Value")
        } else {
            value.any()
        }
    }

    /// Of a person who has no row, or a row without the field, nothing is said.
    fn without_value(_: &Shown<'_>) -> Text<'static> {
        Text::Absent
    }
}

/// Whether a word says nothing of what a field holds: one that any field may have, or a letter.
fn is_plain_word(word: &str) -> bool {
    word.chars().count() < 2 || PLAIN_WORDS.iter().any(|own| own.eq_ignore_ascii_case(word))
}

/// Returns the name of what a member is that many people share.
fn named<'r>(one: &Shown<'r>, given: &Given) -> Text<'r> {
    let found = given.members.first().map(|path| one.find(path)).unwrap_or_default();
    if found.is_object() {
        found.text("Value")
    } else {
        found.whole()
    }
}

/// Returns the first of these members that an object has.
fn first<'r>(object: Nested<'r>, names: &[&str]) -> Text<'r> {
    let mut members = names.iter().map(|name| object.text(name));
    members.find(|text| *text != Text::Absent).unwrap_or_default()
}

/// Returns a part of an address; of one that is a text no part is known.
fn part<'r>(one: &Shown<'r>, names: &[&str]) -> Text<'r> {
    let address = one.find("Personal.Address");
    match address.whole() {
        Text::Value(_) => Text::Absent,
        Text::Absent | Text::Null | Text::Odd => first(address, names),
    }
}

/// Returns the first line of an address, or the text that it is.
fn first_line<'r>(one: &Shown<'r>) -> Text<'r> {
    match one.own("Personal.Address") {
        text @ Text::Value(_) => text,
        Text::Absent | Text::Null | Text::Odd => part(one, LINE_1),
    }
}

/// Returns the id of the manager. A name leads to nobody, and is no statement; nought is nobody.
fn manager<'r>(one: &Shown<'r>) -> Text<'r> {
    let found = one.find("Contract.LineManager");
    let id = if found.is_object() {
        first(found, MANAGER_ID)
    } else {
        found.whole()
    };
    match id.value() {
        Some("0" | "") => Text::Null,
        Some(text) if !text.bytes().all(|byte| byte.is_ascii_digit()) => Text::Absent,
        Some(_) | None => id,
    }
}

/// Returns what is said of the last day, in the list or else in the person's own row.
fn last_day<'r>(one: &Shown<'r>) -> Text<'r> {
    match one.own(TERMINATION) {
        Text::Absent => one.said_of(&PERSON, |row| row.at(LAST_DAY)),
        Text::Null | Text::Odd | Text::Value(_) => one.own(LAST_DAY),
    }
}

/// Returns the day of a text, without the hour behind it. A day before 1900, and that year's first, stand for none.
fn day(text: &Text<'_>) -> Text<'static> {
    text.read(|text| {
        let day = text.get(..10).unwrap_or(text);
        let is_none = day.len() == 10 && day <= "1900-01-01" && day.as_bytes().get(4) == Some(&b'-');
        Some(if is_none {
            Text::Null
        } else {
            Text::Value(day.to_owned().into())
        })
    })
}
