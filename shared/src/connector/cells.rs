//! Rows whose members are known at run time only: the fields that were asked for, under the names by which they were.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde::{
    Deserializer,
    de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{
    row::{Name, Under},
    value::{Nested, Text},
};

/// The members of a row that are read, each with its place.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    by_name: BTreeMap<String, usize>,
}

/// What one row shows: of each column a value, or that the row has no such member. Values stay raw until they are asked for.
#[derive(Debug)]
pub struct Cells<'a>(Vec<Option<&'a RawValue>>);

/// What one row shows, kept beyond its page.
#[derive(Debug)]
pub struct KeptCells(Vec<Option<Box<RawValue>>>);

impl Columns {
    /// Returns columns of these names, each once however often it is named.
    pub fn new(names: impl IntoIterator<Item = String>) -> Self {
        let names: BTreeSet<String> = names.into_iter().collect();
        Self {
            by_name: names.into_iter().zip(0..).collect(),
        }
    }

    /// Returns what a row shows of a column: text, or a number that is taken as text.
    pub fn text<'a>(&self, name: &str, row: &Cells<'a>) -> Text<'a> {
        self.nested(name, row).whole()
    }

    /// Returns what a row shows of a column whose value may be anything that can be written as text.
    pub fn any<'a>(&self, name: &str, row: &Cells<'a>) -> Text<'a> {
        self.nested(name, row).any()
    }

    /// Returns what a row shows of a column, of which single members may be read.
    pub fn nested<'a>(&self, name: &str, row: &Cells<'a>) -> Nested<'a> {
        self.raw(name, row).map_or_else(Nested::default, Nested::of)
    }

    fn raw<'a>(&self, name: &str, row: &Cells<'a>) -> Option<&'a RawValue> {
        let place = *self.by_name.get(name)?;
        row.0.get(place).copied().flatten()
    }
}

impl Cells<'_> {
    /// Returns the same row, kept beyond its page.
    pub fn keep(&self) -> KeptCells {
        let cells = self.0.iter().copied();
        KeptCells(cells.map(|cell| cell.map(ToOwned::to_owned)).collect())
    }
}

impl KeptCells {
    /// Returns the row.
    pub fn lend(&self) -> Cells<'_> {
        Cells(self.0.iter().map(Option::as_deref).collect())
    }
}

/// Reads the list of rows that stands under these members, one inside the other; with none of them the text is the list.
///
/// # Errors
/// What the JSON parser finds wrong; a list that is missing is, and a member that is read and comes twice.
pub fn read_cells<'a>(text: &'a str, path: &[&str], columns: &Columns) -> Result<Vec<Cells<'a>>, serde_json::Error> {
    let mut parser = serde_json::Deserializer::from_str(text);
    let rows = Under(path, Rows(columns)).deserialize(&mut parser)?;
    parser.end()?;
    rows.ok_or_else(|| serde_json::Error::custom("the rows are missing"))
}

/// A list of rows, as the JSON parser reads it.
struct Rows<'c>(&'c Columns);

/// One row of it.
struct One<'c>(&'c Columns);

impl<'de> DeserializeSeed<'de> for Rows<'_> {
    type Value = Vec<Cells<'de>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Rows<'_> {
    type Value = Vec<Cells<'de>>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<Self::Value, A::Error> {
        let mut read = Vec::new();
        while let Some(row) = rows.next_element_seed(One(self.0))? {
            read.push(row);
        }
        Ok(read)
    }
}

impl<'de> DeserializeSeed<'de> for One<'_> {
    type Value = Cells<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for One<'_> {
    type Value = Cells<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a row")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut cells = vec![None; self.0.by_name.len()];
        while let Some(Name(name)) = members.next_key()? {
            let name: Cow<'de, str> = name;
            let cell = self
                .0
                .by_name
                .get(name.as_ref())
                .and_then(|place| cells.get_mut(*place));
            match cell {
                None => drop(members.next_value::<IgnoredAny>()?),
                Some(Some(_)) => return Err(A::Error::custom("a member comes twice")),
                Some(cell @ None) => *cell = Some(members.next_value()?),
            }
        }
        Ok(Cells(cells))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns() -> Columns {
        Columns::new(["id", "name", "id", "4600", "name"].map(str::to_owned))
    }

    #[test]
    fn each_column_is_found_by_its_name_in_any_order_and_nothing_else_is_read() {
        let text = r#"[{"4600":["A","B"],"id":7,"secret":{"deep":[1]}},{"name":"Ana","\u0069d":"8","4600":1.50},{}]"#;
        let rows = read_cells(text, &[], &columns()).unwrap();
        assert_eq!(rows.len(), 3);
        let text = |row: usize, name| columns().text(name, &rows[row]);
        let any = |row: usize| columns().any("4600", &rows[row]);
        assert_eq!((text(0, "id"), text(0, "name")), (Text::word("7"), Text::Absent));
        assert_eq!((text(0, "4600"), any(0)), (Text::Odd, Text::word("A, B")));
        assert_eq!((text(1, "id"), text(1, "name")), (Text::word("8"), Text::word("Ana")));
        assert_eq!((any(1), text(2, "id")), (Text::word("1.50"), Text::Absent));
        assert_eq!(text(0, "secret"), Text::Absent, "what is no column is not read");
    }

    #[test]
    fn null_is_there_and_says_so_also_when_the_row_is_kept() {
        let rows = read_cells(r#"[{"id":null,"name":""}]"#, &[], &columns()).unwrap();
        let kept = rows[0].keep();
        for row in [&rows[0], &kept.lend()] {
            let text = |name| columns().text(name, row);
            assert_eq!((text("id"), text("name")), (Text::Null, Text::word("")));
            assert_eq!(text("4600"), Text::Absent);
        }
    }

    #[test]
    fn a_list_that_is_cut_off_doubled_or_of_another_form_is_an_error() {
        for text in [
            "",
            "[{\"id\":1}",
            "[{\"id\":1,\"id\":2}]",
            "[1]",
            "{}",
            "null",
            "[{}] []",
            "[{\"id\"}]",
            "[{},]",
        ] {
            assert!(read_cells(text, &[], &columns()).is_err(), "{text}");
        }
    }

    #[test]
    fn a_list_inside_other_members_is_found_and_one_that_is_missing_is_an_error() {
        let read = |text| read_cells(text, &["data", "items"], &columns()).map(|rows| rows.len());
        assert_eq!(
            read(r#"{"total":2,"data":{"count":2,"items":[{"id":1},{"id":2}]}}"#).unwrap(),
            2
        );
        for text in [
            "{}",
            r#"{"data":null}"#,
            r#"{"data":{"items":null}}"#,
            r#"{"data":{"items":{}}}"#,
            r#"{"data":{"items":[1]}}"#,
            r#"{"data":{"items":[],"items":[]}}"#,
            "<html></html>",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
