//! Listing: the target's accounts, in slices where the list takes longer than a function may. What the list showed so far is kept
//! as parts, beside the read of HR that is over by then.

use super::{
    Diff, Slow, Stop, each,
    part::{LISTED, MOST_RESTARTS},
    read::target_failure,
};
use crate::{
    account::{Accounts, AccountsBuilder, MOST_ACCOUNTS},
    connection::{Connection, ConnectionId},
    employee::EmployeeId,
    plan::PlanId,
    run::{
        Error, Ports,
        gathered::Gathered,
        upkeep::{lose_target, regain_target},
    },
    store::{Each, ListSoFar},
    target::{self, Class, Target},
};

/// The accounts of a target.
pub(super) struct Listed {
    /// The accounts.
    pub(super) accounts: Accounts,
    /// Where these are not all, how those of linked people were read one by one.
    pub(super) each: Option<Each>,
}

/// Accounts for those who wait for an answer.
pub(in crate::run) struct Shown {
    /// All accounts; where the list does not show all, those that it shows and those of linked people.
    pub(in crate::run) accounts: Accounts,
    /// People whose accounts the target refuses to show.
    pub(in crate::run) unseen: Vec<EmployeeId>,
}

/// Returns all accounts of a target; where its list does not show all, those that it shows and those of linked people. A list that
/// cannot be read to its end otherwise, or outgrows the memory, makes no plan.
pub(in crate::run) async fn list_accounts(
    ports: &Ports,
    connection: &ConnectionId,
    target: &dyn Target,
) -> Result<Shown, target::Error> {
    let mut accounts = AccountsBuilder::within(ports.settings.accounts_room);
    let mut from = None;
    loop {
        from = match take_page(target, from, &mut accounts).await {
            Ok(None) => {
                let accounts = accounts.finish();
                let unseen = Vec::new();
                return Ok(Shown { accounts, unseen });
            }
            Ok(from) => from,
            Err(error) if error.class == Class::Incomplete && target.finds_each().await? => {
                let unseen = Box::pin(each::read_all(ports, connection, target, &mut accounts)).await?;
                let accounts = accounts.finish();
                return Ok(Shown { accounts, unseen });
            }
            Err(error) => return Err(error),
        };
    }
}

/// Reads the page that comes next. Returns where the one behind it begins; `None`: it was the last one.
async fn take_page(
    target: &dyn Target,
    from: Option<String>,
    accounts: &mut AccountsBuilder,
) -> Result<Option<String>, target::Error> {
    const LIST: &str = "list accounts";
    let page = target.list_accounts(from.as_deref()).await?;
    for account in &page.accounts {
        accounts.push(account);
    }
    if accounts.is_overfull() {
        let detail = format!(
            "{} lists more than {MOST_ACCOUNTS} accounts, or more than {} MB of them",
            target.identity().as_str(),
            accounts.room() / (1024 * 1024)
        );
        return Err(target::Error::new(Class::Refused, LIST, detail));
    }
    if page.next.is_some() && page.next == from {
        return Err(target::Error::new(Class::Temporary, LIST, "the list does not advance"));
    }
    Ok(page.next)
}

/// Why a slice did not come to the end of a list.
enum Broken {
    /// There is no time for another page.
    Paused,
    /// A page did not come in time.
    Late,
    /// The target answered with a failure.
    Failed(target::Error),
}

/// What a slice knows of a list.
struct Progress {
    accounts: AccountsBuilder,
    /// What earlier slices have kept.
    so_far: ListSoFar,
    /// How many accounts of those were kept.
    kept: usize,
    /// Where the list goes on.
    from: Option<String>,
    /// Whether this slice has read accounts one by one.
    has_read_each: bool,
}

impl Progress {
    /// Whether this slice has listed anything.
    fn is_further(&self) -> bool {
        self.has_read_each || self.from != self.so_far.from
    }

    /// Whether the next page is the one at which the slice before paused.
    fn is_at_a_kept_place(&self) -> bool {
        self.from.is_some() && !self.is_further()
    }
}

impl Diff<'_> {
    /// Lists the target's accounts, from where an earlier slice left the list. Returns them; or what ends the slice, behind which
    /// they and HR's people are kept where that saves reading them again.
    pub(super) async fn list(
        &mut self,
        connection: &Connection,
        target: &dyn Target,
        applied: Option<PlanId>,
        people: &mut Gathered,
    ) -> Result<Listed, Stop> {
        let hr_read_at = self.ports.clock.now();
        let Some(mut progress) = self.resume_list(target).await? else {
            return Err(self.list_anew()?);
        };
        let taken = self.take_pages(target, &mut progress).await;
        let taken = Box::pin(self.read_each(target, taken, &mut progress)).await?;
        let Err(broken) = taken else {
            if connection.target_refused_at.is_some() {
                regain_target(self.ports, &connection.id).await?;
            }
            return Ok(Listed {
                accounts: progress.accounts.finish(),
                each: progress.so_far.each,
            });
        };
        if let Broken::Failed(error) = &broken {
            // What took several slices is not given up for an answer that did not come.
            let waits = self.run.reading.is_some() && self.may_wait_for(error);
            // A list that has become shorter meanwhile comes to no end from the place that was kept.
            let is_stuck = matches!(error.class, Class::Incomplete | Class::Temporary) && !waits;
            if progress.is_at_a_kept_place() && (is_stuck || is_of_the_place(error)) {
                return Err(self.list_anew()?);
            }
            if !waits {
                return Err(self.target_failed(error).await?);
            }
        }
        let accounts = progress.accounts.len();
        let is_worth_keeping = progress.is_further() || self.is_worth_keeping(hr_read_at);
        if is_worth_keeping {
            self.keep_whole(connection, applied, people).await?;
            self.keep_listed(progress).await?;
        }
        Err(match broken {
            Broken::Failed(_) => Stop::Late(Slow::SilentTarget),
            Broken::Late if !is_worth_keeping => Stop::Late(Slow::Target { accounts }),
            Broken::Paused | Broken::Late => Stop::Paused,
        })
    }

    /// Reads the accounts of linked people one by one while there is time, where a list does not show all accounts.
    async fn read_each(
        &self,
        target: &dyn Target,
        taken: Result<(), Broken>,
        progress: &mut Progress,
    ) -> Result<Result<(), Broken>, Stop> {
        if let Err(Broken::Failed(error)) = &taken
            && error.class == Class::Incomplete
            && !progress.is_at_a_kept_place()
        {
            match self.in_time(target.finds_each()).await {
                Ok(Ok(true)) => {
                    tracing::warn!(run.id = %self.run.id, connection.id = %self.run.connection, error = %error, "linked accounts are read one by one");
                    progress.so_far.each = Some(Each::default());
                }
                Ok(Ok(false)) => return Ok(taken),
                Ok(Err(error)) => return Ok(Err(Broken::Failed(error))),
                Err(_reached) => return Ok(Err(Broken::Late)),
            }
        } else if taken.is_err() || progress.so_far.each.is_none() {
            return Ok(taken);
        }
        let each = progress.so_far.each.get_or_insert_default();
        let mut left = each::Left::load(self.ports, &self.run.connection, each).await?;
        let pauses_at = self.pauses_at();
        loop {
            let next = left.read_next(target, each, &mut progress.accounts);
            match self.in_time(next).await {
                Ok(Ok(false)) => return Ok(Ok(())),
                Ok(Ok(true)) => progress.has_read_each = true,
                Ok(Err(error)) => return Ok(Err(Broken::Failed(error))),
                Err(_reached) => return Ok(Err(Broken::Late)),
            }
            if self.ports.clock.now() >= pauses_at {
                return Ok(Err(Broken::Paused));
            }
        }
    }

    /// Reads page by page while there is time.
    async fn take_pages(&self, target: &dyn Target, progress: &mut Progress) -> Result<(), Broken> {
        if progress.so_far.each.is_some() {
            return Ok(());
        }
        let pauses_at = self.pauses_at();
        loop {
            let page = take_page(target, progress.from.clone(), &mut progress.accounts);
            let page = self.in_time(page).await.map_err(|_reached| Broken::Late)?;
            progress.from = page.map_err(Broken::Failed)?;
            if progress.from.is_none() {
                return Ok(());
            }
            if self.ports.clock.now() >= pauses_at {
                return Err(Broken::Paused);
            }
        }
    }

    /// Returns what earlier slices have listed; `None` where that is of no use any more.
    async fn resume_list(&self, target: &dyn Target) -> Result<Option<Progress>, Stop> {
        let so_far = self.run.reading.as_ref().and_then(|reading| reading.list.clone());
        let so_far = so_far.unwrap_or_default();
        let mut accounts = AccountsBuilder::within(self.ports.settings.accounts_room);
        let now = self.ports.clock.now();
        for id in &so_far.parts {
            match self.ports.store.find_listing(&self.run.connection, id, now).await? {
                Some(part) => accounts.take(&part)?,
                None => return Ok(None),
            }
        }
        if let Some(from) = so_far.from.as_ref().filter(|_| so_far.each.is_none()) {
            match target.resume_list(from, &accounts).await {
                Ok(()) => {}
                Err(error) if error.class == Class::Gone => return Ok(None),
                Err(error) => return Err(target_failure(&error)),
            }
        }
        Ok(Some(Progress {
            kept: accounts.len(),
            from: so_far.from.clone(),
            accounts,
            so_far,
            has_read_each: false,
        }))
    }

    /// Keeps what this slice has listed, and where the next one goes on.
    async fn keep_listed(&mut self, progress: Progress) -> Result<(), Error> {
        if !progress.is_further() {
            return Ok(());
        }
        let part = progress.accounts.listing(progress.kept)?;
        let (id, until) = (self.part_id(LISTED, 0)?, self.kept_until());
        let store = &self.ports.store;
        store.put_listing(&self.run.connection, &id, &part, until).await?;
        let mut so_far = progress.so_far;
        so_far.parts.push(id);
        so_far.from = progress.from;
        if let Some(reading) = &mut self.run.reading {
            reading.list = Some(so_far);
        }
        Ok(())
    }

    /// Begins the list anew, in another slice. Returns what ends this one.
    fn list_anew(&mut self) -> Result<Stop, Stop> {
        let Some(reading) = &mut self.run.reading else {
            return Err(Stop::Fault(Error::Missing("the read of HR that was over")));
        };
        let restarts = reading.list.as_ref().map_or(0, |list| list.restarts);
        if restarts >= MOST_RESTARTS {
            let error = target::Error::new(
                Class::Temporary,
                "list accounts",
                "the place in the list was gone before the list ended, several times",
            );
            return Ok(target_failure(&error));
        }
        tracing::warn!(run.id = %self.run.id, connection.id = %self.run.connection, restarts = restarts + 1, "a target's list begins anew");
        reading.list = Some(ListSoFar {
            restarts: restarts + 1,
            ..ListSoFar::default()
        });
        Ok(Stop::Paused)
    }

    /// Returns how the diff ends where the target failed. Where it does not take its credential any more, the connection says so.
    pub(super) async fn target_failed(&mut self, error: &target::Error) -> Result<Stop, Error> {
        if error.class == Class::Unauthorized && lose_target(self.ports, &self.run.connection).await? {
            self.news.target_refused(&self.run.id);
        }
        Ok(target_failure(error))
    }

    /// Returns whether a failure is one that passes, and another try of this slice is left.
    pub(super) fn may_wait_for(&self, error: &target::Error) -> bool {
        error.class == Class::Temporary && self.run.attempts < self.ports.settings.most_attempts
    }
}

/// Returns whether a failure may come of the place in the list that was asked for, such as a cursor that has expired.
const fn is_of_the_place(error: &target::Error) -> bool {
    match error.class {
        Class::Changed | Class::Conflict | Class::Gone | Class::Refused | Class::Unsupported => true,
        Class::Incomplete | Class::Misconfigured | Class::Temporary | Class::Unauthorized | Class::Unknown => false,
    }
}
