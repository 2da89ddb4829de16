//! The target's accounts as the tenant's admin sees and changes them by hand.

use std::sync::Arc;

use emulators::scim;
use rollcall::{
    account::{Account, AccountId, Origin},
    employee::{AttributesBuilder, Canonical, Field},
    target::{Patch, Target},
};

use super::{Failure, Stage};

impl Stage {
    /// Returns all accounts of the target.
    ///
    /// # Errors
    /// The store failed.
    pub async fn accounts(&self) -> Result<Vec<Account>, Failure> {
        let target = self.target()?;
        let (mut accounts, mut from) = (Vec::new(), None);
        loop {
            let page = target.list_accounts(from.as_deref()).await?;
            accounts.extend(page.accounts);
            match page.next {
                Some(next) => from = Some(next),
                None => return Ok(accounts),
            }
        }
    }

    /// Returns the account of an employee, by our reference.
    ///
    /// # Errors
    /// The store failed, or the employee has no account.
    pub async fn account_of(&self, employee: u64) -> Result<Account, Failure> {
        let ends = format!(":{employee}");
        let accounts = self.accounts().await?;
        let found = accounts.into_iter().find(|account| {
            account
                .external_id
                .as_ref()
                .is_some_and(|id| id.as_str().ends_with(&ends))
        });
        Ok(found.ok_or("nobody has this reference")?)
    }

    /// Changes an account as the tenant's admin does by hand. Returns the account.
    ///
    /// # Errors
    /// The directory refuses.
    pub async fn edit_by_hand(&self, id: &AccountId, attribute: Canonical, value: &str) -> Result<Account, Failure> {
        self.patch_by_hand(id, &[(attribute, value)], None).await
    }

    /// Switches an account on or off as the tenant's admin does by hand. Returns the account.
    ///
    /// # Errors
    /// The directory refuses.
    pub async fn switch_by_hand(&self, id: &AccountId, active: bool) -> Result<Account, Failure> {
        self.patch_by_hand(id, &[], Some(active)).await
    }

    async fn patch_by_hand(
        &self,
        id: &AccountId,
        values: &[(Canonical, &str)],
        active: Option<bool>,
    ) -> Result<Account, Failure> {
        let mut attributes = AttributesBuilder::new();
        for (attribute, value) in values {
            attributes.set_canonical(*attribute, Field::Value(*value));
        }
        let patch = Patch {
            id: id.clone(),
            attributes: attributes.build(),
            active,
            external_id: None,
            version: None,
            origin: Origin::Person {
                by: "somebody".to_owned(),
            },
        };
        let accounts = self.target()?.update(&[patch]).await?;
        Ok(accounts.into_iter().next().ok_or("the account is not there")?)
    }

    /// Returns the target, without a watch.
    ///
    /// # Errors
    /// Never on a stage that was made.
    pub fn target(&self) -> Result<Arc<dyn Target>, Failure> {
        Ok(self.opener.open(&self.tenant)?)
    }

    /// Returns the SCIM server that is written to, if the target is one.
    pub fn server(&self) -> Option<&scim::Running> {
        self.opener.server.as_deref()
    }
}
