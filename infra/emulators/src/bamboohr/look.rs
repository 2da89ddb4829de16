//! One person as this API words them: names of countries, amounts with their currency, and history values of a day.

use crate::company::contract::Version;
use crate::company::{Company, truth::Truth};
use crate::person::{Person, Status};
use jiff::civil::Date;
use std::borrow::Cow;

/// A value, which may be missing.
pub(super) type Text<'a> = Option<Cow<'a, str>>;

/// Names of countries, as this API has them instead of codes.
const COUNTRIES: [(&str, &str); 16] = [
    ("AU", "Australia"),
    ("BR", "Brazil"),
    ("CH", "Switzerland"),
    ("DE", "Germany"),
    ("ES", "Spain"),
    ("FR", "France"),
    ("GB", "United Kingdom"),
    ("IN", "India"),
    ("JP", "Japan"),
    ("MX", "Mexico"),
    ("NP", "Nepal"),
    ("NZ", "New Zealand"),
    ("PL", "Poland"),
    ("PT", "Portugal"),
    ("SG", "Singapore"),
    ("US", "United States"),
];

/// The name of a country; the code where it has none here.
pub(super) fn country_name(code: &str) -> &str {
    let found = COUNTRIES.iter().find(|(known, _)| *known == code);
    found.map_or(code, |(_, name)| *name)
}

/// A person on the day of the request.
#[derive(Clone, Copy)]
pub(super) struct Look<'a> {
    pub(super) company: &'a Company,
    pub(super) person: &'a Person,
    /// Whether history values must have begun.
    pub(super) only_current: bool,
}

impl<'a> Look<'a> {
    /// Returns a person as they are today: what a caller sees who does not ask for the future.
    pub(super) const fn current(company: &'a Company, person: &'a Person) -> Self {
        Self {
            company,
            person,
            only_current: true,
        }
    }

    /// A value as the truth words it.
    pub(super) fn plain(&self, attribute: &str) -> Text<'a> {
        let truth = Truth {
            company: self.company,
            person: self.person,
        };
        truth.value(attribute)
    }

    fn today(&self) -> Date {
        self.company.today
    }

    /// The terms that history values come from: those of today, or the last ones where the future counts.
    pub(super) fn terms(&self) -> Option<Version> {
        if !self.only_current {
            return self.company.versions(self.person).pop();
        }
        let terms = self.company.current_version(self.person)?;
        (terms.effective_on <= self.today()).then_some(terms)
    }

    /// A history value, where its history has begun.
    pub(super) fn begun(&self, value: Text<'a>) -> Text<'a> {
        value.filter(|_| !self.only_current || self.person.starts_on <= self.today())
    }

    /// `Active` until the day after the last one.
    pub(super) fn status(&self) -> &'static str {
        match self.person.status(self.today()) {
            Status::Terminated => "Inactive",
            Status::Active | Status::Upcoming => "Active",
        }
    }

    /// What the newest row of the table of employment statuses says.
    pub(super) fn employment(&self) -> Option<&'static str> {
        let last_day = self.person.ends_on;
        if last_day.is_some_and(|last_day| !self.only_current || last_day <= self.today()) {
            return Some("Terminated");
        }
        let is_future = self.only_current && self.person.starts_on > self.today();
        (!is_future).then(|| hours(self.person))
    }

    /// Amount and currency; the amount is blank where there is none.
    pub(super) fn pay_rate(&self) -> String {
        let currency = self.plain("pay_currency").unwrap_or_default();
        let amount = self.terms().map(|terms| amount(terms.pay_cents));
        format!("{} {currency}", amount.unwrap_or_default())
    }

    /// `Year`, `Month`, `Week`, `Day` or `Hour`.
    pub(super) fn paid_per(&self) -> Option<&'static str> {
        self.terms()?;
        paid_per(self.person)
    }

    pub(super) fn manager(&self) -> Option<&'a Person> {
        self.company.find_person(self.person.manager?)
    }
}

/// The names of a person's teams, the one that counts first.
pub(super) fn teams<'a>(company: &'a Company, person: &Person) -> Vec<&'a str> {
    let positions = [person.team, person.second_team].into_iter().flatten();
    let known = positions.filter_map(|team| company.team(team));
    known.map(|team| team.name.as_str()).collect()
}

/// `Full-Time` or `Part-Time`.
pub(super) fn hours(person: &Person) -> &'static str {
    if person.working_time() < 10_000 {
        "Part-Time"
    } else {
        "Full-Time"
    }
}

/// What the amount is for.
pub(super) fn paid_per(person: &Person) -> Option<&'static str> {
    Some(match person.pay_period()?.as_ref() {
        "hourly" => "Hour",
        "daily" => "Day",
        "weekly" => "Week",
        "monthly" => "Month",
        _ => "Year",
    })
}

/// An amount in major units.
pub(super) fn amount(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// An instant of which only the date matters.
pub(super) fn stamp(date: Date) -> String {
    format!("{date}T08:30:00+00:00")
}

/// `Last, First`, as people are named in lists.
pub(super) fn last_first(person: &Person) -> String {
    match (person.last_name(), person.first_name()) {
        (Some(last), Some(first)) => format!("{last}, {first}"),
        (Some(only), None) | (None, Some(only)) => only.into_owned(),
        (None, None) => String::new(),
    }
}
