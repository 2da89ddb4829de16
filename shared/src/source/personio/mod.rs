//! Personio (personio.com), version 2 of its API with version 1 where version 2 lacks something. Written from the vendor's
//! descriptions of persons, employments and credentials (version 2, September 2026) and of employees and tokens (version 1, January 2025),
//! from its pages, and from clients of others, one of which was tried on a real account in September 2026, as read in November 2026. It
//! has not run against the real Personio.
//!
//! What it can give: names, e-mail, birth date and personal e-mail where the customer has these fields, department, team, legal
//! entity (as group), place of work by name, job title, manager, first and last day, status, whether a person is employed or external, pay
//! of this month, all custom fields. Telephone, home address and employee number are custom fields of the customer's own. Neither towns
//! nor time zones of places of work are given. Bank details are custom fields, and forbidden as such (R34).
//!
//! From which version:
//! * Version 2: people, their employments, what they are paid, and names of units, places and legal entities. Members of the first two are
//!   in the vendor's description. Those of the others are as its pages and clients have them; in which member the name of a
//!   legal entity stands is a guess (`name`, or else `legal_name`).
//! * Version 1, because version 2 has no such thing: which custom fields there are, and how many people. Its tokens are asked for with the same client.
//!   Whether a token of one version opens the other is not established, so none is shown to the other. Where a client may not
//!   use version 1, custom fields count as hidden, and the number of people is not known.
//!
//! Quirks:
//! * Former and future people are in the list of persons as long as no status is asked for, and none is. Who was never given an
//!   employment, or of whom the client may not see any, has no days.
//! * What the client may not read is left out without a word: only attributes that are ticked at the credential are sent. A custom field
//!   that is sent without a value, or with `null`, has none; which of the two the real one does is not known.
//! * Employments are listed for one person at a time. There may be several; the one that applies counts. Some are ended by a
//!   termination and have no last day of their own.
//! * Departments and teams share one list and may have the same id. Words come in either case. Pay is asked for as of this
//!   month, which is the most that is given at once: of people who left before, or begin later, it is unseen.
//! * A link to the next page is not followed: its cursor is sent to the connection's own address (R41).
//! * A feature that the customer does not have is a 404 or a 412, and hides its attributes.
//! * Nobody names the company; the people who are linked tell whose data it is (R01).
//!
//! The end of the list of persons is known by two signs: a page that has links and none to a next one, and the number of people by version
//! 1, which has to agree; where that may not be read, the first sign stands alone. A page without links is not believed.
//!
//! Calls of one read, of P people: one for each started 50 people, one for each person's employments (one more for each started 50 beyond
//! the first 50), as far as they are wanted; one walk each over units, workplaces, legal entities and compensations, as far as they are
//! wanted; two of version 1 for the number of people with its token; one where custom fields are wanted.
//! [`Source::identify`](super::Source::identify) is one call more.

mod client;
mod config;
mod convert;
mod wire;

pub use config::{PACE, PersonioDialect};

use crate::connector::Adapter;
pub use crate::connector::Settings;

/// Personio as a provider.
pub type Personio = Adapter<PersonioDialect>;
