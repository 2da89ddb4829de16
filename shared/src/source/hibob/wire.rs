//! HiBob's requests and where its answers hold what is read. No logic beyond what a value is on the wire.
//!
//! What may never be read (social security number, gender, family status …) is not named here, so that it is not asked for and no
//! decoder ever holds it (R34). Custom fields are asked for by their ids, once it is known that they may be read.

use serde::Serialize;

/// The fields that there are.
pub(super) const FIELDS: (&str, &str) = ("list fields", "/v1/company/people/fields");
/// People, whom a search finds all at once.
pub(super) const SEARCH: &str = "/v1/people/search";
/// Where the rows of a search stand.
pub(super) const PEOPLE: &[&str] = &["employees"];
/// The most fields of one search.
pub(super) const MOST_FIELDS: usize = 400;

/// The member that holds what ids of lists are called.
pub(super) const NAMES: &str = "humanReadable";
/// The field that tells people apart, and beside it the one that says whose data it is.
pub(super) const IDS: &[&str] = &["root.id"];
pub(super) const WHOSE: &[&str] = &["root.id", "root.companyId"];

/// A search for everybody.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Search<'a> {
    /// Fields by id.
    pub(super) fields: Vec<&'a str>,
    /// Whether people who left are among them.
    pub(super) show_inactive: bool,
    /// How names of lists come.
    pub(super) human_readable: &'static str,
}

impl<'a> Search<'a> {
    /// A search for these fields of everybody, with the names of what stands in lists.
    pub(super) const fn everybody(fields: Vec<&'a str>) -> Self {
        Self {
            fields,
            show_inactive: true,
            human_readable: "APPEND",
        }
    }
}

/// Returns the id of the field that stands at a path of a row: an amount and its currency are one field.
pub(super) fn field_at(path: &'static str) -> Option<&'static str> {
    let known = |(root, field): &(&str, &'static str)| (*root == path).then_some(*field);
    let of_root = ROOT.iter().find_map(known);
    let path = path
        .strip_suffix(".value")
        .or_else(|| path.strip_suffix(".currency"))
        .unwrap_or(path);
    of_root.or_else(|| path.contains('.').then_some(path))
}

/// Fields of `root` by the members at the top of a row.
const ROOT: &[(&str, &str)] = &[
    ("id", "root.id"),
    ("displayName", "root.displayName"),
    ("email", "root.email"),
    ("firstName", "root.firstName"),
    ("surname", "root.surname"),
];
