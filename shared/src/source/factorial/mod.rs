//! Factorial HR (factorialhr.com), API 2026-10-01. Written from the vendor's documentation and its official Python
//! client as read in November 2026.
//!
//! What it can give: names, e-mails, telephone, home address, birth date, employee number, manager, status, last day
//! (`employees`); job title, first day, pay, full or part time (`reference_contracts`); team (`memberships`); place of
//! work with its town and time zone (`locations`); currency (`legal_entities`); all custom fields (`custom_fields`).
//! It has no department and no neutral word for the kind of contract. Bank details are never read (R34).
//!
//! Quirks:
//! * Ids are text since 2026-07-01 and were numbers before; both are taken as opaque text.
//! * A user's token answers `null` for what its user may not see; keys and company tokens see everything.
//! * `email` is the address at work and falls back to the log-in address.
//! * `terminated_on` may lie ahead; `active` is false only once it is past. A fixed-term contract's `ends_on` is no
//!   leaving date.
//! * `salary_currency` came with 2026-10-01; where it is missing the legal entity's currency counts.
//! * A person may have several reference contracts, against the documentation; which one counts is said where they are converted.
//! * There is a team list but no team on a person; memberships may be inherited from a team above.
//!
//! Calls of one read, for P pages of people: P, and for each of them one walk over contracts (where job, pay, kind of employment
//! or first day are wanted), over memberships (where the team is) and over custom values (where any custom field is that may
//! be read); and one walk each over teams (where the team is wanted), locations (where town, name or time zone of the workplace is),
//! legal entities (where the currency is) and custom fields (where any is). A walk is one call per started hundred rows, at
//! least one. [`Source::identify`](super::Source::identify) is one call more.

mod client;
mod config;
mod convert;
mod wire;

pub use config::FactorialDialect;
pub use convert::{Converter, PageTexts, ReferenceTexts, References};

use crate::connector::Adapter;
pub use crate::connector::{Applications, Reach, Settings};

/// Factorial as a provider.
pub type Factorial = Adapter<FactorialDialect>;
