//! A night of a company that is too large for one call of a function: the connector reads an emulated Factorial in slices, by a
//! clock that each request moves on.

use std::sync::Arc;

use acceptance::journey::{Ground, Office, Stage};
use async_trait::async_trait;
use jiff::{SignedDuration, tz::TimeZone};
use rollcall::{
    allowance::SharedLimit,
    connection::{Credential, Preset},
    http::{BaseUrls, Client, Pace, Settings},
    source::{
        Access, Address, Description, Error, Kind, Login, Opening, Provider, Site, Source,
        factorial::{self, Factorial},
    },
    testing::FixedClock,
};
use serde::Serialize;

use crate::{Failure, fetch::fixed_now};

/// How many requests a second the HR system takes: at 150 milliseconds an answer, six of them under way, this is the bound.
const PER_SECOND: i64 = 20;

/// The pace of a client that never waits: the emulator is on this machine, and the clock is not the machine's.
const PACE: Pace = Pace {
    per_second: 100_000,
    burst: 100_000,
    in_flight: 6,
};

/// What a night came to.
#[derive(Debug, Serialize)]
pub(crate) struct Night {
    /// People whom the roster holds.
    people: u32,
    /// How complete the roster was judged.
    completeness: Option<String>,
    /// Slices of the read.
    slices: u32,
    /// Requests to the HR system.
    calls: u64,
    /// How long the run took by its clock, in seconds.
    seconds: i64,
    /// People who would join.
    joiners: u32,
}

/// Lets a night of an emulated company pass, without applying its plan.
pub(crate) async fn night(employees: &str) -> Result<Night, Failure> {
    let mut stage = Stage::new(Ground::memory(), &Office::new("1"))?;
    let emulator = emulators::factorial::start(emulators::factorial::Options {
        employees: employees.parse()?,
        seed: 1,
        today: Some(stage.now().to_zoned(TimeZone::UTC).date()),
        ..Default::default()
    })
    .await?;
    let settings = factorial::Settings {
        base_urls: BaseUrls::Any,
        pace: PACE,
        ..factorial::Settings::default()
    };
    let http = Client::new(Settings::new(fixed_now, 1))?;
    stage.ports.providers = vec![Arc::new(Timed {
        inner: Factorial::new(http, settings),
        url: emulator.url(),
        key: emulator.api_key().to_owned(),
        clock: Arc::clone(&stage.clock),
    })];
    stage.connect(Preset::Standard.configuration()).await?;
    let run = stage.night().await?;
    emulator.stop().await;
    let ended_at = run.ended_at.unwrap_or(run.started_at);
    Ok(Night {
        people: run.progress.done,
        completeness: run.completeness,
        slices: run.slice + 1,
        calls: run.calls,
        seconds: ended_at.duration_since(run.started_at).as_secs(),
        joiners: run.counts.joiners,
    })
}

/// Factorial, reached at the emulator, with a clock that moves on with every request.
struct Timed {
    inner: Factorial,
    url: String,
    key: String,
    clock: Arc<FixedClock>,
}

impl Provider for Timed {
    fn kind(&self) -> Kind {
        self.inner.kind()
    }

    fn description(&self) -> Description {
        self.inner.description()
    }

    fn site(&self) -> Option<Site> {
        self.inner.site()
    }

    fn shared_limit(&self) -> Option<SharedLimit> {
        self.inner.shared_limit()
    }

    fn open(&self, opening: Opening<'_>) -> Result<Box<dyn Source>, Error> {
        let access = Key {
            key: self.key.clone(),
            clock: Arc::clone(&self.clock),
        };
        self.inner.open(Opening {
            at: Address {
                base_url: Some(&self.url),
                site: None,
            },
            access: Arc::new(access),
            ..opening
        })
    }

    fn login(&self) -> Option<&dyn Login> {
        None
    }
}

/// The emulator's key. Every request asks for it, and takes its time by that.
struct Key {
    key: String,
    clock: Arc<FixedClock>,
}

#[async_trait]
impl Access for Key {
    async fn credential(&self) -> Result<Credential, Error> {
        self.clock.advance(SignedDuration::from_millis(1_000 / PER_SECOND));
        Ok(Credential::ApiKey {
            key: self.key.clone().into(),
        })
    }

    async fn renew(&self, _: &Credential) -> Result<Credential, Error> {
        self.credential().await
    }
}
