//! From Factorial's pages to employees: pure, without a network, page by page.
//!
//! * A user's token answers `null` for what its user may not see (vendor FAQ), so that `null` in what takes a permission is unseen.
//! * A person without a contract has no statement on job, pay and employment type: unseen. A person without a
//!   membership is in no team, and a custom field without a value has none: empty.
//! * The vendor lists one reference contract of each person. Of several the latest counts that is in force, else the nearest to come,
//!   else the latest.
//! * A value of a custom field that is of another kind of thing than an employee is not the person's, whatever its id.
//! * Of several teams the membership with the lowest id counts, direct ones before inherited ones: the first team that a
//!   person was put into, the same every night.
//! * The status is the vendor's `active`; the judgement of dates belongs to the core.

mod custom;
mod person;
mod reference;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use jiff::civil::Date;

pub(super) use person::{FROM_CONTRACT, FROM_LEGAL_ENTITY, FROM_LOCATION, FROM_MEMBERSHIP};
pub use reference::{ReferenceTexts, References};

use super::{
    config::ATTRIBUTES,
    wire::{CONTRACTS, CUSTOM_VALUES, Contract, CustomValue, Employee, MEMBERSHIPS, Membership, ROWS},
};
use crate::{
    connector::{
        self, Joined, Lists, Reach, Sight,
        answer::{malformed, not_json},
        custom::Entry,
        deny, deny_custom, read_list, read_rows,
    },
    employee::{Canonical, id, id::shortlex},
    roster::Builder,
    source::Error,
};

/// What reading people is called.
const LIST: &str = "list employees";

/// A page of employees and, for these, the texts of all pages of what belongs to them; `None` where the credential may
/// not read it.
#[derive(Clone, Debug)]
pub struct PageTexts<T> {
    /// `employees/employees`.
    pub employees: T,
    /// `contracts/reference_contracts`.
    pub contracts: Option<Vec<T>>,
    /// `teams/memberships`.
    pub memberships: Option<Vec<T>>,
    /// `custom_fields/values`.
    pub values: Option<Vec<T>>,
}

/// Converts pages, one after another.
#[derive(Debug)]
pub struct Converter {
    references: Arc<References>,
    company: Option<String>,
    /// The day on which contracts are in force, or not.
    today: Date,
    sight: Sight,
}

/// What belongs to the people of one page; `None` where the credential may not read it.
struct Belongings<'a> {
    contracts: Option<Joined<Contract<'a>>>,
    memberships: Option<Joined<Membership<'a>>>,
    values: Option<Joined<Entry<'a>>>,
}

impl Converter {
    /// A converter for one read into a roster. `company` is the id that every row must carry where it carries one (R01).
    pub fn new(
        references: impl Into<Arc<References>>,
        reach: Reach,
        company: Option<&str>,
        today: Date,
        roster: &mut Builder,
    ) -> Self {
        let references = references.into();
        if references.teams.is_none() {
            deny(FROM_MEMBERSHIP, roster);
        }
        if references.locations.is_none() {
            deny(FROM_LOCATION, roster);
        }
        Self {
            sight: Sight::begin(LIST, reach, ATTRIBUTES.iter().copied(), &references.fields, roster),
            references,
            company: company.map(str::to_owned),
            today,
        }
    }

    /// Converts a page into the roster.
    ///
    /// # Errors
    /// [`Error`] of class `Malformed` where a text is not the documented JSON or a row belongs to another company.
    pub fn convert_page<T: AsRef<str>>(&mut self, page: &PageTexts<T>, roster: &mut Builder) -> Result<(), Error> {
        let references = Arc::clone(&self.references);
        let belongings = join(page, &references, roster)?;
        let rows: Vec<Employee<'_>> =
            read_rows(page.employees.as_ref(), ROWS).map_err(|error| not_json(LIST, &error))?;
        for row in &rows {
            self.convert_row(row, &belongings, &references, roster)?;
        }
        Ok(())
    }

    /// Closes the read.
    ///
    /// # Errors
    /// [`Error`] of class `Malformed` where an employee had no id: such a list proves nobody's absence.
    pub fn finish(self, roster: &Builder) -> Result<(), Error> {
        self.sight.finish(roster)
    }

    fn convert_row(
        &mut self,
        row: &Employee<'_>,
        belongings: &Belongings<'_>,
        references: &References,
        roster: &mut Builder,
    ) -> Result<(), Error> {
        if let (Some(expected), Some(company)) = (&self.company, row.company_id.value())
            && expected != company
        {
            return Err(malformed(LIST, "a row belongs to another company"));
        }
        let Some(id) = row.id.value().filter(|id| id::check(id).is_ok()) else {
            roster.skip();
            return Ok(());
        };
        self.fill(row, belongings, references, id, roster);
        self.sight.push(id, roster)
    }
}

impl connector::Converter for Converter {
    fn convert(&mut self, people: &str, lists: &Lists, roster: &mut Builder) -> Result<(), Error> {
        let page = PageTexts {
            employees: people,
            contracts: lists.views(&CONTRACTS),
            memberships: lists.views(&MEMBERSHIPS),
            values: lists.views(&CUSTOM_VALUES),
        };
        self.convert_page(&page, roster)
    }

    fn finish(self, roster: &Builder) -> Result<(), Error> {
        self.sight.finish(roster)
    }
}

/// Reads what belongs to the people of a page. What the credential may not read is hidden.
fn join<'a, T: AsRef<str>>(
    page: &'a PageTexts<T>,
    references: &References,
    roster: &mut Builder,
) -> Result<Belongings<'a>, Error> {
    if page.contracts.is_none() {
        deny(FROM_CONTRACT, roster);
    }
    if page.memberships.is_none() {
        deny(&[Canonical::Team], roster);
    }
    if page.values.is_none() {
        deny_custom(&references.fields, roster);
    }
    let contracts = read_list("list contracts", page.contracts.as_deref(), ROWS)?;
    let memberships = read_list("list memberships", page.memberships.as_deref(), ROWS)?;
    let values: Option<Vec<CustomValue<'a>>> = read_list("list custom values", page.values.as_deref(), ROWS)?;
    Ok(Belongings {
        contracts: contracts.map(|rows| Joined::new(rows, |row| row.employee_id.value(), by_day)),
        memberships: memberships.map(|rows| Joined::new(rows, |row| row.employee_id.value(), by_rank)),
        values: values.map(|rows| custom::join(&references.fields, rows)),
    })
}

fn by_day(left: &Contract<'_>, right: &Contract<'_>) -> std::cmp::Ordering {
    left.effective_on.value().cmp(&right.effective_on.value())
}

fn by_rank(left: &Membership<'_>, right: &Membership<'_>) -> std::cmp::Ordering {
    let is_inherited = |row: &Membership<'_>| row.direct.0 == Some(false);
    let (left_id, right_id) = (
        left.id.value().unwrap_or_default(),
        right.id.value().unwrap_or_default(),
    );
    let by_kind = is_inherited(left).cmp(&is_inherited(right));
    by_kind.then_with(|| shortlex(left_id, right_id))
}
