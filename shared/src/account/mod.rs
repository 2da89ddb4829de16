//! The `account` room (layer 0): the target's record of a person, what a target can do, and what was learnt of it.
//!
//! No target's wire format and no I/O.

mod external;
mod learned;
mod listing;
mod origin;
mod record;
mod table;

pub use external::ExternalId;
pub use learned::{ClientForm, Learned, WriteForm};
pub use listing::Listing;
pub use origin::Origin;
pub use record::{Abilities, Account, AccountId, TargetIdentity};
pub use table::{AccountView, Accounts, AccountsBuilder, Finder, MOST_ACCOUNTS, MOST_ACCOUNTS_BYTES};
