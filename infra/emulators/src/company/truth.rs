//! The truth about people in canonical attributes, to be compared with what a reader made of it.

use super::Company;
use super::custom::FIELDS;
use crate::person::Person;
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use std::borrow::Cow;

/// One person in canonical attributes; empty ones are `null`.
pub(crate) struct Truth<'a> {
    pub(crate) company: &'a Company,
    pub(crate) person: &'a Person,
}

/// All people of a company.
pub(crate) struct Everybody<'a>(pub(crate) &'a Company);

impl Serialize for Everybody<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut people = serializer.serialize_seq(Some(self.0.people.len()))?;
        for person in &self.0.people {
            people.serialize_element(&Truth {
                company: self.0,
                person,
            })?;
        }
        people.end()
    }
}

impl<'a> Truth<'a> {
    /// Pay in major units, per pay period.
    fn pay_rate(&self) -> Option<String> {
        let version = self.company.current_version(self.person)?;
        Some(format!("{}.{:02}", version.pay_cents / 100, version.pay_cents % 100))
    }

    fn pay_currency(&self) -> Option<Cow<'a, str>> {
        let person = self.person;
        let currency = self.company.entity_of(person).map(|entity| entity.place.currency);
        person.text("pay_currency", || currency.map(Cow::from))
    }

    /// The text of a canonical attribute.
    pub(crate) fn value(&self, name: &str) -> Option<Cow<'a, str>> {
        let Self { company, person } = *self;
        let location = company.location_of(person);
        match name {
            "employee_number" => person.employee_number(),
            "first_name" => person.first_name(),
            "last_name" => person.last_name(),
            "known_as" => person.known_as(),
            "display_name" => person.display_name().map(Cow::from),
            "work_email" => person.work_email(&company.domain),
            "personal_email" => person.personal_email(),
            "mobile_phone" => person.mobile_phone(),
            "address_line_1" => person.address_line_1(),
            "address_line_2" => person.address_line_2(),
            "zip_code" => person.zip_code(),
            "city" => person.city(),
            "country" => person.country(),
            "birth_date" => person.birth_date(),
            "group" => company
                .entity_of(person)
                .map(|entity| entity.legal_name.as_str().into()),
            "department" => company.department_of(person),
            "team" => {
                let team = person.team.and_then(|team| company.team(team));
                team.map(|team| team.name.as_str().into())
            }
            "job_title" => {
                let version = company.current_version(person);
                version.and_then(|version| version.job_title).map(Cow::from)
            }
            "manager" => person.manager.map(|manager| manager.to_string().into()),
            "start_date" => person.has_contract().then(|| person.starts_on.to_string().into()),
            "termination_date" => person.ends_on.map(|last_day| last_day.to_string().into()),
            "employment_type" => Some(person.employment_type().into()),
            "pay_rate" => self.pay_rate().map(Cow::from),
            "pay_period" => person.pay_period(),
            "pay_currency" => self.pay_currency(),
            "work_city" => location.map(|location| location.place.city.into()),
            "work_location" => location.map(|location| location.name.as_str().into()),
            "time_zone" => location.map(|location| location.place.time_zone.into()),
            _ => None,
        }
    }
}

impl Serialize for Truth<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { company, person } = self;
        let mut members = serializer.serialize_map(None)?;
        members.serialize_entry("employee_id", &person.id.to_string())?;
        members.serialize_entry("status", person.status(company.today).name())?;
        for name in company.extent.attributes {
            members.serialize_entry(name, &self.value(name))?;
        }
        for (position, field) in FIELDS.iter().enumerate() {
            members.serialize_entry(
                &format!("custom.{}", field.slug),
                &company.custom_value(person, position),
            )?;
        }
        members.end()
    }
}
