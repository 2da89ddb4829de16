//! How PayFit's people are laid out: pure, without a network.
//!
//! * A member that is not there is unseen; `null` is empty. What is empty for everybody is hidden, because a scope opens it for everybody or
//!   for nobody.
//! * Days and status are those of the contracts in a person's own row (`days`); title and working time those of the contract that applies
//!   in the list of contracts, of those that are signed. A person without one has no statement on them: unseen.
//! * Of e-mails, telephones and addresses the type decides, in any case. An entry whose type cannot be read, or is not known, may be any: it
//!   empties nothing.

mod days;
#[cfg(test)]
mod tests;

use super::wire::{COLLABORATORS, CONTRACTS, NO_FIELDS, TERMS};
use crate::{
    connector::{
        Custom, Given, Layout, Nested, Resource, Shown, Text, Values, country, custom::Definition, given,
        instead_of_list, of_type, of_type_or_only,
    },
    employee::Wanted,
};

/// The two kinds of what people are reached by.
const PROFESSIONAL: &str = "professional";
const PERSONAL: &str = "personal";
const KINDS: &[&str] = &[PROFESSIONAL, PERSONAL];

given! {
    /// What PayFit gives.
    GIVEN {
        AddressLine1 = NeedsPermission ["addresses"], |one, _| home(one, "address");
        BankDetails = NeedsPermission ["iban", "bic"], |one, _| account(one);
        BirthDate = NeedsPermission ["birthDate"];
        City = NeedsPermission ["addresses"], |one, _| home(one, "city");
        Country = NeedsPermission ["addresses"], |one, _| country::code_of(&home(one, "country"));
        EmployeeId = Yes ["id"];
        EmployeeNumber = Yes ["matricule"];
        EmploymentStatus = NeedsPermission ["contracts", "terminationDate"], |one, _| days::status(one);
        EmploymentType = NeedsPermission [; CONTRACTS "isFullTime" | "fullTimeEquivalent"], |one, _| by_contract(one, working_time);
        FirstName = Yes ["firstName"];
        JobTitle = NeedsPermission [; CONTRACTS "jobName"], |one, _| by_contract(one, |contract| contract.text("jobName"));
        LastName = Yes ["lastName", "secondLastName"], |one, _| last_name(one);
        Manager = NeedsPermission ["managerId"];
        MobilePhone = NeedsPermission ["phoneNumbers"], |one, _| phone(one);
        PersonalEmail = NeedsPermission ["emails"], |one, _| email(one, PERSONAL);
        StartDate = NeedsPermission ["contracts"], |one, _| days::first(one);
        Team = NeedsPermission ["teamName"];
        TerminationDate = NeedsPermission ["contracts", "terminationDate"], |one, _| days::last(one);
        WorkEmail = Yes ["emails"], |one, _| email(one, PROFESSIONAL);
        ZipCode = NeedsPermission ["addresses"], |one, _| home(one, "postcode");
    }
}

/// The layout of all people.
#[derive(Debug)]
pub(super) struct Everybody;

impl Layout for Everybody {
    const FORM: u32 = 1;
    const PEOPLE: Resource = COLLABORATORS;
    const ONE: &'static [(&'static str, &'static str)] = &[("maxResults", "1")];
    const GIVEN: &'static [Given] = GIVEN;
    /// There are none: no list is asked for them, and no member holds them.
    const CUSTOM: Custom = Custom {
        fields: NO_FIELDS,
        asked: &[],
        values: Values::Own {
            member: "",
            id: None,
            value: "",
        },
    };
    type Kind = ();

    /// Everybody, with all members that the scopes open.
    fn asked(_: &Wanted) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    fn define(_: Nested<'_>) -> Option<Definition<'_, ()>> {
        None
    }

    fn read<'r>((): &(), _: Nested<'r>) -> Text<'r> {
        Text::Absent
    }
}

/// The e-mail address of a kind.
fn email<'r>(one: &Shown<'r>, kind: &str) -> Text<'r> {
    of_type(one.nested("emails"), kind, KINDS, "email")
}

/// The telephone: at work, or else at home.
fn phone<'r>(one: &Shown<'r>) -> Text<'r> {
    let of = |kind| of_type(one.nested("phoneNumbers"), kind, KINDS, "phoneNumber");
    of(PROFESSIONAL).or(&of(PERSONAL)).clone()
}

/// What a person's home address says: the personal one, or the only one that does not say what it is.
fn home<'r>(one: &Shown<'r>, member: &str) -> Text<'r> {
    of_type_or_only(one.nested("addresses"), PERSONAL, KINDS, member)
}

/// The last name, with the second one where a person has two.
fn last_name<'r>(one: &Shown<'r>) -> Text<'r> {
    match (one.own("lastName"), one.own("secondLastName")) {
        (_, Text::Odd) => Text::Odd,
        (Text::Value(last), Text::Value(second)) if !second.trim().is_empty() => {
            Text::Value(format!("{last} {second}").into())
        }
        (last, _) => last,
    }
}

/// The account that a person is paid to: its number, and what tells the bank.
fn account<'r>(one: &Shown<'r>) -> Text<'r> {
    Text::joined(["iban", "bic"].map(|part| one.own(part)))
}

/// What the contract says that applies today, of those that are signed, or else of those that are still being made.
fn by_contract<'r>(one: &Shown<'r>, read: impl Fn(Nested<'r>) -> Text<'r>) -> Text<'r> {
    match one.said_where(&CONTRACTS, |contract| TERMS.is_signed(contract), &read) {
        Text::Absent => one.said_of(&CONTRACTS, read),
        said @ (Text::Null | Text::Odd | Text::Value(_)) => said,
    }
}

/// Full or part time: as it is said, or else by the part of a full time. A number that is no such part says nothing.
fn working_time(contract: Nested<'_>) -> Text<'_> {
    let is_full = contract.member("isFullTime");
    let part = contract.member("fullTimeEquivalent").any();
    let part: Option<f64> = part.value().and_then(|part| part.parse().ok());
    let by_part = || part.filter(|part| *part > 0.0 && *part <= 1.0).map(|part| part >= 1.0);
    let said = match instead_of_list(is_full) {
        Text::Absent | Text::Null => by_part(),
        Text::Odd | Text::Value(_) => is_full.flag().0,
    };
    match said {
        Some(true) => Text::word("full_time"),
        Some(false) => Text::word("part_time"),
        None => instead_of_list(is_full),
    }
}
