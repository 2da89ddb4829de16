//! The `target` port (layer 1): the application's accounts. Each target's folder below is an adapter (layer 4).

pub mod directory;
mod error;
pub mod scim;

use async_trait::async_trait;

pub use crate::account::Origin;
pub use error::{Class, Error};

use crate::{
    account::{Abilities, Account, AccountId, AccountsBuilder, ExternalId, Learned, TargetIdentity},
    employee::{Attribute, Attributes, Canonical},
};

/// A page of accounts.
#[derive(Clone, Debug)]
pub struct Page {
    /// The accounts of this page.
    pub accounts: Vec<Account>,
    /// Where the next page begins: the target's own note, which may be kept and holds no person. `None` is the target's own sign
    /// of the last page.
    pub next: Option<String>,
}

/// An account to be made.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// The reference to write on it (R02).
    pub external_id: ExternalId,
    /// The account's attributes; references are set later.
    pub attributes: Attributes,
    /// Whether the person is to be invited at once.
    pub invite: bool,
    /// Whether another account may have the address, as a person has decided: then only the login has to be free.
    pub shares_address: bool,
    /// Whether the target's list was just read to its end, and no account had this reference or address.
    pub is_listed: bool,
    /// Why and by whom, for the account's history.
    pub origin: Origin,
}

/// A change to one account: only what it names is touched.
#[derive(Clone, Debug)]
pub struct Patch {
    /// The account.
    pub id: AccountId,
    /// Attributes to set (value) or clear (empty).
    pub attributes: Attributes,
    /// Whether to switch the account on or off.
    pub active: Option<bool>,
    /// The reference to write on it, where it changes.
    pub external_id: Option<ExternalId>,
    /// The version that must still hold, where the target has versions.
    pub version: Option<Box<str>>,
    /// Why and by whom, for the account's history.
    pub origin: Origin,
}

/// A part of a change that a target has not taken, and would not take again. The rest of the change was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The attributes that it is about; none where it is the reference.
    pub attributes: Vec<Attribute>,
    /// How the target names it.
    pub member: String,
    /// Why, in fixed words.
    pub detail: String,
}

/// The application's accounts. All writes are safe to look up afterwards; none is retried blindly (R31).
#[async_trait]
pub trait Target: Send + Sync {
    /// Returns which target this is, for plan headers and claims.
    fn identity(&self) -> TargetIdentity;

    /// Returns what the target can do.
    fn abilities(&self) -> Abilities;

    /// Takes up what earlier runs have learnt of it. A target that learns nothing has nothing to take up.
    fn recall(&self, learned: Learned) {
        let _ = learned;
    }

    /// Returns what was learnt of it: what was taken up, and what this run has learnt beside.
    fn learned(&self) -> Learned {
        Learned::default()
    }

    /// Returns one page of all accounts, active or not, from the start or from where an earlier page ended.
    ///
    /// # Errors
    /// [`Error`]; a list that cannot be read to its end makes no plan.
    async fn list_accounts(&self, from: Option<&str>) -> Result<Page, Error>;

    /// Takes up a list that another process has read as far as `from`, so that [`Self::list_accounts`] goes on there; `listed`
    /// holds the accounts of all pages before. A target whose places need no more than themselves has nothing to do.
    ///
    /// # Errors
    /// [`Error`] of class `Gone` where the place is none that the target knows: then the list is read from its start.
    async fn resume_list(&self, from: &str, listed: &AccountsBuilder) -> Result<(), Error> {
        let _ = (from, listed);
        Ok(())
    }

    /// Returns whether accounts are found one by one that a list does not show: by id, and by what people are told apart by.
    /// Asked where a list ended with [`Class::Incomplete`].
    ///
    /// # Errors
    /// [`Error`] where the target does not answer.
    async fn finds_each(&self) -> Result<bool, Error> {
        Ok(false)
    }

    /// The account of this id.
    async fn find_account(&self, id: &AccountId) -> Result<Option<Account>, Error>;

    /// The account that carries this reference.
    async fn find_by_external_id(&self, external_id: &ExternalId) -> Result<Option<Account>, Error>;

    /// The accounts whose attribute has this value, compared as the target compares unique values.
    async fn find_by_attribute(&self, attribute: Canonical, value: &str) -> Result<Vec<Account>, Error>;

    /// The accounts that carry a value by which people are told apart: of the e-mail, those that have it as login or among their
    /// addresses. `None` where the target cannot be asked for it. Asked where its list does not show all accounts.
    async fn find_by_key(&self, attribute: Canonical, value: &str) -> Result<Option<Vec<Account>>, Error> {
        self.find_by_attribute(attribute, value).await.map(Some)
    }

    /// Makes an account. `id_hint` is stable for this step of this plan: a target that lets us choose ids uses it, so
    /// that a repeated create finds its own work.
    ///
    /// # Errors
    /// [`Error`] of class `Conflict` where reference, id or a unique value is taken.
    async fn create(&self, id_hint: &AccountId, account: &NewAccount) -> Result<Account, Error>;

    /// Returns what was refused of an account by the last change of it, or by making it, and forgets it.
    fn take_refusals(&self, id: &AccountId) -> Vec<Refusal> {
        let _ = id;
        Vec::new()
    }

    /// Changes accounts: one, or several in one transaction where [`Abilities::together`] says so. Returns them as they
    /// are afterwards, in the order asked.
    ///
    /// # Errors
    /// [`Error`] of class `Conflict` (unique value taken), `Changed` (version no longer holds) or `Gone`.
    async fn update(&self, patches: &[Patch]) -> Result<Vec<Account>, Error>;

    /// Returns whether it makes an account in several requests, so that one whose process died may be there in part.
    fn makes_in_steps(&self) -> bool {
        false
    }

    /// Sends an invitation.
    ///
    /// # Errors
    /// [`Error`] of class `Unsupported` where the target sends none.
    async fn invite(&self, id: &AccountId, origin: &Origin) -> Result<(), Error>;

    /// How many calls or stored writes it has made so far.
    fn writes(&self) -> u64;
}
