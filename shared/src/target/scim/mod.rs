//! Any SCIM 2.0 server as a target (layer 4): RFC 7643 and RFC 7644 as servers really behave.
//!
//! `profile` says as data how a server differs, `resource` reads its users and `assignment` writes them, `seen` tells whether they are as they were, `part` and `entry` are what a change
//! comes to and `new_user` what a user is made with, `walk` is the way through its list,
//! whose pages `list` reads entry by entry, within the memory that `value` counts, and `index` remembers; these are pure. `access` opens it, `discovery` and `schema` ask what it can, `answer` says what its answers mean, `read`,
//! `look_up`, `create` and `change` do the work, and `attempt` writes it in the form that a server takes, which `apart` finds out. Whatever an answer shows is compared with what was asked: a server may lie about anything.

mod access;
mod answer;
mod apart;
mod assignment;
mod attempt;
mod change;
mod create;
mod discovery;
mod entry;
mod fresh;
mod index;
mod list;
mod look_up;
mod new_user;
mod part;
mod profile;
mod read;
mod resource;
mod schema;
mod seen;
#[cfg(test)]
mod tests;
mod value;
mod walk;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::{
        Arc, Mutex as StdMutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::sync::{Mutex, OnceCell};

pub use access::{Access, Client};
pub use profile::Profile;

use super::{Class, Error, NewAccount, Origin, Page, Patch, Refusal, Target};
use crate::{
    account::{Abilities, Account, AccountId, AccountsBuilder, ClientForm, ExternalId, Learned, TargetIdentity},
    clock::Clock,
    employee::Canonical,
    http::{BaseUrl, Method, Request, Response, Session},
    target::scim::{
        answer::{refusal, refusal_of_one},
        discovery::Features,
        fresh::Fresh,
        index::Index,
        resource::Form,
        schema::Known,
        walk::Walk,
    },
};

/// How bodies are named (RFC 7644, section 3.1).
const MEDIA: &str = "application/scim+json";

/// Characters of an id that stand in a path as they are.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// How many users are remembered as ones of whom the server took something (R47).
const MOST_TAKERS: usize = 100_000;

/// What a server is, and how it is spoken to.
#[derive(Debug)]
pub struct Settings {
    /// Where its endpoints are.
    pub base: BaseUrl,
    /// How it differs from others.
    pub profile: &'static Profile,
    /// The URN of an extension that holds what has no other place, under our names.
    pub extension: Option<Box<str>>,
    /// What opens it.
    pub access: Access,
}

/// A SCIM server.
pub struct ScimTarget {
    session: Session,
    base: BaseUrl,
    identity: TargetIdentity,
    form: Form,
    access: Access,
    clock: Arc<dyn Clock>,
    features: OnceCell<Features>,
    schemas: OnceCell<Known>,
    /// Users as they were just read, which are changed next.
    fresh: Mutex<Fresh>,
    /// Whether a filter finds a user whom the list shows, by what it filters; once that was asked.
    tried: Mutex<BTreeMap<String, Option<bool>>>,
    /// How far its list is read.
    walk: Mutex<Option<Walk>>,
    /// The server's whole list, by what is looked up, where its filters do not help.
    index: Mutex<Option<Index>>,
    /// What was learnt of the server, in this run and in earlier ones.
    learned: StdMutex<Learned>,
    /// Held by the change that looks for what the server takes.
    search: Mutex<()>,
    /// Hashes of accounts of which the server took something: what it refuses of others tells nothing of an attribute.
    takers: StdMutex<BTreeSet<u64>>,
    /// What was refused of accounts, until it is asked for.
    refused: StdMutex<BTreeMap<AccountId, Vec<Refusal>>>,
    writes: AtomicU64,
}

impl ScimTarget {
    /// A server, reached through `session`; the clock tells when tokens end. Asks nothing yet.
    pub fn new(session: Session, settings: Settings, clock: Arc<dyn Clock>) -> Self {
        let Settings {
            base,
            profile,
            extension,
            access,
        } = settings;
        Self {
            session,
            identity: TargetIdentity::new("scim", &base.identity()),
            base,
            form: Form { profile, extension },
            access,
            clock,
            features: OnceCell::new(),
            schemas: OnceCell::new(),
            fresh: Mutex::default(),
            tried: Mutex::default(),
            walk: Mutex::default(),
            index: Mutex::default(),
            learned: StdMutex::default(),
            search: Mutex::default(),
            takers: StdMutex::default(),
            refused: StdMutex::default(),
            writes: AtomicU64::new(0),
        }
    }

    /// Returns the same target under the identity that its connection has, which may be an earlier spelling of its
    /// address.
    #[must_use]
    pub fn known_as(self, identity: TargetIdentity) -> Self {
        Self { identity, ..self }
    }

    /// Looks at what was learnt of the server, or notes something there.
    fn learnt<T>(&self, look: impl FnOnce(&mut Learned) -> T) -> T {
        look(&mut self.learned.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn refused_of<T>(&self, look: impl FnOnce(&mut BTreeMap<AccountId, Vec<Refusal>>) -> T) -> T {
        look(&mut self.refused.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Notes that the server took something of this user, or looks whether it did.
    fn takers<T>(&self, id: &AccountId, look: impl FnOnce(&mut BTreeSet<u64>, u64) -> T) -> T {
        let mut hasher = DefaultHasher::new();
        id.hash(&mut hasher);
        let mut takers = self.takers.lock().unwrap_or_else(PoisonError::into_inner);
        look(&mut takers, hasher.finish())
    }

    fn note_taker(&self, id: &AccountId) {
        self.takers(id, |takers, id| {
            if takers.len() < MOST_TAKERS {
                takers.insert(id);
            }
        });
    }

    /// A request to one user; `None` where the id cannot stand in an address.
    async fn user_request(&self, method: Method, id: &str) -> Option<Request> {
        if matches!(id, "." | "..") {
            return None;
        }
        let id = utf8_percent_encode(id, PLAIN);
        let path = format!("{}/{id}", self.features().await.users);
        Some(Request::new(method, &self.base, &path, "/Users/{id}"))
    }

    /// Sends a request with what opens the server. Where that is not taken, once more, with a new one where there may be one:
    /// servers say 401 by mistake, and then nothing was done.
    async fn call(&self, operation: &'static str, writes: bool, request: Request) -> Result<Response, Error> {
        let response = self.call_for_one(operation, writes, request).await?;
        if matches!(response.status(), 401 | 403) {
            return Err(refusal_of_one(operation, &response, writes));
        }
        Ok(response)
    }

    /// Sends a request as [`Self::call`] does. A 401 or 403 is the answer where the server still takes the credential.
    async fn call_for_one(&self, operation: &'static str, writes: bool, request: Request) -> Result<Response, Error> {
        let request = request.header("accept", format!("{MEDIA}, application/json"));
        let now = self.clock.now();
        let mut header = self.access.header(&self.session, now, None).await?;
        let mut response = self.send(operation, writes, &request, &header).await?;
        if response.status() == 401 {
            if self.access.renews() {
                header = self.access.header(&self.session, now, Some(&header)).await?;
            }
            response = self.send(operation, writes, &request, &header).await?;
        }
        if matches!(response.status(), 401 | 403) && !self.opens(&header).await? {
            return Err(refusal(operation, &response, writes));
        }
        Ok(response)
    }

    /// Whether the server still takes the credential: some say 401 or 403 to a dead one, others to what is not allowed to a
    /// good one. A look at the list tells them apart.
    async fn opens(&self, header: &secrecy::SecretString) -> Result<bool, Error> {
        const LOOK: &str = "try the credential";
        // What the server can do is asked before anything else, and its answer to that may be this one.
        let Some(features) = self.features.get() else {
            return Ok(false);
        };
        let request = Request::new(Method::Get, &self.base, &features.users, "/Users").query([("startIndex", "1")]);
        let response = self.send(LOOK, false, &request, header).await?;
        Ok(!matches!(response.status(), 401 | 403))
    }

    async fn send(
        &self,
        operation: &'static str,
        writes: bool,
        request: &Request,
        header: &secrecy::SecretString,
    ) -> Result<Response, Error> {
        if writes {
            self.writes.fetch_add(1, Ordering::Relaxed);
        }
        let request = request.clone().header("authorization", header.clone());
        let answer = self.session.send(&request).await;
        answer.map_err(|error| answer::trouble(operation, error, writes))
    }
}

impl fmt::Debug for ScimTarget {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ScimTarget")
            .field("base", &self.base.as_str())
            .field("profile", &self.form.profile.name)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl Target for ScimTarget {
    fn identity(&self) -> TargetIdentity {
        self.identity.clone()
    }

    fn abilities(&self) -> Abilities {
        Abilities {
            list: true,
            look_up: true,
            deactivate: true,
            invite: false,
            groups: self.form.extension.is_some(),
            logins: true,
            together: false,
        }
    }

    fn recall(&self, learned: Learned) {
        self.access.prefer(learned.client);
        self.learnt(|known| *known = learned);
    }

    fn learned(&self) -> Learned {
        let worked = self.access.form();
        self.learnt(|known| {
            if let Some(form) = worked {
                known.client = (form != ClientForm::Encoded).then_some(form);
            }
            known.clone()
        })
    }

    async fn list_accounts(&self, from: Option<&str>) -> Result<Page, Error> {
        self.read_page(from).await
    }

    async fn resume_list(&self, from: &str, listed: &AccountsBuilder) -> Result<(), Error> {
        self.resume(from, listed).await
    }

    fn makes_in_steps(&self) -> bool {
        !self.form.profile.makes_all()
    }

    async fn finds_each(&self) -> Result<bool, Error> {
        self.finds_a_listed_one().await
    }

    async fn find_account(&self, id: &AccountId) -> Result<Option<Account>, Error> {
        self.read_account(id).await
    }

    async fn find_by_external_id(&self, external_id: &ExternalId) -> Result<Option<Account>, Error> {
        self.look_up_reference(external_id).await
    }

    async fn find_by_attribute(&self, attribute: Canonical, value: &str) -> Result<Vec<Account>, Error> {
        self.look_up_attribute(attribute, value).await
    }

    async fn find_by_key(&self, attribute: Canonical, value: &str) -> Result<Option<Vec<Account>>, Error> {
        if attribute == Canonical::Email {
            self.look_up_address(value).await
        } else {
            self.look_up_value(attribute, value).await
        }
    }

    async fn create(&self, _id_hint: &AccountId, account: &NewAccount) -> Result<Account, Error> {
        let made = self.make(account).await?;
        self.note(&made).await;
        Ok(made)
    }

    async fn update(&self, patches: &[Patch]) -> Result<Vec<Account>, Error> {
        match patches {
            [] => Ok(Vec::new()),
            [patch] => {
                let changed = self.change(patch).await?;
                self.note(&changed).await;
                Ok(vec![changed])
            }
            _ => Err(Error::new(
                Class::Refused,
                "update accounts",
                "a server of SCIM changes one account at a time",
            )),
        }
    }

    fn take_refusals(&self, id: &AccountId) -> Vec<Refusal> {
        self.refused_of(|all| all.remove(id)).unwrap_or_default()
    }

    async fn invite(&self, _id: &AccountId, _origin: &Origin) -> Result<(), Error> {
        Err(Error::new(
            Class::Unsupported,
            "invite a person",
            "SCIM knows no invitations",
        ))
    }

    fn writes(&self) -> u64 {
        self.writes.load(Ordering::Relaxed)
    }
}
