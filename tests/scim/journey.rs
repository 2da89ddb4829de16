//! Sixty people from HR to a server and back in agreement: first night, second night, a day of joiners, movers and leavers.

use emulators::{
    factorial as emulated,
    scim::{self, Changed, Changes, Created, EXTENSION, Filters, Habits, Options, Pages, TOKEN, Totals, Wait},
};
use jiff::SignedDuration;
use local::{
    demo::{CARRIED, CONFIGURATION},
    emulator::Controls,
    stage::{Stage, StageOptions},
    truth::{Truth, read_users},
};
use rollcall::{
    connection::{ConnectionId, Credential, ScimServer, TargetChoice},
    plan::Status,
    run::Clock as _,
    runtime::outbound_client,
    store::{PlanRecord, RunRecord},
};
use serde_json::Value;

use crate::server::Server;

const EVERYBODY: u32 = 60;

/// A stage whose connection writes to a server.
struct Journey {
    stage: Stage,
    emulator: emulated::Running,
    controls: Controls,
    connection: ConnectionId,
    truth: Truth,
}

impl Journey {
    async fn start(base: &str, token: &str, profile: &str) -> Self {
        let stage = Stage::start(StageOptions::default()).await.unwrap();
        let options = emulated::Options {
            employees: EVERYBODY,
            today: Some(stage.clock.today()),
            ..emulated::Options::default()
        };
        let emulator = emulated::start(options).await.unwrap();
        let credential = Credential::ApiKey {
            key: token.to_owned().into(),
        };
        let server = TargetChoice::Scim(ScimServer {
            base_url: base.to_owned(),
            profile: profile.to_owned(),
            extension: Some(EXTENSION.to_owned()),
            shared: false,
        });
        let target = (server, Some(credential));
        let (url, key) = (emulator.url(), emulator.api_key());
        let connection = stage
            .connect_to(target, "sixty", &url, key, CONFIGURATION)
            .await
            .unwrap();
        let company = emulator.company_id_of(0).unwrap().to_string();
        Self {
            controls: Controls::new(&outbound_client().unwrap(), &url).unwrap(),
            connection: connection.id,
            truth: Truth::new("factorial", &company, &CARRIED),
            stage,
            emulator,
        }
    }

    /// A night: HR is read, a plan is made.
    async fn night(&mut self) -> (RunRecord, PlanRecord) {
        self.truth.follow(&self.controls.list_people().await.unwrap());
        let run = self.stage.diff(&self.connection).await.unwrap();
        let id = run.plan.clone().unwrap_or_else(|| panic!("no plan: {run:?}"));
        let plan = self
            .stage
            .ports
            .store
            .find_plan(&id, self.stage.clock.now())
            .await
            .unwrap();
        (run, plan.unwrap())
    }

    /// A night that writes nothing to the server.
    async fn quiet_night(&mut self) {
        let before = self.stage.writes().target;
        let (_, plan) = self.night().await;
        assert_eq!(plan.status, Status::Empty, "{:?}", plan.plan.counts);
        assert_eq!(self.stage.writes().target, before);
    }

    /// Whom the server keeps, read straight from its own JSON, is whom HR has.
    fn agrees(&self, users: &[Value]) {
        let comparison = self.truth.compare(&read_users(users, EXTENSION));
        assert_eq!(comparison.differences, []);
    }

    /// The first night, a second, a day, and a quiet night after it; `users` asks the server whom it keeps.
    async fn live(mut self, users: impl AsyncFn() -> Vec<Value>) {
        let (_, plan) = self.night().await;
        assert_eq!(plan.plan.counts.joiners, EVERYBODY);
        let run = self.stage.apply(&plan, "a person").await.unwrap();
        assert!(run.errors.is_empty(), "{run:?}");
        self.agrees(&users().await);
        self.quiet_night().await;
        self.controls.pass_day(true).await.unwrap();
        self.stage.clock.advance(SignedDuration::from_hours(24));
        let (_, plan) = self.night().await;
        let counts = plan.plan.counts;
        assert!(
            counts.joiners > 0 && counts.movers > 0 && counts.leavers > 0,
            "{counts:?}"
        );
        self.stage.apply(&plan, "a person").await.unwrap();
        self.agrees(&users().await);
        self.quiet_night().await;
        assert_eq!(self.stage.dead_letters(), 0);
        self.emulator.stop().await;
    }
}

async fn live(habits: Habits, profile: &str) {
    let service = scim::start(Options { port: 0, habits }).await.unwrap();
    let journey = Journey::start(&service.base(), TOKEN, profile).await;
    journey.live(async || service.users()).await;
    let mut references: Vec<_> = service
        .users()
        .iter()
        .map(|user| user["externalId"].to_string())
        .collect();
    let count = references.len();
    references.sort();
    references.dedup();
    assert_eq!(references.len(), count, "nobody is there twice");
    service.stop().await;
}

#[tokio::test]
async fn on_a_service_as_the_rfcs_say() {
    live(Habits::default(), "generic").await;
}

#[tokio::test]
async fn on_a_service_that_replaces_and_answers_stale() {
    let habits = Habits {
        changes: Changes::PutNotImplemented,
        changed: Changed::Stale,
        page_cap: Some(7),
        totals: Totals::OfPage,
        ..Habits::default()
    };
    live(habits, "generic").await;
}

#[tokio::test]
async fn on_a_service_that_loses_replies_and_asks_for_patience() {
    let habits = Habits {
        lost_creates: 3,
        lost_changes: 2,
        limit_every: 50,
        limit_wait: Wait::Unsaid,
        ..Habits::default()
    };
    live(habits, "generic").await;
}

#[tokio::test]
async fn on_a_service_with_cursors() {
    let habits = Habits {
        pages: Pages::ByCursor,
        totals: Totals::Absent,
        page_cap: Some(20),
        ..Habits::default()
    };
    live(habits, "generic").await;
}

#[tokio::test]
async fn on_a_service_that_merges_and_makes_users_in_two_steps() {
    let habits = Habits {
        changes: Changes::Merge,
        filters: Filters::UserNameOnly,
        created: Created::EmptyAlsoForExisting,
        ..Habits::default()
    };
    live(habits, "leapsome").await;
}

#[tokio::test]
async fn on_a_real_server() {
    let server = Server::start().await;
    let journey = Journey::start(server.base(), Server::TOKEN, "generic").await;
    journey.live(async || server.users().await).await;
}

/// An attribute that the server forgets does not move the same person every night.
#[tokio::test]
async fn a_dropped_attribute_is_sent_once() {
    let habits = Habits {
        drops: vec!["title".into(), "phoneNumbers".into()],
        ..Habits::default()
    };
    let service = scim::start(Options { port: 0, habits }).await.unwrap();
    let mut journey = Journey::start(&service.base(), TOKEN, "generic").await;
    let (_, plan) = journey.night().await;
    journey.stage.apply(&plan, "a person").await.unwrap();
    journey.quiet_night().await;
    journey.quiet_night().await;
    service.stop().await;
}

/// A list that never advances makes no plan, and deactivates nobody.
#[tokio::test]
async fn r05_a_list_that_never_advances_makes_no_plan() {
    let service = scim::start(Options::default()).await.unwrap();
    let mut journey = Journey::start(&service.base(), TOKEN, "generic").await;
    let (_, plan) = journey.night().await;
    journey.stage.apply(&plan, "a person").await.unwrap();
    service.change_habits(|habits| {
        habits.pages = Pages::NeverAdvancing;
        habits.page_cap = Some(10);
    });
    let before = (service.writes(), service.asked().len());
    let run = journey.stage.diff(&journey.connection).await.unwrap();
    assert_eq!(run.plan, None);
    assert_eq!(service.writes(), before.0);
    assert!(service.asked().len() - before.1 < 100);
    assert!(service.users().iter().all(|user| user["active"] == true));
    service.stop().await;
}
