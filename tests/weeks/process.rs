//! Processes: each is one invocation of a function or one request at the door, and may end at any of its calls.

use std::{
    collections::BTreeMap,
    pin::Pin,
    task::{Context, Poll, Waker},
};

use jiff::{SignedDuration, Timestamp};
use rollcall::{
    api::Response,
    connection::ConnectionId,
    queue::QueueName,
    run::{self, Invocation, Message, Task},
};

use crate::{people::Call, port::Letter, world::World};

/// How long a function that a queue or a schedule calls may work.
const FUNCTION: SignedDuration = SignedDuration::from_mins(5);

/// How long the gateway waits for an answer.
const REQUEST: SignedDuration = SignedDuration::from_secs(29);

/// What a process is for.
pub(crate) enum Errand {
    /// A message.
    Deliver(Letter),
    /// A request.
    Ask(Box<Call>),
    /// A morning: when it was due, and how often it was begun before.
    Begin(Timestamp, u32),
}

/// How a process ended.
pub(crate) enum Ending {
    /// The process died, or was stopped because its time was over.
    Died,
    /// The process said whether its work was done.
    Said(bool),
    /// The process answered a request.
    Answered(Response),
}

struct Process<'w> {
    errand: Errand,
    work: Pin<Box<dyn Future<Output = Ending> + 'w>>,
}

/// The hall in which processes work side by side.
pub(crate) struct Hall<'w> {
    world: &'w World,
    processes: BTreeMap<u64, Process<'w>>,
    /// The connection that each process works on, and since when, as far as its message says.
    subjects: BTreeMap<u64, (ConnectionId, Timestamp)>,
}

impl<'w> Hall<'w> {
    pub(crate) const fn new(world: &'w World) -> Self {
        Self {
            world,
            processes: BTreeMap::new(),
            subjects: BTreeMap::new(),
        }
    }

    /// Returns the connection that a process works on.
    pub(crate) fn subject(&self, process: u64) -> Option<ConnectionId> {
        self.subjects.get(&process).map(|(connection, _)| connection.clone())
    }

    /// Forgets a process that has ended. Returns the connection that it worked on, and when it began.
    pub(crate) fn forget(&mut self, process: u64) -> Option<(ConnectionId, Timestamp)> {
        self.subjects.remove(&process)
    }

    /// Returns how many processes are at work.
    pub(crate) fn len(&self) -> usize {
        self.processes.len()
    }

    /// Begins a process. Returns how it ended, if it ended at once.
    pub(crate) fn begin(&mut self, errand: Errand) -> Option<(u64, Errand, Ending)> {
        let lives = match errand {
            Errand::Deliver(_) | Errand::Begin(..) => FUNCTION,
            Errand::Ask(_) => REQUEST,
        };
        let number = self.world.fate.begin(lives);
        self.world.fate.say(format!("begins {}", name(&errand)));
        let deadline = self.world.now() + lives;
        if let Errand::Deliver(letter) = &errand
            && let Ok(message) = Message::from_text(&letter.body)
        {
            if matches!(message.task, Task::Apply { slice: 1.., .. }) {
                self.world.fate.count("slices after the first");
            }
            self.subjects.insert(number, (message.connection, self.world.now()));
        }
        let work = work(self.world, &errand, deadline);
        self.processes.insert(number, Process { errand, work });
        self.go_on(number)
    }

    /// Lets the call that is due first be answered. Returns the process that ended with that, and how it ended.
    pub(crate) fn step(&mut self) -> Option<(u64, Errand, Ending)> {
        let turn = self.world.fate.answer_next()?;
        if turn.is_late {
            self.world.fate.count("processes out of time");
            return self.finish(turn.process, Ending::Died);
        }
        self.go_on(turn.process)
    }

    fn go_on(&mut self, number: u64) -> Option<(u64, Errand, Ending)> {
        let process = self.processes.get_mut(&number)?;
        let polled = process.work.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        let is_dead = self.world.fate.take_death();
        match polled {
            Poll::Ready(ending) => self.finish(number, ending),
            Poll::Pending if is_dead => self.finish(number, Ending::Died),
            Poll::Pending => {
                self.world.fate.rest();
                None
            }
        }
    }

    fn finish(&mut self, number: u64, ending: Ending) -> Option<(u64, Errand, Ending)> {
        let process = self.processes.remove(&number)?;
        self.world
            .fate
            .say(format!("ends {}: {}", name(&process.errand), ending.word()));
        self.world.fate.end(number);
        Some((number, process.errand, ending))
    }
}

impl Ending {
    fn word(&self) -> String {
        match self {
            Self::Died => "died".to_owned(),
            Self::Said(done) => format!("done {done}"),
            Self::Answered(response) => {
                let is_good = response.status < 400;
                let body = if is_good {
                    ""
                } else {
                    str::from_utf8(&response.body).unwrap_or_default()
                };
                format!("{} {body}", response.status)
            }
        }
    }
}

fn name(errand: &Errand) -> String {
    match errand {
        Errand::Deliver(letter) => format!("message {} {}", letter.number, letter.body),
        Errand::Ask(call) => format!("{} {} by {}", call.method, call.path, call.who),
        Errand::Begin(due_at, tries) => format!("the morning of {due_at}, time {tries}"),
    }
}

fn work<'w>(world: &'w World, errand: &Errand, deadline: Timestamp) -> Pin<Box<dyn Future<Output = Ending> + 'w>> {
    match errand {
        Errand::Deliver(letter) => Box::pin(deliver(world, letter.clone(), deadline)),
        Errand::Ask(call) => {
            let (function, mut request) = call.request(world);
            request.deadline = deadline;
            Box::pin(async move { Ending::Answered(world.edge.answer(function, &request).await) })
        }
        Errand::Begin(due_at, _) => {
            let day = world.edge.settings.schedule.day_of(*due_at);
            Box::pin(async move {
                let begun = run::daily(&world.ports, day, world.ports.settings.spread, deadline).await;
                Ending::Said(begun.is_ok())
            })
        }
    }
}

async fn deliver(world: &World, letter: Letter, deadline: Timestamp) -> Ending {
    let Ok(message) = Message::from_text(&letter.body) else {
        return Ending::Said(false);
    };
    let invocation = Invocation {
        id: world.ports.ids.next("invocation"),
        deadline,
    };
    let done = match letter.queue {
        QueueName::Diff => run::diff(&world.ports, &message, &invocation).await,
        QueueName::Apply => run::apply::apply(&world.ports, &message, &invocation).await,
    };
    if let Err(error) = &done {
        world.fate.say(format!("error: {error}"));
    }
    Ending::Said(done.is_ok())
}
