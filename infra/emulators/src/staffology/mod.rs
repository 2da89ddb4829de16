//! Emulated Staffology HR: bare lists of people in pages whose number stands in the path, one person, the company, and custom fields, which
//! the real one has on a host of their own.
//!
//! Written from stored copies of the vendor's pages on logging in and on custom fields, and from a client in PowerShell of others, read in
//! November 2026. There is no description for machines. Guesses, because nobody says: what stands beside `Value` in a lookup (`ID`), and
//! that a manager's is the id of a person; the members of an address; the form of custom fields, and that their names are
//! `CustomField1` and so on; the words of all errors; that a parameter is refused; that a section that may not be seen is left out;
//! days with an hour behind them. Not emulated, and a 404: writing, calendars, expenses, the description for people at `/swagger`.

mod dialect;
mod field;
mod person;

pub(crate) use dialect::Staffology;

/// What a caller sees of a company.
type View<'a> = crate::kit::view::View<'a, ()>;

/// The most people of a page.
const ROWS: usize = 200;
