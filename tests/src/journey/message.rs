//! Queues that a journey empties by hand: well-behaved, kept in files, or with everything wrong that a queue may do.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use jiff::Timestamp;
use rollcall::queue::{Error, Queue, QueueName, memory::MemoryQueue};

const QUEUES: [QueueName; 2] = [QueueName::Apply, QueueName::Diff];

/// A message that was received.
#[derive(Clone, Debug)]
pub struct Letter {
    /// The queue that it comes from.
    pub queue: QueueName,
    /// Its name in that queue.
    pub name: String,
    /// The text that was sent.
    pub body: String,
}

/// A queue with its receiving end. A letter that is not deleted comes again.
pub trait Letters: Queue {
    /// Returns the next letter that is to be seen now.
    fn receive(&self) -> Option<Letter>;

    /// Takes a letter off for good.
    fn delete(&self, letter: &Letter);

    /// Returns when the next letter is to be seen; `None` where there is none at all.
    fn next_at(&self) -> Option<Timestamp>;
}

impl Letters for MemoryQueue {
    fn receive(&self) -> Option<Letter> {
        QUEUES.iter().find_map(|queue| {
            let message = MemoryQueue::receive(self, *queue, Duration::from_mins(6))?;
            Some(Letter {
                queue: *queue,
                name: message.id.to_string(),
                body: message.body,
            })
        })
    }

    fn delete(&self, letter: &Letter) {
        if let Ok(id) = letter.name.parse() {
            MemoryQueue::delete(self, letter.queue, id);
        }
    }

    fn next_at(&self) -> Option<Timestamp> {
        QUEUES.iter().filter_map(|queue| self.next_visible_at(*queue)).min()
    }
}

/// A queue in a folder: a file per message, which outlives the process. It has no delays.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// Opens the queue in a folder. The folder is made where it does not exist.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn open(folder: &Path) -> std::io::Result<Self> {
        fs::create_dir_all(folder)?;
        Ok(Self(folder.to_owned()))
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).into_iter().flatten().flatten();
        let mut names: Vec<String> = entries
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| !name.starts_with('.'))
            .collect();
        names.sort();
        names
    }
}

#[async_trait]
impl Queue for Folder {
    async fn send(&self, queue: QueueName, body: &str, _delay: Duration) -> Result<(), Error> {
        let number = self.names().last().and_then(|name| name.get(..8)?.parse::<u64>().ok());
        let name = format!("{:08}-{}", number.unwrap_or(0) + 1, queue.as_str());
        let beside = self.0.join(format!(".{name}"));
        let written = fs::write(&beside, body).and_then(|()| fs::rename(&beside, self.0.join(name)));
        written.map_err(|source| Error {
            is_lasting: false,
            queue: queue.as_str(),
            source: Box::new(source),
        })
    }
}

impl Letters for Folder {
    fn receive(&self) -> Option<Letter> {
        let name = self.names().into_iter().next()?;
        let queue = QUEUES.into_iter().find(|queue| name.ends_with(queue.as_str()))?;
        let body = fs::read_to_string(self.0.join(&name)).ok()?;
        Some(Letter { queue, name, body })
    }

    fn delete(&self, letter: &Letter) {
        // A letter that is gone is deleted already.
        let _ = fs::remove_file(self.0.join(&letter.name));
    }

    fn next_at(&self) -> Option<Timestamp> {
        (!self.names().is_empty()).then_some(Timestamp::MIN)
    }
}

/// A queue that loses every delay, and delivers every message twice and all in no order.
#[derive(Debug)]
pub struct Unruly(Mutex<Kept>);

#[derive(Debug)]
struct Kept {
    letters: Vec<Letter>,
    sent: u64,
    draw: u64,
}

impl Kept {
    /// Returns the next of a sequence of numbers that seem to follow no rule (`SplitMix64`).
    const fn draw(&mut self) -> u64 {
        self.draw = self.draw.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.draw;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

impl Unruly {
    /// Returns an empty queue whose whims follow from a seed.
    pub const fn new(seed: u64) -> Self {
        Self(Mutex::new(Kept {
            letters: Vec::new(),
            sent: 0,
            draw: seed,
        }))
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Queue for Unruly {
    async fn send(&self, queue: QueueName, body: &str, _delay: Duration) -> Result<(), Error> {
        let mut kept = self.kept();
        for _ in 0..2 {
            kept.sent += 1;
            let letter = Letter {
                queue,
                name: kept.sent.to_string(),
                body: body.to_owned(),
            };
            kept.letters.push(letter);
        }
        Ok(())
    }
}

impl Letters for Unruly {
    fn receive(&self) -> Option<Letter> {
        let mut kept = self.kept();
        let draw = usize::try_from(kept.draw() >> 1).unwrap_or(0);
        let among = kept.letters.len();
        draw.checked_rem(among)
            .and_then(|drawn| kept.letters.get(drawn).cloned())
    }

    fn delete(&self, letter: &Letter) {
        self.kept().letters.retain(|kept| kept.name != letter.name);
    }

    fn next_at(&self) -> Option<Timestamp> {
        (!self.kept().letters.is_empty()).then_some(Timestamp::MIN)
    }
}
