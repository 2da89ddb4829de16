//! Emulated HiBob: a search that finds everybody at once, with the fields that were asked for, ids of lists and their names beside them.
//!
//! Written from the vendor's pages and an observation log of a demo tenant, read in November 2026. Guesses, because nobody says: a value that a
//! person does not have is null at its path; names of lists of several choices come as a list; a person whose
//! first day lies ahead is `Active` and `Hired`; lives of tokens; a scope that lacks is a 403. Not emulated: values once more under
//! names with slashes, writing, webhooks,
//! bulk tables, reports, documents, avatars, people's bank accounts, employers and their places of work.

mod dialect;
mod field;
mod search;

pub(crate) use dialect::HiBob;

/// What a caller sees of a company: which fields were asked for is the context.
type View<'a> = crate::kit::view::View<'a, search::Asked>;
