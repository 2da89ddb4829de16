//! One tenant, however many slow connections it has, does not keep other tenants' mornings from starting (R48). A function with
//! few places works on a simulated queue. Its clock goes with the runtime's own clock, which moves on where all tasks wait.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use acceptance::journey::{Ground, Office, Place, Stage, Verdict, Watch};
use async_trait::async_trait;
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use rollcall::{
    connection::{ApplyMode, Configuration, Connection, ConnectionId, ConnectionSecret, Credential, Preset},
    queue::{QueueName, memory::MemoryQueue},
    run::{Clock, Done, Invocation, Message, Ports, diff, request_diff, secret_name},
    source::Provider as _,
    store::{RunKind, Slot},
    testing::builder::{company, connection, run_id},
};
use tokio::time::{Instant, sleep, timeout};

/// How many places the function has; three of them are slots.
const PLACES: u32 = 4;
const SLOTS: usize = 3;

/// How long HR takes to answer, and how long a function may take.
const READ: Duration = Duration::from_mins(4);
const FUNCTION: Duration = Duration::from_mins(5);

/// For how long a received message is invisible.
const INVISIBLE: Duration = Duration::from_mins(6);

/// A clock that goes with the runtime's clock.
struct Going {
    at: Timestamp,
    since: Instant,
}

impl Clock for Going {
    fn now(&self) -> Timestamp {
        self.at + SignedDuration::try_from(self.since.elapsed()).unwrap()
    }
}

/// An HR system that takes its time.
struct SlowHr;

#[async_trait]
impl Watch for SlowHr {
    async fn before(&self, _place: Place) -> Verdict {
        Verdict::Go
    }

    async fn look(&self, place: Place) -> Verdict {
        if place == Place::Provider("read") {
            sleep(READ).await;
        }
        Verdict::Go
    }
}

/// A run that was worked on: its tenant, and from when to when, in seconds.
#[derive(Clone, Debug)]
struct Worked {
    tenant: String,
    from: u64,
    until: u64,
}

struct Cloud {
    ports: Ports,
    queue: Arc<MemoryQueue>,
    began: Instant,
    worked: Mutex<Vec<Worked>>,
}

impl Cloud {
    fn new() -> Self {
        let office = Office::new("7");
        office.hire_many(1..=3);
        let ground = Ground {
            watch: Arc::new(SlowHr),
            ..Ground::memory()
        };
        let stage = Stage::new(ground, &office).unwrap();
        let began = Instant::now();
        let clock = Arc::new(Going {
            at: stage.now(),
            since: began,
        });
        let queue = Arc::new(MemoryQueue::new(Arc::clone(&clock) as _));
        let mut ports = Ports {
            clock,
            queue: Arc::clone(&queue) as _,
            ..stage.ports
        };
        ports.settings.places = PLACES;
        Self {
            ports,
            queue,
            began,
            worked: Mutex::default(),
        }
    }

    /// Returns the seconds since the function began.
    fn now(&self) -> u64 {
        self.began.elapsed().as_secs()
    }

    /// Makes a connection of a tenant, and asks for its morning.
    async fn ask(&self, tenant: &str, number: u32) {
        let id = format!("{tenant}-{number}");
        let connected = Connection {
            home: self.ports.home.clone(),
            provider: Office::new("7").kind().id(),
            ..connection(&id, tenant).connect(&company("7")).unwrap()
        };
        let configuration = Configuration {
            apply: ApplyMode::Approve,
            ..Preset::Users.configuration()
        };
        let store = &self.ports.store;
        assert!(store.put_connection(&connected, None).await.unwrap());
        assert!(store.put_configuration(&connected.id, &configuration).await.unwrap());
        let secret = ConnectionSecret {
            version: 1,
            source: Some(Credential::ApiKey {
                key: "key-of-the-office".to_owned().into(),
            }),
            ..ConnectionSecret::default()
        };
        let text = secret.to_secret_text().unwrap();
        let name = secret_name(&connected.id);
        self.ports.secrets.put_secret(&name, &text).await.unwrap();
        request_diff(&self.ports, &connected.id).await.unwrap();
    }

    /// Works as one place of the function: it takes messages for ever.
    async fn work(&self, place: u32) {
        for number in 0_u64.. {
            let Some(message) = self.queue.receive(QueueName::Diff, INVISIBLE) else {
                sleep(Duration::from_millis(500)).await;
                continue;
            };
            // To look at a message takes a moment, whatever the function then does with it.
            sleep(Duration::from_millis(30)).await;
            let from = self.now();
            let done = timeout(FUNCTION, self.carry_out(&message.body, place, number)).await;
            if let Ok(done) = done {
                self.queue.delete(QueueName::Diff, message.id);
                if done == Done::Finished {
                    let body = Message::from_text(&message.body).unwrap();
                    self.worked.lock().unwrap().push(Worked {
                        tenant: tenant_of(&body.connection),
                        from,
                        until: self.now(),
                    });
                }
            }
        }
    }

    async fn carry_out(&self, body: &str, place: u32, number: u64) -> Done {
        let invocation = Invocation {
            id: format!("delivery-{place}-{number}"),
            deadline: self.ports.clock.now() + SignedDuration::try_from(FUNCTION).unwrap(),
        };
        let message = Message::from_text(body).unwrap();
        diff(&self.ports, &message, &invocation).await.unwrap()
    }

    /// Lets the function work on all its places, for so long.
    async fn pass(&self, time: Duration) {
        let places = (0..PLACES).map(|place| self.work(place));
        let _elapsed = timeout(time, join_all(places)).await;
    }

    fn worked(&self, tenant: &str) -> Vec<Worked> {
        let worked = self.worked.lock().unwrap();
        worked
            .iter()
            .filter(|worked| worked.tenant == tenant)
            .cloned()
            .collect()
    }

    /// Returns how many runs were under way at once at most.
    fn peak(&self) -> usize {
        let worked = self.worked.lock().unwrap();
        let at_once = |one: &Worked| {
            worked
                .iter()
                .filter(|other| other.from <= one.from && one.from < other.until)
                .count()
        };
        worked.iter().map(at_once).max().unwrap_or(0)
    }
}

fn tenant_of(connection: &ConnectionId) -> String {
    connection.as_str().split('-').next().unwrap().to_owned()
}

#[tokio::test(start_paused = true)]
async fn r48_a_tenant_with_two_hundred_slow_connections_keeps_no_other_tenant_from_starting() {
    let cloud = Cloud::new();
    let asking = async {
        for number in 0..200 {
            cloud.ask("many", number).await;
        }
        sleep(Duration::from_mins(6)).await;
        cloud.ask("one", 0).await;
        sleep(Duration::from_mins(14)).await;
        for tenant in ["first", "second", "third"] {
            cloud.ask(tenant, 0).await;
        }
        sleep(Duration::from_mins(20)).await;
    };
    tokio::select! {
        () = asking => {}
        () = cloud.pass(Duration::MAX) => {}
    }
    // A tenant that comes later begins as soon as one of the earlier runs has ended and the next look has noticed that.
    let bound = READ.as_secs() + 60;
    for (tenant, asked_at) in [("one", 360), ("first", 1_200), ("second", 1_200), ("third", 1_200)] {
        let worked = cloud.worked(tenant);
        assert_eq!(worked.len(), 1, "{tenant}: {worked:?}");
        assert!(worked[0].from - asked_at <= bound, "{tenant}: {worked:?}");
    }
    let many = cloud.worked("many").len();
    // Forty minutes are ten turns of three runs; four of these runs belonged to the other tenants.
    assert!((16..=26).contains(&many), "{many}");
    assert_eq!(cloud.peak(), SLOTS);
}

#[tokio::test(start_paused = true)]
async fn r48_two_tenants_who_have_everything_make_room_for_a_third() {
    let cloud = Cloud::new();
    let asking = async {
        for number in 0..60 {
            cloud.ask("left", number).await;
            cloud.ask("right", number).await;
        }
        sleep(Duration::from_mins(5)).await;
        cloud.ask("third", 0).await;
        sleep(Duration::from_mins(15)).await;
    };
    tokio::select! {
        () = asking => {}
        () = cloud.pass(Duration::MAX) => {}
    }
    let third = cloud.worked("third");
    assert!(third[0].from - 300 <= READ.as_secs() + 60, "{third:?}");
}

#[tokio::test(start_paused = true)]
async fn r48_a_tenant_who_is_alone_has_all_slots() {
    let cloud = Cloud::new();
    for number in 0..12 {
        cloud.ask("alone", number).await;
    }
    // There are four turns of three runs. Each time half a minute passes until a function notices that a slot is free.
    cloud.pass((READ + Duration::from_secs(31)) * 4).await;
    assert_eq!((cloud.worked("alone").len(), cloud.peak()), (12, SLOTS));
}

#[tokio::test(start_paused = true)]
async fn r48_slots_of_deliveries_that_were_killed_come_free_when_their_lease_ends() {
    let cloud = Cloud::new();
    for number in 0..3 {
        cloud.ask("killed", number).await;
    }
    // The processes are killed in the middle of their reads: none of them gives its slot back.
    cloud.pass(Duration::from_mins(2)).await;
    let slots = async || {
        cloud
            .ports
            .store
            .find_slots(RunKind::Diff, 0)
            .await
            .unwrap()
            .unwrap()
            .record
    };
    assert_eq!(slots().await.taken.len(), SLOTS);
    cloud.ask("next", 0).await;
    cloud.pass(Duration::from_mins(3)).await;
    assert!(cloud.worked("next").is_empty(), "they might still work");
    cloud.pass(Duration::from_mins(10)).await;
    let next = cloud.worked("next");
    assert!((360..=400).contains(&next[0].from), "{next:?}");
    assert_eq!(cloud.worked("killed").len(), 3, "and their messages came again");
    assert!(slots().await.taken.is_empty());
}

#[tokio::test]
async fn r48_an_apply_takes_its_turn_as_well_and_gives_its_slot_back() {
    let office = Office::new("7");
    office.hire_many(1..=3);
    let mut stage = Stage::automatic(&office).await.unwrap();
    stage.ports.settings.places = PLACES;
    request_diff(&stage.ports, &stage.connection).await.unwrap();
    let diff = stage.letters.receive().unwrap();
    stage.handle(&diff).await.unwrap();
    let until = stage.now() + SignedDuration::from_mins(6);
    let others = (0..SLOTS).map(|number| Slot {
        tenant: "another".parse().unwrap(),
        holder: run_id(&format!("delivery-{number}")),
        until,
    });
    let mut slots = rollcall::store::Slots::default();
    slots.taken.extend(others);
    assert!(stage.store.put_slots(RunKind::Apply, 0, &slots, None).await.unwrap());
    let apply = stage.letters.receive().unwrap();
    assert_eq!(apply.queue, QueueName::Apply);
    assert_eq!(stage.handle(&apply).await.unwrap(), Done::Deferred);
    let noted = stage.store.find_slots(RunKind::Apply, 0).await.unwrap().unwrap().record;
    assert_eq!(noted.waiting.len(), 1, "the next one is kept for it");
    stage.deliver().await.unwrap();
    assert!(stage.now() >= until);
    assert_eq!(stage.accounts().await.unwrap().len(), 3);
    for kind in [RunKind::Apply, RunKind::Diff] {
        let left = stage.store.find_slots(kind, 0).await.unwrap().unwrap().record;
        assert_eq!((left.taken.len(), left.waiting.len()), (0, 0));
    }
}
