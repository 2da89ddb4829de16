//! A life: some weeks of a deployment with a few tenants, each of busy days and then of quiet ones.

mod plan;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp, ToSpan, tz::TimeZone};
use rollcall::{
    connection::{ConnectionId, Status, TenantId},
    employee::CompanyId,
    store::{PlanStore as _, RosterStore as _, RunStore as _},
};

use crate::{
    check::{Memory, judge, quiet},
    office::{Office, Step},
    people::{Call, Then, Verdict, Wish, open_plan, patience, verdict},
    process::{Ending, Errand, Hall},
    weather::Weather,
    world::{World, at_once},
};

/// How many weeks one life has.
pub(crate) const WEEKS_PER_LIFE: u64 = 4;

/// How many days of a week are busy.
const BUSY_DAYS: u64 = 3;

/// After so many quiet mornings everything has come to rest, or the life fails.
const MOST_QUIET_MORNINGS: u32 = 12;

/// How many turns may pass before the time counts as never ending.
const MOST_TURNS: u32 = 60_000;

/// How often a caller asks again, and how often a stubborn caller asks again before it waits for a better day.
const TRIES: [u32; 2] = [3, 6];

const SERVERS: [&str; 2] = ["https://one.example/scim", "https://two.example/scim"];

/// An event that is to happen at an instant.
#[derive(Debug)]
enum Event {
    Wish(Wish),
    Again(Box<CallAgain>),
    Morning(Timestamp, u32),
    Hr(CompanyId, Step),
}

struct CallAgain(Call);

impl std::fmt::Debug for CallAgain {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} again", self.0.who)
    }
}

/// A deployment, the people who use it, and what the onlooker remembers.
pub(crate) struct Life<'w> {
    pub(crate) world: &'w World,
    pub(crate) tenants: Vec<TenantId>,
    pub(crate) companies: Vec<CompanyId>,
    pub(crate) memory: Memory,
    hall: Hall<'w>,
    agenda: BTreeMap<(Timestamp, u64), Event>,
    planned: u64,
}

/// Returns what a seed is made into before anything happens.
pub(crate) fn world_of(seed: u64) -> (World, Vec<TenantId>, Vec<CompanyId>) {
    let names = ["acme", "bolt", "city"];
    let tenants: Vec<TenantId> = names.iter().map(|name| TenantId::parse(name).unwrap()).collect();
    let mut draw = crate::draw::Draw::new(seed);
    let offices = ["7", "8", "9"].map(|id| {
        let mut office = Office::new(id);
        for _ in 0..draw.below(6) {
            office.hire(draw.byte());
        }
        office
    });
    let companies = offices.iter().map(|office| office.company.id.clone()).collect();
    let world = World::new(seed, offices.to_vec(), &SERVERS, &tenants);
    (world, tenants, companies)
}

impl<'w> Life<'w> {
    pub(crate) fn new(world: &'w World, tenants: Vec<TenantId>, companies: Vec<CompanyId>) -> Self {
        Self {
            world,
            tenants,
            companies,
            memory: Memory::default(),
            hall: Hall::new(world),
            agenda: BTreeMap::new(),
            planned: 0,
        }
    }

    /// Lives all weeks.
    pub(crate) fn live(&mut self) {
        for week in 0..WEEKS_PER_LIFE {
            self.world.fate.say(format!("week {week}"));
            self.live_week();
            self.world.fate.count("weeks");
        }
    }

    fn live_week(&mut self) {
        if self.world.fate.percent(40) {
            for office in self.world.hr.kept().offices.values_mut() {
                office.tidy_up();
            }
        }
        for _ in 0..BUSY_DAYS {
            self.live_busy_day();
        }
        self.come_to_rest();
        quiet::check(self);
        let told = self.world.events.take().len();
        let told = u64::try_from(told).unwrap_or_default();
        self.world.fate.state().tally.add("events", told);
    }

    fn plan(&mut self, at: Timestamp, event: Event) {
        self.planned += 1;
        self.agenda.insert((at, self.planned), event);
    }

    /// Returns the next morning at four.
    fn next_morning(&self) -> Timestamp {
        let now = self.world.now().to_zoned(TimeZone::UTC);
        let today = now.date().at(4, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap();
        let morning = if today > now {
            today
        } else {
            today.checked_add(1.day()).unwrap()
        };
        morning.timestamp()
    }

    fn live_busy_day(&mut self) {
        {
            let mut state = self.world.fate.state();
            state.weather = Weather::of_day(&mut state.draw);
            let weather = format!("{:?}", state.weather);
            let now = state.now;
            state.trace.say(now, 0, weather);
        }
        let morning = self.next_morning();
        self.plan(morning, Event::Morning(morning, 0));
        if self.world.fate.percent(10) {
            let later = morning + self.some_time(2_000);
            self.plan(later, Event::Morning(morning, 0));
        }
        self.plan_day(morning);
        self.pass(Some(morning + SignedDuration::from_hours(23)));
        if self.world.fate.percent(50) {
            let now = self.world.now();
            self.world.post.put_back(now);
        }
    }

    fn some_time(&self, milliseconds: u64) -> SignedDuration {
        SignedDuration::from_millis(i64::try_from(self.world.fate.below(milliseconds)).unwrap())
    }

    /// Lets time pass until an instant, or until nothing is left to happen.
    fn pass(&mut self, until: Option<Timestamp>) {
        for _ in 0..MOST_TURNS {
            let calls = self.world.fate.next_at();
            let letters = self.world.post.next_at();
            let events = self.agenda.first_key_value().map(|((at, _), _)| *at);
            let Some(at) = [calls, letters, events].into_iter().flatten().min() else {
                if let Some(until) = until {
                    self.set_time(until);
                }
                return;
            };
            if let Some(until) = until.filter(|until| at > *until) {
                self.set_time(until);
                return;
            }
            let ended = if calls == Some(at) {
                self.hall.step()
            } else {
                self.set_time(at);
                if letters == Some(at) {
                    self.receive()
                } else {
                    self.next_event()
                }
            };
            judge::look(self);
            if let Some((number, errand, ending)) = ended {
                self.note_end(number, errand, ending);
            }
        }
        panic!("it never ends");
    }

    fn set_time(&self, at: Timestamp) {
        let mut state = self.world.fate.state();
        state.now = state.now.max(at);
    }

    fn receive(&mut self) -> Option<(u64, Errand, Ending)> {
        let letter = self.world.post.receive(self.world.now())?;
        self.hall.begin(Errand::Deliver(letter))
    }

    fn next_event(&mut self) -> Option<(u64, Errand, Ending)> {
        let (_, event) = self.agenda.pop_first()?;
        match event {
            Event::Wish(wish) => {
                let call = wish.call(self.world)?;
                self.memory.asked(&call);
                self.hall.begin(Errand::Ask(Box::new(call)))
            }
            Event::Again(call) => self.hall.begin(Errand::Ask(Box::new(call.0))),
            Event::Morning(due_at, tries) => self.hall.begin(Errand::Begin(due_at, tries)),
            Event::Hr(company, step) => {
                let now = self.world.now();
                self.world.fate.say(format!("in {company}: {step:?}"));
                if let Some(office) = self.world.hr.kept().offices.get_mut(&company) {
                    office.happen(step, now);
                }
                None
            }
        }
    }

    fn note_end(&mut self, number: u64, errand: Errand, ending: Ending) {
        self.world.witness().listed.remove(&number);
        self.memory.decided.remove(&number);
        let shown = self.world.hr.kept().shown.remove(&number);
        if let Some((subject, begun_at)) = self.hall.forget(number)
            && let Some(shown) = shown
            && !self.memory.has_read(&subject, number)
        {
            let state = at_once(self.world.store.load_state(&subject)).unwrap();
            let may_prove = shown.may_prove(&state.baseline);
            self.memory
                .note_read(&subject, number, begun_at, &shown, may_prove, false);
        }
        match (errand, ending) {
            (Errand::Deliver(letter), Ending::Said(true)) => self.world.post.delete(&letter),
            (Errand::Deliver(_), _) | (Errand::Begin(..), Ending::Said(true)) => {}
            (Errand::Begin(due_at, tries), _) => {
                if tries < 3 {
                    let at = self.world.now() + SignedDuration::from_mins(1) + self.some_time(60_000);
                    self.plan(at, Event::Morning(due_at, tries + 1));
                }
            }
            (Errand::Ask(call), Ending::Answered(response)) => match verdict(&response) {
                Verdict::Done => self.go_on(*call, &response),
                Verdict::Refused => {
                    self.memory.refused(&call);
                }
                Verdict::Unknown => self.ask_again(*call),
            },
            (Errand::Ask(call), _) => self.ask_again(*call),
        }
    }

    fn ask_again(&mut self, call: Call) {
        if call.tries >= TRIES[usize::from(call.is_stubborn)] {
            if call.is_stubborn {
                self.memory.unfinished.push(Call { tries: 0, ..call });
            }
            return;
        }
        self.world.fate.count("asked again");
        let at = self.world.now() + patience(self.world, call.tries);
        let call = Call {
            tries: call.tries + 1,
            ..call
        };
        self.plan(at, Event::Again(Box::new(CallAgain(call))));
    }

    fn go_on(&mut self, call: Call, response: &rollcall::api::Response) {
        self.memory.done(&call);
        match call.then {
            Then::Nothing => {}
            Then::Visit(visit) => {
                if let Some(next) = visit.go_on(self.world, response) {
                    let at = self.world.now() + self.some_time(3_000);
                    self.plan(at, Event::Again(Box::new(CallAgain(next))));
                }
            }
            Then::PersonErased(tenant, company, employee, at) => {
                self.memory.erase_person(self.world, (tenant, company, employee), at);
            }
            Then::TenantErased(tenant) => self.memory.erase_tenant(self.world, &tenant),
            Then::Readmitted(tenant) => self.memory.readmit(&tenant),
        }
    }

    /// From now on nothing goes wrong. People finish what they began, and mornings pass until nothing is left to do.
    fn come_to_rest(&mut self) {
        self.world.fate.say("calm".to_owned());
        self.world.fate.state().clear_up();
        if self.world.fate.percent(50) {
            let now = self.world.now();
            self.world.post.put_back(now);
        }
        self.world.post.forget();
        self.pass(None);
        for tenant in self.tenants.clone() {
            let now = self.world.now();
            self.plan(now, Event::Wish(Wish::Lift(tenant)));
        }
        self.pass(None);
        let mut last = None;
        for _ in 0..MOST_QUIET_MORNINGS {
            let wrote = self.live_quiet_morning();
            if wrote.is_some() && wrote == last {
                return;
            }
            last = wrote;
        }
        let left: Vec<String> = self
            .world
            .connections()
            .iter()
            .map(|one| left_of(self.world, &one.id))
            .collect();
        panic!("something is left to do every morning:\n{}", left.join("\n"));
    }

    /// Lives a quiet morning. Returns how many items it wrote; `None` where a target was written to, or a plan waited.
    fn live_quiet_morning(&mut self) -> Option<u64> {
        self.mend();
        let writes = self.memory.writes;
        let morning = self.next_morning();
        self.memory.morning = morning;
        self.plan(morning, Event::Morning(morning, 0));
        let before = self.world.store_writes();
        self.pass(None);
        let wrote = self.world.store_writes() - before;
        let mut approved = false;
        for connection in self.world.connections() {
            // A plan that is held and changes nothing may wait for as long as it likes.
            let open = open_plan(self.world, &connection.id).map(|open| open.plan);
            if open.is_some_and(|open| open.counts.changes() + open.references > 0) {
                approved = true;
                let now = self.world.now();
                self.plan(now, Event::Wish(Wish::Approve(connection.id)));
            }
        }
        self.pass(None);
        self.world.fate.count("quiet mornings");
        (!approved && writes == self.memory.writes).then_some(wrote)
    }

    /// People resume paused connections, log in again where that is needed, and send requests again that have no answer yet.
    fn mend(&mut self) {
        for call in std::mem::take(&mut self.memory.unfinished) {
            let now = self.world.now();
            self.plan(now, Event::Again(Box::new(CallAgain(call))));
        }
        for connection in self.world.connections() {
            let id = connection.id.clone();
            let now = self.world.now();
            if connection.status == Status::NeedsReauthorization {
                self.plan(now, Event::Wish(Wish::Reconnect(id.clone(), false)));
            }
            if connection.paused && connection.status != Status::Disconnected {
                self.plan(now, Event::Wish(Wish::Resume(id)));
            }
        }
        self.pass(None);
    }

    /// Returns the connection that a process works on, as far as its message says.
    pub(crate) fn subject(&self, process: u64) -> Option<ConnectionId> {
        self.hall.subject(process)
    }

    /// Returns how many processes are at work.
    pub(crate) fn at_work(&self) -> usize {
        self.hall.len()
    }
}

/// Returns what the last runs of a connection did.
fn left_of(world: &World, id: &ConnectionId) -> String {
    let runs = at_once(world.store.list_runs(id, None, 2)).unwrap();
    let runs = runs.iter().map(|run| {
        let plan = run
            .plan
            .as_ref()
            .and_then(|plan| at_once(world.store.find_plan(plan, world.now())).unwrap());
        let changes = plan.map(|plan| judge::changes(world, &plan));
        format!("{:?} {:?} {:?} {:?}", run.kind, run.status, run.errors, changes)
    });
    format!("{id}: {}", runs.collect::<Vec<_>>().join("; "))
}
