//! Users as they were just read, so that each is read once before it is changed, and not twice. Pure: no HTTP.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::value;
use crate::account::AccountId;

/// How many users are kept: as many as an apply reads before it changes the first of them.
const MOST_KEPT: usize = 64;
/// The longest text of a user that is kept.
const MOST_BYTES: usize = 64 * 1024;

/// How long a user who was read counts as one who was just read. A second read right before the change would notice no more
/// than what was edited in between.
pub(super) const JUST: SignedDuration = SignedDuration::from_secs(2);

/// Users as they were just read, the newest last.
#[derive(Debug, Default)]
pub(super) struct Fresh(VecDeque<(AccountId, Timestamp, Box<str>)>);

impl Fresh {
    /// Keeps the text of a user that was read.
    pub(super) fn keep(&mut self, id: &AccountId, at: Timestamp, text: &str) {
        drop(self.take(id));
        if text.len() > MOST_BYTES {
            return;
        }
        if self.0.len() >= MOST_KEPT {
            self.0.pop_front();
        }
        self.0.push_back((id.clone(), at, text.into()));
    }

    /// Returns a user that was read and not taken since, with the time of that: what is about to be changed is read anew the next
    /// time.
    pub(super) fn take(&mut self, id: &AccountId) -> Option<(Timestamp, Value)> {
        let place = self.0.iter().position(|(kept, _, _)| kept == id)?;
        let (_, at, text) = self.0.remove(place)?;
        Some((at, value::parse(&text)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_that_was_read_is_given_once_as_it_was_read_last() {
        let (mut fresh, now) = (Fresh::default(), Timestamp::UNIX_EPOCH);
        let id = |number: usize| AccountId::parse(&format!("u{number}")).unwrap();
        fresh.keep(&id(1), now, r#"{"title":"Cook"}"#);
        fresh.keep(&id(1), now, r#"{"title":"Waiter"}"#);
        assert_eq!(fresh.take(&id(1)).unwrap().1["title"], "Waiter");
        assert_eq!(fresh.take(&id(1)), None);
        fresh.keep(&id(2), now, &"x".repeat(MOST_BYTES + 1));
        assert_eq!(fresh.take(&id(2)), None);
        for number in 0..=MOST_KEPT {
            fresh.keep(&id(number), now, "{}");
        }
        assert_eq!(fresh.take(&id(0)), None);
        assert!(fresh.take(&id(1)).is_some());
    }
}
