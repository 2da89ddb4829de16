//! One running HR system: its companies, its dialect, and everything it has given out.

use super::Kind;
use super::caller::{Caller, Means, User, secret};
use super::dialect::Dialect;
use super::fault::armed::{Faults, Sign};
use super::meter::Meter;
use super::option::Options;
use super::permission::PermissionGroup;
use super::refusal::Refusal;
use super::stage::Stage;
use super::token::Tokens;
use super::view::View;
use crate::person::Status;
use crate::server::lock;
use crate::server::reply::Reply;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

/// A client that may ask for tokens.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    pub(crate) id: String,
    pub(crate) secret: String,
    /// Position of the company whose data it may read by itself.
    pub(crate) company: usize,
}

/// A key and whose it is.
#[derive(Debug)]
pub(crate) struct Key {
    pub(crate) text: String,
    pub(crate) company: usize,
    /// The permission group of the key; a key without one sees everything.
    pub(crate) group: Option<PermissionGroup>,
}

/// Ids of whole lists by company and path, with the company's revision they belong to.
pub(super) type Lists = BTreeMap<(usize, &'static str), (u64, Arc<Vec<u64>>)>;

/// What the emulator knows.
pub(crate) struct System {
    pub(crate) kind: Kind,
    pub(crate) dialect: &'static dyn Dialect,
    pub(crate) stage: Arc<Stage>,
    keys: Vec<Key>,
    clients: Vec<Client>,
    redirect_uris: Vec<String>,
    tokens: Mutex<Tokens>,
    lists: Mutex<Lists>,
    meter: Mutex<Meter>,
}

impl System {
    /// Answers with what `caller` sees of their company under `faults`, as [`View::of`] has it.
    ///
    /// # Errors
    /// [`Refusal`] where there is no such company, or as `answer` refuses.
    pub(crate) fn show<C>(
        &self,
        caller: &Caller,
        faults: &Faults,
        names_company: bool,
        context: C,
        answer: impl FnOnce(&View<'_, C>) -> Result<Reply, Refusal>,
    ) -> Result<Reply, Refusal> {
        let companies = self.stage.companies();
        let company = companies.get(caller.company).ok_or(Refusal::NotFound)?;
        answer(&View::of(company, caller, faults, names_company, context))
    }

    /// Hands out keys and clients to the companies of `stage`.
    pub(super) fn build(kind: Kind, dialect: &'static dyn Dialect, stage: Arc<Stage>, options: Options) -> Self {
        let manners = dialect.manners();
        let seconds = options.access_token_seconds.unwrap_or(manners.access_seconds);
        let (limit, window) = dialect.requests_per_window().unzip();
        let limit = options.requests_per_minute.or(limit);
        let mut keys = Vec::new();
        let mut clients = Vec::new();
        for (position, company) in stage.companies().iter().enumerate() {
            let groups = dialect.key_groups().into_iter().enumerate();
            keys.extend(groups.map(|(number, group)| Key {
                text: dialect.key(options.seed, company.id, number),
                company: position,
                group,
            }));
            let salt = 1 + 10 * position as u64;
            clients.push(Client {
                id: secret(options.seed, salt),
                secret: secret(options.seed, salt + 1),
                company: position,
            });
        }
        Self {
            kind,
            dialect,
            keys,
            clients,
            redirect_uris: options.redirect_uris,
            tokens: Mutex::new(Tokens::new(options.seed, i64::from(seconds), manners)),
            lists: Mutex::default(),
            meter: Mutex::new(Meter::new(
                limit.unwrap_or(0),
                options
                    .window_seconds
                    .or(window.filter(|_| options.requests_per_minute.is_none())),
            )),
            stage,
        }
    }

    pub(crate) fn tokens(&self) -> MutexGuard<'_, Tokens> {
        lock(&self.tokens)
    }

    pub(super) fn lists(&self) -> MutexGuard<'_, Lists> {
        lock(&self.lists)
    }

    /// Seconds since 1970 at HR.
    pub(crate) fn now(&self) -> i64 {
        self.stage.clock.unix_seconds()
    }

    pub(crate) fn keys(&self) -> &[Key] {
        &self.keys
    }

    pub(crate) fn clients(&self) -> &[Client] {
        &self.clients
    }

    /// The application that people allow in a browser, the same for every company.
    pub(crate) fn application(&self) -> &Client {
        static NONE: Client = Client {
            id: String::new(),
            secret: String::new(),
            company: 0,
        };
        self.clients.first().unwrap_or(&NONE)
    }

    /// Whether the application may be called back there.
    pub(crate) fn may_call_back(&self, address: &str) -> bool {
        self.redirect_uris.is_empty() || self.redirect_uris.iter().any(|known| known == address)
    }

    /// A caller who is nobody and sees everything; none where there is no such company.
    pub(crate) fn nobody(&self, company: usize, means: Means) -> Option<Caller> {
        let known = company < self.stage.companies().len();
        known.then_some(Caller {
            company,
            means,
            user: None,
            scope: None,
        })
    }

    /// Returns the user who signs in as one of a permission group: the first person at work who can be reached.
    pub(crate) fn user(&self, company: usize, group: PermissionGroup) -> Option<Caller> {
        let companies = self.stage.companies();
        let home = companies.get(company)?;
        let mut people = home.people.iter();
        let first = people.find(|person| person.status(home.today) == Status::Active && person.reachable)?;
        Some(Caller {
            company,
            means: Means::UserToken,
            user: Some(User {
                group,
                employee_id: first.id,
            }),
            scope: None,
        })
    }

    /// Returns the caller whose key this is.
    pub(crate) fn holder_of(&self, given: &str) -> Option<Caller> {
        let key = self.keys.iter().find(|key| key.text == given)?;
        let caller = match &key.group {
            None => self.nobody(key.company, Means::Key)?,
            Some(group) => self.user(key.company, group.clone())?,
        };
        Some(Caller {
            means: Means::Key,
            ..caller
        })
    }

    /// The caller with this key.
    pub(crate) fn caller_by_key(&self, given: &str, faults: &Faults) -> Result<Caller, Refusal> {
        let holder = self.holder_of(given).filter(|_| !faults.shows(Sign::KeysRefused));
        holder.ok_or(Refusal::NoCredential)
    }

    /// The caller with this access token.
    pub(crate) fn caller_by_token(&self, given: &str) -> Result<Caller, Refusal> {
        self.tokens().open(given, self.now()).map_err(Refusal::Token)
    }

    /// Counts a request against the allowance of all that are counted with this number.
    pub(super) fn count(&self, with: usize) -> Result<(), Refusal> {
        let counted = lock(&self.meter).count(with, self.now());
        counted.map_err(Refusal::TooMany)
    }
}
