//! Reading: the list, and one account.

use std::borrow::Cow;

use jiff::Timestamp;
use serde_json::Value;

use super::{
    ScimTarget,
    answer::{is_breakdown, is_server_error, json, refusal},
    fresh::JUST,
    list,
    resource::{id, version as own_version},
    walk::{Incomplete, Place, Walk},
};
use crate::{
    account::{Account, AccountId, AccountsBuilder},
    connector::answer::readable,
    http::{self, Method, Request, Response},
    target::{Class, Error, Page},
};

const LIST: &str = "list accounts";
pub(super) const FIND: &str = "find an account";

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

    pub(super) fn begin_walk(&self) -> Walk {
        Walk::begin(self.form.profile.paging, self.count())
    }

    /// How many users a page is asked for.
    fn count(&self) -> Option<usize> {
        let fails = self.learnt(|learned| learned.count_fails);
        self.form.profile.count.filter(|_| !fails)
    }

    /// Hands on the new entries of the page that comes next.
    pub(super) async fn take_page(
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
            // One user may break the page in which they stand, each time.
            Err(error) if !walk.is_at_start() && is_broken(&error) && self.lists().await => {
                return Err(Error {
                    class: Class::Incomplete,
                    detail: "a page of the list breaks each time with status 500".to_owned(),
                    ..error
                });
            }
            Err(error) if is_counted && walk.is_at_start() && may_be_of_the_count(&error) => {
                // Some servers fail where they are told how many users to list.
                let response = self.list(LIST, &query).await.map_err(|_| error)?;
                self.learnt(|learned| learned.count_fails = true);
                walk.ask_for_any();
                response
            }
            listed => listed?,
        };
        let taken = match walk.take(&text(&response), hand_on) {
            Err(Incomplete::Repeating { collected }) if walk.is_of_one_page() && self.has_so_many(collected).await => {
                walk.end_here()
            }
            taken => taken,
        };
        taken.map_err(incomplete)
    }

    /// Whether the server says that it has so many users where it is asked for one of them: then its count is not that of a page.
    async fn has_so_many(&self, users: usize) -> bool {
        let one = [("startIndex", "1".to_owned()), ("count", "1".to_owned())];
        let Ok(response) = self.list(LIST, &one).await else {
            return false;
        };
        let mut shown = 0;
        let told = list::read(&text(&response), &mut |_| {
            shown += 1;
            if shown > 1 { Err(Incomplete::Wide) } else { Ok(()) }
        });
        users == 1 || told.is_ok_and(|told| shown == 1 && told.total == Some(users))
    }

    pub(super) async fn list(&self, operation: &'static str, query: &[(&str, String)]) -> Result<Response, Error> {
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
        let now = self.clock.now();
        self.fresh.lock().await.keep(wanted, now, &text(&response));
        Ok(self.form.account(&resource))
    }

    /// The resource of this id as it was read for the caller, where it is of the version that the caller has seen, and was read
    /// just now or the server was seen to refuse to write over another one; else as it is now.
    pub(super) async fn resource_to_change(
        &self,
        wanted: &AccountId,
        version: Option<&str>,
    ) -> Result<Option<Value>, Error> {
        let read = self.fresh.lock().await.take(wanted);
        let guards = self.learnt(|learned| learned.versions_work && !learned.versions_fail);
        let is_guarded = guards && self.features().await.etag;
        let now = self.clock.now();
        let shows = |resource: &Value| self.form.account(resource).and_then(|account| account.version);
        let is_seen = |(at, resource): &(Timestamp, Value)| {
            let is_held = is_guarded && own_version(resource).is_some() || now.duration_since(*at) <= JUST;
            is_held && version.is_some() && shows(resource).as_deref() == version
        };
        match read.filter(is_seen) {
            Some((_, read)) => Ok(Some(read)),
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

    pub(super) async fn read_user(&self, key: &str) -> Result<Option<Value>, Error> {
        let found = self.read_answer(key).await?;
        Ok(found.map(|(resource, _)| resource))
    }

    async fn read_answer(&self, key: &str) -> Result<Option<(Value, Response)>, Error> {
        let Some(request) = self.user_request(Method::Get, key).await else {
            return Ok(None);
        };
        let response = match self.call_of_one(request).await {
            Ok(response) if matches!(response.status(), 404 | 410) => return Ok(None),
            Ok(response) if response.is_success() => response,
            Ok(response) => return Err(self.of_this_alone(refusal(FIND, &response, false)).await),
            Err(error) => return Err(self.of_this_alone(error).await),
        };
        if let Some(resource) = json(&response) {
            return Ok(Some((resource, response)));
        }
        let unread = "the answer is not JSON, or larger than any user";
        Err(self.of_this_alone(Error::new(Class::Temporary, FIND, unread)).await)
    }

    /// Asks for one user. Some servers break on a single user each time, and answer for all others.
    async fn call_of_one(&self, request: Request) -> Result<Response, Error> {
        let once = request.clone().take_breakdown();
        for _ in 0..2 {
            let response = self.call(FIND, false, once.clone()).await?;
            if response.status() != 500 {
                return Ok(response);
            }
        }
        if self.lists().await {
            return Err(Error::new(Class::Refused, FIND, "status 500 for this alone"));
        }
        self.call(FIND, false, request).await
    }

    /// What it means that a single look-up fails. Where the server lists users meanwhile, the failure says something about what was
    /// asked for, and nothing about the server.
    pub(super) async fn of_this_alone(&self, error: Error) -> Error {
        let is_alone = match error.class {
            Class::Changed | Class::Conflict | Class::Gone | Class::Unsupported => true,
            Class::Temporary => is_breakdown(&error) && self.lists().await,
            Class::Incomplete | Class::Misconfigured | Class::Refused | Class::Unauthorized | Class::Unknown => false,
        };
        if !is_alone {
            return error;
        }
        let detail = format!("{} for this alone", error.detail);
        Error {
            class: Class::Refused,
            detail,
            ..error
        }
    }

    /// Whether the server lists users now.
    async fn lists(&self) -> bool {
        let users = &self.features().await.users;
        matches!(self.list_status(users).await, Some(200..=299))
    }
}

/// Whether a list may have failed because of how many users were asked for.
fn may_be_of_the_count(error: &Error) -> bool {
    matches!(error.class, Class::Refused | Class::Unsupported) || is_server_error(error)
}

/// Whether a request was answered with status 500 each time that it was sent: the server has found something that it cannot answer,
/// and is not merely down.
fn is_broken(error: &Error) -> bool {
    let source = error.source.as_ref().and_then(|source| source.downcast_ref());
    matches!(
        source,
        Some(http::Error::Exhausted {
            failure: http::Failure::Status(500),
            ..
        })
    )
}

/// A list that is not whole; one without an end will have none the next time either.
pub(super) fn incomplete(error: Incomplete) -> Error {
    let class = match error {
        Incomplete::Endless | Incomplete::Cursor | Incomplete::Large | Incomplete::Wide | Incomplete::Heavy => {
            Class::Refused
        }
        Incomplete::Alike => Class::Conflict,
        Incomplete::NoJson | Incomplete::NoList => Class::Temporary,
        Incomplete::Short { .. } | Incomplete::Repeating { .. } | Incomplete::Nameless { .. } => Class::Incomplete,
    };
    Error::new(class, LIST, error.to_string())
}

/// The text of an answer. What is broken in it costs the value in which it stands, and no other.
pub(super) fn text(response: &Response) -> Cow<'_, str> {
    readable(response.body())
}
