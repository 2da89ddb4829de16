//! From Factorial's pages to employees: pure, without a network, page by page.
//!
//! * A member that is not there is unseen; `null` and blank text are empty; what is of an unexpected kind is seen but
//!   invalid, and stops nobody else (R07, R31).
//! * A user's token answers `null` for what its user may not see (vendor FAQ). So, under such a token, an attribute that
//!   is empty for everybody is hidden rather than empty.
//! * A person without a contract has no statement on job, pay and employment type: unseen. A person without a
//!   membership is in no team, and a custom field without a value has none: empty.
//! * Of several teams the membership with the lowest id counts, direct ones before inherited ones: the first team that a
//!   person was put into, the same every night.
//! * The status is the vendor's `active`; the judgement of dates belongs to the core.

mod custom;
mod person;
mod reference;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use reference::{ReferenceTexts, References};

use super::{
    error::{malformed, not_json},
    wire::{Contract, CustomValue, Employee, List, Membership, Row, Text, rows_at_a_glance},
};
use crate::{
    employee::{Attribute, Canonical, EmployeeBuilder, Field, id, id::shortlex},
    roster::{self, Builder},
    source::{Class, Error},
};

/// The reason of a hidden attribute that the credential may not read.
const NO_PERMISSION: &str = "no_permission";
/// The reason of a hidden attribute that a company has too many others beside.
const TOO_MANY: &str = "too_many";
/// The reason of a hidden attribute that no row of the answers has a member for.
const NOT_SHOWN: &str = "not_shown";

/// Whose eyes a credential sees with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The whole company: an API key or a company token. `null` means that there is no value.
    Company,
    /// One user's permissions: `null` may mean either.
    User,
}

/// A page of employees and, for these, the texts of all pages of what belongs to them; `None` where the credential may
/// not read it.
#[derive(Clone, Debug)]
pub struct PageTexts<'a> {
    /// `employees/employees`.
    pub employees: &'a str,
    /// `contracts/reference_contracts`.
    pub contracts: Option<Vec<&'a str>>,
    /// `teams/memberships`.
    pub memberships: Option<Vec<&'a str>>,
    /// `custom_fields/values`.
    pub values: Option<Vec<&'a str>>,
}

/// Converts pages and keeps count of what they show.
#[derive(Debug)]
pub struct Converter {
    references: Arc<References>,
    company: Option<String>,
    reach: Reach,
    employee: EmployeeBuilder,
    people: u64,
    without_id: u64,
    tally: Tally,
    denied: Denied,
    /// Whether somebody's currency stands only in a list that may not be read.
    lacks_currency: bool,
}

/// What related lists the credential turned out not to be allowed to read.
#[derive(Debug, Default)]
struct Denied {
    contracts: bool,
    memberships: bool,
    values: bool,
}

/// How many people had something, and how many nothing, per attribute.
#[derive(Debug)]
struct Tally {
    canonical: [Count; 128],
    custom: Vec<Count>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    something: u64,
    nothing: u64,
}

impl Count {
    const fn note(&mut self, has_something: bool) {
        if has_something {
            self.something += 1;
        } else {
            self.nothing += 1;
        }
    }
}

/// What belongs to the people of one page, each list sorted by employee.
struct Joined<'a> {
    contracts: Vec<Contract<'a>>,
    memberships: Vec<Membership<'a>>,
    values: Vec<custom::Entry<'a>>,
}

impl Converter {
    /// A converter for one read. `company` is the id that every row must carry where it carries one (R01).
    pub fn new(references: References, reach: Reach, company: Option<&str>) -> Self {
        let custom = vec![Count::default(); references.fields.len()];
        Self {
            references: Arc::new(references),
            company: company.map(str::to_owned),
            reach,
            employee: EmployeeBuilder::new(),
            people: 0,
            without_id: 0,
            tally: Tally {
                canonical: [Count::default(); 128],
                custom,
            },
            denied: Denied::default(),
            lacks_currency: false,
        }
    }

    /// Converts a page into the roster.
    ///
    /// # Errors
    /// [`Error`] of class `Malformed` where a text is not the documented JSON or a row belongs to another company.
    pub fn convert_page(&mut self, page: &PageTexts<'_>, roster: &mut Builder) -> Result<(), Error> {
        let rows: Vec<Employee<'_>> = rows("list employees", page.employees)?;
        self.denied.contracts |= page.contracts.is_none();
        self.denied.memberships |= page.memberships.is_none();
        self.denied.values |= page.values.is_none();
        let joined = self.join(page)?;
        let references = Arc::clone(&self.references);
        for row in &rows {
            self.convert_row(row, &joined, &references, roster)?;
        }
        Ok(())
    }

    /// Closes the read: hides what was not shown to this credential.
    ///
    /// # Errors
    /// [`Error`] of class `Malformed` where somebody had no id: such a list proves nobody's absence.
    pub fn finish(self, roster: &mut Builder) -> Result<(), Error> {
        self.hide_denied(roster);
        if self.people > 0 {
            self.hide_unshown(roster);
        }
        for name in self.references.fields.forbidden() {
            roster.hide(Attribute::Custom(name.clone()), "forbidden_category");
        }
        for name in self.references.fields.excess() {
            roster.hide(Attribute::Custom(name.clone()), TOO_MANY);
        }
        if self.without_id > 0 {
            let detail = format!("{} people have no readable id", self.without_id);
            return Err(malformed("list employees", detail));
        }
        Ok(())
    }

    fn join<'a>(&self, page: &PageTexts<'a>) -> Result<Joined<'a>, Error> {
        let mut contracts: Vec<Contract<'a>> = all_rows("list contracts", page.contracts.as_deref())?;
        contracts.sort_by(|left, right| {
            let by_day = || left.effective_on.value().cmp(&right.effective_on.value());
            left.employee_id
                .value()
                .cmp(&right.employee_id.value())
                .then_with(by_day)
        });
        let mut memberships: Vec<Membership<'a>> = all_rows("list memberships", page.memberships.as_deref())?;
        memberships.sort_by(|left, right| {
            let is_inherited = |row: &Membership<'_>| row.direct.0 == Some(false);
            let by_kind = || is_inherited(left).cmp(&is_inherited(right));
            let by_id = || {
                shortlex(
                    left.id.value().unwrap_or_default(),
                    right.id.value().unwrap_or_default(),
                )
            };
            let by_employee = left.employee_id.value().cmp(&right.employee_id.value());
            by_employee.then_with(by_kind).then_with(by_id)
        });
        let values: Vec<CustomValue<'a>> = all_rows("list custom values", page.values.as_deref())?;
        let values = custom::entries(&self.references.fields, values);
        Ok(Joined {
            contracts,
            memberships,
            values,
        })
    }

    fn convert_row(
        &mut self,
        row: &Employee<'_>,
        joined: &Joined<'_>,
        references: &References,
        roster: &mut Builder,
    ) -> Result<(), Error> {
        if let (Some(expected), Some(company)) = (&self.company, row.company_id.value())
            && expected != company
        {
            return Err(malformed("list employees", "a row belongs to another company"));
        }
        let Some(id) = row.id.value().filter(|id| id::check(id).is_ok()) else {
            self.without_id += 1;
            return Ok(());
        };
        self.people += 1;
        self.fill(row, joined, references, id);
        self.employee
            .build_for(|attributes| roster.push_view(id, attributes))
            .map_err(|error| match error {
                roster::Error::TooLarge => malformed("list employees", error.to_string()),
                roster::Error::Compression(_) | roster::Error::Form => {
                    Error::new(Class::Temporary, "list employees", "the roster cannot be kept").because(error)
                }
            })
    }

    /// Sets an attribute as the wire shows it.
    fn put(&mut self, attribute: Canonical, text: &Text<'_>) {
        let has_something = match text {
            Text::Absent => return,
            Text::Null => {
                self.employee.set(attribute, Field::Empty);
                false
            }
            Text::Odd => {
                self.employee.set_invalid(attribute);
                true
            }
            Text::Value(value) => {
                self.employee.set(attribute, Field::Value(value));
                text.has_text()
            }
        };
        if let Some(count) = self.tally.canonical.get_mut(usize::from(attribute.code())) {
            count.note(has_something);
        }
    }

    fn hide_denied(&self, roster: &mut Builder) {
        let mut hide = |is_denied: bool, attributes: &[Canonical]| {
            for attribute in attributes.iter().filter(|_| is_denied) {
                roster.hide((*attribute).into(), NO_PERMISSION);
            }
        };
        hide(self.denied.contracts, person::FROM_CONTRACT);
        hide(
            self.denied.memberships || self.references.teams.is_none(),
            &[Canonical::Team],
        );
        hide(self.references.locations.is_none(), person::FROM_LOCATION);
        hide(self.lacks_currency, &[Canonical::PayCurrency]);
        if self.denied.values {
            for field in self.references.fields.iter() {
                roster.hide(Attribute::Custom(field.name.clone()), NO_PERMISSION);
            }
        }
    }

    fn hide_unshown(&self, roster: &mut Builder) {
        let canonical = person::READ.iter().map(|attribute| {
            let count = self.tally.canonical.get(usize::from(attribute.code()));
            (Attribute::Canonical(*attribute), count.copied().unwrap_or_default())
        });
        let fields = self.references.fields.iter().zip(&self.tally.custom);
        let custom = fields.map(|(field, count)| (Attribute::Custom(field.name.clone()), *count));
        for (attribute, count) in canonical.chain(custom) {
            match (count.something, count.nothing) {
                (0, 0) => roster.hide(attribute, NOT_SHOWN),
                (0, _) if self.reach == Reach::User => roster.hide(attribute, NO_PERMISSION),
                _ => {}
            }
        }
    }
}

/// The rows of one page.
fn rows<'a, T: Row<'a>>(operation: &'static str, text: &'a str) -> Result<Vec<T>, Error> {
    if let Some(rows) = rows_at_a_glance(text) {
        return Ok(rows);
    }
    let list: List<'a, T> = serde_json::from_str(text).map_err(|error| not_json(operation, &error))?;
    Ok(list.data.unwrap_or_default())
}

/// The rows of all pages of a related list; none where it may not be read.
fn all_rows<'a, T: Row<'a>>(operation: &'static str, texts: Option<&[&'a str]>) -> Result<Vec<T>, Error> {
    let mut all = Vec::new();
    for text in texts.unwrap_or_default() {
        all.append(&mut rows(operation, text)?);
    }
    Ok(all)
}
