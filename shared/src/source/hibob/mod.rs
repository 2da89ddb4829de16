//! HiBob (hibob.com), version 1 of its API. Written from the vendor's pages on search, limits, scopes and logins (May to August 2026), an
//! observation log of a demo tenant of October 2026, and what open connectors do, as read in November 2026. It has not run against the
//! real HiBob.
//!
//! What it can give: names, e-mails, telephone, home address, birth date, employee number, status, first and last day, job title,
//! department, manager, site, kind of employment, current pay, and all custom fields, 400 fields in all; bank details (the IBAN) where an
//! exception is recorded (R34), without which they are not asked for. There is no town and no time zone of the place of work, and no
//! group; a team is a custom field, where a company has one.
//!
//! Quirks:
//! * A search has no pages: everybody comes in one answer, which is read as it arrives and cannot be gone on with later. A function has
//!   to read it within its time.
//! * Unasked, people who left are missing: `showInactive` brings them. Whether they and people to come are shown depends besides on
//!   the lifecycle statuses for which the service user's permission group has access (the default is: employed only), and nothing says so.
//! * A new service user has no right at all. What it may not see, and a field that there is not, is left out of all rows without a word:
//!   hidden. What is empty for everybody is hidden, too.
//! * A field of a row stands at its path (`work.title`), those of `root` at the top, and once more under a name with slashes, which is not read.
//! * Values of lists are ids. Their names come along (`APPEND`) under `humanReadable`, which holds days and money in forms of its own
//!   and is read for lists only. In some tenants titles are texts: without a name beside it, what is no number is taken as it is.
//! * `filters` with nothing in it is a 400: it is left out. A reset of the allowance is an instant (`X-RateLimit-Reset`).
//! * What the status is of a person whose first day lies ahead is not known: `Inactive` says nothing of them. A last day before the first one
//!   of a person who is active is that of an employment before (a guess).
//! * A 401 has no body. Who goes on with a bad credential is blocked: nothing is sent a second time.
//! * The login in the browser belongs to partners of the vendor, and begins here; one that begins at the vendor's marketplace is not known
//!   here. Scopes and people (the audience) are chosen there as a whole.
//!
//! Whose data it is (R01): `root.companyId` of the people who are shown; no name comes with it. Where it may not be seen, the people who are
//! linked tell.
//!
//! Signs of the end (R05): the body is as long as HTTP said, and the document is closed around its rows; beside them a search for ids
//! alone says how many people there are, and has to agree.
//!
//! Calls of one read: one each for the fields (where a custom field is wanted), the ids and the people. [`Source::identify`](super::Source::identify)
//! is one call more: a search for companies. The vendor allows 50 a minute of each kind.

mod client;
mod config;
mod convert;
mod wire;

pub use config::HiBobDialect;

use crate::connector::Adapter;
pub use crate::connector::Settings;

/// HiBob as a provider.
pub type HiBob = Adapter<HiBobDialect>;
