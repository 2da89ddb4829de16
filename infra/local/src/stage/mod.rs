//! The whole stack in one process: embedded DynamoDB and Secrets Manager, queues in memory, and the functions'
//! handlers, called with the same events that Lambda would call them with.

mod backend;
mod clock;
mod connection;
mod deliver;
mod event;
mod http;
mod morning;
mod queue;
mod target;

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use aws_lambda_events::sqs::SqsBatchResponse;
use jiff::{SignedDuration, civil::time, tz::TimeZone};
use rollcall::{
    account::Account,
    connection::{ConnectionId, Home, TenantId},
    event::webhook::{self, WebhookEvents},
    http::{BaseUrls, Pace},
    queue::QueueName,
    run::{self, Clock as _, Ports, Schedule, Settings},
    runtime::{Applications, BuiltInTargets, ProviderSettings, RandomIds, outbound_client, providers},
    secret::secretsmanager::SecretsManagerStore,
    store::{DirectoryStore, Meter as _, PlanRecord, RunId, RunRecord, RunStore as _, dynamodb::DynamoStore},
};

pub use backend::{Backend, text_at};
pub use clock::StageClock;
pub(crate) use event::http_event;
use queue::KeptQueue;
use target::WatchedTargets;

use crate::{Error, embedded};

/// For how long a function may run (DESIGN: 5 minutes), and for how long its message is invisible.
const TIME_OUT: SignedDuration = SignedDuration::from_mins(5);
const INVISIBLE: Duration = Duration::from_mins(6);

/// Returns when the schedule fires.
const fn schedule() -> Schedule {
    Schedule {
        at: time(4, 0, 0, 0),
        zone: TimeZone::UTC,
    }
}

/// How fast the emulated HR system is asked: it is on this machine and has no limits to respect.
const PACE: Pace = Pace {
    per_second: 2_000,
    burst: 200,
    in_flight: 16,
};

/// How the stack is started.
#[derive(Clone, Debug, Default)]
pub struct StageOptions<'a> {
    /// The folder where state is kept; what was stored there before is there again. Without it everything is in memory.
    pub state: Option<&'a Path>,
    /// The applications that are registered with HR systems, for connecting by OAuth.
    pub applications: Applications,
    /// Whether its clock shows the real time; else it begins at noon.
    pub is_real_time: bool,
}

/// The stack, running.
pub struct Stage {
    /// Everything the use cases are given.
    pub ports: Ports,
    /// The stage's clock.
    pub clock: Arc<StageClock>,
    queue: Arc<KeptQueue>,
    store: Arc<DynamoStore>,
    targets: Arc<WatchedTargets>,
    /// Deliveries that a function asked to have repeated.
    repeats: Mutex<u32>,
    embedded: embedded::Embedded,
}

/// How much of the table was read and written so far, by any part of the stage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Items read; a look that finds nothing is one.
    pub reads: u64,
    /// Items written.
    pub writes: u64,
    /// Calls that read.
    pub read_calls: u64,
    /// Calls that wrote.
    pub write_calls: u64,
}

impl std::ops::Sub for Traffic {
    type Output = Self;

    /// Returns what was counted after `earlier`.
    fn sub(self, earlier: Self) -> Self {
        Self {
            reads: self.reads - earlier.reads,
            writes: self.writes - earlier.writes,
            read_calls: self.read_calls - earlier.read_calls,
            write_calls: self.write_calls - earlier.write_calls,
        }
    }
}

impl std::ops::AddAssign for Traffic {
    fn add_assign(&mut self, more: Self) {
        self.reads += more.reads;
        self.writes += more.writes;
        self.read_calls += more.read_calls;
        self.write_calls += more.write_calls;
    }
}

/// How much was written so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Writes {
    /// Writes to targets.
    pub target: u64,
    /// Items written to the table, those of the built-in directory included.
    pub store: u64,
}

impl Stage {
    /// Starts the stack.
    ///
    /// # Errors
    /// [`Error`] where a part cannot be started.
    pub async fn start(options: StageOptions<'_>) -> Result<Self, Error> {
        let embedded = embedded::Embedded::start(options.state).await?;
        let clock = Arc::new(if options.is_real_time {
            StageClock::real()
        } else {
            StageClock::at_noon()
        });
        let store = Arc::new(DynamoStore::new(embedded.dynamodb.clone(), embedded::TABLE));
        let targets = BuiltInTargets::new(
            Arc::clone(&store) as Arc<dyn DirectoryStore>,
            outbound_client()?,
            BaseUrls::Any,
            Arc::clone(&clock) as _,
        )
        .paced(PACE);
        let targets = Arc::new(WatchedTargets::new(Box::new(targets)));
        let queue = KeptQueue::open(options.state, Arc::clone(&clock) as _).await;
        let queue = Arc::new(queue.map_err(|source| Error::Io {
            what: "the file of the queues",
            source,
        })?);
        let settings = ProviderSettings {
            base_urls: BaseUrls::Any,
            pace: Some(PACE),
            applications: options.applications,
        };
        let providers = providers(&outbound_client()?, &settings);
        let client = embedded.secrets.clone();
        let secrets = Arc::new(SecretsManagerStore::new(|| client, "rollcall/local"));
        let events = WebhookEvents::new(
            outbound_client()?,
            Arc::clone(&secrets) as _,
            Arc::clone(&clock) as _,
            webhook::Settings {
                allow_any_host: true,
                pages: None,
            },
        );
        let ports = Ports {
            store: Arc::clone(&store) as _,
            secrets,
            queue: Arc::clone(&queue) as _,
            events: Arc::new(events),
            providers,
            targets: Arc::clone(&targets) as _,
            clock: Arc::clone(&clock) as _,
            ids: Arc::new(RandomIds::new()?),
            home: Home {
                stage: "local".to_owned(),
                account: "000000000000".to_owned(),
                table: embedded::TABLE.to_owned(),
            },
            settings: Settings::default(),
        };
        Ok(Self {
            ports,
            clock,
            queue,
            store,
            targets,
            repeats: Mutex::default(),
            embedded,
        })
    }

    /// Delivers messages to the functions until no queue holds any. Where all that is left is not visible yet, time is
    /// moved on to when it is.
    ///
    /// # Errors
    /// [`Error::Event`] only: what a function could not do is delivered again and at last set aside.
    pub async fn pump(&self) -> Result<(), Error> {
        let queues = [QueueName::Diff, QueueName::Apply];
        loop {
            let received = queues
                .iter()
                .find_map(|queue| Some((*queue, self.queue.receive(*queue, INVISIBLE)?)));
            if let Some((queue, message)) = received {
                self.carry_out(queue, &message).await?;
            } else {
                let next = queues
                    .iter()
                    .filter_map(|queue| self.queue.memory().next_visible_at(*queue))
                    .min();
                match next {
                    Some(next) => self.clock.advance_to(next),
                    None => return Ok(()),
                }
            }
        }
    }

    /// Calls the function behind a queue and returns its answer.
    async fn call(&self, queue: QueueName, event: aws_lambda_events::sqs::SqsEvent) -> SqsBatchResponse {
        let deadline = self.clock.now().saturating_add(TIME_OUT);
        let deadline = deadline.unwrap_or(jiff::Timestamp::MAX);
        match queue {
            QueueName::Apply => apply::handle(&self.ports, event, deadline).await,
            QueueName::Diff => diff::handle(&self.ports, event, deadline).await,
        }
    }

    /// Carries out what was asked for, with whatever follows from it, and returns the record of a run.
    ///
    /// # Errors
    /// [`Error`] where a message cannot be delivered, or the run left no record.
    pub async fn finish(&self, run: &RunId) -> Result<RunRecord, Error> {
        self.pump().await?;
        self.load_run(run).await
    }

    /// Asks for a diff and carries it out, with whatever follows from it. Returns the record of the run.
    ///
    /// # Errors
    /// [`Error`] where it cannot be asked for, or left no record.
    pub async fn diff(&self, connection: &ConnectionId) -> Result<RunRecord, Error> {
        let run = run::request_diff(&self.ports, connection).await?;
        self.pump().await?;
        self.load_run(&run).await
    }

    /// Approves a plan by its hash and carries it out. Returns the record of the run.
    ///
    /// # Errors
    /// [`Error::Refused`] where it is not approvable.
    pub async fn apply(&self, plan: &PlanRecord, by: &str) -> Result<RunRecord, Error> {
        let run = run::approve(&self.ports, &run::Actor::named(by), &plan.plan.id, &plan.plan.hash, &[]).await?;
        self.pump().await?;
        self.load_run(&run).await
    }

    async fn load_run(&self, id: &RunId) -> Result<RunRecord, Error> {
        let run = self.store.find_run(id).await?;
        run.ok_or_else(|| Error::Missing("the record of a run", id.to_string()))
    }

    /// Returns all accounts of a tenant in the built-in directory.
    ///
    /// # Errors
    /// [`Error::Store`] where they cannot be read.
    pub async fn list_accounts(&self, tenant: &TenantId) -> Result<Vec<Account>, Error> {
        let mut accounts = Vec::new();
        let mut from = None;
        loop {
            let (page, next) = self.store.list_accounts(tenant, from.as_deref()).await?;
            accounts.extend(page);
            match next {
                Some(next) => from = Some(next),
                None => return Ok(accounts),
            }
        }
    }

    /// Returns how much was written so far.
    pub fn writes(&self) -> Writes {
        Writes {
            target: self.targets.writes(),
            store: self.store.writes(),
        }
    }

    /// Returns how much of the table was read and written so far.
    pub fn traffic(&self) -> Traffic {
        Traffic {
            reads: self.store.reads(),
            writes: self.store.writes(),
            read_calls: self.embedded.calls.reads(),
            write_calls: self.embedded.calls.writes(),
        }
    }

    /// Returns how many messages no function could carry out, in all queues.
    pub fn dead_letters(&self) -> usize {
        [QueueName::Diff, QueueName::Apply]
            .iter()
            .map(|queue| self.queue.memory().dead_letters(*queue).len())
            .sum()
    }

    /// Returns how many deliveries a function asked to have repeated.
    pub fn repeats(&self) -> u32 {
        *self.repeats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Stage {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Stage").finish_non_exhaustive()
    }
}
