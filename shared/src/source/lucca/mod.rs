//! Lucca (lucca-hr.com): two APIs at once, and the credential decides which of them is read. Written from the vendor's pages, its
//! description of the newer API (version 2024-11-01) and clients in production, as read in November 2026.
//!
//! What both can give: names, e-mails, mobile telephone, birth date, employee number, department, job title, manager, first and last
//! day, employer (as group), place of work with its town and time zone, all custom fields.
//! * The older API (`/api/v3`, for keys) gives the name to show, the home address as one text, and basic pay with its currency, where
//!   the customer has the module for pay. It does not say for which period that is paid, nor any status: the days tell.
//! * The newer API (`/lucca-api`, for clients) gives the status. It has no home address but in custom fields, and no pay.
//! * Neither says the kind of employment in a word. Bank details, insurance numbers, nationality and gender are not asked for in the
//!   older API; the newer one sends them unasked with a person's record, and they are not decoded (R34).
//!
//! Quirks:
//! * Former people are left out unasked, in the newer API future ones too, and a role or a client may hide them without a word.
//! * The older API answers with what `fields` names and nothing else, and writes some members in another case than they are asked
//!   for; what is read here is the same in both. Its establishments are called legal entities.
//! * The newer API refers instead of nesting. The employment and the position that apply come embedded in a page of employees;
//!   names are looked up in lists of their own. A list whose scope the client lacks is a 403, and hides its attributes.
//! * A link to the next page is not followed: its token is sent to the connection's own address (R41).
//! * A client gets tokens of half an hour at one address for all customers, whatever its domain. Where the client may not have
//!   all scopes, it asks for those that it has. For sandboxes no other address is known.
//! * Nobody names the company; the people who are linked tell whose data it is (R01).
//! * A list of a module that the customer does not have is not there; its attributes are hidden, custom fields as far as wanted by name.
//! * In the newer API a choice in a custom field is a reference without a name, and no list names choices: such fields are not shown.
//!   Values are asked for as they apply today; of people who left, or who begin later, none do, and nothing is known of them.
//! * A custom field without a name is left out: what it is about is not known (R34).
//!
//! Signs of the end: every list says how many rows it has, and that must have come. A list of the newer API ends besides with a page
//! without a link to the next one. A page that does not say both is not believed.
//!
//! Calls of one read, of U users in the older API: one for each started 200 users, for each of those pages one walk over pay, and
//! one walk each over establishments and custom fields, as far as what they give is wanted; users come with the fields that are.
//! Of E employees in the newer API: one for each started hundred, for each of those pages one walk over personal records and one
//! over the values of each fifty custom fields, and one walk each over workplaces, departments, legal entities and custom fields,
//! as far as they are wanted. A walk is one call per started hundred rows (custom fields of the older API: 200), at least one.
//! [`Source::identify`](super::Source::identify) is one call more. All programs of a customer share 50 calls a minute ([`LIMIT`]).

mod client;
mod config;
mod convert;
mod wire;

pub use config::{LIMIT, LuccaDialect, PACE};

use crate::connector::Adapter;
pub use crate::connector::Settings;

/// Lucca as a provider.
pub type Lucca = Adapter<LuccaDialect>;
