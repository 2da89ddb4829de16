//! The HR systems: the people of one company each, and what may happen to them.

mod grant;
mod provider;
mod seen;
mod step;

use std::collections::BTreeMap;

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use rollcall::{
    employee::{Attribute, Canonical, CompanyId, EmployeeId, Field},
    roster::Company,
};

pub(crate) use grant::{Grants, Opened};
pub(crate) use provider::{Door, Hr, PROVIDER};
pub(crate) use seen::{Read, Shown};
pub(crate) use step::Step;

/// What HR holds of one person; an attribute that is not there is unseen.
pub(crate) type Person = BTreeMap<Attribute, Field<String>>;

/// The given names of a company; some people share one.
const NAMES: [&str; 16] = [
    "Ana", "Bo", "Cy", "Di", "Ed", "Fi", "Gus", "Hal", "Ida", "Jo", "Kim", "Lu", "Mo", "Ned", "Oz", "Pia",
];

/// Towns and job titles.
pub(crate) const VALUES: [&str; 5] = ["Oslo", "Rome", "Bern", "Graz", "Zagreb"];

/// The people of one company.
#[derive(Clone)]
pub(crate) struct Office {
    pub(crate) company: Company,
    pub(crate) people: BTreeMap<EmployeeId, Person>,
    /// Every telephone number that a person had here. No other person ever has that number, so it shows where the person is
    /// known.
    pub(crate) marks: BTreeMap<EmployeeId, Vec<String>>,
    made: u32,
}

/// Returns a text of an attribute.
pub(crate) fn text(person: &Person, canonical: Canonical) -> Option<&str> {
    match person.get(&canonical.into()) {
        Some(Field::Value(text)) => Some(text),
        Some(Field::Empty | Field::Unseen) | None => None,
    }
}

/// Returns the day in UTC.
pub(crate) fn day_of(now: Timestamp) -> Date {
    now.to_zoned(TimeZone::UTC).date()
}

impl Office {
    pub(crate) fn new(id: &str) -> Self {
        Self {
            company: Company {
                id: CompanyId::parse(id).unwrap(),
                name: format!("Company {id}"),
            },
            people: BTreeMap::new(),
            marks: BTreeMap::new(),
            made: 0,
        }
    }

    /// Returns a number that was not used in this company.
    fn next(&mut self) -> u32 {
        self.made += 1;
        self.made
    }

    /// Hires a person who has worked here for long. Returns the id.
    pub(crate) fn hire(&mut self, number: u8) -> EmployeeId {
        let id = EmployeeId::parse(&(100 + self.next()).to_string()).unwrap();
        let name = NAMES[usize::from(number) % NAMES.len()];
        let company = &self.company.id;
        let known = [
            (Canonical::FirstName, name.to_owned()),
            (Canonical::LastName, format!("Of{id}")),
            (
                Canonical::WorkEmail,
                format!("{}.{id}@{company}.test", name.to_lowercase()),
            ),
            (Canonical::EmployeeNumber, format!("N{company}{id}")),
            (Canonical::StartDate, "2020-01-01".to_owned()),
            (Canonical::KnownAs, name.to_owned()),
            (Canonical::City, "Oslo".to_owned()),
        ];
        let values = known
            .into_iter()
            .map(|(attribute, value)| (attribute.into(), Field::Value(value)));
        let mut person: Person = values.collect();
        for attribute in [Canonical::TerminationDate, Canonical::Manager, Canonical::JobTitle] {
            person.insert(attribute.into(), Field::Empty);
        }
        self.people.insert(id.clone(), person);
        self.mark(&id);
        id
    }

    /// Gives a person a telephone number that no other person ever has.
    fn mark(&mut self, id: &EmployeeId) {
        let number = self.next();
        let phone = format!("+346{:0>2}{number:0>6}", self.company.id.as_str());
        self.set(id, Canonical::MobilePhone, &phone);
        self.marks.entry(id.clone()).or_default().push(phone);
    }

    pub(crate) fn set(&mut self, id: &EmployeeId, attribute: Canonical, value: &str) {
        if let Some(person) = self.people.get_mut(id) {
            person.insert(attribute.into(), Field::Value(value.to_owned()));
        }
    }

    /// Returns whether the person's last day is over in the person's time zone, as HR says.
    pub(crate) fn has_left(&self, id: &EmployeeId, fallback_zone: &str, now: Timestamp) -> bool {
        let person = &self.people[id];
        let day = |canonical| text(person, canonical).map(|text| text.parse().unwrap());
        let zone = text(person, Canonical::TimeZone).unwrap_or(fallback_zone);
        let today = now.to_zoned(TimeZone::get(zone).unwrap()).date();
        is_over(day(Canonical::StartDate), day(Canonical::TerminationDate), today)
    }

    fn day(now: Timestamp, days: i8) -> String {
        day_of(now).checked_add(i64::from(days).days()).unwrap().to_string()
    }
}

/// Returns whether an employment is over. A last day before a first day that has come belongs to an earlier one (R14).
pub(crate) fn is_over(first_on: Option<Date>, last_on: Option<Date>, today: Date) -> bool {
    let begun_on = first_on.filter(|first_on| *first_on <= today);
    last_on.is_some_and(|last_on| last_on < today && begun_on.is_none_or(|begun_on| begun_on <= last_on))
}
