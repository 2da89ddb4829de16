//! One person: which column becomes which attribute, in the order in which attributes are packed.

use std::borrow::Cow;

use super::{
    super::wire::{COLUMNS, Column},
    Converter,
};
use crate::{
    connector::{Cells, Text, country},
    employee::{Canonical, fold},
};

/// A date that stands for none.
const NO_DATE: &str = "0000-00-00";

impl Converter<'_> {
    /// Fills in one person. Where their history has not begun, what they lack of it is unseen.
    pub(super) fn fill(&mut self, row: &Cells<'_>, id: &str, has_history: bool) {
        let said = |column: Column| column.of(row);
        let told = |text: Text<'static>| {
            let is_told = has_history || text.has_text() || text == Text::Odd;
            if is_told { text } else { Text::Absent }
        };
        let history = |column: Column| told(said(column).keep());
        let (rate, currency) = pay(&said(Column::PayRate));
        let name = said(Column::DisplayName).or(&said(Column::FullName)).clone();
        let country = country::code_of(&said(Column::Country));
        let employment = employment_type(&said(Column::EmploymentHistoryStatus));
        let place = history(Column::Location);
        self.sight.put(Canonical::AddressLine1, &said(Column::Address1));
        self.sight.put(Canonical::AddressLine2, &said(Column::Address2));
        self.sight.put(Canonical::BirthDate, &date(said(Column::DateOfBirth)));
        self.sight.put(Canonical::City, &said(Column::City));
        self.sight.put(Canonical::Country, &country);
        self.sight.put(Canonical::Department, &history(Column::Department));
        self.sight.put(Canonical::DisplayName, &name);
        self.sight.put(Canonical::EmployeeId, &Text::Value(Cow::Borrowed(id)));
        self.sight.put(Canonical::EmployeeNumber, &said(Column::EmployeeNumber));
        self.sight
            .put(Canonical::EmploymentStatus, &status(&said(Column::Status)));
        self.sight.put(Canonical::EmploymentType, &told(employment));
        self.sight.put(Canonical::FirstName, &said(Column::FirstName));
        self.sight.put(Canonical::Group, &history(Column::Division));
        self.sight.put(Canonical::JobTitle, &history(Column::JobTitle));
        self.sight.put(Canonical::KnownAs, &said(Column::PreferredName));
        self.sight.put(Canonical::LastName, &said(Column::LastName));
        self.sight.put(Canonical::Manager, &history(Column::SupervisorId));
        self.sight.put(Canonical::MobilePhone, &said(Column::MobilePhone));
        self.sight.put(Canonical::PayCurrency, &told(currency));
        let period = pay_period(&said(Column::PayPer));
        self.sight.put(Canonical::PayPeriod, &told(period));
        self.sight.put(Canonical::PayRate, &told(rate));
        self.sight.put(Canonical::PersonalEmail, &said(Column::HomeEmail));
        self.sight.put(Canonical::StartDate, &date(said(Column::HireDate)));
        let team = first_team(&said(Column::Teams));
        self.sight.put(Canonical::Team, &told(team));
        self.sight.put(Canonical::TerminationDate, &last_day(row));
        self.fill_workplace(row, &place);
        self.sight.put(Canonical::ZipCode, &said(Column::ZipCode));
        for (position, field) in self.fields.iter().enumerate() {
            self.sight.put_custom(field, &row.any(COLUMNS.len() + position));
        }
    }

    /// Time zone, town and name of the place of work, and between them the e-mail, in the order of packing. The person's own
    /// time zone counts for more than the place's.
    fn fill_workplace(&mut self, row: &Cells<'_>, name: &Text<'_>) {
        let place = name.value().zip(self.workplaces.as_ref());
        let place = place.and_then(|(name, places)| places.get(name));
        let city = match (place, name) {
            (Some(place), _) => place.city.lend(),
            (None, Text::Null) => Text::Null,
            (None, Text::Absent | Text::Odd | Text::Value(_)) => Text::Absent,
        };
        let own = Column::TimeZone.of(row);
        let time_zone = place.map_or(own.lend(), |place| own.lend().or(&place.time_zone.lend()).clone());
        self.sight.put(Canonical::TimeZone, &time_zone);
        self.sight.put(Canonical::WorkCity, &city);
        self.sight.put(Canonical::WorkEmail, &Column::WorkEmail.of(row));
        self.sight.put(Canonical::WorkLocation, name);
    }
}

/// A date; `0000-00-00` is none.
fn date(text: Text<'_>) -> Text<'_> {
    if text.value() == Some(NO_DATE) {
        Text::Null
    } else {
        text
    }
}

/// The last day. One that lies before the first day of an active person belongs to an employment before this one.
fn last_day<'a>(row: &Cells<'a>) -> Text<'a> {
    let (first, last) = (date(Column::HireDate.of(row)), date(Column::TerminationDate.of(row)));
    let is_active = Column::Status.of(row).value() == Some("Active");
    // Dates are written in the order of time.
    let is_earlier = last.has_text() && last.value() < first.value();
    if is_active && is_earlier { Text::Null } else { last }
}

fn status(text: &Text<'_>) -> Text<'static> {
    text.read(|status| match status {
        "Active" => Some(Text::word("active")),
        "Inactive" => Some(Text::word("terminated")),
        _ => None,
    })
}

/// The kind of employment, in the company's words but for full and part time. Of a person who left it is not told any more.
fn employment_type(text: &Text<'_>) -> Text<'static> {
    text.read(|kind| {
        Some(match fold(kind).replace(['-', '_'], " ").trim() {
            "full time" => Text::word("full_time"),
            "part time" => Text::word("part_time"),
            "terminated" => Text::Absent,
            "" => Text::Null,
            _ => Text::Value(Cow::Owned(kind.to_owned())),
        })
    })
}

/// The first of several teams.
fn first_team(text: &Text<'_>) -> Text<'static> {
    text.read(|teams| {
        let first = teams.split(", ").next().unwrap_or_default();
        Some(Text::Value(Cow::Owned(first.to_owned())))
    })
}

/// Amount and currency of a rate: `65000.00 USD`. Without an amount there is neither, and without a currency it is not known.
fn pay(text: &Text<'_>) -> (Text<'static>, Text<'static>) {
    let (amount, currency) = match text.value().map(|rate| rate.split_once(' ').unwrap_or((rate, ""))) {
        Some((amount, currency)) => (amount.trim(), currency.trim()),
        None => ("", ""),
    };
    let owned = |text: &str| Text::Value(Cow::Owned(text.to_owned()));
    let is_code = currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_alphabetic());
    let rate = text.read(|_| Some(if amount.is_empty() { Text::Null } else { owned(amount) }));
    let currency = text.read(|_| match currency {
        _ if amount.is_empty() => Some(Text::Null),
        "" => Some(Text::Absent),
        code => is_code.then(|| owned(&code.to_ascii_uppercase())),
    });
    (rate, currency)
}

fn pay_period(text: &Text<'_>) -> Text<'static> {
    text.translate(&[
        ("Year", "year"),
        ("Month", "month"),
        ("Week", "week"),
        ("Day", "day"),
        ("Hour", "hour"),
    ])
}
