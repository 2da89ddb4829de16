//! One person: which member becomes which attribute, in the order in which attributes are packed.

use std::borrow::Cow;

use jiff::civil::Date;

use super::{
    super::wire::{Contract, Employee, Membership},
    Belongings, Converter, References, by_rank,
    custom::{Kind, combine},
};
use crate::{
    connector::{Found, Joined, Text, Workplace, custom::Field, deny, find_all},
    employee::{Canonical, Decimal, parse_date},
    roster::Builder,
};

/// The attributes that come from the contract.
pub(in super::super) const FROM_CONTRACT: &[Canonical] = &[
    Canonical::EmploymentType,
    Canonical::JobTitle,
    Canonical::PayCurrency,
    Canonical::PayPeriod,
    Canonical::PayRate,
    Canonical::StartDate,
];

/// The attributes that come from memberships.
pub(in super::super) const FROM_MEMBERSHIP: &[Canonical] = &[Canonical::Team];

/// The attribute that comes from the legal entity, where the contract says nothing of it.
pub(in super::super) const FROM_LEGAL_ENTITY: &[Canonical] = &[Canonical::PayCurrency];

/// The attributes that come from the workplace.
pub(in super::super) const FROM_LOCATION: &[Canonical] =
    &[Canonical::TimeZone, Canonical::WorkCity, Canonical::WorkLocation];

/// Full time, in hundredths of a percent.
const FULL_TIME: i64 = 10_000;

impl Converter {
    /// Fills in one person.
    pub(super) fn fill(
        &mut self,
        row: &Employee<'_>,
        belongings: &Belongings<'_>,
        references: &References,
        id: &str,
        roster: &mut Builder,
    ) {
        let contracts = belongings.contracts.as_ref();
        let found = contracts.map_or(Found::Nothing, |contracts| contract_of(contracts, id, self.today));
        let is_clear = !matches!(found, Found::Unclear(_));
        let in_doubt;
        let contract = match found {
            Found::Nothing => None,
            Found::Unclear(contracts) => {
                in_doubt = contract_in_doubt(&contracts);
                Some(&in_doubt)
            }
            Found::Row(contract) => Some(contract),
        };
        self.sight.put(Canonical::AddressLine1, &row.address_line_1);
        self.sight.put(Canonical::AddressLine2, &row.address_line_2);
        self.sight.put(Canonical::BirthDate, &row.birthday_on);
        self.sight.put(Canonical::City, &row.city);
        self.sight.put(Canonical::Country, &row.country);
        self.sight
            .put(Canonical::DisplayName, row.preferred_name.or(&row.full_name));
        self.sight.put(Canonical::EmployeeId, &Text::Value(Cow::Borrowed(id)));
        self.sight.put(Canonical::EmployeeNumber, &row.company_identifier);
        self.sight.put(Canonical::EmploymentStatus, &status(row));
        if let Some(contract) = contract {
            self.sight.put(Canonical::EmploymentType, &employment_type(contract));
        }
        self.sight.put(Canonical::FirstName, &row.first_name);
        if let Some(contract) = contract {
            self.sight.put(Canonical::JobTitle, job_title(contract));
        }
        self.sight.put(Canonical::KnownAs, &row.preferred_name);
        self.sight.put(Canonical::LastName, &row.last_name);
        self.sight.put(Canonical::Manager, &row.manager_id);
        self.sight.put(Canonical::MobilePhone, &row.phone_number);
        if let Some(contract) = contract {
            self.fill_pay(row, contract, is_clear, references, roster);
        }
        self.sight.put(Canonical::PersonalEmail, &row.personal_email);
        self.sight.put(
            Canonical::StartDate,
            &start(row, contract, is_clear, contracts.is_some()),
        );
        self.sight.put(Canonical::Team, &team(belongings, references, id));
        self.sight.put(Canonical::TerminationDate, &row.terminated_on);
        self.fill_workplace(row, references);
        self.sight.put(Canonical::ZipCode, &row.postal_code);
        self.fill_custom(belongings, references, id);
    }

    fn fill_pay(
        &mut self,
        row: &Employee<'_>,
        contract: &Contract<'_>,
        is_clear: bool,
        references: &References,
        roster: &mut Builder,
    ) {
        if !is_clear || contract.salary_currency.has_text() || contract.salary_currency == Text::Odd {
            self.sight.put(Canonical::PayCurrency, &contract.salary_currency);
        } else if let Some(currencies) = &references.currencies {
            // The currency of the legal entity, for API versions and contracts that name none.
            let found = row.legal_entity_id.value().and_then(|id| currencies.get(id));
            self.sight.put(Canonical::PayCurrency, found.unwrap_or(&Text::Absent));
        } else {
            deny(&[Canonical::PayCurrency], roster);
        }
        self.sight
            .put(Canonical::PayPeriod, &pay_period(&contract.salary_frequency));
        self.sight.put(Canonical::PayRate, &hundredths(&contract.salary_amount));
    }

    /// Time zone, town and name of the place of work, and between them the e-mail, in the order of packing.
    fn fill_workplace(&mut self, row: &Employee<'_>, references: &References) {
        let members: [fn(&Workplace) -> &Text<'static>; 3] =
            [|place| &place.time_zone, |place| &place.city, |place| &place.name];
        let [time_zone, city, name] = find_all(references.locations.as_ref(), &row.location_id, members);
        self.sight.put(Canonical::TimeZone, &time_zone);
        self.sight.put(Canonical::WorkCity, &city);
        self.sight.put(Canonical::WorkEmail, row.email.or(&row.login_email));
        self.sight.put(Canonical::WorkLocation, &name);
    }

    fn fill_custom(&mut self, belongings: &Belongings<'_>, references: &References, id: &str) {
        if let Some(values) = &belongings.values {
            let put = |field: &Field<Kind>, text: &Text<'_>| self.sight.put_custom(field, text);
            references.fields.each_of(Some(id), values, &Text::Null, combine, put);
        }
    }
}

/// The first day: the contract's; the vendor's seniority date only where there is a contract list to compare with.
fn start<'r>(
    row: &'r Employee<'_>,
    contract: Option<&'r Contract<'_>>,
    is_clear: bool,
    has_contracts: bool,
) -> Text<'r> {
    let seniority = &row.seniority_calculation_date;
    match contract {
        Some(contract) if !is_clear => Text::in_doubt([contract.starts_on.lend(), seniority.lend()]),
        Some(contract) => contract.starts_on.lend().or(&seniority.lend()).clone(),
        None if has_contracts && seniority.value().is_some() => seniority.lend(),
        None => Text::Absent,
    }
}

/// Returns of several contracts the latest that is in force, else the nearest to come, else the latest: as the vendor chooses of a
/// person's versions. The vendor lists one of each person: a row whose owner cannot be read is that of a person who has none here.
fn contract_of<'b, 'a>(contracts: &'b Joined<Contract<'a>>, id: &str, today: Date) -> Found<&'b Contract<'a>> {
    let unclear = |contracts: &'b [Contract<'a>]| Found::Unclear(contracts.iter().collect());
    let dated = match contracts.of(id) {
        [] if contracts.strays().is_empty() => return Found::Nothing,
        [] => return unclear(contracts.strays()),
        [only] => return Found::Row(only),
        own => own.iter().map(|contract| Some((contract, times(contract)?))).collect(),
    };
    let Some(dated): Option<Vec<_>> = dated else {
        return unclear(contracts.of(id));
    };
    let is_here =
        |(_, (from, until)): &&(_, (Date, Option<Date>))| *from <= today && until.is_none_or(|until| until >= today);
    let is_ahead = |(_, (from, _)): &&(_, (Date, Option<Date>))| *from > today;
    let here = dated.iter().rfind(is_here);
    let chosen = here.or_else(|| dated.iter().find(is_ahead)).or(dated.last());
    chosen.map_or(Found::Nothing, |(contract, _)| Found::Row(contract))
}

/// Returns from when a contract is in force, and until when; `None` where that cannot be read.
fn times(contract: &Contract<'_>) -> Option<(Date, Option<Date>)> {
    let from = contract.effective_on.value().and_then(parse_date)?;
    match &contract.ends_on {
        Text::Absent | Text::Null => Some((from, None)),
        Text::Odd => None,
        Text::Value(day) => Some((from, Some(parse_date(day)?))),
    }
}

/// What a contract says.
type Member = for<'c, 'a> fn(&'c Contract<'a>) -> &'c Text<'a>;

/// Returns what is known of several contracts of which it is not known which counts.
fn contract_in_doubt(contracts: &[&Contract<'_>]) -> Contract<'static> {
    let of = |member: Member| Text::in_doubt(contracts.iter().map(|contract| member(contract).lend()));
    Contract {
        starts_on: of(|contract| &contract.starts_on),
        job_title: of(|contract| &contract.job_title),
        salary_amount: of(|contract| &contract.salary_amount),
        salary_currency: of(|contract| &contract.salary_currency),
        salary_frequency: of(|contract| &contract.salary_frequency),
        working_time_percentage_in_cents: of(|contract| &contract.working_time_percentage_in_cents),
        ..Contract::default()
    }
}

/// The team of the membership that comes first. One whose owner cannot be read counts as theirs where it would come before that.
fn team<'r>(belongings: &Belongings<'_>, references: &'r References, id: &str) -> Text<'r> {
    let (Some(teams), Some(memberships)) = (&references.teams, &belongings.memberships) else {
        return Text::Absent;
    };
    let (own, strays) = (memberships.of(id), memberships.strays());
    let name = |membership: &Membership<'_>| {
        let name = membership.team_id.value().and_then(|team| teams.get(team));
        name.map_or(Text::Absent, Text::lend)
    };
    let is_unranked = |membership: &Membership<'_>| membership.id.value().is_none();
    let is_first = |first: &Membership<'_>| {
        let is_behind = |stray: &Membership<'_>| by_rank(first, stray).is_lt() && !is_unranked(stray);
        let is_ranked = own.len() == 1 || !own.iter().any(is_unranked);
        is_ranked && strays.iter().all(is_behind)
    };
    match own.first() {
        None if strays.is_empty() => Text::Null,
        Some(first) if is_first(first) => name(first),
        Some(_) | None => Text::in_doubt(own.iter().chain(strays).map(name)),
    }
}

fn status(row: &Employee<'_>) -> Text<'static> {
    match (row.active.flag().0, row.active.whole()) {
        (Some(true), _) => Text::word("active"),
        (Some(false), _) => Text::word("terminated"),
        (None, Text::Absent | Text::Null) => Text::Absent,
        (None, Text::Odd | Text::Value(_)) => Text::Odd,
    }
}

/// The job title. Where it stands in the company's catalogue of jobs, which is not read, that the contract has none says nothing.
fn job_title<'r>(contract: &'r Contract<'_>) -> &'r Text<'r> {
    if contract.job_title == Text::Null && contract.job_catalog_tree_node_uuid.has_text() {
        &Text::Absent
    } else {
        &contract.job_title
    }
}

/// Full or part time, from the share of a full week: the only neutral word there is. Without a share it is not known.
fn employment_type(contract: &Contract<'_>) -> Text<'static> {
    let share = &contract.working_time_percentage_in_cents;
    if *share == Text::Null {
        return Text::Absent;
    }
    share.read(|text| match text.trim().parse::<i64>() {
        Ok(share) if share >= FULL_TIME => Some(Text::word("full_time")),
        Ok(share) if share > 0 => Some(Text::word("part_time")),
        Ok(_) | Err(_) => None,
    })
}

fn pay_period(frequency: &Text<'_>) -> Text<'static> {
    frequency.translate(&[
        ("yearly", "year"),
        ("monthly", "month"),
        ("weekly", "week"),
        ("daily", "day"),
        ("hourly", "hour"),
    ])
}

/// An amount of cents as a decimal number.
pub(super) fn hundredths(cents: &Text<'_>) -> Text<'static> {
    cents.read(|text| {
        let cents = text.trim().parse().ok()?;
        Some(Text::Value(Cow::Owned(Decimal::from_hundredths(cents).into_text())))
    })
}
