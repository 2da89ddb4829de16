//! Tables: history as rows, and what has a table of its own.

use super::look::{amount, hours, last_first, paid_per, teams};
use super::refusal::not_found;
use super::report::Wanted;
use crate::draw::below;
use crate::kit::Asked;
use crate::kit::list::Listing;
use crate::kit::paging::Page;
use crate::kit::query::Query;
use crate::kit::refusal::Refusal;
use crate::kit::resource::Resource;
use crate::kit::row::Row;
use crate::kit::view::View;
use crate::person::{CANARY, Person};
use crate::server::reply::Reply;
use jiff::civil::Date;
use serde_json::json;

/// Room for rows per person, so that a row's id tells its person.
pub(super) const SLOTS: u64 = 8;

/// A table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    JobInfo,
    Compensation,
    EmploymentStatus,
    /// Nobody may keep it.
    EmergencyContacts,
    /// The company's own table; nobody may keep it.
    BankAccounts,
}

impl Table {
    pub(super) const ALL: [Self; 5] = [
        Self::JobInfo,
        Self::Compensation,
        Self::EmploymentStatus,
        Self::EmergencyContacts,
        Self::BankAccounts,
    ];

    /// The table of this name.
    pub(super) fn find(name: &str) -> Result<&'static dyn Resource<Wanted>, Refusal> {
        static ALL: [Table; 5] = Table::ALL;
        let found = ALL.iter().find(|table| table.alias() == name);
        found
            .map(|table| table as &dyn Resource<Wanted>)
            .ok_or_else(|| not_found("No such table"))
    }

    pub(super) const fn alias(self) -> &'static str {
        match self {
            Self::JobInfo => "jobInfo",
            Self::Compensation => "compensation",
            Self::EmploymentStatus => "employmentStatus",
            Self::EmergencyContacts => "emergencyContacts",
            Self::BankAccounts => "customBankAccounts",
        }
    }

    /// The columns with their types, as `meta/tables` lists them.
    pub(super) const fn columns(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::JobInfo => &[
                ("date", "date"),
                ("location", "list"),
                ("department", "list"),
                ("division", "list"),
                ("jobTitle", "list"),
                ("reportsTo", "employee"),
                ("teams", "multilist"),
            ],
            Self::Compensation => &[
                ("startDate", "date"),
                ("rate", "currency"),
                ("type", "pay_type"),
                ("exempt", "exempt"),
                ("reason", "list"),
                ("comment", "textarea"),
                ("paidPer", "paid_per"),
                ("paySchedule", "list"),
            ],
            Self::EmploymentStatus => &[
                ("date", "date"),
                ("employmentStatus", "list"),
                ("comment", "textarea"),
                ("terminationReason", "list"),
                ("terminationType", "list"),
                ("terminationRehire", "list"),
            ],
            Self::EmergencyContacts => &[("name", "text"), ("mobilePhone", "phone")],
            Self::BankAccounts => &[("customIBAN", "text")],
        }
    }

    /// Returns which rows a person has.
    fn slots(self, view: &View<Wanted>, person: &Person) -> Vec<u64> {
        match self {
            Self::JobInfo | Self::Compensation => {
                let versions = view.company.versions(person);
                versions.iter().map(|version| version.slot).collect()
            }
            Self::EmploymentStatus => {
                let spells = (0u64..).zip(person.spells().skip(person.earlier.len().saturating_sub(3)));
                let rows = spells.map(|(number, (_, ends_on))| (2 * number, ends_on.map(|_| 2 * number + 1)));
                rows.flat_map(|(begun, over)| std::iter::once(begun).chain(over))
                    .collect()
            }
            Self::EmergencyContacts | Self::BankAccounts => vec![0],
        }
    }

    fn write_job(view: &View<Wanted>, person: &Person, slot: u64, row: &mut Row) -> Result<(), Refusal> {
        let mut versions = view.company.versions(person).into_iter();
        let terms = versions.find(|terms| terms.slot == slot).ok_or(Refusal::NotFound)?;
        let company = view.company;
        let manager = person.manager.and_then(|manager| company.find_person(manager));
        let squads = teams(company, person);
        row.put("date", terms.effective_on);
        row.put("location", company.location_of(person).map(|location| &location.name));
        row.put("department", company.department_of(person));
        row.put("division", company.entity_of(person).map(|entity| &entity.legal_name));
        row.put("jobTitle", terms.job_title);
        row.put("reportsTo", manager.map(last_first).unwrap_or_default());
        // Recorded on a real account: a list as JSON inside a text, or null.
        row.put("teams", (!squads.is_empty()).then(|| json!(squads).to_string()));
        Ok(())
    }

    fn write_pay(view: &View<Wanted>, person: &Person, slot: u64, row: &mut Row) -> Result<(), Refusal> {
        let mut versions = view.company.versions(person).into_iter();
        let terms = versions.find(|terms| terms.slot == slot).ok_or(Refusal::NotFound)?;
        let entity = view.company.entity_of(person);
        let currency = person.text("pay_currency", || entity.map(|entity| entity.place.currency.into()));
        let is_hourly = paid_per(person) == Some("Hour");
        row.put("startDate", terms.effective_on);
        row.put("rate", json!({"value": amount(terms.pay_cents), "currency": currency}));
        row.put("type", if is_hourly { "Hourly" } else { "Salary" });
        row.put("exempt", if is_hourly { "Non-exempt" } else { "Exempt" });
        row.put("paidPer", paid_per(person))
            .put("reason", "")
            .put("comment", "");
        row.put_nulls(&["paySchedule"]);
        Ok(())
    }

    fn write_status(person: &Person, slot: u64, row: &mut Row) -> Result<(), Refusal> {
        let skipped = person.earlier.len().saturating_sub(3);
        let number = usize::try_from(slot / 2).unwrap_or(usize::MAX);
        let (starts_on, ends_on) = person.spells().nth(skipped + number).ok_or(Refusal::NotFound)?;
        let over: Option<Date> = ends_on.filter(|_| slot % 2 == 1);
        row.put("date", over.unwrap_or(starts_on));
        row.put(
            "employmentStatus",
            if over.is_some() { "Terminated" } else { hours(person) },
        );
        row.put("comment", over.map(|_| format!("{CANARY} note for the file")));
        row.put("terminationReason", over.map(|_| "Other"))
            .put("terminationType", over.map(|_| "Resignation"));
        row.put_nulls(&["terminationRehire"]);
        Ok(())
    }
}

impl Resource<Wanted> for Table {
    fn path(&self) -> &'static str {
        self.alias()
    }

    fn select(&self, view: &View<Wanted>, _: &Query) -> Result<Vec<u64>, Refusal> {
        let first = |person: &Person| u64::from(person.number) * SLOTS;
        let rows = view.everybody().flat_map(|person| {
            let slots = self.slots(view, person).into_iter();
            slots.map(move |slot| first(person) + slot)
        });
        Ok(rows.collect())
    }

    fn write(&self, view: &View<Wanted>, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let person = view.numbered(id / SLOTS).ok_or(Refusal::NotFound)?;
        let slot = id % SLOTS;
        if !view.context.is_grouped {
            row.put("id", (id + 1).to_string())
                .put("employeeId", person.id.to_string());
        }
        match self {
            Self::JobInfo => Self::write_job(view, person, slot, row)?,
            Self::Compensation => Self::write_pay(view, person, slot, row)?,
            Self::EmploymentStatus => Self::write_status(person, slot, row)?,
            Self::EmergencyContacts => {
                row.put("name", format!("{CANARY} Contact {}", below(person.key, 45, 1_000)));
                row.put_nulls(&["mobilePhone"]);
            }
            Self::BankAccounts => {
                row.put("customIBAN", person.bank_number());
            }
        }
        Ok(())
    }
}

/// The rows of one person, or of everybody, in no order.
pub(super) fn rows(listing: &Listing<Wanted>, asked: &Asked, whose: &str) -> Result<Reply, Refusal> {
    let view = listing.view;
    let number = match whose {
        "all" => None,
        id => {
            let person = id.parse().ok().and_then(|id| view.company.find_person(id));
            let person = person.filter(|person| view.sees(person));
            Some(u64::from(person.ok_or_else(|| not_found("No such employee"))?.number))
        }
    };
    let keeps = |id: u64| number.is_none_or(|number| id / SLOTS == number);
    let ids = listing.ids(
        &asked.query,
        true,
        number.is_some().then_some(&keeps as &dyn Fn(u64) -> bool),
    )?;
    let mut page = Page::whole(&ids, listing.faults);
    // The vendor says that rows come in no particular order.
    page.rows.reverse();
    let mut body = Vec::new();
    listing.write_all(&page.rows, &mut body)?;
    Ok(Reply::json(200, body))
}
