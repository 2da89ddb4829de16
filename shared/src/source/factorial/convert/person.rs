//! One person: which member becomes which attribute, in the order in which attributes are packed.

use std::borrow::Cow;

use super::{
    super::wire::{Contract, Employee, Text},
    Converter, Joined, References, custom,
};
use crate::employee::{Canonical, Decimal, Field};

/// The attributes that come from the contract.
pub(super) const FROM_CONTRACT: &[Canonical] = &[
    Canonical::EmploymentType,
    Canonical::JobTitle,
    Canonical::PayCurrency,
    Canonical::PayPeriod,
    Canonical::PayRate,
    Canonical::StartDate,
];

/// The attributes that come from the workplace.
pub(super) const FROM_LOCATION: &[Canonical] = &[Canonical::TimeZone, Canonical::WorkCity, Canonical::WorkLocation];

/// All attributes that are read. Factorial has no department, and the group is the target's.
pub(super) const READ: &[Canonical] = &[
    Canonical::AddressLine1,
    Canonical::AddressLine2,
    Canonical::BirthDate,
    Canonical::City,
    Canonical::Country,
    Canonical::DisplayName,
    Canonical::EmployeeId,
    Canonical::EmployeeNumber,
    Canonical::EmploymentStatus,
    Canonical::EmploymentType,
    Canonical::FirstName,
    Canonical::JobTitle,
    Canonical::KnownAs,
    Canonical::LastName,
    Canonical::Manager,
    Canonical::MobilePhone,
    Canonical::PayCurrency,
    Canonical::PayPeriod,
    Canonical::PayRate,
    Canonical::PersonalEmail,
    Canonical::StartDate,
    Canonical::Team,
    Canonical::TerminationDate,
    Canonical::TimeZone,
    Canonical::WorkCity,
    Canonical::WorkEmail,
    Canonical::WorkLocation,
    Canonical::ZipCode,
];

/// Full time, in hundredths of a percent.
const FULL_TIME: i64 = 10_000;

impl Converter {
    /// Fills the builder with one person.
    pub(super) fn fill(&mut self, row: &Employee<'_>, joined: &Joined<'_>, references: &References, id: &str) {
        let contract = find(&joined.contracts, id, |contract| &contract.employee_id);
        self.put(Canonical::AddressLine1, &row.address_line_1);
        self.put(Canonical::AddressLine2, &row.address_line_2);
        self.put(Canonical::BirthDate, &row.birthday_on);
        self.put(Canonical::City, &row.city);
        self.put(Canonical::Country, &row.country);
        self.put(Canonical::DisplayName, either(&row.preferred_name, &row.full_name));
        self.put(Canonical::EmployeeId, &Text::Value(Cow::Borrowed(id)));
        self.put(Canonical::EmployeeNumber, &row.company_identifier);
        self.put(Canonical::EmploymentStatus, &status(row));
        self.put(
            Canonical::EmploymentType,
            &contract.map_or(Text::Absent, employment_type),
        );
        self.put(Canonical::FirstName, &row.first_name);
        self.put(
            Canonical::JobTitle,
            contract.map_or(&Text::Absent, |contract| &contract.job_title),
        );
        self.put(Canonical::KnownAs, &row.preferred_name);
        self.put(Canonical::LastName, &row.last_name);
        self.put(Canonical::Manager, &row.manager_id);
        self.put(Canonical::MobilePhone, &row.phone_number);
        if let Some(contract) = contract {
            self.fill_pay(row, contract, references);
        }
        self.put(Canonical::PersonalEmail, &row.personal_email);
        self.put(Canonical::StartDate, &self.start(row, contract));
        self.put(Canonical::Team, self.team(joined, references, id));
        self.put(Canonical::TerminationDate, &row.terminated_on);
        self.fill_workplace(row, references);
        self.put(Canonical::ZipCode, &row.postal_code);
        self.fill_custom(joined, references, id);
    }

    fn fill_pay(&mut self, row: &Employee<'_>, contract: &Contract<'_>, references: &References) {
        let currency = match &contract.salary_currency {
            currency if currency.has_text() => currency,
            Text::Value(_) | Text::Absent | Text::Null | Text::Odd => self.company_currency(row, references),
        };
        self.put(Canonical::PayCurrency, currency);
        self.put(Canonical::PayPeriod, &pay_period(&contract.salary_frequency));
        self.put(Canonical::PayRate, &hundredths(&contract.salary_amount));
    }

    /// The currency of the person's legal entity, for API versions and contracts that name none.
    fn company_currency<'r>(&mut self, row: &Employee<'_>, references: &'r References) -> &'r Text<'static> {
        let Some(currencies) = &references.currencies else {
            self.lacks_currency = true;
            return &Text::Absent;
        };
        let found = row.legal_entity_id.value().and_then(|id| currencies.get(id));
        found.unwrap_or(&Text::Absent)
    }

    /// The first day: the contract's; the vendor's seniority date only where there is a contract list to compare with.
    fn start<'r>(&self, row: &'r Employee<'_>, contract: Option<&'r Contract<'_>>) -> Text<'r> {
        let start = match contract {
            Some(contract) => either(&contract.starts_on, &row.seniority_calculation_date),
            None if self.denied.contracts => &Text::Absent,
            None if row.seniority_calculation_date.value().is_some() => &row.seniority_calculation_date,
            None => &Text::Absent,
        };
        borrow(start)
    }

    fn team<'r>(&self, joined: &Joined<'_>, references: &'r References, id: &str) -> &'r Text<'static> {
        let Some(teams) = references.teams.as_ref().filter(|_| !self.denied.memberships) else {
            return &Text::Absent;
        };
        find_first(&joined.memberships, id, |membership| &membership.employee_id).map_or(&Text::Null, |membership| {
            let name = membership.team_id.value().and_then(|team| teams.get(team));
            name.unwrap_or(&Text::Absent)
        })
    }

    /// Time zone, town and name of the place of work, and between them the e-mail, in the order of packing.
    fn fill_workplace(&mut self, row: &Employee<'_>, references: &References) {
        const ABSENT: (&Text<'_>, &Text<'_>, &Text<'_>) = (&Text::Absent, &Text::Absent, &Text::Absent);
        let (time_zone, city, name) = match (&references.locations, &row.location_id) {
            (None, _) | (_, Text::Absent | Text::Odd) => ABSENT,
            (Some(_), Text::Null) => (&Text::Null, &Text::Null, &Text::Null),
            (Some(locations), Text::Value(id)) => locations
                .get(id.as_ref())
                .map_or(ABSENT, |location| (&location.time_zone, &location.city, &location.name)),
        };
        self.put(Canonical::TimeZone, time_zone);
        self.put(Canonical::WorkCity, city);
        self.put(Canonical::WorkEmail, either(&row.email, &row.login_email));
        self.put(Canonical::WorkLocation, name);
    }

    fn fill_custom(&mut self, joined: &Joined<'_>, references: &References, id: &str) {
        if self.denied.values {
            return;
        }
        let mut values = custom::of_person(&joined.values, id).iter().peekable();
        for (position, (field, count)) in references.fields.iter().zip(&mut self.tally.custom).enumerate() {
            let mut joined: Option<Text<'_>> = None;
            while let Some(entry) = values.next_if(|entry| entry.position == position) {
                joined = Some(field.combine(joined.take(), &entry.text));
            }
            let text = joined.unwrap_or(Text::Null);
            count.note(text.has_text() || text == Text::Odd);
            match &text {
                Text::Absent => {}
                Text::Null => {
                    self.employee.set_custom(&field.name, Field::Empty);
                }
                Text::Odd => {
                    self.employee.set_custom_invalid(&field.name);
                }
                Text::Value(text) => {
                    self.employee.set_custom(&field.name, Field::Value(text));
                }
            }
        }
    }
}

/// The last row of an employee in a list sorted by employee: of several contracts the latest.
fn find<'l, 'a, T>(rows: &'l [T], id: &str, employee: impl Fn(&T) -> &Text<'a>) -> Option<&'l T> {
    let end = rows.partition_point(|row| employee(row).value() <= Some(id));
    let row = rows.get(end.checked_sub(1)?)?;
    (employee(row).value() == Some(id)).then_some(row)
}

/// The first row of an employee in a list sorted by employee.
fn find_first<'l, 'a, T>(rows: &'l [T], id: &str, employee: impl Fn(&T) -> &Text<'a>) -> Option<&'l T> {
    let start = rows.partition_point(|row| employee(row).value() < Some(id));
    rows.get(start).filter(|row| employee(row).value() == Some(id))
}

fn borrow<'r>(text: &'r Text<'_>) -> Text<'r> {
    match text {
        Text::Absent => Text::Absent,
        Text::Null => Text::Null,
        Text::Odd => Text::Odd,
        Text::Value(text) => Text::Value(Cow::Borrowed(text)),
    }
}

/// The first that has text. That there is none is only known where both were shown.
fn either<'r, 'a>(first: &'r Text<'a>, second: &'r Text<'a>) -> &'r Text<'a> {
    if first.has_text() {
        first
    } else if second.has_text() {
        second
    } else if matches!(first, Text::Absent | Text::Odd) {
        first
    } else {
        second
    }
}

fn status(row: &Employee<'_>) -> Text<'static> {
    match row.active.0 {
        Some(true) => Text::Value(Cow::Borrowed("active")),
        Some(false) => Text::Value(Cow::Borrowed("terminated")),
        None => Text::Absent,
    }
}

/// Full or part time, from the share of a full week: the only neutral word there is. Without a share it is not known.
fn employment_type(contract: &Contract<'_>) -> Text<'static> {
    match &contract.working_time_percentage_in_cents {
        Text::Absent | Text::Null => Text::Absent,
        Text::Odd => Text::Odd,
        Text::Value(text) => match text.trim().parse::<i64>() {
            Ok(share) if share >= FULL_TIME => Text::Value(Cow::Borrowed("full_time")),
            Ok(share) if share > 0 => Text::Value(Cow::Borrowed("part_time")),
            Ok(_) | Err(_) => Text::Odd,
        },
    }
}

fn pay_period(frequency: &Text<'_>) -> Text<'static> {
    match frequency {
        Text::Absent => Text::Absent,
        Text::Null => Text::Null,
        Text::Odd => Text::Odd,
        Text::Value(text) => match text.as_ref() {
            "yearly" => Text::Value(Cow::Borrowed("year")),
            "monthly" => Text::Value(Cow::Borrowed("month")),
            "weekly" => Text::Value(Cow::Borrowed("week")),
            "daily" => Text::Value(Cow::Borrowed("day")),
            "hourly" => Text::Value(Cow::Borrowed("hour")),
            "" => Text::Null,
            _ => Text::Odd,
        },
    }
}

/// An amount of cents as a decimal number.
pub(super) fn hundredths(cents: &Text<'_>) -> Text<'static> {
    match cents {
        Text::Absent => Text::Absent,
        Text::Null => Text::Null,
        Text::Odd => Text::Odd,
        Text::Value(text) => text.trim().parse().map_or(Text::Odd, |cents| {
            Text::Value(Cow::Owned(Decimal::from_hundredths(cents).into_text()))
        }),
    }
}
