//! The room below all others leans on a neighbour, and knows a provider.

use crate::account::Account;

pub const QUIRK: &str = "factorial_id";

pub fn name_of(account: &Account) -> String {
    account.name.clone()
}
