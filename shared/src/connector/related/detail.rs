//! The row of one person where the row of the list lacks a member.
//!
//! Where one person's row may not be read, is not there, is another person's or has no form that is known, what it would say is in doubt for
//! that person, and all others go on. Where that is so of everybody whose row was asked for, and no row of the list says it either, it is
//! hidden: the credential may not read it.

use std::collections::BTreeSet;

use super::{Related, all};
use crate::{
    connector::{
        answer::not_json,
        cells::{Cells, Columns, read_cells},
        given::{Given, serves},
        lists::Lists,
        resource::{Ask, Resource, Rows},
        value::{Nested, Text},
    },
    employee::{Canonical, Wanted},
    source::{Class, Error},
};

/// What stands for the member in place of a row that cannot be read: a word that no such member has.
const UNREAD: bool = false;

/// The pages of a list, or why the row of one person is not among them.
type Read = Result<Option<Vec<String>>, Error>;

/// Returns the rows of single people that take more than this page of their list says, each to be read where it serves what is wanted (R46).
///
/// # Errors
/// [`Error`] of class `Malformed` where the page is not the documented JSON.
pub fn details_for(page: &str, people: &Resource, table: &[Given], wanted: &Wanted) -> Result<Vec<Ask>, Error> {
    let mut asks = Vec::new();
    for related in all(table).into_values() {
        let Related::Detail { of, lacks } = related else {
            continue;
        };
        if !serves(table, &of, wanted) {
            continue;
        }
        let columns = Columns::new([people.id, lacks].map(str::to_owned));
        let rows = read_cells(page, people.form.rows, &columns).map_err(|error| not_json(people.operation, &error))?;
        let lacking = rows
            .iter()
            .filter(|row| columns.nested(lacks, row).whole() == Text::Absent);
        let ids = lacking.filter_map(|row| columns.text(people.id, row).into_value());
        asks.extend(ids.map(|id| of.of_person(id.into_owned()).for_member(lacks)));
    }
    Ok(asks)
}

/// Takes the row of one person as it was answered. The inner error says why there is none of theirs.
///
/// # Errors
/// The outer [`Error`] is one that is not about this person.
pub(in super::super) fn own_row(rows: &Rows, read: Read) -> Result<Read, Error> {
    let Resource {
        operation, form, id, ..
    } = rows.of;
    let own = |pages: &[String]| {
        let columns = Columns::new([id.to_owned()]);
        let is_own = |row: &Cells<'_>| columns.text(id, row).value() == rows.person.as_deref();
        let read = |page: &String| read_cells(page, form.rows, &columns).is_ok_and(|page| page.iter().all(is_own));
        pages.iter().all(read)
    };
    match read {
        Ok(Some(pages)) if own(&pages) => Ok(Ok(Some(pages))),
        Ok(Some(_)) => Ok(Err(Error::new(Class::Malformed, operation, "another person answers"))),
        Ok(None) => Ok(Err(Error::new(Class::Forbidden, operation, "it may not be read"))),
        Err(error)
            if error.operation == operation && matches!(error.class, Class::Misconfigured | Class::Malformed) =>
        {
            Ok(Err(error))
        }
        Err(error) => Err(error),
    }
}

/// Puts a row in the place of each that cannot be read: the person's, with a member that cannot be read.
///
/// # Errors
/// [`Error`] of class `Malformed` where several were asked for, and none came in its form: then it is no matter of one person.
pub(in super::super) fn unless_all_are_wrong(asks: &[Ask], read: Vec<Read>) -> Result<Vec<Option<Vec<String>>>, Error> {
    let asked = asks.iter().filter(|ask| ask.lacks.is_some()).count();
    let is_wrong = |read: &&Read| read.as_ref().is_err_and(|error| error.class == Class::Malformed);
    let wrong = read.iter().filter(is_wrong).count();
    let is_lost = wrong > 1 && wrong == asked;
    let each = asks.iter().zip(read).map(|(ask, read)| match read {
        Ok(pages) => Ok(pages),
        Err(error) if is_lost => Err(error),
        Err(_) => Ok(Some(vec![unread_row(ask)])),
    });
    each.collect()
}

/// The row of a person whose own cannot be read.
fn unread_row(ask: &Ask) -> String {
    let person = ask.rows.person.clone().unwrap_or_default();
    let members = [
        (ask.rows.of.id, person.into()),
        (ask.lacks.unwrap_or_default(), UNREAD.into()),
    ];
    let row: serde_json::Map<String, serde_json::Value> = members
        .map(|(name, value)| (name.to_owned(), value))
        .into_iter()
        .collect();
    serde_json::Value::Array(vec![row.into()]).to_string()
}

/// The rows of single people so far, by where they stand: those of which any could be read, or whose member the list has.
#[derive(Debug, Default)]
pub struct OwnRows(BTreeSet<&'static str>);

impl OwnRows {
    /// Returns what comes of people's own rows where nobody's could be read up to this page.
    ///
    /// # Errors
    /// [`Error`] of class `Malformed` where a row is not the documented JSON.
    pub fn closed(
        &mut self,
        table: &[Given],
        columns: &Columns,
        people: &[Cells<'_>],
        lists: &Lists,
    ) -> Result<Vec<Canonical>, Error> {
        let mut closed = Vec::new();
        for related in all(table).into_values() {
            let Related::Detail { of, lacks } = related else {
                continue;
            };
            let own = lists.objects(&of)?.unwrap_or_default();
            let is_read = |row: &Nested<'_>| row.member(lacks).flag().0 != Some(UNREAD);
            let is_listed = |row: &Cells<'_>| columns.nested(lacks, row).whole() != Text::Absent;
            if own.iter().any(is_read) || people.iter().any(is_listed) {
                self.0.insert(of.path);
            } else if !own.is_empty() && !self.0.contains(of.path) {
                let leads = |given: &&Given| given.first.is_empty() && given.leads_through(&of);
                closed.extend(table.iter().filter(leads).map(|given| given.attribute));
            }
        }
        Ok(closed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        connector::{Form, Sequel, Written, given},
        employee::Canonical,
    };

    const LIST: Form = Form {
        query: &[],
        place: Written::InPath { full: 2 },
        rows: &[],
        total: &[],
        is_counted: false,
        next: Sequel::Total,
        nothing: None,
    };
    const PEOPLE: Resource = Resource::new("list people", "/people/", &LIST).with_id("ID");
    const PERSON: Related = Related::Detail {
        of: Resource::new("show a person", "/person/{id}", &LIST).with_id("ID"),
        lacks: "End",
    };

    given! {
        /// What a sample gives.
        TABLE {
            FirstName = Yes ["Name"];
            TerminationDate = Yes ["End"; PERSON "End.Day"];
        }
    }

    #[test]
    fn r46_a_row_of_ones_own_is_asked_for_where_the_list_lacks_the_member_and_what_it_says_is_wanted() {
        let page = r#"[{"ID":1},{"ID":2,"End":null},{"ID":"3","Name":"Eva"},{"Name":"no id"},{"ID":4,"End":{}}]"#;
        let asked = |wanted: &Wanted| {
            let asks = details_for(page, &PEOPLE, TABLE, wanted).unwrap();
            let people = asks.into_iter().map(|ask| ask.rows.person.unwrap());
            people.collect::<Vec<String>>()
        };
        assert_eq!(asked(&Wanted::only([Canonical::TerminationDate.into()])), ["1", "3"]);
        assert_eq!(asked(&Wanted::everything()), ["1", "3"]);
        assert!(details_for("{}", &PEOPLE, TABLE, &Wanted::everything()).is_err());
    }

    fn detail() -> Resource {
        *PERSON.list().unwrap()
    }

    /// What is made of the rows of these people as they were answered.
    fn taken(answers: &[(&str, Read)]) -> Result<Vec<String>, Error> {
        let asks = answers
            .iter()
            .map(|(id, _)| detail().of_person((*id).to_owned()).for_member("End"));
        let asks: Vec<Ask> = asks.collect();
        let read = answers.iter().zip(&asks).map(|((_, answer), ask)| {
            let answer = match answer {
                Ok(pages) => Ok(pages.clone()),
                Err(error) => Err(Error::new(error.class, error.operation, "")),
            };
            own_row(&ask.rows, answer)
        });
        let read: Vec<Read> = read.collect::<Result<_, _>>()?;
        let rows = unless_all_are_wrong(&asks, read)?;
        Ok(rows.into_iter().flatten().flatten().collect())
    }

    fn wrong(class: Class) -> Read {
        Err(Error::new(class, detail().operation, ""))
    }

    fn row(id: u64) -> String {
        format!(r#"[{{"ID":{id},"End":{{"Day":"2026-01-31"}}}}]"#)
    }

    #[test]
    fn r07_a_row_that_may_not_be_read_or_is_another_persons_is_in_doubt_for_that_person_alone() {
        let unread = r#"[{"End":false,"ID":"1"}]"#;
        let other = row(2);
        for answer in [
            Ok(None),
            Ok(Some(vec![row(3)])),
            wrong(Class::Misconfigured),
            wrong(Class::Malformed),
        ] {
            let rows = taken(&[("1", answer), ("2", Ok(Some(vec![row(2)])))]).unwrap();
            assert_eq!(rows, [unread.to_owned(), other.clone()]);
        }
        for class in [Class::Temporary, Class::Unauthorized] {
            let error = taken(&[("1", wrong(class)), ("2", Ok(Some(vec![row(2)])))]).unwrap_err();
            assert_eq!(error.class, class);
        }
        let elsewhere = Err(Error::new(Class::Misconfigured, "ask for tokens", ""));
        assert!(taken(&[("1", elsewhere), ("2", Ok(Some(vec![row(2)])))]).is_err());
    }

    #[test]
    fn r06_where_of_several_rows_none_has_its_form_the_list_cannot_be_read() {
        let error = taken(&[("1", wrong(Class::Malformed)), ("2", Ok(Some(vec![row(9)])))]).unwrap_err();
        assert_eq!(error.class, Class::Malformed);
        assert!(taken(&[("1", wrong(Class::Malformed))]).is_ok(), "one is that person's");
        assert!(taken(&[("1", wrong(Class::Malformed)), ("2", Ok(None))]).is_ok());
    }

    #[test]
    fn r07_what_nobodys_own_row_shows_is_closed_and_what_one_shows_is_not() {
        let columns = Columns::new(["ID", "End"].map(str::to_owned));
        let (unread, read) = (r#"[{"ID":"1","End":false}]"#, r#"[{"ID":"2"}]"#);
        let closed = |seen: &mut OwnRows, people: &str, own: &[&str]| {
            let people = read_cells(people, &[], &columns).unwrap();
            let own = own.iter().map(|row| (*row).to_owned()).collect();
            let lists = Lists::from_iter([(&detail(), Some(own))]);
            seen.closed(TABLE, &columns, &people, &lists).unwrap()
        };
        let ends = [Canonical::TerminationDate];
        let mut seen = OwnRows::default();
        assert_eq!(closed(&mut seen, r#"[{"ID":1}]"#, &[unread]), ends);
        assert_eq!(closed(&mut seen, r#"[{"ID":1},{"ID":2}]"#, &[unread, read]), []);
        assert_eq!(closed(&mut seen, r#"[{"ID":1}]"#, &[unread]), [], "one was read before");
        let mut seen = OwnRows::default();
        assert_eq!(closed(&mut seen, r#"[{"ID":1},{"ID":2,"End":null}]"#, &[unread]), []);
        assert_eq!(closed(&mut OwnRows::default(), r#"[{"ID":1,"End":{}}]"#, &[]), []);
    }
}
