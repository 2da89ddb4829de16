//! One person: what is asked for of each attribute, and which rule makes it of what is shown.

use std::borrow::Cow;

use super::Workplaces;
use crate::{
    connector::{Cells, Columns, Text, asked_for, country, find, given},
    employee::{Wanted, fold},
};

/// The id, which comes unasked.
pub(super) const ID: &str = "id";
/// The first day.
pub(super) const HIRE_DATE: &str = "hireDate";
/// The kind of employment, the first of what has a history.
pub(super) const KIND: &str = "employmentHistoryStatus";
/// What is needed to judge any person.
const JUDGING: &[&str] = &[HIRE_DATE, "terminationDate", "status", KIND];

/// A date that stands for none.
const NO_DATE: &str = "0000-00-00";

/// Returns the columns that judging a person takes, and those that serve what is wanted.
pub(in super::super) fn columns_for(wanted: &Wanted) -> Vec<&'static str> {
    [JUDGING, &asked_for(ATTRIBUTES, wanted)].concat()
}

/// What is shown of one person.
pub(in super::super) struct Shown<'r> {
    row: &'r Cells<'r>,
    columns: &'r Columns,
    /// Whether their history has begun. Where it has not, what they lack of it is unseen.
    has_history: bool,
    /// Whether the first day lies ahead.
    begins_later: bool,
    workplaces: Option<&'r Workplaces>,
}

/// Names of columns.
type Names = &'static [&'static str];

/// A rule by which an attribute is made of its columns.
pub(in super::super) type Rule = for<'r> fn(&'r Shown<'r>, Names) -> Text<'r>;

given! {
    /// What BambooHR gives, each with the columns of a report that it takes.
    pub(in super::super) ATTRIBUTES: Rule {
        AddressLine1 = NeedsPermission ["address1"] plain;
        AddressLine2 = NeedsPermission ["address2"] plain;
        BirthDate = NeedsPermission ["dateOfBirth"] |one, names| date(plain(one, names));
        City = NeedsPermission ["city"] plain;
        Country = NeedsPermission ["country"] |one, names| country::code_of(&plain(one, names));
        Department = Yes ["department"] told;
        DisplayName = Yes ["displayName", "fullName1"] |one, _| one.said("displayName").or(&one.said("fullName1")).clone();
        EmployeeId = Yes [] |one, _| one.said(ID);
        EmployeeNumber = Yes ["employeeNumber"] plain;
        EmploymentStatus = Yes [] |one, _| one.status();
        EmploymentType = NeedsPermission [] |one, _| one.if_told(employment_type(&one.said(KIND)));
        FirstName = Yes ["firstName"] plain;
        Group = Yes ["division"] told;
        JobTitle = Yes ["jobTitle"] told;
        KnownAs = Yes ["preferredName"] plain;
        LastName = Yes ["lastName"] plain;
        Manager = Yes ["supervisorEId"] told;
        MobilePhone = NeedsPermission ["mobilePhone"] plain;
        PayCurrency = NeedsPermission ["payRate"] |one, names| one.if_told(pay(&plain(one, names)).1);
        PayPeriod = NeedsPermission ["payPer"] |one, names| one.if_told(pay_period(&plain(one, names)));
        PayRate = NeedsPermission ["payRate"] |one, names| one.if_told(pay(&plain(one, names)).0);
        PersonalEmail = NeedsPermission ["homeEmail"] plain;
        StartDate = Yes [] |one, _| date(one.said(HIRE_DATE));
        Team = Yes ["teams"] |one, names| one.if_told(first_team(&plain(one, names)));
        TerminationDate = NeedsPermission [] |one, _| one.last_day();
        TimeZone = NeedsPermission ["timezone", "location"] |one, names| one.time_zone(&plain(one, names));
        WorkCity = NeedsPermission ["location"] |one, names| find(one.workplaces, &told(one, names), |place| &place.city);
        WorkEmail = Yes ["workEmail"] plain;
        WorkLocation = Yes ["location"] told;
        ZipCode = NeedsPermission ["zipcode"] plain;
    }
}

impl<'r> Shown<'r> {
    /// A row as it is shown.
    pub(super) const fn new(
        row: &'r Cells<'r>,
        columns: &'r Columns,
        has_history: bool,
        begins_later: bool,
        workplaces: Option<&'r Workplaces>,
    ) -> Self {
        Self {
            row,
            columns,
            has_history,
            begins_later,
            workplaces,
        }
    }

    /// What a column says.
    pub(super) fn said(&self, name: &str) -> Text<'r> {
        self.columns.text(name, self.row)
    }

    /// The same text, where it is told already.
    fn if_told<'t>(&self, text: Text<'t>) -> Text<'t> {
        let is_told = self.has_history || text.has_text() || text == Text::Odd;
        if is_told { text } else { Text::Absent }
    }

    /// The last day. One that lies before the first day of a person who is active, or begins later, belongs to an employment
    /// before this one.
    fn last_day(&self) -> Text<'r> {
        let (first, last) = (date(self.said(HIRE_DATE)), date(self.said("terminationDate")));
        let is_active = self.said("status").value() == Some("Active");
        // Dates are written in the order of time.
        let is_earlier = last.has_text() && last.value() < first.value();
        if is_earlier && (is_active || self.begins_later) {
            Text::Null
        } else {
            last
        }
    }

    /// The status. Which one a person has before their first day is not known: one who begins later is not said to have left.
    fn status(&self) -> Text<'static> {
        let status = status(&self.said("status"));
        if self.begins_later && status.value() == Some("terminated") {
            Text::Absent
        } else {
            status
        }
    }

    /// The person's own time zone counts for more than that of the place of work.
    fn time_zone(&self, own: &Text<'r>) -> Text<'r> {
        let location = self.said("location");
        let place = self.workplaces.zip(location.value());
        let place = place.and_then(|(places, name)| places.get(name));
        place.map_or_else(|| own.clone(), |place| own.or(&place.time_zone.lend()).clone())
    }
}

/// What the first of these columns says.
fn plain<'r>(one: &'r Shown<'r>, names: Names) -> Text<'r> {
    names.first().map_or(Text::Absent, |name| one.said(name))
}

/// What the first of these columns says, which has a history.
fn told<'r>(one: &'r Shown<'r>, names: Names) -> Text<'r> {
    one.if_told(plain(one, names))
}

/// A date; `0000-00-00` is none.
fn date(text: Text<'_>) -> Text<'_> {
    if text.value() == Some(NO_DATE) {
        Text::Null
    } else {
        text
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::employee::Canonical;

    #[test]
    fn r46_a_column_that_serves_nothing_wanted_is_not_asked_for() {
        let wanted = Wanted::only([Canonical::WorkEmail.into(), Canonical::PayCurrency.into()]);
        assert_eq!(columns_for(&wanted), [JUDGING, &["payRate", "workEmail"]].concat());
        assert_eq!(columns_for(&Wanted::everything()).len(), 28, "each once");
    }
}
