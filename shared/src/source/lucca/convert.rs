//! From Lucca's pages to employees: pure, without a network, page by page. Each API has its own way to a [`Person`], and both have
//! one way from there into the roster.
//!
//! * A role or a scope answers `null` for what it may not see, so what is empty for everybody is hidden.
//! * Of several employments and positions Lucca names the one that applies: the current one, else the next, else the last. Of
//!   a person's amounts of basic pay the same is chosen here.
//! * A reference whose list may not be read, or that leads to nothing, says nothing: unseen. A custom field without a value has
//!   none: empty.

mod custom;
mod newer;
mod older;
mod pay;
mod person;
mod reference;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub(super) use reference::{References, Texts as ReferenceTexts};

use self::person::Person;
use super::{
    config::Api,
    wire::{DATA_ITEMS, Employee, ITEMS, Referred, User},
};
use crate::{
    connector::{Reach, Row, Sight, answer::not_json, deny, deny_custom, read_rows},
    employee::{Canonical, id},
    roster::Builder,
    source::Error,
};

/// What reading people is called.
const LIST: &str = "list people";

/// A page of people and, for these, the texts of all pages of what belongs to them; `None` where the credential may not read it.
#[derive(Clone, Debug)]
pub(super) enum PageTexts<T> {
    /// Of the older API.
    Older {
        /// `api/v3/users`.
        users: T,
        /// `remuneration/api/fixed-items`.
        pay: Option<Vec<T>>,
    },
    /// Of the newer API.
    Newer {
        /// `lucca-api/employees`, with what they refer to.
        employees: T,
        /// `lucca-api/employee-personal-records`.
        records: Option<Vec<T>>,
        /// `lucca-api/employee-attributes`.
        values: Option<Vec<T>>,
    },
}

/// Converts pages, one after another.
#[derive(Debug)]
pub(super) struct Converter {
    references: Arc<References>,
    today: String,
    sight: Sight,
}

impl Converter {
    /// A converter for one read into a roster, on a day (`YYYY-MM-DD`).
    pub(super) fn new(references: Arc<References>, api: Api, today: &str, roster: &mut Builder) -> Self {
        references.deny(api, roster);
        Self {
            sight: Sight::begin(LIST, Reach::User, &api.attributes(), &references.fields, roster),
            references,
            today: today.to_owned(),
        }
    }

    /// Converts a page into the roster.
    ///
    /// # Errors
    /// [`Error`] of class `Malformed` where a text is not the documented JSON.
    pub(super) fn convert_page<T: AsRef<str>>(
        &mut self,
        page: &PageTexts<T>,
        roster: &mut Builder,
    ) -> Result<(), Error> {
        let references = Arc::clone(&self.references);
        match page {
            PageTexts::Older { users, pay } => {
                if pay.is_none() {
                    deny(&[Canonical::PayCurrency, Canonical::PayRate], roster);
                }
                let rows: Vec<User<'_>> = read(users.as_ref(), DATA_ITEMS)?;
                let pay = pay::join(pay.as_deref())?;
                for row in &rows {
                    let id = row.id.value();
                    self.push(id, &older::person(row, pay.as_ref(), &references, &self.today), roster)?;
                }
            }
            PageTexts::Newer {
                employees,
                records,
                values,
            } => {
                if records.is_none() {
                    deny(&[Canonical::BirthDate, Canonical::PersonalEmail], roster);
                }
                if values.is_none() {
                    deny_custom(&references.fields, roster);
                }
                let rows: Vec<Employee<'_>> = read(employees.as_ref(), ITEMS)?;
                let referred: Referred<'_> =
                    serde_json::from_str(employees.as_ref()).map_err(|error| not_json(LIST, &error))?;
                let belongings = newer::Belongings {
                    referred: referred.embedded.unwrap_or_default(),
                    records: newer::join_records(records.as_deref())?,
                    values: custom::join(&references.fields, values.as_deref())?,
                };
                for row in &rows {
                    self.push(row.id.value(), &newer::person(row, &belongings, &references), roster)?;
                }
            }
        }
        Ok(())
    }

    /// Closes the read.
    ///
    /// # Errors
    /// [`Error`] of class `Malformed` where a person had no id: such a list proves nobody's absence.
    pub(super) fn finish(self, roster: &Builder) -> Result<(), Error> {
        self.sight.finish(roster)
    }

    fn push(&mut self, id: Option<&str>, person: &Person<'_>, roster: &mut Builder) -> Result<(), Error> {
        let Some(id) = id.filter(|id| id::check(id).is_ok()) else {
            roster.skip();
            return Ok(());
        };
        person.put(id, &mut self.sight);
        for (field, value) in self.references.fields.iter().zip(&person.custom) {
            self.sight.put_custom(field, value);
        }
        self.sight.push(id, roster)
    }
}

fn read<'a, T: Row<'a>>(text: &'a str, path: &[&str]) -> Result<Vec<T>, Error> {
    read_rows(text, path).map_err(|error| not_json(LIST, &error))
}
