//! Humaans (humaans.io). Written from eight stored copies of the vendor's page on its API, an Elixir client whose examples are copies of
//! that page, and what open connectors do, as read in November 2026. There is no description for machines, and it has not run against the
//! real Humaans: of all HR systems this one is documented least.
//!
//! What it can give: names, e-mails, telephone, home address, birth date, employee number, status, first and last day, kind of
//! employment, teams, company (as group), job title, department and manager of the role that applies, pay, place of work with its town
//! and time zone, all custom fields; and bank details where an exception is recorded (R34), without which they are not asked for.
//! `taxId`, `nationality`, `gender` and `dietaryPreference` come unasked with a person, and are not decoded; nor is
//! `calendarFeedToken`, which is a secret.
//!
//! Quirks:
//! * A token sees what the person sees who made it, within its scopes. It does not end. A list that may not be read is a 403, and hides its
//!   attributes; a member that may not be seen is not there. Without `private:read` former and future people are missing without a
//!   word (others' documents): what else that scope opens is hidden then, and says so.
//! * `lastWorkingDay` is filled on active people in the vendor's own example. The status and `employmentEndDate` tell.
//! * Job roles and compensations are histories: the current row counts, else the next one, else the last one. Of compensations those count
//!   whose type is a salary. Which periods there are is a guess but for `annual`; another word is unseen.
//! * Whether a list can be asked for by several people is not written down in one way: these lists are read whole, once a read.
//! * A person who works remotely has no location of the company: town and time zone stand in the person's own row then. The word in
//!   place of the location's id, `remote`, is a guess.
//! * A preferred name is the one that a person goes by; the name to show is put together of it and the last name.
//! * Of several teams the first counts. A department may be a text or an object with a name (one client).
//! * Several custom values of one field in one person are not expected; the latest counts.
//!
//! Whose data it is (R01): the one company that is listed. Where there are several, the people who are linked tell.
//!
//! Signs of the end (R05): every list says how many rows it has (`total`), and as many different ones must have come. No order of rows is
//! promised, so that a row that moves while pages are read shows as a total that is not reached, and breaks the read.
//!
//! Calls of one read: one for each started 250 people, and one walk each over job roles, compensations, their types, locations, companies,
//! custom fields, custom values and bank accounts, as far as what they give is wanted; each slice of a read takes these walks anew. A walk is
//! one call for each started 250 rows, at least one. [`Source::identify`](super::Source::identify) is one call more.

mod client;
mod config;
mod convert;
mod wire;

pub use config::HumaansDialect;

use crate::connector::Adapter;
pub use crate::connector::Settings;

/// Humaans as a provider.
pub type Humaans = Adapter<HumaansDialect>;
