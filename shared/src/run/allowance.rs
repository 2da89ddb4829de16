//! The allowance of an HR system, shared by all processes: tokens come out of one bucket in the store, in lots, so that a night asks
//! the store rarely.
//!
//! Nothing is sent that was not counted. Where the store does not answer, the read pauses as if the allowance were used up:
//! the limit is the customer's with all their programs, and a slice that cannot reach the store could not keep what it reads.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tokio::time::sleep;

use super::Ports;
use crate::{
    allowance::{Bucket, Hand, Limit, Said, Scope, ScopeKey, SharedLimit, Token},
    clock::Clock,
    connection::{Connection, Credential},
    source::{Allowance, Method, Provider, UsedUp},
    store::{self, Store, Versioned},
};

/// The longest that a request waits for its turn: more than a window of a minute and a lot of others take. A read that would have to
/// wait for longer pauses at its position.
const PATIENCE: SignedDuration = SignedDuration::from_secs(80);

/// In how long a read goes on whose store did not answer, or whose bucket too many others write.
const UNKNOWN: Duration = Duration::from_secs(30);

/// How often a bucket is read again because another process wrote it meanwhile.
const MOST_TRIES: u32 = 20;

/// For how long an item outlives what counts in it: clocks differ.
const OUTLIVES: SignedDuration = SignedDuration::from_mins(10);

/// One read's way to the allowance that all processes share.
pub struct SharedAllowance {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    limit: Limit,
    scope: ScopeKey,
    /// The word under which the bucket knows this read.
    holder: String,
    /// Until when requests wait.
    until: Timestamp,
    hand: Mutex<Hand>,
    /// Requests get their tokens one after another, in the order in which they come.
    turn: tokio::sync::Mutex<()>,
    /// The bucket as this process wrote it last, for one that takes from it at a time.
    bucket: tokio::sync::Mutex<Option<Versioned<Bucket>>>,
}

/// What came of changing a bucket.
enum Change<T> {
    /// It is to be written.
    Write(T),
    /// It is left as it is.
    Leave(T),
}

impl SharedAllowance {
    /// The way of one read, under a word that no other read uses. Its requests wait until an instant at most.
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        (limit, scope): (Limit, ScopeKey),
        holder: String,
        until: Timestamp,
    ) -> Self {
        Self {
            store,
            clock,
            limit,
            scope,
            holder,
            until,
            hand: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
            bucket: tokio::sync::Mutex::default(),
        }
    }

    /// The way of a connection's read with a credential; `None` where no limit binds all processes.
    pub(super) fn of(
        ports: &Ports,
        provider: &dyn Provider,
        (connection, credential): (&Connection, Option<&Credential>),
        until: Timestamp,
    ) -> Option<Arc<Self>> {
        let signed_in = credential.is_some_and(|credential| Method::of(credential) == Method::OAuth);
        let shared = provider.shared_limit()?.for_login(signed_in);
        Some(Arc::new(Self::new(
            Arc::clone(&ports.store),
            Arc::clone(&ports.clock),
            (shared.limit, scope_of(shared, connection)),
            ports.ids.next("lot"),
            until,
        )))
    }

    fn hand(&self) -> MutexGuard<'_, Hand> {
        self.hand.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a lot in hand. Returns when there is more, where there is none.
    async fn take(&self) -> Result<Result<(), Timestamp>, store::Error> {
        let change = |bucket: &mut Bucket, is_pulled| {
            let now = self.clock.now();
            let spent = self.hand().spent(now);
            let taken = bucket.take(now, self.limit, &self.holder, spent);
            let taken = taken.map(|lot| (lot, spent));
            if taken.is_ok() || is_pulled {
                Change::Write(taken)
            } else {
                Change::Leave(taken)
            }
        };
        let Some(taken) = self.change(change).await? else {
            let later = SignedDuration::try_from(UNKNOWN).unwrap_or_default();
            return Ok(Err(self.clock.now().saturating_add(later).unwrap_or(Timestamp::MAX)));
        };
        Ok(taken.map(|(lot, spent)| self.hand().hold(lot, spent)))
    }

    /// Changes the bucket as it is at the moment of writing. Returns `None` where too many others do.
    async fn change<T>(&self, work: impl Fn(&mut Bucket, bool) -> Change<T> + Send) -> Result<Option<T>, store::Error> {
        let mut known = self.bucket.lock().await;
        for _ in 0..MOST_TRIES {
            let found = match known.take() {
                Some(kept) => Some(kept),
                None => self.store.find_bucket(&self.scope).await?,
            };
            let (mut bucket, revision) =
                found.map_or((Bucket::default(), None), |found| (found.record, Some(found.revision)));
            let is_pulled = bucket.forget(self.clock.now(), self.limit);
            let done = match work(&mut bucket, is_pulled) {
                // What others wrote since decides when there is more.
                Change::Leave(done) => return Ok(Some(done)),
                Change::Write(done) => done,
            };
            let ends_at = bucket.ends_at(self.limit);
            let expires_at = ends_at.saturating_add(OUTLIVES).unwrap_or(Timestamp::MAX);
            let is_written = self.store.put_bucket(&self.scope, &bucket, expires_at, revision);
            if is_written.await? {
                let revision = revision.map_or(1, |revision| revision + 1);
                *known = Some(Versioned {
                    record: bucket,
                    revision,
                });
                return Ok(Some(done));
            }
        }
        Ok(None)
    }

    /// Gives back what is left, where that is worth a write; or where the read waits, so that others and its next slice know what
    /// was really used. What cannot be given back comes back by itself.
    pub async fn give_back(&self, waits: bool) {
        let now = self.clock.now();
        let is_worth_it = self.hand().left(now) >= self.limit.least_of_lot();
        if !is_worth_it && !waits {
            return;
        }
        let change = |bucket: &mut Bucket, _| {
            let spent = self.hand().spent(now);
            bucket.settle(&self.holder, spent, now);
            Change::Write(spent)
        };
        match self.change(change).await {
            Ok(settled) => {
                if let Some(settled) = settled {
                    self.hand().give_up(settled);
                }
            }
            Err(error) => tracing::warn!(error = %error, "a lot is left to its end"),
        }
    }
}

/// Returns what a connection's requests are counted with.
fn scope_of(shared: SharedLimit, connection: &Connection) -> ScopeKey {
    let at = connection.base_url.as_deref().or(connection.site.as_deref());
    shared.key(
        connection.provider.as_str(),
        at.unwrap_or_default(),
        connection.id.as_str(),
    )
}

/// Deletes what is kept of a connection's requests, unless all customers' are counted together.
pub(super) async fn forget_allowance(ports: &Ports, connection: &Connection) -> Result<(), store::Error> {
    let shared = ports
        .provider(&connection.provider)
        .and_then(|provider| provider.shared_limit())
        // What is shared by all logins stays.
        .map(|shared| shared.for_login(false));
    match shared.filter(|shared| shared.scope != Scope::Application) {
        Some(shared) => ports.store.delete_bucket(&scope_of(shared, connection)).await,
        None => Ok(()),
    }
}

#[async_trait]
impl Allowance for SharedAllowance {
    async fn enter(&self) -> Result<(), UsedUp> {
        let _turn = self.turn.lock().await;
        let mut patience = PATIENCE;
        loop {
            let now = self.clock.now();
            let token = self.hand().spend(now);
            let back_at = match token {
                Token::Given => return Ok(()),
                Token::ClosedUntil(at) => at,
                Token::Lacking => match self.take().await {
                    Ok(Ok(())) => continue,
                    Ok(Err(at)) => at,
                    Err(error) => {
                        tracing::warn!(error = %error, "nothing is asked of the HR system while nothing can be counted");
                        return Err(UsedUp { wait: UNKNOWN });
                    }
                },
            };
            let wait = back_at.duration_since(now).max(SignedDuration::ZERO);
            if wait > patience || back_at > self.until {
                return Err(UsedUp {
                    wait: wait.unsigned_abs(),
                });
            }
            // Others may be faster then, and the clock may have been set back.
            patience -= wait;
            // A timer counts in milliseconds, and the instant must have come.
            sleep(wait.unsigned_abs() + Duration::from_millis(1)).await;
        }
    }

    async fn answered(&self, said: Said) {
        let now = self.clock.now();
        let closes = self.hand().answer(now, said);
        let Some(wait) = closes else { return };
        let change = |bucket: &mut Bucket, _| {
            bucket.close(now, wait);
            Change::Write(())
        };
        if let Err(error) = self.change(change).await {
            tracing::warn!(error = %error, "other processes learn by themselves that the allowance is used up");
        }
    }
}

impl std::fmt::Debug for SharedAllowance {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("SharedAllowance")
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
