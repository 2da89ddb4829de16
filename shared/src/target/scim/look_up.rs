//! Look-ups. An answer to a filter is compared with what was asked, because servers ignore filters, read them loosely, or do not
//! have them; then the whole list answers instead.

use serde_json::Value;

use super::{
    ScimTarget,
    index::{Index, MOST_ALIKE},
    list,
    read::{FIND, incomplete, text},
    resource::{addresses, external_id, fold, id, member, text_of, user_name},
    walk::Incomplete,
};
use crate::{
    account::{Account, AccountId, ExternalId},
    employee::{Canonical, Email},
    target::{Class, Error},
};

/// What is filtered by to find a user by the reference, by the login, and by any address.
const REFERENCE: &str = "externalId";
const USER_NAME: &str = "userName";
const ADDRESSES: &str = "emails.value";

/// How many users that the list shows are looked up to see whether look-ups work.
const MOST_TRIED: usize = 5;
/// How many of them have to be found, where there are as many: one may be what the server answers to whatever it is asked.
const MOST_FOUND: usize = 2;

impl ScimTarget {
    /// Whether users that the list shows are found by id and by user name, each of them and nobody else: some of the first few, because
    /// the server may break on a single one.
    pub(super) async fn finds_a_listed_one(&self) -> Result<bool, Error> {
        if !self.form.profile.look_up.user_name {
            return Ok(false);
        }
        let mut listed = Vec::new();
        self.take_page(&mut self.begin_walk(), |resource| {
            let name = member(&resource, "userName").and_then(Value::as_str);
            let named = id(&resource).zip(name.map(str::to_owned));
            listed.extend(named.filter(|_| listed.len() < MOST_TRIED));
            Ok(())
        })
        .await?;
        let mut wanted = MOST_FOUND.min(listed.len());
        for (id, name) in listed {
            match self.find_resource(&id).await {
                Ok(Some(_)) => {}
                Ok(None) => continue,
                Err(error) if error.class == Class::Refused => continue,
                Err(error) => return Err(error),
            }
            let is_it = |resource: &Value| user_name(resource) == Some(fold(&name));
            let found = self.named(USER_NAME, &name, is_it).await?;
            if found.is_some_and(|found| found.len() == 1) {
                wanted -= 1;
                if wanted == 0 {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// The account that carries a reference.
    pub(super) async fn look_up_reference(&self, wanted: &ExternalId) -> Result<Option<Account>, Error> {
        let look_up = self.form.profile.look_up;
        let is_wanted = |resource: &Value| external_id(resource).as_ref() == Some(wanted);
        if look_up.external_id
            && let Some(found) = self.filtered(REFERENCE, wanted.as_str(), is_wanted).await?
            && (!found.is_empty() || self.finds_by(REFERENCE, |user| text_of(user, REFERENCE)).await? == Some(true))
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
        self.look_up(attribute, value, false).await
    }

    /// The accounts whose attribute has a value. Where the list just showed that there is none (`is_listed`), a filter that finds nobody
    /// is believed without being tried.
    pub(super) async fn look_up(
        &self,
        attribute: Canonical,
        value: &str,
        is_listed: bool,
    ) -> Result<Vec<Account>, Error> {
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
            && let Some(found) = self.named(USER_NAME, value, is_wanted).await?
            && (is_listed || !found.is_empty() || self.finds_names().await?)
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
        let named = self.named(USER_NAME, address, is_named).await?;
        if let Some(named) = named.as_ref().filter(|named| !named.is_empty()) {
            return Ok(self.usable(named));
        }
        let found = self.with_any_address(address).await?;
        if let Some(found) = found.as_ref().filter(|found| !found.is_empty()) {
            return Ok(self.usable(found));
        }
        let is_asked = named.is_some()
            && found.is_some()
            && self.finds_names().await?
            && self.finds_by(ADDRESSES, |user| addresses(user).next()).await? == Some(true);
        Ok(is_asked.then(Vec::new))
    }

    /// The accounts whose attribute has a value; `None` where the server cannot be asked for it.
    pub(super) async fn look_up_value(&self, attribute: Canonical, value: &str) -> Result<Option<Vec<Account>>, Error> {
        let Some(path) = self.form.path(attribute) else {
            // No user of this server shows such a value.
            return Ok(Some(Vec::new()));
        };
        let shown = |user: &Value| {
            let account = self.form.account(user)?;
            account.value(attribute).map(str::to_owned)
        };
        let is_it = |user: &Value| shown(user).as_deref() == Some(value);
        let found = self.named(&path, value, is_it).await?;
        if let Some(found) = found.as_ref().filter(|found| !found.is_empty()) {
            return Ok(self.usable(found));
        }
        // Where the users that the list shows have no such value, nobody is told apart by it here.
        let is_known = match self.finds_by(&path, shown).await? {
            Some(finds) => finds && found.is_some(),
            None => true,
        };
        Ok(is_known.then(Vec::new))
    }

    /// Users who were found, as accounts; `None` where one of them cannot be told from others, having no id.
    fn usable(&self, found: &[Value]) -> Option<Vec<Account>> {
        let accounts = self.accounts(found);
        (accounts.len() == found.len()).then_some(accounts)
    }

    async fn with_any_address(&self, address: &str) -> Result<Option<Vec<Value>>, Error> {
        let wanted = fold(address);
        let has = |resource: &Value| addresses(resource).any(|own| fold(&own) == wanted);
        self.named(ADDRESSES, address, has).await
    }

    /// Whether a filter finds users by their logins.
    async fn finds_names(&self) -> Result<bool, Error> {
        let finds = self.finds_by(USER_NAME, |user| text_of(user, USER_NAME)).await?;
        Ok(finds == Some(true))
    }

    /// Whether a filter finds a user by a value that the list shows, in capital or small letters: some servers answer a filter that they
    /// do not know with nobody, and some tell the two apart. `None` where the list shows no such value. Asked once.
    async fn finds_by(&self, path: &str, shown: impl Fn(&Value) -> Option<String>) -> Result<Option<bool>, Error> {
        let mut tried = self.tried.lock().await;
        if let Some(finds) = tried.get(path) {
            return Ok(*finds);
        }
        let mut listed = Vec::new();
        self.take_page(&mut self.begin_walk(), |resource| {
            listed.extend(shown(&resource).filter(|_| listed.len() < MOST_TRIED));
            Ok(())
        })
        .await?;
        let mut finds = (!listed.is_empty()).then_some(false);
        let mut wanted = MOST_FOUND.min(listed.len());
        for value in listed {
            let is_it = |user: &Value| shown(user).as_ref() == Some(&value);
            let mut is_found = true;
            let other = in_other_letters(&value);
            // References are the same in the same letters only (RFC 7643, section 3.1).
            let spellings = if path == REFERENCE {
                vec![&value]
            } else {
                vec![&value, &other]
            };
            for spelling in spellings {
                let found = self.filtered(path, spelling, is_it).await?;
                is_found &= found.is_some_and(|found| !found.is_empty());
            }
            wanted -= usize::from(is_found);
            if wanted == 0 {
                finds = Some(true);
                break;
            }
        }
        if finds.is_some() {
            tried.insert(path.to_owned(), finds);
        }
        Ok(finds)
    }

    /// What a filter by user name or address finds. A server compares them as texts, so one is asked for in each of its spellings.
    async fn named(
        &self,
        attribute: &str,
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
        attribute: &str,
        value: &str,
        is_wanted: impl Fn(&Value) -> bool,
    ) -> Result<Option<Vec<Value>>, Error> {
        let quoted = value.replace('\\', "\\\\").replace('"', "\\\"");
        let filter = format!("{attribute} eq \"{quoted}\"");
        // Where the server refuses the filter or breaks on it, it does not know it, or not with this value.
        let unsaid = async |error: Error| match self.of_this_alone(error).await {
            error if error.class == Class::Refused => Ok(None),
            error => Err(error),
        };
        let answer = match self.list(FIND, &[("filter", filter)]).await {
            Ok(answer) => answer,
            Err(error) => return unsaid(error).await,
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
            Err(error @ Incomplete::NoJson) => unsaid(Error::new(Class::Temporary, FIND, error.to_string())).await,
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

/// A text in small letters, or in capital ones where it is in small ones.
fn in_other_letters(text: &str) -> String {
    let small = text.to_lowercase();
    if small == text { text.to_uppercase() } else { small }
}
