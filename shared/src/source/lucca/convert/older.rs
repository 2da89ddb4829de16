//! A user of the older API: what is asked for of each attribute, and where it stands. Dates are midnights without a zone.

use super::{
    super::wire::{ESTABLISHMENTS, FIXED_ITEMS, User},
    pay::{self, Item, Pay},
    reference::References,
};
use crate::connector::{Joined, Text, Workplace, find, given};

/// What is shown of a user.
pub(in super::super) struct Shown<'r> {
    row: &'r User<'r>,
    /// The establishment, by its id.
    place: Text<'r>,
    pay: Pay<'r>,
    references: &'r References,
}

impl<'r> Shown<'r> {
    /// Puts together what belongs to a user, on a day.
    pub(super) fn new(
        row: &'r User<'_>,
        pay: Option<&'r Joined<Item<'_>>>,
        references: &'r References,
        today: &str,
    ) -> Self {
        let place = row.legal_entity.text("id");
        Self {
            pay: pay::applicable(pay, row.id.value(), &place, today),
            row,
            place,
            references,
        }
    }

    fn at(&self, member: fn(&Workplace) -> &Text<'static>) -> Text<'r> {
        find(self.references.workplaces.as_ref(), &self.place, member)
    }
}

/// A rule by which an attribute is read.
type Rule = for<'r> fn(&'r Shown<'r>) -> Text<'r>;

given! {
    /// What the older API gives, and so a key, each with the fields of users and the lists that it takes.
    pub(in super::super) OLDER: Rule {
        AddressLine1 = NeedsPermission ["address"] |user| user.row.address.lend();
        BirthDate = NeedsPermission ["birthDate"] |user| user.row.birth_date.lend();
        Department = NeedsPermission ["department.name"] |user| user.row.department.text("name");
        DisplayName = NeedsPermission ["name"] |user| user.row.name.lend();
        EmployeeId = Yes [] |user| user.row.id.lend();
        EmployeeNumber = Yes ["employeeNumber"] |user| user.row.number.lend();
        FirstName = Yes ["firstName"] |user| user.row.first_name.lend();
        Group = NeedsPermission ["legalEntity.id"; ESTABLISHMENTS] |user| user.at(|place| &place.employer);
        JobTitle = NeedsPermission ["jobTitle"] |user| user.row.job_title.lend();
        LastName = Yes ["lastName"] |user| user.row.last_name.lend();
        Manager = NeedsPermission ["manager.id"] |user| user.row.manager.text("id");
        MobilePhone = NeedsPermission ["professionalMobile"] |user| user.row.mobile.lend();
        PayCurrency = NeedsPermission ["legalEntity.id"; FIXED_ITEMS] |user| user.pay.currency.lend();
        PayRate = NeedsPermission ["legalEntity.id"; FIXED_ITEMS] |user| user.pay.rate.lend();
        PersonalEmail = NeedsPermission ["personalEmail"] |user| user.row.personal_email.lend();
        StartDate = NeedsPermission ["dtContractStart"] |user| user.row.contract_start.lend();
        TerminationDate = NeedsPermission ["dtContractEnd"] |user| user.row.contract_end.lend();
        TimeZone = NeedsPermission ["legalEntity.id"; ESTABLISHMENTS] |user| user.at(|place| &place.time_zone);
        WorkCity = NeedsPermission ["legalEntity.id"; ESTABLISHMENTS] |user| user.at(|place| &place.city);
        WorkEmail = Yes ["mail"] |user| user.row.mail.lend();
        WorkLocation = NeedsPermission ["legalEntity.name"] |user| user.row.legal_entity.text("name");
    }
}
