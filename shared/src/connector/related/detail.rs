//! The row of one person where the row of the list lacks a member.

use super::{Related, all};
use crate::{
    connector::{
        answer::not_json,
        cells::{Columns, read_cells},
        given::{Given, serves},
        resource::{Ask, Resource},
        value::Text,
    },
    employee::Wanted,
    source::Error,
};

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
        asks.extend(ids.map(|id| of.of_person(id.into_owned()).wanted_if(true)));
    }
    Ok(asks)
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
}
