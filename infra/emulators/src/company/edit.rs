//! Changing people from outside, in canonical attributes.

use super::custom::{FIELDS, Kind};
use super::{Company, seed, structure};
use crate::draw::{below, position};
use crate::person::Person;
use jiff::civil::Date;
use serde_json::{Map, Value};

/// Why a change was refused: the member and what it should have been.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) member: String,
    pub(crate) expected: String,
}

pub(super) fn refuse<T>(member: &str, expected: impl Into<String>) -> Result<T, Refused> {
    Err(Refused {
        member: member.to_owned(),
        expected: expected.into(),
    })
}

/// Attributes that are plain text and kept as edits.
const TEXTS: [&str; 14] = [
    "employee_number",
    "first_name",
    "last_name",
    "known_as",
    "work_email",
    "personal_email",
    "mobile_phone",
    "address_line_1",
    "address_line_2",
    "zip_code",
    "city",
    "country",
    "job_title",
    "pay_currency",
];

impl Company {
    /// Changes the named attributes of one person; either all of them or none. `Ok(false)` where no person has this id.
    pub(crate) fn change(&mut self, id: u64, changes: &Map<String, Value>) -> Result<bool, Refused> {
        let Some(mut person) = self.find_person(id).cloned() else {
            return Ok(false);
        };
        self.set_all(&mut person, changes)?;
        person.changed_on = self.today;
        if let Some(stored) = self.find_person_mut(id) {
            *stored = person;
        }
        self.revision += 1;
        Ok(true)
    }

    /// Adds a person with the given attributes and no others, who starts today where no start is given. Returns the id.
    pub(crate) fn hire(&mut self, attributes: &Map<String, Value>) -> Result<u64, Refused> {
        let is_given = |name: &str| attributes.get(name).is_some_and(|value| !value.is_null());
        let required = self.extent.required.iter();
        let mut texts = required.filter(|name| TEXTS.contains(name));
        if let Some(missing) = texts.find(|name| !is_given(name)) {
            return refuse(missing, "a text: nobody is without it in this HR system");
        }
        let mut person = self.newcomer();
        for name in TEXTS
            .iter()
            .copied()
            .chain(["birth_date"])
            .filter(|name| !["employee_number", "pay_currency"].contains(name))
        {
            person.edit(name, None);
        }
        for field in FIELDS {
            person.edit(format!("custom.{}", field.slug), None);
        }
        person.edit("department", None);
        (person.team, person.second_team, person.manager) = (None, None, None);
        self.set_all(&mut person, attributes)?;
        let id = person.id;
        self.people.push(person);
        self.revision += 1;
        Ok(id)
    }

    /// Returns a complete person who starts today, not yet added.
    pub(super) fn newcomer(&self) -> Person {
        let number = u32::try_from(self.people.len()).unwrap_or(u32::MAX);
        let last_id = self.people.last().map_or(0, |person| person.id);
        let mut person = seed::sketch(
            self,
            last_id + 1 + below(self.seed, 60_000 + u64::from(number), 4),
            number,
        );
        person.starts_on = self.today;
        person.changed_on = self.today;
        let managers: Vec<&Person> = self
            .people
            .iter()
            .filter(|other| other.reachable && other.ends_on.is_none() && other.starts_on < self.today)
            .take(64)
            .collect();
        person.manager = managers
            .get(position(person.key, 72, managers.len()))
            .map(|manager| manager.id);
        person
    }

    /// Sets every attribute; teams and departments founded on the way go again where one is refused.
    fn set_all(&mut self, person: &mut Person, values: &Map<String, Value>) -> Result<(), Refused> {
        let (teams, departments) = (self.teams.len(), self.departments.len());
        let set = values
            .iter()
            .try_for_each(|(name, value)| self.set(person, name, value));
        if set.is_err() {
            self.teams.truncate(teams);
            self.departments.truncate(departments);
        }
        set
    }

    fn set(&mut self, person: &mut Person, name: &str, value: &Value) -> Result<(), Refused> {
        let text = match value {
            Value::Null => None,
            Value::String(text) => Some(text.as_str()),
            Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                return refuse(name, "a text or null");
            }
        };
        if text.is_none_or(str::is_empty) && self.extent.required.contains(&name) {
            return refuse(name, "a text: nobody is without it in this HR system");
        }
        if let Some(known) = TEXTS.iter().find(|known| **known == name) {
            person.edit(*known, text.map(str::to_owned));
            return Ok(());
        }
        match (name, text) {
            ("birth_date", _) => {
                text.map(|text| date(name, text)).transpose()?;
                person.edit("birth_date", text.map(str::to_owned));
            }
            ("start_date", Some(text)) => {
                person.starts_on = date(name, text)?;
                person.employ();
            }
            ("start_date", None) if self.extent.has_people_without_contract => person.release(),
            ("termination_date", _) => person.ends_on = text.map(|text| date(name, text)).transpose()?,
            ("manager", _) => person.manager = text.map(|text| self.employee_id(name, text)).transpose()?,
            ("team", None) => (person.team, person.second_team, person.leads) = (None, None, false),
            ("team", Some(text)) => (person.team, person.leads) = (Some(self.team_named(text)), false),
            ("department", None) => person.edit("department", None),
            ("department", Some(text)) => {
                if self.find_department(text).is_none() {
                    self.departments.push(text.to_owned());
                }
                person.edit("department", Some(text.to_owned()));
            }
            ("group", Some(text)) => person.entity = self.entity_named(text)?,
            ("group", None) => return refuse(name, "the name of a legal entity of the company"),
            ("work_location", None) => person.location = None,
            ("work_location", Some(text)) => self.relocate(person, text)?,
            ("pay_rate", Some(text)) => {
                person.pay_cents = cents(name, text)?;
                person.raise_on = None;
            }
            ("pay_period", Some("yearly" | "monthly" | "weekly" | "daily" | "hourly")) => {
                person.edit("pay_period", text.map(str::to_owned));
            }
            ("employment_type", Some("full_time" | "part_time")) => {
                person.edit("employment_type", text.map(str::to_owned));
            }
            ("pay_period", _) => return refuse(name, "yearly, monthly, weekly, daily or hourly"),
            ("employment_type", _) => return refuse(name, "full_time or part_time"),
            ("start_date", None) => return refuse(name, "a date, YYYY-MM-DD"),
            ("pay_rate", None) => return refuse(name, "an amount in major units with at most two decimals"),
            ("status", _) => return refuse(name, "nothing: it follows from start_date and termination_date"),
            ("display_name", _) => return refuse(name, "nothing: it follows from known_as, first_name and last_name"),
            ("employee_id", _) => return refuse(name, "nothing: ids are given by the HR system"),
            ("work_city" | "time_zone", _) => return refuse(name, "nothing: it follows from work_location"),
            (other, _) if !self.has_custom_fields => {
                return refuse(other, "a canonical attribute: this HR system has no custom fields");
            }
            (other, _) => return Self::set_custom(person, other, text),
        }
        Ok(())
    }

    fn set_custom(person: &mut Person, name: &str, text: Option<&str>) -> Result<(), Refused> {
        let Some(field) = name
            .strip_prefix("custom.")
            .and_then(|slug| FIELDS.iter().find(|field| field.slug == slug))
        else {
            return refuse(
                name,
                "a canonical attribute, or custom.<slug> of a custom field of the company",
            );
        };
        match (field.kind, text) {
            (_, None)
            | (Kind::Text | Kind::LongText | Kind::MultipleChoice, Some(_))
            | (Kind::Rating, Some("1" | "2" | "3" | "4" | "5"))
            | (Kind::Checkbox, Some("true" | "false")) => {}
            (Kind::Date, Some(text)) => {
                date(name, text)?;
            }
            (Kind::Money | Kind::Cents, Some(text)) => {
                cents(name, text)?;
            }
            (Kind::Rating, Some(_)) => return refuse(name, "a number from 1 to 5 as text"),
            (Kind::Checkbox, Some(_)) => return refuse(name, "true or false as text"),
            (Kind::SingleChoice, Some(text)) => {
                if !field.options.contains(&text) {
                    return refuse(name, field.options.join(", "));
                }
            }
        }
        person.edit(format!("custom.{}", field.slug), text.map(str::to_owned));
        Ok(())
    }

    fn employee_id(&self, name: &str, text: &str) -> Result<u64, Refused> {
        match text.parse() {
            Ok(id) if self.find_person(id).is_some() => Ok(id),
            Ok(_) | Err(_) => refuse(name, "the employee_id of a person in the company"),
        }
    }

    /// Returns the team of this name, founded where there is none.
    fn team_named(&mut self, name: &str) -> u32 {
        self.find_team(name).unwrap_or_else(|| {
            self.teams.push(structure::Team {
                name: name.to_owned(),
                parent: None,
                depth: 0,
            });
            u32::try_from(self.teams.len() - 1).unwrap_or(u32::MAX)
        })
    }

    fn entity_named(&self, name: &str) -> Result<u8, Refused> {
        let found = self.entities.iter().position(|entity| entity.legal_name == name);
        match found.and_then(|position| u8::try_from(position).ok()) {
            Some(position) => Ok(position),
            None => refuse("group", "the name of a legal entity of the company"),
        }
    }

    fn relocate(&self, person: &mut Person, name: &str) -> Result<(), Refused> {
        let found = self.locations.iter().position(|location| location.name == name);
        match found.and_then(|position| u8::try_from(position).ok()) {
            Some(position) => {
                person.location = Some(position);
                Ok(())
            }
            None => refuse("work_location", "the name of a workplace of the company"),
        }
    }
}

pub(super) fn date(member: &str, text: &str) -> Result<Date, Refused> {
    match text.parse() {
        Ok(date) if text.len() == 10 => Ok(date),
        Ok(_) | Err(_) => refuse(member, "a date, YYYY-MM-DD"),
    }
}

/// Returns the hundredths of an amount written in major units.
pub(crate) fn cents(member: &str, text: &str) -> Result<i64, Refused> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty();
    if !digits(whole) || !digits(part) || whole.len() > 12 || part.len() > 2 {
        return refuse(member, "an amount in major units with at most two decimals");
    }
    let (whole, fraction): (i64, i64) = (whole.parse().unwrap_or_default(), part.parse().unwrap_or_default());
    Ok(whole * 100 + if part.len() == 1 { fraction * 10 } else { fraction })
}
