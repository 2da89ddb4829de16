//! Sixty people from HR to a server and back in agreement: first night, second night, a day of joiners, movers and
//! leavers.

use emulators::scim::{self, Changed, Changes, Habits, Options, Pages, TOKEN, Totals, Wait};
use serde_json::Value;

use crate::{
    server::Server,
    support::{EVERYBODY, Journey},
};

/// Lives the first night, a second, a day, and a quiet night after it; `users` asks the server for its users.
async fn live_with(mut journey: Journey, users: impl AsyncFn() -> Vec<Value>) {
    let (_, plan) = journey.night().await;
    assert_eq!(plan.plan.counts.joiners, EVERYBODY);
    let run = journey.apply(&plan).await;
    assert!(run.errors.is_empty(), "{run:?}");
    journey.agrees(&users().await);
    journey.quiet_night().await;
    journey.controls.pass_day(true).await.unwrap();
    journey.pass_hours(24);
    let (_, plan) = journey.night().await;
    let counts = plan.plan.counts;
    assert!(
        counts.joiners > 0 && counts.movers > 0 && counts.leavers > 0,
        "{counts:?}"
    );
    journey.apply(&plan).await;
    journey.agrees(&users().await);
    journey.quiet_night().await;
    assert_eq!(journey.stage.dead_letters(), 0);
    journey.emulator.stop().await;
}

async fn live(habits: Habits) {
    let service = scim::start(Options { port: 0, habits }).await.unwrap();
    let journey = Journey::start(&service.base(), TOKEN, "generic").await;
    live_with(journey, async || service.users()).await;
    let mut references: Vec<_> = service
        .users()
        .iter()
        .map(|user| user["externalId"].to_string())
        .collect();
    let count = references.len();
    references.sort();
    references.dedup();
    assert_eq!(references.len(), count, "no user is there twice");
    service.stop().await;
}

#[tokio::test]
async fn on_a_service_as_the_rfcs_say() {
    live(Habits::default()).await;
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
    live(habits).await;
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
    live(habits).await;
}

#[tokio::test]
async fn on_a_service_with_cursors() {
    let habits = Habits {
        pages: Pages::ByCursor,
        totals: Totals::Absent,
        page_cap: Some(20),
        ..Habits::default()
    };
    live(habits).await;
}

#[tokio::test]
async fn on_a_real_server() {
    let server = Server::start().await;
    let journey = Journey::start(server.base(), Server::TOKEN, "generic").await;
    live_with(journey, async || server.users().await).await;
}

/// An attribute that the server forgets does not make an update of the same person every night.
#[tokio::test]
async fn a_dropped_attribute_is_sent_once() {
    let habits = Habits {
        drops: vec!["title".into(), "phoneNumbers".into()],
        ..Habits::default()
    };
    let service = scim::start(Options { port: 0, habits }).await.unwrap();
    let mut journey = Journey::start(&service.base(), TOKEN, "generic").await;
    let (_, plan) = journey.night().await;
    journey.apply(&plan).await;
    journey.quiet_night().await;
    journey.quiet_night().await;
    service.stop().await;
}

/// A list that never advances makes no plan, and deactivates no account, where users are not found one by one.
#[tokio::test]
async fn r05_a_list_that_never_advances_makes_no_plan() {
    let service = scim::start(Options::default()).await.unwrap();
    let mut journey = Journey::start(&service.base(), TOKEN, "generic").await;
    let (_, plan) = journey.night().await;
    journey.apply(&plan).await;
    service.change_habits(|habits| {
        habits.pages = Pages::NeverAdvancing;
        habits.unreadable = true;
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
