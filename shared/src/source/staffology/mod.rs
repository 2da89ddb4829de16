//! Staffology HR (IRIS; the same platform and API as IRIS HR Professional, and neither Staffology Payroll nor IRIS Cascade). Written from the
//! vendor's pages on logging in and on custom fields, and from a client in PowerShell that a school uses (May 2026), as read in November 2026.
//! There is no description for machines that could be had, and it has not run against the real Staffology HR.
//!
//! What it can give: names, e-mails, telephone, home address, birth date, employee number, first and last day, kind of employment, job title,
//! department, team, company (as group), place of work by name, manager, and custom fields. No pay and no bank details: where they stand
//! is not published. There is no town and no time zone of the place of work, and no status: the last day tells who has left.
//! Ethnic origin, disability, nationality and whom to call in an emergency come unasked with a person, and are not decoded (R34).
//!
//! Quirks:
//! * A user of the API has a name and a password, made by the system. They are exchanged for an access token of half an hour and a refresh
//!   token of six months, which stays the same; then the password counts again. All is asked by GET, with the kind of grant in a header. Where
//!   the server breaks at a refresh token for longer than the access token lives, the password is tried.
//! * Rights belong to that user. What it may not see is missing: a whole section, or people. Without the right to starters and leavers there is
//!   no `Termination`: then no last day is seen, which is reported, and nobody is made a leaver by one.
//! * Whether the list of people has `Termination` is not certain. Of people whose row lacks it, their own row is asked for, one by one. Where one
//!   of these may not be read, or is not there, it is not known whether that person is there, and all others go on; where none may, last days are hidden.
//! * Custom fields are called by their place. What each is for stands in the vendor's own application only, so that nothing tells whether it
//!   is of a forbidden category (R34). A field whose name has a number, or no word of its own (`CustomFieldA`), is read only where the configuration names it
//!   (`custom.custom_field1`): who maps it knows what it is. Else it is named as hidden.
//! * Texts may have stray spaces; who has no e-mail has an empty one.
//!
//! Guesses, because nobody says:
//! * Days are written as ISO 8601 has them, perhaps with an hour behind them; a year before 1900 (`0001-01-01`) and 1900-01-01 stand for no day.
//! * A lookup is an object with `Value`; a text in its place is taken, too. A manager's has the manager's id in `ID` (or `Id`, `Key`), and `Value` is
//!   a name, which leads to nobody unless it is in digits. Look at the managers of the first preview.
//! * An address is an object with `Line1`, `Line2`, `Town`, `PostCode` and `Country`, or with other usual names of these; or a text, which is
//!   its first line then.
//! * Custom fields are a list with an object for each person: the person's id in `EmployeeID` (or `EmployeeId`, `ID`, `Id`), and a member for each field,
//!   whose value is a text, a number or a lookup. A value of any other form is that value alone, and a list of anything else hides all custom
//!   fields. Where the answer is not JSON at all people are read without them, and the read is not whole.
//! * How fast the API may be asked is not published: it is asked for one thing at a time.
//!
//! Whose data it is (R01): nothing tells. The company that is shown has a small number, which may be another company's in another place; the
//! people who are linked tell.
//!
//! Signs of the end (R05): nothing says how many people there are. A page with fewer than 200 of them is the one sign, and the page behind it,
//! which is asked for each time and has to have nobody on it, is the other. Behind a full last page these are two pages without anybody. Where
//! a page that is not full has people behind it, the walk goes on.
//!
//! Calls of one read, of P people: one for each started 200 people and one more, or two more where 200 divides P; one where custom fields are
//! wanted; and one for each person whose row lacks `Termination`, where the last day is wanted. [`Source::identify`](super::Source::identify)
//! is one call more. A token is one call each half hour.

mod client;
mod config;
mod convert;
mod wire;

pub use config::{PACE, StaffologyDialect};

use crate::connector::Adapter;
pub use crate::connector::Settings;

/// Staffology HR as a provider.
pub type Staffology = Adapter<StaffologyDialect>;
