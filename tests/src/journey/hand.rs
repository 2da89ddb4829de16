//! The directory's accounts as somebody sees and changes them by hand.

use std::sync::Arc;

use rollcall::{
    account::{Account, AccountId, Origin},
    employee::{AttributesBuilder, Canonical, Field},
    run::Clock,
    target::{Patch, Target, directory::DirectoryTarget},
};

use super::{Failure, Stage};

impl Stage {
    /// All accounts of the directory.
    ///
    /// # Errors
    /// The store failed.
    pub async fn accounts(&self) -> Result<Vec<Account>, Failure> {
        let mut accounts = Vec::new();
        let mut from: Option<String> = None;
        loop {
            let (page, next) = self.directory.list_accounts(&self.tenant, from.as_deref()).await?;
            accounts.extend(page);
            match next {
                Some(next) => from = Some(next),
                None => return Ok(accounts),
            }
        }
    }

    /// The account of an employee, by our reference.
    ///
    /// # Errors
    /// The store failed, or there is none.
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

    /// Somebody changes an account by hand.
    ///
    /// # Errors
    /// The directory refuses.
    pub async fn edit_by_hand(&self, id: &AccountId, attribute: Canonical, value: &str) -> Result<Account, Failure> {
        self.patch_by_hand(id, &[(attribute, value)], None).await
    }

    /// Somebody switches an account on or off by hand.
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
        let accounts = self.target().update(&[patch]).await?;
        Ok(accounts.into_iter().next().ok_or("the account is not there")?)
    }

    /// The directory as a target, without a watch.
    pub fn target(&self) -> DirectoryTarget {
        let clock = Arc::clone(&self.clock) as Arc<dyn Clock>;
        DirectoryTarget::new(self.tenant.clone(), Arc::clone(&self.directory), clock)
    }
}
