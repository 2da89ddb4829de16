//! Queues as SQS is: a message comes at least once, in no order, sometimes late or twice. A message that is received too often
//! is set aside, and a person may put it back.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use rollcall::queue::{Error, Queue, QueueName};

use crate::fate::Fate;

/// For how long a received message is not seen.
const INVISIBLE_FOR: SignedDuration = SignedDuration::from_mins(6);

/// After how many receives a message is set aside.
const MOST_RECEIVES: u32 = 5;

/// Messages under way.
pub(crate) struct Post {
    fate: Arc<Fate>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    last: u64,
    waiting: BTreeMap<u64, Waiting>,
    aside: Vec<(QueueName, String)>,
}

struct Waiting {
    queue: QueueName,
    body: String,
    receives: u32,
    visible_at: Timestamp,
}

/// A message that was received.
#[derive(Clone, Debug)]
pub(crate) struct Letter {
    pub(crate) number: u64,
    pub(crate) queue: QueueName,
    pub(crate) body: String,
}

impl Post {
    pub(crate) fn new(fate: Arc<Fate>) -> Self {
        Self {
            fate,
            kept: Mutex::default(),
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns when the next message is to be seen.
    pub(crate) fn next_at(&self) -> Option<Timestamp> {
        self.kept().waiting.values().map(|waiting| waiting.visible_at).min()
    }

    /// Returns the message that has waited longest since it was to be seen. It comes again unless it is deleted.
    pub(crate) fn receive(&self, now: Timestamp) -> Option<Letter> {
        let mut kept = self.kept();
        loop {
            let visible = kept.waiting.iter().filter(|(_, waiting)| waiting.visible_at <= now);
            let (&number, _) = visible.min_by_key(|(number, waiting)| (waiting.visible_at, **number))?;
            let waiting = kept.waiting.get_mut(&number)?;
            if waiting.receives == MOST_RECEIVES {
                let dead = kept.waiting.remove(&number)?;
                kept.aside.push((dead.queue, dead.body));
                self.fate.count("messages set aside");
                continue;
            }
            waiting.receives += 1;
            waiting.visible_at = now + INVISIBLE_FOR;
            return Some(Letter {
                number,
                queue: waiting.queue,
                body: waiting.body.clone(),
            });
        }
    }

    /// Takes a message off the queue for good.
    pub(crate) fn delete(&self, letter: &Letter) {
        self.kept().waiting.remove(&letter.number);
    }

    /// Puts back the messages that were set aside.
    pub(crate) fn put_back(&self, now: Timestamp) {
        let mut kept = self.kept();
        for (queue, body) in std::mem::take(&mut kept.aside) {
            kept.put(queue, &body, now);
        }
    }

    /// Loses the messages that were set aside, as happens when their days of keeping are over.
    pub(crate) fn forget(&self) {
        self.kept().aside.clear();
    }

    /// Returns the bodies of all messages, with the messages that were set aside.
    pub(crate) fn bodies(&self) -> Vec<String> {
        let kept = self.kept();
        let waiting = kept.waiting.values().map(|waiting| waiting.body.clone());
        waiting.chain(kept.aside.iter().map(|(_, body)| body.clone())).collect()
    }
}

impl Kept {
    fn put(&mut self, queue: QueueName, body: &str, visible_at: Timestamp) {
        self.last += 1;
        let waiting = Waiting {
            queue,
            body: body.to_owned(),
            receives: 0,
            visible_at,
        };
        self.waiting.insert(self.last, waiting);
    }
}

#[async_trait]
impl Queue for Post {
    async fn send(&self, queue: QueueName, body: &str, delay: Duration) -> Result<(), Error> {
        let delay = SignedDuration::try_from(delay).unwrap_or(SignedDuration::ZERO);
        let mut copies = vec![delay];
        {
            let mut state = self.fate.state();
            let weather = state.weather;
            let late = |state: &mut crate::fate::State| {
                if !state.draw.percent(weather.late) {
                    return SignedDuration::from_millis(i64::try_from(state.draw.below(200)).unwrap());
                }
                state.tally.count("late messages");
                let limit = if state.draw.percent(20) { 36 * 3600 } else { 900 };
                SignedDuration::from_secs(i64::try_from(state.draw.below(limit)).unwrap())
            };
            if state.draw.percent(weather.doubled) {
                state.tally.count("doubled messages");
                copies.push(delay);
            }
            for copy in &mut copies {
                *copy += late(&mut state);
            }
        }
        let now = self.fate.state().now;
        for copy in copies {
            self.kept().put(queue, body, now + copy);
        }
        Ok(())
    }
}
