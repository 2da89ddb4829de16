//! One person as both APIs show them: which value becomes which attribute, in the order in which attributes are packed.

use std::borrow::Cow;

use crate::{
    connector::{Sight, Text},
    employee::Canonical,
};

/// What one of the APIs shows of a person.
#[derive(Debug, Default)]
pub(super) struct Person<'r> {
    pub(super) address: Text<'r>,
    pub(super) birth_date: Text<'r>,
    pub(super) department: Text<'r>,
    pub(super) display_name: Text<'r>,
    pub(super) number: Text<'r>,
    pub(super) status: Text<'r>,
    pub(super) first_name: Text<'r>,
    pub(super) employer: Text<'r>,
    pub(super) job_title: Text<'r>,
    pub(super) last_name: Text<'r>,
    pub(super) manager: Text<'r>,
    pub(super) mobile_phone: Text<'r>,
    pub(super) pay_currency: Text<'r>,
    pub(super) pay_rate: Text<'r>,
    pub(super) personal_email: Text<'r>,
    pub(super) starts_on: Text<'r>,
    pub(super) ends_on: Text<'r>,
    pub(super) time_zone: Text<'r>,
    pub(super) work_city: Text<'r>,
    pub(super) work_email: Text<'r>,
    pub(super) work_location: Text<'r>,
    /// The values of the custom fields that may be read, in the order of the fields.
    pub(super) custom: Vec<Text<'r>>,
}

impl Person<'_> {
    /// Puts the canonical attributes.
    pub(super) fn put(&self, id: &str, sight: &mut Sight) {
        let id = Text::Value(Cow::Borrowed(id));
        for (attribute, text) in [
            (Canonical::AddressLine1, &self.address),
            (Canonical::BirthDate, &self.birth_date),
            (Canonical::Department, &self.department),
            (Canonical::DisplayName, &self.display_name),
            (Canonical::EmployeeId, &id),
            (Canonical::EmployeeNumber, &self.number),
            (Canonical::EmploymentStatus, &self.status),
            (Canonical::FirstName, &self.first_name),
            (Canonical::Group, &self.employer),
            (Canonical::JobTitle, &self.job_title),
            (Canonical::LastName, &self.last_name),
            (Canonical::Manager, &self.manager),
            (Canonical::MobilePhone, &self.mobile_phone),
            (Canonical::PayCurrency, &self.pay_currency),
            (Canonical::PayRate, &self.pay_rate),
            (Canonical::PersonalEmail, &self.personal_email),
            (Canonical::StartDate, &self.starts_on),
            (Canonical::TerminationDate, &self.ends_on),
            (Canonical::TimeZone, &self.time_zone),
            (Canonical::WorkCity, &self.work_city),
            (Canonical::WorkEmail, &self.work_email),
            (Canonical::WorkLocation, &self.work_location),
        ] {
            sight.put(attribute, text);
        }
    }
}
