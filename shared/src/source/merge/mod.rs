//! Merge (merge.dev), version 1 of its unified API for HR systems: one API before many HR systems. Written from the vendor's Python clients
//! (4.2.1 of October 2026, and older), its guides and help pages, as read in November 2026. It has not run against the real Merge.
//!
//! What it can give, where the HR system behind it and the operator's scopes do: names, e-mails, mobile telephone, home address, birth date,
//! employee number, status, first and last day, manager, job title, kind of employment, pay, department, team, legal entity (as group), place
//! of work with its town, every field that is mapped, and cost centre and business unit as custom fields; bank details where an exception
//! is recorded (R34), without which they are not asked for. There are no time zones. Gender, ethnicity, marital status come unasked and are
//! not decoded; the social security number is not asked for.
//!
//! Two credentials open it: the organisation's key, which is the operator's and opens all its customers' data, and the token of the
//! customer's linked account. The key stands in the secret `applications` (`{"merge":{"key":"…"}}`, those of further regions under `keys`),
//! and is sent to Merge's three hosts alone ([`Linked`]).
//!
//! Ways to connect:
//! * The account token, in a form: for operators who link customers elsewhere.
//! * Merge Link, in the browser. What leads to a token without a person in between is the public token alone, which Merge Link hands to
//!   the page that it was opened on. A magic link needs no such page, but it ends at the vendor: its token is told in the dashboard and
//!   by a webhook only (vendor's guide), and the list of linked accounts has none: nothing would come back. Merge Link on a page of this
//!   program would be the vendor's script on the origin of all logins. So the page is the operator's own: it opens Merge Link with the
//!   `link_token` of its address, and sends the browser back with the public token as `code` ([`Linked`]).
//!
//! Quirks:
//! * References come as ids, or as objects where they are named in `expand`. What is wanted is, so that a page of people is all.
//! * What is a scope that is switched off, a model that the HR system does not have, or nothing at all, is `null` or an empty list
//!   alike: what nobody has is hidden. An empty list of people is read as one, and left to the guards.
//! * Before the first sync of a model is done, and while its sync is failed or paused, a read breaks off before it begins: what is there is
//!   not all. `PARTIALLY_SYNCED` behind the first sync is final, and read. What is read is as old as the last sync.
//! * Rows that are deleted in the HR system are not shown unasked, and not asked for: detection is the vendor's add-on, and of some HR
//!   systems only. Who is gone from the list is missing, and judged as everywhere; who is shown is judged by status and last day.
//! * `PENDING` is who begins later; everybody is asked for, whatever the status. A linked account that Merge takes for a duplicate is
//!   refused, and `RELINK_NEEDED` is a credential that has ended. A success may hold `errors`, and is none then.
//! * Who lets more than twenty requests fail within ten seconds is shut out by address: a process waits before there are as many.
//! * Guesses: every person shows every mapped field, so that the first page names them; of several groups of one kind the first counts; of
//!   two rows of bank details of one person the latest.
//! * Nothing is given back where a connection ends: deleting a linked account would end it for all programs of the operator.
//!
//! Whose data it is (R01): the linked account, by its id. One that is deleted and linked again has other ids throughout, and is another company.
//!
//! Signs of the end (R05): `next` is there, and `null`. No number of people is told.
//!
//! Calls of one read: one for the sync, one for each started hundred people, one where custom fields are wanted, and one walk over bank
//! details under an exception, of one call for each started hundred rows. [`Source::identify`](super::Source::identify) is one call more. All
//! about one linked account shares an allowance ([`LIMIT`]).

mod client;
mod config;
mod convert;
mod wire;

pub use config::{LIMIT, MergeDialect, PACE};

use crate::connector::Linked;
pub use crate::connector::Settings;

/// Merge as a provider.
pub type Merge = Linked<MergeDialect>;
