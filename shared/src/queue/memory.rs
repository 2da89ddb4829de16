//! A queue in the process, which behaves like the real one: a message that was received is invisible for a while and
//! comes again unless it is deleted; after five receives it is set aside.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use super::{Error, Queue, QueueName, check_size};
use crate::clock::Clock;

/// After how many receives a message is set aside.
const MOST_RECEIVES: u32 = 5;

/// Queues of one process.
pub struct MemoryQueue {
    clock: Arc<dyn Clock>,
    kept: Mutex<Kept>,
}

/// A message as a consumer receives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Names it for deletion.
    pub id: u64,
    /// What was sent.
    pub body: String,
    /// How often it was received, this time included.
    pub receives: u32,
}

#[derive(Default)]
struct Kept {
    waiting: BTreeMap<QueueName, BTreeMap<u64, Waiting>>,
    dead: BTreeMap<QueueName, Vec<String>>,
    last_id: u64,
    twice: bool,
}

struct Waiting {
    body: String,
    receives: u32,
    visible_at: Timestamp,
}

impl MemoryQueue {
    /// Returns empty queues with a clock.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            kept: Mutex::default(),
        }
    }

    /// From now on every message that is sent is delivered twice, as may happen to any message.
    pub fn deliver_twice(&self, twice: bool) {
        self.kept().twice = twice;
    }

    /// Returns the message that has been visible longest. Unless it is deleted it comes again after `invisible_for`.
    pub fn receive(&self, queue: QueueName, invisible_for: Duration) -> Option<Message> {
        let now = self.clock.now();
        let mut kept = self.kept();
        let Kept { waiting, dead, .. } = &mut *kept;
        let waiting = waiting.get_mut(&queue)?;
        loop {
            let (&id, _) = waiting
                .iter()
                .filter(|(_, message)| message.visible_at <= now)
                .min_by_key(|(id, message)| (message.visible_at, **id))?;
            let message = waiting.get_mut(&id)?;
            if message.receives < MOST_RECEIVES {
                message.receives += 1;
                message.visible_at = later(now, invisible_for);
                return Some(Message {
                    id,
                    body: message.body.clone(),
                    receives: message.receives,
                });
            }
            let message = waiting.remove(&id)?;
            dead.entry(queue).or_default().push(message.body);
        }
    }

    /// Deletes a message from its queue.
    pub fn delete(&self, queue: QueueName, id: u64) {
        if let Some(waiting) = self.kept().waiting.get_mut(&queue) {
            waiting.remove(&id);
        }
    }

    /// Returns when the next message becomes visible; `None` where none waits.
    pub fn next_visible_at(&self, queue: QueueName) -> Option<Timestamp> {
        let kept = self.kept();
        kept.waiting
            .get(&queue)?
            .values()
            .map(|message| message.visible_at)
            .min()
    }

    /// Returns how many messages are there, visible or not.
    pub fn len(&self, queue: QueueName) -> usize {
        self.kept().waiting.get(&queue).map_or(0, BTreeMap::len)
    }

    /// Returns the bodies of messages that are there, visible or not, oldest first.
    pub fn bodies(&self, queue: QueueName) -> Vec<String> {
        let kept = self.kept();
        let waiting = kept.waiting.get(&queue).into_iter().flatten();
        waiting.map(|(_, message)| message.body.clone()).collect()
    }

    /// Returns whether there is no message.
    pub fn is_empty(&self, queue: QueueName) -> bool {
        self.len(queue) == 0
    }

    /// Returns the bodies of messages that were set aside, oldest first.
    pub fn dead_letters(&self, queue: QueueName) -> Vec<String> {
        self.kept().dead.get(&queue).cloned().unwrap_or_default()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for MemoryQueue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("MemoryQueue").finish_non_exhaustive()
    }
}

#[async_trait]
impl Queue for MemoryQueue {
    async fn send(&self, queue: QueueName, body: &str, delay: Duration) -> Result<(), Error> {
        check_size(queue, body)?;
        let visible_at = later(self.clock.now(), delay);
        let mut kept = self.kept();
        for _ in 0..=u8::from(kept.twice) {
            kept.last_id += 1;
            let id = kept.last_id;
            let message = Waiting {
                body: body.to_owned(),
                receives: 0,
                visible_at,
            };
            kept.waiting.entry(queue).or_default().insert(id, message);
        }
        Ok(())
    }
}

fn later(now: Timestamp, wait: Duration) -> Timestamp {
    let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX);
    now.checked_add(wait).unwrap_or(Timestamp::MAX)
}
