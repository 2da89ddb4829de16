//! Users of the older API: what is asked for of each attribute, and where it stands. Dates are midnights without a zone.

use std::{borrow::Cow, collections::BTreeMap};

use super::{
    super::wire::{ESTABLISHMENTS, EXTENSIONS, FIXED_ITEMS, USERS},
    custom,
};
use crate::{
    connector::{
        Custom, Given, ID, Layout, Nested, Reach, Resource, Shown, Text, Values, asked_for, custom::Definition, given,
    },
    employee::Wanted,
};

/// The member of a user that holds the custom fields.
const EXTENDED: &str = "extendedData";

given! {
    /// What the older API gives, and so a key.
    pub(in super::super) GIVEN {
        AddressLine1 = NeedsPermission ["address"];
        BirthDate = NeedsPermission ["birthDate"];
        Department = NeedsPermission ["department.name"];
        DisplayName = NeedsPermission ["name"];
        EmployeeId = Yes [], |user, _| user.own(ID);
        EmployeeNumber = Yes ["employeeNumber"];
        FirstName = Yes ["firstName"];
        Group = NeedsPermission ["legalEntity.id"; ESTABLISHMENTS "legalUnit.name"];
        JobTitle = NeedsPermission ["jobTitle"];
        LastName = Yes ["lastName"];
        Manager = NeedsPermission ["manager.id"];
        MobilePhone = NeedsPermission ["professionalMobile"];
        PayCurrency = NeedsPermission ["legalEntity.id"; FIXED_ITEMS "nature"], |user, _| currency(user);
        PayRate = NeedsPermission [; FIXED_ITEMS "amount"], |user, _| rate(user);
        PersonalEmail = NeedsPermission ["personalEmail"];
        StartDate = NeedsPermission ["dtContractStart"];
        TerminationDate = NeedsPermission ["dtContractEnd"];
        TimeZone = NeedsPermission ["legalEntity.id"; ESTABLISHMENTS "timezoneId" | "timeZoneId"];
        WorkCity = NeedsPermission ["legalEntity.id"; ESTABLISHMENTS "address.city"];
        WorkEmail = Yes ["mail"];
        WorkLocation = NeedsPermission ["legalEntity.name"];
    }
}

/// The names of the choices of a custom field by their ids; none where it is no choice.
type Choices = BTreeMap<String, String>;

/// The layout of the older API.
#[derive(Debug)]
pub(in super::super) struct Older;

impl Layout for Older {
    const FORM: u32 = 1;
    const REACH: Reach = Reach::UserByNull;
    const PEOPLE: Resource = USERS;
    const GIVEN: &'static [Given] = GIVEN;
    const ONE: &'static [(&'static str, &'static str)] = &[("fields", ID), ("paging", "0,1")];
    /// The older API answers with what is named and nothing else.
    const CUSTOM: Custom = Custom {
        fields: EXTENSIONS,
        asked: &[("fields", "id,name,extensionUserPropertyListEntries,collection.count")],
        values: Values::Own {
            member: EXTENDED,
            id: None,
            value: "value",
        },
    };
    type Kind = Choices;

    /// Former and future people are among them.
    fn asked(wanted: &Wanted) -> Vec<(&'static str, String)> {
        vec![
            ("formerEmployees", "true".to_owned()),
            ("orderBy", "id,asc".to_owned()),
            ("fields", user_fields(wanted)),
        ]
    }

    fn define(row: Nested<'_>) -> Option<Definition<'_, Choices>> {
        let entries = row.member("extensionUserPropertyListEntries").list();
        let choice = |entry: Nested<'_>| {
            let (id, name) = (entry.text(ID), entry.text("name"));
            Some((id.value()?.to_owned(), name.value()?.to_owned()))
        };
        custom::define(row, entries.into_iter().flatten().filter_map(choice).collect())
    }

    /// A choice is the id of its option, several are a list of them.
    fn read<'r>(choices: &Choices, value: Nested<'r>) -> Text<'r> {
        let name = |id: &str| choices.get(id).map(|name| Text::Value(Cow::Owned(name.clone())));
        match value.list() {
            _ if choices.is_empty() => custom::plain(value),
            Some(ids) => Text::joined(ids.into_iter().map(|id| id.whole().read(name))),
            None => value.whole().read(name),
        }
    }
}

/// Returns the fields of users that serve what is wanted, as a list.
fn user_fields(wanted: &Wanted) -> String {
    let custom = wanted.wants_custom().then_some(EXTENDED);
    let named = asked_for(GIVEN, wanted).into_iter().chain(custom);
    let all: Vec<&str> = [ID].into_iter().chain(named).chain(["collection.count"]).collect();
    all.join(",")
}

/// The amount of basic pay that applies. For which period it is paid is not said; amounts of two natures at one time are odd, because
/// what they come to together is not said either.
fn rate<'r>(user: &Shown<'r>) -> Text<'r> {
    let current = user.current(&FIXED_ITEMS);
    let nature = |item: &Nested<'r>| item.at("natureId");
    user.said_of(&FIXED_ITEMS, |item| {
        let is_ambiguous = current.iter().any(|other| nature(other) != nature(&item));
        if is_ambiguous {
            Text::Odd
        } else {
            item.member("amount").any()
        }
    })
}

/// The currency of the establishment at which a person works, among those that have this nature of pay.
fn currency<'r>(user: &Shown<'r>) -> Text<'r> {
    let place = user.own("legalEntity.id");
    user.said_of(&FIXED_ITEMS, |item| {
        let establishments = item.member("nature").member("establishments").list();
        let mut establishments = establishments.into_iter().flatten();
        let own = establishments.find(|one| place.value().is_some() && one.text(ID).value() == place.value());
        own.map_or(Text::Absent, |own| own.text("currencyCode"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::employee::Canonical;

    #[test]
    fn r46_a_field_that_serves_nothing_wanted_is_not_asked_for() {
        let wanted = Wanted::only([Canonical::WorkEmail.into(), Canonical::PayCurrency.into()]);
        assert_eq!(user_fields(&wanted), "id,legalEntity.id,mail,collection.count");
        assert!(user_fields(&Wanted::everything()).contains(EXTENDED));
    }

    #[test]
    fn r34_what_may_never_be_read_is_not_asked_for() {
        let fields = user_fields(&Wanted::everything());
        for never in [
            "iban",
            "bic",
            "rib",
            "bankName",
            "insuranceNumber",
            "nationality",
            "gender",
            "personalCard",
        ] {
            assert!(!fields.contains(never), "{never}");
        }
    }
}
