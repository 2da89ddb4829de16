//! Reading: the list, one account, lookups. An answer to a filter is compared with what was asked, because servers ignore
//! filters, read them loosely, or do not have them; then the whole list answers instead.

use serde_json::Value;

use super::{
    ScimTarget,
    answer::{is_server_error, json, refusal},
    index::{Index, MOST_ALIKE},
    list,
    resource::{entries_of, external_id, fold, id, member, text_of, user_name, version as own_version},
    walk::{Incomplete, Place, Walk},
};
use crate::{
    account::{Account, AccountId, AccountsBuilder, ExternalId},
    employee::{Canonical, Email},
    http::{Method, Request, Response},
    target::{Class, Error, Page},
};

const LIST: &str = "list accounts";
const FIND: &str = "find an account";

impl ScimTarget {
    /// A page of the list, from its start or from where the page before ended.
    pub(super) async fn read_page(&self, from: Option<&str>) -> Result<Page, Error> {
        let mut kept = self.walk.lock().await;
        let mut walk = match (from, kept.take()) {
            (None, _) => self.begin_walk(),
            (Some(from), Some(walk)) if walk.waypoint().as_deref() == Some(from) => walk,
            (Some(_), _) => {
                return Err(Error::new(
                    Class::Refused,
                    LIST,
                    "a list is read from its beginning, in order",
                ));
            }
        };
        let mut accounts = Vec::new();
        self.take_page(&mut walk, |resource| {
            accounts.extend(self.form.account(&resource));
            Ok(())
        })
        .await?;
        let next = walk.waypoint();
        *kept = Some(walk);
        Ok(Page { accounts, next })
    }

    /// Takes up a list where another process left it.
    pub(super) async fn resume(&self, from: &str, listed: &AccountsBuilder) -> Result<(), Error> {
        let walk = Walk::resume(from, listed.ids(), self.count());
        let walk = walk.ok_or_else(|| Error::new(Class::Gone, LIST, "the place in the list is not known"))?;
        *self.walk.lock().await = Some(walk);
        Ok(())
    }

    fn begin_walk(&self) -> Walk {
        Walk::begin(self.form.profile.paging, self.count())
    }

    /// How many users a page is asked for.
    fn count(&self) -> Option<usize> {
        let fails = self.learnt(|learned| learned.count_fails);
        self.form.profile.count.filter(|_| !fails)
    }

    /// Hands on the new entries of the page that comes next.
    async fn take_page(
        &self,
        walk: &mut Walk,
        hand_on: impl FnMut(Value) -> Result<(), Incomplete>,
    ) -> Result<(), Error> {
        let mut query = Vec::new();
        match walk.place() {
            Some(Place::Index(from)) => query.push(("startIndex", from.to_string())),
            Some(Place::Cursor(cursor)) => query.push(("cursor", cursor.clone())),
            None => return Ok(()),
        }
        let counted = walk.asked().map(|count| ("count", count.to_string()));
        let is_counted = counted.is_some();
        let listed = self
            .list(LIST, &[query.clone(), counted.into_iter().collect()].concat())
            .await;
        let response = match listed {
            Err(error) if is_counted && walk.is_at_start() && may_be_of_the_count(&error) => {
                // Some servers fail where they are told how many users to list.
                let response = self.list(LIST, &query).await.map_err(|_| error)?;
                self.learnt(|learned| learned.count_fails = true);
                walk.ask_for_any();
                response
            }
            listed => listed?,
        };
        walk.take(text(&response), hand_on).map_err(incomplete)
    }

    async fn list(&self, operation: &'static str, query: &[(&str, String)]) -> Result<Response, Error> {
        let users = &self.features().await.users;
        let pairs = query.iter().map(|(name, value)| (*name, value.as_str()));
        let request = Request::new(Method::Get, &self.base, users, "/Users").query(pairs);
        let response = self.call(operation, false, request).await?;
        if !response.is_success() {
            return Err(refusal(operation, &response, false));
        }
        Ok(response)
    }

    /// The account of this id. It is kept as it was read, because it may be changed next.
    pub(super) async fn read_account(&self, wanted: &AccountId) -> Result<Option<Account>, Error> {
        let Some((resource, response)) = self.find_answer(wanted).await? else {
            return Ok(None);
        };
        self.fresh.lock().await.keep(wanted, text(&response));
        Ok(self.form.account(&resource))
    }

    /// The resource of this id as it was just read for the caller, where it is of the version that the caller has seen and the
    /// server refuses to write over another one; else as it is now.
    pub(super) async fn resource_to_change(
        &self,
        wanted: &AccountId,
        version: Option<&str>,
    ) -> Result<Option<Value>, Error> {
        let read = self.fresh.lock().await.take(wanted);
        let is_guarded = self.features().await.etag && !self.learnt(|learned| learned.versions_fail);
        let shows = |resource: &Value| self.form.account(resource).and_then(|account| account.version);
        let is_seen = |resource: &Value| {
            is_guarded && own_version(resource).is_some() && version.is_some() && shows(resource).as_deref() == version
        };
        match read.filter(is_seen) {
            Some(read) => Ok(Some(read)),
            None => self.find_resource(wanted).await,
        }
    }

    /// The resource of this id, where it is that of this id.
    pub(super) async fn find_resource(&self, wanted: &AccountId) -> Result<Option<Value>, Error> {
        let found = self.find_answer(wanted).await?;
        Ok(found.map(|(resource, _)| resource))
    }

    async fn find_answer(&self, wanted: &AccountId) -> Result<Option<(Value, Response)>, Error> {
        let found = self.read_answer(wanted.as_str()).await?;
        match found.as_ref().map(|(resource, _)| id(resource)) {
            None => Ok(None),
            Some(Some(found_id)) if found_id == *wanted => Ok(found),
            Some(_) => Err(Error::new(
                Class::Refused,
                FIND,
                "the server answers with another account",
            )),
        }
    }

    async fn read_user(&self, key: &str) -> Result<Option<Value>, Error> {
        let found = self.read_answer(key).await?;
        Ok(found.map(|(resource, _)| resource))
    }

    async fn read_answer(&self, key: &str) -> Result<Option<(Value, Response)>, Error> {
        let Some(request) = self.user_request(Method::Get, key).await else {
            return Ok(None);
        };
        let response = self.call_of_one(request).await?;
        if matches!(response.status(), 404 | 410) {
            return Ok(None);
        }
        if !response.is_success() {
            return Err(refusal(FIND, &response, false));
        }
        let resource = json(&response);
        resource.map(|resource| Some((resource, response))).ok_or_else(|| {
            Error::new(
                Class::Temporary,
                FIND,
                "the answer is not JSON, or larger than any user",
            )
        })
    }

    /// Asks for one user. Some servers break on a single user each time, and answer for all others: that says something about this
    /// user and nothing about the server.
    async fn call_of_one(&self, request: Request) -> Result<Response, Error> {
        let once = request.clone().take_breakdown();
        for _ in 0..2 {
            let response = self.call(FIND, false, once.clone()).await?;
            if response.status() != 500 {
                return Ok(response);
            }
        }
        let users = &self.features().await.users;
        if matches!(self.list_status(users).await, Some(200..=299)) {
            return Err(Error::new(Class::Refused, FIND, "status 500 for this alone"));
        }
        self.call(FIND, false, request).await
    }

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
        let found = self.named(&name, is_it).await?;
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
            && let Some(found) = self.named(value, is_wanted).await?
        {
            return Ok(self.accounts(&found));
        }
        let ids = self.indexed(|index| index.with_name(&wanted)).await?;
        Ok(self.accounts(&self.read_all(&ids, is_wanted).await?))
    }

    /// Whether an account with another login has this address, as far as the server can say it: not each knows this filter.
    pub(super) async fn has_address(&self, address: &str) -> Result<bool, Error> {
        let wanted = fold(address);
        let has = |resource: &Value| {
            let addresses = entries_of(resource, "emails").iter();
            let mut addresses = addresses.filter_map(|entry| text_of(entry, "value"));
            addresses.any(|own| fold(&own) == wanted)
        };
        let found = self.filtered("emails.value", address, has).await?;
        Ok(found.is_some_and(|found| !found.is_empty()))
    }

    /// What a filter by user name finds. A server compares names as texts, so one is asked for in each of its spellings.
    async fn named(&self, name: &str, is_wanted: impl Fn(&Value) -> bool + Copy) -> Result<Option<Vec<Value>>, Error> {
        let found = self.filtered("userName", name, is_wanted).await?;
        match Email::parse(name).and_then(|address| address.readable()) {
            Some(readable) if found.as_ref().is_some_and(Vec::is_empty) => {
                self.filtered("userName", &readable, is_wanted).await
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
        let told = list::read(text(&answer), &mut |resource| {
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

/// Whether a list may have failed because of how many users were asked for.
fn may_be_of_the_count(error: &Error) -> bool {
    matches!(error.class, Class::Refused | Class::Unsupported) || is_server_error(error)
}

/// A list that is not whole; one without an end will have none the next time either.
fn incomplete(error: Incomplete) -> Error {
    let class = match error {
        Incomplete::Endless | Incomplete::Cursor | Incomplete::Large | Incomplete::Wide | Incomplete::Heavy => {
            Class::Refused
        }
        Incomplete::Alike => Class::Conflict,
        Incomplete::NoJson | Incomplete::NoList => Class::Temporary,
        Incomplete::Short { .. } | Incomplete::Repeating { .. } => Class::Incomplete,
    };
    Error::new(class, LIST, error.to_string())
}

/// The text of an answer; empty, which is no JSON either, where it is none.
fn text(response: &Response) -> &str {
    response.text().unwrap_or_default()
}
