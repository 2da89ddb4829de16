//! The `employee` room (layer 0): a person as HR describes them, in Rollcall's own words.
//!
//! Here live the canonical attributes, the three states of a field, the parsers that are the only way into an
//! [`Employee`], the categories that are not carried over ([`forbidden`]), and the packed form in which attributes are held,
//! stored and compared. No provider's name, no I/O.

mod attribute;
mod attributes;
mod calendar;
mod country;
mod date;
mod decimal;
mod email;
mod field;
pub mod forbidden;
pub mod id;
mod name;
mod parse;
mod phone;
mod pile;
mod places;
mod record;
mod respelling;
mod room;
mod script;
mod status;
mod wanted;

pub use attribute::{Attribute, AttributeRef, CUSTOM_PREFIX, Canonical, CustomName, Kind};
pub use attributes::{Attributes, AttributesBuilder, Entry, Iter, View};
pub use calendar::Calendar;
pub use country::Country;
pub(crate) use date::parse_date;
pub use decimal::Decimal;
pub use email::Email;
pub use field::Field;
pub use forbidden::{Category, classify_label};
pub use id::{CompanyId, EmployeeId};
pub use name::{fold, is_blank, normalise};
pub use parse::{Error, MAX_TEXT_BYTES, canonical_text};
pub use phone::Phone;
pub(crate) use pile::{Pile, Spot, narrow};
pub(crate) use places::Places;
pub use record::{Employee, EmployeeBuilder, LastDay, status_at};
pub use room::{Excess, MOST_CUSTOM, MOST_PERSON_BYTES, Shortened};
pub use status::EmploymentStatus;
pub use wanted::Wanted;
