//! The `account` room (layer 0): the target's record of a person, and what a target can do.
//!
//! No target's wire format and no I/O.

mod external;
mod listing;
mod origin;
mod record;
mod table;

pub use external::ExternalId;
pub use listing::Listing;
pub use origin::Origin;
pub use record::{Abilities, Account, AccountId, TargetIdentity};
pub use table::{AccountView, Accounts, AccountsBuilder, Finder, MOST_ACCOUNTS, MOST_ACCOUNTS_BYTES};
