//! What HR knows of each person beyond attributes: every employment, under which id they were here before, and what no
//! reader may keep.

use super::Company;
use super::custom::FIELDS;
use crate::person::Person;
use serde::Serialize;
use serde::ser::{SerializeSeq, Serializer};
use std::borrow::Cow;

/// One time with the company.
#[derive(Serialize)]
struct Employment {
    start: String,
    end: Option<String>,
}

/// One person's record.
#[derive(Serialize)]
struct Record<'a> {
    employee_id: String,
    /// The former id of a person who came back under a new one.
    rehire_of: Option<String>,
    employments: Vec<Employment>,
    department: Option<Cow<'a, str>>,
    group: Option<&'a str>,
    cost_centre: Option<Cow<'a, str>>,
    bank_account: String,
    national_id: String,
    social_security_number: String,
}

/// Everybody's records.
pub(crate) struct Records<'a>(pub(crate) &'a Company);

impl Serialize for Records<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut people = serializer.serialize_seq(Some(self.0.people.len()))?;
        for person in &self.0.people {
            people.serialize_element(&self.0.record(person))?;
        }
        people.end()
    }
}

impl Company {
    fn record<'a>(&'a self, person: &'a Person) -> Record<'a> {
        let employments = person.spells().map(|(starts_on, ends_on)| Employment {
            start: starts_on.to_string(),
            end: ends_on.map(|last_day| last_day.to_string()),
        });
        let cost_centre = FIELDS.iter().position(|field| field.slug == "cost_centre");
        Record {
            employee_id: person.id.to_string(),
            rehire_of: person.return_of.map(|former| former.to_string()),
            employments: employments.collect(),
            department: self.department_of(person),
            group: self.entity_of(person).map(|entity| entity.legal_name.as_str()),
            cost_centre: cost_centre.and_then(|position| self.custom_value(person, position)),
            bank_account: person.bank_number(),
            national_id: person.national_id(),
            social_security_number: person.social_security_number(),
        }
    }
}
