//! BambooHR (bamboohr.com), version 1 of its API. Written from the vendor's OpenAPI description of April 2026 and its pages on
//! authentication, field names and changes, from answers recorded on a real trial account in May and June 2026, and from
//! what open connectors do, as read in November 2026. It has not run against the real BambooHR.
//!
//! What it can give: all that a custom report has of a person (names, e-mails, mobile telephone, home address, birth
//! date, employee number, manager, first and last day, status, kind of employment, job title, department, division as the
//! group, team, pay, place of work, time zone) and custom fields whose alias begins with `custom`, 371 of them at most; the
//! town of the place of work comes with a login only. Bank details are not in the API.
//!
//! Quirks:
//! * A report has no pages: everybody comes in one answer, which is read as it arrives and cannot be gone on with later. A
//!   function has to read it within its time. Datasets have pages, under other names of fields; they are asked for the number
//!   of people only.
//! * Reports name countries, and write pay with its currency: `65000.00 USD`, or ` USD` where there is none.
//! * What nobody may see is left out of all rows, and so is a field that the company does not have. A single empty
//!   value may mean that the user may not see it of this person: what takes a permission is unseen then, and empties nothing (R07).
//! * `status` stays `Active` until the last day is over. What it is before the first day is not known, and it may follow that day by
//!   hours: `Inactive` says nothing of a person whose first day lies ahead or has just come, nor of one whose first day cannot be
//!   read; of all others it says that they left, also without a last day. A last day before the first day of a person who is active, or
//!   begins later, is that of an employment before this one. Where a person came back and the first day stayed, as it may, nothing tells
//!   them from one whose status lags behind: the last day counts, and 30 days later it is a conflict (`contradicted`).
//! * Job, department, place, manager and pay have a history, and a person whose first day lies ahead has none yet.
//!   They are asked for once more, with what lies ahead; if that is not shown, those attributes are unseen.
//! * The kind of employment of a person who left is `Terminated`, which says nothing of it: unseen.
//! * Of several teams the first counts. A team whose name has a comma cannot be told from two.
//! * `supervisorId` is the manager's employee number; `supervisorEId` is their id.
//! * No answer names the company by an id: its people tell whose data it is, and the domain is a customer's own (R01).
//!
//! The end of a report is known by two signs: the body is as long as HTTP said, and the document is closed around its rows.
//! Beside them the number of people is asked for, and has to agree; where it may not be read, the two signs stand alone.
//!
//! Calls of one read: one each for the fields, the number of people and the report; with a login, where town or time zone is wanted,
//! one more for each started 500 places of work, at least one; and one where a person begins today or later. [`Source::identify`](super::Source::identify) reads the fields,
//! which a read does not ask for again.

mod client;
mod config;
mod convert;
mod wire;

pub use config::BambooHrDialect;

use crate::connector::Adapter;
pub use crate::connector::Settings;

/// BambooHR as a provider.
pub type BambooHr = Adapter<BambooHrDialect>;
