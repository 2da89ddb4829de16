//! From BambooHR's reports to employees: pure, without a network, page by page.
//!
//! * A member that is not there is unseen; `null` and an empty text are empty, and so is the date `0000-00-00`.
//! * Job, department, place, manager and pay have a history. Of a person who has no kind of employment today, theirs
//!   has not begun, or is not told: what they lack of it is unseen, not empty (R07).
//! * A person who begins today or later, and whose history has not begun, is kept back until they are shown with what lies
//!   ahead of them.

mod person;
mod reference;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::civil::Date;

use self::person::{HIRE_DATE, ID, KIND, Shown};
pub(super) use self::{
    person::{ATTRIBUTES, columns_for},
    reference::{CustomFields, Workplaces, read_fields, read_workplaces},
};
use crate::{
    connector::{Cells, Columns, KeptCells, Reach, Sight, answer::not_json, deny, offered, read_cells},
    employee::{Canonical, Wanted, parse_date},
    roster::Builder,
    source::Error,
};

/// What reading people is called.
const LIST: &str = "list employees";
/// How many people are kept back at most; all others are taken as they were shown first.
const MOST_AHEAD: usize = 1_000;

/// Converts pages, one after another.
#[derive(Debug)]
pub(super) struct Converter<'f> {
    fields: &'f CustomFields,
    workplaces: Option<Workplaces>,
    columns: Columns,
    today: Date,
    sight: Sight,
    /// The people who are kept back, by id, as they were shown first.
    ahead: BTreeMap<u64, KeptCells>,
}

impl<'f> Converter<'f> {
    /// A converter for one read into a roster, on a day. `workplaces` is `None` where the credential may not read them.
    pub(super) fn new(
        fields: &'f CustomFields,
        workplaces: Option<Workplaces>,
        today: Date,
        roster: &mut Builder,
    ) -> Self {
        if workplaces.is_none() {
            deny(&[Canonical::WorkCity], roster);
        }
        let own = columns_for(&Wanted::everything()).into_iter();
        let custom = fields.iter().map(|field| field.kind.as_str());
        let names = [ID].into_iter().chain(own).chain(custom);
        Self {
            // A key and a login show what one user sees.
            sight: Sight::begin(LIST, Reach::User, offered(ATTRIBUTES), fields, roster),
            columns: Columns::new(names.map(str::to_owned)),
            ahead: BTreeMap::new(),
            fields,
            workplaces,
            today,
        }
    }

    /// Converts a page of the report on everybody into the roster.
    ///
    /// # Errors
    /// [`Error`] of class `Malformed` where the text is not the documented JSON, or there is no more room.
    pub(super) fn convert_page(&mut self, page: &str, roster: &mut Builder) -> Result<(), Error> {
        for row in &self.rows(page)? {
            match self.number(row).filter(|_| self.is_ahead(row)) {
                Some(number) if self.ahead.len() < MOST_AHEAD => drop(self.ahead.insert(number, row.keep())),
                Some(_) | None => self.convert_row(row, self.has_history(row), roster)?,
            }
        }
        Ok(())
    }

    /// Returns the people who are kept back.
    pub(super) fn ahead(&self) -> Vec<u64> {
        self.ahead.keys().copied().collect()
    }

    /// Converts a page of the report on the people who are kept back, which shows what lies ahead of them.
    ///
    /// # Errors
    /// As from [`Converter::convert_page`].
    pub(super) fn convert_ahead(&mut self, page: &str, roster: &mut Builder) -> Result<(), Error> {
        for row in &self.rows(page)? {
            if self.number(row).and_then(|number| self.ahead.remove(&number)).is_some() {
                self.convert_row(row, self.has_history(row), roster)?;
            }
        }
        Ok(())
    }

    /// Closes the read. The people who were not shown a second time are taken as they were shown first.
    ///
    /// # Errors
    /// [`Error`] of class `Malformed` where an employee had no id: such a list proves nobody's absence.
    pub(super) fn finish(mut self, roster: &mut Builder) -> Result<(), Error> {
        for kept in std::mem::take(&mut self.ahead).values() {
            self.convert_row(&kept.lend(), false, roster)?;
        }
        self.sight.finish(roster)
    }

    fn rows<'a>(&self, page: &'a str) -> Result<Vec<Cells<'a>>, Error> {
        read_cells(page, &self.columns).map_err(|error| not_json(LIST, &error))
    }

    fn convert_row(&mut self, row: &Cells<'_>, has_history: bool, roster: &mut Builder) -> Result<(), Error> {
        let begins_later = self.first_day(row).is_some_and(|first_day| first_day > self.today);
        let shown = Shown::new(row, &self.columns, has_history, begins_later, self.workplaces.as_ref());
        self.sight.add(&shown.said(ID), roster, |sight| {
            sight.put_all(ATTRIBUTES, |given| (given.rule)(&shown, given.members));
            for field in self.fields.iter() {
                sight.put_custom(field, &self.columns.any(&field.kind, row));
            }
        })
    }

    /// Whether a person begins today or later, and their history has not begun.
    fn is_ahead(&self, row: &Cells<'_>) -> bool {
        let first_day = self.first_day(row);
        !self.has_history(row) && first_day.is_some_and(|first_day| first_day >= self.today)
    }

    fn first_day(&self, row: &Cells<'_>) -> Option<Date> {
        self.columns.text(HIRE_DATE, row).value().and_then(parse_date)
    }

    /// Whether a person has a kind of employment today.
    fn has_history(&self, row: &Cells<'_>) -> bool {
        self.columns.text(KIND, row).has_text()
    }

    /// The id of a person as reports are asked for them by it.
    fn number(&self, row: &Cells<'_>) -> Option<u64> {
        self.columns.text(ID, row).value()?.parse().ok()
    }
}
