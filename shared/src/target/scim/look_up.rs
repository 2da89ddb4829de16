//! Look-ups. An answer to a filter is compared with what was asked, because servers ignore filters, read them loosely, or do not
//! have them; then the whole list answers instead.

use serde_json::Value;

use super::{
    ScimTarget,
    index::{Index, MOST_ALIKE},
    list,
    read::{FIND, incomplete, text},
    resource::{entries_of, external_id, fold, id, member, text as plain_text, text_of, user_name},
    walk::Incomplete,
};
use crate::{
    account::{Account, AccountId, ExternalId},
    employee::{Canonical, Email},
    target::{Class, Error},
};

impl ScimTarget {
    /// Whether one of the users that the list shows first is found by id and by user name, and by nothing else.
    pub(super) async fn finds_a_listed_one(&self) -> Result<bool, Error> {
        if !self.form.profile.look_up.user_name {
            return Ok(false);
        }
        let mut listed = None;
        let mut walk = self.begin_walk();
        self.take_page(&mut walk, |resource| {
            let name = member(&resource, "userName").and_then(Value::as_str);
            let named = id(&resource).zip(name.map(str::to_owned));
            listed = listed.take().or(named);
            Ok(())
        })
        .await?;
        let Some((id, name)) = listed else {
            return Ok(false);
        };
        if self.find_resource(&id).await?.is_none() {
            return Ok(false);
        }
        let is_it = |resource: &Value| user_name(resource) == Some(fold(&name));
        let found = self.named("userName", &name, is_it).await?;
        Ok(found.is_some_and(|found| found.len() == 1))
    }

    /// The account that carries a reference.
    pub(super) async fn look_up_reference(&self, wanted: &ExternalId) -> Result<Option<Account>, Error> {
        let look_up = self.form.profile.look_up;
        let is_wanted = |resource: &Value| external_id(resource).as_ref() == Some(wanted);
        if look_up.external_id
            && let Some(found) = self.filtered("externalId", wanted.as_str(), is_wanted).await?
        {
            return one(self.accounts(&found));
        }
        if look_up.path
            && let Some(found) = self.read_user(wanted.as_str()).await?
            && is_wanted(&found)
        {
            return Ok(self.form.account(&found));
        }
        if look_up.path {
            return Ok(None);
        }
        let ids = self.indexed(|index| index.with_reference(wanted.as_str())).await?;
        one(self.accounts(&self.read_all(&ids, is_wanted).await?))
    }

    /// The accounts whose attribute has a value.
    pub(super) async fn look_up_attribute(&self, attribute: Canonical, value: &str) -> Result<Vec<Account>, Error> {
        if attribute != Canonical::Email {
            let mut walk = self.begin_walk();
            let mut found = Vec::new();
            while walk.place().is_some() {
                self.take_page(&mut walk, |resource| {
                    let account = self.form.account(&resource);
                    found.extend(account.filter(|account| account.value(attribute) == Some(value)));
                    if found.len() > MOST_ALIKE {
                        return Err(Incomplete::Alike);
                    }
                    Ok(())
                })
                .await?;
            }
            return Ok(found);
        }
        let wanted = fold(value);
        let is_wanted = |resource: &Value| user_name(resource).as_deref() == Some(&wanted);
        if self.form.profile.look_up.user_name
            && let Some(found) = self.named("userName", value, is_wanted).await?
        {
            return Ok(self.accounts(&found));
        }
        let ids = self.indexed(|index| index.with_name(&wanted)).await?;
        Ok(self.accounts(&self.read_all(&ids, is_wanted).await?))
    }

    /// Whether an account with another login has this address, as far as the server can say it: not each knows this filter.
    pub(super) async fn has_address(&self, address: &str) -> Result<bool, Error> {
        let found = self.with_any_address(address).await?;
        Ok(found.is_some_and(|found| !found.is_empty()))
    }

    /// The accounts that have this address, as login or as any of their addresses. `None` where the server cannot be asked for
    /// one of the two: then it is not known whether there are any.
    pub(super) async fn look_up_address(&self, address: &str) -> Result<Option<Vec<Account>>, Error> {
        let wanted = fold(address);
        let is_named = |resource: &Value| user_name(resource).as_deref() == Some(&wanted);
        let Some(named) = self.named("userName", address, is_named).await? else {
            return Ok(None);
        };
        if !named.is_empty() {
            return Ok(Some(self.accounts(&named)));
        }
        match self.with_any_address(address).await? {
            Some(found) if !found.is_empty() => Ok(Some(self.accounts(&found))),
            Some(_) if self.finds_addresses().await? => Ok(Some(Vec::new())),
            Some(_) | None => Ok(None),
        }
    }

    async fn with_any_address(&self, address: &str) -> Result<Option<Vec<Value>>, Error> {
        let wanted = fold(address);
        let has = |resource: &Value| addresses(resource).any(|own| fold(&own) == wanted);
        self.named("emails.value", address, has).await
    }

    /// Whether the server finds a user by an address: one that the list shows is asked for, because some servers answer a filter that
    /// they do not know with nobody. Asked once.
    async fn finds_addresses(&self) -> Result<bool, Error> {
        let finds = self.finds_addresses.get_or_try_init(|| async {
            let mut listed = None;
            self.take_page(&mut self.begin_walk(), |resource| {
                listed = listed.take().or_else(|| addresses(&resource).next());
                Ok(())
            })
            .await?;
            let Some(listed) = listed else {
                return Ok(false);
            };
            let has = |resource: &Value| addresses(resource).any(|own| own == listed);
            let found = self.filtered("emails.value", &listed, has).await?;
            Ok(found.is_some_and(|found| !found.is_empty()))
        });
        finds.await.copied()
    }

    /// What a filter by user name or address finds. A server compares them as texts, so one is asked for in each of its spellings.
    async fn named(
        &self,
        attribute: &'static str,
        name: &str,
        is_wanted: impl Fn(&Value) -> bool + Copy,
    ) -> Result<Option<Vec<Value>>, Error> {
        let found = self.filtered(attribute, name, is_wanted).await?;
        match Email::parse(name).and_then(|address| address.readable()) {
            Some(readable) if found.as_ref().is_some_and(Vec::is_empty) => {
                self.filtered(attribute, &readable, is_wanted).await
            }
            Some(_) | None => Ok(found),
        }
    }

    fn accounts(&self, resources: &[Value]) -> Vec<Account> {
        resources
            .iter()
            .filter_map(|resource| self.form.account(resource))
            .collect()
    }

    /// What a filter finds; `None` where the server's answer says nothing about what was asked.
    async fn filtered(
        &self,
        attribute: &'static str,
        value: &str,
        is_wanted: impl Fn(&Value) -> bool,
    ) -> Result<Option<Vec<Value>>, Error> {
        let quoted = value.replace('\\', "\\\\").replace('"', "\\\"");
        let filter = format!("{attribute} eq \"{quoted}\"");
        let answer = match self.list(FIND, &[("filter", filter)]).await {
            Ok(answer) => answer,
            // The server does not know this filter, or not with this value.
            Err(error) if matches!(error.class, Class::Refused | Class::Unsupported | Class::Gone) => return Ok(None),
            Err(error) => return Err(error),
        };
        let (mut all, mut wanted) = (0, Vec::new());
        let told = list::read(&text(&answer), &mut |resource| {
            all += 1;
            if !is_wanted(&resource) || all > MOST_ALIKE {
                return Err(Incomplete::Alike);
            }
            wanted.push(resource);
            Ok(())
        });
        match told {
            Ok(told) => Ok((told.total.unwrap_or(all) <= all).then_some(wanted)),
            Err(error @ Incomplete::NoJson) => Err(Error::new(Class::Temporary, FIND, error.to_string())),
            // The answer does not tell.
            Err(_) => Ok(None),
        }
    }

    /// The resources of these ids, as they are now.
    async fn read_all(&self, ids: &[AccountId], is_wanted: impl Fn(&Value) -> bool) -> Result<Vec<Value>, Error> {
        let mut found = Vec::new();
        for id in ids {
            found.extend(self.find_resource(id).await?.filter(&is_wanted));
        }
        Ok(found)
    }

    /// What the whole list, read once, has under what is looked up. Whatever is found is read again before it counts.
    async fn indexed(&self, find: impl Fn(&Index) -> Vec<AccountId>) -> Result<Vec<AccountId>, Error> {
        let mut kept = self.index.lock().await;
        if kept.is_none() {
            let (mut index, mut walk) = (Index::default(), self.begin_walk());
            while walk.place().is_some() {
                self.take_page(&mut walk, |resource| index.note(&resource)).await?;
            }
            *kept = Some(index);
        }
        let found = kept.as_ref().map(find).unwrap_or_default();
        if found.len() > MOST_ALIKE {
            return Err(incomplete(Incomplete::Alike));
        }
        Ok(found)
    }

    /// Notes what was written, so that the list that was read knows it.
    pub(super) async fn note(&self, account: &Account) {
        if let Some(index) = self.index.lock().await.as_mut() {
            let reference = account.external_id.as_ref().map(ExternalId::as_str);
            let name = account.value(Canonical::Email).map(fold);
            index.add(&account.id, reference, name.as_deref());
        }
    }

    /// Forgets the list, once something was written of which no answer tells.
    pub(super) async fn forget_index(&self) {
        *self.index.lock().await = None;
    }
}

/// The one account that was found; several are never chosen from.
fn one(mut accounts: Vec<Account>) -> Result<Option<Account>, Error> {
    match accounts.len() {
        0 | 1 => Ok(accounts.pop()),
        _ => Err(Error::new(
            Class::Conflict,
            FIND,
            "several accounts carry one reference",
        )),
    }
}

/// The texts of all addresses of a resource.
fn addresses(resource: &Value) -> impl Iterator<Item = String> {
    let entries = entries_of(resource, "emails").iter();
    entries.filter_map(|entry| text_of(entry, "value").or_else(|| plain_text(entry)))
}
