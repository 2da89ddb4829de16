//! Emulated BambooHR: a company's own domain, a key as the user name of Basic, everybody in one answer without pages
//! (custom reports), the same in pages (datasets), history in tables, and three ways to say "nothing to see here".
//!
//! Written from the vendor's OpenAPI description and pages, and from answers recorded on a real account, read in November
//! 2026. Guesses, because nobody says: a hire of the future is `Active` and in every report; `terminationDate` is stated
//! whatever `onlyCurrent` is; a table's `Terminated` row is dated on the last day at work; an unknown field of a dataset is a
//! 422; a key where only OAuth is documented gets a 403. Writing, webhooks and version 1 of datasets are not emulated.

mod answer;
mod change;
mod dataset;
mod dialect;
mod employee;
mod field;
mod filter;
mod listing;
mod look;
mod manner;
mod meta;
mod refusal;
mod report;
mod route;
mod saved;
mod table;
mod xml;

pub(crate) use dialect::BambooHr;
