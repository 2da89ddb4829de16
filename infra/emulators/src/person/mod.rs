//! One invented person: a small skeleton that is stored, and everything else drawn from the key when it is asked for.
//!
//! Keeping a skeleton is what lets a company of 100 000 start at once. Whatever a caller changes is kept as an edit by
//! canonical attribute name and wins over what would be drawn.

pub(crate) mod job;
pub(crate) mod name;
pub(crate) mod place;

use crate::company::Cast;
use crate::draw::{below, percent};
use jiff::civil::Date;
use place::Place;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The text found in every value that no reader may keep: bank numbers, national and social security numbers, religion,
/// union, health, emergency contacts. Searching logs and stores for it shows whether such a value got through.
pub const CANARY: &str = "CANARY";

/// The status of a person in the company.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    /// The contract starts later.
    Upcoming,
    /// At work today; the last day counts.
    Active,
    /// The last day has passed.
    Terminated,
}

impl Status {
    /// Returns the word in the controls.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Upcoming => "upcoming",
            Self::Active => "active",
            Self::Terminated => "terminated",
        }
    }
}

/// A time with the company that is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spell {
    pub(crate) starts_on: Date,
    pub(crate) ends_on: Date,
}

/// Edits by canonical attribute name; `None` is an emptied attribute.
pub(crate) type Edits = BTreeMap<Cow<'static, str>, Option<String>>;

/// What is stored of a person.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) id: u64,
    /// Everything that is invented about the person is drawn from this key.
    pub(crate) key: u64,
    /// Position in the company, from 0; never changes.
    pub(crate) number: u32,
    /// Which of the invented names it is: the person's position, except for a person who came back under a new id.
    pub(crate) face: u32,
    pub(crate) cast: Cast,
    pub(crate) starts_on: Date,
    /// Last day, past or planned.
    pub(crate) ends_on: Option<Date>,
    /// Times with the company before this one, oldest first.
    pub(crate) earlier: Vec<Spell>,
    /// The id that the person had before they came back under a new one.
    pub(crate) return_of: Option<u64>,
    /// When a planned raise takes effect.
    pub(crate) raise_on: Option<Date>,
    pub(crate) changed_on: Date,
    /// Employee id.
    pub(crate) manager: Option<u64>,
    /// Position in the company's teams; the first team is the one that counts.
    pub(crate) team: Option<u32>,
    pub(crate) second_team: Option<u32>,
    /// Whether the person leads the first team.
    pub(crate) leads: bool,
    /// Position in the company's locations.
    pub(crate) location: Option<u8>,
    /// Position in the list of places.
    pub(crate) home: u8,
    /// Position in the company's legal entities.
    pub(crate) entity: u8,
    pub(crate) job: job::Job,
    pub(crate) pay_cents: i64,
    /// Whether there is any e-mail address.
    pub(crate) reachable: bool,
    pub(crate) edits: Option<Box<Edits>>,
}

/// The edit that says that nobody employs a person.
const UNEMPLOYED: &str = "without_contract";

impl Person {
    /// Takes away every contract of a person.
    pub(crate) fn release(&mut self) {
        self.edit(UNEMPLOYED, Some(UNEMPLOYED.to_owned()));
        (self.ends_on, self.earlier) = (None, Vec::new());
    }

    /// Gives a person a contract again.
    pub(crate) fn employ(&mut self) {
        if let Some(edits) = &mut self.edits {
            edits.remove(UNEMPLOYED);
        }
    }

    /// Whether there is or was any contract of this person.
    pub(crate) fn has_contract(&self) -> bool {
        self.edits.as_ref().is_none_or(|edits| !edits.contains_key(UNEMPLOYED))
    }

    /// Returns the status of this person on `today`. Who has no contract has not begun.
    pub(crate) fn status(&self, today: Date) -> Status {
        if !self.has_contract() {
            Status::Upcoming
        } else if self.ends_on.is_some_and(|last_day| last_day < today) {
            Status::Terminated
        } else if self.starts_on > today {
            Status::Upcoming
        } else {
            Status::Active
        }
    }

    /// Every time with the company, oldest first: first and last day.
    pub(crate) fn spells(&self) -> impl Iterator<Item = (Date, Option<Date>)> {
        let earlier = self.earlier.iter();
        earlier
            .map(|spell| (spell.starts_on, Some(spell.ends_on)))
            .chain([(self.starts_on, self.ends_on)])
    }

    /// The first day of all.
    pub(crate) fn first_day(&self) -> Date {
        self.earlier.first().map_or(self.starts_on, |spell| spell.starts_on)
    }

    /// Becomes the same human as a person who left: name, birth date, home and everything else drawn; not what work
    /// gives.
    pub(crate) fn take_after(&mut self, former: &Self) {
        (self.key, self.face, self.home) = (former.key, former.face, former.home);
        self.return_of = Some(former.id);
    }

    /// Writes an edit down.
    pub(crate) fn edit(&mut self, name: impl Into<Cow<'static, str>>, value: Option<String>) {
        self.edits
            .get_or_insert_default()
            .insert(name.into(), value.filter(|text| !text.is_empty()));
    }

    /// Returns the edited value where there is one, else the invented one.
    pub(crate) fn text<'a>(
        &'a self,
        name: &str,
        invented: impl FnOnce() -> Option<Cow<'a, str>>,
    ) -> Option<Cow<'a, str>> {
        match self.edits.as_ref().and_then(|edits| edits.get(name)) {
            Some(edited) => edited.as_deref().map(Cow::Borrowed),
            None => invented(),
        }
    }

    fn name(&self) -> name::Name {
        name::invent(self.key, self.face, self.cast)
    }

    fn place(&self) -> Place {
        place::at(self.home)
    }

    pub(crate) fn employee_number(&self) -> Option<Cow<'_, str>> {
        self.text("employee_number", || Some(format!("E{:05}", self.number + 1).into()))
    }

    pub(crate) fn first_name(&self) -> Option<Cow<'_, str>> {
        self.text("first_name", || Some(self.name().first.into()))
    }

    /// Returns the family name; none for people with a single name.
    pub(crate) fn last_name(&self) -> Option<Cow<'_, str>> {
        self.text("last_name", || {
            Some(self.name().last).filter(|last| !last.is_empty()).map(Cow::from)
        })
    }

    pub(crate) fn known_as(&self) -> Option<Cow<'_, str>> {
        self.text("known_as", || self.name().known_as.map(Cow::from))
    }

    /// Returns first and last name.
    pub(crate) fn full_name(&self) -> String {
        match (self.first_name(), self.last_name()) {
            (Some(first), Some(last)) => format!("{first} {last}"),
            (Some(only), None) | (None, Some(only)) => only.into_owned(),
            (None, None) => String::new(),
        }
    }

    /// Returns the name to show: the preferred name, else the full one.
    pub(crate) fn display_name(&self) -> Option<String> {
        self.known_as().map_or_else(
            || Some(self.full_name()).filter(|name| !name.is_empty()),
            |known| Some(known.into_owned()),
        )
    }

    pub(crate) fn work_email(&self, domain: &str) -> Option<Cow<'_, str>> {
        self.text("work_email", || {
            let (first, last) = self.name().letters;
            self.reachable
                .then(|| format!("{first}.{last}.{}@{domain}", self.number + 1).into())
        })
    }

    pub(crate) fn personal_email(&self) -> Option<Cow<'_, str>> {
        self.text("personal_email", || {
            let (first, last) = self.name().letters;
            (self.reachable && percent(self.key, 10, 85))
                .then(|| format!("{last}{first}{}@post.example", self.face).into())
        })
    }

    /// Returns the number, mostly in E.164; one in ten lacks its country code, one in twenty is missing.
    pub(crate) fn mobile_phone(&self) -> Option<Cow<'_, str>> {
        self.text("mobile_phone", || {
            let mobile = self.place().mobile(self.key, 11);
            match below(self.key, 12, 20) {
                0 => None,
                1 | 2 => Some(
                    mobile
                        .trim_start_matches(self.place().mobile_prefix.0)
                        .to_owned()
                        .into(),
                ),
                3 => Some(mobile.trim_start_matches('+').to_owned().into()),
                _ => Some(mobile.into()),
            }
        })
    }

    /// Returns whether the HR system holds the mobile number as a JSON number.
    pub(crate) fn mobile_is_number(&self) -> bool {
        below(self.key, 12, 20) == 3
    }

    pub(crate) fn address_line_1(&self) -> Option<Cow<'_, str>> {
        self.text("address_line_1", || Some(self.place().street(self.key, 13).into()))
    }

    pub(crate) fn address_line_2(&self) -> Option<Cow<'_, str>> {
        self.text("address_line_2", || {
            percent(self.key, 15, 25).then(|| format!("{}. B", 1 + below(self.key, 16, 9)).into())
        })
    }

    pub(crate) fn zip_code(&self) -> Option<Cow<'_, str>> {
        self.text("zip_code", || Some(self.place().postal_code(self.key, 20).into()))
    }

    pub(crate) fn city(&self) -> Option<Cow<'_, str>> {
        self.text("city", || Some(self.place().city.into()))
    }

    /// Returns the country, ISO 3166-1 alpha-2.
    pub(crate) fn country(&self) -> Option<Cow<'_, str>> {
        self.text("country", || Some(self.place().country.into()))
    }

    /// Returns the date of birth, `YYYY-MM-DD`.
    pub(crate) fn birth_date(&self) -> Option<Cow<'_, str>> {
        self.text("birth_date", || {
            let year = 1961 + i16::try_from(below(self.key, 30, 44)).unwrap_or_default();
            let month = 1 + below(self.key, 31, 12);
            Some(format!("{year}-{month:02}-{:02}", 1 + below(self.key, 32, 28)).into())
        })
    }

    /// Returns `female` or `male`, as HR systems ask; a third of them is empty.
    pub(crate) fn gender(&self) -> Option<&'static str> {
        match below(self.key, 33, 3) {
            0 => Some("female"),
            1 => Some("male"),
            _ => None,
        }
    }

    pub(crate) fn job_title(&self) -> Option<Cow<'_, str>> {
        self.text("job_title", || Some(self.job.title().into()))
    }

    /// Returns `yearly`, `monthly` or `hourly`.
    pub(crate) fn pay_period(&self) -> Option<Cow<'_, str>> {
        self.text("pay_period", || {
            Some(match below(self.key, 34, 10) {
                0 => "hourly".into(),
                1 | 2 => "monthly".into(),
                _ => "yearly".into(),
            })
        })
    }

    /// Returns the working time, in parts of 10 000 of a full week.
    pub(crate) fn working_time(&self) -> i64 {
        let drawn = if percent(self.key, 35, 15) { 5_000 } else { 10_000 };
        match self.text("employment_type", || None).as_deref() {
            Some("full_time") => 10_000,
            Some("part_time") => 5_000,
            Some(_) | None => drawn,
        }
    }

    /// `full_time` or `part_time`.
    pub(crate) fn employment_type(&self) -> &'static str {
        if self.working_time() < 10_000 {
            "part_time"
        } else {
            "full_time"
        }
    }

    /// Number of the identity card: never to be kept by a reader.
    pub(crate) fn national_id(&self) -> String {
        format!("{CANARY}-ID-{:08}", below(self.key, 40, 100_000_000))
    }

    /// Returns the social security number, which no reader may keep.
    pub(crate) fn social_security_number(&self) -> String {
        format!("{CANARY}-SSN-{:010}", below(self.key, 41, 10_000_000_000))
    }

    /// Returns the bank number in the form of an IBAN, which no reader may keep.
    pub(crate) fn bank_number(&self) -> String {
        format!(
            "{}00{CANARY}{:014}",
            self.place().country,
            below(self.key, 42, 100_000_000_000_000)
        )
    }
}
