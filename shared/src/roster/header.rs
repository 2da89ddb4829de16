//! What is known of a roster as a whole, and the roster itself.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{
    chunk::{Chunk, Error, Row, each_row},
    press::Unpack,
};
use crate::employee::{Attribute, CompanyId, CustomName, Employee, Wanted};

/// A company as its provider names it (R01).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Company {
    /// The provider's id of it.
    pub id: CompanyId,
    /// The company's name, for people.
    pub name: String,
}

/// An attribute that the source gives, and why it is hidden where it turns out that it was not shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expected {
    /// Which attribute.
    pub attribute: Attribute,
    /// The reason where no row shows it.
    pub unshown: String,
    /// The reason where no row has a value of it, if that counts as hidden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub empty: Option<String>,
}

/// What is known of a roster as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Version of the documents' form (R44).
    pub version: u32,
    /// The company whose people these are.
    pub company: Company,
    /// How many people it holds, each counted once.
    pub employees: u32,
    /// How many rows came again under an id that was there already.
    pub duplicates: u32,
    /// Whether the source said, by its own sign of the last page, that the walk was over.
    pub walk_ended: bool,
    /// How many people the source said there are, where it says so; the last word where pages differ.
    pub announced: Option<u64>,
    /// Whether the pages disagreed about that number.
    pub announced_changed: bool,
    /// Why the walk broke off, as a code.
    pub broken: Option<String>,
    /// Attributes that the source said it may not show, with the reason as a code.
    pub hidden: BTreeMap<Attribute, String>,
    /// What HR calls the tenant's own attributes, where everything was wanted.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<CustomName, String>,
    /// Attributes that were shown for at least one person, a value or its absence.
    pub visible: BTreeSet<Attribute>,
    /// How many people have a value, per attribute.
    pub coverage: BTreeMap<Attribute, u32>,
    /// What the read was to show: other attributes are neither visible nor hidden (R46).
    #[serde(default, skip_serializing_if = "Wanted::is_everything")]
    pub wanted: Wanted,
    /// Of a part of a roster, the attributes that its slice was to show.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expected: Vec<Expected>,
    /// Of a part of a roster, how many of its people came over with the last chunk of the part before: that chunk does not
    /// count then.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub again: u32,
    /// SHA-256 over the rows in order, in hex: what a quiet night has in common with the night before (R23). Of a part, this and
    /// what rows show also tell of the parts before it that were read in one go with it.
    pub content_hash: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
const fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// Everything read from a source at one time: people in the order of their ids, each once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roster {
    /// What is known of it as a whole.
    pub header: Header,
    /// The people, compressed.
    pub chunks: Vec<Chunk>,
}

impl Roster {
    /// Visits every person in the order of their ids.
    ///
    /// # Errors
    /// [`Error`] where a stored chunk is damaged.
    pub fn each(&self, mut visit: impl FnMut(Row<'_>)) -> Result<(), Error> {
        let (mut unpack, mut rows) = (Unpack::default(), String::new());
        for chunk in &self.chunks {
            unpack.decompress(chunk, &mut rows)?;
            each_row(&rows, &mut visit)?;
        }
        Ok(())
    }

    /// Returns all people, owned.
    ///
    /// # Errors
    /// [`Error`] where a stored chunk is damaged.
    pub fn employees(&self) -> Result<Vec<Employee>, Error> {
        let mut employees = Vec::with_capacity(self.header.employees as usize);
        let mut failure = None;
        self.each(|row| match row.to_employee() {
            Ok(employee) => employees.push(employee),
            Err(error) => failure = Some(error),
        })?;
        failure.map_or(Ok(employees), Err)
    }
}
