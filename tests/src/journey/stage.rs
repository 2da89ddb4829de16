//! One tenant with one connection on any store, a clock that is set by hand, and the delivery of messages.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use rollcall::{
    connection::{Configuration, ConnectionId, ConnectionSecret, Credential, Home, Preset, TenantId},
    event::{Events, memory::MemoryEvents},
    plan::HoldCode,
    queue::{Queue, QueueName, memory::MemoryQueue},
    run::{
        Actor, Clock, DailyReport, Done, Invocation, Message, NewConnection, Ports, SPREAD, Settings, apply, approve,
        connect, daily, diff, request_diff,
    },
    secret::{SecretStore, memory::MemorySecretStore},
    source::Provider as _,
    store::{DirectoryStore, PlanRecord, RunId, RunRecord, StopOf, StopSet, Store, Write},
    testing::FixedClock,
};

use super::{
    Failure, Ground, Letters, Office, Place, Trouble, Verdict, Watch, WatchedProvider, WatchedQueue, WatchedSecrets,
    WatchedStore,
    ground::{Numbered, Opener, Watched},
    message::Letter,
};

/// The instant at which every journey begins: a Monday at four in the morning.
const BEGINS_AT: &str = "2026-03-02T04:00:00Z";

/// How many deliveries a journey may take before it counts as never ending.
const MOST_DELIVERIES: u32 = 2_000;

/// One tenant with one connection.
#[derive(Clone)]
pub struct Stage {
    /// Everything outside the use cases, watched.
    pub ports: Ports,
    /// The HR system.
    pub office: Office,
    /// The clock.
    pub clock: Arc<FixedClock>,
    /// Messages.
    pub letters: Arc<dyn Letters>,
    /// What the application was told.
    pub events: Arc<MemoryEvents>,
    /// The store, without a watch.
    pub store: Arc<dyn Store>,
    /// The secrets, without a watch.
    pub secrets: Arc<dyn SecretStore>,
    /// The directory's records, without a watch.
    pub directory: Arc<dyn DirectoryStore>,
    /// The tenant.
    pub tenant: TenantId,
    /// The connection; made by [`Stage::connect`].
    pub connection: ConnectionId,
    /// The single accounts of the target that make trouble.
    pub trouble: Trouble,
    pub(super) opener: Arc<Opener>,
    watch: Arc<dyn Watch>,
    deliveries: Arc<AtomicU64>,
}

impl Stage {
    /// Returns a stage without a connection.
    ///
    /// # Errors
    /// Never with what is written here.
    pub fn new(ground: Ground, office: &Office) -> Result<Self, Failure> {
        let clock = Arc::new(FixedClock::new(BEGINS_AT.parse()?));
        let opener = Arc::new(Opener::new(&ground, &clock)?);
        let letters = ground.letters.unwrap_or_else(|| {
            let clock = Arc::clone(&clock) as Arc<dyn Clock>;
            Arc::new(MemoryQueue::new(clock))
        });
        let trouble = Trouble::default();
        let targets = Watched {
            opener: Arc::clone(&opener),
            watch: Arc::clone(&ground.watch),
            trouble: trouble.clone(),
        };
        let events = Arc::new(MemoryEvents::new());
        let secrets: Arc<dyn SecretStore> = Arc::new(MemorySecretStore::new());
        let ports = Ports {
            store: Arc::new(WatchedStore {
                inner: Arc::clone(&ground.store),
                watch: Arc::clone(&ground.watch),
            }),
            secrets: Arc::new(WatchedSecrets {
                inner: Arc::clone(&secrets),
                watch: Arc::clone(&ground.watch),
            }),
            queue: Arc::new(WatchedQueue {
                inner: Arc::clone(&letters) as Arc<dyn Queue>,
                watch: Arc::clone(&ground.watch),
            }),
            events: Arc::clone(&events) as Arc<dyn Events>,
            providers: vec![Arc::new(WatchedProvider {
                inner: Arc::new(office.clone()),
                watch: Arc::clone(&ground.watch),
            })],
            targets: Arc::new(targets),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            ids: Arc::new(Numbered::new(ground.process)),
            home: Home {
                stage: "local".to_owned(),
                account: "000000000000".to_owned(),
                table: "rollcall".to_owned(),
            },
            settings: Settings::default(),
        };
        Ok(Self {
            ports,
            office: office.clone(),
            clock,
            letters,
            events,
            store: ground.store,
            secrets,
            directory: ground.directory,
            tenant: TenantId::parse("acme")?,
            connection: ConnectionId::parse("none")?,
            trouble,
            opener,
            watch: ground.watch,
            deliveries: Arc::default(),
        })
    }

    /// Returns a stage in memory, connected, with the preset `users`, whose plans need no approval.
    ///
    /// # Errors
    /// The stage or the connection could not be made.
    pub async fn automatic(office: &Office) -> Result<Self, Failure> {
        let mut stage = Self::new(Ground::memory(), office)?;
        stage.connect(Preset::Users.configuration()).await?;
        Ok(stage)
    }

    /// Connects the tenant. Its first sync is put off: a journey asks for each run by itself.
    ///
    /// # Errors
    /// The connection was refused.
    pub async fn connect(&mut self, configuration: Configuration) -> Result<(), Failure> {
        let (target, target_credential) = self.opener.choice();
        let new = NewConnection {
            tenant: self.tenant.clone(),
            provider: self.office.kind().id(),
            base_url: None,
            site: None,
            credential: credential(),
            target,
            target_credential,
            configuration,
            authorised_by: None,
        };
        self.connection = connect(&self.ports, &Actor::named("somebody"), new)
            .await?
            .connection
            .id;
        while let Some(letter) = self.letters.receive() {
            self.letters.delete(&letter);
        }
        self.store.erase_runs(&self.connection).await?;
        Ok(())
    }

    /// Takes up the connection that an earlier process made.
    ///
    /// # Errors
    /// There is no such connection, or its credential cannot be kept.
    pub async fn take_up(&mut self) -> Result<(), Failure> {
        let connections = self.store.list_connections(&self.tenant).await?;
        let connection = connections.into_iter().next().ok_or("no connection was made")?;
        let secret = ConnectionSecret {
            version: 1,
            source: Some(credential()),
            ..ConnectionSecret::default()
        };
        let name = rollcall::run::secret_name(&connection.id);
        self.secrets.put_secret(&name, &secret.to_secret_text()?).await?;
        self.connection = connection.id;
        Ok(())
    }

    /// Returns this instant on the stage.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Lets hours pass.
    pub fn pass_hours(&self, hours: i64) -> &Self {
        self.clock.advance(SignedDuration::from_hours(hours));
        self
    }

    /// Asks for a diff and delivers every message that follows. Returns the diff's run.
    ///
    /// # Errors
    /// The store failed, or the messages never end.
    pub async fn night(&self) -> Result<RunRecord, Failure> {
        let run = request_diff(&self.ports, &self.connection).await?;
        self.deliver().await?;
        self.run(&run).await
    }

    /// Begins the morning of this day in UTC; its messages wait. Returns the report.
    ///
    /// # Errors
    /// A connection could not be asked for.
    pub async fn morning(&self) -> Result<DailyReport, Failure> {
        let day = self.now().to_zoned(TimeZone::UTC).date();
        Ok(daily(
            &self.ports,
            day,
            SPREAD,
            self.now().checked_add(Duration::from_mins(5))?,
        )
        .await?)
    }

    /// Lets a night pass, and approves its plan with everything that holds it. Returns the apply's run.
    ///
    /// # Errors
    /// There is no plan to approve, or something failed.
    pub async fn approved_night(&self) -> Result<RunRecord, Failure> {
        self.night().await?;
        let run = self.approve().await?;
        self.deliver().await?;
        self.run(&run).await
    }

    /// Approves the open plan with all its holds. Returns the apply's run.
    ///
    /// # Errors
    /// There is no open plan, or the approval is refused.
    pub async fn approve(&self) -> Result<RunId, Failure> {
        let open = self.open_plan().await?.ok_or("there is no open plan")?;
        let holds: Vec<HoldCode> = open.plan.holds.iter().map(|hold| hold.code).collect();
        Ok(approve(
            &self.ports,
            &Actor::named("somebody"),
            &open.plan.id,
            &open.plan.hash,
            &holds,
        )
        .await?)
    }

    /// Sets or lifts the operator's stop, for one tenant or for all.
    ///
    /// # Errors
    /// The store failed.
    pub async fn stop(&self, tenant: Option<&TenantId>, stopped: bool) -> Result<(), Failure> {
        let of = tenant.map_or(StopOf::Everybody, |tenant| StopOf::TenantByOperator(tenant.clone()));
        let set = StopSet {
            by: Some("somebody".to_owned()),
            key: None,
            at: self.now(),
        };
        let set = stopped.then_some(&set);
        self.store.act(&[Write::Stop { of: &of, set }]).await?;
        Ok(())
    }

    /// Returns the open plan.
    ///
    /// # Errors
    /// The store failed.
    pub async fn open_plan(&self) -> Result<Option<PlanRecord>, Failure> {
        Ok(self.store.find_open_plan(&self.connection, self.now()).await?)
    }

    /// Returns a run.
    ///
    /// # Errors
    /// There is no such run.
    pub async fn run(&self, id: &RunId) -> Result<RunRecord, Failure> {
        Ok(self.store.find_run(id).await?.ok_or("there is no such run")?)
    }

    /// Delivers messages until there are none, and lets time pass until delayed messages are to be seen.
    ///
    /// # Errors
    /// The messages never end.
    pub async fn deliver(&self) -> Result<(), Failure> {
        for _ in 0..MOST_DELIVERIES {
            if let Some(letter) = self.letters.receive() {
                // A message that failed comes again.
                let _ = self.handle(&letter).await;
                continue;
            }
            match self.letters.next_at() {
                Some(at) => self
                    .clock
                    .advance(at.duration_since(self.now()).max(SignedDuration::from_millis(1))),
                None => return Ok(()),
            }
        }
        Err("the messages never end".into())
    }

    /// Delivers one message. The message comes again unless its use case is done with it.
    ///
    /// # Errors
    /// The error of the use case.
    pub async fn handle(&self, letter: &Letter) -> Result<Done, Failure> {
        let done = self.carry_out(letter.queue, &letter.body).await?;
        if self.watch.before(Place::Queue).await == Verdict::Go {
            self.letters.delete(letter);
            self.watch.after(Place::Queue).await;
        }
        Ok(done)
    }

    /// Carries one message out, as a function does.
    ///
    /// # Errors
    /// The error of the use case.
    pub async fn carry_out(&self, queue: QueueName, body: &str) -> Result<Done, Failure> {
        let message = Message::from_text(body)?;
        let number = self.deliveries.fetch_add(1, Ordering::SeqCst);
        let invocation = Invocation {
            id: format!("{}-{number}", self.ports.ids.next("delivery")),
            deadline: self.now().checked_add(Duration::from_mins(5))?,
        };
        Ok(match queue {
            QueueName::Diff => diff(&self.ports, &message, &invocation).await?,
            QueueName::Apply => apply::apply(&self.ports, &message, &invocation).await?,
        })
    }
}

fn credential() -> Credential {
    Credential::ApiKey {
        key: "key-of-the-office".to_owned().into(),
    }
}
