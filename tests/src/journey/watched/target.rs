//! A target with a watch, and with single accounts that make trouble.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use jiff::SignedDuration;
use rollcall::{
    account::{Abilities, Account, AccountId, AccountsBuilder, ExternalId, Learned, TargetIdentity},
    employee::Canonical,
    target::{self, NewAccount, Origin, Page, Patch, Refusal, Target},
    testing::FixedClock,
};

use super::super::{Place, Verdict, Watch};

/// Accounts with which something is wrong: a write to such an account is answered with its error class. An account that is gone
/// is not found either. And a list that takes its time.
#[derive(Clone, Default)]
pub struct Trouble(Arc<Mutex<Wrong>>);

#[derive(Default)]
struct Wrong {
    accounts: BTreeMap<AccountId, target::Class>,
    list: Option<Pace>,
    /// How much of its list it shows, where not all, and how long it takes to look a person up.
    part: Option<Pace>,
    /// How many people were looked for.
    looked_for: usize,
    /// How often the target has forgotten the places in its list.
    edition: u32,
    /// Whether what is asked for at a forgotten place seems to be an answer that did not come.
    is_silent: bool,
    /// How many pages are listed before one page fails.
    breaks_after: Option<usize>,
}

/// How slowly a target lists.
#[derive(Clone)]
struct Pace {
    rows: usize,
    takes: SignedDuration,
    clock: Arc<FixedClock>,
}

impl Trouble {
    /// From now on every write to the account is answered with this class of error.
    pub fn put(&self, id: &AccountId, class: target::Class) {
        self.with(|wrong| wrong.accounts.insert(id.clone(), class));
    }

    /// From now on nothing is wrong with any account.
    pub fn end(&self) {
        self.with(|wrong| wrong.accounts.clear());
    }

    /// Lists accounts in pages of so many, each of which takes so much time.
    pub fn list_by(&self, rows: usize, takes: SignedDuration, clock: &Arc<FixedClock>) {
        let clock = Arc::clone(clock);
        self.with(|wrong| wrong.list = Some(Pace { rows, takes, clock }));
    }

    /// Lists so many accounts and says that these are not all; looking for a person's account takes so much time.
    pub fn list_in_part(&self, rows: usize, takes: SignedDuration, clock: &Arc<FixedClock>) {
        let clock = Arc::clone(clock);
        self.with(|wrong| wrong.part = Some(Pace { rows, takes, clock }));
    }

    /// Returns how many people were looked for, where it lists in part.
    pub fn looked_for(&self) -> usize {
        self.with(|wrong| wrong.looked_for)
    }

    /// Forgets all places at which lists have paused.
    pub fn expire_places(&self) {
        self.with(|wrong| wrong.edition += 1);
    }

    /// Comes to no end from any place at which a list has paused, as a list does that has become shorter.
    pub fn shorten_list(&self) {
        self.with(|wrong| {
            wrong.edition += 1;
            wrong.is_silent = true;
        });
    }

    /// Lets one page of a list that takes its time fail, behind so many pages.
    pub fn break_list_after(&self, pages: usize) {
        self.with(|wrong| wrong.breaks_after = Some(pages));
    }

    /// Returns whether the page that is about to be listed fails.
    fn breaks(&self) -> bool {
        self.with(|wrong| match wrong.breaks_after {
            Some(0) => wrong.breaks_after.take().is_some(),
            Some(pages) => {
                wrong.breaks_after = Some(pages - 1);
                false
            }
            None => false,
        })
    }

    fn of(&self, id: &AccountId) -> Option<target::Class> {
        self.with(|wrong| wrong.accounts.get(id).copied())
    }

    fn is_gone(&self, id: &AccountId) -> bool {
        self.of(id) == Some(target::Class::Gone)
    }

    fn with<T>(&self, what: impl FnOnce(&mut Wrong) -> T) -> T {
        what(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A target with a watch.
pub struct WatchedTarget {
    /// The target behind it.
    pub inner: Arc<dyn Target>,
    /// The watch that is asked.
    pub watch: Arc<dyn Watch>,
    /// The single accounts that make trouble.
    pub trouble: Trouble,
}

impl WatchedTarget {
    /// Lists a page of a list that takes its time. A place names the edition of the list, and how many accounts came before.
    async fn list_slowly(&self, manner: &Pace, from: Option<&str>) -> Result<Page, target::Error> {
        let edition = self.trouble.with(|wrong| wrong.edition);
        let start = match from {
            Some(from) => self.place(from)?,
            None => 0,
        };
        manner.clock.advance(manner.takes);
        if self.trouble.breaks() {
            return Err(down("list_accounts"));
        }
        let mut accounts = Vec::new();
        let mut next = None;
        loop {
            let page = self.inner.list_accounts(next.as_deref()).await?;
            accounts.extend(page.accounts);
            next = page.next;
            if next.is_none() {
                break;
            }
        }
        let end = start + manner.rows;
        let next = (end < accounts.len()).then(|| format!("{edition} {end}"));
        let accounts = accounts.into_iter().skip(start).take(manner.rows).collect();
        Ok(Page { accounts, next })
    }

    /// Returns how many accounts come before a place.
    fn place(&self, from: &str) -> Result<usize, target::Error> {
        let edition = self.trouble.with(|wrong| wrong.edition).to_string();
        let place = from.split_once(' ').filter(|(of, _)| *of == edition);
        let place = place.and_then(|(_, place)| place.parse().ok());
        let class = if self.trouble.with(|wrong| wrong.is_silent) {
            target::Class::Temporary
        } else {
            target::Class::Refused
        };
        place.ok_or_else(|| target::Error::new(class, "list_accounts", "there is no such place"))
    }

    /// Asks the watch before a read.
    async fn look(&self, operation: &'static str) -> Result<(), target::Error> {
        match self.watch.look(Place::Target(operation)).await {
            Verdict::Go => Ok(()),
            Verdict::Fail | Verdict::LoseReply => Err(down(operation)),
        }
    }

    /// Asks the watch before a write. Returns whether the answer is to reach the caller.
    async fn judge(&self, operation: &'static str) -> Result<bool, target::Error> {
        match self.watch.before(Place::Target(operation)).await {
            Verdict::Go => Ok(true),
            Verdict::LoseReply => Ok(false),
            Verdict::Fail => Err(down(operation)),
        }
    }
}

fn down(operation: &'static str) -> target::Error {
    target::Error::new(target::Class::Temporary, operation, "it is down")
}

fn answer<T>(arrives: bool, operation: &'static str, answer: T) -> Result<T, target::Error> {
    if arrives {
        Ok(answer)
    } else {
        Err(target::Error::new(
            target::Class::Unknown,
            operation,
            "the answer was lost",
        ))
    }
}

#[async_trait]
impl Target for WatchedTarget {
    fn identity(&self) -> TargetIdentity {
        self.inner.identity()
    }

    fn abilities(&self) -> Abilities {
        self.inner.abilities()
    }

    fn recall(&self, learned: Learned) {
        self.inner.recall(learned);
    }

    fn learned(&self) -> Learned {
        self.inner.learned()
    }

    fn makes_in_steps(&self) -> bool {
        self.inner.makes_in_steps()
    }

    async fn finds_each(&self) -> Result<bool, target::Error> {
        if self.trouble.with(|wrong| wrong.part.is_some()) {
            return Ok(true);
        }
        self.inner.finds_each().await
    }

    fn take_refusals(&self, id: &AccountId) -> Vec<Refusal> {
        self.inner.take_refusals(id)
    }

    async fn list_accounts(&self, from: Option<&str>) -> Result<Page, target::Error> {
        self.look("list_accounts").await?;
        if let Some(part) = self.trouble.with(|wrong| wrong.part.clone()) {
            if from.is_some() {
                let detail = "the list ended early";
                return Err(target::Error::new(target::Class::Incomplete, "list_accounts", detail));
            }
            let mut page = self.inner.list_accounts(None).await?;
            page.accounts.truncate(part.rows);
            page.next = Some("behind".to_owned());
            return Ok(page);
        }
        let manner = self.trouble.with(|wrong| wrong.list.clone());
        let mut page = match manner {
            Some(manner) => self.list_slowly(&manner, from).await?,
            None => self.inner.list_accounts(from).await?,
        };
        page.accounts.retain(|account| !self.trouble.is_gone(&account.id));
        Ok(page)
    }

    async fn resume_list(&self, from: &str, listed: &AccountsBuilder) -> Result<(), target::Error> {
        if self.trouble.with(|wrong| wrong.list.is_some()) {
            return Ok(());
        }
        self.inner.resume_list(from, listed).await
    }

    async fn find_account(&self, id: &AccountId) -> Result<Option<Account>, target::Error> {
        self.look("find_account").await?;
        let found = self.inner.find_account(id).await?;
        Ok(found.filter(|account| !self.trouble.is_gone(&account.id)))
    }

    async fn find_by_external_id(&self, external_id: &ExternalId) -> Result<Option<Account>, target::Error> {
        self.look("find_by_external_id").await?;
        self.inner.find_by_external_id(external_id).await
    }

    async fn find_by_attribute(&self, attribute: Canonical, value: &str) -> Result<Vec<Account>, target::Error> {
        self.look("find_by_attribute").await?;
        self.inner.find_by_attribute(attribute, value).await
    }

    async fn find_by_key(&self, attribute: Canonical, value: &str) -> Result<Option<Vec<Account>>, target::Error> {
        self.look("find_by_key").await?;
        if let Some(manner) = self.trouble.with(|wrong| wrong.part.clone()) {
            self.trouble.with(|wrong| wrong.looked_for += 1);
            manner.clock.advance(manner.takes);
        }
        self.inner.find_by_key(attribute, value).await
    }

    async fn create(&self, id_hint: &AccountId, account: &NewAccount) -> Result<Account, target::Error> {
        let arrives = self.judge("create").await?;
        let created = self.inner.create(id_hint, account).await;
        self.watch.after(Place::Target("create")).await;
        answer(arrives, "create", created?)
    }

    async fn update(&self, patches: &[Patch]) -> Result<Vec<Account>, target::Error> {
        let arrives = self.judge("update").await?;
        if let Some(class) = patches.iter().find_map(|patch| self.trouble.of(&patch.id)) {
            return Err(target::Error::new(
                class,
                "update",
                "something is wrong with this account",
            ));
        }
        let updated = self.inner.update(patches).await;
        self.watch.after(Place::Target("update")).await;
        answer(arrives, "update", updated?)
    }

    async fn invite(&self, id: &AccountId, origin: &Origin) -> Result<(), target::Error> {
        let arrives = self.judge("invite").await?;
        let invited = self.inner.invite(id, origin).await;
        self.watch.after(Place::Target("invite")).await;
        answer(arrives, "invite", invited?)
    }

    fn writes(&self) -> u64 {
        self.inner.writes()
    }
}
