//! PayFit (payfit.com), its API for partners and customers. Written from stored copies of the vendor's pages, schemas that Airbyte took from
//! live answers, what PostHog took from the vendor's reference, and reports of what was tried in September 2026, as read in November 2026. The
//! vendor's description for machines could not be had, and this has not run against the real PayFit.
//!
//! What it can give: names, e-mails, telephone, home address, birth date, employee number, manager, team, first and last day and status of
//! contracts (`collaborators`); job title, full or part time (`contracts`); and bank details where an exception is recorded (R34).
//! It has no department, no place of work, no custom field and no name to show. Pay stands on payslips alone; the currency could only be
//! guessed by the country: neither is given. What comes unasked and is never decoded: social security number, nationality, country of
//! birth, gender, birth name.
//!
//! Quirks:
//! * Two ways to connect. A customer's key belongs to one company and has the scopes that were ticked when it was made. A partner's login gives
//!   a token for one company without a refresh token; for how long it is good is not written down. Neither is renewed: a refusal
//!   means that a person has to connect again.
//! * What a scope does not open is left out without a word; a list that none opens is a 403. Introspection says which scopes a credential has:
//!   what those that it has not would open is hidden. Which scope opens what is inferred from the names (a guess). A 403 at introspection, which
//!   takes no scope, is a refused credential.
//! * People come ten to a page unless fifty are asked for. People whose contract is still being made come only where they are asked for
//!   (`includeInProgressContracts`), as they are here: they may begin soon.
//! * First day, last day and status are those of the contracts in a person's own row. Contracts that overlap, or of which one begins
//!   the day after another one ends, are one employment; of several employments the current one counts, else the next, else the last.
//!   Between two of them a person has left, with a first day to come. Words for the status other than `ACTIVE` are guesses (`PENDING`,
//!   `IN_PROGRESS`, `ARCHIVED`), in any case; the days count for more.
//! * A contract in progress is signed by nobody: beside another one it counts for nothing. One that is archived and says no last day leaves
//!   open whether a person is there, unless another one holds today.
//! * `terminationDate` is not to be used for access (the vendor's word): it counts only of a person of whom it is shown that there is no contract.
//! * Administrators are listed without any contract, and so are people whose contract was not made yet. They have no days at work,
//!   and count as people who have not begun: they get no account, and one that they have stays as it is. Once there is a contract
//!   its days count. Without the scope `collaborators:contracts:read` nothing tells them, or people who left, from people who are there:
//!   first day, last day and status are hidden then, and nobody leaves by any of them.
//! * The job title stands in the list of contracts, which has those of the last year alone. Of a person who has none there, title and
//!   working time are unseen: what the account has stays.
//! * An e-mail at work may be missing; the personal one is what people sign in with. An e-mail or a telephone without a type, or with an unknown
//!   one, is none of either and empties neither. An only address that does not say what it is counts as the one at home (a guess).
//!
//! Whose data it is (R01): introspection names the one company of a credential; its name is asked for besides.
//!
//! Signs of the end (R05): a page without a token is the last one, and the object that would hold it (`meta`) has to be there. A token that
//! comes again, or an empty page with one, breaks the read. `meta.count` is not said to be a total, and `nbActiveContracts` of the company
//! counts contracts and not people: neither is compared.
//!
//! Calls of one read: one for introspection, one for each started 50 people, and one for each started 50 contracts where job title or working
//! time is wanted; each slice of a read takes introspection and contracts anew. [`Source::identify`](super::Source::identify) is one call more.
//! Requests are counted by application and second ([`LIMIT`]): all logins of the operator's application are counted together, a key by itself.

mod client;
mod config;
mod convert;
mod wire;

pub use config::{LIMIT, PACE, PayFitDialect};

use crate::connector::Adapter;
pub use crate::connector::Settings;

/// PayFit as a provider.
pub type PayFit = Adapter<PayFitDialect>;
