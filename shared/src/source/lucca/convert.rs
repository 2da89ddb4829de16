//! From Lucca's pages to employees: pure, without a network, page by page. Each API has a table of its own, which says what stands
//! where.
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
mod reference;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub(super) use self::{newer::NEWER, older::OLDER, reference::References};
use super::{
    config::Api,
    wire::{EMPLOYEES, Employee, Referred, USERS, User, VALUES},
};
use crate::{
    connector::{
        self, Lists, Reach, Resource, Row, Sight, answer::not_json, deny, deny_custom, offered, read_rows, refused,
    },
    roster::Builder,
    source::Error,
};

/// Converts pages, one after another.
#[derive(Debug)]
pub(super) struct Converter {
    api: Api,
    references: Arc<References>,
    today: String,
    sight: Sight,
}

impl Converter {
    /// A converter for one read into a roster, on a day (`YYYY-MM-DD`).
    pub(super) fn new(references: Arc<References>, api: Api, today: &str, roster: &mut Builder) -> Self {
        deny(&references.refused, roster);
        let given = match api {
            Api::Older => offered(OLDER),
            Api::Newer => offered(NEWER),
        };
        Self {
            api,
            sight: Sight::begin("list people", Reach::User, given, &references.fields, roster),
            references,
            today: today.to_owned(),
        }
    }

    fn convert_users(&mut self, users: &str, lists: &Lists, roster: &mut Builder) -> Result<(), Error> {
        deny(&refused(OLDER, lists), roster);
        let (pay, references) = (pay::join(lists)?, &self.references);
        for row in &read::<User<'_>>(&USERS, users)? {
            let user = older::Shown::new(row, pay.as_ref(), references, &self.today);
            self.sight.add(&row.id, roster, |sight| {
                sight.put_all(OLDER, |given| (given.rule)(&user));
                let held = row.extended_data.members();
                for field in references.fields.iter() {
                    sight.put_custom(field, &custom::of_user(&field.kind, row.extended_data, &held));
                }
            })?;
        }
        Ok(())
    }

    fn convert_employees(&mut self, employees: &str, lists: &Lists, roster: &mut Builder) -> Result<(), Error> {
        let references = &self.references;
        deny(&refused(NEWER, lists), roster);
        if lists.is_refused(&VALUES) {
            deny_custom(&references.fields, roster);
        }
        let referred: Referred<'_> =
            serde_json::from_str(employees).map_err(|error| not_json(EMPLOYEES.operation, &error))?;
        let referred = referred.embedded.unwrap_or_default();
        let nothing = newer::Nothing::default();
        let (records, values) = (newer::join_records(lists)?, custom::join(&references.fields, lists)?);
        for row in &read::<Employee<'_>>(&EMPLOYEES, employees)? {
            let employee = newer::Shown::new(row, &referred, records.as_ref(), references, &nothing);
            self.sight.add(&row.id, roster, |sight| {
                sight.put_all(NEWER, |given| (given.rule)(&employee));
                if let Some(values) = &values {
                    let (fields, id) = (&references.fields, row.id.value());
                    fields.each_of(id, values, custom::together, |field, text| {
                        sight.put_custom(field, text);
                    });
                }
            })?;
        }
        Ok(())
    }
}

impl connector::Converter for Converter {
    fn convert(&mut self, people: &str, lists: &Lists, roster: &mut Builder) -> Result<(), Error> {
        match self.api {
            Api::Older => self.convert_users(people, lists, roster),
            Api::Newer => self.convert_employees(people, lists, roster),
        }
    }

    fn finish(self, roster: &Builder) -> Result<(), Error> {
        self.sight.finish(roster)
    }
}

fn read<'a, T: Row<'a>>(of: &Resource, text: &'a str) -> Result<Vec<T>, Error> {
    read_rows(text, of.form.rows).map_err(|error| not_json(of.operation, &error))
}
